"""Launch rates of years, and when the rate changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ..errors import need_filled
from .parts import begin, day, finish, rows, write
from .style import INK, LIGHT, RED, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_rates(
    rates: pd.DataFrame,
    *,
    segments: pd.DataFrame | None = None,
    unit: str = "launch days",
    last_day: pd.Timestamp | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the rate of each year with both its intervals, and where the rate changed.

    Parameters
    ----------
    rates : DataFrame
        What ``rates(launches, rule, freq="year", ...)`` returned: `period`, `days`, `rate`,
        `low`, `high` (bursts allowed for), `garwood_low`, `garwood_high`.
    segments : DataFrame, optional
        What ``change_points`` returned: `start`, `end`, `rate`, `low`, `high`,
        `change_low`, `change_high`. Each change's interval stands above the rates.
    unit : str
        What is counted, for the axis.
    last_day : Timestamp, optional
        Last day of record: its year, which is not over, is drawn hollow.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If a table lacks a column.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_rates
    >>> table = pd.DataFrame({"period": pd.period_range("2021", "2022", freq="Y"), "days": 365,
    ...     "rate": [8.0, 37.0], "low": [2.0, 20.0], "high": [18.0, 60.0],
    ...     "garwood_low": [3.5, 26.0], "garwood_high": [15.8, 51.0]})
    >>> plot_rates(table, ax=Figure().add_subplot()).get_ylabel()
    'launch days a year'
    """
    intervals = ["low", "high", "garwood_low", "garwood_high"]
    ax = begin(ax, rates, ["period", "days", "rate", *intervals])
    first = rates["period"].dt.start_time
    middle = first + pd.to_timedelta(rates["days"] / 2, unit="D")
    _draw_intervals(ax, middle, rates)
    whole = pd.Series(True, index=rates.index)
    if last_day is not None:
        whole = rates["period"].dt.end_time.dt.normalize() <= last_day
    dot: Any = {"color": INK, "markersize": 4.5, "zorder": 4, "clip_on": False}
    ax.plot(middle[whole], rates["rate"][whole], "o", label="rate of the year", **dot)
    if last_day is not None and not whole.all():
        hollow = dot | {"markerfacecolor": "white", "label": f"{last_day.year}, not over"}
        ax.plot(middle[~whole], rates["rate"][~whole], "o", **hollow)
    highest = top = float(rates["high"].max()) * 1.04
    if segments is not None:
        _draw_segments(ax, segments)
        top = _mark_changes(ax, segments, highest)
    below_changes: Any = {"bbox_to_anchor": (0, highest / top), "borderaxespad": 0.1}
    ax.legend(loc="upper left", labelspacing=0.3, **below_changes)
    xlim = first.iloc[0] - pd.Timedelta(days=120), first.iloc[-1] + pd.Timedelta(days=400)
    return finish(ax, rates, source, ylabel=f"{unit} a year", xlim=xlim, ylim=(0, top))


def _draw_intervals(ax: Axes, at: pd.Series, rates: pd.DataFrame) -> None:
    """Draw the interval that allows for bursts behind the one that does not."""
    wide: Any = {"color": LIGHT, "linewidth": 6, "label": "95 % interval, allowing for bursts"}
    words = "if launches were independent (Garwood)"
    narrow: Any = {"color": INK, "linewidth": 1, "label": words}
    ax.vlines(at, rates["low"], rates["high"], zorder=2, **wide)
    ax.vlines(at, rates["garwood_low"], rates["garwood_high"], zorder=2.2, **narrow)


def _draw_segments(ax: Axes, segments: pd.DataFrame) -> None:
    """Draw the constant rate between changes and its interval."""
    columns = ["start", "end", "rate", "low", "high", "change_low", "change_high"]
    need_filled(segments, columns, "the segments")
    for place, row in enumerate(rows(segments)):
        span = (row.start, row.end)
        words = "" if place else "steady rate between changes"
        ax.fill_between(span, row.low, row.high, color=RED, alpha=0.13, linewidth=0, zorder=1)
        ax.plot(span, (row.rate, row.rate), color=RED, linewidth=2.4, zorder=3, label=words)


def _mark_changes(ax: Axes, segments: pd.DataFrame, top: float) -> float:
    """Set each change with the interval of its date above the rates; return the new top."""
    changes = segments.assign(before=segments["rate"].shift()).dropna(subset=["change_low"])
    bar: Any = {"color": INK, "linewidth": 1.4, "marker": "|", "markersize": 8}
    diamond: Any = {"color": RED, "markeredgecolor": INK, "markersize": 6.5, "zorder": 4}
    drop: Any = {"color": RED, "linewidth": 0.8, "linestyle": (0, (3, 3)), "zorder": 1.5}
    for place, row in enumerate(rows(changes)):
        height = top * (1.1 + 0.15 * place)
        ax.plot((row.change_low, row.change_high), (height, height), **bar)
        ax.plot(row.start, height, "D", **diamond)
        ax.vlines(row.start, 0, height, **drop)
        words = f"{day(row.start)}: {row.before:.1f} → {row.rate:.1f} a year\n"
        words += f"({day(row.change_low)} to {day(row.change_high)})"
        left: Any = {"ha": "right", "va": "center", "fontsize": SMALL}
        write(ax, words, (row.change_low, height), (-6, 0), **left)
    return top * (1.04 + 0.15 * len(changes)) if len(changes) else top


def describe_changes(
    segments: pd.DataFrame, averaged: pd.DataFrame | None = None, *, unit: str = "launch days"
) -> str:
    """Put a table of changes into words.

    Parameters
    ----------
    segments : DataFrame
        What ``change_points`` returned.
    averaged : DataFrame, optional
        What ``averaged_rates`` returned on them: the ratio of the last two rates is added, with
        its interval.
    unit : str
        What is counted.

    Returns
    -------
    str
        The rates in turn, with the likeliest date of each change and its interval.

    See Also
    --------
    describe_trend : How the rate went on since the last change.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import describe_changes
    >>> one = pd.DataFrame({"start": pd.to_datetime(["2012-01-01"]), "rate": [9.0],
    ...                     "change_low": pd.NaT, "change_high": pd.NaT})
    >>> describe_changes(one)
    '9.0 launch days a year throughout: no change stands out.'
    """
    need_filled(segments, ["start", "rate", "change_low", "change_high"], "the table")
    first, *later = rows(segments)
    if not later:
        return f"{first.rate:.1f} {unit} a year throughout: no change stands out."
    steps = [f"About {first.rate:.0f} {unit} a year until {later[0].start.year}"]
    steps += [f"{row.rate:.0f} from {_about(row)}" for row in later]
    said = "; then ".join(steps) + "."
    if averaged is None:
        return said
    columns = ["rate_ratio", "ratio_low", "ratio_high"]
    need_filled(averaged, columns, "the averaged rates")
    ratio, low, high = averaged[columns].iloc[-1]
    return (
        f"{said} With all dates left open, the last rate is {ratio:.1f} times the one before "
        f"(95 % interval {low:.1f} to {high:.1f})."
    )


def describe_trend(trend: pd.DataFrame) -> str:
    """Say how the rate went on since its last change, how that was fitted and what it excludes.

    Parameters
    ----------
    trend : DataFrame
        What ``trend_since_change`` returned.

    Returns
    -------
    str
        A sentence.

    Raises
    ------
    ValueError
        If a column is missing.

    See Also
    --------
    describe_changes : The changes themselves.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import describe_trend
    >>> trend = pd.DataFrame({"start": pd.to_datetime(["2022-01-01"]), "rate_ratio": [0.82],
    ...                       "low": [0.54], "high": [1.38]})
    >>> describe_trend(trend).partition(",")[0]
    'Since January 2022 the rate fell by 18 % a year'
    """
    need_filled(trend, ["start", "rate_ratio", "low", "high"], "the table")
    row: Any = trend.iloc[0]
    went = "fell" if row.rate_ratio < 1 else "rose"
    out = "a rise" if row.high < 1 else "a fall" if row.low > 1 else "neither a fall nor a rise"
    change, low, high = (100 * (each - 1) for each in (row.rate_ratio, row.low, row.high))
    return (
        f"Since {row.start:%B %Y} the rate {went} by {abs(change):.0f} % a year, by a negative "
        f"binomial trend over all dates of that change; its interval (95 % or more), {low:+.0f} "
        f"to {high:+.0f} %, excludes {out}."
    )


def _about(change: Any) -> str:
    """Write the month of a change with the months between which it lies."""
    low, high = (f"{d:%B %Y}" for d in (change.change_low, change.change_high))
    return f"{change.start:%B %Y} (between {low} and {high})"

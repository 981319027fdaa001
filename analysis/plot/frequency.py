"""Pictures of launch frequency: rates and changes, waits, self-excitation, and its proofs."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .style import BLUE, INK, MUTED, ORANGE, PALE, RED, SMALL, axes, credit, day, need, rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Light blue of wide intervals: seen in grey print too, and dark lines show on it.
_WIDE = "#b9d0fe"
#: Each fitted law of waits: its words and its line.
_LAWS: dict[str, tuple[str, dict[str, Any]]] = {
    "exponential": ("independent (exponential)", {"color": RED, "linestyle": (0, (1, 1.4))}),
    "weibull": ("Weibull", {"color": ORANGE, "linestyle": (0, (6, 2))}),
    "two_rates": ("two rates mixed", {"color": BLUE, "linestyle": "-"}),
}


# -- rates and changes -------------------------------------------------------------------------


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
        Source line; the record's own if not given, none if empty.
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
    need(rates, "period", "days", "rate", "low", "high", "garwood_low", "garwood_high")
    ax = axes(ax)
    first = rates["period"].dt.start_time
    middle = first + pd.to_timedelta(rates["days"] / 2, unit="D")
    ax.vlines(middle, rates["low"], rates["high"], color=_WIDE, linewidth=6, zorder=2,
              label="95 % interval, allowing for bursts")  # fmt: skip
    ax.vlines(middle, rates["garwood_low"], rates["garwood_high"], color=INK, linewidth=1,
              zorder=2.2, label="if launches were independent (Garwood)")  # fmt: skip
    over = pd.Series(True, index=rates.index)
    if last_day is not None:
        over = rates["period"].dt.end_time.dt.normalize() <= last_day
    for done, face in ((True, INK), (False, "white")):
        part = over == done
        words = "rate of the year" if done else f"{day(last_day or '')[-4:]}, not over"
        if part.any():
            ax.plot(middle[part], rates.loc[part, "rate"], "o", markersize=4.5, color=INK,
                    markerfacecolor=face, zorder=4, clip_on=False, label=words)  # fmt: skip
    highest = top = float(rates["high"].max()) * 1.04
    if segments is not None:
        _draw_segments(ax, segments)
        top = _mark_changes(ax, segments, highest)
    ax.set_ylim(0, top)
    end = first.iloc[-1] + pd.Timedelta(days=400)
    limits: Any = (first.iloc[0] - pd.Timedelta(days=120), end)
    ax.set_xlim(*limits)
    ax.set_ylabel(f"{unit} a year")
    # below the dates of changes
    ax.legend(loc="upper left", bbox_to_anchor=(0, highest / top), borderaxespad=0.1,
              labelspacing=0.3)  # fmt: skip
    credit(ax, source)
    return ax


def _draw_segments(ax: Axes, segments: pd.DataFrame) -> None:
    """Draw the constant rate between changes and its interval."""
    need(segments, "start", "end", "rate", "low", "high", "change_low", "change_high")
    for place, row in enumerate(rows(segments)):
        span = (row.start, row.end)
        ax.fill_between(span, row.low, row.high, color=RED, alpha=0.13, linewidth=0, zorder=1)
        ax.plot(span, (row.rate, row.rate), color=RED, linewidth=2.4, zorder=3,
                label="" if place else "steady rate between changes")  # fmt: skip


def _mark_changes(ax: Axes, segments: pd.DataFrame, top: float) -> float:
    """Set each change with the interval of its date above the rates; return the new top."""
    changes = segments.assign(before=segments["rate"].shift()).dropna(subset=["change_low"])
    for place, row in enumerate(rows(changes)):
        height = top * (1.1 + 0.15 * place)
        ax.plot((row.change_low, row.change_high), (height, height), color=INK, linewidth=1.4,
                marker="|", markersize=8)  # fmt: skip
        ax.plot(row.start, height, "D", color=RED, markeredgecolor=INK, markersize=6.5, zorder=4)
        ax.vlines(row.start, 0, height, color=RED, linewidth=0.8, linestyle=(0, (3, 3)), zorder=1.5)
        ax.annotate(
            f"{day(row.start)}: {row.before:.1f} → {row.rate:.1f} a year\n"
            f"({day(row.change_low)} to {day(row.change_high)})",
            (row.change_low, height), xytext=(-6, 0), textcoords="offset points",
            ha="right", va="center", fontsize=SMALL,
        )  # fmt: skip
    return top * (1.04 + 0.15 * len(changes)) if len(changes) else top


def describe_changes(segments: pd.DataFrame, *, unit: str = "launch days") -> str:
    """Put a table of changes into words.

    Parameters
    ----------
    segments : DataFrame
        What ``change_points`` returned.
    unit : str
        What is counted.

    Returns
    -------
    str
        A sentence: the rates in turn, with the likeliest date of each change and its interval.

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
    need(segments, "start", "rate", "change_low", "change_high")
    steps = [f"{segments['rate'].iloc[0]:.1f} {unit} a year"]
    steps += [
        f"{row.rate:.1f} from {day(row.start)} (a date between {day(row.change_low)} and "
        f"{day(row.change_high)})"
        for row in rows(segments.iloc[1:])
    ]
    if len(steps) == 1:
        return f"{steps[0]} throughout: no change stands out."
    return "; then ".join(steps) + "."


# -- waits -------------------------------------------------------------------------------------


def plot_waiting(
    survival: pd.DataFrame,
    *,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of waits that last longer than so many days, seen and fitted.

    Parameters
    ----------
    survival : DataFrame
        What ``waiting_survival`` returned: `days`, `observed` and a column for each fit.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on; the shares are logarithmic, so that a constant chance a day would
        give a straight line.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_waiting
    >>> table = pd.DataFrame({"days": [0, 1, 2], "observed": [1, 0.5, 0.2],
    ...     "exponential": [1, 0.5, 0.25], "weibull": [1, 0.5, 0.2], "two_rates": [1, 0.5, 0.2]})
    >>> len(plot_waiting(table, ax=Figure().add_subplot()).lines)
    4
    """
    need(survival, "days", "observed", *_LAWS)
    ax = axes(ax)
    seen = survival[survival["observed"] > 0]
    floor = float(seen["observed"].min()) * 0.75
    ax.step(seen["days"], seen["observed"], where="post", color=INK, linewidth=2.2,
            label="the record")  # fmt: skip
    for law, (words, look) in _LAWS.items():
        ax.plot(survival["days"], survival[law], linewidth=2, label=words, **look)
    ax.set_yscale("log")
    ax.set_ylim(floor, 1.15)
    marks = [v for v in (1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005) if v >= floor]
    ax.set_yticks(marks, [f"{v:.3g}" for v in marks])
    ax.minorticks_off()
    ax.set_xlim(0, float(survival["days"].max()) * 1.02)
    ax.set_xlabel("days from one launch day to the next")
    ax.set_ylabel("share of waits longer")
    ax.legend(loc="upper right")
    credit(ax, source)
    return ax


def plot_hazard(
    hazard: pd.DataFrame,
    *,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the chance of a launch day by how long the pause has lasted.

    Parameters
    ----------
    hazard : DataFrame
        What ``hazard(waits)`` returned: `after_days`, `to_days`, `n`, `hazard`, `low`, `high`,
        `average`.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on, a step for each class of pauses.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_hazard
    >>> table = pd.DataFrame({"after_days": [0, 7], "to_days": [7, None], "n": [5, 1],
    ...     "hazard": [0.1, 0.02], "low": [0.05, 0.0], "high": [0.2, 0.1], "average": 0.05})
    >>> ax = plot_hazard(table, ax=Figure().add_subplot())
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['1–7', 'over 7']
    """
    need(hazard, "after_days", "to_days", "n", "hazard", "low", "high", "average")
    ax = axes(ax)
    table = hazard[hazard["hazard"].notna()]
    at = np.arange(len(table))
    ax.vlines(at, table["low"] * 100, table["high"] * 100, color=_WIDE, linewidth=7, zorder=2)
    ax.plot(at, table["hazard"] * 100, "o", color=INK, markersize=6, zorder=3)
    average = float(hazard["average"].iloc[0]) * 100
    ax.axhline(average, color=RED, linewidth=1.4, linestyle=(0, (4, 3)), zorder=1)
    ax.annotate(f"all days together: {average:.1f} %", (1, average),
                xycoords=("axes fraction", "data"), xytext=(0, 3), textcoords="offset points",
                ha="right", va="bottom")  # fmt: skip
    starts = [f"{row.after_days + 1}–{row.to_days:.0f}" for row in rows(table)]
    open_end = table["to_days"].isna()
    labels = np.where(open_end, table["after_days"].map("over {}".format), starts)
    ax.set_xticks(at, list(labels))
    ax.set_xlim(-0.6, len(table) - 0.4)
    ax.set_ylim(0, float(table["high"].max()) * 108)
    ax.set_xlabel("days since the last launch day")
    ax.set_ylabel("chance of a launch day, %")
    credit(ax, source)
    return ax


# -- self-excitation and proofs ------------------------------------------------------------------


def plot_residuals(
    residuals: pd.DataFrame,
    *,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the rescaled waits of a self-exciting model against what they are if it holds.

    Parameters
    ----------
    residuals : DataFrame
        What ``excitation_residuals`` returned: `uniform`, `quantile`, `band_low`, `band_high`.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on: a good model stays in the band along the diagonal.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_residuals
    >>> table = pd.DataFrame({"uniform": [0.7, 0.2], "quantile": [0.75, 0.25],
    ...                       "band_low": [0.5, 0.1], "band_high": [0.9, 0.4]})
    >>> plot_residuals(table, ax=Figure().add_subplot()).lines[0].get_ydata().tolist()
    [0.2, 0.7]
    """
    need(residuals, "uniform", "quantile", "band_low", "band_high")
    ax = axes(ax)
    table = residuals.sort_values("quantile")
    ax.fill_between(table["quantile"], table["band_low"], table["band_high"], color=PALE,
                    alpha=0.7, linewidth=0)  # fmt: skip
    ax.plot(table["quantile"], table["uniform"], ".", color=BLUE, markersize=5,
            markeredgecolor=INK, markeredgewidth=0.3)  # fmt: skip
    ax.plot((0, 1), (0, 1), color=MUTED, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    ax.set_aspect("equal")
    ticks = [0, 0.25, 0.5, 0.75, 1]
    ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
    ax.set_yticks(ticks, [f"{t:g}" for t in ticks])
    ax.grid(visible=True, axis="both")
    ax.set_xlabel("if the model holds")
    ax.set_ylabel("rescaled waits")
    credit(ax, source)
    return ax


def plot_models(
    compared: pd.DataFrame,
    *,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how far each model of the launch days stands behind the best.

    Parameters
    ----------
    compared : DataFrame
        What ``compare_regimes`` returned: `model`, `delta_bic`, and `behind` with `behind_se`
        where years were forecast; models whose name begins with "self-exciting" are filled.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on, the best by BIC on top.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_models
    >>> table = pd.DataFrame({"model": ["self-exciting, eras", "eras"], "delta_bic": [0.0, 36.4]})
    >>> [text.get_text() for text in plot_models(table, ax=Figure().add_subplot()).texts]
    ['0.0', '36.4']
    """
    need(compared, "model", "delta_bic")
    ax = axes(ax)
    table = compared.sort_values("delta_bic", kind="stable", ignore_index=True)
    forecast = "behind" in table and table["behind"].notna().all()
    for at, row in enumerate(rows(table)):
        excited = row.model.startswith("self-exciting")
        ax.barh(at, row.delta_bic, height=0.62, color=BLUE if excited else "white", edgecolor=INK,
                hatch="" if excited else "////", linewidth=0.7)  # fmt: skip
        words = f"{row.delta_bic:.1f}"
        if forecast:
            words += "; forecasts best" if row.behind == 0 else (
                f"; forecasts {row.behind:.1f} ± {row.behind_se:.1f} behind")  # fmt: skip
        ax.annotate(words, (row.delta_bic, at), xytext=(5, 0), textcoords="offset points",
                    va="center")  # fmt: skip
    ax.set_yticks(range(len(table)), list(table["model"]))
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.set_xlim(0, max(float(table["delta_bic"].max()), 1) * (2.15 if forecast else 1.15))
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=False, axis="y")
    ax.set_xlabel("BIC above the best model (0 is best)", loc="left")
    credit(ax, source)
    return ax


def plot_recovery(
    proofs: pd.DataFrame,
    *,
    wanted: tuple[float, float] = (0.92, 0.98),
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how often intervals held the truth in simulated worlds, by estimator.

    Parameters
    ----------
    proofs : DataFrame
        A row an estimator and world: `estimator`, `coverage` (share of intervals that held the
        truth), `low`, `high` (its Monte Carlo interval), `nominal`; with `wrong` true for
        intervals shown as the wrong answer.
    wanted : (float, float)
        Shares between which coverage should lie, shaded.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on: a line an estimator, a point a world.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_recovery
    >>> table = pd.DataFrame({"estimator": ["rate", "rate", "date"], "coverage": [0.95, 0.94, 0.97],
    ...     "low": [0.93, 0.92, 0.95], "high": [0.97, 0.96, 0.99], "nominal": 0.95})
    >>> ax = plot_recovery(table, ax=Figure().add_subplot())
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['rate (2)', 'date (1)']
    """
    need(proofs, "estimator", "coverage", "low", "high", "nominal")
    ax = axes(ax)
    wrong = proofs["wrong"] if "wrong" in proofs else pd.Series(False, index=proofs.index)
    names = list(dict.fromkeys(proofs["estimator"]))
    for at, name in enumerate(names):
        some = proofs[proofs["estimator"] == name]
        spread = np.linspace(-0.3, 0.3, len(some)) if len(some) > 1 else np.zeros(1)
        color, sign = (RED, "X") if wrong[some.index].all() else (BLUE, "o")
        ax.hlines(at + spread, some["low"], some["high"], color=INK, linewidth=0.9, zorder=2)
        ax.plot(some["coverage"], at + spread, sign, color=color, markeredgecolor=INK,
                markeredgewidth=0.5, markersize=5, zorder=3)  # fmt: skip
        if at % 2:
            ax.axhspan(at - 0.5, at + 0.5, color="#f6f6f8", linewidth=0, zorder=0)
    ax.axvspan(*wanted, color=_WIDE, alpha=0.6, linewidth=0, zorder=0.5)
    ax.axvline(float(proofs["nominal"].iloc[0]), color=INK, linewidth=1, zorder=1)
    labels = [fill(f"{n} ({(proofs['estimator'] == n).sum()})", 32) for n in names]
    ax.set_yticks(range(len(names)), labels, linespacing=0.95)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_xlim(min(0.85, float(proofs["low"].min()) - 0.01), 1.005)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    ax.set_xlabel("share of intervals that held the truth", loc="left")
    credit(ax, source)
    return ax

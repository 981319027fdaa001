"""The time line: launches by month above context events, one lane a category."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.ticker import MaxNLocator

from ..errors import check_one_of, need_filled, need_named
from ..record.door import through_door
from ..record.load import load_categories
from ..record.notes import notes_of
from .names import as_words
from .parts import begin, day, finish
from .style import BLUE, INK, MUTED, PALE, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: A stretch of a lane of which the record does not speak.
_HATCHED: Any = {"facecolor": "none", "edgecolor": MUTED, "hatch": "//////", "linewidth": 0}


def plot_timeline(
    by_month: pd.DataFrame,
    events: pd.DataFrame,
    *,
    unit: str = "missiles",
    categories: tuple[str, ...] | None = None,
    coverage: pd.DataFrame | None = None,
    last_day: pd.Timestamp | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    r"""Draw launches by month above context events, one lane a category, on one time line.

    Parameters
    ----------
    by_month : DataFrame
        What ``counts(launches, rule, freq="month", ...)`` returned: `period`, `n`.
    events : DataFrame
        Context events: `start`, `end`, `precision`, `category`. Those outside the months drawn
        are left out; those known by month only are drawn pale over their whole span.
    unit : str
        What `n` counts.
    categories : tuple of str, optional
        Lanes from top to bottom; by default all that occur but those that `load_categories`
        says are drawn only when asked for (anniversaries).
    coverage : DataFrame, optional
        Table of coverage: `table`, `subset`, `start`, `end`. Where a lane's category was not
        looked for, the lane is hatched, since an empty lane there means nothing.
    last_day : Timestamp, optional
        Last day of record, marked by a line; nothing is known to its right.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on. One unit of its height is a lane; the launches take the four on top.

    Raises
    ------
    ValueError
        If a table lacks a column or a category is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import plot_timeline
    >>> months = pd.DataFrame({"period": pd.period_range("2022-01", "2022-03", freq="M"),
    ...                        "n": [11, 1, 3]})
    >>> games = pd.DataFrame({"start": [pd.Timestamp("2022-02-04")],
    ...     "end": [pd.Timestamp("2022-02-20")], "precision": "day", "category": "olympics"})
    >>> [label.get_text() for label in plot_timeline(months, games).get_yticklabels()][-1]
    'games and truces\n(1)'
    """
    ax = begin(ax, by_month, ["period", "n"])
    events = _checked(events)
    first, last = by_month["period"].min().start_time, by_month["period"].max().end_time
    events = events[(events["end"] >= first) & (events["start"] <= last)]
    lanes = _lanes(events, categories)
    ticks = _draw_months(ax, by_month, len(lanes))
    for row, (category, label) in enumerate(reversed(lanes.items())):
        lane = events[events["category"] == category]
        _draw_lane(ax, lane, row)
        if coverage is not None:
            _hatch_unknown(ax, coverage, category, row, (first, last))
        ticks[row] = f"{label}\n({len(lane):,})"
    ax.set_yticks(list(ticks), list(ticks.values()))
    ax.set(xlim=(first, last), ylim=(-0.55, len(lanes) + 4.3))
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.annotate(f"{unit} a month", (0, 1), xycoords="axes fraction", ha="left", va="bottom")
    key = "number of events in brackets"
    key += "; hatched: not searched" if coverage is not None else ""
    ax.annotate(key, (last, len(lanes) - 0.1), va="top", ha="right", fontsize=SMALL, color=MUTED)
    if last_day is not None:
        _mark_end(ax, last_day)
    return finish(ax, by_month, source)


def _mark_end(ax: Axes, last_day: Any) -> None:
    """Draw a line where the record ends."""
    ax.axvline(last_day, color=INK, linewidth=1, linestyle=(0, (2, 2)))
    words = f"record ends {day(last_day)}"
    ax.annotate(words, (1, 1), xycoords="axes fraction", ha="right", va="bottom")


def _checked(events: pd.DataFrame) -> pd.DataFrame:
    """Check events; words of a table that names no vocabulary are categories of one's own."""
    events = through_door(events, "events", ["category"] if notes_of(events) else [])
    need_named(events, ["category"], "events", "a time line")
    need_filled(events, ["category"], "the events")
    return events


def _lanes(events: pd.DataFrame, categories: tuple[str, ...] | None) -> dict[str, str]:
    """Categories to draw, from top to bottom, and their labels; those not of the record last."""
    table = load_categories().sort_values("lane", kind="stable")
    labels = dict(zip(table["category"], table["label"], strict=True))
    labels |= {name: as_words(name) for name in events["category"] if name not in labels}
    if categories is None:
        drawn = set(events["category"]) - set(table.loc[~table["drawn"], "category"])
        return {name: label for name, label in labels.items() if name in drawn}
    for name in categories:
        check_one_of("category", name, labels)
    return {name: labels[name] for name in categories}


def _draw_months(ax: Axes, by_month: pd.DataFrame, lanes: int) -> dict[float, str]:
    """Draw the launch bars above the lanes, with a scale of their own; return its ticks."""
    base, height = lanes + 0.1, 4.0
    top = max(int(by_month["n"].max()), 1)
    starts = by_month["period"].dt.start_time
    widths = (by_month["period"].dt.end_time - starts).dt.days + 1
    look: Any = {"align": "edge", "color": BLUE, "edgecolor": INK, "linewidth": 0.3}
    ax.bar(starts, by_month["n"] / top * height, bottom=base, width=widths, **look)
    ax.axhline(base, color=MUTED, linewidth=0.8)
    levels = MaxNLocator(4, steps=[1, 2, 5, 10], integer=True).tick_values(0, top)
    ticks = {base + n / top * height: f"{n:g}" for n in levels if n <= top}
    for level in list(ticks)[1:]:
        ax.axhline(level, color=PALE, linewidth=0.6, zorder=0.5)
    return ticks


def _draw_lane(ax: Axes, lane: pd.DataFrame, row: int) -> None:
    """Draw one category: spans as bars, single days as strokes, month-only events pale."""
    day_known = lane["precision"] == "day"
    length = (lane["end"] - lane["start"]).dt.days + 1
    for known, color in ((False, PALE), (True, INK)):
        part = lane[day_known == known]
        lengths = pd.to_timedelta(length[part.index], unit="D")
        spans: Any = list(zip(part["start"], lengths, strict=True))
        look: Any = {"facecolor": color, "edgecolor": color, "linewidth": 0.6, "alpha": 0.75}
        ax.broken_barh(spans, (row - 0.33, 0.66), **look)


def _hatch_unknown(
    ax: Axes, coverage: pd.DataFrame, category: str, row: int, drawn: tuple[Any, Any]
) -> None:
    """Hatch the stretch of a lane that the record does not speak of."""
    known = coverage[(coverage["table"] == "events") & (coverage["subset"] == category)]
    ends = {"start": known["start"].min(), "end": known["end"].max()}
    for start, end in ((drawn[0], ends["start"]), (ends["end"], drawn[1])):
        if start < end:
            span: Any = [(start, end - start)]
            ax.broken_barh(span, (row - 0.33, 0.66), **_HATCHED)


def describe_timeline(
    by_month: pd.DataFrame, events: pd.DataFrame, *, last_day: pd.Timestamp, unit: str = "missiles"
) -> str:
    """Put launches by month and the lanes of events into words.

    Parameters
    ----------
    by_month, events : DataFrame
        As for :func:`plot_timeline`.
    last_day : Timestamp
        Last day of record.
    unit : str
        What `n` counts.

    Returns
    -------
    str
        A sentence: the span, the highest month, and the number of events in each lane.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import describe_timeline
    >>> months = pd.DataFrame({"period": pd.period_range("2022-01", "2022-02", freq="M"),
    ...                        "n": [11, 1]})
    >>> games = pd.DataFrame({"start": ["2022-02-04"], "category": ["olympics"]})
    >>> describe_timeline(months, games, last_day=pd.Timestamp("2022-02-28")).partition(",")[0]
    'Missiles by month from January 2022 to 28 February 2022'
    """
    need_filled(by_month, ["period", "n"], "the table")
    events = _checked(events)
    busiest = by_month.sort_values("n").iloc[-1]
    months = by_month["period"].min(), busiest["period"]
    first, best = (month.strftime("%B %Y") for month in months)
    per_lane = events["category"].value_counts()
    lanes = [f"{label} {per_lane[name]:,}" for name, label in _lanes(events, None).items()]
    return (
        f"{unit.capitalize()} by month from {first} to {day(last_day)}, most in {best} "
        f"({busiest['n']:,}), above {len(per_lane)} lanes of context events with the number of "
        f"events in each: {', '.join(lanes)}."
    )

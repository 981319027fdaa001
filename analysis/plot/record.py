"""Pictures of the record itself: launches year by year, and launches beside context events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ..record import schema
from .style import BLUE, FAMILIES, INK, MUTED, PALE, SMALL, axes, credit, day, need, rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Lanes of the time line from top to bottom, in words a reader knows.
LANES = {
    "nuclear_test": "nuclear tests",
    "sanctions": "sanctions",
    "drill": "drills",
    "talks": "talks",
    "declaration": "declarations",
    "olympics": "games and truces",
    "election": "elections",
    "party_meeting": "party meetings",
    "parade": "parades",
    "anniversary": "anniversaries",
}


def plot_years(
    by_family: pd.DataFrame,
    *,
    totals: pd.DataFrame | None = None,
    unit: str = "missiles",
    eras: pd.DataFrame | None = None,
    last_day: pd.Timestamp | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw stacked bars, one a year, split by missile family.

    Parameters
    ----------
    by_family : DataFrame
        What ``counts(launches, rule, freq="year", by="family", ...)`` returned: `period`,
        `family`, `n`, `exact`.
    totals : DataFrame, optional
        The same without ``by``: a dot marks each total. Needed for days, where a day on which two
        families flew stands in both parts of the bar but is one day.
    unit : str
        What `n` counts, for the axis.
    eras : DataFrame, optional
        `start`, `end`, `name`: a line at each start, the name above the plot.
    last_day : Timestamp, optional
        Last day of record; the bar of its year, which is still running, is drawn with a
        dashed outline and named.
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
        If `by_family` lacks a column or names an unknown family.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import plot_years
    >>> table = pd.DataFrame({
    ...     "period": pd.period_range("2021", "2022", freq="Y"),
    ...     "family": "ballistic", "n": [6, 73], "exact": True})
    >>> plot_years(table).get_ylabel()
    'missiles a year'
    """
    need(by_family, "period", "family", "n", "exact")
    ax = axes(ax)
    wide = _by_year(by_family)
    floor = pd.Series(0, index=wide.index)
    for family in wide.columns:
        look = FAMILIES[family]
        ax.bar(
            wide.index, wide[family], bottom=floor, width=0.8, label=family.replace("_", " "),
            color=look["color"], hatch=look["hatch"], edgecolor=INK, linewidth=0.5,
        )  # fmt: skip
        floor = floor + wide[family]
    if totals is not None:
        some = totals[totals["n"] > 0]
        ax.plot(some["period"].dt.year, some["n"], "o", color=INK, markersize=3.6,
                label="all, each day once")  # fmt: skip
    ax.set_ylim(0, max(1, floor.max()) * 1.2)
    ax.set_xlim(wide.index.min() - 0.7, wide.index.max() + 0.9)
    ax.set_ylabel(f"{unit} a year")
    _mark_lower_bounds(ax, by_family, floor)
    if eras is not None:
        _mark_eras(ax, eras)
    if last_day is not None:
        _mark_running_year(ax, last_day, floor)
    if len(wide.columns):
        ax.legend(loc="upper left", ncols=1, borderaxespad=0.2, handlelength=1.6)
    credit(ax, source)
    return ax


def _by_year(by_family: pd.DataFrame) -> pd.DataFrame:
    """Years by families, families in the record's order, those never flown left out."""
    unknown = sorted(set(by_family["family"]) - set(FAMILIES))
    if unknown:
        msg = f"unknown family {unknown[0]!r}; known: {', '.join(FAMILIES)}"
        raise ValueError(msg)
    years = by_family.assign(year=by_family["period"].dt.year)
    wide = years.pivot_table(index="year", columns="family", values="n", aggfunc="sum")
    families = [f for f in schema.FAMILIES if f in wide.columns and wide[f].sum() > 0]
    return wide[families].fillna(0).astype(int)


def _mark_lower_bounds(ax: Axes, table: pd.DataFrame, heights: pd.Series) -> None:
    """Set a plus sign on bars that hold a lower bound."""
    years = table.loc[~table["exact"] & (table["n"] > 0), "period"].dt.year.unique()
    for year in years:
        ax.annotate(
            "+", (year, heights[year]), xytext=(0, 1), textcoords="offset points",
            ha="center", va="bottom", color=INK,
        )  # fmt: skip


def _mark_eras(ax: Axes, eras: pd.DataFrame) -> None:
    """Draw a line at each era's start and its name above the plot."""
    low, high = ax.get_xlim()
    for era in rows(eras):
        # bars are centred on whole years, so 1 January lies half a step to the left
        start = era.start.year - 0.5 + (era.start.day_of_year - 1) / 366
        end = era.end.year - 0.5 + era.end.day_of_year / 366
        if end <= low or start >= high:
            continue
        left, right = max(start, low), min(end, high)
        if start > low + 0.5:
            ax.axvline(start, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)), zorder=0.5)
        ax.annotate(
            era.name, ((left + right) / 2, 1), xycoords=("data", "axes fraction"),
            xytext=(0, 3), textcoords="offset points", ha="center", va="bottom", color=MUTED,
        )  # fmt: skip


def _mark_running_year(ax: Axes, last_day: pd.Timestamp, heights: pd.Series) -> None:
    """Outline the bar of the year that is still running, and say how far it goes."""
    year = last_day.year
    if year not in heights.index:
        return
    dashes = (0, (2, 2))
    ax.bar(year, heights[year], width=1.05, fill=False, edgecolor=INK, linewidth=1.1,
           linestyle=dashes)  # fmt: skip
    ax.annotate(
        f"{year}: to {day(last_day, year=False)}", (year, heights[year]), xytext=(1, 1),
        textcoords="axes fraction", ha="right", va="top", color=INK,
        arrowprops={"arrowstyle": "-", "linestyle": dashes, "color": INK, "relpos": (0.93, 0),
                    "shrinkB": 9},
    )  # fmt: skip


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
        Lanes from top to bottom; by default all that occur, anniversaries apart.
    coverage : DataFrame, optional
        Table of coverage: `table`, `subset`, `start`, `end`. Where a lane's category was not
        looked for, the lane is hatched, since an empty lane there means nothing.
    last_day : Timestamp, optional
        Last day of record, marked by a line; nothing is known to its right.
    source : str, optional
        Source line; the record's own if not given, none if empty.
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
    need(by_month, "period", "n")
    need(events, "start", "end", "precision", "category")
    ax = axes(ax)
    first, last = by_month["period"].min().start_time, by_month["period"].max().end_time
    events = events[(events["end"] >= first) & (events["start"] <= last)]
    lanes = _lanes(events, categories)
    ticks = _draw_months(ax, by_month, len(lanes))
    for row, category in enumerate(reversed(lanes)):
        lane = events[events["category"] == category]
        _draw_lane(ax, lane, row)
        if coverage is not None:
            _hatch_unknown(ax, coverage, category, row, (first, last))
        ticks[row] = f"{LANES[category]}\n({len(lane):,})"
    ax.set_yticks(list(ticks), list(ticks.values()))
    ax.set_ylim(-0.55, len(lanes) + 4.3)
    ax.set_xlim(first, last)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.annotate(f"{unit} a month", (0, 1), xycoords="axes fraction", ha="left", va="bottom")
    key = "number of events in brackets" + (
        "; hatched: not searched" if coverage is not None else ""
    )
    ax.annotate(key, (last, len(lanes) - 0.1), va="top", ha="right", fontsize=SMALL, color=MUTED)
    if last_day is not None:
        end: Any = last_day
        ax.axvline(end, color=INK, linewidth=1, linestyle=(0, (2, 2)))
        ax.annotate(f"record ends {day(last_day)}", (1, 1), xycoords="axes fraction",
                    ha="right", va="bottom")  # fmt: skip
    credit(ax, source)
    return ax


def _lanes(events: pd.DataFrame, categories: tuple[str, ...] | None) -> list[str]:
    """The categories to draw, from top to bottom."""
    present = set(events["category"])
    if categories is None:
        return [name for name in LANES if name in present and name != "anniversary"]
    unknown = [name for name in categories if name not in LANES]
    if unknown:
        msg = f"unknown category {unknown[0]!r}; known: {', '.join(LANES)}"
        raise ValueError(msg)
    return list(categories)


def _draw_months(ax: Axes, by_month: pd.DataFrame, lanes: int) -> dict[float, str]:
    """Draw the launch bars above the lanes, with a scale of their own; return its ticks."""
    base, height = lanes + 0.1, 4.0
    top = max(int(by_month["n"].max()), 1)
    starts = by_month["period"].dt.start_time
    widths = (by_month["period"].dt.end_time - starts).dt.days + 1
    ax.bar(
        starts, by_month["n"] / top * height, bottom=base, width=widths, align="edge",
        color=BLUE, edgecolor=INK, linewidth=0.3,
    )  # fmt: skip
    ax.axhline(base, color=MUTED, linewidth=0.8)
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100) if top / s <= 4)
    ticks = {base + value / top * height: str(value) for value in range(0, top + 1, step)}
    for level in list(ticks)[1:]:
        ax.axhline(level, color=PALE, linewidth=0.6, zorder=0.5)
    return ticks


def _draw_lane(ax: Axes, lane: pd.DataFrame, row: int) -> None:
    """Draw one category: spans as bars, single days as strokes, month-only events pale."""
    day_known = lane["precision"] == "day"
    length = (lane["end"] - lane["start"]).dt.days + 1
    for known, color in ((False, PALE), (True, INK)):
        part = lane[day_known == known]
        spans: Any = list(
            zip(part["start"], pd.to_timedelta(length[part.index], unit="D"), strict=True)
        )
        edge: dict[str, Any] = {"edgecolor": color, "linewidth": 0.6}
        ax.broken_barh(spans, (row - 0.33, 0.66), facecolor=color, alpha=0.75, **edge)


def _hatch_unknown(
    ax: Axes, coverage: pd.DataFrame, category: str, row: int, drawn: tuple[Any, Any]
) -> None:
    """Hatch the stretch of a lane that the record does not speak of."""
    known = coverage[(coverage["table"] == "events") & (coverage["subset"] == category)]
    ends = {"start": known["start"].min(), "end": known["end"].max()}
    for start, end in ((drawn[0], ends["start"]), (ends["end"], drawn[1])):
        if start < end:
            span: Any = [(start, end - start)]
            ax.broken_barh(
                span, (row - 0.33, 0.66), facecolor="none", edgecolor=MUTED, hatch="//////",
                linewidth=0,
            )  # fmt: skip


def describe_years(by_family: pd.DataFrame, *, unit: str, last_day: pd.Timestamp) -> str:
    """Put a table of years into words, for the alternative text of :func:`plot_years`.

    Parameters
    ----------
    by_family : DataFrame
        `period`, `family`, `n`.
    unit : str
        What is counted.
    last_day : Timestamp
        Last day of record.

    Returns
    -------
    str
        Two sentences: the span, the highest year, and the running year.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import describe_years
    >>> table = pd.DataFrame({"period": pd.period_range("2025", "2026", freq="Y"),
    ...     "family": "cruise", "n": [5, 2]})
    >>> describe_years(table, unit="missiles", last_day=pd.Timestamp("2026-08-22"))
    'missiles a year, 2025 to 2026: most in 2025 (5); 2026, to 22 August, has 2.'
    """
    years = by_family.groupby(by_family["period"].dt.year)["n"].sum()
    best: Any = years.idxmax()
    return (
        f"{unit} a year, {years.index.min()} to {years.index.max()}: most in {best} "
        f"({years[best]:,}); {last_day.year}, to {day(last_day, year=False)}, "
        f"has {years.get(last_day.year, 0):,}."
    )

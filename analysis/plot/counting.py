"""Pictures of counts: the year to date, and when a number was reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from .style import BLUE, INK, MUTED, PALE, RED, axes, credit, day, need, rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
#: Day of the year on which each month of a common year begins.
_MONTH_STARTS = [1, 32, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335]


def plot_year_to_date(
    curves: pd.DataFrame,
    *,
    unit: str = "launches",
    running: int | None = None,
    level: int | None = 32,
    level_text: str = "",
    small: bool = False,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how the count grew in each year, the highest and the running year named.

    Parameters
    ----------
    curves : DataFrame
        What ``cumulative(launches, rule, years=..., as_of=...)`` returned: `year`, `date`,
        `day_of_year`, `n`.
    unit : str
        What is counted, for the axis.
    running : int, optional
        The year that is not over; its line ends at its last day of record. The last year
        of the table by default.
    level : int or None
        A number drawn across, such as the article's 32; days on which a year reached it are
        marked. None draws none.
    level_text : str, optional
        What the number is, written on its line.
    small : bool
        One of several panels: months by their first letter, no dates written in.
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
        If `curves` lacks a column or is empty.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import plot_year_to_date
    >>> curves = pd.DataFrame({
    ...     "year": 2022, "date": pd.to_datetime(["2022-01-05", "2022-01-11"]),
    ...     "day_of_year": [5, 11], "n": [1, 2]})
    >>> plot_year_to_date(curves, unit="launch days").get_ylabel()
    'launch days since 1 January'
    """
    need(curves, "year", "date", "day_of_year", "n")
    if curves.empty:
        msg = "the table of curves is empty: nothing to draw"
        raise ValueError(msg)
    ax = axes(ax)
    ends = curves.groupby("year")["n"].max()
    record: Any = ends.idxmax()
    running = int(curves["year"].max()) if running is None else running
    for year, curve in curves.groupby("year"):
        look: dict[str, Any] = {"color": PALE, "linewidth": 1.1, "zorder": 1.5}
        if year == record:
            look = {"color": BLUE, "linewidth": 2.4, "zorder": 3}
        elif year == running:
            look = {"color": RED, "linewidth": 2.4, "zorder": 3, "linestyle": (0, (4, 1))}
        ax.step(curve["day_of_year"], curve["n"], where="post", **look)
    best = curves[curves["year"] == record]
    _name_curve(ax, best, "above")
    if running != record:
        _name_running(ax, curves[curves["year"] == running], best, dated=not small)
    ax.set_ylim(0, max(int(ends.max()), level or 0) * 1.12 + 1)
    _month_axis(ax, initials=small)
    ax.set_ylabel(f"{unit} since 1 January")
    if level is not None:
        _mark_level(ax, curves, level, level_text, dated=not small)
    credit(ax, source)
    return ax


def _month_axis(ax: Axes, *, initials: bool = False) -> None:
    """Make the x axis a year of days, a tick where each month begins."""
    ax.set_xlim(1, 367)
    ax.set_xticks(_MONTH_STARTS, [month[0] for month in _MONTHS] if initials else _MONTHS)
    for label in ax.get_xticklabels():
        label.set_horizontalalignment("left")


def _name_running(ax: Axes, curve: pd.DataFrame, best: pd.DataFrame, *, dated: bool) -> None:
    """Name the running year where its line stops, on the side away from the highest year's."""
    last = curve.iloc[-1]
    if last["date"].month == 12 and last["date"].day == 31:
        _name_curve(ax, curve, "above")  # a whole year after all
        return
    ahead = best.loc[best["day_of_year"] <= last["day_of_year"], "n"].max() <= last["n"]
    ax.plot(last["day_of_year"], last["n"], "o", color=RED, markeredgecolor=INK, zorder=4)
    extra = f"\nby {day(last['date'], year=False)}" if dated else ""
    late = last["day_of_year"] > 270  # no room to the right
    _name_curve(ax, curve, "above" if ahead or late else "below", extra)


def _name_curve(ax: Axes, curve: pd.DataFrame, side: str, extra: str = "") -> None:
    """Write the year and its count where its line ends."""
    last = curve.iloc[-1]
    x, y, ha, va = (-4, 5, "right", "bottom") if side == "above" else (5, -5, "left", "top")
    ax.annotate(
        f"{last['year']}: {last['n']:,}{extra}", (last["day_of_year"], last["n"]), xytext=(x, y),
        textcoords="offset points", ha=ha, va=va, fontweight="bold", zorder=5,
        bbox={"facecolor": "white", "alpha": 0.8, "pad": 0.5, "linewidth": 0},
    )  # fmt: skip


def _mark_level(ax: Axes, curves: pd.DataFrame, level: int, text: str, *, dated: bool) -> None:
    """Draw a number across and mark the days on which years reached it."""
    ax.axhline(level, color=INK, linewidth=1.2, linestyle=(0, (5, 3)), zorder=2)
    ax.annotate(
        f"{level}{': ' if text else ''}{text}", (5, level), xytext=(0, 3),
        textcoords="offset points", va="bottom", ha="left", fontweight="bold",
    )  # fmt: skip
    reached = curves[curves["n"] >= level].drop_duplicates("year")
    for row in rows(reached):
        at = (row.day_of_year, level)
        ax.plot(*at, "D", color="white", markeredgecolor=INK, markersize=6.5, zorder=4)
        if dated:
            ax.annotate(
                day(row.date, year=False), at, xytext=(4, -5), textcoords="offset points",
                ha="left", va="top", zorder=5,
            )  # fmt: skip


#: Who counts, where a rule's name says so, and other words that are not written as in the name.
_WHO = {
    "cns": "CNS", "csis": "CSIS", "jmod": "Japan's MoD", "press": "press", "rok": "Seoul",
    "yonhap": "Yonhap",
}  # fmt: skip
_WORDS = {
    "cnn": "CNN", "eastern": "Eastern", "icbm": "ICBM", "panel": "Panel", "reuters": "Reuters",
    "running": "running count", "secretariat": "Secretariat", "state": "State Department",
    "statista": "Statista", "un": "UN", "us": "US", "utc": "UTC",
}  # fmt: skip


def rule_label(rule: str) -> str:
    """Write the name of a counting rule as a label.

    Parameters
    ----------
    rule : str
        A name such as ``"rocket_artillery_too_days"``.

    Returns
    -------
    str
        The label.

    Examples
    --------
    >>> rule_label("cnn"), rule_label("rocket_artillery_too_days"), rule_label("jmod_missiles")
    ('CNN', 'days, rocket artillery too', "Japan's MoD: missiles")
    """
    also, _, unit = rule.rpartition("_too_")
    name = f"{unit}, {also} too" if also else rule
    words = [_WORDS.get(word, word) for word in name.replace("_", " ").split()]
    if words[0] not in _WHO:
        return " ".join(words)
    return ": ".join(filter(None, (_WHO[words[0]], " ".join(words[1:]))))


def plot_reached(
    reached: pd.DataFrame,
    *,
    number: int = 32,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw, for one year, the day on which each rule reached a number, or that it never did.

    Parameters
    ----------
    reached : DataFrame
        A row a rule: `rule` (its name), `date` (missing if never) and `n`, the rule's count
        for the whole year. Drawn from top to bottom in the table's order.
    number : int
        The number in question.
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
        If a column is missing, or the dates lie in more than one year.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import plot_reached
    >>> table = pd.DataFrame({"rule": ["cnn", "space only"],
    ...     "date": [pd.Timestamp("2022-11-09"), pd.NaT], "n": [37, 0]})
    >>> ax = plot_reached(table)
    >>> [text.get_text() for text in ax.texts]
    ['9 November', 'never: 0 in the year']
    """
    need(reached, "rule", "date", "n")
    if len(set(reached["date"].dropna().dt.year)) > 1:
        msg = "the dates lie in several years; plot_reached draws one year"
        raise ValueError(msg)
    ax = axes(ax)
    heights = range(len(reached) - 1, -1, -1)
    for row, line in zip(heights, rows(reached), strict=True):
        if pd.isna(line.date):
            ax.annotate(f"never: {line.n:,} in the year", (4, row), va="center", color=MUTED)
            continue
        at = line.date.day_of_year
        ax.plot([1, at], [row, row], color=PALE, linewidth=1.4, zorder=1.5)
        ax.plot(at, row, "o", color=BLUE, markeredgecolor=INK, markersize=8, zorder=3)
        ax.annotate(
            day(line.date, year=False), (at, row), xytext=(9, 0), textcoords="offset points",
            va="center", ha="left",
        )  # fmt: skip
    ax.set_yticks(list(heights), [rule_label(rule) for rule in reached["rule"]])
    ax.set_ylim(-0.7, len(reached) - 0.3)
    _month_axis(ax)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)
    credit(ax, source)
    return ax

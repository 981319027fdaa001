"""Pictures of counts: the year to date, and when a number was reached."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..errors import need_filled
from .names import labels
from .parts import MONTHS, begin, day, finish, name_rows, rows, write
from .style import BLUE, DOT, INK, MUTED, ON_LINES, PALE, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Day of the year on which each month of a common year begins.
_FIRST_DAYS = [1, 32, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335]


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
        `day_of_year`, `n`; with `exact`, lower bounds are written as "at least".
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
    ax = begin(ax, curves, ["year", "date", "day_of_year", "n"])
    if curves.empty:
        raise ValueError("the table of curves is empty: nothing to draw")
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
    if level is not None:
        _mark_level(ax, curves, level, level_text, dated=not small)
    return finish(ax, curves, source, ylabel=f"{unit} since 1 January")


def _month_axis(ax: Axes, *, initials: bool = False) -> None:
    """Make the x axis a year of days, a tick where each month begins."""
    ax.set_xlim(1, 367)
    ax.set_xticks(_FIRST_DAYS, [month[0] for month in MONTHS] if initials else MONTHS)
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
    look: Any = {"ha": ha, "va": va, "fontweight": "bold", "zorder": 5}
    look["path_effects"] = ON_LINES
    least = "" if last.get("exact", True) else "at least "
    words = f"{last['year']}: {least}{last['n']:,}{extra}"
    write(ax, words, (last["day_of_year"], last["n"]), (x, y), **look)


def _mark_level(ax: Axes, curves: pd.DataFrame, level: int, text: str, *, dated: bool) -> None:
    """Draw a number across and mark the days on which years reached it."""
    ax.axhline(level, color=INK, linewidth=1.2, linestyle=(0, (5, 3)), zorder=2)
    words = f"{level}{': ' if text else ''}{text}"
    write(ax, words, (5, level), (0, 3), va="bottom", ha="left", fontweight="bold")
    for row in rows(first_at(curves, level)):
        at = (row.day_of_year, level)
        ax.plot(*at, "D", color="white", markeredgecolor=INK, markersize=6.5, zorder=4)
        if dated:
            write(ax, day(row.date, year=False), at, (4, -5), ha="left", va="top", zorder=5)


def first_at(curves: pd.DataFrame, level: int) -> pd.DataFrame:
    """Return the row on which each year came to a number, years that did only."""
    return curves[curves["n"] >= level].drop_duplicates("year")


def plot_reached(
    reached: pd.DataFrame,
    *,
    mark: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw, for one year, the day on which each rule reached a number, or that it never did.

    Parameters
    ----------
    reached : DataFrame
        A row a rule: `rule` (its name; `label`, if there, is written instead), `date` (missing
        if never) and `n`, the rule's count for the whole year. Rules of the same day share a
        row, the earliest day on top.
    mark : str, optional
        The rule whose row is marked.
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
        If a column is missing, or the dates lie in more than one year.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import plot_reached
    >>> table = pd.DataFrame({"rule": ["cnn", "space only"],
    ...     "date": [pd.Timestamp("2022-11-09"), pd.NaT], "n": [37, 0]})
    >>> ax = plot_reached(table)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['9 November', 'never']
    >>> [text.get_text() for text in ax.texts]
    ['CNN', 'space only (0)']
    """
    ax = begin(ax, reached, ["rule", "date", "n"])
    if len(reached["date"].dropna().dt.year.unique()) > 1:
        raise ValueError("the dates lie in several years; plot_reached draws one year")
    named = reached.assign(label=labels(reached, "rule"), marked=reached["rule"] == mark)
    named = named.sort_values(["date", "marked"], ascending=[True, False], kind="stable")
    never = named["date"].isna()
    named["label"] += (" (" + named["n"].astype(str) + ")").where(never, "")
    days: list[Any] = list(named.groupby("date", sort=True, dropna=False))
    for place, (date, rules) in enumerate(days):
        _draw_reached(ax, place, date, rules)
    name_rows(ax, ["never" if pd.isna(date) else day(date, year=False) for date, _ in days])
    _month_axis(ax)
    return finish(ax, reached, source)


def _draw_reached(ax: Axes, place: int, date: Any, rules: pd.DataFrame) -> None:
    """Draw the rules that reached a number on one day, or never, in a row."""
    marked = bool(rules["marked"].any())
    look: Any = {"va": "center", "color": RED if marked else INK, "linespacing": 1.1}
    look |= {"fontweight": "bold"} if marked else {}
    if pd.isna(date):
        write(ax, fill(" · ".join(rules["label"]), 66), (4, place), **look | {"color": MUTED})
        return
    at = date.day_of_year
    ax.plot([1, at], [place, place], color=PALE, linewidth=1, zorder=1.5)
    ax.plot(at, place, "o", **DOT | ({"color": RED} if marked else {}), markersize=8, zorder=3)
    late = at > 183  # more room on the left
    offset, side = ((-9, 0), "right") if late else ((9, 0), "left")
    look["path_effects"] = ON_LINES
    write(ax, fill(" · ".join(rules["label"]), 58), (at, place), offset, ha=side, **look)


def describe_curves(curves: pd.DataFrame, *, unit: str = "launches", level: int = 32) -> str:
    """Put curves of the year to date into words, for the alternative text of their picture.

    Parameters
    ----------
    curves : DataFrame
        As for :func:`plot_year_to_date`.
    unit : str
        What is counted.
    level : int
        The number in question.

    Returns
    -------
    str
        A sentence: the highest year, the last one, and when the number was reached.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import describe_curves
    >>> curves = pd.DataFrame({"year": [2021, 2022], "n": [8, 37],
    ...     "date": pd.to_datetime(["2021-12-31", "2022-12-31"])})
    >>> describe_curves(curves, unit="days", level=40).partition(";")[0]
    'Counting days, 2021 to 2022: highest in 2022 (37)'
    """
    need_filled(curves, ["year", "date", "n"], "the table")
    last = curves.drop_duplicates("year", keep="last").set_index("year")
    record, running = last["n"].sort_values(kind="stable").index[-1], last.index.max()
    when = ", ".join(map(day, first_at(curves, level)["date"])) or "never"
    return (
        f"Counting {unit}, {last.index.min()} to {running}: highest in {record} "
        f"({last['n'][record]:,}); {running} stands at {last['n'][running]:,} on "
        f"{day(last['date'][running])}; {level} was reached on: {when}."
    )


def describe_reached(reached: pd.DataFrame) -> str:
    """Put into words on which day each rule reached a number.

    Parameters
    ----------
    reached : DataFrame
        As for :func:`plot_reached`.

    Returns
    -------
    str
        Two sentences: the rules with their days, and those that never reached it.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import describe_reached
    >>> table = pd.DataFrame({"rule": ["cnn", "space_days"],
    ...     "date": [pd.Timestamp("2022-11-09"), pd.NaT]})
    >>> describe_reached(table)
    'cnn 9 November. Rules that never reached it: space_days.'
    """
    need_filled(reached, ["rule", "date"], "the table")
    never = ", ".join(reached.loc[reached["date"].isna(), "rule"]) or "none"
    dated = rows(reached.dropna(subset=["date"]))
    days = [f"{row.rule} {day(row.date, year=False)}" for row in dated]
    return f"{'; '.join(days)}. Rules that never reached it: {never}."

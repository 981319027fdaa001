"""Launches year by year, as bars split by missile family."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ..errors import check_one_of, need_filled
from ..record import schema
from .names import as_words
from .parts import begin, day, finish, rows, write
from .style import DASHED, FAMILY_LOOKS, INK, MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
    ax = begin(ax, by_family, ["period", "family", "n", "exact"])
    wide = _stacks(by_family)
    floor = pd.Series(0, index=wide.index)
    for family in wide.columns:
        look: Any = {name: FAMILY_LOOKS[family][name] for name in ("color", "hatch")}
        look |= {"edgecolor": INK, "linewidth": 0.5, "label": as_words(family)}
        ax.bar(wide.index, wide[family], bottom=floor, width=0.8, **look)
        floor = floor + wide[family]
    if totals is not None:
        some = totals[totals["n"] > 0]
        dot: Any = {"color": INK, "markersize": 3.6, "label": "all, each day once"}
        ax.plot(some["period"].dt.year, some["n"], "o", **dot)
    span = (wide.index.min() - 0.7, wide.index.max() + 0.9)
    ax.set(xlim=span, ylim=(0, max(1, floor.max()) * 1.2))
    _mark_lower_bounds(ax, by_family, floor)
    if eras is not None:
        _mark_eras(ax, eras)
    if last_day is not None:
        _mark_running_year(ax, last_day, floor)
    if len(wide.columns):
        ax.legend(loc="upper left", ncols=1, borderaxespad=0.2, handlelength=1.6)
    return finish(ax, by_family, source, ylabel=f"{unit} a year")


def _stacks(by_family: pd.DataFrame) -> pd.DataFrame:
    """Years by families, families in the record's order, those never flown left out."""
    for family in by_family["family"].unique():
        check_one_of("family", family, FAMILY_LOOKS)
    years = by_family.assign(year=by_family["period"].dt.year)
    wide = years.pivot_table(index="year", columns="family", values="n", aggfunc="sum")
    families = [f for f in schema.FAMILIES if f in wide.columns and wide[f].sum() > 0]
    return wide[families].fillna(0).astype(int)


def _mark_lower_bounds(ax: Axes, table: pd.DataFrame, heights: pd.Series) -> None:
    """Set a plus sign on bars that hold a lower bound."""
    years = table.loc[~table["exact"] & (table["n"] > 0), "period"].dt.year.unique()
    for year in years:
        write(ax, "+", (year, heights[year]), (0, 1), ha="center", va="bottom", color=INK)


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
            ax.axvline(start, **DASHED | {"linewidth": 0.9, "zorder": 0.5})
        on_top: Any = {"xycoords": ("data", "axes fraction"), "ha": "center", "va": "bottom"}
        write(ax, era.name, ((left + right) / 2, 1), (0, 3), color=MUTED, **on_top)


def _mark_running_year(ax: Axes, last_day: pd.Timestamp, heights: pd.Series) -> None:
    """Outline the bar of the year that is still running, and say how far it goes."""
    year = last_day.year
    if year not in heights.index:
        return
    dashes: Any = {"linestyle": (0, (2, 2))}
    ax.bar(year, heights[year], width=1.05, fill=False, edgecolor=INK, linewidth=1.1, **dashes)
    corner: Any = {"xycoords": "axes fraction", "ha": "right", "va": "top", "color": INK}
    write(ax, f"{year}: to {day(last_day, year=False)}", (1, 1), **corner)


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
    >>> describe_years(table, unit="missiles", last_day=pd.Timestamp("2026-10-07"))
    'missiles a year, 2025 to 2026: most in 2025 (5); 2026, to 7 October, has 2.'
    """
    need_filled(by_family, ["period", "n"], "the table")
    years = by_family.groupby(by_family["period"].dt.year)["n"].sum()
    best: Any = years.idxmax()
    return (
        f"{unit} a year, {years.index.min()} to {years.index.max()}: most in {best} "
        f"({years[best]:,}); {last_day.year}, to {day(last_day, year=False)}, "
        f"has {years.get(last_day.year, 0):,}."
    )

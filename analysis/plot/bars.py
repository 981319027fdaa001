"""Bars to be read at once: this year by each counter, years to the same day, leaders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from .names import labels
from .parts import begin, day, finish, name_rows, rows, write
from .style import BLUE, INK, PALE, RED, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_counters(
    counted: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the same days as each counter has them, a bar a counter.

    Parameters
    ----------
    counted : DataFrame
        What ``compare_rules`` returned, with `unit` in words: `rule`, `n`, `exact`, `unit`; with
        `before`, an earlier year's number, that is marked too.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on, in the order of the table.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_counters
    >>> table = pd.DataFrame({"rule": ["cnn"], "n": [18], "exact": [True], "unit": ["days"]})
    >>> ax = plot_counters(table, ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts]
    ['18 days']
    """
    ax = begin(ax, counted, ["rule", "n", "exact", "unit"])
    for place, row in enumerate(rows(counted)):
        ax.barh(place, row.n, 0.62, color=BLUE, edgecolor=INK, linewidth=0.5)
        words = f"{'' if row.exact else 'at least '}{row.n:,} {row.unit}"
        end = max(row.n, row.before) if "before" in counted else row.n
        write(ax, words, (end, place), (9, 0), va="center", fontweight="bold")
    if "before" in counted:
        mark: Any = {"color": "white", "markeredgecolor": INK, "markersize": 7, "zorder": 3}
        ax.plot(counted["before"], range(len(counted)), "D", **mark)
    name_rows(ax, labels(counted, "rule"))
    top = counted.filter(["n", "before"]).max().max()
    return finish(ax, counted, source, xlim=(0, max(1, top) * 1.45))


def plot_same_day(
    to_date: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    unit: str = "launch days",
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each year's count to the same day, the running year marked.

    Parameters
    ----------
    to_date : DataFrame
        What ``year_to_date`` returned: `year`, `n`, `exact`.
    as_of : Timestamp
        The day, in the running year.
    unit : str
        What is counted, for the axis.
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
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_same_day
    >>> table = pd.DataFrame({"year": [2025, 2026], "n": [10, 18], "exact": True})
    >>> ax = plot_same_day(table, as_of=pd.Timestamp("2026-10-07"), ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts]
    ['10', '18']
    """
    ax = begin(ax, to_date, ["year", "n", "exact"])
    for row in rows(to_date):
        running = row.year == as_of.year
        look: Any = {"color": RED if running else PALE, "edgecolor": INK, "linewidth": 0.5}
        ax.bar(row.year, row.n, 0.72, **look)
        words: Any = {"ha": "center", "va": "bottom", "fontsize": 12}
        words |= {"fontweight": "bold"} if running else {}
        write(ax, f"{row.n:,}{'' if row.exact else '+'}", (row.year, row.n), (0, 2), **words)
    ax.set_xticks(to_date["year"], [f"{year}" for year in to_date["year"]])
    ax.grid(visible=False)
    label = f"{unit} by {day(as_of, year=False)}"
    return finish(ax, to_date, source, ylabel=label, ylim=(0, max(1, to_date["n"].max()) * 1.12))


def plot_leaders(
    totals: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the launches under each leader, a bar a leader.

    Parameters
    ----------
    totals : DataFrame
        One row a leader: `name`, `years` (in office, as far as recorded), `n`, `exact`, and
        `unit` in words.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on, in the order of the table.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_leaders
    >>> table = pd.DataFrame({"name": ["Kim Jong Il"], "years": [17.4], "n": [35],
    ...                       "exact": [True], "unit": ["days"]})
    >>> [text.get_text() for text in plot_leaders(table, ax=Figure().add_subplot()).texts]
    ['35 days, 2.0 a year']
    """
    ax = begin(ax, totals, ["name", "years", "n", "exact", "unit"])
    for place, row in enumerate(rows(totals)):
        ax.barh(place, row.n, 0.62, color=BLUE, edgecolor=INK, linewidth=0.5)
        words = f"{'' if row.exact else 'at least '}{row.n:,} {row.unit}, {row.n / row.years:.1f}"
        look: Any = {"va": "center", "fontsize": SMALL + 1}
        long = row.n > 0.6 * totals["n"].max()
        look |= {"ha": "right" if long else "left", "color": INK}
        write(ax, f"{words} a year", (row.n, place), (-6 if long else 6, 0), **look)
    name_rows(ax, totals["name"].tolist())
    return finish(ax, totals, source, xlim=(0, max(1, totals["n"].max()) * 1.02))

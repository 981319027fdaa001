"""Pictures of season and rhythm: calendar days, months, quarters, weekdays, hours."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch, Rectangle

from .parts import MONTHS, begin, finish, rows
from .style import BLUE, INK, MUTED, SHADES, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Least number of each class of a day in the calendar, after the class of none.
_CLASSES = (1, 2, 4, 10)
#: Weeks and days that a year takes in the calendar, with the gap to its neighbours.
_WIDE, _DEEP = 62, 9


def plot_calendar(
    calendar: pd.DataFrame,
    *,
    unit: str = "missiles",
    columns: int = 2,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw every day of a period as a cell, a block of weeks by weekdays for each year.

    Parameters
    ----------
    calendar : DataFrame
        What ``launch_calendar`` returned: `date`, `year`, `month`, `weekday`, `week`, `n`.
    unit : str
        What `n` counts, for the key.
    columns : int
        Blocks side by side; years run down the columns.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on; one unit is a week across and a day down.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_calendar
    >>> days = pd.date_range("2022-01-01", "2022-01-09")
    >>> table = pd.DataFrame({"date": days, "year": 2022, "month": 1, "weekday": days.day_of_week,
    ...                       "week": [0, 0, 1, 1, 1, 1, 1, 1, 1], "n": 0})
    >>> [text.get_text() for text in plot_calendar(table, ax=Figure().add_subplot()).texts][0]
    '2022'
    """
    ax = begin(ax, calendar, ["date", "year", "month", "weekday", "week", "n"])
    years = sorted(calendar["year"].unique())
    deep = -(-len(years) // columns)
    place = calendar["year"].map({year: i for i, year in enumerate(years)})
    left, top = place // deep * _WIDE, place % deep * _DEEP
    grid = np.full((deep * _DEEP - 2, columns * _WIDE - 8), np.nan)
    classes = np.searchsorted(_CLASSES, calendar["n"], side="right")
    grid[top + calendar["weekday"], left + calendar["week"]] = classes
    # as pixels: thousands of cells would make a vector file of megabytes
    cells: Any = {"linewidth": 0.4, "linecolor": "white", "cbar": False, "rasterized": True}
    shades = ListedColormap(SHADES)
    sns.heatmap(grid, cmap=shades, vmin=0, vmax=len(SHADES), mask=np.isnan(grid), **cells, ax=ax)
    for i, year in enumerate(years):
        at = (i // deep * _WIDE - 0.7, i % deep * _DEEP + 3.5)
        ax.annotate(str(year), at, ha="right", va="center", fontweight="bold")
    starts = calendar[(calendar["date"].dt.day == 1) & (place % deep == 0)]
    for row, x in zip(rows(starts), left[starts.index] + 0.5, strict=True):
        at = (x + row.week, -0.5)
        ax.annotate(MONTHS[row.month - 1][0], at, ha="left", fontsize=SMALL, color=MUTED)
    _name_classes(ax, unit)
    ax.set_axis_off()
    xlim, ylim = (-8.5, columns * _WIDE - 6.5), (grid.shape[0] + 0.3, -2.1)
    return finish(ax, calendar, source, xlim=xlim, ylim=ylim)


def _name_classes(ax: Axes, unit: str) -> None:
    """Write the key of the colours under the calendar."""
    patches = [Patch(facecolor=shade, edgecolor=MUTED, linewidth=0.5) for shade in SHADES]
    words = ["none", *_ranges(_CLASSES)]
    words[-1] += f" {unit}"
    place: Any = {"loc": "upper left", "bbox_to_anchor": (0, 0), "borderaxespad": 0.2}
    form: Any = {"ncols": len(words), "columnspacing": 1.2, "handlelength": 1, "handleheight": 1}
    ax.legend(patches, words, **place, **form)


def _ranges(least: tuple[int, ...]) -> list[str]:
    """Name classes by their first numbers."""
    names = [f"{a}" if b == a + 1 else f"{a}–{b - 1}" for a, b in pairwise(least)]
    return [*names, f"{least[-1]} or more"]


def plot_months(
    months: pd.DataFrame,
    *,
    unit: str = "launch days",
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw years by months, the number in each cell, with sums by year and quarter.

    Parameters
    ----------
    months : DataFrame
        What ``month_by_year`` returned: `year`, `month`, `quarter`, `days`, `n`. Months that
        are not over are marked by a dashed edge, those not begun are blank.
    unit : str
        What is counted, for the axis.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on, the first year on top.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_months
    >>> table = pd.DataFrame(
    ...     {"year": 2022, "month": [1, 2], "quarter": 1, "days": [31, 28], "n": [7, 1]})
    >>> [text.get_text() for text in plot_months(table, ax=Figure().add_subplot()).texts]
    ['7', '1', '8', 'Q1: 8']
    """
    ax = begin(ax, months, ["year", "month", "quarter", "days", "n"])
    wide = months.pivot_table(index="year", columns="month", values="n", aggfunc="sum")
    wide = wide.reindex(columns=range(1, 13))
    cells: Any = {"linewidth": 1, "linecolor": "white", "cbar": False, "vmin": 0}
    shades = sns.blend_palette(SHADES, as_cmap=True)
    sns.heatmap(wide, annot=True, fmt=".0f", cmap=shades, **cells, ax=ax)
    dark = 0.5 * max(months["n"].max(), 1)
    for text in ax.texts:
        n = int(text.get_text())
        text.set_color("white" if n > dark else INK if n else MUTED)
    lengths = pd.to_datetime(months[["year", "month"]].assign(day=1)).dt.days_in_month
    dashed: Any = {"fill": False, "edgecolor": INK, "linestyle": (0, (2, 1.5))}
    years = wide.index.tolist()
    for row in rows(months[months["days"] < lengths]):
        corner = (row.month - 0.96, years.index(row.year) + 0.06)
        ax.add_patch(Rectangle(corner, 0.92, 0.88, **dashed))
    _write_sums(ax, months)
    ax.vlines([3, 6, 9], 0, len(wide), color=INK, linewidth=1)
    ax.set_xticks(np.arange(12) + 0.5, MONTHS)
    ax.tick_params(length=0, labeltop=True, labelbottom=False, labelrotation=0)
    ax.grid(visible=False)
    ylabel = f"{unit} a month"
    return finish(
        ax, months, source, xlabel="", ylabel=ylabel, xlim=(0, 13.1), ylim=(len(wide) + 1.1, 0)
    )


def _write_sums(ax: Axes, months: pd.DataFrame) -> None:
    """Write the sums of years at the right of the months, those of quarters below."""
    bold: Any = {"va": "center", "fontweight": "bold"}
    by_year = months.groupby("year")["n"].sum()
    for place, total in enumerate(by_year):
        ax.annotate(f"{total}", (12.9, place + 0.5), ha="right", **bold)
    for i, total in enumerate(months.groupby("quarter")["n"].sum()):
        at = (i * 3 + 1.5, len(by_year) + 0.5)
        ax.annotate(f"Q{i + 1}: {total}", at, ha="center", **bold)


def plot_hours(
    hours: pd.DataFrame,
    *,
    clock: str = "Korean time",
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw launch days by the hour of their first launch.

    Parameters
    ----------
    hours : DataFrame
        What ``hours(launches, ...)`` returned: `hour`, `n`, `n_known`, `n_unknown`.
    clock : str
        Whose clock, for the axis.
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
    >>> from analysis.plot import plot_hours
    >>> table = pd.DataFrame({"hour": range(24), "n": 1, "n_known": 24, "n_unknown": 3})
    >>> [text.get_text() for text in plot_hours(table, ax=Figure().add_subplot()).texts]
    ['24 launch days with a known hour; 3 without']
    """
    ax = begin(ax, hours, ["hour", "n", "n_known", "n_unknown"])
    look: Any = {"color": BLUE, "edgecolor": INK, "linewidth": 0.5}
    ax.bar(hours["hour"], hours["n"], width=0.9, align="edge", **look)
    known, unknown = hours["n_known"].iloc[0], hours["n_unknown"].iloc[0]
    words = f"{known} launch days with a known hour; {unknown} without"
    corner: Any = {"xycoords": "axes fraction", "ha": "right", "va": "top"}
    ax.annotate(words, (1, 1), color=MUTED, **corner)
    ax.set_xticks(range(0, 25, 3))
    limits: Any = {"xlim": (-0.2, 24.2), "ylim": (0, max(float(hours["n"].max()), 1) * 1.15)}
    xlabel = f"hour of the day's first launch, {clock}"
    return finish(ax, hours, source, xlabel=xlabel, ylabel="launch days", **limits)

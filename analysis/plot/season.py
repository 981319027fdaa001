"""Pictures of season and rhythm: calendar days, months, quarters, weekdays, hours."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .style import BLUE, INK, MUTED, SMALL, axes, credit, need, rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Classes of a day in the calendar: least number, and colours that darken in grey print too.
_CLASSES = (1, 2, 4, 10)
_SHADES = ("#eeeef1", "#a9c5fe", "#5790fc", "#2456bd", "#0d1f52")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


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
        Source line; the record's own if not given, none if empty.
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
    need(calendar, "date", "year", "month", "weekday", "week", "n")
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    ax = axes(ax)
    years = sorted(calendar["year"].unique())
    deep = -(-len(years) // columns)
    place = calendar["year"].map({year: i for i, year in enumerate(years)})
    across, down = place // deep * 62, place % deep * 9
    grid = np.full((deep * 9 - 2, columns * 62 - 8), np.nan)
    classes = np.searchsorted(_CLASSES, calendar["n"], side="right")
    grid[down + calendar["weekday"], across + calendar["week"]] = classes
    # as pixels: thousands of cells would make a vector file of megabytes
    edges = [np.arange(size + 1) - 0.5 for size in grid.shape[::-1]]
    ax.pcolormesh(*edges, grid, cmap=ListedColormap(_SHADES), vmin=0, vmax=len(_SHADES),
                  edgecolor="white", linewidth=0.4, rasterized=True)  # fmt: skip
    for i, year in enumerate(years):
        at = (i // deep * 62 - 1.2, i % deep * 9 + 3)
        ax.annotate(str(year), at, ha="right", va="center", fontweight="bold")
    starts = calendar[(calendar["date"].dt.day == 1) & (place % deep == 0)]
    for row, left in zip(rows(starts), across[starts.index], strict=True):
        ax.annotate(_MONTHS[row.month - 1][0], (left + row.week, -1), ha="left", va="bottom",
                    fontsize=SMALL, color=MUTED)  # fmt: skip
    words = ["none", *_ranges(_CLASSES)]
    words[-1] += f" {unit}"
    ax.legend(
        [Patch(facecolor=shade, edgecolor=MUTED, linewidth=0.5) for shade in _SHADES],
        words, loc="upper left", bbox_to_anchor=(0, 0), ncols=len(words), handlelength=1,
        handleheight=1, columnspacing=1.2, borderaxespad=0.2,
    )  # fmt: skip
    ax.set_xlim(-9, columns * 62 - 7)
    ax.set_ylim(grid.shape[0] - 0.2, -2.6)
    ax.set_axis_off()
    credit(ax, source)
    return ax


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
        Source line; the record's own if not given, none if empty.
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
    need(months, "year", "month", "quarter", "days", "n")
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    ax = axes(ax)
    wide = months.pivot_table(index="year", columns="month", values="n", aggfunc="sum")
    wide = wide.reindex(columns=range(1, 13))
    top = float(max(months["n"].max(), 1))
    shades = LinearSegmentedColormap.from_list("launches", _SHADES)
    years = [*wide.index, wide.index[-1] + 1]
    ax.pcolormesh(np.arange(13) + 0.5, np.array(years) - 0.5, wide.to_numpy(dtype=float),
                  cmap=shades, vmin=0, vmax=top, edgecolor="white", linewidth=1)  # fmt: skip
    lengths = pd.to_datetime(months[["year", "month"]].assign(day=1)).dt.days_in_month
    for row, whole in zip(rows(months), lengths, strict=True):
        dark = row.n > 0.45 * top
        ax.annotate(f"{row.n}", (row.month, row.year), ha="center", va="center",
                    color="white" if dark else INK if row.n else MUTED)  # fmt: skip
        if row.days < whole:
            box = Rectangle((row.month - 0.46, row.year - 0.44), 0.92, 0.88, fill=False,
                            edgecolor=INK, linestyle=(0, (2, 1.5)))  # fmt: skip
            ax.add_patch(box)
    for year, total in months.groupby("year")["n"].sum().items():
        ax.annotate(f"{total}", (13.4, year), ha="right", va="center", fontweight="bold")
    for quarter, total in enumerate(months.groupby("quarter")["n"].sum(), start=1):
        ax.annotate(f"Q{quarter}: {total}", (quarter * 3 - 1, years[-1]), ha="center", va="center",
                    fontweight="bold")  # fmt: skip
    ax.vlines([3.5, 6.5, 9.5], years[0] - 0.5, years[-1] - 0.5, color=INK, linewidth=1)
    ax.set_xticks(range(1, 13), _MONTHS)
    ax.set_yticks(list(wide.index))
    ax.set_ylim(years[-1] + 0.6, years[0] - 0.5)
    ax.set_xlim(0.5, 13.6)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.set_ylabel(f"{unit} a month; sums of years at the right")
    credit(ax, source)
    return ax


#: Ratios beyond these lie off the scale, and an arrow says so.
_OFF = (0.02, 50)


def plot_ratios(
    ratios: pd.DataFrame,
    *,
    p_value: str = "p_shift",
    compared: str = "rate over the rate in the rest of the cycle",
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw rate ratios with their intervals, a line each, beside the line of no difference.

    Parameters
    ----------
    ratios : DataFrame
        `label`, `ratio`, `low`, `high` and the column `p_value` names, as from ``seasonality``;
        with `group`, a heading stands over each group of lines.
    p_value : str
        Column of p-values.
    compared : str
        What the ratio compares, for the axis.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on, its ratios logarithmic, numbers at the right.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_ratios
    >>> table = pd.DataFrame({"label": ["Q4"], "ratio": [0.72], "low": [0.43], "high": [1.17],
    ...                       "p_shift": [0.234]})
    >>> [text.get_text() for text in plot_ratios(table, ax=Figure().add_subplot()).texts]
    ['0.72 (0.43–1.17), p = 0.23']
    """
    need(ratios, "label", "ratio", "low", "high", p_value)
    ax = axes(ax)
    heights, headings = _lines(ratios)
    shown = ratios[["ratio", "low", "high"]].to_numpy(dtype=float)
    shown = shown[(shown >= _OFF[0]) & (shown <= _OFF[1])]
    left, right = np.min(shown, initial=0.7) / 1.15, np.max(shown, initial=1.4) * 1.15
    for row, height, p in zip(rows(ratios), heights, ratios[p_value], strict=True):
        clear = not row.low <= 1 <= row.high
        look: Any = {"color": INK, "markerfacecolor": BLUE if clear else "white", "markersize": 7}
        span = np.clip((row.low, row.high), left, right)
        ax.plot(span, (height, height), color=INK, linewidth=1.3)
        sign = "<" if row.ratio < left else ">" if row.ratio > right else "o"
        ax.plot(np.clip(row.ratio, left, right), height, sign, **look)
        words = f"{row.ratio:.2f} ({row.low:.2f}–{row.high:.2f}), p = {_two_digits(p)}"
        ax.annotate(words, (1, height), xycoords=("axes fraction", "data"), ha="right",
                    va="center")  # fmt: skip
    for heading, height in headings.items():
        ax.annotate(heading, (0, height), xycoords=("axes fraction", "data"), xytext=(4, 0),
                    textcoords="offset points", va="center", fontweight="bold",
                    bbox={"facecolor": "white", "linewidth": 0, "pad": 0.5})  # fmt: skip
    ax.axvline(1, color=MUTED, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    ax.set_xscale("log")
    ax.set_xlim(left, left * (right / left) ** 1.75)  # the numbers need room
    ticks = [t for t in (0.1, 0.2, 0.5, 1, 2, 5, 10) if left <= t <= right]
    ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
    ax.minorticks_off()
    ax.set_yticks(heights, list(ratios["label"]))
    ax.set_ylim(max(heights) + 0.6, min([*heights, *headings.values()]) - 0.6)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=False, axis="y")
    ax.set_xlabel(compared, loc="left")
    credit(ax, source)
    return ax


def _lines(table: pd.DataFrame) -> tuple[list[int], dict[str, int]]:
    """Return the height of each row and of the heading of each group."""
    if "group" not in table:
        return list(range(len(table))), {}
    heights, headings, at = [], {}, 0
    for group in table["group"]:
        if group not in headings:
            headings[group] = at
            at += 1
        heights.append(at)
        at += 1
    return heights, headings


def _two_digits(p: float) -> str:
    """Write a p-value."""
    return "0.001" if p < 0.0015 else f"{p:.2g}" if p < 0.095 else f"{p:.2f}"


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
    need(hours, "hour", "n", "n_known", "n_unknown")
    ax = axes(ax)
    ax.bar(hours["hour"], hours["n"], width=0.9, align="edge", color=BLUE, edgecolor=INK,
           linewidth=0.5)  # fmt: skip
    known, unknown = hours["n_known"].iloc[0], hours["n_unknown"].iloc[0]
    ax.annotate(f"{known} launch days with a known hour; {unknown} without", (1, 1),
                xycoords="axes fraction", ha="right", va="top", color=MUTED)  # fmt: skip
    ax.set_xticks(range(0, 25, 3))
    ax.set_xlim(-0.2, 24.2)
    ax.set_ylim(0, max(float(hours["n"].max()), 1) * 1.15)
    ax.set_xlabel(f"hour of the day's first launch, {clock}")
    ax.set_ylabel("launch days")
    credit(ax, source)
    return ax

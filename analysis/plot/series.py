"""Counts as a time series: autocorrelation, trend and season."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .parts import MONTHS, begin, finish
from .style import BLUE, DASHED, INK, LIGHT, PALE, RED

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def plot_autocorrelation(
    correlations: pd.DataFrame,
    *,
    unit: str = "months",
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how counts go with those of the periods before, over the band of shuffled ones.

    Parameters
    ----------
    correlations : DataFrame
        What ``autocorrelation`` returned: `lag`, `autocorrelation`, `null_low`, `null_high`.
    unit : str
        What the lags count, for the axis.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on; filled points lie outside the band.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_autocorrelation
    >>> table = pd.DataFrame({"lag": [1, 2], "autocorrelation": [0.4, 0.0],
    ...                       "null_low": -0.2, "null_high": 0.1})
    >>> ax = plot_autocorrelation(table, ax=Figure().add_subplot())
    >>> [line.get_xdata().tolist() for line in ax.lines[1:]]
    [[1], [2]]
    """
    ax = begin(ax, correlations, ["lag", "autocorrelation", "null_low", "null_high"])
    lag, found = correlations["lag"], correlations["autocorrelation"]
    band = correlations["null_low"], correlations["null_high"]
    ax.fill_between(lag, *band, color=PALE, alpha=0.7, linewidth=0, label="if months were shuffled")
    ax.axhline(0, **DASHED, zorder=1)
    ax.vlines(lag, 0, found, color=INK, linewidth=1.2)
    outside = (found < band[0]) | (found > band[1])
    for part, face in ((outside, BLUE), (~outside, "white")):
        look: Any = {"color": INK, "markerfacecolor": face, "markersize": 4.5}
        ax.plot(lag[part], found[part], "o", **look)
    return finish(ax, correlations, source, xlabel=f"{unit} before", ylabel="autocorrelation")


def plot_decomposition(
    parts: pd.DataFrame,
    *,
    unit: str = "launch days",
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the counts of months, and the trend in them.

    Parameters
    ----------
    parts : DataFrame
        What ``decomposition`` returned: `period`, `rate`, `trend`.
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

    See Also
    --------
    plot_season : The season in the same counts.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_decomposition
    >>> table = pd.DataFrame({"period": pd.period_range("2022-01", periods=2, freq="M"),
    ...                       "rate": [7.0, 1.0], "trend": [3.5, 3.0]})
    >>> plot_decomposition(table, ax=Figure().add_subplot()).lines[0].get_ydata().tolist()
    [3.5, 3.0]
    """
    ax = begin(ax, parts, ["period", "rate", "trend"])
    start, end = parts["period"].dt.start_time, parts["period"].dt.end_time
    look: Any = {"color": LIGHT, "align": "edge", "label": f"{unit} a month"}
    ax.bar(start, parts["rate"], end - start, **look)
    ax.plot(start + (end - start) / 2, parts["trend"], color=RED, linewidth=2.2, label="trend")
    ax.legend(loc="upper left", ncols=2)
    top = 1.2 * max(parts["rate"].max(), parts["trend"].max())
    return finish(
        ax, parts, source, ylabel=f"{unit} a month", ylim=(min(parts["trend"].min(), 0), top)
    )


def plot_season(parts: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the season of months, over the band of what shuffled months show.

    Parameters
    ----------
    parts : DataFrame
        What ``decomposition`` returned for months of a year or more: `period`, `season`,
        `null_low`, `null_high`.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on, January first; filled points lie outside the band.

    Raises
    ------
    ValueError
        If a column is missing.

    See Also
    --------
    plot_decomposition : The trend in the same counts.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_season
    >>> table = pd.DataFrame({"period": pd.period_range("2022-01", periods=12, freq="M"),
    ...                       "season": 0.1, "null_low": -0.5, "null_high": 0.6})
    >>> ax = plot_season(table, ax=Figure().add_subplot())
    >>> [label.get_text() for label in ax.get_xticklabels()][:2]
    ['J', 'F']
    """
    ax = begin(ax, parts, ["period", "season", "null_low", "null_high"])
    months = parts.assign(month=parts["period"].dt.month).groupby("month").first()
    band = months["null_low"], months["null_high"]
    ax.vlines(months.index, *band, color=PALE, linewidth=9, alpha=0.7)
    ax.axhline(0, **DASHED, zorder=1)
    outside = (months["season"] < band[0]) | (months["season"] > band[1])
    for part, face in ((outside, BLUE), (~outside, "white")):
        look: Any = {"color": INK, "markerfacecolor": face, "markersize": 6}
        ax.plot(months.index[part], months["season"][part], "o", **look)
    ax.set_xticks(range(1, 13), [name[0] for name in MONTHS])
    return finish(ax, parts, source, ylabel="more or fewer a month")

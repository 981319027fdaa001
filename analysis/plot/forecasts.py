"""Pictures of where a year ends: as forecast day after day, and as a distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..errors import need_filled
from .parts import MONTHS, begin, finish, write
from .style import BLUE, DASHED, INK, LIGHT, MUTED, RED, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_fan(
    forecasts: pd.DataFrame,
    *,
    unit: str = "launch days",
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the year's end as it was forecast from one day after another.

    Parameters
    ----------
    forecasts : DataFrame
        Rows of one year and model of what ``backtest`` returned: `origin`, `so_far`, `median`,
        `low_50`, `high_50`, `low_90`, `high_90`, `n`.
    unit : str
        What is counted, for the axis.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on: a bar for each 90 % and 50 % interval, the median on it, the count so
        far as steps, and the final count across.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_fan
    >>> table = pd.DataFrame({"origin": pd.to_datetime(["2022-01-01", "2022-01-31"]),
    ...     "so_far": [0, 7], "median": [9, 20], "low_50": [5, 15], "high_50": [12, 26],
    ...     "low_90": [2, 11], "high_90": [20, 40], "n": 37})
    >>> plot_fan(table, ax=Figure().add_subplot()).get_ylabel()
    'launch days by 31 December'
    """
    bounds = [f"{side}_{level}" for level in (90, 50) for side in ("low", "high")]
    ax = begin(ax, forecasts, ["origin", "so_far", "median", "n", *bounds])
    at = range(len(forecasts))
    for level, color, width in ((90, LIGHT, 0.6), (50, BLUE, 0.6)):
        low, high = forecasts[f"low_{level}"], forecasts[f"high_{level}"]
        ax.bar(at, high - low, width, bottom=low, color=color, label=f"{level} % interval")
    ax.plot(at, forecasts["median"], "_", color=INK, markersize=17, label="median")
    ax.plot(at, forecasts["so_far"], "o", color=RED, markersize=4, label="so far")
    n = int(forecasts["n"].iloc[-1])
    ax.axhline(n, **DASHED)
    write(ax, f"in the end {n}", (-0.5, n), (0, 3), color=MUTED)
    origin = pd.to_datetime(forecasts["origin"])
    ax.set_xticks(at, [f"{day.day} {MONTHS[day.month - 1]}" for day in origin], rotation=45)
    ax.legend(loc="best", ncols=2, fontsize=SMALL)
    return finish(ax, forecasts, source, ylabel=f"{unit} by 31 December")


def plot_year_end(
    distribution: pd.DataFrame,
    *,
    unit: str = "launch days",
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the distribution of a year's final count, the 90 % interval in a darker shade.

    Parameters
    ----------
    distribution : DataFrame
        What ``year_end`` returned: `n`, `probability`.
    unit : str
        What is counted, for the axis.
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
    >>> from analysis.plot import plot_year_end
    >>> table = pd.DataFrame({"n": [10, 11], "probability": [0.25, 0.75]})
    >>> ax = plot_year_end(table, ax=Figure().add_subplot())
    >>> [float(bar.get_height()) for bar in ax.patches]
    [0.25, 0.75]
    """
    ax = begin(ax, distribution, ["n", "probability"])
    shown = distribution[distribution["probability"] > 5e-4]
    upto = distribution["probability"].cumsum().reindex(shown.index)
    inside = (upto >= 0.05) & (upto - shown["probability"] < 0.95)
    colors = [BLUE if one else LIGHT for one in inside]
    ax.bar(shown["n"], shown["probability"], width=0.85, color=colors)
    ax.locator_params(axis="x", integer=True)
    return finish(ax, distribution, source, xlabel=f"{unit} by 31 December", ylabel="probability")


def describe_year_end(distribution: pd.DataFrame, *, unit: str = "launch days") -> str:
    """Put a distribution of the year's final count into words.

    Parameters
    ----------
    distribution : DataFrame
        What ``year_end`` returned.
    unit : str
        What is counted.

    Returns
    -------
    str
        The median and the 90 % interval, without a full stop.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import describe_year_end
    >>> describe_year_end(pd.DataFrame({"n": [10, 11], "probability": [0.25, 0.75]}))
    '11 launch days by 31 December (90 % between 10 and 11)'
    """
    need_filled(distribution, ["n", "probability"], "the table")
    upto = distribution["probability"].cumsum()
    low, middle, high = (
        distribution["n"][upto >= share - 1e-12].iloc[0] for share in (0.05, 0.5, 0.95)
    )
    return f"{middle} {unit} by 31 December (90 % between {low} and {high})"

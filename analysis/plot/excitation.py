"""The branching ratio by what the background may follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from .parts import begin, finish, name_rows, rows, write
from .style import BLUE, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_baselines(
    table: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the branching ratio on each baseline, with its interval.

    Parameters
    ----------
    table : DataFrame
        What ``excitation_by_baseline`` returned: `background`, `branching_ratio`, `low`, `high`
        and `ratio_if_free`.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on, the smallest ratio on top; hollow: the ratio where the rates of the
        background are free.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_baselines
    >>> table = pd.DataFrame({"background": ["one rate throughout"], "branching_ratio": [0.65],
    ...                       "low": [0.45], "high": [0.88], "ratio_if_free": [0.65]})
    >>> [text.get_text() for text in plot_baselines(table, ax=Figure().add_subplot()).texts]
    ['0.65 (0.45–0.88)']
    """
    ax = begin(ax, table, ["background", "branching_ratio", "low", "high", "ratio_if_free"])
    table = table.sort_values("branching_ratio", kind="stable", ignore_index=True)
    ax.hlines(table.index, table["low"], table["high"], color=BLUE, linewidth=1.6)
    ax.plot(table["ratio_if_free"], table.index, "o", mfc="white", mec=INK, markersize=6)
    ax.plot(table["branching_ratio"], table.index, "o", color=BLUE, markersize=5)
    for place, row in enumerate(rows(table)):
        words = f"{row.branching_ratio:.2f} ({row.low:.2f}–{row.high:.2f})"
        write(ax, words, (row.high, place), (6, 0), va="center")
    name_rows(ax, list(table["background"]))
    ax.set_xlim(0, float(table["high"].max()) * 1.35)
    ax.set_xlabel("branching ratio, 95 % interval; hollow: rates left free", loc="left")
    return finish(ax, table, source)

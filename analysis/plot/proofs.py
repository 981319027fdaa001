"""Pictures of simulations in which the truth is known: false alarms and coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .style import BLUE, INK, ORANGE, PALE, PURPLE, RED, VIOLET, axes, credit, need

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: How each test is drawn where many stand together, and how it reads.
TESTS: dict[str, dict[str, Any]] = {
    "event_study": {"marker": "D", "color": BLUE, "label": "all shifts (ours)"},
    "years_permuted": {"marker": "s", "color": BLUE, "label": "years permuted (ours)"},
    "within_era": {"marker": "^", "color": BLUE, "label": "within era (ours)"},
    "regression": {"marker": "o", "color": BLUE, "label": "regression (ours)"},
    "dates_redrawn": {"marker": "X", "color": RED, "label": "dates redrawn"},
    "coincidence_analytic": {"marker": "P", "color": ORANGE, "label": "coincidence, analytic"},
    "poisson_daily": {"marker": "v", "color": PURPLE, "label": "Poisson, daily"},
    "negative_binomial_weekly": {"marker": "*", "color": VIOLET, "label": "neg. binomial, weekly"},
}


def plot_size(
    sizes: pd.DataFrame,
    *,
    side: str = "above",
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how often each test raises a false alarm in worlds without any link.

    Parameters
    ----------
    sizes : DataFrame
        A row a world, test and side: `world`, `test`, `side`, `share` (of histories with
        p < .10 on that side of ratio 1), `n_histories`.
    side : {"above", "below"}
        Alarms of more launches, or of fewer.
    source : str, optional
        Source line; a line on the simulations if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on: worlds downwards, shares across with the line of the right value, .05.

    Raises
    ------
    ValueError
        If a column is missing, the side does not occur or a test is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_size
    >>> sizes = pd.DataFrame({"world": "bursty", "test": ["event_study", "dates_redrawn"],
    ...     "side": "above", "share": [0.05, 0.15], "n_histories": 500})
    >>> ax = Figure().add_subplot()
    >>> len(plot_size(sizes, ax=ax).get_legend().get_texts())
    2
    """
    need(sizes, "world", "test", "side", "share", "n_histories")
    part = sizes[sizes["side"] == side]
    if part.empty:
        msg = f"no shares for the side {side!r}; there are: {', '.join(sizes['side'].unique())}"
        raise ValueError(msg)
    ax = axes(ax)
    _draw_shares(ax, part, nominal=0.05)
    ax.set_xlim(-0.02, max(0.2, float(sizes["share"].max()) * 1.08))
    ax.set_xlabel("share of histories with a false alarm")
    credit(ax, _simulated(part) if source is None else source)
    return ax


def plot_coverage(
    coverage: pd.DataFrame,
    *,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how often the 95 % intervals hold the true ratio in simulated worlds.

    Parameters
    ----------
    coverage : DataFrame
        A row a world, test and planted ratio: `world`, `test`, `true_ratio`, `share`,
        `n_histories`.
    source : str, optional
        Source line; a line on the simulations if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on: worlds downwards, shares across with the line of the right value, .95.

    Raises
    ------
    ValueError
        If a column is missing or a test is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_coverage
    >>> coverage = pd.DataFrame({"world": "bursty", "test": "event_study",
    ...     "true_ratio": [0.5, 2.0], "share": [0.94, 0.96], "n_histories": 500})
    >>> ax = Figure().add_subplot()
    >>> [label.get_text() for label in plot_coverage(coverage, ax=ax).get_yticklabels()]
    ['bursty']
    """
    need(coverage, "world", "test", "true_ratio", "share", "n_histories")
    ax = axes(ax)
    _draw_shares(ax, coverage, nominal=0.95)
    ax.set_xlim(min(0.8, float(coverage["share"].min()) - 0.03), 1.01)
    ax.set_xlabel("share of 95 % intervals that hold the truth")
    credit(ax, _simulated(coverage) if source is None else source)
    return ax


def _draw_shares(ax: Axes, table: pd.DataFrame, *, nominal: float) -> None:
    """Draw shares by world and test beside the right value and the play of chance around it."""
    unknown = sorted(set(table["test"]) - set(TESTS))
    if unknown:
        msg = f"unknown test {unknown[0]!r}; known: {', '.join(TESTS)}"
        raise ValueError(msg)
    worlds = list(dict.fromkeys(table["world"]))
    n = int(table["n_histories"].min())
    chance = 1.96 * np.sqrt(nominal * (1 - nominal) / n)
    ax.axvspan(nominal - chance, nominal + chance, color="#e4e4e8", zorder=0.5)
    ax.axvline(nominal, color=INK, linewidth=1, linestyle=(0, (5, 3)), zorder=1)
    present = [name for name in TESTS if name in set(table["test"])]
    for place, name in enumerate(present):
        part = table[table["test"] == name]
        # tests of one world stand under each other, so that no mark hides another
        shift = 0.32 - 0.64 * place / max(1, len(present) - 1) if len(present) > 1 else 0
        heights = [len(worlds) - 1 - worlds.index(world) + shift for world in part["world"]]
        ax.plot(part["share"], heights, linestyle="", markersize=6, markeredgecolor=INK,
                markeredgewidth=0.5, clip_on=False, zorder=3, **TESTS[name])  # fmt: skip
    for edge in range(1, len(worlds)):
        ax.axhline(edge - 0.5, color=PALE, linewidth=0.6)
    ax.set_yticks(range(len(worlds)), [world.replace("_", " ") for world in worlds[::-1]])
    ax.set_ylim(-0.55, len(worlds) - 0.45)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.legend(loc="lower right", handletextpad=0.1, borderaxespad=0.2)


def _simulated(table: pd.DataFrame) -> str:
    """Return the source line of a picture of simulations."""
    return f"Source: {int(table['n_histories'].min()):,} simulated histories of each world"

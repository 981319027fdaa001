"""Forest plots: rate ratios with their intervals, a row each, beside the line of no difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import need_filled
from .names import labels
from .parts import begin, finish, name_rows, p_text, rows, side_texts, write
from .style import BLUE, GRID, INK, MUTED, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

#: Rate ratios drawn; what lies beyond is drawn as an arrow at the edge.
LOWEST, HIGHEST = 1 / 16, 16.0
RATIOS = {2.0**k: f"1/{2**-k}" if k < 0 else str(2**k) for k in range(-4, 5)}

#: A blank as wide as a digit.
_FIGURE_SPACE = "\u2007"


def plot_effects(
    effects: pd.DataFrame,
    *,
    by: str | None = None,
    p_value: str = "p_adjusted",
    compared: str = "launch days inside the window, as a rate over the rate outside",
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw rate ratios with their intervals, one row each, beside the ratios that would be seen.

    Parameters
    ----------
    effects : DataFrame
        What ``event_study(...)``, ``regression(...)`` or ``seasonality(...)`` returned:
        `rate_ratio`, `low`, `high`, the column `p_value` names, and a name in `label`, `group`
        or `term`; drawn in the order of the table. If there, these are drawn too: `n_events` (in
        brackets), `window_start` and `window_end` (where a group has several windows),
        `observed` and `expected` (at the right, instead of the ratio in numbers), and
        `detectable_above` with `detectable_below` (see ``power``): a pale band covers the ratios
        too near 1 to be found, to the edge on a side on which no ratio would be.
    by : str, optional
        Column whose values stand as headings over the rows.
    p_value : str
        Column of p-values; below .05 a row is blue.
    compared : str
        What the ratio compares, for the axis.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on; the ratio is logarithmic, and what lies outside 1/16 to 16 an arrow.

    Raises
    ------
    ValueError
        If a column is missing or the table is empty.

    See Also
    --------
    describe_effects : the same in words.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_effects
    >>> effects = pd.DataFrame({"group": ["parades"], "n_events": [15], "observed": [11],
    ...     "expected": [10.9], "rate_ratio": [1.01], "low": [0.4], "high": [2.5],
    ...     "p_adjusted": [0.97]})
    >>> ax = Figure().add_subplot()
    >>> [label.get_text() for label in plot_effects(effects, ax=ax).get_yticklabels()]
    ['parades (15)']
    """
    ax = begin(ax, effects, ["rate_ratio", "low", "high", p_value, *([by] if by else [])])
    need_filled(effects, {"n_events", "observed", "expected"} & set(effects), "the table")
    if effects.empty:
        raise ValueError("the table of effects is empty: nothing to draw")
    at, headings = _rows_and_headings(effects, by)
    if "detectable_above" in effects:
        _cover_undetectable(ax, effects, at)
    _draw_ratios(ax, effects, at, sure=effects[p_value] < 0.05)
    ax.axvline(1, color=INK, linewidth=1, zorder=1.2)
    name_rows(ax, [*_row_labels(effects), *headings.values()], at=[*at, *headings])
    for label in ax.get_yticklabels()[len(at) :]:
        label.set_fontweight("bold")
    ax.set_ylim(top=-1)  # room for the head of the numbers
    ratio_axis(ax.xaxis)
    _write_numbers(ax, effects, at, p_value)
    return finish(ax, effects, source, xlabel=compared, xlim=(LOWEST / 1.12, HIGHEST * 1.12))


def ratio_axis(axis: Axis, step: int = 1) -> None:
    """Make an axis one of rate ratios, with every `step`-th power of two named."""
    scale = axis.axes.set_xscale if axis is axis.axes.xaxis else axis.axes.set_yscale
    scale("log")
    axis.set_ticks(list(RATIOS)[::step], list(RATIOS.values())[::step])
    axis.axes.minorticks_off()


def _rows_and_headings(effects: pd.DataFrame, by: str | None) -> tuple[np.ndarray, dict[int, str]]:
    """Return the place of each row, and the headings by their place."""
    if by is None:
        return np.arange(len(effects)), {}
    first = ~effects[by].duplicated().to_numpy()
    at = np.arange(len(effects)) + first.cumsum()  # each heading moves what follows down by one
    return at, dict(zip((at[first] - 1).tolist(), effects.loc[first, by], strict=True))


def _row_labels(effects: pd.DataFrame) -> list[str]:
    """Name each row, with its number of events, and with its window where there are several.

    A group's name stands on the first of its windows only.
    """
    name = next((c for c in ("label", "group", "term") if c in effects), "group")
    need_filled(effects, [name], "the table")
    names = pd.Series(labels(effects, name), effects.index)
    if "n_events" in effects:
        names += effects["n_events"].map(" ({:,})".format)
    if "window_start" not in effects or not effects[name].duplicated().any():
        return names.tolist()
    names = names.where(~effects[name].duplicated(), "")
    windows = [f"{row.window_start} to {row.window_end}" for row in rows(effects)]
    return [f"{name}  {window}".strip() for name, window in zip(names, windows, strict=True)]


def _cover_undetectable(ax: Axes, effects: pd.DataFrame, at: np.ndarray) -> None:
    """Cover the ratios too near 1 to be found: to the edge on a side where none would be."""
    need_filled(effects, ["detectable_below"], "the table")
    left = effects["detectable_below"].fillna(0).clip(lower=LOWEST / 1.12)
    right = effects["detectable_above"].fillna(np.inf).clip(upper=HIGHEST * 1.12)
    asked = effects[["detectable_above", "detectable_below", "rate_ratio"]].notna().any(axis=1)
    width = (right - left).where(asked, 0)
    ax.barh(at, width, left=left, height=0.8, color=GRID, linewidth=0, zorder=0.8)


def _draw_ratios(ax: Axes, effects: pd.DataFrame, at: np.ndarray, *, sure: pd.Series) -> None:
    """Draw ratios with their intervals: hollow, or arrows, where they leave the axis."""
    low, high, ratio = (effects[name] for name in ("low", "high", "rate_ratio"))
    color: Any = np.where(sure, BLUE, INK)
    ends = low.clip(LOWEST, HIGHEST), high.clip(LOWEST, HIGHEST)
    ax.hlines(at, *ends, colors=color, linewidth=1.8)
    for beyond, edge, marker in ((low < LOWEST, LOWEST, "<"), (high > HIGHEST, HIGHEST, ">")):
        arrow: Any = {"s": 25, "c": color[beyond], "marker": marker, "zorder": 2}
        ax.scatter(np.full(beyond.sum(), edge), at[beyond], **arrow)
    shown = ratio.between(LOWEST, HIGHEST)
    for part, marker in ((sure, "D"), (~sure & ratio.notna(), "o")):
        dot: Any = {"s": 42, "marker": marker, "edgecolor": color[part], "linewidth": 1.4}
        dot["c"] = np.where(shown[part], color[part], "white")
        ax.scatter(ratio[part].clip(LOWEST, HIGHEST), at[part], zorder=3, **dot)
    beside: Any = {"va": "center", "color": MUTED, "fontsize": SMALL}
    for place in at[ratio.isna()]:
        write(ax, "nothing to compare", (1, place), (6, 0), **beside)


def _write_numbers(ax: Axes, effects: pd.DataFrame, at: np.ndarray, p_value: str) -> None:
    """Write seen and expected launch days, or the ratio, and p at the right of the rows."""
    p = effects[p_value]
    if {"observed", "expected"} <= set(effects.columns):
        seen = zip(effects["observed"], effects["expected"], p.map(p_text), strict=True)
        texts = [f"{n:>3.0f} / {e:<5.1f}  {p}" for n, e, p in seen]
        head = "seen / exp.  adj. p" if p_value == "p_adjusted" else "seen / exp.  p"
        side_texts(ax, [-0.7, *at], [head, *(text.replace(" ", _FIGURE_SPACE) for text in texts)])
        return
    ratios = zip(effects["rate_ratio"], effects["low"], effects["high"], p, strict=True)
    texts = [f"{r:.2f} ({low:.2f}–{high:.2f}), {p_text(p, 'p')}" for r, low, high, p in ratios]
    side_texts(ax, at.tolist(), texts)


#: What an interval may exclude without the other.
_ALONE = ("a doubling", "a halving")


def describe_effects(effects: pd.DataFrame) -> str:
    """Put a table of effects into words: what it cannot tell comes first.

    Parameters
    ----------
    effects : DataFrame
        As for :func:`plot_effects`, with `excludes`, `detectable_above` and `detectable_below`.

    Returns
    -------
    str
        Four sentences: links that survive the correction for many tests, what the intervals
        exclude, for how many kinds of event a doubling and a halving could both be detected
        reliably (in four of five histories), and for how many not even a complete halt.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> effects = pd.DataFrame({"group": ["parades"], "rate_ratio": [1.01], "low": [0.4],
    ...     "high": [2.5], "excludes": ["neither"], "p_adjusted": [0.97],
    ...     "detectable_above": [2.9], "detectable_below": [float("nan")]})
    >>> describe_effects(effects).partition(". ")[0]
    'No link survives correction for many tests'
    """
    detectable = ["detectable_above", "detectable_below"]
    ratios = ["rate_ratio", "low", "high", "excludes", "p_adjusted"]
    need_filled(effects, ["group", *ratios, *detectable], "the table")
    named = effects.assign(label=labels(effects, "group"))
    excluded = effects["excludes"].value_counts()
    alone = ", ".join(f"{name} alone for {excluded.get(name, 0)}" for name in _ALONE)
    both = ((effects["detectable_above"] <= 2) & (effects["detectable_below"] >= 0.5)).sum()
    halt = (effects["detectable_above"].notna() & effects["detectable_below"].isna()).sum()
    found = "; ".join(
        f"{row.label} {row.rate_ratio:.2f} ({row.low:.2f} to {row.high:.2f}), "
        f"{p_text(row.p_adjusted, 'p')}"
        for row in rows(named[named["p_adjusted"] < 0.05])
    )
    stood = f"Links that survive correction for many tests, as associations: {found}"
    first = stood if found else "No link survives correction for many tests"
    return (
        f"{first}. For {excluded.get('neither', 0)} of {len(effects)} kinds of event the 95 % "
        "interval excludes neither a doubling nor a halving, so that the record cannot tell; it "
        f"excludes {alone}, both for {excluded.get('both', 0)}. For {both or 'none'} could both a "
        f"doubling and a halving be detected reliably; for {halt or 'none'} not even a complete "
        "halt."
    )

"""Pictures of a specification curve: every choice, and what it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .style import BLUE, GREY, INK, PALE, RED, SMALL, axes, credit, need

if TYPE_CHECKING:
    from matplotlib.axes import Axes

from .links import LEAST, MOST, RATIO_LABELS, RATIOS


def plot_specifications(
    curve: pd.DataFrame,
    *,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the rate ratio under every specification, by rising ratio.

    Parameters
    ----------
    curve : DataFrame
        What ``specification_curve(...)`` returned: `rate_ratio`, `low`, `high`, `p_value`.
        Specifications with nothing to compare are left out.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on: specifications across, the ratio logarithmic.

    Raises
    ------
    ValueError
        If a column is missing or no specification has a ratio.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_specifications
    >>> curve = pd.DataFrame({"rate_ratio": [0.5, 2.0], "low": [0.2, 1.1], "high": [1.4, 4.0],
    ...     "p_value": [0.3, 0.02]})
    >>> ax = Figure().add_subplot()
    >>> [text.get_text() for text in plot_specifications(curve, ax=ax).get_legend().get_texts()]
    ['p ≥ .05 (1)', 'p < .05 (1)']
    """
    need(curve, "rate_ratio", "low", "high", "p_value")
    curve = _ranked(curve)
    ax = axes(ax)
    ratio = curve["rate_ratio"].clip(LEAST, MOST)
    ax.fill_between(
        curve.index, curve["low"].clip(LEAST, MOST), curve["high"].clip(LEAST, MOST),
        color="#e4e4e8", step="mid", linewidth=0,
    )  # fmt: skip
    sure = curve["p_value"] < 0.05
    plain: dict[str, Any] = {"marker": "o", "s": 7, "color": GREY, "label": "p ≥ .05"}
    marked: dict[str, Any] = {"marker": "D", "s": 9, "color": BLUE, "label": "p < .05"}
    for part, look in ((~sure, plain), (sure, marked)):
        look["label"] = f"{look['label']} ({part.sum():,})"
        ax.scatter(curve.index[part], ratio[part], linewidth=0, zorder=3, **look)
    ax.axhline(1, color=INK, linewidth=1)
    median = curve["rate_ratio"].median()
    ax.axhline(median, color=RED, linewidth=1.1, linestyle=(0, (5, 3)))
    ax.annotate(
        f"median {median:.2f}", (0.99, median), xycoords=("axes fraction", "data"),
        xytext=(0, -3), textcoords="offset points", ha="right", va="top", fontweight="bold",
    )  # fmt: skip
    ax.set_yscale("log", base=2)
    ax.set_ylim(LEAST * 0.9, MOST)
    ax.set_yticks(RATIOS[::2], RATIO_LABELS[::2])
    ax.minorticks_off()
    ax.set_xlim(-0.02 * len(curve), 1.02 * len(curve))
    ax.set_xlabel("specifications, by rising ratio")
    ax.set_ylabel("rate ratio")
    ax.legend(loc="upper left", markerscale=2, handletextpad=0.1, borderaxespad=0.1)
    credit(ax, source)
    return ax


def _ranked(curve: pd.DataFrame) -> pd.DataFrame:
    """Specifications that have a ratio, by rising ratio, numbered from 0."""
    known = curve.dropna(subset=["rate_ratio"])
    if known.empty:
        msg = "no specification has a rate ratio: nothing to draw"
        raise ValueError(msg)
    return known.sort_values("rate_ratio", kind="stable", ignore_index=True)


#: Choices of a specification that :func:`plot_choices` draws, and how they read.
CHOICES = {"window": "days", "rule": "rule", "period_start": "from", "event_set": "events",
           "null": "null", "adjust": "strata"}  # fmt: skip


def plot_choices(
    curve: pd.DataFrame,
    *,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw which choices each specification made, in the order of :func:`plot_specifications`.

    Parameters
    ----------
    curve : DataFrame
        What ``specification_curve(...)`` returned: `rate_ratio` and the columns of the choices.
        A choice that never varies has no rows.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on: specifications across, a row an option, its median ratio to the right.

    Raises
    ------
    ValueError
        If a column is missing or no specification has a ratio.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_choices
    >>> curve = pd.DataFrame({"rate_ratio": [0.5, 2.0], "window": ["0..6", "during"],
    ...     "rule": "days", "period_start": pd.Timestamp("2012-01-01"), "event_set": "sourced",
    ...     "null": "circular_shift", "adjust": "month x era"})
    >>> ax = Figure().add_subplot()
    >>> [label.get_text() for label in plot_choices(curve, ax=ax).get_yticklabels()]
    ['days 0 to 6', 'during']
    """
    need(curve, "rate_ratio", *CHOICES)
    curve = _ranked(curve)
    curve["period_start"] = _periods(curve)
    ax = axes(ax)
    labels: list[str] = []
    medians: list[str] = []
    for column in CHOICES:
        options = list(dict.fromkeys(curve[column].sort_values(key=_window_order)))
        if len(options) < 2:
            continue
        for option in options:
            of_it = curve.index[curve[column] == option]
            ax.plot(of_it, np.full(len(of_it), len(labels)), "|", color=BLUE, markersize=5.5,
                    markeredgewidth=0.55, alpha=0.8)  # fmt: skip
            labels.append(_option(column, option))
            medians.append(f"{curve.loc[of_it, 'rate_ratio'].median():.2f}")
        ax.axhline(len(labels) - 0.5, color=PALE, linewidth=0.8)
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -1.3)
    side = ax.secondary_yaxis("right")
    side.set_yticks([-0.9, *range(len(labels))], ["median", *medians], fontsize=SMALL + 0.5)
    side.tick_params(length=0)
    side.spines[:].set_visible(False)
    ax.set_xlim(-0.02 * len(curve), 1.02 * len(curve))
    ax.set_xlabel("specifications, by rising ratio")
    ax.grid(visible=False)
    ax.tick_params(axis="y", length=0)
    credit(ax, source)
    return ax


def _periods(curve: pd.DataFrame) -> pd.Series:
    """Name each period by its years."""
    first = curve["period_start"].dt.year.astype(str)
    if "period_end" not in curve.columns:
        return first
    return first + "-" + curve["period_end"].dt.year.astype(str)


def _window_order(values: pd.Series) -> pd.Series:
    """Sort windows by their days and put "during" last; other names by letter."""

    def key(text: str) -> str:
        first, dots, last = str(text).partition("..")
        return f"{int(first) + 500:04d}{int(last) + 500:04d}" if dots else str(text)

    return values.map(key)


def _option(column: str, option: str) -> str:
    """Write one option of a choice as a label."""
    if column == "window" and ".." in option:
        return "days " + option.replace("..", " to ").replace("-", "−")
    if column == "rule":
        named = {"days": "rule: all days", "cns": "rule: CNS", "csis": "rule: CSIS"}
        return named.get(option, f"rule: {option}")
    return option.replace("_", " ")

"""A specification curve: what every choice leads to, and the choices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import seaborn as sns

from ..errors import need_filled
from .forest import HIGHEST, LOWEST, ratio_axis
from .names import as_words, rule_label
from .parts import as_it_stands, begin, finish, name_rows, side_texts, write
from .style import BLUE, DASHED, DOT, GREY, GRID, INK, LIGHT, PALE, RED, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Choices of a specification that are drawn, and what stands before their options.
CHOICES = {
    "window": "days",
    "rule": "rule",
    "period": "",
    "event_set": "",
    "null": "",
    "adjust": "",
}


def plot_specifications(
    curve: pd.DataFrame,
    *,
    choices: Axes | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the rate ratio under every specification, by rising ratio, and the choices it made.

    Parameters
    ----------
    curve : DataFrame
        What ``specification_curve(...)`` returned: `rate_ratio`, `low`, `high`, `p_value`; for
        `choices` also `window`, `rule`, `period_start`, `period_end`, `event_set`, `null`,
        `adjust`. Specifications with nothing to compare are left out.
    choices : Axes, optional
        Where to draw which specifications made which choice, best under `ax`: a row an option
        with its median ratio at the right. A choice that never varies has no rows.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw the ratios; the current axes by default.

    Returns
    -------
    Axes
        The axes of the ratios: specifications across, the ratio logarithmic.

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
    ax = begin(ax, curve, ["rate_ratio", "low", "high", "p_value"])
    known = curve.dropna(subset=["rate_ratio"])
    if known.empty:
        raise ValueError("no specification has a rate ratio: nothing to draw")
    ranked = known.sort_values("rate_ratio", kind="stable", ignore_index=True)
    _draw_curve(ax, ranked)
    if choices is not None:
        _draw_choices(choices, ranked)
    for one in filter(None, (ax, choices)):
        one.set_xlim(-0.02 * len(ranked), 1.02 * len(ranked))
        one.set_xlabel("specifications, by rising ratio" if one is choices or not choices else "")
        as_it_stands(one)
    return finish(ax, curve, source)


def plot_choices(curve: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the rate ratios that each choice of a specification leads to.

    Parameters
    ----------
    curve : DataFrame
        As for :func:`plot_specifications` with `choices`.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on, a row for all specifications and one for each option: a line over the
        middle nine in ten of the ratios, a dot at the median.

    Raises
    ------
    ValueError
        If a column is missing or no specification has a ratio.

    See Also
    --------
    plot_specifications : each specification by itself.
    """
    ax = begin(ax, curve, ["rate_ratio"])
    known = curve.dropna(subset=["rate_ratio"]).reset_index(drop=True)
    if known.empty:
        raise ValueError("no specification has a rate ratio: nothing to draw")
    made = _choices(known)
    everything = known.assign(choice="all", label=f"all {len(known):,} ways")
    groups = pd.concat([everything, made]).groupby(["choice", "label"], sort=False)["rate_ratio"]
    ends = [groups.quantile(share).clip(LOWEST, HIGHEST) for share in (0.05, 0.5, 0.95)]
    choice = ends[1].index.get_level_values("choice").to_series()
    at = np.arange(len(choice)) + 0.5 * (choice.ne(choice.shift()).cumsum() - 1).to_numpy()
    ax.axvline(1, color=INK, linewidth=1)
    ax.hlines(at, ends[0], ends[2], color=LIGHT, linewidth=6)
    ax.plot(ends[1], at, "o", **DOT, markersize=7)
    for place, middle, high in zip(at, *ends[1:], strict=True):
        write(ax, f"{middle:.2f}", (high, place), (7, 0), va="center", fontsize=SMALL)
    name_rows(ax, ends[1].index.get_level_values("label").tolist(), at=at.tolist())
    ratio_axis(ax.xaxis)
    xlim = max(LOWEST, ends[0].min() / 1.2), min(HIGHEST, ends[2].max() * 1.6)
    return finish(ax, curve, source, xlabel="rate inside over outside", xlim=xlim)


def _draw_curve(ax: Axes, curve: pd.DataFrame) -> None:
    """Draw the ratios with their intervals, those with a p below .05 marked."""
    low, high, ratio = (curve[name].clip(LOWEST, HIGHEST) for name in ("low", "high", "rate_ratio"))
    ax.fill_between(curve.index, low, high, color=GRID, step="mid", linewidth=0)
    sure = curve["p_value"] < 0.05
    names = [f"p ≥ .05 ({(~sure).sum():,})", f"p < .05 ({sure.sum():,})"]
    named = sure.map({False: names[0], True: names[1]})
    looks: dict[str, Any] = {"hue": named, "hue_order": names, "style": named}
    looks["palette"] = dict(zip(names, (GREY, BLUE), strict=True))
    looks["markers"] = dict(zip(names, ("o", "D"), strict=True))
    sns.scatterplot(x=curve.index, y=ratio, **looks, s=8, linewidth=0, zorder=3, ax=ax)
    ax.axhline(1, color=INK, linewidth=1)
    median = curve["rate_ratio"].median()
    ax.axhline(median, **DASHED | {"color": RED})
    at, inside = (0.99, median), {"xycoords": ("axes fraction", "data"), "fontweight": "bold"}
    write(ax, f"median {median:.2f}", at, (0, -3), ha="right", va="top", **inside)
    ratio_axis(ax.yaxis, step=2)
    ax.set(ylim=(LOWEST * 0.9, HIGHEST), ylabel="rate ratio")
    ax.legend(loc="upper left", markerscale=2, handletextpad=0.1, borderaxespad=0.1)


def _draw_choices(ax: Axes, curve: pd.DataFrame) -> None:
    """Draw which specifications made which choice, an option a row with its median ratio."""
    made = _choices(curve)
    medians = made.groupby(["choice", "label"], sort=False)["rate_ratio"].median()
    names = medians.index.get_level_values("label").tolist()
    marks: dict[str, Any] = {"marker": "|", "size": 5.5, "linewidth": 0.55, "alpha": 0.8}
    sns.stripplot(made, x="rank", y="label", order=names, jitter=False, color=BLUE, **marks, ax=ax)
    name_rows(ax, names)
    side_texts(ax, [-0.9, *range(len(names))], ["median", *(f"{m:.2f}" for m in medians)])
    starts = medians.reset_index()["choice"].duplicated()
    for place in starts.index[~starts][1:]:
        ax.axhline(place - 0.5, color=PALE, linewidth=0.8)
    ax.set_ylim(top=-1.3)  # room for the head of the medians
    ax.set_ylabel("")
    ax.grid(visible=False)


def _choices(curve: pd.DataFrame) -> pd.DataFrame:
    """List which specification made which choice, options in their order, varied choices only."""
    period = ["period_start", "period_end"]
    need_filled(curve, [*(set(CHOICES) - {"period"}), *period], "the table")
    first, last = (curve[name].dt.year.astype(str) for name in period)
    table = curve.assign(
        period=first + " to " + last,
        rule=curve["rule"].map(rule_label),
        window=curve["window"].str.replace("..", " to ", regex=False),
        rank=curve.index,
    )
    made = table.melt(["rank", "rate_ratio"], list(CHOICES), "choice", "option")
    made = made[made.groupby("choice")["option"].transform("nunique") > 1]
    made["label"] = (made["choice"].map(CHOICES) + " " + made["option"].map(as_words)).str.strip()
    place = list(CHOICES).index
    pairs = zip(made["choice"], made["option"], strict=True)
    keys = [(place(choice), _numbers_in(option), option) for choice, option in pairs]
    return made.iloc[sorted(range(len(keys)), key=keys.__getitem__)]


def _numbers_in(text: str) -> list[float]:
    """Return the numbers in a text, to sort by; a text without any comes last."""
    return [float(number) for number in re.findall(r"-?\d+", text)] or [float("inf")]

"""Pictures of statements held against the record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .counting import rule_label
from .style import BLUE, GREY, INK, MUTED, ORANGE, PALE, RED, axes, credit, need

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: How each verdict is drawn: a sign of its own, so that colour is not needed.
VERDICTS: dict[str, dict[str, Any]] = {
    "supported": {"marker": "o", "color": BLUE},
    "supported only under a rule": {"marker": "o", "color": ORANGE, "fillstyle": "left"},
    "contradicted": {"marker": "X", "color": RED},
    "cannot be checked": {"marker": "o", "color": GREY, "fillstyle": "none"},
}


def plot_published(
    held: pd.DataFrame,
    *,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw published counts against the record's, marked by whether they agree.

    Parameters
    ----------
    held : DataFrame
        A row a claim: `value` (published), `observed` (the record's, missing where it cannot be
        counted) and `agrees`. Claims without `observed` are left out and counted in the key.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on, both logarithmic from 1 with a place for 0.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import plot_published
    >>> held = pd.DataFrame({"value": [32, 90], "observed": [32, 79], "agrees": [True, False]})
    >>> [text.get_text() for text in plot_published(held).get_legend().get_texts()]
    ['agree (1)', 'do not agree (1)']
    """
    need(held, "value", "observed", "agrees")
    ax = axes(ax)
    seen = held.dropna(subset=["observed"])
    top = float(max(seen["value"].max(), seen["observed"].max(), 1)) * 1.3
    ax.plot([0, top], [0, top], color=MUTED, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    agree, differ = seen[seen["agrees"]], seen[~seen["agrees"]]
    ax.scatter(
        agree["value"], agree["observed"], s=42, color=BLUE, edgecolor=INK, linewidth=0.6,
        alpha=0.65, label=f"agree ({len(agree):,})", zorder=2,
    )  # fmt: skip
    ax.scatter(
        differ["value"], differ["observed"], s=44, color=RED, marker="x", linewidth=1.6,
        label=f"do not agree ({len(differ):,})", zorder=3,
    )  # fmt: skip
    if len(seen) < len(held):
        ax.plot([], [], " ", color=GREY, label=f"not countable here ({len(held) - len(seen):,})")
    for set_scale, set_limits in ((ax.set_xscale, ax.set_xlim), (ax.set_yscale, ax.set_ylim)):
        set_scale("symlog", linthresh=1, linscale=0.4)
        set_limits(-0.25, top)
    marks = [v for v in (0, 1, 2, 5, 10, 20, 50, 100, 200, 500) if v <= top]
    ax.set_xticks(marks, [str(v) for v in marks])
    ax.set_yticks(marks, [str(v) for v in marks])
    ax.minorticks_off()
    ax.grid(visible=True, axis="both")
    ax.set_aspect("equal")
    ax.set_xlabel("published count")
    ax.set_ylabel("count from the record, under the outlet's rule")
    ax.legend(loc="upper left", handletextpad=0.3)
    credit(ax, source)
    return ax


def plot_verdicts(
    judged: pd.DataFrame,
    *,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw which statement holds in which setting, one sign a verdict.

    Parameters
    ----------
    judged : DataFrame
        A row a statement and setting: `claim`, `setting`, `verdict`, as
        ``article_settings(launches, events)`` returned. Drawn in the order of the table.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on: statements downwards, settings across.

    Raises
    ------
    ValueError
        If a column is missing or a verdict is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import plot_verdicts
    >>> judged = pd.DataFrame({"claim": ["friday", "one-missile"], "setting": "January 2022",
    ...                        "verdict": ["contradicted", "supported"]})
    >>> [label.get_text() for label in plot_verdicts(judged).get_yticklabels()]
    ['Friday', 'one missile']
    """
    need(judged, "claim", "setting", "verdict")
    unknown = sorted(set(judged["verdict"]) - set(VERDICTS))
    if unknown:
        msg = f"unknown verdict {unknown[0]!r}; known: {', '.join(VERDICTS)}"
        raise ValueError(msg)
    ax = axes(ax)
    claims, settings = (list(dict.fromkeys(judged[name])) for name in ("claim", "setting"))
    for verdict, look in VERDICTS.items():
        cells = judged[judged["verdict"] == verdict]
        if cells.empty:
            continue
        x = [settings.index(name) for name in cells["setting"]]
        y = [claims.index(name) for name in cells["claim"]]
        ax.plot(
            x, y, linestyle="", markersize=10, markeredgecolor=INK, markeredgewidth=0.8,
            markerfacecoloralt="white", label=verdict, **look,
        )  # fmt: skip
    ax.set_xticks(range(len(settings)), [_setting_label(name) for name in settings])
    ax.set_yticks(range(len(claims)), [_claim_label(name) for name in claims])
    ax.set_xlim(-0.6, len(settings) - 0.4)
    ax.set_ylim(len(claims) - 0.4, -0.6)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.grid(visible=True, axis="both", color=PALE, linewidth=0.6)
    ax.spines[:].set_visible(False)
    ax.legend(loc="upper center", bbox_to_anchor=(0.3, -0.01), ncols=3, handletextpad=0.2)
    credit(ax, source)
    return ax


def _setting_label(setting: str) -> str:
    """Break a setting such as "9 November 2022 (cnn)" into short lines."""
    when, _, rules = setting.rstrip(")").partition(" (")
    lines = re.sub(r"([A-Z][a-z]{2})[a-z]*", r"\1", when).replace(" 20", "\n20")
    names = [rule_label(rule) for rule in re.split(r"[,;] ?", rules) if rule]
    return "\n".join([lines, *names])


def _claim_label(claim: str) -> str:
    """Write the name of a statement as a label."""
    text = claim.replace("-", " ").replace("thirty second", "thirty-second")
    proper = r"\b(friday|hamhung|olympics|thursday|kishida)\b"
    return re.sub(proper, lambda match: match[0].capitalize(), text)

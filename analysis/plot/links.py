"""Pictures of launches beside context events: associations, and what could have been seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .style import BLUE, INK, MUTED, PALE, RED, SMALL, axes, credit, need, rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Rate ratios drawn; what lies beyond is drawn as an arrow at the edge.
LEAST, MOST = 1 / 16, 16.0
RATIOS = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16)
RATIO_LABELS = ("1/16", "1/8", "1/4", "1/2", "1", "2", "4", "8", "16")

_WORDS = {
    "asian": "Asian", "china": "China", "chinese": "Chinese", "inter": "inter-", "japan": "Japan",
    "korean": "Korean", "nk": "North Korean", "olympic": "Olympic", "olympics": "Olympics",
    "paralympics": "Paralympics", "post": "-post", "rok": "South Korean", "russia": "Russia",
    "un": "UN", "us": "US",
}  # fmt: skip
_TALKS = {"us": "talks with the US", "inter_korean": "inter-Korean talks"}
_COUNTRIES = ("china", "japan", "russia")


def group_label(group: str) -> str:
    """Write the name of a group of events as a label.

    Parameters
    ----------
    group : str
        A name such as ``"talks_inter_korean"``.

    Returns
    -------
    str
        The label.

    Examples
    --------
    >>> group_label("talks_inter_korean"), group_label("us_elections"), group_label("parades")
    ('inter-Korean talks', 'US elections', 'parades')
    """
    kind, _, other = group.partition("_")
    if kind == "talks" and other in _TALKS:
        return _TALKS[other]
    words = [_WORDS.get(word, word) for word in group.split("_")]
    if kind == "talks" and other in _COUNTRIES:
        words.insert(1, "with")
    text = " ".join(words).replace("- ", "-").replace(" -", "-")
    return text.replace("Olympic games", "Olympic Games").replace("Asian games", "Asian Games")


def plot_effects(
    around: pd.DataFrame,
    *,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw rate ratios with their intervals, one row a group, beside the ratios that would be seen.

    Parameters
    ----------
    around : DataFrame
        What ``event_study(...)`` returned: `group`, `n_events`, `observed`, `expected`,
        `rate_ratio`, `low`, `high`, `p_adjusted`, and `window_start`, `window_end` where a group
        has several windows. With `detectable_above` and `detectable_below` (see ``power``) a pale
        band covers the ratios too near 1 to be found; it runs to the edge on a side on which no
        ratio would be. The table that ``regression(...)`` returned goes too (`term` for `group`).
        Drawn from top to bottom in the order of the table.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on; the ratio is logarithmic, from 1/16 to 16.

    Raises
    ------
    ValueError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_effects
    >>> around = pd.DataFrame({"group": ["parades"], "n_events": [15], "observed": [11],
    ...     "expected": [10.9], "rate_ratio": [1.01], "low": [0.4], "high": [2.5],
    ...     "p_adjusted": [0.97]})
    >>> ax = Figure().add_subplot()
    >>> [label.get_text() for label in plot_effects(around, ax=ax).get_yticklabels()]
    ['parades (15)']
    """
    if "group" not in around.columns and "term" in around.columns:
        around = around.rename(columns={"term": "group"})
    need(around, "group", "n_events", "rate_ratio", "low", "high", "p_adjusted")
    if around.empty:
        msg = "the table of effects is empty: nothing to draw"
        raise ValueError(msg)
    ax = axes(ax)
    heights = np.arange(len(around))[::-1]
    if "detectable_above" in around.columns:
        _hide_undetectable(ax, around, heights)
    ax.axvline(1, color=INK, linewidth=1, zorder=1.2)
    for height, row in zip(heights.tolist(), rows(around), strict=True):
        _draw_effect(ax, row, height)
    ax.set_yticks(heights, _row_labels(around))
    ax.set_ylim(-0.7, len(around))
    _ratio_axis(ax)
    ax.set_xlabel("launch days inside the window, as a rate over the rate outside")
    _write_columns(ax, around, heights)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    credit(ax, source)
    return ax


def describe_effects(around: pd.DataFrame) -> str:
    """Put a table of effects into words: what it cannot tell comes first.

    Parameters
    ----------
    around : DataFrame
        As for :func:`plot_effects`, with `detectable_above` and `detectable_below`.

    Returns
    -------
    str
        Three sentences: groups in which a link could hardly be seen, and links that stand out.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> around = pd.DataFrame({"group": ["parades"], "rate_ratio": [1.01], "low": [0.4],
    ...     "high": [2.5], "p_adjusted": [0.97], "detectable_above": [2.9],
    ...     "detectable_below": [float("nan")]})
    >>> describe_effects(around).partition(".")[0]
    'In 1 of 1 groups even no launch day at all in the windows would be missed: parades'
    """
    need(around, "group", "rate_ratio", "low", "high", "p_adjusted", "detectable_above",
         "detectable_below")  # fmt: skip
    blind = around[around["detectable_below"].isna()]
    weak = ~(around["detectable_above"] <= 2) | ~(around["detectable_below"] >= 0.5)
    names = ", ".join(map(group_label, blind["group"])) or "none"
    found = "; ".join(
        f"{group_label(row.group)} {row.rate_ratio:.2f} ({row.low:.2f} to {row.high:.2f}), "
        f"p = {row.p_adjusted:.3f}"
        for row in rows(around[around["p_adjusted"] < 0.05])
    )
    return (
        f"In {len(blind)} of {len(around)} groups even no launch day at all in the windows would "
        f"be missed: {names}. In {weak.sum()} of {len(around)} a doubling or a halving of the "
        f"rate would be missed more than one time in five. Rate ratios with an adjusted p below "
        f".05, as associations: {found or 'none'}."
    )


def _row_labels(around: pd.DataFrame) -> list[str]:
    """Name each row by its group and number of events, and by its window where there are several.

    A group's name stands on the first of its windows only.
    """
    repeated = around["group"].duplicated(keep=False).any() and "window_start" in around.columns
    labels = []
    for row, again in zip(rows(around), around["group"].duplicated(), strict=True):
        name = "" if again else f"{group_label(row.group)} ({row.n_events:,})"
        window = f"{row.window_start} to {row.window_end}" if repeated else ""
        labels.append("  ".join(filter(None, (name, window))))
    return labels


def _ratio_axis(ax: Axes) -> None:
    """Make the x axis one of rate ratios."""
    ax.set_xscale("log", base=2)
    ax.set_xlim(LEAST / 1.12, MOST * 1.12)
    ax.set_xticks(RATIOS, RATIO_LABELS)
    ax.minorticks_off()


def _hide_undetectable(ax: Axes, around: pd.DataFrame, heights: np.ndarray) -> None:
    """Cover the ratios too near 1 to be found: to the edge on a side where none would be."""
    need(around, "detectable_below")
    known = around[["detectable_above", "detectable_below", "rate_ratio"]].notna().any(axis=1)
    left = around["detectable_below"].fillna(0).clip(lower=LEAST / 1.12)
    right = around["detectable_above"].fillna(np.inf).clip(upper=MOST * 1.12)
    shown = known.to_numpy()
    ax.barh(
        heights[shown], (right - left)[shown], left=left[shown], height=0.8, color="#e9e9ed",
        edgecolor="white", linewidth=0, zorder=0.8,
    )  # fmt: skip


def _draw_effect(ax: Axes, row: Any, height: int) -> None:
    """Draw one ratio with its interval, arrows where they leave the axis."""
    if pd.isna(row.rate_ratio):
        ax.annotate("nothing to compare", (1, height), xytext=(6, 0), va="center",
                    textcoords="offset points", color=MUTED, fontsize=SMALL)  # fmt: skip
        return
    sure = row.p_adjusted < 0.05
    color = BLUE if sure else INK
    low, high = max(row.low, LEAST), min(row.high, MOST)
    ax.plot([low, high], [height, height], color=color, linewidth=1.8, zorder=2)
    for beyond, edge, marker in ((row.low < LEAST, LEAST, "<"), (row.high > MOST, MOST, ">")):
        if beyond:
            ax.plot(edge, height, marker, color=color, markersize=5, zorder=2)
    at = min(max(row.rate_ratio, LEAST), MOST)
    face = color if LEAST <= row.rate_ratio <= MOST else "white"
    ax.plot(at, height, "D" if sure else "o", color=face, markeredgecolor=color, markersize=6.5,
            markeredgewidth=1.4, zorder=3)  # fmt: skip


def _write_columns(ax: Axes, around: pd.DataFrame, heights: np.ndarray) -> None:
    """Write observed and expected launch days and the adjusted p to the right of the rows.

    As labels of one more axis, so that the layout makes room for them.
    """
    head, texts = "adj. p", [_p(p) for p in around["p_adjusted"]]
    if {"observed", "expected"} <= set(around.columns):
        head = "seen / exp.  adj. p"
        seen = zip(around["observed"], around["expected"], texts, strict=True)
        # figure spaces are as wide as digits
        texts = [f"{n:>3.0f} / {e:<5.1f}  {p}".replace(" ", "\u2007") for n, e, p in seen]
    side = ax.secondary_yaxis("right")
    side.set_yticks([len(around) - 0.35, *heights], [head, *texts], fontsize=SMALL + 0.5)
    side.tick_params(length=0)
    side.spines[:].set_visible(False)


def _p(p: float) -> str:
    """Print a p-value."""
    if pd.isna(p):
        return "–"
    return "<.001" if p < 0.001 else f"{p:.3f}"[1:] if p < 1 else "1"


def plot_epoch(
    curve: pd.DataFrame,
    *,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the rate of launch days by days since events, with both bands of no link.

    Parameters
    ----------
    curve : DataFrame
        What ``superposed_epoch(...)`` returned for one group: `group`, `lag`, `n_events`, `rate`,
        `expected_rate`, `low`, `high`, `low_simultaneous`, `high_simultaneous`, `p_curve`.
        Rates are drawn per 100 days.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on: days after the first day of the events, launch days in 100 days.

    Raises
    ------
    ValueError
        If a column is missing or the table holds several groups.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_epoch
    >>> curve = pd.DataFrame({"group": "parades", "lag": [-1, 0, 1], "n_events": 15,
    ...     "rate": [0, 0.07, 0], "expected_rate": 0.05, "low": 0.0, "high": 0.1,
    ...     "low_simultaneous": 0.0, "high_simultaneous": 0.2, "p_curve": 0.8})
    >>> ax = Figure().add_subplot()
    >>> plot_epoch(curve, ax=ax).get_title(loc="left")
    'parades (15), p = .800'
    """
    bands = ("low", "high", "low_simultaneous", "high_simultaneous")
    need(curve, "group", "lag", "n_events", "rate", "expected_rate", *bands, "p_curve")
    groups = curve["group"].unique()
    if len(groups) != 1:
        msg = f"expected one group in an epoch curve, got {len(groups)}"
        raise ValueError(msg)
    ax = axes(ax)
    lag = curve["lag"].to_numpy()
    per_100 = {name: curve[name].to_numpy() * 100 for name in ("rate", "expected_rate", *bands)}
    whole: dict[str, Any] = {"color": "#ececf0", "label": "95 % of whole curves"}
    daily: dict[str, Any] = {"color": PALE, "label": "95 % of each day"}
    for ends, look in ((bands[2:], whole), (bands[:2], daily)):
        low, high = (per_100[name] for name in ends)
        ax.fill_between(lag, low, high, linewidth=0, zorder=1, **look)
    ax.plot(lag, per_100["expected_rate"], color=MUTED, linewidth=1.1, linestyle=(0, (4, 2)),
            label="expected")  # fmt: skip
    ax.plot(lag, per_100["rate"], color=BLUE, linewidth=2, label="observed", zorder=3)
    ax.axvline(0, color=INK, linewidth=0.8, zorder=1.5)
    ax.set_xlim(lag.min(), lag.max())
    ax.set_ylim(0, max(1.0, np.nanmax(per_100["rate"]), np.nanmax(per_100[bands[3]])) * 1.05)
    ax.set_xticks([day for day in range(-42, 43, 14) if lag.min() <= day <= lag.max()])
    ax.set_xlabel("days since the first day")
    ax.set_ylabel("launch days in 100 days")
    first: Any = curve.iloc[0]
    title = f"{group_label(first.group)} ({first.n_events:,}), p = {_p(first.p_curve)}"
    ax.set_title(title, loc="left")
    credit(ax, source)
    return ax


#: How each way of testing is drawn.
_NAIVE: dict[str, Any] = {"marker": "X", "color": RED}
_HONEST: dict[str, Any] = {"marker": "o", "color": BLUE}


def plot_p_values(
    findings: pd.DataFrame,
    *,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the naive p of each published finding beside the one that allows for bursts and season.

    Parameters
    ----------
    findings : DataFrame
        What ``retest_findings(...)`` and ``retest_rhythms(...)`` returned: `finding_id`, `scope`,
        `naive_p`, `p_value`. Rows without an honest p are named and left blank.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on: findings downwards, p on a logarithmic axis with the line of .05.

    Raises
    ------
    ValueError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_p_values
    >>> findings = pd.DataFrame({"finding_id": ["lee-2023"], "scope": ["own period"],
    ...     "naive_p": [0.01], "p_value": [0.2]})
    >>> ax = Figure().add_subplot()
    >>> [label.get_text() for label in plot_p_values(findings, ax=ax).get_yticklabels()]
    ['Lee 2023: own period']
    """
    need(findings, "finding_id", "scope", "naive_p", "p_value")
    if findings.empty:
        msg = "the table of findings is empty: nothing to draw"
        raise ValueError(msg)
    ax = axes(ax)
    heights = np.arange(len(findings))[::-1]
    floor = 1e-4
    for height, row in zip(heights.tolist(), rows(findings), strict=True):
        _draw_pair(ax, row, height, floor)
    for look, name in ((_NAIVE, "naive test"), (_HONEST, "bursts and season allowed for")):
        ax.plot([], [], linestyle="", markeredgecolor=INK, markeredgewidth=0.6, markersize=8,
                label=name, **look)  # fmt: skip
    ax.axvline(0.05, color=INK, linewidth=1, linestyle=(0, (5, 3)), zorder=1)
    ax.axvspan(floor / 2, 0.05, color="#f0f0f3", zorder=0)
    ax.set_xscale("log")
    ax.set_xlim(floor / 1.5, 1.25)
    ax.set_xticks([floor, 1e-3, 0.01, 0.05, 0.2, 1], ["≤.0001", ".001", ".01", ".05", ".2", "1"])
    ax.minorticks_off()
    ax.set_yticks(heights, _finding_labels(findings))
    ax.set_ylim(-0.7, len(findings) - 0.3)
    ax.set_xlabel("two-sided p (shaded: what would be called significant)")
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=True, axis="x")
    ax.legend(loc="lower left", bbox_to_anchor=(-0.25, 1.0), ncols=2, handletextpad=0.1,
              borderaxespad=0)  # fmt: skip
    credit(ax, source)
    return ax


def describe_findings(findings: pd.DataFrame) -> str:
    """Count how naive and honest tests of published findings come out.

    Parameters
    ----------
    findings : DataFrame
        As for :func:`plot_p_values`.

    Returns
    -------
    str
        Two sentences.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> findings = pd.DataFrame({"finding_id": ["lee-2023"], "scope": ["own period"],
    ...     "naive_p": [0.01], "p_value": [0.2]})
    >>> describe_findings(findings).partition(":")[0]
    'Findings tested again'
    """
    need(findings, "finding_id", "scope", "naive_p", "p_value")
    both = findings.dropna(subset=["naive_p", "p_value"])
    naive, honest = (both[name] < 0.05 for name in ("naive_p", "p_value"))
    return (
        f"Findings tested again: {both['finding_id'].nunique()} of "
        f"{findings['finding_id'].nunique()}, in {len(both)} tests over their own period and over "
        f"all or later years. The naive test has p below .05 in {naive.sum()} of them, the test "
        f"that allows for bursts and season in {honest.sum()}, both in {(naive & honest).sum()}."
    )


def _draw_pair(ax: Axes, row: Any, height: int, floor: float) -> None:
    """Draw the two p-values of a finding and the way from one to the other."""
    known = [max(p, floor) for p in (row.naive_p, row.p_value) if not pd.isna(p)]
    if len(known) == 2:
        ax.plot(known, [height, height], color=MUTED, linewidth=1.1, zorder=1.5)
    else:
        ax.annotate("cannot be tested" if not known else "only naively",
                    (1.2e-4 if not known else known[0], height), xytext=(7, 0), va="center",
                    textcoords="offset points", color=MUTED, fontsize=SMALL)  # fmt: skip
    for p, look in ((row.naive_p, _NAIVE), (row.p_value, _HONEST)):
        if not pd.isna(p):
            ax.plot(max(p, floor), height, linestyle="", markersize=8, markeredgecolor=INK,
                    markeredgewidth=0.6, zorder=3, **look)  # fmt: skip


_FINDINGS = {
    "bernhardt": "Bernhardt &", "cha": "Cha,", "csis": "CSIS,", "cotton": "Cotton,",
    "dailyviz": "Dailyviz,", "dorazio": "D'Orazio", "monday": "Mondays", "olympic": "Olympic",
    "press": "Press,", "q4": "fourth quarter", "rok": "South Korean", "us": "US",
    "wapo": "Washington Post,", "webb": "Webb,", "bloomberg": "Bloomberg,", "hess": "Hess",
    "lee": "Lee", "sukin": "Sukin",
}  # fmt: skip


def _finding_labels(findings: pd.DataFrame) -> list[str]:
    """Name each row; the finding's name stands on the first of its rows only."""
    labels = []
    for row, again in zip(rows(findings), findings["finding_id"].duplicated(), strict=True):
        words = [_FINDINGS.get(word, word) for word in row.finding_id.split("-")]
        labels.append(row.scope if again else f"{' '.join(words)}: {row.scope}")
    return labels


def plot_games(
    games: pd.DataFrame,
    *,
    editions: list[str] | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw launch days inside each of the Games (or truces) against what month and era expect.

    Parameters
    ----------
    games : DataFrame
        What ``olympics_table(...)`` returned, of one kind: `title`, `confidence`, `observed`,
        `expected`. A column `edition` takes the place of the title as label.
    editions : list of str, optional
        Labels from top to bottom; those of the table, in its order, by default.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on: Games downwards, launch days across. A hollow dot marks days of the
        Games that are not well sourced.

    Raises
    ------
    ValueError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_games
    >>> games = pd.DataFrame({"title": ["Beijing 2022 Winter Olympics"],
    ...     "confidence": ["sourced"], "observed": [0], "expected": [0.3]})
    >>> ax = Figure().add_subplot()
    >>> [label.get_text() for label in plot_games(games, ax=ax).get_yticklabels()]
    ['Beijing 2022']
    """
    need(games, "title", "confidence", "observed", "expected")
    if games.empty:
        msg = "the table of Games is empty: nothing to draw"
        raise ValueError(msg)
    ax = axes(ax)
    labels = [short_title(title) for title in games["title"]]
    if "edition" in games.columns:
        labels = games["edition"].tolist()
    editions = list(dict.fromkeys(labels)) if editions is None else editions
    heights = np.array([len(editions) - 1 - editions.index(label) for label in labels])
    ax.barh(heights, games["expected"], height=0.62, color=PALE, edgecolor=MUTED, linewidth=0.5,
            label="expected")  # fmt: skip
    sure = (games["confidence"] == "sourced").to_numpy()
    for part, face, name in (
        (sure, BLUE, "observed"),
        (~sure, "white", "observed, dates in doubt"),
    ):
        if part.any():
            ax.plot(games["observed"][part], heights[part], "o", color=face, markersize=6.5,
                    markeredgecolor=INK if face == BLUE else BLUE, markeredgewidth=0.9,
                    label=name, clip_on=False, zorder=3)  # fmt: skip
    ax.set_yticks(range(len(editions)), editions[::-1])
    ax.set_ylim(-0.7, len(editions) - 0.3)
    top = max(1, games["observed"].max(), int(np.ceil(games["expected"].max())))
    ax.set_xlim(0, top + 0.3)
    ax.set_xticks(range(top + 1))
    ax.set_xlabel("launch days")
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    credit(ax, source)
    return ax


def short_title(title: str) -> str:
    """Shorten the title of the Games or a truce to place and year.

    Parameters
    ----------
    title : str
        A title such as ``"Rio de Janeiro 2016 Summer Olympics"``.

    Returns
    -------
    str
        The label.

    Examples
    --------
    >>> short_title("Rio de Janeiro 2016 Summer Olympics")
    'Rio 2016'
    """
    short = title.removeprefix("Olympic truce window, ")
    for kind in (" Winter", " Summer"):
        short = short.partition(kind)[0]
    return short.replace("Milan and Cortina", "Milan-Cortina").replace("Rio de Janeiro", "Rio")

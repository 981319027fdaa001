"""Pictures of statements held against the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import check_one_of, need_filled
from .names import as_words, labels
from .parts import begin, finish, name_rows, rows, write
from .style import BLUE, DASHED, FAINT, GREY, INK, MUTED, ORANGE, PALE, RED, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: How each verdict is drawn: a sign of its own, so that colour is not needed.
SIGNS: dict[str, dict[str, Any]] = {
    "supported": {"marker": "o", "color": BLUE},
    "supported only under a rule": {"marker": "o", "color": ORANGE, "fillstyle": "left"},
    "contradicted": {"marker": "X", "color": RED},
    "cannot be checked": {"marker": "o", "color": GREY, "fillstyle": "none"},
}

#: How each way of testing a published finding is drawn.
_WAYS: dict[str, dict[str, Any]] = {
    "naive_p": {"marker": "X", "color": RED, "label": "naive test"},
    "p_value": {"marker": "o", "color": BLUE, "label": "bursts and season allowed for"},
    "p_adjusted": {"marker": "D", "color": "white", "label": "number of tests too"},
}
#: The least p-value that is drawn at its place.
_FLOOR = 1e-4


def plot_published(
    held: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw published counts against the record's, marked by whether they agree.

    Parameters
    ----------
    held : DataFrame
        A row a claim: `value` (published), `observed` (the record's, missing where it cannot be
        counted; their number is the title of the key) and `agrees`. With `outlet` (and
        `as_of`) those furthest off are named.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
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
    ax = begin(ax, held, ["value", "observed", "agrees"])
    seen = held.dropna(subset=["observed"])
    top = float(max(seen["value"].max(), seen["observed"].max(), 1)) * 1.3
    ax.plot([0, top], [0, top], **DASHED, zorder=1)
    circle: Any = {"color": BLUE, "edgecolor": INK, "linewidth": 0.6, "alpha": 0.65}
    cross: Any = {"color": RED, "marker": "x", "linewidth": 1.6}
    for agrees, verb, look in ((True, "agree", circle), (False, "do not agree", cross)):
        part = seen[seen["agrees"] == agrees]
        places: Any = part.groupby(["value", "observed"], as_index=False).size()
        label = f"{verb} ({len(part):,})"
        ax.scatter("value", "observed", 28 * places["size"], data=places, label=label,
                   zorder=3 - agrees, **look)  # fmt: skip
    if "outlet" in seen:
        _name_outliers(ax, seen)
    marks = [v for v in (0, 1, 2, 5, 10, 20, 50, 100, 200, 500) if v <= top]
    for set_scale, set_ticks in ((ax.set_xscale, ax.set_xticks), (ax.set_yscale, ax.set_yticks)):
        set_scale("symlog", linthresh=1, linscale=0.4)
        set_ticks(marks, map(str, marks))
    ax.set(xlim=(-0.25, top), ylim=(-0.25, top), aspect="equal")
    ax.minorticks_off()
    ax.grid(visible=True, axis="both")
    blank = held["observed"].isna().sum()
    title = f"{blank:,} not countable here" if blank else None
    key = ax.legend(loc="upper left", handletextpad=0.3, title=title, alignment="left")
    for mark in key.legend_handles:
        mark.set(sizes=[42])  # type: ignore[union-attr]
    ylabel = "count from the record, under the outlet's rule"
    return finish(ax, held, source, xlabel="published count", ylabel=ylabel)


def _name_outliers(ax: Axes, seen: pd.DataFrame, top: int = 5) -> None:
    """Name the disagreeing statements that lie furthest from the line, by outlet and year."""
    apart = seen[~seen["agrees"].astype(bool)]
    far = np.abs(np.log((apart["observed"].astype(float) + 1) / (apart["value"] + 1)))
    for row in rows(apart.iloc[np.argsort(far, kind="stable")[-top:]]):
        above = row.observed > row.value
        words = row.outlet.partition(" (")[0] + (f" {row.as_of.year}" if "as_of" in seen else "")
        look: Any = {"ha": "right" if above else "left", "va": "center", "fontsize": SMALL}
        write(ax, words, (row.value, row.observed), (-7 if above else 7, 0), zorder=4, **look)


def plot_verdicts(
    judged: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw which statement holds in which setting, one sign a verdict.

    Parameters
    ----------
    judged : DataFrame
        A row a statement and setting: `claim`, `setting`, `verdict`, as
        ``article_settings(launches, events)`` returned. Drawn in the order of the table.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
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
    ax = begin(ax, judged, ["claim", "setting", "verdict"])
    for verdict in judged["verdict"].unique():
        check_one_of("verdict", verdict, SIGNS)
    claims, settings = judged["claim"].unique().tolist(), judged["setting"].unique().tolist()
    sign: Any = {"linestyle": "", "markersize": 10, "markeredgecolor": INK}
    sign |= {"markeredgewidth": 0.8, "markerfacecoloralt": "white"}
    for verdict, look in SIGNS.items():
        cells = judged[judged["verdict"] == verdict]
        at = cells["setting"].map(settings.index), cells["claim"].map(claims.index)
        if len(cells):
            ax.plot(*at, label=verdict, **sign, **look)
    name_rows(ax, labels(judged.drop_duplicates("claim"), "claim"))
    slanted: Any = {"rotation": 40, "rotation_mode": "anchor", "ha": "left"}
    ax.set_xticks(range(len(settings)), [as_words(name) for name in settings], **slanted)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.grid(visible=True, axis="both", color=PALE, linewidth=0.6)
    ax.spines[:].set_visible(False)
    ax.legend(loc="upper center", bbox_to_anchor=(0.3, -0.01), ncols=3, handletextpad=0.2)
    return finish(ax, judged, source, xlim=(-0.6, len(settings) - 0.4))


def plot_p_values(
    findings: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the naive p of each published finding beside those that allow for more.

    A cross is the naive p, a dot the p that allows for bursts and season, a diamond the same
    adjusted for the number of tests.

    Parameters
    ----------
    findings : DataFrame
        What ``retest_findings(...)`` and ``retest_rhythms(...)`` returned: `finding_id`, `scope`,
        `naive_p`, `p_value`, and `p_adjusted` where it is to be drawn. Rows without `p_value` are
        named and left blank.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
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
    >>> findings = pd.DataFrame({"finding_id": ["lee-2023"], "label": ["Lee 2023"],
    ...     "scope": ["own period"], "naive_p": [0.01], "p_value": [0.2]})
    >>> ax = Figure().add_subplot()
    >>> [label.get_text() for label in plot_p_values(findings, ax=ax).get_yticklabels()]
    ['Lee 2023: own period']
    """
    ax = begin(ax, findings, ["finding_id", "scope", "naive_p", "p_value"])
    if findings.empty:
        raise ValueError("the table of findings is empty: nothing to draw")
    ways = {way: look for way, look in _WAYS.items() if way in findings}
    known = findings[list(ways)].clip(lower=_FLOOR)
    place = pd.Series(range(len(findings)), findings.index)
    ax.hlines(place, known.min(axis=1), known.max(axis=1), color=MUTED, linewidth=1.1, zorder=1.5)
    sign: Any = {"linestyle": "", "markersize": 8, "markeredgecolor": INK, "markeredgewidth": 0.6}
    for column, look in ways.items():
        ax.plot(known[column], place, zorder=3, **sign, **look)
    beside: Any = {"va": "center", "color": MUTED, "fontsize": SMALL}
    for at, naive, allowed in zip(place, known["naive_p"], known["p_value"], strict=True):
        if pd.isna(allowed):
            words = "cannot be tested" if pd.isna(naive) else "only naively"
            write(ax, words, (_FLOOR if pd.isna(naive) else naive, at), (7, 0), **beside)
    ax.axvline(0.05, color=INK, linewidth=1, linestyle=(0, (5, 3)), zorder=1)
    ax.axvspan(_FLOOR / 2, 0.05, color=FAINT, zorder=0)
    ax.set(xscale="log", xlim=(_FLOOR / 1.5, 1.25))
    ax.set_xticks([_FLOOR, 1e-3, 0.01, 0.05, 0.2, 1], ["≤.0001", ".001", ".01", ".05", ".2", "1"])
    ax.minorticks_off()
    name_rows(ax, _finding_labels(findings))
    above: Any = {"loc": "lower right", "bbox_to_anchor": (1.02, 1.0), "borderaxespad": 0}
    ax.legend(ncols=3, handletextpad=0.1, columnspacing=1.2, **above)
    return finish(
        ax, findings, source, xlabel="two-sided p (shaded: what would be called significant)"
    )


def _finding_labels(findings: pd.DataFrame) -> list[str]:
    """Name each row; the finding's name stands on the first of its rows only."""
    again = findings["finding_id"].duplicated()
    names = pd.Series(labels(findings, "finding_id"), findings.index) + ": "
    return (names.mask(again, "") + findings["scope"]).tolist()


def describe_findings(findings: pd.DataFrame) -> str:
    """Count how naive tests of published findings and tests that allow for more come out.

    Parameters
    ----------
    findings : DataFrame
        As for :func:`plot_p_values`.

    Returns
    -------
    str
        Two sentences; a third where there is a `p_adjusted`.

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
    need_filled(findings, ["finding_id", "scope", "naive_p", "p_value"], "the table")
    both = findings.dropna(subset=["naive_p", "p_value"])
    naive, allowed = (both[name] < 0.05 for name in ("naive_p", "p_value"))
    said = (
        f"Findings tested again: {both['finding_id'].nunique()} of "
        f"{findings['finding_id'].nunique()}, in {len(both)} tests over their own period and over "
        f"all or later years. The naive test has p below .05 in {naive.sum()} of them, the test "
        f"that allows for bursts and season in {allowed.sum()}, both in {(naive & allowed).sum()}."
    )
    if "p_adjusted" not in both:
        return said
    left = (both["p_adjusted"] < 0.05).sum()
    return f"{said} Adjusted for the number of tests it is below .05 in {left or 'none'} of them."

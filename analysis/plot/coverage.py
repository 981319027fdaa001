"""Pictures of simulations in which the truth is known: how often intervals and tests are right."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import pandas as pd
import seaborn as sns
from matplotlib.ticker import PercentFormatter

from ..errors import check_one_of
from .names import as_words
from .parts import begin, finish, name_rows, write
from .style import (
    BLUE,
    DASHED,
    DOT,
    FAINT,
    INK,
    LIGHT,
    ON_LINES,
    ORANGE,
    PALE,
    PURPLE,
    RED,
    SMALL,
    VIOLET,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: How each test is drawn where many stand together, and how it reads.
TESTS: dict[str, tuple[str, str, str]] = {
    "event_study": ("D", BLUE, "null by rule (ours)"),
    "circular_shift": ("p", BLUE, "all shifts (ours)"),
    "launch_days": ("h", BLUE, "all shifts, launch days added up (ours)"),
    "years_permuted": ("s", BLUE, "years permuted (ours)"),
    "within_era": ("^", BLUE, "within era (ours)"),
    "regression": ("o", BLUE, "regression (ours)"),
    "dates_redrawn": ("X", RED, "dates redrawn"),
    "coincidence_analytic": ("P", ORANGE, "coincidence, analytic"),
    "poisson_daily": ("v", PURPLE, "Poisson, daily"),
    "negative_binomial_weekly": ("*", VIOLET, "neg. binomial, weekly"),
    "ours": ("o", BLUE, "bursts allowed for"),
    "independent": ("X", RED, "launches taken for independent"),
}


def plot_coverage(
    shares: pd.DataFrame,
    *,
    by: str = "world",
    nominal: float = 0.95,
    band: tuple[float, float] | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how often something happened in simulated worlds beside how often it should.

    Either how often intervals held the truth, or how often a test raised a false alarm where
    there was nothing to find.

    Parameters
    ----------
    shares : DataFrame
        A row a world and test: the column `by` names, `test` (a key of ``TESTS``), `share` (of
        histories, from 0 to 1) and `n_histories`; with `low` and `high`, the Monte Carlo interval
        of each share is drawn as a line.
    by : str
        Column that makes the rows, from top to bottom in the order of the table; the points of a
        row lie under each other, so that none hides another.
    nominal : float
        The right value: 0.95 for 95 % intervals, 0.05 for tests at that level.
    band : (float, float), optional
        Shares to shade; by default those that chance alone explains if the right value holds.
    source : str, optional
        Source line; a line on the simulations if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on: rows downwards, shares across, a sign for each test.

    Raises
    ------
    ValueError
        If a column is missing, the table is empty or a test is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_coverage
    >>> shares = pd.DataFrame({"world": "bursty", "test": ["event_study", "dates_redrawn"],
    ...     "share": [0.05, 0.15], "n_histories": 500})
    >>> ax = plot_coverage(shares, nominal=0.05, ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['null by rule (ours)', 'dates redrawn']
    """
    ax = begin(ax, shares, [by, "test", "share", "n_histories"])
    if shares.empty:
        raise ValueError("the table of shares is empty: nothing to draw")
    for test in shares["test"].unique():
        check_one_of("test", test, TESTS)
    n = int(shares["n_histories"].min())
    chance = 1.96 * (nominal * (1 - nominal) / n) ** 0.5
    left, right = band or (nominal - chance, nominal + chance)
    ax.axvspan(left, right, color=LIGHT, alpha=0.6, linewidth=0, zorder=0.5)
    ax.axvline(nominal, **DASHED | {"color": INK})
    names = list(shares[by].unique())
    points = _placed(shares, by)
    if {"low", "high"} <= set(shares.columns):
        ax.hlines(points["place"], points["low"], points["high"], color=INK, linewidth=0.9)
    _draw_points(ax, points)
    for place in range(1, len(names), 2):
        ax.axhspan(place - 0.5, place + 0.5, color=FAINT, linewidth=0, zorder=0)
    name_rows(ax, [fill(as_words(name), 32) for name in names])
    shown = shares.filter(["share", "low", "high"]).to_numpy()
    xlim = min(shown.min(), 0.85 * nominal) - 0.02, max(shown.max(), 1.05 * nominal) + 0.02
    if source is None:
        source = f"Source: {n:,} simulated histories of each world"
    return finish(ax, shares, source, xlabel="share of histories", ylabel="", xlim=xlim)


def plot_spread(
    shares: pd.DataFrame,
    *,
    by: str = "test",
    names: list[str] | None = None,
    nominal: float = 0.95,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw from the least to the most of the simulated worlds how often something happened.

    Parameters
    ----------
    shares : DataFrame
        A row a world: the column `by` names, `share` (of histories, from 0 to 1) and `kind`
        ("ours", or anything else for what is shown as the wrong answer).
    by : str
        Column that makes the rows.
    names : list of str, optional
        The rows from top to bottom; by default in the order of the table.
    nominal : float
        The right value, drawn as a line.
    source : str, optional
        Source line; none if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on: a bar from the least to the most share, a dot at the median world.

    Raises
    ------
    ValueError
        If a column is missing or the table is empty.

    See Also
    --------
    plot_coverage : every world a point.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_spread
    >>> shares = pd.DataFrame({"test": "dates redrawn", "kind": "naive", "share": [0.05, 0.87]})
    >>> ax = plot_spread(shares, nominal=0.05, ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts]
    ['5 to 87 %']
    """
    ax = begin(ax, shares, [by, "share", "kind"])
    if shares.empty:
        raise ValueError("the table of shares is empty: nothing to draw")
    names = list(shares[by].unique()) if names is None else names
    ax.axvline(nominal, **DASHED | {"color": INK})
    groups = shares.groupby(by, sort=False).agg(
        {"share": ["min", "median", "max"], "kind": "first"}
    )
    for name, low, middle, high, kind in groups.itertuples():
        place, ours = names.index(name), kind == "ours"
        ax.barh(place, high - low, 0.42, left=low, color=LIGHT if ours else PALE)
        dot: Any = DOT if ours else {"color": RED, "markeredgecolor": INK}
        ax.plot(middle, place, "o" if ours else "X", **dot, markersize=7, zorder=3)
        ends = list(dict.fromkeys([f"{100 * low:.0f}", f"{100 * high:.0f}"]))
        left = low > 0.5  # no room at the right
        at, offset, side = (low, (-6, 0), "right") if left else (high, (8, 0), "left")
        words = f"{' to '.join(ends)} %"
        look: Any = {"ha": side, "va": "center", "fontsize": SMALL, "path_effects": ON_LINES}
        write(ax, words, (at, place), offset, **look)
    name_rows(ax, [fill(as_words(name), 32) for name in names])
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    return finish(ax, shares, source or "", xlabel="share of histories", xlim=(-0.02, 1.02))


def _placed(shares: pd.DataFrame, by: str) -> pd.DataFrame:
    """Sort the points of each row by test and spread them over the row."""
    order = {test: place for place, test in enumerate(TESTS)}
    points = shares.sort_values("test", key=lambda test: test.map(order), kind="stable")
    groups = points.groupby(by, sort=False)["test"]
    within = (groups.cumcount() + 0.5) / groups.transform("size")
    row = points[by].map({name: place for place, name in enumerate(shares[by].unique())})
    return points.assign(place=row - 0.4 + 0.8 * within)


def _draw_points(ax: Axes, points: pd.DataFrame) -> None:
    """Draw each share with the sign and colour of its test, and their key."""
    named = points.assign(test=points["test"].map(lambda test: TESTS[test][2]))
    options: dict[str, Any] = {"x": "share", "y": "place", "hue": "test", "style": "test"}
    options["markers"] = {name: marker for marker, _, name in TESTS.values()}
    options["palette"] = {name: color for _, color, name in TESTS.values()}
    sns.scatterplot(named, **options, s=36, edgecolor=INK, linewidth=0.5, zorder=3, ax=ax)
    sns.move_legend(ax, "center left", title=None, handletextpad=0.1, borderaxespad=0.2)

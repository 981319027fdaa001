"""Pictures of launches around and during events: superposed epochs, and the Games one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .names import labels
from .parts import begin, finish, name_rows, p_text
from .style import BLUE, GRID, INK, MUTED, PALE, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_epoch(curve: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the rate of launch days by days since events, with the band of no link.

    Parameters
    ----------
    curve : DataFrame
        What ``superposed_epoch(...)`` returned for one group: `group`, `lag`, `n_events`, `rate`,
        `expected_rate`, `low_simultaneous`, `high_simultaneous`, `p_curve`. Rates are drawn per
        100 days; those outside the band that 95 of 100 whole curves without a link stay in, red.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
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
    bands = ["low_simultaneous", "high_simultaneous"]
    ax = begin(ax, curve, ["group", "lag", "n_events", "rate", "expected_rate", *bands, "p_curve"])
    groups = curve["group"].unique()
    if len(groups) != 1:
        raise ValueError(f"expected one group in an epoch curve, got {len(groups)}")
    lag, per_100 = curve["lag"], curve[["rate", "expected_rate", *bands]] * 100
    low, high = (per_100[name] for name in bands)
    band: Any = {"color": GRID, "linewidth": 0, "label": "band of chance: 95 of 100 curves"}
    ax.fill_between(lag, low, high, zorder=1, **band)
    expected: Any = {"color": MUTED, "linewidth": 1.1, "linestyle": (0, (4, 2))}
    ax.plot(lag, per_100["expected_rate"], label="expected", **expected)
    ax.plot(lag, per_100["rate"], color=BLUE, linewidth=2, label="observed", zorder=3)
    outside = per_100["rate"].where((per_100["rate"] < low) | (per_100["rate"] > high))
    ax.plot(lag, outside, color=RED, linewidth=3, marker="o", markersize=3, zorder=4)
    ax.axvline(0, color=INK, linewidth=0.8, zorder=1.5)
    top = max(1.0, per_100["rate"].max(), per_100["high_simultaneous"].max()) * 1.05
    ax.set(xlim=(lag.min(), lag.max()), ylim=(0, top))
    ax.set_xticks([day for day in range(-42, 43, 14) if lag.min() <= day <= lag.max()])
    n, p = curve["n_events"].iloc[0], curve["p_curve"].iloc[0]
    ax.set_title(f"{labels(curve, 'group')[0]} ({n:,}), {p_text(p, 'p')}", loc="left")
    return finish(
        ax, curve, source, xlabel="days since the first day", ylabel="launch days in 100 days"
    )


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
        `expected`. A column `edition` takes the place of the title as name.
    editions : list of str, optional
        Rows from top to bottom; those of the table, in its order, by default.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
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
    >>> games = pd.DataFrame({"title": ["Beijing 2022"], "confidence": ["sourced"],
    ...     "observed": [0], "expected": [0.3]})
    >>> ax = Figure().add_subplot()
    >>> [label.get_text() for label in plot_games(games, ax=ax).get_yticklabels()]
    ['Beijing 2022']
    """
    ax = begin(ax, games, ["title", "confidence", "observed", "expected"])
    if games.empty:
        raise ValueError("the table of Games is empty: nothing to draw")
    names = games["edition"] if "edition" in games else place_and_year(games["title"])
    editions = list(dict.fromkeys(names)) if editions is None else editions
    at = names.map(editions.index)
    bar: Any = {"color": PALE, "edgecolor": MUTED, "linewidth": 0.5, "label": "expected"}
    ax.barh(at, games["expected"], 0.62, **bar)
    dot: Any = {"marker": "o", "linestyle": "", "markersize": 6.5, "markeredgewidth": 0.9}
    sure = games["confidence"] == "sourced"
    looks: list[Any] = [
        {"color": BLUE, "markeredgecolor": INK, "label": "observed"},
        {"color": "white", "markeredgecolor": BLUE, "label": "observed, dates in doubt"},
    ]
    for part, look in zip((sure, ~sure), looks, strict=True):
        if part.any():
            ax.plot(games["observed"][part], at[part], clip_on=False, zorder=3, **dot, **look)
    name_rows(ax, editions)
    top = max(1, games["observed"].max(), int(np.ceil(games["expected"].max())))
    return finish(
        ax, games, source, xlabel="launch days", xticks=range(top + 1), xlim=(0, top + 0.3)
    )


def place_and_year(titles: pd.Series) -> pd.Series:
    """Shorten titles such as "Rio de Janeiro 2016 Summer Olympics"; others stay as they are."""
    return titles.str.extract(r"([^,]*? \d{4})", expand=False).str.strip().fillna(titles)

"""Where missiles were launched, how far and how high they flew, and when each type did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.patches import Circle

from .names import as_words
from .parts import begin, finish, name_rows, rows, write
from .style import (
    BLUE,
    DASHED,
    FAMILY_LOOKS,
    GREY,
    INK,
    MUTED,
    ON_LINES,
    ORANGE,
    PURPLE,
    RED,
    SMALL,
    VIOLET,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

#: How each class of missile is drawn, shortest range first.
CLASS_LOOKS = {
    "SRBM": (BLUE, "o"),
    "MRBM": (ORANGE, "s"),
    "IRBM": (RED, "D"),
    "ICBM": (PURPLE, "^"),
    "SLBM": (GREY, "v"),
    "SLV": (VIOLET, "P"),
    "BM_UNKNOWN": ("white", "o"),
    "ASCM": ("white", "X"),
}


def plot_sites(
    sites: pd.DataFrame,
    *,
    cities: Mapping[str, tuple[float, float]],
    rings: Mapping[str, float],
    reach: float,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw launch sites on a map that is true from its centre, with rings of reach.

    Parameters
    ----------
    sites : DataFrame
        One row a site: `x`, `y` (kilometres east and north of the centre), `missiles`.
    cities : mapping
        Names and places in the same kilometres, to help the eye.
    rings : mapping
        Names and radii in kilometres, such as the furthest flight of each class.
    reach : float
        Kilometres from the centre to each edge.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on, in kilometres.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_sites
    >>> sites = pd.DataFrame({"x": [10.0], "y": [20.0], "missiles": [5]})
    >>> ax = plot_sites(sites, cities={"Seoul": (100, -160)}, rings={"SRBM": 900}, reach=1000,
    ...                 ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts]
    ['SRBM 900 km', 'Seoul']
    """
    ax = begin(ax, sites, ["x", "y", "missiles"])
    for place, (name, km) in enumerate(sorted(rings.items(), key=lambda ring: ring[1])):
        angle = np.radians(140 + 60 * place)  # from east, so that names stand apart
        ax.add_patch(Circle((0, 0), km, fill=False, edgecolor=MUTED, linewidth=1))
        look: Any = {"ha": "center", "va": "center", "fontsize": SMALL, "path_effects": ON_LINES}
        write(
            ax, f"{as_words(name)} {km:,.0f} km", (km * np.cos(angle), km * np.sin(angle)), **look
        )
    for name, at in cities.items():
        ax.plot(*at, "s", color="white", markeredgecolor=INK, markersize=5, zorder=2)
        offset, side = ((-6, 0), "right") if at[0] > 0.6 * reach else ((6, 0), "left")
        look = {"ha": side, "va": "center", "fontsize": SMALL, "path_effects": ON_LINES}
        write(ax, name, at, offset, zorder=4, **look)  # above the dots
    dots: Any = {"color": RED, "alpha": 0.6, "edgecolor": INK, "linewidth": 0.5, "zorder": 3}
    ax.scatter(sites["x"], sites["y"], sites["missiles"] * 3, **dots)
    limits: Any = {"xlim": (-reach, reach), "ylim": (-reach, reach), "aspect": "equal"}
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(True)
    return finish(ax, sites, source, **limits)


def plot_reach(flights: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw how high each flight went against how far, by class of missile.

    Parameters
    ----------
    flights : DataFrame
        One row a launch: `klass`, `range_km`, `apogee_km`; rows without both are left out.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on, both logarithmic; the line is the height of a flight that goes as far
        as it can, a quarter of the range.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_reach
    >>> one = pd.DataFrame({"klass": ["ICBM"], "range_km": [1000], "apogee_km": [6000]})
    >>> ax = plot_reach(one, ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['ICBM (1)']
    """
    ax = begin(ax, flights, ["klass", "range_km", "apogee_km"])
    both = flights.dropna(subset=["range_km", "apogee_km"])
    both = both[(both["range_km"] > 0) & (both["apogee_km"] > 0)]
    n = both["klass"].value_counts()
    names = {k: f"{as_words(k).replace('BM UNKNOWN', 'unknown')} ({n[k]})" for k in n.index}
    order = [k for k in CLASS_LOOKS if k in n.index]
    looks: Any = {"hue_order": [names[k] for k in order]}
    looks["palette"] = {names[k]: CLASS_LOOKS[k][0] for k in order}
    looks["markers"] = {names[k]: CLASS_LOOKS[k][1] for k in order}
    named = both.assign(named=both["klass"].map(names))
    axes: Any = {"x": "range_km", "y": "apogee_km", "hue": "named", "style": "named"}
    sns.scatterplot(named, **axes, **looks, s=46, edgecolor=INK, linewidth=0.6, zorder=3, ax=ax)
    ends = [both["range_km"].min(), both["range_km"].max()]
    ax.plot(ends, [km / 4 for km in ends], **DASHED)
    ax.set(xscale="log", yscale="log")
    for axis, ticks in ((ax.xaxis, (50, 100, 200, 500, 1000, 2000, 5000)),
                        (ax.yaxis, (20, 50, 100, 200, 500, 1000, 2000, 5000))):  # fmt: skip
        axis.set_ticks(list(ticks), [f"{tick:,}" for tick in ticks])
    ax.minorticks_off()
    ax.grid(visible=True, axis="both")
    sns.move_legend(ax, "upper left", title=None, ncols=2, handletextpad=0.1)
    return finish(ax, flights, source, xlabel="range flown, km", ylabel="greatest height, km")


def plot_systems(spans: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw when each type of missile flew, from its first flight to its last.

    Parameters
    ----------
    spans : DataFrame
        One row a type: `name`, `family`, `first`, `last` (days), `missiles`, in the order drawn.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on, colours and signs by family.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_systems
    >>> table = pd.DataFrame({"name": ["KN-23"], "family": ["ballistic"], "missiles": [40],
    ...     "first": pd.to_datetime(["2019-05-04"]), "last": pd.to_datetime(["2024-07-01"])})
    >>> ax = plot_systems(table, ax=Figure().add_subplot())
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['KN-23 (40)']
    """
    ax = begin(ax, spans, ["name", "family", "first", "last", "missiles"])
    seen = set()
    for place, row in enumerate(rows(spans)):
        look = FAMILY_LOOKS[row.family]
        label = None if row.family in seen else as_words(row.family)
        seen.add(row.family)
        ax.plot((row.first, row.last), (place, place), color=look["color"], linewidth=2.5)
        ends: Any = {"color": look["color"], "marker": look["marker"], "markeredgecolor": INK}
        ax.plot((row.first, row.last), (place, place), linestyle="", label=label, **ends)
    name_rows(ax, [f"{row.name} ({row.missiles:,})" for row in rows(spans)])
    ax.legend(loc="lower left", handletextpad=0.1)
    return finish(ax, spans, source)

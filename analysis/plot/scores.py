"""Pictures of how often forecasts were right, and by how much they beat others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .names import as_words
from .parts import MONTHS, begin, finish, name_rows
from .style import BLUE, DASHED, GREY, INK, ORANGE, PALE, PURPLE, RED, SMALL

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: How models are told apart where several are drawn together.
_LOOKS: tuple[dict[str, Any], ...] = (
    {"color": BLUE, "marker": "o", "linestyle": "-"},
    {"color": RED, "marker": "s", "linestyle": "--"},
    {"color": PURPLE, "marker": "^", "linestyle": ":"},
    {"color": ORANGE, "marker": "D", "linestyle": "-."},
    {"color": GREY, "marker": "v", "linestyle": "-"},
)


def plot_pit(histogram: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the PIT histogram of one model, over the band of calibrated forecasts.

    Parameters
    ----------
    histogram : DataFrame
        Rows of one model of what ``pit_histogram`` returned: `left`, `right`, `share`, `low`,
        `high`, `inside`.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on; bars outside the band are red.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_pit
    >>> table = pd.DataFrame({"left": [0.0, 0.5], "right": [0.5, 1.0], "share": [0.4, 0.6],
    ...                       "low": 0.3, "high": 0.7, "inside": True})
    >>> len(plot_pit(table, ax=Figure().add_subplot()).patches)
    2
    """
    ax = begin(ax, histogram, ["left", "right", "share", "low", "high", "inside"])
    colors = [BLUE if inside else RED for inside in histogram["inside"]]
    width = histogram["right"] - histogram["left"]
    ax.bar(histogram["left"], histogram["share"], width, align="edge", color=colors, edgecolor="w")
    middle = (histogram["left"] + histogram["right"]) / 2
    band = [histogram["share"] * 0 + 1 / len(histogram), histogram["low"], histogram["high"]]
    for values, look in zip(band, ("-", ":", ":"), strict=True):
        ax.plot(middle, values, look, color=INK, linewidth=1)
    return finish(ax, histogram, source, xlim=(0, 1))


def plot_interval_coverage(
    coverage: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw how often the intervals of each model held what came, beside what they said.

    Parameters
    ----------
    coverage : DataFrame
        What ``coverage_by_model`` returned: `model`, `stated`, `covered`, `low`, `high`.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on: a row a model, a shade a stated level, its line across at the level.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_interval_coverage
    >>> table = pd.DataFrame({"model": ["pool"], "stated": [0.9], "covered": [0.88],
    ...                       "low": [0.8], "high": [0.95]})
    >>> ax = plot_interval_coverage(table, ax=Figure().add_subplot())
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['pool']
    """
    ax = begin(ax, coverage, ["model", "stated", "covered", "low", "high"])
    models = coverage["model"].drop_duplicates().tolist()
    levels = sorted(coverage["stated"].unique())
    for place, level in enumerate(levels):
        own = coverage[coverage["stated"] == level]
        look = _LOOKS[place % len(_LOOKS)]
        shift = 0.16 * (place - (len(levels) - 1) / 2)
        at = [models.index(model) + shift for model in own["model"]]
        ax.hlines(at, own["low"], own["high"], color=PALE, linewidth=2.5)
        marks = {"color": look["color"], "marker": look["marker"], "markersize": 5}
        ax.plot(own["covered"], at, linestyle="none", label=f"{level:.0%} interval", **marks)
        ax.axvline(level, color=look["color"], linewidth=1, linestyle=look["linestyle"], zorder=1)
    name_rows(ax, [as_words(model) for model in models])
    ax.legend(loc="lower left", fontsize=SMALL)
    return finish(
        ax, coverage, source, xlabel="share of intervals that held the year's end", xlim=(0, 1.02)
    )


def plot_skill(skill: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw how much better than the climatology models were, by how much of the year had gone.

    Parameters
    ----------
    skill : DataFrame
        What ``skill_by_month`` returned, up to five models of it: `model`, `months_gone`,
        `skill`, `low`, `high`.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_skill
    >>> table = pd.DataFrame({"model": "pool", "months_gone": [0, 1], "skill": [0.1, 0.2],
    ...                       "low": 0.0, "high": 0.3})
    >>> plot_skill(table, ax=Figure().add_subplot()).lines[1].get_ydata().tolist()
    [0.1, 0.2]
    """
    ax = begin(ax, skill, ["model", "months_gone", "skill", "low", "high"])
    ax.axhline(0, **DASHED)
    models = skill["model"].drop_duplicates().tolist()
    for place, (model, look) in enumerate(zip(models, _LOOKS, strict=False)):
        own = skill[skill["model"] == model]
        at = own["months_gone"] + 0.12 * (place - (len(models) - 1) / 2)
        ax.plot(at, own["skill"], label=as_words(model), markersize=4.5, **look)
        ax.vlines(at, own["low"], own["high"], color=look["color"], alpha=0.45, linewidth=1.4)
    ax.set_xticks(range(12), ["1 Jan", *MONTHS[:11]])
    ax.legend(loc="best", fontsize=SMALL)
    ylim = (max(float(skill["low"].min()) - 0.05, -1.5), 1.0)
    return finish(ax, skill, source, xlabel="forecast from the end of", ylabel="skill", ylim=ylim)


def plot_reliability(
    answers: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw how often a launch came in time against the chance that was stated.

    Parameters
    ----------
    answers : DataFrame
        What ``reliability`` returned, one model of it: `within`, `stated`, `came`, `low`, `high`.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on; the dashed line is that of chances that are what they say.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_reliability
    >>> table = pd.DataFrame({"within": 14, "stated": [0.2, 0.7], "came": [0.25, 0.6],
    ...                       "low": 0.1, "high": 0.8})
    >>> plot_reliability(table, ax=Figure().add_subplot()).lines[1].get_ydata().tolist()
    [0.25, 0.6]
    """
    ax = begin(ax, answers, ["within", "stated", "came", "low", "high"])
    ax.plot([0, 1], [0, 1], **DASHED)
    for (within, own), look in zip(answers.groupby("within", sort=False), _LOOKS, strict=False):
        ax.plot(own["stated"], own["came"], label=f"within {within} days", markersize=5, **look)
        ax.vlines(own["stated"], own["low"], own["high"], color=look["color"], alpha=0.45)
    ax.legend(loc="upper left", fontsize=SMALL)
    labels = {"xlabel": "chance stated", "ylabel": "share of days with a launch in time"}
    return finish(ax, answers, source, xlim=(0, 1), ylim=(0, 1), **labels)

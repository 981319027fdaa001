"""Pictures of forecasts: where a year ends, and how often such forecasts were right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from .names import as_words
from .parts import MONTHS, begin, finish, name_rows, write
from .style import BLUE, DASHED, GREY, INK, LIGHT, MUTED, ORANGE, PALE, PURPLE, RED, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: How models are told apart where several are drawn together.
_LOOKS: tuple[dict[str, Any], ...] = (
    {"color": BLUE, "marker": "o", "linestyle": "-"},
    {"color": RED, "marker": "s", "linestyle": "--"},
    {"color": PURPLE, "marker": "^", "linestyle": ":"},
    {"color": ORANGE, "marker": "D", "linestyle": "-."},
    {"color": GREY, "marker": "v", "linestyle": "-"},
)


def plot_fan(
    forecasts: pd.DataFrame,
    *,
    unit: str = "launch days",
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the year's end as it was forecast from one day after another.

    Parameters
    ----------
    forecasts : DataFrame
        Rows of one year and model of what ``backtest`` returned: `origin`, `so_far`, `median`,
        `low_50`, `high_50`, `low_90`, `high_90`, `n`.
    unit : str
        What is counted, for the axis.
    source : str, optional
        Source line; the record's own if not given, none if empty.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on: a bar for each 90 % and 50 % interval, the median on it, the count so
        far as steps, and the final count across.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_fan
    >>> table = pd.DataFrame({"origin": pd.to_datetime(["2022-01-01", "2022-01-31"]),
    ...     "so_far": [0, 7], "median": [9, 20], "low_50": [5, 15], "high_50": [12, 26],
    ...     "low_90": [2, 11], "high_90": [20, 40], "n": 37})
    >>> plot_fan(table, ax=Figure().add_subplot()).get_ylabel()
    'launch days by 31 December'
    """
    bounds = [f"{side}_{level}" for level in (90, 50) for side in ("low", "high")]
    ax = begin(ax, forecasts, ["origin", "so_far", "median", "n", *bounds])
    at = range(len(forecasts))
    for level, color, width in ((90, LIGHT, 0.6), (50, BLUE, 0.6)):
        low, high = forecasts[f"low_{level}"], forecasts[f"high_{level}"]
        ax.bar(at, high - low, width, bottom=low, color=color, label=f"{level} % interval")
    ax.plot(at, forecasts["median"], "_", color=INK, markersize=17, label="median")
    ax.plot(at, forecasts["so_far"], "o", color=RED, markersize=4, label="so far")
    n = int(forecasts["n"].iloc[-1])
    ax.axhline(n, **DASHED)
    write(ax, f"in the end {n}", (-0.5, n), (0, 3), color=MUTED)
    origin = pd.to_datetime(forecasts["origin"])
    ax.set_xticks(at, [f"{day.day} {MONTHS[day.month - 1]}" for day in origin], rotation=45)
    ax.legend(loc="best", ncols=2, fontsize=SMALL)
    return finish(ax, forecasts, source, ylabel=f"{unit} by 31 December")


def plot_year_end(
    distribution: pd.DataFrame,
    *,
    unit: str = "launch days",
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the distribution of a year's final count, the 90 % interval in a darker shade.

    Parameters
    ----------
    distribution : DataFrame
        What ``year_end`` returned: `n`, `probability`.
    unit : str
        What is counted, for the axis.
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
    >>> from analysis.plot import plot_year_end
    >>> table = pd.DataFrame({"n": [10, 11], "probability": [0.25, 0.75]})
    >>> ax = plot_year_end(table, ax=Figure().add_subplot())
    >>> [bar.get_height() for bar in ax.patches]
    [0.25, 0.75]
    """
    ax = begin(ax, distribution, ["n", "probability"])
    shown = distribution[distribution["probability"] > 5e-4]
    upto = distribution["probability"].cumsum().reindex(shown.index)
    inside = (upto >= 0.05) & (upto - shown["probability"] < 0.95)
    colors = [BLUE if one else LIGHT for one in inside]
    ax.bar(shown["n"], shown["probability"], width=0.85, color=colors)
    ax.locator_params(axis="x", integer=True)
    return finish(ax, distribution, source, xlabel=f"{unit} by 31 December", ylabel="probability")


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


def describe_year_end(distribution: pd.DataFrame, *, unit: str = "launch days") -> str:
    """Put a distribution of the year's final count into words.

    Parameters
    ----------
    distribution : DataFrame
        What ``year_end`` returned.
    unit : str
        What is counted.

    Returns
    -------
    str
        The median and the 90 % interval, without a full stop.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import describe_year_end
    >>> describe_year_end(pd.DataFrame({"n": [10, 11], "probability": [0.25, 0.75]}))
    '11 launch days by 31 December (90 % between 10 and 11)'
    """
    upto = distribution["probability"].cumsum()
    low, middle, high = (
        distribution["n"][upto >= share - 1e-12].iloc[0] for share in (0.05, 0.5, 0.95)
    )
    return f"{middle} {unit} by 31 December (90 % between {low} and {high})"

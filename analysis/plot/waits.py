"""Waits from one launch day to the next: how long, how likely to end, and models of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import seaborn as sns

from ..errors import need_filled
from .parts import begin, finish, name_rows, rows, write
from .style import BLUE, DASHED, INK, LIGHT, ORANGE, PALE, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Each fitted law of waits: its words and its line.
_LAWS: dict[str, tuple[str, dict[str, Any]]] = {
    "exponential": ("independent (exponential)", {"color": RED, "linestyle": (0, (1, 1.4))}),
    "weibull": ("Weibull", {"color": ORANGE, "linestyle": (0, (6, 2))}),
    "two_rates": ("two rates mixed", {"color": BLUE, "linestyle": "-"}),
}


def plot_waiting(
    survival: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the share of waits that last longer than so many days, seen and fitted.

    Parameters
    ----------
    survival : DataFrame
        What ``waiting_survival`` returned: `days`, `observed` and a column for each fit; with
        `low` and `high`, the interval of what was observed is shaded.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on; the shares are logarithmic, so that a constant chance a day would
        give a straight line.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_waiting
    >>> table = pd.DataFrame({"days": [0, 1, 2], "observed": [1, 0.5, 0.2],
    ...     "exponential": [1, 0.5, 0.25], "weibull": [1, 0.5, 0.2], "two_rates": [1, 0.5, 0.2]})
    >>> len(plot_waiting(table, ax=Figure().add_subplot()).lines)
    4
    """
    ax = begin(ax, survival, ["days", "observed", *_LAWS])
    seen = survival[survival["observed"] > 0]
    floor = float(seen["observed"].min()) * 0.75
    solid: Any = {"color": INK, "linewidth": 2.2, "label": "the record"}
    ax.step(seen["days"], seen["observed"], where="post", **solid)
    if {"low", "high"} <= set(seen):
        limits = seen[["low", "high"]].fillna(1)  # no wait is over yet
        pale: Any = {"color": PALE, "alpha": 0.7, "linewidth": 0, "label": "its 95 % interval"}
        ax.fill_between(seen["days"], limits["low"], limits["high"], step="post", **pale)
    for law, (words, look) in _LAWS.items():
        ax.plot(survival["days"], survival[law], linewidth=2, label=words, **look)
    ax.set(yscale="log", ylim=(floor, 1.15))
    marks = [v for v in (1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005) if v >= floor]
    ax.set_yticks(marks, [f"{v:.3g}" for v in marks])
    ax.minorticks_off()
    ax.legend(loc="upper right")
    labels = {"xlabel": "days from one launch day to the next", "ylabel": "share of waits longer"}
    return finish(ax, survival, source, xlim=(0, float(survival["days"].max()) * 1.02), **labels)


def plot_hazard(hazard: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the chance of a launch day by how long the pause has lasted.

    Parameters
    ----------
    hazard : DataFrame
        What ``hazard(waits)`` returned: `after_days`, `to_days`, `n`, `hazard`, `low`, `high`,
        `average`.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on, a step for each class of pauses.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_hazard
    >>> table = pd.DataFrame({"after_days": [0, 7], "to_days": [7, None], "n": [5, 1],
    ...     "hazard": [0.1, 0.02], "low": [0.05, 0.0], "high": [0.2, 0.1], "average": 0.05})
    >>> ax = plot_hazard(table, ax=Figure().add_subplot())
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['1–7', 'over 7']
    """
    ax = begin(ax, hazard, ["after_days", "to_days", "n", "hazard", "low", "high", "average"])
    table = hazard.dropna(subset=["hazard"])
    at = range(len(table))
    ax.vlines(at, table["low"] * 100, table["high"] * 100, color=LIGHT, linewidth=7, zorder=2)
    ax.plot(at, table["hazard"] * 100, "o", color=INK, markersize=6, zorder=3)
    average = float(hazard["average"].iloc[0]) * 100
    ax.axhline(average, **DASHED | {"color": RED, "linewidth": 1.4, "zorder": 1})
    right: Any = {"xycoords": ("axes fraction", "data"), "ha": "right", "va": "bottom"}
    write(ax, f"all days together: {average:.1f} %", (1, average), (0, 3), **right)
    ax.set_xticks(at, [_span(row) for row in rows(table)])
    ax.set(xlim=(-0.6, len(table) - 0.4), ylim=(0, float(table["high"].max()) * 108))
    labels = {"xlabel": "days since the last launch day", "ylabel": "chance of a launch day, %"}
    return finish(ax, hazard, source, **labels)


def _span(row: Any) -> str:
    """Name a class of pauses by its first and last day."""
    if pd.isna(row.to_days):
        return f"over {row.after_days}"
    return f"{row.after_days + 1}–{row.to_days:.0f}"


def plot_residuals(
    residuals: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw how the rescaled waits of a self-exciting model are spread, beside how if it holds.

    Parameters
    ----------
    residuals : DataFrame
        What ``excitation_residuals`` returned: `uniform`, `quantile`, `band_low`, `band_high`.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on: the empirical distribution, which stays in the band along the diagonal
        if the model holds.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_residuals
    >>> table = pd.DataFrame({"uniform": [0.7, 0.2], "quantile": [0.75, 0.25],
    ...                       "band_low": [0.5, 0.1], "band_high": [0.9, 0.4]})
    >>> ax = plot_residuals(table, ax=Figure().add_subplot())
    >>> ax.lines[0].get_xdata()[1:].tolist(), ax.lines[0].get_ydata()[1:].tolist()
    ([0.2, 0.7], [0.5, 1.0])
    """
    ax = begin(ax, residuals, ["uniform", "quantile", "band_low", "band_high"])
    band = residuals.sort_values("quantile")
    ends = band["band_low"], band["band_high"]
    ax.fill_betweenx(band["quantile"], *ends, color=PALE, alpha=0.7, linewidth=0)
    sns.ecdfplot(residuals, x="uniform", color=BLUE, linewidth=1.8, ax=ax)
    ax.plot((0, 1), (0, 1), **DASHED, zorder=1)
    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    for set_ticks in (ax.set_xticks, ax.set_yticks):
        set_ticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
    ax.grid(visible=True, axis="both")
    return finish(ax, residuals, source, xlabel="rescaled wait", ylabel="share of waits")


def plot_models(
    compared: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw how far each model of the launch days stands behind the best.

    Parameters
    ----------
    compared : DataFrame
        What ``compare_regimes`` returned: `model`, `delta_bic`, and `behind` with `behind_se`
        where years were forecast; models whose name begins with "self-exciting" are filled.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on, the best by BIC on top.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_models
    >>> table = pd.DataFrame({"model": ["self-exciting, eras", "eras"], "delta_bic": [0.0, 36.4]})
    >>> [text.get_text() for text in plot_models(table, ax=Figure().add_subplot()).texts]
    ['0.0', '36.4']
    """
    ax = begin(ax, compared, ["model", "delta_bic"])
    table = compared.sort_values("delta_bic", kind="stable", ignore_index=True)
    excited = table["model"].str.startswith("self-exciting")
    look: Any = {"height": 0.62, "edgecolor": INK, "linewidth": 0.7}
    look["color"] = excited.map({True: BLUE, False: "white"})
    look["hatch"] = excited.map({True: "", False: "////"}).tolist()
    ax.barh(table.index, table["delta_bic"], **look)
    forecast = "behind" in table and bool(table["behind"].notna().all())
    for place, row in enumerate(rows(table)):
        words = f"{row.delta_bic:.1f}"
        if forecast and row.behind:
            words += f"; forecasts {row.behind:.1f} ± {row.behind_se:.1f} behind"
        elif forecast:
            words += "; forecasts best"
        write(ax, words, (row.delta_bic, place), (5, 0), va="center")
    name_rows(ax, list(table["model"]))
    ax.set_xlim(0, max(float(table["delta_bic"].max()), 1) * (2.15 if forecast else 1.15))
    ax.set_xlabel("BIC above the best model (0 is best)", loc="left")
    return finish(ax, compared, source)


def describe_models(compared: pd.DataFrame) -> list[str]:
    """Say by how much the best self-exciting model leads the best other one, or trails it.

    Parameters
    ----------
    compared : DataFrame
        As for :func:`plot_models`, with models of both kinds, `behind` and `behind_se`.

    Returns
    -------
    list of str
        A sentence on BIC and one on forecasts.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import describe_models
    >>> table = pd.DataFrame({"model": ["self-exciting, eras", "eras"], "delta_bic": [0.0, 36.4],
    ...                       "behind": [0.0, 34.0], "behind_se": [0.0, 24.0]})
    >>> describe_models(table)[1]
    'Forecasts prefer “self-exciting, eras” to “eras” by 34.0 ± 24.0'
    """
    need_filled(compared, ["model", "delta_bic", "behind", "behind_se"], "the table")
    excited = compared["model"].str.startswith("self-exciting")
    leads = []
    for column, words in (("delta_bic", "BIC prefers"), ("behind", "Forecasts prefer")):
        best = compared.sort_values(column).groupby(excited).head(1)
        first, second = rows(best)
        lead = f"{getattr(second, column) - getattr(first, column):.1f}"
        if column == "behind" and first.behind == 0:
            lead += f" ± {second.behind_se:.1f}"
        leads.append(f"{words} “{first.model}” to “{second.model}” by {lead}")
    return leads

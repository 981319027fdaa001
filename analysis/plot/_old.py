"""Names of the first release: they answer for one version more, with a warning."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from .coverage import plot_coverage
from .forest import plot_effects
from .parts import begin
from .specifications import plot_specifications

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: What draws now what these names drew.
_NOW = {
    "plot_ratios": "plot_effects",
    "plot_size": "plot_coverage",
    "plot_recovery": "plot_coverage",
    "plot_choices": "plot_specifications(..., choices=ax)",
}


def find(name: str) -> Any:
    """Return an old name of this package and warn; an unknown one is an AttributeError."""
    if name not in _NOW:
        raise AttributeError(f"module {__package__!r} has no attribute {name!r}")
    words = f"{__package__}.{name} is now {_NOW[name]}; the old address goes with the next version"
    warnings.warn(words, DeprecationWarning, stacklevel=2)
    return globals()[name]


def plot_ratios(ratios: pd.DataFrame, *, p_value: str = "p_shift", **options: Any) -> Axes:
    """Draw rate ratios as :func:`plot_effects` does, under headings of `group`."""
    by = "group" if "group" in ratios else None
    named = ratios.rename(columns={"ratio": "rate_ratio"})
    p_value = p_value if p_value in ratios else "p_value"
    return plot_effects(named, by=by, p_value=p_value, **options)


def plot_size(sizes: pd.DataFrame, *, side: str = "above", **options: Any) -> Axes:
    """Draw false alarms on one side of ratio 1 as :func:`plot_coverage` does."""
    return plot_coverage(sizes[sizes["side"] == side], nominal=0.05, **options)


def plot_recovery(proofs: pd.DataFrame, *, wanted: Any = (0.92, 0.98), **options: Any) -> Axes:
    """Draw the coverage of estimators as :func:`plot_coverage` does."""
    named = proofs.rename(columns={"coverage": "share", "n_series": "n_histories"})
    named["test"] = "ours"
    if "wrong" in named:
        named.loc[named["wrong"], "test"] = "independent"
    return plot_coverage(named, by="estimator", band=wanted, **options)


def plot_choices(curve: pd.DataFrame, *, ax: Axes | None = None, **options: Any) -> Axes:
    """Draw the choices of specifications as :func:`plot_specifications` does under its ratios."""
    ax = begin(ax, curve, ())
    plot_specifications(curve, choices=ax, ax=Figure().add_subplot(), **options)
    return ax

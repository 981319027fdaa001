"""From the ratio given recent launches to that of all launch days, by simulation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..excitation.fit import Fit
from ..excitation.simulate import MOST_TRIGGERED, simulate_launch_days
from .given_recent import hold_ratio

#: Histories for a marginal ratio: those with the windows and without share their random numbers.
_HISTORIES = 200


def marginal_ratios(
    start: Fit, place: int, found: Mapping[str, Any], seed: int
) -> dict[str, float]:
    """Return the marginal ratio and its interval: those of the fits at the ratio and its ends.

    Parameters
    ----------
    start : Fit
        A fit near the largest likelihood.
    place : int
        Which of its covariates.
    found : mapping
        ``rate_ratio``, ``low`` and ``high`` of `answer`.
    seed : int
        Seed of the histories.
    """
    names = {"marginal_ratio": "rate_ratio", "marginal_low": "low", "marginal_high": "high"}
    if not np.isin(start.model.covariates[:, place], (0, 1)).all():
        return dict.fromkeys(names, np.nan)
    ratios = {}
    for name, of in names.items():
        if 0 < found[of] < np.inf:
            held = hold_ratio(start, place, float(np.log(found[of])))
            ratios[name] = marginal_ratio(held, place, _HISTORIES, seed)
        else:
            ratios[name] = found[of]
    return ratios


def marginal_ratio(found: Fit, place: int, histories: int, seed: int) -> float:
    """Return launch days inside a window over those without its ratio, in histories of a fit.

    Parameters
    ----------
    found : Fit
        The model with the ratio of each covariate.
    place : int
        Which of them is the window.
    histories : int
        With and without the ratio.
    seed : int
        Seed of their common random numbers.
    """
    model = found.model
    ratios = found.parameters[model.first_ratio :]
    both = np.stack([ratios, np.where(np.arange(len(ratios)) == place, 0.0, ratios)])
    drawn = simulate_launch_days(
        found.rates.background,
        min(found.branching_ratio, MOST_TRIGGERED),
        found.decay,
        size=histories,
        factor=np.exp(both @ model.covariates.T)[:, None],
        seed=seed,
    )
    inside, without = drawn[..., model.covariates[:, place] > 0].sum(axis=(1, 2))
    return float(inside / without) if without else np.nan

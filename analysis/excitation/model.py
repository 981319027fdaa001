"""One self-exciting model of launch days: what a day's rate is made of, and its likelihood.

A day is a launch day or not: a day's first launch makes it one, further ones mostly belong to
the same operation, and many launches have no instant. With

    P(launch day) = 1 - exp(-rate),

the chance that a Poisson process of that rate has at least one event in the day, the rate is

    rate       = factor * (background + triggered),
    background = exp(sum of one term of each kind: era, month, year ...),
    triggered  = branching ratio * (earlier launch days, decaying; see `series.kernel.decayed`),
    factor     = exp(covariates @ log rate ratios).

Terms may be shrunk towards none by a ridge penalty. The branching ratio is the number of further
launch days that go with a launch day: an association, as whatever comes in bursts looks like it.

References
----------
Hawkes, A. G. (1971). Spectra of some self-exciting and mutually exciting point processes.
Biometrika 58(1), 83-90. doi:10.1093/biomet/58.1.83

Porter, M. D. and White, G. (2012). Self-exciting hurdle models for terrorist activity. Annals
of Applied Statistics 6(1), 106-124. doi:10.1214/11-AOAS513
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from ..series.kernel import decayed, decayed_slope

#: Rates below this are taken as this, so that a logarithm exists.
_LEAST_RATE = 1e-12
#: Above this rate a day without a launch is out of the question, and exp would overflow.
_MOST_RATE = 500.0


@dataclass(frozen=True)
class Model:
    """Launch days with the terms of their background and their covariates.

    Parameters are one vector: the log rate of each level of each term, the log of the branching
    ratio, the log of the decay, the log rate ratio of each covariate.
    """

    #: Whether each day is a launch day, shape (n_days,).
    launched: np.ndarray
    #: Which combination of levels each day has, from 0, shape (n_days,).
    cell: np.ndarray
    #: One row a combination, 1.0 in the column of each of its levels.
    levels: np.ndarray
    #: Levels of the first term.
    n_first: int
    #: Standard deviation of each level's log rate around the mean of its term (of the first term)
    #: or around none (of the others); infinite where it is free.
    spread: np.ndarray
    #: One column a covariate, shape (n_days, n_covariates).
    covariates: np.ndarray

    @property
    def n_terms(self) -> int:
        """Levels of all terms together."""
        return self.levels.shape[1]

    @cached_property
    def hits(self) -> np.ndarray:
        """Places of the launch days."""
        return np.flatnonzero(self.launched)

    @cached_property
    def penalty(self) -> np.ndarray:
        """Precision of the terms: the penalty is half of terms @ penalty @ terms."""
        weight = self.spread**-2.0
        matrix = np.diag(weight)
        first = weight * (np.arange(self.n_terms) < self.n_first)
        # the level is free in the first term; the others are deviations from it
        if first.any():
            matrix -= np.outer(first, first) / first.sum()
        return matrix

    @property
    def branching(self) -> int:
        """Place of the log branching ratio among the parameters."""
        return self.n_terms

    @property
    def decay(self) -> int:
        """Place of the log decay among the parameters."""
        return self.n_terms + 1

    @property
    def first_ratio(self) -> int:
        """Place of the first covariate's log rate ratio among the parameters."""
        return self.n_terms + 2


def make_model(
    launched: np.ndarray,
    codes: Sequence[np.ndarray],
    *,
    spreads: Sequence[float] | None = None,
    covariates: np.ndarray | None = None,
) -> Model:
    """Set up the model of a series of days.

    Parameters
    ----------
    launched : ndarray, shape (n_days,)
        Whether each day is a launch day.
    codes : sequence of ndarray of int, shape (n_days,)
        Level of each term of the background on each day, from 0.
    spreads : sequence of float, optional
        Standard deviation of each term's log rates around their mean (of the first term) or
        around none (of the others); without, they are free.
    covariates : ndarray, shape (n_days, n_covariates), optional
        None by default.

    Examples
    --------
    >>> make_model(np.array([0, 1, 0, 1]), [np.array([0, 0, 1, 1])]).levels.tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    sizes = [int(code.max()) + 1 for code in codes]
    joint, cell = np.unique(np.ravel_multi_index(tuple(codes), sizes), return_inverse=True)
    levels = [
        np.eye(size)[code] for size, code in zip(sizes, np.unravel_index(joint, sizes), strict=True)
    ]
    spread = np.repeat([np.inf] * len(sizes) if spreads is None else spreads, sizes)
    launched = np.asarray(launched, dtype=bool)
    if covariates is None:
        covariates = np.zeros((len(launched), 0))
    return Model(launched, cell, np.hstack(levels), sizes[0], spread, covariates)


class Rates(NamedTuple):
    """What the rate of each day is made of, each of shape (n_days,)."""

    background: np.ndarray  # without the factor, as the next two
    triggered: np.ndarray
    #: Slope of `triggered` in the log of the decay; None where the decay is held.
    turn: np.ndarray | None
    factor: Any  # 1.0 without covariates
    rate: np.ndarray


def rates(model: Model, parameters: np.ndarray, past: np.ndarray | None = None) -> Rates:
    """Return the rates of all days; `past` is the decayed past where the decay is held."""
    branching, decay = np.exp(parameters[model.branching : model.first_ratio])
    turn = None
    if past is None:
        past = decayed(model.launched, decay)
        turn = branching * decayed_slope(model.launched, past, decay)
    background = np.exp(model.levels @ parameters[: model.n_terms])[model.cell]
    triggered = branching * past
    factor: Any = 1.0
    if model.covariates.shape[1]:
        factor = np.exp(model.covariates @ parameters[model.first_ratio :])
    rate = np.maximum(factor * (background + triggered), _LEAST_RATE)
    return Rates(background, triggered, turn, factor, rate)


def day_log_likelihood(launched: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Return the log-likelihood of each day, given its rate.

    Examples
    --------
    >>> day_log_likelihood(np.array([False, True]), np.array([0.5, np.log(2)])).round(3)
    array([-0.5  , -0.693])
    """
    rate = np.maximum(rate, _LEAST_RATE)
    return np.where(launched, np.log(-np.expm1(-rate)), -rate)


def odds(rate: np.ndarray) -> np.ndarray:
    """Return the odds of a day without a launch."""
    return 1.0 / np.expm1(np.minimum(rate, _MOST_RATE))


def loss(model: Model, parameters: np.ndarray, found: Rates) -> tuple[float, np.ndarray]:
    """Return minus the penalised log-likelihood, and its slope in every parameter."""
    terms, hits = parameters[: model.n_terms], model.hits
    pull = model.penalty @ terms
    on_launch_days = found.rate[hits]
    value = 0.5 * terms @ pull + found.rate.sum() - on_launch_days.sum()
    value -= np.log(-np.expm1(-on_launch_days)).sum()
    by_rate = np.ones(len(found.rate))
    by_rate[hits] = -odds(on_launch_days)
    weight = by_rate * found.factor
    by_cell = np.bincount(model.cell, weight * found.background, len(model.levels))
    turn = 0.0 if found.turn is None else weight @ found.turn
    slope = np.concatenate(
        [
            by_cell @ model.levels + pull,
            [weight @ found.triggered, turn],
            (by_rate * found.rate) @ model.covariates,
        ]
    )
    return float(value), slope


def information(model: Model, found: Rates) -> np.ndarray:
    """Return the expected information of all parameters, penalties included.

    A day tells weight * slope' slope, with slope that of the day's log rate in the parameters
    and weight as of a Bernoulli trial whose chance is 1 - exp(-rate).
    """
    n, cells = model.n_terms, len(model.levels)
    weight = found.rate**2 * odds(found.rate)
    share = found.factor * found.background / found.rate
    rest = slopes(model, found)
    matrix = np.empty((n + len(rest),) * 2)
    own = np.bincount(model.cell, weight * share**2, cells)
    matrix[:n, :n] = model.levels.T @ (own[:, None] * model.levels) + model.penalty
    for place, row in enumerate(rest, start=n):
        matrix[:n, place] = np.bincount(model.cell, weight * share * row, cells) @ model.levels
    matrix[n:, :n] = matrix[:n, n:].T
    matrix[n:, n:] = (rest * weight) @ rest.T
    return matrix


def slopes(model: Model, found: Rates) -> np.ndarray:
    """Return the slope of each day's log rate in all parameters but the terms, one a row."""
    turn = np.zeros_like(found.rate) if found.turn is None else found.turn
    scale = found.factor / found.rate
    return np.vstack([found.triggered * scale, turn * scale, model.covariates.T])

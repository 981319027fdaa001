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
from typing import NamedTuple

import numpy as np

from ..series.kernel import decayed, decayed_slope

#: Rates below this are taken as this, so that a logarithm exists.
_LEAST_RATE = 1e-12


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
    #: Levels of the first term, whose mean is free of the penalty.
    n_first: int
    #: Precision of the terms: the penalty is half of terms @ penalty @ terms.
    penalty: np.ndarray
    #: One column a covariate, shape (n_days, n_covariates).
    covariates: np.ndarray

    @property
    def n_terms(self) -> int:
        """Levels of all terms together."""
        return self.levels.shape[1]

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
        Prior standard deviation of each term's log rates around their mean (of the first term)
        or around none (of the others); without, terms are not penalised.
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
    penalty = np.zeros((sum(sizes), sum(sizes)))
    ends = np.cumsum(sizes)
    for place, spread in enumerate(spreads or ()):
        own = slice(ends[place] - sizes[place], ends[place])
        # the level is free in the first term; the others are deviations from it
        penalty[own, own] = (np.eye(sizes[place]) - (place == 0) / sizes[place]) / spread**2
    launched = np.asarray(launched, dtype=bool)
    if covariates is None:
        covariates = np.zeros((len(launched), 0))
    return Model(launched, cell, np.hstack(levels), sizes[0], penalty, covariates)


class Rates(NamedTuple):
    """What the rate of each day is made of, each of shape (n_days,)."""

    background: np.ndarray  # without the factor, as the next two
    triggered: np.ndarray
    #: Slope of `triggered` in the log of the decay; None where the decay is held.
    turn: np.ndarray | None
    factor: np.ndarray
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
    return np.exp(-rate) / -np.expm1(-rate)


def loss(model: Model, parameters: np.ndarray, found: Rates) -> tuple[float, np.ndarray]:
    """Return minus the penalised log-likelihood, and its slope in every parameter."""
    terms, hit = parameters[: model.n_terms], model.launched
    pull = model.penalty @ terms
    value = 0.5 * terms @ pull - day_log_likelihood(hit, found.rate).sum()
    by_rate = np.where(hit, -odds(found.rate), 1.0)
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
    matrix = np.empty((n + rest.shape[1],) * 2)
    own = np.bincount(model.cell, weight * share**2, cells)
    matrix[:n, :n] = model.levels.T @ (own[:, None] * model.levels) + model.penalty
    for place, column in enumerate(rest.T, start=n):
        matrix[:n, place] = np.bincount(model.cell, weight * share * column, cells) @ model.levels
    matrix[n:, :n] = matrix[:n, n:].T
    matrix[n:, n:] = rest.T @ (weight[:, None] * rest)
    return matrix


def slopes(model: Model, found: Rates) -> np.ndarray:
    """Return each day's slope of the log rate in all parameters but the terms."""
    turn = np.zeros_like(found.rate) if found.turn is None else found.turn
    scale = found.factor / found.rate
    return np.column_stack([found.triggered * scale, turn * scale, model.covariates])

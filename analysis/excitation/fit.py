"""The largest likelihood of the self-exciting model, over all parameters or with some held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..series.kernel import decayed
from .model import Model, Rates, information, loss, rates

#: Log rates of the background's terms, log branching ratios and log rate ratios looked at. What
#: ends at a bound is a rate of 0, no excitation, or a ratio of 0 or infinity.
_TERM, _BRANCHING, RATIO = (-30.0, 5.0), (-12.0, float(np.log(3.0))), (-8.0, 8.0)
#: Half-lives of the excitation looked at, in days: from the next day alone to half a year.
HALF_LIVES = (0.5, 183.0)
#: What a step must promise in log-likelihood to be taken.
_GAIN = 1e-7
#: Share of what a step promises that it must keep, else it is halved: without, steps that
#: overshoot to and fro would be taken.
_SHARE = 0.1
_STEPS, _HALVINGS, _LONGEST = 100, 20, 3.0


@dataclass(frozen=True)
class Fit:
    """Parameters at the largest penalised likelihood, and that likelihood."""

    model: Model
    parameters: np.ndarray
    log_likelihood: float

    @property
    def branching_ratio(self) -> float:
        """Further launch days that go with a launch day."""
        return float(np.exp(self.parameters[self.model.branching]))

    @property
    def decay(self) -> float:
        """Decay of the excitation, a day."""
        return float(np.exp(self.parameters[self.model.decay]))

    @property
    def half_life(self) -> float:
        """Half-life of the excitation, in days."""
        return float(np.log(2) / self.decay)

    @cached_property
    def rates(self) -> Rates:
        """Rates of all days, with the decay taken as known."""
        return rates(self.model, self.parameters, decayed(self.model.launched, self.decay))


def fit(
    model: Model,
    start: np.ndarray | None = None,
    *,
    held: Mapping[int, float] | None = None,
    half_lives: tuple[float, float] = HALF_LIVES,
) -> Fit:
    """Maximise the penalised likelihood from one start, by Fisher scoring inside bounds.

    Parameters
    ----------
    model : Model
        The days.
    start : ndarray, optional
        Parameters to begin with.
    held : mapping from int to float, optional
        Parameters that stay at a value, by their place; minus infinity is no excitation.
    half_lives : (float, float)
        Bounds of the half-life in days, where the decay is not held.

    Examples
    --------
    >>> from analysis.excitation.model import make_model
    >>> days = np.tile([0, 0, 0, 1], 50)
    >>> found = fit(make_model(days, [np.zeros(200, dtype=int)]), held={1: -np.inf, 2: 0.0})
    >>> bool(np.isclose(-np.expm1(-found.rates.rate[0]), 0.25))
    True
    """
    held = held or {}
    bounds = _bounds(model, half_lives)
    at = first_guess(model) if start is None else start.copy()
    for place, value in held.items():
        at[place] = bounds[place] = value
    at = np.clip(at, bounds[:, 0], bounds[:, 1])
    known = decayed(model.launched, np.exp(at[model.decay])) if model.decay in held else None
    found = rates(model, at, known)
    lost, slope = loss(model, at, found)
    for _ in range(_STEPS):
        step = _step(model, found, at, slope, bounds)
        promised = step @ slope
        if promised < _GAIN:
            break
        for halving in range(_HALVINGS):
            trial = np.clip(at - step * 0.5**halving, bounds[:, 0], bounds[:, 1])
            moved = rates(model, trial, known)
            new, new_slope = loss(model, trial, moved)
            if lost - new > _SHARE * promised * 0.5**halving:
                break
        else:
            break
        at, found, lost, slope = trial, moved, new, new_slope
    return Fit(model, at, -lost)


def first_guess(model: Model) -> np.ndarray:
    """Return parameters to begin with: the mean rate, and a little excitation for a week."""
    start = np.zeros(model.first_ratio + model.covariates.shape[1])
    start[: model.n_first] = np.log(max(model.launched.mean(), 1e-5) / 2)
    start[model.branching], start[model.decay] = np.log(0.3), np.log(0.1)
    return start


def _bounds(model: Model, half_lives: tuple[float, float]) -> np.ndarray:
    """Return the lowest and highest value of each parameter."""
    slowest, fastest = np.log(np.log(2) / np.array(half_lives[::-1]))
    ratios = [RATIO] * model.covariates.shape[1]
    return np.array([*[_TERM] * model.n_terms, _BRANCHING, (slowest, fastest), *ratios])


def _step(
    model: Model, found: Rates, at: np.ndarray, slope: np.ndarray, bounds: np.ndarray
) -> np.ndarray:
    """Return the scoring step; what is held, or would leave its bounds, does not move."""
    stuck = ((at <= bounds[:, 0]) & (slope > 0)) | ((at >= bounds[:, 1]) & (slope < 0))
    free = np.flatnonzero(~stuck & (bounds[:, 0] < bounds[:, 1]))
    known = information(model, found)[np.ix_(free, free)]
    known[np.diag_indices(len(free))] += 1e-6
    step = np.zeros(len(at))
    step[free] = np.clip(np.linalg.solve(known, slope[free]), -_LONGEST, _LONGEST)
    return step


def best_of_decays(model: Model, decays: Sequence[float]) -> Fit:
    """Return the fit at the decay of largest likelihood among a few, in order.

    Moves on from the middle while the likelihood rises.
    """
    at = len(decays) // 2 - 1
    best = fit(model, held={model.decay: np.log(decays[at])})
    for step in (1, -1):
        while 0 <= at + step < len(decays):
            decay = {model.decay: np.log(decays[at + step])}
            near = fit(model, best.parameters, held=decay)
            if near.log_likelihood <= best.log_likelihood:
                break
            at, best = at + step, near
    return best

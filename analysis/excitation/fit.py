"""The largest likelihood of the self-exciting model, over all parameters or with some held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.optimize import minimize

from ..series.kernel import decayed
from .model import Model, Rates, information, loss, rates

#: Log rates of the background's terms, log branching ratios and log rate ratios looked at. What
#: ends at a bound is a rate of 0, no excitation, or a ratio of 0 or infinity.
MOST = 3.0
#: The log of a branching ratio of none, to hold.
NONE = -50.0
_TERM, _BRANCHING, RATIO = (-30.0, 5.0), (-12.0, float(np.log(MOST))), (-8.0, 8.0)
#: Half-lives of the excitation looked at, in days: from the next day alone to half a year.
HALF_LIVES = (0.5, 183.0)
#: What a step must promise in log-likelihood to be taken.
_GAIN = 1e-7
#: Share of what a step promises that it must keep, else it is halved: without, steps that
#: overshoot to and fro would be taken.
_SHARE = 0.1
#: Half-lives from which a search starts, and how it goes on.
_STARTS = 3
_SEARCH: Any = {"eps": 1e-3, "ftol": 1e-8, "gtol": 1e-2, "maxls": 6}
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
        log_ratio = self.parameters[self.model.branching]
        return float(np.exp(log_ratio)) if log_ratio > _BRANCHING[0] else 0.0

    @property
    def decay(self) -> float:
        """Decay of the excitation, a day."""
        return float(np.exp(self.parameters[self.model.decay]))

    @property
    def half_life(self) -> float:
        """Half-life of the excitation, in days."""
        return float(np.log(2) / self.decay)

    @cached_property
    def integrated(self) -> float:
        """Log-likelihood with the terms that have a spread integrated out (Laplace)."""
        spread = np.where(np.isfinite(self.model.spread), self.model.spread, 0.0)
        n = self.model.n_terms
        known = information(self.model, self.rates)[:n, :n] - self.model.penalty
        scaled = np.eye(n) + spread[:, None] * known * spread
        return self.log_likelihood - 0.5 * float(np.linalg.slogdet(scaled)[1])

    @cached_property
    def rates(self) -> Rates:
        """Rates of all days, with the decay taken as known."""
        return rates(self.model, self.parameters, decayed(self.model.launched, self.decay))


def fit(
    model: Model,
    start: np.ndarray | None = None,
    *,
    held: Mapping[int, float] | None = None,
    tilt: np.ndarray | None = None,
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
        Parameters that stay at a value, by their place; `NONE` is no excitation.
    tilt : ndarray, optional
        What is taken from the log-likelihood for each unit of each parameter: none by default.
    half_lives : (float, float)
        Bounds of the half-life in days, where the decay is not held.

    Examples
    --------
    >>> from analysis.excitation.model import make_model
    >>> days = np.tile([0, 0, 0, 1], 50)
    >>> found = fit(make_model(days, [np.zeros(200, dtype=int)]), held={1: NONE, 2: 0.0})
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
    pull = np.zeros(len(at)) if tilt is None else tilt
    found = rates(model, at, known)
    lost, slope = loss(model, at, found)
    for _ in range(_STEPS):
        step = _step(model, found, at, slope + pull, bounds)
        promised = step @ (slope + pull)
        if promised < _GAIN:
            break
        for halving in range(_HALVINGS):
            trial = np.clip(at - step * 0.5**halving, bounds[:, 0], bounds[:, 1])
            moved = rates(model, trial, known)
            new, new_slope = loss(model, trial, moved)
            if lost - new + pull @ (at - trial) > _SHARE * promised * 0.5**halving:
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
    ratios = [RATIO] * model.covariates.shape[1]
    return np.array([*[_TERM] * model.n_terms, _BRANCHING, log_decays(half_lives), *ratios])


def log_decays(half_lives: tuple[float, float]) -> tuple[float, float]:
    """Return the logs of the slowest and fastest decay.

    Examples
    --------
    >>> log_decays((np.log(2), np.log(2)))
    (0.0, 0.0)
    """
    fastest, slowest = half_lives
    return float(np.log(np.log(2) / slowest)), float(np.log(np.log(2) / fastest))


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


def search(
    model: Model,
    *,
    held: Mapping[int, float] | None = None,
    half_lives: tuple[float, float] = HALF_LIVES,
) -> Fit:
    """Maximise the penalised likelihood from several half-lives; arguments as for `fit`."""
    guess, found = first_guess(model), []
    for decay in np.linspace(*log_decays(half_lives), _STARTS + 2)[1:-1]:
        guess[model.decay] = decay
        found.append(fit(model, guess, held=held, half_lives=half_lives))
    return max(found, key=lambda each: each.log_likelihood)


def maximise(
    model: Model,
    *,
    held: Mapping[int, float] | None = None,
    near: Fit | None = None,
    half_lives: tuple[float, float] = HALF_LIVES,
) -> Fit:
    """Maximise the integrated likelihood; arguments as for `fit`, beginning at `near` if given."""
    if near is None:
        best = search(model, held=held, half_lives=half_lives)
    else:
        best = fit(model, near.parameters, held=held, half_lives=half_lives)
    if not np.isfinite(model.spread).any():
        return best  # nothing to integrate out
    return _integrate(model, dict(held or {}), best, half_lives)


def _integrate(
    model: Model, held: dict[int, float], best: Fit, half_lives: tuple[float, float]
) -> Fit:
    """Search branching ratio and decay for the largest integrated likelihood near a fit."""
    bounds = [(0.0, MOST), log_decays(half_lives)]
    for place, value in enumerate((best.branching_ratio, np.log(best.decay))):
        if model.branching + place in held:
            bounds[place] = (value, value)

    def lost(at: np.ndarray) -> float:
        nonlocal best
        both = {model.branching: np.log(at[0]) if at[0] > 0 else NONE, model.decay: at[1]}
        found = fit(model, best.parameters, held={**held, **both})
        best = max(best, found, key=lambda each: each.integrated)
        return -found.integrated

    start = np.array([best.branching_ratio, np.log(best.decay)])
    if any(low < high for low, high in bounds):
        minimize(lost, start, method="L-BFGS-B", bounds=bounds, options=_SEARCH)
    return best

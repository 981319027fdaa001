"""A self-exciting model of launch days given month, era, recent launches and covariates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ..extras import library
from ..series.strata import Days

#: Decays of the burst (a day) among which the likelihood chooses.
DECAYS = (0.8, 0.4, 0.2, 0.1, 0.05, 0.025)
#: Prior standard deviations of the log rates of months, eras and years around their mean.
SPREADS = {"month": 3.0, "era": 3.0, "year": 0.8}
#: Log rate ratios beyond which an estimate is called 0 or infinite.
BOUND = 8.0


@dataclass(frozen=True)
class Model:
    """The series, its terms and the decayed count of earlier launch days."""

    launched: np.ndarray
    codes: tuple[np.ndarray, ...]
    penalties: tuple[float, ...]
    recent: np.ndarray
    covariates: np.ndarray
    sizes: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Count the levels of each term."""
        object.__setattr__(self, "sizes", tuple(int(code.max()) + 1 for code in self.codes))

    @property
    def n_terms(self) -> int:
        """Levels of all terms together."""
        return sum(self.sizes)


class Fit(NamedTuple):
    """Parameters at the largest penalised likelihood, and that likelihood."""

    loglik: float
    #: Log rate of each level of each term, log excitation, log rate ratio of each covariate.
    parameters: np.ndarray


def make_model(days: Days, adjust: Sequence[str], covariates: np.ndarray) -> Model:
    """Set up the model of a record with its covariates (one column each)."""
    codes = {
        "month": days.calendar.month,
        "era": days.calendar.eras,
        "year": days.calendar.year - days.calendar.year.min(),
    }
    names = [*(name for name in ("month", "era") if name in adjust), "year"]
    return Model(
        launched=days.launches > 0,
        codes=tuple(np.asarray(codes[name]) for name in names),
        penalties=tuple(SPREADS[name] ** -2 for name in names),
        recent=decayed(days.launches, DECAYS[0]),
        covariates=covariates,
    )


def decayed(launches: np.ndarray, decay: float) -> np.ndarray:
    """Add up earlier launch days, each weighing less as it recedes; weights sum to 1.

    Examples
    --------
    >>> decayed(np.array([1.0, 0.0, 0.0]), np.log(2)).round(3)
    array([0.  , 0.5 , 0.25])
    """
    keep = np.exp(-decay)
    past = library("scipy.signal").lfilter([1.0 - keep], [1.0, -keep], launches)
    return np.concatenate([[0.0], past[:-1]])


def with_best_decay(model: Model) -> tuple[Model, Fit]:
    """Return the model with the decay of largest likelihood, and its fit.

    Climbs from the middle of `DECAYS` while the likelihood rises.
    """
    launches = model.launched.astype(float)
    tried: dict[int, tuple[Model, Fit]] = {}

    def trial(place: int, start: np.ndarray | None) -> tuple[Model, Fit]:
        if place not in tried:
            recent = decayed(launches, DECAYS[place])
            other = Model(model.launched, model.codes, model.penalties, recent, model.covariates)
            tried[place] = other, fit(other, start)
        return tried[place]

    at = len(DECAYS) // 2 - 1
    best = trial(at, None)
    for step in (1, -1):
        while 0 <= at + step < len(DECAYS):
            near = trial(at + step, best[1].parameters)
            if near[1].loglik <= best[1].loglik:
                break
            at, best = at + step, near
    return best


def fit(
    model: Model, start: np.ndarray | None = None, held: tuple[int, float] | None = None
) -> Fit:
    """Maximise the penalised likelihood, with one covariate's log ratio held if asked.

    Fisher scoring with halved steps, inside the bounds.
    """
    n_covariates = model.covariates.shape[1]
    bounds = np.array(
        [(-30.0, 5.0)] * model.n_terms + [(-12.0, 1.5)] + [(-BOUND, BOUND)] * n_covariates
    )
    if start is None:
        start = np.zeros(len(bounds))
        start[: model.sizes[0]] = np.log(model.launched.mean() / 2)
        start[model.n_terms] = np.log(0.3)
    at = start.copy()
    if held is not None:
        place = model.n_terms + 1 + held[0]
        at[place] = held[1]
        bounds[place] = held[1]
    loss, slope = _loss(at, model)
    for _ in range(100):
        pinned = ((at <= bounds[:, 0]) & (slope > 0)) | ((at >= bounds[:, 1]) & (slope < 0))
        free = np.flatnonzero(~pinned & (bounds[:, 0] < bounds[:, 1]))
        hessian = information_of(at, model)[np.ix_(free, free)]
        hessian[np.diag_indices(len(free))] += 1e-6
        step = np.zeros(len(at))
        step[free] = np.clip(np.linalg.solve(hessian, slope[free]), -3.0, 3.0)
        if step @ slope < 1e-7:
            break
        at, loss, slope, moved = _descend(at, step, loss, bounds, model)
        if not moved:
            break
    return Fit(-loss, at)


def _descend(
    at: np.ndarray, step: np.ndarray, loss: float, bounds: np.ndarray, model: Model
) -> tuple[np.ndarray, float, np.ndarray, bool]:
    """Take the step, halved until the loss falls; say whether it did."""
    for halving in range(20):
        trial = np.clip(at - step * 0.5**halving, bounds[:, 0], bounds[:, 1])
        new, slope = _loss(trial, model)
        if new < loss:
            return trial, new, slope, True
    return at, loss, _loss(at, model)[1], False


def parts_of(parameters: np.ndarray, model: Model) -> tuple[list[np.ndarray], float, np.ndarray]:
    """Split the parameters into terms, excitation and covariates' log ratios."""
    terms = np.split(parameters[: model.n_terms], np.cumsum(model.sizes)[:-1])
    return terms, float(np.exp(parameters[model.n_terms])), parameters[model.n_terms + 1 :]


def rates(parameters: np.ndarray, model: Model) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return background rate, rate and the covariates' factor of each day."""
    terms, excitation, ratios = parts_of(parameters, model)
    background = np.exp(sum(term[code] for term, code in zip(terms, model.codes, strict=True)))
    factor = np.exp(model.covariates @ ratios)
    rate = np.maximum(factor * (background + excitation * model.recent), 1e-12)
    return background, rate, factor


def _loss(parameters: np.ndarray, model: Model) -> tuple[float, np.ndarray]:
    """Return the negative penalised log likelihood and its gradient."""
    terms, excitation, _ = parts_of(parameters, model)
    background, rate, factor = rates(parameters, model)
    none = np.exp(-rate)
    hit = model.launched
    loss = rate[~hit].sum() - np.log1p(-none[hit]).sum()
    slope = np.ones(len(rate))
    slope[hit] = -none[hit] / (1.0 - none[hit])
    gradient = []
    for place, (term, code, penalty) in enumerate(
        zip(terms, model.codes, model.penalties, strict=True)
    ):
        # the level is free in the first term; the others are deviations from it
        shift = term - term.mean() if place == 0 else term
        loss += 0.5 * penalty * float(shift @ shift)
        weights = slope * factor * background
        gradient.append(np.bincount(code, weights, len(term)) + penalty * shift)
    gradient.append(np.array([(slope * factor * model.recent).sum() * excitation]))
    gradient.append(model.covariates.T @ (slope * rate))
    return float(loss), np.concatenate(gradient)


def information_of(parameters: np.ndarray, model: Model) -> np.ndarray:
    """Return the expected information of all parameters, penalties included."""
    background, rate, factor = rates(parameters, model)
    _, excitation, _ = parts_of(parameters, model)
    none = np.exp(-rate)
    weight = rate**2 * none / np.maximum(1.0 - none, 1e-12)
    share = factor * background / rate
    rest = np.column_stack([factor * excitation * model.recent / rate, model.covariates])
    n, first = model.n_terms, np.concatenate([[0], np.cumsum(model.sizes)])
    matrix = np.zeros((n + rest.shape[1],) * 2)
    for i, (code, size) in enumerate(zip(model.codes, model.sizes, strict=True)):
        rows = slice(first[i], first[i + 1])
        for j in range(i, len(model.codes)):
            other = model.sizes[j]
            cells = np.bincount(code * other + model.codes[j], weight * share**2, size * other)
            matrix[rows, first[j] : first[j + 1]] = cells.reshape(size, other)
        for j in range(rest.shape[1]):
            matrix[rows, n + j] = np.bincount(code, weight * share * rest[:, j], size)
        penalty = model.penalties[i] * np.eye(size)
        if i == 0:
            penalty -= model.penalties[i] / size
        matrix[rows, rows] += penalty
    matrix[n:, n:] = rest.T @ (weight[:, None] * rest)
    lower = np.tril_indices(len(matrix), -1)
    matrix[lower] = matrix.T[lower]
    return matrix


def decay_of(model: Model) -> float:
    """Read the decay off the recent launch days."""
    launches = model.launched.astype(float)
    gaps = [float(np.abs(decayed(launches, d) - model.recent).max()) for d in DECAYS]
    return DECAYS[int(np.argmin(gaps))]


def slopes_of(model: Model, background: np.ndarray, burst: np.ndarray) -> np.ndarray:
    """Return the slope of each day's log rate in every term's levels and the log excitation."""
    slopes = np.zeros((len(background), model.n_terms + 1))
    first = 0
    for code, size in zip(model.codes, model.sizes, strict=True):
        slopes[np.arange(len(code)), first + code] = background
        first += size
    slopes[:, -1] = burst
    return slopes

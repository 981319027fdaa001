"""The likelihood of self-exciting launch days, its maxima and the intervals from its profile.

Only launch days enter: log(e^rate - 1) on each, minus the rates of all days, whose sum has a
closed form. Many decays are worked off side by side. `self_exciting` says what the model is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..extras import library
from ..series.intervals import tail_mass
from ..series.kernel import decayed

#: Half-lives of the excitation among which the likelihood chooses, in days.
HALF_LIVES = (0.2, 365.0)
#: Largest branching ratio looked at.
MOST = 3.0
#: By how much likelihood ratios exceed their limiting law in records of 60 to 200 launch days.
WIDER = 1.1
_COARSE, _FINE = 25, 13  # decays tried: over the whole range, then twice around the best
_TINY = 1e-12


class Series(NamedTuple):
    """Launch days and the pieces of the baseline, as the likelihood uses them."""

    n_days: int
    hits: np.ndarray  # places of the launch days, from 0
    piece: np.ndarray  # of the baseline, of each day, from 0
    pieces: np.ndarray  # one row a launch day, 1.0 in the column of its piece
    lengths: np.ndarray  # of the pieces, in days


class Fit(NamedTuple):
    """The largest likelihood and where it lies."""

    loglik: float  # adjusted in fits by `fit_adjusted`
    baseline: np.ndarray  # a day, of each piece
    branching: float
    decay: float  # a day


def make_series(mask: np.ndarray, piece: np.ndarray) -> Series:
    """Set up the likelihood of launch days on a baseline in pieces."""
    mask = np.asarray(mask, dtype=bool)
    hits = np.flatnonzero(mask)
    if len(hits) == len(mask):
        raise ValueError(
            "every day of the period is a launch day: no rate can be told from it; choose a longer "
            "period, or a rule that counts fewer launches"
        )
    if len(hits) < 3:
        raise ValueError(f"expected at least 3 launch days in the period, got {len(hits)}")
    lengths = np.bincount(piece).astype(float)
    pieces = np.zeros((len(hits), len(lengths)))
    pieces[np.arange(len(hits)), piece[hits]] = 1.0
    return Series(len(mask), hits, np.asarray(piece), pieces, lengths)


def excitement(series: Series, decays: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what launch days before each launch day add, and over all days, by decay.

    One row a decay, one column a launch day; the weights of a launch day sum to 1. As in the
    recursion for instants, only the gap from one launch day to the next is needed; decays run
    side by side.
    """
    decays, which = np.unique(decays, return_inverse=True)
    keep = np.exp(-decays)
    gaps = np.diff(series.hits)
    past = np.zeros((len(series.hits), len(decays)))
    shrink = np.exp(-np.minimum(np.multiply.outer(gaps - 1.0, decays), 600.0))
    weight = -np.expm1(-decays)
    for place in range(1, len(series.hits)):
        past[place] = shrink[place - 1] * (keep * past[place - 1] + weight)
    left = series.n_days - 1.0 - series.hits
    unspent = np.exp(-np.minimum(np.multiply.outer(decays, left), 600.0)).sum(axis=1)
    return past.T[which], (len(series.hits) - unspent)[which]


class Maxima(NamedTuple):
    """Largest likelihoods with something held, side by side."""

    loglik: np.ndarray
    adjusted: np.ndarray  # for baselines that were estimated
    parameters: np.ndarray  # one row a problem: the baselines, then the branching ratio
    decays: np.ndarray

    def fit(self, place: int) -> Fit:
        """Return one of them."""
        values = self.parameters[place]
        return Fit(float(self.loglik[place]), values[:-1], float(values[-1]),
                   float(self.decays[place]))  # fmt: skip


def maximise(
    series: Series,
    decays: np.ndarray,
    *,
    branchings: np.ndarray | None = None,
    held: tuple[int, float] | None = None,
    begin: np.ndarray | None = None,
) -> Maxima:
    """Maximise the likelihood over baselines and branching ratio, at each of many decays.

    `branchings` holds a branching ratio for each decay; `held` is a piece and the baseline to
    hold there. Newton's method on all decays at once: the Hessian couples baselines only
    through the branching ratio, so a step needs no matrix. No step takes a parameter below a
    tenth of itself or above ten times; one that lowers the likelihood is halved.
    """
    past, total = excitement(series, decays)
    n_pieces = len(series.lengths)
    values = np.empty((len(decays), n_pieces + 1))
    counts = series.pieces.sum(axis=0)
    values[:, :-1] = np.maximum(counts, 0.1) / series.lengths / 2
    values[:, -1] = 0.4
    if begin is not None:
        values[:] = np.maximum(begin, _TINY)
    free = np.ones(n_pieces + 1, dtype=bool)
    if held is not None:
        values[:, held[0]] = held[1]
        free[held[0]] = False
    if branchings is not None:
        values[:, -1] = branchings
        free[-1] = False
    height = _height(series, values, past, total)
    live = np.arange(len(decays))
    for _ in range(60):
        step = _newton_step(series, values[live], past[live], total[live], free)
        new, risen = _climb(series, values[live], step, height[live], past[live], total[live], free)
        gain = risen - height[live]
        values[live], height[live] = new, risen
        live = live[gain > 1e-9]
        if len(live) == 0:
            break
    known = free[:-1] * values[:, :-1]
    adjusted = height - 0.5 * np.log(_background(series, known, values, past) + 0.5).sum(axis=1)
    return Maxima(height, adjusted, values, decays)


def _background(
    series: Series, known: np.ndarray, values: np.ndarray, past: np.ndarray
) -> np.ndarray:
    """Return the information on the log of each baseline: launch days not begotten by others."""
    slope = -1 / np.expm1(-_rates(series, values, past))
    return known**2 * ((slope * (slope - 1)) @ series.pieces)


def _rates(series: Series, values: np.ndarray, past: np.ndarray) -> np.ndarray:
    """Return the rate on each launch day."""
    return np.maximum(values[:, :-1] @ series.pieces.T + values[:, -1:] * past, _TINY)


def _height(series: Series, values: np.ndarray, past: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Return the log-likelihoods: log(e^rate - 1) on launch days, minus the rates of all days."""
    on_launch_days = np.log(np.expm1(_rates(series, values, past))).sum(axis=1)
    return on_launch_days - values[:, :-1] @ series.lengths - values[:, -1] * total


def _newton_step(
    series: Series, values: np.ndarray, past: np.ndarray, total: np.ndarray, free: np.ndarray
) -> np.ndarray:
    """Return the Newton steps; parameters that are held do not move."""
    rate = _rates(series, values, past)
    slope = -1 / np.expm1(-rate)
    curve = slope * (slope - 1)  # minus the second derivative
    gradient = np.column_stack(
        [slope @ series.pieces - series.lengths, (slope * past).sum(axis=1) - total]
    )
    # a parameter at its floor that wants to go lower is held too
    at_floor = (values <= 10 * _TINY) & (gradient < 0)
    moving = free & ~at_floor
    own = np.maximum(curve @ series.pieces, _TINY)
    cross = ((curve * past) @ series.pieces) * moving[:, :-1]
    last = (curve * past**2).sum(axis=1)
    gradient *= moving
    ratio = cross / own
    rest = np.maximum(last - (ratio * cross).sum(axis=1), 1e-9 * last + _TINY)
    step_last = (gradient[:, -1] - (ratio * gradient[:, :-1]).sum(axis=1)) / rest
    step_last *= moving[:, -1]
    return np.column_stack([gradient[:, :-1] / own - ratio * step_last[:, None], step_last])


def _climb(
    series: Series,
    values: np.ndarray,
    step: np.ndarray,
    height: np.ndarray,
    past: np.ndarray,
    total: np.ndarray,
    free: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Take the steps, halved until the likelihood does not fall."""
    best, risen = values.copy(), height.copy()
    todo = np.arange(len(values))
    size = 1.0
    for _ in range(12):
        old = values[todo]
        new = np.clip(old + size * step[todo], np.maximum(0.1 * old, _TINY), 10 * old + 1e-4)
        new = np.where(free, new, old)
        trial = _height(series, new, past[todo], total[todo])
        better = trial >= height[todo]
        best[todo[better]], risen[todo[better]] = new[better], trial[better]
        todo = todo[~better]
        if len(todo) == 0:
            break
        size /= 2
    return best, risen


def log_decays() -> tuple[float, float]:
    """Return the logs of the slowest and fastest decay."""
    fastest, slowest = HALF_LIVES
    return float(np.log(np.log(2) / slowest)), float(np.log(np.log(2) / fastest))


def fit(series: Series, *, branching: float | None = None) -> Fit:
    """Maximise the likelihood over the decay too, perhaps with the branching ratio held."""
    grid = np.linspace(*log_decays(), _COARSE)
    best: Fit | None = None
    for n_points in (_FINE, _FINE, 5, 0):
        begin = None if best is None else np.append(best.baseline, best.branching)
        branchings = None if branching is None else np.full(len(grid), branching)
        found = maximise(series, np.exp(grid), branchings=branchings, begin=begin)
        place = int(np.argmax(found.loglik))
        if best is None or found.loglik[place] > best.loglik:
            best = found.fit(place)
        grid = _around(grid, place, n_points)
    assert best is not None
    return best


def fit_adjusted(
    series: Series,
    *,
    branching: float | None = None,
    decay: float | None = None,
    held: tuple[int, float] | None = None,
    near: Fit | None = None,
) -> Fit:
    """Maximise the adjusted likelihood, perhaps with a parameter held.

    Over branching ratio and decay on a grid that closes in; from around `near` if given.
    Branching ratios are spaced by their square roots, decays by their logs.
    """
    roots = np.linspace(0.0, np.sqrt(MOST), _COARSE if decay else _FINE)
    logs = np.linspace(*log_decays(), _COARSE if branching is not None else _FINE)
    if near is not None:
        roots = np.clip(np.sqrt(near.branching) + np.linspace(-0.15, 0.15, 5), 0.0, roots[-1])
        logs = np.clip(np.log(near.decay) + np.linspace(-0.6, 0.6, 5), logs[0], logs[-1])
    best: Fit | None = near
    height = -np.inf
    for _ in range(5 if near is None else 3):
        x = roots if branching is None else np.array([np.sqrt(branching)])
        y = logs if decay is None else np.array([np.log(decay)])
        begin = None if best is None else np.append(best.baseline, best.branching)
        found = maximise(series, np.tile(np.exp(y), len(x)), branchings=np.repeat(x**2, len(y)),
                         held=held, begin=begin)  # fmt: skip
        place = int(np.argmax(found.adjusted))
        if found.adjusted[place] > height:
            height = float(found.adjusted[place])
            best = found.fit(place)._replace(loglik=height)
        roots, logs = _around(x, place // len(y), 7), _around(y, place % len(y), 7)
    assert best is not None
    return best


def _around(grid: np.ndarray, place: int, n_points: int) -> np.ndarray:
    """Return a finer grid between the neighbours of a place."""
    return np.linspace(grid[max(place - 1, 0)], grid[min(place + 1, len(grid) - 1)], n_points)


def half_life(decay: float) -> float:
    """Return the half-life of a decay."""
    return float(np.log(2) / decay) if decay > 0 else float("inf")


# -- intervals ---------------------------------------------------------------------------------


def cutoff(level: float) -> float:
    """Return how far below its maximum the profile log-likelihood may fall.

    Half the quantile of chi-squared with 1 degree of freedom, widened as Bartlett's correction
    does: simulated likelihood ratios are a little too large (tests/proofs/hawkes_recovery.py).
    """
    tail_mass(level)
    return WIDER * float(library("scipy.stats").chi2.ppf(level, 1)) / 2


def branching_interval(series: Series, best: Fit, cut: float) -> tuple[float, float]:
    """Return the branching ratios not rejected; low is 0 where no excitation is not."""

    def below(value: float) -> float:
        return best.loglik - fit_adjusted(series, branching=value).loglik - cut

    low = 0.0 if below(0.0) <= 0 else _root(below, 0.0, best.branching)
    high = float("inf") if below(MOST) <= 0 else _root(below, best.branching, MOST)
    return low, high


def decay_interval(series: Series, best: Fit, cut: float) -> tuple[float, float]:
    """Return the outermost decays not rejected; 0 and infinity where the search ends first."""
    ends = log_decays()
    grid = np.linspace(*ends, _COARSE)

    def below(log_decay: float) -> float:
        return best.loglik - fit_adjusted(series, decay=float(np.exp(log_decay))).loglik - cut

    inside = np.flatnonzero([below(value) <= 0 for value in grid])
    at = float(np.log(best.decay))
    first, last = (grid[inside[0]], grid[inside[-1]]) if len(inside) else (at, at)
    first, last = min(first, at), max(last, at)
    step = grid[1] - grid[0]
    low = -np.inf if first <= ends[0] else _root(below, max(first - step, ends[0]), first)
    high = np.inf if last >= ends[1] else _root(below, last, min(last + step, ends[1]))
    return float(np.exp(low)), float(np.exp(high))


def baseline_interval(series: Series, best: Fit, place: int, cut: float) -> tuple[float, float]:
    """Return the baselines of a piece that are not rejected."""
    fall, peak = baseline_profile(series, best, place)

    def below(log_value: float) -> float:
        return fall(log_value) - cut

    least = np.log(0.01 / series.lengths[place])
    low = 0.0 if below(least) <= 0 else float(np.exp(_root(below, least, peak)))
    most = peak + 1.0
    while below(most) <= 0:
        most += 1.0
    return low, float(np.exp(_root(below, peak, most)))


def baseline_profile(
    series: Series, best: Fit, place: int
) -> tuple[Callable[[float], float], float]:
    """Return how far the adjusted likelihood falls with the log of a baseline held, and its peak.

    The piece's own term of the adjustment falls away, as the piece is no nuisance here.
    """
    own = float(np.log(max(best.baseline[place], 0.02 / series.lengths[place])))
    near = best

    def height(log_value: float) -> float:
        return fit_adjusted(series, held=(place, float(np.exp(log_value))), near=near).loglik

    near = fit_adjusted(series, held=(place, float(np.exp(own))), near=best)
    found = library("scipy.optimize").minimize_scalar(
        lambda log_value: -height(log_value), bounds=(own - 1, own + 1), method="bounded",
        options={"xatol": 0.03},
    )  # fmt: skip
    peak = -float(found.fun)
    return lambda log_value: peak - height(log_value), float(found.x)


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Find where a function crosses 0 between two values."""
    at_low, at_high = function(low), function(high)
    if at_low * at_high >= 0:  # flat to rounding at one of them
        return low if abs(at_low) < abs(at_high) else high
    return float(library("scipy.optimize").brentq(function, low, high, xtol=1e-4, rtol=1e-5))


# -- rates -----------------------------------------------------------------------------------


def daily_rates(series: Series, found: Fit) -> np.ndarray:
    """Return the rate of every day under a fit."""
    mask = np.zeros(series.n_days)
    mask[series.hits] = 1.0
    return found.baseline[series.piece] + found.branching * decayed(mask, found.decay)

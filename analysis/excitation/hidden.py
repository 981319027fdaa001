"""Rates that switch unseen: a hidden Markov chain from week to week, perhaps with excitation.

Launch days of a week are independent given its hidden rate and what earlier launch days excite.
Products of the chain's steps are taken pairwise, so that all weeks advance side by side.

References
----------
Rabiner, L. R. (1989). A tutorial on hidden Markov models and selected applications in speech
recognition. Proceedings of the IEEE 77(2), 257-286. doi:10.1109/5.18626
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import OptimizeResult, minimize

from ..series.kernel import decayed, decayed_slope
from .fit import HALF_LIVES, MOST, log_decays
from .model import day_log_likelihood, odds

#: Models of hidden rates, by how many there are.
HIDDEN = {"two hidden rates": 2, "three hidden rates": 3}
#: Days over which the hidden rate stays, and how long it stays in days where fits start.
WEEK, _STAYS = 7, (30.0, 180.0, 700.0)
#: Logs of branching ratio and decay where fits with excitation start: a burst of days, of weeks.
EXCITED_STARTS = (np.log([0.2, 0.2]), np.log([0.2, 0.04]))


class Hidden(NamedTuple):
    """Hidden rates in rising order, how they move, and what launch days excite."""

    integrated: float  # log-likelihood, over all that the chain may have done
    rates: np.ndarray  # a day, shape (n_states,)
    moves: np.ndarray  # chance of each rate after each other, week by week
    branching_ratio: float  # 0 without excitation
    decay: float
    theta: np.ndarray  # the same as one vector


def fit_hidden(
    launched: np.ndarray,
    n_states: int,
    *,
    excited: bool = False,
    starts: Sequence[np.ndarray] | None = None,
) -> Hidden:
    """Fit hidden rates to launch days, from several starts that know nothing but the mean rate.

    L-BFGS-B, with the slope from the posterior of rates and moves (Fisher's identity). Starts of
    one's own are vectors as `Hidden.theta`, with excitation if they have two values more.
    """
    begin = starts or _starts(launched, n_states, excited=excited)
    found = [_maximum(start, launched, n_states) for start in begin]
    best = min(found, key=lambda each: each.fun)
    rates, moves, branching, decay = unpack(best.x, n_states)
    order = np.argsort(rates)
    return Hidden(
        -float(best.fun), rates[order], moves[np.ix_(order, order)], branching, decay, best.x
    )


def _starts(launched: np.ndarray, n_states: int, *, excited: bool) -> list[np.ndarray]:
    """Return where to start from, knowing nothing but the mean rate."""
    guess = np.log(max(launched.mean(), 1e-5) * np.geomspace(0.2, 4.0, n_states))
    leave = np.log(WEEK / np.array(_STAYS) / (n_states - 1))
    n_moves, more = n_states * (n_states - 1), EXCITED_STARTS[0][: 2 * excited]
    return [np.concatenate([guess, np.full(n_moves, each), more]) for each in leave]


def _maximum(start: np.ndarray, launched: np.ndarray, n_states: int) -> OptimizeResult:
    """Return the maximum near a start."""
    bounds = [(-16.0, 1.0)] * n_states + [(-12.0, 2.0)] * (n_states * (n_states - 1))
    if len(start) > len(bounds):
        bounds += [(-12.0, float(np.log(MOST))), log_decays(HALF_LIVES)]
    return minimize(
        loss,
        start,
        args=(launched, n_states),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": 1e-10, "gtol": 1e-5},
    )


def unpack(theta: np.ndarray, n_states: int) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Return rates, moves, branching ratio and decay (0 and 1 without excitation)."""
    log_odds = np.zeros((n_states, n_states))
    n_moves = n_states * (n_states - 1)
    log_odds[~np.eye(n_states, dtype=bool)] = theta[n_states : n_states + n_moves]
    moves = np.exp(log_odds)
    rest = np.exp(theta[n_states + n_moves :])
    branching, decay = rest if len(rest) else (0.0, 1.0)
    return np.exp(theta[:n_states]), moves / moves.sum(axis=1, keepdims=True), branching, decay


def loss(theta: np.ndarray, launched: np.ndarray, n_states: int) -> tuple[float, np.ndarray]:
    """Return minus the log-likelihood, and its slope in every parameter."""
    rates, moves, branching, decay = unpack(theta, n_states)
    past = decayed(launched, decay)
    rate = rates + branching * past[:, None]
    week = np.arange(len(launched)) // WEEK
    said = np.add.reduceat(
        day_log_likelihood(launched[:, None], rate), np.arange(0, len(launched), WEEK)
    )
    top = said.max(axis=1)
    steps = moves * np.exp(said - top[:, None])[:, None, :]
    steps[0] = np.exp(said[0] - top[0]) / n_states  # each rate is as likely in the first week
    ahead, total = _products(steps)
    back, _ = _products(steps[:0:-1].transpose(0, 2, 1))
    forward = ahead[:, 0] / ahead[:, 0].sum(axis=1, keepdims=True)
    backward = np.vstack([back.sum(axis=1)[::-1], np.ones(n_states)])
    state = forward * backward
    state /= state.sum(axis=1, keepdims=True)
    pairs = forward[:-1, :, None] * steps[1:] * backward[1:, None, :]
    moved = (pairs / pairs.sum(axis=(1, 2), keepdims=True)).sum(axis=0)
    by_move = (moved - moves * moved.sum(axis=1, keepdims=True))[~np.eye(n_states, dtype=bool)]
    by_rate = np.where(launched[:, None], odds(rate), -1.0) * state[week]
    slope = [by_rate.sum(axis=0) * rates, by_move]
    if len(theta) > n_states**2:
        by_day = branching * by_rate.sum(axis=1)
        slope.append([by_day @ past, by_day @ decayed_slope(launched, past, decay)])
    return -(total + top.sum()), -np.concatenate(slope)


def _products(steps: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the product of all steps up to each, scaled, and the log of the last one's row sum."""
    done, scale = steps.copy(), np.zeros(len(steps))
    gap = 1
    while gap < len(steps):
        joined = done[:-gap] @ done[gap:]
        size = joined.sum(axis=(1, 2))
        done[gap:] = joined / size[:, None, None]
        scale[gap:] = scale[:-gap] + scale[gap:] + np.log(size)
        gap *= 2
    return done, float(scale[-1] + np.log(done[-1, 0].sum()))


def draw_rates(found: Hidden, n_days: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw the hidden rate of each day, shape (size, n_days), from anywhere on the first."""
    n_weeks = -(-n_days // WEEK)
    state = rng.integers(len(found.rates), size=size)
    states = np.empty((size, n_weeks), dtype=np.int64)
    reach = found.moves.cumsum(axis=1)
    for week in range(n_weeks):
        states[:, week] = state
        state = (rng.random(size)[:, None] > reach[state]).sum(axis=1).clip(max=len(reach) - 1)
    return np.repeat(found.rates[states], WEEK, axis=1)[:, :n_days]

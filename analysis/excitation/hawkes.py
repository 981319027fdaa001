"""Self-exciting (Hawkes) processes with an exponential kernel: likelihood, fit and simulation.

Events at instants t_1 <= t_2 <= ... have the rate

    baseline(t) + branching_ratio * sum over earlier events of decay * exp(-decay * (t - t_i)),

so that each event begets `branching_ratio` further ones on average. The sums over earlier
events follow a recursion; it runs here in blocks, side by side, so that the likelihood takes
time in proportion to the number of events without a compiler. `excitation` has the same model
on days, for the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..extras import library
from ..series.pvalues import generator

_PLAIN = 64  # below this many steps a plain loop is as fast
_FAR = 600.0  # exp(-600) is nothing beside 1, and still a normal number
_TRIAL_DECAYS = (0.05, 0.2, 1.0, 5.0)  # in events: multiples of the mean rate
_MOST = 50.0  # offspring an event, beyond which no fit goes


def hawkes_log_likelihood(
    times: np.ndarray,
    baseline: float | Sequence[float],
    branching_ratio: float,
    decay: float,
    *,
    end: float,
    start: float = 0.0,
    edges: Sequence[float] = (),
) -> float:
    """Give the log-likelihood of events under a self-exciting process.

    Parameters
    ----------
    times : array of shape (n,)
        Instants in any unit, in order, from `start` to `end`. Of two at the same instant the
        first excites the second.
    baseline : float or sequence of k floats
        Events per unit of time not begotten by others, in each of the k pieces.
    branching_ratio : float
        Events begotten by an event, on average.
    decay : float
        Rate at which the excitation decays, per unit of time.
    end, start : float
        The period observed. What happened before `start` does not excite.
    edges : sequence of k - 1 floats
        Where the pieces of the baseline meet, in order.

    Returns
    -------
    float
        The log-likelihood.

    Raises
    ------
    ValueError
        For times out of order or outside the period, a parameter that is not positive, or a
        number of baselines that does not fit the edges.

    Notes
    -----
    The recursion A_i = exp(-decay * (t_i - t_(i-1))) * (A_(i-1) + 1) is Ogata's (1981, IEEE
    Transactions on Information Theory 27). No factor exceeds 1, so no gap is too long.

    Examples
    --------
    >>> value = hawkes_log_likelihood([1.0, 2.0], 0.5, 0.5, 1.0, end=3.0)
    >>> round(value, 6)
    -3.321425
    """
    events = _events(times, start, end, edges)
    rates = np.atleast_1d(np.asarray(baseline, dtype=float))
    if len(rates) != len(events.lengths):
        raise ValueError(
            f"expected {len(events.lengths)} baseline(s) for {len(edges)} edge(s), got {len(rates)}"
        )
    if not ((rates > 0).all() and branching_ratio >= 0 and decay > 0):
        raise ValueError(
            "expected a baseline and decay above 0 and a branching ratio of 0 or more, got "
            f"{baseline!r}, {decay!r} and {branching_ratio!r}"
        )
    return _value(events, rates, branching_ratio, decay)


def fit_hawkes(
    times: np.ndarray, *, end: float, start: float = 0.0, edges: Sequence[float] = ()
) -> pd.DataFrame:
    """Fit a self-exciting process to events by maximum likelihood.

    Parameters
    ----------
    times, end, start, edges
        As in `hawkes_log_likelihood`.

    Returns
    -------
    DataFrame
        One row a parameter: ``parameter`` (baseline, or baseline_1 ... baseline_k;
        branching_ratio; decay), ``estimate``, ``log_likelihood`` (of the fit, on each row).

    Raises
    ------
    ValueError
        As `hawkes_log_likelihood`, and for fewer than two events.

    Notes
    -----
    L-BFGS-B on the logarithms of the parameters with the analytic gradient, from the best of
    several decays.

    Examples
    --------
    >>> times = simulate_hawkes(0.5, 0.5, 2.0, end=4000.0, seed=1)
    >>> fit_hawkes(times, end=4000.0)["estimate"].round(1).tolist()
    [0.5, 0.5, 2.0]
    """
    events = _events(times, start, end, edges)
    n = len(events.gaps)
    if n < 2:
        raise ValueError(f"expected at least two events to fit, got {n}")
    rate = n / (end - start)
    counts = np.bincount(events.piece, minlength=len(events.lengths))
    first = np.log(np.maximum(counts, 0.5) / events.lengths / 2)
    trials = [np.log(rate * factor) for factor in _TRIAL_DECAYS]
    values = [_value(events, np.exp(first), 0.5, np.exp(trial)) for trial in trials]
    begin = np.concatenate([first, [np.log(0.5), trials[int(np.argmax(values))]]])
    tiny = np.log(rate) - 25
    found = library("scipy.optimize").minimize(
        _loss,
        begin,
        args=(events,),
        jac=True,
        method="L-BFGS-B",
        bounds=[(tiny, np.log(rate) + 12)] * len(first)
        + [(-25.0, np.log(_MOST)), (np.log(1e-4 / (end - start)), np.log(rate) + 16)],
        options={"ftol": 1e-13, "gtol": 1e-7, "maxiter": 500},
    )
    names = ["baseline"] if len(first) == 1 else [f"baseline_{i + 1}" for i in range(len(first))]
    return pd.DataFrame(
        {
            "parameter": [*names, "branching_ratio", "decay"],
            "estimate": np.exp(found.x),
            "log_likelihood": -float(found.fun) * n,
        }
    )


def simulate_hawkes(
    baseline: float | Sequence[float],
    branching_ratio: float,
    decay: float,
    *,
    end: float,
    start: float = 0.0,
    edges: Sequence[float] = (),
    seed: int | np.random.Generator = 0,
) -> np.ndarray:
    """Draw the events of a self-exciting process.

    Parameters
    ----------
    baseline, branching_ratio, decay, end, start, edges
        As in `hawkes_log_likelihood`; the branching ratio must be below 1.
    seed : int or numpy Generator
        Source of randomness.

    Returns
    -------
    array of shape (n,)
        The instants, in order.

    Raises
    ------
    ValueError
        For a branching ratio outside 0 to 1.

    Notes
    -----
    By generations: each event has a Poisson number of offspring after exponential waits
    (Hawkes and Oakes 1974, Journal of Applied Probability 11).

    Examples
    --------
    >>> len(simulate_hawkes(1.0, 0.5, 2.0, end=1000.0, seed=1))
    1966
    """
    if not 0 <= branching_ratio < 1:
        raise ValueError(f"expected a branching ratio from 0 to below 1, got {branching_ratio!r}")
    chance = generator(seed)
    bounds = np.array([start, *edges, end], dtype=float)
    rates = np.broadcast_to(np.asarray(baseline, dtype=float), (len(bounds) - 1,))
    number = chance.poisson(rates * np.diff(bounds))
    latest = chance.uniform(np.repeat(bounds[:-1], number), np.repeat(bounds[1:], number))
    every = [latest]
    while len(latest):
        parents = np.repeat(latest, chance.poisson(branching_ratio, len(latest)))
        latest = parents + chance.exponential(1 / decay, len(parents))
        latest = latest[latest < end]
        every.append(latest)
    return np.sort(np.concatenate(every))


def scan(decays: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """Run x_i = decays_i * x_(i-1) + gains_i from x = 0, in blocks side by side.

    With decays between 0 and 1 every step is stable. The series is cut into about sqrt(n)
    blocks; all blocks take each step together, then the last states of the blocks, which
    follow the same kind of recursion, are carried into the next ones.
    """
    n = len(decays)
    if n <= _PLAIN:
        return _scan_plain(decays, gains)
    steps = int(np.sqrt(n))
    blocks = -(-n // steps)
    product = _fold(decays, blocks, steps)
    state = _fold(gains, blocks, steps)
    part = np.empty(blocks)
    for step in range(1, steps):
        np.multiply(product[step], state[step - 1], out=part)
        state[step] += part
        product[step] *= product[step - 1]
    ends = scan(product[-1], state[-1])
    product[:, 1:] *= ends[:-1]
    state[:, 1:] += product[:, 1:]
    return state.T.reshape(-1)[:n]


def _fold(values: np.ndarray, blocks: int, steps: int) -> np.ndarray:
    """Lay a series out with one row a step and one column a block."""
    padded = np.zeros(blocks * steps)
    padded[: len(values)] = values
    return np.ascontiguousarray(padded.reshape(blocks, steps).T)


def _scan_plain(decays: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """Run the recursion of `scan` step by step."""
    states, state = [], 0.0
    for decay, gain in zip(decays.tolist(), gains.tolist(), strict=True):
        state = decay * state + gain
        states.append(state)
    return np.array(states)


class _Events(NamedTuple):
    """The events and the period, as the likelihood uses them."""

    gaps: np.ndarray  # since the event before; 0 for the first
    piece: np.ndarray  # of the baseline
    lengths: np.ndarray  # of the pieces
    rest: float  # from the last event to the end


def _events(times: np.ndarray, start: float, end: float, edges: Sequence[float]) -> _Events:
    """Check the events and cut the period into pieces."""
    times = np.asarray(times, dtype=float)
    bounds = np.array([start, *edges, end], dtype=float)
    if not (np.isfinite(bounds).all() and (np.diff(bounds) > 0).all()):
        raise ValueError(f"expected start, edges and end in rising order, got {bounds.tolist()}")
    if not np.isfinite(times).all() or (np.diff(times) < 0).any():
        raise ValueError("expected the times of events in order, none missing")
    if len(times) and not start <= times[0] <= times[-1] <= end:
        raise ValueError(
            f"expected events from {start} to {end}, got some from {times[0]} to {times[-1]}"
        )
    gaps = np.diff(times, prepend=times[:1])
    piece = np.searchsorted(bounds[1:-1], times, side="right")
    rest = end - float(times[-1]) if len(times) else np.inf
    return _Events(gaps, piece, np.diff(bounds), rest)


def _excitement(events: _Events, decay: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Return for each event the decayed count of earlier ones, each gap's decay, and at the end."""
    decays = np.exp(-np.minimum(decay * events.gaps, _FAR))
    if len(decays) == 0:
        return decays, decays, 0.0
    decays[0] = 0.0
    past = scan(decays, decays)
    return past, decays, float(np.exp(-min(decay * events.rest, _FAR)) * (past[-1] + 1))


def _value(events: _Events, baseline: np.ndarray, branching: float, decay: float) -> float:
    """Return the log-likelihood."""
    past, _, left = _excitement(events, decay)
    rates = baseline[events.piece] + branching * decay * past
    begotten = branching * (len(past) - left)
    return float(np.log(rates).sum() - baseline @ events.lengths - begotten)


def _dot(left: np.ndarray, right: np.ndarray) -> float:
    """Add up products; threads of a linear algebra library only cost time here."""
    return float(np.einsum("i,i->", left, right))


def _loss(logs: np.ndarray, events: _Events) -> tuple[float, np.ndarray]:
    """Return minus the log-likelihood per event and its gradient in the log parameters."""
    baseline, branching, decay = np.exp(logs[:-2]), float(np.exp(logs[-2])), float(np.exp(logs[-1]))
    n = len(events.gaps)
    past, decays, left = _excitement(events, decay)
    older = scan(decays, past * events.gaps)  # minus the slope of `past` in the decay
    rates = baseline[events.piece] + (branching * decay) * past
    value = np.log(rates).sum() - baseline @ events.lengths - branching * (n - left)
    weights = 1 / rates
    pieces = np.bincount(events.piece, weights, len(baseline)) - events.lengths
    excited = _dot(weights, past)
    by_branching = decay * excited - (n - left)
    late = float(np.exp(-min(decay * events.rest, _FAR))) * older[-1] + events.rest * left
    by_decay = branching * (excited - decay * _dot(weights, older) - late)
    slope = np.concatenate([pieces * baseline, [by_branching * branching, by_decay * decay]])
    return -float(value) / n, -slope / n

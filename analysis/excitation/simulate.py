"""Histories drawn from the self-exciting model of launch days."""

from __future__ import annotations

import numpy as np

from ..series.pvalues import generator
from .fit import Fit

#: Largest branching ratio of a process that does not run away in the length of a record.
MOST_TRIGGERED = 0.95


def simulate_launch_days(
    background: np.ndarray,
    branching_ratio: float,
    decay: float,
    *,
    size: int = 1,
    factor: np.ndarray | float = 1.0,
    seed: int | np.random.Generator = 0,
) -> np.ndarray:
    """Draw launch days from the self-exciting process on days.

    Parameters
    ----------
    background : ndarray, shape (n_days,) or (size, n_days)
        Rate of each day without excitation, in launch days a day.
    branching_ratio, decay : float
        As in `self_excitation`; decay a day.
    size : int
        How many histories.
    factor : float or ndarray, shape (n_days,) or (n_scenarios, 1, n_days)
        What multiplies the rate of each day, excitation included; 1 by default. Scenarios share
        their draws, history by history.
    seed : int or numpy Generator
        Source of randomness.

    Returns
    -------
    ndarray of bool, shape (size, n_days), or (n_scenarios, size, n_days)
        Launch days.

    Raises
    ------
    ValueError
        For a negative rate or branching ratio, or a decay of 0 or less.

    See Also
    --------
    self_excitation : fits the process to a record.

    Examples
    --------
    >>> simulate_launch_days(np.full(1000, 0.02), 0.5, 0.2, size=3, seed=1).sum(axis=1).tolist()
    [30, 28, 50]
    """
    background = np.asarray(background, dtype=float)
    if (background < 0).any() or branching_ratio < 0 or not decay > 0:
        raise ValueError(
            "expected background rates and a branching ratio of 0 or more and a decay above 0, "
            f"got {background.min():g}, {branching_ratio!r} and {decay!r}"
        )
    rng = generator(seed)
    keep = np.exp(-decay)
    factors = np.broadcast_to(factor, (*np.shape(factor)[:-1], background.shape[-1]))
    past = np.zeros((*factors.shape[:-2], size))
    drawn = np.zeros((*past.shape, background.shape[-1]), dtype=bool)
    for day in range(background.shape[-1]):
        rate = factors[..., day] * (background[..., day] + branching_ratio * past)
        drawn[..., day] = launched = rng.random(size) < -np.expm1(-rate)
        past = keep * past + (1.0 - keep) * launched
    return drawn


def simulate_fit(found: Fit, size: int, rng: np.random.Generator, *, least: int = 5) -> np.ndarray:
    """Draw launch days from a fit; histories of fewer launch days than `least` are drawn again."""
    # a burst in which a launch day goes with one more or further ones would never end
    ratio = min(found.branching_ratio, MOST_TRIGGERED)
    kept: list[np.ndarray] = []
    while len(kept) < size:
        drawn = simulate_launch_days(
            found.rates.background, ratio, found.decay, size=size - len(kept), seed=rng
        )
        kept += [launched for launched in drawn if launched.sum() >= least]
    return np.array(kept)

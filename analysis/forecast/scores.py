"""Scores of forecasts of counts and events: the smaller, the better.

Observations come first. All scores but the interval score are proper: nobody does better in the
long run by stating anything but their own probabilities; the interval score is proper for the two
quantiles that bound the interval.

References
----------
Gneiting, T. and Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and estimation.
Journal of the American Statistical Association 102(477), 359-378. doi:10.1198/016214506000001437

Czado, C., Gneiting, T. and Held, L. (2009). Predictive model assessment for count data. Biometrics
65(4), 1254-1261. doi:10.1111/j.1541-0420.2009.01191.x
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ..errors import check_share, check_whole


def crps(observed: int, probability: ArrayLike) -> float:
    """Return the continuous ranked probability score of a forecast of a count.

    Parameters
    ----------
    observed : int
        The count that came.
    probability : array-like, shape (n,)
        Probability of 0, 1, 2 ... n - 1.

    Returns
    -------
    float
        The sum over k of (P(count <= k) - [observed <= k]) squared, in counts.

    Raises
    ------
    ValueError
        For a count below 0 or probabilities that are negative or do not sum to 1.

    Examples
    --------
    >>> crps(1, [0.25, 0.5, 0.25])
    0.125
    """
    came = check_whole("the observed count", observed)
    p = np.asarray(probability, dtype=float)
    if not (p >= 0).all() or abs(p.sum() - 1.0) > 1e-6:
        raise ValueError(f"expected probabilities of 0 or more that sum to 1, got {p.sum():g}")
    below = np.cumsum(np.pad(p, (0, max(came + 1 - len(p), 0))))
    return float(((below - (np.arange(len(below)) >= came)) ** 2).sum())


def log_score(observed: int, log_probability: ArrayLike) -> float:
    """Return minus the log-probability that was given to what came.

    Parameters
    ----------
    observed : int
        The count that came.
    log_probability : array-like, shape (n,)
        Logs of the probabilities of 0, 1, 2 ... n - 1: as logs they cannot underflow.

    Returns
    -------
    float
        Infinite where the forecast ruled the count out.

    Examples
    --------
    >>> round(log_score(1, np.log([0.5, 0.5])), 3)
    0.693
    """
    came = check_whole("the observed count", observed)
    logs = np.asarray(log_probability, dtype=float)
    return float(-logs[came]) if came < len(logs) else float("inf")


def log_score_negative_binomial(observed: ArrayLike, n: ArrayLike, p: ArrayLike) -> np.ndarray:
    """Return the log score of negative binomial forecasts, however small the probability.

    Parameters
    ----------
    observed : array-like of int
        The counts that came.
    n, p : array-like
        Number of successes and chance of success, as in ``scipy.stats.nbinom``.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> log_score_negative_binomial(5000, 2.0, 0.9).round(1).item()
    11504.6
    """
    given: Any = (observed, n, p)
    return -np.asarray(stats.nbinom.logpmf(*given))


def brier_score(happened: ArrayLike, probability: ArrayLike) -> np.ndarray:
    """Return the squared distance between a probability and what happened (1 or 0).

    Examples
    --------
    >>> brier_score([True, False], [0.75, 0.5]).tolist()
    [0.0625, 0.25]
    """
    return (np.asarray(probability, dtype=float) - np.asarray(happened, dtype=float)) ** 2


def interval_score(
    observed: ArrayLike, low: ArrayLike, high: ArrayLike, *, level: float = 0.9
) -> np.ndarray:
    """Return the width of a central interval, and what it missed by times 2 / (1 - level).

    Examples
    --------
    >>> interval_score([5, 12], [2, 2], [10, 10], level=0.9).round(6).tolist()
    [8.0, 48.0]
    """
    seen, low, high = (np.asarray(value, dtype=float) for value in (observed, low, high))
    missed = np.maximum(low - seen, 0.0) + np.maximum(seen - high, 0.0)
    return high - low + 2.0 / (1.0 - check_share("level", level)) * missed


def quantile(probability: ArrayLike, share: float) -> int:
    """Return the smallest count that is not exceeded with at least this probability.

    Examples
    --------
    >>> quantile([0.25, 0.5, 0.25], 0.5)
    1
    """
    below = np.cumsum(np.asarray(probability, dtype=float))
    return int(np.searchsorted(below, share * below[-1] - 1e-12))


def pit_share(below: ArrayLike, upto: ArrayLike, edges: np.ndarray) -> np.ndarray:
    """Return the non-randomised distribution of the probability integral transform.

    Parameters
    ----------
    below, upto : array-like, shape (n_forecasts,)
        Probability given to less than, and to no more than, what came.
    edges : ndarray, shape (n_edges,)
        Where the distribution is asked for, from 0 to 1.

    Returns
    -------
    ndarray, shape (n_forecasts, n_edges)
        Each forecast's distribution function (Czado, Gneiting and Held 2009, section 2.1).

    Examples
    --------
    >>> pit_share([0.25], [0.75], np.array([0.0, 0.5, 1.0])).tolist()
    [[0.0, 0.5, 1.0]]
    """
    low, high = (np.asarray(value, dtype=float)[:, None] for value in (below, upto))
    return np.clip((edges - low) / np.maximum(high - low, 1e-12), 0.0, 1.0)

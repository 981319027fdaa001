"""Intervals that several rooms share."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.optimize import elementwise
from statsmodels.stats.rates import confint_poisson

from ..errors import check_share
from ..extras import stats as _stats  # noqa: F401

#: Variance over mean as near to 1 as the negative binomial keeps its digits: Poisson to 1e-7.
_POISSON = 1 + 1e-7


def tail_mass(level: float) -> float:
    """Return the mass on each side outside an interval of that level.

    Examples
    --------
    >>> round(tail_mass(0.95), 3)
    0.025
    """
    return (1 - check_share("level", level)) / 2


def garwood(n: ArrayLike, *, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Give the exact interval for a Poisson mean.

    Right only if launches were independent of each other; they are not: see `burst_interval`.

    Parameters
    ----------
    n : array of shape (k,)
        Counts.
    level : float
        Confidence level.

    Returns
    -------
    tuple of two arrays of shape (k,)
        Lower and upper limit of each mean, in launches.

    Raises
    ------
    ValueError
        For a level outside 0 to 1 or a negative count.

    See Also
    --------
    burst_interval : The same for launches that come in bursts.

    References
    ----------
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28(3/4),
    437-442. doi:10.1093/biomet/28.3-4.437

    Examples
    --------
    >>> low, high = garwood([0, 10])
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([0.0, 4.8], [3.69, 18.39])
    """
    return confint_poisson(_checked(n), 1.0, method="exact-c", alpha=2 * tail_mass(level))


def burst_interval(
    n: ArrayLike, dispersion: ArrayLike, *, level: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Give the interval for the mean of counts whose variance is `dispersion` times the mean.

    Parameters
    ----------
    n : array of shape (k,)
        Counts.
    dispersion : float or array of shape (k,)
        Variance over mean of a count; below 1 it is taken as 1.
    level : float
        Confidence level.

    Returns
    -------
    tuple of two arrays of shape (k,)
        Lower and upper limit of each mean, in launches.

    Raises
    ------
    ValueError
        For a level outside 0 to 1 or a negative count.

    See Also
    --------
    garwood : The same for independent launches.
    burstiness : Measures the dispersion.

    Notes
    -----
    The mid-p inversion of the negative binomial distribution with mean m and variance
    `dispersion` x m, which is what launches come to when bursts arrive independently and
    have sizes of the logarithmic distribution.

    Examples
    --------
    >>> low, high = burst_interval([10], 6)
    >>> low.round(1).tolist(), high.round(1).tolist()
    ([1.4], [31.4])
    """
    tail, n = tail_mass(level), _checked(n)
    spread = np.maximum(np.broadcast_to(np.asarray(dispersion, dtype=float), n.shape), _POISSON)
    bracket = (np.full(n.shape, 1e-9), (n + 4) * 40 * spread)
    low, high = (
        elementwise.find_root(_excess, bracket, args=(n, spread, share)).x
        for share in (1 - tail, tail)
    )
    return np.where(n > 0, np.minimum(low, n), 0.0), high


def _excess(mean: np.ndarray, n: np.ndarray, spread: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return by how much P(N < n) + P(N = n) / 2 exceeds a share."""
    size, p = mean / (spread - 1), 1 / spread
    return (stats.nbinom.cdf(n, size, p) + stats.nbinom.cdf(n - 1, size, p)) / 2 - share


def _checked(n: ArrayLike) -> np.ndarray:
    """Return counts as floats."""
    n = np.asarray(n, dtype=float)
    if (n < 0).any():
        raise ValueError(f"expected counts of 0 or more, got {n.min():g}")
    return n

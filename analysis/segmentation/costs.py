"""What a segment costs: minus its largest log-likelihood, less a constant."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

#: Takes the place of 0 inside a logarithm: 0 log 0 is 0.
TINY = 1e-300
#: A function of the totals and exposures of segments.
Cost = Callable[[np.ndarray, np.ndarray], np.ndarray]


def poisson_cost(total: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """Cost of segments whose counts are Poisson.

    Parameters
    ----------
    total, exposure : arrays of one shape
        Counts and exposure of each segment.

    Returns
    -------
    array of that shape

    Examples
    --------
    >>> poisson_cost(np.array([0.0, 10.0]), np.array([5.0, 5.0])).round(2).tolist()
    [0.0, 3.07]
    """
    cost = total / exposure
    cost += TINY
    np.log(cost, out=cost)
    cost *= total
    return np.subtract(total, cost, out=cost)


def negative_binomial_cost(size: float) -> Cost:
    """Make the cost for counts with variance m + m^2 / (size x exposure).

    Parameters
    ----------
    size : float
        Size of the negative binomial for one unit of exposure; sums over a segment stay
        negative binomial.

    Returns
    -------
    function of (total, exposure)

    Raises
    ------
    ValueError
        If the size is not above 0.

    Examples
    --------
    >>> cost = negative_binomial_cost(2.0)
    >>> cost(np.array([0.0, 10.0]), np.array([5.0, 5.0])).round(2).tolist()
    [0.0, 13.86]
    """
    if not size > 0:
        raise ValueError(f"expected a size above 0, got {size!r}")

    def cost(total: np.ndarray, exposure: np.ndarray) -> np.ndarray:
        kappa = size * exposure
        both = total + kappa
        return -total * np.log(np.maximum(total, TINY) / both) - kappa * np.log(kappa / both)

    return cost


def cost_of(size: float | None) -> Cost:
    """Return the Poisson cost, or the negative binomial one where a size is given."""
    return poisson_cost if size is None else negative_binomial_cost(size)


def segment_cost(
    n: np.ndarray, exposure: np.ndarray, breaks: ArrayLike, *, size: float | None = None
) -> float:
    """Add up what the segments between breaks cost, without penalties.

    Parameters
    ----------
    n, exposure : arrays of shape (T,)
        Counts and their exposures.
    breaks : array of int
        Places at which a new segment begins, without 0.
    size : float, optional
        Negative binomial size for one unit of exposure; Poisson by default.

    Returns
    -------
    float

    See Also
    --------
    optimal_breaks : The breaks that cost least.

    Examples
    --------
    >>> n, days = np.array([0.0, 0.0, 5.0, 5.0]), np.ones(4)
    >>> round(segment_cost(n, days, []) - segment_cost(n, days, [2]), 2)
    6.93
    """
    edges = np.concatenate([[0], np.asarray(breaks, dtype=np.int64)])
    return float(cost_of(size)(np.add.reduceat(n, edges), np.add.reduceat(exposure, edges)).sum())

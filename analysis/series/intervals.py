"""Intervals that several rooms share."""

from __future__ import annotations

import numpy as np

from ..errors import check_share
from ..extras import library


def tail_mass(level: float) -> float:
    """Return the mass on each side outside an interval of that level.

    Examples
    --------
    >>> round(tail_mass(0.95), 3)
    0.025
    """
    return (1 - check_share("level", level)) / 2


def garwood(n: np.ndarray, *, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Give the exact interval for a Poisson mean.

    Right only if launches were independent of each other; they are not (see
    `analysis.frequency.rates`).

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
    tail = tail_mass(level)
    n = np.asarray(n, dtype=float)
    if (n < 0).any():
        raise ValueError(f"expected counts of 0 or more, got {n.min():g}")
    special = library("scipy.special")
    low = np.where(n > 0, special.gammaincinv(np.maximum(n, 1), tail), 0.0)
    return low, special.gammaincinv(n + 1, 1 - tail)

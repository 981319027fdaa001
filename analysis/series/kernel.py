"""What earlier launch days still weigh: an exponentially decaying sum over the past."""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter


def decayed(marks: np.ndarray, decay: float) -> np.ndarray:
    """Add up earlier marks, each weighing less as it recedes; the weights of one sum to 1.

    A mark k days ago weighs (1 - a) a**(k - 1), with a = exp(-decay): the exponential kernel
    of Hawkes (1971) on days.

    Parameters
    ----------
    marks : ndarray, shape (n_days,)
        1 on launch days, else 0.
    decay : float
        A day.

    Returns
    -------
    ndarray of float, shape (n_days,)

    References
    ----------
    Hawkes, A. G. (1971). Spectra of some self-exciting and mutually exciting point processes.
    Biometrika 58(1), 83-90. doi:10.1093/biomet/58.1.83

    Examples
    --------
    >>> decayed(np.array([1.0, 0.0, 0.0]), np.log(2)).round(3)
    array([0.  , 0.5 , 0.25])
    """
    keep = np.exp(-decay)
    return _yesterday(lfilter([1.0 - keep], [1.0, -keep], marks))


def decayed_slope(marks: np.ndarray, past: np.ndarray, decay: float) -> np.ndarray:
    """Return the slope of `decayed` (given as `past`) in the log of the decay."""
    keep = np.exp(-decay)
    return -keep * decay * _yesterday(lfilter([1.0], [1.0, -keep], past - marks))


def _yesterday(values: np.ndarray) -> np.ndarray:
    """Move a series on by a day, from 0."""
    return np.concatenate([[0.0], values[:-1]])

"""p-values from simulated or permuted records, with one treatment of ties.

Values within `TIE` of each other are equal: a tie counts against the finding, and the record
itself is one of the records compared (Phipson and Smyth 2010), so that no p-value is 0.

References
----------
Phipson, B. and Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical
Applications in Genetics and Molecular Biology 9(1), 39. doi:10.2202/1544-6115.1585

Westfall, P. H. and Young, S. S. (1993). Resampling-Based Multiple Testing. Wiley.
"""

from __future__ import annotations

import numpy as np

from ..errors import check_one_of, check_whole

#: Two statistics closer than this differ by rounding alone.
TIE = 1e-9
TAILS = ("upper", "lower", "both")


def generator(seed: int | np.random.Generator) -> np.random.Generator:
    """Return a random generator for a seed, or the generator given."""
    return np.random.default_rng(seed)


def as_seed(seed: int | np.random.Generator) -> int:
    """Return a seed as a whole number; a generator gives up one number.

    Examples
    --------
    >>> as_seed(7)
    7
    """
    if isinstance(seed, np.random.Generator):
        return int(seed.integers(2**63))
    return check_whole("seed", seed)


def tail_shares(values: np.ndarray, observed: float) -> tuple[float, float]:
    """Return the shares of values at or above and at or below the observed one, ties counted."""
    up = int(np.count_nonzero(values >= observed - TIE)) / len(values)
    low = int(np.count_nonzero(values <= observed + TIE)) / len(values)
    return up, low


def two_sided(values: np.ndarray) -> float:
    """Return min(1, 2 min(p_up, p_low)) of the first value among all.

    Examples
    --------
    >>> two_sided(np.array([3.0, 1.0, 2.0, 0.0]))
    0.5
    """
    return min(1.0, 2.0 * min(tail_shares(values, float(values[0]))))


def simulated_p(drawn: np.ndarray, seen: np.ndarray | float, tail: str = "both") -> np.ndarray:
    """Return the p-value of what was seen among simulated records, itself counted in.

    Parameters
    ----------
    drawn : ndarray, shape (n_records, ...)
        The statistic of each simulated record.
    seen : ndarray, shape (...), or float
        The statistic of the record itself.
    tail : {"both", "upper", "lower"}
        Which departures count; "both" doubles the smaller tail.

    Returns
    -------
    ndarray, shape (...)

    Examples
    --------
    >>> simulated_p(np.arange(99.0), 98.0, "upper").item()
    0.02
    """
    check_one_of("tail", tail, TAILS)
    n = 1 + len(drawn)
    up = (1 + (drawn >= np.asarray(seen) - TIE).sum(axis=0)) / n
    low = (1 + (drawn <= np.asarray(seen) + TIE).sum(axis=0)) / n
    if tail == "both":
        return np.minimum(1.0, 2 * np.minimum(up, low))
    return up if tail == "upper" else low


def family_p(values: np.ndarray) -> np.ndarray:
    """Judge each window of a family by the largest of all windows at the same placing.

    Parameters
    ----------
    values : ndarray, shape (n_windows, n_placings)
        Statistics, the observed ones in the first column.

    Returns
    -------
    ndarray, shape (n_windows,)
        Two-sided p of each window, allowing for the choice among them (Westfall and Young's
        single-step maximum).
    """
    spread = values.std(axis=1, keepdims=True)
    values = values / np.where(spread > 0, spread, 1.0)
    highest, lowest = values.max(axis=0), values.min(axis=0)
    up = [tail_shares(highest, float(v))[0] for v in values[:, 0]]
    low = [tail_shares(lowest, float(v))[1] for v in values[:, 0]]
    return np.minimum(1.0, 2.0 * np.minimum(up, low))

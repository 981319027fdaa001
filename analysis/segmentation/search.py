"""The dynamic programme, a block of ends at a time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .costs import TINY, Cost, cost_of
from .pruning import Starts, add_starts, prune

#: Ends worked off at once: fewer cost Python's loop, more cost pairs inside the block.
_BLOCK = 64


class _Sums(NamedTuple):
    """Counts and exposures up to each place, and what breaks cost."""

    totals: np.ndarray
    spans: np.ndarray
    cost: Cost
    penalty: float
    min_size: int


def optimal_breaks(
    n: ArrayLike,
    exposure: ArrayLike | None = None,
    *,
    penalty: float,
    size: float | None = None,
    min_size: int = 1,
) -> np.ndarray:
    """Split a series of counts where the penalised likelihood is largest.

    Parameters
    ----------
    n : array of shape (T,)
        Counts.
    exposure : array of shape (T,), optional
        Exposure of each count; 1 by default.
    penalty : float
        What each break costs, in units of log-likelihood.
    size : float, optional
        Negative binomial size for one unit of exposure; Poisson by default.
    min_size : int
        Least number of counts in a segment.

    Returns
    -------
    array of int
        Places at which a new segment begins, without 0.

    Raises
    ------
    ValueError
        For negative counts, exposures or penalties out of range, or fewer counts than one
        segment needs.

    See Also
    --------
    all_segmentations : For every penalty in a range.

    Notes
    -----
    Optimal partitioning by dynamic programming (Jackson et al. 2005), worked off in blocks.
    A start is dropped once no rate is left at which it could still win: at a given rate, a
    start that is no better than another at one moment is no better ever after. This is the
    idea of functional pruning (Maidstone et al. 2017) with bounds that err on the side of
    keeping; under a minimum length, starts are compared at the last moment from which every
    later end is free to begin a segment, else optima would be lost. The result is exact.

    Examples
    --------
    >>> optimal_breaks([0, 1, 0, 0, 9, 8, 7, 9], penalty=3.0).tolist()
    [4]
    """
    n, exposure = check_series(n, exposure, penalty, min_size)
    runs = np.arange(len(n))
    if min_size == 1:
        # along a run of one rate the cost of a break is concave, so its ends suffice
        differs = n[1:] * exposure[:-1] != n[:-1] * exposure[1:]
        runs = np.append(0, np.flatnonzero(differs) + 1)
        n, exposure = np.add.reduceat(n, runs), np.add.reduceat(exposure, runs)
    totals, spans = (np.concatenate([[0.0], np.cumsum(values)]) for values in (n, exposure))
    return runs[_search(_Sums(totals, spans, cost_of(size), penalty, min_size))]


def check_series(
    n: ArrayLike, exposure: ArrayLike | None, penalty: float, min_size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return counts and exposures as floats."""
    n = np.asarray(n, dtype=float)
    exposure = np.ones(len(n)) if exposure is None else np.asarray(exposure, dtype=float)
    if n.ndim != 1 or n.shape != exposure.shape:
        raise ValueError(f"expected two series of one length, got {n.shape}, {exposure.shape}")
    if not (np.isfinite(n).all() and (n >= 0).all()):
        raise ValueError("expected counts of 0 or more")
    if not (np.isfinite(exposure).all() and (exposure > 0).all()):
        raise ValueError("expected exposures above 0")
    if not penalty >= 0:
        raise ValueError(f"expected a penalty of 0 or more, got {penalty!r}")
    if not 1 <= min_size <= len(n):
        raise ValueError(f"expected a min_size from 1 to {len(n)}, got {min_size!r}")
    return n, exposure


def _search(sums: _Sums) -> np.ndarray:
    """Find the best breaks."""
    length = len(sums.totals) - 1
    best = np.full(length + 1, np.inf)  # cost of the counts up to each place
    best[0] = -sums.penalty
    last = np.zeros(length + 1, dtype=np.int64)  # where the last segment of each begins
    starts = Starts(np.array([0]), np.full(1, -np.inf), np.full(1, np.inf))
    crowded = 0
    for begin in range(0, length, _BLOCK):
        ends = np.arange(begin + 1, min(begin + _BLOCK, length) + 1)
        _advance(starts.place, ends, best, last, sums)
        starts = add_starts(starts, ends[np.isfinite(best[ends])])
        if len(starts.place) > crowded:
            now = ends[-1] + 1 - sums.min_size
            starts = prune(starts, best, sums.totals, sums.spans, now, sums.cost)
            crowded = 2 * (len(starts.place) + _BLOCK)
    breaks = []
    place = int(last[length])
    while place > 0:
        breaks.append(place)
        place = int(last[place])
    return np.array(breaks[::-1], dtype=np.int64)


def _advance(
    starts: np.ndarray, ends: np.ndarray, best: np.ndarray, last: np.ndarray, sums: _Sums
) -> None:
    """Fill in the best cost and last start of a block of ends."""
    totals, spans, cost, penalty, min_size = sums
    rows = np.arange(len(ends))
    total, span = totals[ends], spans[ends]
    free = (ends - min_size)[:, None]  # the last start that leaves a segment long enough
    before = cost(total[:, None] - totals[starts], span[:, None] - spans[starts])
    before += best[starts] + penalty
    if min_size > 1:
        np.putmask(before, starts > free, np.inf)
    winner = before.argmin(axis=1)
    outer = before[rows, winner]
    # starts inside the block: repeat until nothing improves, once for each break in the block
    # (segments that would end before they start are priced by their size, then ruled out)
    inner = cost(np.abs(total[:, None] - total), np.abs(span[:, None] - span) + TINY)
    np.putmask(inner, ends > free, np.inf)
    found = outer
    while True:
        inside = inner + (found + penalty)
        place = inside.argmin(axis=1)
        lowest = inside[rows, place]
        better = np.minimum(lowest, outer)
        if np.array_equal(better, found):
            break
        found = better
    best[ends] = found
    last[ends] = np.where(lowest < outer, ends[place], starts[winner])

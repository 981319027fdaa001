"""Exact optimal segmentation of counts, in NumPy alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

_TINY = 1e-300
_SLACK = 1e-9
_BLOCK = 64
_STEPS = 4
_NOWHERE = np.array([[np.inf], [-np.inf]])
_LOWEST = -700.0  # log of a rate next to nothing
Cost = Callable[[np.ndarray, np.ndarray], np.ndarray]


def poisson_cost(total: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """Minus the largest Poisson log-likelihood of segments, less a constant.

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
    cost += _TINY  # 0 log 0 is 0
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
        Minus the largest log-likelihood of segments, less a constant.

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
        return -total * np.log(np.maximum(total, _TINY) / both) - kappa * np.log(kappa / both)

    return cost


def optimal_breaks(
    n: np.ndarray,
    exposure: np.ndarray | None = None,
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
    n, exposure = _check(n, exposure, penalty, min_size)
    cost = poisson_cost if size is None else negative_binomial_cost(size)
    if min_size > 1:
        return _search(n, exposure, penalty, cost, min_size)
    # along a run of one rate the cost of a break is concave, so its ends suffice
    differs = n[1:] * exposure[:-1] != n[:-1] * exposure[1:]
    runs = np.append(0, np.flatnonzero(differs) + 1)
    total, span = np.add.reduceat(n, runs), np.add.reduceat(exposure, runs)
    return runs[_search(total, span, penalty, cost, 1)]


def _search(
    n: np.ndarray, exposure: np.ndarray, penalty: float, cost: Cost, min_size: int
) -> np.ndarray:
    """Find the best breaks."""
    totals = np.concatenate([[0.0], np.cumsum(n)])
    spans = np.concatenate([[0.0], np.cumsum(exposure)])
    best = np.full(len(n) + 1, np.inf)
    best[0] = -penalty
    last = np.zeros(len(n) + 1, dtype=np.int64)
    # for each start that can still win: its place, and between which logs of the rate
    alive = (np.array([0]), np.full(1, -np.inf), np.full(1, np.inf))
    crowded = 0
    for begin in range(0, len(n), _BLOCK):
        ends = np.arange(begin + 1, min(begin + _BLOCK, len(n)) + 1)
        _advance(alive[0], ends, best, last, totals, spans, cost, penalty, min_size)
        alive = _join(alive, ends[np.isfinite(best[ends])])
        if len(alive[0]) > crowded:
            alive = _prune(alive, best, totals, spans, ends[-1] + 1 - min_size, cost)
            crowded = 2 * (len(alive[0]) + _BLOCK)
    breaks = []
    place = int(last[len(n)])
    while place > 0:
        breaks.append(place)
        place = int(last[place])
    return np.array(breaks[::-1], dtype=np.int64)


def _check(
    n: np.ndarray, exposure: np.ndarray | None, penalty: float, min_size: int
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


def _advance(
    starts: np.ndarray,
    ends: np.ndarray,
    best: np.ndarray,
    last: np.ndarray,
    totals: np.ndarray,
    spans: np.ndarray,
    cost: Cost,
    penalty: float,
    min_size: int,
) -> None:
    """Fill in the best cost and last start of a block of ends."""
    rows = np.arange(len(ends))
    total, span = totals[ends], spans[ends]
    free = (ends - min_size)[:, None]  # the last start that leaves a segment long enough
    price = cost(total[:, None] - totals[starts], span[:, None] - spans[starts])
    price += best[starts] + penalty
    if min_size > 1:
        np.putmask(price, starts > free, np.inf)
    winner = price.argmin(axis=1)
    outer = price[rows, winner]
    # starts inside the block: repeat until nothing improves, once for each break in the block
    # (segments that would end before they start are priced by their size, then ruled out)
    inner = cost(np.abs(total[:, None] - total), np.abs(span[:, None] - span) + _TINY)
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


def _join(
    alive: tuple[np.ndarray, np.ndarray, np.ndarray], new: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Add new starts, which may win at any rate."""
    starts, low, high = alive
    return (
        np.concatenate([starts, new]),
        np.concatenate([low, np.full(len(new), -np.inf)]),
        np.concatenate([high, np.full(len(new), np.inf)]),
    )


def _prune(
    alive: tuple[np.ndarray, np.ndarray, np.ndarray],
    best: np.ndarray,
    totals: np.ndarray,
    spans: np.ndarray,
    now: int,
    cost: Cost,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Drop starts that can win at no rate any more; `now` is the newest free start."""
    if now <= 0 or not np.isfinite(best[now]):
        return alive
    starts, low, high = alive
    old = int(np.searchsorted(starts, now))
    if cost is not poisson_cost:
        early = starts[:old]
        least = cost(totals[now] - totals[early], spans[now] - spans[early])
        keep = np.append(least <= best[now] - best[early] + _SLACK, starts[old:] >= now)
        return starts[keep], low[keep], high[keep]
    # each start against the newest free one and against the next two starts
    one, two = starts[1:], starts[2:]
    early = np.concatenate([starts[:old], starts[: len(one)], starts[: len(two)]])
    late = np.concatenate([np.full(old, now), one, two])
    total, span = totals[late] - totals[early], spans[late] - spans[early]
    gain = best[late] - best[early]
    (below, above), (inner_below, inner_above) = _winning_rates(total, span, gain)
    # a late start that is not free yet proves nothing against an early one
    below, above = np.where(late <= now, below, -np.inf), np.where(late <= now, above, np.inf)
    low, high = low.copy(), high.copy()
    for step, first, size in ((0, 0, old), (1, old, len(one)), (2, old + len(one), len(two))):
        part = slice(first, first + size)
        np.maximum(low[:size], below[part], out=low[:size])
        np.minimum(high[:size], above[part], out=high[:size])
        if step:  # the late one is cut where the early one surely wins, if that is an end
            floor, top = low[step:].copy(), high[step:].copy()
            left, right = inner_below[part], inner_above[part]
            low[step:] = np.where((left <= floor) & (right >= floor), right, floor)
            high[step:] = np.where((right >= top) & (left <= top), left, top)
    keep = low <= high
    return starts[keep], low[keep], high[keep]


def _winning_rates(
    total: np.ndarray, span: np.ndarray, gain: np.ndarray
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Enclose, from outside and from inside, the rates at which segments cost up to `gain`.

    Returned are logs of rates. With v the log of a rate over the best one, a segment of S
    launches costs S (e^v - v - 1) more than at best. Newton's method from outside on this
    convex function never passes a root, so the outer enclosure holds however few steps are
    taken; it is (inf, -inf) where no rate will do. The inner one is the outer one shrunk, if
    both of its ends are found to lie inside, and else (inf, -inf).
    """
    none = total <= 0  # costs span x rate: any rate up to gain / span
    count = np.where(none, 1.0, total)
    peak = np.log(count / span)
    spare = np.where(none, 1.0, (gain - count * (1 - peak)) / count)
    wide = np.maximum(spare, 0.0) + _SLACK
    # outside, as e^v - v - 1 is at least v^2 / 2 on the right and v^2 / (2 - v) on the left
    edge = np.array([-(wide + np.sqrt(wide * wide + 8 * wide)) / 2, np.sqrt(2 * wide)])
    for _ in range(_STEPS):
        slope = np.exp(edge) - 1
        edge -= (slope - edge - wide) / slope
    inner = edge * (1 - 1e-7)
    sure = (np.exp(inner) - inner - 1 <= spare).all(axis=0) & ~none
    outer = np.where(spare < -_SLACK, _NOWHERE, edge + peak)
    inner = np.where(sure, inner + peak, _NOWHERE)
    if none.any():
        some = none & (gain > 0)
        most = np.log(np.where(some, gain, 1.0) / span)
        free = gain >= -_SLACK
        outer[0, none] = np.where(free, -np.inf, np.inf)[none]
        outer[1, none] = np.where(some, most + _SLACK, np.where(free, _LOWEST, -np.inf))[none]
        inner[0, some], inner[1, some] = -np.inf, most[some] - _SLACK
    return (outer[0], outer[1]), (inner[0], inner[1])


def segment_cost(n: np.ndarray, exposure: np.ndarray, breaks: np.ndarray, cost: Cost) -> float:
    """Add up the cost of the segments between breaks."""
    edges = np.concatenate([[0], breaks]).astype(np.int64)
    return float(cost(np.add.reduceat(n, edges), np.add.reduceat(exposure, edges)).sum())


def all_segmentations(
    n: np.ndarray,
    exposure: np.ndarray,
    *,
    penalties: tuple[float, float],
    size: float | None = None,
    min_size: int = 1,
) -> list[tuple[float, float, np.ndarray]]:
    """Find every segmentation that is optimal for some penalty in a range.

    Parameters
    ----------
    n, exposure, size, min_size
        As in `optimal_breaks`.
    penalties : (float, float)
        Smallest and largest penalty.

    Returns
    -------
    list of (float, float, array)
        Penalties from and to which a segmentation is optimal, and its breaks; penalties rise.

    Raises
    ------
    ValueError
        If the range is reversed, and as `optimal_breaks`.

    Notes
    -----
    The cost of the best segmentation is a concave, piecewise linear function of the penalty;
    a new trial is made where two of its known lines cross, until none lies below (the idea of
    CROPS: Haynes, Eckley and Fearnhead 2017).

    Examples
    --------
    >>> found = all_segmentations(
    ...     np.array([0, 1, 0, 9, 8, 9.0]), np.ones(6), penalties=(1.5, 50.0))
    >>> [len(breaks) for _, _, breaks in found]
    [1, 0]
    """
    smallest, largest = penalties
    if not 0 <= smallest <= largest:
        raise ValueError(f"expected penalties from low to high, got {penalties!r}")
    n, exposure = _check(n, exposure, smallest, min_size)
    cost = poisson_cost if size is None else negative_binomial_cost(size)
    lines: dict[int, tuple[float, np.ndarray]] = {}

    def solve(penalty: float) -> int:
        breaks = optimal_breaks(n, exposure, penalty=penalty, size=size, min_size=min_size)
        lines[len(breaks)] = (segment_cost(n, exposure, breaks, cost), breaks)
        return len(breaks)

    waiting = [(solve(smallest), solve(largest))]
    while waiting:
        many, few = waiting.pop()
        if many <= few + 1:
            continue
        crossing = (lines[few][0] - lines[many][0]) / (many - few)
        between = solve(crossing)
        if few < between < many:
            waiting += [(many, between), (between, few)]
    return _envelope(lines, smallest, largest)


def _envelope(
    lines: dict[int, tuple[float, np.ndarray]], smallest: float, largest: float
) -> list[tuple[float, float, np.ndarray]]:
    """Order segmentations by the penalties for which each is the cheapest."""
    hull: list[tuple[int, float]] = []  # number of breaks and the penalty from which it holds
    for number in sorted(lines, reverse=True):
        since = smallest
        while hull:
            rival, since_rival = hull[-1]
            since = (lines[number][0] - lines[rival][0]) / (rival - number)
            if since > since_rival + _SLACK:
                break
            hull.pop()
            since = smallest
        hull.append((number, since))
    ends = [since for _, since in hull[1:]] + [largest]
    return [
        (since, end, lines[number][1])
        for (number, since), end in zip(hull, ends, strict=True)
        if since < end or smallest == largest
    ]

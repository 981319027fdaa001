"""From one penalty to every penalty in a range."""

from __future__ import annotations

import numpy as np

from .costs import segment_cost
from .pruning import SLACK
from .search import check_series, optimal_breaks


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

    See Also
    --------
    optimal_breaks : For one penalty.

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
    n, exposure = check_series(n, exposure, smallest, min_size)
    lines: dict[int, tuple[float, np.ndarray]] = {}  # cost and breaks, by number of breaks

    def solve(penalty: float) -> int:
        breaks = optimal_breaks(n, exposure, penalty=penalty, size=size, min_size=min_size)
        lines[len(breaks)] = (segment_cost(n, exposure, breaks, size=size), breaks)
        return len(breaks)

    waiting = [(solve(smallest), solve(largest))]
    while waiting:
        many, few = waiting.pop()
        if many <= few + 1:
            continue
        between = solve((lines[few][0] - lines[many][0]) / (many - few))
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
            if since > since_rival + SLACK:
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

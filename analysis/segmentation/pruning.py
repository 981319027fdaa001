"""Which starts of a segment can still win, at some rate of the segment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .costs import Cost, poisson_cost

#: Costs closer than this are equal: pruning errs on the side of keeping.
SLACK = 1e-9
#: Newton steps of the enclosures below; fewer only make them wider.
_STEPS = 4
_NOWHERE = np.array([[np.inf], [-np.inf]])
_LOWEST = -700.0  # log of a rate next to nothing


class Starts(NamedTuple):
    """Starts that can still win: their places, and between which logs of the rate."""

    place: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def keep(self, chosen: np.ndarray) -> Starts:
        """Return the starts chosen."""
        return Starts(self.place[chosen], self.low[chosen], self.high[chosen])


def add_starts(starts: Starts, new: np.ndarray) -> Starts:
    """Add new starts, which may win at any rate."""
    anywhere = Starts(new, np.full(len(new), -np.inf), np.full(len(new), np.inf))
    return Starts(*(np.concatenate(pair) for pair in zip(starts, anywhere, strict=True)))


def prune(
    starts: Starts,
    best: np.ndarray,
    totals: np.ndarray,
    spans: np.ndarray,
    now: int,
    cost: Cost,
) -> Starts:
    """Drop starts that can win at no rate any more; `now` is the newest free start."""
    if now <= 0 or not np.isfinite(best[now]):
        return starts
    place = starts.place
    old = int(np.searchsorted(place, now))
    if cost is not poisson_cost:
        early = place[:old]
        least = cost(totals[now] - totals[early], spans[now] - spans[early])
        return starts.keep(np.append(least <= best[now] - best[early] + SLACK, place[old:] >= now))
    # each start against the newest free one and against the next two starts
    one, two = place[1:], place[2:]
    early = np.concatenate([place[:old], place[: len(one)], place[: len(two)]])
    late = np.concatenate([np.full(old, now), one, two])
    (below, above), inner = _winning_rates(
        totals[late] - totals[early], spans[late] - spans[early], best[late] - best[early]
    )
    # a late start that is not free yet proves nothing against an early one
    below, above = np.where(late <= now, below, -np.inf), np.where(late <= now, above, np.inf)
    low, high = starts.low.copy(), starts.high.copy()
    for step, first, size in ((0, 0, old), (1, old, len(one)), (2, old + len(one), len(two))):
        part = slice(first, first + size)
        np.maximum(low[:size], below[part], out=low[:size])
        np.minimum(high[:size], above[part], out=high[:size])
        if step:
            _cut(low[step:], high[step:], *inner[:, part])
    return Starts(place, low, high).keep(low <= high)


def _cut(low: np.ndarray, high: np.ndarray, left: np.ndarray, right: np.ndarray) -> None:
    """Cut the rates of late starts where an early one surely wins, if that is an end."""
    floor, top = low.copy(), high.copy()
    low[:] = np.where((left <= floor) & (right >= floor), right, floor)
    high[:] = np.where((right >= top) & (left <= top), left, top)


def _winning_rates(
    total: np.ndarray, span: np.ndarray, gain: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Enclose, from outside and from inside, the rates at which segments cost up to `gain`.

    Returned are logs of rates, two rows each. With v the log of a rate over the best one, a
    segment of S launches costs S (e^v - v - 1) more than at best. Newton's method from outside
    on this convex function never passes a root, so the outer enclosure holds however few steps
    are taken; it is (inf, -inf) where no rate will do. The inner one is the outer one shrunk,
    if both of its ends are found to lie inside, and else (inf, -inf).
    """
    none = total <= 0  # costs span x rate: any rate up to gain / span
    count = np.where(none, 1.0, total)
    peak = np.log(count / span)
    spare = np.where(none, 1.0, (gain - count * (1 - peak)) / count)
    wide = np.maximum(spare, 0.0) + SLACK
    # outside, as e^v - v - 1 is at least v^2 / 2 on the right and v^2 / (2 - v) on the left
    edge = np.array([-(wide + np.sqrt(wide * wide + 8 * wide)) / 2, np.sqrt(2 * wide)])
    for _ in range(_STEPS):
        slope = np.exp(edge) - 1
        edge -= (slope - edge - wide) / slope
    inner = edge * (1 - 1e-7)
    sure = (np.exp(inner) - inner - 1 <= spare).all(axis=0) & ~none
    outer = np.where(spare < -SLACK, _NOWHERE, edge + peak)
    inner = np.where(sure, inner + peak, _NOWHERE)
    if none.any():
        some = none & (gain > 0)
        most = np.log(np.where(some, gain, 1.0) / span)
        free = gain >= -SLACK
        outer[0, none] = np.where(free, -np.inf, np.inf)[none]
        outer[1, none] = np.where(some, most + SLACK, np.where(free, _LOWEST, -np.inf))[none]
        inner[0, some], inner[1, some] = -np.inf, most[some] - SLACK
    return outer, inner

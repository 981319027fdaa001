"""One long window: whether a stretch of a year or more differs from the other stretches.

Shifted or permuted, one long window has few places to go, and stretches without any launch of
their own (before a programme began, after it ended) keep its p from falling. Here the launches
inside are compared with those outside through a law that knows how much stretches of that length
vary: test and interval are one, so they cannot contradict each other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import optimize, stats

from ..series.strata import Days

#: Days from which one window is long.
LONG = 365
#: Stretches outside the window are at most this share of the days there, so that some compare.
_STRETCH_SHARE = 0.25
_SHORTEST = 30
#: Stretches by which their variance is divided too few: one for their mean, one more because it
#: is estimated from few. With one alone, simulated histories of 14 years with a window of 900
#: days were refused too often (.08 to .11 a side where launches are bursty).
_LOST = 2
#: Ratios between which the ends of the interval are looked for.
_RATIOS = (1e-4, 1e4)


class Single(NamedTuple):
    """What one long window shows."""

    p_value: float
    smallest_p: float
    at_other_rate: float
    rate_ratio: float
    low: float
    high: float
    dispersion: float


def is_long(marks: np.ndarray) -> bool:
    """Say whether the days marked are one stretch of a year or more, with days outside it.

    Examples
    --------
    >>> is_long(np.repeat([0.0, 1.0, 0.0], [10, 400, 900]))
    True
    """
    inside = np.flatnonzero(marks)
    one = len(inside) > 0 and inside[-1] - inside[0] + 1 == len(inside)
    return one and LONG <= len(inside) < len(marks) - LONG


def judge_single(days: Days, marks: np.ndarray, level: float = 0.95) -> Single:
    """Test one long window and give the interval of its ratio.

    Parameters
    ----------
    days : Days
        The record.
    marks : ndarray of float, shape (n_days,)
        1 on the days of the window, else 0.
    level : float
        Level of the interval.

    Returns
    -------
    Single
        Two-sided `p_value`, and `smallest_p`, that of the same window without any launch;
        launches expected `at_other_rate` of the other days of the same strata; `rate_ratio` with
        `low` and `high`, the ratios that the same test does not refuse; `dispersion` of
        stretches outside.

    Notes
    -----
    The null hypothesis: inside as outside, counts of a stretch are negative binomial with a mean
    in proportion to its days (by stratum) and the variance over mean that stretches outside show,
    as long as the window or a quarter of the days outside. Given their sum, the count inside is
    then beta-binomial; how well the rate outside is known enters by itself.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.series.strata import make_days
    >>> days = make_days(np.tile([0.0, 1.0, 0.0, 0.0, 0.0], 600), pd.date_range(
    ...     "2010-01-01", periods=3000), [], offices=[])
    >>> marks = np.repeat([0.0, 1.0, 0.0], [1000, 500, 1500])
    >>> round(judge_single(days, marks).rate_ratio, 2)
    1.0
    """
    observed, expected, outside = _compare(days, marks)
    spread = _dispersion(days.launches[marks == 0], int(marks.sum()))

    def tails(ratio: float, inside: int) -> tuple[float, float]:
        """Return the chance of as few, and of as many, inside at a ratio."""
        n = inside + outside
        share = ratio * expected / (ratio * expected + outside)
        weight = n / max(spread - 1.0, 1e-6)
        law = stats.betabinom(n, weight * share, weight * (1 - share))
        return float(law.cdf(inside)), float(law.sf(inside - 1))

    def end(side: int) -> float:
        """Return the ratio at which a tail is just as large as the interval leaves out."""
        low, high = (np.log(r) for r in _RATIOS)
        found = optimize.brentq(
            lambda r: tails(np.exp(r), observed)[side] - (1 - level) / 2, low, high
        )
        return float(np.exp(found))

    return Single(
        min(1.0, 2 * min(tails(1.0, observed))),
        min(1.0, 2 * tails(1.0, 0)[0]),
        expected,
        observed / expected,
        end(1) if observed else 0.0,
        end(0),
        spread,
    )


def _compare(days: Days, marks: np.ndarray) -> tuple[int, float, int]:
    """Return launch days inside, those expected at the rate outside, and what that rests on."""
    strata = days.calendar.strata
    inside, total = np.bincount(strata, marks), days.calendar.stratum_days
    outside = np.bincount(strata, days.launches * (1 - marks))
    comparable = total > inside
    factor = np.divide(inside, total - inside, out=np.zeros(len(total)), where=comparable)
    expected = float((factor * outside).sum())
    rests_on = expected**2 / max(float((factor**2 * outside).sum()), 1e-9)
    observed = float((days.launches * marks)[comparable[strata]].sum())
    return round(observed), max(expected, 1e-9), max(1, round(rests_on))


def _dispersion(outside: np.ndarray, length: int) -> float:
    """Return variance over mean of the launch days in stretches of the days outside."""
    length = max(min(length, int(len(outside) * _STRETCH_SHARE)), _SHORTEST)
    up_to = np.concatenate([[0.0], np.cumsum(outside)])
    sums = up_to[length:] - up_to[:-length]
    stretches = len(outside) / length
    if not sums.any():
        return 1.0
    return max(1.0, float(sums.var() / sums.mean()) * stretches / (stretches - _LOST))

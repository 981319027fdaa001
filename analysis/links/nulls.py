"""What to expect of a window if launches and events are not linked: statistics and nulls.

Each null returns the same statistic for the observed placing (first) and for other placings
that would do as well if there were no link. The statistic is the sum of what a day scores over
the days of the window, divided by the square root of its expected size:

    (sum of residuals inside) / sqrt(V + mean of V over the shifts),

with V the expected size inside. Dividing makes placings comparable when the rate changes by
month and era; the mean in the denominator keeps placings where next to nothing is expected from
dominating. What a day scores is either its launch day less the one expected ("launch_days") or
its efficient score for a change of new launches ("new_launches", the default), which counts a
burst once; "larger" takes the larger of both at each placing.

The default was chosen by simulation alone (``tests/proofs/links_choice.py``), before it was
run on the record: of the three it finds most links that act on new launches, at the same size.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import permutations
from math import factorial
from typing import NamedTuple

import numpy as np
from scipy import fft

from ..errors import check_one_of, unknown
from ..series.strata import Calendar, Days, Scores

#: Nulls that place the window anew; "given_recent_launches" is the test of `regression`, and
#: `LONG_WINDOW` that of `analysis.links.single`, for one window alone.
PLACINGS = ("circular_shift", "years_permuted", "within_era")
NULLS = (*PLACINGS, "given_recent_launches")
LONG_WINDOW = "long_window"
#: What a test adds up inside a window, the default first.
STATISTICS = ("new_launches", "launch_days", "larger")
N_DRAWS = 9_999
LEAST_YEARS = 5


class Shifts(NamedTuple):
    """A window laid on the record at every circular shift; entry 0 is the observed placing."""

    scores: Scores
    #: 1 on the days of the window as observed, else 0.
    window: np.ndarray
    #: Residuals summed inside the window.
    residual: np.ndarray
    #: Launch days expected inside.
    expected: np.ndarray
    #: Launch days expected inside, mean over the shifts.
    typical: float
    #: Pairs of window days at each lag on the circle.
    pairs: np.ndarray

    @property
    def statistic(self) -> np.ndarray:
        """The statistic at every shift."""
        return studentise(self.residual, self.expected, self.typical)


def shift_window(scores: Scores, window: np.ndarray) -> Shifts:
    """Lay a window on the record at every circular shift, by fast Fourier transform.

    Parameters
    ----------
    scores : Scores
        The record, such as ``days.scores``.
    window : ndarray of float, shape (n_days,)
        1 on the days of the window, else 0; or the value of a covariate, 0 on average.

    Returns
    -------
    Shifts
        Entry ``k`` for the window moved ``k`` days on, around the end of the record.
    """
    length = scores.calendar.length
    shape = fft.rfft(window, length)
    # the variance of a weighted sum goes with the weights squared
    shapes = np.stack([shape, fft.rfft(window**2, length)])
    sums = fft.irfft(scores.transforms * shapes.conj(), length, axis=1)[:, : len(window)]
    pairs = scores.calendar.circular_pairs(shape.real**2 + shape.imag**2)
    typical = float(scores.total * (window**2).mean())
    return Shifts(scores, window, sums[0], sums[1], typical, pairs)


def studentise(residual: np.ndarray, expected: np.ndarray, typical: float) -> np.ndarray:
    """Divide sums of residuals by the root of their expected size."""
    scale = np.maximum(expected, 0.0) + typical
    return residual / np.sqrt(np.maximum(scale, 1e-12))


def null_values(
    days: Days,
    window: np.ndarray,
    null: str = PLACINGS[0],
    *,
    statistic: str = STATISTICS[0],
    seed: int = 0,
) -> np.ndarray:
    """Return the statistic of a window under a null; entry 0 is the observed one.

    Parameters
    ----------
    days : Days
        The record.
    window : ndarray of float, shape (n_days,)
        1 on the days of the window, else 0.
    null : str
        One of `PLACINGS`.
    statistic : str
        One of `STATISTICS`.
    seed : int
        For nulls that draw.
    """
    check_one_of("statistic", statistic, STATISTICS)
    if statistic != "larger":
        scores = days.scores if statistic == "launch_days" else days.new_launches
        return statistics(shift_window(scores, window), null, seed)
    both = [null_values(days, window, null, statistic=s, seed=seed) for s in STATISTICS[:2]]
    first, second = (values / max(float(values.std()), 1e-12) for values in both)
    return np.where(np.abs(first) >= np.abs(second), first, second)


def statistics(shifts: Shifts, null: str, seed: int = 0) -> np.ndarray:
    """Return the statistic of scores laid on the record, under a null; entry 0 is observed."""
    if null == "circular_shift":
        return shifts.statistic
    if null == "years_permuted":
        return year_statistics(shifts.scores, shifts.window, seed)
    if null == "within_era":
        return era_statistics(shifts.scores, shifts.window, seed)
    raise unknown("null", null, PLACINGS)


def whole_years(calendar: Calendar) -> np.ndarray:
    """Return the calendar years that lie in the record from first to last day."""
    years, n = np.unique(calendar.year, return_counts=True)
    leap = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    return years[n == 365 + leap]


def year_statistics(scores: Scores, window: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return the statistic with the whole years of the window's calendar permuted.

    Years that the record holds in part stay in place. All permutations are taken up to seven
    years, else `N_DRAWS` at random. Sums come from one year-by-year matrix by look-up.
    """
    calendar = scores.calendar
    years = whole_years(calendar)
    if len(years) < LEAST_YEARS:
        raise ValueError(
            f"years_permuted needs at least {LEAST_YEARS} whole years, the period has {len(years)}"
        )
    residual, expected, marks = (
        _by_year(calendar, values, years) for values in (scores.residual, scores.expected, window)
    )
    stays = ~np.isin(calendar.year, years)
    orders = _orders(len(years), seed)
    sums = _look_up(residual @ marks.T, orders) + (scores.residual * window)[stays].sum()
    sizes = _look_up(expected @ marks.T, orders) + (scores.expected * window)[stays].sum()
    return studentise(sums, sizes, float(sizes.mean()))


def _look_up(table: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """Add up a year-by-year table along each permutation of years."""
    total = np.zeros(orders.shape[1])
    for place, order in enumerate(orders):
        total += table[:, place][order]
    return total


def _by_year(calendar: Calendar, values: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Lay a series out as one row a year, aligned by month and day; 29 February is 0 elsewhere."""
    table = np.zeros((len(years), 366))
    inside = np.isin(calendar.year, years)
    row = np.searchsorted(years, calendar.year[inside])
    table[row, calendar.place_in_year[inside]] = values[inside]
    return table


@lru_cache(maxsize=32)
def _orders(n: int, seed: int) -> np.ndarray:
    """Return permutations of n years, one a column, the identity first."""
    if factorial(n) <= N_DRAWS:
        return np.array(list(permutations(range(n)))).T.copy()
    drawn = np.random.default_rng(seed).random((N_DRAWS, n)).argsort(axis=1)
    return np.vstack([np.arange(n), drawn]).T.copy()


def era_statistics(scores: Scores, window: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return the statistic with the window shifted inside each era by a shift of its own."""
    eras = scores.calendar.eras
    sums, sizes = np.zeros(N_DRAWS + 1), np.zeros(N_DRAWS + 1)
    for era, share in enumerate(_shares(int(eras.max()) + 1, seed)):
        inside = eras == era
        n = int(inside.sum())
        shape = np.conj(fft.rfft(window[inside]))
        pair = fft.rfft(np.stack([scores.residual[inside], scores.expected[inside]]), axis=1)
        moved = fft.irfft(pair * shape, n, axis=1)
        at = (share * n).astype(np.int64)
        sums += moved[0][at]
        sizes += moved[1][at]
    return studentise(sums, sizes, float(sizes.mean()))


@lru_cache(maxsize=32)
def _shares(n_eras: int, seed: int) -> np.ndarray:
    """Return by what share of each era's length to shift it; the first draw stays in place."""
    shares = np.random.default_rng(seed).random((n_eras, N_DRAWS + 1))
    shares[:, 0] = 0.0
    return shares

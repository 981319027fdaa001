"""What to expect of a window when launches and events go their own ways: three nulls.

Each null returns the same statistic for the observed placing (first) and for other placings
that would do as well if there were no link. The statistic is the number of launch days in the
window less their expectation, divided by the square root of its expected size:

    (sum of residuals inside) / sqrt(V + mean of V over the shifts),

with V the launch days expected inside. Dividing makes placings comparable when the rate changes
by month and era; the mean in the denominator keeps placings where next to nothing is expected
from dominating.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import permutations
from math import factorial
from typing import NamedTuple

import numpy as np

from ..extras import library
from ..series.strata import Days

NULLS = ("circular_shift", "years_permuted", "within_era")
N_DRAWS = 9_999
LEAST_YEARS = 5


class Shifts(NamedTuple):
    """A window laid on the record at every circular shift; entry 0 is the observed placing."""

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


def shift_window(days: Days, window: np.ndarray) -> Shifts:
    """Lay a window on the record at every circular shift.

    Parameters
    ----------
    days : Days
        The record.
    window : ndarray of float, shape (n_days,)
        1 on the days of the window, else 0.

    Returns
    -------
    Shifts
        Entry ``k`` for the window moved ``k`` days on, around the end of the record.
    """
    fft = library("scipy.fft")
    shape = fft.rfft(window, days.calendar.length)
    sums = fft.irfft(days.transforms * shape.conj(), days.calendar.length, axis=1)[:, : days.n_days]
    typical = float(days.launches.sum() * window.mean())
    pairs = days.circular_pairs(shape.real**2 + shape.imag**2)
    return Shifts(sums[0], sums[1], typical, pairs)


def studentise(residual: np.ndarray, expected: np.ndarray, typical: float) -> np.ndarray:
    """Divide sums of residuals by the root of their expected size."""
    scale = np.maximum(expected, 0.0) + typical
    return residual / np.sqrt(np.maximum(scale, 1e-12))


def whole_years(days: Days) -> np.ndarray:
    """Return the calendar years that lie in the record from first to last day."""
    years, n = np.unique(days.calendar.year, return_counts=True)
    leap = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    return years[n == 365 + leap]


def year_statistics(days: Days, window: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return the statistic with the whole years of the window's calendar permuted.

    Years that the record holds in part stay in place. All permutations are taken up to seven
    years, else `N_DRAWS` at random. Sums come from one year-by-year matrix by look-up.
    """
    years = whole_years(days)
    if len(years) < LEAST_YEARS:
        raise ValueError(
            f"years_permuted needs at least {LEAST_YEARS} whole years, the period has {len(years)}"
        )
    residual, expected, marks = (
        _by_year(days, values, years) for values in (days.residual, days.expected, window)
    )
    stays = ~np.isin(days.calendar.year, years)
    orders = _orders(len(years), seed)
    sums = _look_up(residual @ marks.T, orders) + (days.residual * window)[stays].sum()
    sizes = _look_up(expected @ marks.T, orders) + (days.expected * window)[stays].sum()
    return studentise(sums, sizes, float(sizes.mean()))


def _look_up(table: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """Add up a year-by-year table along each permutation of years."""
    total = np.zeros(orders.shape[1])
    for place, order in enumerate(orders):
        total += table[:, place][order]
    return total


def _by_year(days: Days, values: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Lay a series out as one row a year, aligned by month and day; 29 February is 0 elsewhere."""
    table = np.zeros((len(years), 366))
    inside = np.isin(days.calendar.year, years)
    table[
        np.searchsorted(years, days.calendar.year[inside]), days.calendar.place_in_year[inside]
    ] = values[inside]
    return table


@lru_cache(maxsize=32)
def _orders(n: int, seed: int) -> np.ndarray:
    """Return permutations of n years, one a column, the identity first."""
    if factorial(n) <= N_DRAWS:
        return np.array(list(permutations(range(n)))).T.copy()
    drawn = np.random.default_rng(seed).random((N_DRAWS, n)).argsort(axis=1)
    return np.vstack([np.arange(n), drawn]).T.copy()


def era_statistics(days: Days, window: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return the statistic with the window shifted inside each era by a shift of its own."""
    fft = library("scipy.fft")
    sums, sizes = np.zeros(N_DRAWS + 1), np.zeros(N_DRAWS + 1)
    for era, share in enumerate(_shares(int(days.calendar.eras.max()) + 1, seed)):
        inside = days.calendar.eras == era
        n = int(inside.sum())
        shape = np.conj(fft.rfft(window[inside]))
        pair = fft.rfft(np.stack([days.residual[inside], days.expected[inside]]), axis=1)
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


def statistics(
    days: Days, window: np.ndarray, shifts: Shifts, null: str, seed: int = 0
) -> np.ndarray:
    """Return the statistic under a null; entry 0 is the observed one."""
    if null == "circular_shift":
        return shifts.statistic
    if null == "years_permuted":
        return year_statistics(days, window, seed)
    if null == "within_era":
        return era_statistics(days, window, seed)
    raise ValueError(f"unknown null {null!r}: expected {', '.join(NULLS)}")

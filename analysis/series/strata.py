"""The record as a series of days: launch days, month-by-era strata, and what to expect of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd
from scipy import fft

from ..counting import (
    Bounds,
    CountRule,
    Coverage,
    Day,
    day_numbers,
    launch_days,
    period_bounds,
    resolve_rule,
)
from ..errors import check_one_of, need_columns
from ..extras import stats as _stats  # noqa: F401
from ..record.notes import is_record
from .eras import OFFICES, codes_between, era_starts, offices_in
from .whiten import efficient_score

ADJUSTMENTS = ("month", "era")
START = "2012-01-01"
#: Where each month begins in a leap year's calendar.
_MONTH_STARTS = np.cumsum([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30])


@dataclass(frozen=True)
class Calendar:
    """What is known of each day of the record without any launch.

    Parameters
    ----------
    strata : ndarray of int, shape (n_days,)
        Stratum of each day, numbered from 0.
    eras : ndarray of int, shape (n_days,)
        Era of each day, numbered from 0 in order of time.
    dates : DatetimeIndex, shape (n_days,)
        The days.
    """

    strata: np.ndarray
    eras: np.ndarray
    dates: pd.DatetimeIndex

    @cached_property
    def year(self) -> np.ndarray:
        """Calendar year of each day."""
        return self.dates.year.to_numpy().astype(np.int64)

    @cached_property
    def month(self) -> np.ndarray:
        """Month of each day, 0 to 11."""
        return self.dates.month.to_numpy() - 1

    @cached_property
    def place_in_year(self) -> np.ndarray:
        """Place of the day in a leap year's calendar, 0 to 365."""
        return _MONTH_STARTS[self.month] + self.dates.day.to_numpy() - 1

    @cached_property
    def stratum_days(self) -> np.ndarray:
        """Days of each stratum."""
        return np.bincount(self.strata).astype(float)

    @cached_property
    def length(self) -> int:
        """Length of the transforms: the series twice over, padded to a fast length."""
        return fft.next_fast_len(2 * len(self.strata), real=True)

    @cached_property
    def power(self) -> np.ndarray:
        """Padded power spectrum of each stratum's indicator of days, one row a stratum."""
        marks = np.zeros((len(self.stratum_days), len(self.strata)))
        marks[self.strata, np.arange(len(self.strata))] = 1.0
        return np.abs(fft.rfft(marks, self.length, axis=1)) ** 2

    def circular_pairs(self, power: np.ndarray) -> np.ndarray:
        """Turn a padded power spectrum into sums of products at each lag on the circle."""
        n_days = len(self.strata)
        straight = fft.irfft(power, self.length)
        circular = straight[:n_days].copy()
        circular[1:] += straight[n_days - 1 : 0 : -1]
        return circular


@dataclass(frozen=True)
class Scores:
    """Two values a day on a calendar: what a test adds up inside a window, and its expected size.

    Parameters
    ----------
    residual : ndarray of float, shape (n_days,)
        What is added up; 0 on average if nothing is linked.
    expected : ndarray of float, shape (n_days,)
        Expected size of that sum, a day's share of it.
    total : float
        Sum of `expected`.
    calendar : Calendar
        The days.
    """

    residual: np.ndarray
    expected: np.ndarray
    total: float
    calendar: Calendar

    @cached_property
    def transforms(self) -> np.ndarray:
        """Fourier transforms of both, each repeated once."""
        twice = np.tile(np.stack([self.residual, self.expected]), 2)
        return fft.rfft(twice, self.calendar.length, axis=1)


@dataclass(frozen=True)
class Days:
    """Launch days on a calendar, and the number expected from their strata.

    Parameters
    ----------
    launches : ndarray of float, shape (n_days,)
        1 on launch days, else 0.
    calendar : Calendar
        The days.
    """

    launches: np.ndarray
    calendar: Calendar

    @property
    def n_days(self) -> int:
        """Days of the record."""
        return len(self.launches)

    @property
    def bounds(self) -> Bounds:
        """First and last day of the record."""
        return self.calendar.dates[0], self.calendar.dates[-1]

    @cached_property
    def stratum_launches(self) -> np.ndarray:
        """Launch days of each stratum."""
        return np.bincount(self.calendar.strata, self.launches)

    @cached_property
    def expected(self) -> np.ndarray:
        """Expected launch days on each day: the rate of its stratum."""
        return (self.stratum_launches / self.calendar.stratum_days)[self.calendar.strata]

    @cached_property
    def scores(self) -> Scores:
        """Launch days less their expectation, and that expectation."""
        residual = self.launches - self.expected
        return Scores(residual, self.expected, float(self.launches.sum()), self.calendar)

    @cached_property
    def new_launches(self) -> Scores:
        """Efficient score for a change of new launches, centred in each stratum."""
        score, variance = efficient_score(self.launches, self.expected)
        strata, days = self.calendar.strata, self.calendar.stratum_days
        score = score - (np.bincount(strata, score) / days)[strata]
        return Scores(score, variance, float(variance.sum()), self.calendar)

    @cached_property
    def stratum_lags(self) -> np.ndarray:
        """Mean share of stratified variance that a pair of window days at each lag takes away.

        Entry ``l`` is the sum over strata of n / T**2 times the pairs of the stratum's days
        that lie ``l`` days apart on the circle: with it the mean over all shifts of the
        stratified variance is a single dot product.
        """
        weight = self.stratum_launches / self.calendar.stratum_days**2
        return self.calendar.circular_pairs(weight @ self.calendar.power)


def make_days(
    launches: np.ndarray,
    dates: pd.DatetimeIndex,
    adjust: Sequence[str],
    *,
    offices: Sequence[str] = OFFICES,
    eras: pd.DataFrame | None = None,
    moratoria: pd.DataFrame | None = None,
) -> Days:
    """Cut a 0/1 series of days into strata.

    Parameters
    ----------
    launches : ndarray, shape (n_days,)
        1 on launch days, else 0.
    dates : DatetimeIndex, shape (n_days,)
        The days, none left out.
    adjust : sequence of str
        What the strata are made of: "month", "era", both or neither.
    offices : sequence of str
        Offices whose changes of hand cut the eras; none is one era.
    eras : DataFrame, optional
        Table like `load_eras()`; the package's own by default.
    moratoria : DataFrame, optional
        Declared pauses, by ``start`` and ``end``: their days are strata of their own.

    Returns
    -------
    Days

    Raises
    ------
    ValueError
        For an unknown adjustment or office.
    """
    for name in adjust:
        check_one_of("adjust", name, ADJUSTMENTS)
    changes = tuple(era_starts(offices, eras).tolist()) if offices else ()
    pauses = _pauses(moratoria, dates[0])
    calendar = _calendar(dates[0], dates[-1], tuple(sorted(adjust)), changes, pauses)
    return Days(np.asarray(launches, dtype=float), calendar)


def _pauses(moratoria: pd.DataFrame | None, first: pd.Timestamp) -> tuple[tuple[int, int], ...]:
    """Return first and last day of each declared pause, counted from the first day."""
    if moratoria is None:
        return ()
    need_columns(moratoria, ("start", "end"), "the moratoria")
    zero = day_numbers(pd.Series([first]))[0]
    starts, ends = (day_numbers(moratoria[name]) - zero for name in ("start", "end"))
    return tuple(zip(starts.tolist(), ends.tolist(), strict=True))


@lru_cache(maxsize=4)
def _calendar(
    first: pd.Timestamp,
    last: pd.Timestamp,
    adjust: tuple[str, ...],
    changes: tuple[int, ...],
    pauses: tuple[tuple[int, int], ...] = (),
) -> Calendar:
    """Make the calendar of a period; kept, since tests of many groups share its spectra."""
    dates = pd.date_range(first, last, freq="D")
    codes = {"month": dates.month.to_numpy(), "era": codes_between(dates, changes)}
    stratum = np.zeros(len(dates), dtype=np.int64)
    for name in adjust:
        stratum = stratum * (codes[name].max() + 1) + codes[name]
    place = np.arange(len(dates))
    paused = np.zeros(len(dates), dtype=np.int64)
    for begin, end in pauses:
        paused |= (place >= begin) & (place <= end)
    stratum = stratum * 2 + paused
    return Calendar(np.unique(stratum, return_inverse=True)[1], codes["era"], dates)


def read_days(
    launches: pd.DataFrame,
    rule: CountRule | str,
    *,
    start: Day,
    end: Day,
    adjust: Sequence[str] = ADJUSTMENTS,
    offices: Sequence[str] = OFFICES,
    eras: pd.DataFrame | None = None,
    moratoria: pd.DataFrame | None = None,
    coverage: Coverage = None,
) -> Days:
    """Return the launch days of a period under a rule, cut into strata.

    The leaders of the record cut the eras of its own launches only; others are one era unless
    `eras` is given, which is used whole unless `offices` says otherwise.
    """
    if tuple(offices) == OFFICES and eras is not None:
        offices = offices_in(eras)
    elif eras is None and tuple(offices) == OFFICES and not is_record(launches):
        offices = ()
    missing = launches["date"].isna() if "date" in launches else np.zeros(0, dtype=bool)
    if missing.any():
        raise ValueError(
            f"the launches hold {missing.sum()} row(s) without a date, the first at index "
            f"{launches.index[missing][0]!r}: expected a day in the column 'date'"
        )
    counted = launch_days(launches, rule, start=start, end=end, coverage=coverage)
    first, last = period_bounds(start, end)
    if not len(counted):
        raise ValueError(
            f"no launch day under the rule {resolve_rule(rule).name!r} from {first:%Y-%m-%d} to "
            f"{last:%Y-%m-%d}: nothing to compare"
        )
    dates = pd.date_range(first, last, freq="D")
    launched = np.isin(day_numbers(dates), day_numbers(counted)).astype(float)
    return make_days(launched, dates, adjust, offices=offices, eras=eras, moratoria=moratoria)

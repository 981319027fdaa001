"""What the search for changes rests on: a count table as arrays, its bursts and its penalty."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from ..errors import check_one_of, check_whole
from ..series.days import DAYS_A_YEAR, in_order
from .bursts import MEMORY_DAYS, dispersion_of_days

COSTS = ("poisson", "negative_binomial")
MIN_DAYS = 91

#: What a change must gain, times the log of the months on record and the dispersion: the first
#: term of the modified BIC of Zhang and Siegmund (2007), Biometrics 63(1), 22-32,
#: doi:10.1111/j.1541-0420.2006.00662.x. A record of under a year is held to a year's twelve.
PENALTY = 1.5
#: The dispersion is estimated too, so the interval of a date is made for one larger by a quarter.
DISPERSION_MARGIN = 1.25
#: Days beyond which a year has fewer than two periods, whose scatter within it could be seen.
LONGEST_PERIOD = 183
#: The negative binomial allows for some dispersion of its own, and least where launches are few:
#: what it leaves over is judged at the rate of the quieter years, this quantile of all.
QUIET = 0.25


class Months(NamedTuple):
    """A count table as arrays, whatever its periods are."""

    n: np.ndarray
    days: np.ndarray
    starts: pd.DatetimeIndex
    ends: pd.DatetimeIndex

    def dispersion(self, lengths: np.ndarray) -> np.ndarray:
        """Dispersion of the counts of so many days, each year at its own rate."""
        step = float(np.median(self.days))
        memory = max(round(MEMORY_DAYS / step), 1)
        return dispersion_of_days(self.n, self.year, np.maximum(lengths / step, 1.0), memory=memory)

    @property
    def year(self) -> np.ndarray:
        """Year of each period, counted from the first."""
        middle = np.cumsum(self.days) - self.days / 2
        return (middle // DAYS_A_YEAR).astype(np.int64)


class Procedure(NamedTuple):
    """All that the search for changes takes besides the counts; read off them once."""

    size: float | None  # of the negative binomial, for a day of exposure
    dispersion: float
    penalty: float
    min_size: int  # periods


def as_months(counts: pd.DataFrame) -> Months:
    """Read a count table; its first and last period may be cut."""
    n, days, periods = in_order(counts)
    starts = periods.to_timestamp().as_unit("us")
    if len(starts) > 1:
        cut = periods[0].end_time.normalize() - pd.Timedelta(days=int(days[0]) - 1)
        starts = starts[1:].insert(0, cut.as_unit("us"))
    ends = (starts + pd.to_timedelta(days - 1, unit="D")).as_unit("us")
    return Months(n, days, starts, ends)


def settle(
    series: Months,
    cost: str,
    min_days: int,
    penalty: float | None = None,
    dispersion: float | None = None,
) -> Procedure:
    """Settle what the caller left open."""
    check_one_of("cost", cost, COSTS)
    check_whole("min_days", min_days, least=1)
    if dispersion is not None and not dispersion >= 1:
        raise ValueError(f"expected a dispersion of 1 or more, got {dispersion!r}")
    length = float(np.median(series.days))
    if length > LONGEST_PERIOD:
        raise ValueError(
            f"periods of about {length:.0f} days do not tell how bursty launches are: expected "
            "counts of months, weeks or days, such as counts(..., freq='month')"
        )
    size, spread = _spread(series, cost)
    spread = spread if dispersion is None else float(dispersion)
    months = series.days.sum() * 12 / DAYS_A_YEAR
    penalty = spread * PENALTY * np.log(max(months, 12)) if penalty is None else penalty
    min_size = max(round(min_days / float(np.median(series.days))), 1)
    return Procedure(size, spread, float(penalty), min_size)


def _spread(series: Months, cost: str) -> tuple[float | None, float]:
    """Return the negative binomial size and the dispersion that the cost leaves."""
    n, days, year = series.n, series.days, series.year
    one, long = series.dispersion(np.array([0.0, 365.0]))
    rate = np.bincount(year, weights=n) / np.bincount(year, weights=days)
    mean = rate[year] * days
    excess = (one - 1) * mean.sum()
    if cost == "poisson" or excess <= 0:
        return None, float(long)
    size = float((mean**2 / days).sum() / excess)
    allowed = 1 + float(np.quantile(rate, QUIET)) / size
    return size, float(max(long / allowed, 1.0))


def date_chances(n: np.ndarray, days: np.ndarray, chosen: Procedure) -> np.ndarray:
    """Return the chance of each place after the first of one change in a stretch."""
    left, span = n.cumsum()[:-1], days.cumsum()[:-1]
    spread = chosen.dispersion * DISPERSION_MARGIN
    weight = _evidence(left, span, spread, chosen.size)
    weight = weight + _evidence(n.sum() - left, days.sum() - span, spread, chosen.size)
    chance = np.exp(weight - weight.max())
    return chance / chance.sum()


def _evidence(total: np.ndarray, span: np.ndarray, spread: float, size: float | None) -> np.ndarray:
    """Flattened log-likelihood of segments with the rate integrated out."""
    shape = total / spread + 0.5
    if size is None:
        return special.gammaln(shape) - shape * np.log(span / spread)
    # a negative binomial with probability p of "no further launch" and Jeffreys' prior on p,
    # which is improper: its second exponent is next to 0
    return special.betaln(shape, size * span / spread + 1e-9)

"""Counts month by month as a time series: autocorrelation, trend and season.

Both functions judge what they find against the same months shuffled within their years. That
keeps each year's number of launches, so a trend is allowed for, and each month's count whole, so
any overdispersion is; only the order of the months is lost.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from statsmodels.tsa.seasonal import STL
from statsmodels.tsa.stattools import acf

from ..errors import check_whole
from ..record.notes import noted
from ..series.days import DAYS_A_YEAR, in_order
from ..series.intervals import tail_mass
from ..series.pvalues import family_p, generator, simulated_p
from .bursts import group_codes, group_means


def autocorrelation(
    counts: pd.DataFrame,
    *,
    lags: int = 24,
    within: str | None = "year",
    level: float = 0.95,
    simulations: int = 2000,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Correlate counts with those of the periods before them.

    Parameters
    ----------
    counts : DataFrame
        As from ``counts(..., freq="month")``, in order of time: ``period``, ``days``, ``n``.
    lags : int
        How many periods to look back.
    within : str, optional
        Column whose values share a rate ("year" is made from ``period``); None for one rate
        throughout, so that a trend shows too.
    level : float
        Share of shuffled records inside the band at each lag.
    simulations : int
        Shuffled records.
    seed : int or Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        One row a lag: ``lag`` (in periods), ``autocorrelation``, ``null_low``, ``null_high`` (the
        band), ``p_value`` (two-sided), ``p_adjusted`` (for the largest of all lags) and, the
        same in every row, ``p_all`` (for all lags together).

    Raises
    ------
    ValueError
        If columns are missing, rows are out of order or some are left out, there is no launch,
        or there are fewer than three periods a lag.

    See Also
    --------
    dispersion : Whether counts vary more than those of independent launches.
    decomposition : Trend and season of the same counts.
    self_excitation : Whether launch days follow launch days, day by day.

    Notes
    -----
    Null: within a year the months could have come in any order. Correlated are Pearson
    residuals, count less what the year's rate leads to expect over the root of that, so that
    busy years do not drown the quiet. Their usual band, 1.96 over the root of their number,
    would be wrong twice: the year's mean is estimated, which pulls nearby months apart (the band
    lies below 0 on the whole), and counts of bursts are skewed. Shuffling has both right, and
    the p-values are exact for months of one length. A season shows at lag 12. Autocorrelation
    may come from bursts, from a season or from a rate that drifts within the year, and cannot
    tell which.

    Examples
    --------
    >>> months = pd.period_range("2020-01", "2023-12", freq="M")
    >>> n = [5, 5, 5, 0, 0, 0] * 8
    >>> table = pd.DataFrame({"period": months, "days": months.days_in_month, "n": n})
    >>> found = autocorrelation(table, lags=6, simulations=200)
    >>> found.loc[found["p_adjusted"] < 0.05, "lag"].tolist()
    [1, 3, 6]
    """
    tail = tail_mass(level)
    n, days, _ = _without_gaps(counts)
    check_whole("lags", lags, least=1)
    if 3 * lags > len(n):
        raise ValueError(f"expected three periods a lag or more, got {len(n)} for {lags} lags")
    group = group_codes(counts, within)
    mean = group_means(n, days, group)
    residual = (n - mean) / np.sqrt(np.where(mean > 0, mean, 1.0))
    rows = [residual, *residual[_month_orders(group, simulations, generator(seed))]]
    found = np.array([acf(row, nlags=lags, fft=True)[1:] for row in rows])
    seen, drawn = found[0], found[1:]
    distance = (found - drawn.mean(axis=0)) / drawn.std(axis=0)
    together = (distance**2).sum(axis=1)
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    return noted(
        pd.DataFrame(
            {
                "lag": np.arange(1, lags + 1),
                "autocorrelation": seen,
                "null_low": low,
                "null_high": high,
                "p_value": simulated_p(drawn, seen),
                "p_adjusted": family_p(distance.T),
                "p_all": float(simulated_p(together[1:], together[0], "upper")),
            }
        ),
        counts,
    )


def decomposition(
    counts: pd.DataFrame,
    *,
    level: float = 0.95,
    simulations: int = 200,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Split monthly counts into a trend, a season and the rest.

    Parameters
    ----------
    counts : DataFrame
        As from ``counts(..., freq="month")`` (or "quarter"), in order of time, two years or more:
        ``period``, ``days``, ``n``.
    level : float
        Share of shuffled records inside the band of the season.
    simulations : int
        Shuffled records.
    seed : int or Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        One row a period: ``period``, ``days``, ``n``, ``rate`` (launches in a period of mean
        length) and, adding up to it, ``trend``, ``season``, ``rest``; ``null_low``,
        ``null_high`` (where the season of the same months falls when they are shuffled within
        their years).

    Raises
    ------
    ValueError
        If columns are missing, rows are out of order or some are left out, there is no launch,
        periods are neither months nor quarters, or there are fewer than two years.

    See Also
    --------
    seasonality : The test of a season; this is its picture.
    count_regression : Trend and season as rate ratios with intervals.

    Notes
    -----
    STL [1]_ with one season for all years, as small counts hold no more, and its own window for
    the trend, the shortest that leaves the season alone. It is a description: it always finds a
    season, in shuffled months as well, hence the band; and a burst of three months passes for
    trend. Parts are added, not multiplied, so busy years weigh more.

    References
    ----------
    .. [1] Cleveland, R. B., Cleveland, W. S., McRae, J. E. and Terpenning, I. (1990). STL: a
       seasonal-trend decomposition procedure based on loess. Journal of Official Statistics
       6(1), 3-73.

    Examples
    --------
    >>> months = pd.period_range("2020-01", "2023-12", freq="M")
    >>> table = pd.DataFrame({"period": months, "days": 30, "n": [6, 0, 0] * 16})
    >>> season = decomposition(table, simulations=20)["season"]
    >>> season.iloc[:3].round(0).tolist()
    [4.0, -2.0, -2.0]
    """
    tail = tail_mass(level)
    n, days, periods = _without_gaps(counts)
    a_year = {"M": 12, "Q": 4}.get(periods.freqstr[0])
    if a_year is None or len(n) < 2 * a_year:
        raise ValueError("expected months or quarters of two years or more")
    rate = n / days * DAYS_A_YEAR / a_year
    # a season as long as the record, of degree 0, is the same in all years
    window = 10 * len(n) + 1

    def split(series: np.ndarray) -> Any:
        return STL(series, period=a_year, seasonal=window, seasonal_deg=0).fit()

    orders = _month_orders(group_codes(counts, "year"), simulations, generator(seed))
    shuffled = [split(rate[order]).seasonal for order in orders]
    low, high = np.quantile(shuffled, [tail, 1 - tail], axis=0)
    found = split(rate)
    return noted(
        counts[["period", "days", "n"]].assign(
            rate=rate,
            trend=found.trend,
            season=found.seasonal,
            rest=found.resid,
            null_low=low,
            null_high=high,
        ),
        counts,
    )


def _month_orders(group: np.ndarray, simulations: int, rng: np.random.Generator) -> np.ndarray:
    """Shuffle places within their groups; one row a simulation."""
    orders = np.empty((simulations, len(group)), dtype=np.int64)
    mixed = np.argsort(group + rng.random(orders.shape), axis=1)
    orders[:, np.argsort(group, kind="stable")] = mixed
    return orders


def _without_gaps(counts: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, pd.PeriodIndex]:
    """Return counts, days and periods of a table whose periods follow each other."""
    n, days, periods = in_order(counts)
    if n.sum() == 0 or (np.diff(periods.asi8) != 1).any():
        raise ValueError("expected a launch, and periods that follow each other without a gap")
    return n, days, periods

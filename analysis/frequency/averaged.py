"""Rates and ratios averaged over all dates and numbers of changes, and the trend since a change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

from ..errors import check_whole, need_columns
from ..record.notes import noted
from ..series.days import DAYS_A_YEAR, in_order
from ..series.intervals import tail_mass
from ..series.pvalues import generator
from .changes import change_points
from .procedure import (
    DISPERSION_MARGIN,
    MIN_DAYS,
    Months,
    Procedure,
    as_months,
    date_chances,
    settle,
)
from .trend import FEWEST_YEARS, fit_counts

#: What a segment's rate is taken to be before its counts: the mean rate, known as well as half a
#: launch tells it (Jeffreys' shape). With the chance of a change that gives one in the whole record
#: it asks of a change what `procedure.PENALTY` asks.
SHAPE = 0.5
#: Periods above which the search, which looks at every pair, takes too long.
MOST_PERIODS = 2000
#: Dates of a change less probable than this do not enter a trend.
_LEAST_CHANCE = 0.005


def averaged_rates(
    counts: pd.DataFrame,
    spans: pd.DataFrame | None = None,
    *,
    min_days: int = MIN_DAYS,
    level: float = 0.95,
    draws: int = 4000,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Give rates and their ratios with intervals that allow for not knowing when the rate changed.

    Parameters
    ----------
    counts : DataFrame
        As for `change_points`; months, as days of many years take too long.
    spans : DataFrame, optional
        Stretches to give rates for, in order of time: ``start``, ``end``. By default the segments
        of `change_points`.
    min_days : int
        As in `change_points`.
    level : float
        Confidence level.
    draws : int
        Sets of changes drawn.
    seed : int or Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        One row a stretch: ``start``, ``end``, ``rate`` (launches a year, mean over the stretch;
        the median of all draws), ``low``, ``high``, ``rate_ratio`` (to the stretch before),
        ``ratio_low``, ``ratio_high`` (missing for the first) and, the same in every row,
        ``changes`` (mean number of changes), ``dispersion``, ``draws``.

    Raises
    ------
    ValueError
        As `change_points`, and for too many periods, or spans that lie outside the counts.

    See Also
    --------
    change_points : The likeliest dates, and rates given these dates.
    trend_since_change : A steady growth or fall since a change, its date left open.

    Notes
    -----
    Rates are constant between changes, and each set of changes counts as much as the counts make
    it probable: with a chance of a change that gives one in the whole record, rates of a gamma
    distribution as wide as half a launch, and the Poisson likelihood to the power 1 / (1.25 x
    dispersion), bursts allowed for. The sets are drawn exactly, by recursions forward and backward
    [1]_. A ratio between segments that were searched for is too far from 1 given their dates; here
    sets without that change count too. In simulated records whose rates change in steps or grow
    smoothly, bursty as the record or more, intervals of 95 % held the mean rate of the segments
    found in 94 to 98 % and their ratio in 95 to 100 %, where intervals given the dates held the
    rate in 84 to 93 % (``tests/proofs/frequency_changes.py``, 100 records each). Where no rate
    changed and a change is found all the same (in 1 to 3 % of records), no ratio can be right. A
    year inside a segment is drawn to its neighbours: its own rate stands in `rates`.

    References
    ----------
    .. [1] Fearnhead, P. (2006). Exact and efficient Bayesian inference for multiple changepoint
       problems. Statistics and Computing 16(2), 203-213. doi:10.1007/s11222-006-8450-8

    Examples
    --------
    >>> months = pd.period_range("2018-01", "2023-12", freq="M")
    >>> table = pd.DataFrame(
    ...     {"period": months, "days": months.days_in_month, "n": [0, 1] * 18 + [3, 4] * 18})
    >>> averaged_rates(table)["rate_ratio"].round(1).tolist()
    [nan, 6.5]
    """
    tail = tail_mass(level)
    check_whole("draws", draws, least=1)
    series = as_months(counts)
    if len(series.n) > MOST_PERIODS:
        raise ValueError(
            f"expected at most {MOST_PERIODS} periods, got {len(series.n):,}: count by month"
        )
    chosen = settle(series, "poisson", min_days)
    spans = change_points(counts, min_days=min_days) if spans is None else spans
    need_columns(spans, ("start", "end"), "the spans")
    paths, changes = draw_paths(series, chosen, draws, generator(seed))
    inside = _overlap(series, spans)
    drawn = paths @ inside.T / inside.sum(axis=1) * DAYS_A_YEAR
    ratios = drawn[:, 1:] / drawn[:, :-1]
    ends: Any = [0.5, tail, 1 - tail]
    table = spans[["start", "end"]].reset_index(drop=True)
    table[["rate", "low", "high"]] = np.quantile(drawn, ends, axis=0).T
    of_ratios = np.quantile(ratios, ends, axis=0).T
    table[["rate_ratio", "ratio_low", "ratio_high"]] = np.vstack([[np.nan] * 3, of_ratios])
    return noted(
        table.assign(changes=changes.mean(), dispersion=chosen.dispersion, draws=draws), counts
    )


def _overlap(series: Months, spans: pd.DataFrame) -> np.ndarray:
    """Return the days of each period in each span."""
    first = np.maximum.outer(spans["start"].to_numpy(), series.starts.to_numpy())
    last = np.minimum.outer(spans["end"].to_numpy(), series.ends.to_numpy())
    inside = np.maximum((last - first) / np.timedelta64(1, "D") + 1, 0.0)
    if not inside.any(axis=1).all():
        raise ValueError(
            f"expected spans that meet the counts, {series.starts[0]:%Y-%m-%d} to "
            f"{series.ends[-1]:%Y-%m-%d}"
        )
    return inside


def draw_paths(
    series: Months, chosen: Procedure, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw rates a day of all periods, one row a set of changes, and the number of changes."""
    spread = chosen.dispersion * DISPERSION_MARGIN
    n, days = (np.append(0.0, np.cumsum(each)) / spread for each in (series.n, series.days))
    scale = SHAPE * days[-1] / max(n[-1], SHAPE)
    periods = len(n) - 1
    place = np.arange(periods + 1)
    shape, span = SHAPE + n - n[:, None], scale + days - days[:, None]  # from row to column
    long = place - place[:, None] >= min(chosen.min_size, periods)
    with np.errstate(invalid="ignore"):
        evidence = special.gammaln(shape) - shape * np.log(span)
    evidence += SHAPE * np.log(scale) - special.gammaln(SHAPE)
    evidence = np.where(long, evidence, -np.inf) - np.log(periods) * (place[:, None] > 0)
    reached = np.full(periods + 1, -np.inf)
    reached[0] = 0.0
    for end in range(1, periods + 1):
        reached[end] = np.logaddexp.reduce(reached[:end] + evidence[:end, end])
    with np.errstate(invalid="ignore"):
        starts = np.cumsum(np.exp(reached[:, None] + evidence - reached), axis=0)
    paths, changes = np.empty((draws, periods)), np.zeros(draws)
    left = np.arange(draws)
    ends = np.full(draws, periods)
    while len(left):
        begun = (starts[:, ends] <= rng.random(len(left)) * starts[-1, ends]).sum(axis=0)
        rate = rng.gamma(shape[begun, ends]) / span[begun, ends]
        within = (place[:-1] >= begun[:, None]) & (place[:-1] < ends[:, None])
        paths[left] = np.where(within, rate[:, None], paths[left])
        changes[left] += begun > 0
        left, ends = left[begun > 0], begun[begun > 0]
    return paths, changes


def trend_since_change(
    counts: pd.DataFrame,
    *,
    cost: str = "poisson",
    penalty: float | None = None,
    dispersion: float | None = None,
    min_days: int = MIN_DAYS,
    level: float = 0.95,
) -> pd.DataFrame:
    """Fit a steady growth or fall since the last change of the rate, its date left open.

    Parameters
    ----------
    counts, cost, penalty, dispersion, min_days
        As in `change_points`.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        One row: ``start`` (likeliest first day of the new rate; the first day of all where nothing
        changed), ``change_low``, ``change_high`` (between which days the change lies), ``n``
        (launches since `start`), ``years`` (calendar years since then), ``rate_ratio`` (of one
        year to the year before, since then), ``low``, ``high`` (its interval, of `level` or more,
        over all dates of the change), ``given_low``, ``given_high`` (the same given the date),
        ``starts`` (dates averaged over: those with three calendar years or more after them).

    Raises
    ------
    ValueError
        As `change_points`, and if less than three calendar years lie after the change.

    See Also
    --------
    count_regression : The trend since a date given.
    averaged_rates : Rates as steps, the dates left open.

    Notes
    -----
    The trend since each date is that of `count_regression` without a season: a negative binomial
    generalised linear model with the days as exposure, whose intervals leave out one calendar year
    at a time. Each date counts by its chance, as in the interval of `change_points`, given the
    change before it: the interval is that of the mixture of Student's distributions. Left out are
    dates since which there are under three calendar years. With few years the interval is wide: one
    of 95 % held the true trend in 99 to 100 % of simulated records with a step up and then a steady
    rate or a fall of 18 % a year (``tests/proofs/frequency_changes.py``), so it holds 95 % or more.
    A trend is a summary: one busy year makes one too.

    References
    ----------
    MacKinnon, J. G., Nielsen, M. O. and Webb, M. D. (2023). Cluster-robust inference: a guide to
    empirical practice. Journal of Econometrics 232(2), 272-299.
    doi:10.1016/j.jeconom.2022.04.001

    Examples
    --------
    >>> months = pd.period_range("2016-01", "2023-12", freq="M")
    >>> n = [0, 1] * 24 + [9, 7] * 12 + [7, 5] * 12
    >>> table = pd.DataFrame({"period": months, "days": months.days_in_month, "n": n})
    >>> found = trend_since_change(table, dispersion=1.0).iloc[0]
    >>> str(found["start"].date()), round(float(found["rate_ratio"]), 2)
    ('2020-01-01', 0.89)
    """
    tail = tail_mass(level)
    settings: Any = {"cost": cost, "penalty": penalty, "dispersion": dispersion}
    last = change_points(counts, level=level, min_days=min_days, **settings).iloc[-2:]
    chosen = settle(as_months(counts), min_days=min_days, **settings)
    fits = _trends(counts, last["start"].tolist(), chosen)
    if fits.empty or fits["start"].min() > last["start"].iloc[-1]:
        raise ValueError(
            f"expected {FEWEST_YEARS} calendar years or more since the last change, on "
            f"{last['start'].iloc[-1]:%Y-%m-%d}"
        )
    found = fits.loc[(fits["start"] - last["start"].iloc[-1]).abs().idxmin()]
    reach = stats.t.ppf(1 - tail, found["degrees"]) * found["error"]
    row = {
        **last[["start", "change_low", "change_high", "n"]].iloc[-1],
        "years": found["degrees"] + 1,
        "rate_ratio": np.exp(found["term"]),
        "low": np.exp(_mixed(fits, tail)),
        "high": np.exp(_mixed(fits, 1 - tail)),
        "given_low": np.exp(found["term"] - reach),
        "given_high": np.exp(found["term"] + reach),
        "starts": len(fits),
    }
    return noted(pd.DataFrame([row]), counts)


def _trends(counts: pd.DataFrame, edges: list[pd.Timestamp], chosen: Procedure) -> pd.DataFrame:
    """Fit the trend since each date of the last change, given the one before it."""
    series, (n, days, periods) = as_months(counts), in_order(counts)
    before = int(series.starts.searchsorted(edges[0]))
    places, chances = np.array([before]), np.ones(1)
    if len(edges) > 1:
        chances = date_chances(n[before:], days[before:], chosen)
        places = before + 1 + np.arange(len(chances))
    rows = []
    for place, chance in zip(places, chances, strict=True):
        years = periods[-1].year - periods[place].year + 1
        if chance > _LEAST_CHANCE and years >= FEWEST_YEARS and n[place:].any():
            fit = fit_counts(n[place:], days[place:], periods[place:], None)
            rows.append((series.starts[place], chance, fit.terms[0], fit.errors[0], fit.degrees))
    return pd.DataFrame(rows, columns=["start", "chance", "term", "error", "degrees"])


def _mixed(fits: pd.DataFrame, share: float) -> float:
    """Return the quantile of the mixture of the trends' Student distributions."""
    chance = fits["chance"].to_numpy() / fits["chance"].sum()
    each = {"df": fits["degrees"], "loc": fits["term"], "scale": fits["error"]}
    ends = np.asarray(stats.t.ppf(share, **each))
    if np.ptp(ends) == 0:
        return float(ends[0])

    def excess(at: float) -> float:
        return float(chance @ np.asarray(stats.t.cdf(at, **each))) - share

    return float(optimize.brentq(excess, ends.min(), ends.max()))

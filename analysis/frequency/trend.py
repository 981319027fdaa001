"""Trend and season of counts in one regression, with intervals that hold under bursts."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from ..counting import day_numbers
from ..errors import check_one_of
from ..record.notes import noted
from ..series.days import DAYS_A_YEAR, in_order
from ..series.intervals import tail_mass
from .season import CYCLES

SEASONS = (None, "quarter", "month")
#: Calendar years below which leaving out one at a time tells too little.
FEWEST_YEARS = 3


def count_regression(
    counts: pd.DataFrame, *, season: str | None = "quarter", level: float = 0.95
) -> pd.DataFrame:
    """Fit a steady growth or fall and a season to counts.

    Parameters
    ----------
    counts : DataFrame
        As from ``counts(..., freq="month")``, in order of time, three years or more: ``period``,
        ``days``, ``n``. To ask about the years since a date, count from there; months may be
        left out.
    season : {"quarter", "month", None}
        Parts of the year that have rates of their own.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        One row a term: ``term`` ("year", then the parts of the year by name), ``rate_ratio`` (of
        one year to the year before; of a part to the mean of the other parts), ``low``,
        ``high``, ``p_value`` (two-sided; the null is a ratio of 1) and, the same in every row,
        ``n`` (launches), ``years`` (calendar years, left out in turn), ``alpha`` (variance of
        the counts is m + alpha m^2).

    Raises
    ------
    ValueError
        If columns are missing, rows are out of order, there are fewer than three years, or a part
        of the year has no launch (`seasonality` can judge that).

    See Also
    --------
    change_points : Steps instead of a steady growth.
    trend_since_change : The same since a change whose date is not known for sure.
    seasonality : The season alone, each year held to its own rate.
    rates : The rate of each period.

    Notes
    -----
    A negative binomial generalised linear model with log link and the days as exposure:
    log E(n) = log(days) + trend x years + part of the year. Its own standard errors take the
    months as independent, but bursts reach over months, and years differ by more than a steady
    trend. The intervals therefore leave out one calendar year at a time (the jackknife by
    clusters, CV3 of [1]_) with Student's t of years - 1 degrees of freedom: months of a year may
    depend on each other in any way. Where years happen to agree better than chance, the model's
    own error is kept. Without that floor they held the truth in .92 to .97 of 400 simulated
    records in each of ten worlds; where years differ as on record, the model's own errors held
    in .62 and errors robust to autocorrelation over a year (HAC) in .78. A trend is a summary:
    steps, or one busy year, make one too.

    References
    ----------
    .. [1] MacKinnon, J. G., Nielsen, M. O. and Webb, M. D. (2023). Cluster-robust inference: a
       guide to empirical practice. Journal of Econometrics 232(2), 272-299.
       doi:10.1016/j.jeconom.2022.04.001

    Examples
    --------
    >>> months = pd.period_range("2020-01", "2023-12", freq="M")
    >>> n = [1, 2, 1, 3, 2, 1, 1, 2, 3, 0, 1, 0] * 2 + [3, 5, 2, 4, 4, 2, 3, 6, 4, 1, 2, 1] * 2
    >>> table = pd.DataFrame({"period": months, "days": months.days_in_month, "n": n})
    >>> fit = count_regression(table)
    >>> fit.loc[[0, 4], ["term", "rate_ratio"]].round(2).values.tolist()
    [['year', 1.35], ['Q4', 0.26]]
    """
    tail = tail_mass(level)
    n, days, periods = in_order(counts)
    check_one_of("season", season, SEASONS)
    names, part = ["the year"], np.zeros(len(n), dtype=np.int64)
    if season is not None:
        names = list(CYCLES[season].labels)
        part = CYCLES[season].part(periods.to_timestamp()).to_numpy() - CYCLES[season].first
    total = np.bincount(part, n, minlength=len(names))
    if len(periods.year.unique()) < FEWEST_YEARS or not total.all():
        empty = [name for name, launches in zip(names, total, strict=True) if launches == 0]
        raise ValueError(
            "expected three calendar years and a launch in each part of the year; there are "
            f"{len(periods.year.unique())} years, and none in {', '.join(empty) or 'no part'}"
        )
    found = fit_counts(n, days, periods, part if season else None)
    reach = found.reach(tail)
    table = pd.DataFrame(
        {
            "term": ["year", *(names if season else [])],
            "rate_ratio": np.exp(found.terms),
            "low": np.exp(found.terms - reach),
            "high": np.exp(found.terms + reach),
            "p_value": 2 * stats.t.sf(np.abs(found.terms) / found.errors, found.degrees),
        }
    )
    shared = {"n": int(n.sum()), "years": found.degrees + 1, "alpha": found.alpha}
    return noted(table.assign(**shared), counts)


class Terms(NamedTuple):
    """Logs of the ratios of a year and of each part of the year, with their errors."""

    terms: np.ndarray
    errors: np.ndarray
    degrees: int  # of freedom of the errors
    alpha: float  # variance of the counts is m + alpha m^2

    def reach(self, tail: float) -> np.ndarray:
        """Return how far the intervals reach from the terms."""
        return stats.t.ppf(1 - tail, self.degrees) * self.errors


def fit_counts(
    n: np.ndarray, days: np.ndarray, periods: pd.PeriodIndex, part: np.ndarray | None
) -> Terms:
    """Fit trend and parts of the year, if any, with errors that leave out one year at a time."""
    parts = 1 if part is None else int(part.max()) + 1
    time = (day_numbers(periods.to_timestamp()) + days / 2) / DAYS_A_YEAR
    rows = pd.DataFrame({"n": n, "days": days, "time": time, "part": 0 if part is None else part})
    terms, own, alpha = _fit(rows, parts)
    year = periods.year.to_numpy()
    left_out = [_fit(rows[year != one], parts)[0] for one in np.unique(year)]
    degrees = len(left_out) - 1
    jackknife = np.sqrt(((np.array(left_out) - terms) ** 2).mean(axis=0) * degrees)
    return Terms(terms, np.maximum(jackknife, own), degrees, alpha)


def _fit(rows: pd.DataFrame, parts: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Return logs of the ratios of a year and of each part, the model's own errors, and alpha."""
    rows = rows[rows.groupby("part")["n"].transform("sum") > 0]  # elsewhere the rate is 0
    there = np.unique(rows["part"])
    columns = [rows["time"] - rows["time"].mean(), *(rows["part"] == part for part in there)]
    design = np.column_stack(columns).astype(float)

    def fit(family: families.Family) -> Any:
        with warnings.catch_warnings():  # counts that fit to the last digit are no fault
            warnings.simplefilter("ignore", PerfectSeparationWarning)
            return GLM(rows["n"].to_numpy(), design, family=family, exposure=rows["days"]).fit()

    found = fit(families.Poisson())
    # the moment estimate, which cannot fail to converge
    alpha = float(((rows["n"] - found.mu) ** 2 - rows["n"]).sum() / (found.mu**2).sum())
    if alpha > 0:
        found = fit(families.NegativeBinomial(alpha=alpha))
    # each part's log rate less the log of the mean rate of the other parts, and its gradient
    rate = np.zeros(parts)
    rate[there] = np.exp(found.params[1:])
    others = (1 - np.eye(parts)) * rate
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.log(rate * (parts - 1) / others.sum(axis=1))
        slopes = np.eye(parts) - others / others.sum(axis=1, keepdims=True)
    covariance = found.cov_params()
    own = np.einsum("ij,jk,ik->i", slopes[:, there], covariance[1:, 1:], slopes[:, there])
    terms = np.append(found.params[0], ratios)
    errors = np.sqrt(np.append(covariance[0, 0], own))
    kept = slice(None) if parts > 1 else slice(1)
    return terms[kept], errors[kept], max(alpha, 0.0)

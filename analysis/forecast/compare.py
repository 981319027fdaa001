"""What a backtest shows: models in pairs, skill by month, records beside each other; by years.

Forecasts made in one year share what that year brought, so a year is one observation: fourteen
years are fourteen numbers, however many forecasts were made in them.

References
----------
Diebold, F. X. and Mariano, R. S. (1995). Comparing predictive accuracy. Journal of Business and
Economic Statistics 13(3), 253-263. doi:10.1080/07350015.1995.10524599
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from ..errors import check_one_of, check_share, need_columns, need_filled
from ..series.pvalues import generator

_FLIPS = 10_000  # random signs, where all sign patterns would be too many


def compare_forecasts(
    scored: pd.DataFrame,
    *,
    against: str = "climatology",
    score: str = "crps",
    level: float = 0.95,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Compare the models of a backtest with one of them, in pairs by year.

    Parameters
    ----------
    scored : DataFrame
        What `backtest` returned, or `backtest_next` of one number of days.
    against : str
        The model that the others are compared with.
    score : str
        The column compared; the smaller, the better.
    level : float
        Confidence level of the interval.
    seed : int or numpy Generator
        Draws sign patterns where there are more than 16 years; up to that all are tried.

    Returns
    -------
    DataFrame
        One row a model: ``model``, ``against``, ``score``, ``mean``, ``ratio`` (of the mean to
        that of `against`), ``difference`` (mean of the yearly differences; below 0: better) with
        ``low`` and ``high`` (Student's t over years), ``p_value`` (the null: a year's difference
        is as likely to have either sign; two-sided), ``years``, ``years_better``,
        ``largest_year`` (that of the largest share of the summed score), ``largest_share``,
        ``difference_without`` (the mean difference without that year).

    Raises
    ------
    ValueError
        For a missing column, an unknown model, or fewer than 3 years.

    Examples
    --------
    >>> table = pd.DataFrame({"year": [2012, 2013, 2014] * 2, "model": ["a"] * 3 + ["b"] * 3,
    ...                       "crps": [2.0, 3.0, 4.0, 1.0, 2.0, 3.5]})
    >>> compare_forecasts(table, against="a").set_index("model").loc["b", "years_better"].item()
    3
    """
    need_filled(scored, ("year", "model", score), "the scores")
    share = 0.5 + check_share("level", level) / 2
    by_year = scored.pivot_table(index="year", columns="model", values=score, sort=False)
    totals = scored.pivot_table(index="year", columns="model", values=score, aggfunc="sum")
    check_one_of("model", against, by_year.columns)
    n = len(by_year)
    if n < 3:
        raise ValueError(f"expected forecasts of at least 3 years, got {n}")
    base, rows, rng = by_year[against], [], generator(seed)
    for model in by_year.columns.drop(against):
        mean, gap = by_year[model].mean(), by_year[model] - base
        half = stats.t.ppf(share, n - 1) * gap.std(ddof=1) / np.sqrt(n)
        largest: Any = totals[model].idxmax()
        row = {"model": model, "against": against, "score": score, "mean": mean}
        row |= {"ratio": mean / base.mean(), "difference": gap.mean(), "low": gap.mean() - half}
        row |= {"high": gap.mean() + half, "p_value": _sign_flip_p(gap.to_numpy(), rng), "years": n}
        row |= {"years_better": int((gap < 0).sum()), "largest_year": int(largest)}
        row |= {"largest_share": totals.loc[largest, model] / totals[model].sum()}
        rows.append(row | {"difference_without": gap.drop(index=largest).mean()})
    return pd.DataFrame(rows)


def _sign_flip_p(gaps: np.ndarray, rng: np.random.Generator) -> float:
    """Return the share of sign patterns whose mean is as far from 0 as that of the years."""
    if not np.isfinite(gaps).all():
        return float("nan")
    n = len(gaps)
    if n <= 16:
        signs = 1.0 - 2.0 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)
    else:
        drawn = rng.choice([-1.0, 1.0], (_FLIPS - 1, n))
        signs = np.vstack([np.ones(n), drawn])
    return float((np.abs(signs @ gaps) >= abs(gaps.sum()) - 1e-9).mean())


def skill_by_month(
    scored: pd.DataFrame,
    *,
    against: str = "climatology",
    score: str = "crps",
    level: float = 0.95,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Return how much better than one model each other was, by month of the forecast.

    Parameters
    ----------
    scored, against, score, level
        As in `compare_forecasts`.
    seed : int or numpy Generator
        Draws years.

    Returns
    -------
    DataFrame
        One row a model and month gone: ``model``, ``months_gone`` (0 on 1 January, 1 at the end
        of January ...), ``skill`` (1 less the ratio of mean scores), ``low`` and ``high`` (years
        drawn with replacement 2,000 times).

    Examples
    --------
    >>> table = pd.DataFrame({"year": [2012, 2013] * 2, "model": ["climatology"] * 2 + ["b"] * 2,
    ...                       "origin": pd.to_datetime(["2012-01-31", "2013-01-31"] * 2),
    ...                       "crps": [2.0, 2.0, 1.0, 1.0]})
    >>> skill_by_month(table)["skill"].tolist()
    [0.5]
    """
    need_columns(scored, ("year", "model", "origin", score), "the scores")
    tails = np.array([-1, 1]) * check_share("level", level) / 2 + 0.5
    origin = pd.to_datetime(scored["origin"])
    gone = origin.dt.month - (origin.dt.day == 1)
    wide = scored.assign(gone=gone).pivot_table(
        index=["gone", "year"], columns="model", values=score
    )
    check_one_of("model", against, wide.columns)
    rng = generator(seed)
    rows = []
    for months, own in wide.groupby(level="gone"):
        drawn = rng.integers(len(own), size=(2000, len(own)))
        base = own[against].to_numpy()
        for model in own.columns.drop(against):
            one = own[model].to_numpy()
            skills = 1.0 - one[drawn].mean(axis=1) / base[drawn].mean(axis=1)
            low, high = np.quantile(skills, tails)
            row = {"model": model, "months_gone": months, "skill": 1.0 - one.mean() / base.mean()}
            rows.append(row | {"low": low, "high": high})
    return pd.DataFrame(rows).sort_values("model", kind="stable", ignore_index=True)


def by_record(scored: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the mean scores of backtests from several records, on the origins that all have.

    Parameters
    ----------
    scored : sequence of DataFrame
        What `backtest` returned, each with a column ``record`` that names what it was made from.

    Returns
    -------
    DataFrame
        One row a record and model: ``record``, ``model``, ``forecasts``, ``crps``,
        ``covered_90`` and ``so_far`` (the count known, on average).

    Examples
    --------
    >>> one = pd.DataFrame({"record": ["a"], "model": ["pool"], "origin": ["2022-01-01"],
    ...                     "crps": [2.0], "covered_90": [True], "so_far": [3]})
    >>> by_record([one, one.assign(record="b", crps=1.0)])["crps"].tolist()
    [2.0, 1.0]
    """
    every = pd.concat(scored)
    need_columns(every, ("record", "model", "origin", "crps", "covered_90", "so_far"), "the scores")
    records = every.groupby("origin")["record"].transform("nunique")
    shared = every[records == every["record"].nunique()]
    groups = shared.groupby(["record", "model"], sort=False)
    means = groups[["crps", "covered_90", "so_far"]].mean()
    return means.assign(forecasts=groups.size()).reset_index()[
        ["record", "model", "forecasts", "crps", "covered_90", "so_far"]
    ]

"""Whether forecasts are right as often as they say, years being the observations.

References
----------
Czado, C., Gneiting, T. and Held, L. (2009). Predictive model assessment for count data. Biometrics
65(4), 1254-1261. doi:10.1111/j.1541-0420.2009.01191.x
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from ..errors import check_share, check_whole, need_columns, need_filled
from .scores import pit_share


def coverage_by_model(scored: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Return how often the intervals of a backtest held what came.

    Parameters
    ----------
    scored : DataFrame
        What `backtest` returned.
    level : float
        Confidence level of what the years leave open.

    Returns
    -------
    DataFrame
        One row a model and stated level: ``model``, ``stated``, ``covered``, with ``low`` and
        ``high`` by Student's t over years, cut at 0 and 1.

    Examples
    --------
    >>> table = pd.DataFrame({"year": [2012, 2013], "model": "a",
    ...                       **{f"covered_{level}": [True, True] for level in (50, 80, 90, 95)}})
    >>> coverage_by_model(table)["covered"].tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    names = [str(name) for name in scored if str(name).startswith("covered_")]
    need_columns(scored, ("year", "model", "covered_90"), "the scores")
    rows = []
    for model, own in scored.groupby("model", sort=False):
        for name in names:
            mean, half = _mean_of_years(own[name].astype(float), own["year"], level)
            row = {"model": model, "stated": int(name.removeprefix("covered_")) / 100}
            row |= {"covered": mean, "low": max(mean - half, 0.0), "high": min(mean + half, 1.0)}
            rows.append(row)
    return pd.DataFrame(rows)


def _mean_of_years(values: pd.Series, years: pd.Series, level: float) -> tuple[float, float]:
    """Return the mean over years and half its interval."""
    means = values.groupby(years.to_numpy()).mean()
    share = 0.5 + check_share("level", level) / 2
    spread = float(means.std(ddof=1)) / np.sqrt(len(means))
    return float(means.mean()), float(stats.t.ppf(share, len(means) - 1) * spread)


def pit_histogram(scored: pd.DataFrame, *, bins: int = 10, level: float = 0.95) -> pd.DataFrame:
    """Return the non-randomised PIT histogram of each model, with its envelope.

    Parameters
    ----------
    scored : DataFrame
        What `backtest` returned.
    bins : int
        Number of equal parts of 0 to 1.
    level : float
        Confidence level of the envelope, of all bins of a model together.

    Returns
    -------
    DataFrame
        One row a model and bin: ``model``, ``left``, ``right``, ``share`` (of the forecasts; 1 /
        `bins` each if they are calibrated), ``low`` and ``high`` (where it may then lie: years are
        the observations, Bonferroni over the bins), ``inside``.

    Examples
    --------
    >>> table = pd.DataFrame({"year": [2012, 2013, 2014], "model": "a",
    ...                       "below": [0.0, 0.3, 0.6], "upto": [0.5, 0.8, 1.0]})
    >>> pit_histogram(table, bins=2)["share"].round(2).tolist()
    [0.47, 0.53]
    """
    need_columns(scored, ("year", "model", "below", "upto"), "the scores")
    edges = np.linspace(0.0, 1.0, check_whole("bins", bins, least=2) + 1)
    family = 1.0 - (1.0 - check_share("level", level)) / bins
    parts = []
    for model, own in scored.groupby("model", sort=False):
        each = np.diff(pit_share(own["below"], own["upto"], edges), axis=1)
        share, half = np.array(
            [_mean_of_years(pd.Series(column), own["year"], family) for column in each.T]
        ).T
        part = {"model": model, "left": edges[:-1], "right": edges[1:], "share": share}
        part |= {"low": np.maximum(1.0 / bins - half, 0.0), "high": 1.0 / bins + half}
        parts.append(pd.DataFrame(part))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(inside=table["share"].between(table["low"] - 1e-12, table["high"] + 1e-12))


def reliability(asked: pd.DataFrame, *, bins: int = 8, level: float = 0.95) -> pd.DataFrame:
    """Return how often a launch came where a model gave it about some chance.

    Parameters
    ----------
    asked : DataFrame
        What `backtest_next` returned.
    bins : int
        Number of parts with equally many days each.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        One row a model, number of days and bin: ``model``, ``within``, ``stated`` (mean
        probability), ``came`` (share of days with a launch in time), ``days``, ``n`` (days that
        do not overlap: all days over `within`), ``low`` and ``high`` (exact binomial of those).

    Examples
    --------
    >>> table = pd.DataFrame({"model": "a", "within": 1, "probability": [0.1, 0.1, 0.9, 0.9],
    ...                       "happened": [False, False, True, True]})
    >>> reliability(table, bins=2)["came"].tolist()
    [0.0, 1.0]
    """
    need_filled(asked, ("model", "within", "probability", "happened"), "the answers")
    check_share("level", level)
    rows = []
    groups: Any = asked.groupby(["model", "within"], sort=False)
    for (model, within), own in groups:
        rank = own["probability"].rank(method="first").to_numpy() - 1
        part = np.minimum(rank * bins // len(own), bins - 1).astype(int)
        for _, group in own.groupby(part):
            n = max(len(group) // int(within), 1)
            came = group["happened"].mean()
            low, high = proportion_confint(came * n, n, alpha=1 - level, method="beta")
            row = {"model": model, "within": within, "stated": group["probability"].mean()}
            row |= {"came": came, "days": len(group), "n": n, "low": low, "high": high}
            rows.append(row)
    return pd.DataFrame(rows)

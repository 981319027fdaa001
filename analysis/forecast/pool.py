"""A pool of models: their probabilities averaged, with weights learnt from earlier years alone.

The weights maximise the summed log score of the pool at earlier days, a prior of some days in
equal parts keeping them from the edges (a linear opinion pool; the maximum is found by the EM
algorithm for mixtures).

References
----------
Hall, S. G. and Mitchell, J. (2007). Combining density forecasts. International Journal of
Forecasting 23(1), 1-13. doi:10.1016/j.ijforecast.2006.08.001
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .history import YEARS, History
from .models import SINGLE

#: In the years 1995 to 2011 alone these two forecast better together than with the climatology
#: or the gamma-Poisson as a third (CRPS over that of the climatology .89, .90 and .90).
MEMBERS = ("negative_binomial", "self_exciting")
#: Years whose forecasts the weights are learnt from, and the day before each day in them.
_LEARN_YEARS, _LEARN_MONTHS = 10, (1, 4, 7, 10)
#: Days of a prior that weighs members equally: ten, as the four of a year go together.
_PRIOR_DAYS = 10.0
_EM_ROUNDS = 50


def member(history: History, model: str, seed: int) -> np.ndarray:
    """Return what one model says, remembered for the forecasts that learn from it later."""
    key = (model, history.last, seed)
    if key not in history.memo:
        history.memo[key] = SINGLE[model](history, seed)
    return history.memo[key]


def pool_weights(history: History, seed: int = 0) -> np.ndarray:
    """Learn the members' weights from the years before that of the forecast."""
    key = ("weights", history.last.year, seed)
    if key not in history.memo:
        seen = [_given_to_what_came(history, day, seed) for day in _earlier_days(history)]
        history.memo[key] = _fit_weights(np.array(seen).reshape(-1, len(MEMBERS)))
    return history.memo[key]


def _earlier_days(history: History) -> list[pd.Timestamp]:
    """Return the days to learn from: the ends of quarters, eight whole years before each."""
    last = history.last.year
    first = max(history.first.year + YEARS, last - _LEARN_YEARS)
    # a year's first forecast stands at 1 January, as 31 December leaves nothing to forecast
    return [
        pd.Timestamp(year, month, 1) - pd.Timedelta(days=int(month > 1))
        for year in range(first, last)
        for month in _LEARN_MONTHS
    ]


def _given_to_what_came(history: History, day: pd.Timestamp, seed: int) -> list[float]:
    """Return the log-probability that each member gave to what then came."""
    then = history.until(day)
    came = history.between(day + pd.Timedelta(days=1), pd.Timestamp(day.year, 12, 31))
    each = (member(then, model, seed) for model in MEMBERS)
    return [float(log_p[came]) if came < len(log_p) else -np.inf for log_p in each]


def _fit_weights(seen: np.ndarray) -> np.ndarray:
    """Return the weights of the largest penalised log score, shape (n_members,)."""
    weights = np.full(len(MEMBERS), 1.0 / len(MEMBERS))
    seen = seen[np.isfinite(seen).any(axis=1)]
    if not len(seen):
        return weights
    gave = np.exp(seen - seen.max(axis=1, keepdims=True))
    for _ in range(_EM_ROUNDS):
        share = gave * weights
        share /= share.sum(axis=1, keepdims=True)
        weights = share.sum(axis=0) + _PRIOR_DAYS / len(MEMBERS)
        weights /= weights.sum()
    return weights


def pool(history: History, seed: int = 0) -> np.ndarray:
    """Average the members' probabilities by their weights."""
    weights = pool_weights(history, seed)
    each = [np.log(w) + member(history, m, seed) for w, m in zip(weights, MEMBERS, strict=True)]
    return np.logaddexp.reduce(each, axis=0)

"""Where the year will end: the distribution of its final count, and a sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..counting import CountRule, Coverage, Day, kinds_text, resolve_rule
from ..errors import check_one_of
from ..series.pvalues import as_seed
from .history import History, history_of
from .models import SINGLE
from .next import next_launch
from .pool import member, pool
from .scores import quantile

MODELS = (*SINGLE, "pool")
#: Further launches less likely than this are left out of a table.
_RARE = 1e-9


def year_end(
    launches: pd.DataFrame,
    rule: CountRule | str = "days",
    *,
    as_of: Day,
    model: str = "pool",
    seed: int | np.random.Generator = 0,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Forecast the year's final count from what was known on a day.

    Parameters
    ----------
    launches : DataFrame
        One row a launch, as from `load_launches`, or one's own.
    rule : CountRule or str
        What counts as a launch.
    as_of : date-like
        The last day known. What lies after it is not looked at, nor are parameters or weights
        learnt from it.
    model : str
        "climatology" (what each of eight years still brought), "pro_rata" (the count so far by
        the days left), "last_year" (what last year still brought), "gamma_poisson" (a gamma prior
        by moments of eight years), "negative_binomial" (five years, the share of the year gone,
        and bursts), "self_exciting" (fitted to eight years and run on by simulation), or "pool"
        (the last two, averaged with weights learnt from earlier years).
    seed : int or numpy Generator
        Source of randomness of the simulated model.
    coverage : DataFrame, False or None
        As in `count`; False for a record of one's own.

    Returns
    -------
    DataFrame
        One row a possible final count: ``n`` and its ``probability``; what is less likely than
        one in a thousand million is left out, and the rest sums to 1. On 31 December one row is
        left.

    Raises
    ------
    ValueError
        As `count`; for an unknown model, or fewer than eight whole years before that of `as_of`.

    See Also
    --------
    next_launch : when the next one comes. backtest : how often such forecasts were right.

    Notes
    -----
    The forecast assumes that launches go on as in the years before; it knows nothing of talks,
    drills or announcements. Rows known only by month or year are not part of the days.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = year_end(load_launches(), "cnn", as_of="2022-12-31")
    >>> table["n"].tolist(), table["probability"].tolist()
    ([37], [1.0])
    """
    check_one_of("model", model, MODELS)
    history = history_of(launches, rule, as_of=as_of, coverage=coverage)
    probability = np.exp(remainder(history, model, as_seed(seed)))
    ahead = np.flatnonzero(probability > _RARE)
    ahead = np.arange(ahead[0], ahead[-1] + 1)
    kept = probability[ahead]
    return pd.DataFrame({"n": history.so_far + ahead, "probability": kept / kept.sum()})


def remainder(history: History, model: str, seed: int) -> np.ndarray:
    """Return the log-probabilities of further launches until 31 December, summing to 1."""
    if not history.left:
        return np.array([0.0])
    logs = pool(history, seed) if model == "pool" else member(history, model, seed)
    return logs - np.logaddexp.reduce(logs)


def describe_forecast(
    launches: pd.DataFrame,
    rule: CountRule | str = "days",
    *,
    as_of: Day,
    seed: int | np.random.Generator = 0,
    coverage: Coverage = None,
) -> str:
    """Say the forecast of the year's end and the next launch as a reporter could print it.

    Parameters
    ----------
    launches, rule, as_of, seed, coverage
        As in `year_end`.

    Returns
    -------
    str
        One sentence, without a full stop, that says from what it was forecast.

    Raises
    ------
    ValueError
        As `year_end`.

    Examples
    --------
    >>> from analysis import load_launches
    >>> print(describe_forecast(load_launches(), "cnn", as_of="2022-12-31").partition(";")[0])
    37 launch days by the year's end
    """
    rule = resolve_rule(rule)
    known: Any = {"as_of": as_of, "coverage": coverage}
    history = history_of(launches, rule, **known)
    table = year_end(launches, rule, seed=seed, **known)
    low, middle, high = (
        int(table["n"].iloc[quantile(table["probability"], share)]) for share in (0.05, 0.5, 0.95)
    )
    unit = {"day": "launch days", "salvo": "salvos", "missile": "missiles"}[rule.unit]
    end = f"{middle} {unit} by the year's end"
    if history.left:
        end = f"About {end}, 90 % between {low} and {high}"
    chance = next_launch(launches, rule, within=(14,), **known)["probability"].iloc[0]
    day = history.last
    return (
        f"{end}; a launch within 14 days has a chance of {100 * chance:.0f} % (from "
        f"{history.so_far} through {day.day} {day:%B %Y} and the years since "
        f"{history.first.year}, {kinds_text(rule)})"
    )

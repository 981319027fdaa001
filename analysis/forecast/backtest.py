"""Forecasts made again as of earlier days, each with the scores of what then came."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

from ..counting import CountRule, Coverage, Day
from ..errors import check_one_of, check_whole
from ..record.days import as_day
from ..series.pvalues import as_seed
from .history import History, history_of
from .next import NEXT, launched_within
from .scores import brier_score, crps, interval_score, log_score, quantile
from .year import MODELS, remainder

LEVELS = (50, 80, 90, 95)


def backtest(
    launches: pd.DataFrame,
    rule: CountRule | str = "days",
    *,
    years: Iterable[int],
    origins: Iterable[Day] | None = None,
    models: Iterable[str] | None = None,
    as_known: Callable[[pd.Timestamp], pd.DataFrame] | None = None,
    seed: int | np.random.Generator = 0,
    coverage: Coverage = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Forecast the ends of past years from days in them, and score what was forecast.

    Parameters
    ----------
    launches, rule, seed, coverage
        As in `year_end`.
    years : iterable of int
        Whole years of the record.
    origins : iterable of date-like, optional
        Days to forecast from, all in the years; 1 January and the ends of January to November
        by default (31 December is no forecast).
    models : iterable of str, optional
        As in `year_end`; all by default.
    as_known : callable, optional
        Gives the launches as they were known on an origin; forecasts are made from those, and
        scored by `launches`. Today's record, cut at the origin, by default.
    progress : bool
        Whether to show how far it is.

    Returns
    -------
    DataFrame
        One row an origin and model: ``year``, ``origin``, ``model``, ``n`` (the final count that
        came), ``so_far``, ``median``, ``crps`` (launches), ``log_score`` (infinite where what came
        was ruled out), ``brier`` (of "more than in the year before"), ``interval_score`` (of the
        90 % interval), ``low_50``, ``high_50``, ``covered_50`` and the same for 80, 90 and 95,
        ``below`` and ``upto`` (probability given to less than, and no more than, what came).

    Raises
    ------
    ValueError
        As `year_end`; for an origin outside the years or on 31 December.

    See Also
    --------
    compare_forecasts, pit_histogram, coverage_by_model, skill_by_month : sum it up.

    Notes
    -----
    Without `as_known` every forecast is made from the record as it stands today, cut at the
    origin: launches found or corrected later are in it. With
    ``lambda day: load_launches(known_on=day, database="cns")`` and the rule "cns_days" it is made
    from what CNS held then.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = backtest(load_launches(), years=[2022], models=["climatology"], progress=False)
    >>> len(table), table["n"].iloc[0].item()
    (12, 37)
    """
    chosen, names = _whole_years(years), list(MODELS if models is None else models)
    for name in names:
        check_one_of("model", name, MODELS)
    days, seed = _origins(chosen, origins), as_seed(seed)
    end = pd.Timestamp(chosen[-1], 12, 31)
    history = history_of(launches, rule, as_of=end, coverage=coverage)
    history_of(launches, rule, as_of=pd.Timestamp(chosen[0], 1, 1), coverage=coverage)  # its checks
    rows = [
        _scored_forecast(history, then, name, seed)
        for day in tqdm(days, desc="forecasts", unit="day", disable=not progress)
        for then in [
            history_of(as_known(day), rule, as_of=day, coverage=coverage)
            if as_known
            else history.until(day)
        ]
        for name in names
    ]
    return pd.DataFrame(rows)


def _whole_years(years: Iterable[int]) -> list[int]:
    """Return the years in order, or raise where there is none."""
    chosen = sorted({check_whole("year", year) for year in years})
    if not chosen:
        raise ValueError("no years given: expected at least one, such as years=range(2012, 2026)")
    return chosen


def _origins(years: list[int], given: Iterable[Day] | None) -> list[pd.Timestamp]:
    """Return the days to forecast from: 1 January and the ends of months, if none are given."""
    days = [] if given is None else [as_day(day, "origin") for day in given]
    for day in days:
        if day.year not in years or (day.month, day.day) == (12, 31):
            raise ValueError(f"expected origins before 31 December of {years}, got {day:%Y-%m-%d}")
    if given is None:
        for year in years:
            ends = pd.date_range(f"{year}-01-01", f"{year}-11-30", freq="ME")
            days += [pd.Timestamp(year, 1, 1), *ends]
    return days


def _scored_forecast(history: History, then: History, model: str, seed: int) -> dict[str, Any]:
    """Forecast the year's end from what was known then, and score it by what is known now."""
    day, logs = then.last, remainder(then, model, seed)
    n = history.between(pd.Timestamp(day.year, 1, 1), pd.Timestamp(day.year, 12, 31))
    return {"year": day.year, "origin": day, "model": model, **_score_end(logs, n, then)}


def _score_end(logs: np.ndarray, n: int, then: History) -> dict[str, Any]:
    """Score log-probabilities of further launches by the year's final count."""
    # what was known then may be more than is known now; so few launches were ruled out
    logs = np.pad(logs, (max(then.so_far - n, 0), 0), constant_values=-np.inf)
    so_far = min(then.so_far, n)
    p, came = np.exp(logs), n - so_far
    bounds = {
        level: [quantile(p, 0.5 + side * level / 200) for side in (-1, 1)] for level in LEVELS
    }
    to_pass = max(int(then.totals(1)[0]) - so_far + 1, 0)
    more = p[to_pass:].sum()
    row: dict[str, Any] = {
        "n": n,
        "so_far": then.so_far,
        "median": so_far + quantile(p, 0.5),
        "crps": crps(came, p),
        "log_score": log_score(came, logs),
        "brier": float(brier_score(came >= to_pass, more)),
        "interval_score": float(interval_score(came, *bounds[90], level=0.9)),
    }
    for level, (low, high) in bounds.items():
        row |= {f"low_{level}": so_far + low, f"high_{level}": so_far + high}
        row[f"covered_{level}"] = low <= came <= high
    return row | {"below": float(p[:came].sum()), "upto": float(p[: came + 1].sum())}


def backtest_next(
    launches: pd.DataFrame,
    rule: CountRule | str = "days",
    *,
    years: Iterable[int],
    within: Iterable[int] = (7, 14, 30),
    models: Iterable[str] | None = None,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Ask on every day of past years whether a launch comes within some days, and score it.

    Parameters
    ----------
    launches, rule, within, coverage
        As in `next_launch`.
    years : iterable of int
        Whole years of the record; days whose answer lies after the last of them are left out.
    models : iterable of str, optional
        As in `next_launch`; all by default.

    Returns
    -------
    DataFrame
        One row a day, model and number of days: ``year``, ``origin``, ``model``, ``within``,
        ``probability``, ``happened`` and ``brier``.

    Raises
    ------
    ValueError
        As `next_launch`.

    See Also
    --------
    reliability, compare_forecasts : sum it up.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = backtest_next(load_launches(), years=[2022], within=[14], models=["climatology"])
    >>> len(table)
    351
    """
    chosen = _whole_years(years)
    names = list(NEXT if models is None else models)
    end = pd.Timestamp(chosen[-1], 12, 31)
    history = history_of(launches, rule, as_of=end, coverage=coverage)
    history_of(launches, rule, as_of=pd.Timestamp(chosen[0], 1, 1), coverage=coverage)
    parts = []
    for days in [check_whole("within", days, least=1) for days in within]:
        came = launched_within(history.n > 0, days)
        origin = history.first + pd.to_timedelta(np.arange(len(came)), unit="D")
        places = np.flatnonzero(origin.year.isin(chosen))
        for name in names:
            check_one_of("model", name, NEXT)
            chance = NEXT[name](history, days, places)
            part = {"year": origin.year[places], "origin": origin[places], "model": name,
                    "within": days, "probability": chance, "happened": came[places]}  # fmt: skip
            parts.append(pd.DataFrame(part).assign(brier=brier_score(came[places], chance)))
    return pd.concat(parts, ignore_index=True)

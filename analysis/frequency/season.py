"""Season: months, quarters and weekdays, with nulls that keep the bursts.

To add a cycle, add a row to `CYCLES`: the tests, the proof, the notebook and the pictures read
it from there.
"""

from __future__ import annotations

import calendar as names
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from ..counting import CountRule, Coverage, Day, resolve_rule
from ..errors import check_one_of
from ..record.notes import noted
from ..series.days import Record, daily
from ..series.intervals import tail_mass
from ..series.pvalues import generator, simulated_p


class Cycle(NamedTuple):
    """A way to cut time that comes round again."""

    labels: tuple[str, ...]  # of the parts, in order
    first: int  # number of the first part
    part: Callable[[pd.DatetimeIndex], Any]  # number of the part of each day
    calendar: bool  # whether every year has the same parts, so that permuting years says nothing


CYCLES = {
    "month": Cycle(tuple(names.month_name)[1:], 1, lambda days: days.month, True),
    "quarter": Cycle(("Q1", "Q2", "Q3", "Q4"), 1, lambda days: days.quarter, True),
    "weekday": Cycle(tuple(names.day_name), 0, lambda days: days.day_of_week, False),
}


#: The part of the cycle and the count of each day of a calendar year.
_Year = tuple[np.ndarray, np.ndarray]


def seasonality(
    launches: Record,
    rule: CountRule | str | None = None,
    *,
    by: str | Sequence[str],
    start: Day | None = None,
    end: Day | None = None,
    calendar: str | None = None,
    simulations: int = 5000,
    level: float = 0.95,
    seed: int | np.random.Generator = 0,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Compare the months, quarters or weekdays, each year held to its own rate.

    Parameters
    ----------
    launches, rule, start, end, coverage
        As in `rates`; partial years keep their days.
    by : {"month", "quarter", "weekday"} or several of them
        The cycle: one of `CYCLES`.
    calendar : str, optional
        Time zone whose days are meant, such as "America/New_York"; the rule's own by default.
        Not for launches counted already.
    simulations : int
        Simulated records for each null.
    level : float
        Confidence level.
    seed : int or Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        One row a part of the cycle: ``cycle``, ``part`` (month 1-12, quarter 1-4, weekday 0 for
        Monday to 6), ``label``, ``days``, ``n``, ``expected`` (had each year's launches spread
        evenly over its days), ``rate_ratio`` (rate in this part over the rate in the others),
        ``low``, ``high``, ``p_value`` (two-sided, by shifts), ``p_years_permuted`` (two-sided;
        for weekdays only, as whole years keep their months) and, the same in every row of a
        cycle, ``p_cycle`` (whether the cycle matters at all, by shifts).

    Raises
    ------
    ValueError
        As `counts`, for an unknown cycle, or without a launch.

    See Also
    --------
    season_change : Whether one quarter's share changed.
    decomposition : Trend and season of monthly counts, to look at.
    count_regression : Trend and season of a count table together.

    Notes
    -----
    Null by shifts: within every year the days are moved round by a random number of days, each
    year on its own; bursts and yearly totals stay, the place in the year does not. Null by
    years: the years of launches are dealt out anew to the years of the calendar. The interval
    takes the share of launches in the part as binomial with its variance inflated by what the
    shifts show (at least 1).

    Examples
    --------
    >>> from analysis import counts, load_launches
    >>> days = counts(load_launches(), "days", freq="day", start="2012-01-01", end="2017-12-31")
    >>> table = seasonality(days, by="quarter", simulations=200)
    >>> bool(table["rate_ratio"].iloc[3] < 1)
    True
    """
    tail = tail_mass(level)
    cycles = [by] if isinstance(by, str) else list(by)
    for name in cycles:
        check_one_of("cycle", name, CYCLES)
    if calendar is not None:
        rule = replace(resolve_rule(rule or "days"), calendar=calendar)
    days, n = daily(launches, rule, start=start, end=end, coverage=coverage)
    rng = generator(seed)
    tables = [_compare_parts(name, days, n, simulations, tail, rng) for name in cycles]
    return noted(pd.concat(tables, ignore_index=True), launches)


def _compare_parts(
    name: str,
    days: pd.DatetimeIndex,
    n: np.ndarray,
    simulations: int,
    tail: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Compare the parts of one cycle."""
    cycle, total = CYCLES[name], n.sum()
    if total == 0:
        raise ValueError("there is no launch in the period: expected at least one")
    width, years = len(cycle.labels), _years(name, days, n)
    turned = [_turned(*year, width) for year in years]
    seen = np.sum([table[0] for table in turned], axis=0)
    expected = np.sum([table.mean(axis=0) for table in turned], axis=0)  # each day alike
    shifted = np.zeros((simulations, width))
    for table in turned:
        shifted += table[rng.integers(len(table), size=simulations)]
    p_years = np.full(width, np.nan)
    if not cycle.calendar:
        p_years = simulated_p(_dealt(years, width, simulations, rng), seen)
    share = expected / total
    inflation = np.maximum(shifted.var(axis=0) / np.maximum(total * share * (1 - share), 1e-9), 1)
    low, high = _share_interval(seen, total, inflation, tail)

    def departure(found: np.ndarray) -> np.ndarray:
        return ((found - expected) ** 2 / np.maximum(expected, 1e-9)).sum(axis=-1)

    return pd.DataFrame(
        {
            "cycle": name,
            "part": range(cycle.first, cycle.first + width),
            "label": cycle.labels,
            "days": np.bincount(np.concatenate([part for part, _ in years]), minlength=width),
            "n": seen.astype(np.int64),
            "expected": expected,
            "rate_ratio": _rate_ratio(seen / total, share),
            "low": _rate_ratio(low, share),
            "high": _rate_ratio(high, share),
            "p_value": simulated_p(shifted, seen),
            "p_years_permuted": p_years,
            "p_cycle": float(simulated_p(departure(shifted), departure(seen), "upper")),
        }
    )


def _years(name: str, days: pd.DatetimeIndex, n: np.ndarray) -> list[_Year]:
    """Split a period into calendar years; parts are numbered from 0."""
    part = CYCLES[name].part(days).to_numpy(dtype=np.int64) - CYCLES[name].first
    first_days = np.flatnonzero(np.diff(days.year)) + 1
    return list(zip(np.split(part, first_days), np.split(n, first_days), strict=True))


def _turned(part: np.ndarray, n: np.ndarray, width: int) -> np.ndarray:
    """Count a year by part with all of it moved round by 0, 1, ... days; a row a move."""
    places = np.flatnonzero(n)
    moved = part[(places + np.arange(len(n))[:, None]) % len(n)]
    return np.stack([(moved == number) @ n[places] for number in range(width)], axis=1)


def _dealt(
    years: list[_Year], width: int, simulations: int, rng: np.random.Generator
) -> np.ndarray:
    """Count by part with whole years dealt out anew; partial years stay."""
    whole = [year for year in years if len(year[0]) >= 365]
    fixed = [np.bincount(*year, minlength=width) for year in years if len(year[0]) < 365]
    table = np.array([[_in_slot(n, slot, width) for slot, _ in whole] for _, n in whole])
    order = rng.permuted(np.tile(np.arange(len(whole)), (simulations, 1)), axis=1)
    dealt = (table[place, order[:, place]] for place in range(len(whole)))
    return np.zeros((simulations, width)) + sum(fixed) + sum(dealt)


def _in_slot(n: np.ndarray, part: np.ndarray, width: int) -> np.ndarray:
    """Count a year by the parts of another; 31 December stays the last day in leap years."""
    days = np.minimum(np.arange(len(n)), len(part) - 1)
    return np.bincount(part[days], weights=n, minlength=width)


def _share_interval(
    n: np.ndarray, total: float, inflation: np.ndarray, tail: float
) -> tuple[np.ndarray, np.ndarray]:
    """Jeffreys interval of a share, with counts deflated to what independent ones would be."""
    a, b = n / inflation + 0.5, (total - n) / inflation + 0.5
    low = np.where(n > 0, special.betaincinv(a, b, tail), 0.0)
    return low, np.where(n < total, special.betaincinv(a, b, 1 - tail), 1.0)


def _rate_ratio(found: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Turn the share of launches in a part into the rate there over the rate elsewhere.

    Missing where the period has no day of the part, or no other.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = found / (1 - found) / (share / (1 - share))
    return np.where((share > 0) & (share < 1), ratio, np.nan)


def season_change(
    launches: Record,
    rule: CountRule | str | None = None,
    *,
    start: Day | None = None,
    end: Day | None = None,
    split: Day = "2018-01-01",
    quarter: int = 4,
    simulations: int = 5000,
    level: float = 0.95,
    seed: int | np.random.Generator = 0,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Compare one quarter with the rest of the year before and after a date.

    Parameters
    ----------
    launches, rule, start, end, coverage
        As in `rates`.
    split : date-like
        First day of the later period, a 1 January.
    quarter : int
        Quarter, 1 to 4.
    simulations, level, seed
        As in `seasonality`.

    Returns
    -------
    DataFrame
        Three rows: ``period`` (before, after, after over before), ``start``, ``end``, ``n``,
        ``n_quarter``, ``expected`` (in the quarter), ``rate_ratio`` (rate in the quarter over
        the rest of the year; in the last row the ratio of the two), ``low``, ``high``,
        ``p_value`` (shifts within years; in the last row whole years exchanged between the
        periods).

    Raises
    ------
    ValueError
        As `seasonality`, for another quarter, or a split outside the period or not on a
        1 January.

    See Also
    --------
    seasonality : All quarters of one period.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = season_change(
    ...     load_launches(), start="2012-01-01", end="2025-12-31", simulations=200)
    >>> table["period"].tolist()
    ['before', 'after', 'after over before']
    """
    tail, rng, middle = tail_mass(level), generator(seed), pd.Timestamp(split)
    check_one_of("quarter", quarter, range(1, 5))
    days, n = daily(launches, rule, start=start, end=end, coverage=coverage)
    if not days[0] < middle <= days[-1] or (middle.month, middle.day) != (1, 1):
        raise ValueError(f"expected a split on a 1 January inside the period, got {split!r}")
    parts = [
        _compare_parts("quarter", days[inside], n[inside], simulations, tail, rng)
        for inside in (days < middle, days >= middle)
    ]
    table = pd.concat([part[part["part"] == quarter] for part in parts], ignore_index=True)
    table = table.rename(columns={"n": "n_quarter"})
    table["n"] = [int(part["n"].sum()) for part in parts]
    both = table[["n", "n_quarter", "expected"]].sum().to_dict() | _ratio_of_ratios(
        table, tail, rng
    )
    years = _years("quarter", days, n)
    by_year = np.array([(n[part == quarter - 1].sum(), n.sum()) for part, n in years])
    later = np.arange(len(years)) >= middle.year - days[0].year
    both["p_value"] = _exchange(by_year, later, simulations, rng)
    table = pd.concat([table, pd.DataFrame([both])], ignore_index=True)
    yesterday = middle - pd.Timedelta(days=1)
    table = table.assign(
        period=["before", "after", "after over before"],
        start=[days[0], middle, days[0]],
        end=[yesterday, days[-1], days[-1]],
    )
    columns = "period start end n n_quarter expected rate_ratio low high p_value"
    return noted(table[columns.split()].astype({"n": np.int64, "n_quarter": np.int64}), launches)


def _ratio_of_ratios(
    parts: pd.DataFrame, tail: float, rng: np.random.Generator
) -> dict[str, float]:
    """Compare two independent ratios on the log scale, keeping their skewness."""
    z = special.ndtri(1 - tail)
    ratio, low, high = parts[["rate_ratio", "low", "high"]].to_numpy().T[..., None]
    centre = np.log(np.maximum(ratio, 1e-3))
    down, up = (centre - np.log(np.maximum(low, 1e-4))) / z, (np.log(high) - centre) / z
    noise = rng.standard_normal((2, 20_000))
    draws = centre + np.where(noise < 0, down, up) * noise
    low, high = np.exp(np.quantile(draws[1] - draws[0], [tail, 1 - tail]))
    before, after = ratio[:, 0]
    return {"rate_ratio": after / before if before > 0 else np.inf, "low": low, "high": high}


def _exchange(
    by_year: np.ndarray, later: np.ndarray, simulations: int, rng: np.random.Generator
) -> float:
    """p-value for a change of a part's share, whole years exchanged between periods.

    `by_year` holds each year's launches in the part and in all, `later` marks the later years.
    """
    order = np.argsort(rng.random((simulations, len(later))), axis=1)

    def share(chosen: np.ndarray) -> np.ndarray:
        inside, total = (chosen[..., None] * by_year).sum(axis=-2).T
        return inside / np.maximum(total, 1)

    seen, drawn = (share(late) - share(~late) for late in (later, later[order]))
    return float(simulated_p(drawn, seen))

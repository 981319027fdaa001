"""Season and rhythm: months, quarters, weekdays and hours, with nulls that keep the bursts."""

from __future__ import annotations

import calendar as names
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..counting import CountRule, Coverage, Day, counted_rows, resolve_rule
from ..extras import library
from ..series.days import daily, year_code
from ..series.intervals import tail_mass
from ..series.pvalues import generator

CYCLES = {
    "month": {i: names.month_name[i] for i in range(1, 13)},
    "quarter": {i: f"Q{i}" for i in range(1, 5)},
    "weekday": {i: names.day_name[i] for i in range(7)},
}


class _Year(NamedTuple):
    """A calendar year: the part of the cycle of each day, and on which days launches were."""

    part: np.ndarray  # numbered from 0
    places: np.ndarray
    n: np.ndarray
    whole: bool


def seasonality(
    launches: pd.DataFrame,
    rule: CountRule | str = "days",
    *,
    by: str,
    start: Day,
    end: Day,
    calendar: str | None = None,
    simulations: int = 5000,
    level: float = 0.95,
    seed: int | np.random.Generator = 0,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Compare months, quarters or weekdays, each year held to its own rate.

    Parameters
    ----------
    launches : DataFrame
        One row a launch.
    rule : CountRule or str
        What counts; launch days by default.
    by : {"month", "quarter", "weekday"}
        The cycle.
    start, end : date-like
        First and last day, inclusive; partial years keep their days.
    calendar : str, optional
        Time zone whose days are meant, such as "America/New_York"; the rule's own by default.
    simulations : int
        Simulated records for each null.
    level : float
        Confidence level.
    seed : int or Generator
        Source of randomness.
    coverage : DataFrame, False or None
        As in `counts`.

    Returns
    -------
    DataFrame
        One row a part of the cycle: ``cycle``, ``part`` (month 1-12, quarter 1-4, weekday 0 for
        Monday to 6), ``label``, ``days``, ``n``, ``expected`` (had each year's launches spread
        evenly over its days), ``ratio`` (rate in this part over the rate in the others),
        ``low``, ``high``, ``p_shift``, ``p_years`` (two-sided; the latter for weekdays only,
        as whole years keep their months) and, the same in every row, ``p_cycle`` (whether the
        cycle matters at all, by shifts).

    Raises
    ------
    ValueError
        As `counts`, for an unknown cycle, or without a launch.

    Notes
    -----
    Shift null: within every year the days are moved round by a random number of days, each
    year on its own; bursts and yearly totals stay, the place in the year does not. Year null:
    the years of launches are dealt out anew to the years of the calendar. The interval takes
    the share of launches in the part as binomial with its variance inflated by what the
    shifts show (at least 1).

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = seasonality(
    ...     load_launches(), by="quarter", start="2012-01-01", end="2017-12-31", simulations=200)
    >>> bool(table["ratio"].iloc[3] < 1)
    True
    """
    tail = tail_mass(level)
    if by not in CYCLES:
        raise ValueError(f"unknown cycle {by!r} in by: expected {', '.join(CYCLES)}")
    years = _years(launches, rule, by, start, end, calendar, coverage)
    rng = generator(seed)
    width = len(CYCLES[by])
    seen = np.sum(
        [np.bincount(y.part[y.places], weights=y.n, minlength=width) for y in years], axis=0
    )
    total = seen.sum()
    if total == 0:
        raise ValueError("there is no launch in the period: expected at least one")
    expected = _expected(years, width)
    shifted = _shifted(years, width, simulations, rng)
    dealt = _dealt(years, width, simulations, rng) if by == "weekday" else None
    share = expected / total
    inflation = np.maximum(shifted.var(axis=0) / np.maximum(total * share * (1 - share), 1e-9), 1)
    low, high = _share_interval(seen, total, inflation, tail)
    return pd.DataFrame(
        {
            "cycle": by,
            "part": list(CYCLES[by]),
            "label": list(CYCLES[by].values()),
            "days": np.sum([np.bincount(y.part, minlength=width) for y in years], axis=0),
            "n": seen.astype(np.int64),
            "expected": expected,
            "ratio": _ratio(seen / total, share),
            "low": _ratio(low, share),
            "high": _ratio(high, share),
            "p_shift": _two_sided(shifted, seen),
            "p_years": np.nan if dealt is None else _two_sided(dealt, seen),
            "p_cycle": _whole_cycle(shifted, seen, expected),
        }
    )


def _years(
    launches: pd.DataFrame,
    rule: CountRule | str,
    by: str,
    start: Day,
    end: Day,
    calendar: str | None,
    coverage: Coverage,
) -> list[_Year]:
    """Split a period into calendar years."""
    rule = resolve_rule(rule)
    if calendar is not None:
        rule = replace(rule, calendar=calendar)
    days, n = daily(launches, rule, start=start, end=end, coverage=coverage)
    part = {
        "month": days.month - 1,
        "quarter": days.quarter - 1,
        "weekday": days.day_of_week,
    }[by].to_numpy(dtype=np.int64)
    code = year_code(days)
    years = []
    for year in range(code.max() + 1):
        inside = code == year
        places = np.flatnonzero(n[inside])
        whole = bool(inside.sum() >= 365)
        years.append(_Year(part[inside], places, n[inside][places], whole))
    return years


def _expected(years: list[_Year], width: int) -> np.ndarray:
    """Spread each year's launches evenly over its days."""
    each = [y.n.sum() * np.bincount(y.part, minlength=width) / len(y.part) for y in years]
    return np.sum(each, axis=0)


def _shifted(
    years: list[_Year], width: int, simulations: int, rng: np.random.Generator
) -> np.ndarray:
    """Count by part with every year moved round on its own; one row a simulation."""
    total = np.zeros((simulations, width))
    for year in years:
        length = len(year.part)
        moved = year.part[(year.places + np.arange(length)[:, None]) % length]
        table = np.stack([(moved == b) @ year.n for b in range(width)], axis=1)
        total += table[rng.integers(length, size=simulations)]
    return total


def _dealt(
    years: list[_Year], width: int, simulations: int, rng: np.random.Generator
) -> np.ndarray:
    """Count by part with whole years dealt out anew; partial years stay."""
    whole = [y for y in years if y.whole]
    fixed = np.zeros(width)
    for y in years:
        if not y.whole:
            fixed += np.bincount(y.part[y.places], weights=y.n, minlength=width)
    table = np.array(
        [
            [
                np.bincount(
                    slot.part[np.minimum(y.places, len(slot.part) - 1)],
                    weights=y.n,
                    minlength=width,
                )
                for slot in whole
            ]
            for y in whole
        ]
    ).reshape(len(whole), len(whole), width)
    order = rng.permuted(np.tile(np.arange(len(whole)), (simulations, 1)), axis=1)
    return fixed + sum(table[i, order[:, i]] for i in range(len(whole)))


def _two_sided(drawn: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Two-sided p-values of each part, the observed record counted among the drawn."""
    up = (1 + (drawn >= seen - 1e-9).sum(axis=0)) / (1 + len(drawn))
    down = (1 + (drawn <= seen + 1e-9).sum(axis=0)) / (1 + len(drawn))
    return np.minimum(1.0, 2 * np.minimum(up, down))


def _whole_cycle(drawn: np.ndarray, seen: np.ndarray, expected: np.ndarray) -> float:
    """p-value of the largest departure of all parts together."""

    def statistic(n: np.ndarray) -> np.ndarray:
        return ((n - expected) ** 2 / np.maximum(expected, 1e-9)).sum(axis=-1)

    return float((1 + (statistic(drawn) >= statistic(seen) - 1e-9).sum()) / (1 + len(drawn)))


def _share_interval(
    n: np.ndarray, total: float, inflation: np.ndarray, tail: float
) -> tuple[np.ndarray, np.ndarray]:
    """Jeffreys interval of a share, with counts deflated to what independent ones would be."""
    special = library("scipy.special")
    a, b = n / inflation + 0.5, (total - n) / inflation + 0.5
    low = np.where(n > 0, special.betaincinv(a, b, tail), 0.0)
    return low, np.where(n < total, special.betaincinv(a, b, 1 - tail), 1.0)


def _ratio(found: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Turn the share of launches in a part into the rate there over the rate elsewhere."""
    with np.errstate(divide="ignore"):
        return found / (1 - found) / (share / (1 - share))


def season_change(
    launches: pd.DataFrame,
    rule: CountRule | str = "days",
    *,
    start: Day,
    end: Day,
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
    launches, rule, start, end, simulations, level, seed, coverage
        As in `seasonality`.
    split : date-like
        First day of the later period, a 1 January.
    quarter : int
        Quarter, 1 to 4.

    Returns
    -------
    DataFrame
        Three rows: ``period`` (before, after, after over before), ``start``, ``end``, ``n``,
        ``n_quarter``, ``expected`` (in the quarter), ``ratio`` (rate in the quarter over the
        rest of the year; in the last row the ratio of the two), ``low``, ``high``,
        ``p_value`` (shifts within years; in the last row whole years exchanged between the
        periods).

    Raises
    ------
    ValueError
        As `seasonality`, for another quarter, or a split outside the period or not on a
        1 January.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = season_change(
    ...     load_launches(), start="2012-01-01", end="2025-12-31", simulations=200)
    >>> table["period"].tolist()
    ['before', 'after', 'after over before']
    """
    tail = tail_mass(level)
    first, middle, last = pd.Timestamp(start), pd.Timestamp(split), pd.Timestamp(end)
    if quarter not in (1, 2, 3, 4):
        raise ValueError(f"expected a quarter from 1 to 4, got {quarter!r}")
    if not first < middle <= last or (middle.month, middle.day) != (1, 1):
        raise ValueError(f"expected a split on a 1 January inside the period, got {split!r}")
    rng = generator(seed)
    spans = [(first, middle - pd.Timedelta(days=1)), (middle, last)]
    rows: list[dict[str, float]] = []
    for begin, stop in spans:
        table = seasonality(
            launches,
            rule,
            by="quarter",
            start=begin,
            end=stop,
            simulations=simulations,
            level=level,
            seed=rng,
            coverage=coverage,
        )
        row = table.iloc[quarter - 1]
        rows.append({"n": int(table["n"].sum()), "n_quarter": int(row["n"])})
        rows[-1] |= {key: row[key] for key in ("expected", "ratio", "low", "high")}
        rows[-1]["p_value"] = row["p_shift"]
    years = _years(launches, rule, "quarter", first, last, None, coverage)
    later = middle.year - first.year
    rows.append(_ratio_of_ratios(rows, tail, rng))
    rows[2]["p_value"] = _exchange(years, later, quarter - 1, simulations, rng)
    table = pd.DataFrame(rows)
    table.insert(0, "period", ["before", "after", "after over before"])
    table.insert(1, "start", [spans[0][0], spans[1][0], spans[0][0]])
    table.insert(2, "end", [spans[0][1], spans[1][1], spans[1][1]])
    return table


def _ratio_of_ratios(
    rows: list[dict[str, float]], tail: float, rng: np.random.Generator
) -> dict[str, float]:
    """Combine two independent ratios on the log scale, keeping their skewness."""
    z = float(library("scipy.special").ndtri(1 - tail))
    normal = rng.standard_normal((2, 20000))
    draws = []
    for row, noise in zip(rows, normal, strict=True):
        centre = np.log(max(row["ratio"], 1e-3))
        down = (centre - np.log(max(row["low"], 1e-4))) / z
        up = (np.log(row["high"]) - centre) / z
        draws.append(centre + np.where(noise < 0, down, up) * noise)
    low, high = np.exp(np.quantile(draws[1] - draws[0], [tail, 1 - tail]))
    ratio = rows[1]["ratio"] / rows[0]["ratio"] if rows[0]["ratio"] > 0 else np.inf
    merged = {key: rows[0][key] + rows[1][key] for key in ("n", "n_quarter", "expected")}
    return merged | {"ratio": ratio, "low": float(low), "high": float(high)}


def _exchange(
    years: list[_Year], later: int, part: int, simulations: int, rng: np.random.Generator
) -> float:
    """p-value for a change of the quarter's share, whole years exchanged between periods."""
    inside = np.array([y.n[y.part[y.places] == part].sum() for y in years])
    total = np.array([y.n.sum() for y in years])
    after = np.arange(len(years)) >= later
    order = np.argsort(rng.random((simulations, len(years))), axis=1)

    def difference(chosen: np.ndarray) -> np.ndarray:
        one = (inside * chosen).sum(-1) / np.maximum((total * chosen).sum(-1), 1)
        two = (inside * ~chosen).sum(-1) / np.maximum((total * ~chosen).sum(-1), 1)
        return one - two

    seen, drawn = difference(after), difference(after[order])
    up = (1 + (drawn >= seen - 1e-12).sum()) / (1 + simulations)
    down = (1 + (drawn <= seen + 1e-12).sum()) / (1 + simulations)
    return float(min(1.0, 2 * min(up, down)))


# -- tables of days, months and hours --------------------------------------------------------


def hours(
    launches: pd.DataFrame,
    rule: CountRule | str = "days",
    *,
    start: Day,
    end: Day,
    timezone: str = "Asia/Seoul",
) -> pd.DataFrame:
    """Count launch days by the hour of their first known launch.

    Parameters
    ----------
    launches : DataFrame
        One row a launch.
    rule : CountRule or str
        Which launches.
    start, end : date-like
        First and last day, inclusive.
    timezone : str
        Whose clock.

    Returns
    -------
    DataFrame
        24 rows: ``hour`` (0 to 23), ``n`` (launch days whose first launch fell in that hour),
        ``share``, ``n_known`` (launch days with an instant) and ``n_unknown`` (without), the
        same in every row.

    Raises
    ------
    ValueError
        As `counted_rows`.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = hours(load_launches(), start="2012-01-01", end="2025-12-31")
    >>> bool(table["share"].iloc[5:10].sum() > 0.4)
    True
    """
    rows = counted_rows(launches, rule, start=start, end=end)
    first = rows.groupby("counted_on")["launched_at"].min()
    known = first.dropna().dt.tz_convert(timezone)
    n = np.bincount(known.dt.hour, minlength=24)
    return pd.DataFrame(
        {
            "hour": np.arange(24),
            "n": n,
            "share": n / max(n.sum(), 1),
            "n_known": int(n.sum()),
            "n_unknown": int(len(first) - n.sum()),
        }
    )


def launch_calendar(
    launches: pd.DataFrame,
    rule: CountRule | str = "days",
    *,
    start: Day,
    end: Day,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """List every day of a period with what was counted on it, for a calendar heat map.

    Parameters
    ----------
    launches, rule, start, end, coverage
        As in `counts`.

    Returns
    -------
    DataFrame
        One row a day: ``date``, ``year``, ``month``, ``weekday`` (0 for Monday), ``week``
        (column in the year's calendar, from 0; weeks begin on Monday), ``n``.

    Raises
    ------
    ValueError
        As `counts`.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = launch_calendar(load_launches(), start="2022-01-01", end="2022-12-31")
    >>> len(table), int(table["n"].sum())
    (365, 37)
    """
    days, n = daily(launches, rule, start=start, end=end, coverage=coverage)
    new_year = pd.to_datetime(days.year.astype(str) + "-01-01").day_of_week
    return pd.DataFrame(
        {
            "date": days,
            "year": days.year.astype(np.int64),
            "month": days.month.astype(np.int64),
            "weekday": days.day_of_week.astype(np.int64),
            "week": ((days.day_of_year - 1 + new_year) // 7).astype(np.int64),
            "n": n.astype(np.int64),
        }
    )


def month_by_year(
    launches: pd.DataFrame,
    rule: CountRule | str = "days",
    *,
    start: Day,
    end: Day,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Count launches by year and month, for a heat map.

    Parameters
    ----------
    launches, rule, start, end, coverage
        As in `counts`.

    Returns
    -------
    DataFrame
        One row a month: ``year``, ``month``, ``quarter``, ``days`` (of the month inside the
        period), ``n``.

    Raises
    ------
    ValueError
        As `counts`.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = month_by_year(load_launches(), start="2022-01-01", end="2022-12-31")
    >>> table["n"].tolist()
    [7, 1, 3, 1, 4, 1, 0, 1, 3, 7, 6, 3]
    """
    days, n = daily(launches, rule, start=start, end=end, coverage=coverage)
    frame = pd.DataFrame(
        {"year": days.year, "month": days.month, "quarter": days.quarter, "n": n.astype(np.int64)}
    )
    grouped = frame.groupby(["year", "month", "quarter"])["n"].agg(["size", "sum"])
    table = grouped.reset_index().rename(columns={"size": "days", "sum": "n"})
    return table.astype(np.int64)

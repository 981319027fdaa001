"""A record as a series of days: what a rule counts on each day of a period."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from ..counting import FREQS, CountRule, Coverage, Day, counts, period_bounds
from ..errors import check_one_of, need_columns, need_filled

#: One row a launch, or what was counted by day already: see `daily`.
Record: TypeAlias = pd.DataFrame | pd.Series
#: Days of a mean year in the Gregorian calendar, leap years included, to one part in 40,000.
DAYS_A_YEAR = 365.25


def daily(
    launches: Record,
    rule: CountRule | str | None = None,
    *,
    start: Day | None = None,
    end: Day | None = None,
    coverage: Coverage = None,
) -> tuple[pd.DatetimeIndex, np.ndarray]:
    """Return every day of a period and what was counted on it.

    Parameters
    ----------
    launches : DataFrame or Series
        One row a launch; or what was counted already: a table of days, as from
        ``counts(..., freq="day")``, or launch days, as from `launch_days`.
    rule : CountRule or str, optional
        What counts, launch days by default; not for a table counted already.
    start, end : date-like
        First and last day, both inclusive; a table of days has its own.
    coverage : DataFrame, False or None
        As in `counts`.

    Returns
    -------
    days : DatetimeIndex, shape (n_days,)
    n : ndarray, shape (n_days,)

    Raises
    ------
    ValueError
        As `counts`; for a rule with a table counted already, for a table of other periods than
        days, for days outside it, and where `start` or `end` is missing.

    Examples
    --------
    >>> january = pd.period_range("2022-01-05", periods=3, freq="D")
    >>> daily(pd.DataFrame({"period": january, "days": 1, "n": [1, 0, 2]}))[1].tolist()
    [1.0, 0.0, 2.0]
    """
    table = count_table(launches, rule, start=start, end=end, coverage=coverage)
    n, _ = counts_and_days(table)
    need_filled(table, ["period"], "the day table")
    periods = pd.PeriodIndex(table["period"])
    if (np.diff(periods.asi8) != 1).any():
        raise ValueError("expected one row for each day in turn, so count without `by`")
    return periods.to_timestamp().as_unit("us"), n


def count_table(
    launches: Record,
    rule: CountRule | str | None = None,
    *,
    freq: str = "day",
    by: str | None = None,
    start: Day | None = None,
    end: Day | None = None,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Return what `counts` does, also from launches counted by day already."""
    edges: Any = (start, end)  # `period_bounds` says what is wrong with a missing one
    if isinstance(launches, pd.DataFrame) and "period" not in launches:
        first, last = period_bounds(*edges)
        return counts(
            launches, rule or "days", freq=freq, by=by, start=first, end=last, coverage=coverage
        )
    if rule is not None:
        raise ValueError(f"the launches are counted already: expected no rule, got {rule!r}")
    if isinstance(launches, pd.Series):
        days = pd.period_range(*period_bounds(*edges), freq="D")
        n = days.isin(pd.PeriodIndex(launches, freq="D")).astype(np.int64)
        table = pd.DataFrame({"period": days, "days": 1, "n": n, "exact": True})
    else:
        table = _inside(launches, start, end)
    return table if freq == "day" else _added_up(table, freq, by)


def _inside(table: pd.DataFrame, start: Day | None, end: Day | None) -> pd.DataFrame:
    """Return the rows of a table of days that lie in a period."""
    need_filled(table, ["period"], "the day table")
    periods = pd.PeriodIndex(table["period"])
    if periods.freqstr != "D":
        raise ValueError("expected a table of days, as from `counts(..., freq='day')`")
    days = periods.to_timestamp()
    first, last = period_bounds(start or days.min(), end or days.max())
    if first < days.min() or last > days.max():
        raise ValueError(
            f"the period {first:%Y-%m-%d} to {last:%Y-%m-%d} leaves the table of days, which "
            f"holds {days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}"
        )
    return table[(days >= first) & (days <= last)]


def _added_up(table: pd.DataFrame, freq: str, by: str | None) -> pd.DataFrame:
    """Add a table of days up by longer periods."""
    check_one_of("freq", freq, FREQS)
    keys = ["period"] if by is None else [by, "period"]
    need_columns(table, [*keys, "days", "n", "exact"], "the day table")
    longer = table.assign(period=pd.PeriodIndex(table["period"]).asfreq(FREQS[freq]))
    added = {"days": "sum", "n": "sum", "exact": "all"}
    table = longer.groupby(keys, sort=False, dropna=False).agg(added).reset_index()
    return table[["period", *keys[:-1], *added]]


def daily_mask(
    launches: Record,
    rule: CountRule | str | None = None,
    *,
    start: Day | None = None,
    end: Day | None = None,
    coverage: Coverage = None,
) -> tuple[pd.DatetimeIndex, np.ndarray]:
    """Return every day of a period and whether it is a launch day under the rule."""
    days, n = daily(launches, rule, start=start, end=end, coverage=coverage)
    return days, n > 0


def counts_and_days(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return counts and days of exposure of a table that `counts` returned."""
    need_columns(table, ("n", "days"), "the count table")
    n = table["n"].to_numpy(dtype=float)
    days = table["days"].to_numpy(dtype=float)
    if not (np.isfinite(n).all() and (n >= 0).all()):
        raise ValueError("expected counts of 0 or more in column n")
    if not (np.isfinite(days).all() and (days > 0).all()):
        raise ValueError("expected exposures above 0 in column days")
    return n, days


def in_order(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, pd.PeriodIndex]:
    """Return counts, days and periods of a count table in order of time, gaps allowed."""
    need_columns(table, ["period"], "the count table")
    periods = pd.PeriodIndex(table["period"])
    if not (periods.is_monotonic_increasing and periods.is_unique):
        raise ValueError("expected one row a period in order of time, so count without `by`")
    return *counts_and_days(table), periods


def year_code(days: pd.DatetimeIndex) -> np.ndarray:
    """Number the calendar years of the days from 0."""
    return days.year.to_numpy() - days.year.min()

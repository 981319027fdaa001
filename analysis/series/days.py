"""A record as a series of days: what a rule counts on each day of a period."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..counting import CountRule, Coverage, Day, counts
from ..errors import need_columns

#: Days of a mean year in the Gregorian calendar, leap years included, to one part in 40,000.
DAYS_A_YEAR = 365.25


def daily(
    launches: pd.DataFrame,
    rule: CountRule | str,
    *,
    start: Day,
    end: Day,
    coverage: Coverage = None,
) -> tuple[pd.DatetimeIndex, np.ndarray]:
    """Return every day of a period and what the rule counts on it."""
    table = counts(launches, rule, freq="day", start=start, end=end, coverage=coverage)
    days = pd.PeriodIndex(table["period"]).to_timestamp()
    return days.as_unit("us"), table["n"].to_numpy(dtype=float)


def daily_mask(
    launches: pd.DataFrame,
    rule: CountRule | str,
    *,
    start: Day,
    end: Day,
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


def year_code(days: pd.DatetimeIndex) -> np.ndarray:
    """Number the calendar years of the days from 0."""
    return days.year.to_numpy() - days.year.min()


def day_numbers(days: pd.Series | pd.DatetimeIndex) -> np.ndarray:
    """Return days as whole days since 1970."""
    return days.to_numpy(dtype="datetime64[D]").astype(np.int64)

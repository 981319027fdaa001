"""What every module of this package needs: optional libraries, daily series, checks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..counting import CountRule, counts, resolve_rule
from ..counting.tally import Coverage, Day

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
    days, n = daily(launches, resolve_rule(rule), start=start, end=end, coverage=coverage)
    return days, n > 0


def check_level(level: float) -> float:
    """Return half the mass outside an interval of that level."""
    if not 0 < level < 1:
        raise ValueError(f"expected a level between 0 and 1, got {level!r}")
    return (1 - level) / 2


def check_counts(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return counts and days of exposure of a count table."""
    missing = [column for column in ("n", "days") if column not in table]
    if missing:
        raise ValueError(
            f"the count table has no column {', '.join(missing)}: expected n and days, as from "
            "`counts`"
        )
    n = table["n"].to_numpy(dtype=float)
    days = table["days"].to_numpy(dtype=float)
    if not (np.isfinite(n).all() and (n >= 0).all()):
        raise ValueError("expected counts of 0 or more in column n")
    if not (np.isfinite(days).all() and (days > 0).all()):
        raise ValueError("expected exposures above 0 in column days")
    return n, days


def generator(seed: int | np.random.Generator) -> np.random.Generator:
    """Return a random generator for a seed, or the generator given."""
    return np.random.default_rng(seed)

"""What is known on a day: the counts of all days up to it, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ..counting import CountRule, Coverage, Day, make_tally, ready, resolve_rule
from ..counting.periods import DAY, coverage_of, covered_days, same_day
from ..record.days import as_day
from ..series.days import daily

#: Whole years that a forecast looks back on: shorter memories are noisier, longer ones stale.
YEARS = 8


@dataclass(frozen=True, eq=False)
class History:
    """Counts of each day from a 1 January through the day of the forecast."""

    first: pd.Timestamp
    n: np.ndarray
    #: Forecasts made on the way, which later ones learn from.
    memo: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def last(self) -> pd.Timestamp:
        """Day of the forecast."""
        return self.first + pd.Timedelta(days=len(self.n) - 1)

    @property
    def so_far(self) -> int:
        """Count of the running year."""
        return self.between(pd.Timestamp(self.last.year, 1, 1), self.last)

    @property
    def left(self) -> int:
        """Days until 31 December."""
        return (_end(self.last) - self.last).days

    @property
    def gone(self) -> float:
        """Share of the year that has gone."""
        return 1.0 - self.left / _end(self.last).day_of_year

    def between(self, start: pd.Timestamp, end: pd.Timestamp) -> int:
        """Add up the days of a period, both ends inclusive."""
        return int(self.n[(start - self.first).days : (end - self.first).days + 1].sum())

    def totals(self, years: int = YEARS) -> np.ndarray:
        """Return the counts of the whole years before this one, the latest first."""
        return np.array([self.between(day, _end(day)) for day in self._before(years)])

    def remainders(self, years: int = YEARS) -> np.ndarray:
        """Return what those years still brought after the same month and day."""
        same = [same_day(self.last, day.year) for day in self._before(years)]
        return np.array([self.between(day + DAY, _end(day)) for day in same])

    def _before(self, years: int) -> list[pd.Timestamp]:
        """Return 1 January of the years before this one, the latest first."""
        return [pd.Timestamp(self.last.year - back, 1, 1) for back in range(1, years + 1)]

    def until(self, day: pd.Timestamp) -> History:
        """Return what was known on an earlier day."""
        return History(self.first, self.n[: (day - self.first).days + 1], self.memo)


def _end(day: pd.Timestamp) -> pd.Timestamp:
    """Return 31 December of a day's year."""
    return pd.Timestamp(day.year, 12, 31)


def history_of(
    launches: pd.DataFrame, rule: CountRule | str, *, as_of: Day, coverage: Coverage = None
) -> History:
    """Count the days of a record from its first 1 January through `as_of`.

    Raises
    ------
    ValueError
        As `count`; for fewer than eight whole years before that of `as_of`.
    """
    rule, last = resolve_rule(rule), as_day(as_of, "as_of")
    coverage = coverage_of(launches, coverage)
    start = _first_day(launches, rule, last, coverage)
    if start.year > last.year - YEARS:
        raise ValueError(
            f"a forecast looks back on {YEARS} whole years: expected a record from "
            f"{last.year - YEARS}-01-01 on, got one from {start:%Y-%m-%d}"
        )
    return History(start, daily(launches, rule, start=start, end=last, coverage=coverage)[1])


def _first_day(
    launches: pd.DataFrame, rule: CountRule, last: pd.Timestamp, coverage: Coverage
) -> pd.Timestamp:
    """Return the first 1 January covered; without a table of coverage, that of the first launch."""
    covered = covered_days(rule, coverage)
    if covered is not None:
        first = covered[0]
        return pd.Timestamp(first.year + (first.day_of_year > 1), 1, 1)
    days = make_tally(ready(launches, rule), rule).day
    if not len(days):
        raise ValueError(f"the rule {rule.name!r} counts no launch of this table")
    return min(pd.Timestamp(int(days[0]), unit="D"), last).to_period("Y").start_time

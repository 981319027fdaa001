"""How many launches: a count is a number and a rule. The one door to this room.

Days are inclusive on both ends. A row known only by its month (or year) counts as missiles
where the period holds that whole month (or year), and never as a day or a salvo. A row
without an instant keeps its Korean date in every calendar.
"""

from .periods import Bounds, Coverage, Day, coverage_of, day_numbers, period_bounds
from .rows import counted_rows, each_missile, launch_days
from .rules import KOREA, RULES, CountRule, kinds_text, read_rules, resolve_rule
from .sentence import at_least, at_the_latest, describe_count
from .tables import FREQS, compare_rules, count, counts
from .tally import Tally, in_period, make_tally, passes, ready
from .vintages import (
    database_differences,
    describe_vintages,
    listing_delays,
    vintage_counts,
    vintage_summary,
)
from .years import cumulative, nth, when_reached, year_to_date

__all__ = [
    "FREQS",
    "KOREA",
    "RULES",
    "Bounds",
    "CountRule",
    "Coverage",
    "Day",
    "Tally",
    "at_least",
    "at_the_latest",
    "compare_rules",
    "count",
    "counted_rows",
    "counts",
    "coverage_of",
    "cumulative",
    "database_differences",
    "day_numbers",
    "describe_count",
    "describe_vintages",
    "each_missile",
    "in_period",
    "kinds_text",
    "launch_days",
    "listing_delays",
    "make_tally",
    "nth",
    "passes",
    "period_bounds",
    "read_rules",
    "ready",
    "resolve_rule",
    "vintage_counts",
    "vintage_summary",
    "when_reached",
    "year_to_date",
]

"""How many launches: a count is a number and a rule. The one door to this room.

Days are inclusive on both ends. A row known only by its month (or year) counts as missiles
where the period holds that whole month (or year), and never as a day or a salvo. A row
without an instant keeps its Korean date in every calendar.
"""

from .rules import KOREA, RULES, CountRule, kinds_text, resolve_rule
from .tables import (
    FREQS,
    compare_rules,
    count,
    counted_rows,
    counts,
    cumulative,
    describe_count,
    each_missile,
    launch_days,
    nth,
    when_reached,
    year_to_date,
)
from .tally import Bounds, Coverage, Day, Tally, in_period, make_tally, passes, period_bounds

__all__ = [
    "FREQS",
    "KOREA",
    "RULES",
    "Bounds",
    "CountRule",
    "Coverage",
    "Day",
    "Tally",
    "compare_rules",
    "count",
    "counted_rows",
    "counts",
    "cumulative",
    "describe_count",
    "each_missile",
    "in_period",
    "kinds_text",
    "launch_days",
    "make_tally",
    "nth",
    "passes",
    "period_bounds",
    "resolve_rule",
    "when_reached",
    "year_to_date",
]

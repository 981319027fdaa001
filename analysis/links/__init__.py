"""Launches against context events: associations, their size, and what could have been seen.

Nothing here says that an event causes or prevents a launch. From the ground up: `design` (the
choices, and events laid on the record), `nulls` (what to expect without a link), `effect` (rate
ratio and interval), `judge` (p-values), `primary` (which null leads), `doubts` (what a
ratio rests on), `given_recent` (fits of the self-exciting model), `marginal` and `adjustments`
(other ratios), then one module a question: `study`, `family` (all groups together), `epoch`,
`dose`, `coincidence`, `regression`, `power`, `specifications`.
"""

from .._moved import moved
from ..extras import stats as _stats  # noqa: F401
from .coincidence import Rates, coincidence, coincidence_rates
from .design import Design
from .dose import dose_response
from .doubts import influence
from .epoch import superposed_epoch
from .family import global_test
from .games import olympics_table
from .power import power
from .regression import regression
from .specifications import event_sets, specification_curve, specification_summary
from .study import event_study

__all__ = [
    "Design",
    "Rates",
    "coincidence",
    "coincidence_rates",
    "dose_response",
    "event_sets",
    "event_study",
    "global_test",
    "influence",
    "olympics_table",
    "power",
    "regression",
    "specification_curve",
    "specification_summary",
    "superposed_epoch",
]

__getattr__ = moved(__name__, {"claims": ("retest_findings",)})

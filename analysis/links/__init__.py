"""Launches against context events: associations, their size, and what could have been seen.

Nothing here says that an event causes or prevents a launch. From the ground up: `windows` (which
events and days), `days` (the record as a daily series), `nulls` (what to expect without a link),
`effect` (rate ratio and interval), `study`, `coincidence`, `regression`, `power`,
`specifications`.
"""

from .._moved import moved
from .coincidence import Rates, coincidence, coincidence_rates
from .power import power
from .regression import regression
from .specifications import event_sets, specification_curve, specification_summary
from .study import event_study, superposed_epoch

__all__ = [
    "Rates",
    "coincidence",
    "coincidence_rates",
    "event_sets",
    "event_study",
    "power",
    "regression",
    "specification_curve",
    "specification_summary",
    "superposed_epoch",
]

__getattr__ = moved(__name__, {"claims": ("olympics_table", "retest_findings")})

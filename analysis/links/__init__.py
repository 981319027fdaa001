"""Launches against context events: associations, their size, and what could have been seen.

Nothing here says that an event causes or prevents a launch. From the ground up: `windows` (which
events and days), `days` (the record as a daily series), `nulls` (what to expect without a link),
`effect` (rate ratio and interval), `study`, `coincidences`, `self_exciting`, `detectable`,
`specifications`, `findings`.
"""

from analysis.links.coincidences import Rates, coincidence, coincidence_rates
from analysis.links.detectable import power
from analysis.links.findings import olympics_table, retest_findings
from analysis.links.self_exciting import regression
from analysis.links.specifications import (
    event_sets,
    specification_curve,
    specification_summary,
)
from analysis.links.study import event_study, superposed_epoch

__all__ = [
    "Rates",
    "coincidence",
    "coincidence_rates",
    "event_sets",
    "event_study",
    "olympics_table",
    "power",
    "regression",
    "retest_findings",
    "specification_curve",
    "specification_summary",
    "superposed_epoch",
]

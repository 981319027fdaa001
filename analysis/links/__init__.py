"""Launches against context events: associations, their size and what could have been seen.

Nothing here says that an event causes or prevents a launch. Windows are in `windows`, the nulls
in `nulls`, rate ratios in `effect`.
"""

from analysis.links.coincidences import Rates, coincidence, coincidence_rates
from analysis.links.self_exciting import regression
from analysis.links.study import event_study, superposed_epoch

__all__ = [
    "Rates",
    "coincidence",
    "coincidence_rates",
    "event_study",
    "regression",
    "superposed_epoch",
]

"""How often, how it changed, when in the year: launch frequency before any question of causes."""

from .._moved import moved
from ..series.intervals import garwood
from .changes import change_points, change_stability, dates_within
from .rates import burst_interval, burstiness, dispersion, era_rates, rate, rates
from .season import hours, launch_calendar, month_by_year, season_change, seasonality
from .waiting import fit_waiting, hazard, longest_pauses, waiting_survival, waiting_times

__all__ = [
    "burst_interval",
    "burstiness",
    "change_points",
    "change_stability",
    "dates_within",
    "dispersion",
    "era_rates",
    "fit_waiting",
    "garwood",
    "hazard",
    "hours",
    "launch_calendar",
    "longest_pauses",
    "month_by_year",
    "rate",
    "rates",
    "season_change",
    "seasonality",
    "waiting_survival",
    "waiting_times",
]

__getattr__ = moved(
    __name__,
    {
        "excitation": (
            "compare_regimes",
            "describe_excitation",
            "excitation_profile",
            "excitation_residuals",
            "self_excitation",
            "simulate_launch_days",
        ),
        "claims": ("retest_rhythms",),
        "segmentation": ("optimal_breaks",),
    },
)

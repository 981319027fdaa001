"""How often, how it changed, how it clusters: launch frequency before any question of causes."""

from .changes import change_points, change_stability, dates_within
from .hawkes import fit_hawkes, hawkes_log_likelihood, simulate_hawkes
from .published import retest_rhythms
from .rates import (
    burst_interval,
    burstiness,
    dispersion,
    era_rates,
    garwood,
    rate,
    rates,
)
from .regimes import compare_regimes, describe_excitation
from .rescaling import excitation_residuals
from .season import hours, launch_calendar, month_by_year, season_change, seasonality
from .segmentation import optimal_breaks
from .self_exciting import excitation_profile, self_excitation, simulate_launch_days
from .waiting import (
    fit_waiting,
    hazard,
    longest_pauses,
    waiting_survival,
    waiting_times,
)

__all__ = [
    "burst_interval",
    "burstiness",
    "change_points",
    "change_stability",
    "compare_regimes",
    "dates_within",
    "describe_excitation",
    "dispersion",
    "era_rates",
    "excitation_profile",
    "excitation_residuals",
    "fit_hawkes",
    "fit_waiting",
    "garwood",
    "hawkes_log_likelihood",
    "hazard",
    "hours",
    "launch_calendar",
    "longest_pauses",
    "month_by_year",
    "optimal_breaks",
    "rate",
    "rates",
    "retest_rhythms",
    "season_change",
    "seasonality",
    "self_excitation",
    "simulate_hawkes",
    "simulate_launch_days",
    "waiting_survival",
    "waiting_times",
]

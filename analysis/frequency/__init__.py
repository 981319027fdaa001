"""How often, how it changed, when in the year: launch frequency before any question of causes."""

from .._moved import moved
from ..extras import stats as _stats  # noqa: F401
from ..series.intervals import burst_interval, garwood
from .averaged import averaged_rates, trend_since_change
from .bursts import burstiness, dispersion
from .calendars import hours, launch_calendar, month_by_year
from .changes import change_points, change_stability, dates_within
from .monthly import autocorrelation, decomposition
from .rate_tables import era_rates, rate, rates
from .season import CYCLES, season_change, seasonality
from .trend import count_regression
from .waiting import hazard, longest_pauses, waiting_survival, waiting_times
from .waiting_fits import fit_waiting

__all__ = [
    "CYCLES",
    "autocorrelation",
    "averaged_rates",
    "burst_interval",
    "burstiness",
    "change_points",
    "change_stability",
    "count_regression",
    "dates_within",
    "decomposition",
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
    "trend_since_change",
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

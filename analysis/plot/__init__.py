"""Tables in, axes out: every picture of the package, in one style.

Each function takes the table that another function returned and ``ax=None``, draws, and returns
the axes; it computes nothing that the table does not hold.
"""

from ..extras import figures as _figures  # noqa: F401  first: says what to install
from ._old import find as __getattr__  # noqa: F401
from .bars import plot_counters, plot_leaders, plot_same_day
from .calendar import plot_calendar, plot_hours, plot_months
from .claims import describe_findings, plot_p_values, plot_published, plot_verdicts
from .controls import plot_controls
from .coverage import plot_coverage, plot_spread
from .curves import describe_curves, describe_reached, plot_reached, plot_year_to_date
from .events import plot_epoch, plot_games
from .excitation import plot_baselines
from .forecasts import describe_year_end, plot_fan, plot_year_end
from .forest import describe_effects, plot_effects
from .names import group_label, rule_label
from .parts import day, default_source, p_text, source_line, subtitle
from .rates import describe_changes, describe_trend, plot_rates
from .reach import plot_reach, plot_sites, plot_systems
from .scores import plot_interval_coverage, plot_pit, plot_reliability, plot_skill
from .series import plot_autocorrelation, plot_decomposition, plot_season
from .specifications import plot_choices, plot_specifications
from .style import save, sheet, style, styled
from .timeline import describe_timeline, plot_timeline
from .vintages import (
    describe_delays,
    describe_differences,
    describe_revisions,
    plot_delays,
    plot_differences,
    plot_revisions,
)
from .waits import describe_models, plot_hazard, plot_models, plot_residuals, plot_waiting
from .years import describe_years, plot_years

__all__ = [
    "day",
    "default_source",
    "describe_changes",
    "describe_trend",
    "describe_curves",
    "describe_delays",
    "describe_differences",
    "describe_effects",
    "describe_findings",
    "describe_reached",
    "describe_revisions",
    "describe_timeline",
    "describe_models",
    "describe_year_end",
    "describe_years",
    "group_label",
    "p_text",
    "plot_autocorrelation",
    "plot_baselines",
    "plot_calendar",
    "plot_choices",
    "plot_controls",
    "plot_coverage",
    "plot_decomposition",
    "plot_delays",
    "plot_differences",
    "plot_effects",
    "plot_epoch",
    "plot_fan",
    "plot_games",
    "plot_hazard",
    "plot_hours",
    "plot_interval_coverage",
    "plot_models",
    "plot_months",
    "plot_p_values",
    "plot_pit",
    "plot_published",
    "plot_rates",
    "plot_reached",
    "plot_reliability",
    "plot_residuals",
    "plot_revisions",
    "plot_season",
    "plot_skill",
    "plot_specifications",
    "plot_spread",
    "plot_timeline",
    "plot_verdicts",
    "plot_waiting",
    "plot_year_to_date",
    "plot_counters",
    "plot_leaders",
    "plot_same_day",
    "plot_reach",
    "plot_sites",
    "plot_systems",
    "plot_year_end",
    "plot_years",
    "rule_label",
    "save",
    "sheet",
    "source_line",
    "style",
    "styled",
    "subtitle",
]

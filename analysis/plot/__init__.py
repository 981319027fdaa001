"""Tables in, axes out: every picture of the package, in one style.

Each function takes the table that another function returned and ``ax=None``, draws, and returns
the axes; it computes nothing that the table does not hold. matplotlib is imported when the first
picture is drawn.
"""

from .claims import plot_published, plot_verdicts
from .counting import plot_reached, plot_year_to_date, rule_label
from .frequency import (
    describe_changes,
    plot_hazard,
    plot_models,
    plot_rates,
    plot_recovery,
    plot_residuals,
    plot_waiting,
)
from .links import (
    describe_effects,
    describe_findings,
    group_label,
    plot_effects,
    plot_epoch,
    plot_games,
    plot_p_values,
    short_title,
)
from .proofs import plot_coverage, plot_size
from .record import describe_years, plot_timeline, plot_years
from .season import plot_calendar, plot_hours, plot_months, plot_ratios
from .specifications import plot_choices, plot_specifications
from .style import day, default_source, save, style, styled

__all__ = [
    "day",
    "default_source",
    "describe_changes",
    "describe_effects",
    "describe_findings",
    "describe_years",
    "group_label",
    "plot_calendar",
    "plot_choices",
    "plot_coverage",
    "plot_effects",
    "plot_epoch",
    "plot_games",
    "plot_hazard",
    "plot_hours",
    "plot_models",
    "plot_months",
    "plot_p_values",
    "plot_published",
    "plot_rates",
    "plot_ratios",
    "plot_reached",
    "plot_recovery",
    "plot_residuals",
    "plot_size",
    "plot_specifications",
    "plot_timeline",
    "plot_verdicts",
    "plot_waiting",
    "plot_year_to_date",
    "plot_years",
    "rule_label",
    "save",
    "short_title",
    "style",
    "styled",
]

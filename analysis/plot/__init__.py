"""Tables in, axes out: every picture of the package, in one style.

Each function takes the table that another function returned and ``ax=None``, draws, and returns
the axes; it computes nothing that the table does not hold. matplotlib is imported when the first
picture is drawn.
"""

from analysis.plot.claims import plot_published, plot_verdicts
from analysis.plot.counting import plot_reached, plot_year_to_date, rule_label
from analysis.plot.frequency import (
    describe_changes,
    plot_hazard,
    plot_models,
    plot_rates,
    plot_recovery,
    plot_residuals,
    plot_waiting,
)
from analysis.plot.links import (
    describe_effects,
    describe_findings,
    group_label,
    plot_effects,
    plot_epoch,
    plot_games,
    plot_p_values,
    short_title,
)
from analysis.plot.proofs import plot_coverage, plot_size
from analysis.plot.record import describe_years, plot_timeline, plot_years
from analysis.plot.season import plot_calendar, plot_hours, plot_months, plot_ratios
from analysis.plot.specifications import plot_choices, plot_specifications
from analysis.plot.style import day, default_source, save, style, styled

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

"""Tables in, axes out: every picture of the package, in one style.

Each function takes the table that another function returned and ``ax=None``, draws, and returns
the axes; it computes nothing that the table does not hold. matplotlib is imported when the first
picture is drawn.
"""

from analysis.plot.claims import plot_published, plot_verdicts
from analysis.plot.counting import plot_reached, plot_year_to_date, rule_label
from analysis.plot.record import describe_years, plot_timeline, plot_years
from analysis.plot.style import day, default_source, save, style, styled

__all__ = [
    "day",
    "default_source",
    "describe_years",
    "plot_published",
    "plot_reached",
    "plot_timeline",
    "plot_verdicts",
    "plot_year_to_date",
    "plot_years",
    "rule_label",
    "save",
    "style",
    "styled",
]

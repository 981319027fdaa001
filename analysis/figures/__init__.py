"""Every report figure: one function, one file name, one question.

``python -m analysis.figures`` draws those whose inputs changed, each as PNG and SVG beside the CSV
of the numbers drawn. This page lists them and imports nothing heavy, so that finding out that
nothing changed takes a moment only.
"""

from __future__ import annotations

from typing import NamedTuple


class ReportFigure(NamedTuple):
    """What there is to know of a figure before it is drawn."""

    name: str  # file name without suffix
    question: str  # what the figure answers; its title
    function: str  # module of this package and function, "record:launches_by_year"
    tables: tuple[str, ...]  # tables of data/processed that it depends on
    proofs: tuple[str, ...] = ()  # tables that `make proofs` writes


#: A rule may rest on any launch column and on the coverage, so these go together.
_COUNTED = ("launches", "coverage")
#: What a study of launches beside groups of events reads.
_LINKED = (*_COUNTED, "eras", "events", "groups")

FIGURES: tuple[ReportFigure, ...] = (
    ReportFigure(
        "01-launches-by-year",
        "How many missiles has North Korea launched, and on how many days?",
        "record:launches_by_year",
        (*_COUNTED, "eras"),
    ),
    ReportFigure(
        "02-year-to-date",
        "In which year, and on which day, was a launch the 32nd of its year?",
        "counting:year_to_date_curves",
        _COUNTED,
    ),
    ReportFigure(
        "03-timeline",
        "What happened around the launches?",
        "record:timeline",
        (*_COUNTED, "events"),
    ),
    ReportFigure(
        "04-four-rules",
        "Is there a 32nd launch under every way of counting?",
        "counting:four_rules",
        _COUNTED,
    ),
    ReportFigure(
        "05-reached-32",
        "On which day of 2022 did each way of counting reach 32?",
        "counting:reached_32",
        _COUNTED,
    ),
    ReportFigure(
        "06-published-counts",
        "Does the record give the counts that were published?",
        "claims:published_counts",
        (*_COUNTED, "published_counts"),
    ),
    ReportFigure(
        "07-yearly-rates",
        "How often does North Korea launch, and when did that change?",
        "frequency:yearly_rates",
        _COUNTED,
    ),
    ReportFigure(
        "08-launch-days",
        "On which days were the launches?",
        "frequency:launch_days",
        _COUNTED,
    ),
    ReportFigure(
        "09-months-and-quarters",
        "Is there a fourth-quarter lull?",
        "frequency:months_and_quarters",
        _COUNTED,
    ),
    ReportFigure(
        "10-waiting-times",
        "How long until the next launch?",
        "frequency:waits",
        _COUNTED,
    ),
    ReportFigure(
        "11-self-excitation",
        "Do launches come in bursts of their own, or do rates change?",
        "frequency:self_exciting",
        (*_COUNTED, "eras"),
        ("regimes",),
    ),
    ReportFigure(
        "12-recovery",
        "Do the intervals hold the truth as often as they say?",
        "frequency:recovery",
        (),
        ("frequency_recovery", "hawkes_recovery"),
    ),
    ReportFigure(
        "13-links-by-group",
        "After which events were launch days more or less frequent?",
        "links:links_by_group",
        _LINKED,
        ("links_power",),
    ),
    ReportFigure(
        "14-around-events",
        "Do launch days gather before or after events?",
        "links:around_events",
        _LINKED,
    ),
    ReportFigure(
        "15-specification-curves",
        "Does the answer for drills and talks depend on how one looks?",
        "links:specification_curves",
        _LINKED,
    ),
    ReportFigure(
        "16-launches-in-games",
        "Did launches pause for the Olympic Games?",
        "links:launches_in_games",
        (*_COUNTED, "eras", "events"),
    ),
    ReportFigure(
        "17-published-findings",
        "Do published findings hold once bursts and seasons are allowed for?",
        "links:published_findings",
        (),
        ("published_findings",),
    ),
    ReportFigure(
        "18-size-and-coverage",
        "Which tests cry wolf where there is nothing to find?",
        "links:size_and_coverage",
        (),
        ("links_size", "links_coverage"),
    ),
)

__all__ = ["FIGURES", "ReportFigure"]

"""Figures of published statements held against the record."""

from __future__ import annotations

from typing import Any

from ..claims import check_counts, score_counts
from ..plot import default_source, describe_findings, plot_p_values, plot_published, sheet
from ..record.load import load_launches, load_published_counts
from ..record.proofs import read_proof
from . import report_figure
from .drawing import Drawing


@report_figure(
    "06-published-counts",
    "Does the record give the counts that were published?",
    tables=(
        "launches",
        "coverage",
        "published_counts",
        "outlets",
        "outlet_rules",
        "vintages",
        "vintages_listed",
    ),
)
def published_counts() -> Drawing:
    """Draw every published count of launches against the record's, marked by agreement."""
    published = load_published_counts()
    checked = check_counts(published, load_launches())
    held = published.join(checked.drop(columns="claim_id"))
    figure, ax = sheet(6.6)
    plot_published(held, source=default_source(), ax=ax)
    ax.set_title('Circles off the line were published as "at least" or "about"')
    score = score_counts(checked, published).set_index(["comparison", "quality"])
    clear: Any = score.loc[("exact", 1)]
    alt = (
        f"Scatter of {len(held):,} published counts against the record's count under the rule of "
        f"the outlet, chosen before looking at the value, with the line of equality: "
        f"{held['agrees'].sum():,} agree. Of the {clear['n']:.0f} exact and unambiguous ones "
        f"{clear['agree']:.0f} agree; raised by 2, {clear['agree_raised']:.0f} would. "
        f"{held['as_then'].notna().sum()} of the others agree with CNS as it stood when they were "
        "published."
    )
    columns = ["claim_id", "outlet", "as_of", "comparison", "value", "rule", "observed", "agrees"]
    return Drawing(figure, held[columns], alt)


@report_figure(
    "17-published-findings",
    "Do published findings hold once bursts and seasons are allowed for?",
    proofs=("published_findings",),
)
def published_findings() -> Drawing:
    """Draw the naive p of every published finding beside the one that allows for bursts."""
    table = read_proof("published_findings")
    figure, ax = sheet(7.6)
    plot_p_values(table, source=default_source(), ax=ax)
    alt = "Two p-values for each published finding. " + describe_findings(table)
    return Drawing(figure, table, alt)

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
    ax.set_title('Larger: several statements; circles off the line said "at least" or "about"')
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
    answer = (
        f"{clear['agree']:.0f} of {clear['n']:.0f} exact, clear counts agree (after adding 2, "
        f"{clear['agree_raised']:.0f}: should be few); of all {len(held)}, {held['agrees'].sum()}, "
        f"while {held['observed'].isna().sum()} cannot be counted here."
    )
    return Drawing(figure, held[columns], alt, answer)


@report_figure(
    "17-published-findings",
    "Do published findings hold once bursts and seasons are allowed for?",
    proofs=("published_findings",),
)
def published_findings() -> Drawing:
    """Draw the naive p of every published finding beside those that allow for more."""
    table = read_proof("published_findings")
    figure, ax = sheet(7.6)
    plot_p_values(table, source=default_source(), ax=ax)
    alt = "Three p-values for each published finding. " + describe_findings(table)
    both = table.dropna(subset=["naive_p", "p_value"])
    naive = both[both["naive_p"] < 0.05]
    allowed, left = ((naive[name] < 0.05).sum() for name in ("p_value", "p_adjusted"))
    answer = (
        f"Of {len(naive)} tests that a naive test calls significant {allowed} stay below .05, "
        f"{left or 'none'} once all {len(both)} tests are allowed for "
        f"({both['finding_id'].nunique()} findings, over their own and over later or all years)."
    )
    return Drawing(figure, table, alt, answer)

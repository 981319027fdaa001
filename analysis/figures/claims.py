"""Figures of published statements held against the record."""

from __future__ import annotations

from typing import Any

from ..claims import check_counts, score_counts
from ..plot import plot_published
from ..record.load import load_launches, load_published_counts
from .drawing import Drawing, sheet


def published_counts() -> Drawing:
    """Draw every published count of launches against the record's, marked by agreement."""
    published = load_published_counts()
    checked = check_counts(published, load_launches())
    held = published.join(checked.drop(columns="claim_id"))
    figure, ax = sheet(6.6)
    plot_published(held, ax=ax)
    ax.set_title('Circles off the line were published as "at least" or "about"')
    score = score_counts(checked, published).set_index(["comparison", "quality"])
    clear: Any = score.loc[("exact", 1)]
    alt = (
        f"Scatter of {len(held):,} published counts against the record's count under the rule of "
        f"the outlet, chosen before looking at the value, with the line of equality: "
        f"{held['agrees'].sum():,} agree. Of the {clear['n']:.0f} exact and unambiguous ones "
        f"{clear['agree']:.0f} agree; raised by 2, {clear['agree_raised']:.0f} would."
    )
    columns = ["claim_id", "outlet", "as_of", "comparison", "value", "rule", "observed", "agrees"]
    return Drawing(figure, held[columns], alt)

"""The article's statements and published counts held against the record."""

from .article import (
    article_days,
    article_settings,
    article_weights,
    check_article,
    fits_all,
    nearest_launches,
)
from .choose import choose_rule
from .counts import check_counts, score_counts
from .findings import olympics_table, retest_findings
from .firsts import check_firsts
from .rhythms import retest_rhythms

__all__ = [
    "article_days",
    "article_settings",
    "article_weights",
    "check_article",
    "check_counts",
    "check_firsts",
    "choose_rule",
    "fits_all",
    "nearest_launches",
    "olympics_table",
    "retest_findings",
    "retest_rhythms",
    "score_counts",
]

"""The article's statements and published counts held against the record."""

from analysis.claims.article import (
    article_days,
    article_settings,
    article_weights,
    check_article,
    fits_all,
    nearest_launches,
)
from analysis.claims.choose import choose_rule
from analysis.claims.counts import check_counts, score_counts
from analysis.claims.firsts import check_firsts

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
    "score_counts",
]

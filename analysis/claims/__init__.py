"""The article's statements, published counts, firsts and findings held against the record.

Findings need the extra ``stats``; their names are loaded when first used, so that the rest
works with the base dependencies alone.
"""

from importlib import import_module
from typing import Any

from .article import article_settings, check_article
from .choose import choose_rule
from .counts import check_counts, score_counts
from .description import article_days, article_weights, fits_all, nearest_launches
from .firsts import check_firsts

#: Names that need the extra, by module.
_STATS = {
    "elsewhere": ("retest_elsewhere",),
    "findings": ("retest_findings", "retest_rhythms"),
    "naive": ("beside_naive", "naive_p"),
}

__all__ = [
    "article_days",
    "article_settings",
    "article_weights",
    "beside_naive",
    "check_article",
    "check_counts",
    "check_firsts",
    "choose_rule",
    "fits_all",
    "naive_p",
    "nearest_launches",
    "retest_elsewhere",
    "retest_findings",
    "retest_rhythms",
    "score_counts",
]


def __getattr__(name: str) -> Any:
    """Load what needs the extra, or say what to install."""
    for home, names in _STATS.items():
        if name in names:
            import_module("..extras.stats", __name__)
            return getattr(import_module(f".{home}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

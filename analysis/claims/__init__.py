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

_LATER = {
    "findings": ("olympics_table", "retest_findings"),
    "rhythms": ("retest_rhythms",),
}
_HOME = {name: home for home, names in _LATER.items() for name in names}

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


def __getattr__(name: str) -> Any:
    """Load what needs the extra."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)

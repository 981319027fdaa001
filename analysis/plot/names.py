"""Printed names of rules, groups and statements, for tables that do not bring their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import need_filled
from ..record.load import load_labels

if TYPE_CHECKING:
    import pandas as pd

#: Columns of names, and the table of the record whose rows they name.
_TABLE_NAMED = {"group": "groups", "rule": "rules", "claim": "article"}


def as_words(name: str) -> str:
    """Write a name as words."""
    return name.replace("_", " ")


def group_label(group: str) -> str:
    """Write the name of a group of events as a label.

    Examples
    --------
    >>> group_label("talks_inter_korean"), group_label("my_own_events")
    ('inter-Korean talks', 'my own events')
    """
    return load_labels("groups").get(group, as_words(group))


def rule_label(rule: str) -> str:
    """Write the name of a counting rule as a label.

    Examples
    --------
    >>> rule_label("cnn"), rule_label("rocket_artillery_too_days"), rule_label("jmod_missiles")
    ('CNN', 'days, rocket artillery too', "Japan's MoD: missiles")
    """
    return load_labels("rules").get(rule, as_words(rule))


def labels(table: pd.DataFrame, name: str) -> list[str]:
    """Return the table's own labels, or the record's for its names, or the names as words."""
    if "label" in table:
        need_filled(table, ["label"], "the table")
        return table["label"].tolist()
    need_filled(table, [name], "the table")
    known = load_labels(_TABLE_NAMED[name]) if name in _TABLE_NAMED else {}
    return [known.get(one, as_words(one)) for one in table[name]]

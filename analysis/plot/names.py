"""Names of rules, groups and findings as labels, for tables that do not bring their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..record.load import load_labels

if TYPE_CHECKING:
    import pandas as pd


def words(name: str) -> str:
    """Write a name as words."""
    return name.replace("_", " ")


def group_label(group: str) -> str:
    """Write the name of a group of events as a label.

    Examples
    --------
    >>> group_label("talks_inter_korean"), group_label("us_elections"), group_label("parades")
    ('inter-Korean talks', 'US elections', 'parades')
    """
    return _label("groups", group)


def rule_label(rule: str) -> str:
    """Write the name of a counting rule as a label.

    Examples
    --------
    >>> rule_label("cnn"), rule_label("rocket_artillery_too_days"), rule_label("jmod_missiles")
    ('CNN', 'days, rocket artillery too', "Japan's MoD: missiles")
    """
    return _label("rules", rule)


def _label(table: str, name: str) -> str:
    """Return the label of a row of the record's table; of another row its words."""
    return load_labels(table).get(name, words(name))


def _claim_label(claim: str) -> str:
    text = claim.replace("-", " ").replace("thirty second", "thirty-second")
    proper = r"\b(friday|hamhung|olympics|thursday|kishida)\b"
    return re.sub(proper, lambda match: match[0].capitalize(), text)


_MAKERS = {
    "group": group_label,
    "rule": rule_label,
    "claim": _claim_label,
}


def labels(table: pd.DataFrame, name: str) -> list[str]:
    """Return the table's own labels, or its names as words where it has none."""
    if "label" in table:
        return table["label"].tolist()
    return table[name].map(_MAKERS.get(name, words)).tolist()

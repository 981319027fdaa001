"""Names of rules, groups and findings as labels, for tables that do not bring their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_SPELT = {
    **{"asian": "Asian", "china": "China", "chinese": "Chinese", "inter": "inter-"},
    **{"japan": "Japan", "korean": "Korean", "nk": "North Korean", "olympic": "Olympic"},
    **{"olympics": "Olympics", "paralympics": "Paralympics", "post": "-post"},
    **{"rok": "South Korean", "russia": "Russia", "un": "UN", "us": "US"},
}
_TALKS = {"us": "talks with the US", "inter_korean": "inter-Korean talks"}
#: Who counts, where a rule's name says so, and other words that are not written as in the name.
_WHO = {"cns": "CNS", "csis": "CSIS", "jmod": "Japan's MoD", "rok": "Seoul", "yonhap": "Yonhap"}
_RULES = {
    **{"cnn": "CNN", "eastern": "Eastern", "icbm": "ICBM", "panel": "Panel", "reuters": "Reuters"},
    **{"running": "running count", "secretariat": "Secretariat", "state": "State Department"},
    **{"statista": "Statista", "un": "UN", "us": "US", "utc": "UTC"},
}
_FINDINGS = {
    **{"bernhardt": "Bernhardt &", "cha": "Cha,", "csis": "CSIS,", "cotton": "Cotton,"},
    **{"dailyviz": "Dailyviz,", "dorazio": "D'Orazio", "monday": "Mondays", "olympic": "Olympic"},
    **{"press": "Press,", "q4": "fourth quarter", "rok": "South Korean", "us": "US"},
    **{"wapo": "Washington Post,", "webb": "Webb,", "bloomberg": "Bloomberg,", "hess": "Hess"},
    **{"lee": "Lee", "sukin": "Sukin"},
}


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
    kind, _, other = group.partition("_")
    if kind == "talks" and other in _TALKS:
        return _TALKS[other]
    spelt = [_SPELT.get(word, word) for word in group.split("_")]
    if kind == "talks" and other in ("china", "japan", "russia"):
        spelt.insert(1, "with")
    text = " ".join(spelt).replace("- ", "-").replace(" -", "-")
    return text.replace("Olympic games", "Olympic Games").replace("Asian games", "Asian Games")


def rule_label(rule: str) -> str:
    """Write the name of a counting rule as a label.

    Examples
    --------
    >>> rule_label("cnn"), rule_label("rocket_artillery_too_days"), rule_label("jmod_missiles")
    ('CNN', 'days, rocket artillery too', "Japan's MoD: missiles")
    """
    also, _, unit = rule.rpartition("_too_")
    name = f"{unit}, {also} too" if also else rule
    first, *others = [_RULES.get(word, word) for word in name.replace("_", " ").split()]
    if first not in (*_WHO, "press"):
        return " ".join([first, *others])
    return ": ".join(filter(None, (_WHO.get(first, first), " ".join(others))))


def _finding_label(finding: str) -> str:
    return " ".join(_FINDINGS.get(word, word) for word in finding.split("-"))


def _claim_label(claim: str) -> str:
    text = claim.replace("-", " ").replace("thirty second", "thirty-second")
    proper = r"\b(friday|hamhung|olympics|thursday|kishida)\b"
    return re.sub(proper, lambda match: match[0].capitalize(), text)


_MAKERS = {
    "group": group_label,
    "rule": rule_label,
    "finding_id": _finding_label,
    "claim": _claim_label,
}


def labels(table: pd.DataFrame, name: str) -> list[str]:
    """Return the table's own labels, or its names as words where it has none."""
    if "label" in table:
        return table["label"].tolist()
    return table[name].map(_MAKERS.get(name, words)).tolist()

"""Links with events in words: what the record shows, what it excludes, what it cannot tell."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from ..record.load import load_groups
from ..record.proofs import read_proof
from .nulls import LONG_WINDOW
from .studied import RULE, STUDY
from .study import event_study

#: A group with an adjusted p below this is said to be linked.
_ALPHA = 0.05
#: Kind of event of which it is said what the absence of every launch would show.
ASKED = "talks_us"
#: What the ratio of each null compares with; of the others, with the strata.
_AGAINST = {
    "years_permuted": "in the same weeks of other years",
    "given_recent_launches": "on other days with as many recent launches",
    LONG_WINDOW: "in other stretches of the record",
}
_BY_STRATA = "on other days of the same months and eras"


class Said(NamedTuple):
    """What is said of the first day of events and the 14 days after it."""

    shown: str
    excluded: str
    untold: str
    #: All three without their doubts, for a picture.
    brief: str
    #: Kinds of event of which nothing can be told, and how many are tested.
    n_untold: int
    n_tested: int


def say_links(launches: pd.DataFrame, events: pd.DataFrame) -> Said:
    """Say what is shown of links of launch days with events, excluded, and cannot be told.

    Each ratio is the one that belongs to the null of its test. All kinds of event over which
    p-values are adjusted are spoken of, drawn or not.

    Parameters
    ----------
    launches, events : DataFrame
        Tables like `load_launches()` and `load_events()`.

    Returns
    -------
    Said
        The sentences, ready to print.

    See Also
    --------
    study_groups : The numbers.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> say_links(load_launches(), load_events()).excluded.partition(" after")[0]
    'Excluded: a doubling of launch days'
    """
    groups = load_groups()
    study = event_study(launches, events, RULE, by=groups, design=STUDY)
    study = study.dropna(subset="p_adjusted").set_index("group")
    study = study.assign(label=groups.set_index("group")["label"]).sort_values(
        "p_value", kind="stable"
    )
    linked = study["p_adjusted"] < _ALPHA
    untold = ~linked & (study["excludes"] != "both")
    found = study[linked].to_dict("records")
    shown, brief = ("; ".join(say(row) for row in found) or "none" for say in (_shown, _brief))
    excluded = _excluded(study["excludes"])
    return Said(
        f"Shown, as associations and not causes, for the first day and the 14 after it: {shown}.",
        excluded,
        _untold(study, untold),
        f"Shown: {brief}. {excluded} Not told: the other {untold.sum()}.",
        int(untold.sum()),
        len(study),
    )


def _brief(row: dict[Any, Any]) -> str:
    """Say one link by the ratio of its null."""
    ratio, low, high = (_times(row[f"null_{name}"]) for name in ("ratio", "low", "high"))
    return f"launch days after {row['label']} {ratio} times as frequent ({low} to {high})"


def _shown(row: dict[Any, Any]) -> str:
    """Say one link by the ratio of its null, then by strata."""
    ratio, low, high = (_times(row[f"null_{name}"]) for name in ("ratio", "low", "high"))
    numbers = [f"95 % interval {low} to {high}"]
    if row["null"] in _AGAINST:
        by_strata = [_times(row[name]) for name in ("rate_ratio", "low", "high")]
        numbers.append("{}, {} to {}, against the same months and eras".format(*by_strata))
    numbers.append(f"adjusted p {row['p_adjusted']:.3f}")
    return (
        f"after {row['label']} launch days were {ratio} times as frequent as "
        f"{_AGAINST.get(row['null'], _BY_STRATA)} ({'; '.join(numbers)})"
    )


def _excluded(excludes: pd.Series) -> str:
    """Say after how many kinds of event a doubling and a halving are excluded."""
    n = {word: int((excludes == word).sum()) for word in ("a doubling", "a halving", "both")}
    return (
        f"Excluded: a doubling of launch days after {n['a doubling'] + n['both']} of "
        f"{len(excludes)} kinds of event, a halving after {n['a halving'] + n['both']}, both after "
        f"{n['both'] or 'none'}."
    )


def _untold(study: pd.DataFrame, untold: pd.Series) -> str:
    """Say of how many kinds nothing can be told, and what the tests could have seen."""
    seen = read_proof("links_power").set_index("group").join(study[["label"]])
    asked = seen.loc[ASKED]
    alone, among = (f"{asked[name]:.0%}" for name in ("power_none", "power_none_family"))
    said = (
        f"Not told: whether launch days differ after the other {untold.sum()}. Had none at all "
        f"followed {asked['label']}, {alone} of simulated records would have p below .05, and "
        f"{among} below the level that {len(study)} kinds ask for"
    )
    known = [group for group in study.index if group in seen.index]
    first = seen.loc[known[0]]
    alone, among = (_times(first[f"detectable_above{name}"]) for name in ("", "_family"))
    return (
        f"{said}; after {first['label']} it takes {alone} times as many to be seen in four of "
        f"five, {among} times at that level."
    )


def _times(ratio: float) -> str:
    """Write a ratio with two digits; a missing one is above those tried."""
    return "over ten" if pd.isna(ratio) else f"{ratio:.2g}"

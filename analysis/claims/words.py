"""The words for kinds of launches, in statements and in tags such as [Musudan only]."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from ..counting import CountRule
from ..record.schema import FAMILIES

#: Families that the word "missile" takes in: the press counts air defence and rockets apart.
MISSILES = ("ballistic", "space", "cruise")
BALLISTIC = ("ballistic", "space")


class NamedKind(NamedTuple):
    """What some words mean: values of a column of the launches."""

    words: str
    column: str
    values: tuple[str, ...]


#: In a statement the first that matches is taken; in a tag the first of each column.
NAMED_KINDS = (
    NamedKind(r"\bICBM|intercontinental", "klass", ("ICBM",)),
    NamedKind(r"\bIRBM|intermediate", "klass", ("IRBM",)),
    NamedKind(r"\bSLBM|submarine|underwater", "klass", ("SLBM",)),
    NamedKind(r"nodong|rodong", "system", ("nodong",)),
    NamedKind(r"musudan|hwasong-10\b", "system", ("musudan",)),
    NamedKind(r"\bscud", "system", ("scud-b", "scud-b-marv", "scud-c", "scud-c-marv", "er-scud")),
    NamedKind(r"300 ?mm|kn-09", "system", ("kn-09",)),
    NamedKind(r"240 ?mm", "system", ("mlrs-240",)),
    NamedKind(r"600 ?mm|kn-25|super-large|^launchers", "system", ("kn-25",)),
    NamedKind(
        r"kn-23|iskander", "system", ("hwasong-11a", "rail-mobile-kn-23", "silo-based-kn-23")
    ),
    NamedKind(
        "hypersonic",
        "system",
        ("hwasong-12a", "hwasong-12b", "hwasong-16a", "hwasong-16b", "hwasong-11e"),
    ),
    NamedKind(r"pukguksong", "system", ("pukguksong-1", "pukguksong-2", "pukguksong-3")),
    NamedKind(r"\bMRBM|medium-range", "klass", ("MRBM",)),
    NamedKind(r"short-range \(cruise\)", "family", ("ballistic", "cruise")),
    NamedKind(r"\bSRBM|short-range", "klass", ("SRBM",)),
    NamedKind(r"satellite|space|carrier rocket|long-range rocket|orbit", "family", ("space",)),
    NamedKind(r"projectile|any weapon", "family", FAMILIES),
    NamedKind(r"missile launch \(cruise\)|missile launch of any|any kind", "family", MISSILES),
    NamedKind(r"ballistic", "family", BALLISTIC),
    NamedKind(r"cruise", "family", ("cruise",)),
    NamedKind(r"\bSAMs?\b|surface-to-air|anti-air|air defen", "family", ("air_defence",)),
    NamedKind(r"artillery|multiple rocket|\bMLRS\b", "family", ("rocket_artillery",)),
    NamedKind(r"fail", "outcome", ("failure",)),
    NamedKind(r"success", "outcome", ("success",)),
)
#: Where a rule keeps the values of each column.
_FIELDS = {"klass": "klasses", "system": "systems", "family": "families", "outcome": "outcomes"}


@cache
def phrases(cell: str, flags: int = 0) -> re.Pattern[str]:
    """Compile a list of phrases, separated by ";": words as they stand in a text.

    A ``^`` before a phrase binds it to the beginning, a ``*`` after a word is any ending of it.
    Nothing else is special, so that no phrase of a table can run for long.
    """
    ending = r"[\w'’]*"  # of a word, with its possessive
    parts = []
    for phrase in filter(None, cell.split(";")):
        words = re.escape(phrase.removeprefix("^")).replace(r"\*", ending)
        parts.append(("^" if phrase.startswith("^") else r"(?<!\w)") + words + r"(?!\w)")
    return re.compile("|".join(parts) or "(?!)", flags)


def says(cell: str, text: str, flags: int = 0) -> bool:
    """Tell whether one of the phrases of a cell stands in a text.

    Examples
    --------
    >>> says("^UN;Japan* gov*", "Livedoor News (Japan's government)"), says("^UN", "the UN")
    (True, False)
    """
    return phrases(cell, flags).search(text) is not None


def is_left_out(paraphrase: str) -> bool:
    """Tell whether a paraphrase says that something is left out."""
    return bool(re.search(r"exclud|not count|without|apart from|\bonly\b|leav", paraphrase))


def has(words: str, text: str) -> bool:
    """Tell whether a text holds the words, in capitals or not."""
    return bool(re.search(words, text, re.IGNORECASE))


def kind_named(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the column and values that a statement names; any missile if it names none.

    Examples
    --------
    >>> kind_named("Submarine-launched ballistic missile test")
    ('klass', ('SLBM',))
    """
    named = [kind for kind in NAMED_KINDS if kind.column != "outcome" and has(kind.words, text)]
    return (named[0].column, named[0].values) if named else ("family", MISSILES)


def split_tag(paraphrase: str) -> tuple[str, str]:
    """Split a paraphrase into its leading tag, without brackets, and the rest.

    Examples
    --------
    >>> split_tag("[SAM only] Seven missiles")
    ('SAM only', 'Seven missiles')
    """
    found = re.match(r"\s*\[([^\]]*)\]\s*(.*)", paraphrase, re.DOTALL)
    return (found[1], found[2]) if found else ("", paraphrase)


def with_tag(rule: CountRule, tag: str) -> CountRule | None:
    """Narrow a rule to what a tag names; nothing if the tag names nothing known."""
    changes: dict[str, tuple[str, ...]] = {}
    numbered = re.findall(r"hwasong-(\d+[ab]?)\b", tag, re.IGNORECASE)
    if numbered:
        changes["systems"] = tuple(f"hwasong-{number.lower()}" for number in numbered)
    for kind in NAMED_KINDS:
        if has(kind.words, tag):
            changes.setdefault(_FIELDS[kind.column], kind.values)
    if not changes:
        return None
    return replace(rule, **{"families": FAMILIES} | changes, name="", definition="")  # type: ignore[arg-type]

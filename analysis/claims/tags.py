"""The filter in a tag such as [Musudan only], which the columns of a claim cannot say."""

from __future__ import annotations

import re
from dataclasses import replace

from ..counting import CountRule

#: Words in a tag and what they leave of a rule; all that match apply, the first of each kind.
_WORDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"musudan|hwasong-10\b", "systems", ("musudan",)),
    (r"nodong|rodong", "systems", ("nodong",)),
    (r"\bscud", "systems", ("scud-b", "scud-b-marv", "scud-c", "scud-c-marv", "er-scud")),
    (r"300 ?mm|kn-09", "systems", ("kn-09",)),
    (r"240 ?mm", "systems", ("mlrs-240",)),
    (r"600 ?mm|kn-25|super-large|^launchers", "systems", ("kn-25",)),
    (r"kn-23|iskander", "systems", ("hwasong-11a", "rail-mobile-kn-23", "silo-based-kn-23")),
    (r"pukguksong", "systems", ("pukguksong-1", "pukguksong-2", "pukguksong-3")),
    (r"hypersonic", "systems", ("hwasong-12a", "hwasong-12b", "hwasong-16a", "hwasong-16b",
                                "hwasong-11e")),
    (r"space|satellite|long-range rocket|orbit", "families", ("space",)),
    (r"\bsams?\b|surface-to-air|anti-air|air defen", "families", ("air_defence",)),
    (r"rocket artillery|\bmlrs\b|artillery", "families", ("rocket_artillery",)),
    (r"cruise", "families", ("cruise",)),
    (r"icbm|intercontinental", "klasses", ("ICBM",)),
    (r"irbm|intermediate", "klasses", ("IRBM",)),
    (r"slbm|submarine", "klasses", ("SLBM",)),
    (r"srbm|short-range", "klasses", ("SRBM",)),
    (r"fail", "outcomes", ("failure",)),
    (r"success", "outcomes", ("success",)),
)  # fmt: skip
_FAMILIES = ("ballistic", "space", "cruise", "air_defence", "rocket_artillery")


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
    for words, field, values in _WORDS:
        if re.search(words, tag, re.IGNORECASE):
            changes.setdefault(field, values)
    if not changes:
        return None
    if "families" not in changes:
        changes["families"] = _FAMILIES
    return replace(rule, **changes, name="", definition="")  # type: ignore[arg-type]

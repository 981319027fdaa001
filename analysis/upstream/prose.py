"""What a sentence about a launch says plainly: how many missiles, which type, from where.

Only the first phrase of a plain form counts; on the launch days of CSIS that the record has, the
number so read is the record's or a known other one.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from .cells import text
from .names import every_name

_ONE_TO_TEN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER_WORDS = {"a": 1, "an": 1} | {word: n for n, word in enumerate(_ONE_TO_TEN, start=1)}
_FIRED = re.compile(
    r"\b(?:fired|launched|tested|test-fired|test-launched|launch|fire)\s+(?:off\s+)?"
    r"(?P<about>around |about |approximately |roughly |at least |an estimated |more than |over )?"
    rf"(?P<number>{'|'.join(_NUMBER_WORDS)}|[0-9]{{1,3}}|several|multiple)\s+"
    r"(?:[\w\-\"“”.']+\s+){0,5}?"
    r"(?:missiles?|rockets?|projectiles?|[SMI][RC]BMs?|SLBMs?|IRBMs?)\b",
    re.IGNORECASE,
)
#: A year in a name describes ("missile of January 2022"), "Pyongyang" is a government, and
#: "Rodong" a newspaper.
_NO_NAME = re.compile(r"\d{4}|^(pyongyang|rodong|unknown|see)$|^[A-Z]?[a-z]{0,3}$| ", re.IGNORECASE)

_AROUND = re.compile(r" (area|waters|county)$")


class Number(NamedTuple):
    """How many missiles, whether that is a count, and whether the text says it at all."""

    missiles: int
    exact: bool
    found: bool


def number_in_prose(sentence: object) -> Number:
    """Read the number of missiles from "fired two short-range ballistic missiles".

    Examples
    --------
    >>> number_in_prose("North Korea fired around 10 short-range ballistic missiles.")
    Number(missiles=10, exact=False, found=True)
    >>> number_in_prose("The test of a cruise missile was announced.")
    Number(missiles=1, exact=False, found=False)
    """
    found = _FIRED.search(text(sentence))
    if not found:
        return Number(1, False, False)
    word = found["number"].lower()
    if word in ("several", "multiple"):
        return Number(2, False, True)
    number = _NUMBER_WORDS[word] if word in _NUMBER_WORDS else int(word)
    return Number(max(number, 1), not found["about"] and number > 0, True)


def read_system(sentence: object) -> str:
    """Return the missile type if exactly one of the record is named, else nothing.

    Examples
    --------
    >>> read_system("It fired a Hwasong-17, an intercontinental ballistic missile.")
    'hwasong-17'
    >>> read_system("A KN-23, like the KN-24 before."), read_system("A missile.")
    ('', '')
    """
    named = {key for _, key in _find_named("system", sentence)} - {""}
    return named.pop() if len(named) == 1 else ""


def read_site(sentence: object) -> str:
    """Return the site of the record that is named first, or nothing.

    A place that several sites are named after ("Wonsan area") does not tell which.

    Examples
    --------
    >>> read_site("It was launched from Tongchang-ri and fell off Nampo.")
    'sohae'
    >>> read_site("The missile was launched from the Wonsan area.")
    ''
    """
    return min(_find_named("site", sentence), default=(0, ""))[1]


def _find_named(what: str, sentence: object) -> list[tuple[int, str]]:
    """Return where each name stands and whose it is; nobody's if it may be several's."""
    pattern, keys = _pattern(what)
    found = [(match.start(), keys[match[0]]) for match in pattern.finditer(text(sentence).lower())]
    return [(at, min(whose) if len(whose) == 1 else "") for at, whose in found]


@functools.cache
def _pattern(what: str) -> tuple[re.Pattern[str], dict[str, frozenset[str]]]:
    """Return a pattern of all names, and whose each is."""
    keys: dict[str, set[str]] = {}
    for key, own, others in every_name(what):
        for name in [key, *([own] if what == "system" else []), *others]:
            name = _AROUND.sub("", name)  # "Wonsan area" and "Wonsan waters" are of Wonsan
            if not _NO_NAME.search(name):
                keys.setdefault(name.lower(), set()).add(key)
    words = "|".join(re.escape(name) for name in sorted(keys, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])(?:{words})(?![\w-]*\w)")
    return pattern, {name: frozenset(whose) for name, whose in keys.items()}

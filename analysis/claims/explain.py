"""Why a count differs from the one published: which launches would have to go or come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np

from ..counting import CountRule
from ..counting.periods import as_dates
from ..record.schema import ANNOUNCERS
from .cells import few
from .tallies import Span, Tallies

_MOST = 6  # launches named in a reason
_DOUBTFUL = 12  # launches most open to doubt that are tried without, up to three at a time
#: Families in the words of a reason.
_FAMILIES = {
    "space": "space rockets",
    "cruise": "cruise missiles",
    "air_defence": "surface-to-air missiles",
    "rocket_artillery": "rocket artillery",
}
#: Whose selection of launches a rule may follow.
_FOLLOWED: dict[str | None, str] = {
    None: "the whole record",
    **{
        key: who.name if who.gives == "list" else f"{who.name}'s announcements"
        for key, who in ANNOUNCERS.items()
    },
}
_CALENDARS = {"Asia/Seoul": "Korean", "UTC": "UTC", "America/New_York": "US Eastern"}


class _Change(NamedTuple):
    """One change of rule or period, and what it gives."""

    label: str
    n: int
    rule: CountRule
    span: Span
    extra: list[str]  # launches that come besides


class _Unit(NamedTuple):
    """One launch, salvo or day that a count might leave out; in order of doubt, most first."""

    doubts: int  # below 0, for the order
    key: str | int
    missiles: int
    name: str
    why: str


def explain_difference(
    tallies: Tallies, rule: CountRule, span: Span, value: float, agrees: Callable[[int], bool]
) -> str:
    """Say which launches must go or come for the count to agree.

    Single changes of the rule are tried first, then leaving out the launches most open to
    doubt, then a period a day longer or shorter.
    """
    observed = tallies.count(rule, span)
    changes = [c for c in _changes(tallies, rule, span) if agrees(c.n)]
    if not changes:
        dropped = _droppable(tallies, rule, span, lambda n: agrees(observed - n))
        if dropped:
            return f"without {dropped} it agrees"
        changes = [c for c in _shifts(tallies, rule, span) if agrees(c.n)]
    if not changes:
        move = f"{abs(observed - value):g} must {'go' if observed > value else 'come'}"
        return f"no single change of rule, launch or day agrees: {move}"
    before = _launch_names(tallies, rule, span)
    moves = [_moves(tallies, rule, change, before) for change in changes]
    best = min(range(len(changes)), key=lambda i: sum(map(len, moves[i])))
    return f"{changes[best].label} gives {changes[best].n}{_say_moves(*moves[best])}"


def _changes(tallies: Tallies, rule: CountRule, span: Span) -> Iterator[_Change]:
    """Try each single change of the rule."""
    for label, other, counts in tallies.countable(rule, _other_rules(rule)):
        yield _Change(label, counts.between(span), other, span, [])
    extra = _undated(tallies, rule, span) if rule.unit != "missile" else []
    if extra:
        n = tallies.count(rule, span) + len(extra)
        label = "counting launches known only by month or year as one each"
        yield _Change(label, n, rule, span, extra)


def _shifts(tallies: Tallies, rule: CountRule, span: Span) -> Iterator[_Change]:
    """Try each single change of the period, at one of its ends."""
    start, end = span
    first, last, after = as_dates(np.array([start, end, end + 1])).astype("datetime64[D]")
    spans = []
    if start < end:
        spans += [
            (f"ending a day earlier, without {last},", (start, end - 1)),
            (f"starting a day later, without {first},", (start + 1, end)),
        ]
    spans.append((f"ending a day later, with {after},", (start, end + 1)))
    for label, other in spans:
        yield _Change(label, tallies.count(rule, other), rule, other, [])


def _other_rules(rule: CountRule) -> Iterator[tuple[str, CountRule]]:
    """Vary one thing of a rule."""
    if rule.outcomes is None:
        yield "leaving failures out", replace(rule, outcomes=("success", "unknown"))
    else:
        yield "counting failures too", replace(rule, outcomes=None)
    if not (rule.klasses or rule.systems):
        yield from _other_families(rule)
    for source, words in _FOLLOWED.items():
        if source != rule.source:
            yield f"following {words}", replace(rule, source=source)
    for calendar, words in _CALENDARS.items():
        if calendar != rule.calendar:
            yield f"counting by {words} dates", replace(rule, calendar=calendar)
    for unit in ("missile", "salvo", "day"):
        if unit != rule.unit:
            yield f"counting each {unit}", replace(rule, unit=unit, each=None)


def _other_families(rule: CountRule) -> Iterator[tuple[str, CountRule]]:
    """Add a family to a rule, or take one away."""
    families = tuple(rule.families)
    for family, words in _FAMILIES.items():
        if family not in families:
            yield f"counting {words} too", replace(rule, families=(*families, family))
        elif len(families) > 1:
            fewer = tuple(f for f in families if f != family)
            yield f"leaving {words} out", replace(rule, families=fewer)


def _moves(
    tallies: Tallies, rule: CountRule, change: _Change, before: set[str]
) -> tuple[list[str], list[str]]:
    """Name the launches that go and those that come with a change."""
    if change.rule.unit != rule.unit:
        return [], []
    after = _launch_names(tallies, change.rule, change.span)
    return sorted(before - after), sorted(after - before) + change.extra


def _launch_names(tallies: Tallies, rule: CountRule, span: Span) -> set[str]:
    """Name the launches that a count rests on; by days, only one set a day can change."""
    names = tallies.names
    if names is None:
        return set()
    days, places = tallies.rows(rule).between(span)
    if rule.unit == "day":
        # the first of each day stands, since it is written last
        places = list(dict(zip(reversed(days), reversed(places), strict=True)).values())
    return {names[place] for place in places}


def _undated(tallies: Tallies, rule: CountRule, span: Span) -> list[str]:
    """Name the launches of the period known only by month or year."""
    if tallies.names is None:
        return []
    every = _each_missile(rule)
    _, places = tallies.rows(every, dated=False).between(span)
    return sorted(tallies.names[place] for place in places)


@lru_cache(maxsize=1024)
def _each_missile(rule: CountRule) -> CountRule:
    return replace(rule, unit="missile", each=None, calendar="Asia/Seoul")


def _say_moves(gone: list[str], come: list[str]) -> str:
    """Say which launches go and come."""
    moves = ((gone, "must go"), (come, "must come"))
    parts = [f"{few(ids, _MOST)} {words}" for ids, words in moves if ids]
    return f": {'; '.join(parts)}" if parts else ""


def _droppable(
    tallies: Tallies, rule: CountRule, span: Span, agrees_without: Callable[[int], bool]
) -> str:
    """Name up to three doubtful launches without which the count agrees, the fewest first."""
    units = sorted(_units(tallies, rule, span))[:_DOUBTFUL]
    missiles = np.array([unit.missiles for unit in units], dtype=np.int64)
    doubts = np.array([-unit.doubts for unit in units], dtype=np.int64)
    for size in range(1, min(3, len(units)) + 1):
        picks = _picks(len(units), size)
        gone = missiles[picks].sum(axis=1)
        fits = np.isin(gone, [n for n in set(gone.tolist()) if agrees_without(n)])
        if fits.any():
            best = np.where(fits, doubts[picks].sum(axis=1), -1).argmax()
            return " and ".join(f"{units[i].name} ({units[i].why})" for i in picks[best])
    return ""


@lru_cache(maxsize=1024)
def _picks(n: int, size: int) -> np.ndarray:
    """Return all choices of some of n places."""
    return np.array(list(combinations(range(n), size)))


def _units(tallies: Tallies, rule: CountRule, span: Span) -> Iterator[_Unit]:
    """Yield what a rule counts in a period, where all launches of it share a doubt."""
    names = tallies.names
    if names is None:
        return
    days, places = tallies.rows(rule).between(span)
    together: dict[str | int, list[int]] = defaultdict(list)
    for key, place in zip(_keys(tallies, rule, days, places), places, strict=True):
        together[key].append(place)
    for key, its in together.items():
        first, *others = (tallies.doubts[place] for place in its)
        shared = [words for words in first if all(words in other for other in others)]
        if shared:
            n = tallies.missiles[its[0]] if rule.unit == "missile" else 1
            yield _Unit(-len(shared), key, n, names[its[0]], ", ".join(shared))


def _keys(
    tallies: Tallies, rule: CountRule, days: list[int], places: list[int]
) -> Sequence[str | int]:
    """Return what each row is counted as."""
    if rule.unit == "day":
        return days
    words = tallies.names if rule.unit == "missile" else tallies.salvos(rule)
    return [words[place] for place in places] if words else []

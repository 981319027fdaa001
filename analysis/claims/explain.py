"""Why a count differs from the one published: which launches would have to go or come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

import pandas as pd

from ..counting import Bounds, CountRule, Tally, counted_rows, in_period, make_tally, ready
from ..counting.periods import DAY
from ..record.schema import ANNOUNCERS
from .cells import few

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
#: Why others may count a launch otherwise: column, value, words.
_DOUBTS = (
    ("outcome", "failure", "failed"),
    ("missiles_exact", False, "number uncertain"),
    *(
        (who.column, False, f"not in {who.name}")
        if who.gives == "list"
        else (who.column, 0, f"not announced by {who.name}")
        for who in ANNOUNCERS.values()
    ),
)


class Tallies:
    """The launches, and the tally of each rule, made once."""

    def __init__(self, launches: pd.DataFrame) -> None:
        self.launches = launches
        self._known: dict[CountRule, Tally] = {}

    def count(self, rule: CountRule, bounds: Bounds) -> int:
        """Count a period; a ValueError says which column the rule misses."""
        if rule not in self._known:
            self._known[rule] = make_tally(ready(self.launches, rule), rule)
        return in_period(self._known[rule], bounds)[0]


class _Change(NamedTuple):
    """One change of rule or period, and what it gives."""

    label: str
    n: int
    rule: CountRule
    bounds: Bounds
    extra: list[str]  # launches that come besides


def explain_difference(
    tallies: Tallies, rule: CountRule, bounds: Bounds, value: float, agrees: Callable[[int], bool]
) -> str:
    """Say which launches must go or come for the count to agree.

    Single changes of the rule are tried first, then leaving out the launches most open to
    doubt, then a period a day longer or shorter.
    """
    observed = tallies.count(rule, bounds)
    changes = [c for c in _changes(tallies, rule, bounds) if agrees(c.n)]
    if not changes:
        dropped = _droppable(tallies.launches, rule, bounds, lambda n: agrees(observed - n))
        if dropped:
            return f"without {dropped} it agrees"
        changes = [c for c in _shifts(tallies, rule, bounds) if agrees(c.n)]
    if not changes:
        move = f"{abs(observed - value):g} must {'go' if observed > value else 'come'}"
        return f"no single change of rule, launch or day agrees: {move}"
    before = _launch_names(tallies.launches, rule, bounds)
    moves = [_moves(tallies.launches, rule, change, before) for change in changes]
    best = min(range(len(changes)), key=lambda i: sum(map(len, moves[i])))
    return f"{changes[best].label} gives {changes[best].n}{_say_moves(*moves[best])}"


def _changes(tallies: Tallies, rule: CountRule, bounds: Bounds) -> Iterator[_Change]:
    """Try each single change of the rule."""
    for label, other in _other_rules(rule):
        try:
            n = tallies.count(other, bounds)
        except ValueError:  # a column that only the other rule needs is missing
            continue
        yield _Change(label, n, other, bounds, [])
    extra = _undated(tallies.launches, rule, bounds) if rule.unit != "missile" else []
    if extra:
        n = tallies.count(rule, bounds) + len(extra)
        label = "counting launches known only by month or year as one each"
        yield _Change(label, n, rule, bounds, extra)


def _shifts(tallies: Tallies, rule: CountRule, bounds: Bounds) -> Iterator[_Change]:
    """Try each single change of the period, at one of its ends."""
    start, end = bounds
    spans = []
    if start < end:
        spans += [
            (f"ending a day earlier, without {end:%Y-%m-%d},", (start, end - DAY)),
            (f"starting a day later, without {start:%Y-%m-%d},", (start + DAY, end)),
        ]
    spans.append((f"ending a day later, with {end + DAY:%Y-%m-%d},", (start, end + DAY)))
    for label, span in spans:
        yield _Change(label, tallies.count(rule, span), rule, span, [])


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
    launches: pd.DataFrame, rule: CountRule, change: _Change, before: set[str]
) -> tuple[list[str], list[str]]:
    """Name the launches that go and those that come with a change."""
    if change.rule.unit != rule.unit:
        return [], []
    after = _launch_names(launches, change.rule, change.bounds)
    return sorted(before - after), sorted(after - before) + change.extra


def _launch_names(launches: pd.DataFrame, rule: CountRule, bounds: Bounds) -> set[str]:
    """Name the launches that a count rests on; by days, only one set a day can change."""
    rows = counted_rows(launches, rule, start=bounds[0], end=bounds[1])
    if rule.unit != "day" or "launch_id" not in rows:
        return set(rows.get("launch_id", pd.Series(dtype="str")))
    return set(rows.groupby("counted_on")["launch_id"].first())


def _undated(launches: pd.DataFrame, rule: CountRule, bounds: Bounds) -> list[str]:
    """Name the launches of the period known only by month or year."""
    undated = launches[launches["date_precision"] != "day"].assign(date_precision="day")
    if undated.empty:
        return []
    every = replace(rule, unit="missile", each=None, calendar="Asia/Seoul")
    return sorted(_launch_names(undated, every, bounds))


def _say_moves(gone: list[str], come: list[str]) -> str:
    """Say which launches go and come."""
    moves = ((gone, "must go"), (come, "must come"))
    parts = [f"{few(ids, _MOST)} {words}" for ids, words in moves if ids]
    return f": {'; '.join(parts)}" if parts else ""


def _droppable(
    launches: pd.DataFrame, rule: CountRule, bounds: Bounds, agrees_without: Callable[[int], bool]
) -> str:
    """Name up to three doubtful launches without which the count agrees, the fewest first."""
    rows = counted_rows(launches, rule, start=bounds[0], end=bounds[1])
    by = {"missile": "launch_id", "salvo": "salvo_id", "day": "counted_on"}[rule.unit]
    if rows.empty or not {"launch_id", by} <= set(rows):
        return ""
    rows = rows.assign(doubts=_doubts(rows))
    units = rows.groupby(by, sort=True).agg(
        n=("missiles", "sum"), launch_id=("launch_id", "first"), doubts=("doubts", _shared)
    )
    units = units[units["doubts"] != ""]
    if rule.unit != "missile":
        units["n"] = 1
    units["doubt"] = units["doubts"].str.count(",") + 1
    units = units.sort_values("doubt", ascending=False, kind="stable").head(_DOUBTFUL)
    n, doubt = units["n"].to_numpy(), units["doubt"].to_numpy()
    for size in (1, 2, 3):
        picks = [list(pick) for pick in combinations(range(len(units)), size)]
        fits = [pick for pick in picks if agrees_without(int(n[pick].sum()))]
        if fits:
            best = units.iloc[max(fits, key=lambda pick: doubt[pick].sum())]
            pairs = zip(best["launch_id"], best["doubts"], strict=True)
            return " and ".join(f"{name} ({doubts})" for name, doubts in pairs)
    return ""


def _shared(doubts: pd.Series) -> str:
    """Keep the doubts that all launches of a unit share."""
    every = [set(text.split(", ")) for text in doubts]
    return ", ".join(word for word in doubts.iloc[0].split(", ") if all(word in e for e in every))


def _doubts(rows: pd.DataFrame) -> pd.Series:
    """Say of each launch why others may count it otherwise."""
    doubts = pd.Series("", index=rows.index)
    for column, value, words in _DOUBTS:
        if column in rows:
            hit = (rows[column] == value).fillna(False).astype(bool)
            doubts = doubts.where(~hit, doubts + ", " + words)
    return doubts.str.removeprefix(", ")

"""Why a count differs from the one published: which launches would have to go or come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

import pandas as pd

from ..counting import Bounds, CountRule, Tally, counted_rows, in_period, make_tally

_DAY = pd.Timedelta(days=1)
_MOST = 6  # launches named in a reason
Agrees = Callable[[int], bool]


class Change(NamedTuple):
    """One change of rule or period, and what it gives."""

    label: str
    n: int
    rule: CountRule
    bounds: Bounds
    extra: list[str]  # launches that come besides


def tally_of(launches: pd.DataFrame, rule: CountRule, known: dict[CountRule, Tally]) -> Tally:
    """Return the tally of a rule, made once."""
    if rule not in known:
        known[rule] = make_tally(launches, rule)
    return known[rule]


def explain(
    launches: pd.DataFrame,
    rule: CountRule,
    bounds: Bounds,
    observed: int,
    stated: str,
    excess: float,
    agrees: Agrees,
    known: dict[CountRule, Tally],
) -> str:
    """Say which launches must go or come for the count to agree.

    Single changes of the rule are tried first, then leaving out the launches most open to
    doubt, then a period a day longer or shorter.
    """
    changes = [c for c in _changes(launches, rule, bounds, known) if agrees(c.n)]
    head = f"{observed} counted, {stated} stated"
    if not changes:
        dropped = _droppable(launches, rule, bounds, observed, agrees)
        if dropped:
            return f"{head}; without {dropped} it agrees"
        changes = [c for c in _shifts(launches, rule, bounds, known) if agrees(c.n)]
    if not changes:
        move = f"{abs(excess):g} must {'go' if excess > 0 else 'come'}"
        return f"{head}; no single change of rule, launch or day agrees: {move}"
    before = _named(launches, rule, bounds)
    moves = [_moves(launches, rule, change, before) for change in changes]
    best = min(range(len(changes)), key=lambda i: sum(map(len, moves[i])))
    return f"{head}; {changes[best].label} gives {changes[best].n}{_moved(*moves[best])}"


def _changes(
    launches: pd.DataFrame, rule: CountRule, bounds: Bounds, known: dict[CountRule, Tally]
) -> Iterator[Change]:
    """Try each single change of the rule."""
    for label, other in _other_rules(rule):
        try:
            n, _ = in_period(tally_of(launches, other, known), bounds)
        except ValueError:  # a column that only the other rule needs is missing
            continue
        yield Change(label, n, other, bounds, [])
    extra = _undated(launches, rule, bounds) if rule.unit != "missile" else []
    if extra:
        n, _ = in_period(tally_of(launches, rule, known), bounds)
        label = "counting launches known only by month or year as one each"
        yield Change(label, n + len(extra), rule, bounds, extra)


def _shifts(
    launches: pd.DataFrame, rule: CountRule, bounds: Bounds, known: dict[CountRule, Tally]
) -> Iterator[Change]:
    """Try each single change of the period."""
    for label, span in _other_periods(bounds):
        n, _ = in_period(tally_of(launches, rule, known), span)
        yield Change(label, n, rule, span, [])


def _moves(
    launches: pd.DataFrame, rule: CountRule, change: Change, before: set[str]
) -> tuple[list[str], list[str]]:
    """Name the launches that go and those that come with a change."""
    if change.rule.unit != rule.unit:
        return [], []
    after = _named(launches, change.rule, change.bounds)
    return sorted(before - after), sorted(after - before) + change.extra


def _other_rules(rule: CountRule) -> Iterator[tuple[str, CountRule]]:
    """Vary one thing of a rule."""
    families = tuple(rule.families)
    if rule.outcomes is None:
        yield "leaving failures out", replace(rule, outcomes=("success", "unknown"))
    else:
        yield "counting failures too", replace(rule, outcomes=None)
    for family, words in (
        ("space", "space rockets"),
        ("cruise", "cruise missiles"),
        ("air_defence", "surface-to-air missiles"),
        ("rocket_artillery", "rocket artillery"),
    ):
        if rule.klasses or rule.systems:
            break
        if family not in families:
            yield f"counting {words} too", replace(rule, families=(*families, family))
        elif len(families) > 1:
            fewer = tuple(f for f in families if f != family)
            yield f"leaving {words} out", replace(rule, families=fewer)
    for source, words in (
        (None, "following the whole record"),
        ("cns", "following CNS"),
        ("csis", "following CSIS"),
        ("tokyo", "following Tokyo's announcements"),
        ("seoul", "following Seoul's announcements"),
    ):
        if source != rule.source:
            yield words, replace(rule, source=source)
    for calendar, words in (
        ("Asia/Seoul", "Korean dates"),
        ("UTC", "UTC dates"),
        ("America/New_York", "US Eastern dates"),
    ):
        if calendar != rule.calendar:
            yield f"counting by {words}", replace(rule, calendar=calendar)
    for unit, words in (("missile", "each missile"), ("salvo", "each salvo"), ("day", "each day")):
        if unit != rule.unit:
            yield f"counting {words}", replace(rule, unit=unit, each=None)


def _other_periods(bounds: Bounds) -> Iterator[tuple[str, Bounds]]:
    """Vary one end of a period by a day."""
    start, end = bounds
    if start < end:
        yield f"ending a day earlier, without {end:%Y-%m-%d},", (start, end - _DAY)
        yield f"starting a day later, without {start:%Y-%m-%d},", (start + _DAY, end)
    yield f"ending a day later, with {end + _DAY:%Y-%m-%d},", (start, end + _DAY)


def _named(launches: pd.DataFrame, rule: CountRule, bounds: Bounds) -> set[str]:
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
    return sorted(_named(undated, every, bounds))


def _moved(gone: list[str], come: list[str]) -> str:
    """Say which launches go and come."""
    parts = []
    for ids, words in ((gone, "must go"), (come, "must come")):
        if ids:
            more = f" and {len(ids) - _MOST} more" if len(ids) > _MOST else ""
            parts.append(f"{', '.join(ids[:_MOST])}{more} {words}")
    return f": {'; '.join(parts)}" if parts else ""


def _droppable(
    launches: pd.DataFrame, rule: CountRule, bounds: Bounds, observed: int, agrees: Agrees
) -> str:
    """Name up to three doubtful launches without which the count agrees, the fewest first."""
    rows = counted_rows(launches, rule, start=bounds[0], end=bounds[1])
    if rows.empty or "launch_id" not in rows:
        return ""
    by = {"missile": "launch_id", "salvo": "salvo_id", "day": "counted_on"}[rule.unit]
    if by not in rows:
        return ""
    rows = rows.assign(marks=_marks(rows))
    units = rows.groupby(by, sort=True).agg(
        n=("missiles", "sum"), launch_id=("launch_id", "first"), marks=("marks", _shared)
    )
    units = units[units["marks"] != ""]
    if rule.unit != "missile":
        units["n"] = 1
    units["doubt"] = units["marks"].str.count(",") + 1
    units = units.sort_values("doubt", ascending=False, kind="stable").head(12)
    for size in (1, 2, 3):
        fits = [
            list(pick)
            for pick in combinations(range(len(units)), size)
            if agrees(observed - int(units["n"].iloc[list(pick)].sum()))
        ]
        if fits:
            best = units.iloc[max(fits, key=lambda pick: units["doubt"].iloc[pick].sum())]
            pairs = zip(best["launch_id"], best["marks"], strict=True)
            return " and ".join(f"{name} ({marks})" for name, marks in pairs)
    return ""


def _shared(marks: pd.Series) -> str:
    """Keep the doubts that all launches of a unit share."""
    every = [set(text.split(", ")) for text in marks]
    return ", ".join(word for word in marks.iloc[0].split(", ") if all(word in e for e in every))


def _marks(rows: pd.DataFrame) -> pd.Series:
    """Say of each launch why others may count it otherwise."""
    marks = pd.Series("", index=rows.index)
    for column, value, words in (
        ("outcome", "failure", "failed"),
        ("missiles_exact", False, "number uncertain"),
        ("in_cns", False, "not in CNS"),
        ("in_csis", False, "not in CSIS"),
        ("tokyo_missiles", 0, "not announced by Tokyo"),
        ("seoul_missiles", 0, "not announced by Seoul"),
    ):
        if column in rows:
            hit = (rows[column] == value).fillna(False).astype(bool)
            marks = marks.where(~hit, marks + ", " + words)
    return marks.str.removeprefix(", ")

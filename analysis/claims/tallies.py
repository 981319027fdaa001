"""Launches under every rule that claims are held against: each rule is counted once a call."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..counting import Bounds, CountRule, day_numbers, make_tally, passes, ready
from ..counting.tally import local_days
from ..counting.vintages import listed_launches
from ..record.load import load_vintages
from ..record.schema import ANNOUNCERS
from ..record.vintages import states_of

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
#: First and last day of a period, as whole days since 1970.
Span = tuple[int, int]


class Counts(NamedTuple):
    """What a rule counts: units up to each day, and those known by month or year alone."""

    days: list[int]
    up_to: list[int]  # units up to each of the days, from none on
    undated: list[tuple[int, int, int]]  # first and last possible day, units

    def between(self, span: Span) -> int:
        """Add up a period."""
        low, high = bisect_left(self.days, span[0]), bisect_right(self.days, span[1])
        n = self.up_to[high] - self.up_to[low]
        for first, last, units in self.undated:
            if first >= span[0] and last <= span[1]:
                n += units
        return n


class TalliedRows(NamedTuple):
    """The rows of day precision that a rule counts, in order of day and launch."""

    days: list[int]
    places: list[int]

    def between(self, span: Span) -> tuple[list[int], list[int]]:
        """Return the days and places of a period."""
        low, high = bisect_left(self.days, span[0]), bisect_right(self.days, span[1])
        return self.days[low:high], self.places[low:high]


def span_of(bounds: Bounds) -> Span:
    """Return a period as whole days since 1970."""
    first, last = day_numbers(bounds).tolist()
    return first, last


class Tallies:
    """Some checked launches, and what each rule counts of them, made once."""

    def __init__(self, launches: pd.DataFrame) -> None:
        self.launches = launches
        self.names = launches["launch_id"].tolist() if "launch_id" in launches else None
        self._counts: dict[CountRule, Counts | str] = {}
        self._countable: dict[object, list[tuple[str, CountRule, Counts]]] = {}
        self._rows: dict[tuple[CountRule, bool], TalliedRows] = {}
        self._order: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self._salvos: dict[str | None, list[str]] = {}
        self._held: frozenset[str] | None = None
        self._days: dict[str, list[pd.Timestamp]] = {}
        self._states: dict[tuple[str, pd.Timestamp], Tallies] = {}

    def of(self, rule: CountRule) -> Counts:
        """Return what a rule counts; a ValueError says which column it misses."""
        if rule not in self._counts:
            try:
                tally = make_tally(ready(self.launches, rule), rule)
            except ValueError as error:
                self._counts[rule] = str(error)
            else:
                undated = np.column_stack([tally.first, tally.last, tally.undated]).tolist()
                up_to = [0, *np.cumsum(tally.n).tolist()]
                self._counts[rule] = Counts(
                    tally.day.tolist(), up_to, [tuple(each) for each in undated if each[2]]
                )
        known = self._counts[rule]
        if isinstance(known, str):
            raise ValueError(known)
        return known

    def count(self, rule: CountRule, span: Span) -> int:
        """Count a period; a ValueError says which column the rule misses."""
        return self.of(rule).between(span)

    def countable(
        self, key: object, rules: Iterable[tuple[str, CountRule]]
    ) -> list[tuple[str, CountRule, Counts]]:
        """Return those of some named rules whose columns are there; remembered by the key."""
        if key not in self._countable:
            found = []
            for name, rule in rules:
                with suppress(ValueError):  # a column that only this rule needs is missing
                    found.append((name, rule, self.of(rule)))
            self._countable[key] = found
        return self._countable[key]

    def rows(self, rule: CountRule, *, dated: bool = True) -> TalliedRows:
        """Return the rows that a rule counts: those with a day, or those without."""
        if (rule, dated) not in self._rows:
            launches = ready(self.launches, rule)
            has_day = (launches["date_precision"] == "day").to_numpy(dtype=bool)
            keep = passes(launches, rule) & (has_day == dated)
            day, order = self._in_order(launches, rule.calendar)
            places = order[keep[order]]
            self._rows[rule, dated] = TalliedRows(day[places].tolist(), places.tolist())
        return self._rows[rule, dated]

    def salvos(self, rule: CountRule) -> list[str]:
        """Return the salvo of each row, for a rule that counts them."""
        if rule.each not in self._salvos:
            self._salvos[rule.each] = ready(self.launches, rule)["salvo_id"].tolist()
        return self._salvos[rule.each]

    @cached_property
    def missiles(self) -> list[int]:
        """The missiles of each row."""
        return self.launches["missiles"].tolist()

    @cached_property
    def doubts(self) -> list[list[str]]:
        """Why others may count each row otherwise."""
        found: list[list[str]] = [[] for _ in range(len(self.launches))]
        for column, value, words in _DOUBTS:
            if column in self.launches:
                hit = (self.launches[column] == value).fillna(False).to_numpy(dtype=bool)
                for place in np.flatnonzero(hit):
                    found[place].append(words)
        return found

    def days_known(self, database: str) -> list[pd.Timestamp]:
        """Return the days on which states of a database were seen, in order."""
        if database not in self._days:
            self._days[database] = states_of(load_vintages(), database)["date"].tolist()
        return self._days[database]

    def holds(self, name: str) -> bool:
        """Whether a launch is among these."""
        if self._held is None:
            self._held = frozenset(self.names or ())
        return name in self._held

    def as_of(self, database: str, day: pd.Timestamp) -> Tallies:
        """Return what a database listed on a day."""
        if (database, day) not in self._states:
            self._states[database, day] = Tallies(listed_launches(database, day))
        return self._states[database, day]

    def _in_order(self, launches: pd.DataFrame, calendar: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the day of each row in a calendar, and the places in order of day and launch."""
        if calendar not in self._order:
            day = local_days(launches, calendar)
            rank = pd.factorize(pd.Series(self.names or [0] * len(day)), sort=True)[0]
            self._order[calendar] = day, np.lexsort((rank, day))
        return self._order[calendar]

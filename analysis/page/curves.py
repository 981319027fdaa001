"""What every rule counts in every year, day by day, and the sentences that say it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..counting import RULES, CountRule, day_numbers, describe_count, make_tally, passes, ready
from ..counting.periods import covered_days
from ..counting.tally import Tally, add_up
from ..record.load import load_coverage


class Curve(NamedTuple):
    """One year under one rule: the days on which the count changes, and the new counts."""

    days: tuple[int, ...]  # from 1, the first of January
    counts: tuple[int, ...]
    least_from: int  # first day from which the count is a lower bound; 0: never

    def packed(self) -> list[int]:
        """Return the curve as one list: `least_from`, then day, count, day, count."""
        steps = [number for step in zip(self.days, self.counts, strict=True) for number in step]
        return [self.least_from, *steps]


def all_rules(launches: pd.DataFrame) -> dict[str, Any]:
    """Return the curves of every rule and year, each distinct one once, and the rules.

    Parameters
    ----------
    launches : DataFrame
        The record, as from ``load_launches()``.

    Returns
    -------
    dict
        ``curves``, each packed; ``rules``, one entry a rule: its name, the first year, for every
        year the place of its curve, its sentences and, in hexadecimal, the rows that it counts.
    """
    places: dict[Curve, int] = {}
    rules = []
    for name, rule in RULES.items():
        first, curves = _curves(launches, rule)
        entry = {
            "name": name,
            "first": first,
            "curves": [places.setdefault(curve, len(places)) for curve in curves],
            "sentences": _sentences(launches, name, first, curves),
            "rows": np.packbits(passes(ready(launches, rule), rule)).tobytes().hex(),
        }
        rules.append(entry)
    return {"curves": [curve.packed() for curve in places], "rules": rules}


def _curves(launches: pd.DataFrame, rule: CountRule) -> tuple[int, list[Curve]]:
    """Return the first year that a rule can count, and the curves of it and all later years."""
    covered = covered_days(rule, None)
    assert covered is not None  # the record's own coverage was asked for
    tally = make_tally(ready(launches, rule), rule)
    years = [year for year in pd.period_range(*covered, freq="Y") if year.start_time >= covered[0]]
    return years[0].year, [_curve(tally, year, covered[1]) for year in years]


def _curve(tally: Tally, year: pd.Period, last: pd.Timestamp) -> Curve:
    days = day_numbers(pd.date_range(year.start_time, min(year.end_time, last)))
    n, exact = add_up(tally, np.full(len(days), days[0]), days)
    changes = np.flatnonzero(np.diff(n, prepend=0))
    least_from = 0 if exact.all() else int(np.argmin(exact)) + 1
    return Curve(tuple((changes + 1).tolist()), tuple(n[changes].tolist()), least_from)


def _sentences(
    launches: pd.DataFrame, rule: str, first: int, curves: list[Curve]
) -> dict[str, str]:
    """Return the sentences of a rule with {day} and {n} to be filled in.

    A sentence follows from its day, its number, whether that is none or one and whether it is a
    lower bound. Each kind is read off the sentence of a day on which it is said, and left out
    where it says what every other number has.
    """
    said: dict[str, tuple[int, pd.Timestamp]] = {}
    for year, curve in enumerate(curves, first):
        for day in {1, *curve.days, *([curve.least_from] if curve.least_from else [])}:
            n = ([0, *curve.counts])[int(np.searchsorted(curve.days, day, side="right"))]
            least = 0 < curve.least_from <= day
            kind = f"{n if n < 2 else 'n'}{'+' if least else ''}"
            date = pd.Timestamp(year, 1, 1) + pd.Timedelta(days=day - 1)
            said[kind] = max(said.get(kind, (n, date)), (n, date))
    coverage = load_coverage()  # once: a sentence would read it anew
    found = {
        kind: _template(describe_count(launches, rule, as_of=date, coverage=coverage), n, date)
        for kind, (n, date) in sorted(said.items())
    }
    usual = {found.get("n"), found.get("n+")}
    return {kind: text for kind, text in found.items() if kind[0] == "n" or text not in usual}


def _template(sentence: str, n: int, date: pd.Timestamp) -> str:
    """Put {day} and {n} in the places of a day and a number, each of which stands there once."""
    day, number = f"{date.day} {date:%B %Y}", f" {n:,} "
    parts = sentence.replace(day, "{day}").split(number)
    if len(parts) != 2 or sentence.count(day) != 1:
        raise ValueError(f"expected the day and {n} once each in the sentence: {sentence}")
    return " {n} ".join(parts)

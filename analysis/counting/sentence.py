"""A count in a sentence that a reporter could print."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..record.days import Day, as_day
from ..record.notes import in_dates_of, notes_of, who_launched
from .periods import Bounds, Coverage, coverage_of, period_bounds, spoken_days
from .rules import CountRule, dates_text, each_text, missiles_text, resolve_rule, space_text
from .tally import in_period, is_state, make_tally, ready


def describe_count(
    launches: pd.DataFrame,
    rule: CountRule | str,
    *,
    as_of: Day,
    who: str | None = None,
    coverage: Coverage = None,
) -> str:
    """Say the year's count so far in a sentence that a reporter could print.

    Parameters
    ----------
    launches, rule, coverage
        As in `count`.
    as_of : date-like
        Last day counted; the first is 1 January of its year.
    who : str, optional
        Whose launches they are; by default who the table says, if it does (see `as_launches`).

    Returns
    -------
    str
        The sentence, without a full stop; "at least" where a lower bound or a row known only
        by month or year enters, or days of which the record does not speak; those are named.
        Of another database as it once stood it ends with that day; with rows added (see
        `load_launches`), with how many of them it counts among.

    Raises
    ------
    ValueError
        As `count`.

    Examples
    --------
    >>> from analysis import load_launches
    >>> print(describe_count(load_launches(), "cruise_days", as_of="2022-11-09"))
    By 9 November 2022 North Korea had fired cruise missiles on 3 days this year (Korean dates)
    """
    rule = resolve_rule(rule)
    end = as_day(as_of, "as_of")
    covered = coverage_of(launches, coverage)
    bounds = period_bounds(pd.Timestamp(end.year, 1, 1), end, rule, coverage=covered)
    n, exact = in_period(make_tally(ready(launches, rule), rule), bounds)
    unknown = "" if is_state(launches) else _unknown(launches, rule, bounds)
    did, *noun = notes_of(launches).get("did") or ("fired",)
    counted, when = _counted(rule, n, at_least(n, exact and not unknown), noun)
    who = who or who_launched(launches, rule.countries)
    done = f"{who} had {did} {counted}" if who else f"{counted} had been {did}"
    dates = in_dates_of(dates_text(rule), launches)
    sentence = f"By {_in_words(end)} {done}{when} ({dates}){'' if noun else space_text(rule)}"
    if is_state(launches):
        return f"{sentence}, as known on {_in_words(launches.attrs['record']['state_of'])}"
    return sentence + _added(launches, end) + unknown


def at_least(n: int, exact: bool) -> str:
    """Write a count, with "at least" where a lower bound enters.

    Examples
    --------
    >>> at_least(1234, exact=True), at_least(61, exact=False)
    ('1,234', 'at least 61')
    """
    return f"{n:,}" if exact else f"at least {n:,}"


def at_the_latest(day: pd.Timestamp, exact: bool) -> str:
    """Write the day on which a number was reached, or by which it was where it is a lower bound.

    Examples
    --------
    >>> at_the_latest(pd.Timestamp(2026, 4, 8), exact=False)
    'by 8 April 2026 at the latest'
    """
    return _in_words(day) if exact else f"by {_in_words(day)} at the latest"


def _counted(rule: CountRule, n: int, number: str, noun: Sequence[str]) -> tuple[str, str]:
    """Say what was fired, and on how many days or how many times this year."""
    many = missiles_text(rule, noun=noun)
    if rule.unit == "missile":
        return f"{number} {missiles_text(rule, n, noun)}", " this year"
    times = "time" if n == 1 else "times"
    if rule.unit == "salvo":
        return many, f" {number} {times} this year"
    if rule.each:
        return many, f" {number} {times} this year, each {each_text(rule)} once a day"
    return many, f" on {number} {'day' if n == 1 else 'days'} this year"


def _added(launches: pd.DataFrame, end: pd.Timestamp) -> str:
    """Say how many rows of the year were added to the record."""
    days = [pd.Timestamp(day) for day in notes_of(launches).get("added", ())]
    n = sum(day.year == end.year and day <= end for day in days)
    return f", with {n} {'launch' if n == 1 else 'launches'} added by hand" if n else ""


def _unknown(launches: pd.DataFrame, rule: CountRule, bounds: Bounds) -> str:
    """Say which days of a period the record does not speak of, if any."""
    spoken = spoken_days(launches, rule)
    if spoken is None:
        return ""
    ends = bounds[1] > spoken[1]
    if not ends and bounds[0] >= spoken[0]:
        return ""
    edge, day = ("ends", spoken[1]) if ends else ("begins", spoken[0])
    if "added" in notes_of(launches):
        side = "after" if ends else "before"
        return f"; only added launches are known {side} {_in_words(day)}, where the record {edge}"
    side = "later" if ends else "earlier"
    return f"; the record {edge} on {_in_words(day)}, and {side} days are not covered"


def _in_words(day: str | pd.Timestamp) -> str:
    """Write a day in words."""
    day = pd.Timestamp(day)
    return f"{day.day} {day:%B %Y}"

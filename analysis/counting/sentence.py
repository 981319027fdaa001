"""A count in a sentence that a reporter could print."""

from __future__ import annotations

import pandas as pd

from ..record.days import Day, as_day
from ..record.load import last_day
from ..record.notes import in_dates_of, notes_of
from .periods import Coverage, coverage_of, period_bounds
from .rules import CountRule, kinds_text, resolve_rule
from .tally import in_period, is_state, make_tally, ready

#: Said of a count that goes past the record's end.
_ONLY_ADDED = "only added launches are known after "


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
        by month or year enters, or days after the record's end that only rows added speak of.
        Of another database as it once stood it ends with that day; with rows added (see
        `load_launches`), with how many of them it counts among.

    Raises
    ------
    ValueError
        As `count`.

    Examples
    --------
    >>> from analysis import load_launches
    >>> print(describe_count(load_launches(), "ballistic_days", as_of="2022-11-09"))
    By 9 November 2022 North Korea had launched missiles on 29 days, ballistic, Korean dates
    """
    rule = resolve_rule(rule)
    end = as_day(as_of, "as_of")
    covered = coverage_of(launches, coverage)
    bounds = period_bounds(pd.Timestamp(end.year, 1, 1), end, rule, coverage=covered)
    n, exact = in_period(make_tally(ready(launches, rule), rule), bounds)
    added = _as_added(launches, end)
    exact = exact and _ONLY_ADDED not in added
    number = f"{n:,}" if exact else f"at least {n:,}"
    who = who or notes_of(launches).get("who")
    had = f"{who} had launched" if who else "there had been launches of"
    done = {
        "day": f"missiles on {number} {'day' if n == 1 else 'days'}",
        "salvo": f"missiles {number} {'time' if n == 1 else 'times'}",
        "missile": f"{number} {'missile' if n == 1 else 'missiles'}",
    }[rule.unit]
    kinds = in_dates_of(kinds_text(rule), launches)
    sentence = f"By {end.day} {end:%B %Y} {had} {done}, {kinds}"
    return sentence + (_as_known(launches) if is_state(launches) else added)


def _as_added(launches: pd.DataFrame, end: pd.Timestamp) -> str:
    """Say how many rows of the year were added to the record, and whether its end is passed."""
    days = [pd.Timestamp(day) for day in notes_of(launches).get("added", ())]
    n = sum(day.year == end.year and day <= end for day in days)
    last = last_day()
    text = f", with {n} {'launch' if n == 1 else 'launches'} added by hand" if n else ""
    return f"{text}; {_ONLY_ADDED}{last.day} {last:%B %Y}" if days and end > last else text


def _as_known(launches: pd.DataFrame) -> str:
    """Say on which day a state of another database stood."""
    state = pd.Timestamp(launches.attrs["record"]["state_of"])
    return f", as known on {state.day} {state:%B %Y}"

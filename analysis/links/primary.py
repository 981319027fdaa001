"""Which null a test of events takes, by rule and not by result.

The rules were written after the record had been looked at; `event_study` answers under the other
choices too, by `null`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..series.pvalues import tail_shares
from ..series.strata import Days
from ..series.windows import Chosen, mark
from .nulls import LEAST_YEARS, LONG_WINDOW, null_values, whole_years
from .single import is_long

#: Days before an event in which a launch may have prompted it.
BEFORE = (-14, -1)
#: Launches came before events more often than chance if the one-sided p is below this.
_PRECEDED = 0.05
#: Share of their window days at which events return every year: permuting years moves nothing.
_SAME_DAYS = 0.9


class Primary(NamedTuple):
    """The null of a test, and why it was taken."""

    null: str
    null_reason: str


def primary_null(days: Days, chosen: Chosen, marks: np.ndarray, timing: str = "open") -> Primary:
    """Return the null that the rules give a group of events.

    Parameters
    ----------
    days : Days
        The record.
    chosen : Chosen
        The events used.
    marks : ndarray of float, shape (n_days,)
        1 on the days of their windows, else 0.
    timing : str
        "calendar" for events whose time of year is fixed beforehand, else "open".

    Notes
    -----
    In this order: events fixed in the calendar have their whole years permuted, which keeps any
    season, those of two weeks included; unless they fall on the same days each year, when
    permuting moves nothing. Where an event answers a launch, or launches came in the two weeks
    before events more often than chance, only the test that knows the recent launches keeps its
    size. A single window of a year or more is compared with the other stretches of the record,
    since it has few places to be shifted to. All else is shifted.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.series.strata import make_days
    >>> days = make_days(np.zeros(20), pd.date_range("2020-01-01", periods=20), ["month"])
    >>> first = np.array([3])
    >>> chosen = Chosen(first, first, 0, 0, 0, 0, n_answering=1)
    >>> primary_null(days, chosen, np.eye(20)[3]).null
    'given_recent_launches'
    """
    if timing == "calendar":
        if len(whole_years(days.calendar)) < LEAST_YEARS:
            return Primary("circular_shift", f"fixed in the calendar, under {LEAST_YEARS} years")
        if _same_days(days, marks):
            reason = "the same days every year: a link cannot be told from a season"
            return Primary("circular_shift", reason)
        return Primary("years_permuted", "fixed in the calendar")
    if chosen.n_answering:
        reason = f"{chosen.n_answering} of {len(chosen.first)} events answer a launch"
        return Primary("given_recent_launches", reason)
    if len(chosen.first) == 1 and is_long(marks):
        return Primary(LONG_WINDOW, "a single window of a year or more")
    before = mark(chosen, BEFORE, days.n_days)
    if before.any():
        values = null_values(days, before, statistic="launch_days")
        p_before = tail_shares(values, float(values[0]))[0]
        if p_before < _PRECEDED:
            reason = f"launches came in the two weeks before more often than chance: {p_before:.3f}"
            return Primary("given_recent_launches", reason)
    return Primary("circular_shift", "not fixed in the calendar, no answer to launches")


def _same_days(days: Days, marks: np.ndarray) -> bool:
    """Say whether the window's days return at the same place of nearly every year.

    Places are counted by month and day, or from 1 January: a week from 25 February ends a day
    earlier by name in leap years.
    """
    inside = marks > 0
    whole = len(np.unique(days.calendar.year))
    if len(np.unique(days.calendar.year[inside])) < whole:
        return False
    from_january = days.calendar.dates.day_of_year.to_numpy() - 1
    places = (days.calendar.place_in_year, from_january)
    returns = [np.bincount(place[inside]) for place in places]
    most = max(int(n[n >= _SAME_DAYS * whole].sum()) for n in returns)
    return most >= _SAME_DAYS * int(inside.sum())

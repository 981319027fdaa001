"""Whether a published count that disagrees today agrees with a database as it stood then."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pandas as pd

from ..counting import CountRule
from ..record.vintage_tables import DATABASES
from .tallies import Span, Tallies


class AsThen(NamedTuple):
    """The state of a database under which a count agrees."""

    day: pd.Timestamp
    n: int
    words: str


def agreement_as_then(
    tallies: Tallies,
    rule: CountRule,
    span: Span,
    published: pd.Timestamp | None,
    agrees: Callable[[int], bool],
) -> AsThen | None:
    """Find the state near the day of publication under which a count agrees.

    Two states are tried and no others: the last on or before the day of publication, and the
    first from that day on that holds the last launch counted.

    Parameters
    ----------
    tallies : Tallies
        The record.
    rule : CountRule
        The rule; only one that follows a database of which states are known can agree.
    span : tuple of int
        First and last day counted, as days since 1970.
    published : Timestamp or None
        Day of publication, where known.
    agrees : callable
        Whether a number agrees with the one stated.

    Returns
    -------
    AsThen or None
        The state and its count, or nothing.

    Examples
    --------
    >>> from analysis import check_launches, load_launches
    >>> from analysis.claims.tallies import span_of
    >>> from analysis.counting import RULES
    >>> span = span_of((pd.Timestamp("1984-01-01"), pd.Timestamp("2017-09-15")))
    >>> found = agreement_as_then(Tallies(check_launches(load_launches())), RULES["cns"], span,
    ...                           pd.Timestamp("2017-09-15"), lambda n: n == 116)
    >>> found.n, found.day.day
    (116, 18)
    """
    if published is None or rule.source not in DATABASES:
        return None
    for day, words in _states_tried(tallies, rule, span, published):
        try:
            n = tallies.as_of(rule.source, day).count(rule, span)
        except ValueError:  # the state does not hold what the rule needs
            return None
        if agrees(n):
            return AsThen(day, n, words)
    return None


def _states_tried(
    tallies: Tallies, rule: CountRule, span: Span, published: pd.Timestamp
) -> Iterator[tuple[pd.Timestamp, str]]:
    """Return the days of the two states and what they are."""
    database = str(rule.source)
    days = tallies.days_known(database)
    since = bisect_left(days, published)
    before = bisect_right(days, published)
    if before:
        yield days[before - 1], "the last state before publication"
    _, places = tallies.rows(rule).between(span)
    if tallies.names is None or not places:
        return
    last = tallies.names[places[-1]]
    for day in days[since:]:
        if tallies.as_of(database, day).holds(last):
            yield day, "the first state since publication with the last launch counted"
            return

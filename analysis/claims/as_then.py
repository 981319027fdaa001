"""Whether a published count that disagrees today agrees with a database as it stood then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pandas as pd

from ..counting import Bounds, CountRule, counted_rows, in_period, make_tally, ready
from ..counting.vintages import listed_launches
from ..record.load import load_vintages
from ..record.vintage_tables import DATABASES
from ..record.vintages import states_of


class AsThen(NamedTuple):
    """The state of a database under which a count agrees."""

    day: pd.Timestamp
    n: int
    words: str


def agreement_as_then(
    launches: pd.DataFrame,
    rule: CountRule,
    bounds: Bounds,
    published: pd.Timestamp | None,
    agrees: Callable[[int], bool],
) -> AsThen | None:
    """Find the state near the day of publication under which a count agrees.

    Two states are tried and no others: the last on or before the day of publication, and the
    first from that day on that holds the last launch counted.

    Parameters
    ----------
    launches : DataFrame
        The record.
    rule : CountRule
        The rule; only one that follows a database of which states are known can agree.
    bounds : tuple of Timestamp
        First and last day counted.
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
    >>> from analysis import load_launches
    >>> from analysis.counting import RULES
    >>> period = pd.Timestamp("1984-01-01"), pd.Timestamp("2017-09-15")
    >>> found = agreement_as_then(
    ...     load_launches(), RULES["cns"], period, pd.Timestamp("2017-09-15"), lambda n: n == 116)
    >>> found.n, found.day.day
    (116, 18)
    """
    if published is None or rule.source not in DATABASES:
        return None
    for day, words in _states_tried(launches, rule, bounds, published):
        try:
            tally = make_tally(ready(listed_launches(rule.source, day), rule), rule)
        except ValueError:  # the state does not hold what the rule needs
            return None
        n, _ = in_period(tally, bounds)
        if agrees(n):
            return AsThen(day, n, words)
    return None


def _states_tried(
    launches: pd.DataFrame, rule: CountRule, bounds: Bounds, published: pd.Timestamp
) -> Iterator[tuple[pd.Timestamp, str]]:
    """Return the days of the two states and what they are."""
    database = str(rule.source)
    days = states_of(load_vintages(), database)["date"]
    before = days[days <= published]
    if len(before):
        yield before.iloc[-1], "the last state before publication"
    rows = counted_rows(launches, rule, start=bounds[0], end=bounds[1])
    if "launch_id" in rows and len(rows):
        last = rows["launch_id"].iloc[-1]
        for day in days[days >= published]:
            if (listed_launches(database, day)["launch_id"] == last).any():
                yield day, "the first state since publication with the last launch counted"
                return

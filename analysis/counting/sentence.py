"""A count in a sentence that a reporter could print."""

from __future__ import annotations

import pandas as pd

from .periods import Coverage, Day, as_day, period_bounds
from .rules import CountRule, kinds_text, resolve_rule
from .tally import in_period, make_tally, ready


def describe_count(
    launches: pd.DataFrame,
    rule: CountRule | str,
    *,
    as_of: Day,
    who: str = "North Korea",
    coverage: Coverage = None,
) -> str:
    """Say the year's count so far in a sentence that a reporter could print.

    Parameters
    ----------
    launches, rule, coverage
        As in `count`.
    as_of : date-like
        Last day counted; the first is 1 January of its year.
    who : str
        Whose launches they are.

    Returns
    -------
    str
        The sentence, without a full stop; "at least" where a lower bound or a row known only
        by month or year enters.

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
    bounds = period_bounds(pd.Timestamp(end.year, 1, 1), end, rule, coverage=coverage)
    n, exact = in_period(make_tally(ready(launches, rule), rule), bounds)
    number = f"{n:,}" if exact else f"at least {n:,}"
    done = {
        "day": f"missiles on {number} {'day' if n == 1 else 'days'}",
        "salvo": f"missiles {number} {'time' if n == 1 else 'times'}",
        "missile": f"{number} {'missile' if n == 1 else 'missiles'}",
    }[rule.unit]
    return f"By {end.day} {end:%B %Y} {who} had launched {done}, {kinds_text(rule)}"

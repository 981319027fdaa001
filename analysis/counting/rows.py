"""Which rows, missiles and days a count rests on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..record.door import through_door
from ..record.notes import noted
from .periods import Coverage, Day, as_dates, coverage_of, day_numbers, period_bounds
from .rules import CountRule, resolve_rule
from .tally import local_days, make_tally, passes, ready


def counted_rows(
    launches: pd.DataFrame, rule: CountRule | str, *, start: Day, end: Day
) -> pd.DataFrame:
    """Return the launch rows that a count rests on.

    Parameters
    ----------
    launches : DataFrame
        One row a launch.
    rule : CountRule or str
        The rule, or its name in `RULES`.
    start, end : date-like
        First and last day, both inclusive, in the rule's calendar.

    Returns
    -------
    DataFrame
        The rows of day precision in the period that pass, with the column ``counted_on`` (the
        day in the rule's calendar), in order of day.

    Raises
    ------
    ValueError
        For an unknown rule, a reversed period or a missing column.

    Examples
    --------
    >>> from analysis import load_launches
    >>> counted_rows(load_launches(), "cnn", start="2022-11-09", end="2022-11-09")["klass"].tolist()
    ['SRBM']
    """
    rule = resolve_rule(rule)
    first, last = day_numbers(period_bounds(start, end))
    launches = ready(launches, rule)
    keep = passes(launches, rule) & (launches["date_precision"] == "day").to_numpy(dtype=bool)
    day = local_days(launches, rule.calendar)
    keep &= (day >= first) & (day <= last)
    rows = launches[keep].assign(counted_on=as_dates(day[keep]))
    order = ["counted_on", "launch_id"] if "launch_id" in rows else ["counted_on"]
    return noted(rows.sort_values(order, ignore_index=True), launches)


def launch_days(
    launches: pd.DataFrame,
    rule: CountRule | str,
    *,
    start: Day,
    end: Day,
    coverage: Coverage = None,
) -> pd.Series:
    """List the calendar days on which a rule counts something.

    Rows known only by month or year have no day and do not appear.

    Parameters
    ----------
    launches, rule, start, end, coverage
        As in `count`.

    Returns
    -------
    Series of datetime64
        Distinct days in the rule's calendar, sorted, named ``date``.

    Raises
    ------
    ValueError
        As `count`.

    Examples
    --------
    >>> from analysis import load_launches
    >>> len(launch_days(load_launches(), "days", start="2022-01-01", end="2022-12-31"))
    37
    """
    rule = resolve_rule(rule)
    bounds = period_bounds(start, end, rule, coverage=coverage_of(launches, coverage))
    day = make_tally(ready(launches, rule), rule).day
    first, last = day_numbers(bounds)
    return noted(pd.Series(as_dates(day[(day >= first) & (day <= last)]), name="date"), launches)


def each_missile(launches: pd.DataFrame) -> pd.DataFrame:
    """Give each missile a row of its own.

    Parameters
    ----------
    launches : DataFrame
        Launches, one row a group of identical missiles; needs `missiles`.

    Returns
    -------
    DataFrame
        The same columns, each row repeated `missiles` times (a lower bound where
        `missiles_exact` is false) with `missiles` set to 1.

    Examples
    --------
    >>> from analysis import load_launches
    >>> launches = load_launches()
    >>> len(each_missile(launches)) == int(launches["missiles"].sum())
    True
    """
    launches = through_door(launches, "launches")
    places = np.repeat(np.arange(len(launches)), launches["missiles"])
    return noted(launches.iloc[places].assign(missiles=1).reset_index(drop=True), launches)

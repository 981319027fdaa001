"""Counts of periods: one number, one a period, one a rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..errors import check_one_of
from ..record.door import through_door
from ..record.notes import in_dates_of, noted
from .periods import (
    Coverage,
    Day,
    check_covered,
    coverage_of,
    day_numbers,
    is_spoken,
    period_bounds,
    spoken_days,
)
from .rules import KOREA, RULES, CountRule, resolve_rule
from .tally import (
    add_up,
    in_period,
    make_tally,
    need_numbers,
    passes,
    ready,
    salvo_days,
    without_instant,
)

#: Columns of a comparison of rules.
_COMPARED: Any = {
    "rule": "str", "definition": "str", "n": "Int64", "reason": "str", "exact": "boolean",
}  # fmt: skip
#: What periods may be, and their names in pandas.
FREQS = {"year": "Y", "quarter": "Q", "month": "M", "week": "W", "day": "D"}


def count(
    launches: pd.DataFrame,
    rule: CountRule | str,
    *,
    start: Day,
    end: Day,
    coverage: Coverage = None,
) -> int:
    """Count launches in a period.

    Parameters
    ----------
    launches : DataFrame
        One row a launch, as from `load_launches`.
    rule : CountRule or str
        The rule, or its name in `RULES`.
    start, end : date-like
        First and last day, both inclusive, in the rule's calendar.
    coverage : DataFrame, False or None
        Table of coverage; the package's own by default, False for no check.

    Returns
    -------
    int
        The number of missiles, salvos or days.

    Raises
    ------
    ValueError
        For an unknown rule, a reversed or out-of-coverage period, or a missing column.

    Examples
    --------
    >>> from analysis import load_launches
    >>> count(load_launches(), "cnn", start="2022-01-01", end="2022-11-09")
    32
    """
    rule = resolve_rule(rule)
    bounds = period_bounds(start, end, rule, coverage=coverage_of(launches, coverage))
    tidy = ready(launches, rule)
    need_numbers(launches, rule)
    return in_period(make_tally(tidy, rule), bounds)[0]


def counts(
    launches: pd.DataFrame,
    rule: CountRule | str,
    *,
    freq: str,
    start: Day,
    end: Day,
    by: str | None = None,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Count launches in each year, quarter, month, week or day of a period.

    Parameters
    ----------
    launches, rule, coverage
        As in `count`.
    freq : {"year", "quarter", "month", "week", "day"}
        Length of the periods; weeks run from Monday to Sunday. The first and last period are
        cut at `start` and `end`.
    start, end : date-like
        First and last day, both inclusive.
    by : str, optional
        A launches column; every value that the rule counts gets its own rows. A salvo or day
        with two values counts under each.

    Returns
    -------
    DataFrame
        One row a period (and value), launch-free ones included: ``period`` (pandas Period),
        the `by` column, ``days`` (days of the period), ``n``, ``exact`` (False where a lower
        bound or a row known by month or year enters or may belong). In another calendar than
        the Korean, also ``n_undated``: rows without an instant, counted on their Korean date.

    Raises
    ------
    ValueError
        As `count`, and for an unknown `freq` or `by`.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = counts(
    ...     load_launches(), "cnn", freq="year", start="2021-01-01", end="2022-12-31")
    >>> table["n"].tolist(), table["days"].tolist()
    ([8, 37], [365, 365])
    """
    rule = resolve_rule(rule)
    check_one_of("freq", freq, FREQS)
    bounds = period_bounds(start, end, rule, coverage=coverage_of(launches, coverage))
    periods = pd.period_range(*bounds, freq=FREQS[freq])
    start_day, end_day = day_numbers(bounds)
    first = np.maximum(day_numbers(periods.start_time), start_day)
    last = np.minimum(day_numbers(periods.end_time), end_day)
    launches = ready(launches, rule, by)
    salvo_day = salvo_days(launches, rule.calendar) if rule.unit == "salvo" else None
    parts = []
    for value, places in _places_of_values(launches, rule, by).items():
        rows = launches if by is None else launches.iloc[places]
        days = None if salvo_day is None else salvo_day[places]
        n, exact = add_up(make_tally(rows, rule, days), first, last)
        part = pd.DataFrame({"period": periods, "days": last - first + 1, "n": n, "exact": exact})
        if by is not None:
            part.insert(1, by, [value] * len(part))
        if rule.calendar != KOREA:
            part["n_undated"] = add_up(without_instant(rows, rule), first, last)[0]
        parts.append(part)
    return noted(pd.concat(parts, ignore_index=True), launches)


def _places_of_values(
    launches: pd.DataFrame, rule: CountRule, by: str | None
) -> dict[object, np.ndarray]:
    """Return the places of the rows that the rule counts, by the values of a column."""
    if by is None:
        return {None: np.arange(len(launches))}
    check_one_of("column in by", by, launches.columns)
    places = np.flatnonzero(passes(launches, rule))
    groups = pd.Series(places).groupby(
        launches[by].iloc[places].reset_index(drop=True), sort=True, dropna=False, observed=True
    )
    none = np.array([], dtype=np.int64)
    parts: dict[object, np.ndarray] = {}
    if by == "family":
        parts = dict.fromkeys(rule.families, none)
    parts.update({value: part.to_numpy() for value, part in groups})
    return parts or {pd.NA: none}


def compare_rules(
    launches: pd.DataFrame,
    *,
    start: Day,
    end: Day,
    rules: Mapping[str, CountRule] | Iterable[str | CountRule] = RULES,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Count one period under many rules.

    Parameters
    ----------
    launches, start, end, coverage
        As in `count`.
    rules : mapping or iterable
        The rules; all of `RULES` by default.

    Returns
    -------
    DataFrame
        One row a rule: ``rule`` (its name), ``definition``, ``n`` (missing if it cannot be
        counted), ``reason`` (why it cannot; missing otherwise), ``exact`` (False where `n` is
        "at least": a lower bound, a row known by month or year, or days of which the record does
        not speak enter).

    Raises
    ------
    ValueError
        For an unknown rule or a reversed period. What one rule cannot count is a row's
        reason, not an error.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = compare_rules(
    ...     load_launches(), start="2022-01-01", end="2022-12-31", rules=["cnn", "missiles"])
    >>> table["n"].tolist()
    [37, 79]
    """
    bounds = period_bounds(start, end)
    through_door(launches, "launches")
    told = isinstance(coverage, pd.DataFrame)  # by the caller, not by what was added
    coverage = coverage_of(launches, coverage)
    named = rules.items() if isinstance(rules, Mapping) else [(None, rule) for rule in rules]
    rows = []
    for key, given in named:
        rule = resolve_rule(given)
        row: dict[str, object] = {
            "rule": key or rule.name,
            "definition": in_dates_of(rule.definition, launches),
        }
        try:
            check_covered(bounds, rule, coverage)
            n, exact = in_period(make_tally(ready(launches, rule), rule), bounds)
            spoken = told or all(is_spoken(bounds, spoken_days(launches, rule)))
            row |= {"n": n, "exact": exact and spoken}
        except ValueError as error:
            row["reason"] = str(error)
        rows.append(row)
    table = pd.DataFrame(rows, columns=list(_COMPARED)).astype(_COMPARED)
    return noted(table, launches)

"""Days and periods: how they are given, and whether the record covers them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from ..record.days import Day, as_day
from ..record.load import load_coverage, load_launches
from ..record.notes import is_record, notes_of
from ..record.vocabulary import FAMILIES
from .rules import CountRule, resolve_rule

#: One day, to go to the day before or after.
DAY = pd.Timedelta(days=1)
#: The record's coverage for its own tables, others' own (None), no check (False), or a table
#: like `load_coverage()`.
Coverage: TypeAlias = pd.DataFrame | Literal[False] | None
Bounds: TypeAlias = tuple[pd.Timestamp, pd.Timestamp]


def period_bounds(
    start: Day, end: Day, rule: CountRule | str | None = None, *, coverage: Coverage = None
) -> Bounds:
    """Check a period and return its first and last day.

    Parameters
    ----------
    start, end : date-like
        First and last day, both inclusive.
    rule : CountRule or str, optional
        With a rule, the period must lie within the days covered for all its families.
    coverage : DataFrame, False or None
        Table of coverage; the package's own by default, False for no check.

    Returns
    -------
    tuple of Timestamp
        First and last day at midnight, without a time zone.

    Raises
    ------
    ValueError
        If a day cannot be read, the period is reversed, or it leaves the coverage.

    Examples
    --------
    >>> period_bounds("2022-01-01", "2022-11-09", coverage=False)[1].day
    9
    """
    first, last = as_day(start, "start"), as_day(end, "end")
    if first > last:
        raise ValueError(
            f"the period is reversed: start {first:%Y-%m-%d} is after end {last:%Y-%m-%d}"
        )
    if rule is not None:
        check_covered((first, last), resolve_rule(rule), coverage)
    return first, last


def check_covered(bounds: Bounds, rule: CountRule, coverage: Coverage) -> None:
    """Raise where the record does not speak of all families of the rule throughout a period."""
    check_inside(bounds, covered_days(rule, coverage))


def check_inside(bounds: Bounds, covered: Bounds | None) -> None:
    """Raise where a period leaves the days covered."""
    if covered is not None and (bounds[0] < covered[0] or bounds[1] > covered[1]):
        raise ValueError(
            f"the period {bounds[0]:%Y-%m-%d} to {bounds[1]:%Y-%m-%d} leaves the record: "
            + _days_outside(bounds[1], covered)
        )


def _days_outside(last: pd.Timestamp, covered: Bounds) -> str:
    """Say which days the record covers and, of a day after them, what a reader can do."""
    text = f"for these families it covers {covered[0]:%Y-%m-%d} to {covered[1]:%Y-%m-%d}"
    if last <= covered[1]:
        return text
    return f"{text}; {_ended(covered[1])}"


def _ended(last: pd.Timestamp) -> str:
    """Say where the record ends and what a reader of a later day can do."""
    return (
        f"the record ends on {last:%Y-%m-%d}; count to that day, or add launches "
        "(`python -m analysis add launch`)"
    )


def coverage_of(launches: pd.DataFrame, coverage: Coverage) -> Coverage:
    """Return the coverage of a table: the record's if it is its own, else what it says itself.

    A database as it once stood speaks to that day only; with launches of a user's own the record
    speaks to the last of them.
    """
    notes = notes_of(launches)
    if coverage is not None:
        return coverage
    if "covered" in notes and not is_record(launches):
        first, last = notes["covered"]
        return _own_coverage(first, last, notes.get("family", ()))
    if not is_record(launches):
        return False
    table = load_coverage()
    if "speaks_to" in notes:
        last = pd.Timestamp(notes["speaks_to"])
        return table.assign(end=table["end"].where(table["end"] < last, last))
    if "extends_to" in notes:
        last = pd.Timestamp(notes["extends_to"])
        known = (table["end"] > last) | (table["table"] != "launches")
        return table.assign(end=table["end"].where(known, last))
    return None


def spoken_days(launches: pd.DataFrame, rule: CountRule) -> Bounds | None:
    """Return the first and last day of which the record speaks; None where it is not the record's.

    A table that holds most rows of the record is taken for it, whatever was joined to them.
    """
    if not is_record(launches):
        if "launch_id" not in launches:
            return None
        ids = load_launches()["launch_id"]
        if ids.isin(launches["launch_id"]).mean() < 0.5:
            return None
    return covered_days(rule, None)


def is_spoken(days: Iterable[pd.Timestamp], spoken: Bounds | None) -> np.ndarray:
    """Mark the days of which the record speaks; all, in a table that is not the record's."""
    given = day_numbers(days)
    if spoken is None:
        return np.ones(len(given), dtype=bool)
    first, last = day_numbers(spoken)
    return (given >= first) & (given <= last)


def _own_coverage(first: str, last: str, families: Iterable[str]) -> pd.DataFrame:
    """Return the coverage of a table that says itself of which days it speaks."""
    spans = {"start": pd.Timestamp(first), "end": pd.Timestamp(last)}
    subsets = [*FAMILIES, *(family for family in families if family not in FAMILIES)]
    return pd.DataFrame({"table": "launches", "subset": subsets}).assign(**spans)


def covered_days(rule: CountRule, coverage: Coverage) -> Bounds | None:
    """Return the first and last day on which all families of the rule are covered."""
    if coverage is False:
        return None
    coverage = load_coverage() if coverage is None else coverage
    spans = coverage[(coverage["table"] == "launches") & coverage["subset"].isin(rule.families)]
    absent = sorted(set(rule.families) - set(spans["subset"]))
    if absent:
        raise ValueError(
            f"the coverage says nothing of {', '.join(absent)}: expected a row for each family, "
            "or coverage=False"
        )
    return spans["start"].max(), spans["end"].min()


def year_spans(years: Iterable[int], rule: CountRule, coverage: Coverage) -> dict[int, Bounds]:
    """Return the first and last day of each year, the running year cut at the last day."""
    chosen = sorted({int(year) for year in years})
    if not chosen:
        raise ValueError("no years given: expected at least one, such as years=range(2012, 2027)")
    covered = covered_days(rule, coverage)
    spans = {y: (pd.Timestamp(y, 1, 1), pd.Timestamp(y, 12, 31)) for y in chosen}
    if covered is None:
        return spans
    outside = [y for y, (first, _) in spans.items() if first < covered[0] or first > covered[1]]
    if outside:
        raise ValueError(
            f"the record does not hold the year(s) {', '.join(map(str, outside))}: "
            + _days_outside(spans[outside[-1]][0], covered)
        )
    return {y: (first, min(last, covered[1])) for y, (first, last) in spans.items()}


def check_as_of(as_of: Day, spans: dict[int, Bounds]) -> pd.Timestamp:
    """Read the day to which the record is read, one of the days known of the years."""
    day = as_day(as_of, "as_of")
    if day.year not in spans:
        raise ValueError(
            f"as_of {day:%Y-%m-%d} lies outside the years: expected a day in "
            f"{', '.join(map(str, spans))}"
        )
    last = spans[day.year][1]
    if day > last:
        raise ValueError(f"as_of {day:%Y-%m-%d} lies after the last day of record: {_ended(last)}")
    return day


def same_day(as_of: pd.Timestamp, year: int) -> pd.Timestamp:
    """Return that month and day in another year; 29 February becomes 28 in common years."""
    leap_day = as_of.month == 2 and as_of.day == 29
    if leap_day and not pd.Timestamp(year, 1, 1).is_leap_year:
        return pd.Timestamp(year, 2, 28)
    return pd.Timestamp(year, as_of.month, as_of.day)


def day_numbers(days: pd.Series | pd.DatetimeIndex | Iterable[pd.Timestamp]) -> np.ndarray:
    """Return days as whole days since 1970.

    Examples
    --------
    >>> day_numbers([pd.Timestamp("1970-01-02")])
    array([1])
    """
    return np.asarray(days, dtype="datetime64[D]").astype(np.int64)


def as_dates(numbers: np.ndarray) -> np.ndarray:
    """Return whole days since 1970 as dates.

    Examples
    --------
    >>> as_dates(np.array([1])).astype(str).tolist()
    ['1970-01-02T00:00:00.000000']
    """
    return numbers.astype("datetime64[D]").astype("datetime64[us]")

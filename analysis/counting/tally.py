"""What a rule counts, day by day: the periods, the rows that pass, and their sums."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from ..record.salvo import derive_salvos
from ..record.schema import FAMILIES
from .rules import KOREA, SOURCES, CountRule, resolve_rule

Day = str | dt.date | pd.Timestamp | np.datetime64
#: The package's own coverage (None), no check (False), or a table like `load_coverage()`.
Coverage = pd.DataFrame | Literal[False] | None
Bounds = tuple[pd.Timestamp, pd.Timestamp]
_LATE = 1 << 40  # added to the days of rows without an instant, so that they come last


class Tally(NamedTuple):
    """What a rule counts: units in order of day, and rows known by month or year alone."""

    day: np.ndarray  # days since 1970
    n: np.ndarray
    lower: np.ndarray  # whether n is a lower bound
    first: np.ndarray  # undated: distinct stretches, first and last possible day
    last: np.ndarray
    undated: np.ndarray  # missiles of such a stretch; 0 for other units


# -- periods ---------------------------------------------------------------------------------


def period_bounds(
    start: Day, end: Day, rule: CountRule | str | None = None, *, coverage: Coverage = None
) -> Bounds:
    """Check a period and return its first and last day.

    Parameters
    ----------
    start, end : date-like
        First and last day, both inclusive.
    rule : CountRule or str, optional
        With a rule, the period must lie where the record speaks of all its families.
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
    if rule is None:
        return first, last
    covered = _covered(resolve_rule(rule), coverage)
    if covered is not None and (first < covered[0] or last > covered[1]):
        raise ValueError(
            f"the period {first:%Y-%m-%d} to {last:%Y-%m-%d} leaves the record: for these "
            f"families it covers {covered[0]:%Y-%m-%d} to {covered[1]:%Y-%m-%d}"
        )
    return first, last


def as_day(value: Day, what: str) -> pd.Timestamp:
    """Read a calendar day."""
    expected = f"expected a day such as '2022-11-09' for {what}, got {value!r}"
    if isinstance(value, (int, float)) and not isinstance(value, np.datetime64):
        raise ValueError(expected)
    try:
        day = pd.Timestamp(value)
    except (ValueError, TypeError) as error:
        raise ValueError(expected) from error
    if day is pd.NaT:
        raise ValueError(expected)
    return day.tz_localize(None).normalize()


def _covered(rule: CountRule, coverage: Coverage) -> Bounds | None:
    """Return the first and last day on which the record speaks of all families of the rule."""
    if coverage is False:
        return None
    if coverage is None:
        from ..record.load import load_coverage

        coverage = load_coverage()
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
    covered = _covered(rule, coverage)
    spans = {y: (pd.Timestamp(y, 1, 1), pd.Timestamp(y, 12, 31)) for y in chosen}
    if covered is None:
        return spans
    outside = [y for y, (first, _) in spans.items() if first < covered[0] or first > covered[1]]
    if outside:
        raise ValueError(
            f"the record does not hold the year(s) {', '.join(map(str, outside))}: for these "
            f"families it covers {covered[0]:%Y-%m-%d} to {covered[1]:%Y-%m-%d}"
        )
    return {y: (first, min(last, covered[1])) for y, (first, last) in spans.items()}


def check_as_of(
    as_of: Day, spans: dict[int, Bounds], rule: CountRule, coverage: Coverage
) -> pd.Timestamp:
    """Read the day to which the record is read; its year must be among the years."""
    day = as_day(as_of, "as_of")
    if day.year not in spans:
        raise ValueError(
            f"as_of {day:%Y-%m-%d} lies outside the years: expected a day in "
            f"{', '.join(map(str, spans))}"
        )
    period_bounds(pd.Timestamp(day.year, 1, 1), day, rule, coverage=coverage)
    return day


def same_day(as_of: pd.Timestamp, year: int) -> pd.Timestamp:
    """Return that month and day in another year; 29 February becomes 28 in common years."""
    leap_day = as_of.month == 2 and as_of.day == 29
    if leap_day and not pd.Timestamp(year, 1, 1).is_leap_year:
        return pd.Timestamp(year, 2, 28)
    return pd.Timestamp(year, as_of.month, as_of.day)


# -- what a rule counts -----------------------------------------------------------------------


def passes(launches: pd.DataFrame, rule: CountRule) -> np.ndarray:
    """Mark the rows that a rule counts."""
    _need(launches, ["date", "date_precision", "missiles", "family"])
    mask = np.ones(len(launches), dtype=bool)
    wanted: list[tuple[str, Sequence[str] | None]] = [
        ("klass", rule.klasses),
        ("outcome", rule.outcomes),
        ("system", rule.systems),
    ]
    if set(rule.families) != set(FAMILIES):
        wanted.append(("family", rule.families))
    for column, values in wanted:
        if values is not None:
            _need(launches, [column])
            mask &= launches[column].isin(values).to_numpy(dtype=bool)
    listed = _listed(launches, rule)
    if listed is None:
        return mask
    if pd.api.types.is_bool_dtype(listed):
        return mask & listed.to_numpy(dtype=bool)
    return mask & (listed.isna() | (listed > 0)).to_numpy(dtype=bool)


def _listed(launches: pd.DataFrame, rule: CountRule) -> pd.Series | None:
    """Return the column of the source that the rule follows, if it differs from the record."""
    if rule.source is None:
        return None
    column = SOURCES[rule.source]
    # without the column no number of Seoul's is known to differ, as in anyone's own table
    if rule.source == "seoul" and column not in launches:
        return None
    _need(launches, [column])
    return launches[column]


def _need(launches: pd.DataFrame, columns: list[str]) -> None:
    """Raise unless the launches have the columns."""
    missing = [column for column in columns if column not in launches]
    if missing:
        raise ValueError(
            f"the launches have no column {', '.join(map(repr, missing))}, which the rule needs"
        )


def _missiles(launches: pd.DataFrame, rule: CountRule) -> tuple[np.ndarray, np.ndarray]:
    """Return the missiles of each row and whether their number is a lower bound."""
    number = launches["missiles"].to_numpy(dtype=np.int64)
    lower = np.zeros(len(launches), dtype=bool)
    if "missiles_exact" in launches:
        lower = ~launches["missiles_exact"].to_numpy(dtype=bool)
    theirs = _listed(launches, rule)
    if theirs is None or pd.api.types.is_bool_dtype(theirs):
        return number, lower
    known = theirs.notna().to_numpy()
    return np.where(known, theirs.fillna(0).to_numpy(dtype=np.int64), number), lower & ~known


def local_days(launches: pd.DataFrame, calendar: str) -> np.ndarray:
    """Return the day of each row in a calendar, as days since 1970."""
    korean = launches["date"].to_numpy(dtype="datetime64[D]")
    if calendar == KOREA or "launched_at" not in launches:
        return korean.astype(np.int64)
    local = pd.to_datetime(launches["launched_at"], utc=True)
    if calendar != "UTC":
        local = local.dt.tz_convert(calendar).dt.tz_localize(None)
    there = local.to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(there), korean, there).astype(np.int64)


def salvo_days(launches: pd.DataFrame, calendar: str) -> np.ndarray:
    """Return for each row the day of its salvo's first instant, as days since 1970."""
    ids = launches["salvo_id"] if "salvo_id" in launches else derive_salvos(launches)
    code = pd.factorize(ids)[0]
    when = local_days(launches, calendar)
    if "launched_at" in launches:
        when = when + _LATE * launches["launched_at"].isna().to_numpy()
    first = np.full(code.max(initial=-1) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, code, when)
    return np.where(first > _LATE // 2, first - _LATE, first)[code]


def make_tally(
    launches: pd.DataFrame, rule: CountRule, salvo_day: np.ndarray | None = None
) -> Tally:
    """Reduce launch rows to what the rule counts, by day.

    `salvo_day` is needed where the rows are a part of a table whose other rows share salvos.
    """
    passing = passes(launches, rule)
    dated = (launches["date_precision"] == "day").to_numpy(dtype=bool)
    number, lower = _missiles(launches, rule)
    undated = _undated(launches[passing & ~dated], number[passing & ~dated], rule)
    keep = passing & dated
    if rule.unit == "missile":
        day = local_days(launches, rule.calendar)
        return _by_day(day[keep], number[keep], lower[keep], undated)
    if rule.unit == "day" and rule.each is None:
        days = _distinct(local_days(launches, rule.calendar)[keep])
    elif rule.unit == "day":
        _need(launches, [str(rule.each)])
        kind = pd.factorize(launches[rule.each][keep])[0]
        pairs = np.column_stack([local_days(launches, rule.calendar)[keep], kind])
        days = np.unique(pairs, axis=0)[:, 0]
    else:
        each = salvo_days(launches, rule.calendar) if salvo_day is None else salvo_day
        ids = launches["salvo_id"] if "salvo_id" in launches else derive_salvos(launches)
        days = each[keep][~ids[keep].duplicated().to_numpy()]
    return _by_day(days, np.ones_like(days), np.zeros(len(days), dtype=bool), undated)


def _by_day(
    day: np.ndarray, n: np.ndarray, lower: np.ndarray, undated: tuple[np.ndarray, ...]
) -> Tally:
    """Add up what falls on the same day, in time linear in the rows."""
    days = _distinct(day)
    place = day - days[0] if len(days) else day
    # whole numbers stay exact as floats below 2**53
    total = np.bincount(place, weights=n)[days - days[0]] if len(days) else days
    bounds = np.bincount(place, weights=lower)[days - days[0]] > 0 if len(days) else days > 0
    return Tally(days, total.astype(np.int64), bounds, *undated)


def _distinct(day: np.ndarray) -> np.ndarray:
    """Return the distinct days in order; days lie close together, so no sorting is needed."""
    if not len(day):
        return np.array([], dtype=np.int64)
    first = day.min()
    return np.flatnonzero(np.bincount(day - first)) + first


def _undated(rows: pd.DataFrame, number: np.ndarray, rule: CountRule) -> tuple[np.ndarray, ...]:
    """Return the months and years of rows without a day, and the missiles of each."""
    date = rows["date"].to_numpy(dtype="datetime64[D]")
    year = (rows["date_precision"] == "year").to_numpy(dtype=bool)
    month = date.astype("datetime64[M]")
    start = np.where(year, date.astype("datetime64[Y]").astype("datetime64[M]"), month)
    stop = start + np.where(year, 12, 1).astype("timedelta64[M]")
    first = start.astype("datetime64[D]").astype(np.int64)
    last = stop.astype("datetime64[D]").astype(np.int64) - 1
    spans, place = np.unique(np.column_stack([first, last]), axis=0, return_inverse=True)
    weight = number if rule.unit == "missile" else np.zeros(len(rows))
    total = np.bincount(place.ravel(), weights=weight, minlength=len(spans)).astype(np.int64)
    return spans[:, 0], spans[:, 1], total


def add_up(tally: Tally, first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Add up a tally over inclusive periods: the number, and whether it is exact."""
    low = np.searchsorted(tally.day, first, side="left")
    high = np.searchsorted(tally.day, last, side="right")
    total = np.concatenate([[0], np.cumsum(tally.n)])
    bounds = np.concatenate([[0], np.cumsum(tally.lower)])
    n = total[high] - total[low]
    exact = bounds[high] == bounds[low]
    if len(tally.first):
        begin, stop = tally.first[:, None], tally.last[:, None]
        n = n + tally.undated @ ((begin >= first) & (stop <= last))
        exact &= ((begin > last) | (stop < first)).all(axis=0)
    return n.astype(np.int64), exact


def day_number(day: pd.Timestamp) -> np.ndarray:
    """Return a day as days since 1970."""
    return np.array([day.to_datetime64().astype("datetime64[D]").astype(np.int64)])


def in_period(tally: Tally, bounds: Bounds) -> tuple[int, bool]:
    """Add up a tally over one period."""
    n, exact = add_up(tally, day_number(bounds[0]), day_number(bounds[1]))
    return int(n[0]), bool(exact[0])


def day_numbers(days: pd.DatetimeIndex) -> np.ndarray:
    """Return days as days since 1970."""
    return days.to_numpy(dtype="datetime64[D]").astype(np.int64)


def without_instant(launches: pd.DataFrame, rule: CountRule) -> Tally:
    """Tally the day rows that pass but carry no instant, one each."""
    keep = passes(launches, rule) & (launches["date_precision"] == "day").to_numpy(dtype=bool)
    if "launched_at" in launches:
        keep &= launches["launched_at"].isna().to_numpy()
    day = launches["date"].to_numpy(dtype="datetime64[D]").astype(np.int64)[keep]
    none = np.array([], dtype=np.int64)
    ones = np.ones(len(day), dtype=np.int64)
    return _by_day(day, ones, np.zeros(len(day), dtype=bool), (none, none, none))

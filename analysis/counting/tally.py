"""What a rule counts, day by day: the rows that pass, and their sums."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..errors import need_columns
from ..record.salvo import derive_salvos
from ..record.schema import ANNOUNCERS, FAMILIES, Announcer
from .periods import Bounds, day_numbers
from .rules import KOREA, CountRule

_LATE = 1 << 40  # added to the days of rows without an instant, so that they come last


class Tally(NamedTuple):
    """What a rule counts: units in order of day, and rows known by month or year alone."""

    day: np.ndarray  # days since 1970
    n: np.ndarray
    lower: np.ndarray  # whether n is a lower bound
    first: np.ndarray  # undated: distinct stretches, first and last possible day
    last: np.ndarray
    undated: np.ndarray  # missiles of such a stretch; 0 for other units


def passes(launches: pd.DataFrame, rule: CountRule) -> np.ndarray:
    """Mark the rows that a rule counts."""
    need_columns(launches, ["date", "date_precision", "missiles", "family"], "the launches")
    wanted = {"klass": rule.klasses, "outcome": rule.outcomes, "system": rule.systems}
    if set(rule.families) != set(FAMILIES):
        wanted["family"] = rule.families
    mask = np.ones(len(launches), dtype=bool)
    for column, values in wanted.items():
        if values is not None:
            need_columns(launches, [column], "the launches")
            mask &= launches[column].isin(values).to_numpy(dtype=bool)
    theirs = _column_followed(launches, rule)
    if theirs is None:
        return mask
    announcer, cells = theirs
    if announcer.gives == "numbers":
        cells = (cells > 0).where(cells.notna(), announcer.agrees)
    return mask & cells.to_numpy(dtype=bool)


def _column_followed(launches: pd.DataFrame, rule: CountRule) -> tuple[Announcer, pd.Series] | None:
    """Return the announcer that a rule follows and the column of theirs, if any."""
    if rule.source is None:
        return None
    announcer = ANNOUNCERS[rule.source]
    if announcer.optional and announcer.column not in launches:
        return None
    need_columns(launches, [announcer.column], "the launches")
    return announcer, launches[announcer.column]


def _missiles_of_rows(launches: pd.DataFrame, rule: CountRule) -> tuple[np.ndarray, np.ndarray]:
    """Return the missiles of each row and whether their number is a lower bound."""
    number = launches["missiles"].to_numpy(dtype=np.int64)
    lower = np.zeros(len(launches), dtype=bool)
    if "missiles_exact" in launches:
        lower = ~launches["missiles_exact"].to_numpy(dtype=bool)
    theirs = _column_followed(launches, rule)
    if theirs is None or theirs[0].gives == "list":
        return number, lower
    known = theirs[1].notna().to_numpy()
    return np.where(known, theirs[1].fillna(0).to_numpy(dtype=np.int64), number), lower & ~known


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


def with_salvos(launches: pd.DataFrame, rule: CountRule) -> pd.DataFrame:
    """Name the salvo of each row, where the rule needs it and nobody did."""
    if rule.unit != "salvo" or "salvo_id" in launches:
        return launches
    return launches.assign(salvo_id=derive_salvos(launches))


def salvo_days(launches: pd.DataFrame, calendar: str) -> np.ndarray:
    """Return for each row the day of its salvo's first instant, as days since 1970."""
    code = pd.factorize(launches["salvo_id"])[0]
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
    number, lower = _missiles_of_rows(launches, rule)
    stretches = _stretches(launches[passing & ~dated], number[passing & ~dated], rule)
    keep = passing & dated
    if rule.unit == "missile":
        day = local_days(launches, rule.calendar)
        return _by_day(day[keep], number[keep], lower[keep], stretches)
    if rule.unit == "day":
        days = _launch_days(launches[keep], rule)
    else:
        launches = with_salvos(launches, rule)
        each = salvo_days(launches, rule.calendar) if salvo_day is None else salvo_day
        days = each[keep][~launches["salvo_id"][keep].duplicated().to_numpy()]
    return _by_day(days, np.ones_like(days), np.zeros(len(days), dtype=bool), stretches)


def _launch_days(rows: pd.DataFrame, rule: CountRule) -> np.ndarray:
    """Return the days of rows, each once, or once for each class or family."""
    days = local_days(rows, rule.calendar)
    if rule.each is None:
        return _distinct(days)
    need_columns(rows, [rule.each], "the launches")
    pairs = np.column_stack([days, pd.factorize(rows[rule.each])[0]])
    return np.unique(pairs, axis=0)[:, 0]


def _by_day(
    day: np.ndarray, n: np.ndarray, lower: np.ndarray, stretches: tuple[np.ndarray, ...]
) -> Tally:
    """Add up what falls on the same day, in time linear in the rows."""
    days = _distinct(day)
    place = day - days[0] if len(days) else day
    # whole numbers stay exact as floats below 2**53
    total = np.bincount(place, weights=n)[days - days[0]] if len(days) else days
    bounds = np.bincount(place, weights=lower)[days - days[0]] > 0 if len(days) else days > 0
    return Tally(days, total.astype(np.int64), bounds, *stretches)


def _distinct(day: np.ndarray) -> np.ndarray:
    """Return the distinct days in order; days lie close together, so no sorting is needed."""
    if not len(day):
        return np.array([], dtype=np.int64)
    first = day.min()
    return np.flatnonzero(np.bincount(day - first)) + first


def _stretches(rows: pd.DataFrame, number: np.ndarray, rule: CountRule) -> tuple[np.ndarray, ...]:
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


def in_period(tally: Tally, bounds: Bounds) -> tuple[int, bool]:
    """Add up a tally over one period."""
    first, last = day_numbers(bounds)
    n, exact = add_up(tally, np.array([first]), np.array([last]))
    return int(n[0]), bool(exact[0])


def without_instant(launches: pd.DataFrame, rule: CountRule) -> Tally:
    """Tally the day rows that pass but carry no instant, one each."""
    keep = passes(launches, rule) & (launches["date_precision"] == "day").to_numpy(dtype=bool)
    if "launched_at" in launches:
        keep &= launches["launched_at"].isna().to_numpy()
    day = day_numbers(launches["date"])[keep]
    none = np.array([], dtype=np.int64)
    ones = np.ones(len(day), dtype=np.int64)
    return _by_day(day, ones, np.zeros(len(day), dtype=bool), (none, none, none))

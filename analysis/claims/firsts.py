"""Statements of the kind "first X since Y" held against the record."""

from __future__ import annotations

import re
from typing import NamedTuple

import pandas as pd

from ..counting.periods import DAY
from ..errors import need_named
from ..record.door import through_door
from ..record.notes import noted
from ..record.schema import TABLES
from ..record.which import need_table
from .cells import ClaimRow, day_of, few, text_of
from .words import BALLISTIC, has, kind_named

_BY_RANGE = ("SRBM", "SLBM", "MRBM", "IRBM", "SLV", "ICBM")  # by range, weakest first
_UNDER = (
    r"under the|under Lee|presidency|government|administration|took office|after the|since .* met"
)
_NOT_SINCE = r"not (?:fired|tested|launched|flown) since"

#: Columns that tell one kind of launch from another.
_NEEDED_COLUMNS = ("launch_id", "family", "klass", "system", "range_km")


class _First(NamedTuple):
    """A statement, read."""

    as_of: pd.Timestamp
    since: tuple[pd.Timestamp, pd.Timestamp]  # first and last day that the date may mean
    event: str


def check_firsts(
    published: pd.DataFrame, launches: pd.DataFrame, events: pd.DataFrame
) -> pd.DataFrame:
    """Hold statements "first X since Y" against the record.

    The kind of launch is read from the words of the event. The statement agrees if the last
    launch of that kind before the day falls on the date stated (a day, a month or a year), and
    one of the kind falls on the day itself or next to it (a day earlier abroad). For "first
    under a government" or "after a meeting", none of the kind may fall from that date to the
    day. "Biggest" and the like compare the missiles of a day, the class or the range.

    Parameters
    ----------
    published : DataFrame
        One row a statement, columns as from `load_published_firsts`; odd values are said in
        `reason`, never an error.
    launches : DataFrame
        One row a launch.
    events : DataFrame
        One row a context event; nuclear tests are looked up here.

    Returns
    -------
    DataFrame
        One row a statement, in the same order: ``claim_id``, ``found`` (the last earlier day of
        the kind; missing if none), ``agrees``, ``reason``.

    Raises
    ------
    ValueError
        If a table lacks a needed column.

    Examples
    --------
    >>> from analysis import load_events, load_launches, load_published_firsts
    >>> checked = check_firsts(load_published_firsts(), load_launches(), load_events())
    >>> checked.set_index("claim_id").loc["kbs-20251022-167-days", "found"].date()
    datetime.date(2025, 5, 8)
    """
    need_table(published, "published_firsts", ["event"])
    launches = through_door(launches, "launches", TABLES["launches"].names)
    events = through_door(events, "events", ["category"])
    need_named(launches, _NEEDED_COLUMNS, "launches", "`check_firsts`")
    need_named(events, ["event_id", "category"], "events", "`check_firsts`")
    tests = events.loc[events["category"] == "nuclear_test", ["event_id", "start"]]
    tests = tests.rename(columns={"event_id": "launch_id", "start": "date"})
    dated = launches[launches["date_precision"] == "day"]
    rows = [_check_first(claim, dated, tests) for claim in published.to_dict("records")]
    table = pd.DataFrame(rows, columns=["claim_id", "found", "agrees", "reason"])
    return noted(
        table.astype(
            {"claim_id": "str", "found": "datetime64[us]", "agrees": bool, "reason": "str"}
        ),
        launches,
    )


def _check_first(raw: ClaimRow, launches: pd.DataFrame, tests: pd.DataFrame) -> dict[str, object]:
    """Check one statement."""
    row: dict[str, object] = {"claim_id": raw.get("claim_id"), "found": pd.NaT, "agrees": False}
    try:
        first = _read_first(raw)
        rows = _of_kind(first, launches, tests)
    except (ValueError, TypeError, OverflowError) as error:
        return row | {"reason": f"the statement cannot be read: {error}"}
    before = rows[rows["date"] < first.as_of]
    on_day = rows[rows["date"].between(first.as_of - DAY, first.as_of + DAY)]
    if on_day.empty and not re.search(_NOT_SINCE, first.event):
        return row | {"reason": f"no launch of the kind on {first.as_of:%Y-%m-%d}"}
    if before.empty:
        return row | {"reason": "the record holds none of the kind before"}
    found = before["date"].max()
    return row | {"found": found} | _compare_dates(first, before, found)


def _compare_dates(first: _First, before: pd.DataFrame, found: pd.Timestamp) -> dict[str, object]:
    """Compare the last earlier launch with the date stated."""
    low, high = first.since
    gap = (first.as_of - found).days
    last = f"the last before was on {found:%Y-%m-%d}, {gap} days earlier"
    if has(_UNDER, first.event):
        between = before[before["date"] >= low]
        if between.empty:
            return {"agrees": True, "reason": f"none from {low:%Y-%m-%d} on; {last}"}
        return {
            "agrees": False,
            "reason": f"{few(sorted(between['launch_id']), 4)} came after {low:%Y-%m-%d}",
        }
    if low <= found <= high:
        return {"agrees": True, "reason": last}
    if found > high:
        between = before[before["date"] > high]
        return {
            "agrees": False,
            "reason": f"{few(sorted(between['launch_id']), 4)} came in between",
        }
    return {"agrees": False, "reason": f"none of the kind then; {last}"}


def _of_kind(first: _First, launches: pd.DataFrame, tests: pd.DataFrame) -> pd.DataFrame:
    """Return the launches (or tests) of the kind that the words name."""
    event = first.event
    if has("nuclear test", event):
        return tests
    if has("barrage|salvo of|in one day", event):
        return _as_many(launches[launches["family"].isin(BALLISTIC)], first.as_of)
    if has("long range|longest", event):
        return _at_least(launches, launches["range_km"], first.as_of)
    if has("most powerful|biggest|largest", event):
        power = launches["klass"].map({klass: rank for rank, klass in enumerate(_BY_RANGE)})
        return _at_least(launches, power, first.as_of)
    column, values = kind_named(event)
    return launches[launches[column].isin(values)]


def _as_many(launches: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the days with at least as many missiles as that day, one row each."""
    days = launches.groupby("date").agg(
        missiles=("missiles", "sum"), launch_id=("launch_id", "first")
    )
    enough = days["missiles"] >= days["missiles"].get(day, float("inf"))
    return days[enough].reset_index()


def _at_least(launches: pd.DataFrame, measure: pd.Series, day: pd.Timestamp) -> pd.DataFrame:
    """Return the launches that reach the greatest measure of that day."""
    return launches[measure >= measure[launches["date"] == day].max()]


def _read_first(raw: ClaimRow) -> _First:
    """Read a statement."""
    event, since = text_of(raw, "event"), text_of(raw, "since_date")
    if not event:
        raise ValueError("event is missing")
    stated = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?!\d)", since)
    if stated is None:
        raise ValueError(f"since_date {since!r} is not a day, month or year")
    year, month, day = stated.groups()
    low = pd.Timestamp(int(year), int(month or 1), int(day or 1))
    step = pd.DateOffset(days=1) if day else pd.DateOffset(months=1 if month else 12)
    return _First(day_of(raw, "as_of"), (low, low + step - DAY), event)

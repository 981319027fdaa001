"""Statements of the kind "first X since Y" held against the record."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import NamedTuple

import pandas as pd

_BALLISTIC = ("ballistic", "space")
_ANY = ("ballistic", "space", "cruise", "air_defence", "rocket_artillery")
_MISSILE = ("ballistic", "space", "cruise")  # the press counts air defence apart
_POWER = ("SRBM", "SLBM", "MRBM", "IRBM", "SLV", "ICBM")  # by range, weakest first
_DAY = pd.Timedelta(days=1)
#: Words of an event and the column values they mean; the first that matches is taken.
_KINDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"\bICBM|intercontinental", "klass", ("ICBM",)),
    (r"intermediate-range|\bIRBM", "klass", ("IRBM",)),
    (r"submarine|underwater|\bSLBM", "klass", ("SLBM",)),
    (r"nodong|rodong", "system", ("nodong",)),
    (r"musudan", "system", ("musudan",)),
    (r"KN-25|super-large|600 ?mm", "system", ("kn-25",)),
    (r"KN-23|iskander", "system", ("hwasong-11a", "rail-mobile-kn-23", "silo-based-kn-23")),
    (r"hypersonic", "system",
     ("hwasong-12a", "hwasong-12b", "hwasong-16a", "hwasong-16b", "hwasong-11e")),
    (r"medium-range|\bMRBM", "klass", ("MRBM",)),
    (r"short-range ballistic|\bSRBM", "klass", ("SRBM",)),
    (r"satellite|space|carrier rocket", "family", ("space",)),
    (r"projectile|any weapon", "family", _ANY),
    (r"short-range", "family", ("ballistic", "cruise")),
    (r"missile launch \(cruise\)|missile launch of any|any kind", "family", _MISSILE),
    (r"ballistic", "family", _BALLISTIC),
    (r"cruise", "family", ("cruise",)),
    (r"surface-to-air|anti-air|\bSAM\b", "family", ("air_defence",)),
    (r"rocket artillery|multiple rocket|\bMLRS\b", "family", ("rocket_artillery",)),
)  # fmt: skip
_UNDER = (
    r"under the|under Lee|presidency|government|administration|took office|after the|since .* met"
)
_NOT_SINCE = r"not (?:fired|tested|launched|flown) since"


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
    tests = events.loc[events["category"] == "nuclear_test", ["event_id", "start"]]
    tests = tests.rename(columns={"event_id": "launch_id", "start": "date"})
    dated = launches[launches["date_precision"] == "day"]
    rows = [_row(claim, dated, tests) for claim in published.to_dict("records")]
    table = pd.DataFrame(rows, columns=["claim_id", "found", "agrees", "reason"])
    return table.astype(
        {"claim_id": "str", "found": "datetime64[us]", "agrees": bool, "reason": "str"}
    )


def _row(
    raw: Mapping[Hashable, object], launches: pd.DataFrame, tests: pd.DataFrame
) -> dict[str, object]:
    """Check one statement."""
    row: dict[str, object] = {"claim_id": raw.get("claim_id"), "found": pd.NaT, "agrees": False}
    try:
        first = _read(raw)
        rows = _of_kind(first, launches, tests)
    except (ValueError, TypeError, OverflowError) as error:
        return row | {"reason": f"the statement cannot be read: {error}"}
    before = rows[rows["date"] < first.as_of]
    on_day = rows[rows["date"].between(first.as_of - _DAY, first.as_of + _DAY)]
    if on_day.empty and not re.search(_NOT_SINCE, first.event):
        return row | {"reason": f"no launch of the kind on {first.as_of:%Y-%m-%d}"}
    if before.empty:
        return row | {"reason": "the record holds none of the kind before"}
    found = before["date"].max()
    return row | {"found": found} | _verdict(first, before, found)


def _verdict(first: _First, before: pd.DataFrame, found: pd.Timestamp) -> dict[str, object]:
    """Compare the last earlier launch with the date stated."""
    low, high = first.since
    gap = (first.as_of - found).days
    last = f"the last before was on {found:%Y-%m-%d}, {gap} days earlier"
    if re.search(_UNDER, first.event, re.IGNORECASE):
        between = before[before["date"] >= low]
        if between.empty:
            return {"agrees": True, "reason": f"none from {low:%Y-%m-%d} on; {last}"}
        return {"agrees": False, "reason": f"{_ids(between)} came after {low:%Y-%m-%d}"}
    if low <= found <= high:
        return {"agrees": True, "reason": last}
    if found > high:
        between = before[before["date"] > high]
        return {"agrees": False, "reason": f"{_ids(between)} came in between"}
    return {"agrees": False, "reason": f"none of the kind then; {last}"}


def _ids(rows: pd.DataFrame) -> str:
    """Name the first few launches."""
    ids = sorted(rows["launch_id"])
    more = f" and {len(ids) - 4} more" if len(ids) > 4 else ""
    return ", ".join(ids[:4]) + more


def _of_kind(first: _First, launches: pd.DataFrame, tests: pd.DataFrame) -> pd.DataFrame:
    """Return the launches (or tests) of the kind that the words name."""
    event = first.event
    if re.search(r"nuclear test", event, re.IGNORECASE):
        return tests
    if re.search(r"barrage|salvo of|in one day", event, re.IGNORECASE):
        return _as_many(launches[launches["family"].isin(_BALLISTIC)], first.as_of)
    if re.search(r"long range|longest", event, re.IGNORECASE):
        return _at_least(launches, launches["range_km"], first.as_of)
    if re.search(r"most powerful|biggest|largest", event, re.IGNORECASE):
        power = launches["klass"].map({klass: rank for rank, klass in enumerate(_POWER)})
        return _at_least(launches, power, first.as_of)
    for words, column, values in _KINDS:
        if re.search(words, event, re.IGNORECASE):
            return launches[launches[column].isin(values)]
    return launches[launches["family"].isin(("ballistic", "space", "cruise"))]


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


def _read(raw: Mapping[Hashable, object]) -> _First:
    """Read a statement."""
    cells = {name: raw.get(name) for name in ("as_of", "since_date", "event")}
    for name, value in cells.items():
        if value is None or value is pd.NaT or value != value:
            raise ValueError(f"{name} is missing")
    as_of = pd.Timestamp(str(cells["as_of"])).tz_localize(None).normalize()
    stated = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?!\d)", str(cells["since_date"]).strip())
    if stated is None:
        raise ValueError(f"since_date {cells['since_date']!r} is no day, month or year")
    year, month, day = stated.groups()
    low = pd.Timestamp(int(year), int(month or 1), int(day or 1))
    step = pd.DateOffset(days=1) if day else pd.DateOffset(months=1 if month else 12)
    return _First(as_of, (low, low + step - _DAY), str(cells["event"]))

"""A row that describes one missile, as CNS and its copy have them -> what it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from ..record.schema import OUTCOMES
from .cells import (
    CellDay,
    Clock,
    is_nothing,
    read_clock,
    read_day,
    read_degrees,
    read_km,
    text,
)
from .grouping import Seen, korean
from .names import find_site, find_system, klass_of
from .tables import Remark, keeper, left_out


def read_missile(
    number: int, cells: Mapping[str, Any], names: Mapping[str, str], remarks: list[Remark]
) -> Seen | None:
    """Read one missile; add to the remarks what of it was doubtful.

    Parameters
    ----------
    number : int
        The row in the file.
    cells : mapping
        By the file's own column names.
    names : mapping
        Of our fields (date, time, system, klass, site, lat, lon, apogee_km, range_km, outcome),
        those that the file has, the names there.
    remarks : list of Remark
        The report so far.

    Returns
    -------
    Seen or None
        None if the row has no date: then it is among the remarks.
    """
    given = {field: cells.get(name) for field, name in names.items()}
    keep = keeper(remarks, number, cells, names)
    day = read_day(given["date"])
    if day.date is None:
        remarks.append(left_out(number, cells.values(), "no date that can be read"))
        return None
    for field, name in names.items():
        keep(field, None, "" if name in cells else "not in this record: unknown")
    date, instant = _when(keep("date", day, day.doubt), read_clock(given.get("time")), keep)
    said = klass_of(given.get("klass"))
    other = not said and not is_nothing(given.get("klass"))
    klass = keep("klass", said, "no class of the record; taken from the type" if other else "")
    lat, lon = (
        keep(field, *read_degrees(given.get(field), most=most))
        for field, most in (("lat", 90), ("lon", 180))
    )
    outcome = text(given.get("outcome")).lower()
    known = outcome in OUTCOMES
    keep("outcome", None, "" if known or is_nothing(outcome) else "read as unknown")
    return Seen(
        row=number,
        date=date,
        date_precision=day.precision,
        launched_at=instant,
        system=keep("system", *find_system(given.get("system"), klass or "BM_UNKNOWN")),
        given=text(given.get("system")),
        klass=klass,
        site=keep("site", *find_site(given.get("site"), lat, lon)),
        place=text(given.get("site")),
        lat=lat,
        lon=lon,
        apogee_km=keep("apogee_km", *read_km(given.get("apogee_km"), most=10_000)),
        range_km=keep("range_km", *read_km(given.get("range_km"), most=20_000)),
        outcome=outcome if known else "unknown",
    )


def _when(
    day: CellDay, clock: Clock, keep: Callable[..., Any]
) -> tuple[dt.date, dt.datetime | None]:
    """Return the Korean day, and the instant if there is one."""
    assert day.date is not None
    keep("time", None, clock.doubt)
    if clock.time is None:
        return day.date, None
    if day.precision != "day":
        return keep("time", (day.date, None), f"not used: only the {day.precision} is known")
    korean_day = korean(day.date, clock.time, ahead=clock.ahead or 0)
    return keep("time", korean_day, "read as Japanese time" if clock.ahead else "")

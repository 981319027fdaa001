"""A row that describes one missile, as CNS and its copy have them -> what it says."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from ..record.schema import OUTCOMES
from .cells import (
    LEFT_MISSING,
    Clock,
    Day,
    is_nothing,
    read_clock,
    read_day,
    read_degrees,
    read_km,
    text,
)
from .grouping import Seen, korean
from .names import find_site, find_system, klass_of
from .tables import Remark, left_out

_MOST = {"apogee_km": 10_000, "range_km": 20_000, "lat": 90, "lon": 180}


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

    def doubt(field: str, words: str) -> None:
        if words:
            remarks.append(Remark(number, names[field], text(given[field])[:200], words))

    day = read_day(given["date"])
    if day.date is None:
        remarks.append(left_out(number, cells.values(), "no date that can be read"))
        return None
    for field, name in names.items():
        doubt(field, "" if name in cells else "not in this record: unknown")
    doubt("date", day.doubt)
    clock = read_clock(given.get("time"))
    doubt("time", clock.doubt)
    date, instant, words = _when(day.date, day, clock)
    doubt("time", words)
    klass = klass_of(given.get("klass"))
    if not klass and not is_nothing(given.get("klass")):
        doubt("klass", "no class of the record; taken from the type")
    system = find_system(given.get("system"), klass or "BM_UNKNOWN")
    doubt("system", system.doubt)
    lat, lon = (read_degrees(given.get(field), most=_MOST[field]) for field in ("lat", "lon"))
    for field, degrees in (("lat", lat), ("lon", lon)):
        unread = math.isnan(degrees) and not is_nothing(given.get(field))
        doubt(field, LEFT_MISSING if unread else "")
    site = find_site(given.get("site"), lat, lon)
    doubt("site", site.doubt)
    apogee_km, words = read_km(given.get("apogee_km"), most=_MOST["apogee_km"])
    doubt("apogee_km", words)
    range_km, words = read_km(given.get("range_km"), most=_MOST["range_km"])
    doubt("range_km", words)
    outcome = text(given.get("outcome")).lower()
    known = outcome in OUTCOMES
    doubt("outcome", "" if known or is_nothing(outcome) else "read as unknown")
    return Seen(
        number, date, day.precision, instant, system.key, text(given.get("system")), klass,
        site.key, text(given.get("site")), lat, lon, apogee_km, range_km,
        outcome if known else "unknown",
    )  # fmt: skip


def _when(date: dt.date, day: Day, clock: Clock) -> tuple[dt.date, dt.datetime | None, str]:
    """Return the Korean day, the instant if there is one, and a doubt."""
    if clock.time is None:
        return date, None, ""
    if day.precision != "day":
        return date, None, f"not used: only the {day.precision} is known"
    doubt = "read as Japanese time" if clock.ahead else ""
    return *korean(date, clock.time, ahead=clock.ahead or 0), doubt

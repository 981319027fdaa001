"""What somebody says of a launch or an event -> a row as it stands in ``data/raw``."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

import pandas as pd

from ..errors import check_one_of, unknown
from ..record.columns import DATE_FORMAT, INSTANT_FORMAT
from ..record.days import as_day
from ..record.load import last_day
from ..record.schema import EVENT_KINDS, TABLES
from ..upstream.names import every_name, find_site, find_system, klass_of, unidentified

Row = dict[str, str]
_KOREA_AHEAD = pd.Timedelta(hours=9)
_OFFERED = 8


def known_name(what: str, given: str) -> str:
    """Return the short name of a "system" or "site" by any of its names.

    Raises
    ------
    ValueError
        If nobody calls one so; the message offers those whose names are near.

    Examples
    --------
    >>> known_name("system", "KN-23"), known_name("system", "Iskander"), known_name("site", "Sunan")
    ('hwasong-11a', 'hwasong-11a', 'sunan')
    >>> known_name("system", "SRBM")
    'unknown-srbm'
    """
    if what == "system" and klass_of(given):
        return unidentified(klass_of(given))
    found = find_system(given) if what == "system" else find_site(given)
    if found.doubt:
        raise unknown(what, given, offered(what, given))
    return found.key


def offered(what: str, given: str) -> list[str]:
    """Return systems or sites whose names hold the words given, or are spelt nearly so.

    Examples
    --------
    >>> offered("system", "Hwasong-18x")[0]
    'hwasong-18'
    """
    names = {
        name.lower(): key
        for key, own, others in every_name(what)
        for name in (key, own, *others)
        if name
    }
    words = [given.lower(), *(word for word in given.lower().split() if len(word) > 3)]
    holding = [key for word in words for name, key in names.items() if word in name]
    near = difflib.get_close_matches(given.lower(), names, n=_OFFERED, cutoff=0.5)
    some = list(dict.fromkeys([*holding, *(names[name] for name in near)]))[:_OFFERED]
    return some or [f"a short name of {what}s.csv"]


def next_id(day: str, taken: Iterable[str]) -> str:
    """Return the running number after those of a day.

    Examples
    --------
    >>> next_id("2022-11-09", ["2022-11-09-01", "2022-11-10-01"])
    '2022-11-09-02'
    """
    numbers = [int(i.rpartition("-")[2]) for i in taken if re.fullmatch(rf"{day}-\d+", i)]
    return f"{day}-{max(numbers, default=0) + 1:02d}"


def launch_row(
    date: str,
    system: str,
    site: str,
    source: str,
    taken: Iterable[str],
    *,
    time: str = "",
    **cells: str,
) -> Row:
    """Return a launch as a row of ``launches.csv``.

    Parameters
    ----------
    date : str
        Korean day.
    system, site : str
        By any of their names.
    source : str
        Key of the source, or keys separated by ``;``.
    taken : iterable of str
        Every `launch_id` there is.
    time : str
        Korean time of day, such as 15:31; empty where not known.
    **cells : str
        Other columns of the row; unnamed ones are as where nothing is known, one missile.

    Raises
    ------
    ValueError
        If the day, the time or a name cannot be read, or the day has not come in Korea.

    Examples
    --------
    >>> row = launch_row("2022-11-09", "KN-23", "Sunan", "csis-bp", ["2022-11-09-01"], time="15:31")
    >>> row["launch_id"], row["launched_at"], row["system"]
    ('2022-11-09-02', '2022-11-09T06:31Z', 'hwasong-11a')
    """
    day = as_day(date, "date")
    today = pd.Timestamp.now("UTC").tz_localize(None) + _KOREA_AHEAD
    if last_day() < today < day:  # a clock that lags behind the record says nothing
        raise ValueError(f"date {date!r}: expected no day after {today:%Y-%m-%d}, today in Korea")
    text = f"{day:{DATE_FORMAT}}"
    row = dict.fromkeys((c.name for c in TABLES["launches"].typed), "")
    row |= {"date_precision": "day", "missiles": "1", "missiles_exact": "true"}
    row |= {"outcome": "unknown", "in_cns": "false", "in_csis": "false"}
    row |= {name: cell for name, cell in cells.items() if cell}
    return row | {
        "launch_id": next_id(text, taken),
        "date": text,
        "launched_at": _instant(text, time) if time else "",
        "system": known_name("system", system),
        "site": known_name("site", site),
        "sources": source,
    }


def _instant(day: str, time: str) -> str:
    """Return the instant, in UTC, of a Korean time of day."""
    if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", time):
        raise ValueError(f"time {time!r}: expected a Korean time of day as 15:31")
    return f"{pd.Timestamp(f'{day} {time}') - _KOREA_AHEAD:{INSTANT_FORMAT}}"


def event_row(start: str, kind: str, title: str, *, end: str = "", **cells: str) -> Row:
    """Return an event as a row of the tables of events; its category is that of its kind.

    Parameters
    ----------
    start, end : str
        First and last day; one day by default.
    kind : str
        A kind of ``categories.csv``. One that several categories have needs ``category=``.
    title : str
        What happened, in a line.
    **cells : str
        Other columns of the row.

    Raises
    ------
    ValueError
        If a day, the kind or the category cannot be read.

    Examples
    --------
    >>> row = event_row("2026-10-05", "unsc_meeting", "Council meets on the launch")
    >>> row["event_id"], row["category"]
    ('2026-10-05-council-meets-on-the-launch', 'declaration')
    """
    check_one_of("kind", kind, sorted({k for kinds in EVENT_KINDS.values() for k in kinds}))
    homes = [category for category, kinds in EVENT_KINDS.items() if kind in kinds]
    category = cells.get("category") or homes[0]
    check_one_of("category", category, homes)
    days = [
        f"{as_day(day, what):{DATE_FORMAT}}"
        for day, what in ((start, "start"), (end or start, "end"))
    ]
    slug = "-".join(re.findall(r"[a-z0-9]+", title.lower())[:6])
    row = {c.name: c.default or "" for c in TABLES["events"].typed}
    row |= {"precision": "day", "confidence": "sourced" if cells.get("source") else "unsourced"}
    row |= {name: cell for name, cell in cells.items() if cell}
    return row | {
        "event_id": f"{days[0]}-{slug}",
        "start": days[0],
        "end": days[1],
        "category": category,
        "kind": kind,
        "title": title,
    }

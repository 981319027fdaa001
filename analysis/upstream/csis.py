"""The database of North Korean provocations of CSIS Beyond Parallel, in its copies."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd

from .cells import read_day, text
from .files import decode, file_bytes, refuse
from .grouping import Seen, group_missiles
from .javascript import find_records, parse_records
from .nagix import parse_json
from .names import unidentified
from .prose import number_in_prose, read_site, read_system
from .tables import NO_COLUMN, Grid, Remark, left_out, read_grid

#: What an event is called -> the class. The first that fits counts.
_TITLES = [
    (re.compile(pattern, re.IGNORECASE), klass)
    for pattern, klass in (
        (r"inter-?continen\w+", "ICBM"),
        (r"submarine[- ]launched", "SLBM"),
        (r"intermediate[- ]range", "IRBM"),
        (r"medium[- ]range", "MRBM"),
        (r"surface-to-air|anti-air", "SAM"),
        (r"anti-ship|ship-to-ship", "ASCM"),
        (r"(strategic|long-range) cruise", "LACM"),
        (r"cruise", "CM_UNKNOWN"),
        (r"multiple la\w+ rocket|\bMLRS\b", "MLRS"),
        (r"short[- ]range ballistic", "SRBM"),
        (r"satellite launch", "SLV"),
        (r"ballistic missile|short[- ]range missile|weapons test", "BM_UNKNOWN"),
    )
]
_NO_LAUNCH = re.compile(
    r"engine|deployment|detonation|joint missile test|submarine$|drone", re.IGNORECASE
)
#: Shells are no launch, rockets of a multiple launcher are, and the title tells neither.
_SHELLS = re.compile(r"artillery|controlled rocket", re.IGNORECASE)
_ROCKETS = re.compile(r"multiple[- ](launch )?rocket|\bMLRS\b", re.IGNORECASE)
_FIRED_ONE = re.compile(r"\bfired an? (\w+ )?ballistic missile", re.IGNORECASE)
_LAUNCH = re.compile(r"\blaunch(es)?\b", re.IGNORECASE)
_KIND, _STORY = ("type", "cat"), ("description", "desc")


def read_csis(path: str | Path) -> pd.DataFrame:
    """Read the provocations database of CSIS Beyond Parallel from any of its copies.

    The forms are the two CSV files (raw and processed) and the JSON of
    stiles/north-korea-provocations, the CSV of stiles/data of 2018, and the web page of
    andysaulim that carries the records as a JavaScript literal.

    Only launches are used; other provocations stand in the report. A record is an event: its
    class is read from its title; number, type and place from plain phrases of its text, else they
    are a lower bound of 1, unidentified and unknown. Its day is kept as it stands there, which is
    at times the American one. No outcome is read.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    DataFrame
        The columns of `load_launches`, with what `report_of` and `rows_of` return as from
        `read_cns`; in JSON and on the page a row's number is its place in the list.

    Raises
    ------
    RecordError
        A ValueError: the file cannot be read, is none of these forms, or has no launch. An
        export with a header and no rows is an error, never a time without launches.

    See Also
    --------
    read_cns, read_nagix, read_gcat, reconcile

    Examples
    --------
    >>> import tempfile
    >>> from analysis.upstream import report_of
    >>> content = '''date,type,event,description,resources
    ... 2022‑11‑17,Missile Provocation,Short-range Ballistic Missile Launch,It fired a missile.,x
    ... 2022-11-18,Other Provocation,Exchange of Fire at DMZ,Shots.,x
    ... '''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "csis.csv"
    ...     _ = path.write_text(content, encoding="utf-8")
    ...     launches = read_csis(path)
    >>> launches[["launch_id", "missiles", "system"]]
           launch_id  missiles        system
    0  2022-11-17-01         1  unknown-srbm
    >>> report_of(launches)["done"].tolist()[-1]
    'left out: no launch'
    """
    table, known_as = _read_table(path)
    remarks = list(table.remarks)
    for names in (_KIND, _STORY):
        if table.columns and not set(names) & set(table.columns):
            remarks.append(Remark(0, names[0], "", NO_COLUMN))
    if not table.rows:
        raise refuse(table.file, "no rows", "at least one launch: the export may have failed")
    read = [_read_row(number, cells, remarks) for number, cells in table.rows]
    seen = [event for event in read if event is not None]
    return group_missiles(
        seen, remarks, file=table.file, source=known_as, known_as=known_as, database="csis"
    )


def _read_table(path: str | Path) -> tuple[Grid, str]:
    """Return the records of any form, and the key of the copy in the record's sources."""
    file, raw = str(path), file_bytes(path)
    known_as = "csis-bp"
    if raw[:4] == b"PK\x03\x04":
        return read_grid(path, need=("date", "event")), known_as
    content, encoding = decode(raw, file)
    start = find_records(content)
    if start >= 0:
        records, known_as = parse_records(content, start, file), "csis-prov"
    elif content.lstrip()[:1] in ("[", "{"):
        records = parse_json(content, file)
    else:
        return read_grid(path, need=("date", "event")), known_as
    if not isinstance(records, list):
        raise refuse(file, type(records).__name__, "a list of records")
    remarks = [Remark(0, "encoding", encoding, f"read as {encoding}")] if encoding else []
    rows = list(enumerate(records, start=1))
    remarks += [left_out(n, [row], "not a record") for n, row in rows if not isinstance(row, dict)]
    rows = [(n, row) for n, row in rows if isinstance(row, dict)]
    return Grid(file, [], rows, remarks), known_as


def _read_row(number: int, cells: dict[str, Any], remarks: list[Remark]) -> Seen | None:
    """Read one record; None if it is no launch or has no date."""
    event = text(cells.get("event"))
    kind, story = (
        text(next((cells[name] for name in names if name in cells), ""))
        for names in (_KIND, _STORY)
    )
    klasses = _klasses(event, kind, story)
    if not klasses:
        remarks.append(left_out(number, [cells.get("date"), kind, event], "no launch"))
        return None
    day = read_day(cells.get("date"))
    if day.date is None:
        remarks.append(left_out(number, cells.values(), "no date that can be read"))
        return None
    if day.doubt:
        remarks.append(Remark(number, "date", text(cells.get("date")), day.doubt))
    if len(klasses) > 1:
        remarks.append(Remark(number, "event", event, f"several kinds: read as {klasses[0]}"))
    count, system, site = number_in_prose(story), read_system(story), read_site(story)
    if not count.found:
        remarks.append(Remark(number, "description", story[:80], "no number found: at least 1"))
    klass = klasses[0]
    exact = count.exact and len(klasses) == 1
    return Seen(
        row=number,
        date=day.date,
        date_precision=day.precision,
        launched_at=None,
        system=system or unidentified(klass),
        given=event,
        klass=klass,
        site=site or "unknown",
        place="",
        missiles=count.missiles,
        missiles_exact=exact,
    )


def _klasses(event: str, kind: str, story: str) -> list[str]:
    """Return the classes that the title of an event names; none if it is no launch."""
    if _SHELLS.match(event):
        rockets = "missile" in kind.lower() or _ROCKETS.search(story)
        return ["MLRS"] if rockets else []
    if _NO_LAUNCH.search(event) and not _LAUNCH.search(event):
        fired = "missile" in kind.lower() and _FIRED_ONE.search(story)
        return ["BM_UNKNOWN"] if fired else []
    found = [klass for pattern, klass in _TITLES if pattern.search(event)]
    broad = {"BM_UNKNOWN", "CM_UNKNOWN"} if len(found) > 1 else set()
    return [klass for klass in found if klass not in broad]

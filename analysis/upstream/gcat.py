"""The launch list of J. McDowell's General Catalog of Artificial Space Objects (GCAT)."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from .cells import UNCERTAIN, CellDay, month_number, read_km, text
from .files import decode, file_bytes, refuse
from .grouping import Seen, group_missiles, korean
from .names import find_site, find_system, spellings
from .tables import ABOVE_HEADER, NO_COLUMN, Remark, keeper, left_out

#: Where the columns stand that are read, and which follow the 19 or 20 of the flight: the width of
#: the list has grown, and the header of a copy may be of another year than its rows.
_FLIGHT = {
    "launch_tag": 0,
    "launch_date": 2,
    "lv_type": 3,
    "flight_id": 5,
    "launch_site": 10,
    "apogee": 14,
    "range": 16,
}
_LAYOUTS = {
    width: _FLIGHT | {"agency": at, "launch_code": at + 1}
    for width, at in {26: 19, 27: 20, 28: 20}.items()
}
#: The newest list gives the marks of doubt columns in its header and keeps them inside the cells.
_FLAG_COLUMNS = ("apoflag", "rangeflag")
#: A kind of launch and how it ended; the failure code beside it is never of this form.
_CODE = re.compile(r"[ADHMORSTXY][EFSU]")
_OPTIONAL_FIELDS = ("flight_id", "apogee", "range")
_AGENCIES = {"KP", "CMIK", "JRG", "KCST", "KPA", "KPAMJ", "NADA", "NKDSI"}
#: The first letter of a launch code; other letters are sounding rockets and the like.
_CODES = {"M": "BM_UNKNOWN", "O": "SLV", "D": "SLV"}
_ENDINGS = {"S": "success", "F": "failure", "E": "failure"}  # E: on the pad
_WHEN = re.compile(
    r"(?P<year>\d{4})(?: (?P<month>[A-Z][a-z]{2})(?: (?P<day>\d{1,2})"
    r"(?: (?P<hour>\d{2})(?:(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?|h))?)?)?(?P<doubt>\??)",
    re.ASCII,
)


class _Line(NamedTuple):
    """A line of the list: its number and its cells by column."""

    number: int
    cells: dict[str, str]


def read_gcat(path: str | Path, *, everywhere: bool = False) -> pd.DataFrame:
    r"""Read the launch list of GCAT (``launch.tsv``), North Korea's launches by default.

    Its rows are a missile each; the dates are UTC and become Korean days where they have a time.
    A mark of doubt ("2022 Jun?", "300?") keeps the value and stands in the report.

    Parameters
    ----------
    path : str or Path
        The file, with a header of 26 to 28 columns.
    everywhere : bool
        Keep every country's missiles and carriers. By default those of other countries are left
        out, each with a line in the report. Sounding rockets are always left out.

    Returns
    -------
    DataFrame
        The columns of `load_launches`, with what `report_of` and `rows_of` return as from
        `read_cns`. A missile of a type the record does not know has the class BM_UNKNOWN.

    Raises
    ------
    RecordError
        A ValueError: the file cannot be read, has no header of GCAT, or no such launch.

    See Also
    --------
    read_cns, read_nagix, read_csis, reconcile

    References
    ----------
    McDowell, J. C. (2020). General Catalog of Artificial Space Objects.
    https://planet4589.org/space/gcat

    Examples
    --------
    >>> import tempfile
    >>> header = ["-"] * 28
    >>> row = ["-"] * 28
    >>> for name, place in _LAYOUTS[28].items():
    ...     header[place] = name
    >>> row[2], row[3], row[10], row[14] = "2023 Apr 12 2223", "Hwasong-18", "CHDONG", "  2500?"
    >>> row[20], row[21] = "JRG", "MS"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "launch.tsv"
    ...     _ = path.write_text("#" + "\t".join(header) + "\n" + "\t".join(row))
    ...     launches = read_gcat(path)
    >>> launches[["launch_id", "system", "site", "apogee_km", "outcome"]]
           launch_id      system         site  apogee_km  outcome
    0  2023-04-13-01  hwasong-18  samsok-test     2500.0  success
    """
    file = str(path)
    content, encoding = decode(file_bytes(path), file)
    remarks = [Remark(0, "encoding", encoding, f"read as {encoding}")] if encoding else []
    seen = []
    for line in _lines(content, file, remarks):
        if not everywhere and not _is_korean(line.cells):
            shown = [line.cells[name] for name in ("launch_tag", "lv_type", "launch_site")]
            remarks.append(left_out(line.number, shown, "of another country"))
        elif (missile := _read_line(line, remarks)) is not None:
            seen.append(missile)
    return group_missiles(seen, remarks, file=file, source="gcat")


def _lines(content: str, file: str, remarks: list[Remark]) -> list[_Line]:
    """Return the lines under the header; one that has no known number of cells is a remark."""
    rows = content.split("\n")
    at = next((i for i, row in enumerate(rows[:50]) if "launch_tag" in row.lower()), 0)
    header = [text(name).lower() for name in rows[at].lstrip("#").split("\t")]
    header = ["launch_code" if name == "launchcode" else name for name in header]
    layout = {}
    for name in _LAYOUTS[28]:
        if header.count(name) == 1:
            layout[name] = header.index(name)
        elif name in _OPTIONAL_FIELDS and name not in header:
            remarks.append(Remark(0, name, "", NO_COLUMN))
        else:
            raise refuse(file, rows[at][:80], f"a header of GCAT with one {name}", line=at + 1)
    unmarked = [name for name in header if name not in _FLAG_COLUMNS]
    inside = {name: unmarked.index(name) for name in layout}
    lines = []
    for number, row in enumerate(rows, start=1):
        if not row.strip() or row.startswith("#") or number == at + 1:
            continue
        cells = [text(cell) for cell in row.split("\t")]
        known = [layout if len(cells) == len(header) else _LAYOUTS.get(len(cells))]
        if len(cells) == len(unmarked) < len(header):
            known.insert(0, inside)
        places = _that_fits(cells, known)
        if number <= at:
            remarks.append(left_out(number, cells, ABOVE_HEADER))
        elif places is None:
            why = f"{len(cells)} cells under a header of {len(header)}"
            remarks.append(left_out(number, cells, why))
        else:
            found = {name: cells[place] for name, place in places.items()}
            lines.append(_Line(number, dict.fromkeys(_OPTIONAL_FIELDS, "-") | found))
    return lines


def _that_fits(cells: list[str], known: list[dict[str, int] | None]) -> dict[str, int] | None:
    """Return the places under which a row has a launch code where one belongs, else the last."""
    fits = [places for places in known if places and _CODE.match(cells[places["launch_code"]])]
    return (fits or known[-1:])[0]


def _is_korean(cells: dict[str, str]) -> bool:
    agencies = set(cells["agency"].split("/"))
    return cells["launch_site"].rstrip("?") in spellings("gcat site") or bool(agencies & _AGENCIES)


def _read_line(line: _Line, remarks: list[Remark]) -> Seen | None:
    """Read one launch; None if it is no missile or has no date."""
    cells = line.cells
    klass, system = _CODES.get(cells["launch_code"][:1]), find_system(cells["lv_type"])
    if klass is None and _is_korean(cells) and not system.doubt:
        klass = ""  # called a test of something else there, and flown by a missile of the record
    if klass is None:
        why = f"no missile or carrier: launch code {cells['launch_code']}"
        remarks.append(left_out(line.number, cells.values(), why))
        return None
    day, clock = _read_when(cells["launch_date"])
    if day.date is None:
        remarks.append(left_out(line.number, cells.values(), "no date that can be read"))
        return None

    keep = keeper(remarks, line.number, cells, {name: name for name in cells})
    keep("launch_date", None, day.doubt)
    date, instant = (day.date, None) if clock is None else korean(day.date, clock, ahead=0)
    place = cells["launch_site"].rstrip("?")
    keep("launch_site", None, UNCERTAIN if place != cells["launch_site"] else "")
    many = "many" in cells["flight_id"].lower()
    keep("flight_id", None, "several missiles: at least 2" if many else "")
    return Seen(
        row=line.number,
        date=date,
        date_precision=day.precision,
        launched_at=instant,
        system=keep("lv_type", *system),
        given=cells["lv_type"],
        klass=klass if system.doubt else "",
        site=keep("launch_site", *find_site(spellings("gcat site").get(place) or place)),
        place=place,
        apogee_km=keep("apogee", *read_km(cells["apogee"], most=10_000)),
        range_km=keep("range", *read_km(cells["range"], most=20_000)),
        outcome=_ENDINGS.get(cells["launch_code"][1:2], "unknown"),
        missiles=2 if many else 1,
        missiles_exact=not many,
    )


def _read_when(cell: str) -> tuple[CellDay, dt.time | None]:
    """Read "2022 Nov  2 2314:30", "2022 Jun?", "1995?": a day and perhaps a time."""
    found = _WHEN.fullmatch(cell)
    if not found:
        return CellDay(None), None
    month = month_number(found["month"] or "Jan")
    precision = "day" if found["day"] else "month" if found["month"] else "year"
    try:
        date = dt.date(int(found["year"]), month, int(found["day"] or 1))
        # an hour alone ("22h") is no minute
        clock = dt.time(int(found["hour"]), int(found["minute"])) if found["minute"] else None
    except ValueError:
        return CellDay(None), None
    doubt = UNCERTAIN if found["doubt"] else ""
    return CellDay(date, precision, doubt), clock

"""The launch list of J. McDowell's General Catalog of Artificial Space Objects (GCAT)."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from .cells import Day, month_number, read_km, text
from .files import decode, read_bytes, refuse
from .grouping import Seen, as_launches, korean
from .names import find_site, find_system
from .tables import ABOVE_HEADER, NO_COLUMN, Remark, left_out

_FLIGHT = (
    "launch_tag", "launch_jd", "launch_date", "lv_type", "variant", "flight_id", "flight",
    "mission", "flightcode", "platform", "launch_site", "launch_pad", "ascent_site", "ascent_pad",
    "apogee", "apoflag", "range", "rangeflag", "dest",
)  # fmt: skip
_REST = ("group", "category", "ltcite", "cite", "notes")
#: What the columns have been, by their number; the header of a copy may be of another year.
_LAYOUTS = {
    26: [*_FLIGHT, "agency", "launch_code", *_REST],
    27: [*_FLIGHT, "orbpay", "agency", "launch_code", *_REST],
    28: [*_FLIGHT, "orbpay", "agency", "launch_code", "failcode", *_REST],
}
_ALSO_READ = ("flight_id", "apogee", "range")
_READ = ("launch_tag", "launch_date", "lv_type", "launch_site", "agency", "launch_code")
#: North Korea's launch sites there and here.
_PLACES = {
    "CHDONG": "samsok-test", "CHIHA": "chihari", "CHWA": "chunghwa", "DONGR": "tongrim",
    "EUNYUL": "unyul", "HAMH": "hungnam", "HAMJ": "", "HWJU": "hwangju", "JANGY": "jangyon",
    "KAECH": "kaechon", "KAES": "kaesong", "KITT": "kittaeryong", "KOKSAN": "koksan",
    "KUSONG": "panghyon-ab", "MUPYONG": "mupyong-ni", "NAMPO": "nampo", "PUKCH": "pukchang",
    "PYONGS": "pyongsong", "RYONPO": "yonpo", "SHWH": "kwail", "SINPO": "sinpo",
    "SOHAE": "sohae", "SONCH": "sonchon", "SONDOK": "sondok-ab", "SUKCH": "sukchon",
    "SUNAN": "pyongyang", "TAEG": "taegwan", "TAES": "taesong", "TONGC": "tongchon",
    "TONGH": "tonghae", "UIJU": "uiju", "WONSAN": "wonsan", "YDK": "yangdok",
    "YONGH": "yonghung",
}  # fmt: skip
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
        The columns of `load_launches`, with ``attrs["report"]`` and ``attrs["rows"]`` as from
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
    >>> names = _LAYOUTS[28]
    >>> cells = dict.fromkeys(names, "-") | {
    ...     "launch_tag": "2023-S15 ", "launch_date": "2023 Apr 12 2223", "lv_type": "Hwasong-18",
    ...     "launch_site": "CHDONG", "apogee": "   2500?", "agency": "JRG", "launch_code": "MS"}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "launch.tsv"
    ...     lines = ["#" + "\t".join(names), "\t".join(cells.values())]
    ...     _ = path.write_text("\n".join(lines))
    ...     launches = read_gcat(path)
    >>> launches[["launch_id", "system", "site", "apogee_km", "outcome"]]
           launch_id      system         site  apogee_km  outcome
    0  2023-04-13-01  hwasong-18  samsok-test     2500.0  success
    """
    file = str(path)
    content, encoding = decode(read_bytes(path), file)
    remarks = [Remark(0, "encoding", encoding, f"read as {encoding}")] if encoding else []
    seen = []
    for line in _lines(content, file, remarks):
        if not everywhere and not _is_korean(line.cells):
            shown = [line.cells[name] for name in ("launch_tag", "lv_type", "launch_site")]
            remarks.append(left_out(line.number, shown, "of another country"))
        elif (missile := _read_line(line, remarks)) is not None:
            seen.append(missile)
    return as_launches(seen, remarks, file=file, source="gcat")


def _lines(content: str, file: str, remarks: list[Remark]) -> list[_Line]:
    """Return the lines under the header; one that has no known number of cells is a remark."""
    rows = content.split("\n")
    at = next((i for i, row in enumerate(rows[:50]) if "launch_tag" in row.lower()), 0)
    header = [name.strip().lower() for name in rows[at].lstrip("#").split("\t")]
    header = ["launch_code" if name == "launchcode" else name for name in header]
    if missing := [name for name in _READ if name not in header]:
        raise refuse(file, rows[at][:80], f"a header of GCAT with {', '.join(missing)}", line=1)
    for name in header:
        if header.count(name) > 1:
            raise refuse(file, name, "each column once", line=at + 1, column=name)
    for name in _ALSO_READ:
        if name not in header:
            remarks.append(Remark(0, name, "", NO_COLUMN))
    layouts = _LAYOUTS | {len(header): header}
    lines = []
    for number, row in enumerate(rows, start=1):
        if not row.strip() or row.startswith("#") or number == at + 1:
            continue
        cells = [text(cell) for cell in row.split("\t")]
        if number <= at:
            remarks.append(left_out(number, cells, ABOVE_HEADER))
        elif len(cells) in layouts:
            row_cells = dict(zip(layouts[len(cells)], cells, strict=True))
            lines.append(_Line(number, dict.fromkeys(_ALSO_READ, "-") | row_cells))
        else:
            why = f"{len(cells)} cells under a header of {len(header)}"
            remarks.append(left_out(number, cells, why))
    return lines


def _is_korean(cells: dict[str, str]) -> bool:
    agencies = set(cells["agency"].split("/"))
    return cells["launch_site"].rstrip("?") in _PLACES or bool(agencies & _AGENCIES)


def _read_line(line: _Line, remarks: list[Remark]) -> Seen | None:
    """Read one launch; None if it is no missile or has no date."""
    cells = line.cells
    klass = _CODES.get(cells["launch_code"][:1])
    if klass is None:
        why = f"no missile or carrier: launch code {cells['launch_code']}"
        remarks.append(left_out(line.number, cells.values(), why))
        return None
    day, clock = _read_when(cells["launch_date"])
    if day.date is None:
        remarks.append(left_out(line.number, cells.values(), "no date that can be read"))
        return None

    def doubt(column: str, words: str) -> None:
        if words:
            remarks.append(Remark(line.number, column, cells[column], words))

    doubt("launch_date", day.doubt)
    date, instant = (day.date, None) if clock is None else korean(day.date, clock, ahead=0)
    system = find_system(cells["lv_type"])
    doubt("lv_type", system.doubt)
    place = cells["launch_site"].rstrip("?")
    site = find_site(_PLACES.get(place) or place)
    doubt("launch_site", site.doubt)
    if place != cells["launch_site"]:
        doubt("launch_site", "kept, though marked as uncertain")
    apogee, words = read_km(cells["apogee"], most=10_000)
    doubt("apogee", words)
    reach, words = read_km(cells["range"], most=20_000)
    doubt("range", words)
    many = "many" in cells["flight_id"].lower()
    doubt("flight_id", "several missiles: at least 2" if many else "")
    known = not system.doubt
    return Seen(
        line.number, date, day.precision, instant, system.key, cells["lv_type"],
        "" if known else klass, site.key, place, apogee_km=apogee, range_km=reach,
        outcome=_ENDINGS.get(cells["launch_code"][1:2], "unknown"),
        missiles=2 if many else 1, missiles_exact=not many,
    )  # fmt: skip


def _read_when(cell: str) -> tuple[Day, dt.time | None]:
    """Read "2022 Nov  2 2314:30", "2022 Jun?", "1995?": a day and perhaps a time."""
    found = _WHEN.fullmatch(cell)
    if not found:
        return Day(None), None
    month = month_number(found["month"] or "Jan")
    precision = "day" if found["day"] else "month" if found["month"] else "year"
    try:
        date = dt.date(int(found["year"]), month, int(found["day"] or 1))
        # an hour alone ("22h") is no minute
        clock = dt.time(int(found["hour"]), int(found["minute"])) if found["minute"] else None
    except ValueError:
        return Day(None), None
    doubt = "kept, though marked as uncertain" if found["doubt"] else ""
    return Day(date, precision, doubt), clock

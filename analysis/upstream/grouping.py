"""One row a missile, as other databases have it -> groups of identical missiles fired together."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..record.columns import KOREA
from ..record.join import tidy
from ..record.load import load_sites, load_systems
from ..record.salvo import derive_salvos
from ..record.schema import KLASSES, TABLES
from .files import refuse
from .report import as_text
from .tables import Remark

#: Korean days are UTC+9 in every year; the summer time of 1987 and 1988 is no matter of launches.
_KOREA_OFFSET = dt.timedelta(hours=9)
#: How a remark on a row begins whose day is not the one in the file.
MOVED = "Korean day"
_LAUNCHES = TABLES["launches"]


class Seen(NamedTuple):
    """What one row of a file says: a missile, or a launch of several."""

    row: int
    date: dt.date
    date_precision: str
    launched_at: dt.datetime | None
    system: str
    given: str  # its name there
    klass: str
    site: str
    place: str  # its name there
    lat: float = math.nan
    lon: float = math.nan
    apogee_km: float = math.nan
    range_km: float = math.nan
    outcome: str = "unknown"
    missiles: int = 1
    missiles_exact: bool = True


_IDENTICAL = [name for name in Seen._fields if name not in ("row", "lat", "lon", "missiles")]


def korean(date: dt.date, time: dt.time, *, ahead: int) -> tuple[dt.date, dt.datetime]:
    """Return the Korean day and the UTC instant (to the minute) of a date and time.

    Parameters
    ----------
    date, time : date and time
        In a zone `ahead` hours ahead of UTC.

    Examples
    --------
    >>> korean(dt.date(2022, 1, 4), dt.time(23, 10), ahead=0)[0]
    datetime.date(2022, 1, 5)
    """
    local = dt.datetime.combine(date, time.replace(second=0, microsecond=0))
    instant = local - dt.timedelta(hours=ahead)
    return (instant + _KOREA_OFFSET).date(), instant


def follow_companions(
    seen: list[Seen], told: Mapping[int, dt.date | None], remarks: list[Remark]
) -> list[Seen]:
    """Move untimed rows to the Korean day of the timed ones of the same date and site there.

    A file that dates by UTC has the third missile of a salvo, without a time, under the UTC day;
    where every timed row of that date and site falls on the next Korean day, so does it.

    Parameters
    ----------
    seen : list of Seen
        Rows that are used.
    told : mapping
        The date in the file, by row.
    remarks : list of Remark
        Gains a line for each row moved.

    Returns
    -------
    list of Seen
        The same rows.
    """
    days: dict[tuple[dt.date | None, str], set[dt.date]] = {}
    for missile in seen:
        if missile.launched_at is not None:
            days.setdefault((told[missile.row], missile.site), set()).add(missile.date)
    moved = []
    for missile in seen:
        there = days.get((told[missile.row], missile.site), set())
        untimed = missile.launched_at is None and missile.date_precision == "day"
        if untimed and len(there) == 1 and missile.date not in there:
            (day,) = there
            done = f"{MOVED} {day}, as of the timed rows of that date and site"
            remarks.append(Remark(missile.row, "date", f"{missile.date}", done))
            missile = missile._replace(date=day)
        moved.append(missile)
    return moved


def group_missiles(
    seen: list[Seen],
    remarks: Iterable[Remark],
    *,
    file: str,
    source: str,
    known_as: str = "",
    database: str = "",
) -> pd.DataFrame:
    """Group what was seen and give it the columns of `load_launches`.

    Parameters
    ----------
    seen : list of Seen
        One a row of the file that is used.
    remarks : iterable of Remark
        The report.
    file : str
        Named in errors.
    source : str
        Goes to `sources`.
    known_as : str
        Key in ``known_differences.csv``.
    database : {"cns", "csis", ""}
        Whose column (`in_cns`, `in_csis`) is true.

    Returns
    -------
    DataFrame
        In order of time, with what `report_of` and `rows_of` return.

    Raises
    ------
    RecordError
        If nothing is left: a file without launches is a broken file, not a quiet year.
    """
    report = pd.DataFrame(sorted(remarks), columns=list(Remark._fields))
    report = report.astype({"row": "int64", "column": "str", "value": "str", "done": "str"})
    lost = report.loc[(report["column"] == "") & (report["row"] > 0), "row"]
    if not seen:
        first = f"; the first: {report['done'].iloc[0]}" if len(report) else ""
        raise refuse(file, f"no launch among {len(lost)} rows{first}", "at least one launch")
    groups = _group(seen)
    launches = _with_names(groups).assign(
        date=pd.to_datetime(groups["date"]).astype("datetime64[us]"),
        launched_at=groups["launched_at"].astype("datetime64[us, UTC]"),
        in_cns=database == "cns",
        in_csis=database == "csis",
        sources=source,
        note=[f"{_line_spans(rows)} of the file" for rows in groups["rows"]],
    )
    launches = _in_types(launches.assign(salvo_id=derive_salvos(launches)))
    used = groups[["launch_id", "rows"]].explode("rows")
    ids = [*used["launch_id"], *[None] * len(lost)]
    rows = pd.DataFrame({"row": [*used["rows"], *lost], "launch_id": ids})
    rows = rows.astype({"row": "int64", "launch_id": "str"}).sort_values("row", ignore_index=True)
    launches.attrs = {"report": as_text(report), "rows": as_text(rows), "source": known_as}
    launches.attrs["record"] = {"who": "North Korea", "calendar": KOREA}
    return launches


def _group(seen: list[Seen]) -> pd.DataFrame:
    """Return a row a group of identical missiles, in order of time, with the rows of the file."""
    frame = pd.DataFrame(seen)
    frame["launched_at"] = pd.to_datetime(frame["launched_at"], utc=True)
    by = frame.groupby(_IDENTICAL, dropna=False, sort=False, observed=True)
    groups = by.agg(
        missiles=("missiles", "sum"), lat=("lat", "first"), lon=("lon", "first"), rows=("row", list)
    ).reset_index()
    groups["first"] = groups["rows"].str[0]
    groups = groups.sort_values(["date", "launched_at", "first"], ignore_index=True)
    number = groups.groupby("date").cumcount() + 1
    days = zip(groups["date"], number, strict=True)
    return groups.assign(launch_id=[f"{day}-{n:02d}" for day, n in days])


def _with_names(launches: pd.DataFrame) -> pd.DataFrame:
    """Add names, families and places: the record's where it knows them, else the file's."""
    systems = load_systems().set_index("system")
    sites = load_sites().set_index("site")
    known = launches["site"].isin(sites.index)
    klass = launches["klass"].replace("", np.nan).fillna(launches["system"].map(systems["klass"]))
    klass = klass.fillna("BM_UNKNOWN")
    return launches.assign(
        name=launches["system"].map(systems["name"]).fillna(launches["given"]),
        klass=klass,
        family=klass.map(KLASSES),
        site_name=launches["site"].map(sites["name"]).fillna(launches["place"]),
        lat=launches["site"].map(sites["lat"]).where(known, launches["lat"]),
        lon=launches["site"].map(sites["lon"]).where(known, launches["lon"]),
    )


def _in_types(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the columns of the record their order and dtypes."""
    for column in _LAUNCHES.columns:
        if column.name not in frame:
            frame[column.name] = pd.array([None] * len(frame), dtype="Int64")
        elif column.kind == "text":
            frame[column.name] = frame[column.name].astype("str")
        elif column.kind == "integer":
            frame[column.name] = frame[column.name].astype("Int64")
    return tidy(frame[_LAUNCHES.names], _LAUNCHES)


def _line_spans(rows: list[int]) -> str:
    """Return row numbers in a few words: "rows 5 to 7, 9"."""
    runs: list[list[int]] = []
    for row in sorted(rows):
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    words = ", ".join(f"{a} to {b}" if b > a else f"{a}" for a, b in runs)
    return f"{'row' if len(rows) == 1 else 'rows'} {words}"

"""Other people's tables -> our columns: one call names theirs, or gives one value for all rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from ..errors import check_one_of, need_columns
from .columns import Table
from .days import Day, as_day
from .door import check_events, check_launches, one_header
from .example_tables import OWN_COLUMNS
from .frames import read_date
from .schema import TABLES

#: Text columns whose words a table of one's own may choose freely.
_OWN_WORDS = {
    "launches": ("family", "klass", "outcome", "country", "use"),
    "events": ("category", "kind", "date_zone"),
}


def as_launches(
    frame: pd.DataFrame,
    *,
    date: str | Sequence[str],
    missiles: Any = None,
    family: Any = None,
    calendar: str | None = None,
    date_format: str | None = None,
    who: str | Mapping[str, str] | None = None,
    did: Sequence[str] | None = None,
    source: str | None = None,
    covered: Sequence[Day] | None = None,
    **others: Any,
) -> pd.DataFrame:
    """Turn any table of launches into the columns that the package counts.

    Parameters
    ----------
    frame : DataFrame
        One row a launch, or one row a day with a number of launches; rows whose number is 0
        are left out. Names of columns in several header rows are joined by spaces.
    date : str or three of them
        The columns with year, month and day, or the one that says when: days, "2022-11-09" or
        times. Times become days of `calendar` and, where their zone is known, also
        ``launched_at``.
    missiles : str or int, optional
        The column with the number of missiles, or one number for all rows. Without it, and
        where a cell is missing, a row is at least one missile.
    family : str, optional
        The column with the family, or one word for all rows: a word of the record (ballistic,
        space, cruise, air_defence, rocket_artillery) or any of your own.
    calendar : str, optional
        The time zone whose days the dates are, such as "Asia/Kolkata"; by default that of
        zone-aware times, else the dates are taken as they stand.
    date_format : str, optional
        How the dates are written where they are text or whole numbers, as in ``strftime``:
        "%d/%m/%Y", "%Y%m%d". Only "%Y-%m-%d" needs no telling.
    who : str or mapping, optional
        Who launched, for sentences: "India"; or by the codes of a column ``country``:
        ``{"IND": "India", "PAK": "Pakistan"}``.
    did : (str, str, str), optional
        What they did, for sentences: ("launched", "rocket", "rockets"); by
        default they fired what the families say.
    source : str, optional
        Source line of pictures; none by default.
    covered : (date-like, date-like), optional
        First and last day of which the table speaks: a period outside is then an error and not
        a row of zeros, and a running year ends there.
    **others : str or value
        Any other column of `load_launches` (klass, outcome, site, system, launched_at, salvo_id,
        launch_id, date_precision, missiles_exact...), ``country`` (who launched) or ``use``
        (test, operational): the name of a column, or one value.

    Returns
    -------
    DataFrame
        A checked table (see `check_launches`), columns of one's own kept, with a new index.

    Raises
    ------
    ValueError
        If a column named is not there, or the name of a keyword is no column of the record.
    RecordError
        If a cell cannot be what its column says.

    Examples
    --------
    >>> theirs = pd.DataFrame({"When": ["05/01/2022", "11/01/2022"], "Type": ["BM", "BM"]})
    >>> mine = as_launches(theirs, date="When", date_format="%d/%m/%Y", family="ballistic")
    >>> mine["date"].dt.day.tolist()
    [5, 11]
    """
    if not isinstance(date, str):
        frame, date = _with_date(frame, date), "date"
    given = {"missiles": missiles, "family": family, **others}
    tidy, days = _adopt(frame, "launches", {"date": date, **given}, date_format)
    if isinstance(days.dtype, pd.DatetimeTZDtype):
        zone = calendar or str(days.dt.tz)
        local = days.dt.tz_convert(zone)
        if "launched_at" not in tidy and (local != local.dt.normalize()).any():
            tidy["launched_at"] = days.dt.tz_convert("UTC")
        tidy["date"], calendar = local.dt.tz_localize(None).dt.normalize(), zone
    elif calendar and days.dtype.kind == "M" and (days != days.dt.normalize()).any():
        if "launched_at" not in tidy:
            tidy["launched_at"] = days.dt.tz_localize(calendar).dt.tz_convert("UTC")
        tidy["date"] = days.dt.normalize()
    if "missiles" in tidy and pd.api.types.is_numeric_dtype(tidy["missiles"]):
        tidy = tidy[tidy["missiles"].ne(0).fillna(True).to_numpy(dtype=bool)]
    tidy = tidy.reset_index(drop=True)
    if "launch_id" not in tidy:
        tidy.insert(0, "launch_id", _numbered(tidy["date"]))
    notes = {"who": who, "did": did, "source": source, "calendar": calendar}
    if covered is not None:
        first, last = (as_day(day, "covered") for day in covered)
        notes["covered"] = (f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}")
    tidy.attrs["record"] = {**_own_words(tidy, "launches"), **{k: v for k, v in notes.items() if v}}
    return check_launches(tidy)


def as_events(
    frame: pd.DataFrame,
    *,
    start: str,
    end: str | None = None,
    category: Any = None,
    kind: Any = None,
    date_format: str | None = None,
    **others: Any,
) -> pd.DataFrame:
    """Turn any table of context events into the columns that the tests of links use.

    Parameters
    ----------
    frame : DataFrame
        One row an event.
    start, end : str
        The columns with first and last day; without `end` an event lasts a day.
    category, kind : str, optional
        Columns, or one word for all rows; any words of your own.
    date_format : str, optional
        How days are written where they are text or whole numbers (see `as_launches`).
    **others : str or value
        Any other column of `load_events` (title, confidence, precision, answers_launch,
        parties...): the name of a column, or one value.

    Returns
    -------
    DataFrame
        A checked table (see `check_events`), columns of one's own kept, with a new index.

    Raises
    ------
    ValueError
        If a column named is not there, or the name of a keyword is no column of the record.
    RecordError
        If a cell cannot be what its column says.

    Examples
    --------
    >>> theirs = pd.DataFrame({"opening": ["2018-02-09"], "closing": ["2018-02-25"]})
    >>> games = as_events(theirs, start="opening", end="closing", category="games")
    >>> games["category"].tolist()
    ['games']
    """
    given = {"start": start, "end": end, "category": category, "kind": kind, **others}
    tidy, _ = _adopt(frame, "events", given, date_format)
    tidy = tidy.reset_index(drop=True)
    if "event_id" not in tidy:
        tidy.insert(0, "event_id", _numbered(read_date(tidy["start"])[0]))
    tidy.attrs["record"] = _own_words(tidy, "events")
    return check_events(tidy)


def _adopt(
    frame: pd.DataFrame, name: str, given: Mapping[str, Any], date_format: str | None
) -> tuple[pd.DataFrame, pd.Series]:
    """Give the columns named their names here; return the table and its column of days."""
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"expected a DataFrame, got {type(frame).__name__}")
    frame, table = one_header(frame), _with_own(TABLES[name])
    taken: dict[str, Any] = {}
    used = set()
    for column, value in given.items():
        check_one_of(f"column of `load_{name}`", column, table.names)
        if value is None:
            continue
        if isinstance(value, str) and value in frame.columns:
            taken[column] = frame[value]
            used.add(value)
        elif table[column].kind in ("date", "instant") or pd.api.types.is_list_like(value):
            there = ", ".join(map(repr, map(str, frame.columns)))
            raise ValueError(f"unknown column {value!r} for {column}: expected one of {there}")
        else:
            taken[column] = value
    own = frame.drop(columns=[c for c in frame.columns if c in used or c in taken])
    tidy = own.assign(**taken)
    when = "date" if name == "launches" else "start"
    if date_format is not None:
        for column in {when, "end"} & set(taken):
            tidy[column] = _with_format(tidy[column], date_format)
    order = [c for c in table.names if c in tidy] + [c for c in tidy if c not in table.names]
    return tidy[order], tidy[when]


def _with_own(table: Table) -> Table:
    """Return the table with the columns that only others' launches have."""
    if table.name != "launches":
        return table
    return replace(table, columns=(*table.columns, *OWN_COLUMNS))


def _with_date(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Put year, month and day together; what is no day is left missing, to be named."""
    frame = one_header(frame)
    need_columns(frame, columns, "the table")
    if len(columns) != 3:
        raise ValueError(f"expected a column for date, or year, month and day, got {columns!r}")
    parts = frame[list(columns)].set_axis(["year", "month", "day"], axis=1)
    return frame.assign(date=pd.to_datetime(parts, errors="coerce"))


def _with_format(days: pd.Series, date_format: str) -> pd.Series:
    """Read days written in a stated form; what does not fit is left as it stands, to be named."""
    if days.dtype.kind == "f" and (days.dropna() == days.dropna().round()).all():
        days = days.astype("Int64")
    read = pd.to_datetime(days.astype("str"), format=date_format, errors="coerce")
    if (read.isna() & days.notna()).any():
        return days.astype(object).where(read.isna(), read)
    return read


def _numbered(days: pd.Series) -> list[str]:
    """Name rows by their day and a running number."""
    text = (
        days.dt.strftime("%Y-%m-%d").fillna("undated")
        if days.dtype.kind == "M"
        else (days.astype("str"))
    )
    place = text.groupby(text, sort=False).cumcount() + 1
    return [f"{day}-{number:02d}" for day, number in zip(text, place, strict=True)]


def _own_words(tidy: pd.DataFrame, name: str) -> dict[str, list[str]]:
    """Note the words of the table where they are not the record's."""
    words, known = {}, TABLES[name]
    for column in _OWN_WORDS[name]:
        if column in tidy and tidy[column].map(type).isin([str, float]).all():
            found = sorted(set(tidy[column].dropna()))
            if not set(found) <= set(known[column].values if column in known.names else ()):
                words[column] = found
    return words

"""The one door for tables in memory: what every public function reads its launches through.

A table is checked column by column, those that a question needs, and coerced where nothing else
can be meant; what is wrong is one `RecordError`. The check is remembered on the table itself,
beside the columns that were checked, and nowhere else: it goes when the table goes. pandas
copies a column on writing while the remembered one still stands, so that a table changed in
place shows other memory than was checked, and is checked again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from .check import Problem, RecordError
from .columns import KOREA
from .frames import Wrong, read_column
from .names import Words, are_plain_names, find_words
from .notes import notes_of
from .schema import TABLES, Column, Table
from .which import another_table

#: Columns that are looked at whatever the question.
CORE = {
    "launches": ("date", "date_precision", "missiles", "missiles_exact", "launch_id"),
    "events": ("start", "end", "precision", "confidence", "answers_launch", "event_id"),
}
#: What a table without the column says by saying nothing.
UNSAID = {
    "launches": {"date_precision": "day", "missiles": 1, "missiles_exact": False},
    "events": {"precision": "day", "confidence": "sourced", "answers_launch": False},
}
#: Cells that may be missing although the record's own may not.
_MAY_BE_MISSING = {"missiles", "missiles_exact", "salvo_id", "start", "end"}
_HOUR = 3_600_000_000


@dataclass
class _Memory:
    """What was checked of a table: as what, the columns as they stood, and the tidy table."""

    name: str
    seen: dict[str, pd.Series]
    tidy: pd.DataFrame | None  # None: the table itself is tidy
    words: dict[str, Words]  # the columns of a vocabulary that were read at one look


def check_launches(frame: pd.DataFrame) -> pd.DataFrame:
    """Check a table of launches in memory and give its columns their types.

    Every function of the package that takes launches checks the columns it needs in the same
    way; here all columns of the schema that the table has are checked at once.

    Parameters
    ----------
    frame : DataFrame
        One row a launch. Only ``date`` is needed; `describe` names the columns that mean
        something, and columns of one's own are kept as they are.

    Returns
    -------
    DataFrame
        The same rows in the same order with the same index. Without ``date_precision`` the
        dates are days; without ``missiles``, or where its cell is missing, a row is at least
        one missile; a missing ``salvo_id`` is a salvo by itself.

    Raises
    ------
    RecordError
        A ValueError that lists every problem with column, row (label and place), value and
        what was expected.

    See Also
    --------
    as_launches : names the columns of any table, or gives one value for all rows.
    read_launches : the same for a file.

    Examples
    --------
    >>> rows = pd.DataFrame({"date": ["2022-01-05", "2022-01-11"], "family": "ballistic"})
    >>> check_launches(rows)["missiles_exact"].tolist()
    [False, False]
    """
    return through_door(frame, "launches", TABLES["launches"].names)


def check_events(frame: pd.DataFrame) -> pd.DataFrame:
    """Check a table of context events in memory and give its columns their types.

    Parameters
    ----------
    frame : DataFrame
        One row an event. Only ``start`` is needed.

    Returns
    -------
    DataFrame
        The same rows in the same order with the same index. Without ``end`` an event lasts one
        day; without ``precision`` its days are known; without ``confidence`` it counts as
        sourced. An event whose ``start`` is missing is kept: it is left out, and counted, by
        whatever uses it.

    Raises
    ------
    RecordError
        A ValueError that lists every problem with column, row (label and place), value and
        what was expected.

    Examples
    --------
    >>> check_events(pd.DataFrame({"start": ["2018-02-09"]}))["end"].dt.day.tolist()
    [9]
    """
    return through_door(frame, "events", TABLES["events"].names)


def check_without_instants(launches: pd.DataFrame) -> pd.DataFrame:
    """Check all columns, but no day against its instant: they may differ in another database."""
    table = TABLES["launches"]
    names = [name for name in table.names if name != "launched_at"]
    tidy = through_door(launches, "launches", names)
    if "launched_at" not in tidy:
        return tidy
    instants, wrong = read_column(tidy["launched_at"], table["launched_at"], frozenset())
    problems = problems_of(tidy, table.name, "launched_at", wrong)
    if problems:
        raise RecordError(problems)
    return tidy.assign(launched_at=instants)


def through_door(frame: pd.DataFrame, name: str, needs: Iterable[str] = ()) -> pd.DataFrame:
    """Return the tidy form of a table, checking the columns that a question needs.

    Parameters
    ----------
    frame : DataFrame
        Any table.
    name : {"launches", "events"}
        What its rows are.
    needs : iterable of str
        Columns that are read besides `CORE`; those the table lacks are left to the caller.

    Returns
    -------
    DataFrame
        The table with the columns checked in their types.

    Raises
    ------
    RecordError
        If a cell, a column or the table cannot be used.
    """
    table = TABLES[name]
    _check_form(frame, table)
    wanted = {c for c in (*CORE[name], *needs) if c in frame.columns}
    memory = _memory_of(frame, name)
    tidy = frame if memory is None or memory.tidy is None else memory.tidy
    done = set() if memory is None else set(memory.seen)
    if memory is not None and wanted <= done:
        return tidy
    words = {} if memory is None else dict(memory.words)
    unread = [column for column in table.names if column in wanted - done]
    tidy = _tidy(tidy, table, unread, words, fresh=memory is None)
    seen = {column: frame[column] for column in done | wanted}
    kept = {column: tidy[column] for column in done | wanted}
    # not a column: an attribute of this very object, which no copy inherits
    object.__setattr__(frame, "_checked", _Memory(name, seen, tidy, words))
    object.__setattr__(tidy, "_checked", _Memory(name, kept, None, words))
    return tidy


def is_one_of(frame: pd.DataFrame, column: str, words: Iterable[str]) -> np.ndarray:
    """Mark the rows that hold one of some words, which the check may have read already.

    Examples
    --------
    >>> is_one_of(pd.DataFrame({"family": ["space", "cruise"]}), "family", ["space"]).tolist()
    [True, False]
    """
    series = frame[column]
    memory: _Memory | None = frame.__dict__.get("_checked")
    if isinstance(series.dtype, pd.CategoricalDtype):
        return Words(tuple(series.cat.categories), series.cat.codes.to_numpy()).hold(words)
    if memory and column in memory.words and _same_memory(series, memory.seen[column]):
        return memory.words[column].hold(words)
    return series.isin(list(words)).to_numpy(dtype=bool)


def _check_form(frame: pd.DataFrame, table: Table) -> None:
    """Raise unless this is a DataFrame with the column that says when, and each column once."""
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(
            f"expected a DataFrame of {table.name}, got {type(frame).__name__}: "
            f"`read_{table.name}` reads a file"
        )
    need_one_header(frame, table)
    if not frame.columns.is_unique:
        twice = sorted({str(c) for c in frame.columns[frame.columns.duplicated()]})
        raise RecordError(
            [Problem(f"the {table.name}", 0, c, c, "each column once") for c in twice]
        )
    when = CORE[table.name][0]
    if when not in frame.columns:
        there = ", ".join(map(str, frame.columns)) or "none"
        expected = another_table(frame, table.name) or (
            f"a column {when}: {table[when].meaning}; `as_{table.name}` names the columns of "
            f"any table (there are: {there})"
        )
        raise RecordError([Problem(f"the {table.name}", 0, when, "", expected)])


def need_one_header(frame: pd.DataFrame, table: Table) -> None:
    """Raise where the columns have names in several rows, as of some spreadsheets."""
    if frame.columns.nlevels > 1:
        names = ", ".join(map(repr, one_header(frame).columns[:3]))
        expected = (
            f"names of columns in one row, not {frame.columns.nlevels}: `as_{table.name}` joins "
            f"them by spaces ({names}...) and takes such names"
        )
        raise RecordError([Problem(f"the {table.name}", 0, "", "", expected)])


def one_header(frame: pd.DataFrame) -> pd.DataFrame:
    """Join names of columns that stand in several rows by spaces.

    Examples
    --------
    >>> two = pd.MultiIndex.from_tuples([("when", "day"), ("missiles", "Unnamed: 1_level_1")])
    >>> one_header(pd.DataFrame([["2022-01-05", 1]], columns=two)).columns.tolist()
    ['when day', 'missiles']
    """
    if frame.columns.nlevels == 1:
        return frame
    names = [
        " ".join(word for word in map(str, parts) if word and not word.startswith("Unnamed: "))
        for parts in frame.columns
    ]
    return frame.set_axis(names, axis=1)


def _tidy(
    frame: pd.DataFrame, table: Table, columns: list[str], words: dict[str, Words], *, fresh: bool
) -> pd.DataFrame:
    """Check columns of a table and return it with them in their types; note words read."""
    problems: list[Problem] = []
    values: dict[str, pd.Series] = {}
    for name in columns:
        column = replace(table[name], required=table[name].required and name not in _MAY_BE_MISSING)
        if name == table.key[0] and are_plain_names(frame[name]):
            continue
        allowed = vocabulary(frame, column)
        found = find_words(frame[name], allowed)
        if found is not None:
            values[name], words[name] = frame[name], found
            continue
        series, wrong = read_column(frame[name], column, allowed)
        if column.kind == "date":
            wrong += _times_of_another_zone(frame[name], calendar_of(frame))
        problems += problems_of(frame, table.name, name, wrong)
        values[name] = series
    if not problems:
        problems = _across(frame, table, values)
    if problems:
        raise RecordError(problems)
    tidy = frame.copy(deep=False)
    for name, series in values.items():
        if series is not frame[name]:
            tidy[name] = series
    return _fill(tidy, table, columns, fresh=fresh)


def _times_of_another_zone(series: pd.Series, calendar: str) -> Wrong:
    """Times of day in another zone than the table's: their days there would be a guess."""
    if not isinstance(series.dtype, pd.DatetimeTZDtype):
        return []
    local = series.dt.tz_localize(None)
    here = series.dt.tz_convert(calendar).dt.tz_localize(None)
    other = ((local != local.dt.normalize()) & (local != here) & series.notna()).to_numpy()
    expected = f"a day, or a time in {calendar}: `.dt.tz_convert({calendar!r})` gives it"
    return [(other, expected)] if other.any() else []


def vocabulary(frame: pd.DataFrame, column: Column) -> frozenset[str]:
    """Return the words a column may hold: those that come with the table, or the record's own."""
    words = notes_of(frame).get(column.name)
    return frozenset(words if isinstance(words, list | tuple) else column.values)


def problems_of(frame: pd.DataFrame, table: str, column: str, wrong: Wrong) -> list[Problem]:
    """Name the cells that break a rule, each once."""
    found = []
    seen = np.zeros(len(frame), dtype=bool)
    for mask, expected in wrong:
        for place in np.flatnonzero(mask & ~seen).tolist():
            value = frame[column].iloc[place]
            found.append(
                Problem(
                    f"the {table}",
                    0,
                    column,
                    "" if pd.isna(value) else str(value),
                    expected,
                    row_name(frame, place),
                )
            )
        seen |= mask
    return found


def row_name(frame: pd.DataFrame, place: int) -> str:
    """Name a row by its label and its place, from 1."""
    return f"{frame.index[place]!r} (place {place + 1})"


def _across(frame: pd.DataFrame, table: Table, values: dict[str, pd.Series]) -> list[Problem]:
    """Problems that only several cells show: keys twice, a day against its instant, an end."""
    key = table.key[0]
    wrong: dict[str, Wrong] = {}
    if key in values:
        twice = values[key].duplicated().to_numpy() & values[key].notna().to_numpy()
        if twice.any():
            wrong[key] = [(twice, f"a {key} of its own: an earlier row has it already")]
    if {"date", "launched_at"} <= set(values):
        other = _another_day(frame, values)
        if other.any():
            wrong["date"] = [
                (
                    other,
                    "the day of launched_at, in Korea (UTC+9); `as_launches(..., calendar=)` "
                    "takes days of another calendar",
                )
            ]
    if {"start", "end"} <= set(values):
        early = (values["end"] < values["start"]).to_numpy()
        endless = (values["end"].isna() & values["start"].notna()).to_numpy()
        if early.any() or endless.any():
            wrong["end"] = [(early | endless, "an end on or after the start")]
    return [p for name, found in wrong.items() for p in problems_of(frame, table.name, name, found)]


def _another_day(frame: pd.DataFrame, values: dict[str, pd.Series]) -> np.ndarray:
    """Mark rows whose day is not that of their instant, in the calendar of the table."""
    instant, day = values["launched_at"], values["date"]
    calendar = calendar_of(frame)
    if calendar == KOREA:
        since = _microseconds(instant.dt.tz_localize(None)) - _microseconds(day)
        other = (since < -9 * _HOUR) | (since >= 15 * _HOUR)
        if not other.any():
            return other
        # a missing instant is a very early one
        other &= instant.notna().to_numpy()
    else:
        local = instant.dt.tz_convert(calendar).dt.tz_localize(None)
        there = local.to_numpy(dtype="datetime64[D]")
        other = ~np.isnat(there) & (there != day.to_numpy(dtype="datetime64[D]"))
    if "date_precision" in values:
        other &= (values["date_precision"] == "day").to_numpy(dtype=bool)
    return other


def calendar_of(frame: pd.DataFrame) -> str:
    """Return the time zone whose days the dates of a table are; Korea's unless it says otherwise.

    Examples
    --------
    >>> calendar_of(pd.DataFrame())
    'Asia/Seoul'
    """
    return str(notes_of(frame).get("calendar") or KOREA)


def _fill(tidy: pd.DataFrame, table: Table, columns: list[str], *, fresh: bool) -> pd.DataFrame:
    """Say what an absent column or a missing cell says: never more than a lower bound."""
    if table.name == "launches":
        if "salvo_id" in columns and tidy["salvo_id"].isna().any():
            tidy["salvo_id"] = _own_salvos(tidy["salvo_id"])
        if fresh:
            _fill_missiles(tidy)
    if fresh:
        for name, value in UNSAID[table.name].items():
            if name not in tidy:
                tidy[name] = constant(value, len(tidy))
        if table.name == "events" and "end" not in tidy:
            tidy["end"] = tidy["start"]
    plain: dict[str, Any] = {"Int64": "int64", "boolean": "bool"}
    for name in columns:
        dtype = str(tidy[name].dtype)
        if table[name].required and dtype in plain and not tidy[name].isna().any():
            tidy[name] = tidy[name].astype(plain[dtype])
    return tidy


def _fill_missiles(tidy: pd.DataFrame) -> None:
    """A row without a number is at least one missile; without a word on it, a number is exact."""
    if "missiles" not in tidy:
        if "missiles_exact" in tidy:
            tidy["missiles_exact"] = constant(False, len(tidy))
        return
    unknown = tidy["missiles"].isna().to_numpy()
    if "missiles_exact" not in tidy:
        tidy["missiles_exact"] = constant(True, len(tidy))
    elif tidy["missiles_exact"].isna().any():
        tidy["missiles_exact"] = tidy["missiles_exact"].fillna(False).astype(bool)
    if unknown.any():
        tidy["missiles"] = tidy["missiles"].fillna(1).astype("int64")
        tidy["missiles_exact"] = tidy["missiles_exact"].to_numpy(dtype=bool) & ~unknown


def _own_salvos(ids: pd.Series) -> pd.Series:
    """Give each row without a salvo one of its own."""
    names = ids.astype(object)
    missing = names.isna().to_numpy()
    names[missing] = [f"row {place + 1}, no salvo" for place in np.flatnonzero(missing)]
    return names.astype("str")


def constant(value: Any, n: int) -> Any:
    """Return a column of one value; words take a byte a row."""
    if isinstance(value, str):
        return pd.Categorical.from_codes(np.zeros(n, dtype=np.int8), pd.Index([value]))
    return np.full(n, value)


def _memory_of(frame: pd.DataFrame, name: str) -> _Memory | None:
    """Return what was checked of a table, if the columns still lie where they lay."""
    memory: _Memory | None = frame.__dict__.get("_checked")
    if memory is None or memory.name != name:
        return None
    still = all(
        column in frame.columns and _same_memory(frame[column], series)
        for column, series in memory.seen.items()
    )
    return memory if still else None


def _same_memory(one: pd.Series, other: pd.Series) -> bool:
    return (
        one.dtype == other.dtype
        and len(one) == len(other)
        and (addresses := _addresses(one)) != ()
        and addresses == _addresses(other)
    )


def _addresses(column: pd.Series) -> tuple[tuple[int, tuple[int, ...] | None], ...]:
    """Return where the values of a column lie; nothing where that cannot be told."""
    array = column.array
    arrow = getattr(array, "_pa_array", None)
    if arrow is not None:  # never changed in place: another value is another object
        return ((id(arrow), None),)
    parts = [getattr(array, name, None) for name in ("_ndarray", "_data", "_mask")]
    found = [part.__array_interface__ for part in parts if isinstance(part, np.ndarray)]
    return tuple((part["data"][0], part["strides"]) for part in found)


def _microseconds(times: pd.Series) -> np.ndarray:
    return times.to_numpy(dtype="datetime64[us]").view("int64")

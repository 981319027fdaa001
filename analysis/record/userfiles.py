"""A user's own files and tables, read in the columns of the record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import unknown
from ..extras import library
from .check import RecordError, Text, check, is_time_zone, read_text
from .columns import KOREA, Column, Table
from .door import check_events, check_launches, constant, need_one_header
from .filters import filter_problems
from .join import join, tidy
from .load import load_sites, load_systems
from .problems import Problem
from .salvo import derive_salvos
from .schema import TABLES
from .text import read_bytes

#: Files that hold typed columns, by the end of their name.
_TYPED = (".xlsx", ".parquet", ".json")


def read_launches(
    path: str | Path | pd.DataFrame,
    *,
    encoding: str = "utf-8",
    calendar: str | None = None,
    who: str | None = None,
    source: str | None = None,
) -> pd.DataFrame:
    """Read a user's own launches in the columns of `load_launches`.

    The columns `name`, `klass`, `family`, `site_name`, `lat`, `lon` and `salvo_id` may be left
    out: they are then looked up by `system` and `site`, and the salvos derived. A file that
    brings its own `name`, `klass` and `family` may name any system, and one that brings its own
    `lat` and `lon` any site, such as those of another country. `launched_at`, `apogee_km`,
    `range_km`, `note` and the announcers' columns (`in_cns`, `tokyo_missiles`...) may be left out
    too: missing, or false. Columns of one's own are kept.

    Parameters
    ----------
    path : str, Path or DataFrame
        Separated values (comma, semicolon or tab; UTF-8 or UTF-16; perhaps gzipped), a
        spreadsheet (.xlsx, first sheet), .parquet, or a .json list of records; or a table in
        memory.
    encoding : str
        Encoding of separated values that are not Unicode, such as "cp1252" or "cp949".
    calendar : str
        The time zone whose days the dates are, such as "Asia/Kolkata"; where a row has its
        instant, Korea's by default.
    who : str, optional
        Who launched, for sentences: "India".
    source : str, optional
        Source line of pictures; none by default.

    Returns
    -------
    DataFrame
        The columns of `load_launches`, in the order of the file, then those of one's own.

    Raises
    ------
    RecordError
        A ValueError that lists every problem with its file, line, column, value and what was
        expected. What is wrong with the form of a file is said before its cells.

    See Also
    --------
    as_launches : takes a table in any other columns.

    Examples
    --------
    >>> import tempfile
    >>> from analysis import load_launches
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.csv"
    ...     load_launches(families="space").to_csv(path, index=False)
    ...     len(read_launches(path)) == len(load_launches(families="space"))
    True
    """
    if calendar is not None and not is_time_zone(calendar):
        raise unknown("calendar", calendar, ["a time zone such as Asia/Kolkata"])
    table = TABLES["launches"]
    frame, file = _typed(path, table)
    if frame is None:
        text = _own_text(path, table, encoding)
        known: dict[str, Iterable[str]] = {}
        if not {"name", "klass", "family"} <= set(text.cells):
            known["systems.system"] = load_systems()["system"]
        if not {"lat", "lon"} <= set(text.cells):
            known["sites.site"] = load_sites()["site"]
        frame = read_table(text, table, known, calendar or KOREA)
    else:
        frame = _in_memory(_noted(frame, calendar=calendar), table, file)
    launches = join(frame, load_systems(), load_sites())
    if "salvo_id" not in launches:
        launches["salvo_id"] = derive_salvos(launches)
    return _noted(_in_order(launches, table), calendar=calendar, who=who, source=source)


def _noted(launches: pd.DataFrame, **notes: str | None) -> pd.DataFrame:
    """Note what the caller says of a table, beside what it says itself."""
    noted = launches.copy(deep=False)
    said = {key: value for key, value in notes.items() if value}
    if said:
        noted.attrs["record"] = {**(launches.attrs.get("record") or {}), **said}
    return noted


def read_events(path: str | Path | pd.DataFrame, *, encoding: str = "utf-8") -> pd.DataFrame:
    """Read a user's own context events in the columns of `load_events`.

    `date_zone` (KST), `parties`, `place`, `answers_launch` (false), `source`, `source_url` and
    `note` may be left out. Columns of one's own are kept.

    Parameters
    ----------
    path, encoding
        As in `read_launches`.

    Returns
    -------
    DataFrame
        The columns of `load_events`, in the order of the file, then those of one's own.

    Raises
    ------
    RecordError
        A ValueError that lists every problem with its file, line, column, value and what was
        expected. What is wrong with the form of a file is said before its cells.

    See Also
    --------
    as_events : takes a table in any other columns.

    Examples
    --------
    >>> import tempfile
    >>> from analysis import load_events
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.csv"
    ...     load_events("parade").to_csv(path, index=False)
    ...     read_events(path)["category"].unique().tolist()
    ['parade']
    """
    table = TABLES["events"]
    frame, file = _typed(path, table)
    if frame is None:
        return _in_order(read_table(_own_text(path, table, encoding), table), table)
    return _in_order(_in_memory(frame, table, file), table)


def read_groups(path: str | Path) -> pd.DataFrame:
    """Read groups of events of one's own from a CSV file in the columns of `load_groups`.

    Needed are `group` and `filter`; the rest may be left out.

    Parameters
    ----------
    path : str or Path
        Separated values, as in `read_launches`.

    Returns
    -------
    DataFrame
        The columns of `load_groups`, in the order of the file, for ``by`` of `event_study` and
        its siblings.

    Raises
    ------
    RecordError
        A ValueError that lists every problem with its file, line, column, value and what was
        expected; a filter that cannot be read is one. Whether the events have the columns of a
        filter is seen when it is used.

    See Also
    --------
    passes_filter : which events a filter holds.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.csv"
    ...     mine = pd.DataFrame({"group": ["winter"], "filter": ["kind == 'winter_games'"]})
    ...     mine.to_csv(path, index=False)
    ...     read_groups(path)["group"].tolist()
    ['winter']
    """
    table = TABLES["groups"]
    text = read_text(path, table, own=True)
    groups = read_table(text, table)
    problems = filter_problems(groups, text)
    if problems:
        raise RecordError(problems)
    return groups


def _typed(path: str | Path | pd.DataFrame, table: Table) -> tuple[pd.DataFrame | None, str]:
    """Return the table of a file that holds typed columns, or one in memory; None for text."""
    if isinstance(path, pd.DataFrame):
        return path, f"the {table.name}"
    if not isinstance(path, (str, Path)):
        raise ValueError(f"expected a path or a DataFrame, got {type(path).__name__}")
    file, end = str(path), Path(path).suffix.lower()
    if end not in _TYPED:
        return None, file
    read_bytes(path, file)
    try:
        if end == ".json":
            return pd.DataFrame(json.loads(Path(path).read_text("utf-8-sig"))), file
        if end == ".parquet":
            library("pyarrow", "pyarrow")
            return pd.read_parquet(path), file
        library("openpyxl", "excel")
        return pd.read_excel(path, engine="openpyxl"), file
    except ModuleNotFoundError:
        raise
    except Exception as error:  # these readers raise whatever their libraries do
        problem = Problem(file, 0, "", type(error).__name__, f"a readable {end} file ({error})")
        raise RecordError([problem]) from error


def _in_memory(frame: pd.DataFrame, table: Table, file: str) -> pd.DataFrame:
    """Check a table of typed columns in our form: every required column must be there."""
    need_one_header(frame, table)
    blank = frame.isna().all(axis=1)
    index = [c for c in frame.columns if str(c).startswith("Unnamed: ") or str(c) == ""]
    frame = frame.drop(columns=index)[~blank.to_numpy()].reset_index(drop=True)
    frame.columns = frame.columns.map(str)
    missing = [
        Problem(file, 0, c.name, "", f"a column {c.name}: {c.meaning}; {_way_out(table)}")
        for c in table.typed
        if c.default is None and c.name not in frame
    ]
    if not len(frame):
        missing.append(Problem(file, 0, "", "", "rows: there are none"))
    if missing:
        raise RecordError(missing)
    absent: dict[str, Any] = {
        c.name: {"": None, "false": False}.get(str(c.default), c.default)
        for c in table.columns
        if c.default is not None and c.name not in frame
    }
    check_table = check_launches if table.name == "launches" else check_events
    try:
        checked = check_table(frame.assign(**absent))
    except RecordError as error:
        raise RecordError([p._replace(file=file) for p in error.problems]) from None
    return tidy(checked, table)


def _way_out(table: Table) -> str:
    return f"`as_{table.name}` names the columns of any table"


def _own_text(path: Any, table: Table, encoding: str) -> Text:
    """Read a user's file as text; its form is judged before its cells."""
    text = read_text(path, table, own=True, encoding=encoding)
    problems = list(text.problems)
    if len(text.cells.columns):
        problems += [
            Problem(text.file, 1, c.name, "", f"a column {c.name}: {c.meaning}; {_way_out(table)}")
            for c in table.typed
            if c.default is None and c.name not in text.cells
        ]
    if problems:
        raise RecordError(problems)
    return text


def read_table(
    text: Text,
    table: Table,
    known: Mapping[str, Iterable[str]] | None = None,
    calendar: str = KOREA,
) -> pd.DataFrame:
    """Type and check a user's table; columns with a default and joined ones may be absent."""
    text = _with_defaults(text, table)
    columns = [_liberal(c) for c in table.columns if not c.joined or c.name in text.cells]
    frame, problems = check(text, table, known=known, columns=columns, calendar=calendar)
    if problems:
        raise RecordError(problems)
    typed = tidy(frame, table)
    for name in [name for name in text.cells if name not in table.names]:
        own = text.cells[name].astype("str")
        typed[name] = own.mask(own == "")
    return typed


def _in_order(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Put the columns of the record first, in their order and types."""
    own = [name for name in frame if name not in table.names]
    return tidy(frame[[*table.names, *own]], table)


def _liberal(column: Column) -> Column:
    """Accept any names and any sources in a user's file, and empty cells where nothing will do."""
    refers = "" if column.refers == "sources.key" else column.refers
    required = column.required and column.default != ""
    return replace(column, pattern="", refers=refers, required=required)


def _with_defaults(text: Text, table: Table) -> Text:
    """Fill the columns that a user's file may leave out."""
    absent = {
        c.name: constant(str(c.default), len(text.cells))
        for c in table.columns
        if c.default is not None and c.name not in text.cells
    }
    return text._replace(cells=text.cells.assign(**absent))

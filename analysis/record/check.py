"""Text files -> typed tables, with every problem found at once.

The rules come from `schema`; this module applies them. A table is read as text, cell by cell, so
that each problem can be named by file, line, column, value and what was expected there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from .schema import DATE_FORMAT, EVENT_KINDS, KLASSES, Column, Table

_ALLOWED_IN_A_SENTENCE = 12


class Problem(NamedTuple):
    """One cell, row or file that breaks a rule."""

    file: str
    line: int  # 0: the file as a whole
    column: str  # empty: the row as a whole
    value: str
    expected: str

    def __str__(self) -> str:
        """Say where, what was found and what was expected."""
        where = self.file
        if self.line:
            where += f", line {self.line}"
        if self.column:
            where += f", column {self.column}"
        found = self.value if len(self.value) <= 80 else self.value[:77] + "..."
        return f"{where}: {found!r}, expected {self.expected}"


class RecordError(ValueError):
    """Input that breaks the schema; `problems` lists every one of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        noun = "problem" if len(self.problems) == 1 else "problems"
        lines = "\n".join(f"  {p}" for p in self.problems)
        super().__init__(f"{len(self.problems)} {noun} in the record\n{lines}")


class Text(NamedTuple):
    """A table as text: cells, the line each row begins on, and what was wrong with the file."""

    cells: pd.DataFrame
    lines: np.ndarray
    file: str
    problems: list[Problem]


# --------------------------------------------------------------------------- reading


def read_text(path: str | Path, table: Table, *, file: str = "") -> Text:
    """Read a CSV file as text; say what is wrong with its encoding, header or row lengths."""
    file = file or str(path)
    content, problems = _decode(Path(path).read_bytes(), file)
    rows: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    before = 0
    try:
        for row in reader:
            if row:
                rows.append(row)
                lines.append(before + 1)
            before = reader.line_num
    except csv.Error as error:
        problems.append(Problem(file, before + 1, "", "", f"a readable row ({error}); truncated?"))
    if not rows:
        if not problems:
            problems.append(Problem(file, 0, "", "", "a header line: the file is empty"))
        return Text(
            pd.DataFrame(columns=table.names, dtype="str"), np.array([], int), file, problems
        )
    header, body = rows[0], rows[1:]
    problems += _check_header(header, table, file)
    width = len(header)
    problems += [
        Problem(file, line, "", f"{len(row)} cells", f"{width} cells as in the header")
        for row, line in zip(body, lines[1:], strict=True)
        if len(row) != width
    ]
    fit = [(row, line) for row, line in zip(body, lines[1:], strict=True) if len(row) == width]
    unique = [i for i, name in enumerate(header) if header.index(name) == i]
    columns = {header[i]: pd.array([row[i] for row, _ in fit], dtype="str") for i in unique}
    return Text(pd.DataFrame(columns), np.array([line for _, line in fit], int), file, problems)


def _decode(raw: bytes, file: str) -> tuple[str, list[Problem]]:
    problems = []
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        value = raw[error.start : error.end].hex(" ")
        problems.append(Problem(file, line, "", value, "UTF-8 text"))
        content = raw.decode("utf-8", errors="replace").replace("\ufffd", "?")
    for stray in ("\0", "\ufffd"):
        if stray in content:
            line = content.count("\n", 0, content.index(stray)) + 1
            problems.append(Problem(file, line, "", stray, "UTF-8 text"))
    if content and not content.endswith("\n"):
        line = content.count("\n") + 1
        last = content.rpartition("\n")[2]
        problems.append(
            Problem(file, line, "", last, "a line break at the end of the file; truncated?")
        )
    return content.replace("\0", ""), problems


def _check_header(header: list[str], table: Table, file: str) -> list[Problem]:
    problems = []
    for i, name in enumerate(header):
        if name in header[:i]:
            problems.append(Problem(file, 1, name, name, "each column once"))
        elif name not in table.names:
            problems.append(Problem(file, 1, name, name, _one_of(table.names)))
    return problems


# --------------------------------------------------------------------------- cells


def check(
    text: Text,
    table: Table,
    *,
    known: Mapping[str, Iterable[str]] | None = None,
    columns: Iterable[Column] | None = None,
) -> tuple[pd.DataFrame, list[Problem]]:
    """Turn a table of text into typed columns and list all that breaks the schema.

    Parameters
    ----------
    text : Text
        The table as read by `read_text`.
    table : Table
        What is expected.
    known : mapping, optional
        For each "table.column" that columns refer to, the values that exist. References to
        what is not named here are not checked.
    columns : iterable of Column, optional
        The columns expected; all hand-typed ones of the table by default.

    Returns
    -------
    frame : DataFrame
        Typed columns in the table's order; cells with a problem are missing.
    problems : list of Problem
        All problems, in order of line. Empty if the table is good.

    Examples
    --------
    >>> from analysis.record.schema import TABLES
    >>> cells = pd.DataFrame({"start": ["1994-07-08"], "end": ["1994-07-07"],
    ...     "kind": ["dprk_leader"], "name": ["Kim Jong Il"], "confidence": ["unsourced"],
    ...     "source": [""]}, dtype="str")
    >>> _, problems = check(Text(cells, np.array([2]), "eras.csv", []), TABLES["eras"])
    >>> print(problems[0])
    eras.csv, line 2, column end: '1994-07-07', expected an end on or after the start
    """
    known = known or {}
    problems = list(text.problems)
    frame: dict[str, pd.Series] = {}
    good: dict[str, np.ndarray] = {}
    for column in table.typed if columns is None else columns:
        if column.name not in text.cells:
            expected = f"a column {column.name}: {column.meaning}"
            problems.append(Problem(text.file, 1, column.name, "", expected))
            continue
        cells = text.cells[column.name]
        values, wrong = parse(cells, column, known.get(column.refers))
        frame[column.name] = values
        bad = np.zeros(len(cells), bool)
        for mask, expected in wrong:
            bad |= mask
            for i in np.flatnonzero(mask):
                line, cell = int(text.lines[i]), str(cells.iloc[i])
                problems.append(Problem(text.file, line, column.name, cell, expected))
        good[column.name] = ~bad
    typed = pd.DataFrame(frame)
    problems += _check_key(text, table)
    for names, rule, expected in ROW_RULES.get(table.name, ()):
        if all(name in typed for name in names):
            fine = np.logical_and.reduce([good[name] for name in names])
            for i in np.flatnonzero(fine & rule(typed)):
                value = str(text.cells[names[0]].iloc[i])
                problems.append(Problem(text.file, int(text.lines[i]), names[0], value, expected))
    return typed, sorted(problems, key=lambda p: (p.file, p.line))


def parse(
    cells: pd.Series, column: Column, known: Iterable[str] | None = None
) -> tuple[pd.Series, list[tuple[np.ndarray, str]]]:
    """Turn one column of text into its type; give a mask and a sentence for each rule broken."""
    empty = (cells == "").to_numpy()
    wrong: list[tuple[np.ndarray, str]] = []
    if column.required:
        wrong.append((empty, f"{column.meaning}; the cell may not be empty"))
    spaced = ~empty & (cells.str.strip() != cells).to_numpy()
    wrong.append((spaced, "no space around the value"))
    rest = ~empty & ~spaced
    values, readable = _PARSERS[column.kind](cells.where(rest, ""))
    expected = _describe(column)
    wrong.append((rest & ~readable, expected))
    rest = rest & readable
    if column.low is not None or column.high is not None:
        numbers = values.astype("Float64").to_numpy(float, na_value=np.nan)
        low = -np.inf if column.low is None else column.low
        high = np.inf if column.high is None else column.high
        wrong.append((rest & ~((numbers >= low) & (numbers <= high)), expected))
    if column.kind == "text":
        allowed = set(column.values) if known is None else set(known)
        if known is not None:
            expected = _one_of(sorted(allowed), column.refers)
        wrong.append((rest & ~_words_fit(cells, column, allowed), expected))
    return values, wrong


def _words_fit(cells: pd.Series, column: Column, allowed: set[str]) -> np.ndarray:
    """Whether each cell (or each item of its list) has the pattern and is among those allowed."""
    pattern = re.compile(column.pattern) if column.pattern else None

    def fits(cell: str) -> bool:
        words = cell.split(";") if column.many else [cell]
        return all(
            word == word.strip()
            and word != ""
            and (pattern is None or pattern.fullmatch(word) is not None)
            and (not allowed or word in allowed)
            for word in words
        )

    verdict = {cell: cell == "" or fits(cell) for cell in cells.unique()}
    return cells.map(verdict).to_numpy(bool) if len(cells) else np.array([], bool)


def _parse_text(cells: pd.Series) -> tuple[pd.Series, np.ndarray]:
    return cells.mask(cells == ""), np.ones(len(cells), bool)


def _parse_integer(cells: pd.Series) -> tuple[pd.Series, np.ndarray]:
    readable = cells.str.fullmatch(r"[+-]?\d{1,15}").to_numpy(bool)
    return pd.to_numeric(cells.where(readable)).astype("Int64"), readable


def _parse_number(cells: pd.Series) -> tuple[pd.Series, np.ndarray]:
    readable = cells.str.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?").to_numpy(bool)
    return pd.to_numeric(cells.where(readable)).astype("float64"), readable


def _parse_boolean(cells: pd.Series) -> tuple[pd.Series, np.ndarray]:
    words = cells.str.lower()
    values = words.map({"true": True, "false": False}).astype("boolean")
    return values, values.notna().to_numpy()


def _parse_date(cells: pd.Series) -> tuple[pd.Series, np.ndarray]:
    shape = cells.str.fullmatch(r"\d{4}-\d\d-\d\d")
    values = pd.to_datetime(cells.where(shape), format=DATE_FORMAT, errors="coerce")
    return values.astype("datetime64[us]"), values.notna().to_numpy()


def _parse_instant(cells: pd.Series) -> tuple[pd.Series, np.ndarray]:
    # the second form is how pandas itself writes an instant
    shape = cells.str.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z| \d\d:\d\d:\d\d\+00:00)")
    values = pd.to_datetime(cells.where(shape), format="ISO8601", errors="coerce", utc=True)
    return values.astype("datetime64[us, UTC]"), values.notna().to_numpy()


_PARSERS: dict[str, Callable[[pd.Series], tuple[pd.Series, np.ndarray]]] = {
    "text": _parse_text,
    "integer": _parse_integer,
    "number": _parse_number,
    "boolean": _parse_boolean,
    "date": _parse_date,
    "instant": _parse_instant,
}


def _describe(column: Column) -> str:
    """What may stand in a cell of this column, in a few words."""
    if column.values:
        return _one_of(column.values)
    if column.refers:
        return f"a {column.refers.replace('.', ' ')} of the record"
    words = {
        "text": f"text like {column.pattern}" if column.pattern else "text",
        "integer": "a whole number",
        "number": "a number, without its unit",
        "boolean": "true or false",
        "date": "a calendar date as 2022-11-09",
        "instant": "an instant in UTC as 2022-11-09T06:31Z",
    }[column.kind]
    if column.low is not None and column.high is not None:
        return f"{words} from {column.low:g} to {column.high:g}"
    if column.low is not None:
        return f"{words}, {column.low:g} or more"
    return words


def _one_of(words: Iterable[str], refers: str = "") -> str:
    listed = list(words)
    if len(listed) > _ALLOWED_IN_A_SENTENCE:
        what = f"one of the {len(listed)} " + (refers.replace(".", " ") if refers else "allowed")
        return f"{what} names, such as {', '.join(listed[:4])}"
    return "one of " + ", ".join(listed)


# --------------------------------------------------------------------------- rows


def _check_key(text: Text, table: Table) -> list[Problem]:
    """Rows whose key stands in an earlier row, or that repeat a whole row where there is no key."""
    names = list(table.key) or list(text.cells.columns)
    if not len(text.cells) or any(name not in text.cells for name in names):
        return []
    keys = text.cells[names].agg(" ".join, axis=1) if len(names) > 1 else text.cells[names[0]]
    filled = (text.cells[names] != "").any(axis=1)
    first = dict(zip(keys[::-1], text.lines[::-1], strict=True))
    return [
        Problem(
            text.file,
            int(text.lines[i]),
            names[0] if table.key else "",
            str(keys.iloc[i]),
            f"a {' and '.join(names) if table.key else 'row'} of its own: "
            f"line {first[keys.iloc[i]]} has it already",
        )
        for i in np.flatnonzero((keys.duplicated() & filled).to_numpy())
    ]


def korean_day(instants: pd.Series) -> pd.Series:
    """Return the Korean calendar day (UTC+9) of each instant, as a naive midnight.

    Examples
    --------
    >>> korean_day(pd.Series(pd.to_datetime(["2022-01-04T23:10Z"]))).dt.day.tolist()
    [5]
    """
    local = instants.dt.tz_convert("Asia/Seoul").dt.tz_localize(None)
    return local.dt.normalize()


def _end_before_start(frame: pd.DataFrame) -> np.ndarray:
    return (frame["end"] < frame["start"]).to_numpy()


def _day_contradicts_instant(frame: pd.DataFrame) -> np.ndarray:
    known = frame["launched_at"].notna() & (frame["date_precision"] == "day")
    return (known & (korean_day(frame["launched_at"]) != frame["date"])).to_numpy()


def _instant_without_day(frame: pd.DataFrame) -> np.ndarray:
    return (frame["launched_at"].notna() & (frame["date_precision"] != "day")).to_numpy()


def _sourced_without_source(frame: pd.DataFrame) -> np.ndarray:
    return ((frame["confidence"] != "unsourced") & frame["source"].isna()).to_numpy()


def _klass_outside_family(frame: pd.DataFrame) -> np.ndarray:
    return (frame["klass"].map(KLASSES) != frame["family"]).to_numpy()


def _kind_outside_category(frame: pd.DataFrame) -> np.ndarray:
    pairs = {(category, kind) for category, kinds in EVENT_KINDS.items() for kind in kinds}
    return np.array(
        [p not in pairs for p in zip(frame["category"], frame["kind"], strict=True)], bool
    )


def _half_a_place(frame: pd.DataFrame) -> np.ndarray:
    return (frame["lat"].isna() != frame["lon"].isna()).to_numpy()


_Rule = tuple[tuple[str, ...], Callable[[pd.DataFrame], np.ndarray], str]
_ORDERED: _Rule = (("end", "start"), _end_before_start, "an end on or after the start")
_SOURCED: _Rule = (
    ("source", "confidence"),
    _sourced_without_source,
    "a source, or confidence unsourced",
)
_KLASS: _Rule = (("klass", "family"), _klass_outside_family, "a class of the row's family")
_PLACE: _Rule = (("lat", "lon"), _half_a_place, "a latitude and a longitude, or neither")

#: For each table: the columns of a rule (the first is named), what breaks it, what is expected.
ROW_RULES: dict[str, tuple[_Rule, ...]] = {
    "launches": (
        (
            ("date", "launched_at", "date_precision"),
            _day_contradicts_instant,
            "the Korean day (UTC+9) of launched_at",
        ),
        (
            ("launched_at", "date_precision"),
            _instant_without_day,
            "no instant where only the month or year is known",
        ),
        _KLASS,
        _PLACE,
    ),
    "events": (
        _ORDERED,
        _SOURCED,
        (("kind", "category"), _kind_outside_category, "a kind of the row's category"),
    ),
    "eras": (_ORDERED, _SOURCED),
    "coverage": (_ORDERED,),
    "systems": (_KLASS,),
    "sites": (_PLACE,),
}

"""A file of text read as cells, so that each problem can be named by its place.

The record's own files have one form: UTF-8, commas, a line break at the end. A user's file may
be written as spreadsheets and other programs write it; what its form leaves in doubt is said
once, before the cells are looked at.
"""

from __future__ import annotations

import csv
import gzip
import io
import stat
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from .columns import Table
from .problems import Problem, RecordError, one_of

#: Separators that spreadsheets write, and how an error names them.
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
#: Bytes of a file beyond which it is no table of launches or events.
LARGEST = 2_000_000_000
_CHUNK = 1 << 24
_ROWS = 1 << 17  # read at a time
_MARK = "\ufeff".encode()
_QUOTE, _LINE = 34, 10


class Text(NamedTuple):
    """A table as text: cells, the line each row begins on, and what was wrong with the file.

    The cells of a user's file are categories, which keep a million rows small.
    """

    cells: pd.DataFrame
    lines: np.ndarray
    file: str
    problems: list[Problem]


def read_text(
    path: str | Path, table: Table, *, file: str = "", own: bool = False, encoding: str = "utf-8"
) -> Text:
    """Read a file of separated values as text; say what is wrong with its form.

    Parameters
    ----------
    path : str or Path
        The file, perhaps compressed by gzip.
    table : Table
        The table it should hold.
    file : str
        How errors name the file; its path by default.
    own : bool
        Whether it is a user's file: semicolons and tabs, UTF-16, a missing last line break,
        blank rows, an index column and columns of one's own are then accepted.
    encoding : str
        Encoding of a user's file that is not Unicode, such as "cp1252" or "cp949".

    Returns
    -------
    Text
        The cells, and the problems of the form.

    Raises
    ------
    RecordError
        If the file cannot be opened.
    """
    file = file or str(path)
    content, problems = _decode(read_bytes(path, file), file, own, encoding)
    separator = _separator(content, table) if own else ","
    header, cells, lines, wrong = _parse(content, separator, file)
    del content
    problems += wrong
    if not header:
        if not problems:
            problems.append(Problem(file, 0, "", "", "a header line: the file is empty"))
        return Text(pd.DataFrame(columns=table.names, dtype="str"), lines, file, problems)
    problems += _check_header(header, table, file, own)
    names = pd.Series(header)
    cells = cells.loc[:, ~names.duplicated().to_numpy()].set_axis(names.unique(), axis=1)
    if not own:
        cells = cells.astype("str")
    if own:
        index = [c for c in cells if str(c) == "" or str(c).startswith("Unnamed: ")]
        cells = cells.drop(columns=index)
        filled = np.logical_or.reduce([(cells[c] != "").to_numpy(bool) for c in cells])
        if not np.all(filled):
            cells, lines = cells[filled].reset_index(drop=True), lines[filled]
    if not len(cells) and not problems:
        problems.append(Problem(file, 0, "", "", "rows below the header: there are none"))
    return Text(cells, lines, file, problems)


def read_bytes(path: str | Path, file: str) -> bytes:
    """Read a file whole, decompressed; what cannot be read is one problem.

    Raises
    ------
    RecordError
        If there is no such file, or it is a folder, a pipe, too large or not to be opened.
    """

    def refuse(value: str, expected: str) -> RecordError:
        return RecordError([Problem(file, 0, "", value, expected)])

    try:
        kind = Path(path).stat()
        if not stat.S_ISREG(kind.st_mode):
            raise refuse("no regular file", "a file with rows")
        if kind.st_size > LARGEST:
            raise refuse(f"{kind.st_size:,} bytes", f"a file of at most {LARGEST:,} bytes")
        raw = Path(path).read_bytes()
        if not raw.startswith(b"\x1f\x8b"):
            return raw
        with gzip.open(io.BytesIO(raw)) as packed:
            raw = packed.read(LARGEST + 1)
    except FileNotFoundError:
        raise refuse("no such file", "a file with rows") from None
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise refuse(getattr(error, "strerror", None) or str(error), "a readable file") from error
    if len(raw) > LARGEST:
        raise refuse("more bytes when unpacked", f"a file of at most {LARGEST:,} bytes")
    return raw


def _decode(raw: bytes, file: str, own: bool, encoding: str) -> tuple[bytes, list[Problem]]:
    """Turn bytes into UTF-8 with plain line breaks."""
    problems = []
    if own and raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    plain = encoding.lower().replace("_", "-") in ("utf-8", "utf8")
    try:
        if not plain:
            raw = raw.decode(encoding).encode()
        elif not raw.isascii():
            raw.decode()
    except LookupError:
        raise ValueError(f"unknown encoding {encoding!r}: expected utf-8, cp1252, cp949...") from (
            None
        )
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        value = raw[error.start : error.end].hex(" ")
        hint = "; `encoding=` names another, such as cp1252 or cp949" if own else ""
        problems.append(Problem(file, line, "", value, f"{encoding.upper()} text{hint}"))
        raw = raw.decode(encoding, errors="replace").replace("\ufffd", "?").encode()
    for stray in ("\0", "\ufffd"):
        if stray.encode() in raw:
            line = raw.count(b"\n", 0, raw.index(stray.encode())) + 1
            problems.append(Problem(file, line, "", stray, f"{encoding.upper()} text"))
    if raw and not raw.endswith((b"\n", b"\r")) and not own:
        line = raw.count(b"\n") + 1
        last = raw.rpartition(b"\n")[2].decode()
        problems.append(
            Problem(file, line, "", last, "a line break at the end of the file; truncated?")
        )
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    while raw.startswith(_MARK):
        raw = raw.removeprefix(_MARK)
    return raw.replace(b"\0", b"") if b"\0" in raw else raw, problems


def _separator(content: bytes, table: Table) -> str:
    """Return the separator under which the header names most columns of the table."""
    first = content.lstrip(b"\n").partition(b"\n")[0].decode()

    def named(separator: str) -> int:
        return len({name.strip('" ') for name in first.split(separator)} & set(table.names))

    return max(SEPARATORS, key=named)


def _parse(
    content: bytes, separator: str, file: str
) -> tuple[list[str], pd.DataFrame, np.ndarray, list[Problem]]:
    """Return header, cells, the line of each row, and rows that are no rows."""
    starts, widths, regular = _shape(content, separator)
    if not len(starts) or not content.strip():
        return [], pd.DataFrame(), starts[:0], []
    if not regular or (widths != widths[0]).any():
        return _parse_row_by_row(content.decode(), separator, file)
    header, cells = _read_cells(content, separator, int(widths[0]))
    if (len(cells) + 1, len(header)) != (len(starts), widths[0]):
        return _parse_row_by_row(content.decode(), separator, file)
    return header, cells, starts[1:], []


def _read_cells(content: bytes, separator: str, width: int) -> tuple[list[str], pd.DataFrame]:
    """Read header and cells; a column holds each of its words once, so that it stays small."""
    header: list[str] = []
    parts: list[list[pd.Categorical]] = [[] for _ in range(width)]
    with pd.read_csv(
        io.BytesIO(content), sep=separator, header=None, names=range(width), index_col=False,
        dtype="category", na_filter=False, chunksize=_ROWS,
    ) as chunks:  # fmt: skip
        for chunk in chunks:
            if not header:
                header = [str(word) for word in chunk.iloc[0]]
                chunk = chunk.iloc[1:]
            for place, part in enumerate(parts):
                part.append(chunk[place].array.remove_unused_categories())
    columns = {place: _join_categories(part) for place, part in enumerate(parts)}
    return header, pd.DataFrame(columns)


def _join_categories(parts: list[pd.Categorical]) -> pd.Categorical:
    """Put the pieces of a column together."""
    words = [part.set_categories(part.categories.astype("str")) for part in parts]
    return union_categoricals(words) if len(words) > 1 else words[0]


def _shape(raw: bytes, separator: str) -> tuple[np.ndarray, np.ndarray, bool]:
    """Find the line on which each row begins, its cells, and whether its quotes are regular.

    Quotes are regular where each opens a cell, closes one, or is one of a pair inside a cell. A
    chunk at a time, so that a large file costs little more than its own size.
    """
    data = np.frombuffer(raw, dtype=np.uint8)
    found: list[np.ndarray] = []
    quotes, splits, breaks, regular = 0, 0, 0, True
    for begin in range(0, len(data), _CHUNK):
        part = data[begin : begin + _CHUNK]
        at_quotes = np.flatnonzero(part == _QUOTE)
        at_lines = np.flatnonzero(part == _LINE)
        at_splits = np.flatnonzero(part == ord(separator))
        outside = (quotes + np.searchsorted(at_quotes, at_lines)) % 2 == 0
        ends = at_lines[outside]
        at_splits = at_splits[(quotes + np.searchsorted(at_quotes, at_splits)) % 2 == 0]
        found.append(
            np.stack(
                [
                    ends + begin,
                    np.searchsorted(at_splits, ends) + splits,
                    np.flatnonzero(outside) + breaks + 1,
                ]
            )
        )
        regular = regular and _regular(data, at_quotes + begin, quotes, ord(separator))
        quotes, splits = quotes + len(at_quotes), splits + len(at_splits)
        breaks += len(at_lines)
    if len(data) and data[-1] != _LINE:
        found.append(np.array([[len(data)], [splits], [breaks + 1]]))
    ends, cells, lines = np.concatenate(found, axis=1) if found else np.zeros((3, 0), dtype=int)
    filled = np.diff(ends, prepend=-1) > 1
    starts = np.concatenate([[1], lines[:-1] + 1]) if len(lines) else lines
    widths = np.diff(cells, prepend=0) + 1
    return starts[filled], widths[filled], regular and quotes % 2 == 0


def _regular(data: np.ndarray, quotes: np.ndarray, before: int, separator: int) -> bool:
    """Whether each quote stands at an edge of its cell or beside another quote."""
    opens = (before + np.arange(len(quotes))) % 2 == 0
    edges = [separator, _LINE, _QUOTE]
    first, last = quotes[opens], quotes[~opens]
    ahead, behind = data[np.maximum(first - 1, 0)], data[np.minimum(last + 1, len(data) - 1)]
    return bool(
        (np.isin(ahead, edges) | (first == 0)).all()
        and (np.isin(behind, edges) | (last == len(data) - 1)).all()
    )


def _parse_row_by_row(
    content: str, separator: str, file: str
) -> tuple[list[str], pd.DataFrame, np.ndarray, list[Problem]]:
    """Read a file with rows of several widths, or odd quotes, and name each such row."""
    rows: list[list[str]] = []
    lines: list[int] = []
    problems: list[Problem] = []
    reader = csv.reader(io.StringIO(content, newline=""), strict=True, delimiter=separator)
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
        return [], pd.DataFrame(), np.array([], dtype=int), problems
    width = len(rows[0])
    fit = np.array([len(row) == width for row in rows[1:]], dtype=bool)
    problems += [
        Problem(file, line, "", f"{len(row)} cells", f"{width} cells as in the header")
        for row, line, good in zip(rows[1:], lines[1:], fit, strict=True)
        if not good
    ]
    kept = [row for row, good in zip(rows[1:], fit, strict=True) if good]
    cells = pd.DataFrame(kept, columns=range(width), dtype="str")
    return rows[0], cells, np.array(lines[1:], dtype=int)[fit], problems


def _check_header(header: list[str], table: Table, file: str, own: bool) -> list[Problem]:
    """Columns twice, columns unknown, and in a user's file those that are nearly known."""
    bare = {name.casefold().replace("_", ""): name for name in table.names}
    problems = []
    for i, name in enumerate(header):
        near = bare.get(name.strip().casefold().replace(" ", "").replace("_", ""))
        if name in header[:i] and not (own and name == ""):
            problems.append(Problem(file, 1, name, name, "each column once"))
        elif name in table.names or (own and near is None):
            continue
        elif own:
            problems.append(Problem(file, 1, name, name, f"the name {near}"))
        else:
            problems.append(Problem(file, 1, name, name, one_of(table.names)))
    return problems

"""A CSV file or workbook in no certain form -> a header and rows under it, none lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .cells import is_nothing, read_day, text
from .files import decode, file_bytes, refuse

#: What is said of a column that the file does not have.
NO_COLUMN = "no such column: unknown in every row"
ABOVE_HEADER = "above the header"
_HEADER_WITHIN = 50  # rows, blank ones included


class Remark(NamedTuple):
    """A line of the report: row of the file, its column, the cell, and what was done with it.

    Without a column the row as a whole was left out.
    """

    row: int
    column: str
    value: str
    done: str


class Grid(NamedTuple):
    """Rows under a header, each as a dict by column, and remarks on those that are no rows."""

    file: str
    columns: list[str]
    rows: list[tuple[int, dict[str, Any]]]
    remarks: list[Remark]


def left_out(row: int, cells: Iterable[object], why: str) -> Remark:
    """Return the remark on a row that is not used."""
    shown = ", ".join(text(cell) for cell in cells if not is_nothing(cell))
    return Remark(row, "", shown[:200], f"left out: {why}")


def keeper(
    remarks: list[Remark], row: int, cells: Mapping[str, Any], names: Mapping[str, str]
) -> Callable[..., Any]:
    """Return a function (field, value, doubt) that notes the doubt and returns the value.

    Parameters
    ----------
    remarks : list of Remark
        Gains a line for each doubt.
    row : int
        The row in the file.
    cells : mapping
        Its cells by column.
    names : mapping
        Of our fields, the columns.

    Examples
    --------
    >>> remarks = []
    >>> keep = keeper(remarks, 5, {"Apogee": "330 lm"}, {"apogee_km": "Apogee"})
    >>> keep("apogee_km", 330.0, "unit lm read as km")
    330.0
    >>> remarks[0]
    Remark(row=5, column='Apogee', value='330 lm', done='unit lm read as km')
    """

    def keep(field: str, value: Any, doubt: str = "") -> Any:
        if doubt:
            column = names[field]
            remarks.append(Remark(row, column, text(cells.get(column))[:200], doubt))
        return value

    return keep


def read_grid(path: str | Path, *, need: tuple[str, ...]) -> Grid:
    """Read the first sheet (or the only table) whose header has the columns needed.

    Columns are named in lower case without surrounding space. Each row below the header is
    among the rows or, if it is blank or does not fit the header, among the remarks.
    """
    file = str(path)
    raw = file_bytes(path)
    if raw[:4] == b"PK\x03\x04":
        from .workbook import read_sheets  # needs openpyxl, which a CSV file does not

        for sheet in read_sheets(raw, file):
            if (at := _header_at(sheet, need)) is not None:
                return _under_header(sheet, at, file, [])
    elif raw[:4] == b"\xd0\xcf\x11\xe0":
        raise refuse(file, "an old Excel workbook (.xls)", "an .xlsx or .csv file")
    else:
        content, encoding = decode(raw, file)
        remarks = [Remark(0, "encoding", encoding, f"read as {encoding}")] if encoding else []
        for delimiter in ",;\t":
            start = content[:20_000].splitlines()[:_HEADER_WITHIN]
            first = [(i, row) for i, row in enumerate(csv.reader(start, delimiter=delimiter))]
            if _header_at(first, need) is not None:
                rows = _csv_rows(content, delimiter, file)
                if (at := _header_at(rows, need)) is not None:
                    return _under_header(rows, at, file, remarks, delimiter)
    expected = f"a header row with {' and '.join(repr(name) for name in need)}"
    raise refuse(file, "no header", expected, line=1)


def _column_name(cell: object) -> str:
    return text(cell).lower()


def _header_at(rows: list[tuple[int, list[Any]]], need: tuple[str, ...]) -> int | None:
    for at, (_, cells) in enumerate(rows[:_HEADER_WITHIN]):
        if set(need) <= {_column_name(cell) for cell in cells}:
            return at
    return None


def _csv_rows(content: str, delimiter: str, file: str) -> list[tuple[int, list[Any]]]:
    """Split text into rows; the number is the line on which a row begins."""
    rows: list[tuple[int, list[Any]]] = []
    reader = csv.reader(io.StringIO(content, newline=None), delimiter=delimiter, strict=True)
    before = 0
    try:
        for cells in reader:
            rows.append((before + 1, list(cells)))
            before = reader.line_num
    except csv.Error as error:
        raise refuse(file, str(error), "a readable row; truncated?", line=before + 1) from error
    return rows


def _under_header(
    rows: list[tuple[int, list[Any]]],
    at: int,
    file: str,
    remarks: list[Remark],
    delimiter: str = "",
) -> Grid:
    number, header = rows[at][0], [_column_name(cell) for cell in rows[at][1]]
    while header and not header[-1]:
        header.pop()
    for i, name in enumerate(header):
        if name and name in header[:i]:
            remarks.append(Remark(number, name, name, "second column of that name not used"))
    above = [row for row in rows[:at] if not all(is_nothing(cell) for cell in row[1])]
    remarks += [left_out(line, cells, ABOVE_HEADER) for line, cells in above]
    body = rows[at + 1 :]
    while body and all(is_nothing(cell) for cell in body[-1][1]):
        body.pop()
    kept = []
    for line, cells in body:
        swallowed = _swallowed(cells, header, delimiter)
        excess = any(not is_nothing(cell) for cell in cells[len(header) :])
        if all(text(cell) == "" for cell in cells):
            remarks.append(left_out(line, [], "blank row"))
        elif swallowed:
            why = "a stray quotation mark joins it with other rows"
            remarks.append(left_out(line, cells, why))
            remarks += [left_out(line + below, [row], why) for below, row in swallowed]
        elif excess or (delimiter and len(cells) < len(header)):
            why = f"{len(cells)} cells under a header of {len(header)}"
            remarks.append(left_out(line, cells, why))
        else:
            padded = [*cells, *[None] * (len(header) - len(cells))]
            # of two columns of one name the first stands
            kept.append((line, dict(zip(header[::-1], padded[len(header) - 1 :: -1], strict=True))))
    return Grid(file, header, kept, remarks)


def _swallowed(cells: list[Any], header: list[str], delimiter: str) -> list[tuple[int, str]]:
    """Return the lines inside quoted cells that look like rows of their own, and how far below."""
    if not delimiter:
        return []
    at, below, found = header.index("date"), 0, []
    for cell in cells:
        for line in cell.split("\n")[1:]:
            below += 1
            parts = line.split(delimiter)
            if len(parts) > at + 1 and read_day(parts[at].strip('"')).date:
                found.append((below, line))
    return found

"""A spreadsheet (.xlsx) -> its sheets as rows of plain cells."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from typing import Any

from ..extras import excel as _excel  # noqa: F401 - says what to install
from .files import MAX_BYTES, refuse

import openpyxl  # isort: skip

#: A database of launches has some twenty columns and some hundred rows.
MAX_COLUMNS, MAX_ROWS = 200, 100_000
#: A zip file may unpack to far more than it weighs.
MAX_UNPACKED = 4 * MAX_BYTES
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')

SheetRow = tuple[int, list[Any]]


def read_sheets(raw: bytes, file: str) -> list[list[SheetRow]]:
    """Return every sheet's rows with their numbers; formulas by the value that Excel left.

    A date that the sheet shows without a day (1986-05 as "May-86") comes as "1986-05".
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            unpacked = sum(part.file_size for part in package.infolist())
        if unpacked > MAX_UNPACKED:
            size = f"{unpacked / 2**20:,.0f} MB unpacked"
            raise refuse(file, size, f"a workbook of at most {MAX_UNPACKED // 2**20} MB")
        with warnings.catch_warnings():  # of features of the sheet that do not matter here
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
            try:
                return [_sheet_rows(sheet, file) for sheet in book.worksheets]
            finally:
                book.close()
    except ValueError as error:
        if hasattr(error, "problems"):
            raise
        raise _unreadable(error, file) from error
    except Exception as error:  # a damaged workbook can raise almost anything inside openpyxl
        raise _unreadable(error, file) from error


def _unreadable(error: Exception, file: str) -> ValueError:
    return refuse(file, f"{type(error).__name__}: {error}", "a readable .xlsx workbook")


def _sheet_rows(sheet: Any, file: str) -> list[SheetRow]:
    rows = []
    sheet.reset_dimensions()  # the size that the file claims may be wrong either way
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > MAX_ROWS or len(cells) > MAX_COLUMNS:
            size = f"row {number:,} with {len(cells):,} columns"
            raise refuse(file, size, f"at most {MAX_ROWS:,} rows of {MAX_COLUMNS} columns")
        rows.append((number, [_cell_value(cell) for cell in cells]))
    return rows


def _cell_value(cell: Any) -> Any:
    value = cell.value
    if isinstance(value, dt.datetime) and value.day == 1:
        shown = _QUOTED.sub("", cell.number_format or "").lower()
        if "y" in shown and "d" not in shown:
            return f"{value:%Y-%m}" if "m" in shown else f"{value:%Y}"
    return value

"""Any table of the package -> the file formats of other programs."""

from __future__ import annotations

import gzip
import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..errors import unknown
from ..escape import is_formula
from ..extras import library
from .files import named_where_full

_STATA_WORDS = ("by", "byte", "double", "end", "float", "if", "in", "int", "long", "using", "with")


def save_table(frame: pd.DataFrame, path: str | Path) -> Path:
    """Write a table as CSV, JSON, Parquet, Excel or Stata, by the end of the file's name.

    What a format cannot hold is turned into what it can: periods into their first day and
    instants into UTC (as text with a Z in CSV, JSON and Excel, without a zone in Stata).
    Text that a spreadsheet would run as a formula is kept as text.

    Parameters
    ----------
    frame : DataFrame
        Any table that a function of the package returned, or one of your own.
    path : str or Path
        Where to: .csv, .csv.gz, .json, .parquet (needs pyarrow), .xlsx (extra ``excel``) or .dta.
        A file that stands there is replaced in one step.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ValueError
        For another end of the name, or what is no table.
    ModuleNotFoundError
        If the library of the format is not installed; the message says which.

    Examples
    --------
    >>> import tempfile
    >>> from analysis import counts, load_launches
    >>> table = counts(
    ...     load_launches(), "cnn", freq="year", start="2021-01-01", end="2022-12-31")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_table(table, Path(folder) / "counts.csv").read_text().splitlines()[1]
    '2021,365,8,true'
    """
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"expected a DataFrame, got {type(frame).__name__}")
    path = Path(path)
    end = "".join(path.suffixes[-2:]).lower() if path.suffix.lower() == ".gz" else path.suffix
    writer = _WRITERS.get(end.lower())
    if writer is None:
        raise unknown("format", end, _WRITERS)
    named = frame if isinstance(frame.index, pd.RangeIndex) else frame.reset_index()
    content = writer(named.set_axis(named.columns.map(str), axis=1))
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with named_where_full(path):
            aside.write_bytes(content)
            aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return path


def _csv(frame: pd.DataFrame) -> bytes:
    text = _as_text(frame)
    for name in text.select_dtypes(include=["object", "str", "category"]):
        values = text[name].astype(object)
        risky = values.map(is_formula).to_numpy(bool)
        if risky.any():
            text[name] = values.mask(risky, "'" + values.astype("str"))
    text = text.rename(columns=lambda name: f"'{name}" if is_formula(name) else name)
    return text.to_csv(index=False, lineterminator="\n").encode()


def _json(frame: pd.DataFrame) -> bytes:
    text = _as_text(frame, words=False)
    written = text.to_json(orient="records", indent=1, force_ascii=False, double_precision=15)
    return f"{written}\n".encode()


def _parquet(frame: pd.DataFrame) -> bytes:
    library("pyarrow", "pyarrow")
    return _written(frame.to_parquet, index=False)


def _excel(frame: pd.DataFrame) -> bytes:
    library("openpyxl", "excel")
    plain = _without_zones(frame, instants_as_text=True)
    book = io.BytesIO()
    with pd.ExcelWriter(book, engine="openpyxl") as writer:
        plain.to_excel(writer, index=False, sheet_name="table")
        for row in writer.sheets["table"].iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.data_type = "s"
    return book.getvalue()


def _stata(frame: pd.DataFrame) -> bytes:
    plain = _without_zones(frame)
    for name, column in plain.items():
        dtype = column.dtype
        if isinstance(dtype, np.dtype) and dtype.kind == "b":
            plain[name] = column.astype("int8")
        elif isinstance(dtype, pd.BooleanDtype) or pd.api.types.is_extension_array_dtype(dtype):
            is_number = pd.api.types.is_numeric_dtype(dtype)
            plain[name] = column.astype("float64") if is_number else column.astype(object)
        if plain[name].dtype == object:
            plain[name] = plain[name].where(plain[name].notna(), "").map(str)
    names = {name: _stata_name(str(name)) for name in plain}
    return _written(plain.rename(columns=names).to_stata, write_index=False, version=118)


def _stata_name(name: str) -> str:
    """Return a name that Stata takes: letters, digits and underscores, no word of its own."""
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name)[:31]
    return f"_{plain}" if plain in _STATA_WORDS or plain[:1].isdigit() else plain


def _written(write: Callable[..., Any], **options: Any) -> bytes:
    file = io.BytesIO()
    write(file, **options)
    return file.getvalue()


def _as_text(frame: pd.DataFrame, *, words: bool = True) -> pd.DataFrame:
    """Write days, periods and instants as ISO text, and with `words` booleans as true and false."""
    text = frame.copy(deep=False)
    for name, column in frame.items():
        if isinstance(column.dtype, pd.PeriodDtype):
            text[name] = column.astype("str")
        elif isinstance(column.dtype, pd.DatetimeTZDtype):
            text[name] = _iso(column.dt.tz_convert("UTC"))
        elif column.dtype.kind == "M":
            timed = column.notna() & (column != column.dt.normalize())
            text[name] = column.dt.strftime("%Y-%m-%dT%H:%M:%S" if timed.any() else "%Y-%m-%d")
        elif words and pd.api.types.is_bool_dtype(column):
            text[name] = column.astype(object).map({True: "true", False: "false"})
    return text


def _iso(utc: pd.Series) -> pd.Series:
    return utc.dt.strftime("%Y-%m-%dT%H:%M:%SZ")


def _without_zones(frame: pd.DataFrame, *, instants_as_text: bool = False) -> pd.DataFrame:
    """Turn instants into UTC without a zone or into text, and periods into their first day."""
    plain = frame.copy(deep=False)
    for name, column in frame.items():
        if isinstance(column.dtype, pd.DatetimeTZDtype):
            utc = column.dt.tz_convert("UTC")
            plain[name] = _iso(utc) if instants_as_text else utc.dt.tz_localize(None)
        elif isinstance(column.dtype, pd.PeriodDtype):
            plain[name] = column.dt.start_time.astype("datetime64[us]")
        elif column.dtype.kind == "m":
            plain[name] = column.dt.total_seconds() / 86_400
    return plain


_WRITERS: dict[str, Callable[[pd.DataFrame], bytes]] = {
    ".csv": _csv,
    # without the time, so that the same table gives the same bytes
    ".csv.gz": lambda frame: gzip.compress(_csv(frame), mtime=0),
    ".json": _json,
    ".parquet": _parquet,
    ".xlsx": _excel,
    ".dta": _stata,
}

"""data/processed -> one table as it was built."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

import pandas as pd

from .columns import DATE_FORMAT, INSTANT_FORMAT, Column
from .files import processed, read_built
from .schema import TABLES


def read_table(name: str) -> pd.DataFrame:
    """Read a built table, its columns in their types."""
    return _parsed(name, read_built(processed() / f"{name}.csv")).copy()


@lru_cache(maxsize=64)
def _parsed(name: str, content: bytes) -> pd.DataFrame:
    """Give the columns their types; the same content is parsed once, as counting asks often."""
    columns = TABLES[name].columns
    frame = pd.read_csv(
        BytesIO(content),
        dtype={c.name: _dtype(c) for c in columns},
        keep_default_na=False,
        na_values=[""],
    )
    for column in columns:
        if column.kind == "date":
            dates = pd.to_datetime(frame[column.name], format=DATE_FORMAT)
            frame[column.name] = dates.astype("datetime64[us]")
        elif column.kind == "instant":
            instants = pd.to_datetime(frame[column.name], format=INSTANT_FORMAT, utc=True)
            frame[column.name] = instants.astype("datetime64[us, UTC]")
    return frame


def _dtype(column: Column) -> str:
    nullable = {"integer": "Int64", "boolean": "boolean"}
    plain = {"integer": "int64", "boolean": "bool", "number": "float64"}
    if column.kind in nullable and not column.required:
        return nullable[column.kind]
    return plain.get(column.kind, "str")

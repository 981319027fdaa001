"""Cells of a published statement, as typed or as read from any file."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache

import pandas as pd

#: A row of a table as a mapping.
ClaimRow = Mapping[Hashable, object]


def text_of(row: ClaimRow, column: str) -> str:
    """Return a cell as text, empty where it is missing."""
    value = row.get(column)
    missing = value is None or value is pd.NA or value is pd.NaT or value != value
    return "" if missing else str(value).strip()


def day_of(row: ClaimRow, column: str) -> pd.Timestamp:
    """Return a cell as a day, or raise."""
    value = row.get(column)
    day = value if isinstance(value, pd.Timestamp) else _read_day(text_of(row, column))
    if day is None:
        raise ValueError(f"{column} {text_of(row, column)!r} is not a day")
    return day.tz_localize(None).normalize()


@lru_cache(maxsize=4096)
def _read_day(text: str) -> pd.Timestamp | None:
    """Read a day as it is written; a table of claims writes the same ones again and again."""
    day = pd.to_datetime(text, errors="coerce") if text else pd.NaT
    return day if isinstance(day, pd.Timestamp) else None


def few(ids: Iterable[str], most: int) -> str:
    """Name the first few launches, and say how many more there are.

    Examples
    --------
    >>> few(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    names = list(ids)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more

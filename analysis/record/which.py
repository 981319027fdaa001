"""Which table a frame is, so that two that changed places are told apart."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ..errors import need_columns
from .schema import TABLES

#: Share of a table's columns that a frame must have to be taken for it.
_ENOUGH = 0.7
#: Columns by which a table of a few columns is known, beside what it is.
_KNOWN_BY = {"date": "launches", "start": "events"}


def table_like(frame: pd.DataFrame) -> str:
    """Name the table of the package whose columns a frame has; empty if it has those of none.

    Examples
    --------
    >>> from analysis import load_eras
    >>> table_like(load_eras()), table_like(pd.DataFrame({"start": [], "end": []}))
    ('eras', 'events')
    """
    there = set(frame.columns)
    share = {
        name: len(there & set(table.names)) / len(table.names) for name, table in TABLES.items()
    }
    best = max(share, key=lambda name: (share[name], len(TABLES[name].names)))
    if share[best] >= _ENOUGH:
        return best
    known = [name for column, name in _KNOWN_BY.items() if column in there]
    return known[0] if len(known) == 1 else ""


def another_table(frame: pd.DataFrame, name: str) -> str:
    """Say that a frame is another table than the one meant; empty if it does not look so.

    Examples
    --------
    >>> another_table(pd.DataFrame({"start": []}), "launches")
    'a table of launches, but this is one of events: each argument takes the table of its name'
    """
    other = table_like(frame)
    if other in ("", name):
        return ""
    here, there = name.replace("_", " "), other.replace("_", " ")
    return (
        f"a table of {here}, but this is one of {there}: each argument takes the table of its name"
    )


def need_table(frame: pd.DataFrame, name: str, columns: Iterable[str]) -> None:
    """Raise unless a frame has the columns needed of a table; say so where it is another table.

    Examples
    --------
    >>> need_table(pd.DataFrame({"start": ["2011-12-17"]}), "eras", ["start"])
    """
    other = another_table(frame, name)
    columns = list(columns)
    if other and not set(columns) <= set(frame.columns):
        raise ValueError(f"the {name.replace('_', ' ')}: expected {other}")
    need_columns(frame, columns, f"the {name.replace('_', ' ')}")

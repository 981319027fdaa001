"""Rows into a file of one's own, for those who have no checkout."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ..record.check import RecordError
from ..record.load import load_events, load_launches
from ..record.save import save_table
from ..record.schema import TABLES
from .raw import year_counts
from .rows import Row


def add_to_file(
    rows: Sequence[Row], path: str | Path, table: str = "launches", *, dry_run: bool = False
) -> pd.DataFrame:
    """Add rows to a file that ``load_launches(extra=)`` or ``load_events(extra=)`` takes.

    Parameters
    ----------
    rows : sequence of dict
        As from `launch_row` or `event_row`.
    path : str or Path
        A CSV file, which need not be there.
    table : {"launches", "events"}
        Which they are.
    dry_run : bool
        Check and count, and write nothing.

    Returns
    -------
    DataFrame
        The counts of their years, without the rows and with them, as `year_counts` gives them;
        none for events.

    Raises
    ------
    RecordError
        With every problem of the file as it would be; nothing is written then.
    """
    path = Path(path)
    if path.suffix.lower() != ".csv":
        raise ValueError(f"a file of additions is a .csv file, got {path.name!r}")
    there = _cells_there(path)
    new = pd.DataFrame(list(rows), dtype="str").reindex(
        columns=_columns_written(there, table), fill_value=""
    )
    cells = pd.concat([there, new], ignore_index=True) if len(there) else new
    load = load_launches if table == "launches" else load_events
    before = load(extra=path) if len(there) else load()
    with tempfile.TemporaryDirectory() as folder:
        tried = save_table(cells, Path(folder) / path.name)
        try:
            after = load(extra=tried)
        except RecordError as error:
            raise RecordError([p._replace(file=str(path)) for p in error.problems]) from None
    if not dry_run:
        save_table(cells, path)
    if table == "events":
        return pd.DataFrame()
    years = sorted({int(row["date"][:4]) for row in rows})
    parts = [year_counts((before, False), (after, False), year) for year in years]
    return pd.concat(parts, ignore_index=True)


def taken_ids(path: Path | None) -> list[str]:
    """Return every `launch_id` of the record and of the file."""
    ids = load_launches()["launch_id"].tolist()
    there = pd.DataFrame() if path is None else _cells_there(path)
    return ids + there.get("launch_id", pd.Series(dtype="str")).tolist()


def _cells_there(path: Path) -> pd.DataFrame:
    if not path.is_file():
        return pd.DataFrame()
    return pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")


def _columns_written(there: pd.DataFrame, table: str) -> list[str]:
    return list(map(str, there)) if len(there.columns) else [c.name for c in TABLES[table].typed]

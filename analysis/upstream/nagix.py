"""The copy of CNS in the visualisation nk-missile-tests by A. Kusanagi ("nagix"), as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from .cells import read_day
from .files import decode, file_bytes, refuse
from .grouping import follow_companions, group_missiles
from .missiles import read_missile
from .tables import Remark, left_out

_THEIR_NAMES = {
    "date": "date",
    "time": "time",
    "system": "missile",
    "site": "facility",
    "apogee_km": "apogee",
    "range_km": "distance",
    "outcome": "outcome",
}


def read_nagix(path: str | Path) -> pd.DataFrame:
    """Read the table of tests of nagix/nk-missile-tests (``test.en.json``).

    It is a copy of CNS with its author's preliminary rows, often ahead of it. Its rows, one a
    missile, become groups of identical missiles; dates with a time are days in UTC and become
    Korean days.

    Parameters
    ----------
    path : str or Path
        The JSON file, in English or Japanese.

    Returns
    -------
    DataFrame
        The columns of `load_launches`, with what `report_of` and `rows_of` return as from
        `read_cns`; a row's number is its place in the file, the first being 1.

    Raises
    ------
    RecordError
        A ValueError: the file cannot be read, is not of that form, or has no launch.

    See Also
    --------
    read_cns, read_csis, read_gcat, reconcile

    Examples
    --------
    >>> import tempfile
    >>> content = '''{"timeBins": [{"year": 2024, "data": [
    ...     {"date": "2024-5-17", "time": "06:10 (UTC)", "missile": "unknown", "series": 1,
    ...      "facility": "wonsan", "apogee": "unknown", "distance": "300", "outcome": "success"}
    ... ]}]}'''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "test.en.json"
    ...     _ = path.write_text(content)
    ...     launches = read_nagix(path)
    >>> launches[["launch_id", "system", "site", "range_km"]]
           launch_id             system    site  range_km
    0  2024-05-17-01  unknown-ballistic  wonsan     300.0
    """
    file = str(path)
    content, encoding = decode(file_bytes(path), file)
    remarks = [Remark(0, "encoding", encoding, f"read as {encoding}")] if encoding else []
    seen, told = [], {}
    for number, record in enumerate(_records(parse_json(content, file), file), start=1):
        if not isinstance(record, dict):
            remarks.append(left_out(number, [record], "not a record"))
            continue
        told[number] = read_day(record.get("date")).date
        if (missile := read_missile(number, record, _THEIR_NAMES, remarks)) is not None:
            seen.append(missile)
    return group_missiles(
        follow_companions(seen, told, remarks),
        remarks,
        file=file,
        source="cns-nagix",
        known_as="cns-nagix",
        database="cns",
    )


def parse_json(content: str, file: str) -> Any:
    """Parse JSON strictly: a truncated file, or a name twice in one record, is an error.

    Examples
    --------
    >>> parse_json('{"date": "2022-11-09"}', "x.json")
    {'date': '2022-11-09'}
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise refuse(file, twice, "each name once in a record", column=twice)
        return dict(pairs)

    try:
        return json.loads(content, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        found = content[error.pos : error.pos + 20]
        raise refuse(file, found, f"JSON ({error.msg}); truncated?", line=error.lineno) from error
    except RecursionError as error:
        raise refuse(file, "lists in lists in lists", "JSON of a few levels") from error
    except ValueError as error:
        if hasattr(error, "problems"):
            raise
        raise refuse(file, str(error), "JSON") from error


def _records(parsed: Any, file: str) -> Iterator[Any]:
    """Yield the records of all years; what stands in their place if a year is no list."""
    bins = parsed.get("timeBins") if isinstance(parsed, dict) else parsed
    if not isinstance(bins, list):
        raise refuse(file, type(bins).__name__, "a list `timeBins` of years")
    for one in bins:
        data = one.get("data") if isinstance(one, dict) else None
        if isinstance(data, list):
            yield from data
        else:
            yield one

"""The record with a user's own rows beside it: nothing of the record changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .columns import DATE_FORMAT
from .join import tidy
from .notes import notes_of
from .problems import Problem, RecordError
from .salvo import derive_salvos
from .schema import TABLES
from .userfiles import read_events, read_launches

#: What makes two rows the same launch, or the same event, beside its key.
_SAME = {"launches": ["date", "system", "site"], "events": ["start", "kind", "title"]}
_SORTED_BY = {"launches": ["launch_id"], "events": ["start", "event_id"]}


def with_launches(record: pd.DataFrame, extra: str | Path | pd.DataFrame) -> pd.DataFrame:
    """Return the record's launches and those of a file, as `load_launches` describes.

    Parameters
    ----------
    record : DataFrame
        The launches as loaded.
    extra : str, Path or DataFrame
        As `read_launches` takes it.

    Returns
    -------
    DataFrame
        In order of `launch_id`; a row that belongs to a salvo of the record joins it.
        ``.attrs["record"]["added"]`` holds the days of the file's launches, ``["extends_to"]`` the
        last of them, up to which the record is then taken to speak.

    Raises
    ------
    RecordError
        For what `read_launches` refuses, and for a launch that the record has already.

    Examples
    --------
    >>> from analysis import load_launches
    >>> record = load_launches()
    >>> mine = record.tail(1).assign(launch_id="2030-01-01-01", date=pd.Timestamp("2030-01-01"))
    >>> both = with_launches(record, mine.assign(launched_at=pd.NaT).drop(columns="salvo_id"))
    >>> len(both) - len(record), both.attrs["record"]["extends_to"]
    (1, '2030-01-01')
    """
    both = _joined(record, read_launches(extra), "launches", extra)
    both["salvo_id"] = _salvos(both, record)
    days = both.loc[~both["launch_id"].isin(record["launch_id"]), "date"]
    notes = notes_of(record)
    both.attrs["record"] = {
        **notes,
        "source": f"{notes.get('source', '')} and rows added to it".lstrip(),
        "added": days.dt.strftime(DATE_FORMAT).tolist(),
        "extends_to": f"{days.max():{DATE_FORMAT}}",
    }
    return both


def _salvos(both: pd.DataFrame, record: pd.DataFrame) -> pd.Series:
    """Name salvos: those of the record as they were, which a row added to one joins."""
    derived = derive_salvos(both)
    named = both["launch_id"].map(record.set_index("launch_id")["salvo_id"])
    joined = derived.map(named.groupby(derived).first())
    return named.fillna(joined).fillna(derived).astype("str")


def with_events(record: pd.DataFrame, extra: str | Path | pd.DataFrame) -> pd.DataFrame:
    """Return the record's events and those of a file, as `load_events` describes.

    Raises
    ------
    RecordError
        For what `read_events` refuses, and for an event that the record has already.
    """
    return _joined(record, read_events(extra), "events", extra)


def _joined(record: pd.DataFrame, own: pd.DataFrame, name: str, extra: Any) -> pd.DataFrame:
    """Put rows of a file under those of the record, unless it has them already."""
    table = TABLES[name]
    file = str(extra) if isinstance(extra, (str, Path)) else f"the extra {name}"
    problems = repeated(record, own, name, file)
    if problems:
        raise RecordError(problems)
    both = pd.concat([record[table.names], own[table.names].astype(record.dtypes.to_dict())])
    both = tidy(both.sort_values(_SORTED_BY[name], ignore_index=True), table)
    both.attrs = dict(record.attrs)
    return both


def repeated(record: pd.DataFrame, own: pd.DataFrame, name: str, file: str) -> list[Problem]:
    """Return a problem for each row that the record has, by its key or by what it says.

    Two launches of a day, system and site are two where each has an instant of its own.
    """
    (key,) = TABLES[name].key
    problems = []
    there = set(record[key])
    for place, row in enumerate(own.to_dict("records"), 1):
        where = f"{place} of the rows"
        if row[key] in there:
            expected = f"a {key} of its own: the record has {row[key]} already"
            problems.append(Problem(file, 0, key, str(row[key]), expected, where))
            continue
        same = np.logical_and.reduce([record[c] == row[c] for c in _SAME[name]])
        if name == "launches":
            at = row["launched_at"]
            same = same & (pd.isna(at) | (record["launched_at"] == at))
        for known in record.loc[same, key]:
            expected = f"what the record lacks: {row[key]} reads like its {known}"
            if name == "launches":
                expected += "; a further launch needs its own launched_at"
            problems.append(Problem(file, 0, key, str(row[key]), expected, where))
    return problems

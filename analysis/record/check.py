"""Tables of text -> typed tables, with every problem found at once.

What is expected stands in `schema`; this module applies it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from .cells import parse
from .columns import KOREA, Column, Table
from .problems import Problem, RecordError
from .text import Text, read_text

__all__ = [
    "Problem",
    "RecordError",
    "Text",
    "check",
    "is_time_zone",
    "korean_day",
    "parse",
    "read_text",
]


def check(
    text: Text,
    table: Table,
    *,
    known: Mapping[str, Iterable[str]] | None = None,
    columns: Iterable[Column] | None = None,
    calendar: str | None = None,
) -> tuple[pd.DataFrame, list[Problem]]:
    """Turn a table of text into typed columns and list all that breaks the schema.

    Parameters
    ----------
    text : Text
        The table as read by `read_text`.
    table : Table
        What is expected.
    known : mapping, optional
        For each "table.column" that columns refer to, the values that exist. References to
        what is not named here are not checked.
    columns : iterable of Column, optional
        The columns expected; all hand-typed ones of the table by default.
    calendar : str, optional
        The time zone whose days the dates are; the table's by default.

    Returns
    -------
    frame : DataFrame
        Typed columns in the table's order; cells with a problem are missing.
    problems : list of Problem
        All problems, in order of line. Empty if the table is good.

    Examples
    --------
    >>> from analysis.record.schema import TABLES
    >>> cells = pd.DataFrame({"start": ["1994-07-08"], "end": ["1994-07-07"],
    ...     "kind": ["dprk_leader"], "name": ["Kim Jong Il"], "confidence": ["unsourced"],
    ...     "source": [""]}, dtype="str")
    >>> _, problems = check(Text(cells, np.array([2]), "eras.csv", []), TABLES["eras"])
    >>> print(problems[0])
    eras.csv, line 2, column end: '1994-07-07', expected an end on or after the start
    """
    known = known or {}
    problems = list(text.problems)
    frame: dict[str, pd.Series] = {}
    good: dict[str, np.ndarray] = {}
    for column in table.typed if columns is None else columns:
        if column.name not in text.cells:
            expected = f"a column {column.name}: {column.meaning}"
            problems.append(Problem(text.file, 1, column.name, "", expected))
            continue
        frame[column.name], wrong = parse(text.cells[column.name], column, known.get(column.refers))
        good[column.name] = ~np.logical_or.reduce([mask for mask, _ in wrong])
        for mask, expected in wrong:
            problems += _problems_at(text, column.name, mask, expected)
    typed = pd.DataFrame(frame)
    problems += _check_key(text, table)
    rules = (
        *_ROW_RULES,
        _of_its_instant(calendar or table.calendar),
        *map(_belonging, table.belongs),
    )
    for names, broken, expected in rules:
        if all(name in typed for name in names):
            fine = np.logical_and.reduce([good[name] for name in names])
            problems += _problems_at(text, names[0], fine & broken(typed), expected)
    return typed, sorted(problems, key=lambda p: (p.file, p.line))


def _problems_at(text: Text, column: str, mask: np.ndarray, expected: str) -> list[Problem]:
    """Name each cell of a column that the mask marks."""
    return [
        Problem(text.file, int(text.lines[i]), column, str(text.cells[column].iloc[i]), expected)
        for i in np.flatnonzero(mask)
    ]


def _check_key(text: Text, table: Table) -> list[Problem]:
    """Rows whose key stands in an earlier row, or that repeat a whole row where there is no key."""
    names = list(table.key) or list(text.cells.columns)
    if not len(text.cells) or any(name not in text.cells for name in names):
        return []
    keys = text.cells[names].agg(" ".join, axis=1) if len(names) > 1 else text.cells[names[0]]
    filled = np.logical_or.reduce([(text.cells[name] != "").to_numpy(bool) for name in names])
    shared = keys.duplicated(keep=False).to_numpy()
    first = dict(zip(keys[shared][::-1], text.lines[shared][::-1], strict=True))
    return [
        Problem(
            text.file,
            int(text.lines[i]),
            names[0] if table.key else "",
            str(keys.iloc[i]),
            f"a {' and '.join(names) if table.key else 'row'} of its own: "
            f"line {first[keys.iloc[i]]} has it already",
        )
        for i in np.flatnonzero(keys.duplicated().to_numpy() & filled)
    ]


def korean_day(instants: pd.Series) -> pd.Series:
    """Return the Korean calendar day (UTC+9) of each instant, as a naive midnight.

    Examples
    --------
    >>> korean_day(pd.Series(pd.to_datetime(["2022-01-04T23:10Z"]))).dt.day.tolist()
    [5]
    """
    return day_in(instants, KOREA)


def day_in(instants: pd.Series, calendar: str) -> pd.Series:
    """Return the calendar day of each instant in a time zone, as a naive midnight."""
    if calendar != KOREA:
        return instants.dt.tz_convert(calendar).dt.tz_localize(None).dt.normalize()
    # not the zone Asia/Seoul, whose summer time of 1987 and 1988 Pyongyang did not keep
    return (instants.dt.tz_localize(None) + pd.Timedelta(hours=9)).dt.normalize()


def is_time_zone(name: str) -> bool:
    """Whether there is a time zone of that name."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError, TypeError):
        return False
    return True


_Broken = Callable[[pd.DataFrame], np.ndarray]
_Rule = tuple[tuple[str, ...], _Broken, str]


def _belonging(pair: tuple[str, str, Mapping[str, tuple[str, ...]]]) -> _Rule:
    """Make the rule that a row's word is one of those that its other word holds."""
    part, whole, holds = pair
    fit = {(one, word) for one, those in holds.items() for word in those}

    def broken(frame: pd.DataFrame) -> np.ndarray:
        wholes, its = (pd.factorize(frame[name], use_na_sentinel=False) for name in (whole, part))
        pairs, code = np.unique(wholes[0] * len(its[1]) + its[0], return_inverse=True)
        places = np.divmod(pairs, max(len(its[1]), 1))
        found = zip(wholes[1][places[0]], its[1][places[1]], strict=True)
        return np.array([pair not in fit for pair in found], bool)[code]

    return (part, whole), broken, f"a {part} of the row's {whole}"


def _of_its_instant(calendar: str) -> _Rule:
    """Make the rule that a day is that of the row's instant."""

    def broken(frame: pd.DataFrame) -> np.ndarray:
        known = frame["launched_at"].notna() & (frame["date_precision"] == "day")
        return (known & (day_in(frame["launched_at"], calendar) != frame["date"])).to_numpy()

    whose = "the Korean day (UTC+9)" if calendar == KOREA else f"the day in {calendar}"
    return ("date", "launched_at", "date_precision"), broken, f"{whose} of launched_at"


def _instant_without_day(frame: pd.DataFrame) -> np.ndarray:
    return (frame["launched_at"].notna() & (frame["date_precision"] != "day")).to_numpy()


#: Rules of a row, for every table with these columns (the first is named): what breaks the rule,
#: and what is expected.
_ROW_RULES: tuple[_Rule, ...] = (
    (
        ("end", "start"),
        lambda frame: (frame["end"] < frame["start"]).to_numpy(),
        "an end on or after the start",
    ),
    (
        ("source", "confidence"),
        lambda frame: ((frame["confidence"] != "unsourced") & frame["source"].isna()).to_numpy(),
        "a source, or confidence unsourced",
    ),
    (
        ("lat", "lon"),
        lambda frame: (frame["lat"].isna() != frame["lon"].isna()).to_numpy(),
        "a latitude and a longitude, or neither",
    ),
    (
        ("launched_at", "date_precision"),
        _instant_without_day,
        "no instant where only the month or year is known",
    ),
    (
        ("each", "unit"),
        lambda frame: (frame["each"].notna() & (frame["unit"] == "missile")).to_numpy(),
        "nothing, unless the unit is day or salvo",
    ),
    (
        ("calendar",),
        lambda frame: (~frame["calendar"].map(is_time_zone)).to_numpy(dtype=bool),
        "a time zone such as Asia/Seoul, UTC or America/New_York",
    ),
)

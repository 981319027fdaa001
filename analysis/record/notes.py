"""What a table says of itself: whose launches it holds, in which calendar, and from which source.

The loaders of the record note it in ``frame.attrs["record"]``, `as_launches` what its caller
says, and results keep it. A table that says nothing is nobody's: pandas drops the notes where
tables with different ones are joined, so the record's facts never stand on other rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import pandas as pd

from .._version import __version__
from .columns import KOREA

T = TypeVar("T", pd.DataFrame, pd.Series)
#: How dates of a calendar are called.
DATED = {KOREA: "Korean dates", "UTC": "UTC dates", "America/New_York": "US Eastern dates"}
#: What results take over from the table that they were made of.
_KEPT = ("who", "source", "calendar", "covers")


def record_notes(version: str) -> dict[str, Any]:
    """Return what the record's own tables say of themselves."""
    return {
        "who": "North Korea",
        "calendar": KOREA,
        "covers": "North Korea",
        "source": f"Source: launch record, version {version}, code {__version__} "
        "(CNS/NTI, CSIS, news reports; a source on every row)",
    }


def notes_of(table: object) -> dict[str, Any]:
    """Return what a table says of itself; nothing if it says nothing.

    Examples
    --------
    >>> notes_of(pd.DataFrame())
    {}
    """
    return getattr(table, "attrs", {}).get("record") or {}


def who_launched(table: pd.DataFrame, countries: Sequence[str] | None = None) -> str:
    """Say who launched, as far as a table says it; of several countries, those that were asked for.

    Examples
    --------
    >>> table = pd.DataFrame({"country": ["IND", "PAK"]})
    >>> table.attrs["record"] = {"who": {"IND": "India", "PAK": "Pakistan"}}
    >>> who_launched(table), who_launched(table, ["PAK"])
    ('India and Pakistan', 'Pakistan')
    """
    who = notes_of(table).get("who") or ""
    if isinstance(who, str):
        return who
    if countries is None and "country" in table:
        countries = [code for code in who if (table["country"] == code).any()]
    names = [who.get(code, code) for code in countries or who]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def is_record(table: object) -> bool:
    """Whether the record's coverage and leaders belong to a table.

    Examples
    --------
    >>> is_record(pd.DataFrame({"date": ["2022-01-05"]}))
    False
    """
    return "covers" in notes_of(table)


def in_dates_of(text: str, table: object) -> str:
    """Say in a rule's text whose dates are meant, where the table's own are not Korean.

    Examples
    --------
    >>> in_dates_of("ballistic, Korean dates", pd.DataFrame())
    'ballistic, dates as given'
    """
    calendar = notes_of(table).get("calendar")
    own = DATED.get(calendar, f"{calendar} dates") if calendar else "dates as given"
    return text.replace(DATED[KOREA], own)


def noted(result: T, *tables: object) -> T:
    """Let a result say what the tables it was made of say, as long as all say the same.

    Examples
    --------
    >>> table = pd.DataFrame({"n": [1, 2]})
    >>> table.attrs["record"] = {"who": "India"}
    >>> noted(pd.DataFrame({"total": [3]}), table).attrs
    {'record': {'who': 'India'}}
    """
    said = [notes_of(table) for table in tables]
    notes = {k: v for k, v in said[0].items() if k in _KEPT and all(s.get(k) == v for s in said)}
    if notes:
        result.attrs["record"] = notes
    return result

"""Other countries' records, each with events, eras and coverage beside its launches."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from ..errors import check_one_of
from .built import read_table
from .example_tables import EXAMPLES
from .own import as_events, as_launches

#: What can be loaded of a record.
PARTS = ("launches", "events", "eras", "coverage")


def load_example(name: str = "japan", part: str = "launches") -> pd.DataFrame:
    """Load another country's record: its launches, or what stands beside them.

    ``describe("example_nuclear")`` says what each column means, ``describe("examples")`` what
    the record says of itself. Every function takes its launches as it takes those of
    `load_launches`; they say themselves who launched, in which calendar, of which days they
    speak, and from which source.

    Parameters
    ----------
    name : {"japan", "nuclear", "india_pakistan", "iran"}
        Flights of Japan's H-IIA and H-IIB rockets, 2001-2025; nuclear explosions, 1945-1998 (the
        family is where a device went off, the class how it was placed); missiles and rockets of
        India and Pakistan, 1979-2019; those of Iran, 1991-2019, use in war marked.
    part : {"launches", "events", "eras", "coverage"}
        Launches, with the columns of `load_launches` and, of several countries, ``country`` and
        ``use``; context events like `load_events` (beside Japan's flights the military drills
        around Korea, with which they have nothing to do); leaders like `load_eras`; or the days
        of which the record speaks, like `load_coverage`.

    Returns
    -------
    DataFrame
        Checked as a user's own table is.

    Raises
    ------
    ValueError
        If there is no such record or part.

    See Also
    --------
    as_launches : The same for a record of one's own.

    Examples
    --------
    >>> load_example()["outcome"].value_counts().to_dict()
    {'success': 58, 'failure': 1}
    >>> load_example("nuclear")["country"].value_counts()["USA"].item()
    1032
    >>> load_example("nuclear", "events").query("kind == 'moratorium'")["parties"].nunique() > 5
    True
    """
    check_one_of("record", name, EXAMPLES)
    check_one_of("part", part, PARTS)
    (about,) = _rows("examples", "record", name).to_dict("records")
    if part == "events":
        return _events(name)
    if part == "eras":
        return _rows("eras", "kind", "japan_pm") if name == "japan" else _eras(name)
    launches = as_launches(
        read_table(f"example_{name}"),
        date="date",
        who=dict(country.split(" ", 1) for country in about["who"].split(";")),
        did=None if pd.isna(about["did"]) else about["did"].split(";"),
        calendar=about["calendar"],
        source=about["source"],
        covered=(about["start"], about["end"]),
    )
    return launches if part == "launches" else _coverage(launches, about)


def _events(name: str) -> pd.DataFrame:
    """Return the events beside a record: of Japan's flights, events of another country."""
    if name == "japan":
        return as_events(_rows("events", "category", "drill"), start="start", end="end")
    rows = _rows("example_events", "record", name).drop(columns="record")
    return as_events(rows, start="start", end="end")


def _eras(name: str) -> pd.DataFrame:
    return _rows("example_eras", "record", name).drop(columns="record")


def _rows(table: str, column: str, word: str) -> pd.DataFrame:
    """Return the rows of a table that hold a word."""
    rows = read_table(table)
    return rows[rows[column] == word].reset_index(drop=True)


def _coverage(launches: pd.DataFrame, about: Mapping[Hashable, Any]) -> pd.DataFrame:
    """Return the days of which a record speaks, one row a family."""
    days = {name: about[name] for name in ("start", "end", "completeness", "why", "source")}
    families = sorted(launches["family"].unique())
    return pd.DataFrame({"table": "launches", "subset": families}).assign(**days)

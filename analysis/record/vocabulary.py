"""Words that cells may hold: some fixed here, some typed as tables of conventions."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .files import read_built

Rows = Iterable[Mapping[Any, Any]]

FAMILIES = ("ballistic", "space", "cruise", "air_defence", "rocket_artillery")
#: Every missile class and the family it belongs to.
KLASSES = {
    "SRBM": "ballistic",
    "MRBM": "ballistic",
    "IRBM": "ballistic",
    "ICBM": "ballistic",
    "SLBM": "ballistic",
    "BM_UNKNOWN": "ballistic",
    "SLV": "space",
    "LACM": "cruise",
    "ASCM": "cruise",
    "CM_UNKNOWN": "cruise",
    "SAM": "air_defence",
    "MLRS": "rocket_artillery",
}
OUTCOMES = ("success", "failure", "unknown")
PRECISIONS = ("day", "month", "year")
CONFIDENCES = ("sourced", "unsourced", "conflicting")
GIVES = ("list", "numbers")
TIMINGS = ("calendar", "open")


class Announcer(NamedTuple):
    """Somebody whose list of launches, or numbers of missiles, a counting rule can follow."""

    name: str
    gives: str  # "list": which launches are theirs; "numbers": how many missiles they announced
    column: str  # of the launches
    meaning: str  # of that column
    agrees: bool  # a launch without a number of theirs counts with the record's
    optional: bool  # launches without the column count as if none of their numbers were known


class Vocabulary(NamedTuple):
    """The words that are data: kinds of events by category, and announcers by short name."""

    kinds: Mapping[str, tuple[str, ...]]
    announcers: Mapping[str, Announcer]


def make_vocabulary(categories: Rows, announcers: Rows) -> Vocabulary:
    """Make the vocabulary from the rows of its two tables, as text."""
    kinds = {row["category"]: tuple(row["kinds"].split(";")) for row in categories}
    theirs = {
        row["announcer"]: Announcer(
            row["name"],
            row["gives"],
            row["column"],
            row["meaning"],
            agrees=row["agrees"] == "true",
            optional=row["optional"] == "true",
        )
        for row in announcers
    }
    return Vocabulary(kinds, theirs)


def read_vocabulary(folder: Path) -> Vocabulary:
    """Read the two tables of the vocabulary from a folder of built tables."""
    return make_vocabulary(
        *(_text_rows(folder / f"{name}.csv") for name in ("categories", "announcers"))
    )


def _text_rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read_built(path).decode(), newline="")))

"""What a table is: its columns, each with type, unit, vocabulary and meaning, said once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

CellType = Literal["text", "integer", "number", "boolean", "date", "instant"]

#: The calendar of the record: UTC+9 in every year.
KOREA = "Asia/Seoul"
DATE_FORMAT = "%Y-%m-%d"
INSTANT_FORMAT = "%Y-%m-%dT%H:%MZ"
_SLUG = r"[a-z0-9]+([.-][a-z0-9]+)*"
#: Names that can also stand in code: letters, digits and underscores.
NAME = "[a-z0-9]+(_[a-z0-9]+)*"


@dataclass(frozen=True)
class Column:
    """One column: what its cells hold and what may stand in them."""

    name: str
    kind: CellType
    meaning: str
    unit: str = ""
    required: bool = True  # a cell may not be empty
    values: tuple[str, ...] = ()  # the vocabulary, where there is one
    codes: tuple[str, ...] = ()  # names in the table `codes` under which the words are explained
    pattern: str = ""
    low: float | None = None
    high: float | None = None
    many: bool = False  # a list in one cell, separated by ";"
    refers: str = ""  # "table.column" whose values the cell must be one of
    joined: bool = False  # written by the build from other tables, never typed
    default: str | None = None  # what a user's file without this column gets; None: it must have it


@dataclass(frozen=True)
class Table:
    """One table: what a row is, its columns, its key and the hand-typed files it comes from."""

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    files: tuple[str, ...] = ()
    #: Columns of which the first must belong to the second: (first, second, what each one holds).
    belongs: tuple[tuple[str, str, Mapping[str, tuple[str, ...]]], ...] = ()
    #: The time zone whose days the dates of its launches are.
    calendar: str = KOREA

    @property
    def names(self) -> list[str]:
        """All column names, in order."""
        return [c.name for c in self.columns]

    @property
    def typed(self) -> tuple[Column, ...]:
        """The columns that are typed by hand."""
        return tuple(c for c in self.columns if not c.joined)

    def __getitem__(self, name: str) -> Column:
        """Return the column of that name."""
        return next(c for c in self.columns if c.name == name)


def text(name: str, meaning: str, **rest: Any) -> Column:
    """Make a column of free text."""
    return Column(name, "text", meaning, **rest)


def slug(name: str, meaning: str, **rest: Any) -> Column:
    """Make a column of short names in small letters, such as keys."""
    return Column(name, "text", meaning, pattern=_SLUG, **rest)


def words(
    name: str, meaning: str, values: tuple[str, ...], *, codes: tuple[str, ...] = (), **rest: Any
) -> Column:
    """Make a column that holds words of a vocabulary, explained under its name unless `codes`."""
    return Column(name, "text", meaning, values=values, codes=codes or (name,), **rest)


def date(name: str, meaning: str, **rest: Any) -> Column:
    """Make a column of calendar days."""
    return Column(name, "date", meaning, **rest)


def boolean(name: str, meaning: str, **rest: Any) -> Column:
    """Make a column of true and false."""
    return Column(name, "boolean", meaning, **rest)


def integer(name: str, meaning: str, **rest: Any) -> Column:
    """Make a column of whole numbers."""
    return Column(name, "integer", meaning, **rest)


def number(name: str, meaning: str, unit: str, **rest: Any) -> Column:
    """Make a column of numbers with a unit, empty where not known."""
    return Column(name, "number", meaning, unit, required=False, **rest)


def note(meaning: str = "remark, in our own words") -> Column:
    """Make the column for remarks."""
    return text("note", meaning, required=False, default="")


def joined(column: Column) -> Column:
    """Return the column as one that the build writes."""
    return replace(column, joined=True)


LAT = number("lat", "latitude", "degrees north", low=-90, high=90)
LON = number("lon", "longitude", "degrees east", low=-180, high=180)

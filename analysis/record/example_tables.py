"""Tables of other countries' records: the columns of our launches and events, in their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from .columns import (
    NAME,
    Column,
    Table,
    boolean,
    date,
    integer,
    number,
    text,
    words,
)
from .vocabulary import CONFIDENCES, Announcer

#: The records, and what a row of each is.
EXAMPLES = {
    "japan": "a launch of Japan's H-IIA or H-IIB rocket",
    "nuclear": "a nuclear explosion, or a salvo of them, from 1945 to 1998",
    "india_pakistan": "identical missiles or rockets of India or Pakistan, of one day and place",
    "iran": "identical missiles or rockets of Iran, of one day and place",
}
USES = ("test", "operational")
#: Where a nuclear device was set off: the families of that record.
MEDIA = ("atmospheric", "underground", "underwater", "space")
#: How it was placed: the classes of that record.
PLACINGS = (
    *("airdrop", "atmosphere", "balloon", "barge", "rocket", "ship", "surface", "tower"),
    *("water-surface", "crater", "gallery", "lagoon-shaft", "mine", "shaft", "tunnel"),
    *("underground", "underwater", "space"),
)
#: Who launched, and what for: columns that a record of one country's tests can do without.
COUNTRY = text(
    "country", "who launched: ISO 3166 code, SUN for the Soviet Union", pattern="[A-Z]{3}"
)
USE = words("use", "a test, or operational: against an enemy", USES)
OWN_COLUMNS = (COUNTRY, USE)
_RECORD = words("record", "the record it belongs to", tuple(EXAMPLES))
#: Another country's launches bring their own names and places instead of looking them up.
_OWN_NAMES = ("name", "klass", "family", "site_name", "lat", "lon")
OPTIONAL: dict[str, Any] = {"required": False, "default": ""}


def example_tables(
    launches: Table, plain: Table, events: Table, announcers: Mapping[str, Announcer]
) -> tuple[Table, ...]:
    """Return the tables of other countries' records, made like those of our launches and events.

    `plain` is the table of launches without what announcers gave.
    """
    theirs = {announcer.column for announcer in announcers.values()}
    japan = _launches_of("japan", launches, [_own_name(c, theirs) for c in launches.columns])
    own = [_own_name(c, ()) for c in plain.columns]
    return (
        japan,
        _nuclear_table(own),
        *(_missile_table(name, launches, own) for name in ("india_pakistan", "iran")),
        _example_event_table(events),
        _EXAMPLE_ERA_TABLE,
        _EXAMPLE_TABLE,
    )


def _launches_of(name: str, launches: Table, columns: Iterable[Column]) -> Table:
    return replace(
        launches,
        name=f"example_{name}",
        row=f"{EXAMPLES[name]}, an example of another country's record",
        columns=tuple(columns),
        files=(f"example_{name}.csv",),
    )


def _own_name(column: Column, theirs: Iterable[str]) -> Column:
    """Let a column be typed rather than looked up, but for what announcers gave."""
    looked_up = column.joined and column.name not in _OWN_NAMES
    refers = "" if column.name in ("system", "site") else column.refers
    return replace(column, joined=column.name in theirs or looked_up, refers=refers)


def _missile_table(name: str, launches: Table, plain: Iterable[Column]) -> Table:
    """Make the table of missiles of a country; its days are those of its own press."""
    columns: list[Column] = []
    for column in plain:
        if column.name == "date":
            column = date("date", "local calendar day; in a month or year row its first day")
        columns.append(column)
        if column.name == "date_precision":
            columns += [
                *OWN_COLUMNS,
                boolean("confirmed", "whether the source calls the launch confirmed"),
            ]
    return _launches_of(name, launches, columns)


def _nuclear_table(plain: Iterable[Column]) -> Table:
    """Make the table of nuclear explosions; its days are those of Greenwich."""
    ours = {column.name: column for column in plain}
    instant = replace(ours["launched_at"], meaning="instant of the explosion, where it is listed")
    number_of = replace(ours["missiles"], meaning="devices set off", unit="devices")
    columns = (
        ours["launch_id"],
        date("date", "day in Greenwich (UTC)"),
        instant,
        ours["date_precision"],
        *OWN_COLUMNS,
        number_of,
        ours["missiles_exact"],
        text("test_name", "name of the test", **OPTIONAL),
        words("klass", "how the device was placed", PLACINGS, codes=("placing",)),
        words("family", "where it went off", MEDIA, codes=("medium",)),
        *(ours[name] for name in ("site", "site_name", "lat", "lon")),
        words(
            "coordinates",
            "whether they are as listed, in whole degrees, corrected, or not listed",
            ("listed", "listed_degree", "corrected", "none"),
        ),
        text("purpose", "purpose in the words of the report", **OPTIONAL),
        number("yield_low_kt", "yield, or the lower bound listed", "kilotons", low=0),
        number("yield_high_kt", "upper bound of the yield", "kilotons", low=0),
        number("mb", "body-wave magnitude", "magnitude", low=0, high=10),
        number("depth_km", "depth below ground; negative above it", "km", low=-1000, high=10),
        integer("sipri_id", "number in the report", low=45_000, high=99_999),
        text("listed_source", "code of the report's own source", **OPTIONAL),
        boolean("in_oklahoma", "whether the second catalogue has it too, by country and day"),
        *(ours[name] for name in ("salvo_id", "sources", "note")),
    )
    name = "nuclear"
    return Table(
        f"example_{name}",
        f"{EXAMPLES[name]}, an example of another country's record",
        columns,
        ("launch_id",),
        (f"example_{name}.csv",),
        calendar="UTC",
    )


def _example_event_table(events: Table) -> Table:
    """Make the table of events beside other countries' launches; any kinds may stand in it."""
    free = {"category": "subject", "kind": "kind within the category"}
    columns = [
        text(c.name, free[c.name], pattern=NAME) if c.name in free else c for c in events.columns
    ]
    with_events = [name for name in EXAMPLES if name != "japan"]
    return Table(
        "example_events",
        "a context event beside another country's record",
        (_RECORD, *columns),
        ("record", "event_id"),
        tuple(f"example_{name}_events.csv" for name in with_events),
    )


_EXAMPLE_ERA_TABLE = Table(
    "example_eras",
    "a leader's time in office, beside another country's record",
    (
        _RECORD,
        date("start", "first day; the day of change belongs to the successor"),
        date("end", "last day, inclusive; the end of the record where still in office"),
        text("kind", "office", pattern=NAME),
        text("name", "who held it"),
        words("confidence", "whether the first day was read in the source", CONFIDENCES),
        text("source", "where it was read, unless unsourced", required=False),
    ),
    ("record", "kind", "start"),
    ("example_eras.csv",),
)

_EXAMPLE_TABLE = Table(
    "examples",
    "another country's record: what its tables say of themselves",
    (
        words("record", "short name, for `load_example`", tuple(EXAMPLES)),
        text("title", "what it holds"),
        text(
            "who",
            "codes of the countries that launched, each with its name as printed",
            pattern="[A-Z]{3} .+",
            many=True,
        ),
        text(
            "did",
            "what they did, as in: launched;rocket;rockets; empty where they fired missiles",
            many=True,
            **OPTIONAL,
        ),
        text("calendar", "time zone whose days the dates are"),
        text("source", "source line of pictures"),
        date("start", "first day of which it speaks"),
        date("end", "last day, inclusive"),
        words("completeness", "how much of it is recorded", ("complete", "partial", "sample")),
        text("why", "why the days and the completeness"),
    ),
    ("record",),
    ("examples.csv",),
)

"""Tables of facts: launches, events, and what both refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .columns import (
    LAT,
    LON,
    Column,
    Table,
    boolean,
    date,
    integer,
    joined,
    note,
    number,
    slug,
    text,
    words,
)
from .example_tables import OPTIONAL, example_tables
from .vocabulary import (
    CONFIDENCES,
    FAMILIES,
    KLASSES,
    OUTCOMES,
    PRECISIONS,
    Announcer,
    Vocabulary,
)

_NAME = text("name", "usual English name")
_KLASS = words("klass", "missile class by range or role", tuple(KLASSES))
_FAMILY = words("family", "family of the class", FAMILIES)
_OF_ITS_FAMILY = (
    "klass",
    "family",
    {f: tuple(klass for klass, family in KLASSES.items() if family == f) for f in FAMILIES},
)
_SOURCES = slug("sources", "keys of the sources", many=True, refers="sources.key")
_ALT_NAMES = text("alt_names", "other names", required=False, many=True)


def _missile_numbers(meaning: str, low: int) -> Column:
    """Make the column of numbers of missiles; what is above the limit is no such number."""
    return integer("missiles", meaning, unit="missiles", low=low, high=10_000)


_SYSTEM_TABLE = Table(
    "systems",
    "a missile type",
    (
        slug("system", "short name"),
        _NAME,
        _ALT_NAMES,
        _KLASS,
        _FAMILY,
        words("propellant", "propellant", ("liquid", "solid"), required=False),
        boolean(
            "hypersonic_glide",
            "flown with a gliding or manoeuvring payload that Pyongyang calls hypersonic",
        ),
        slug("source", "key of the source", refers="sources.key"),
    ),
    ("system",),
    ("systems.csv",),
    (_OF_ITS_FAMILY,),
)

_SITE_TABLE = Table(
    "sites",
    "a launch site",
    (
        slug("site", "short name"),
        _NAME,
        text("province", "province or city", required=False),
        LAT,
        LON,
        _ALT_NAMES,
        slug("source", "key of the source of the coordinates", refers="sources.key"),
    ),
    ("site",),
    ("sites.csv",),
)

_SOURCE_TABLE = Table(
    "sources",
    "a source of launch facts",
    (
        slug("key", "short name"),
        text("title", "title of the page or data set"),
        text("publisher", "who published it"),
        text("url", "address", required=False),
        text("vintage", "date or version read", required=False),
        note("terms and remarks"),
    ),
    ("key",),
    ("sources.csv",),
)

_ERA_TABLE = Table(
    "eras",
    "a leader's time in office",
    (
        date("start", "first day; the day of change belongs to the successor"),
        date("end", "last day, inclusive; 2026-12-31 where still in office"),
        words(
            "kind",
            "office",
            ("dprk_leader", "us_president", "rok_president", "japan_pm"),
            codes=("office",),
        ),
        text("name", "who held it"),
        words("confidence", "whether the first day was read in the source", CONFIDENCES),
        text("source", "where it was read, unless unsourced", required=False),
    ),
    ("kind", "start"),
    ("eras.csv",),
)


def _theirs(announcer: Announcer) -> Column:
    """Make the launches column that holds what an announcer gives."""
    if announcer.gives == "list":
        return boolean(announcer.column, announcer.meaning, default="false")
    numbers = integer(announcer.column, announcer.meaning, unit="missiles", low=0, **OPTIONAL)
    return joined(numbers)


def _launch_table(announcers: Iterable[Announcer]) -> Table:
    return Table(
        "launches",
        "a group of identical missiles fired together",
        (
            slug("launch_id", "Korean date and running number"),
            date(
                "date",
                "Korean calendar day (UTC+9); in a month or year row its first day, or the day of "
                "the announcement where only that is known",
            ),
            Column(
                "launched_at",
                "instant",
                "instant of the first missile, where known",
                "UTC",
                **OPTIONAL,
            ),
            words("date_precision", "what of the date is known", PRECISIONS),
            _missile_numbers("missiles fired, or a lower bound", low=1),
            boolean("missiles_exact", "whether `missiles` is a count, not a lower bound"),
            slug("system", "missile type", refers="systems.system"),
            joined(_NAME),
            joined(_KLASS),
            joined(_FAMILY),
            slug("site", "launch site", refers="sites.site"),
            joined(text("site_name", "name of the site")),
            joined(LAT),
            joined(LON),
            number(
                "apogee_km", "highest point of the flight", "km", low=0, high=10_000, default=""
            ),
            number("range_km", "distance flown over ground", "km", low=0, high=20_000, default=""),
            words("outcome", "how the flight ended", OUTCOMES),
            joined(slug("salvo_id", "launch_id of the first row of its salvo")),
            *map(_theirs, announcers),
            _SOURCES,
            note(),
        ),
        ("launch_id",),
        ("launches.csv",),
        (_OF_ITS_FAMILY,),
    )


def _event_table(kinds: Mapping[str, tuple[str, ...]]) -> Table:
    return Table(
        "events",
        "a context event",
        (
            slug("event_id", "start date and short name"),
            date("start", "first day, in the calendar of `date_zone`"),
            date("end", "last day, inclusive"),
            words(
                "date_zone",
                "whose calendar the days are: Korea, the United States, New York (UN) or the host "
                "city",
                ("KST", "US", "NY", "host"),
                default="KST",
            ),
            words(
                "precision",
                "what of the days is known",
                PRECISIONS[:2],
                codes=("date_precision",),
            ),
            words("category", "subject", tuple(kinds)),
            words(
                "kind",
                "kind within the category",
                tuple(sorted({kind for those in kinds.values() for kind in those})),
            ),
            text("title", "what happened, in a line"),
            text(
                "parties",
                "who took part: ISO 3166 codes, or UN, IOC, IPC, OCA, EUU",
                pattern="[A-Z]{2,3}",
                many=True,
                **OPTIONAL,
            ),
            text("place", "where", **OPTIONAL),
            boolean(
                "answers_launch",
                "whether the event answers or accompanies a launch",
                default="false",
            ),
            words("confidence", "whether the source gives the days", CONFIDENCES),
            text("source", "where the days were read; empty only where unsourced", **OPTIONAL),
            text("source_url", "address of the source", **OPTIONAL),
            note(),
        ),
        ("event_id",),
        ("drills.csv", "talks.csv", "milestones.csv", "anniversaries.csv"),
        (("kind", "category", kinds),),
    )


def _announced_table(announcers: Mapping[str, Announcer]) -> Table:
    capitals = tuple(key for key, announcer in announcers.items() if announcer.gives == "numbers")
    return Table(
        "announced",
        "a launch of which a capital announced another number of missiles",
        (
            slug("launch_id", "the launch", refers="launches.launch_id"),
            words("capital", "who announced it", capitals, codes=("announcer",)),
            _missile_numbers("missiles announced; 0: none", low=0),
            words(
                "ground",
                "`total` where the number rests on a total of a month or year alone, not on a page "
                "about that launch: a guess, which no rule follows; `pages` where the launches of "
                "the total each have a page of their own, so that this one was left out",
                ("total", "pages"),
                required=False,
            ),
            _SOURCES,
            note(),
        ),
        ("launch_id", "capital"),
        ("announced.csv",),
    )


def _coverage_table(categories: Iterable[str]) -> Table:
    return Table(
        "coverage",
        "a launch family or event category, and the days that the record covers",
        (
            words("table", "table", ("launches", "events")),
            words(
                "subset",
                "launch family or event category",
                (*FAMILIES, *categories),
                codes=("family", "category"),
            ),
            date("start", "first day"),
            date("end", "last day, inclusive"),
            words("completeness", "how much of it is recorded", ("complete", "partial", "sample")),
            text("why", "why the days and the completeness"),
            text("source", "what it rests on"),
        ),
        ("table", "subset"),
        ("coverage.csv",),
    )


def fact_tables(vocabulary: Vocabulary) -> tuple[Table, ...]:
    """Return the tables of facts, with the words and columns that are data filled in."""
    kinds, announcers = vocabulary
    launches, events = _launch_table(announcers.values()), _event_table(kinds)
    return (
        launches,
        events,
        *example_tables(launches, _launch_table(()), events, announcers),
        _announced_table(announcers),
        _SYSTEM_TABLE,
        _SITE_TABLE,
        _SOURCE_TABLE,
        _ERA_TABLE,
        _coverage_table(kinds),
    )

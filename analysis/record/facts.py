"""Tables of facts: launches, events, and what both refer to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

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
from .vocabulary import (
    CAPITALS,
    CONFIDENCES,
    EVENT_KINDS,
    FAMILIES,
    KLASSES,
    OUTCOMES,
    PRECISIONS,
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
_EMPTY: dict[str, Any] = {"required": False, "default": ""}


def _announced(capital: str) -> Column:
    meaning = (
        f"missiles that {CAPITALS[capital]} announced, where that is not `missiles`; 0 where it "
        "announced no ballistic missile; empty where no other number is known"
    )
    return joined(integer(f"{capital}_missiles", meaning, unit="missiles", low=0, **_EMPTY))


LAUNCHES = Table(
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
            "launched_at", "instant", "instant of the first missile, where known", "UTC", **_EMPTY
        ),
        words("date_precision", "what of the date is known", PRECISIONS),
        integer("missiles", "missiles fired, or a lower bound", unit="missiles", low=1),
        boolean("missiles_exact", "whether `missiles` is a count, not a lower bound"),
        slug("system", "missile type", refers="systems.system"),
        joined(_NAME),
        joined(_KLASS),
        joined(_FAMILY),
        slug("site", "launch site", refers="sites.site"),
        joined(text("site_name", "name of the site")),
        joined(LAT),
        joined(LON),
        number("apogee_km", "highest point of the flight", "km", low=0, high=10_000, default=""),
        number("range_km", "distance flown over ground", "km", low=0, high=20_000, default=""),
        words("outcome", "how the flight ended", OUTCOMES),
        joined(slug("salvo_id", "launch_id of the first row of its salvo")),
        boolean("in_cns", "counted in the CNS/NTI database", default="false"),
        boolean("in_csis", "listed under the same day by CSIS", default="false"),
        *(_announced(capital) for capital in CAPITALS),
        _SOURCES,
        note(),
    ),
    ("launch_id",),
    ("launches.csv",),
    (_OF_ITS_FAMILY,),
)

_EVENTS = Table(
    "events",
    "a context event",
    (
        slug("event_id", "start date and short name"),
        date("start", "first day, in the calendar of `date_zone`"),
        date("end", "last day, inclusive"),
        words(
            "date_zone",
            "whose calendar the days are: Korea, the United States, New York (UN) or the host city",
            ("KST", "US", "NY", "host"),
            default="KST",
        ),
        words("precision", "what of the days is known", PRECISIONS[:2]),
        words("category", "subject", tuple(EVENT_KINDS)),
        words(
            "kind",
            "kind within the category",
            tuple(sorted({kind for kinds in EVENT_KINDS.values() for kind in kinds})),
        ),
        text("title", "what happened, in a line"),
        text(
            "parties",
            "who took part: ISO 3166 codes, or UN, IOC, IPC, OCA, EUU",
            pattern="[A-Z]{2,3}",
            many=True,
            **_EMPTY,
        ),
        text("place", "where", **_EMPTY),
        boolean(
            "answers_launch", "whether the event answers or accompanies a launch", default="false"
        ),
        words("confidence", "whether the source gives the days", CONFIDENCES),
        text("source", "where the days were read; empty only where unsourced", **_EMPTY),
        text("source_url", "address of the source", **_EMPTY),
        note(),
    ),
    ("event_id",),
    ("drills.csv", "talks.csv", "milestones.csv", "anniversaries.csv"),
    (("kind", "category", EVENT_KINDS),),
)

#: Another country's launches bring their own names and places instead of looking them up.
_OWN_NAMES = ("name", "klass", "family", "site_name", "lat", "lon")
_EXAMPLE = replace(
    LAUNCHES,
    name="example_japan",
    row="a launch of Japan's H-IIA or H-IIB rocket, an example of another country's record",
    columns=tuple(
        replace(
            c,
            joined=c.joined and c.name not in _OWN_NAMES,
            refers="" if c.name in ("system", "site") else c.refers,
        )
        for c in LAUNCHES.columns
    ),
    files=("example_japan.csv",),
)

_ANNOUNCED = Table(
    "announced",
    "a launch of which a capital announced another number of missiles",
    (
        slug("launch_id", "the launch", refers="launches.launch_id"),
        words("capital", "who announced it", tuple(CAPITALS)),
        integer("missiles", "missiles announced; 0: none", unit="missiles", low=0),
        _SOURCES,
        note(),
    ),
    ("launch_id", "capital"),
    ("announced.csv",),
)

_SYSTEMS = Table(
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

_SITES = Table(
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

_SOURCES_TABLE = Table(
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

_ERAS = Table(
    "eras",
    "a leader's time in office",
    (
        date("start", "first day; the day of change belongs to the successor"),
        date("end", "last day, inclusive; 2026-12-31 where still in office"),
        words("kind", "office", ("dprk_leader", "us_president", "rok_president", "japan_pm")),
        text("name", "who held it"),
        words("confidence", "whether the first day was read in the source", CONFIDENCES),
        text("source", "where it was read, unless unsourced", required=False),
    ),
    ("kind", "start"),
    ("eras.csv",),
)

_COVERAGE = Table(
    "coverage",
    "a launch family or event category, and the days for which the record speaks of it",
    (
        words("table", "table", ("launches", "events")),
        words("subset", "launch family or event category", (*FAMILIES, *EVENT_KINDS)),
        date("start", "first day"),
        date("end", "last day, inclusive"),
        words("completeness", "how much of it is recorded", ("complete", "partial", "sample")),
        text("why", "why the days and the completeness"),
        text("source", "what it rests on"),
    ),
    ("table", "subset"),
    ("coverage.csv",),
)

FACTS = (
    LAUNCHES,
    _EVENTS,
    _EXAMPLE,
    _ANNOUNCED,
    _SYSTEMS,
    _SITES,
    _SOURCES_TABLE,
    _ERAS,
    _COVERAGE,
)

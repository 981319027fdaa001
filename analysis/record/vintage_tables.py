"""Tables of what other databases held on which day."""

from __future__ import annotations

from .columns import Column, Table, boolean, date, integer, note, slug, text, words
from .vocabulary import KLASSES, OUTCOMES

DATABASES = ("cns", "csis")
_DATABASE = words("database", "whose state it is", DATABASES, codes=("announcer",))

_STATE_TABLE = Table(
    "vintages",
    "a state of another database",
    (
        slug("vintage", "short name"),
        _DATABASE,
        date("date", "Korean day on which it was committed, saved or scraped"),
        date(
            "until",
            "last day on which the database is taken to stand so, the day before its next state; "
            "empty for what is no state of use: replaced on its own day, edited, or without rows",
            required=False,
        ),
        boolean(
            "whole",
            "whether its listings stand alone; if not, those of earlier states go on until changed",
        ),
        integer("rows", "rows in the file, of whatever kind", low=0),
        date("first_day", "earliest day in it", required=False),
        date("last_day", "latest day in it", required=False),
        text("source", "where it was read: repository, commit and file"),
        note("remark on the day or the rows"),
    ),
    ("vintage",),
    ("vintages.csv",),
)

_LISTED_TABLE = Table(
    "vintages_listed",
    "what another database listed for a launch, from a state on",
    (
        _DATABASE,
        slug("vintage", "the first state that lists it so", refers="vintages.vintage"),
        slug(
            "launch_id",
            "the launch it was matched to; empty where no launch has it",
            required=False,
            refers="launches.launch_id",
        ),
        date("date", "Korean day, as then listed; in a month or year row the first"),
        words("date_precision", "what of the date was listed", ("day", "month", "year")),
        Column(
            "launched_at",
            "instant",
            "instant of the first missile, as then listed",
            "UTC",
            required=False,
        ),
        integer(
            "missiles",
            "missiles then listed, 0 where it was taken out; empty where the database gives none",
            unit="missiles",
            low=0,
            high=10_000,
            required=False,
        ),
        slug(
            "system",
            "missile type, as then listed; empty where unknown or two",
            required=False,
            refers="systems.system",
        ),
        words(
            "klass",
            "class of that type; of CSIS, which names none, that of the launch",
            tuple(KLASSES),
        ),
        words("outcome", "how the flight ended, as then listed", OUTCOMES, required=False),
    ),
    (),
    ("vintages_listed.csv",),
)

_SEEN_TABLE = Table(
    "vintages_seen",
    "a launch and another database that listed it",
    (
        slug("launch_id", "the launch", refers="launches.launch_id"),
        _DATABASE,
        date("first_seen", "day of the first state that holds it"),
        date(
            "not_seen",
            "day of the last state before it; empty where the first known state holds it",
            required=False,
        ),
        date(
            "last_seen", "day of the last state that holds it, if later ones do not", required=False
        ),
        date("entered", "day on which CNS says to have entered or updated it", required=False),
    ),
    ("launch_id", "database"),
    ("vintages_seen.csv",),
)

VINTAGES = (_STATE_TABLE, _LISTED_TABLE, _SEEN_TABLE)

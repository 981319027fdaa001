"""Tables of conventions: what counts as a launch, who can be followed, what is studied together.

The first two hold words that other tables use.
"""

from __future__ import annotations

from typing import Any

from .columns import NAME, Table, boolean, integer, slug, text, words
from .example_tables import COUNTRY, MEDIA, PLACINGS, USES
from .vocabulary import FAMILIES, GIVES, KLASSES, OUTCOMES, TIMINGS

_TIMING = (
    "calendar where the time of year is fixed beforehand, else open: it decides which null a test "
    "of the events takes"
)
_DEFAULT_FAMILIES = ";".join(FAMILIES[:3])
_OPTIONAL_LIST: dict[str, Any] = {"many": True, "required": False, "default": ""}

CATEGORY_TABLE = Table(
    "categories",
    "a category of context events",
    (
        text("category", "short name", pattern=NAME),
        text("label", "name as printed, such as beside its lane on the time line"),
        text("kinds", "kinds of events within it", pattern=NAME, many=True),
        integer("lane", "place of its lane on the time line, from the top", low=1),
        boolean("drawn", "whether the time line shows it unless asked for others"),
        words("timing", _TIMING, TIMINGS),
        text("meaning", "what it holds"),
    ),
    ("category",),
    ("categories.csv",),
)

ANNOUNCER_TABLE = Table(
    "announcers",
    "somebody whose list of launches, or numbers of missiles, a counting rule can follow",
    (
        text("announcer", "short name", pattern=NAME),
        text("name", "name as printed"),
        words(
            "gives",
            "a list: a column of true and false typed in launches; numbers: of missiles, typed in "
            "announced where they differ from the record's",
            GIVES,
        ),
        text("column", "column of launches that holds it", pattern=NAME),
        text("meaning", "what that column says"),
        boolean("agrees", "whether a launch without a number of theirs counts with the record's"),
        boolean("optional", "whether launches without the column can be counted as if they agreed"),
    ),
    ("announcer",),
    ("announcers.csv",),
)

_RULE_TABLE = Table(
    "rules",
    "a counting rule: what one launch is",
    (
        text("name", "short name", pattern=NAME),
        text("label", "name as printed", default=""),
        words(
            "unit",
            "what is counted: missiles, salvos or days",
            ("missile", "salvo", "day"),
            codes=("counted",),
        ),
        words(
            "families",
            "families that count, separated by `;`",
            (*FAMILIES, *(medium for medium in MEDIA if medium not in FAMILIES)),
            codes=("family", "medium"),
            many=True,
            default=_DEFAULT_FAMILIES,
        ),
        words(
            "klasses",
            "classes that count; all where empty",
            (*KLASSES, *PLACINGS),
            codes=("klass", "placing"),
            **_OPTIONAL_LIST,
        ),
        slug(
            "systems",
            "types that count; all where empty",
            refers="systems.system",
            **_OPTIONAL_LIST,
        ),
        words(
            "outcomes",
            "outcomes that count; all where empty",
            OUTCOMES,
            codes=("outcome",),
            **_OPTIONAL_LIST,
        ),
        text("calendar", "time zone whose days are meant", default="Asia/Seoul"),
        text(
            "source",
            "announcer whose list or numbers are followed; the whole record where empty",
            refers="announcers.announcer",
            required=False,
            default="",
        ),
        words(
            "each",
            "with days: a day counts once for each of these; with salvos: launches within an hour "
            "are one where they share it, wherever they were fired from",
            ("klass", "family"),
            required=False,
            default="",
        ),
        text("definition", "one sentence that a reporter could print", default=""),
        text("cited", "where the convention was read", required=False, default=""),
        text(
            "countries",
            "countries that count, by their codes; all where empty",
            pattern=COUNTRY.pattern,
            **_OPTIONAL_LIST,
        ),
        words(
            "uses",
            "uses that count; all where empty",
            USES,
            codes=("use",),
            **_OPTIONAL_LIST,
        ),
    ),
    ("name",),
    ("rules.csv",),
)

_GROUP_TABLE = Table(
    "groups",
    "a studied group of context events",
    (
        text("group", "short name", pattern=NAME),
        text("label", "name as printed", default=""),
        text("sentence", "what the group holds, in one sentence", default=""),
        text(
            "filter",
            "the same for a computer: columns of the events table compared (==, !=, <, <=, >, >=) "
            'with text in quotes, numbers, True or False, days being text as "2022-11-09", or '
            "looked for (in, not in) among such literals in brackets; "
            '`column.str.contains("this|that")` and `column.str.startswith("this")` for words '
            "in text; joined by and, or, not and parentheses. An empty cell passes != and not in "
            "alone. Nothing else can be read, and nothing is evaluated",
        ),
        text("source", "what the choice rests on", default=""),
        words("timing", _TIMING, TIMINGS, default="open"),
        boolean(
            "family",
            "whether p-values are adjusted among it: groups without a common event, each with at "
            "least four launch days expected on the first day of its events of 2012 to 2025 and "
            "the 14 days after it",
            default="false",
        ),
        integer(
            "studied",
            "place among the groups that the figures study, chosen before any result and none a "
            "part of another; empty where not among them",
            required=False,
            low=1,
            default="",
        ),
    ),
    ("group",),
    ("groups.csv",),
)

CODE_TABLE = Table(
    "codes",
    "a word that cells of other tables hold, with its meaning",
    (
        text("vocabulary", "the words it belongs to, named after a column that holds them"),
        text("code", "the word as it stands in a cell"),
        text("meaning", "what it means"),
    ),
    ("vocabulary", "code"),
    ("codes.csv",),
)

CONVENTIONS = (CATEGORY_TABLE, ANNOUNCER_TABLE, _RULE_TABLE, _GROUP_TABLE, CODE_TABLE)

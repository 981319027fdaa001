"""Tables of conventions: what is studied together."""

from __future__ import annotations

from .columns import NAME, Table, text

_GROUPS = Table(
    "groups",
    "a studied group of context events",
    (
        text("group", "short name", pattern=NAME),
        text("sentence", "what the group holds, in one sentence"),
        text(
            "filter",
            "the same for a computer: columns of the events table compared (==, !=, <, <=, >, >=) "
            'with text in quotes, numbers, True or False, days being text as "2022-11-09", or '
            "looked for (in, not in) among such literals in brackets; "
            '`column.str.contains("this|that")` and `column.str.startswith("this")` for words '
            "in text; joined by and, or, not and parentheses. An empty cell passes != and not in "
            "alone. Nothing else can be read, and nothing is evaluated",
        ),
        text("source", "what the choice rests on"),
    ),
    ("group",),
    ("groups.csv",),
)

CONVENTIONS = (_GROUPS,)

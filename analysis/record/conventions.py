"""Tables of conventions: what is studied together."""

from __future__ import annotations

from .columns import NAME, Table, text

_GROUPS = Table(
    "groups",
    "a studied group of context events",
    (
        text("group", "short name", pattern=NAME),
        text("sentence", "what the group holds, in one sentence"),
        text("filter", "the same as a pandas query on the events table"),
        text("source", "what the choice rests on"),
    ),
    ("group",),
    ("groups.csv",),
)

CONVENTIONS = (_GROUPS,)

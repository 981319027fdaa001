"""Every table of the record by name: type, unit, vocabulary, key, meaning, what may be empty.

Everything else reads this page: the build's validation, the loaders' dtypes, the reading of a
user's own files and the Data Package descriptor.
"""

from .columns import DATE_FORMAT, INSTANT_FORMAT, Column, Table
from .conventions import CONVENTIONS
from .facts import FACTS
from .published import PUBLISHED
from .vocabulary import (
    CAPITALS,
    CONFIDENCES,
    EVENT_KINDS,
    FAMILIES,
    KLASSES,
    OUTCOMES,
    PRECISIONS,
)

#: Version of the record: its last day, then the revision of the facts.
DATA_VERSION = "2026-08-22.1"

#: Every table of the record by name.
TABLES: dict[str, Table] = {table.name: table for table in (*FACTS, *CONVENTIONS, *PUBLISHED)}

__all__ = [
    "CAPITALS",
    "CONFIDENCES",
    "DATA_VERSION",
    "DATE_FORMAT",
    "EVENT_KINDS",
    "FAMILIES",
    "INSTANT_FORMAT",
    "KLASSES",
    "OUTCOMES",
    "PRECISIONS",
    "TABLES",
    "Column",
    "Table",
]

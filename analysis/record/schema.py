"""The schema of the record that came with the package.

Loaders, the reading of a user's own files and counting read this page; the build makes the same
tables from the words of the folder it reads.
"""

from .columns import DATE_FORMAT, INSTANT_FORMAT, Column, Table
from .files import built_version, processed
from .tables import make_tables
from .vocabulary import (
    CONFIDENCES,
    FAMILIES,
    KLASSES,
    OUTCOMES,
    PRECISIONS,
    Announcer,
    read_vocabulary,
)

#: Every event category and the kinds it holds, and who can be followed.
EVENT_KINDS, ANNOUNCERS = _VOCABULARY = read_vocabulary(processed())

#: Version of the record: its last day, then the revision of the facts.
DATA_VERSION = built_version(processed())

#: Every table of the record by name: type, unit, vocabulary, key, meaning, what may be empty.
TABLES: dict[str, Table] = make_tables(_VOCABULARY)

__all__ = [
    "ANNOUNCERS",
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
    "Announcer",
    "Column",
    "Table",
]

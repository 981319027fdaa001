"""Every table, given the words that are data."""

from .columns import Table
from .conventions import CONVENTIONS
from .facts import fact_tables
from .published import PUBLISHED
from .vintage_tables import VINTAGES
from .vocabulary import Vocabulary


def make_tables(vocabulary: Vocabulary) -> dict[str, Table]:
    """Return every table by name.

    Examples
    --------
    >>> tables = make_tables(Vocabulary({"strike": ("rail", "dock")}, {}))
    >>> tables["events"]["category"].values
    ('strike',)
    """
    every = (*fact_tables(vocabulary), *CONVENTIONS, *PUBLISHED, *VINTAGES)
    return {table.name: table for table in every}

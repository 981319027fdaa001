"""A user's own files, read in the columns of the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from .check import RecordError, Text, check, read_text
from .columns import Column, Table
from .filters import filter_problems
from .join import join, tidy
from .load import load_sites, load_systems
from .salvo import derive_salvos
from .schema import TABLES


def read_launches(path: str | Path) -> pd.DataFrame:
    """Read a user's own launches from a CSV file in the columns of `load_launches`.

    The columns `name`, `klass`, `family`, `site_name`, `lat`, `lon` and `salvo_id` may be left
    out: they are then looked up by `system` and `site`, and the salvos derived. A file that
    brings its own `name`, `klass` and `family` may name any system, and one that brings its own
    `lat` and `lon` any site, such as those of another country. `launched_at`, `apogee_km`,
    `range_km`, `note` and the announcers' columns (`in_cns`, `tokyo_missiles`...) may be left out
    too: missing, or false.

    Parameters
    ----------
    path : str or Path
        A CSV file in UTF-8 with a header line.

    Returns
    -------
    DataFrame
        The columns of `load_launches`, in the order of the file.

    Raises
    ------
    RecordError
        A ValueError that lists every problem with its file, line, column, value and what was
        expected.

    Examples
    --------
    >>> import tempfile
    >>> from analysis import load_launches
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.csv"
    ...     load_launches(families="space").to_csv(path, index=False)
    ...     len(read_launches(path)) == len(load_launches(families="space"))
    True
    """
    table = TABLES["launches"]
    text = read_text(path, table)
    known = {}
    if not {"name", "klass", "family"} <= set(text.cells):
        known["systems.system"] = load_systems()["system"]
    if not {"lat", "lon"} <= set(text.cells):
        known["sites.site"] = load_sites()["site"]
    launches = join(read_table(text, table, known), load_systems(), load_sites())
    if "salvo_id" not in launches:
        launches["salvo_id"] = derive_salvos(launches)
    return tidy(launches[table.names], table)


def read_events(path: str | Path) -> pd.DataFrame:
    """Read a user's own context events from a CSV file in the columns of `load_events`.

    `date_zone` (KST), `parties`, `place`, `answers_launch` (false), `source`, `source_url` and
    `note` may be left out.

    Parameters
    ----------
    path : str or Path
        A CSV file in UTF-8 with a header line.

    Returns
    -------
    DataFrame
        The columns of `load_events`, in the order of the file.

    Raises
    ------
    RecordError
        A ValueError that lists every problem with its file, line, column, value and what was
        expected.

    Examples
    --------
    >>> import tempfile
    >>> from analysis import load_events
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.csv"
    ...     load_events("parade").to_csv(path, index=False)
    ...     read_events(path)["category"].unique().tolist()
    ['parade']
    """
    table = TABLES["events"]
    return read_table(read_text(path, table), table)


def read_groups(path: str | Path) -> pd.DataFrame:
    """Read groups of events of one's own from a CSV file in the columns of `load_groups`.

    Needed are `group` and `filter`; the rest may be left out.

    Parameters
    ----------
    path : str or Path
        A CSV file in UTF-8 with a header line.

    Returns
    -------
    DataFrame
        The columns of `load_groups`, in the order of the file, for ``by`` of `event_study` and
        its siblings.

    Raises
    ------
    RecordError
        A ValueError that lists every problem with its file, line, column, value and what was
        expected; a filter that cannot be read is one. Whether the events have the columns of a
        filter is seen when it is used.

    See Also
    --------
    passes_filter : which events a filter holds.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.csv"
    ...     mine = pd.DataFrame({"group": ["winter"], "filter": ["kind == 'winter_games'"]})
    ...     mine.to_csv(path, index=False)
    ...     read_groups(path)["group"].tolist()
    ['winter']
    """
    table = TABLES["groups"]
    text = read_text(path, table)
    groups = read_table(text, table)
    problems = filter_problems(groups, text)
    if problems:
        raise RecordError(problems)
    return groups


def read_table(
    text: Text, table: Table, known: Mapping[str, Iterable[str]] | None = None
) -> pd.DataFrame:
    """Type and check a user's table; columns with a default and joined ones may be absent."""
    text = _with_defaults(text, table)
    columns = [_liberal(c) for c in table.columns if not c.joined or c.name in text.cells]
    frame, problems = check(text, table, known=known, columns=columns)
    if problems:
        raise RecordError(problems)
    return tidy(frame, table)


def _liberal(column: Column) -> Column:
    """Accept any names and any sources in a user's file, and empty cells where nothing will do."""
    refers = "" if column.refers == "sources.key" else column.refers
    required = column.required and column.default != ""
    return replace(column, pattern="", refers=refers, required=required)


def _with_defaults(text: Text, table: Table) -> Text:
    """Fill the columns that a user's file may leave out."""
    absent = {
        c.name: pd.array([c.default] * len(text.cells), dtype="str")
        for c in table.columns
        if c.default is not None and c.name not in text.cells
    }
    return text._replace(cells=text.cells.assign(**absent))

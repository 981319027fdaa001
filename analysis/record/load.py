"""data/processed -> tidy DataFrames, and a user's own files in the same columns.

Loaders read the tables that came with the package: never the network, never the working
directory. Calendar dates are naive, instants are in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from .schema import (
    CONFIDENCES,
    DATE_FORMAT,
    EVENT_KINDS,
    FAMILIES,
    INSTANT_FORMAT,
    TABLES,
    Column,
    Table,
)

if TYPE_CHECKING:
    from .check import Text

_PACKAGED = Path(__file__).parents[1] / "_data" / "processed"
_CHECKOUT = Path(__file__).parents[2] / "data" / "processed"


def load_launches(*, families: str | Iterable[str] | None = None) -> pd.DataFrame:
    """Load the launches, one row a group of identical missiles fired together.

    Parameters
    ----------
    families : str or iterable of str, optional
        Keep only these families: ballistic, space, cruise, air_defence, rocket_artillery.
        All by default.

    Returns
    -------
    DataFrame
        Columns as described in ``data/processed/datapackage.json``, in order of `launch_id`:
        `date` is the Korean calendar day, `launched_at` an instant in UTC or missing,
        `missiles` a count or (where `missiles_exact` is false) a lower bound, `apogee_km` and
        `range_km` in kilometres.

    Raises
    ------
    ValueError
        If a family is unknown.

    Examples
    --------
    >>> launches = load_launches(families=["ballistic", "space"])
    >>> int(launches.loc[launches["in_cns"], "missiles"].sum())
    339
    """
    launches = _load("launches")
    if families is None:
        return launches
    return _keep(launches, "family", families, FAMILIES)


def load_events(
    category: str | Iterable[str] | None = None, *, confidence: str | Iterable[str] | None = None
) -> pd.DataFrame:
    """Load the context events, one row an event.

    Parameters
    ----------
    category : str or iterable of str, optional
        Keep only these categories, such as "drill" or "talks". All by default, anniversaries
        included.
    confidence : str or iterable of str, optional
        Keep only events whose days are sourced, unsourced or conflicting.

    Returns
    -------
    DataFrame
        Columns as described in ``data/processed/datapackage.json``, in order of `start`; `start`
        and `end` (inclusive) are days of the calendar named in `date_zone`.

    Raises
    ------
    ValueError
        If a category or confidence is unknown.

    Examples
    --------
    >>> load_events("nuclear_test")["start"].dt.year.tolist()
    [2006, 2009, 2013, 2016, 2016, 2017]
    """
    events = _load("events")
    if category is not None:
        events = _keep(events, "category", category, tuple(EVENT_KINDS))
    if confidence is not None:
        events = _keep(events, "confidence", confidence, CONFIDENCES)
    return events


def load_eras(kind: str | None = None) -> pd.DataFrame:
    """Load the leaders' times in office, one row an era; days inclusive.

    Parameters
    ----------
    kind : str, optional
        Keep only one office: dprk_leader, us_president, rok_president or japan_pm.

    Returns
    -------
    DataFrame
        `start`, `end`, `kind`, `name`, `confidence`, `source`.

    Raises
    ------
    ValueError
        If the kind is unknown.

    Examples
    --------
    >>> load_eras("dprk_leader")["name"].tolist()
    ['Kim Il Sung', 'Kim Jong Il', 'Kim Jong Un']
    """
    eras = _load("eras")
    return eras if kind is None else _keep(eras, "kind", kind, TABLES["eras"]["kind"].values)


def load_sites() -> pd.DataFrame:
    """Load the launch sites, one row a site; `lat` and `lon` in degrees.

    Examples
    --------
    >>> "sohae" in set(load_sites()["site"])
    True
    """
    return _load("sites")


def load_systems() -> pd.DataFrame:
    """Load the missile types, one row a type, with class and family.

    Examples
    --------
    >>> systems = load_systems().set_index("system")
    >>> systems.loc["hwasong-15", "klass"]
    'ICBM'
    """
    return _load("systems")


def load_sources() -> pd.DataFrame:
    """Load the sources of the launch facts, one row a source; `key` is what launches cite.

    Examples
    --------
    >>> load_sources()["key"].is_unique
    True
    """
    return _load("sources")


def load_coverage() -> pd.DataFrame:
    """Load what the record speaks of: one row a launch family or event category.

    Examples
    --------
    >>> coverage = load_coverage()
    >>> coverage.loc[coverage["subset"] == "ballistic", "start"].dt.year.tolist()
    [1984]
    """
    return _load("coverage")


def load_groups() -> pd.DataFrame:
    """Load the studied groups of events: one row a group, with its sentence and its filter.

    Examples
    --------
    >>> groups = load_groups().set_index("group")
    >>> tests = load_events().query(groups.loc["nuclear_tests", "filter"])
    >>> len(tests)
    6
    """
    return _load("groups")


def load_article() -> pd.DataFrame:
    """Load the news article's checkable statements, one row a statement.

    Examples
    --------
    >>> "32" in set(load_article()["stated"])
    True
    """
    return _load("article")


def load_published_counts() -> pd.DataFrame:
    """Load published counts of launches, one row a claim.

    Examples
    --------
    >>> load_published_counts()["comparison"].unique().tolist()
    ['exact', 'at_least', 'about']
    """
    return _load("published_counts")


def load_published_firsts() -> pd.DataFrame:
    """Load published statements "first X since Y", one row a claim.

    Examples
    --------
    >>> load_published_firsts()["claim_id"].is_unique
    True
    """
    return _load("published_firsts")


def load_published_findings() -> pd.DataFrame:
    """Load published findings about the timing of launches, one row a finding.

    Examples
    --------
    >>> "hess-2018" in set(load_published_findings()["finding_id"])
    True
    """
    return _load("published_findings")


def load_known_differences() -> pd.DataFrame:
    """Load the values in which other databases differ from the record, one row a value.

    Examples
    --------
    >>> "cns-nagix" in set(load_known_differences()["source_key"])
    True
    """
    return _load("known_differences")


def load_example() -> pd.DataFrame:
    """Load another country's launches: every flight of Japan's H-IIA and H-IIB rockets, 2001-2025.

    An example for `read_launches` and the counting functions (with ``coverage=False``, since
    the package's coverage speaks of North Korea); Japan's calendar days are Korea's.

    Returns
    -------
    DataFrame
        The columns of `load_launches`.

    Examples
    --------
    >>> load_example()["outcome"].value_counts().to_dict()
    {'success': 58, 'failure': 1}
    """
    return _load("example_japan")


def last_day() -> pd.Timestamp:
    """Return the last day of which the record speaks; nothing is known of the days after it.

    Examples
    --------
    >>> last_day()
    Timestamp('2026-08-22 00:00:00')
    """
    coverage = _load("coverage")
    return coverage.loc[coverage["table"] == "launches", "end"].max()


def each_missile(launches: pd.DataFrame) -> pd.DataFrame:
    """Give each missile a row of its own.

    Parameters
    ----------
    launches : DataFrame
        Launches, one row a group of identical missiles; needs `missiles`.

    Returns
    -------
    DataFrame
        The same columns, each row repeated `missiles` times (a lower bound where
        `missiles_exact` is false) with `missiles` set to 1.

    Examples
    --------
    >>> launches = load_launches()
    >>> len(each_missile(launches)) == int(launches["missiles"].sum())
    True
    """
    rows = launches.loc[launches.index.repeat(launches["missiles"])]
    return rows.assign(missiles=1).reset_index(drop=True)


def read_launches(path: str | Path) -> pd.DataFrame:
    """Read a user's own launches from a CSV file in the columns of `load_launches`.

    The columns `name`, `klass`, `family`, `site_name`, `lat`, `lon` and `salvo_id` may be left
    out: they are then looked up by `system` and `site`, and the salvos derived. A file that
    brings its own `name`, `klass` and `family` may name any system, and one that brings its own
    `lat` and `lon` any site, such as those of another country. `launched_at`, `apogee_km`,
    `range_km`, `in_cns`, `in_csis`, `tokyo_missiles`, `seoul_missiles` and `note` may be left out
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
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.csv"
    ...     load_launches(families="space").to_csv(path, index=False)
    ...     len(read_launches(path)) == len(load_launches(families="space"))
    True
    """
    from .check import RecordError, check, read_text
    from .salvo import derive_salvos

    table = TABLES["launches"]
    text = read_text(path, table)
    given = set(text.cells)
    known = {}
    if not {"name", "klass", "family"} <= given:
        known["systems.system"] = _load("systems")["system"]
    if not {"lat", "lon"} <= given:
        known["sites.site"] = _load("sites")["site"]
    text = _with_defaults(text, table)
    columns = [_liberal(c) for c in table.columns if not c.joined or c.name in text.cells]
    frame, problems = check(text, table, known=known, columns=columns)
    if problems:
        raise RecordError(problems)
    frame = join(tidy(frame, table), _load("systems"), _load("sites"))
    if "salvo_id" not in frame:
        frame["salvo_id"] = derive_salvos(frame)
    return tidy(frame[table.names], table)


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
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.csv"
    ...     load_events("parade").to_csv(path, index=False)
    ...     read_events(path)["category"].unique().tolist()
    ['parade']
    """
    from .check import RecordError, check, read_text

    table = TABLES["events"]
    text = _with_defaults(read_text(path, table), table)
    frame, problems = check(text, table, columns=[_liberal(c) for c in table.columns])
    if problems:
        raise RecordError(problems)
    return tidy(frame[table.names], table)


def join(launches: pd.DataFrame, systems: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Add what is known of each launch's system and site, where a column is not there already."""
    places = sites[["site", "name", "lat", "lon"]].rename(columns={"name": "site_name"})
    types = systems[["system", "name", "klass", "family"]]
    for key, other in (("system", types), ("site", places)):
        absent = [name for name in other if name not in launches]
        launches = launches.merge(other[[key, *absent]], on=key, how="left")
    # a site of the user's own has no other name than the one it is given
    return launches.assign(site_name=launches["site_name"].fillna(launches["site"]))


def tidy(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give a checked table its final dtypes: plain bool and int64 where no cell may be empty."""
    plain = {"boolean": "bool", "Int64": "int64"}
    dtypes = {
        c.name: plain[str(frame[c.name].dtype)]
        for c in table.columns
        if c.required and c.name in frame and str(frame[c.name].dtype) in plain
    }
    return frame.astype(dtypes).reset_index(drop=True)


def _liberal(column: Column) -> Column:
    """Accept any names and any sources in a user's file."""
    refers = "" if column.refers == "sources.key" else column.refers
    return replace(column, pattern="", refers=refers)


def _with_defaults(text: Text, table: Table) -> Text:
    """Fill the columns that a user's file may leave out."""
    absent = {
        c.name: pd.array([c.default] * len(text.cells), dtype="str")
        for c in table.columns
        if c.default is not None and c.name not in text.cells
    }
    return text._replace(cells=text.cells.assign(**absent))


def _keep(
    frame: pd.DataFrame, column: str, wanted: str | Iterable[str], allowed: tuple[str, ...]
) -> pd.DataFrame:
    """Keep rows with the values wanted; an unknown one is an error, never an empty frame."""
    words = [wanted] if isinstance(wanted, str) else list(wanted)
    unknown = [word for word in words if word not in allowed]
    if unknown:
        raise ValueError(
            f"{column} {', '.join(map(repr, unknown))} is unknown; allowed: {', '.join(allowed)}"
        )
    return frame[frame[column].isin(words)].reset_index(drop=True)


def _load(name: str) -> pd.DataFrame:
    folder = _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: in a checkout, `make data` builds it")
    columns = TABLES[name].columns
    frame = pd.read_csv(
        path,
        dtype={c.name: _dtype(c) for c in columns},
        keep_default_na=False,
        na_values=[""],
    )
    for column in columns:
        if column.kind == "date":
            dates = pd.to_datetime(frame[column.name], format=DATE_FORMAT)
            frame[column.name] = dates.astype("datetime64[us]")
        elif column.kind == "instant":
            instants = pd.to_datetime(frame[column.name], format=INSTANT_FORMAT, utc=True)
            frame[column.name] = instants.astype("datetime64[us, UTC]")
    return frame


def _dtype(column: Column) -> str:
    nullable = {"integer": "Int64", "boolean": "boolean"}
    plain = {"integer": "int64", "boolean": "bool", "number": "float64"}
    if column.kind in nullable and not column.required:
        return nullable[column.kind]
    return plain.get(column.kind, "str")

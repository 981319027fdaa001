"""data/processed -> tidy DataFrames.

Loaders read the tables that came with the package: never the network, never the working
directory. Calendar dates are naive, instants are in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pandas as pd

from ..errors import check_one_of
from . import schema
from .built import read_table as _load
from .days import Day
from .examples import load_example  # noqa: F401
from .notes import notes_of, record_notes
from .schema import EVENT_KINDS, TABLES
from .vintages import as_listed
from .vocabulary import CONFIDENCES, FAMILIES


def load_launches(
    *,
    families: str | Iterable[str] | None = None,
    known_on: Day | None = None,
    database: str | None = None,
    extra: str | Path | pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Load the launches, one row a group of identical missiles fired together.

    Parameters
    ----------
    families : str or iterable of str, optional
        Keep only these families: ballistic, space, cruise, air_defence, rocket_artillery.
        All by default.
    known_on : date-like, optional
        Load instead what another database held on that day: its last state on or before it, named
        in ``.attrs["record"]["vintage"]``. A row is a launch of the record that the state lists,
        with `date`, `launched_at`, `missiles`, `system` and `outcome` as then listed. CSIS
        lists none of the last four; its rows have the `klass` and `family` of the launch.
        A rule that needs what is not there, such as a site, raises, and so does a count
        past the day for which the state speaks: `known_on`, or the state's own day where no
        later state shows that it still stood.
    database : {"cns", "csis"}, optional
        Whose state `known_on` asks for.
    extra : str, Path or DataFrame, optional
        Launches of one's own that the record lacks, as `read_launches` takes them (``python -m
        analysis add launch --to mine.csv`` writes such a file). No row of the record changes; a
        row fired within an hour of one of the record, from its site, joins its salvo. The record
        then speaks to the last day of a launch in the file, and no further: of the days after
        its own end only these launches are known, so that `describe_count` says "at least".

    Returns
    -------
    DataFrame
        Columns as ``describe("launches")`` explains them, in order of `launch_id`:
        `date` is the Korean calendar day, `launched_at` an instant in UTC or missing,
        `missiles` a count or (where `missiles_exact` is false) a lower bound, `apogee_km` and
        `range_km` in kilometres.

    Raises
    ------
    ValueError
        If a family is unknown, if no state of the database is as old as `known_on`, if only
        one of `known_on` and `database` is given, if a state is asked for with `extra`, or if
        `extra` holds a launch of the record (the message names both).

    See Also
    --------
    load_vintages : the states, and when each launch entered them.

    Examples
    --------
    >>> launches = load_launches(families=["ballistic", "space"])
    >>> int(launches.loc[launches["in_cns"], "missiles"].sum())
    339
    >>> then = load_launches(known_on="2022-12-31", database="cns")
    >>> int(then.loc[then["date"] >= "2022-01-01", "missiles"].sum())
    71
    """
    if extra is not None and (known_on is not None or database is not None):
        raise ValueError("a database held no rows of yours: expected extra, or known_on, not both")
    if known_on is None and database is None:
        launches = of_the_record(_load("launches"))
    elif known_on is None or database is None:
        raise ValueError("known_on and database go together: expected both or neither")
    else:
        launches = as_listed(load_vintages(), listed_in_vintages(), known_on, database)
        launches = of_the_record(launches)
    if extra is not None:
        from .additions import with_launches  # reads files, which needs this module

        launches = with_launches(launches, extra)
    if families is None:
        return launches
    return _keep(launches, "family", families, FAMILIES)


def load_events(
    category: str | Iterable[str] | None = None,
    *,
    confidence: str | Iterable[str] | None = None,
    extra: str | Path | pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Load the context events, one row an event.

    Parameters
    ----------
    category : str or iterable of str, optional
        Keep only these categories, such as "drill" or "talks". All by default, anniversaries
        included.
    confidence : str or iterable of str, optional
        Keep only events whose days are sourced, unsourced or conflicting.
    extra : str, Path or DataFrame, optional
        Events of one's own that the record lacks, as `read_events` takes them. No row of the
        record changes, and its coverage stays.

    Returns
    -------
    DataFrame
        Columns as ``describe("events")`` explains them, in order of `start`; `start`
        and `end` (inclusive) are days of the calendar named in `date_zone`.

    Raises
    ------
    ValueError
        If a category or confidence is unknown, or if `extra` holds an event of the record.

    Examples
    --------
    >>> load_events("nuclear_test")["start"].dt.year.tolist()
    [2006, 2009, 2013, 2016, 2016, 2017]
    """
    events = of_the_record(_load("events"))
    if extra is not None:
        from .additions import with_events

        events = with_events(events, extra)
    if category is not None:
        events = _keep(events, "category", category, tuple(EVENT_KINDS))
    if confidence is not None:
        events = _keep(events, "confidence", confidence, CONFIDENCES)
    return events


def load_eras(kind: str | None = None) -> pd.DataFrame:
    """Load the leaders' times in office, one row an era; days inclusive.

    ``describe("eras")`` says what each column means.

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

    ``describe("sites")`` says what each column means.

    Examples
    --------
    >>> "sohae" in set(load_sites()["site"])
    True
    """
    return _load("sites")


def load_systems() -> pd.DataFrame:
    """Load the missile types, one row a type, with class and family.

    ``describe("systems")`` says what each column means.

    Examples
    --------
    >>> systems = load_systems().set_index("system")
    >>> systems.loc["hwasong-15", "klass"]
    'ICBM'
    """
    return _load("systems")


def load_sources() -> pd.DataFrame:
    """Load the sources of the launch facts, one row a source; `key` is what launches cite.

    ``describe("sources")`` says what each column means.

    Examples
    --------
    >>> load_sources()["key"].is_unique
    True
    """
    return _load("sources")


def load_coverage() -> pd.DataFrame:
    """Load the days that the record covers: one row a launch family or event category.

    ``describe("coverage")`` says what each column means.

    Examples
    --------
    >>> coverage = load_coverage()
    >>> coverage.loc[coverage["subset"] == "ballistic", "start"].dt.year.tolist()
    [1984]
    """
    return _load("coverage")


def load_categories() -> pd.DataFrame:
    """Load the categories of context events, one row a category with its kinds and its lane.

    ``describe("categories")`` says what each column means.

    Examples
    --------
    >>> load_categories().sort_values("lane")["label"].iloc[0]
    'nuclear tests'
    """
    return _load("categories")


def load_announcers() -> pd.DataFrame:
    """Load whose lists of launches or numbers of missiles counting rules can follow.

    ``describe("announcers")`` says what each column means.

    Examples
    --------
    >>> load_announcers().set_index("announcer").loc["tokyo", "column"]
    'tokyo_missiles'
    """
    return _load("announcers")


def load_codes() -> pd.DataFrame:
    """Load what the words in the tables' cells mean, one row a word.

    ``describe("codes")`` says what each column means.

    See Also
    --------
    describe : the words of one column with their meanings.

    Examples
    --------
    >>> load_codes().set_index("code").loc["LACM", "meaning"]
    'land-attack cruise missile'
    """
    return _load("codes")


def load_rules() -> pd.DataFrame:
    """Load the counting rules as a table, one row a rule; `RULES` holds them ready for use.

    ``describe("rules")`` says what each column means.

    Examples
    --------
    >>> load_rules().set_index("name").loc["statista", "outcomes"]
    'success;unknown'
    """
    return _load("rules")


@cache
def load_labels(name: str) -> dict[str, str]:
    """Return the printed names of a table's rows by its key, such as those of groups or rules.

    Examples
    --------
    >>> load_labels("groups")["talks_us"]
    'talks with the US'
    """
    table = _load(name)
    return dict(zip(table[TABLES[name].key[0]], table["label"], strict=True))


def load_groups() -> pd.DataFrame:
    """Load the studied groups of events: one row a group, with its sentence and its filter.

    ``describe("groups")`` says what each column means.

    See Also
    --------
    read_groups : a table of one's own.
    passes_filter : the events that a filter holds.

    Examples
    --------
    >>> groups = load_groups().set_index("group")
    >>> groups.loc["nuclear_tests", "filter"]
    'category == "nuclear_test"'
    """
    return _load("groups")


def load_article() -> pd.DataFrame:
    """Load the news article's checkable statements, one row a statement.

    ``describe("article")`` says what each column means.

    Examples
    --------
    >>> "32" in set(load_article()["stated"])
    True
    """
    return _load("article")


def load_published_counts() -> pd.DataFrame:
    """Load published counts of launches, one row a claim.

    ``describe("published_counts")`` says what each column means.

    Examples
    --------
    >>> load_published_counts()["comparison"].unique().tolist()
    ['exact', 'at_least', 'about']
    """
    return _load("published_counts")


def load_outlets() -> pd.DataFrame:
    """Load who counts launches, and the names by which published counts credit them.

    ``describe("outlets")`` says what each column means.

    Examples
    --------
    >>> load_outlets()["counter"].iloc[0]
    'statista'
    """
    return _load("outlets")


def load_outlet_rules() -> pd.DataFrame:
    """Load which rule a published count follows; the first row that fits is taken.

    ``describe("outlet_rules")`` says what each column means.

    Examples
    --------
    >>> load_outlet_rules()["rule"].iloc[-1]
    'press'
    """
    return _load("outlet_rules")


def load_published_firsts() -> pd.DataFrame:
    """Load published statements "first X since Y", one row a claim.

    ``describe("published_firsts")`` says what each column means.

    Examples
    --------
    >>> load_published_firsts()["claim_id"].is_unique
    True
    """
    return _load("published_firsts")


def load_published_findings() -> pd.DataFrame:
    """Load published findings about the timing of launches, one row a finding.

    ``describe("published_findings")`` says what each column means.

    Examples
    --------
    >>> "hess-2018" in set(load_published_findings()["finding_id"])
    True
    """
    return _load("published_findings")


def load_published_forecasts() -> pd.DataFrame:
    """Load published forecasts of launches, one row a forecast.

    ``describe("published_forecasts")`` says what each column means.

    Examples
    --------
    >>> "kei-2017" in set(load_published_forecasts()["forecast_id"])
    True
    """
    return _load("published_forecasts")


def load_retests() -> pd.DataFrame:
    """Load how each published finding is tested again, one row a finding.

    ``describe("retests")`` says what each column means.

    Examples
    --------
    >>> load_retests().set_index("finding_id").loc["lee-2023", "window"]
    '0..29'
    """
    return _load("retests")


def load_vintages() -> pd.DataFrame:
    """Load the states of other databases that are known, one row a state.

    ``describe("vintages")`` says what each column means.

    See Also
    --------
    load_launches : with `known_on`, the launches of a state.
    load_vintages_seen : when each launch entered.

    Examples
    --------
    >>> load_vintages().groupby("database")["date"].min().dt.strftime("%Y-%m-%d").to_dict()
    {'cns': '2017-05-02', 'csis': '2018-02-15'}
    """
    return _load("vintages")


def listed_in_vintages() -> pd.DataFrame:
    """Load what each state of another database lists that the one before did not, one row each."""
    return _load("vintages_listed")


def load_vintages_seen() -> pd.DataFrame:
    """Load when each launch entered and left other databases, one row a launch and database.

    ``describe("vintages_seen")`` says what each column means.

    Examples
    --------
    >>> seen = load_vintages_seen().set_index(["launch_id", "database"])
    >>> str(seen.loc[("2022-11-05-01", "cns"), "last_seen"])[:10]
    '2023-01-01'
    """
    return _load("vintages_seen")


def load_known_differences() -> pd.DataFrame:
    """Load the values in which other databases differ from the record, one row a value.

    ``describe("known_differences")`` says what each column means.

    Examples
    --------
    >>> "cns-nagix" in set(load_known_differences()["source_key"])
    True
    """
    return _load("known_differences")


def last_day() -> pd.Timestamp:
    """Return the last day that the record covers; nothing is known of the days after it.

    Examples
    --------
    >>> last_day() >= pd.Timestamp("2026-10-07")
    True
    """
    coverage = _load("coverage")
    return coverage.loc[coverage["table"] == "launches", "end"].max()


def of_the_record(table: pd.DataFrame) -> pd.DataFrame:
    """Note on a table that it is the record's, beside what it says already."""
    table.attrs["record"] = {**record_notes(schema.DATA_VERSION), **notes_of(table)}
    return table


def _keep(
    frame: pd.DataFrame, column: str, wanted: str | Iterable[str], allowed: tuple[str, ...]
) -> pd.DataFrame:
    """Keep rows with the values wanted; an unknown one is an error, never an empty frame."""
    words = [wanted] if isinstance(wanted, str) else list(wanted)
    for word in words:
        check_one_of(column, word, allowed)
    return frame[frame[column].isin(words)].reset_index(drop=True)

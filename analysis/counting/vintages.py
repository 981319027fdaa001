"""What other databases counted, day by day of their own history: revisions and delays."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from ..errors import need_columns, need_filled
from ..record.door import through_door
from ..record.load import (
    listed_in_vintages,
    load_launches,
    load_vintages,
    load_vintages_seen,
    of_the_record,
)
from ..record.notes import noted
from ..record.vintages import as_listed, states_of
from .rules import CountRule, resolve_rule
from .tables import counts

FIRST = "1984-01-01"
#: Rules under which the record and each database can be compared, by Korean dates on both sides.
COMPARED = {
    "cns": ("ballistic_missiles", "ballistic_days"),
    "csis": ("ballistic_days", "cruise_days", "all_days"),
}


def vintage_counts(
    rule: CountRule | str = "cns", *, database: str = "cns", years: Iterable[int] | None = None
) -> pd.DataFrame:
    """Count each year in each state of a database.

    Parameters
    ----------
    rule : CountRule or str
        The rule, or its name in `RULES`.
    database : {"cns", "csis"}
        Whose states are counted, one a day.
    years : iterable of int, optional
        The years; all from 1984 on by default. A state counts those that had begun.

    Returns
    -------
    DataFrame
        One row a year and state, the oldest first: ``year``, ``date`` (day of the state),
        ``vintage`` (its name), ``n``.

    Raises
    ------
    ValueError
        If the rule needs what the states do not hold.

    See Also
    --------
    vintage_summary : the same as three numbers a year.

    Examples
    --------
    >>> table = vintage_counts("cns", years=[2022])
    >>> int(table["n"].max()), int(table["n"].iloc[-1])
    (72, 69)
    """
    rule = resolve_rule(rule)
    parts = []
    states: Any = states_of(load_vintages(), database)
    for state in states.itertuples():
        launches = listed_launches(database, state.date)
        part = counts(launches, rule, freq="year", start=FIRST, end=state.date)
        parts.append(part.assign(date=state.date, vintage=state.vintage))
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, "year", table["period"].dt.year.astype("int64"))
    if years is not None:
        table = table[table["year"].isin(set(years))]
    table = table.sort_values(["year", "date"], ignore_index=True)
    table = table[["year", "date", "vintage", "n"]].astype({"date": "datetime64[us]"})
    return noted(table, load_launches())


@cache
def listed_launches(database: str, day: pd.Timestamp) -> pd.DataFrame:
    """Return what a database listed on a day, read once.

    Examples
    --------
    >>> len(listed_launches("cns", pd.Timestamp("2017-05-02")))
    73
    """
    return of_the_record(as_listed(*_states(), day, database))


@cache
def _states() -> tuple[pd.DataFrame, pd.DataFrame]:
    return load_vintages(), listed_in_vintages()


def vintage_summary(table: pd.DataFrame) -> pd.DataFrame:
    """Say of each year what was counted first, at most, and in the newest state.

    Parameters
    ----------
    table : DataFrame
        As from `vintage_counts`.

    Returns
    -------
    DataFrame
        One row a year: ``year``, ``first`` and ``first_on`` (the count of the state that stood
        on 31 December of the year, of the earliest state for years before it, of the newest for
        the running year, and its day), ``peak`` and ``peak_on`` (the highest count of that
        state and those after it, and its first day), ``today`` and ``today_on`` (the newest).

    Raises
    ------
    ValueError
        If the table lacks a column.

    See Also
    --------
    describe_vintages : one year in a sentence.

    Examples
    --------
    >>> row = vintage_summary(vintage_counts("cns", years=[2022])).iloc[0]
    >>> int(row["first"]), int(row["peak"]), int(row["today"])
    (71, 72, 69)
    """
    need_filled(table, ["year", "date", "n"], "the counts")
    rows = []
    for year in sorted(table["year"].unique()):
        states = table[table["year"] == year].reset_index(drop=True)
        over = states["date"] > pd.Timestamp(year, 12, 31)
        # the state in force at the year's end, or else the first known
        start = max(int((~over).sum()) - 1, 0)
        since = states.iloc[start:]
        row: dict[str, object] = {"year": year}
        for name, place in (("first", 0), ("peak", int(since["n"].argmax())), ("today", -1)):
            row |= {name: since["n"].iloc[place], f"{name}_on": since["date"].iloc[place]}
        rows.append(row)
    columns = ["year", *(f"{n}{on}" for n in ("first", "peak", "today") for on in ("", "_on"))]
    return noted(pd.DataFrame(rows, columns=columns), table)


def describe_vintages(summary: pd.DataFrame, year: int) -> str:
    """Say in a sentence how a year's count was revised.

    Parameters
    ----------
    summary : DataFrame
        As from `vintage_summary`.
    year : int
        The year.

    Returns
    -------
    str
        The sentence, without a full stop.

    Raises
    ------
    ValueError
        If the table does not hold the year.

    Examples
    --------
    >>> summary = vintage_summary(vintage_counts("cns", years=[2022]))
    >>> print(describe_vintages(summary, 2022))
    2022: 71 on 31 December 2022, 72 at the peak on 1 January 2023, 69 in the state of 21 April 2026
    """
    states = [f"{name}{on}" for name in ("first", "peak", "today") for on in ("", "_on")]
    need_filled(summary, ["year", *states], "the summary")
    found = summary[summary["year"] == year]
    if found.empty:
        raise ValueError(f"the table does not hold {year}: expected {sorted(summary['year'])}")
    row: Any = found.iloc[0]
    parts = [
        f"{row[name]:,} {words} {row[f'{name}_on'].day} {row[f'{name}_on']:%B %Y}"
        for name, words in (
            ("first", "on"),
            ("peak", "at the peak on"),
            ("today", "in the state of"),
        )
    ]
    return f"{year}: {', '.join(parts)}"


def database_differences(launches: pd.DataFrame) -> pd.DataFrame:
    """Count each year in the record and in the newest state of each database.

    Both are counted by Korean dates, the last year to the day of the database's newest state.

    Parameters
    ----------
    launches : DataFrame
        The record, as from `load_launches`.

    Returns
    -------
    DataFrame
        One row a database, rule and year: ``database``, ``rule``, ``year``, ``record``,
        ``theirs``, ``difference`` (record less theirs).

    Raises
    ------
    ValueError
        If the launches lack a column that a rule needs.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = database_differences(load_launches())
    >>> table = table[(table["rule"] == "ballistic_missiles") & (table["year"] == 2022)]
    >>> table[["record", "theirs"]].to_numpy().tolist()
    [[73, 69]]
    """
    parts = []
    for database, rules in COMPARED.items():
        newest = states_of(load_vintages(), database)["date"].iloc[-1]
        theirs = listed_launches(database, newest)
        for rule in rules:
            ours, other = (
                counts(table, rule, freq="year", start=FIRST, end=newest)
                for table in (launches, theirs)
            )
            part = {"database": database, "rule": rule, "year": ours["period"].dt.year}
            parts.append(pd.DataFrame(part | {"record": ours["n"], "theirs": other["n"]}))
    table = pd.concat(parts, ignore_index=True)
    return noted(table.assign(difference=table["record"] - table["theirs"]), launches)


def listing_delays(launches: pd.DataFrame) -> pd.DataFrame:
    """Say how many days passed until each launch day stood in another database.

    Only launches of the time in which the states follow each other are taken, those that the
    first of these states could not have held yet.

    Parameters
    ----------
    launches : DataFrame
        The record, as from `load_launches`.

    Returns
    -------
    DataFrame
        One row a database and Korean launch day that it lists: ``database``, ``date``,
        ``first_seen`` (day of the first state with one of its launches), ``days`` (between the
        two) and ``days_at_least`` (0, or the day after the last state without it).

    Raises
    ------
    ValueError
        If the launches lack a column.

    Examples
    --------
    >>> from analysis import load_launches
    >>> delays = listing_delays(load_launches())
    >>> delays.groupby("database")["days"].median().to_dict()
    {'cns': 1.0, 'csis': 2.5}
    """
    need_columns(launches, ["launch_id", "date", "date_precision"], "the launches")
    vintages = load_vintages()
    chain = vintages[~vintages["whole"] & vintages["until"].notna()]
    since = chain.groupby("database")["date"].min()
    launches = through_door(launches, "launches")
    days = launches.loc[launches["date_precision"] == "day", ["launch_id", "date"]]
    seen = load_vintages_seen().merge(days, on="launch_id")
    seen = seen[(seen["date"] > seen["database"].map(since)) & seen["not_seen"].notna()]
    first = seen.sort_values("first_seen", kind="stable")
    first = first.drop_duplicates(["database", "date"]).sort_values(["database", "date"])
    least = (first["not_seen"] - first["date"]).dt.days + 1
    table = first[["database", "date", "first_seen"]].assign(
        days=(first["first_seen"] - first["date"]).dt.days,
        days_at_least=np.maximum(least, 0),
    )
    return noted(table.reset_index(drop=True), launches)

"""The record beside another database: what only one side has, and where they differ."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pandas as pd

from ..errors import check_whole, need_columns
from ..record.door import check_without_instants
from ..record.load import load_known_differences
from ..record.package import to_csv
from ..record.schema import DATE_FORMAT, TABLES
from .differences import (
    FIELDS,
    Difference,
    alone,
    compare,
    explain,
    read_known,
    shifted_days,
    vanished,
)
from .grouping import MOVED
from .matching import pair
from .report import report_of, rows_of

_NEEDED = (
    *("launch_id", "date_precision", "missiles", "missiles_exact", "family", "lat", "lon"),
    *FIELDS.values(),
)
_PAIR_COLUMNS = list(Difference._fields[2:])


def reconcile(
    ours: pd.DataFrame,
    theirs: pd.DataFrame,
    *,
    tolerance: int = 1,
    source: str | None = None,
    known: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Lay another database beside the record, launch by launch.

    Rows are matched one to one at the least total cost of day, time, site, type and number
    (the weights stand in ``analysis.upstream.matching``). What is left over of a day and family
    that is matched is part of a pair: one side counts in one row what the other splits.

    Parameters
    ----------
    ours : DataFrame
        The record, as from `load_launches`. Rows before their first day or after their last are
        not compared.
    theirs : DataFrame
        As from `read_cns`, `read_nagix`, `read_csis` or `read_gcat`, or any table in the columns
        of `load_launches`.
    tolerance : int
        Days that the two may be apart for the same launch. Days that are known to differ by more
        are matched all the same.
    source : str, optional
        Key under which the other database stands in `known`; by default what the reader says.
    known : DataFrame, optional
        Differences that are known; `load_known_differences` by default.

    Returns
    -------
    DataFrame
        In order of our day. `launch_id` is ours, `their_key` their `launch_id`; `match` is

        - ``same``: one launch on both sides. A row for each `field` in which they differ, or one
          with no field. A value here against none there is no difference.
        - ``part``: belongs to the same launch, which the other side has in fewer rows.
        - ``only_ours``, ``only_theirs``: the other side lacks it (the field is ``day``).
        - ``vanished``: a known difference that is none any more.

        `ours` and `theirs` are the values as text, `known` why they differ, where that is known.

    Raises
    ------
    ValueError
        If a table lacks a column or `tolerance` is no whole number.

    See Also
    --------
    describe_reconciliation, proposed_rows, load_known_differences

    Examples
    --------
    >>> from analysis import load_launches
    >>> record = load_launches(families="space")
    >>> theirs = record.assign(apogee_km=record["apogee_km"].replace(502, 520)).iloc[:-1]
    >>> table = reconcile(record, theirs)
    >>> table.loc[table["field"].notna(), ["launch_id", "match", "field", "ours", "theirs"]]
           launch_id match      field ours theirs
    5  2016-02-07-01  same  apogee_km  502    520
    """
    check_whole("tolerance", tolerance)
    ours, theirs = check_without_instants(ours), check_without_instants(theirs)
    need_columns(ours, _NEEDED, "our launches")
    need_columns(theirs, _NEEDED, "their launches")
    source = theirs.attrs.get("source", "") if source is None else source
    differences = read_known(load_known_differences() if known is None else known, source)
    a, b = _in_order_of_days(ours), _in_order_of_days(theirs)
    first, last = b["date"].min(), b["date"].max()
    margin = pd.Timedelta(days=tolerance)
    a = a[a["date"].between(first - margin, last + margin)].reset_index(drop=True)
    pairs = pair(
        a,
        b,
        tolerance=tolerance,
        shifts=shifted_days(differences),
        said_there=_said_to_be_there(a, theirs),
    )
    mine, other = list(a.itertuples()), list(b.itertuples())
    found = [
        explain(row, differences)
        for row in [*compare(mine, other, pairs), *alone(mine, other, pairs)]
        if row.match != "only_ours" or first <= row.at <= last
    ]
    inside = [one for one in differences if first <= one.date <= last]
    gone = vanished(mine, other, pairs, inside, moved=_moved_by(theirs))
    table = pd.DataFrame([*found, *gone], columns=list(Difference._fields))
    table = table.sort_values(["at", "launch_id", "their_key"], kind="stable", ignore_index=True)
    return table[_PAIR_COLUMNS].astype("str")


def describe_reconciliation(table: pd.DataFrame) -> str:
    """Say in a sentence what `reconcile` found.

    Parameters
    ----------
    table : DataFrame
        As from `reconcile`.

    Returns
    -------
    str
        How many of their rows and dates are matched, what differs, what only one side has, each
        with how much of it is known, and how many known differences have vanished.

    Examples
    --------
    >>> from analysis import load_launches
    >>> record = load_launches(families="space")
    >>> words = describe_reconciliation(reconcile(record, record)).split("; ")
    >>> words[0]
    '10 of their 10 rows (10 of 10 dates) are matched with 10 of ours'
    >>> words[1:]
    ['0 values differ', '0 rows are only ours', '0 rows are only theirs.']
    """
    need_columns(table, _PAIR_COLUMNS, "the reconciliation")
    of = dict(iter(table.groupby("match")))
    matched = table[table["match"].isin(["same", "part"])]
    keys = table.loc[table["match"] != "vanished", "their_key"].dropna()
    dates, there = (set(part.dropna().str[:10]) for part in (matched["their_key"], keys))

    def counted(rows: pd.DataFrame, words: str) -> str:
        some = f", {rows['known'].notna().sum()} of them known" if len(rows) else ""
        return f"{len(rows)} {words}{some}"

    none = table.iloc[:0]
    parts = [
        f"{matched['their_key'].nunique()} of their {keys.nunique()} rows ({len(dates)} of "
        f"{len(there)} dates) are matched with {matched['launch_id'].nunique()} of ours",
        counted(matched[matched["field"].notna()], "values differ"),
        counted(of.get("only_ours", none), "rows are only ours"),
        counted(of.get("only_theirs", none), "rows are only theirs"),
    ]
    if "vanished" in of:
        parts.append(f"{len(of['vanished'])} known differences have vanished")
    return "; ".join(parts) + "."


def proposed_rows(ours: pd.DataFrame, theirs: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return the launches that the record lacks, as rows of ``data/raw/launches.csv``.

    Parameters
    ----------
    ours, theirs : DataFrame
        The tables that were reconciled.
    table : DataFrame
        What `reconcile` found. Rows only theirs whose absence here is known are not proposed.

    Returns
    -------
    DataFrame
        Text cells in the columns of the file, `launch_id` numbered on from the record's rows of
        the day. What the other database does not say (an unidentified system, a site of its own)
        is for a person to mend before the row is added.

    Examples
    --------
    >>> from analysis import load_launches
    >>> record = load_launches()
    >>> lacking = record[record["launch_id"] != "2022-11-09-01"]
    >>> table = reconcile(lacking, record)
    >>> proposed_rows(lacking, record, table)[["launch_id", "launched_at", "system", "site"]]
           launch_id        launched_at        system     site
    0  2022-11-09-01  2022-11-09T06:31Z  unknown-srbm  sukchon
    """
    need_columns(table, _PAIR_COLUMNS, "the reconciliation")
    ours, theirs = check_without_instants(ours), check_without_instants(theirs)
    typed = replace(TABLES["launches"], columns=TABLES["launches"].typed)
    need_columns(ours, ["launch_id"], "our launches")
    need_columns(theirs, typed.names, "their launches")
    lacking = table.loc[(table["match"] == "only_theirs") & table["known"].isna(), "their_key"]
    rows = theirs[theirs["launch_id"].isin(lacking)].sort_values(["date", "launch_id"])
    taken = ours["launch_id"].str.extract(r"^(\d{4}-\d\d-\d\d)-(\d+)$")
    highest = taken[1].dropna().astype(int).groupby(taken[0]).max()
    days = rows["date"].dt.strftime(DATE_FORMAT)
    number = days.map(highest).fillna(0).astype(int) + rows.groupby("date").cumcount() + 1
    rows = rows.assign(launch_id=[f"{d}-{n:02d}" for d, n in zip(days, number, strict=True)])
    return pd.read_csv(io.BytesIO(to_csv(rows, typed)), dtype="str", keep_default_na=False)


def _in_order_of_days(launches: pd.DataFrame) -> pd.DataFrame:
    """Return the launches in order, without what a reader attached."""
    plain = launches.sort_values(["date", "launch_id"], ignore_index=True)
    plain.attrs = {}
    return plain


def _moved_by(theirs: pd.DataFrame) -> frozenset[str]:
    """Rows of theirs to which the reader gave a day that does not stand in the file."""
    if not {"report", "rows"} <= set(theirs.attrs):
        return frozenset()
    report, rows = report_of(theirs), rows_of(theirs)
    moved = report.loc[report["done"].str.startswith(MOVED), "row"]
    return frozenset(rows.loc[rows["row"].isin(moved), "launch_id"])


def _said_to_be_there(ours: pd.DataFrame, theirs: pd.DataFrame) -> np.ndarray:
    """Rows of ours that the record says are in the database that theirs is."""
    for column in ("in_cns", "in_csis"):
        if column in ours and column in theirs and theirs[column].all():
            return ours[column].to_numpy(bool)
    return np.zeros(len(ours), bool)

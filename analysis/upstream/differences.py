"""In which fields a matched pair differs, why that is known, and which known ones are gone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from ..record.schema import DATE_FORMAT, INSTANT_FORMAT, KLASSES
from .matching import Pairs

#: The fields of ``known_differences.csv`` and the columns they speak of.
FIELDS = {
    "day": "date",
    "time_utc": "launched_at",
    "site": "site",
    "system": "system",
    "klass": "klass",
    "apogee_km": "apogee_km",
    "range_km": "range_km",
    "outcome": "outcome",
}
_NOT_SAID = ("unknown", "BM_UNKNOWN", "CM_UNKNOWN")


class Difference(NamedTuple):
    """A row of the reconciliation, and what it is sorted and explained by."""

    at: pd.Timestamp
    system: str | None
    launch_id: str | None
    their_key: str | None
    match: str
    field: str | None = None
    ours: str | None = None
    theirs: str | None = None
    known: str | None = None


class Known(NamedTuple):
    """A known difference: Korean day here (theirs if it is not here), types, values, reason."""

    date: pd.Timestamp
    days: frozenset[str | None]  # as text, here and there
    systems: frozenset[str]
    field: str
    ours: str | None
    theirs: str | None
    reason: str


def read_known(known: pd.DataFrame, source: str) -> list[Known]:
    """Return what is known of one other database."""
    rows = known[(known["source_key"] == source) & known["date"].notna()]
    lists: list[Any] = rows.astype(object).where(rows.notna(), None).to_dict("records")
    return [
        Known(
            pd.Timestamp(row["date"]),
            frozenset(
                [f"{row['date']:{DATE_FORMAT}}", row["theirs"] if row["field"] == "day" else ""]
            ),
            frozenset((row["system"] or "").split(";")) - {""},
            row["field"],
            row["ours"],
            row["theirs"],
            row["reason"],
        )
        for row in lists
    ]


def shifted_days(known: Iterable[Known]) -> dict[tuple[pd.Timestamp, pd.Timestamp], int]:
    """Return the days that are known to be another there, with how far apart they are."""
    moved = [
        (pd.Timestamp(one.ours), pd.Timestamp(one.theirs))
        for one in known
        if one.field == "day" and one.ours and one.theirs
    ]
    return {(mine, other): abs((mine - other).days) for mine, other in moved}


# --------------------------------------------------------------------------- found


def compare(ours: list[Any], theirs: list[Any], pairs: Pairs) -> list[Difference]:
    """Return a row for each field in which a pair differs, or one without a field.

    Parameters
    ----------
    ours, theirs : list of named tuples
        Launches.
    pairs : Pairs
        Which belong together.
    """
    found = []
    totals = contradicting(ours, theirs, pairs)
    for i, j, part in zip(*pairs, strict=True):
        mine, other = ours[i], theirs[j]
        match = "part" if part else "same"
        row = Difference(mine.date, mine.system, mine.launch_id, other.launch_id, match)
        values = {} if part else {f: v for f, v in said(mine, other).items() if v[0] != v[1]}
        if not part and (i, j) in totals:
            values["missiles"] = totals[i, j]
        found += [row._replace(field=f, ours=x, theirs=y) for f, (x, y) in values.items()] or [row]
    return found


def alone(ours: list[Any], theirs: list[Any], pairs: Pairs) -> list[Difference]:
    """Return a row for each launch that only one side has."""
    taken, their_taken = set(pairs.ours), set(pairs.theirs)
    mine = [
        Difference(row.date, row.system, row.launch_id, None, "only_ours", "day", ours=_as_day(row))
        for i, row in enumerate(ours)
        if i not in taken
    ]
    other = [
        Difference(row.date, None, None, row.launch_id, "only_theirs", "day", theirs=_as_day(row))
        for j, row in enumerate(theirs)
        if j not in their_taken
    ]
    return mine + other


def said(mine: Any, other: Any) -> dict[str, tuple[str | None, str | None]]:
    """Return both values of each field of which the other side says something."""
    values = {
        field: (_text(getattr(mine, column), field), _text(getattr(other, column), field))
        for field, column in FIELDS.items()
    }
    if mine.date_precision != "day" or other.date_precision != "day":
        del values["day"]  # a month's first day is no day
    return {field: pair for field, pair in values.items() if pair[1] is not None}


def contradicting(
    ours: list[Any], theirs: list[Any], pairs: Pairs
) -> dict[tuple[int, int], tuple[str, str]]:
    """Return the missiles on both sides where they cannot be both, by the first pair of each.

    Pairs of one day and type count together, with their parts: the two sides need not split a
    salvo alike. A lower bound is not contradicted by more.
    """
    partner = {i: j for i, j, part in zip(*pairs, strict=True) if not part}
    their_partner = {j: i for i, j in partner.items()}
    first: dict[tuple[Any, str], tuple[int, int]] = {}
    members: dict[tuple[int, int], tuple[set[int], set[int]]] = {}
    for i, j, _ in zip(*pairs, strict=True):  # pairs come before their parts
        home = i if i in partner else their_partner[j]
        at = first.setdefault((ours[home].date, ours[home].system), (home, partner[home]))
        mine, other = members.setdefault(at, (set(), set()))
        mine.add(i)
        other.add(j)
    found = {}
    for at, (mine, other) in members.items():
        n, exact = _sum([ours[i] for i in mine])
        m, their_exact = _sum([theirs[j] for j in other])
        if (n < m and exact) or (n > m and their_exact):
            found[at] = (str(n), str(m))
    return found


def _sum(rows: list[Any]) -> tuple[int, bool]:
    return sum(row.missiles for row in rows), all(row.missiles_exact for row in rows)


def _as_day(row: Any) -> str:
    return f"{row.date:{DATE_FORMAT}}"


def _text(value: Any, field: str) -> str | None:
    """Return a value as ``known_differences.csv`` writes it; None if nothing is known."""
    if pd.isna(value) or value in _NOT_SAID:
        return None
    if field == "day":
        return f"{value:{DATE_FORMAT}}"
    if field == "time_utc":
        return f"{value:{INSTANT_FORMAT}}"
    if field == "system" and value.startswith("unknown"):
        return None
    return f"{value:g}" if isinstance(value, float) else str(value)


# --------------------------------------------------------------------------- known


def explain(row: Difference, known: Iterable[Known]) -> Difference:
    """Add the reason that is known for a difference."""
    reasons = (one.reason for one in known if _says(one, row) and _is_about(one, row))
    return row if row.field is None else row._replace(known=next(reasons, None))


def _is_about(one: Known, row: Difference) -> bool:
    """Whether a known difference is of that day and type."""
    of_day = one.days & {f"{row.at:{DATE_FORMAT}}", row.theirs if row.field == "day" else None}
    return bool(of_day) and (not one.systems or row.system is None or row.system in one.systems)


def _says(one: Known, row: Difference) -> bool:
    """Whether a known difference is of that field and has the value found there."""
    if row.match == "only_theirs":  # a second entry there is known as a difference in number
        return (one.field == "day" and (one.ours is None or one.theirs == row.theirs)) or (
            one.field == "missiles" and "entries" in (one.theirs or "")
        )
    if one.field != row.field:
        return False
    if row.match == "only_ours":
        return True
    words = (one.theirs or "").split(";")
    if row.field == "missiles" and _number_in(words[0]) is None:
        return True  # "about 10"
    numbers = {_number_in(word) for word in words} - {None}
    return row.theirs in words or _number_in(row.theirs or "") in numbers


def _number_in(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None


def _is_in_words(one: Known) -> bool:
    """Whether their value is none that a cell of ours could have."""
    value = one.theirs or ""
    if one.field == "missiles":
        return _number_in(value) is None
    return " " in value or (one.field == "klass" and value not in KLASSES)


def vanished(
    ours: list[Any],
    theirs: list[Any],
    pairs: Pairs,
    known: Iterable[Known],
    *,
    moved: frozenset[str] = frozenset(),
) -> list[Difference]:
    """Return the known differences in which the two sides agree by now.

    Rows of theirs that a reader `moved` to another day say nothing of it, nor do differences
    that are known in words ("about 10", a class that the record has not).
    """
    contradict = contradicting(ours, theirs, pairs)
    whole = [(i, j) for i, j, part in zip(*pairs, strict=True) if not part]
    their_days = {row.date for row in theirs}

    def is_over(one: Known, those: list[tuple[int, int]]) -> bool:
        if one.field == "day" and one.ours is None:  # they had a launch that is not here
            return pd.Timestamp(one.theirs or one.date) not in their_days
        if not those or _is_in_words(one):
            return False
        if one.field == "day":
            stayed = not moved & {theirs[j].launch_id for _, j in those}
            return stayed and all(ours[i].date == theirs[j].date for i, j in those)
        if one.field == "missiles":
            exact = {(i, j) for i, j in those if theirs[j].missiles_exact}
            return bool(exact) and not contradict.keys() & exact
        values = [said(ours[i], theirs[j]).get(one.field) for i, j in those]
        return all(v is not None and v[0] == v[1] for v in values)

    gone = []
    for one in known:
        those = [(i, j) for i, j in whole if _is_of(one, ours[i])]
        if is_over(one, those):
            row = Difference(one.date, None, None, None, "vanished", one.field)
            if those:
                i, j = those[0]
                row = row._replace(launch_id=ours[i].launch_id, their_key=theirs[j].launch_id)
            gone.append(row._replace(ours=one.ours, theirs=one.theirs, known=one.reason))
    return gone


def _is_of(one: Known, launch: Any) -> bool:
    """Whether a known difference is of a launch of ours."""
    return launch.date == one.date and (not one.systems or launch.system in one.systems)

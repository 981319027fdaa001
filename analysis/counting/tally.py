"""What a rule counts, day by day: the rows that pass, and their sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..errors import check_one_of
from ..record.door import is_one_of, row_name, through_door, vocabulary
from ..record.notes import notes_of
from ..record.problems import Problem, RecordError
from ..record.salvo import derive_salvos
from ..record.schema import ANNOUNCERS, FAMILIES, TABLES, Announcer
from .periods import Bounds, day_numbers
from .rules import KOREA, CountRule

_LATE = 1 << 40  # added to the days of rows without an instant, so that they come last


class Tally(NamedTuple):
    """What a rule counts: units in order of day, and rows known by month or year alone."""

    day: np.ndarray  # days since 1970
    n: np.ndarray
    lower: np.ndarray  # whether n is a lower bound
    first: np.ndarray  # undated: distinct stretches, first and last possible day
    last: np.ndarray
    undated: np.ndarray  # missiles of such a stretch; 0 for other units


def ready(launches: pd.DataFrame, rule: CountRule, by: str | None = None) -> pd.DataFrame:
    """Check the columns that a rule reads, and raise where one of them is missing.

    Parameters
    ----------
    launches : DataFrame
        Any table of launches.
    rule : CountRule
        The rule.
    by : str, optional
        A further column that is read.

    Returns
    -------
    DataFrame
        The table with these columns in their types, salvos named where the rule counts them.
    """
    wanted = _wanted(rule)
    needed = list(wanted)
    theirs = None if rule.source is None else ANNOUNCERS[rule.source]
    state = is_state(launches)
    if theirs is not None and (state or not theirs.optional or theirs.column in launches):
        needed.append(theirs.column)
    if rule.each is not None:
        needed.append(rule.each)
    read = {"launched_at", *([by] if by else []), *needed}
    if rule.unit == "salvo":
        read |= {"salvo_id", "site"}
    elif rule.calendar == KOREA:
        read -= {"launched_at"}
    if rule.unit == "salvo" and state:
        needed.append("site")
    tidy = through_door(launches, "launches", read)
    missing = [column for column in needed if column not in tidy]
    if missing:
        named = ", ".join(f"{column}=..." for column in missing)
        way_out = f"`as_launches(..., {named})` names yours or gives one value for all rows"
        if state:
            way_out = f"{launches.attrs['record']['vintage']} does not hold them"
        raise ValueError(
            f"the rule {rule.name!r} needs the column(s) {', '.join(map(repr, missing))} of the "
            f"launches: {way_out}"
        )
    _check_families(tidy, rule)
    _check_rule_words(tidy, rule)
    return with_salvos(tidy, rule)


def need_numbers(launches: pd.DataFrame, rule: CountRule) -> None:
    """Raise where a bare number of missiles would hide that some are not known.

    Raises
    ------
    RecordError
        If the rule counts missiles and the table has no number of them, or not on every row.
    """
    if rule.unit != "missile":
        return
    way_out = "`counts` and `describe_count` take it as at least one, and say 'at least'"
    if "missiles" not in launches:
        problem = Problem("the launches", 0, "missiles", "", f"a column missiles: {way_out}")
        raise RecordError([problem])
    missing = launches["missiles"].isna().to_numpy()
    if missing.any():
        expected = f"a number of missiles: {way_out}"
        raise RecordError(
            [
                Problem("the launches", 0, "missiles", "", expected, row_name(launches, place))
                for place in np.flatnonzero(missing).tolist()
            ]
        )


def _wanted(rule: CountRule) -> dict[str, Sequence[str]]:
    """Return the columns by whose words a rule chooses rows, and the words."""
    wanted = {
        "klass": rule.klasses,
        "outcome": rule.outcomes,
        "system": rule.systems,
        "country": rule.countries,
        "use": rule.uses,
    }
    if set(rule.families) != set(FAMILIES):
        wanted["family"] = rule.families
    return {column: words for column, words in wanted.items() if words is not None}


def is_state(launches: pd.DataFrame) -> bool:
    """Whether the table is what another database once held."""
    return "vintage" in (getattr(launches, "attrs", {}).get("record") or {})


def _check_families(launches: pd.DataFrame, rule: CountRule) -> None:
    """Raise where a table with families of its own has none that the rule counts.

    Of another database's state, all must be there: it says nothing of what it does not list.
    """
    known = vocabulary(launches, TABLES["launches"]["family"])
    absent = [family for family in rule.families if family not in known]
    if absent and is_state(launches):
        raise ValueError(
            f"the rule {rule.name!r} counts {', '.join(absent)}, which this database does not "
            f"list: {launches.attrs['record']['vintage']} holds {', '.join(sorted(known))}"
        )
    if len(absent) == len(rule.families):
        raise ValueError(
            f"the rule {rule.name!r} counts {', '.join(absent)}, of which this table has none: "
            f"its families are {', '.join(sorted(known))}; the rules all_days, all_salvos and "
            "all_missiles count every family"
        )


def _check_rule_words(launches: pd.DataFrame, rule: CountRule) -> None:
    """Raise where a rule asks for a country or use that the table never has."""
    for column, words in _wanted(rule).items():
        if column in ("country", "use"):
            known = notes_of(launches).get(column) or launches[column].unique()
            for word in words:
                check_one_of(column, word, known)


def passes(launches: pd.DataFrame, rule: CountRule) -> np.ndarray:
    """Mark the rows that a rule counts."""
    mask = np.ones(len(launches), dtype=bool)
    for column, words in _wanted(rule).items():
        mask &= is_one_of(launches, column, words)
    theirs = _column_followed(launches, rule)
    if theirs is None:
        return mask
    announcer, cells = theirs
    if announcer.gives == "numbers":
        cells = (cells > 0).where(cells.notna(), announcer.agrees)
    return mask & cells.to_numpy(dtype=bool)


def _column_followed(launches: pd.DataFrame, rule: CountRule) -> tuple[Announcer, pd.Series] | None:
    """Return the announcer that a rule follows and the column of theirs, if any."""
    if rule.source is None:
        return None
    announcer = ANNOUNCERS[rule.source]
    if announcer.optional and announcer.column not in launches:
        return None
    return announcer, launches[announcer.column]


def _missiles_of_rows(launches: pd.DataFrame, rule: CountRule) -> tuple[np.ndarray, np.ndarray]:
    """Return the missiles of each row and whether their number is a lower bound."""
    number = launches["missiles"].to_numpy(dtype=np.int64)
    lower = np.zeros(len(launches), dtype=bool)
    if "missiles_exact" in launches:
        lower = ~launches["missiles_exact"].to_numpy(dtype=bool)
    theirs = _column_followed(launches, rule)
    if theirs is None or theirs[0].gives == "list":
        return number, lower
    known = theirs[1].notna().to_numpy()
    return np.where(known, theirs[1].fillna(0).to_numpy(dtype=np.int64), number), lower & ~known


def local_days(launches: pd.DataFrame, calendar: str) -> np.ndarray:
    """Return the day of each row in a calendar, as days since 1970."""
    korean = launches["date"].to_numpy(dtype="datetime64[D]")
    if calendar == KOREA or "launched_at" not in launches:
        return korean.astype(np.int64)
    local = launches["launched_at"]
    if calendar != "UTC":
        local = local.dt.tz_convert(calendar).dt.tz_localize(None)
    there = local.to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(there), korean, there).astype(np.int64)


def with_salvos(launches: pd.DataFrame, rule: CountRule) -> pd.DataFrame:
    """Name the salvo of each row, where the rule needs it and nobody did, or tells them apart."""
    if rule.unit != "salvo" or ("salvo_id" in launches and rule.each is None):
        return launches
    if rule.each is None:
        return launches.assign(salvo_id=derive_salvos(launches))
    apart = [column for column in (rule.each, "country") if column in launches]
    shared = launches.groupby(apart, dropna=False, observed=True).ngroup()
    return launches.assign(salvo_id=derive_salvos(launches.assign(site=shared)))


def salvo_days(launches: pd.DataFrame, calendar: str) -> np.ndarray:
    """Return for each row the day of its salvo's first instant, as days since 1970."""
    code = pd.factorize(launches["salvo_id"])[0]
    when = local_days(launches, calendar)
    if "launched_at" in launches:
        when = when + _LATE * launches["launched_at"].isna().to_numpy()
    first = np.full(code.max(initial=-1) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, code, when)
    return np.where(first > _LATE // 2, first - _LATE, first)[code]


def make_tally(
    launches: pd.DataFrame, rule: CountRule, salvo_day: np.ndarray | None = None
) -> Tally:
    """Reduce launch rows to what the rule counts, by day.

    `salvo_day` is needed where the rows are a part of a table whose other rows share salvos.
    """
    passing = passes(launches, rule)
    dated = is_one_of(launches, "date_precision", ["day"])
    number, lower = _missiles_of_rows(launches, rule)
    undated = np.flatnonzero(passing & ~dated)
    stretches = _stretches(launches, undated, number[undated], rule)
    keep = passing & dated
    if rule.unit == "missile":
        day = local_days(launches, rule.calendar)
        return _by_day(day[keep], number[keep], lower[keep], stretches)
    if rule.unit == "day":
        days = _launch_days(launches, keep, rule)
    else:
        each = salvo_days(launches, rule.calendar) if salvo_day is None else salvo_day
        days = each[keep][~launches["salvo_id"][keep].duplicated().to_numpy()]
    return _by_day(days, np.ones_like(days), np.zeros(len(days), dtype=bool), stretches)


def _launch_days(launches: pd.DataFrame, keep: np.ndarray, rule: CountRule) -> np.ndarray:
    """Return the days of the rows kept, each once, or once for each class or family."""
    days = local_days(launches, rule.calendar)[keep]
    if rule.each is None:
        return _distinct(days)
    # one number a pair, which is far quicker to sort than rows of two
    words = pd.factorize(launches[rule.each])[0][keep] + 1
    most = words.max(initial=0) + 1
    return np.unique(days * most + words) // most


def _by_day(
    day: np.ndarray, n: np.ndarray, lower: np.ndarray, stretches: tuple[np.ndarray, ...]
) -> Tally:
    """Add up what falls on the same day, in time linear in the rows."""
    days = _distinct(day)
    place = day - days[0] if len(days) else day
    # whole numbers stay exact as floats below 2**53
    total = np.bincount(place, weights=n)[days - days[0]] if len(days) else days
    bounds = np.bincount(place, weights=lower)[days - days[0]] > 0 if len(days) else days > 0
    return Tally(days, total.astype(np.int64), bounds, *stretches)


def _distinct(day: np.ndarray) -> np.ndarray:
    """Return the distinct days in order; days lie close together, so no sorting is needed."""
    if not len(day):
        return np.array([], dtype=np.int64)
    first = day.min()
    return np.flatnonzero(np.bincount(day - first)) + first


def _stretches(
    launches: pd.DataFrame, undated: np.ndarray, number: np.ndarray, rule: CountRule
) -> tuple[np.ndarray, ...]:
    """Return the months and years of the rows without a day, and the missiles of each."""
    if not len(undated):
        none = np.array([], dtype=np.int64)
        return none, none, none
    date = launches["date"].to_numpy(dtype="datetime64[D]")[undated]
    year = (launches["date_precision"].iloc[undated] == "year").to_numpy(dtype=bool)
    month = date.astype("datetime64[M]")
    start = np.where(year, date.astype("datetime64[Y]").astype("datetime64[M]"), month)
    stop = start + np.where(year, 12, 1).astype("timedelta64[M]")
    first = start.astype("datetime64[D]").astype(np.int64)
    last = stop.astype("datetime64[D]").astype(np.int64) - 1
    spans, place = np.unique(np.column_stack([first, last]), axis=0, return_inverse=True)
    weight = number if rule.unit == "missile" else np.zeros(len(undated))
    total = np.bincount(place.ravel(), weights=weight, minlength=len(spans)).astype(np.int64)
    return spans[:, 0], spans[:, 1], total


def add_up(tally: Tally, first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Add up a tally over inclusive periods: the number, and whether it is exact."""
    low = np.searchsorted(tally.day, first, side="left")
    high = np.searchsorted(tally.day, last, side="right")
    total = np.concatenate([[0], np.cumsum(tally.n)])
    bounds = np.concatenate([[0], np.cumsum(tally.lower)])
    n = total[high] - total[low]
    exact = bounds[high] == bounds[low]
    if len(tally.first):
        begin, stop = tally.first[:, None], tally.last[:, None]
        n = n + tally.undated @ ((begin >= first) & (stop <= last))
        exact &= ((begin > last) | (stop < first)).all(axis=0)
    return n.astype(np.int64), exact


def in_period(tally: Tally, bounds: Bounds) -> tuple[int, bool]:
    """Add up a tally over one period."""
    first, last = day_numbers(bounds)
    n, exact = add_up(tally, np.array([first]), np.array([last]))
    return int(n[0]), bool(exact[0])


def without_instant(launches: pd.DataFrame, rule: CountRule) -> Tally:
    """Tally the day rows that pass but carry no instant, one each."""
    keep = passes(launches, rule) & (launches["date_precision"] == "day").to_numpy(dtype=bool)
    if "launched_at" in launches:
        keep &= launches["launched_at"].isna().to_numpy()
    day = day_numbers(launches["date"])[keep]
    none = np.array([], dtype=np.int64)
    ones = np.ones(len(day), dtype=np.int64)
    return _by_day(day, ones, np.zeros(len(day), dtype=bool), (none, none, none))

"""Which row of another database is which of ours: the least total cost of pairs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..extras import stats as _stats  # noqa: F401 - says what to install

from scipy.optimize import linear_sum_assignment  # isort: skip

#: A pair that costs more is none. The weights below are judgements, made so that a launch filed
#: a day late from the same place is found, and one of another kind from another place is not.
CEILING = 8.0
#: Days apart, in the share of the tolerance that they use up.
MOST_DAYS = 4.0
#: Minutes that announcements differ by cost nothing; then an hour costs 1, three or more cost 3.
#: Where the days differ, the same hour of the other day costs nothing either: the days have theirs.
FREE_MINUTES, PER_HOUR, MOST_TIME = 3.0, 1.0, 3.0
SITE_UNKNOWN, SITE_NEAR, SITE_OTHER, NEAR_KM = 0.5, 1.0, 2.0, 40.0
TYPE_UNIDENTIFIED, TYPE_OF_CLASS, TYPE_OF_FAMILY, TYPE_OTHER = 0.5, 1.0, 2.0, 5.0
MOST_NUMBER = 1.0
#: A month or year on one side; a day that is known to be filed under another.
VAGUE, KNOWN_SHIFT = 3.0, 1.0
#: Small, so that of two alike the one that ended and flew alike is taken.
OTHER_FLIGHT = 0.25
_ONE_DAY = np.timedelta64(1, "D")
#: Families that one database may call by another's name: KN-25, a Taepodong.
_BALLISTIC = ("ballistic", "space", "rocket_artillery")


class Pairs(NamedTuple):
    """Row numbers of ours and theirs that belong together, and whether as part of another pair."""

    ours: np.ndarray
    theirs: np.ndarray
    part: np.ndarray


class _Side(NamedTuple):
    """The columns of one side that a cost rests on, as arrays."""

    day: np.ndarray
    start: np.ndarray  # first day that the row may be of, and last
    end: np.ndarray
    instant: np.ndarray
    site: np.ndarray
    lat: np.ndarray
    lon: np.ndarray
    system: np.ndarray
    klass: np.ndarray
    family: np.ndarray
    missiles: np.ndarray
    outcome: np.ndarray
    range_km: np.ndarray
    apogee_km: np.ndarray

    def of(self, rows: np.ndarray) -> _Side:
        """Return some rows."""
        return _Side(*(values[rows] for values in self))


def pair(
    ours: pd.DataFrame,
    theirs: pd.DataFrame,
    *,
    tolerance: int,
    shifts: dict[tuple[pd.Timestamp, pd.Timestamp], int],
    said_there: np.ndarray,
) -> Pairs:
    """Match rows one to one, then give what is left over to a pair of its day and family.

    Parameters
    ----------
    ours, theirs : DataFrame
        Launches.
    tolerance : int
        Days that a pair may be apart.
    shifts : dict
        Pairs of days known to belong together -> the days that they are apart.
    said_there : array of bool
        Rows of ours that the record says the other database has; they may be part of a pair of
        another family.

    Returns
    -------
    Pairs
        One-to-one pairs first. A row is part of at most one of them.

    Notes
    -----
    The assignment is `scipy.optimize.linear_sum_assignment`, block by block of days, with every
    cost above the ceiling set to it.
    """
    sides = _side(ours), _side(theirs)
    found: list[tuple[int, int, bool]] = []
    for mine, other in _blocks(*sides, max([tolerance, *shifts.values()])):
        a, b = sides[0].of(mine), sides[1].of(other)
        cost = _cost(a, b, tolerance, shifts)
        rows, columns = linear_sum_assignment(np.minimum(cost, CEILING))
        good = cost[rows, columns] < CEILING
        rows, columns = rows[good], columns[good]
        found += [(mine[i], other[j], False) for i, j in zip(rows, columns, strict=True)]
        family = a.family[:, None] == b.family
        partial = np.where(family | said_there[mine][:, None], cost, np.inf)
        # what is left over joins the cheapest pair whose own side is of its day
        for i in np.setdiff1d(np.arange(len(mine)), rows):
            best = np.where(a.day[rows] == a.day[i], partial[i, columns], np.inf)
            if np.isfinite(best).any():
                found.append((mine[i], other[columns[best.argmin()]], True))
        for j in np.setdiff1d(np.arange(len(other)), columns):
            best = np.where(b.day[columns] == b.day[j], partial[rows, j], np.inf)
            if np.isfinite(best).any():
                found.append((mine[rows[best.argmin()]], other[j], True))
    ordered = sorted(found, key=lambda match: match[2])
    index = np.array([match[:2] for match in ordered], dtype=int).reshape(-1, 2)
    return Pairs(index[:, 0], index[:, 1], np.array([m[2] for m in ordered], dtype=bool))


def _side(launches: pd.DataFrame) -> _Side:
    day = launches["date"].to_numpy("datetime64[D]")
    start, end = day.copy(), day.copy()
    for precision, one in (("month", np.timedelta64(1, "M")), ("year", np.timedelta64(1, "Y"))):
        those = (launches["date_precision"] == precision).to_numpy()
        whole = day[those].astype(f"datetime64[{np.datetime_data(one)[0]}]")
        start[those] = whole.astype("datetime64[D]")
        end[those] = (whole + one).astype("datetime64[D]") - _ONE_DAY
    instant = launches["launched_at"].to_numpy("datetime64[m]")
    words = {
        name: launches[name].to_numpy(object) for name in ("site", "system", "klass", "family")
    }
    numbers = {name: launches[name].to_numpy(float) for name in ("lat", "lon", "missiles")}
    flight = {name: launches[name].to_numpy(float) for name in ("range_km", "apogee_km")}
    outcome = launches["outcome"].replace("unknown", None).to_numpy(object)
    return _Side(day, start, end, instant, outcome=outcome, **words, **numbers, **flight)


def _blocks(ours: _Side, theirs: _Side, gap: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the rows of both sides between stretches of more than `gap` days without any."""
    start, end = (np.concatenate(edges) for edges in zip(ours[1:3], theirs[1:3], strict=True))
    order = np.argsort(start, kind="stable")
    reached = np.maximum.accumulate(end[order])
    breaks = start[order][1:] > reached[:-1] + gap * _ONE_DAY
    n = len(ours.day)
    for rows in np.split(order, np.flatnonzero(breaks) + 1):
        mine, other = np.sort(rows[rows < n]), np.sort(rows[rows >= n] - n)
        if len(mine) and len(other):
            yield mine, other


def _cost(
    ours: _Side,
    theirs: _Side,
    tolerance: int,
    shifts: dict[tuple[pd.Timestamp, pd.Timestamp], int],
) -> np.ndarray:
    """Return the cost of each pair; infinite where the days are too far apart."""
    late = np.maximum(theirs.start - ours.end[:, None], ours.start[:, None] - theirs.end) / _ONE_DAY
    days = np.maximum(late, 0)
    cost = np.where(days <= tolerance, days * MOST_DAYS / max(tolerance, 1), np.inf)
    for mine, other in shifts:
        those = np.outer(
            ours.day == np.datetime64(mine, "D"), theirs.day == np.datetime64(other, "D")
        )
        cost[those] = KNOWN_SHIFT
    vague = (ours.start != ours.end)[:, None] | (theirs.start != theirs.end)
    cost += np.where(vague, VAGUE, 0.0)
    parts = (_time, _site, _type, _missiles, _flight)
    return cost + sum(part(ours, theirs) for part in parts)


def _time(ours: _Side, theirs: _Side) -> np.ndarray:
    minutes = np.abs((theirs.instant - ours.instant[:, None]) / np.timedelta64(1, "m"))
    another_day = ours.day[:, None] != theirs.day
    minutes = np.where(another_day, np.minimum(minutes, np.abs(minutes - 24 * 60)), minutes)
    hours = np.maximum(minutes - FREE_MINUTES, 0) / 60
    return np.nan_to_num(np.minimum(hours * PER_HOUR, MOST_TIME))


def _site(ours: _Side, theirs: _Side) -> np.ndarray:
    mine, other = ours.site[:, None], theirs.site
    north = (ours.lat[:, None] - theirs.lat) * 111.2
    east = (ours.lon[:, None] - theirs.lon) * 86.0  # at 39 degrees
    near = np.hypot(north, east) <= NEAR_KM
    unknown = (mine == "unknown") | (other == "unknown")
    cost = np.where(near, SITE_NEAR, SITE_OTHER)
    return np.select([mine == other, unknown], [0.0, SITE_UNKNOWN], cost)


def _type(ours: _Side, theirs: _Side) -> np.ndarray:
    unidentified = _unidentified(ours)[:, None] | _unidentified(theirs)
    same_family = _one_family(ours)[:, None] == _one_family(theirs)
    same_class = (ours.klass[:, None] == theirs.klass) & same_family
    return np.select(
        [
            ours.system[:, None] == theirs.system,
            unidentified & same_family,
            same_class,
            same_family,
        ],
        [0.0, TYPE_UNIDENTIFIED, TYPE_OF_CLASS, TYPE_OF_FAMILY],
        TYPE_OTHER,
    )


def _missiles(ours: _Side, theirs: _Side) -> np.ndarray:
    mine, other = ours.missiles[:, None], theirs.missiles
    return MOST_NUMBER * np.abs(mine - other) / np.maximum(mine, other)


def _flight(ours: _Side, theirs: _Side) -> np.ndarray:
    cost = np.zeros((len(ours.day), len(theirs.day)))
    for mine, other in zip(ours[-3:], theirs[-3:], strict=True):
        said = np.outer(pd.notna(mine), pd.notna(other))
        cost += np.where(said & (mine[:, None] != other), OTHER_FLIGHT, 0.0)
    return cost


def _unidentified(side: _Side) -> np.ndarray:
    return np.array([str(name).startswith("unknown") for name in side.system], dtype=bool)


def _one_family(side: _Side) -> np.ndarray:
    """Families, with those that one may be taken for another as one."""
    return np.where(np.isin(side.family, _BALLISTIC), "ballistic", side.family)

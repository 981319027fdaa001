"""Negative controls in number: records beside the events of another place and time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from ..counting import CountRule
from ..record.examples import load_example
from ..record.load import load_events, load_groups, load_launches
from .design import Design
from .studied import SINCE, UNTIL
from .study import event_study

#: Days by which a calendar of events is moved beside whole years: so season meets other seasons.
DAYS_MOVED = (0, 91, 182, 273)
#: Launch days expected below which a group is too small to test, as in `load_groups`.
FEWEST_EXPECTED = 4
#: Two-sided p below which a test is an alarm: .05 on each side.
LEVEL = 0.10
_N_YEARS = int(UNTIL[:4]) - int(SINCE[:4]) + 1


class Foreign(NamedTuple):
    """A record, with the years in which the calendar of events is laid on it."""

    name: str
    rule: CountRule
    who: str
    #: First years of stretches as long as the calendar of events, two years shared at most.
    begins: tuple[int, ...]


def _nuclear(country: str, who: str, *begins: int) -> Foreign:
    return Foreign("nuclear", CountRule("day", "all", countries=country), who, begins)


def _foreign_missiles(country: str, who: str) -> Foreign:
    rule = CountRule("day", ("ballistic", "cruise"), countries=country)
    return Foreign("india_pakistan", rule, who, (1999,))


RECORDS = (
    _nuclear("USA", "nuclear tests of the United States", 1951, 1965, 1979),
    _nuclear("SUN", "nuclear tests of the Soviet Union", 1951, 1965, 1977),
    _nuclear("FRA", "nuclear tests of France", 1966, 1980),
    _foreign_missiles("IND", "missiles of India"),
    _foreign_missiles("PAK", "missiles of Pakistan"),
    Foreign("iran", CountRule("day", uses="test"), "missiles of Iran", (1998,)),
    Foreign("japan", CountRule("day", "all"), "rockets of Japan", (2002,)),
    Foreign("", CountRule("day"), "missiles of North Korea, events of other years", (2012,)),
)


def unrelated(records: tuple[Foreign, ...] = RECORDS) -> pd.DataFrame:
    """Lay Korean events, moved by years and quarters, on records with which they have no link.

    Parameters
    ----------
    records : tuple of Record
        The records; all by default.

    Returns
    -------
    DataFrame
        One row a record, stretch of years, move and group of events of the family: ``who``,
        ``start``, ``moved`` (days beside whole years), ``group``, and ``n_events``, ``expected``,
        ``rate_ratio``, ``null``, ``p_value`` of `event_study`, by the test that the rules choose.

    See Also
    --------
    alarms : How often the tests see something there.
    analysis.links.controls.controls : Controls one by one, stops that must be found among them.

    Notes
    -----
    Korean launches meet the events of other years of their own record: each event is moved by
    three to eleven years within the same fourteen, the last years coming back as the first.

    Examples
    --------
    >>> from analysis.record.proofs import read_proof
    >>> alarmed = read_proof("links_unrelated").query("of == 'all'")
    >>> bool(alarmed["share"].between(0.02, 0.08).all())
    True
    """
    return pd.concat(_parts(records), ignore_index=True)


def _parts(records: tuple[Foreign, ...]) -> Iterator[pd.DataFrame]:
    """Give the tests of each stretch and move."""
    groups = load_groups().query("family")
    events = load_events()
    events = events[events["start"].between(SINCE, UNTIL)]
    for record in records:
        launches = load_example(record.name) if record.name else load_launches()
        for begin, moved, calendar in _calendars(record, events):
            design = Design(
                start=f"{begin}-01-01",
                end=f"{begin + _N_YEARS - 1}-12-31",
                adjust=("month", "era") if not record.name else ("month",),
                coverage=False,
            )
            table = event_study(launches, calendar, record.rule, by=groups, design=design)
            named: dict[str, Any] = {"who": record.who, "start": begin, "moved": moved}
            kept = ["group", "n_events", "expected", "rate_ratio", "null", "p_value"]
            yield table[kept].assign(**named)[[*named, *kept]]


def _calendars(record: Foreign, events: pd.DataFrame) -> Iterator[tuple[int, int, pd.DataFrame]]:
    """Give the first year of each stretch, the days moved, and the events there."""
    first = int(SINCE[:4])
    if not record.name:
        for years in range(3, _N_YEARS - 2, 2):
            turned = (events["start"].dt.year - first + years) % _N_YEARS + first
            yield first, 0, _move_events(events, turned - events["start"].dt.year, 0)
        return
    for begin in record.begins:
        for days in DAYS_MOVED:
            yield begin, days, _move_events(events, pd.Series(begin - first, events.index), days)


def _move_events(events: pd.DataFrame, years: pd.Series, days: int) -> pd.DataFrame:
    """Move events by whole years, each by its own, and by days."""
    parts = {"year": events["start"].dt.year + years, "month": events["start"].dt.month, "day": 1}
    start = pd.to_datetime(pd.DataFrame(parts))  # 29 February becomes 1 March
    start += pd.to_timedelta(events["start"].dt.day - 1 + days, unit="D")
    return events.assign(start=start, end=start + (events["end"] - events["start"]))


def alarms(table: pd.DataFrame, by: str = "who") -> pd.DataFrame:
    """Say how often tests without a link have a small p, on each side.

    Parameters
    ----------
    table : DataFrame
        What `unrelated` returned.
    by : str
        Column whose values get a row each, after one for all.

    Returns
    -------
    DataFrame
        ``of`` (a value of `by`, or "all"), ``side`` ("fewer" or "more" launch days),
        ``n_controls`` (with at least four launch days expected), ``n_small`` (left out, with
        fewer), ``share`` with p below .05 on that side, ``low`` and ``high`` (95 %, Clopper and
        Pearson, as if controls were independent).

    References
    ----------
    Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated
    in the case of the binomial. Biometrika 26(4), 404-413. doi:10.1093/biomet/26.4.404

    Examples
    --------
    >>> found = pd.DataFrame({"who": "us", "expected": [9.0, 9.0, 2.0], "rate_ratio": [2.0, 0.5, 1],
    ...                       "p_value": [0.04, 0.5, 0.9]})
    >>> alarms(found)["share"].tolist()
    [0.0, 0.5, 0.0, 0.5]
    """
    parts = {"all": table} | {str(name): rows for name, rows in table.groupby(by, sort=False)}
    return pd.DataFrame(
        [
            {"of": name, "side": side, **_share(rows, side)}
            for name, rows in parts.items()
            for side in ("fewer", "more")
        ]
    )


def _share(rows: pd.DataFrame, side: str) -> dict[str, Any]:
    """Return the share of alarms on one side, with its interval."""
    tested = rows[(rows["expected"] >= FEWEST_EXPECTED) & rows["p_value"].notna()]
    there = tested["rate_ratio"] < 1 if side == "fewer" else tested["rate_ratio"] > 1
    n, alarmed = len(tested), int((there & (tested["p_value"] < LEVEL)).sum())
    low, high = proportion_confint(alarmed, n, method="beta") if n else (0.0, 1.0)
    return {
        "n_controls": n,
        "n_small": len(rows) - n,
        "share": alarmed / n if n else float("nan"),
        "low": low,
        "high": high,
    }

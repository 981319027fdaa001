"""Controls: stops that a test must find, and days on which there is nothing to find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd

from ..counting import CountRule
from ..record.examples import load_example
from ..record.notes import who_launched
from ..record.own import as_events
from .study import event_study

_ABOVE = ("atmospheric", "space", "underwater")
#: Launches expected at the other days' rate below which no test could find a total stop.
LEAST_EXPECTED = 10
#: Days of the year on which nothing happened by rule: every fifth.
_FIXED = pd.date_range("2001-01-01", periods=72, freq="5D")
_EFFECT_COLUMNS = ("n_events", "observed", "at_other_rate", "rate_ratio", "low", "high")
_TEST_COLUMNS = ("null", "p_value", "smallest_p")


class _Stop(NamedTuple):
    """A stop of nuclear tests, with the period around it in which it is looked for."""

    event_id: str
    countries: Sequence[str]
    start: str
    end: str
    truth: str = "stop"
    families: Sequence[str] = "all"


_THREE = ("USA", "SUN", "GBR")
_STOPS = (
    _Stop("1958-10-31-us-moratorium", ("USA",), "1951-01-01", "1970-12-31"),
    _Stop("1963-10-10-ptbt-in-force", _THREE, "1951-01-01", "1980-12-31", families=_ABOVE),
    _Stop("1985-08-06-soviet-moratorium-1985", ("SUN",), "1975-01-01", "1990-12-31"),
    _Stop("1992-04-08-french-moratorium", ("FRA",), "1980-01-01", "1998-12-31"),
    _Stop("1958-10-31-uk-moratorium", ("GBR",), "1951-01-01", "1970-12-31"),
)
#: Known from the record itself: shown, and no controls.
_NO_CONTROLS = (
    _Stop("1958-11-04-soviet-moratorium-1958", ("SUN",), "1951-01-01", "1970-12-31", "by itself"),
    _Stop("1995-09-05-french-final-series", ("FRA",), "1980-01-01", "1998-12-31", "by itself"),
)
#: Countries that no stop bound, from the first test of each on.
_UNBOUND = {"FRA": "1960-02-13", "CHN": "1964-10-16", "IND": "1974-05-18"}
#: Countries whose tests are compared with fixed days, while they tested.
_TESTING = {
    "USA": ("1951-01-01", "1992-12-31"),
    "SUN": ("1951-01-01", "1990-12-31"),
    "FRA": ("1966-01-01", "1996-12-31"),
}


def controls() -> pd.DataFrame:
    """Judge links whose answer is known: moratoria on nuclear tests, and days without meaning.

    Returns
    -------
    DataFrame
        One row a control: ``control``, ``who``, ``start``, ``end``, ``truth`` ("stop"; "nothing",
        for other countries' days, fixed days of the year and Japan's flights against drills in
        Korea; "by itself", for stops defined by the very tests, which are no controls),
        ``n_events``, ``observed``, ``at_other_rate``, ``rate_ratio``, ``low``, ``high``,
        ``null``, ``p_value``, ``smallest_p`` as in `event_study`, each by the test that the
        rules choose, and ``verdict``: "found" (p below .01 and an interval below 1), "not
        found", or "too small" (under ten expected).

    See Also
    --------
    event_study : The test.

    Examples
    --------
    >>> table = controls()
    >>> table.loc[table["truth"] == "stop", "verdict"].value_counts().to_dict()
    {'found': 4, 'too small': 1}
    """
    rows = [*_stops(), *_fixed_days(), *_flights()]
    table = pd.DataFrame(rows)
    found = (table["p_value"] < 0.01) & ((table["high"] < 1) | (table["low"] > 1))
    table["verdict"] = found.map({True: "found", False: "not found"})
    table.loc[table["at_other_rate"] < LEAST_EXPECTED, "verdict"] = "too small"
    return table


def _stops() -> Iterator[dict[str, Any]]:
    """Judge each stop for those it bound, and for those it did not."""
    launches, events = load_example("nuclear"), load_example("nuclear", "events")
    for stop in (*_STOPS, *_NO_CONTROLS):
        event = events[events["event_id"] == stop.event_id]
        others = [] if stop in _NO_CONTROLS else [c for c in _UNBOUND if c not in stop.countries]
        for countries, truth in (
            (stop.countries, stop.truth),
            *(((c,), "nothing") for c in others),
        ):
            start = max(stop.start, *(_UNBOUND.get(c, stop.start) for c in countries))
            rule = CountRule("day", stop.families, countries=countries)
            try:
                table = event_study(
                    launches,
                    event,
                    rule,
                    during=True,
                    start=start,
                    end=stop.end,
                    confidence=("sourced", "conflicting"),
                )
            except ValueError:  # the country did not test yet, or not at all, in the period
                continue
            yield _control_row(
                table.iloc[0],
                event["title"].item(),
                who_launched(launches, countries),
                start,
                stop.end,
                truth,
            )


def _fixed_days() -> Iterator[dict[str, Any]]:
    """Judge 72 days of the year, the same every year, for each country that tested."""
    launches = load_example("nuclear")
    for country, (start, end) in _TESTING.items():
        years = range(int(start[:4]), int(end[:4]) + 1)
        days = [(day.strftime("%m-%d"), day.replace(year=y)) for day in _FIXED for y in years]
        named = pd.DataFrame(days, columns=["kind", "start"])
        events = as_events(named, start="start", category="anniversary", kind="kind")
        rule = CountRule("day", "all", countries=country)
        table = event_study(
            launches, events, rule, window=(0, 7), by="kind", adjust="month", start=start, end=end
        )
        who = who_launched(launches, [country])
        for _, row in table.iterrows():
            yield _control_row(row, f"week from {row['group']}", who, start, end, "nothing")


def _flights() -> Iterator[dict[str, Any]]:
    """Judge Japan's flights after military drills around Korea."""
    launches, events = load_example("japan"), load_example("japan", "events")
    start, end = "2001-08-29", "2025-06-29"
    table = event_study(launches, events, "all_days", by="kind", start=start, end=end)
    for _, row in table.iterrows():
        yield _control_row(row, f"drills in Korea: {row['group']}", "Japan", start, end, "nothing")


def _control_row(
    row: pd.Series, control: str, who: str, start: str, end: str, truth: str
) -> dict[str, Any]:
    named = {"control": control, "who": who, "start": start, "end": end, "truth": truth}
    return named | {name: row[name] for name in (*_EFFECT_COLUMNS, *_TEST_COLUMNS)}

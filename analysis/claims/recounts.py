"""A finding's own number, counted again on this record."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from ..counting import day_numbers


def by_leader(counted: pd.Series, events: pd.DataFrame, eras: pd.DataFrame) -> str:
    """Say how many weeks launch days were from events under each leader in Pyongyang."""
    leaders = eras[eras["kind"] == "dprk_leader"].sort_values("start").to_dict("records")
    under = [(f"under {e['name']}", events["start"].between(e["start"], e["end"])) for e in leaders]
    return _distances(counted, [(name, events[rows]) for name, rows in under], 7, "weeks")


def by_kind(counted: pd.Series, events: pd.DataFrame, eras: pd.DataFrame) -> str:
    """Say how many days launch days were from events of each kind."""
    kinds = [(f"for {kind}", rows) for kind, rows in events.groupby("kind", sort=True)]
    return _distances(counted, [("for all", events), *kinds], 1, "days")


def _distances(
    counted: pd.Series, parts: Iterable[tuple[str, pd.DataFrame]], unit: int, name: str
) -> str:
    """Say how far the nearest launch day was from events, on average."""
    launched, said = day_numbers(counted), []
    for part, events in parts:
        if len(launched) and len(events):
            gaps = np.abs(day_numbers(events["start"])[:, None] - launched[None, :]).min(axis=1)
            said.append(f"{gaps.mean() / unit:.1f} {name} {part} ({len(gaps)} events)")
    none = "no event or no launch in the period"
    return f"mean distance to the nearest launch day {', '.join(said)}" if said else none


def holidays(counted: pd.Series, events: pd.DataFrame, eras: pd.DataFrame) -> str:
    """Count launch days on American holidays, Memorial Day with its weekend."""
    day = {kind: day_numbers(rows["start"]) for kind, rows in events.groupby("kind")}
    weekend = (day.get("us_memorial_day", np.array([]))[:, None] - np.arange(3)).ravel()
    spans = (weekend, day.get("us_independence_day", np.array([])), day_numbers(events["start"]))
    memorial, fourth, every = (np.isin(day_numbers(counted), days).sum() for days in spans)
    return (
        f"launch days: {memorial} on Memorial Day weekends, {fourth} on 4 July, {every} on any of "
        "these holidays by the US date of the holiday"
    )


def stretches(counted: pd.Series, events: pd.DataFrame, text: str) -> str:
    """Count launch days and events between days, written as "first/last;first/last".

    Examples
    --------
    >>> day = pd.Series(pd.to_datetime(["2022-01-05"]))
    >>> stretches(day, pd.DataFrame({"start": day}), "2022-01-01/2022-01-30")
    '2022-01-01 to 2022-01-30: launch days 1, events 1'
    """
    parts = []
    for first, last in (stretch.split("/") for stretch in text.split(";")):
        days, n = (rows.between(first, last).sum() for rows in (counted, events["start"]))
        parts.append(f"{first} to {last}: launch days {days}, events {n}")
    return "; ".join(parts)


RECOUNTS: dict[str, Callable[[pd.Series, pd.DataFrame, pd.DataFrame], str]] = {
    "by_leader": by_leader,
    "by_kind": by_kind,
    "holidays": holidays,
}

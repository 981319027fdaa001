"""From context events to days: which events count, and which days lie in their windows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from ..counting import Bounds, Coverage
from ..record.filters import passes_filter
from .days import day_numbers

Window: TypeAlias = tuple[int, int]

#: Calendars whose days can be one early in Korea: a New York afternoon is the next Korean day.
WESTERN_ZONES = ("US", "NY")
MAIN = ("sourced",)
EVENT_COLUMNS = ("start", "end", "precision", "confidence")


class Chosen(NamedTuple):
    """The events of one group that a study uses, and what it leaves out."""

    #: First day of each event, counted from the first day of the period.
    first: np.ndarray
    #: Last day of each event (inclusive), counted likewise.
    last: np.ndarray
    n_month: int
    n_unsourced: int
    n_answers_launch: int
    #: Of the events used, those that answer a launch.
    n_answering: int


def check_events(events: pd.DataFrame, coverage: Coverage, bounds: Bounds) -> None:
    """Raise unless the events have the columns needed and the record speaks of the period."""
    absent = [name for name in EVENT_COLUMNS if name not in events]
    if absent:
        raise ValueError(f"the events lack the column(s) {', '.join(absent)}")
    if not len(events):
        raise ValueError("the group of events is empty: expected at least one event")
    if isinstance(coverage, bool) or "category" not in events:
        return
    table = load_coverage_or(coverage)
    assert isinstance(table, pd.DataFrame)
    spans = table[(table["table"] == "events") & table["subset"].isin(events["category"].unique())]
    outside = spans[(spans["start"] > bounds[0]) | (spans["end"] < bounds[1])]
    if len(outside):
        text = "; ".join(
            f"{row['subset']}: {row['start']:%Y-%m-%d} to {row['end']:%Y-%m-%d}"
            for row in outside.to_dict("records")
        )
        raise ValueError(
            f"the period {bounds[0]:%Y-%m-%d} to {bounds[1]:%Y-%m-%d} leaves what the record "
            f"covers of these events ({text})"
        )


def load_coverage_or(coverage: Coverage) -> Coverage:
    """Return what is given, or the package's own table of coverage."""
    if coverage is None:
        from ..record.load import load_coverage

        return load_coverage()
    return coverage


def check_windows(window: Window | Sequence[Window], n_days: int) -> list[Window]:
    """Return the windows as a list of (first, last) days, or raise."""
    if not len(window):
        raise ValueError("no window given: expected (first, last) days such as (0, 14)")
    raw = [window] if np.ndim(window) == 1 else list(window)
    windows = []
    for pair in raw:
        values: list[Any] = list(pair) if isinstance(pair, Iterable) else [pair]
        whole = all(isinstance(v, (int, np.integer)) and not isinstance(v, bool) for v in values)
        if len(values) != 2 or not whole:
            raise ValueError(f"expected a window of two whole numbers of days, got {pair!r}")
        first, last = int(values[0]), int(values[1])
        if first > last:
            raise ValueError(f"the window {pair!r} is reversed: its first day is after its last")
        if last - first + 1 >= n_days:
            raise ValueError(
                f"the window {pair!r} is wider than the record of {n_days} days: expected fewer"
            )
        windows.append((first, last))
    return windows


def split_groups(
    events: pd.DataFrame, by: str | pd.DataFrame | None
) -> list[tuple[str, pd.DataFrame]]:
    """Return the named groups of events: all, one a value of a column, or one a filter."""
    if by is None:
        return [("all", events)]
    if isinstance(by, pd.DataFrame):
        return [_filtered(events, row) for row in by.to_dict("records")]
    if by not in events:
        raise ValueError(
            f"unknown column {by!r} in by: expected a table of groups or one of "
            f"{', '.join(map(str, events.columns))}"
        )
    return [(str(value), rows) for value, rows in events.groupby(by, sort=True, observed=True)]


def _filtered(events: pd.DataFrame, group: dict) -> tuple[str, pd.DataFrame]:
    """Return the events that a row of the groups table holds."""
    absent = [name for name in ("group", "filter") if name not in group]
    if absent:
        raise ValueError(f"the table of groups lacks the column(s) {', '.join(absent)}")
    try:
        rows = events[passes_filter(events, str(group["filter"]))]
    except ValueError as error:
        raise ValueError(f"group {group['group']!r}: {error}") from error
    if not len(rows):
        raise ValueError(f"the group {group['group']!r} is empty: none of the events passes")
    return str(group["group"]), rows


def choose(
    events: pd.DataFrame,
    bounds: Bounds,
    *,
    before: bool = False,
    confidence: Sequence[str] = MAIN,
    next_day: bool = False,
) -> Chosen:
    """Choose the events of one group whose days can be trusted.

    Parameters
    ----------
    events : DataFrame
        The events of the group.
    bounds : tuple of Timestamp
        First and last day of the period; events that start in it are looked at.
    before : bool
        Whether the window reaches before the event: events that answer a launch are then left
        out, since the launch came first by their making.
    confidence : sequence of str
        The confidences that enter.
    next_day : bool
        Move events dated in a US or New York calendar to the next day.
    """
    shift = np.zeros(len(events), dtype=np.int64)
    if next_day and "date_zone" in events:
        shift += events["date_zone"].isin(WESTERN_ZONES).to_numpy(dtype=np.int64)
    first = day_numbers(events["start"]) + shift
    last = np.maximum(day_numbers(events["end"]) + shift, first)
    begin, end = day_numbers(pd.Series(bounds))
    inside = (first >= begin) & (first <= end)
    by_month = inside & (events["precision"] != "day").to_numpy(dtype=bool)
    doubted = inside & ~by_month & ~events["confidence"].isin(confidence).to_numpy(dtype=bool)
    kept = inside & ~by_month & ~doubted
    answers = np.zeros(len(events), dtype=bool)
    if "answers_launch" in events:
        answers = kept & events["answers_launch"].to_numpy(dtype=bool)
    left_out = answers if before else np.zeros_like(answers)
    kept &= ~left_out
    return Chosen(
        first[kept] - begin,
        last[kept] - begin,
        int(by_month.sum()),
        int(doubted.sum()),
        int(left_out.sum()),
        int((answers & kept).sum()),
    )


def window_days(chosen: Chosen, window: Window, during: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and last day of each event's window."""
    if during:
        return chosen.first, chosen.last
    return chosen.first + window[0], chosen.first + window[1]


def cover(first: np.ndarray, last: np.ndarray, n_days: int) -> np.ndarray:
    """Mark the days that at least one window holds; windows that overlap count once.

    Parameters
    ----------
    first, last : ndarray of int, shape (n,)
        First and last day of each window (inclusive), counted from day 0.
    n_days : int
        Days of the record; what leaves it is cut.

    Returns
    -------
    ndarray of float, shape (n_days,)
        1 on the days covered, else 0.

    Examples
    --------
    >>> cover(np.array([1, 2]), np.array([2, 3]), 6)
    array([0., 1., 1., 1., 0., 0.])
    """
    begin = np.clip(first, 0, n_days)
    end = np.clip(last + 1, 0, n_days)
    steps = np.bincount(begin, minlength=n_days + 1) - np.bincount(end, minlength=n_days + 1)
    return (np.cumsum(steps)[:n_days] > 0).astype(float)

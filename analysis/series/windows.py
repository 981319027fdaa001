"""From context events to days: which events count, and which days lie in their windows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from numbers import Integral
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from ..counting import Bounds, CountRule, Coverage, day_numbers, resolve_rule
from ..errors import need_columns, unknown
from ..record.door import through_door
from ..record.filters import passes_filter
from ..record.load import load_coverage

#: Days from the first day of an event, both inclusive, or from its first to its last day.
Window: TypeAlias = tuple[int, int] | Literal["during"]
DURING: Literal["during"] = "during"

#: Calendars whose days can be one early in Korea: a New York afternoon is the next Korean day.
WESTERN_ZONES = ("US", "NY")
SOURCED = ("sourced",)


class Chosen(NamedTuple):
    """The events of one group that a study uses, and how many it leaves out."""

    #: First day of each event, counted from the first day of the period.
    first: np.ndarray
    #: Last day of each event (inclusive), counted likewise.
    last: np.ndarray
    n_month: int
    n_unsourced: int
    n_undated: int
    n_answers_launch: int
    #: Of the events used, those that answer a launch.
    n_answering: int

    @property
    def n_seen(self) -> int:
        """Return how many events of the group start in the period."""
        left_out = self.n_month + self.n_unsourced + self.n_answers_launch
        return len(self.first) + left_out

    def counts(self) -> dict[str, int]:
        """Return how many events are used, and how many are left out for which reason."""
        left_out = ("n_month", "n_unsourced", "n_undated", "n_answers_launch")
        return {"n_events": len(self.first), **{name: getattr(self, name) for name in left_out}}


def coverage_spans(
    coverage: Coverage, *, families: Collection[str] = (), categories: Collection[str] = ()
) -> pd.DataFrame:
    """Return the rows of coverage on families of launches and categories of events.

    `coverage` is None for the package's own, or a table like `load_coverage()`.
    """
    table = coverage if isinstance(coverage, pd.DataFrame) else load_coverage()
    launches = (table["table"] == "launches") & table["subset"].isin(families)
    events = (table["table"] == "events") & table["subset"].isin(categories)
    return table[launches | events]


def shared_days(rule: CountRule | str, events: pd.DataFrame, coverage: Coverage = None) -> Bounds:
    """Return the first and last day on which both a rule's launches and the events are covered.

    Examples
    --------
    >>> from analysis import load_events
    >>> shared_days("days", load_events("drill"))[0].year
    1984
    """
    spans = coverage_spans(
        coverage, families=resolve_rule(rule).families, categories=events["category"].unique()
    )
    return spans["start"].max(), spans["end"].min()


def usable_events(events: pd.DataFrame, coverage: Coverage, bounds: Bounds) -> pd.DataFrame:
    """Return the events checked, or raise; the record must speak of them in the period."""
    events = through_door(events, "events", ("category", "kind", "date_zone"))
    if not len(events):
        raise ValueError("the group of events is empty: expected at least one event")
    if coverage is False or "category" not in events:
        return events
    spans = coverage_spans(coverage, categories=events["category"].unique())
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
    return events


def check_windows(window: Window | Sequence[Window], n_days: int) -> list[Window]:
    """Return the windows as a list, or raise; pairs are shorter than the record's `n_days`."""
    if isinstance(window, str) or not isinstance(window, Iterable):
        return [_check_window(window, n_days)]
    given = list(window)
    if not given:
        raise ValueError("no window given: expected (first, last) days such as (0, 14)")
    several = any(isinstance(each, Iterable) for each in given)
    return [_check_window(each, n_days) for each in (given if several else [tuple(given)])]


def _check_window(window: object, n_days: int) -> Window:
    """Return one window, or raise."""
    if isinstance(window, str):
        if window != DURING:
            raise unknown("window", window, ["two days", repr(DURING)])
        return DURING
    days: list[Any] = list(window) if isinstance(window, Iterable) else [window]
    whole = all(isinstance(day, Integral) and not isinstance(day, bool) for day in days)
    if len(days) != 2 or not whole:
        raise ValueError(f"expected a window of two whole numbers of days, got {window!r}")
    first, last = (int(day) for day in days)
    if first > last:
        raise ValueError(f"the window {window!r} is reversed: its first day is after its last")
    if last - first + 1 >= n_days:
        raise ValueError(
            f"the window {window!r} is wider than the record of {n_days} days: expected fewer"
        )
    return first, last


def reaches_before(window: Window) -> bool:
    """Say whether a window holds days before the event."""
    return not isinstance(window, str) and window[0] < 0


def split_groups(
    events: pd.DataFrame, by: str | pd.DataFrame | None
) -> list[tuple[str, pd.DataFrame]]:
    """Return the named groups of events: all, one a value of a column, or one a filter."""
    if by is None:
        return [("all", events)]
    if isinstance(by, pd.DataFrame):
        need_columns(by, ("group", "filter"), "the groups")
        pairs = zip(by["group"], by["filter"], strict=True)
        return [(str(name), _filtered(events, name, text)) for name, text in pairs]
    if by not in events:
        raise unknown("column", by, [*events.columns, "a table of groups"])
    return [(str(value), rows) for value, rows in events.groupby(by, sort=True, observed=True)]


def _filtered(events: pd.DataFrame, group: str, text: str) -> pd.DataFrame:
    """Return the events of a group given by its filter."""
    try:
        rows = events[passes_filter(events, str(text))]
    except ValueError as error:
        raise ValueError(f"group {group!r}: {error}") from error
    if not len(rows):
        raise ValueError(f"the group {group!r} is empty: none of the events passes")
    return rows


def choose(
    events: pd.DataFrame,
    bounds: Bounds,
    *,
    before: bool = False,
    confidence: Sequence[str] = SOURCED,
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
    dated = events["start"].notna()
    n_undated = int((~dated).sum())
    if n_undated:
        events = events[dated]
    shift = np.zeros(len(events), dtype=np.int64)
    if next_day and "date_zone" in events:
        shift += events["date_zone"].isin(WESTERN_ZONES).to_numpy(dtype=np.int64)
    first, last = (day_numbers(events[name]) + shift for name in ("start", "end"))
    begin, end = day_numbers(pd.Series(bounds))
    inside = (first >= begin) & (first <= end)
    by_month = inside & (events["precision"] != "day").to_numpy(dtype=bool)
    doubted = inside & ~by_month & ~events["confidence"].isin(confidence).to_numpy(dtype=bool)
    kept = inside & ~by_month & ~doubted
    answers = np.zeros(len(events), dtype=bool)
    if "answers_launch" in events:
        answers = kept & events["answers_launch"].to_numpy(dtype=bool)
    if before:
        kept &= ~answers
    return Chosen(
        first[kept] - begin,
        last[kept] - begin,
        n_month=int(by_month.sum()),
        n_unsourced=int(doubted.sum()),
        n_undated=n_undated,
        n_answers_launch=int((answers & ~kept).sum()),
        n_answering=int((answers & kept).sum()),
    )


def mark(chosen: Chosen, window: Window, n_days: int) -> np.ndarray:
    """Mark the days of the record that lie in the window of at least one event."""
    if isinstance(window, str):
        return cover(chosen.first, chosen.last, n_days)
    return cover(chosen.first + window[0], chosen.first + window[1], n_days)


def cover(first: np.ndarray, last: np.ndarray, n_days: int) -> np.ndarray:
    """Mark the days that at least one span holds; spans that overlap count once.

    Parameters
    ----------
    first, last : ndarray of int, shape (n,)
        First and last day of each span (inclusive), counted from day 0.
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

"""How launches and events are compared: the choices, and groups of events laid on a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..counting import CountRule, Coverage, Day, coverage_of
from ..errors import check_one_of, check_share, unknown
from ..record.load import load_categories
from ..record.vocabulary import CONFIDENCES
from ..series.pvalues import as_seed
from ..series.strata import ADJUSTMENTS, OFFICES, START, Days, read_days
from ..series.windows import (
    DURING,
    SOURCED,
    Chosen,
    Window,
    check_windows,
    choose,
    mark,
    reaches_before,
    split_groups,
    usable_events,
)
from .nulls import LONG_WINDOW, NULLS, STATISTICS


@dataclass(frozen=True)
class Design:
    """Choices that studies of launches and events share, as `CountRule` is for counting.

    Functions that take a design also take its fields as keywords; a keyword given beside a
    design replaces that field.

    Parameters
    ----------
    window : (int, int), "during", or list of these
        Days a to b after the first day of an event, both inclusive, negative before it; or the
        days from `start` to `end` of each event. With several windows each is judged by the
        largest of all.
    during : bool
        Use the days from `start` to `end` of each event in place of `window`.
    null : str, optional
        What `p_value` compares with: "circular_shift", the record shifted by every number of
        days against the calendar of events; "years_permuted", whole years of that calendar
        permuted, which keeps its season; "within_era", shifts inside each era;
        "given_recent_launches", the test of `regression`; "long_window", one window against the
        other stretches. By default the rules of `analysis.links.primary` choose.
    statistic : {"new_launches", "launch_days", "larger"}
        What is added up inside a window: the efficient score for a change of new launches, which
        counts a burst once (default); launch days less those expected; or the larger of both.
    adjust : sequence of str
        Strata within which launch days are compared: "month", "era", both or neither.
    start, end : date-like
        First and last day of the period. Events that start in it enter.
    confidence : str or sequence of str
        Which events enter: "sourced", "unsourced", "conflicting". The rest is counted and left
        out.
    next_day : bool
        Date events of US and New York calendars one day later, as a check of sensitivity.
    level : float
        Level of intervals and bands.
    family : sequence of str, optional
        Groups among which p-values are adjusted; all groups by default.
    offices : sequence of str
        Offices whose changes of hand cut the eras: kinds of `load_eras()`.
    eras, coverage : DataFrame, optional
        Tables to use in place of the package's; ``coverage=False`` for no check.
    moratoria : DataFrame, optional
        Declared pauses of launches, by ``start`` and ``end``: their days are compared with each
        other only.
    seed : int or numpy Generator
        For nulls that draw and for simulations; a generator gives up one number.

    Raises
    ------
    ValueError
        For an unknown null, adjustment or confidence, or a level outside 0 to 1.

    See Also
    --------
    analysis.CountRule : What counts as a launch.

    Examples
    --------
    >>> from dataclasses import replace
    >>> main = Design(window=(0, 14), end="2025-12-31")
    >>> replace(main, null="years_permuted").window
    (0, 14)
    """

    window: Window | Sequence[Window] = (0, 14)
    during: bool = False
    null: str | None = None
    statistic: str = STATISTICS[0]
    adjust: Sequence[str] = ADJUSTMENTS
    start: Day = START
    end: Day | None = None
    confidence: str | Sequence[str] = SOURCED
    next_day: bool = False
    level: float = 0.95
    family: Sequence[str] | None = None
    offices: Sequence[str] = OFFICES
    eras: pd.DataFrame | None = None
    moratoria: pd.DataFrame | None = None
    coverage: Coverage = None
    seed: int | np.random.Generator = 0

    def __post_init__(self) -> None:
        """Check the choices; a string is one value."""
        if self.null is not None:
            check_one_of("null", self.null, (*NULLS, LONG_WINDOW))
        check_one_of("statistic", self.statistic, STATISTICS)
        for name, allowed in (("adjust", ADJUSTMENTS), ("confidence", CONFIDENCES)):
            values = as_tuple(getattr(self, name))
            for value in values:
                check_one_of(name, value, allowed)
            object.__setattr__(self, name, values)
        check_share("level", self.level)
        object.__setattr__(self, "seed", as_seed(self.seed))


def as_tuple(values: str | Iterable[str]) -> tuple[str, ...]:
    """Return the values as a tuple; a string is one value."""
    return (values,) if isinstance(values, str) else tuple(values)


def as_design(design: Design | None, others: Mapping[str, Any], **named: Any) -> Design:
    """Return a design with the fields that are not None in place of its own.

    Examples
    --------
    >>> as_design(Design(window=(0, 6)), {"end": "2025-12-31"}, null=None).window
    (0, 6)
    """
    known = [field.name for field in fields(Design)]
    for name in others:
        if name not in known:
            raise TypeError(str(unknown("keyword", name, known)))
    given = {name: value for name, value in {**named, **others}.items() if value is not None}
    if "window" in given:
        given.setdefault("during", False)
    made = replace(design or Design(), **given)
    if made.eras is not None and "era" not in made.adjust:
        raise ValueError("eras= compares within eras: expected 'era' among adjust, or no eras")
    return made


class Group(NamedTuple):
    """A group of events, and which of them each window uses."""

    name: str
    chosen: list[Chosen]
    #: "calendar" where their time of year is fixed beforehand, else "open".
    timing: str


class Layout(NamedTuple):
    """Groups of events laid on a record as a design says."""

    design: Design
    days: Days
    windows: list[Window]
    groups: list[Group]
    #: Groups among which p-values are adjusted; None for all.
    family: Sequence[str] | None = None

    def placed(self, group: Group) -> Iterator[tuple[Window, Chosen, np.ndarray]]:
        """Give each window with the events used, and 1 on the days it covers, else 0."""
        for window, chosen in zip(self.windows, group.chosen, strict=True):
            yield window, chosen, mark(chosen, window, self.days.n_days)

    def pair(self) -> tuple[int, int]:
        """Return first and last day of the only window, or raise if it is the events' own days."""
        (window,) = self.windows
        if isinstance(window, str):
            raise ValueError(f"expected a window of two whole numbers of days, got {window!r}")
        return window

    def empty(self, none: str) -> ValueError:
        """Return the error for groups that hold none of the events wanted."""
        first, last = self.days.bounds
        return ValueError(
            f"the group of events is empty: {none} starts from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
        )


def lay_out(
    launches: pd.DataFrame,
    events: pd.DataFrame | None,
    rule: CountRule | str,
    design: Design,
    *,
    by: str | pd.DataFrame | Mapping[str, pd.DataFrame] | None = None,
    single: bool = False,
) -> Layout:
    """Count launch days, split the events and mark the days in their windows.

    Parameters
    ----------
    launches, events, rule
        As in `event_study`; without events there are no groups.
    design : Design
        The choices.
    by : str, DataFrame or mapping, optional
        As in `event_study`, or the groups themselves by name.
    single : bool
        Whether more than one window is an error.
    """
    if design.end is None:
        raise ValueError("expected the last day of the period as end, got none")
    coverage = coverage_of(launches, design.coverage)
    days = read_days(
        launches,
        rule,
        start=design.start,
        end=design.end,
        adjust=design.adjust,
        offices=design.offices,
        eras=design.eras,
        moratoria=design.moratoria,
        coverage=coverage,
    )
    named: Iterable[tuple[str, pd.DataFrame]] = ()
    if events is not None:
        events = usable_events(events, coverage, days.bounds)
        named = by.items() if isinstance(by, Mapping) else split_groups(events, by)
    windows = check_windows(DURING if design.during else design.window, days.n_days)
    if single and len(windows) > 1:
        raise ValueError(f"expected one window, got {len(windows)}")
    timings = _timings(by)
    groups = [
        Group(name, _choose(rows, days, windows, design), timings.get(name) or _timing(rows))
        for name, rows in named
    ]
    return Layout(design, days, windows, groups, design.family or _family(by))


def _family(by: object) -> list[str] | None:
    """Return the groups that a table of groups marks as its family; None if it marks none."""
    if not isinstance(by, pd.DataFrame) or "family" not in by:
        return None
    return by.loc[by["family"].fillna(False).astype(bool), "group"].astype("str").tolist() or None


def _timings(by: object) -> dict[str, str]:
    """Return the timing of each group of a table of groups that says so."""
    if not isinstance(by, pd.DataFrame) or "timing" not in by:
        return {}
    return dict(zip(by["group"].astype("str"), by["timing"], strict=True))


def _timing(events: pd.DataFrame) -> str:
    """Return the timing of events by their categories; those unknown are open."""
    if "category" not in events:
        return "open"
    timing = load_categories().set_index("category")["timing"]
    fixed = events["category"].map(timing) == "calendar"
    return "calendar" if len(events) and bool(fixed.all()) else "open"


def _choose(
    events: pd.DataFrame, days: Days, windows: list[Window], design: Design
) -> list[Chosen]:
    """Return the events that each window uses."""
    sides = [reaches_before(window) for window in windows]
    choices: dict[str, Any] = {
        "confidence": as_tuple(design.confidence),
        "next_day": design.next_day,
    }
    chosen = {side: choose(events, days.bounds, before=side, **choices) for side in set(sides)}
    return [chosen[side] for side in sides]

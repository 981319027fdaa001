"""Event coincidence analysis: how many launches follow an event, how many events are followed."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..counting import CountRule, Day
from ..errors import check_one_of
from ..record.notes import noted
from ..series.pvalues import as_seed, two_sided
from ..series.strata import Days
from ..series.windows import Window, cover
from .design import Design, as_design, lay_out
from .judge import add_adjusted, p_years
from .nulls import PLACINGS, shift_window, statistics

EDGES = ("keep", "drop")


class Rates(NamedTuple):
    """Coincidence rates of two series of events, in both orders."""

    #: Share of A preceded by a B.
    precursor: float
    #: Share of B followed by an A.
    trigger: float
    #: Share of B preceded by an A.
    precursor_reversed: float
    #: Share of A followed by a B.
    trigger_reversed: float


def coincidence_rates(
    a: np.ndarray, b: np.ndarray, *, delta: int, lag: int = 0, edges: str = "keep"
) -> Rates:
    """Return precursor and trigger coincidence rates of two sorted series of event times.

    Parameters
    ----------
    a, b : ndarray of int, shapes (n,) and (m,)
        Sorted times, in days or any other unit.
    delta : int
        Width of the coincidence interval: an A at time t coincides with a B in
        [t - lag - delta, t - lag].
    lag : int
        Time between the two.
    edges : {"keep", "drop"}
        What to do with events near the ends of their own series, whose partner may lie outside
        the record: "keep" them, or "drop" those within `lag` + `delta` of the first time of
        their series (precursor) or of the last (trigger), as the pyunicorn package does.

    Returns
    -------
    Rates
        Shares between 0 and 1, missing where no event is left.

    Raises
    ------
    ValueError
        For an empty or unsorted series, a negative delta or lag, or unknown edges.

    Notes
    -----
    Rates of Donges, Schleussner, Siegmund and Donner (2016). Four binary searches of the shorter
    series in the longer, so the cost grows as m log n and not as n times m.

    Examples
    --------
    >>> coincidence_rates(np.array([3, 10, 20]), np.array([1, 19]), delta=2).precursor
    0.6666666666666666
    """
    a, b = _check_times(a, "a"), _check_times(b, "b")
    if delta < 0 or lag < 0:
        raise ValueError(f"expected delta and lag of at least 0, got {delta!r} and {lag!r}")
    check_one_of("edges", edges, EDGES)
    margin = lag + delta if edges == "drop" else 0
    precursor, trigger = _directed(b, a, lag, lag + delta, margin)
    precursor_reversed, trigger_reversed = _directed(a, b, lag, lag + delta, margin)
    return Rates(precursor, trigger, precursor_reversed, trigger_reversed)


def _check_times(times: np.ndarray, name: str) -> np.ndarray:
    """Return times as a sorted array, or raise."""
    times = np.asarray(times)
    if times.ndim != 1 or not len(times):
        raise ValueError(f"{name} is empty: expected at least one time")
    if np.any(times[1:] < times[:-1]):
        raise ValueError(f"{name} is not sorted: expected times in ascending order")
    return times


def _directed(
    early: np.ndarray, late: np.ndarray, first: int, last: int, margin: int
) -> tuple[float, float]:
    """Return the shares of `late` preceded by an `early`, and of `early` followed by a `late`.

    The shorter series asks, the longer is searched.
    """
    start = int(np.searchsorted(late, late[0] + margin, side="right")) if margin else 0
    stop = int(np.searchsorted(early, early[-1] - margin)) if margin else len(early)
    n_late, n_early = len(late) - start, stop
    if len(early) <= len(late):
        low, high = _slices(early + first, early + last, late)
        followed = int(np.count_nonzero(high[:stop] > low[:stop]))
        preceded = _covered(np.maximum(low, start), np.maximum(high, start))
    else:
        low, high = _slices(late - last, late - first, early)
        preceded = int(np.count_nonzero(high[start:] > low[start:]))
        followed = _covered(np.minimum(low, stop), np.minimum(high, stop))
    return _share_of(preceded, n_late), _share_of(followed, n_early)


def _slices(
    first: np.ndarray, last: np.ndarray, times: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return which slice of the sorted times lies in each interval."""
    return np.searchsorted(times, first), np.searchsorted(times, last, side="right")


def _covered(low: np.ndarray, high: np.ndarray) -> int:
    """Count the places in slices that start and end in ascending order, each place once."""
    fresh = low.copy()
    fresh[1:] = np.maximum(low[1:], high[:-1])
    return int(np.maximum(high - fresh, 0).sum())


def _share_of(hits: int, n: int) -> float:
    """Return a share, missing where there is nothing to share."""
    return hits / n if n else float("nan")


def coincidence(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    rule: CountRule | str,
    *,
    window: Window | None = None,
    by: str | pd.DataFrame | None = None,
    null: str | None = None,
    start: Day | None = None,
    end: Day | None = None,
    design: Design | None = None,
    **others: Any,
) -> pd.DataFrame:
    """Return the share of launch days near an event, and of events near a launch day.

    Parameters
    ----------
    launches, events, rule, by, null, start, end
        As in `event_study`.
    window : (int, int)
        Days a to b after the first day of an event in which a launch day coincides with it;
        (0, 14) by default.
    design : Design, optional
        Choices made once for several studies.
    **others
        Further fields of `Design`: ``adjust``, ``confidence``, ``next_day``, ``family``,
        ``offices``, ``eras``, ``coverage``, ``seed``.

    Returns
    -------
    DataFrame
        Two rows a group: ``group``, ``direction`` ("precursor": launch days with an event
        before them; "trigger": events with a launch day after them; for a window that reaches
        before the event read "near"), ``n_events``, ``n_month``, ``n_unsourced``,
        ``n_undated``, ``n_answers_launch``, ``n`` (launch days, or distinct first days of
        events whose window lies in the period), ``coincidences``, ``rate`` (their share of n),
        ``expected`` (the rate given month and era), ``p_value``,
        ``p_years_permuted``, ``p_adjusted``, ``p_adjusted_by`` (among groups, each direction by
        itself).

    Raises
    ------
    ValueError
        As `event_study`; the window is one of days.

    See Also
    --------
    coincidence_rates : The shares of any two series of times.
    event_study : The rate of launch days in the same windows.

    Notes
    -----
    Analytic p-values take events for independent, which launches are not (Odenweller and Donner
    2020), so both rates are judged by the nulls of `event_study`: for the trigger rate the
    daily series says whether a launch follows.

    References
    ----------
    Donges, J. F., Schleussner, C.-F., Siegmund, J. F. and Donner, R. V. (2016). Event
    coincidence analysis for quantifying statistical interrelationships between event time
    series. European Physical Journal Special Topics 225, 471-487.
    doi:10.1140/epjst/e2015-50233-y

    Odenweller, A. and Donner, R. V. (2020). Disentangling synchrony from serial dependency in
    paired-event time series. Physical Review E 101, 052213. doi:10.1103/PhysRevE.101.052213

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> table = coincidence(load_launches(), load_events("parade"), "days", end="2025-12-31")
    >>> table["direction"].tolist()
    ['precursor', 'trigger']
    """
    design = as_design(design, others, window=window, null=null, start=start, end=end)
    layout = lay_out(launches, events, rule, design, by=by, single=True)
    pair, days = layout.pair(), layout.days
    at = np.flatnonzero(days.launches)
    # the days from which some launch day lies in the window
    follows = Days(cover(at - pair[1], at - pair[0], days.n_days), days.calendar)
    rows = []
    for group in layout.groups:
        ((_, chosen, near),) = layout.placed(group)
        whole = chosen.first[(chosen.first + pair[0] >= 0) & (chosen.first + pair[1] < days.n_days)]
        firsts = cover(whole, whole, days.n_days)
        preceded = _rate(days, near, int(days.launches.sum()), design)
        followed = _rate(follows, firsts, int(firsts.sum()), design)
        for direction, answer in (("precursor", preceded), ("trigger", followed)):
            row = {"group": group.name, "direction": direction, **chosen.counts(), **answer}
            rows.append(row)
    sides = [side.copy() for _, side in pd.DataFrame(rows).groupby("direction", sort=False)]
    return noted(
        pd.concat([add_adjusted(side, design.family) for side in sides]).sort_index(), launches
    )


def _rate(days: Days, marks: np.ndarray, n: int, design: Design) -> dict[str, Any]:
    """Return one rate with its p-values."""
    if not marks.any():
        missing = dict.fromkeys(("rate", "expected", "p_value", "p_years_permuted"), np.nan)
        return {"n": n, "coincidences": 0, **missing}
    hits = round(float((days.launches * marks).sum()))
    shifts, seed = shift_window(days.scores, marks), as_seed(design.seed)
    return {
        "n": n,
        "coincidences": hits,
        "rate": hits / n,
        "expected": float((days.expected * marks).sum()) / n,
        "p_value": two_sided(statistics(shifts, design.null or PLACINGS[0], seed)),
        "p_years_permuted": p_years(days, marks, "launch_days", seed),
    }

"""Every defensible choice at once: the specification curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..counting import Bounds, CountRule, Coverage, Day, resolve_rule
from ..extras import library
from ..series.eras import load_eras_or
from ..series.pvalues import two_sided
from ..series.strata import START, Days, read_days
from ..series.windows import (
    MAIN,
    WESTERN_ZONES,
    Chosen,
    Window,
    check_events,
    check_windows,
    choose,
    cover,
    load_coverage_or,
    window_days,
)
from .effect import measure
from .nulls import NULLS, shift_window, statistics

RULES_TRIED = ("days", "cns", "csis")
WINDOWS_TRIED: tuple[Window | str, ...] = ((0, 6), (0, 13), (0, 29), (-7, 7), (-14, -1), "during")
#: Adjustments tried, by name.
ADJUSTMENTS_TRIED = (("month", "era"),)


def event_sets(events: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return defensible sets of the same events: one table each, all rows of it to be used.

    Parameters
    ----------
    events : DataFrame
        Events of one group.

    Returns
    -------
    dict of str to DataFrame
        "sourced" (the main set), "any confidence", "next day" (sourced, those of US and New York
        calendars a day later) and "no answers" (sourced, without those that answer a launch);
        rows known by month only are never in. A set that equals an earlier one is left out.

    Examples
    --------
    >>> from analysis import load_events
    >>> list(event_sets(load_events("nuclear_test")))
    ['sourced']
    """
    dated = events[events["precision"] == "day"]
    sourced = dated[dated["confidence"].isin(MAIN)]
    sets = {"sourced": sourced, "any confidence": dated}
    if "date_zone" in events:
        later = pd.to_timedelta(sourced["date_zone"].isin(WESTERN_ZONES).astype("int64"), unit="D")
        moved = {
            name: (sourced[name] + later).astype(sourced[name].dtype) for name in ("start", "end")
        }
        sets["next day"] = sourced.assign(**moved)
    if "answers_launch" in events:
        sets["no answers"] = sourced[~sourced["answers_launch"].astype(bool)]
    kept: dict[str, pd.DataFrame] = {}
    for name, table in sets.items():
        if len(table) and not any(_same(table, other) for other in kept.values()):
            kept[name] = table
    return kept


def _same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Say whether two sets hold the same days."""
    days = ["start", "end"]
    return one[days].reset_index(drop=True).equals(other[days].reset_index(drop=True))


def specification_curve(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    *,
    rules: Sequence[CountRule | str] = RULES_TRIED,
    windows: Sequence[Window | str] = WINDOWS_TRIED,
    nulls: Sequence[str] = NULLS,
    periods: Sequence[tuple[Day, Day]] | None = None,
    sets: Mapping[str, pd.DataFrame] | None = None,
    adjust: Sequence[Sequence[str]] = ADJUSTMENTS_TRIED,
    start: Day = START,
    end: Day | None = None,
    level: float = 0.95,
    seed: int = 0,
    n_jobs: int = 1,
    progress: bool = True,
    eras: pd.DataFrame | None = None,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Run the event study under every combination of choices.

    Parameters
    ----------
    launches, events : DataFrame
        As in `event_study`; the events are one group.
    rules : sequence of CountRule or str
        Ways to count a launch.
    windows : sequence
        Windows (first, last), and "during" for start to end. Events that answer a launch are
        left out of windows that reach before the event.
    nulls : sequence of str
        As in `event_study`.
    periods : sequence of (first, last) days, optional
        By default one, from `start` to `end`.
    sets : mapping of str to DataFrame, optional
        Named sets of events, all rows used; `event_sets(events)` by default.
    adjust : sequence of sequences of str
        Strata tried.
    start, end : date-like
        The only period, if `periods` is not given.
    level, seed, eras, coverage
        As in `event_study`.
    n_jobs : int
        Processes (joblib).
    progress : bool
        Show a progress bar.

    Returns
    -------
    DataFrame
        One row a specification, by rising ratio: ``specification`` (number), ``rule``,
        ``window`` ("0..14" or "during"), ``null``, ``adjust``, ``period_start``,
        ``period_end``, ``event_set``, ``n_events``, ``exposure_days``, ``observed``,
        ``expected``, ``dispersion``, ``rate_ratio``, ``low``, ``high``, ``p_value``, and
        ``joint_p_value``: the two-sided p of the median statistic of all specifications that
        share its period, with the same shift applied to all. Missing where a
        specification has nothing to compare.

    Raises
    ------
    ValueError
        As `event_study`.

    Notes
    -----
    After Simonsohn, Simmons and Nelson (2020). Choices are not independent studies: read the
    curve with its joint test, by `specification_summary`.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> curve = specification_curve(
    ...     load_launches(), load_events("parade"), rules=["days"], windows=[(0, 6), (0, 13)],
    ...     nulls=["circular_shift"], end="2025-12-31", progress=False)
    >>> len(curve) == 2 * len(event_sets(load_events("parade")))
    True
    """
    unknown = [null for null in nulls if null not in NULLS]
    if unknown:
        raise ValueError(f"unknown null {unknown[0]!r}: expected {', '.join(NULLS)}")
    if periods is None:
        if end is None:
            raise ValueError("give the last day of the period, or periods")
        periods = [(start, end)]
    coverage, eras = load_coverage_or(coverage), load_eras_or(eras)
    sets = event_sets(events) if sets is None else sets
    if not sets:
        raise ValueError("the group of events is empty: no dated event in it")
    tasks = []
    for first, last in periods:
        for rule in rules:
            for strata in adjust:
                days, bounds = read_days(
                    launches, rule, start=first, end=last, adjust=strata, eras=eras,
                    coverage=coverage,
                )  # fmt: skip
                check_events(events, coverage, bounds)
                named = {"rule": resolve_rule(rule).name, "adjust": " x ".join(strata) or "none"}
                for set_name, table in sets.items():
                    every = tuple(table["confidence"].unique())
                    chosen = [
                        choose(table, bounds, before=before, confidence=every)
                        for before in (False, True)
                    ]
                    labels = {**named, "event_set": set_name}
                    tasks.append((days, bounds, chosen, labels))
    return _run(tasks, windows, nulls, level, seed, n_jobs, progress)


def _run(
    tasks: list,
    windows: Sequence[Window | str],
    nulls: Sequence[str],
    level: float,
    seed: int,
    n_jobs: int,
    progress: bool,
) -> pd.DataFrame:
    """Run all tasks and put their rows and shift statistics together."""
    joblib, tqdm = library("joblib"), library("tqdm.auto").tqdm
    done = joblib.Parallel(n_jobs=n_jobs, return_as="generator")(
        joblib.delayed(_specify)(*task, list(windows), tuple(nulls), level, seed) for task in tasks
    )
    rows: list[dict[str, Any]] = []
    stacks: dict[tuple, list[np.ndarray]] = {}
    for (_, bounds, _, _), (part, stack) in zip(
        tasks, tqdm(done, total=len(tasks), disable=not progress), strict=True
    ):
        rows += part
        stacks.setdefault(bounds, []).extend(stack)
    joint = {bounds: joint_p(np.array(stack)) for bounds, stack in stacks.items()}
    table = pd.DataFrame(rows)
    spans = zip(table["period_start"], table["period_end"], strict=True)
    table["joint_p_value"] = [joint[span] for span in spans]
    table = table.sort_values("rate_ratio", kind="stable", ignore_index=True)
    table.insert(0, "specification", np.arange(1, len(table) + 1))
    return table


def _specify(
    days: Days,
    bounds: Bounds,
    chosen: list[Chosen],
    labels: dict[str, str],
    windows: list[Window | str],
    nulls: tuple[str, ...],
    level: float,
    seed: int,
) -> tuple[list[dict[str, Any]], list[np.ndarray]]:
    """Return the rows of one rule, period and set, and the shift statistics of its windows."""
    rows, stack = [], []
    for window in windows:
        during = isinstance(window, str)
        if during and window != "during":
            raise ValueError(f"unknown window {window!r}: expected two days or 'during'")
        pair = (0, 0) if during else check_windows(window, days.n_days)[0]  # type: ignore[arg-type]
        used = chosen[int(not during and pair[0] < 0)]
        marks = cover(*window_days(used, pair, during), days.n_days)
        answer: dict[str, Any] = {
            **labels,
            "window": "during" if during else f"{pair[0]}..{pair[1]}",
            "period_start": bounds[0],
            "period_end": bounds[1],
            "n_events": len(used.first),
            "exposure_days": int(marks.sum()),
        }
        if not marks.any():
            missing = dict.fromkeys(("rate_ratio", "low", "high", "p_value"), np.nan)
            empty = {**answer, "observed": 0, "expected": 0.0, **missing}
            rows += [{**empty, "null": null} for null in nulls]
            continue
        shifts = shift_window(days, marks)
        effect = measure(days, marks, shifts, level)
        comparable = not np.isnan(effect.rate_ratio)
        if comparable:
            stack.append(shifts.statistic.astype(np.float32))
        for null in nulls:
            values = statistics(days, marks, shifts, null, seed) if comparable else None
            p = np.nan if values is None else two_sided(values)
            rows.append({**answer, "null": null, **effect._asdict(), "p_value": p})
    return rows, stack


def joint_p(stack: np.ndarray) -> float:
    """Return the two-sided p of the median statistic, the same shift applied to all.

    Parameters
    ----------
    stack : ndarray, shape (n_specifications, n_shifts)
        Statistics at every shift, the observed ones in the first column.
    """
    if not len(stack):
        return np.nan
    spread = stack.std(axis=1, keepdims=True)
    return two_sided(np.median(stack / np.where(spread > 0, spread, 1), axis=0).astype(float))


def specification_summary(curve: pd.DataFrame) -> pd.DataFrame:
    """Sum up a specification curve, one row a period.

    Parameters
    ----------
    curve : DataFrame
        As returned by `specification_curve`.

    Returns
    -------
    DataFrame
        ``period_start``, ``period_end``, ``n_specifications``, ``median`` (rate ratio),
        ``lowest``, ``highest``, ``share_same_sign`` (specifications on the median's side of 1),
        ``share_significant`` (of them on that side with p < .05), ``joint_p_value``.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> curve = specification_curve(
    ...     load_launches(), load_events("parade"), rules=["days"], windows=[(0, 6)],
    ...     end="2025-12-31", progress=False)
    >>> specification_summary(curve)["n_specifications"].tolist() == [len(curve)]
    True
    """
    rows = []
    for (first, last), part in curve.groupby(["period_start", "period_end"], sort=True):
        known = part.dropna(subset=["rate_ratio"])
        median = known["rate_ratio"].median()
        same = (known["rate_ratio"] > 1) == (median > 1)
        rows.append(
            {
                "period_start": first,
                "period_end": last,
                "n_specifications": len(known),
                "median": median,
                "lowest": known["rate_ratio"].min(),
                "highest": known["rate_ratio"].max(),
                "share_same_sign": same.mean(),
                "share_significant": (same & (known["p_value"] < 0.05)).mean(),
                "joint_p_value": part["joint_p_value"].iloc[0],
            }
        )
    return pd.DataFrame(rows)

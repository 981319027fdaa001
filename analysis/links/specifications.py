"""Every defensible choice at once: the specification curve."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from tqdm.auto import tqdm

from ..counting import Bounds, CountRule, Day, resolve_rule
from ..errors import check_one_of, need_columns
from ..record.door import through_door
from ..record.notes import noted
from ..record.vocabulary import CONFIDENCES
from ..series.pvalues import two_sided
from ..series.windows import SOURCED, WESTERN_ZONES, Window
from .adjustments import (
    ADJUSTMENTS_TRIED,
    adjustment_name,
    estimator,
    strata_of,
    with_terms,
)
from .design import Design, Layout, as_design, lay_out
from .nulls import PLACINGS

RULES_TRIED = ("days", "cns", "csis")
WINDOWS_TRIED: tuple[Window, ...] = ((0, 6), (0, 13), (0, 29), (-7, 7), (-14, -1), "during")


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
    events = through_door(events, "events", ["date_zone"])
    dated = events[events["precision"] == "day"]
    sourced = dated[dated["confidence"].isin(SOURCED)]
    sets = {"sourced": sourced, "any confidence": dated}
    if "date_zone" in events:
        western = sourced["date_zone"].isin(WESTERN_ZONES)
        later = sourced[["start", "end"]] + pd.Timedelta(days=1)
        sets["next day"] = sourced.assign(**later.where(western, sourced[["start", "end"]]))
    if "answers_launch" in events:
        sets["no answers"] = sourced[~sourced["answers_launch"].astype(bool)]
    kept: dict[str, pd.DataFrame] = {}
    seen: list[list] = []
    for name, table in sets.items():
        days = table[["start", "end"]].to_numpy().tolist()
        if days and days not in seen:
            kept[name] = table
        seen.append(days)
    return kept


def specification_curve(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    *,
    rules: Sequence[CountRule | str] = RULES_TRIED,
    windows: Sequence[Window] = WINDOWS_TRIED,
    nulls: Sequence[str] = PLACINGS[:1],
    periods: Sequence[tuple[Day, Day]] | None = None,
    sets: Mapping[str, pd.DataFrame] | None = None,
    adjust: Sequence[str | Sequence[str]] = ADJUSTMENTS_TRIED,
    n_jobs: int = 1,
    progress: bool = True,
    design: Design | None = None,
    **others: Any,
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
        Nulls that place windows anew: "circular_shift" (the only one by default, so that each
        estimate stands once), "years_permuted", "within_era".
    periods : sequence of (first, last) days, optional
        By default one, from `start` to `end`.
    sets : mapping of str to DataFrame, optional
        Named sets of events, all rows used; `event_sets(events)` by default.
    adjust : sequence of str, or of sequences of str
        Adjustments tried: "none"; "month", "era" and "month x era", strata; "month and era" and
        "month and year", terms that multiply the rate side by side; "regression", given recent
        launches. A sequence such as ``("month", "era")`` names strata.
    n_jobs : int
        Processes (joblib).
    progress : bool
        Show a progress bar.
    design : Design, optional
        Choices made once for several studies; those tried here are not used.
    **others
        Fields of `Design`: ``start`` and ``end`` (the only period, if `periods` is not given),
        ``level``, ``offices``, ``eras``, ``coverage``, ``seed``.

    Returns
    -------
    DataFrame
        One row a specification, by rising ratio: ``specification`` (number), ``rule``,
        ``adjust``, ``event_set``, ``window`` ("0..14" or "during"), ``period_start``,
        ``period_end``, ``n_events``, ``exposure_days``, ``null``, ``observed``, ``expected``,
        ``at_other_rate``, ``rate_ratio``, ``low``, ``high``, ``dispersion``, ``p_value`` (of the
        regression its own, whatever the nulls), and ``joint_p_value``:
        the two-sided p of the median statistic of all specifications that share its period,
        with the same shift applied to all. Missing where a specification has nothing to
        compare.

    Raises
    ------
    ValueError
        As `event_study`.

    See Also
    --------
    specification_summary : One row a period.
    event_sets : The sets tried.

    Notes
    -----
    Choices are not independent studies: read the curve with its joint test, by
    `specification_summary`.

    References
    ----------
    Simonsohn, U., Simmons, J. P. and Nelson, L. D. (2020). Specification curve analysis. Nature
    Human Behaviour 4, 1208-1214. doi:10.1038/s41562-020-0912-z

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> curve = specification_curve(
    ...     load_launches(), load_events("parade"), rules=["days"], windows=[(0, 6), (0, 13)],
    ...     adjust=["month x era"], end="2025-12-31", progress=False)
    >>> len(curve) == 2 * len(event_sets(load_events("parade")))
    True
    """
    for null in nulls:
        check_one_of("null", null, PLACINGS)
    design = as_design(design, others, during=False)
    events = through_door(events, "events", ("category", "kind", "date_zone"))
    sets = event_sets(events) if sets is None else sets
    if not sets:
        raise ValueError("the group of events is empty: no dated event in it")
    design = replace(design, window=windows, confidence=CONFIDENCES, next_day=False)
    spans = [(design.start, design.end)] if periods is None else periods
    tasks = []
    names = [adjustment_name(each) for each in adjust]
    for (first, last), rule, name in product(spans, rules, names):
        tried = replace(design, adjust=strata_of(name), start=first, end=last)
        layout = with_terms(lay_out(launches, events, rule, tried, by=sets), name)
        for group in layout.groups:
            tasks.append((resolve_rule(rule).name, name, layout._replace(groups=[group]), nulls))
    done = Parallel(n_jobs=n_jobs, return_as="generator")(
        delayed(_specify)(*task) for task in tasks
    )
    return noted(_join(list(tqdm(done, total=len(tasks), disable=not progress))), launches)


def _specify(
    rule: str, adjust: str, layout: Layout, nulls: Sequence[str]
) -> tuple[list[dict[str, Any]], list[np.ndarray]]:
    """Return the rows of one rule, adjustment, period and set, and the shift statistics."""
    rows, stack = [], []
    days, (group,) = layout.days, layout.groups
    estimate = estimator(layout, adjust, nulls)
    for window, chosen, marks in layout.placed(group):
        row: dict[str, Any] = {
            "rule": rule,
            "adjust": adjust,
            "event_set": group.name,
            "window": window if isinstance(window, str) else f"{window[0]}..{window[1]}",
            "period_start": days.bounds[0],
            "period_end": days.bounds[1],
            "n_events": len(chosen.first),
            "exposure_days": int(marks.sum()),
        }
        effect, p_values, shifted = estimate(marks)
        if len(shifted):
            stack.append(shifted.astype(np.float32))
        for null, p in p_values.items():
            rows.append({**row, "null": null, **effect._asdict(), "p_value": p})
    return rows, stack


def _join(parts: list[tuple[list[dict[str, Any]], list[np.ndarray]]]) -> pd.DataFrame:
    """Put rows together, with the joint p of all that share a period."""
    table = pd.DataFrame([row for rows, _ in parts for row in rows])
    stacks: dict[Bounds, list[np.ndarray]] = defaultdict(list)
    for rows, stack in parts:
        stacks[rows[0]["period_start"], rows[0]["period_end"]] += stack
    joint = {period: joint_p(np.array(stack)) for period, stack in stacks.items()}
    periods = zip(table["period_start"], table["period_end"], strict=True)
    table["joint_p_value"] = [joint[period] for period in periods]
    table = table.sort_values("rate_ratio", kind="stable", ignore_index=True)
    table.insert(0, "specification", np.arange(1, len(table) + 1))
    return table


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
    told = ("period_start", "period_end", "rate_ratio", "p_value", "joint_p_value")
    need_columns(curve, told, "the curve")
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
    return noted(pd.DataFrame(rows), curve)

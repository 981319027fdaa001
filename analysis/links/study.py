"""Launch days around and during context events: the event study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..counting import CountRule, Day
from ..record.notes import noted
from ..series.pvalues import as_seed, family_p, two_sided
from ..series.windows import Window
from .design import Design, Group, Layout, as_design, lay_out
from .effect import NOTHING, measure
from .judge import add_adjusted, p_years
from .nulls import PRIMARY, shift_window, statistics


def event_study(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    rule: CountRule | str,
    *,
    window: Window | Sequence[Window] | None = None,
    during: bool | None = None,
    by: str | pd.DataFrame | None = None,
    null: str | None = None,
    adjust: Sequence[str] | None = None,
    start: Day | None = None,
    end: Day | None = None,
    design: Design | None = None,
    **others: Any,
) -> pd.DataFrame:
    """Compare launch days in windows around events with those expected from month and era.

    The answer is an association and never a cause: a p-value, the rate of launch days inside
    the windows over the rate outside, and its interval.

    Parameters
    ----------
    launches, events : DataFrame
        Tables like `load_launches()` and `load_events()`.
    rule : CountRule or str
        What counts as a launch; only launch days matter, not how many missiles.
    window : (int, int), "during", or list of these
        Days a to b after the first day of an event, both inclusive, negative before it; (0, 14)
        by default. With several windows each gets a row, and is judged by the largest of all.
    during : bool
        Use the days from `start` to `end` of each event in place of `window`.
    by : str or DataFrame, optional
        A column of the events ("kind", "category"), or a table of groups with the columns
        ``group`` and ``filter`` like `load_groups()`. All events together by default.
    null : {"circular_shift", "years_permuted", "within_era"}
        What `p_value` compares with: the record shifted by every number of days against the
        calendar of events (default); whole years of that calendar permuted, which keeps its
        season; or shifts inside each era.
    adjust : sequence of str
        Strata: "month" and "era" (who leads in Pyongyang, Washington and Seoul; default), one
        of them, or neither.
    start, end : date-like
        First and last day of the period, from 2012 by default. Events that start in it enter.
    design : Design, optional
        Choices made once for several studies.
    **others
        Further fields of `Design`: ``confidence``, ``next_day``, ``level``, ``family``,
        ``offices``, ``eras``, ``coverage``, ``seed``.

    Returns
    -------
    DataFrame
        One row a group (and window): ``group``, ``window_start``, ``window_end`` (days;
        missing with `during`), ``n_events`` used, ``n_month``, ``n_unsourced`` and ``n_undated``
        (left out: known by month only; not sourced; without a first day), ``n_answers_launch``
        (left out of windows that reach before the event, since the launch came first),
        ``n_answering`` (of those used, how many answer a launch: read the first days of their
        windows with care), ``exposure_days`` (distinct days in the windows), ``observed`` and
        ``expected`` launch days in them, ``rate_ratio`` with ``low`` and ``high`` (stratified by
        month and era), ``dispersion`` (variance over that of independent launches), ``p_value``
        (two-sided), ``p_years_permuted`` (the same under permuted years; missing under five
        whole years; it says little of days fixed in the calendar, which permuting hardly
        moves), ``p_family`` (allowing for the choice among windows), ``p_adjusted`` and
        ``p_adjusted_by`` (among groups: Benjamini and Hochberg, Benjamini and Yekutieli). A
        group without a usable event has a row with missing values.

    Raises
    ------
    ValueError
        For an empty group, a window wider than the record, a period outside coverage, an event
        that ends before it starts, or an unknown rule, null, column or adjustment.

    See Also
    --------
    superposed_epoch : The rate at each lag from the event.
    coincidence : Shares of launch days and of events that go together.
    regression : The same given recent launches.
    specification_curve : The same under every combination of choices.
    power : What this test would have detected.

    Notes
    -----
    Every circular shift is compared, by fast Fourier transform, so the default p-value carries
    no simulation error. The statistic is in `analysis.links.nulls`, the interval in
    `analysis.links.effect`; size and coverage are measured by ``tests/proofs/links_size.py``.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> table = event_study(
    ...     load_launches(), load_events("drill"), "days", by="kind", end="2025-12-31")
    >>> {"group", "rate_ratio", "low", "high", "p_value", "p_adjusted"} <= set(table.columns)
    True
    """
    design = as_design(
        design, others, window=window, during=during, null=null, adjust=adjust, start=start, end=end
    )
    layout = lay_out(launches, events, rule, design, by=by)
    if by is None and not layout.groups[0].chosen[0].n_seen:
        raise layout.empty("none")
    table = pd.DataFrame([row for group in layout.groups for row in _group_rows(layout, group)])
    table[["window_start", "window_end"]] = table[["window_start", "window_end"]].astype("Int64")
    return noted(add_adjusted(table, design.family), launches)


def _group_rows(layout: Layout, group: Group) -> list[dict[str, Any]]:
    """Return the rows of one group, one a window."""
    rows: list[dict[str, Any]] = []
    tested: dict[int, np.ndarray] = {}
    for place, (window, chosen, marks) in enumerate(layout.placed(group)):
        answer, values = _judge(layout, marks)
        if values is not None:
            tested[place] = values
        first, last = (pd.NA, pd.NA) if isinstance(window, str) else window
        span = {"group": group.name, "window_start": first, "window_end": last}
        counts = {"n_answering": chosen.n_answering, "exposure_days": int(marks.sum())}
        rows.append({**span, **chosen.counts(), **counts, **answer, "p_family": np.nan})
    if tested:
        judged = family_p(np.stack(list(tested.values())))
        for place, p in zip(tested, judged, strict=True):
            rows[place]["p_family"] = p
    return rows


def _judge(layout: Layout, marks: np.ndarray) -> tuple[dict[str, Any], np.ndarray | None]:
    """Return effect and p-values of one window, and its statistic; missing if none compares."""
    days, design = layout.days, layout.design
    unknown = {"p_value": np.nan, "p_years_permuted": np.nan}
    if not marks.any():
        return {**NOTHING._asdict(), **unknown}, None
    shifts, seed = shift_window(days.scores, marks), as_seed(design.seed)
    effect = measure(days, shifts, design.level)
    if np.isnan(effect.rate_ratio):
        return {**effect._asdict(), **unknown}, None
    values = statistics(shifts, design.null or PRIMARY, seed)
    found = {"p_value": two_sided(values), "p_years_permuted": p_years(shifts, seed)}
    return {**effect._asdict(), **found}, values

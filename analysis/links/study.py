"""Launch days around and during context events: the event study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..counting import CountRule, Day
from ..record.notes import noted
from ..series.pvalues import as_seed, family_p, tail_shares, two_sided
from ..series.strata import Days
from ..series.windows import Chosen, Window
from .by_null import Baselines, NullRatio, baselines, null_ratio
from .design import Design, Group, Layout, as_design, lay_out
from .doubts import e_value, excludes, most_influential, shrink
from .effect import NOTHING, Effect, contrast, measure
from .given_recent import judge_given_recent
from .judge import add_adjusted, p_years
from .nulls import LONG_WINDOW, null_values, shift_window
from .primary import Primary, primary_null
from .single import judge_single


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
    null : {"circular_shift", "years_permuted", "within_era", "given_recent_launches"}, optional
        What `p_value` compares with: the record shifted by every number of days against the
        calendar of events; whole years of that calendar permuted, which keeps its season;
        shifts inside each era; the test of `regression`, which knows recent launches; or
        "long_window", one window against other stretches (`analysis.links.single`). By
        default the rules of `analysis.links.primary` choose, and the row says why.
    adjust : sequence of str
        Strata: "month" and "era" (who leads in Pyongyang, Washington and Seoul; default), one
        of them, or neither.
    start, end : date-like
        First and last day of the period, from 2012 by default. Events that start in it enter.
    design : Design, optional
        Choices made once for several studies.
    **others
        Further fields of `Design`: ``statistic``, ``confidence``, ``next_day``, ``level``,
        ``family``, ``offices``, ``eras``, ``moratoria``, ``coverage``, ``seed``.

    Returns
    -------
    DataFrame
        One row a group (and window): ``group``, ``window_start``, ``window_end`` (days;
        missing with `during`), ``n_events`` used, ``n_month``, ``n_unsourced`` and ``n_undated``
        (left out: known by month only; not sourced; without a first day), ``n_answers_launch``
        (left out of windows that reach before the event, since the launch came first),
        ``n_answering`` (of those used, how many answer a launch: read the first days of their
        windows with care), ``exposure_days`` (distinct days in the windows), ``observed`` and
        ``expected`` launch days in them (the latter at the rate of all days of the same strata,
        the windows included), ``at_other_rate`` (at the rate of the other days: `observed` over
        it is the ratio), ``rate_ratio`` with ``low`` and ``high`` (stratified by month and era),
        ``dispersion`` (variance over that of independent launches), ``null_ratio`` with
        ``null_low`` and ``null_high`` (against the days that the null compares with, which
        ``null_ratio_of`` names: read it where it differs), ``excludes`` (which of a doubling and
        a halving both intervals exclude), ``e_value`` (how strong an unseen confounder must be
        for one of them to hold 1), ``influence_ratio`` and
        ``influence_left_out`` (the ratio furthest from the whole one with one year, era or event
        left out), ``null``, ``null_reason``, ``p_value`` (two-sided), ``p_years_permuted`` (the
        same under permuted years; missing under five whole years; it says little of days fixed
        in the calendar, which permuting hardly moves), ``smallest_p`` (that of the same window
        without any launch: a floor; missing given recent launches), ``p_family`` (allowing
        for the choice among windows), ``shrunk_ratio`` (given the ratios of all groups with the
        same window; see `analysis.links.doubts.shrink`), ``p_adjusted`` and ``p_adjusted_by``
        (among the family: Benjamini and Hochberg, Benjamini and Yekutieli). The family is
        `family`, else the groups that a table of groups marks in its column ``family``, else
        all. A group without a usable event has a row with missing values.

    Raises
    ------
    ValueError
        For an empty group, a window wider than the record, a period outside coverage, an event
        that ends before it starts, or an unknown rule, null, column or adjustment.

    See Also
    --------
    superposed_epoch : The rate at each lag from the event.
    influence : What the ratio rests on, year by year and event by event.
    global_test : Whether the groups together show any link.
    coincidence : Shares of launch days and of events that go together.
    regression : The same given recent launches.
    dose_response : The same at each day of an event, or by its size.
    specification_curve : The same under every combination of choices.
    power : What this test would have detected.

    Notes
    -----
    Every circular shift is compared, by fast Fourier transform, so that p-value carries no
    simulation error. The statistics are in `analysis.links.nulls`, the interval in
    `analysis.links.effect`; size and coverage are measured by ``tests/proofs/links_size.py``.
    The p-value asks whether new launches became more or less frequent, a burst counting once;
    the ratio counts launch days, so that where bursts differ in length the two may part.

    The interval by strata holds the true ratio in .94 to .98 of simulated histories, if the days
    of a stratum are alike but for the events. Where a season lies inside the month it held in
    .86 to .89, where events answer launches in .78, and must not be called one of 95 % there.
    The null's own ratio is for these: of events fixed in the calendar, the maximum-likelihood
    ratio beside a rate for each week of the year and one for each year; where events answer
    launches, the ratio of `regression`. See `analysis.links.by_null`.

    References
    ----------
    Mantel, N. and Haenszel, W. (1959), Journal of the National Cancer Institute 22(4), 719-748,
    doi:10.1093/jnci/22.4.719: the ratio over strata. Phipson, B. and Smyth, G. K. (2010),
    Statistical Applications in Genetics and Molecular Biology 9(1), 39,
    doi:10.2202/1544-6115.1585: p-values of permutations. Benjamini, Y. and Hochberg, Y. (1995),
    Journal of the Royal Statistical Society B 57(1), 289-300,
    doi:10.1111/j.2517-6161.1995.tb02031.x: adjustment over the family. Formulas stand on the
    methods page, ``docs/methods.md``.

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
    shared = baselines(layout)
    rows = [row for group in layout.groups for row in _group_rows(shared, group)]
    table = pd.DataFrame(rows)
    table[["window_start", "window_end"]] = table[["window_start", "window_end"]].astype("Int64")
    table["shrunk_ratio"] = _shrunk(table, table.pop("contrast"))
    return noted(add_adjusted(table, layout.family), launches)


def _group_rows(shared: Baselines, group: Group) -> list[dict[str, Any]]:
    """Return the rows of one group, one a window."""
    layout = shared.layout
    rows: list[dict[str, Any]] = []
    tested: dict[int, np.ndarray] = {}
    primary: Primary | None = None
    for place, (window, chosen, marks) in enumerate(layout.placed(group)):
        first, last = (pd.NA, pd.NA) if isinstance(window, str) else window
        row: dict[str, Any] = {
            "group": group.name,
            "window_start": first,
            "window_end": last,
            **chosen.counts(),
        }
        row |= {"n_answering": chosen.n_answering, "exposure_days": int(marks.sum())}
        effect = _measured(layout, marks)
        row |= _effect(layout, group._replace(chosen=[chosen]), window, marks, effect)
        if not np.isnan(effect.rate_ratio):
            if primary is None:
                primary = _primary(layout, group, chosen, marks)
            row |= primary._asdict()
            row |= _doubts(effect, null_ratio(shared, primary.null, marks, effect))
            row["p_value"], row["p_years_permuted"], tested[place] = _judged(
                shared, primary.null, marks
            )
            row |= _floor(layout, primary.null, marks)
        rows.append(row)
    if tested:
        for place, p in zip(tested, family_p(np.stack(list(tested.values()))), strict=True):
            rows[place]["p_family"] = p
    return rows


def _measured(layout: Layout, marks: np.ndarray) -> Effect:
    """Return the effect of one window by strata."""
    if not marks.any():
        return NOTHING
    return measure(layout.days, shift_window(layout.days.scores, marks), layout.design.level)


def _effect(
    layout: Layout, group: Group, window: Window, marks: np.ndarray, effect: Effect
) -> dict[str, Any]:
    """Return the effect of one window and what it rests on; missing, as its p, if none compares."""
    influence: dict[str, Any] = {"influence_ratio": np.nan, "influence_left_out": ""}
    if not np.isnan(effect.rate_ratio):
        influence = most_influential(layout.days, group, window, marks)
    return {
        **effect._asdict(),
        **_doubts(effect, NullRatio()),
        **influence,
        **{"null": "", "null_reason": "nothing to compare"},
        **dict.fromkeys(("p_value", "p_years_permuted", "p_family", "smallest_p"), np.nan),
        "contrast": contrast(layout.days, marks) if marks.any() else (np.nan,) * 3,
    }


def _doubts(effect: Effect, own: NullRatio) -> dict[str, Any]:
    """Return the null's own ratio, and what the interval by strata and the null's both exclude."""
    low, high = min(effect.low, own.null_low), max(effect.high, own.null_high)
    if np.isnan(own.null_ratio):
        low, high = effect.low, effect.high
    return {
        **own._asdict(),
        "excludes": excludes(low, high),
        "e_value": e_value(effect.rate_ratio, low, high),
    }


def _primary(layout: Layout, group: Group, chosen: Chosen, marks: np.ndarray) -> Primary:
    """Return the null asked for, else the one that the rules give."""
    if layout.design.null:
        return Primary(layout.design.null, "asked for")
    return primary_null(layout.days, chosen, marks, group.timing)


def _judged(shared: Baselines, null: str, marks: np.ndarray) -> tuple[float, float, np.ndarray]:
    """Return p, p under permuted years, and the statistic at every placing."""
    layout = shared.layout
    days, seed = layout.days, as_seed(layout.design.seed)
    statistic = layout.design.statistic
    if null == "given_recent_launches":
        p_value, values = judge_given_recent(days, shared.recent(), marks)
    elif null == LONG_WINDOW:
        p_value = judge_single(days, marks).p_value
        values = null_values(days, marks, statistic=statistic)
    else:
        values = null_values(days, marks, null, statistic=statistic, seed=seed)
        p_value = two_sided(values)
    permuted = p_value if null == "years_permuted" else p_years(days, marks, statistic, seed)
    return p_value, permuted, values


def _floor(layout: Layout, null: str, marks: np.ndarray) -> dict[str, Any]:
    """Return the smallest p in reach; of one long window, the effect by the same test too."""
    if null == LONG_WINDOW:
        single = judge_single(layout.days, marks, layout.design.level)
        return {
            **{k: v for k, v in single._asdict().items() if k != "p_value"},
            "excludes": excludes(single.low, single.high),
            "e_value": e_value(single.rate_ratio, single.low, single.high),
        }
    if null in ("years_permuted", "within_era"):
        return {"smallest_p": _emptied_p(layout, null, marks)}
    if null != "circular_shift":
        return {}
    shifts = shift_window(layout.days.scores, marks)
    empty = int(np.count_nonzero(shifts.residual + shifts.expected < 0.5))
    return {"smallest_p": min(1.0, 2 * max(empty, 1) / layout.days.n_days)}


def _emptied_p(layout: Layout, null: str, marks: np.ndarray) -> float:
    """Return the p of fewer launches on the record without its launch days inside."""
    emptied = Days(layout.days.launches * (1 - marks), layout.days.calendar)
    if not emptied.launches.any():
        return 1.0
    seed = as_seed(layout.design.seed)
    values = null_values(emptied, marks, null, statistic=layout.design.statistic, seed=seed)
    return min(1.0, 2 * tail_shares(values, float(values[0]))[1])


def _shrunk(table: pd.DataFrame, contrasts: pd.Series) -> pd.Series:
    """Shrink the ratios of the groups that share a window."""
    above, below, spread = np.array(contrasts.to_list()).reshape(-1, 3).T
    known = (above + below > 0) & (spread > 0)
    variance = spread * table["dispersion"].to_numpy()
    shrunk = pd.Series(np.nan, table.index)
    for _, rows in table[known].groupby(["window_start", "window_end"], dropna=False):
        at = rows.index
        shrunk[at] = shrink(above[at], below[at], variance[at])
    return shrunk

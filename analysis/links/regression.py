"""Regression of launch days on month, era, recent launches, events and daily covariates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..counting import CountRule, Day
from ..excitation.baselines import calendar_model
from ..excitation.fit import best_of_decays
from ..record.notes import noted
from ..series.pvalues import as_seed
from ..series.windows import Window
from .covariates import NO_EVENTS, lay_covariates
from .design import Design, Layout, as_design, lay_out
from .given_recent import DECAYS, answer, recent_fit, with_window
from .judge import add_adjusted
from .marginal import marginal_ratios


def regression(
    launches: pd.DataFrame,
    events: pd.DataFrame | None,
    rule: CountRule | str,
    *,
    covariates: pd.DataFrame | None = None,
    window: Window | None = None,
    during: bool | None = None,
    by: str | pd.DataFrame | None = None,
    together: bool = False,
    marginal: bool = False,
    start: Day | None = None,
    end: Day | None = None,
    design: Design | None = None,
    **others: Any,
) -> pd.DataFrame:
    """Fit the daily chance of a launch on month, era, recent launches and nearness to events.

    Parameters
    ----------
    launches, events, rule, window, during, by, start, end
        As in `event_study`, with one window. Without events (None), covariates alone.
    covariates : DataFrame, optional
        One row a day: ``date`` and a column of numbers for each covariate, such as
        ``daily_covariates(...)[["date", "share"]]``, lagged by whoever made them. Each enters as
        its deviation from the mean of the same month and year, in standard deviations, so that
        neither season nor a change of coverage can enter; days without a value are at the mean.
        Their null shifts them past the launches as it does windows.
    together : bool
        Fit all groups in one model, each given the others; by default each in its own.
    marginal : bool
        Simulate each fit with its windows on and off, for the ratio of all launch days inside.
    design : Design, optional
        Choices made once for several studies; its null is not used.
    **others
        Further fields of `Design`: ``adjust``, ``confidence``, ``next_day``, ``level``,
        ``family``, ``offices``, ``eras``, ``coverage``, ``seed`` (of the simulation).

    Returns
    -------
    DataFrame
        One row a group, then one a covariate: ``term`` (the group, or the column),
        ``n_events``, ``n_month``, ``n_unsourced``, ``n_undated``, ``n_answers_launch``,
        ``exposure_days`` (of a covariate: days with a value), ``rate_ratio`` (of a covariate:
        for one standard deviation more) with ``low`` and ``high`` (profile likelihood),
        ``ratio_of`` (what it is a ratio of: a day's chance given recent launches), ``p_value``,
        ``p_adjusted``, ``p_adjusted_by``, and of the model: ``excitation`` (further launch days
        expected of one launch day), ``half_life_days`` (of the burst), ``dispersion`` (by which
        the likelihood ratio was divided). With `marginal` also ``marginal_ratio``,
        ``marginal_low`` and ``marginal_high``: all launch days inside, those that others set off
        included, with the windows on over off; missing for covariates. Ratios are associations,
        never causes.

    Raises
    ------
    ValueError
        As `event_study`; and for covariates without a column of numbers or with a day twice.

    See Also
    --------
    event_study : Launch days in windows, whatever launches came before.

    Notes
    -----
    A day has a launch or not, so the likelihood is Bernoulli with P = 1 - exp(-rate), the chance
    that a Poisson process of that rate has at least one launch in the day: the coefficient of an
    event then stays the log of a rate ratio, and a day of many missiles weighs no more than a
    day of one. The rate is

        exp(month + era + year) * ratio + excitation * recent launches * ratio,

    with recent launches decaying exponentially, by a decay chosen by the likelihood (a
    self-exciting process as in Porter and White 2012). Terms of the calendar year, shrunk
    towards none (log standard deviation 0.8), take up drifts that leaders do not explain.
    Likelihood ratios are divided by the dispersion of the score over all circular shifts of the
    window, if above 1; and since their limiting distribution fails where few launches are
    expected, `p_value` is the larger of theirs and that of the score's rank among all shifts.

    The ratio is that of a day's own chance given recent launches. Where a link adds whole bursts,
    part of them is put down to excitation, and the ratio is smaller than that of `event_study`,
    which compares all launch days. `marginal` carries the fit, and the fits at the ends of the
    interval, over to all launch days by simulation: histories of each with the ratio and
    without, from the same random numbers. ``tests/proofs/links_regression.py`` says how often
    both intervals hold the truth, in histories of the model and in others.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> table = regression(load_launches(), load_events("parade"), "days", end="2025-12-31")
    >>> table["term"].tolist()
    ['all']
    """
    design = as_design(design, others, window=window, during=during, start=start, end=end)
    layout = lay_out(launches, events, rule, design, by=by, single=True)
    rows, windows = [], []
    for group in layout.groups:
        ((_, chosen, marks),) = layout.placed(group)
        windows.append(marks)
        counts = {**chosen.counts(), "exposure_days": int(marks.sum())}
        rows.append({"term": group.name, **counts})
    for name, values in lay_covariates(covariates, layout.days.calendar.dates):
        windows.append(np.nan_to_num(values))
        counts = {**NO_EVENTS.counts(), "exposure_days": int(np.isfinite(values).sum())}
        rows.append({"term": name, **counts})
    usable = [place for place, marks in enumerate(windows) if marks.min() < marks.max()]
    if not usable:
        raise layout.empty("no usable one")
    answers = _answers(layout, [windows[place] for place in usable], together, marginal)
    table = pd.DataFrame(rows)
    found = pd.DataFrame(answers, index=usable).reindex(table.index)
    return noted(
        add_adjusted(pd.concat([table, found], axis=1), design.family, name="term"), launches
    )


def _answers(
    layout: Layout, windows: list[np.ndarray], together: bool, marginal: bool
) -> list[dict[str, Any]]:
    """Return the answer on each window, given the others or by itself."""
    days, adjust, level = layout.days, layout.design.adjust, layout.design.level
    if together:
        start = best_of_decays(calendar_model(days, adjust, np.column_stack(windows)), DECAYS)
        starts = [(start, place) for place in range(len(windows))]
    else:
        bare = recent_fit(days, adjust)
        starts = [(with_window(bare, marks), 0) for marks in windows]
    answers = [answer(days, *at, level)[0] for at in starts]
    if marginal:
        seed = as_seed(layout.design.seed)
        for found, at in zip(answers, starts, strict=True):
            found |= marginal_ratios(*at, found, seed)
    return answers

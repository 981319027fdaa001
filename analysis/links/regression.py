"""Regression of launch days on month, era, recent launches, events and daily covariates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, stats

from ..counting import CountRule, Day
from ..excitation.baselines import calendar_model
from ..excitation.fit import RATIO, Fit, best_of_decays, fit
from ..excitation.model import information, odds, slopes
from ..record.notes import noted
from ..series.pvalues import two_sided
from ..series.strata import Days, Scores
from ..series.windows import Window
from .covariates import NO_EVENTS, lay_covariates
from .design import Design, Layout, as_design, lay_out
from .effect import projected_lags, root_of_inverse
from .judge import add_adjusted
from .nulls import shift_window

#: Decays of the burst (a day) among which the likelihood chooses.
DECAYS = (0.8, 0.4, 0.2, 0.1, 0.05, 0.025)


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
    design : Design, optional
        Choices made once for several studies; its null is not used.
    **others
        Further fields of `Design`: ``adjust``, ``confidence``, ``next_day``, ``level``,
        ``family``, ``offices``, ``eras``, ``coverage``.

    Returns
    -------
    DataFrame
        One row a group, then one a covariate: ``term`` (the group, or the column),
        ``n_events``, ``n_month``, ``n_unsourced``, ``n_undated``, ``n_answers_launch``,
        ``exposure_days`` (of a covariate: days with a value), ``rate_ratio`` (of a covariate:
        for one standard deviation more) with ``low`` and ``high`` (profile likelihood),
        ``p_value``, ``p_adjusted``, ``p_adjusted_by``, and of the model: ``excitation`` (further
        launch days expected of one launch day), ``half_life_days`` (of the burst),
        ``dispersion`` (by which the likelihood ratio was divided).
        Ratios are associations, never causes.

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
    which compares all launch days.

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
    answers = _answers(layout, [windows[place] for place in usable], together)
    table = pd.DataFrame(rows)
    found = pd.DataFrame(answers, index=usable).reindex(table.index)
    return noted(
        add_adjusted(pd.concat([table, found], axis=1), design.family, name="term"), launches
    )


def _answers(layout: Layout, windows: list[np.ndarray], together: bool) -> list[dict[str, Any]]:
    """Return the answer on each window, given the others or by itself."""
    days, adjust, level = layout.days, layout.design.adjust, layout.design.level
    if together:
        start = best_of_decays(calendar_model(days, adjust, np.column_stack(windows)), DECAYS)
        return [answer(days, start, place, level)[0] for place in range(len(windows))]
    bare = recent_fit(days, adjust)
    return [answer(days, with_window(bare, marks), 0, level)[0] for marks in windows]


def recent_fit(days: Days, adjust: Sequence[str]) -> Fit:
    """Fit the model of a record without events."""
    return best_of_decays(calendar_model(days, adjust), DECAYS)


def with_window(bare: Fit, marks: np.ndarray) -> Fit:
    """Give a fit without covariates a window that makes no difference."""
    model = replace(bare.model, covariates=marks[:, None])
    return Fit(model, np.append(bare.parameters, 0.0), bare.log_likelihood)


def answer(
    days: Days, start: Fit, place: int, level: float = 0.95
) -> tuple[dict[str, Any], np.ndarray]:
    """Return rate ratio, profile-likelihood interval and p-value of one covariate.

    And its score at every shift, the observed one first.
    """
    whole = hold_ratio(start)
    without = hold_ratio(whole, place, 0.0)
    extra, values = judge_score(days, without, place)
    allowed = float(stats.chi2.ppf(level, 1)) * extra / 2.0
    estimate = float(whole.parameters[whole.model.first_ratio + place])
    ends = [_profile_end(whole, place, estimate, allowed, side) for side in (-1, 1)]
    ratio, low, high = map(_ratio, (estimate, *ends))
    found = {
        "rate_ratio": ratio,
        "low": low,
        "high": high,
        "p_value": _p_value(whole, without, extra, values),
        "excitation": whole.branching_ratio,
        "half_life_days": whole.half_life,
        "dispersion": extra,
    }
    return found, values


def judge_given_recent(days: Days, bare: Fit, marks: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the p-value of a window given recent launches, and its score at every shift."""
    without = hold_ratio(with_window(bare, marks), 0, 0.0)
    whole = hold_ratio(without)
    extra, values = judge_score(days, without, 0)
    return _p_value(whole, without, extra, values), values


def _p_value(whole: Fit, without: Fit, extra: float, values: np.ndarray) -> float:
    """Return the larger p: of the likelihood ratio, bursts allowed for, or of the score's rank."""
    drop = 2.0 * max(0.0, whole.log_likelihood - without.log_likelihood) / extra
    return max(float(stats.chi2.sf(drop, 1)), two_sided(values))


def hold_ratio(near: Fit, place: int | None = None, log_ratio: float = 0.0) -> Fit:
    """Fit anew from nearby, with the decay as it is and perhaps a covariate's ratio held."""
    model = near.model
    held = {model.decay: near.parameters[model.decay]}
    if place is not None:
        held[model.first_ratio + place] = log_ratio
    return fit(model, near.parameters, held=held)


def _ratio(log_ratio: float) -> float:
    """Return the ratio; 0 or infinite where the likelihood sets no end."""
    if log_ratio <= RATIO[0] + 1e-6:
        return 0.0
    return float("inf") if log_ratio >= RATIO[1] - 1e-6 else float(np.exp(log_ratio))


def _profile_end(whole: Fit, place: int, estimate: float, allowed: float, side: int) -> float:
    """Return where the profile likelihood has dropped by what the level allows.

    What is followed is the root of the drop, since it is nearly straight.
    """
    latest, bound = whole, RATIO[1]

    @cache
    def excess(value: float) -> float:
        nonlocal latest
        if value == estimate:
            return -np.sqrt(allowed)
        latest = hold_ratio(latest, place, value)
        lost = max(0.0, whole.log_likelihood - latest.log_likelihood)
        return float(np.sqrt(lost) - np.sqrt(allowed))

    inner, step = estimate, 0.5
    while abs(inner) < bound or inner * side < 0:
        outer = float(np.clip(inner + side * step, -bound, bound))
        if excess(outer) > 0:
            return float(optimize.brentq(excess, inner, outer, xtol=2e-3))
        if abs(outer) >= bound and outer * side > 0:
            break
        inner, step = outer, step * 1.5
    return side * bound


def judge_score(days: Days, without: Fit, place: int) -> tuple[float, np.ndarray]:
    """Return dispersion of the score over all shifts of the window, and its statistic at each.

    The score is that of a log ratio for the window at each shift, at the fit without it; the
    dispersion is its variance over the information that the other parameters leave, and at
    least 1.
    """
    model, rate = without.model, without.rates.rate
    score = np.where(model.launched, rate * odds(rate), -rate)
    told = rate**2 * odds(rate)
    scores = Scores(score, told, float(told.sum()), days.calendar)
    shifts = shift_window(scores, model.covariates[:, place])
    root = root_of_inverse(information(model, without.rates)[: model.decay, : model.decay])
    lags = projected_lags(days.calendar, _term_slopes(without) * told[:, None] @ root)
    taken = float(lags @ shifts.pairs) / days.n_days
    left = shifts.typical - taken
    spread = float(np.mean(shifts.residual**2))
    return max(1.0, spread / left) if left > 1e-9 else 1.0, shifts.statistic


def _term_slopes(found: Fit) -> np.ndarray:
    """Return the slope of each day's log rate in every term's levels and the log excitation."""
    model, parts = found.model, found.rates
    share = parts.factor * parts.background / parts.rate
    burst = slopes(model, parts)[:1].T
    return np.hstack([model.levels[model.cell] * share[:, None], burst])

"""Regression of launch days on month, era, recent launches and nearness to events."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import fft, optimize, stats

from ..counting import CountRule, Day
from ..series.pvalues import two_sided
from ..series.strata import Days, Scores
from ..series.windows import Window
from .design import Design, Layout, as_design, lay_out
from .judge import add_adjusted
from .nulls import shift_window
from .self_exciting import (
    BOUND,
    Fit,
    Model,
    decay_of,
    fit,
    information_of,
    make_model,
    parts_of,
    rates,
    slopes_of,
    with_best_decay,
)


def regression(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    rule: CountRule | str,
    *,
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
        As in `event_study`, with one window.
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
        One row a group: ``term`` (the group), ``n_events``, ``n_month``, ``n_unsourced``,
        ``n_undated``, ``n_answers_launch``, ``exposure_days``, ``rate_ratio`` with ``low`` and
        ``high`` (profile likelihood), ``p_value``, ``p_adjusted``, ``p_adjusted_by``, and of
        the model: ``excitation`` (further launch days expected of one launch day),
        ``half_life_days`` (of the burst), ``dispersion`` (by which the likelihood ratio was
        divided). Ratios are associations, never causes.

    Raises
    ------
    ValueError
        As `event_study`.

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
    usable = [place for place, marks in enumerate(windows) if 0 < marks.sum() < len(marks)]
    if not usable:
        raise layout.empty("no usable one")
    answers = _answers(layout, [windows[place] for place in usable], together)
    table = pd.DataFrame(rows)
    found = pd.DataFrame(answers, index=usable).reindex(table.index)
    return add_adjusted(pd.concat([table, found], axis=1), design.family, name="term")


def _answers(layout: Layout, windows: list[np.ndarray], together: bool) -> list[dict[str, Any]]:
    """Return the answer on each window, given the others or by itself."""
    days, adjust, level = layout.days, layout.design.adjust, layout.design.level
    if together:
        model = make_model(days, adjust, np.column_stack(windows))
        model, start = with_best_decay(model)
        return [answer(days, model, start, place, level) for place in range(len(windows))]
    bare, start = with_best_decay(make_model(days, adjust, np.zeros((days.n_days, 0))))
    at = Fit(start.loglik, np.append(start.parameters, 0.0))
    return [
        answer(days, replace(bare, covariates=marks[:, None]), at, 0, level) for marks in windows
    ]


def answer(days: Days, model: Model, start: Fit, place: int, level: float = 0.95) -> dict[str, Any]:
    """Return rate ratio, profile-likelihood interval and p-value of one covariate."""
    whole = fit(model, start.parameters)
    without = fit(model, whole.parameters, held=(place, 0.0))
    extra, p_rank = judge_score(days, model, without, place)
    estimate = float(whole.parameters[model.n_terms + 1 + place])
    drop = 2.0 * max(0.0, whole.loglik - without.loglik) / extra
    allowed = float(stats.chi2.ppf(level, 1)) * extra / 2.0
    low = _profile_end(model, whole, place, estimate, allowed, -1)
    high = _profile_end(model, whole, place, estimate, allowed, 1)
    decay = decay_of(model)
    return {
        "rate_ratio": _ratio(estimate),
        "low": _ratio(low),
        "high": _ratio(high),
        "p_value": max(float(stats.chi2.sf(drop, 1)), p_rank),
        "excitation": float(np.exp(whole.parameters[model.n_terms])),
        "half_life_days": float(np.log(2) / decay),
        "dispersion": extra,
    }


def _ratio(log_ratio: float) -> float:
    """Return the ratio; 0 or infinite where the likelihood sets no end."""
    if log_ratio <= -BOUND + 1e-6:
        return 0.0
    return float("inf") if log_ratio >= BOUND - 1e-6 else float(np.exp(log_ratio))


def _profile_end(
    model: Model, whole: Fit, place: int, estimate: float, allowed: float, side: int
) -> float:
    """Return where the profile likelihood has dropped by what the level allows."""
    latest = whole.parameters

    def excess(value: float) -> float:
        nonlocal latest
        held = fit(model, latest, held=(place, value))
        latest = held.parameters
        return whole.loglik - held.loglik - allowed

    inner, step = estimate, 0.4
    while abs(inner) < BOUND or inner * side < 0:
        outer = float(np.clip(inner + side * step, -BOUND, BOUND))
        if excess(outer) > 0:
            return float(optimize.brentq(excess, inner, outer, xtol=2e-3))
        if abs(outer) >= BOUND and outer * side > 0:
            break
        inner, step = outer, step * 1.5
    return side * BOUND


def judge_score(days: Days, model: Model, without: Fit, place: int) -> tuple[float, float]:
    """Return dispersion of the score over all shifts of the window, and its two-sided rank p.

    The score is that of a log ratio for the window at each shift, at the fit without it; the
    dispersion is its variance over the information that the other parameters leave, and at
    least 1.
    """
    background, rate, factor = rates(without.parameters, model)
    _, excitation, _ = parts_of(without.parameters, model)
    none = np.exp(-rate)
    chance = np.maximum(1.0 - none, 1e-12)
    score = np.where(model.launched, rate * none / chance, -rate)
    information = rate**2 * none / chance
    scores = Scores(score, information, float(information.sum()), days.calendar)
    shifts = shift_window(scores, model.covariates[:, place])
    slopes = slopes_of(model, factor * background / rate, factor * excitation * model.recent / rate)
    weighted = slopes * information[:, None]
    others = np.arange(model.n_terms + 1)
    matrix = information_of(without.parameters, model)[np.ix_(others, others)]
    inverse = np.linalg.inv(matrix + 1e-6 * np.eye(len(others)))
    root = np.linalg.cholesky((inverse + inverse.T) / 2)
    power = np.abs(fft.rfft(weighted @ root, days.calendar.length, axis=0)) ** 2
    taken = float(days.calendar.circular_pairs(power.sum(axis=1)) @ shifts.pairs) / days.n_days
    left = shifts.typical - taken
    spread = float(np.mean(shifts.residual**2))
    return max(1.0, spread / left) if left > 1e-9 else 1.0, two_sided(shifts.statistic)

"""Regression of launch days on month, era, recent launches and nearness to events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..counting import CountRule, Coverage, Day
from ..extras import library
from ..series.pvalues import two_sided
from ..series.strata import ADJUSTMENTS, START, Days, read_days
from ..series.windows import (
    MAIN,
    Window,
    check_events,
    check_windows,
    choose,
    cover,
    load_coverage_or,
    split_groups,
    window_days,
)
from .nulls import shift_window, studentise
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
from .study import add_adjusted


def regression(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    rule: CountRule | str,
    *,
    window: Window = (0, 14),
    during: bool = False,
    by: str | pd.DataFrame | None = None,
    together: bool = False,
    adjust: Sequence[str] = ADJUSTMENTS,
    start: Day = START,
    end: Day,
    confidence: Sequence[str] = MAIN,
    next_day: bool = False,
    level: float = 0.95,
    eras: pd.DataFrame | None = None,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Fit the daily chance of a launch on month, era, recent launches and nearness to events.

    Parameters
    ----------
    launches, events, rule, window, during, by, adjust, start, end, confidence, next_day, level
        As in `event_study`, with one window.
    together : bool
        Fit all groups in one model, each given the others; by default each in its own.
    eras, coverage : DataFrame, optional
        Tables to use in place of the package's; ``coverage=False`` for no check.

    Returns
    -------
    DataFrame
        One row a group: ``term`` (the group), ``n_events``, ``n_month``, ``n_unsourced``,
        ``n_answers_launch``, ``exposure_days``, ``rate_ratio`` with ``low`` and ``high``
        (profile likelihood), ``p_value``, ``p_adjusted``, ``p_adjusted_by``, and of the model:
        ``excitation`` (further launch days expected of one launch day), ``half_life_days`` (of
        the burst), ``dispersion`` (by which the likelihood ratio was divided). Ratios are
        associations, never causes.

    Raises
    ------
    ValueError
        As `event_study`.

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
    coverage = load_coverage_or(coverage)
    days, bounds = read_days(
        launches, rule, start=start, end=end, adjust=adjust, eras=eras, coverage=coverage
    )
    check_events(events, coverage, bounds)
    pair = (0, 0) if during else check_windows(window, days.n_days)[0]
    rows, windows = [], []
    for name, group in split_groups(events, by):
        chosen = choose(
            group,
            bounds,
            before=not during and pair[0] < 0,
            confidence=confidence,
            next_day=next_day,
        )
        marks = cover(*window_days(chosen, pair, during), days.n_days)
        windows.append(marks)
        rows.append(
            {
                "term": name,
                "n_events": len(chosen.first),
                "n_month": chosen.n_month,
                "n_unsourced": chosen.n_unsourced,
                "n_answers_launch": chosen.n_answers_launch,
                "exposure_days": int(marks.sum()),
            }
        )
    usable = [place for place, marks in enumerate(windows) if 0 < marks.sum() < days.n_days]
    if not usable:
        raise ValueError(
            f"the group of events is empty: no usable one starts from {bounds[0]:%Y-%m-%d} to "
            f"{bounds[1]:%Y-%m-%d}"
        )
    answers = _answers(days, adjust, [windows[place] for place in usable], together, level)
    table = pd.DataFrame(rows)
    found = pd.DataFrame(answers, index=usable).reindex(table.index)
    table = pd.concat([table, found], axis=1)
    adjusted = add_adjusted(table.rename(columns={"term": "group"}).assign(p_family=np.nan))
    return adjusted.drop(columns="p_family").rename(columns={"group": "term"})


def _answers(
    days: Days, adjust: Sequence[str], windows: list[np.ndarray], together: bool, level: float
) -> list[dict[str, Any]]:
    """Return the answer on each window, given the others or by itself."""
    if together:
        model = make_model(days, adjust, np.column_stack(windows))
        model, start = with_best_decay(model)
        return [answer(days, model, start, place, level) for place in range(len(windows))]
    bare, start = with_best_decay(make_model(days, adjust, np.zeros((days.n_days, 0))))
    results = []
    for marks in windows:
        model = Model(bare.launched, bare.codes, bare.penalties, bare.recent, marks[:, None])
        at = Fit(start.loglik, np.append(start.parameters, 0.0))
        results.append(answer(days, model, at, 0, level))
    return results


def answer(days: Days, model: Model, start: Fit, place: int, level: float = 0.95) -> dict[str, Any]:
    """Return rate ratio, profile-likelihood interval and p-value of one covariate."""
    stats = library("scipy.stats")
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
            return float(library("scipy.optimize").brentq(excess, inner, outer, xtol=2e-3))
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
    fft = library("scipy.fft")
    background, rate, factor = rates(without.parameters, model)
    _, excitation, _ = parts_of(without.parameters, model)
    none = np.exp(-rate)
    chance = np.maximum(1.0 - none, 1e-12)
    score = np.where(model.launched, rate * none / chance, -rate)
    information = rate**2 * none / chance
    window = model.covariates[:, place]
    shifts = shift_window(days, window)
    shape = fft.rfft(window, days.calendar.length)
    pair = np.tile(np.stack([score, information]), 2)
    spectrum = fft.rfft(pair, days.calendar.length, axis=1) * shape.conj()
    moved, sizes = fft.irfft(spectrum, days.calendar.length, axis=1)[:, : days.n_days]
    p_rank = two_sided(studentise(moved, sizes, float(sizes.mean())))
    slopes = slopes_of(model, factor * background / rate, factor * excitation * model.recent / rate)
    weighted = slopes * information[:, None]
    others = np.arange(model.n_terms + 1)
    matrix = information_of(without.parameters, model)[np.ix_(others, others)]
    inverse = np.linalg.inv(matrix + 1e-6 * np.eye(len(others)))
    root = np.linalg.cholesky((inverse + inverse.T) / 2)
    power = (np.abs(fft.rfft(weighted @ root, days.calendar.length, axis=0)) ** 2).sum(axis=1)
    taken = float(days.circular_pairs(power) @ shifts.pairs) / days.n_days
    left = float(information.sum() * window.mean()) - taken
    return max(1.0, float(np.mean(moved**2)) / left) if left > 1e-9 else 1.0, p_rank

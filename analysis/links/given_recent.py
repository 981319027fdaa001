"""The test and the ratio of a window given recent launches: fits of the self-exciting model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from scipy import optimize, stats

from ..excitation.baselines import calendar_model
from ..excitation.fit import RATIO, Fit, best_of_decays, fit
from ..excitation.model import information, odds, slopes
from ..series.pvalues import two_sided
from ..series.strata import Days, Scores
from .effect import projected_lags, root_of_inverse
from .nulls import shift_window

#: Decays of the burst (a day) among which the likelihood chooses.
DECAYS = (0.8, 0.4, 0.2, 0.1, 0.05, 0.025)
#: What the regression's ratio is a ratio of.
RATIO_OF = "a day's chance given recent launches"


def recent_fit(days: Days, adjust: Sequence[str]) -> Fit:
    """Fit the model of a record without events."""
    return best_of_decays(calendar_model(days, adjust), DECAYS)


def with_window(bare: Fit, *marks: np.ndarray) -> Fit:
    """Give a fit without covariates a window, or several columns, that make no difference."""
    model = replace(bare.model, covariates=np.column_stack(marks))
    return Fit(model, np.append(bare.parameters, np.zeros(len(marks))), bare.log_likelihood)


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
        "ratio_of": RATIO_OF,
        "p_value": _p_value(whole, without, extra, values),
        "excitation": whole.branching_ratio,
        "half_life_days": whole.half_life,
        "dispersion": extra,
    }
    return found, values


def judge_given_recent(days: Days, bare: Fit, *marks: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the p-value of a window given recent launches, and its score at every shift.

    Of several columns the last is judged, given the others.
    """
    last = len(marks) - 1
    without = hold_ratio(with_window(bare, *marks), last, 0.0)
    whole = hold_ratio(without)
    extra, values = judge_score(days, without, last)
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

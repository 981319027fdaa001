"""Profile likelihood of the self-exciting model: intervals, and the curve behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import optimize, stats

from ..counting import CountRule, Coverage, Day
from ..errors import check_one_of, check_share
from ..series.days import Record, daily_mask
from .baselines import Baseline, make_baseline, offices_of
from .fit import MOST, NONE, Fit, fit, log_decays

#: By how much likelihood ratios exceed their limiting law in records of 70 to 200 launch days, as
#: Bartlett's correction would have it. With it intervals hold ratios from 0 to .6 in 93 to 98 %
#: of 160 simulated records each, without it in 92 to 98 % (tests/proofs/hawkes_recovery.py).
WIDER = 1.1
#: A branching ratio that no record can tell from 0.
_LEAST = 1e-4
_NUDGE = 0.05


def cutoff(level: float) -> float:
    """Return how far below its maximum the profile log-likelihood may fall in an interval.

    Examples
    --------
    >>> round(cutoff(0.95), 2)
    2.11
    """
    return WIDER * float(stats.chi2.ppf(check_share("level", level), 1)) / 2


def cutoff_at_none(level: float) -> float:
    """Return the same for no excitation, where the decay means nothing and is free as well.

    Half the histories gain nothing, as no ratio is below 0; the others gain like two parameters.

    Examples
    --------
    >>> round(cutoff_at_none(0.95), 2)
    2.53
    """
    return WIDER * float(stats.chi2.ppf(max(2 * check_share("level", level) - 1, 0), 2)) / 2


def branching_interval(base: Baseline, best: Fit, level: float) -> tuple[float, float]:
    """Return the branching ratios not rejected: from 0 where no excitation is not."""
    place, cut = best.model.branching, cutoff(level)

    def top(log_ratio: float) -> float:
        return base.fit(held={place: log_ratio}).integrated

    low, high = _ends(top, best.parameters[place], best.integrated - cut, _LEAST, MOST)
    if best.integrated - top(NONE) <= cutoff_at_none(level):
        low = 0.0
    return low, high


def decay_interval(base: Baseline, best: Fit, level: float) -> tuple[float, float]:
    """Return the decays not rejected; 0 and infinity where the search ends first."""
    place, (slowest, fastest) = best.model.decay, np.exp(log_decays(base.half_lives))

    def top(log_decay: float) -> float:
        return base.fit(held={place: log_decay}).integrated

    floor = best.integrated - cutoff(level)
    return _ends(top, best.parameters[place], floor, slowest, fastest)


def piece_interval(
    base: Baseline, best: Fit, place: int, level: float
) -> tuple[float, float, float]:
    """Return rate of one piece of the baseline, not drawn to the others, and those not rejected.

    What integrating the other rates takes from the log-likelihood is taken as linear in the logs
    of ratio and decay, so that all is fitted at once.
    """
    spread = best.model.spread.copy()
    spread[place] = np.inf
    free = replace(best.model, spread=spread)
    tilt = _tilt(replace(best, model=free))

    def near(start: np.ndarray, held: dict[int, float]) -> tuple[float, np.ndarray]:
        found = fit(free, start, held=held, tilt=tilt, half_lives=base.half_lives)
        return found.log_likelihood - tilt @ found.parameters, found.parameters

    highest, start = near(best.parameters, {})
    inside = free.cell == place
    n, days = free.launched[inside].sum(), inside.sum()
    low, high = _ends(
        lambda log_rate: near(start, {place: log_rate})[0],
        start[place],
        highest - cutoff(level),
        0.01 / days,
        4 * (n + 2) / days,
    )
    return float(np.exp(start[place])), low, high


def _tilt(best: Fit) -> np.ndarray:
    """Return the slope, in every parameter, of what integrating out takes: in ratio and decay."""
    tilt, model = np.zeros(len(best.parameters)), best.model
    pair = (model.branching, model.decay)
    for place in pair:
        taken = []
        for nudge in (_NUDGE, -_NUDGE):
            held = {each: best.parameters[each] + nudge * (each == place) for each in pair}
            found = fit(model, best.parameters, held=held)
            taken.append(found.log_likelihood - found.integrated)
        tilt[place] = (taken[0] - taken[1]) / (2 * _NUDGE)
    return tilt


def _ends(
    top: Callable[[float], float], peak: float, floor: float, least: float, most: float
) -> tuple[float, float]:
    """Return between which values a parameter's profile, of its log, stays above the floor.

    0 or infinity where it does so to the end.
    """
    ends = np.log([least, most])
    peak = float(np.clip(peak, *ends))
    found = [0.0, np.inf]
    for side, end in enumerate(ends):
        if top(end) < floor and end != peak:
            low, high = min(end, peak), max(end, peak)
            root = optimize.brentq(lambda at: top(at) - floor, low, high, xtol=1e-3)
            found[side] = float(np.exp(root))
    return found[0], found[1]


def excitation_profile(
    launches: Record,
    rule: CountRule | str | None = None,
    *,
    start: Day | None = None,
    end: Day | None = None,
    parameter: str = "branching_ratio",
    baseline: str | pd.DataFrame = "eras",
    level: float = 0.95,
    points: int = 61,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Trace the profile log-likelihood of the branching ratio or the decay.

    Parameters
    ----------
    launches, rule, start, end, baseline, level, coverage
        As in `self_excitation`.
    parameter : {"branching_ratio", "decay_per_day"}
        What to trace: the branching ratio from 0, or the decay over all that are searched.
    points : int
        How many values.

    Returns
    -------
    DataFrame
        One row a value: ``parameter``, ``value``, ``log_likelihood`` (the largest with the
        parameter held, the rates of pieces integrated out), ``below_maximum`` (how far below
        the largest of all), ``inside`` (whether the interval holds the value),
        ``branching_ratio`` and ``half_life_days`` (at that maximum), ``cutoff`` (of
        ``below_maximum``; higher for a ratio of 0, where the decay means nothing).

    Raises
    ------
    ValueError
        As `self_excitation`, and for another parameter.

    See Also
    --------
    self_excitation : the interval read off the curve.

    Examples
    --------
    >>> from analysis import load_launches
    >>> curve = excitation_profile(load_launches(), start="2012-01-01", end="2025-12-31",
    ...                            baseline="constant", points=31)
    >>> bool(curve["below_maximum"].min() < 0.4)
    True
    """
    check_one_of("parameter", parameter, ("branching_ratio", "decay_per_day"))
    days, launched = daily_mask(launches, rule, start=start, end=end, coverage=coverage)
    base = make_baseline(days, launched, baseline, offices_of(launches))
    best = base.fit()
    if parameter == "decay_per_day":
        place, values = best.model.decay, np.exp(np.linspace(*log_decays(base.half_lives), points))
    else:
        top = max(1.0, branching_interval(base, best, level)[1] * 1.15)
        place, values = best.model.branching, np.linspace(0.0, min(top, MOST), points)
    logs = np.log(np.maximum(values, np.exp(NONE)))
    fits = [base.fit(held={place: value}) for value in logs]
    cuts = np.where(values > 0, cutoff(level), cutoff_at_none(level))
    heights = np.array([each.integrated for each in fits])
    return pd.DataFrame(
        {
            "parameter": parameter,
            "value": values,
            "log_likelihood": heights,
            "below_maximum": np.maximum(best.integrated - heights, 0.0),
            "inside": best.integrated - heights <= cuts,
            "branching_ratio": [each.branching_ratio for each in fits],
            "half_life_days": [each.half_life for each in fits],
            "cutoff": cuts,
        }
    )

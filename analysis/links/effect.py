"""How large a link is: the stratified rate ratio, with an interval that allows for bursts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from ..series.intervals import tail_mass
from ..series.strata import Days
from .nulls import Shifts


class Effect(NamedTuple):
    """Launch days inside a window against outside."""

    observed: int
    expected: float
    rate_ratio: float
    low: float
    high: float
    dispersion: float


#: Of a window without days.
NOTHING = Effect(0, 0.0, np.nan, np.nan, np.nan, np.nan)


def measure(days: Days, shifts: Shifts, level: float = 0.95) -> Effect:
    """Compare the rate of launch days inside a window with the rate outside.

    Parameters
    ----------
    days : Days
        The record.
    shifts : Shifts
        The window, laid on ``days.scores`` at every shift.
    level : float
        Level of the interval.

    Returns
    -------
    Effect
        `observed` launch days inside; `expected` at the rates of their strata; the
        Mantel-Haenszel `rate_ratio` with `low` and `high`; `dispersion`, the variance over all
        circular shifts over the variance that independent launch days would have.

    Notes
    -----
    With a launch days inside and b outside in a stratum of T days, t of them inside, the
    estimate is A / B, A = sum a (T - t) / T and B = sum b t / T (Mantel and Haenszel's
    estimator for rates). A - B is the sum of residuals inside, so ratio and test agree on the
    side. The interval holds the ratios r with

        (A - r B)**2 <= z**2 r C D(r),    C = sum (a + b) t (T - t) / T**2,

    where r C is the variance under independence. D(r) = 1 + (d - 1) 2 r / (1 + r) is the
    dispersion at ratio r, with d the one seen over the shifts and at least 1: half-way between
    bursts that keep their size and bursts that swell with the ratio. The upper bound is finite
    when nothing was observed.
    """
    window, strata, total = shifts.window, days.calendar.strata, days.calendar.stratum_days
    inside = np.bincount(strata, window * days.launches)
    exposed = np.bincount(strata, window)
    outside, free = days.stratum_launches - inside, total - exposed
    above = float((inside * free / total).sum())
    below = float((outside * exposed / total).sum())
    spread = float((days.stratum_launches * exposed * free / total**2).sum())
    extra = dispersion(days, shifts)
    ratio, low, high = np.nan, np.nan, np.nan
    if spread > 0:
        ratio = above / below if below > 0 else np.inf
        low, high = ratio_interval(above, below, spread, extra, level)
    return Effect(
        observed=round(float(inside.sum())),
        expected=float((days.expected * window).sum()),
        rate_ratio=ratio,
        low=low,
        high=high,
        dispersion=extra,
    )


def dispersion(days: Days, shifts: Shifts) -> float:
    """Return the variance of the residual sum over all shifts over its mean stratified variance.

    At least 1: bursts spread the sum out, and less than independent spread is chance.
    """
    stratified = shifts.typical - float(days.stratum_lags @ shifts.pairs) / days.n_days
    if stratified <= 1e-9:
        return 1.0
    return max(1.0, float(np.mean(shifts.residual**2)) / stratified)


def ratio_interval(
    above: float, below: float, spread: float, extra: float, level: float = 0.95
) -> tuple[float, float]:
    """Solve for the ratios that the data do not exclude; see `measure`.

    Examples
    --------
    >>> low, high = ratio_interval(0.0, 4.0, 4.0, 1.5)
    >>> low, round(high, 2)
    (0.0, 1.54)
    """
    z2 = float(special.ndtri(tail_mass(level))) ** 2
    # (above - r below)^2 (1 + r) - z2 spread r ((1 + r) + 2 (extra - 1) r) = 0
    cubic = [
        below**2,
        below**2 - 2 * above * below - z2 * spread * (2 * extra - 1),
        above**2 - 2 * above * below - z2 * spread,
        above**2,
    ]
    roots = np.roots(cubic)
    real = np.sort(roots.real[(np.abs(roots.imag) < 1e-7) & (roots.real > -1e-12)])
    low = float(max(real[0], 0.0)) if above > 0 else 0.0
    high = float(real[-1]) if below > 0 else np.inf
    return low, high

"""How large a link is: the stratified rate ratio, with an interval that allows for bursts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import fft, special

from ..series.intervals import tail_mass
from ..series.strata import Calendar, Days
from .nulls import Shifts


class Effect(NamedTuple):
    """Launch days inside a window against outside."""

    observed: int
    expected: float
    at_other_rate: float
    rate_ratio: float
    low: float
    high: float
    dispersion: float


class Contrast(NamedTuple):
    """A, B and C of `measure`."""

    above: float
    below: float
    spread: float


#: Of a window without days.
NOTHING = Effect(0, 0.0, np.nan, np.nan, np.nan, np.nan, np.nan)


def measure(
    days: Days, shifts: Shifts, level: float = 0.95, parts: Contrast | None = None
) -> Effect:
    """Compare the rate of launch days inside a window with the rate outside.

    Parameters
    ----------
    days : Days
        The record.
    shifts : Shifts
        The window, laid on ``days.scores`` at every shift.
    level : float
        Level of the interval.
    parts : Contrast, optional
        What inside and outside come to; by strata, from `contrast`, where not given.

    Returns
    -------
    Effect
        `observed` launch days inside; `expected` at the rates of their strata, and
        `at_other_rate` at those of the days outside, weighted as the ratio weights them; the
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
    window = shifts.window
    above, below, spread = parts or contrast(days, window)
    observed = round(float((days.launches * window).sum()))
    extra = dispersion(days, shifts)
    ratio, low, high = np.nan, np.nan, np.nan
    if spread > 0:
        ratio = above / below if below > 0 else np.inf
        low, high = ratio_interval(above, below, spread, extra, level)
    return Effect(
        observed=observed,
        expected=float((days.expected * window).sum()),
        at_other_rate=observed / ratio if ratio > 0 else _outside(days, window, below),
        rate_ratio=ratio,
        low=low,
        high=high,
        dispersion=extra,
    )


def contrast(
    days: Days,
    window: np.ndarray,
    stays: np.ndarray | None = None,
    whole: np.ndarray | None = None,
) -> Contrast:
    """Return A, B and C of `measure`, perhaps of a part of the days only.

    Parameters
    ----------
    days : Days
        The record.
    window : ndarray of float, shape (n_days,)
        1 on the days of the window, else 0.
    stays : ndarray of bool, shape (n_days,), optional
        The days to look at.
    whole : ndarray, optional
        `stratum_counts` of all days, where they are known.
    """
    counts = stratum_counts(days, window) if whole is None else whole
    if stays is not None:
        counts = counts - stratum_counts(days, window, np.flatnonzero(~stays))
    total, exposed, all_in, inside = counts
    per_day = np.divide(1.0, total, out=np.zeros(len(total)), where=total > 0)
    above = inside * (total - exposed) * per_day
    below = (all_in - inside) * exposed * per_day
    spread = all_in * exposed * (total - exposed) * per_day**2
    return Contrast(float(above.sum()), float(below.sum()), float(spread.sum()))


def stratum_counts(days: Days, window: np.ndarray, at: np.ndarray | None = None) -> np.ndarray:
    """Return days, window days, launch days and both of each stratum, perhaps of some days only."""
    strata, launches, n = days.calendar.strata, days.launches, len(days.calendar.stratum_days)
    if at is not None:
        strata, launches, window = strata[at], launches[at], window[at]
    weights = (np.ones(len(strata)), window, launches, window * launches)
    return np.array([np.bincount(strata, weight, minlength=n) for weight in weights])


def _outside(days: Days, window: np.ndarray, below: float) -> float:
    """Return the launch days of a window at the rate of the days outside, where it holds none."""
    exposed = np.bincount(days.calendar.strata, window)
    weight = float((exposed * (1 - exposed / days.calendar.stratum_days)).sum())
    return below / weight * float(window.sum()) if weight else np.nan


def dispersion(days: Days, shifts: Shifts) -> float:
    """Return the variance of the residual sum over all shifts over its mean stratified variance.

    At least 1: bursts spread the sum out, and less than independent spread is chance.
    """
    stratified = shifts.typical - float(days.stratum_lags @ shifts.pairs) / days.n_days
    if stratified <= 1e-9:
        return 1.0
    return max(1.0, float(np.mean(shifts.residual**2)) / stratified)


def root_of_inverse(known: np.ndarray) -> np.ndarray:
    """Return a root of the inverse of an information matrix."""
    inverse = np.linalg.inv(known + 1e-6 * np.eye(len(known)))
    return np.linalg.cholesky((inverse + inverse.T) / 2)


def projected_lags(calendar: Calendar, root: np.ndarray) -> np.ndarray:
    """Return what other parameters take of a window's information, by lag of its days.

    Parameters
    ----------
    calendar : Calendar
        The days.
    root : ndarray, shape (n_days, n_parameters)
        Slopes of the days' expectation in the other parameters, times `root_of_inverse` of their
        information: the squares of its sums over the window add up to what they take.

    Returns
    -------
    ndarray of float, shape (n_days,)
        The mean over all shifts of what is taken is the product with the pairs of window days at
        each lag, over the number of days.
    """
    power = np.abs(fft.rfft(root, calendar.length, axis=0)) ** 2
    return calendar.circular_pairs(power.sum(axis=1))


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

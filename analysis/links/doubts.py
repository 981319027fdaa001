"""What a reader needs to doubt a rate ratio: what it rests on, and what could explain it away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from statsmodels.stats.meta_analysis import combine_effects

from ..counting import CountRule
from ..errors import check_one_of
from ..series.strata import Days
from ..series.windows import Window
from .design import Design, Group, as_design, lay_out
from .effect import contrast, stratum_counts

#: What `influence` leaves out.
LEAVING = ("year", "era", "event")
#: Ratios below this, or above its inverse, count as equally far from 1.
_TINY = 1e-3


class Left(NamedTuple):
    """One leaving-out: what, which, and the days that stay (1) or go (0)."""

    kind: str
    left_out: str
    stays: np.ndarray


def influence(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    rule: CountRule | str,
    *,
    by: str | pd.DataFrame | None = None,
    leave: str | Sequence[str] = LEAVING,
    design: Design | None = None,
    **others: Any,
) -> pd.DataFrame:
    """Leave out each year, era and event in turn, to see what a rate ratio rests on.

    Parameters
    ----------
    launches, events, rule, by
        As in `event_study`, with one window.
    leave : str or sequence of str
        "year", "era" (a stretch without a change of hand in the offices) and "event" (the days
        of its window).
    design : Design, optional
        Choices made once for several studies.
    **others
        Fields of `Design`.

    Returns
    -------
    DataFrame
        One row a group and thing left out: ``group``, ``kind``, ``left_out`` (year, first day of
        the era or of the event), ``exposure_days`` and ``observed`` launch days that stay in the
        windows, ``rate_ratio`` of what stays, ``whole_ratio`` with nothing left out.

    Raises
    ------
    ValueError
        As `event_study`, and for an unknown thing to leave out.

    See Also
    --------
    event_study : Its column ``influence_ratio`` is the ratio furthest from the whole one.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> found = influence(
    ...     load_launches(), load_events("nuclear_test"), "days", leave="event", end="2025-12-31")
    >>> len(found)
    4
    """
    kinds = (leave,) if isinstance(leave, str) else tuple(leave)
    for kind in kinds:
        check_one_of("leave", kind, LEAVING)
    design = as_design(design, others)
    layout = lay_out(launches, events, rule, design, by=by, single=True)
    parts = []
    for group in layout.groups:
        ((window, _, marks),) = layout.placed(group)
        for kind, left_out, stays in leavings(layout.days, group, window, kinds):
            row: dict[str, Any] = {"group": group.name, "kind": kind, "left_out": left_out}
            row["exposure_days"] = int(marks[stays].sum())
            row["observed"] = round(float(layout.days.launches[stays] @ marks[stays]))
            row["rate_ratio"] = ratio_without(layout.days, marks, stays)
            row["whole_ratio"] = ratio_without(layout.days, marks, np.ones(len(marks), dtype=bool))
            parts.append(row)
    return pd.DataFrame(parts)


def leavings(
    days: Days, group: Group, window: Window, kinds: Sequence[str] = LEAVING
) -> Iterator[Left]:
    """Give every leaving-out of a group: what, which, and the days that stay."""
    dates = days.calendar.dates
    if "year" in kinds:
        for year in np.unique(days.calendar.year):
            yield Left("year", str(year), days.calendar.year != year)
    if "era" in kinds:
        eras = days.calendar.eras
        for era in np.unique(eras):
            yield Left("era", f"{dates[eras == era][0]:%Y-%m-%d}", eras != era)
    if "event" in kinds:
        (chosen,) = group.chosen
        for first, last in zip(chosen.first, chosen.last, strict=True):
            start, end = (first, last) if isinstance(window, str) else first + np.array(window)
            stays = np.ones(days.n_days, dtype=bool)
            stays[max(start, 0) : max(end + 1, 0)] = False
            yield Left("event", f"{dates[0] + pd.Timedelta(days=int(first)):%Y-%m-%d}", stays)


def ratio_without(
    days: Days, marks: np.ndarray, stays: np.ndarray, whole: np.ndarray | None = None
) -> float:
    """Return the rate ratio of the days that stay; missing where nothing compares."""
    above, below, _ = contrast(days, marks, stays, whole)
    if below > 0:
        return above / below
    return np.inf if above > 0 else np.nan


def most_influential(days: Days, group: Group, window: Window, marks: np.ndarray) -> dict[str, Any]:
    """Return the ratio furthest from the whole one when one year, era or event is left out."""
    whole = stratum_counts(days, marks)
    above, below, _ = contrast(days, marks, whole=whole)
    found, name = np.nan, ""
    furthest = -1.0
    for kind, left_out, stays in leavings(days, group, window):
        ratio = ratio_without(days, marks, stays, whole)
        far = abs(_log(ratio) - _log(above / below if below else np.inf))
        if not np.isnan(ratio) and far > furthest:
            furthest, found, name = far, ratio, f"{kind} {left_out}"
    return {"influence_ratio": found, "influence_left_out": name}


def _log(ratio: float) -> float:
    """Return the log of a ratio, cut where a ratio of 0 or infinity would hide all others."""
    return float(np.log(np.clip(ratio, _TINY, 1 / _TINY)))


def excludes(low: float, high: float) -> str:
    """Say which of a doubling and a halving of the rate an interval excludes.

    Examples
    --------
    >>> excludes(0.6, 1.8), excludes(0.2, 3.0)
    ('both', 'neither')
    """
    if np.isnan(low) or np.isnan(high):
        return ""
    excluded = [words for words, out in (("a doubling", high < 2), ("a halving", low > 0.5)) if out]
    return {0: "neither", 1: excluded[0] if excluded else "", 2: "both"}[len(excluded)]


def e_value(ratio: float, low: float, high: float) -> float:
    """Return how strong an unseen confounder must be for the interval to reach a ratio of 1.

    Parameters
    ----------
    ratio, low, high : float
        Rate ratio and its interval.

    Returns
    -------
    float
        The rate ratio that a confounder would need both with the windows and with launch days;
        1 where the interval holds 1.

    References
    ----------
    VanderWeele, T. J. and Ding, P. (2017). Sensitivity analysis in observational research:
    introducing the E-value. Annals of Internal Medicine 167(4), 268-274. doi:10.7326/M16-2607

    Examples
    --------
    >>> round(e_value(3.2, 1.7, 6.1), 2), e_value(1.2, 0.8, 1.9)
    (2.79, 1.0)
    """
    if np.isnan(ratio):
        return np.nan
    if low <= 1 <= high:
        return 1.0
    nearest = low if low > 1 else 1 / high if high > 0 else np.inf
    return float(nearest + np.sqrt(nearest * (nearest - 1)))


def shrink(above: np.ndarray, below: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Shrink log rate ratios of several groups towards their common mean.

    Parameters
    ----------
    above, below : ndarray of float, shape (n_groups,)
        A and B of `measure`: the ratio is A / B.
    variance : ndarray of float, shape (n_groups,)
        Variance of A - B at a ratio of 1, bursts allowed for.

    Returns
    -------
    ndarray of float, shape (n_groups,)
        Rate ratios: of each group, given that the ratios of all groups vary about a mean.

    Notes
    -----
    A group's log ratio is taken as normal about a true one, and the true ones as normal about a
    mean (random effects, spread by Paule and Mandel). Half an event, as many times as bursts
    widen the variance, is added to A and to B, so that a ratio of 0 has a logarithm.

    References
    ----------
    Paule, R. C. and Mandel, J. (1982). Consensus values and weighting factors. Journal of
    Research of the National Bureau of Standards 87(5), 377-385. doi:10.6028/jres.087.022

    Examples
    --------
    >>> shrink(np.array([30.0, 5.0]), np.array([10.0, 5.0]), np.array([60.0, 15.0])).round(1)
    array([2.5, 1.5])
    """
    half = variance / (above + below) / 2
    log_ratio = np.log((above + half) / (below + half))
    error = variance / ((above + below) / 2 + half) ** 2
    if len(log_ratio) < 2:
        return np.exp(log_ratio)
    with np.errstate(divide="ignore", invalid="ignore"):  # its I squared, where all are equal
        spread = combine_effects(log_ratio, error, method_re="iterated")
    weight = spread.tau2 / (spread.tau2 + error)
    return np.exp(spread.mean_effect_re + weight * (log_ratio - spread.mean_effect_re))

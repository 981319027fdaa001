"""What could have been seen: the smallest links that the record would reveal four times in five."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from tqdm.auto import tqdm

from ..counting import CountRule
from ..errors import check_share, check_whole
from ..excitation.baselines import calendar_model
from ..excitation.fit import best_of_decays
from ..excitation.simulate import simulate_fit
from ..record.notes import noted
from ..series.pvalues import as_seed, generator, tail_shares
from ..series.strata import Calendar, Days
from .design import Design, as_design, lay_out
from .nulls import null_values
from .regression import DECAYS

#: Planted ratios among which the detectable one is interpolated.
ABOVE = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0)
BELOW = (1.0, 0.8, 0.65, 0.5, 0.35, 0.2, 0.1, 0.0)


def power(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    rule: CountRule | str,
    *,
    by: str | pd.DataFrame | None = None,
    alpha: float = 0.05,
    target: float = 0.8,
    histories: int = 200,
    n_jobs: int = 1,
    progress: bool = True,
    design: Design | None = None,
    **others: Any,
) -> pd.DataFrame:
    """Return the rate ratios that the test by all shifts detects in four histories out of five.

    Parameters
    ----------
    launches, events, rule, by
        As in `event_study`, with one window. Every group takes the null of circular shifts,
        whatever the rules of `event_study` would give it.
    alpha : float
        A ratio counts as detected if p is below this, on its side of 1.
    target : float
        The share of histories in which it must be.
    histories : int
        Simulated histories.
    n_jobs : int
        Processes (joblib; a Dask or Ray backend works too).
    progress : bool
        Show a progress bar.
    design : Design, optional
        Choices made once for several studies.
    **others
        Fields of `Design`: ``window``, ``during``, ``adjust``, ``start``, ``end``,
        ``confidence``, ``next_day``, ``offices``, ``eras``, ``coverage``, ``seed`` (of the
        simulation).

    Returns
    -------
    DataFrame
        One row a group: ``group``, ``n_events``, ``exposure_days``, ``expected`` (launch days
        inside, mean of the histories), ``detectable_above`` (smallest ratio above 1 detected,
        missing if none up to ten is), ``detectable_below`` (largest below 1, missing if even no
        launch at all inside would not be detected), ``power_none`` (share of histories in which
        no launch at all inside is detected), ``histories``, ``seed``.

    Raises
    ------
    ValueError
        As `event_study`, and for shares outside 0 to 1 or less than 20 histories.

    Notes
    -----
    Histories come from the self-exciting model of `regression` fitted to the record without
    events, so they burst, drift and have seasons as it does. Ratios below 1 drop launch days
    inside at random; ratios above 1 add those of further independent histories. Ratios given
    are those reached on launch days.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> found = power(
    ...     load_launches(), load_events("nuclear_test"), "days", end="2025-12-31",
    ...     histories=20, progress=False)
    >>> bool(found["detectable_below"].isna().all())
    True
    """
    check_share("alpha", alpha)
    check_share("target", target)
    check_whole("histories", histories, least=20)
    design = as_design(design, others)
    layout = lay_out(launches, events, rule, design, by=by, single=True)
    seed = as_seed(design.seed)
    worlds = simulate(layout.days, design.adjust, histories, int(np.ceil(ABOVE[-1])), seed)
    placed = [next(layout.placed(group)) for group in layout.groups]
    found = Parallel(n_jobs=n_jobs, return_as="generator")(
        delayed(detect)(worlds, layout.days.calendar, marks, alpha, target, seed)
        for _, _, marks in placed
    )
    bar = tqdm(found, total=len(placed), disable=not progress)
    rows = [
        {
            "group": group.name,
            "n_events": len(chosen.first),
            "exposure_days": int(marks.sum()),
            **answer,
        }
        for group, (_, chosen, marks), answer in zip(layout.groups, placed, bar, strict=True)
    ]
    return noted(pd.DataFrame(rows).assign(histories=histories, seed=seed), launches)


def simulate(
    days: Days, adjust: Sequence[str], histories: int, copies: int, seed: int
) -> np.ndarray:
    """Draw histories from the self-exciting model fitted to the record.

    Returns
    -------
    ndarray of bool, shape (copies, histories, n_days)
        Launch days; the copies of one history are independent.
    """
    found = best_of_decays(calendar_model(days, adjust), DECAYS)
    drawn = simulate_fit(found, copies * histories, generator(seed), least=0)
    return drawn.reshape(copies, histories, days.n_days)


def plant(worlds: np.ndarray, inside: np.ndarray, ratio: float, seed: int) -> np.ndarray:
    """Multiply the launch days inside a window by a ratio, in every history.

    The same draws serve every ratio, so that more planted is never less found by chance.
    """
    planted = worlds[0].copy()
    drawn = np.random.default_rng(seed + 1).random((*worlds[0].shape[:1], int(inside.sum())))
    if ratio < 1:
        planted[:, inside] &= drawn < ratio
        return planted
    for copy in range(1, len(worlds)):
        share = ratio - copy
        if share <= 0:
            break
        planted[:, inside] |= worlds[copy][:, inside] & (drawn < share)
    return planted


def detect(
    worlds: np.ndarray,
    calendar: Calendar,
    marks: np.ndarray,
    alpha: float,
    target: float,
    seed: int,
) -> dict[str, Any]:
    """Return the detectable ratios of one window."""
    inside = marks > 0
    base = float(worlds[0][:, inside].sum(axis=1).mean())
    answer: dict[str, Any] = {"expected": base}
    if not base or inside.all():
        missing = dict.fromkeys(("detectable_above", "detectable_below", "power_none"), np.nan)
        return {**answer, **missing}

    def found(ratio: float) -> tuple[float, float]:
        planted = plant(worlds, inside, ratio, seed)
        reached = float(planted[:, inside].sum(axis=1).mean()) / base
        return reached, share_detected(planted, calendar, marks, alpha, above=ratio > 1)

    answer["detectable_above"] = _crossing(found, ABOVE, target)[0]
    answer["detectable_below"], answer["power_none"] = _crossing(found, BELOW, target)
    return answer


def share_detected(
    series: np.ndarray, calendar: Calendar, marks: np.ndarray, alpha: float, above: bool
) -> float:
    """Return the share of histories in which the shift test finds a ratio on the side given."""
    hits = 0
    for launches in series:
        if launches.any():
            values = null_values(Days(launches.astype(float), calendar), marks)
            hits += 2 * tail_shares(values, float(values[0]))[0 if above else 1] < alpha
    return hits / len(series)


def _crossing(found: Any, ratios: Sequence[float], target: float) -> tuple[float, float]:
    """Return the ratio at which power reaches the target (by halving), and power at the last."""
    reached: dict[int, tuple[float, float]] = {0: (1.0, 0.0)}
    low, high = 0, len(ratios) - 1
    reached[high] = found(ratios[high])
    last = reached[high][1]
    if last < target:
        return np.nan, last
    while high - low > 1:
        middle = (low + high) // 2
        reached[middle] = found(ratios[middle])
        if reached[middle][1] >= target:
            high = middle
        else:
            low = middle
    (x0, p0), (x1, p1) = reached[low], reached[high]
    return float(x0 + (x1 - x0) * (target - p0) / (p1 - p0)), last

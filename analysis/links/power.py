"""What could have been seen: the smallest links that the record would reveal four times in five."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from tqdm.auto import tqdm

from ..counting import CountRule
from ..errors import check_share, check_whole
from ..excitation.fit import Fit
from ..excitation.simulate import simulate_fit
from ..record.notes import noted
from ..series.pvalues import as_seed, generator, tail_shares
from ..series.strata import Calendar, Days
from ..series.windows import Chosen
from .design import Design, Group, Layout, as_design, lay_out
from .given_recent import hold_ratio, recent_fit, with_window
from .nulls import PLACINGS, null_values
from .primary import primary_null

#: Planted ratios among which the detectable one is interpolated.
ABOVE = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0)
BELOW = (1.0, 0.8, 0.65, 0.5, 0.35, 0.2, 0.1, 0.0)
#: What is said of each level.
DETECTABLE = ("detectable_above", "detectable_below", "power_none")


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
    """Return the rate ratios that the event study detects in four histories out of five.

    Parameters
    ----------
    launches, events, rule, by
        As in `event_study`, with one window. Each group takes the statistic of the design and
        the null that it or the rules of `event_study` give; where that is the regression, all
        shifts of the same score, which need no fit to each history.
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
        One row a group: ``group``, ``n_events``, ``exposure_days``, ``null``, ``expected``
        (launch days inside, mean of the histories), ``detectable_above`` (smallest ratio above 1
        detected, missing if none up to ten is), ``detectable_below`` (largest below 1, missing if
        even no launch at all inside would not be detected), ``power_none`` (share of histories
        in which no launch at all inside is detected), ``alpha``; the same with ``_family`` at
        the level that a correction over the family asks of its smallest p-value: `alpha` over
        the number of its groups; ``histories``, ``seed``.

    Raises
    ------
    ValueError
        As `event_study`, and for shares outside 0 to 1 or less than 20 histories.

    Notes
    -----
    Histories come from the self-exciting model of `regression` fitted to the record with the
    window, whose ratio is then left out: they burst, drift and have seasons as the record does,
    and their rates are free of what the window itself adds or takes. Ratios below 1 drop launch
    days inside at random; ratios above 1 add those of further independent histories. Ratios
    given are those reached on launch days.

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
    placed = [next(layout.placed(group)) for group in layout.groups]
    bare = recent_fit(layout.days, design.adjust)
    size = len(layout.groups if layout.family is None else layout.family)
    trials = [
        Trial(
            layout.days.calendar, marks, _null(layout, group, chosen, marks), design.statistic, seed
        )
        for group, (_, chosen, marks) in zip(layout.groups, placed, strict=True)
    ]
    found = Parallel(n_jobs=n_jobs, return_as="generator")(
        delayed(detect)(bare, trial, {"": alpha, "_family": alpha / size}, target, histories)
        for trial in trials
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


def _null(layout: Layout, group: Group, chosen: Chosen, marks: np.ndarray) -> str:
    """Return the null that the event study takes; shifts in place of a refit a history."""
    null = layout.design.null
    if null is None and marks.any():
        null = primary_null(layout.days, chosen, marks, group.timing).null
    return null if null in PLACINGS else PLACINGS[0]


def simulate(bare: Fit, marks: np.ndarray, histories: int, copies: int, seed: int) -> np.ndarray:
    """Draw histories of a fit to the record, in which its windows make no difference.

    The ratio of the window is fitted and then left out, so that what launches lie more or less
    often inside than outside does not enter the rates.

    Parameters
    ----------
    bare : Fit
        The model of the record without events.
    marks : ndarray of float, shape (n_days,)
        1 on the days of the windows, else 0.
    histories, copies : int
        How many; the copies of one history are independent.
    seed : int
        Seed of the draws.

    Returns
    -------
    ndarray of bool, shape (copies, histories, n_days)
        Launch days.
    """
    found = hold_ratio(with_window(bare, marks))
    drawn = simulate_fit(found, copies * histories, generator(seed), least=0)
    return drawn.reshape(copies, histories, len(marks))


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


class Trial(NamedTuple):
    """How histories are tested."""

    calendar: Calendar
    #: 1 on the days of the windows, else 0.
    marks: np.ndarray
    null: str
    statistic: str
    seed: int

    def p_values(self, series: np.ndarray, above: bool) -> np.ndarray:
        """Return the two-sided p of each history; 1 where the launches lie on the other side.

        Parameters
        ----------
        series : ndarray of bool, shape (histories, n_days)
            Launch days.
        above : bool
            Whether more launches are looked for, or fewer.
        """
        p_values = np.ones(len(series))
        for place, launches in enumerate(series):
            if launches.any():
                days = Days(launches.astype(float), self.calendar)
                values = null_values(
                    days, self.marks, self.null, statistic=self.statistic, seed=self.seed
                )
                p_values[place] = 2 * tail_shares(values, float(values[0]))[0 if above else 1]
        return p_values


def detect(
    bare: Fit, trial: Trial, alphas: Mapping[str, float], target: float, histories: int
) -> dict[str, Any]:
    """Return the detectable ratios of one window, at each level."""
    inside, seed = trial.marks > 0, trial.seed
    answer: dict[str, Any] = {"null": trial.null}
    if not inside.any() or inside.all():
        return answer | {"expected": np.nan} | _missing(alphas)
    worlds = simulate(bare, trial.marks, histories, int(np.ceil(ABOVE[-1])), seed)
    base = float(worlds[0][:, inside].sum(axis=1).mean())
    answer["expected"] = base
    if not base:
        return answer | _missing(alphas)

    @cache
    def found(ratio: float) -> tuple[float, np.ndarray]:
        planted = plant(worlds, inside, ratio, seed)
        reached = float(planted[:, inside].sum(axis=1).mean()) / base
        return reached, trial.p_values(planted, above=ratio > 1)

    for name, alpha in alphas.items():

        def power_at(ratio: float, alpha: float = alpha) -> tuple[float, float]:
            reached, p_values = found(ratio)
            return reached, float((p_values < alpha).mean())

        above, _ = _crossing(power_at, ABOVE, target)
        below, none = _crossing(power_at, BELOW, target)
        answer |= dict(zip(_names(name), (above, below, none, alpha), strict=True))
    return answer


def _names(suffix: str) -> list[str]:
    """Return the columns of one level."""
    return [f"{name}{suffix}" for name in (*DETECTABLE, "alpha")]


def _missing(alphas: Mapping[str, float]) -> dict[str, float]:
    """Return the columns of all levels where nothing can be detected."""
    missing: dict[str, float] = {}
    for suffix, alpha in alphas.items():
        missing |= dict.fromkeys(_names(suffix), np.nan) | {_names(suffix)[-1]: alpha}
    return missing


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

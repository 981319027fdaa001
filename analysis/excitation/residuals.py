"""Does the self-exciting model fit? Waits between launch days, rescaled by its rates."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..counting import CountRule, Coverage, Day
from ..extras import library
from ..series.days import daily_mask
from ..series.intervals import tail_mass
from ..series.pvalues import generator
from .likelihood import Fit, Series, daily_rates, fit, make_series
from .profile import baseline_pieces
from .simulate import simulate_launch_days


class _Check(NamedTuple):
    """What is compared between the record and records simulated from the fit."""

    uniform: np.ndarray  # in order of time
    distance: float
    neighbours: float


def excitation_residuals(
    launches: pd.DataFrame,
    rule: CountRule | str = "days",
    *,
    start: Day,
    end: Day,
    baseline: str | pd.DataFrame = "eras",
    simulations: int = 199,
    level: float = 0.95,
    seed: int | np.random.Generator = 0,
    n_jobs: int = 1,
    progress: bool = False,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Rescale the waits between launch days so that they are uniform if the model holds.

    Parameters
    ----------
    launches, rule, start, end, baseline, coverage
        As in `self_excitation`.
    simulations : int
        Records simulated from the fit and fitted again, for band and p-values.
    level : float
        Level of the band, at each point.
    seed : int or numpy Generator
        Source of randomness, of the simulations and of the moment within a launch day.
    n_jobs : int
        Processes.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    DataFrame
        One row a launch day, in order of date: ``date``, ``waited_days`` (since the launch
        day before, or since `start`), ``expected`` (launch days that the model expected in
        the wait: exponential of mean 1 if it holds), ``uniform`` (1 - exp(-expected): uniform
        from 0 to 1), ``next_uniform`` (of the next launch day), ``rank`` (of ``uniform``, from
        1), ``quantile`` (where a uniform value of that rank is expected), ``band_low``,
        ``band_high`` (where values of that rank fall in simulated records); and on each row
        ``ks`` (largest distance from uniform), ``ks_p_value``, ``correlation`` (of neighbours
        in time), ``correlation_p_value`` (two-sided), ``simulations``. Plot ``uniform``
        against ``quantile``.

    Raises
    ------
    ValueError
        As `self_excitation`, and for fewer than 1 simulation.

    Notes
    -----
    Time rescaling on days (Haslinger, Pipa and Brown 2010, Neural Computation 22): the rates
    since the last launch day are added up, and of the launch day's own rate the part before
    a moment drawn from its law. Parameters are estimated from the same record, so plain
    Kolmogorov-Smirnov tables would be wrong: band and p-values come from simulated records,
    each fitted anew.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = excitation_residuals(load_launches(), start="2012-01-01", end="2025-12-31",
    ...                              baseline="constant", simulations=19)
    >>> bool(table["uniform"].between(0, 1).all())
    True
    """
    tail = tail_mass(level)
    if simulations < 1:
        raise ValueError(f"expected 1 simulation or more, got {simulations!r}")
    chance = generator(seed)
    days, mask = daily_mask(launches, rule, start=start, end=end, coverage=coverage)
    series = make_series(mask, baseline_pieces(days, baseline)["code"].to_numpy())
    found = fit(series)
    waits = rescaled_waits(series, found, chance)
    check = _check(-np.expm1(-waits))
    drawn = _simulated(series, found, simulations, chance, n_jobs, progress)
    table = pd.DataFrame(
        {
            "date": days[series.hits],
            "waited_days": np.diff(series.hits, prepend=-1),
            "expected": waits,
            "uniform": check.uniform,
            "next_uniform": np.append(check.uniform[1:], np.nan),
        }
    )
    table["rank"] = table["uniform"].rank(method="first").astype(np.int64)
    table["quantile"] = (table["rank"] - 0.5) / len(table)
    ordered = [np.quantile(each.uniform, table["quantile"], method="hazen") for each in drawn]
    table["band_low"], table["band_high"] = np.quantile(ordered, [tail, 1 - tail], axis=0)
    distances = np.array([each.distance for each in drawn])
    neighbours = np.array([each.neighbours for each in drawn])
    return table.assign(
        ks=check.distance,
        ks_p_value=_share(distances >= check.distance),
        correlation=check.neighbours,
        correlation_p_value=min(
            1.0,
            2 * _share(neighbours >= check.neighbours),
            2 * _share(neighbours <= check.neighbours),
        ),
        simulations=simulations,
    )


def rescaled_waits(series: Series, found: Fit, chance: np.random.Generator) -> np.ndarray:
    """Return the launch days expected in each wait for one: exponential if the rates are right."""
    rates = daily_rates(series, found)
    total = np.concatenate([[0.0], np.cumsum(rates)])
    own = rates[series.hits]
    within = -np.log1p(chance.random(len(own)) * np.expm1(-own))
    after = np.concatenate([[0], series.hits[:-1] + 1])
    return total[series.hits] - total[after] + within


def _check(uniform: np.ndarray) -> _Check:
    """Return residuals with their distance from uniform and the correlation of neighbours."""
    ordered = np.sort(uniform)
    n = len(ordered)
    rank = np.arange(1, n + 1)
    distance = np.maximum(rank / n - ordered, ordered - (rank - 1) / n).max()
    return _Check(uniform, float(distance), float(np.corrcoef(uniform[:-1], uniform[1:])[0, 1]))


def _share(at_least: np.ndarray) -> float:
    """Return a simulated p-value, the record itself counted in."""
    return (1 + int(at_least.sum())) / (1 + len(at_least))


def simulated_series(
    series: Series, found: Fit, size: int, chance: np.random.Generator, least: int = 5
) -> list[Series]:
    """Draw records from a fit; those of fewer launch days than `least` are drawn again."""
    kept: list[Series] = []
    baseline = found.baseline[series.piece]
    while len(kept) < size:
        drawn = simulate_launch_days(
            baseline, found.branching, found.decay, size=size - len(kept), seed=chance
        )
        kept += [make_series(mask, series.piece) for mask in drawn if mask.sum() >= least]
    return kept


def _simulated(
    series: Series,
    found: Fit,
    simulations: int,
    chance: np.random.Generator,
    n_jobs: int,
    progress: bool,
) -> list[_Check]:
    """Draw records from the fit, fit each anew and return its residuals."""
    drawn = simulated_series(series, found, simulations, chance)
    tasks: Any = list(zip(drawn, chance.spawn(simulations), strict=True))
    if progress:
        tasks = library("tqdm.auto").tqdm(tasks)
    if n_jobs == 1:
        return [_refit(*task) for task in tasks]
    joblib = library("joblib")
    return joblib.Parallel(n_jobs=n_jobs)(joblib.delayed(_refit)(*task) for task in tasks)


def _refit(series: Series, chance: np.random.Generator) -> _Check:
    """Fit a simulated record and return its residuals."""
    return _check(-np.expm1(-rescaled_waits(series, fit(series), chance)))

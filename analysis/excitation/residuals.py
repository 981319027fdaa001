"""Does the self-exciting model fit? Waits between launch days, rescaled by its rates."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy import stats
from tqdm.auto import tqdm

from ..counting import CountRule, Coverage, Day
from ..errors import check_whole
from ..record.notes import noted
from ..series.days import Record, daily_mask
from ..series.intervals import tail_mass
from ..series.pvalues import generator, simulated_p
from .baselines import Baseline, make_baseline, offices_of
from .fit import Fit, fit
from .simulate import simulate_fit


class Residuals(NamedTuple):
    """Rescaled waits, and what is compared between the record and simulated ones."""

    expected: np.ndarray  # launch days, in order of time
    uniform: np.ndarray
    distance: float
    neighbours: float


def excitation_residuals(
    launches: Record,
    rule: CountRule | str | None = None,
    *,
    start: Day | None = None,
    end: Day | None = None,
    baseline: str | pd.DataFrame = "eras",
    simulations: int = 199,
    level: float = 0.95,
    seed: int | np.random.Generator = 0,
    n_jobs: int = 1,
    progress: bool = True,
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

    See Also
    --------
    self_excitation : the fit whose residuals these are.
    plot_residuals : draws them.

    Notes
    -----
    Time rescaling on days: the rates since the last launch day are added up, and of the launch
    day's own rate the part before a moment drawn from its law. Parameters are estimated from
    the same record, so plain Kolmogorov-Smirnov tables would be wrong: band and p-values come
    from simulated records, each fitted anew; for speed by the largest joint likelihood of all
    parameters, for the record as for them.

    References
    ----------
    Ogata, Y. (1988). Statistical models for earthquake occurrences and residual analysis for
    point processes. Journal of the American Statistical Association 83(401), 9-27.
    doi:10.1080/01621459.1988.10478560

    Haslinger, R., Pipa, G. and Brown, E. (2010). Discrete time rescaling theorem: determining
    goodness of fit for discrete time statistical models of neural spiking. Neural Computation
    22(10), 2477-2506. doi:10.1162/NECO_a_00015

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = excitation_residuals(load_launches(), start="2012-01-01", end="2025-12-31",
    ...                              baseline="constant", simulations=19,
    ...                              progress=False)
    >>> bool(table["uniform"].between(0, 1).all())
    True
    """
    tail = tail_mass(level)
    check_whole("simulations", simulations, least=1)
    rng = generator(seed)
    days, launched = daily_mask(launches, rule, start=start, end=end, coverage=coverage)
    base = make_baseline(days, launched, baseline, offices_of(launches))
    best = _nearby(base, base.fit().parameters, launched)
    seen = rescale(best, rng)
    tasks = zip(simulate_fit(best, simulations, rng), rng.spawn(simulations), strict=True)
    pool = Parallel(n_jobs=n_jobs, return_as="generator")
    done = pool(delayed(_refit_to)(base, best.parameters, mask, child) for mask, child in tasks)
    drawn = list(tqdm(done, total=simulations, disable=not progress))
    table = pd.DataFrame(
        {
            "date": days[launched],
            "waited_days": np.diff(np.flatnonzero(launched), prepend=-1),
            "expected": seen.expected,
            "uniform": seen.uniform,
            "next_uniform": np.append(seen.uniform[1:], np.nan),
        }
    )
    table["rank"] = table["uniform"].rank(method="first").astype(np.int64)
    table["quantile"] = (table["rank"] - 0.5) / len(table)
    ordered = [np.quantile(each.uniform, table["quantile"], method="hazen") for each in drawn]
    table["band_low"], table["band_high"] = np.quantile(ordered, [tail, 1 - tail], axis=0)
    distances, neighbours = np.array([(each.distance, each.neighbours) for each in drawn]).T
    return noted(
        table.assign(
            ks=seen.distance,
            ks_p_value=float(simulated_p(distances, seen.distance, "upper")),
            correlation=seen.neighbours,
            correlation_p_value=float(simulated_p(neighbours, seen.neighbours)),
            simulations=simulations,
        ),
        launches,
    )


def rescale(found: Fit, rng: np.random.Generator) -> Residuals:
    """Return the launch days expected in each wait for one: exponential if the rates are right."""
    rates, hits = found.rates.rate, np.flatnonzero(found.model.launched)
    total = np.concatenate([[0.0], np.cumsum(rates)])
    own = rates[hits]
    within = -np.log1p(rng.random(len(own)) * np.expm1(-own))
    after = np.concatenate([[0], hits[:-1] + 1])
    expected = total[hits] - total[after] + within
    uniform = -np.expm1(-expected)
    neighbours = np.corrcoef(uniform[:-1], uniform[1:])[0, 1]
    distance = stats.kstest(uniform, "uniform").statistic
    return Residuals(expected, uniform, float(distance), float(neighbours))


def _nearby(base: Baseline, start: np.ndarray, launched: np.ndarray) -> Fit:
    """Fit launch days on a baseline from parameters nearby, no rates integrated out."""
    model = replace(base.model, launched=launched)
    return fit(model, start, half_lives=base.half_lives)


def _refit_to(
    base: Baseline, start: np.ndarray, launched: np.ndarray, rng: np.random.Generator
) -> Residuals:
    """Fit a simulated record and return its residuals."""
    return rescale(_nearby(base, start, launched), rng)

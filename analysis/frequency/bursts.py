"""How much more launch counts vary than those of independent launches."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from statsmodels.tsa.stattools import acovf

from ..counting import CountRule, Coverage, Day
from ..errors import unknown
from ..record.notes import noted
from ..series.days import Record, counts_and_days, daily, year_code
from ..series.intervals import tail_mass
from ..series.pvalues import generator, simulated_p

#: Days beyond which launches are taken as unrelated.
MEMORY_DAYS = 60


def dispersion_of_days(
    n: np.ndarray, year: np.ndarray, window: np.ndarray, *, memory: int = MEMORY_DAYS
) -> np.ndarray:
    """Variance over mean of counts in windows of days, from a daily series.

    Parameters
    ----------
    n : array of shape (T,)
        Counts by day.
    year : array of shape (T,)
        Group of each day within which the rate is taken as constant, numbered from 0.
    window : array of shape (k,)
        Lengths of the windows, in days.
    memory : int
        Days beyond which launches are taken as unrelated.

    Returns
    -------
    array of shape (k,)
        Dispersion for each length, at least 1.

    Notes
    -----
    The variance of a sum over W days is the sum of autocovariances at lag h times (W - |h|).
    Residuals from estimated yearly means have autocovariances that are too low by about the
    sum over all lags divided by the days of a year; that is divided out.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> days = rng.poisson(0.5, 3650)
    >>> dispersion_of_days(days, np.arange(3650) // 365, np.array([365])).round(1).tolist()
    [1.3]
    """
    total, window = n.sum(), np.asarray(window, dtype=float)
    if total == 0:
        return np.ones(len(window))
    sizes, totals = np.bincount(year), np.bincount(year, weights=n)
    typical = (sizes * totals).sum() / total  # days of a launch's year
    memory = int(min(memory, typical // 3))
    residual = n - (totals / np.maximum(sizes, 1))[year]
    products = acovf(residual, demean=False, fft=True, nlag=memory) * len(n) / total
    lag = np.arange(1, memory + 1)
    taper = np.clip(1 - lag / window[:, None], 0, None)
    spread = products[0] + 2 * taper @ products[1:]
    kept = 1 + 2 * taper @ (1 - lag / typical)
    return np.maximum(spread / (1 - kept / typical), 1.0)


def burstiness(
    launches: Record,
    rule: CountRule | str | None = None,
    *,
    start: Day | None = None,
    end: Day | None = None,
    windows: tuple[int, ...] = (30, 91, 365),
    memory: int = MEMORY_DAYS,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Measure how much more launch counts vary than independent launches would.

    Parameters
    ----------
    launches, rule, start, end, coverage
        As in `rates`.
    windows : tuple of int
        Window lengths in days.
    memory : int
        Days beyond which launches are taken as unrelated.

    Returns
    -------
    DataFrame
        One row a window: ``window_days``, ``dispersion`` (variance over mean of a count in
        such a window, 1 for independent launches), ``memory_days``, ``n`` (launches used).

    Raises
    ------
    ValueError
        As `counts`, and for windows or a memory below one day.

    See Also
    --------
    dispersion : The same from a count table, with an interval and a test.

    Notes
    -----
    Estimated from autocovariances around yearly means up to `memory` days, so that changes of
    the rate from year to year do not count as bursts. Seasons within the year do: they widen
    the intervals a little.

    Examples
    --------
    >>> from analysis import counts, load_launches
    >>> days = counts(
    ...     load_launches(), "days", freq="day", start="2012-01-01", end="2025-12-31")
    >>> bool((burstiness(days)["dispersion"] > 1.5).all())
    True
    """
    if min(windows) < 1 or memory < 1:
        raise ValueError(f"expected windows and a memory of 1 day or more, got {windows}, {memory}")
    days, n = daily(launches, rule, start=start, end=end, coverage=coverage)
    spread = dispersion_of_days(n, year_code(days), np.array(windows), memory=memory)
    table = pd.DataFrame({"window_days": list(windows), "dispersion": spread})
    return table.assign(memory_days=memory, n=int(n.sum()))


def dispersion(
    counts: pd.DataFrame,
    *,
    within: str | None = None,
    level: float = 0.95,
    simulations: int = 2000,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Test whether counts vary more, or less, than independent launches would.

    Parameters
    ----------
    counts : DataFrame
        As from `counts`: ``n``, ``days`` and, for `within`, a column of groups.
    within : str, optional
        Column whose values share a rate ("year" is made from ``period`` if absent), so that
        changes from group to group do not count. By default one rate holds throughout, and
        bursts and changes of the rate both raise the index.
    level : float
        Confidence level.
    simulations : int
        Simulated tables for each trial value.
    seed : int or Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        One row: ``periods``, ``n``, ``index`` (Pearson's statistic over its degrees of
        freedom; 1 if independent), ``low``, ``high`` (interval for the ratio of variance to
        mean), ``null_low``, ``null_high`` (where the index of independent launches falls),
        ``p_over``, ``p_under`` (one-sided, simulated), ``simulations``, ``verdict``.

    Raises
    ------
    ValueError
        If there are fewer than three periods or no launches, or columns are missing.

    See Also
    --------
    burstiness : From days, for windows of any length.
    autocorrelation : Whether neighbouring periods are alike.

    Notes
    -----
    The interval holds every trial value whose simulated index is not in either tail; counts
    are simulated as negative binomial with variance proportional to the mean (binomial below
    1) and the rate found.

    Examples
    --------
    >>> table = pd.DataFrame({"n": [0, 0, 30, 1, 0, 25, 2, 0], "days": [365] * 8})
    >>> dispersion(table, seed=1)["verdict"].item()
    'more variable than independent launches'
    """
    tail = tail_mass(level)
    n, days = counts_and_days(counts)
    group = group_codes(counts, within)
    free = len(n) - len(np.unique(group))
    if free < 2 or n.sum() == 0:
        raise ValueError(
            f"expected three periods or more and a launch, got {len(n)} periods and "
            f"{n.sum():g} launches"
        )
    rng = generator(seed)
    mean = group_means(n, days, group)

    def index(drawn: np.ndarray) -> np.ndarray:
        means = group_means(drawn, days, group)
        return ((drawn - means) ** 2 / np.where(means > 0, means, 1.0)).sum(axis=-1) / free

    def share_below(trial: float) -> float:
        drawn = index(_draw(mean, trial, simulations, rng))
        return float((drawn < seen).mean() + (drawn == seen).mean() / 2)

    seen = float(index(n))
    null = index(_draw(mean, 1.0, simulations, rng))
    null_low, null_high = np.quantile(null, [tail, 1 - tail])
    p_over, p_under = (float(simulated_p(null, seen, side)) for side in ("upper", "lower"))
    than = "more" if p_over <= tail else "less" if p_under <= tail else "as"
    row = {
        "periods": len(n),
        "n": int(n.sum()),
        "index": seen,
        "low": _invert(share_below, 1 - tail, seen),
        "high": _invert(share_below, tail, seen),
        "null_low": null_low,
        "null_high": null_high,
        "p_over": p_over,
        "p_under": p_under,
        "simulations": simulations,
        "verdict": f"{than} variable {'as' if than == 'as' else 'than'} independent launches",
    }
    return noted(pd.DataFrame([row]), counts)


def group_codes(table: pd.DataFrame, within: str | None) -> np.ndarray:
    """Number the groups of periods that share a rate."""
    if within is None:
        return np.zeros(len(table), dtype=np.int64)
    if within in table:
        return pd.factorize(table[within])[0]
    if within == "year" and "period" in table:
        return pd.factorize(table["period"].dt.year)[0]
    raise unknown("column in within", within, table.columns)


def group_means(n: np.ndarray, days: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Expected counts if each group has one rate; `n` has shape (..., periods)."""
    which = (group == np.unique(group)[:, None]).astype(float)
    return (n @ which.T / (which @ days)) @ which * days


def _draw(mean: np.ndarray, ratio: float, size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw counts with that mean and that ratio of variance to mean, one row a table."""
    shape = (size, len(mean))
    if ratio == 1:
        return rng.poisson(mean, shape)
    if ratio > 1:
        return rng.negative_binomial(np.maximum(mean, 1e-12) / (ratio - 1), 1 / ratio, shape)
    trials = np.floor(mean / (1 - ratio) + rng.random(shape))  # right on average
    return rng.binomial(trials.astype(np.int64), 1 - ratio)


def _invert(share_below: Callable[[float], float], target: float, index: float) -> float:
    """Find the ratio at which the index found has that share of simulated ones below it."""
    low, high = np.log(max(index, 0.02) / 30), np.log(max(index, 0.02) * 60)
    for _ in range(14):
        middle = (low + high) / 2
        if share_below(float(np.exp(middle))) > target:
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2))

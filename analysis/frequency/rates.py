"""Rates and their intervals, for independent and for bursty launches."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from ..counting import CountRule, Coverage, Day, counts
from ..extras import library
from ..series.days import DAYS_A_YEAR, counts_and_days, daily, year_code
from ..series.intervals import garwood, tail_mass
from ..series.pvalues import generator

MEMORY_DAYS = 60
_POISSON = 1 + 1e-9  # below this the negative binomial is the Poisson distribution


def burst_interval(
    n: np.ndarray, dispersion: np.ndarray | float, *, level: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Give the interval for the mean of counts whose variance is `dispersion` times the mean.

    Parameters
    ----------
    n : array of shape (k,)
        Counts.
    dispersion : float or array of shape (k,)
        Variance over mean of a count; below 1 it is taken as 1.
    level : float
        Confidence level.

    Returns
    -------
    tuple of two arrays of shape (k,)
        Lower and upper limit of each mean, in launches.

    Raises
    ------
    ValueError
        For a level outside 0 to 1 or a negative count.

    Notes
    -----
    The mid-p inversion of the negative binomial distribution with mean m and variance
    `dispersion` x m, which is what launches come to when bursts arrive independently and
    have sizes of the logarithmic distribution.

    Examples
    --------
    >>> low, high = burst_interval([10], 6)
    >>> low.round(1).tolist(), high.round(1).tolist()
    ([1.4], [31.4])
    """
    tail = tail_mass(level)
    n = np.asarray(n, dtype=float)
    if (n < 0).any():
        raise ValueError(f"expected counts of 0 or more, got {n.min():g}")
    spread = np.maximum(np.broadcast_to(np.asarray(dispersion, dtype=float), n.shape), 1.0)

    def upper_mid(mean: np.ndarray) -> np.ndarray:
        below, at = _tails(n, mean, spread)
        return 1 - below - at / 2

    def lower_mid(mean: np.ndarray) -> np.ndarray:
        below, at = _tails(n, mean, spread)
        return -(below + at / 2)

    top = (n + 4) * 40 * spread
    low = _bisect(upper_mid, tail, np.full(n.shape, 1e-9), np.maximum(n, 1e-6))
    high = _bisect(lower_mid, -tail, np.maximum(n, 1e-6), top)
    return np.where(n > 0, low, 0.0), high


def _tails(n: np.ndarray, mean: np.ndarray, spread: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return P(N < n) and P(N = n) for the negative binomial with that mean and spread."""
    special = library("scipy.special")
    wide = np.maximum(spread, _POISSON)
    size = mean / (wide - 1)
    poisson = spread <= _POISSON
    least = np.maximum(n, 1)
    upto = np.where(poisson, special.gammaincc(n + 1, mean), special.betainc(size, n + 1, 1 / wide))
    below = np.where(
        poisson, special.gammaincc(least, mean), special.betainc(size, least, 1 / wide)
    )
    below = np.where(n > 0, below, 0.0)
    return below, upto - below


def _bisect(
    rising: Callable[[np.ndarray], np.ndarray], target: float, low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    """Solve rising(x) = target between positive bounds, on a log scale."""
    for _ in range(60):
        middle = np.sqrt(low * high)
        short = rising(middle) < target
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.sqrt(low * high)


def autocovariance(values: np.ndarray, group: np.ndarray, lags: int) -> np.ndarray:
    """Sum products of residuals from the group means, at lags 0 to `lags` days."""
    fft = library("scipy.fft")
    sizes = np.bincount(group)
    means = np.bincount(group, weights=values) / np.maximum(sizes, 1)
    residual = values - means[group]
    length = fft.next_fast_len(len(values) + lags + 1, real=True)
    spectrum = fft.rfft(residual, length)
    return fft.irfft(np.abs(spectrum) ** 2, length)[: lags + 1]


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
    total = n.sum()
    window = np.asarray(window, dtype=float)
    if total == 0:
        return np.ones(len(window))
    sizes = np.bincount(year)
    typical = (sizes * np.bincount(year, weights=n)).sum() / total  # days of a launch's year
    memory = int(min(memory, typical // 3))
    products = autocovariance(np.asarray(n, dtype=float), year, memory) / total
    lag = np.arange(1, memory + 1)
    taper = np.clip(1 - lag / window[:, None], 0, None)
    spread = products[0] + 2 * taper @ products[1:]
    kept = 1 + 2 * taper @ (1 - lag / typical)
    return np.maximum(spread / (1 - kept / typical), 1.0)


def burstiness(
    launches: pd.DataFrame,
    rule: CountRule | str,
    *,
    start: Day,
    end: Day,
    windows: tuple[int, ...] = (30, 91, 365),
    memory: int = MEMORY_DAYS,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Measure how much more launch counts vary than independent launches would.

    Parameters
    ----------
    launches : DataFrame
        One row a launch.
    rule : CountRule or str
        What counts.
    start, end : date-like
        First and last day, inclusive.
    windows : tuple of int
        Window lengths in days.
    memory : int
        Days beyond which launches are taken as unrelated.
    coverage : DataFrame, False or None
        As in `counts`.

    Returns
    -------
    DataFrame
        One row a window: ``window_days``, ``dispersion`` (variance over mean of a count in
        such a window, 1 for independent launches), ``memory_days``, ``n`` (launches used).

    Raises
    ------
    ValueError
        As `counts`, and for windows or a memory below one day.

    Notes
    -----
    Estimated from autocovariances around yearly means up to `memory` days, so that changes of
    the rate from year to year do not count as bursts. Seasons within the year do: they widen
    the intervals a little.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = burstiness(load_launches(), "days", start="2012-01-01", end="2025-12-31")
    >>> bool((table["dispersion"] > 1.5).all())
    True
    """
    if min(windows) < 1 or memory < 1:
        raise ValueError(f"expected windows and a memory of 1 day or more, got {windows}, {memory}")
    days, n = daily(launches, rule, start=start, end=end, coverage=coverage)
    spread = dispersion_of_days(n, year_code(days), np.array(windows), memory=memory)
    return pd.DataFrame(
        {
            "window_days": list(windows),
            "dispersion": spread,
            "memory_days": memory,
            "n": int(n.sum()),
        }
    )


def rate(
    counts: pd.DataFrame, *, dispersion: np.ndarray | float | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Turn a count table into rates with intervals.

    Parameters
    ----------
    counts : DataFrame
        As from `counts`: ``n``, ``days`` and any other columns.
    dispersion : float or array of shape (k,), optional
        Variance over mean of the counts, as from `burstiness`. By default it is read off the
        differences between neighbouring rows, which also counts every change of the rate as
        if it were a burst: wide, but safe. `rates` does better.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        The same rows and columns and ``rate`` (launches a year of 365.25 days),
        ``garwood_low``, ``garwood_high`` (a year, if launches were independent),
        ``dispersion``, ``low``, ``high`` (a year, allowing for bursts: the answer), ``n_low``,
        ``n_high`` (the same for the period, in launches).

    Raises
    ------
    ValueError
        If ``n`` or ``days`` is missing or out of range.

    Examples
    --------
    >>> table = pd.DataFrame({"n": [16, 0, 37], "days": [366, 365, 365]})
    >>> rate(table, dispersion=5.0)[["rate", "garwood_low", "low", "high"]].round(1).values.tolist()
    [[16.0, 9.1, 4.0, 38.8], [0.0, 0.0, 0.0, 7.5], [37.0, 26.1, 15.8, 69.0]]
    """
    n, days = counts_and_days(counts)
    spread = _neighbours(n, days) if dispersion is None else dispersion
    spread = np.maximum(np.broadcast_to(np.asarray(spread, dtype=float), n.shape), 1.0)
    per_year = DAYS_A_YEAR / days
    plain_low, plain_high = garwood(n, level=level)
    low, high = burst_interval(n, spread, level=level)
    return counts.assign(
        rate=n * per_year,
        garwood_low=plain_low * per_year,
        garwood_high=plain_high * per_year,
        dispersion=spread,
        low=low * per_year,
        high=high * per_year,
        n_low=low,
        n_high=high,
    )


def _neighbours(n: np.ndarray, days: np.ndarray) -> float:
    """Dispersion from differences of neighbouring rates."""
    if len(n) < 2 or n.sum() == 0:
        return 1.0
    step = np.diff(n / days)
    common = (n[1:] + n[:-1]) / (days[1:] + days[:-1])
    expected = common * (1 / days[1:] + 1 / days[:-1])
    return float((step**2).sum() / expected.sum())


def rates(
    launches: pd.DataFrame,
    rule: CountRule | str,
    *,
    freq: str,
    start: Day,
    end: Day,
    by: str | None = None,
    level: float = 0.95,
    memory: int = MEMORY_DAYS,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Rates per year, quarter, month, week or day, with burst-aware intervals.

    Parameters
    ----------
    launches : DataFrame
        One row a launch.
    rule : CountRule or str
        What counts.
    freq : {"year", "quarter", "month", "week"}
        Length of the periods.
    start, end : date-like
        First and last day, inclusive; partial periods keep their days.
    by : str, optional
        A launches column: rates for each of its values, each with its own burstiness.
    level : float
        Confidence level.
    memory : int
        Days beyond which launches are taken as unrelated.
    coverage : DataFrame, False or None
        As in `counts`.

    Returns
    -------
    DataFrame
        One row a period (and value): ``period``, [`by`], ``days``, ``n``, ``exact`` and the
        columns of `rate`. The interval is for the rate that the conditions of that period
        implied, not for the spread from one period to the next.

    Raises
    ------
    ValueError
        As `counts`.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = rates(
    ...     load_launches(), "days", freq="year", start="2012-01-01", end="2025-12-31")
    >>> year = table.set_index("period").loc["2022"]
    >>> bool(year["low"] < year["garwood_low"] < year["rate"] < year["high"])
    True
    """
    tail_mass(level)
    table = counts(launches, rule, freq=freq, start=start, end=end, by=by, coverage=coverage)
    spread = np.ones(len(table))
    for value in [None] if by is None else table[by].dropna().unique():
        rows = launches if by is None else launches[launches[by] == value]
        chosen = np.ones(len(table), bool) if by is None else (table[by] == value).to_numpy()
        days, n = daily(rows, rule, start=start, end=end, coverage=coverage)
        window = table["days"].to_numpy()[chosen]
        spread[chosen] = dispersion_of_days(n, year_code(days), window, memory=memory)
    return rate(table, dispersion=spread, level=level)


def era_rates(
    launches: pd.DataFrame,
    rule: CountRule | str,
    eras: pd.DataFrame,
    *,
    start: Day,
    end: Day,
    level: float = 0.95,
    memory: int = MEMORY_DAYS,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Rates under each leader, with burst-aware intervals.

    Parameters
    ----------
    launches : DataFrame
        One row a launch.
    rule : CountRule or str
        What counts.
    eras : DataFrame
        As from `load_eras`: ``start``, ``end``, ``kind``, ``name``.
    start, end : date-like
        First and last day; eras are cut to them.
    level, memory, coverage
        As in `rates`.

    Returns
    -------
    DataFrame
        One row an era that meets the period: ``kind``, ``name``, ``start``, ``end``, ``days``,
        ``n`` and the columns of `rate`.

    Raises
    ------
    ValueError
        As `counts`, and if no era meets the period.

    Examples
    --------
    >>> from analysis import load_eras, load_launches
    >>> table = era_rates(load_launches(), "days", load_eras("dprk_leader"),
    ...                   start="1984-01-01", end="2025-12-31")
    >>> bool(table["rate"].is_monotonic_increasing)
    True
    """
    days, n = daily(launches, rule, start=start, end=end, coverage=coverage)
    rows = []
    for era in eras.to_dict("records"):
        inside = np.asarray((days >= era["start"]) & (days <= era["end"]))
        if inside.any():
            first, last = days[inside][[0, -1]]
            total = int(n[inside].sum())
            rows.append((era["kind"], era["name"], first, last, int(inside.sum()), total))
    if not rows:
        raise ValueError(f"no era meets the period {days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}")
    table = pd.DataFrame(rows, columns=["kind", "name", "start", "end", "days", "n"])
    spread = dispersion_of_days(n, year_code(days), table["days"].to_numpy(), memory=memory)
    return rate(table, dispersion=spread, level=level)


#: Share of a nominal tail at which `dispersion` cuts, since the rate is estimated too.
_TIGHTER = 0.8


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

    Notes
    -----
    The interval holds every trial value whose simulated index is not in either tail; counts
    are simulated as negative binomial with variance proportional to the mean (binomial below
    1) and the rate found. That rate is itself estimated, so the tails are cut at four fifths
    of their nominal size: plain ones covered 92 to 95 % where counts are small and many.

    Examples
    --------
    >>> table = pd.DataFrame({"n": [0, 0, 30, 1, 0, 25, 2, 0], "days": [365] * 8})
    >>> dispersion(table, seed=1)["verdict"].item()
    'more variable than independent launches'
    """
    tail = tail_mass(level)
    n, days = counts_and_days(counts)
    group = _groups(counts, within)
    free = len(n) - len(np.unique(group))
    if free < 2 or n.sum() == 0:
        raise ValueError(
            f"expected three periods or more and a launch, got {len(n)} periods and "
            f"{n.sum():g} launches"
        )
    rng = generator(seed)
    index = float(_index(n[None], days, group, free)[0])
    mean = _expected(n[None], days, group)[0]
    null = _index(rng.poisson(mean, (simulations, len(n))).astype(float), days, group, free)

    def share_below(trial: float) -> float:
        drawn = _index(_draw(mean, trial, simulations, rng), days, group, free)
        return float(((drawn < index).sum() + (drawn == index).sum() / 2) / len(drawn))

    p_over = (1 + (null >= index - 1e-12).sum()) / (1 + simulations)
    p_under = (1 + (null <= index + 1e-12).sum()) / (1 + simulations)
    null_low, null_high = np.quantile(null, [tail, 1 - tail])
    verdict = "as variable as independent launches"
    if p_over <= tail:
        verdict = "more variable than independent launches"
    elif p_under <= tail:
        verdict = "less variable than independent launches"
    return pd.DataFrame(
        {
            "periods": [len(n)],
            "n": [int(n.sum())],
            "index": [index],
            "low": [_invert(share_below, 1 - _TIGHTER * tail, index)],
            "high": [_invert(share_below, _TIGHTER * tail, index)],
            "null_low": [null_low],
            "null_high": [null_high],
            "p_over": [p_over],
            "p_under": [p_under],
            "simulations": [simulations],
            "verdict": [verdict],
        }
    )


def _groups(table: pd.DataFrame, within: str | None) -> np.ndarray:
    """Number the groups that share a rate."""
    if within is None:
        return np.zeros(len(table), dtype=np.int64)
    if within in table:
        return pd.factorize(table[within])[0]
    if within == "year" and "period" in table:
        return pd.factorize(table["period"].dt.year)[0]
    raise ValueError(
        f"unknown column {within!r} in within: expected one of {', '.join(map(str, table.columns))}"
    )


def _expected(n: np.ndarray, days: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Expected counts if each group has one rate; `n` has shape (simulations, periods)."""
    which = (group == np.unique(group)[:, None]).astype(float)
    per_day = (n @ which.T) / (which @ days)
    return (per_day @ which) * days


def _index(n: np.ndarray, days: np.ndarray, group: np.ndarray, free: int) -> np.ndarray:
    """Pearson's statistic over its degrees of freedom, for each simulation."""
    mean = _expected(n, days, group)
    return ((n - mean) ** 2 / np.where(mean > 0, mean, 1.0)).sum(axis=1) / free


def _draw(mean: np.ndarray, ratio: float, size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw counts with that mean and that ratio of variance to mean."""
    shape = (size, len(mean))
    if ratio > 1.001:
        scale = np.where(mean > 0, mean, 1e-12) / (ratio - 1)
        return rng.poisson(rng.gamma(np.broadcast_to(scale, shape)) * (ratio - 1)).astype(float)
    if ratio > 0.999:
        return rng.poisson(mean, shape).astype(float)
    trials = mean / (1 - ratio)
    whole = np.floor(trials + rng.random(shape)).astype(np.int64)  # right on average
    return rng.binomial(whole, 1 - ratio).astype(float)


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

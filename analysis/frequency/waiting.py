"""Days between launch days: the waits, the chance of the next, the longest pauses."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from ..counting import CountRule, Coverage, Day
from ..errors import check_whole, need_columns
from ..record.notes import noted
from ..series.days import Record, daily
from ..series.intervals import garwood, tail_mass
from .waiting_fits import SURVIVAL, best_fits, split_waits


def waiting_times(
    launches: Record,
    rule: CountRule | str | None = None,
    *,
    start: Day | None = None,
    end: Day | None = None,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """List the waits from one launch day to the next.

    Parameters
    ----------
    launches, rule, start, end, coverage
        As in `rates`. The wait that runs at the end is open.

    Returns
    -------
    DataFrame
        One row a wait: ``start`` (launch day), ``end`` (next launch day, or the last day of
        the period), ``days`` (1 for neighbouring days), ``open`` (whether the next launch day
        is not known yet).

    Raises
    ------
    ValueError
        As `counts`, or with fewer than two launch days.

    See Also
    --------
    fit_waiting, waiting_survival, hazard, longest_pauses : What to make of the waits.

    Examples
    --------
    >>> from analysis import load_launches
    >>> waits = waiting_times(load_launches(), start="2012-01-01", end="2025-12-31")
    >>> int(waits["days"].max())
    504
    """
    days, n = daily(launches, rule, start=start, end=end, coverage=coverage)
    starts = days[n > 0]
    if len(starts) < 2:
        raise ValueError(f"expected two launch days or more, got {len(starts)}")
    table = pd.DataFrame({"start": starts, "end": starts[1:].append(days[-1:])})
    table["days"] = (table["end"] - table["start"]).dt.days.astype(np.int64)
    table["open"] = [False] * (len(starts) - 1) + [True]
    return noted(
        table[table["days"] > 0], launches
    )  # no wait runs where the period ends on a launch day


def waiting_survival(waits: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Tabulate the share of waits longer than so many days, seen and fitted.

    Parameters
    ----------
    waits : DataFrame
        As from `waiting_times`.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        One row a number of days from 0 to the longest wait: ``days``, ``observed``
        (Kaplan-Meier), ``low``, ``high`` (its interval at that number of days; missing where
        no wait is longer), ``exponential``, ``weibull``, ``two_rates`` (all: share of waits
        that last longer).

    Raises
    ------
    ValueError
        As `fit_waiting`.

    See Also
    --------
    fit_waiting : The fits in numbers.
    hazard : The chance of a launch day, by the days waited.

    Notes
    -----
    The interval is Greenwood's on the scale of log(-log S), and takes the waits as independent
    of each other: where long waits follow long waits it is too narrow.

    References
    ----------
    Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete observations.
    Journal of the American Statistical Association 53(282), 457-481.
    doi:10.1080/01621459.1958.10501452

    Examples
    --------
    >>> waits = pd.DataFrame({"days": [1, 2, 1, 40, 3, 2], "open": False})
    >>> waiting_survival(waits)["observed"].iloc[:4].round(2).tolist()
    [1.0, 0.67, 0.33, 0.17]
    """
    tail_mass(level)
    ended, running = split_waits(waits)
    days = np.arange(int(max(ended.max(), running.max(initial=0))) + 1)
    curve = stats.ecdf(stats.CensoredData(uncensored=ended, right=running)).sf
    with warnings.catch_warnings():  # scipy warns where the curve has reached 0
        warnings.simplefilter("ignore", RuntimeWarning)
        interval: Any = curve.confidence_interval(level, method="log-log")
    limits = {"low": interval.low.evaluate(days), "high": interval.high.evaluate(days)}
    fits = {m: SURVIVAL[m](days, *p) for m, (p, _) in best_fits(ended, running).items()}
    return pd.DataFrame({"days": days, "observed": curve.evaluate(days)} | limits | fits)


def hazard(
    waits: pd.DataFrame,
    *,
    edges: tuple[int, ...] = (0, 3, 7, 14, 28, 56, 112, 224),
    level: float = 0.95,
) -> pd.DataFrame:
    """Give the chance of a launch day, by how long the pause has lasted.

    Parameters
    ----------
    waits : DataFrame
        As from `waiting_times`.
    edges : tuple of int
        Days since the last launch day at which classes begin; the last class is open.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        One row a class: ``after_days`` and ``to_days`` (waited more than the first and up to
        the second; the second missing for the last class), ``days`` (days spent so), ``n``
        (launch days that came), ``hazard`` (chance a day), ``low``, ``high`` (exact Poisson),
        ``average`` (over all classes, the hazard if bursts made no difference).

    Raises
    ------
    ValueError
        As `fit_waiting`, and for edges not in order from 0.

    See Also
    --------
    waiting_survival : Share of waits longer than so many days.

    Examples
    --------
    >>> waits = pd.DataFrame({"days": [1, 2, 1, 40, 3, 2], "open": False})
    >>> hazard(waits, edges=(0, 3, 7))[["days", "n"]].values.tolist()
    [[12, 5], [4, 0], [33, 1]]
    """
    if list(edges) != sorted(set(edges)) or edges[0] != 0:
        raise ValueError(f"expected edges in order from 0, got {edges!r}")
    ended, running = split_waits(waits)
    bounds = np.append(np.array(edges, dtype=float), np.inf)
    waited = np.concatenate([ended, running])[:, None]
    days = np.clip(waited - bounds[:-1], 0, np.diff(bounds)).sum(axis=0)
    n = np.histogram(ended, bins=bounds + 0.5)[0]
    low, high = garwood(n, level=level)
    exposure = np.where(days > 0, days, np.nan)
    return noted(
        pd.DataFrame(
            {
                "after_days": list(edges),
                "to_days": np.append(bounds[1:-1], np.nan),
                "days": days.astype(np.int64),
                "n": n,
                "hazard": n / exposure,
                "low": low / exposure,
                "high": np.minimum(high / exposure, 1.0),
                "average": len(ended) / waited.sum(),
            }
        ),
        waits,
    )


def longest_pauses(waits: pd.DataFrame, *, top: int = 10) -> pd.DataFrame:
    """List the longest pauses and how unusual each is.

    Parameters
    ----------
    waits : DataFrame
        As from `waiting_times`.
    top : int
        How many.

    Returns
    -------
    DataFrame
        One row a pause, longest first: ``rank``, ``start``, ``end``, ``days``, ``open``,
        ``share`` (of all waits at least as long), and under each fitted model the chance that
        the longest of as many waits is at least so long: ``p_exponential``, ``p_weibull``,
        ``p_two_rates``.

    Raises
    ------
    ValueError
        As `fit_waiting`, and for `top` below 1.

    See Also
    --------
    fit_waiting : The models.

    Examples
    --------
    >>> waits = pd.DataFrame({
    ...     "start": pd.to_datetime(["2020-01-01", "2020-01-02", "2020-01-05", "2020-03-01"]),
    ...     "end": pd.to_datetime(["2020-01-02", "2020-01-05", "2020-03-01", "2020-03-04"]),
    ...     "days": [1, 3, 56, 3], "open": False})
    >>> longest_pauses(waits, top=1)[["days", "share"]].values.tolist()
    [[56.0, 0.25]]
    """
    check_whole("top", top, least=1)
    need_columns(waits, ("start", "end"), "the waits")
    fits = best_fits(*split_waits(waits))
    order = waits.sort_values("days", ascending=False, kind="stable", ignore_index=True)
    table = order.head(top)[["start", "end", "days", "open"]]
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    longest = table["days"].to_numpy(dtype=float)
    table["share"] = (order["days"].to_numpy() >= longest[:, None]).mean(axis=1)
    for model, (parameters, _) in fits.items():
        longer = np.minimum(SURVIVAL[model](longest - 1, *parameters), 1 - 1e-16)
        table[f"p_{model}"] = -np.expm1(len(order) * np.log1p(-longer))
    return noted(table, waits)

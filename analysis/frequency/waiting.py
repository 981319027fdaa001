"""Days between launch days: their distribution, the hazard of the next, the longest pauses."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from ..counting import CountRule, Coverage, Day, launch_days, period_bounds
from ..extras import library
from ..series.intervals import garwood, tail_mass

MODELS = ("exponential", "weibull", "two_rates")
_NAMES = {
    "exponential": ("rate",),
    "weibull": ("scale", "shape"),
    "two_rates": ("share_short", "short_rate", "long_rate"),
}
_UNITS = {"scale": "days", "shape": "", "share_short": ""}
Survival = Callable[[np.ndarray], np.ndarray]


def waiting_times(
    launches: pd.DataFrame,
    rule: CountRule | str = "days",
    *,
    start: Day,
    end: Day,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """List the waits from one launch day to the next.

    Parameters
    ----------
    launches : DataFrame
        One row a launch.
    rule : CountRule or str
        What makes a day a launch day.
    start, end : date-like
        First and last day, inclusive. The wait that runs at the end is open.
    coverage : DataFrame, False or None
        As in `counts`.

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

    Examples
    --------
    >>> from analysis import load_launches
    >>> waits = waiting_times(load_launches(), start="2012-01-01", end="2025-12-31")
    >>> int(waits["days"].max())
    504
    """
    _, last = period_bounds(start, end)
    days = launch_days(launches, rule, start=start, end=end, coverage=coverage)
    dates = pd.DatetimeIndex(days).as_unit("us")
    if len(dates) < 2:
        raise ValueError(f"expected two launch days or more, got {len(dates)}")
    running = last > dates[-1]
    ends = dates[1:].append(pd.DatetimeIndex([last]).as_unit("us")) if running else dates[1:]
    starts = dates if running else dates[:-1]
    table = pd.DataFrame({"start": starts, "end": ends})
    table["days"] = (table["end"] - table["start"]).dt.days.astype(np.int64)
    table["open"] = False
    if running:
        table.loc[table.index[-1], "open"] = True
    return table


def _split(waits: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return complete and open waits."""
    missing = [column for column in ("days", "open") if column not in waits]
    if missing:
        raise ValueError(f"the waits have no column {', '.join(missing)}: see `waiting_times`")
    days = waits["days"].to_numpy(dtype=float)
    still = waits["open"].to_numpy(dtype=bool)
    if (days[~still] < 1).any() or (days < 0).any() or (~still).sum() < 2:
        raise ValueError("expected two complete waits or more, of one day at least")
    return days[~still], days[still]


def survival(model: str, parameters: np.ndarray) -> Survival:
    """Make the function that gives the chance of waiting longer than so many days."""
    if model == "exponential":
        (rate,) = parameters
        return lambda t: np.exp(-rate * t)
    if model == "weibull":
        scale, shape = parameters
        return lambda t: np.exp(-((t / scale) ** shape))
    share, short, long = parameters
    return lambda t: share * np.exp(-short * t) + (1 - share) * np.exp(-long * t)


def _height(live: Survival, done: np.ndarray, still: np.ndarray) -> float:
    """Log-likelihood of waits known to the day: the chance of ending on just that day."""
    chance = np.maximum(live(done - 1) - live(done), 1e-300)
    return float(np.log(chance).sum() + np.log(np.maximum(live(still), 1e-300)).sum())


def _exponential(done: np.ndarray, still: np.ndarray) -> np.ndarray:
    """Most likely rate, which is closed form: launch days among days waited."""
    trials = done.sum() + still.sum()
    chance = len(done) / trials
    return np.array([-np.log1p(-min(chance, 1 - 1e-9))])


def _natural(model: str, free: np.ndarray) -> np.ndarray:
    """Turn unbounded numbers into parameters."""
    if model == "two_rates":
        share = 1 / (1 + np.exp(-free[0]))
        long = np.exp(free[1])
        return np.array([share, long + np.exp(free[2]), long])
    return np.exp(free)


def _starts(model: str, done: np.ndarray) -> list[list[float]]:
    """Give starting points of the search."""
    mean = float(done.mean())
    if model == "weibull":
        return [[np.log(mean), -0.3]]
    return [[q, np.log(b / mean), np.log(a / mean)] for q, a, b in ((0, 5, 0.4), (1, 2, 0.1))]


def _best(
    model: str, done: np.ndarray, still: np.ndarray, fixed: float | None = None
) -> tuple[np.ndarray, float]:
    """Maximise the likelihood; `fixed` holds the Weibull shape."""
    if model == "exponential":
        parameters = _exponential(done, still)
        return parameters, _height(survival(model, parameters), done, still)

    def loss(free: np.ndarray) -> float:
        whole = free if fixed is None else np.array([free[0], np.log(fixed)])
        with np.errstate(over="ignore", under="ignore"):
            return -_height(survival(model, _natural(model, whole)), done, still)

    optimize = library("scipy.optimize")
    if fixed is not None:
        centre = np.log(done.mean())
        scale = optimize.minimize_scalar(
            lambda value: loss(np.array([value])), bracket=(centre - 0.5, centre + 0.5)
        )
        return np.array([np.exp(scale.x), fixed]), -float(scale.fun)
    # Nelder and Mead's method: two or three parameters, and no thread started for them
    tries = [
        optimize.minimize(
            loss,
            start,
            method="Nelder-Mead",
            options={"xatol": 1e-6, "fatol": 1e-9, "maxiter": 2000, "maxfev": 4000},
        )
        for start in _starts(model, done)
    ]
    found = min(tries, key=lambda result: result.fun)
    return _natural(model, found.x), -float(found.fun)


def fit_waiting(waits: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Fit three distributions to waiting times.

    Parameters
    ----------
    waits : DataFrame
        As from `waiting_times`: ``days``, ``open``.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        One row a model and parameter: ``model`` (exponential, weibull, two_rates: a mixture of
        two exponentials, short waits inside bursts and long ones between), ``parameter``,
        ``estimate``, ``low``, ``high`` (profile likelihood for the exponential rate and the
        Weibull shape, else missing), ``unit``, ``log_likelihood``, ``aic``, ``bic``,
        ``delta_bic``, ``n`` (complete waits).

    Raises
    ------
    ValueError
        If columns are missing, or there are fewer than two complete waits.

    Notes
    -----
    Waits are whole days of one or more; each counts with the chance that it ends within its
    last day, an open wait with the chance that it lasts longer. For the exponential this is
    the geometric distribution: every day the same chance. A Weibull shape below 1 means that
    the chance falls the longer the pause has lasted, which bursts bring about, and a rate that
    drifts over the years as well.

    Examples
    --------
    >>> waits = pd.DataFrame({"days": [1, 2, 1, 40, 3, 2, 60, 1, 5, 30], "open": False})
    >>> fit = fit_waiting(waits)
    >>> fit.loc[fit["parameter"] == "shape", "estimate"].round(1).tolist()
    [0.5]
    """
    tail_mass(level)
    done, still = _split(waits)
    rows = []
    for model in MODELS:
        parameters, height = _best(model, done, still)
        aic = 2 * len(parameters) - 2 * height
        bic = np.log(len(done)) * len(parameters) - 2 * height
        for name, value in zip(_NAMES[model], parameters, strict=True):
            low, high = _limits(model, name, value, height, done, still, level)
            unit = _UNITS.get(name, "a day")
            rows.append((model, name, value, low, high, unit, height, aic, bic))
    columns = "model parameter estimate low high unit log_likelihood aic bic"
    table = pd.DataFrame(rows, columns=columns.split(" "))
    table["delta_bic"] = table["bic"] - table["bic"].min()
    return table.assign(n=len(done))


def _limits(
    model: str,
    name: str,
    value: float,
    height: float,
    done: np.ndarray,
    still: np.ndarray,
    level: float,
) -> tuple[float, float]:
    """Profile-likelihood interval of the rate or the shape."""
    if name not in ("rate", "shape"):
        return np.nan, np.nan
    drop = float(library("scipy.special").chdtri(1, 1 - level)) / 2
    brentq = library("scipy.optimize").brentq

    def above(log_value: float) -> float:
        trial = float(np.exp(log_value))
        if name == "rate":
            return _height(survival(model, np.array([trial])), done, still) - height + drop
        return _best(model, done, still, trial)[1] - height + drop

    centre = float(np.log(value))
    ends = []
    for direction in (-1, 1):
        step = 0.1
        while above(centre + direction * step) > 0 and step < 8:
            step *= 1.6
        ends.append(float(np.exp(brentq(above, centre, centre + direction * step, xtol=1e-6))))
    return ends[0], ends[1]


def _fitted(waits: pd.DataFrame) -> dict[str, Survival]:
    """Return the fitted chance of waiting longer, by model."""
    done, still = _split(waits)
    return {model: survival(model, _best(model, done, still)[0]) for model in MODELS}


def waiting_survival(waits: pd.DataFrame) -> pd.DataFrame:
    """Tabulate the share of waits longer than so many days, seen and fitted.

    Parameters
    ----------
    waits : DataFrame
        As from `waiting_times`.

    Returns
    -------
    DataFrame
        One row a number of days from 0 to the longest wait: ``days``, ``observed``
        (Kaplan-Meier), ``exponential``, ``weibull``, ``two_rates`` (all: share of waits that
        last longer).

    Raises
    ------
    ValueError
        As `fit_waiting`.

    Examples
    --------
    >>> waits = pd.DataFrame({"days": [1, 2, 1, 40, 3, 2], "open": False})
    >>> waiting_survival(waits)["observed"].iloc[:4].round(2).tolist()
    [1.0, 0.67, 0.33, 0.17]
    """
    done, still = _split(waits)
    days = np.arange(int(max(done.max(), still.max(initial=0))) + 1)
    at_risk = np.array([(done >= d).sum() + (still >= d).sum() for d in days])
    ended = np.bincount(done.astype(np.int64), minlength=len(days))
    observed = np.cumprod(1 - ended / np.maximum(at_risk, 1))
    curves = {model: live(days.astype(float)) for model, live in _fitted(waits).items()}
    return pd.DataFrame({"days": days, "observed": observed} | curves)


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

    Examples
    --------
    >>> waits = pd.DataFrame({"days": [1, 2, 1, 40, 3, 2], "open": False})
    >>> hazard(waits, edges=(0, 3, 7))[["days", "n"]].values.tolist()
    [[12, 5], [4, 0], [33, 1]]
    """
    if list(edges) != sorted(set(edges)) or edges[0] != 0:
        raise ValueError(f"expected edges in order from 0, got {edges!r}")
    done, still = _split(waits)
    bounds = np.append(np.array(edges, dtype=float), np.inf)
    spent = np.concatenate([done, still])[:, None]
    days = np.clip(spent - bounds[:-1], 0, np.diff(bounds)).sum(axis=0)
    n = np.histogram(done, bins=bounds + 0.5)[0]
    low, high = garwood(n, level=level)
    exposure = np.maximum(days, 1e-9)
    with np.errstate(invalid="ignore"):
        rate = np.where(days > 0, n / exposure, np.nan)
    return pd.DataFrame(
        {
            "after_days": list(edges),
            "to_days": np.append(bounds[1:-1], np.nan),
            "days": days.astype(np.int64),
            "n": n,
            "hazard": rate,
            "low": np.where(days > 0, low / exposure, np.nan),
            "high": np.where(days > 0, np.minimum(high / exposure, 1.0), np.nan),
            "average": len(done) / spent.sum(),
        }
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

    Examples
    --------
    >>> waits = pd.DataFrame({
    ...     "start": pd.to_datetime(["2020-01-01", "2020-01-02", "2020-01-05", "2020-03-01"]),
    ...     "end": pd.to_datetime(["2020-01-02", "2020-01-05", "2020-03-01", "2020-03-04"]),
    ...     "days": [1, 3, 56, 3], "open": False})
    >>> longest_pauses(waits, top=1)[["days", "share"]].values.tolist()
    [[56.0, 0.25]]
    """
    if top < 1:
        raise ValueError(f"expected top of 1 or more, got {top!r}")
    models = _fitted(waits)
    order = waits.sort_values("days", ascending=False, kind="stable", ignore_index=True)
    days = order["days"].to_numpy(dtype=float)
    table = order.head(top)[["start", "end", "days", "open"]].copy()
    longest = days[: len(table)]
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    table["share"] = [(days >= d).mean() for d in longest]
    for model, live in models.items():
        chance = np.minimum(live(longest - 1), 1 - 1e-16)
        table[f"p_{model}"] = -np.expm1(len(days) * np.log1p(-chance))
    return table

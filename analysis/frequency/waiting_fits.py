"""Distributions fitted to waits that are known to the day."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

from ..errors import need_filled
from ..record.notes import noted
from ..series.intervals import tail_mass

#: The chance of waiting longer than so many days, by model.
SURVIVAL: dict[str, Callable[..., np.ndarray]] = {
    "exponential": lambda t, rate: np.exp(-rate * t),
    "weibull": lambda t, scale, shape: np.exp(-((t / scale) ** shape)),
    "two_rates": lambda t, share, short, long: (
        share * np.exp(-short * t) + (1 - share) * np.exp(-long * t)
    ),
}
#: Each parameter with its unit, in the order of the functions above.
_PARAMETERS = {
    "exponential": {"rate": "a day"},
    "weibull": {"scale": "days", "shape": ""},
    "two_rates": {"share_short": "", "short_rate": "a day", "long_rate": "a day"},
}


def split_waits(waits: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the days of waits that ended and of those that still run."""
    need_filled(waits, ("days", "open"), "the waits")
    days, running = waits["days"].to_numpy(dtype=float), waits["open"].to_numpy(dtype=bool)
    if not (days[~running] >= 1).all() or not (days >= 0).all() or (~running).sum() < 2:
        raise ValueError("expected two complete waits or more, of one day at least")
    return days[~running], days[running]


def _log_likelihood(
    model: str, parameters: tuple[float, ...], ended: np.ndarray, running: np.ndarray
) -> float:
    """Log-likelihood of waits: the chance of ending on just that day, or of lasting longer."""
    longer = SURVIVAL[model]
    with np.errstate(all="ignore"):  # a search may go far out
        ending = longer(ended - 1, *parameters) - longer(ended, *parameters)
        chances = np.concatenate([ending, longer(running, *parameters)])
    return float(np.log(np.fmax(chances, 1e-300)).sum())


def _exponential(ended: np.ndarray, running: np.ndarray) -> tuple[float, ...]:
    """Most likely rate: waits of whole days are geometric, launch days among days waited."""
    chance = len(ended) / (ended.sum() + running.sum())
    return (float(-np.log1p(-min(chance, 1 - 1e-9))),)


def _weibull(ended: np.ndarray, running: np.ndarray) -> tuple[float, ...]:
    """Most likely scale and shape."""
    waits: Any = stats.CensoredData(interval=np.column_stack([ended - 1, ended]), right=running)
    options: Any = {"floc": 0, "optimizer": partial(optimize.fmin, xtol=1e-8, ftol=1e-10)}
    shape, _, scale = stats.weibull_min.fit(waits, **options)
    return scale, shape


def _scale_given(shape: float, ended: np.ndarray, running: np.ndarray) -> float:
    """Most likely scale of a Weibull distribution whose shape is given."""
    centre = np.log(ended.mean())
    found = optimize.minimize_scalar(
        lambda scale: -_log_likelihood("weibull", (np.exp(scale), shape), ended, running),
        bracket=(centre - 0.5, centre + 0.5),
    )
    return float(np.exp(found.x))


def _two_rates(ended: np.ndarray, running: np.ndarray) -> tuple[float, ...]:
    """Most likely share of short waits and both rates."""

    def natural(free: np.ndarray) -> tuple[float, ...]:
        long, more = np.exp(np.minimum(free[1:], 50))
        return float(special.expit(free[0])), long + more, long

    def loss(free: np.ndarray) -> float:
        return -_log_likelihood("two_rates", natural(free), ended, running)

    mean = ended.mean()
    starts: Any = [(0, np.log(5 / mean), np.log(0.4 / mean))]
    starts += [(1, np.log(2 / mean), np.log(0.1 / mean))]
    # Nelder and Mead's method: three parameters, and no thread started for them
    closely: Any = {"xatol": 1e-6, "fatol": 1e-9, "maxiter": 2000, "maxfev": 4000}
    tries = [
        optimize.minimize(loss, start, method="Nelder-Mead", options=closely) for start in starts
    ]
    return natural(min(tries, key=lambda found: found.fun).x)


_FITS = {"exponential": _exponential, "weibull": _weibull, "two_rates": _two_rates}


def best_fits(ended: np.ndarray, running: np.ndarray) -> dict[str, tuple[tuple[float, ...], float]]:
    """Return the most likely parameters and the log-likelihood of each model."""
    found = {model: fit(ended, running) for model, fit in _FITS.items()}
    return {m: (p, _log_likelihood(m, p, ended, running)) for m, p in found.items()}


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

    See Also
    --------
    waiting_survival : The fits beside the record.

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
    drop = float(special.chdtri(1, 2 * tail_mass(level))) / 2
    ended, running = split_waits(waits)
    rows = []
    for model, (parameters, log_likelihood) in best_fits(ended, running).items():
        score = {"log_likelihood": log_likelihood, "aic": 2 * len(parameters) - 2 * log_likelihood}
        score["bic"] = np.log(len(ended)) * len(parameters) - 2 * log_likelihood
        for (name, unit), value in zip(_PARAMETERS[model].items(), parameters, strict=True):
            row = {"model": model, "parameter": name, "estimate": value, "low": np.nan}
            rows.append(row | {"high": np.nan, "unit": unit} | score)
            if name in ("rate", "shape"):
                limits = _profile_limits(model, value, log_likelihood - drop, ended, running)
                rows[-1]["low"], rows[-1]["high"] = limits
    table = pd.DataFrame(rows)
    return noted(table.assign(delta_bic=table["bic"] - table["bic"].min(), n=len(ended)), waits)


def _profile_limits(
    model: str, estimate: float, floor: float, ended: np.ndarray, running: np.ndarray
) -> list[float]:
    """Return the rates or shapes at which the likelihood falls to a floor; 0, inf for nowhere."""

    def above(log_value: float) -> float:
        value = float(np.exp(log_value))
        scale = (_scale_given(value, ended, running),) if model == "weibull" else ()
        return _log_likelihood(model, (*scale, value), ended, running) - floor

    centre, ends = float(np.log(estimate)), []
    for direction, nowhere in ((-1, 0.0), (1, np.inf)):
        step = 0.1
        while above(centre + direction * step) > 0 and step < 8:
            step *= 1.6
        edge = centre + direction * step
        found = above(edge) <= 0 < above(centre)
        ends.append(np.exp(optimize.brentq(above, centre, edge, xtol=1e-6)) if found else nowhere)
    return ends

"""The rest of the year as a distribution: one function a model, from what is known on a day.

Each returns the log-probability of 0, 1, 2 ... further launches until 31 December. Nothing but
the `History` enters, so that nothing later can.

References
----------
Gelman, A. et al. (2013). Bayesian Data Analysis, third edition, section 2.6 (the gamma-Poisson
model). Chapman and Hall/CRC. doi:10.1201/b16018
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import stats

from ..series.days import DAYS_A_YEAR
from ..series.pvalues import as_seed
from .excited import LEAST, fit_excited, simulate_ahead
from .history import YEARS, History

#: Years whose mean and variance the negative binomial starts from: in the years 1995 to 2011 alone
#: five forecast better than three or eight (CRPS .43, .45 and .46).
_PRIOR_YEARS = 5
#: Histories that the self-exciting model draws.
_SIZE = 400
#: Days before which the year so far says too little to be scaled up.
_LEAST_DAYS = 30
_LEAST_MEAN = 0.5  # so that no year is ruled out after a quiet one


def pro_rata(history: History, seed: int = 0) -> np.ndarray:
    """Scale the count so far by the days left (in January, last year's): Poisson."""
    elapsed = history.last.day_of_year
    rate = (
        history.so_far / elapsed if elapsed >= _LEAST_DAYS else history.totals(1)[0] / DAYS_A_YEAR
    )
    return _poisson(history, rate * history.left)


def last_year(history: History, seed: int = 0) -> np.ndarray:
    """Take what last year still brought: Poisson."""
    return _poisson(history, float(history.remainders(1)[0]))


def climatology(history: History, seed: int = 0) -> np.ndarray:
    """Take what each of eight years still brought, equally likely; all else is ruled out."""
    return _log_probability(np.bincount(history.remainders(), minlength=support(history)) / YEARS)


def gamma_poisson(history: History, seed: int = 0) -> np.ndarray:
    """Give the rate a gamma prior by moments of eight years, and add the count so far."""
    totals = history.totals()
    mean, variance = totals.mean(), totals.var(ddof=1)
    prior = mean / max(variance - mean, 1e-3)
    shape, known = mean * prior + history.so_far, prior + history.gone
    if not shape:
        shape = _LEAST_MEAN
    return _negative_binomial(history, *_moments(shape, known, 1.0 - history.gone))


def _moments(shape: float, known: float, ahead: float) -> tuple[float, float]:
    """Return mean and variance of a gamma-Poisson count."""
    mean = shape / known * ahead
    return mean, mean * (1.0 + ahead / known)


def negative_binomial(history: History, seed: int = 0) -> np.ndarray:
    """Weigh five years and the share of this one that has gone, launches coming in bursts.

    A yearly rate with mean m and variance v, and a count so far whose variance is `bursts` times
    that of independent launches, give the rate of the rest (normal conjugate); the rest has the
    variance of bursts and of that rate.
    """
    totals = history.totals(_PRIOR_YEARS)
    mean = max(totals.mean(), _LEAST_MEAN)
    bursts, gone = _bursts(history), history.gone
    spread = max(totals.var(ddof=1) - bursts * mean, 0.05 * mean**2)
    known = 1.0 / spread + gone / (bursts * mean)
    rate = (mean / spread + history.so_far / (bursts * mean)) / known
    ahead = rate * (1.0 - gone)
    return _negative_binomial(history, ahead, bursts * ahead + (1.0 - gone) ** 2 / known)


def _bursts(history: History) -> float:
    """Return variance over mean of 90-day counts within years, 1 or more."""
    days = history.n[-int(YEARS * DAYS_A_YEAR) :]
    quarters = days[len(days) % 360 :].reshape(-1, 4, 90).sum(axis=2)
    busy = quarters[quarters.sum(axis=1) > 0]
    expected = busy.mean(axis=1, keepdims=True)
    return max(float(((busy - expected) ** 2 / expected).sum() / max(3 * len(busy), 1)), 1.0)


def self_exciting(history: History, seed: int = 0) -> np.ndarray:
    """Run the self-exciting model, fitted to eight years, on to the end of the year.

    Launch days are drawn; a launch day brings as many launches as one of the last five years did.
    """
    recent = history.n[-int(YEARS * DAYS_A_YEAR) :]
    launched = recent > 0
    if not LEAST <= launched.sum() < len(launched):
        return negative_binomial(history)
    rng = np.random.default_rng([as_seed(seed), history.last.toordinal()])
    days = simulate_ahead(
        fit_excited(launched), launched, max(history.left, 1), size=_SIZE, rng=rng
    )[:, : history.left].sum(axis=1)
    sizes = recent[launched][-100:].astype(np.int64)
    drawn = days if (sizes == 1).all() else np.array([rng.choice(sizes, k).sum() for k in days])
    # one part in 401 is a smooth tail, so that what was not drawn is not ruled out
    drawn = np.minimum(drawn, support(history) - 1)
    counted = np.bincount(drawn, minlength=support(history))
    mean = max(drawn.mean(), 0.1)
    tail = np.exp(_negative_binomial(history, mean, max(drawn.var(), 1.05 * mean)))
    return _log_probability((counted + tail) / (_SIZE + 1))


def support(history: History) -> int:
    """Return how many numbers of further launches are given a probability: 0 to one less."""
    return 367 + 5 * int(max(history.totals().max(), history.so_far)) * bool(history.n.max() > 1)


def _poisson(history: History, mean: float) -> np.ndarray:
    return stats.poisson.logpmf(np.arange(support(history)), max(mean, _LEAST_MEAN))


def _negative_binomial(history: History, mean: float, variance: float) -> np.ndarray:
    """Return log-probabilities by moments; logs are taken throughout, so none underflows."""
    n = np.arange(support(history))
    mean = max(mean, 1e-6)
    if variance <= mean * 1.0001:
        return stats.poisson.logpmf(n, mean)
    shape = mean**2 / (variance - mean)
    return stats.nbinom.logpmf(n, shape, shape / (shape + mean))


def _log_probability(probability: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.log(probability)


#: A model's name, and the log-probabilities of further launches that it gives.
SINGLE: dict[str, Callable[..., np.ndarray]] = {
    function.__name__: function
    for function in (
        *(climatology, pro_rata, last_year, gamma_poisson, negative_binomial, self_exciting),
    )
}

"""Launch days with their bursts taken out: what an event can change is a launch, not its echoes.

A burst counts once in the efficient score, however many launch days it has, so that a test of
new launches is not drowned by the launch days that others set off.
"""

from __future__ import annotations

import numpy as np

from .kernel import decayed

#: Decays of the burst (a day) among which the likelihood chooses: half-lives of 1 to 28 days.
DECAYS = (0.8, 0.4, 0.2, 0.1, 0.05, 0.025)
#: Largest branching ratio looked at: at 1 a burst would never end.
_MOST_TRIGGERED = 0.95
_HALVINGS = 30


def efficient_score(launches: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the efficient score of each day for a change of new launches, and its variance.

    Parameters
    ----------
    launches : ndarray of float, shape (n_days,)
        1 on launch days, else 0.
    expected : ndarray of float, shape (n_days,)
        Launch days expected from strata, such as ``days.expected``.

    Returns
    -------
    score, variance : ndarray of float, shape (n_days,)
        The slope of each day's log-likelihood in the log of a factor on new launches, at a
        factor of 1, and the variance expected of it.

    Notes
    -----
    The rate of a day is (1 - n) e + n s, with e the launch days expected, s the decayed earlier
    launch days (see `decayed`) and n the branching ratio; n and the decay maximise the
    likelihood. With mu = (1 - n) e the rate of new launches, the score of a day with y launches
    is mu / rate * (y - rate), and its variance mu**2 / rate. Without bursts both are those of
    the launch days themselves.

    References
    ----------
    Cox, D. R. and Hinkley, D. V. (1974). Theoretical Statistics, section 9.3. Chapman and Hall.
    doi:10.1201/b14832

    Hawkes, A. G. (1971). Spectra of some self-exciting and mutually exciting point processes.
    Biometrika 58(1), 83-90. doi:10.1093/biomet/58.1.83

    Examples
    --------
    >>> launches = np.array([0.0, 1.0, 0.0, 0.0] * 50)
    >>> score, variance = efficient_score(launches, np.full(200, 0.25))
    >>> bool(np.allclose(score, launches - 0.25)), bool(np.allclose(variance, 0.25))
    (True, True)
    """
    fits = [_branching(launches, expected, decayed(launches, decay)) for decay in DECAYS]
    _, ratio, past = max(fits, key=lambda fit: fit[0])
    new = (1 - ratio) * expected
    rate = np.maximum(new + ratio * past, 1e-12)
    share = new / rate
    return share * (launches - rate), share * new


def _branching(
    launches: np.ndarray, expected: np.ndarray, past: np.ndarray
) -> tuple[float, float, np.ndarray]:
    """Return log-likelihood and branching ratio for one decay, and the decayed past.

    The likelihood is concave in the ratio, so its slope is followed to zero by halving.
    """
    hit = launches > 0
    base, gain, total = expected[hit], (past - expected)[hit], float((past - expected).sum())

    def slope(ratio: float) -> float:
        return float((gain / np.maximum(base + ratio * gain, 1e-12)).sum()) - total

    low, high = 0.0, _MOST_TRIGGERED
    if slope(low) <= 0:
        high = low
    for _ in range(_HALVINGS if high > low else 0):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    fitted = np.log(np.maximum(base + low * gain, 1e-12)).sum() - low * total
    return float(fitted), low, past

"""The self-exciting model as forecasts use it: fitted to the last years, run on from today.

This is the one place of `forecast` that knows how `excitation` fits and draws.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..excitation.fit import fit
from ..excitation.model import make_model
from ..excitation.simulate import simulate_launch_days
from ..series.kernel import decayed

#: A larger branching ratio would let bursts go on for ever.
_LARGEST_RATIO = 0.9
#: With fewer launch days the model is not fitted.
LEAST = 3


class Excited(NamedTuple):
    """The fitted model, in launch days a day."""

    background: float
    branching_ratio: float
    decay: float
    n: int  # launch days it was fitted to


def fit_excited(launched: np.ndarray) -> Excited:
    """Fit one background rate and the excitation to launch days, shape (n_days,)."""
    found = fit(make_model(launched, [np.zeros(len(launched), dtype=np.int64)]))
    ratio = min(found.branching_ratio, _LARGEST_RATIO)
    return Excited(float(found.rates.background[0]), ratio, found.decay, int(launched.sum()))


def triggered_ahead(model: Excited, launched: np.ndarray, days: int) -> np.ndarray:
    """Return the rate that launch days so far still add on each of the next days."""
    past = decayed(np.append(launched, 0.0), model.decay)[-1]
    return model.branching_ratio * past * np.exp(-model.decay * np.arange(days))


def simulate_ahead(
    model: Excited, launched: np.ndarray, days: int, *, size: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw the next days, shape (size, days), the background as uncertain as its launches leave it.

    What is known of a rate from k launches is a gamma distribution of shape k + 1/2; launches
    that go with others say nothing more of the background.
    """
    shape = max(model.n * (1.0 - model.branching_ratio), 1.0) + 0.5
    background = model.background * rng.gamma(shape, 1.0 / shape, (size, 1))
    rate = background + triggered_ahead(model, launched, days)
    return simulate_launch_days(rate, model.branching_ratio, model.decay, size=size, seed=rng)

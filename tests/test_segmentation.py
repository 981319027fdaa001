"""Segmentation: exact against full dynamic programming, whatever is pruned."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.segmentation import all_segmentations, optimal_breaks, segment_cost


def plain_cost(total, span, size):
    """Minus the largest log-likelihood of segments, from the formulas."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if size is None:
            return total - np.where(total > 0, total * np.log(total / span), 0.0)
        kappa = size * span
        hits = np.where(total > 0, total * np.log(total / (total + kappa)), 0.0)
    return -hits - kappa * np.log(kappa / (total + kappa))


def full_search(n, exposure, penalty, size, least):
    """Try every start of every segment; return the lowest cost and its breaks."""
    totals, spans = (np.concatenate([[0.0], np.cumsum(values)]) for values in (n, exposure))
    best, last = np.full(len(n) + 1, np.inf), np.zeros(len(n) + 1, dtype=int)
    best[0] = -penalty
    for end in range(least, len(n) + 1):
        starts = np.arange(end - least + 1)
        price = plain_cost(totals[end] - totals[starts], spans[end] - spans[starts], size)
        price += best[starts] + penalty
        last[end] = price.argmin()
        best[end] = price[last[end]]
    breaks, place = [], last[len(n)]
    while place:
        breaks.append(place)
        place = last[place]
    return best[-1], breaks[::-1]


def penalised(n, exposure, breaks, penalty, size=None):
    return segment_cost(n, exposure, breaks, size=size) + penalty * len(breaks)


@given(
    seed=st.integers(0, 10**6),
    length=st.one_of(st.integers(5, 45), st.integers(60, 70), st.integers(190, 400)),
    penalty=st.floats(0.1, 8),
    least=st.integers(1, 5),
    size=st.sampled_from([None, 0.05, 1.0]),
)
@settings(max_examples=60, deadline=None)
def test_the_breaks_are_the_best_there_are(seed, length, penalty, least, size):
    # lengths below, at and well above the number of ends worked off at once
    rng = np.random.default_rng(seed)
    pieces = rng.integers(1, 5)
    level = rng.uniform(0, 5, pieces)[np.sort(rng.integers(0, pieces, length))]
    n = rng.poisson(level).astype(float)
    exposure = rng.choice([28.0, 30.0, 31.0], length)
    found = optimal_breaks(n, exposure, penalty=penalty, size=size, min_size=least)
    lowest, _ = full_search(n, exposure, penalty, size, least)
    assert penalised(n, exposure, found, penalty, size) == pytest.approx(lowest, abs=1e-8)
    assert (np.diff([0, *found, length]) >= least).all()


@pytest.mark.parametrize("rate", [0.03, 3.0])
def test_long_series_agree_with_full_search(rate):
    rng = np.random.default_rng(3)
    n = rng.poisson(rate * np.repeat([1.0, 3.0, 1.0], 500)).astype(float)
    _, breaks = full_search(n, np.ones(1500), 6.0, None, 1)
    assert optimal_breaks(n, penalty=6.0).tolist() == breaks


@pytest.mark.peer
def test_breaks_are_those_of_skchange():
    pytest.importorskip("skchange")
    from skchange.detectors import PELT
    from skchange.interval_scorers import PoissonCost

    rng = np.random.default_rng(5)
    n = rng.poisson(np.repeat(rng.uniform(0.5, 6, 12), 60))
    found = optimal_breaks(n, penalty=7.0)
    theirs = PELT(PoissonCost(), penalty=14.0).fit(n.reshape(-1, 1)).predict_all(n.reshape(-1, 1))
    assert found.tolist() == list(theirs["changepoints"])


@given(seed=st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_every_penalty_in_a_range_is_answered(seed):
    rng = np.random.default_rng(seed)
    n = rng.poisson(rng.uniform(0, 6, 3).repeat(12)).astype(float)
    days = np.ones(36)
    found = all_segmentations(n, days, penalties=(0.5, 20.0))
    assert found[0][0] == 0.5
    assert found[-1][1] == 20.0
    for (low, high, breaks), following in zip(found, [*found[1:], None], strict=True):
        assert following is None or following[0] == high
        middle = (low + high) / 2
        best = optimal_breaks(n, days, penalty=middle)
        assert penalised(n, days, breaks, middle) == pytest.approx(
            penalised(n, days, best, middle), abs=1e-8
        )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: optimal_breaks([1, -1], penalty=1.0), "0 or more"),
        (lambda: optimal_breaks([1, 2], [1.0, 0.0], penalty=1.0), "above 0"),
        (lambda: optimal_breaks([1, 2], penalty=-1.0), "0 or more, got -1.0"),
        (lambda: optimal_breaks([1, 2], penalty=1.0, min_size=3), "from 1 to 2"),
        (lambda: optimal_breaks([1, 2], penalty=1.0, size=0), "above 0"),
        (
            lambda: all_segmentations(np.ones(3), np.ones(3), penalties=(5.0, 1.0)),
            "low to high",
        ),
    ],
)
def test_errors_name_what_was_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()

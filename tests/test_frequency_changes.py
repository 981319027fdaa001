"""Change points: exact against full dynamic programming, and what the tables promise."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import segmentation as inside
from analysis.counting import counts
from analysis.frequency import change_points, change_stability, dates_within
from analysis.record.load import load_eras, load_launches
from analysis.segmentation import optimal_breaks


def full_search(n, exposure, penalty, size, least):
    """Try every segmentation by plain dynamic programming; return the lowest cost and breaks."""

    def cost(total, span):
        rate = total / span
        if size is None:
            return total - (total * np.log(rate) if total else 0.0)
        kappa = size * span
        share = total * np.log(total / (total + kappa)) if total else 0.0
        return -share - kappa * np.log(kappa / (total + kappa))

    best, last = [-penalty] + [np.inf] * len(n), [0] * (len(n) + 1)
    for end in range(least, len(n) + 1):
        for start in range(end - least + 1):
            price = best[start] + penalty + cost(n[start:end].sum(), exposure[start:end].sum())
            if price < best[end] - 1e-12:
                best[end], last[end] = price, start
    breaks, place = [], last[len(n)]
    while place:
        breaks.append(place)
        place = last[place]
    return best[-1], breaks[::-1]


def penalised(n, exposure, breaks, penalty, size):
    price = inside.poisson_cost if size is None else inside.negative_binomial_cost(size)
    breaks = np.array(breaks, dtype=int)
    return inside.segment_cost(n, exposure, breaks, price) + penalty * len(breaks)


@given(
    seed=st.integers(0, 10**6),
    length=st.integers(5, 45),
    penalty=st.floats(0.1, 8),
    least=st.integers(1, 5),
    size=st.sampled_from([None, 0.05, 1.0]),
    block=st.integers(1, 20),
)
@settings(max_examples=60, deadline=None)
def test_segmentation_is_exact(seed, length, penalty, least, size, block):
    rng = np.random.default_rng(seed)
    pieces = rng.integers(1, 5)
    level = rng.uniform(0, 5, pieces)[np.sort(rng.integers(0, pieces, length))]
    n = rng.poisson(level).astype(float)
    exposure = rng.choice([28.0, 30.0, 31.0], length)
    usual, inside._BLOCK = inside._BLOCK, block
    try:
        found = optimal_breaks(n, exposure, penalty=penalty, size=size, min_size=least)
    finally:
        inside._BLOCK = usual
    lowest, _ = full_search(n, exposure, penalty, size, least)
    assert penalised(n, exposure, found, penalty, size) == pytest.approx(lowest, abs=1e-8)
    assert (np.diff([0, *found, length]) >= least).all()


@pytest.mark.parametrize("rate", [0.03, 3.0])
def test_long_series_agree_with_full_search(rate):
    rng = np.random.default_rng(3)
    n = rng.poisson(rate * np.repeat([1.0, 3.0, 1.0], 200)).astype(float)
    found = optimal_breaks(n, penalty=6.0)
    _, breaks = full_search(n, np.ones(600), 6.0, None, 1)
    assert found.tolist() == breaks


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
    found = inside.all_segmentations(n, days, penalties=(0.5, 20.0))
    assert found[0][0] == 0.5
    assert found[-1][1] == 20.0
    for (low, high, breaks), following in zip(found, [*found[1:], None], strict=True):
        assert following is None or following[0] == high
        middle = (low + high) / 2
        best = optimal_breaks(n, days, penalty=middle)
        assert penalised(n, days, breaks, middle, None) == pytest.approx(
            penalised(n, days, best, middle, None), abs=1e-8
        )


def months(n, start="2010-01"):
    periods = pd.period_range(start, periods=len(n), freq="M")
    return pd.DataFrame({"period": periods, "days": periods.days_in_month, "n": n})


def step(seed=0):
    return months(np.random.default_rng(seed).poisson([1.0] * 48 + [6.0] * 48))


def test_a_clear_step_is_found_where_it_is():
    table = change_points(step(), dispersion=1.0)
    assert len(table) == 2
    low, high = table.loc[1, ["change_low", "change_high"]]
    assert low <= pd.Timestamp("2014-01-01") <= high
    assert table["days"].sum() == step()["days"].sum()
    assert table["n"].sum() == step()["n"].sum()
    assert table["end"].iloc[0] + pd.Timedelta(days=1) == table["start"].iloc[1]


def test_a_higher_dispersion_means_fewer_changes_and_wider_intervals():
    tight, wide = (change_points(step(), dispersion=d, penalty=8.0) for d in (1.0, 4.0))
    width = [(t.loc[1, "change_high"] - t.loc[1, "change_low"]).days for t in (tight, wide)]
    assert width[0] < width[1]
    assert len(change_points(step(), dispersion=50.0)) == 1


def test_negative_binomial_finds_the_step_as_well():
    table = change_points(step(), cost="negative_binomial")
    assert len(table) == 2
    assert abs((table["start"].iloc[1] - pd.Timestamp("2014-01-01")).days) < 100


def test_gain_is_the_loss_of_likelihood_without_the_change():
    from scipy import stats

    data = step()
    table = change_points(data, dispersion=1.0)
    after = data["period"].dt.start_time >= table["start"].iloc[1]

    def height(groups):
        per_day = data.groupby(groups)["n"].transform("sum") / data.groupby(groups)[
            "days"
        ].transform("sum")
        return stats.poisson.logpmf(data["n"], per_day * data["days"]).sum()

    assert table["gain"].iloc[1] == pytest.approx(height(after) - height(after * 0), rel=1e-9)


def test_stability_lists_changes_by_penalty():
    table = change_stability(step(), penalties=(2.0, 200.0))
    assert table["penalty_low"].is_monotonic_increasing
    assert table["n_changes"].is_monotonic_decreasing
    assert table["change"].iloc[-1] is pd.NaT
    sizes = table.dropna(subset=["change"]).groupby("penalty_low")["n_changes"].agg(["size", "max"])
    assert (sizes["size"] == sizes["max"]).all()


def test_the_record_begins_to_fill_when_the_third_leader_comes():
    days = counts(load_launches(), "days", freq="day", start="1984-01-01", end="2026-08-22")
    table = change_points(days)
    change = table.iloc[1]
    assert change["change_low"] <= pd.Timestamp("2011-12-17") <= change["change_high"]
    assert (table["rate"].diff().dropna() > 0).all()
    near = dates_within(table, load_eras("dprk_leader"))
    assert near["name"].tolist() == ["Kim Jong Un"]
    assert near["expected"].item() < 1


def test_a_first_period_cut_at_its_start_keeps_its_first_day():
    table = counts(load_launches(), "days", freq="month", start="2012-01-20", end="2014-12-31")
    assert change_points(table)["start"].iloc[0] == pd.Timestamp("2012-01-20")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: change_points(step(), cost="gauss"), "'gauss'"),
        (lambda: change_points(step(), dispersion=0.5), "1 or more, got 0.5"),
        (lambda: change_points(step(), penalty=-1.0), "0 or more, got -1.0"),
        (lambda: change_points(step(), min_days=0), "min_days of 1 or more"),
        (lambda: change_points(step().drop(columns="period")), "no column period"),
        (lambda: change_points(step().iloc[::-1]), "order of time"),
        (lambda: change_stability(step(), penalties=(5.0, 1.0)), "low to high"),
        (lambda: optimal_breaks([1, -1], penalty=1.0), "0 or more"),
        (lambda: optimal_breaks([1, 2], [1.0, 0.0], penalty=1.0), "above 0"),
        (lambda: optimal_breaks([1, 2], penalty=1.0, min_size=3), "from 1 to 2"),
        (lambda: inside.negative_binomial_cost(0), "above 0"),
        (lambda: dates_within(change_points(step()), pd.DataFrame({"start": []})), "no column"),
    ],
)
def test_errors_name_what_was_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()

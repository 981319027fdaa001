"""Change points: what the tables promise, and what the record says."""

from itertools import pairwise, product

import numpy as np
import pandas as pd
import pytest
from scipy.special import gammaln

from analysis.counting import CountRule, counts
from analysis.frequency import (
    averaged_rates,
    change_points,
    change_stability,
    count_regression,
    dates_within,
    trend_since_change,
)
from analysis.frequency.averaged import SHAPE, draw_paths
from analysis.frequency.procedure import DISPERSION_MARGIN, as_months, settle
from analysis.record.examples import load_example
from analysis.record.load import load_eras, load_launches
from analysis.record.proofs import read_proof

from .proofs import frequency_changes


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

    def log_likelihood(groups):
        per_day = data.groupby(groups)["n"].transform("sum") / data.groupby(groups)[
            "days"
        ].transform("sum")
        return stats.poisson.logpmf(data["n"], per_day * data["days"]).sum()

    assert table["gain"].iloc[1] == pytest.approx(
        log_likelihood(after) - log_likelihood(after * 0), rel=1e-9
    )


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
        (lambda: change_points(step(), min_days=0), "at least 1 for min_days, got 0"),
        (lambda: change_points(step().drop(columns="period")), "lacks the column.s. 'period'"),
        (lambda: change_points(step().iloc[::-1]), "order of time"),
        (lambda: change_stability(step(), penalties=(5.0, 1.0)), "low to high"),
        (
            lambda: dates_within(change_points(step()), pd.DataFrame({"start": []})),
            "the dates lack the column.s. 'kind', 'title'",
        ),
    ],
)
def test_errors_name_what_was_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# -- silences among bursts ----------------------------------------------------------------------


def nuclear_months(country):
    launches = load_example("nuclear")
    rule = CountRule("day", "all", countries=country)
    first = launches.loc[launches["country"] == country, "date"].min()
    return counts(launches, rule, freq="month", start=first, end="1998-12-31")


def test_a_silent_year_among_bursts_is_found():
    months = nuclear_months("SUN")
    known = ["1958-12-01", "1961-09-01", "1985-08-01", "1987-02-01"]
    plain = change_points(months)
    assert plain["dispersion"].iloc[0] > 6
    assert not plain["start"].isin(pd.to_datetime(known)).any()
    found = change_points(months, silences=True)
    assert set(pd.to_datetime(known)) <= set(found["start"])
    assert found.loc[found["start"].isin(pd.to_datetime(known[::2])), "n"].eq(0).all()
    assert set(plain["start"]) <= set(found["start"])


@pytest.mark.parametrize("country", ["USA", "FRA", "GBR", "CHN"])
def test_no_silence_is_added_where_the_changes_hold_all(country):
    months = nuclear_months(country)
    pd.testing.assert_frame_equal(change_points(months, silences=True), change_points(months))


def test_bursts_of_a_constant_rate_seldom_look_silent():
    rng = np.random.default_rng(7)
    periods = pd.period_range("1950-01", periods=600, freq="M")
    false = 0
    for _ in range(100):
        # bursts of seven launches, mostly within the month, a third in the next
        begun = rng.poisson(0.5, 600)
        later = rng.binomial(7 * begun, 0.3)
        n = 7 * begun - later + np.roll(later, 1)
        table = pd.DataFrame({"period": periods, "days": periods.days_in_month, "n": n})
        false += len(change_points(table, silences=True)) > len(change_points(table))
    assert false <= 5


def test_silences_need_months():
    days = pd.period_range("2020-01-01", periods=500, freq="D")
    table = pd.DataFrame({"period": days, "days": 1, "n": [0, 1] * 250})
    with pytest.raises(ValueError, match="expected counts of months to look for silences"):
        change_points(table, silences=True)


# -- dates left open ----------------------------------------------------------------------------


def all_sets_of_changes(n, days, spread):
    """Mean rate of each period over every set of changes, each weighed by its evidence."""
    scale = SHAPE * days.sum() / n.sum()
    weights, paths = [], []
    for cuts in product([False, True], repeat=len(n) - 1):
        edges = [0, *(np.flatnonzero(cuts) + 1), len(n)]
        weight, path = -np.log(len(n)) * sum(cuts), []
        for first, last in pairwise(edges):
            shape = SHAPE + n[first:last].sum() / spread
            span = scale + days[first:last].sum() / spread
            weight += gammaln(shape) - shape * np.log(span) + SHAPE * np.log(scale)
            weight -= gammaln(SHAPE)
            path += [shape / span] * (last - first)
        weights.append(weight)
        paths.append(path)
    chances = np.exp(np.array(weights) - max(weights))
    return chances @ np.array(paths) / chances.sum()


def test_averaged_rates_are_those_of_every_set_of_changes():
    table = months([0, 0, 1, 0, 6, 4, 7, 5], start="2011-01")
    spans = table["period"].dt.start_time.to_frame("start")
    spans["end"] = table["period"].dt.end_time.dt.normalize()
    found = averaged_rates(table, spans, min_days=1, draws=40_000)
    spread = found["dispersion"].iloc[0] * DISPERSION_MARGIN
    n, days = table["n"].to_numpy(float), table["days"].to_numpy(float)
    paths, _ = draw_paths(
        as_months(table), settle(as_months(table), "poisson", 1), 40_000, np.random.default_rng(1)
    )
    expected = all_sets_of_changes(n, days, spread)
    np.testing.assert_allclose(paths.mean(axis=0), expected, rtol=0.03)
    assert (found["low"] < found["rate"]).all()
    assert (found["rate"] < found["high"]).all()


def test_with_dates_left_open_rates_are_less_sure():
    changes = change_points(step())
    found = averaged_rates(step(), changes)
    assert (found["high"] - found["low"] > changes["high"] - changes["low"]).all()
    last = found.iloc[-1]
    assert 1 < last["ratio_low"] < last["rate_ratio"] < last["ratio_high"]
    assert found["rate_ratio"].isna().tolist() == [True, False]
    pd.testing.assert_frame_equal(found, averaged_rates(step(), changes))


def test_the_trend_since_no_change_is_that_of_the_regression():
    table = months(np.random.default_rng(2).poisson(4.0, 60))
    found, plain = trend_since_change(table).iloc[0], count_regression(table, season=None).iloc[0]
    assert found["start"] == pd.Timestamp("2010-01-01")
    for ours, theirs in (("rate_ratio", "rate_ratio"), ("given_low", "low"), ("low", "low")):
        assert found[ours] == pytest.approx(plain[theirs])
    assert found["starts"] == 1


def test_the_trend_since_a_change_averages_over_its_dates():
    rng = np.random.default_rng(5)
    table = months(rng.poisson(np.append(np.full(60, 2.0), np.linspace(9, 3, 60))))
    found = trend_since_change(table, dispersion=1.0).iloc[0]
    assert found["low"] < found["rate_ratio"] < min(found["high"], 1)
    assert found["starts"] > 1
    assert found["change_low"] <= found["start"] <= found["change_high"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: averaged_rates(step(), pd.DataFrame({"start": [], "stop": []})),
            "the spans lacks? the column.s. 'end'",
        ),
        (
            lambda: averaged_rates(
                step(),
                pd.DataFrame({"start": ["1999-01-01"], "end": ["1999-12-31"]}).apply(
                    pd.to_datetime
                ),
            ),
            "spans that meet the counts, 2010-01-01 to 2017-12-31",
        ),
        (lambda: averaged_rates(step(), draws=0), "draws"),
        (lambda: averaged_rates(months([1] * 2001)), "at most 2000 periods, got 2,001"),
        (
            lambda: trend_since_change(months([1] * 48 + [30] * 12), dispersion=1.0),
            "3 calendar years or more since the last change, on 2014-01-01",
        ),
    ],
)
def test_what_cannot_be_averaged_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_committed_proof_keeps_its_bounds():
    table = read_proof("frequency_changes")
    assert frequency_changes.faults(table) == []
    held = table.groupby("estimator")["coverage"].min()
    for name in frequency_changes.AVERAGED[:1]:
        assert held[name] > held[f"{name}, given the dates"]

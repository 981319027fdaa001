"""Rates, intervals and dispersion: facts from tables and other software, and laws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.counting import counts
from analysis.frequency import (
    burst_interval,
    burstiness,
    dispersion,
    era_rates,
    garwood,
    rate,
    rates,
)
from analysis.frequency.bursts import dispersion_of_days
from analysis.record.load import load_eras, load_launches

PERIOD = {"start": "2012-01-01", "end": "2026-08-22"}


def yearly(n, days=365):
    return pd.DataFrame({"n": n, "days": days})


def test_garwood_limits_are_those_of_the_published_tables():
    low, high = garwood(np.array([0, 1, 5, 20]))
    # Garwood's 95 % limits as printed in tables of the Poisson distribution
    np.testing.assert_allclose(low, [0, 0.0253, 1.6235, 12.2165], atol=5e-4)
    np.testing.assert_allclose(high, [3.6889, 5.5716, 11.6683, 30.8884], atol=5e-4)


@given(n=st.integers(0, 300), level=st.floats(0.5, 0.99))
@settings(max_examples=25, deadline=None)
def test_garwood_inverts_the_poisson_distribution(n, level):
    low, high = garwood(np.array([n]), level=level)
    tail = (1 - level) / 2
    assert stats.poisson.cdf(n, high[0]) == pytest.approx(tail, rel=1e-6)
    if n:
        assert stats.poisson.sf(n - 1, low[0]) == pytest.approx(tail, rel=1e-6)


@given(n=st.integers(0, 60), ratio=st.floats(1.2, 20))
@settings(max_examples=25, deadline=None)
def test_burst_interval_inverts_the_negative_binomial_at_mid_p(n, ratio):
    low, high = burst_interval(np.array([n]), ratio)
    for mean, side in ((low[0], 1), (high[0], -1)):
        if mean > 0:
            law = stats.nbinom(mean / (ratio - 1), 1 / ratio)
            tail = law.sf(n) if side == 1 else law.cdf(n) - law.pmf(n)
            assert tail + law.pmf(n) / 2 == pytest.approx(0.025, rel=1e-4)


@given(n=st.integers(0, 100), one=st.floats(1, 10), more=st.floats(0.1, 10))
@settings(max_examples=25, deadline=None)
def test_more_bursts_never_make_an_upper_limit_of_many_launches_lower(n, one, more):
    _, high = burst_interval(np.array([n + 5.0]), one)
    _, wider = burst_interval(np.array([n + 5.0]), one + more)
    assert wider[0] >= high[0]


def test_dispersion_below_one_is_taken_as_one():
    tight, poisson = burst_interval([7], 0.3), burst_interval([7], 1.0)
    np.testing.assert_allclose(tight, poisson)


def test_exposure_makes_partial_years_right():
    table = rate(yearly([10, 5], [365.25, 365.25 / 2]), dispersion=2.0)
    assert table["rate"].tolist() == pytest.approx([10.0, 10.0])
    assert table["high"].iloc[1] > table["high"].iloc[0]  # half a year says less
    np.testing.assert_allclose(table["n_high"], table["high"] * [1.0, 0.5])


def test_rates_keep_quiet_years_and_their_exposure():
    table = rates(load_launches(), "days", freq="year", **PERIOD).set_index("period")
    assert table.loc["2018", "n"] == 0
    assert table.loc["2018", "low"] == 0
    assert table.loc["2018", "high"] > 3.69  # more than independent launches would allow
    assert table.loc["2026", "days"] == 234
    assert (table["low"] <= table["rate"]).all()
    assert (table["rate"] <= table["high"]).all()


def test_rates_by_family_agree_with_counts_and_add_up():
    table = rates(load_launches(), "missiles", freq="year", by="family", **PERIOD)
    whole = counts(load_launches(), "missiles", freq="year", **PERIOD)
    assert table.groupby("period")["n"].sum().tolist() == whole["n"].tolist()


def test_eras_cover_the_record_once():
    eras = load_eras("us_president")
    table = era_rates(load_launches(), "days", eras, **PERIOD)
    assert table["days"].sum() == 5348
    assert table["n"].sum() == counts(load_launches(), "days", freq="year", **PERIOD)["n"].sum()


def test_missiles_come_in_larger_bursts_than_launch_days():
    by_rule = {
        rule: burstiness(load_launches(), rule, **PERIOD)["dispersion"]
        for rule in ("days", "missiles")
    }
    assert (by_rule["missiles"] > by_rule["days"]).all()


def test_dispersion_of_days_finds_the_size_of_pairs():
    rng = np.random.default_rng(7)
    pairs = 2.0 * (rng.random(365 * 40) < 0.05)
    year = np.arange(len(pairs)) // 365
    # every launch comes as two: variance 4 p (1 - p) over mean 2 p
    assert dispersion_of_days(pairs, year, np.array([365]))[0] == pytest.approx(1.9, abs=0.4)


def test_a_change_of_the_yearly_rate_is_no_burst():
    rng = np.random.default_rng(8)
    year = np.arange(365 * 20) // 365
    days = rng.poisson(np.where(year % 2, 0.2, 0.01))
    assert dispersion_of_days(days, year, np.array([365]))[0] < 1.4


def test_dispersion_index_is_that_of_the_poisson_regression():
    import statsmodels.api as sm

    n, days = np.array([3, 9, 0, 14, 7, 2]), np.array([365, 365, 100, 365, 366, 200])
    model = sm.GLM(n, np.ones(6), family=sm.families.Poisson(), offset=np.log(days)).fit()
    found = dispersion(yearly(n, days), simulations=50)["index"].item()
    assert found == pytest.approx(model.pearson_chi2 / model.df_resid, rel=1e-9)


def test_rate_is_that_of_the_poisson_regression():
    import statsmodels.api as sm

    table = counts(load_launches(), "days", freq="year", **PERIOD)
    eras = (table["period"].dt.year >= 2022).to_numpy()
    design = np.column_stack([~eras, eras]).astype(float)
    model = sm.GLM(
        table["n"], design, family=sm.families.Poisson(), offset=np.log(table["days"] / 365.25)
    ).fit()
    ours = rate(table.groupby(eras)[["n", "days"]].sum(), dispersion=1.0)["rate"]
    np.testing.assert_allclose(np.exp(model.params), ours, rtol=1e-6)


def test_dispersion_within_groups_forgets_changes_between_them():
    n = [1, 2, 1, 2, 1, 2, 30, 29, 31, 30, 30, 29]
    table = yearly(n).assign(era=["a"] * 6 + ["b"] * 6)
    assert dispersion(table, simulations=200)["p_over"].item() < 0.02
    assert dispersion(table, within="era", simulations=200)["verdict"].item() == (
        "less variable than independent launches"
    )


def test_dispersion_is_repeatable_and_its_interval_holds_the_index():
    table = yearly([1, 0, 5, 3, 0, 9, 2])
    one, two = (dispersion(table, simulations=300, seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    assert one["low"].item() < one["index"].item() < one["high"].item()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: garwood([-1]), "0 or more"),
        (lambda: garwood([1], level=95), "between 0 and 1 for level, got 95"),
        (lambda: rate(pd.DataFrame({"n": [1]})), "lacks the column.s. 'days'"),
        (lambda: rate(yearly([1], 0)), "above 0"),
        (lambda: rate(yearly([-1])), "0 or more"),
        (lambda: dispersion(yearly([1, 2])), "three periods"),
        (lambda: dispersion(yearly([1, 2, 3]), within="reign"), "'reign'"),
        (lambda: burstiness(load_launches(), "days", windows=(0,), **PERIOD), "1 day or more"),
        (lambda: rates(load_launches(), "days", freq="decade", **PERIOD), "'decade'"),
        (
            lambda: era_rates(load_launches(), "days", load_eras().iloc[:1], **PERIOD),
            "no era meets",
        ),
    ],
)
def test_errors_name_what_was_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()

"""Autocorrelation, decomposition and regression of monthly counts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tsa.stattools import acf

from analysis.counting import counts
from analysis.frequency import autocorrelation, count_regression, decomposition

PERIOD = {"start": "2012-01-01", "end": "2025-12-31"}


@pytest.fixture(scope="module")
def months(launches):
    return counts(launches, "days", freq="month", **PERIOD)


def table(n, start="2010-01", freq="M"):
    periods = pd.period_range(start, periods=len(n), freq=freq)
    days = (periods.end_time - periods.start_time).days + 1
    return pd.DataFrame({"period": periods, "days": days, "n": n})


def independent(seed=0, years=10, mean=3.0):
    return table(np.random.default_rng(seed).poisson(mean, 12 * years))


# -- autocorrelation -------------------------------------------------------------------------


def test_what_is_correlated_are_the_residuals_of_a_poisson_regression_on_years(months):
    years = pd.get_dummies(months["period"].dt.year, dtype=float)
    busy = years.loc[:, [months.loc[years[y] == 1, "n"].sum() > 0 for y in years]]
    kept = busy.sum(axis=1) == 1  # a year without a launch has no residuals
    fit = GLM(
        months.loc[kept, "n"],
        busy[kept],
        family=families.Poisson(),
        exposure=months.loc[kept, "days"],
    ).fit()
    residual = fit.resid_pearson.reindex(months.index, fill_value=0.0)
    expected = acf(residual, nlags=24, fft=True)[1:]
    found = autocorrelation(months, simulations=20)
    np.testing.assert_allclose(found["autocorrelation"], expected, atol=1e-8)


def test_a_rate_that_rises_from_year_to_year_is_no_autocorrelation():
    rising = table(np.random.default_rng(3).poisson(np.repeat(np.arange(1, 13), 12)))
    assert autocorrelation(rising)["p_all"].iloc[0] > 0.05
    assert autocorrelation(rising, within=None)["p_all"].iloc[0] < 0.01


def test_months_that_follow_the_month_before_are_seen():
    rng = np.random.default_rng(4)
    twice = table(np.repeat(rng.poisson(4, 90), 2)[1:])  # every second month as the one before
    found = autocorrelation(twice)
    assert found["p_adjusted"].iloc[0] < 0.01
    assert found["autocorrelation"].iloc[0] > found["null_high"].iloc[0]


def test_the_band_allows_for_the_estimated_mean_of_the_year():
    found = autocorrelation(independent())
    centre = (found["null_low"] + found["null_high"]) / 2
    # twelve residuals that add up to 0 correlate by -1/11 with each other
    assert centre.iloc[0] == pytest.approx(-1 / 11, abs=0.03)
    assert abs(centre.iloc[11]) < 0.03


def test_lags_count_periods_of_any_length(launches):
    quarters = counts(launches, "days", freq="quarter", **PERIOD)
    found = autocorrelation(quarters, lags=8, simulations=50)
    assert found["lag"].tolist() == list(range(1, 9))


# -- decomposition ---------------------------------------------------------------------------


@given(seed=st.integers(0, 10**6), more=st.integers(1, 20))
@settings(max_examples=10, deadline=None)
def test_parts_add_up_and_a_constant_goes_to_the_trend(seed, more):
    one = independent(seed, years=5).assign(days=30)
    base, raised = (decomposition(t, simulations=2) for t in (one, one.assign(n=one["n"] + more)))
    total = base["trend"] + base["season"] + base["rest"]
    np.testing.assert_allclose(total, base["rate"], atol=1e-9)
    np.testing.assert_allclose(raised["season"], base["season"], atol=1e-4)
    constant = raised["rate"] - base["rate"]
    np.testing.assert_allclose(raised["trend"] - base["trend"], constant, atol=1e-3)


def test_the_season_is_the_same_in_all_years_and_about_nothing_on_average(months):
    season = decomposition(months, simulations=2)["season"].to_numpy().reshape(-1, 12)
    assert np.abs(season - season[0]).max() < 1e-4
    assert abs(season[0].sum()) < 0.1


def test_a_planted_season_leaves_the_band_and_chance_seldom_does():
    rng = np.random.default_rng(5)
    season = np.tile([9, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 12)
    planted = decomposition(table(rng.poisson(season))).head(12)
    assert (planted["season"] > planted["null_high"]).tolist() == [True] + [False] * 11
    flat = decomposition(independent(6, years=12)).head(12)
    outside = (flat["season"] < flat["null_low"]) | (flat["season"] > flat["null_high"])
    assert outside.sum() <= 2


def test_quarters_have_a_season_of_four():
    n = np.tile([8, 2, 2, 2], 10)
    season = decomposition(table(n, freq="Q"), simulations=2)["season"]
    assert season.iloc[0] > 4
    assert season.iloc[4] == pytest.approx(season.iloc[0], abs=1e-3)


# -- regression ------------------------------------------------------------------------------


def test_growth_and_season_that_were_planted_are_found():
    time = (np.arange(120) + 0.5) / 12
    quarter = np.arange(120) % 12 // 3
    one = table(np.round(1e5 * 1.2**time * np.where(quarter == 3, 0.5, 1.0)))
    one = one.assign(days=365.25 / 12)
    found = count_regression(one).set_index("term")
    assert found["rate_ratio"].round(3).to_dict() == {
        "year": 1.2,
        "Q1": 1.2,  # over the mean of 1, 1 and 1/2
        "Q2": 1.2,
        "Q3": 1.2,
        "Q4": 0.5,
    }
    assert count_regression(one, season=None)["term"].tolist() == ["year"]
    assert len(count_regression(one, season="month")) == 13


def test_the_fit_solves_the_equations_of_the_negative_binomial(months):
    found = count_regression(months, season=None).iloc[0]
    time = (months["days"].cumsum() - months["days"] / 2) / 365.25
    shape = months["days"] * found["rate_ratio"] ** time
    alpha = found["alpha"]

    def score(level):
        mean = level * shape
        return (months["n"] - mean) / (1 + alpha * mean)

    level = stats.gmean([1e-6, 1.0])
    for _ in range(200):  # the level that the fit does not print
        level *= np.exp(score(level).sum() / (level * shape / (1 + alpha * level * shape)).sum())
    assert score(level).sum() == pytest.approx(0, abs=1e-6)
    assert (score(level) * (time - time.mean())).sum() == pytest.approx(0, abs=1e-3)


def test_the_interval_is_that_of_leaving_out_one_year_at_a_time(months):
    terms = np.log(count_regression(months)["rate_ratio"])
    years = months["period"].dt.year
    others = [
        np.log(count_regression(months[years != year])["rate_ratio"]) for year in years.unique()
    ]
    variance = sum((other - terms) ** 2 for other in others) * 13 / 14
    reach = stats.t.ppf(0.975, 13) * np.sqrt(variance)
    found = count_regression(months)
    assert found["low"].iloc[0] == pytest.approx(np.exp(terms - reach).iloc[0], rel=1e-6)
    assert found["high"].iloc[0] == pytest.approx(np.exp(terms + reach).iloc[0], rel=1e-6)
    # where years agree better than chance, the model's own error is kept
    assert (found["low"] <= np.exp(terms - reach) * (1 + 1e-9)).all()


def test_years_that_agree_by_luck_do_not_make_an_interval_of_nothing():
    n = np.tile([4, 1, 3, 2, 5, 1, 2, 0, 3, 2, 1, 4], 4)  # the same in every year
    growth = count_regression(table(n), season=None).iloc[0]
    poisson = 1.96 / np.sqrt(n.sum() * 16 / 12)  # slope of a Poisson count over four years
    assert np.log(growth["high"] / growth["low"]) / 2 > poisson


def test_half_the_launches_in_half_the_days_are_the_same_rate():
    steady = table([4] * 48 + [2] * 48).assign(days=[30] * 48 + [15] * 48)
    assert count_regression(steady)["rate_ratio"].round(2).tolist() == [1.0] * 5


def test_a_quarter_that_rests_on_one_year_has_no_finite_interval():
    n = np.tile([2, 1, 3, 2, 2, 1, 2, 3, 2, 0, 0, 0], 6)
    n[-1] = 1
    last = count_regression(table(n)).set_index("term").loc["Q4"]
    assert (last["low"], last["high"], last["p_value"]) == (0.0, np.inf, 1.0)
    assert 0 < last["rate_ratio"] < 1


def test_launch_days_became_more_frequent_since_2012_and_no_more_so_since_2022(launches, months):
    since = counts(launches, "days", freq="month", start="2022-01-01", end="2026-08-22")
    whole, late = (count_regression(t).iloc[0] for t in (months, since))
    assert 1 < whole["low"] < whole["rate_ratio"] < 1.2
    assert late["rate_ratio"] < 1 < late["high"]
    assert late["years"] == 5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: autocorrelation(m, lags=0), "at least 1 for lags, got 0"),
        (lambda m: autocorrelation(m.head(20)), "three periods a lag or more, got 20 for 24"),
        (lambda m: autocorrelation(m.drop(index=3)), "without a gap"),
        (lambda m: autocorrelation(m.assign(n=0)), "expected a launch"),
        (lambda m: autocorrelation(m.iloc[::-1]), "order of time"),
        (lambda m: autocorrelation(m, within="reign"), "'reign'"),
        (lambda m: autocorrelation(m.drop(columns="n")), "lacks the column.s. 'n'"),
        (lambda m: decomposition(m.head(23)), "two years or more"),
        (lambda _: decomposition(table([1, 2, 3], freq="Y")), "months or quarters"),
        (lambda m: decomposition(m, level=95), "between 0 and 1 for level"),
        (lambda m: count_regression(m, season="week"), "unknown season 'week'"),
        (lambda m: count_regression(m.head(24)), "there are 2 years"),
        (lambda m: count_regression(m.assign(n=m["period"].dt.quarter == 1)), "none in Q2, Q3, Q4"),
    ],
)
def test_errors_name_what_was_wrong(call, message, months):
    with pytest.raises(ValueError, match=message):
        call(months)

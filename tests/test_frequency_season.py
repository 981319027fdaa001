"""Season and rhythm, waiting times."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.counting import RULES, counts, launch_days
from analysis.frequency import (
    CYCLES,
    fit_waiting,
    hazard,
    hours,
    launch_calendar,
    longest_pauses,
    month_by_year,
    season_change,
    seasonality,
    waiting_survival,
    waiting_times,
)
from analysis.record.load import load_launches

from .toys import toy_launches

PERIOD = {"start": "2012-01-01", "end": "2026-08-22"}


def of_days(dates, by, **options):
    span = {"start": "2010-01-01", "end": "2019-12-31", "coverage": False}
    return seasonality(toy_launches(dates), "missiles", by=by, simulations=300, **span | options)


# -- season ----------------------------------------------------------------------------------


@pytest.mark.parametrize("by", CYCLES)
def test_parts_of_a_cycle_add_up(by):
    table = seasonality(load_launches(), by=by, simulations=100, **PERIOD)
    assert table["label"].tolist() == list(CYCLES[by].labels)
    assert table["p_years_permuted"].isna().all() == CYCLES[by].calendar
    assert table["n"].sum() == counts(load_launches(), "days", freq="year", **PERIOD)["n"].sum()
    assert table["days"].sum() == 5348
    assert table["expected"].sum() == pytest.approx(table["n"].sum())
    assert (table["low"] <= table["rate_ratio"]).all()
    assert (table["rate_ratio"] <= table["high"]).all()


def test_launches_on_mondays_alone_are_seen():
    mondays = pd.date_range("2010-01-04", "2019-12-30", freq="28D")
    table = of_days(mondays, "weekday")
    assert table.loc[0, "n"] == len(mondays)
    assert table.loc[0, "p_value"] < 0.02
    assert table.loc[0, "p_years_permuted"] < 0.02
    assert table.loc[0, "p_cycle"] < 0.01
    assert np.isinf(table.loc[0, "rate_ratio"])
    assert np.isfinite(table.loc[1:, "high"]).all()


def test_one_great_burst_is_no_season():
    burst = pd.date_range("2014-11-01", periods=30)
    table = of_days(burst, "quarter")
    assert table.loc[3, "n"] == 30
    assert table.loc[3, "p_value"] > 0.2  # a year has but one place to put its burst
    naive = stats.binomtest(30, 30, 0.25).pvalue
    assert naive < 1e-9


def test_a_yearly_burst_in_the_same_month_is_a_season():
    dates = [pd.Timestamp(year, 3, day) for year in range(2010, 2020) for day in (5, 6, 7)]
    table = of_days(dates, "month")
    assert table.loc[2, "p_value"] < 0.01
    assert (table["n"].drop(2) == 0).all()


def test_the_date_in_washington_is_that_of_its_clock(launches):
    washington = "America/New_York"
    table = seasonality(launches, by="weekday", calendar=washington, simulations=20, **PERIOD)
    rule = RULES["days"]
    rows = launches[launches["family"].isin(rule.families) & (launches["date_precision"] == "day")]
    clock = rows["launched_at"].dt.tz_convert(washington).dt.tz_localize(None).dt.normalize()
    days = clock.fillna(rows["date"]).drop_duplicates()
    days = days[days.between(PERIOD["start"], PERIOD["end"])]
    found = days.dt.day_of_week.value_counts().reindex(range(7), fill_value=0)
    assert table["n"].tolist() == found.tolist()
    here = seasonality(launches, by="weekday", simulations=20, **PERIOD)
    assert table["n"].tolist() != here["n"].tolist()


def test_the_lull_of_the_fourth_quarter_before_2018_and_since():
    table = season_change(load_launches(), simulations=2000, **PERIOD).set_index("period")
    assert table.loc["before", "n_quarter"] == 6
    assert table.loc["before", "high"] < 1
    assert table.loc["after", "low"] < 1 < table.loc["after", "high"]
    whole = table.loc["after over before"]
    assert whole["n"] == table["n"].iloc[:2].sum()
    assert whole["rate_ratio"] == pytest.approx(
        table.loc["after", "rate_ratio"] / table.loc["before", "rate_ratio"]
    )
    assert whole["low"] < whole["rate_ratio"] < whole["high"]


def test_seasonality_is_repeatable():
    one, two = (
        seasonality(load_launches(), by="month", simulations=50, seed=3, **PERIOD) for _ in range(2)
    )
    pd.testing.assert_frame_equal(one, two)


def test_hours_count_each_launch_day_once():
    table = hours(load_launches(), **PERIOD)
    total = len(launch_days(load_launches(), "days", **PERIOD))
    assert table["n"].sum() == table["n_known"].iloc[0]
    assert table["n_known"].iloc[0] + table["n_unknown"].iloc[0] == total
    utc = hours(load_launches(), timezone="UTC", **PERIOD)
    np.testing.assert_array_equal(np.roll(utc["n"], 9), table["n"])  # Korea is nine hours ahead


def test_calendar_places_days_in_weeks_that_begin_on_monday():
    table = launch_calendar(load_launches(), start="2022-01-01", end="2022-12-31")
    first = table.set_index("date")
    assert first.loc["2022-01-01", ["weekday", "week"]].tolist() == [5, 0]
    assert first.loc["2022-01-03", ["weekday", "week"]].tolist() == [0, 1]
    assert not table.duplicated(["week", "weekday"]).any()


def test_months_by_year_agree_with_counts():
    table = month_by_year(load_launches(), **PERIOD)
    whole = counts(load_launches(), "days", freq="month", **PERIOD)
    assert table["n"].tolist() == whole["n"].tolist()
    assert table["days"].tolist() == whole["days"].tolist()


def test_cycles_asked_for_together_answer_as_one_by_one():
    days = counts(load_launches(), "days", freq="day", **PERIOD)
    both = seasonality(days, by=["quarter", "weekday"], simulations=2000)
    for name, part in both.groupby("cycle"):
        alone = seasonality(days, by=name, simulations=2000, seed=1)
        exact = ["part", "label", "days", "n", "expected", "rate_ratio"]
        pd.testing.assert_frame_equal(part[exact].reset_index(drop=True), alone[exact])
        assert np.abs(part["p_value"].to_numpy() - alone["p_value"]).max() < 0.1  # chance alone


# -- waiting ---------------------------------------------------------------------------------


def waits(days, still=()):
    return pd.DataFrame(
        {"days": [*days, *still], "open": [False] * len(days) + [True] * len(still)}
    )


def test_the_long_pause_of_2018_is_the_longest():
    table = longest_pauses(waiting_times(load_launches(), **PERIOD), top=3)
    first = table.iloc[0]
    assert (first["start"], first["end"]) == (
        pd.Timestamp("2017-11-29"),
        pd.Timestamp("2019-04-17"),
    )
    assert first["days"] == 504
    assert first["p_exponential"] < 1e-4 < first["p_two_rates"]
    assert table["days"].is_monotonic_decreasing


def test_waits_add_up_to_the_time_since_the_first_launch_day():
    table = waiting_times(load_launches(), **PERIOD)
    days = launch_days(load_launches(), "days", **PERIOD)
    assert table["days"].sum() == (pd.Timestamp(PERIOD["end"]) - days.iloc[0]).days
    assert table["open"].tolist() == [False] * (len(days) - 1) + [True]


def test_a_period_that_ends_on_a_launch_day_has_no_open_wait():
    table = waiting_times(load_launches(), start="2017-01-01", end="2017-11-29")
    assert not table["open"].any()


@given(seed=st.integers(0, 10**6))
@settings(max_examples=8, deadline=None)
def test_the_exponential_is_the_geometric_distribution_of_days(seed):
    days = np.random.default_rng(seed).geometric(0.1, 60)
    fit = fit_waiting(waits(days)).set_index(["model", "parameter"])
    chance = 1 / days.mean()
    assert fit.loc[("exponential", "rate"), "estimate"] == pytest.approx(-np.log1p(-chance))
    height = stats.geom.logpmf(days, chance).sum()
    assert fit.loc[("exponential", "rate"), "log_likelihood"] == pytest.approx(height)
    nested = fit["log_likelihood"].groupby("model").first()
    assert nested["weibull"] >= height - 1e-4
    assert nested["two_rates"] >= height - 0.05


def test_weibull_shape_agrees_with_scipy_on_fine_grained_waits():
    days = np.ceil(5000 * np.random.default_rng(2).weibull(0.8, 400))
    fit = fit_waiting(waits(days)).set_index(["model", "parameter"])
    shape, _, scale = stats.weibull_min.fit(days - 0.5, floc=0)
    assert fit.loc[("weibull", "shape"), "estimate"] == pytest.approx(shape, rel=2e-3)
    assert fit.loc[("weibull", "scale"), "estimate"] == pytest.approx(scale, rel=2e-3)


def test_an_open_wait_lowers_the_rate():
    closed = fit_waiting(waits([3, 5, 9, 2]))["estimate"].iloc[0]
    assert fit_waiting(waits([3, 5, 9, 2], [100]))["estimate"].iloc[0] < closed / 3


def test_the_record_does_not_wait_like_a_poisson_process():
    fit = fit_waiting(waiting_times(load_launches(), **PERIOD)).set_index(["model", "parameter"])
    assert fit.loc[("weibull", "shape"), "high"] < 1
    assert fit.loc[("exponential", "rate"), "delta_bic"] > 10


def test_hazard_counts_every_day_waited():
    table = waiting_times(load_launches(), **PERIOD)
    classes = hazard(table)
    assert classes["days"].sum() == table["days"].sum()
    assert classes["n"].sum() == (~table["open"]).sum()
    assert classes["hazard"].iloc[0] > 3 * classes["hazard"].iloc[-1]
    assert ((classes["low"] <= classes["hazard"]) & (classes["hazard"] <= classes["high"])).all()


def test_observed_survival_is_the_share_of_longer_waits():
    table = waiting_survival(waits([1, 1, 4, 10]))
    expected = [np.mean(np.array([1, 1, 4, 10]) > d) for d in range(11)]
    np.testing.assert_allclose(table["observed"], expected)
    for model in ("exponential", "weibull", "two_rates"):
        assert table[model].iloc[0] == pytest.approx(1.0)
        assert table[model].is_monotonic_decreasing


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: seasonality(load_launches(), by="moon", **PERIOD), "'moon'"),
        (
            lambda: seasonality(load_launches(), by="month", start="2018-01-01", end="2018-12-31"),
            "no launch",
        ),
        (lambda: season_change(load_launches(), quarter=5, **PERIOD), "quarter 5: expected 1, 2"),
        (lambda: season_change(load_launches(), split="2018-03-01", **PERIOD), "1 January"),
        (lambda: season_change(load_launches(), split="2030-01-01", **PERIOD), "inside the period"),
        (
            lambda: waiting_times(load_launches(), start="2018-01-01", end="2018-12-31"),
            "two launch days or more, got 0",
        ),
        (lambda: fit_waiting(pd.DataFrame({"days": [1]})), "lack the column.s. 'open'"),
        (lambda: fit_waiting(waits([0, 3, 4])), "one day at least"),
        (lambda: hazard(waits([1, 2]), edges=(1, 3)), "from 0"),
        (lambda: longest_pauses(waits([1, 2]), top=0), "at least 1 for top, got 0"),
    ],
)
def test_errors_name_what_was_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()

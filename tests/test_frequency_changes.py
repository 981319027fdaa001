"""Change points: what the tables promise, and what the record says."""

import numpy as np
import pandas as pd
import pytest

from analysis.counting import CountRule, counts
from analysis.frequency import change_points, change_stability, dates_within
from analysis.record.examples import load_example
from analysis.record.load import load_eras, load_launches


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

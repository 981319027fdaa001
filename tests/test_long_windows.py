"""One long window is compared with other stretches; test and interval agree; eras are used."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

pytest.importorskip("scipy")

from analysis import (
    CountRule,
    change_points,
    counts,
    event_study,
    load_example,
    rate,
    waiting_times,
    year_end,
    year_to_date,
)
from analysis.links.single import is_long, judge_single
from analysis.record.proofs import read_proof
from analysis.series.strata import make_days, read_days

BOMBS, EVENTS = load_example("nuclear"), load_example("nuclear", "events")
ABOVE = ("atmospheric", "space", "underwater")
#: Controls announced outside, each with its period; the last is too small to be found.
CONTROLS = {
    "1958-10-31-us-moratorium": ("USA", "all", "1951-01-01", "1970-12-31"),
    "1963-10-10-ptbt-in-force": (("USA", "SUN", "GBR"), ABOVE, "1951-01-01", "1980-12-31"),
    "1985-08-06-soviet-moratorium-1985": ("SUN", "all", "1975-01-01", "1990-12-31"),
    "1992-04-08-french-moratorium": ("FRA", "all", "1980-01-01", "1998-12-31"),
    "1958-10-31-uk-moratorium": ("GBR", "all", "1951-01-01", "1970-12-31"),
}


def studied(event_id, country, families, start, end, **others):
    event = EVENTS[EVENTS["event_id"] == event_id]
    rule = CountRule("day", families, countries=country)
    return event_study(BOMBS, event, rule, during=True, start=start, end=end, **others).iloc[0]


@pytest.mark.parametrize("event_id", CONTROLS)
def test_known_stops_are_found_where_enough_was_expected(event_id):
    row = studied(event_id, *CONTROLS[event_id])
    assert row["null"] == "long_window"
    assert row["observed"] == 0
    found = row["at_other_rate"] >= 10
    assert found == (event_id != "1958-10-31-uk-moratorium")
    assert (row["p_value"] < 0.01) == (row["high"] < 1) == found
    assert row["smallest_p"] == row["p_value"], "nothing fell inside"


def test_the_soviet_pause_of_1958_has_a_test_and_an_interval_that_agree():
    row = studied("1958-11-04-soviet-moratorium-1958", "SUN", "all", "1951-01-01", "1970-12-31",
                  confidence="conflicting")  # fmt: skip
    assert 0.01 < row["p_value"] < 0.05
    assert row["high"] < 1


def test_the_floor_of_shifts_is_said():
    row = studied("1958-10-31-us-moratorium", "USA", "all", "1945-07-16", "1998-12-31",
                  null="circular_shift")  # fmt: skip
    assert row["smallest_p"] > 0.05


def test_p_is_below_the_level_just_where_the_interval_leaves_one_out():
    rng = np.random.default_rng(5)
    dates = pd.date_range("2000-01-01", periods=4000)
    for _ in range(20):
        days = make_days(rng.random(4000) < 0.03, dates, ("month",), offices=())
        marks = np.zeros(4000)
        marks[1000:1600] = 1
        single = judge_single(days, marks)
        assert (single.p_value < 0.05) == (not single.low <= 1 <= single.high)


@pytest.mark.parametrize("inside", [60, 140])
def test_launches_that_never_bunch_are_judged_by_the_binomial(inside):
    # every fifth of 3,000 days, 100 of them in a window of 500 days
    launches, marks = (
        np.tile([0.0, 1.0, 0.0, 0.0, 0.0], 600),
        np.repeat([0, 1, 0], [1000, 500, 1500]),
    )
    launches[1000:1500] = 0
    launches[1000 : 1000 + inside] = 1
    days = make_days(launches, pd.date_range("2010-01-01", periods=3000), [], offices=[])
    law = stats.binom(inside + 500, 500 / 3000)
    tails = law.cdf(inside), law.sf(inside - 1)  # as few, as many: the number itself is in both
    assert judge_single(days, marks).p_value == pytest.approx(2 * min(tails), rel=0.01)


def test_only_one_stretch_of_a_year_or_more_is_long():
    marks = np.zeros(3000)
    marks[500:900] = 1
    assert is_long(marks)
    marks[700] = 0
    assert not is_long(marks)
    assert not is_long(np.zeros(3000))


def test_eras_of_any_kind_are_used_and_unknown_offices_refused():
    rule, period = CountRule("day", "all", countries="SUN"), {"start": "1951-01-01",
                                                              "end": "1970-12-31"}  # fmt: skip
    leaders = load_example("nuclear", "eras").query("kind == 'soviet_leader'")
    plain = read_days(BOMBS, rule, **period)
    cut = read_days(BOMBS, rule, eras=leaders, **period)
    assert plain.calendar.eras.max() == 0
    assert cut.calendar.eras.max() == 2
    unnamed = read_days(BOMBS, rule, eras=leaders.drop(columns="kind"), **period)
    assert (unnamed.calendar.eras == cut.calendar.eras).all()
    with pytest.raises(ValueError, match="unknown office 'pope'"):
        read_days(BOMBS, rule, eras=leaders, offices=["soviet_leader", "pope"], **period)
    with pytest.raises(ValueError, match="the eras lack"):
        read_days(BOMBS, rule, eras=leaders.drop(columns="start"), **period)


def test_controls_hold_as_committed():
    table = read_proof("links_controls")
    stops = table[table["truth"] == "stop"]
    assert (stops.loc[stops["at_other_rate"] >= 10, "verdict"] == "found").all()
    nothing = table[(table["truth"] == "nothing") & table["p_value"].notna()]
    assert len(nothing) >= 200
    for side in (nothing["rate_ratio"] < 1, nothing["rate_ratio"] > 1):
        assert (side & (nothing["p_value"] < 0.10)).mean() <= 0.08


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("japan", "2002-01-01", "2023-12-31"),
        ("nuclear", "1950-01-01", "1995-12-31"),
        ("india_pakistan", "1999-01-01", "2018-12-31"),
        ("iran", "2000-01-01", "2018-12-31"),
    ],
)
def test_every_record_answers_the_same_calls(name, start, end):
    launches, period = load_example(name), {"start": start, "end": end}
    months = counts(launches, "all_days", freq="month", **period)
    assert (rate(months)["low"] <= rate(months)["high"]).all()
    assert len(change_points(months)) >= 1
    assert len(waiting_times(launches, "all_days", **period))
    last = pd.Timestamp(end)
    assert len(year_to_date(launches, "all_days", years=[last.year], as_of=end)) == 1
    ends = year_end(launches, "all_days", as_of=f"{last.year}-06-30", seed=1)
    assert ends["probability"].sum() == pytest.approx(1)


@pytest.mark.parametrize("null", ["years_permuted", "within_era"])
def test_an_empty_window_has_the_smallest_p_of_its_null(null):
    stop = EVENTS[EVENTS["event_id"] == "1958-10-31-us-moratorium"]
    rule = CountRule("day", "all", countries="USA")
    row = event_study(BOMBS, stop, rule, during=True, null=null, adjust="month",
                      start="1951-01-01", end="1970-12-31").iloc[0]  # fmt: skip
    assert row["observed"] == 0
    assert row["smallest_p"] == row["p_value"]

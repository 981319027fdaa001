"""Launches counted by day already answer as the launches do."""

import numpy as np
import pandas as pd
import pytest

from analysis import RULES
from analysis.counting import counts, launch_days
from analysis.frequency import (
    burstiness,
    era_rates,
    launch_calendar,
    month_by_year,
    rates,
    season_change,
    seasonality,
    waiting_times,
)

PERIOD = {"start": "2012-01-01", "end": "2026-08-22"}
ASKED = {
    "rates": lambda *rows, **period: rates(*rows, freq="year", **period),
    "weekly rates": lambda *rows, **period: rates(*rows, freq="week", **period),
    "era_rates": era_rates,
    "burstiness": burstiness,
    "seasonality": lambda *rows, **period: seasonality(
        *rows, by="weekday", simulations=50, **period
    ),
    "season_change": lambda *rows, **period: season_change(*rows, simulations=50, **period),
    "launch_calendar": launch_calendar,
    "month_by_year": month_by_year,
    "waiting_times": waiting_times,
}


@pytest.fixture(scope="module")
def days(launches):
    return counts(launches, "days", freq="day", **PERIOD)


@pytest.mark.parametrize("name", ASKED)
def test_a_table_of_days_answers_as_the_launches(name, launches, days):
    expected = ASKED[name](launches, "days", **PERIOD)
    pd.testing.assert_frame_equal(ASKED[name](days), expected)


@pytest.mark.parametrize("name", [name for name in ASKED if "rates" not in name])
def test_launch_days_answer_as_the_launches(name, launches):
    dates = launch_days(launches, "days", **PERIOD)
    expected = ASKED[name](launches, "days", **PERIOD)
    pd.testing.assert_frame_equal(ASKED[name](dates, **PERIOD), expected)


@pytest.mark.parametrize("name", ASKED)
def test_launch_days_are_what_counts_if_nothing_is_said(name, launches):
    expected = ASKED[name](launches, "days", **PERIOD)
    pd.testing.assert_frame_equal(ASKED[name](launches, **PERIOD), expected)


def test_a_part_of_the_table_is_that_period(launches, days):
    period = {"start": "2015-02-03", "end": "2019-10-11"}
    expected = burstiness(launches, "days", **period)
    pd.testing.assert_frame_equal(burstiness(days, **period), expected)


def test_families_are_kept_apart_in_a_table_of_days(launches):
    table = counts(launches, "days", freq="day", by="family", **PERIOD)
    expected = rates(launches, "days", freq="year", by="family", **PERIOD)
    pd.testing.assert_frame_equal(rates(table, freq="year", by="family"), expected)


def test_any_rule_may_have_counted(launches):
    salvos = counts(launches, "salvos", freq="day", **PERIOD)
    expected = waiting_times(launches, RULES["salvos"], **PERIOD)
    pd.testing.assert_frame_equal(waiting_times(salvos), expected)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda d, _: burstiness(d, "days"), "counted already: expected no rule, got 'days'"),
        (lambda d, _: burstiness(d, start="2011-12-31"), "leaves the table of days"),
        (lambda d, _: burstiness(d.drop(index=7)), "one row for each day in turn"),
        (lambda _, ls: burstiness(counts(ls, "days", freq="month", **PERIOD)), "a table of days"),
        (lambda _, ls: burstiness(ls, "days", end="2012-12-31"), "for start, got None"),
        (lambda _, ls: burstiness(launch_days(ls, "days", **PERIOD)), "for start, got None"),
        (lambda d, _: rates(d, freq="decade"), "unknown freq 'decade'"),
        (lambda d, _: rates(d, freq="year", by="family"), "lacks the column.s. 'family'"),
        (
            lambda d, _: seasonality(d, by="weekday", calendar="America/New_York"),
            "counted already",
        ),
        (lambda d, _: waiting_times(d.assign(n=np.nan)), "counts of 0 or more"),
    ],
)
def test_errors_name_what_was_wrong(call, message, launches, days):
    with pytest.raises(ValueError, match=message):
        call(days, launches)

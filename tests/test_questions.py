"""Questions that the data cannot answer end within seconds, and say why."""

import time

import pandas as pd
import pytest

from analysis import (
    change_points,
    change_stability,
    counts,
    era_rates,
    load_eras,
    load_launches,
    seasonality,
    self_excitation,
)

pytest.importorskip("scipy")
LAUNCHES = load_launches()
OLD = pd.DataFrame({"date": pd.date_range("1950-01-01", "1999-12-31", freq="30D"), "missiles": 1,
                    "family": "ballistic"})  # fmt: skip


def test_a_launch_on_every_day_tells_no_rate() -> None:
    daily = pd.DataFrame(
        {"date": pd.date_range("2022-01-01", "2022-12-31"), "missiles": 1, "family": "ballistic"}
    )
    with pytest.raises(ValueError, match="every day of the period is a launch day"):
        self_excitation(daily, "days", start="2022-01-01", end="2022-12-31", baseline="constant")


@pytest.mark.parametrize("baseline", ["constant", "years"])
def test_a_launch_on_nearly_every_day_tells_no_rate(baseline: str) -> None:
    days = pd.date_range("2021-01-01", "2022-12-31").delete([17, 301, 302, 640])
    daily = pd.DataFrame({"date": days, "missiles": 1, "family": "ballistic"})
    start = time.perf_counter()
    with pytest.raises(ValueError, match="726 of 730 days of the period are launch days: no rate"):
        self_excitation(daily, "days", start="2021-01-01", end="2022-12-31", baseline=baseline)
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize("function", [change_points, change_stability])
def test_yearly_counts_do_not_tell_when_a_rate_changed(function) -> None:
    years = counts(LAUNCHES, "days", freq="year", start="1998-01-01", end="2025-12-31")
    with pytest.raises(ValueError, match="expected counts of months"):
        function(years)


def test_months_that_a_period_does_not_hold_have_no_ratio() -> None:
    table = seasonality(LAUNCHES, by="month", start="2026-01-01", end="2026-06-30", simulations=50)
    assert table["rate_ratio"].isna().tolist() == [False] * 6 + [True] * 6


def test_days_without_an_era_are_said_and_not_left_out() -> None:
    period = {"start": "1950-01-01", "end": "1999-12-31", "coverage": False}
    with pytest.raises(ValueError, match=r"no us_president is given on [\d,]+ days"):
        era_rates(OLD, "days", load_eras("us_president"), **period)

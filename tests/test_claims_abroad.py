"""Two findings on other countries' launches, tested again."""

import numpy as np
import pytest

from analysis import CountRule, launch_days, load_example, retest_abroad


@pytest.fixture(scope="module")
def retested():
    return retest_abroad(histories=20, progress=False)


def test_each_finding_has_its_effect_interval_power_and_sentence(retested):
    assert len(retested) == 10
    assert retested["sentence"].str.contains("rate ratio").all()
    assert retested["sentence"].str.contains("four histories of five").all()
    assert (retested["low"] <= retested["effect"]).all()
    assert (retested["effect"] <= retested["high"]).all()
    np.testing.assert_allclose(
        retested["effect"], retested["observed"] / retested["at_other_rate"], rtol=1e-6
    )


def test_neither_country_is_seen_to_answer_the_other(retested):
    asia = retested[retested["launches"] != "IRN"]
    assert (asia["p_value"] > 0.05).all()
    # at a week a doubling cannot be excluded either way
    assert (asia.loc[asia["launches"] == "PAK", "high"] > 1.5).all()
    assert asia.groupby("after")["n_events"].first().to_dict() == {"IND": 125, "PAK": 73}


def test_the_same_days_are_counted_by_hand():
    record, period = load_example("india_pakistan"), {"start": "1999-01-01", "end": "2019-07-31"}
    india, pakistan = (
        launch_days(record, CountRule("day", ("ballistic", "cruise"), countries=c), **period)
        for c in ("IND", "PAK")
    )
    after = {day + np.timedelta64(k, "D") for day in india.to_numpy() for k in range(1, 8)}
    by_hand = sum(day in after for day in pakistan.to_numpy())
    row = retest_abroad(histories=20, progress=False).iloc[0]
    assert (row["launches"], row["after"], row["window_end"]) == ("PAK", "IND", 7)
    assert row["observed"] == by_hand


def test_iranian_launches_are_not_seen_to_follow_resolutions(retested):
    iran = retested[retested["launches"] == "IRN"]
    assert iran["stated"].round(2).eq(4.10).all()
    assert (iran["p_value"] > 0.05).all()
    assert (iran["stated_excluded"] == (iran["high"] < iran["stated"])).all()
    assert iran["sentence"].str.contains("the ratio published, 4.1").all()

"""Two findings on other countries' launches, tested again."""

import numpy as np
import pytest

from analysis import CountRule, launch_days, load_example, retest_elsewhere

ANSWERS = ["Pakistan's launches after India's", "India's launches after Pakistan's"]


@pytest.fixture(scope="module")
def retested():
    return retest_elsewhere(histories=20)


def test_each_finding_has_its_effect_interval_power_and_sentence(retested):
    assert len(retested) == 6
    assert retested["sentence"].str.contains("rate ratio").all()
    assert retested["sentence"].str.contains("four histories of five").all()
    assert ((retested["low"] < 1) & (retested["high"] > 1)).all()
    np.testing.assert_allclose(
        retested["rate_ratio"], retested["observed"] / retested["at_other_rate"], rtol=1e-6
    )


def test_neither_country_is_seen_to_answer_the_other(retested):
    asia = retested[retested["finding"].isin(ANSWERS)]
    assert (asia["p_value"] > 0.05).all()
    events = asia.groupby("finding")["n_events"].first()
    assert events[ANSWERS].tolist() == [125, 73]
    assert asia["stated_excluded"].isna().all()


def test_the_same_days_are_counted_by_hand(retested):
    record, period = load_example("india_pakistan"), {"start": "1999-01-01", "end": "2019-07-22"}
    india, pakistan = (
        launch_days(record, CountRule("day", ("ballistic", "cruise"), countries=c), **period)
        for c in ("IND", "PAK")
    )
    after = {day + np.timedelta64(k, "D") for day in india.to_numpy() for k in range(1, 8)}
    row = retested.iloc[0]
    assert (row["finding"], row["window_end"]) == (ANSWERS[0], 7)
    assert row["observed"] == sum(day in after for day in pakistan.to_numpy())


def test_iranian_launches_are_not_seen_to_follow_resolutions(retested):
    iran = retested[~retested["finding"].isin(ANSWERS)]
    assert iran["stated_ratio"].round(2).eq(4.10).all()
    assert (iran["p_value"] > 0.05).all()
    assert (iran["stated_excluded"] == (iran["high"] < iran["stated_ratio"])).all()
    assert iran["sentence"].str.contains("the ratio published, 4.1").all()

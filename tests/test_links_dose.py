"""Dose: levels hold the days they should, and the trend is found where one is planted."""

import numpy as np
import pandas as pd
import pytest

from analysis.excitation import simulate_launch_days
from analysis.links import dose_response, event_study
from analysis.record.load import load_events, load_launches

from .toys import toy_launches

DAYS = pd.date_range("2012-01-01", "2021-12-31", unit="us")
PERIOD = {"start": DAYS[0], "end": DAYS[-1], "coverage": False, "offices": ()}


def drills(rng, n=45, longest=15):
    """Events that do not overlap, of one to so many days, each with a size."""
    start = np.sort(rng.choice(len(DAYS) // 40, n, replace=False)) * 40
    start = start + rng.integers(0, 20, n)
    length = rng.integers(1, longest + 1, n)
    table = pd.DataFrame({"start": DAYS[start], "end": DAYS[start + length - 1]})
    return table.assign(precision="day", confidence="sourced", ships=rng.integers(1, 100, n))


def world(rng, factor, ratio=0.4):
    """Launches in bursts, the rate of new ones and of those they set off multiplied by a factor."""
    background = np.full(len(DAYS), 0.05 * (1 - ratio))
    launched = simulate_launch_days(background, ratio, 0.15, factor=factor, seed=rng)[0]
    return toy_launches(DAYS[launched])


def day_of(events):
    """Day of its event of each day of the record, 0 outside."""
    days = np.zeros(len(DAYS))
    for first, last in zip(events["start"], events["end"], strict=True):
        place = np.arange(DAYS.get_loc(first), DAYS.get_loc(last) + 1)
        days[place] = np.maximum(days[place], place - place[0] + 1)
    return days


def p_trends(factor_of_day, histories, seed):
    """p-values of the trend by day of the event, one a history."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(histories):
        events = drills(rng)
        launches = world(rng, factor_of_day(day_of(events)))
        table = dose_response(launches, events, "days", during=True, **PERIOD)
        found.append((table["p_trend"].iloc[0], table["trend"].iloc[0]))
    return pd.DataFrame(found, columns=["p", "trend"])


def test_levels_share_the_days_of_the_windows():
    rng = np.random.default_rng(3)
    events = drills(rng)
    launches = world(rng, 1.0)
    day = day_of(events)
    table = dose_response(launches, events, "days", during=True, **PERIOD)
    assert table["dose_from"].tolist() == [1, 4, 8]
    counted = [((day >= low) & (day <= high)).sum() for low, high in ((1, 3), (4, 7), (8, 99))]
    assert table["exposure_days"].tolist() == counted
    longest = (events["end"] - events["start"]).dt.days + 1
    assert table["n_events"].tolist() == [(longest >= low).sum() for low in (1, 4, 8)]
    whole = event_study(launches, events, "days", during=True, **PERIOD).iloc[0]
    assert table["observed"].sum() == whole["observed"]


def test_one_level_has_the_ratio_of_the_event_study():
    rng = np.random.default_rng(4)
    events, launches = drills(rng), world(rng, 1.0)
    table = dose_response(launches, events, "days", cuts=[], during=True, **PERIOD).iloc[0]
    whole = event_study(launches, events, "days", during=True, **PERIOD).iloc[0]
    for name in ("rate_ratio", "low", "high", "observed", "at_other_rate"):
        assert table[name] == pytest.approx(whole[name])
    assert np.isnan(table["p_trend"])


def test_a_column_is_a_dose_and_events_without_one_are_left_out():
    rng = np.random.default_rng(5)
    events, launches = drills(rng), world(rng, 1.0)
    events["ships"] = events["ships"].astype(float).where(np.arange(len(events)) > 2)
    table = dose_response(launches, events, "days", dose="ships", cuts=[30, 60], **PERIOD)
    ships = events["ships"].dropna()
    assert table["dose_from"].iloc[0] == ships.min()
    assert table["dose_to"].iloc[-1] == ships.max()
    assert table["n_events"].sum() == len(ships)
    assert table["n_without_dose"].unique().tolist() == [3]
    lengths = dose_response(launches, events, "days", dose="length", during=True, **PERIOD)
    assert lengths["n_events"].sum() == len(events)


@pytest.mark.slow
def test_the_trend_keeps_its_size_and_finds_what_is_planted():
    none = p_trends(lambda day: np.ones(len(day)), 100, seed=6)
    assert (none["p"] < 0.05).mean() <= 0.12  # 5 of 100 expected, 12 by chance in one of 300
    late = p_trends(lambda day: np.where(day >= 8, 6.0, np.where(day > 0, 0.5, 1.0)), 20, seed=7)
    assert (late["p"] < 0.05).mean() > 0.6
    assert (late["trend"] == "rising").all()


@pytest.mark.parametrize("null", ["circular_shift", "within_era", "years_permuted",
                                  "given_recent_launches"])  # fmt: skip
def test_every_null_of_the_event_study_judges_the_trend(null):
    events = load_events("drill")
    events = events[events["kind"] == "combined_command_post"]
    table = dose_response(load_launches(), events, "days", during=True, null=null, end="2025-12-31")
    assert table["null"].unique().tolist() == [null]
    assert table["p_trend"].between(0, 1).all()
    assert table["trend"].isin(["rising", "falling"]).all()


@pytest.mark.parametrize(
    ("others", "message"),
    [
        ({"dose": "tanks"}, "unknown dose 'tanks'"),
        ({"dose": "precision"}, "unknown dose 'precision'"),
        ({"cuts": [8, 4]}, "cuts that rise"),
        ({"window": (-7, 7)}, "window from the event on"),
        ({"window": [(0, 7), (0, 14)]}, "one window"),
    ],
)
def test_what_has_no_dose_is_refused(others, message):
    rng = np.random.default_rng(8)
    with pytest.raises(ValueError, match=message):
        dose_response(world(rng, 1.0), drills(rng), "days", **PERIOD, **others)

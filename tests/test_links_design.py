"""Choices that travel together, and input that is refused or counted as left out."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis import Design
from analysis.links import (
    coincidence,
    event_study,
    power,
    regression,
    specification_curve,
    superposed_epoch,
)

from .toys import toy_launches

END = "2025-12-31"
EARLY = {"start": "2012-01-01", "end": "2012-12-31"}
THREE = toy_launches(["2012-03-03", "2012-03-20", "2012-09-09"])


@pytest.fixture(scope="module")
def drills(events):
    return events[events["category"] == "drill"]


def toy_events(*spans, **columns):
    """Make one sourced event of each span of days."""
    first, last = zip(*spans, strict=True)
    known = {"precision": "day", "confidence": "sourced", "date_zone": "KST"}
    return pd.DataFrame(
        {"start": pd.to_datetime(list(first)), "end": pd.to_datetime(list(last)), **known}
    ).assign(**columns)


SPAN = toy_events(("2012-03-01", "2012-03-05"))


# -- the design -------------------------------------------------------------------------------


@pytest.mark.parametrize("study", [event_study, coincidence, regression])
def test_a_design_answers_as_its_fields_given_one_by_one(study, launches, drills):
    fields = {"window": (0, 6), "adjust": ("era",), "start": "2015-01-01", "end": END,
              "confidence": ("sourced", "unsourced"), "next_day": True}  # fmt: skip
    one_by_one = study(launches, drills, "days", by="kind", **fields)
    together = study(launches, drills, "days", by="kind", design=Design(**fields))
    pd.testing.assert_frame_equal(one_by_one, together)


def test_the_curve_and_the_epoch_take_a_design_too(launches, drills):
    design = Design(end=END, level=0.9)
    tried = {"rules": ["days"], "windows": [(0, 6)], "progress": False}
    pd.testing.assert_frame_equal(
        specification_curve(launches, drills, design=design, **tried),
        specification_curve(launches, drills, end=END, level=0.9, **tried),
    )
    pd.testing.assert_frame_equal(
        superposed_epoch(launches, drills, "days", lags=(0, 3), design=design),
        superposed_epoch(launches, drills, "days", lags=(0, 3), end=END, level=0.9),
    )


def test_a_keyword_beside_a_design_replaces_its_field(launches, drills):
    design = Design(window=(0, 6), end=END)
    wide = event_study(launches, drills, "days", window=(0, 14), design=design)
    assert wide["window_end"].tolist() == [14]
    assert event_study(launches, drills, "days", design=design)["window_end"].tolist() == [6]
    own_days = replace(design, during=True)
    assert event_study(launches, drills, "days", design=own_days)["window_end"].isna().all()
    again = event_study(launches, drills, "days", window=(0, 3), design=own_days)
    assert again["window_end"].tolist() == [3]


def test_a_design_made_from_another_differs_in_what_was_named():
    main = Design(end=END)
    assert replace(main, null="within_era") == Design(end=END, null="within_era")
    assert (main.window, main.adjust, main.confidence) == ((0, 14), ("month", "era"), ("sourced",))


def test_a_string_is_one_value():
    assert Design(adjust="month", confidence="sourced").adjust == ("month",)
    assert Design(confidence="sourced") == Design(confidence=("sourced",))


def test_a_generator_seeds_a_design_once(launches, drills):
    seeds = [Design(seed=np.random.default_rng(5)).seed for _ in range(2)]
    assert seeds[0] == seeds[1]
    first, second = (
        event_study(launches, drills, "days", null="within_era", end=END, seed=seed)["p_value"]
        for seed in (seeds[0], np.random.default_rng(5))
    )
    assert first.tolist() == second.tolist()


def test_the_own_days_of_events_stand_beside_windows(launches, drills):
    both = event_study(launches, drills, "days", window=[(0, 14), "during"], end=END)
    alone = event_study(launches, drills, "days", during=True, end=END).iloc[0]
    assert both["window_end"].isna().tolist() == [False, True]
    assert both.iloc[1][["observed", "p_value"]].tolist() == alone[["observed", "p_value"]].tolist()
    assert both["p_family"].ge(both["p_value"]).all()


def test_a_family_is_what_p_values_are_adjusted_among(launches, drills):
    every = event_study(launches, drills, "days", by="kind", end=END)
    two = ["air", "combined_command_post"]
    few = event_study(launches, drills, "days", by="kind", end=END, family=two)
    assert few.set_index("group")["p_adjusted"].dropna().index.tolist() == two
    assert few["p_value"].equals(every["p_value"])
    small = few.set_index("group").loc[two]
    # Benjamini and Hochberg of two: the larger stays, the smaller is doubled at most
    assert small["p_adjusted"].max() == small["p_value"].max()
    expected = min(2 * small["p_value"].min(), small["p_value"].max())
    assert small["p_adjusted"].min() == pytest.approx(expected)
    with pytest.raises(ValueError, match="unknown group of the family 'chess'"):
        event_study(launches, drills, "days", by="kind", end=END, family=["chess"])


def test_offices_are_named_in_the_call(launches, drills):
    coarse = event_study(launches, drills, "days", end=END, offices=["dprk_leader"])
    fine = event_study(launches, drills, "days", end=END)
    # one leader since 2012: month and era are then months alone
    months = event_study(launches, drills, "days", end=END, adjust=("month",))
    assert coarse["expected"].tolist() == months["expected"].tolist()
    assert coarse["expected"].tolist() != fine["expected"].tolist()


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"null": "shuffle"}, "unknown null 'shuffle': expected circular_shift"),
        ({"adjust": "weekday"}, "unknown adjust 'weekday': expected month, era"),
        ({"confidence": "certain"}, "unknown confidence 'certain': expected sourced"),
        ({"level": 95}, "between 0 and 1 for level, got 95"),
        ({"level": float("nan")}, "between 0 and 1 for level"),
        ({"seed": -1}, "at least 0 for seed, got -1"),
        ({"offices": ["pope"], "end": END}, "unknown office 'pope'"),
    ],
)
def test_a_bad_choice_is_one_clear_error(choice, message):
    with pytest.raises(ValueError, match=message):
        event_study(THREE, SPAN, "days", **EARLY | choice)


def test_a_period_without_an_end_is_an_error():
    with pytest.raises(ValueError, match="expected the last day of the period as end"):
        event_study(THREE, SPAN, "days")


def test_an_unknown_keyword_says_which_there_are():
    with pytest.raises(TypeError, match="unknown keyword 'windw': expected window, during, null"):
        power(THREE, SPAN, "days", windw=(0, 6), **EARLY)


@pytest.mark.parametrize("study", [regression, power, coincidence])
def test_studies_of_one_window_refuse_several(study):
    with pytest.raises(ValueError, match="expected one window, got 2"):
        study(THREE, SPAN, "days", window=[(0, 6), (0, 14)], **EARLY)


@pytest.mark.parametrize("study", [coincidence, superposed_epoch])
def test_lags_are_days_from_the_event(study):
    name = "lags" if study is superposed_epoch else "window"
    with pytest.raises(ValueError, match="two whole numbers of days, got 'during'"):
        study(THREE, SPAN, "days", **{name: "during"}, **EARLY)


# -- input ------------------------------------------------------------------------------------


def test_events_without_a_first_day_are_left_out_and_counted():
    both = toy_events(("2012-03-01", "2012-03-05"), (None, None))
    one, two = (event_study(THREE, each, "days", **EARLY).iloc[0] for each in (SPAN, both))
    assert (one["n_undated"], two["n_undated"]) == (0, 1)
    pd.testing.assert_series_equal(one.drop("n_undated"), two.drop("n_undated"))
    for study in (regression, coincidence):
        assert set(study(THREE, both, "days", **EARLY)["n_undated"]) == {1}


@pytest.mark.parametrize("last", ["2012-02-01", None])
def test_an_event_that_ends_before_it_starts_is_an_error(last):
    wrong = toy_events(("2012-03-01", "2012-03-05"), ("2012-04-01", last))
    with pytest.raises(ValueError, match=r"row 1 .*, column end: .* on or after the start"):
        event_study(THREE, wrong, "days", **EARLY)


def test_a_launch_without_a_day_is_an_error():
    undated = THREE.assign(date=THREE["date"].where(THREE["launch_id"] != "row-01"))
    with pytest.raises(ValueError, match=r"1 row\(s\) without a date, the first at index 1"):
        event_study(undated, SPAN, "days", **EARLY)


def test_a_regression_at_level_2_is_an_error():
    with pytest.raises(ValueError, match="between 0 and 1 for level, got 2"):
        regression(THREE, SPAN, "days", level=2, **EARLY)


def test_events_on_the_first_and_last_day_of_the_period_count():
    edges = toy_events(*[(day, day) for day in ("2012-01-01", "2012-12-31", "2013-01-01")])
    row = event_study(THREE, edges, "days", window=(0, 0), **EARLY).iloc[0]
    assert (row["n_events"], row["exposure_days"]) == (2, 2)


def test_an_event_left_out_is_counted_once():
    both = toy_events(
        *[("2012-03-01", "2012-03-05")] * 2, precision=["day", "month"],
        confidence=["sourced", "unsourced"],
    )  # fmt: skip
    row = event_study(THREE, both, "days", **EARLY).iloc[0]
    assert row[["n_events", "n_month", "n_unsourced"]].tolist() == [1, 1, 0]


def test_a_group_of_answers_alone_has_a_row_without_a_window_before():
    answers = toy_events(("2012-03-05", "2012-03-05"), answers_launch=True)
    row = event_study(THREE, answers, "days", window=(-7, -1), **EARLY).iloc[0]
    assert row[["n_events", "n_answers_launch", "exposure_days"]].tolist() == [0, 1, 0]
    assert np.isnan(row["p_value"])


def test_a_window_may_leave_one_day_of_the_record():
    # the window of 366 days would leave none
    assert event_study(THREE, SPAN, "days", window=(0, 364), **EARLY).loc[0, "window_end"] == 364
    with pytest.raises(ValueError, match="wider than the record of 366 days"):
        event_study(THREE, SPAN, "days", window=(0, 365), **EARLY)


@pytest.mark.parametrize(
    ("first", "last", "fits"),
    [("2012-01-01", "2012-12-31", True), ("2012-01-02", "2012-12-31", False),
     ("2012-01-01", "2012-12-30", False)],
)  # fmt: skip
def test_events_are_covered_from_the_first_to_the_last_day(first, last, fits):
    known = pd.DataFrame(
        {
            "table": ["launches"] * 3 + ["events"],
            "subset": ["ballistic", "space", "cruise", "drill"],
            "start": pd.to_datetime(["2012-01-01"] * 3 + [first]),
            "end": pd.to_datetime(["2012-12-31"] * 3 + [last]),
        }
    )
    drills = SPAN.assign(category="drill")
    if fits:
        assert event_study(THREE, drills, "days", coverage=known, **EARLY).loc[0, "n_events"] == 1
        return
    with pytest.raises(ValueError, match="leaves what the record covers of these events"):
        event_study(THREE, drills, "days", coverage=known, **EARLY)


def test_a_year_that_starts_on_2_january_is_not_permuted():
    period = {"start": "2012-01-02", "end": "2016-12-31"}
    assert np.isnan(event_study(THREE, SPAN, "days", **period).loc[0, "p_years_permuted"])
    whole = event_study(THREE, SPAN, "days", **period | {"start": "2012-01-01"})
    assert 0 < whole.loc[0, "p_years_permuted"] <= 1

"""What belongs to the record alone is not asked of, nor laid on, other people's tables."""

import pandas as pd
import pytest

import analysis

MINIMAL = pd.DataFrame({"date": pd.date_range("2001-01-03", "2024-12-20", freq="31D")})
PERIOD = {"start": "2001-01-01", "end": "2024-12-31"}


def test_leaders_of_the_record_are_no_eras_of_other_launches():
    ours = analysis.self_excitation(analysis.load_launches(), "days", **PERIOD)
    theirs = analysis.self_excitation(MINIMAL, "all_days", **PERIOD)
    assert (ours["parameter"] == "baseline").sum() > 5
    assert (theirs["parameter"] == "baseline").sum() == 1


def test_rates_by_era_ask_for_the_eras_of_other_launches():
    with pytest.raises(ValueError, match="expected eras="):
        analysis.era_rates(MINIMAL, "all_days", **PERIOD)
    table = analysis.era_rates(MINIMAL, "all_days", analysis.load_eras("us_president"), **PERIOD)
    assert len(table) == 5


def test_a_column_that_a_question_needs_is_named_with_the_way_to_add_it():
    claims, tests = analysis.load_published_firsts(), analysis.load_events("nuclear_test")
    with pytest.raises(ValueError, match=r"as_launches\(\.\.\., family=\.\.\., klass="):
        analysis.check_firsts(claims, MINIMAL.assign(launch_id=MINIMAL.index.astype(str)), tests)
    with pytest.raises(ValueError, match=r"as_launches\(\.\.\., launched_at=\.\.\.\)"):
        analysis.hours(MINIMAL, "all_days", **PERIOD)
    with pytest.raises(ValueError, match=r"as_launches\(\.\.\., .*site=\.\.\.\)"):
        analysis.count(MINIMAL, "all_salvos", **PERIOD)


def test_events_with_their_start_alone_are_enough_for_every_specification():
    games = pd.DataFrame({"start": ["2002-02-08", "2010-02-12", "2018-02-09"]})
    curve = analysis.specification_curve(
        MINIMAL, games, rules=["all_days"], windows=[(0, 6)], adjust=["month"], progress=False,
        **PERIOD,
    )  # fmt: skip
    assert len(curve) == 1


def test_eras_that_would_be_ignored_are_refused():
    games = pd.DataFrame({"start": ["2002-02-08", "2010-02-12", "2018-02-09"]})
    eras = analysis.load_eras("us_president")
    with pytest.raises(ValueError, match="expected 'era' among adjust, or no eras"):
        analysis.event_study(
            MINIMAL, games, "all_days", eras=eras, adjust=("month",), coverage=False, **PERIOD
        )

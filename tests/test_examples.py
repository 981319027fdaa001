"""Other countries' records go the way of a user's own, and add up to their sources' totals."""

import pandas as pd
import pytest

from analysis import (
    CountRule,
    RecordError,
    as_launches,
    check_launches,
    count,
    counts,
    describe_count,
    each_missile,
    load_example,
    load_sources,
    year_to_date,
)

RECORDS = ("japan", "nuclear", "india_pakistan", "iran")
BOMBS = load_example("nuclear")
MISSILES = load_example("india_pakistan")
IRAN = load_example("iran")
LIST = {"start": "1945-07-16", "end": "1998-12-31"}


def test_explosions_add_up_to_the_reports_totals():
    listed = BOMBS["country"].value_counts().to_dict()
    # of the Soviet Union the report counts one more, in 1972, than it lists
    assert [listed[code] for code in ("USA", "SUN", "FRA", "GBR", "CHN", "IND", "PAK")] == [
        *(1032, 714, 210, 45, 45, 3, 2)
    ]
    above = BOMBS[BOMBS["family"] != "underground"]["country"].value_counts().to_dict()
    assert above == {"USA": 217, "SUN": 219, "FRA": 50, "GBR": 21, "CHN": 23}


def test_missiles_add_up_to_the_databases_totals():
    fired = each_missile(MISSILES)["country"].value_counts().to_dict()
    assert fired == {"IND": 217, "PAK": 95}
    assert IRAN["missiles"].sum() == 138


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_has_launches_events_eras_and_coverage(name):
    launches = load_example(name)
    assert len(launches) > 50
    assert len(load_example(name, "events")) > 10
    eras, covered = load_example(name, "eras"), load_example(name, "coverage")
    assert (eras["start"] <= eras["end"]).all()
    assert set(covered["subset"]) == set(launches["family"])
    assert launches["date"].between(covered["start"].min(), covered["end"].max()).all()
    known = set(load_sources()["key"])
    assert set(launches["sources"].str.split(";").explode()) <= known


@pytest.mark.parametrize("name", ["japan", "ussr"])
def test_what_there_is_not_is_named(name):
    with pytest.raises(ValueError, match=r"expected japan, nuclear|expected launches, events"):
        load_example(name, "rules")


def test_days_of_explosions_are_those_of_greenwich():
    first = BOMBS.iloc[1]
    assert str(first["date"].date()) == "1945-08-05"
    assert first["launched_at"].hour == 23
    with pytest.raises(RecordError, match="the day of launched_at, in Korea"):
        check_launches(pd.DataFrame(BOMBS.head(3)[["date", "launched_at"]].to_dict("list")))


@pytest.mark.parametrize(
    ("launches", "rule", "as_of", "said"),
    [
        (BOMBS, CountRule("day", "all", countries="USA"), "1958-12-31",
         "By 31 December 1958 the United States had set off nuclear devices on"),
        (BOMBS, CountRule("missile", "atmospheric", countries=["SUN", "GBR"]), "1957-12-31",
         "the Soviet Union and Britain had set off 22 atmospheric nuclear devices this year (UTC"),
        (MISSILES, CountRule("day", countries="PAK"), "2012-12-31",
         "Pakistan had fired ballistic or cruise missiles on"),
        (IRAN, CountRule("day", uses="test"), "2012-12-31",
         "Iran had fired ballistic or cruise missiles of use test on"),
        (load_example(), CountRule("day", "space"), "2018-12-31",
         "Japan had launched space rockets on 4 days this year"),
    ],
)  # fmt: skip
def test_sentences_name_who_launched_and_what(launches, rule, as_of, said):
    assert said in describe_count(launches, rule, as_of=as_of)


def test_rules_take_family_class_country_and_use():
    below = CountRule("missile", "underground", klasses=["shaft"], countries="USA")
    rows = BOMBS.query("family == 'underground' and klass == 'shaft' and country == 'USA'")
    assert count(BOMBS, below, **LIST) == rows["missiles"].sum()
    war = CountRule("missile", "all", uses="operational")
    assert count(IRAN, war, start="1991-05-01", end="2019-07-31") == (
        IRAN.query("use == 'operational'")["missiles"].sum()
    )
    assert count(BOMBS, war, **LIST) == 2


def test_a_country_or_word_that_the_record_lacks_is_refused():
    with pytest.raises(ValueError, match="unknown country 'US': expected CHN, FRA"):
        count(BOMBS, CountRule("day", "all", countries="US"), **LIST)
    with pytest.raises(ValueError, match="needs the column"):
        count(load_example(), CountRule("day", countries="JPN"), start="2001-01-01",
              end="2019-12-31")  # fmt: skip
    with pytest.raises(ValueError, match="of which this table has none"):
        count(BOMBS, CountRule("day", "ballistic"), **LIST)


def test_a_rule_takes_the_words_of_the_record_at_hand():
    theirs = pd.DataFrame({"day": ["2019-12-15", "2020-01-02"], "type": ["agni", "drone"]})
    mine = as_launches(theirs, date="day", family="type", country="IND", who={"IND": "India"},
                       covered=("2019-01-01", "2020-06-30"))  # fmt: skip
    rule = CountRule("day", "agni", countries="IND", record=mine)
    assert count(mine, rule, start="2019-01-01", end="2019-12-31") == 1
    with pytest.raises(ValueError, match="unknown families 'angi': expected agni, drone"):
        CountRule("day", "angi", record=mine)
    with pytest.raises(ValueError, match="leaves the record"):
        count(mine, rule, start="2018-01-01", end="2019-12-31")


def test_a_changed_rule_keeps_its_own_words():
    from dataclasses import replace

    theirs = as_launches(pd.DataFrame({"day": ["2019-12-15"]}), date="day", family="agni")
    rule = replace(CountRule("day", "agni", record=theirs), unit="missile")
    assert rule.families == ("agni",)
    assert rule.definition == "Every agni launch (Korean dates)."


def test_a_period_outside_a_record_is_an_error_and_its_last_year_is_cut():
    with pytest.raises(ValueError, match="covers 1945-07-16 to 1998-12-31"):
        counts(BOMBS, "all_days", freq="year", start="1945-01-01", end="1998-12-31")
    table = year_to_date(IRAN, "all_days", years=[2018, 2019], as_of="2019-06-30")
    assert table["n_full_year"].notna().tolist() == [True, False]

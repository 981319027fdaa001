"""Databases as they stood on a day: states, counts by state, revisions and delays."""

import shutil

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import (
    RecordError,
    check_counts,
    compare_rules,
    count,
    cumulative,
    database_differences,
    describe_count,
    describe_vintages,
    launch_days,
    listing_delays,
    load_launches,
    load_published_counts,
    load_vintages,
    load_vintages_seen,
    nth,
    score_counts,
    vintage_counts,
    vintage_summary,
    year_to_date,
)
from analysis.__main__ import main
from analysis.figures import draw
from analysis.plot import styled
from analysis.record.build import build
from analysis.record.files import RAW


def cns(day):
    return load_launches(known_on=day, database="cns")


#: Missiles and days of a year by UTC dates, as the public copy of the CNS table gave them.
KNOWN = {
    "2017-12-31": (20, 15),
    "2019-12-31": (22, 11),
    "2020-12-31": (9, 4),
    "2021-12-31": (4, 2),
    "2022-12-31": (71, 34),
    "2023-12-31": (33, 19),
    "2024-12-31": (47, 12),
    "2025-12-31": (9, 6),
}


@pytest.mark.parametrize("day", KNOWN)
def test_a_year_counts_what_the_database_held_when_it_ended(day):
    period = {"start": f"{day[:4]}-01-01", "end": day}
    counted = tuple(count(cns(day), rule, **period) for rule in ("cns", "cns_days"))
    assert counted == KNOWN[day]


def test_the_newest_state_holds_the_339_missiles_that_the_record_says_are_in_cns():
    newest, ours = cns("2026-04-21"), load_launches()
    ours = ours[ours["in_cns"]]
    assert newest["missiles"].sum() == ours["missiles"].sum() == 339
    assert set(newest["launch_id"]) == set(ours["launch_id"])


def test_a_launch_that_was_taken_out_is_held_only_before():
    held = {day: "2022-11-05-01" in set(cns(day)["launch_id"]) for day in
            ("2022-11-05", "2022-11-06", "2023-02-19", "2023-02-20")}  # fmt: skip
    assert list(held.values()) == [False, True, True, False]


def test_missiles_and_outcomes_are_those_then_listed():
    salvo = [cns(day).set_index("launch_id").loc["2024-05-30-01"] for day in
             ("2024-06-01", "2024-10-08", "2024-11-12")]  # fmt: skip
    assert [(row["missiles"], row["outcome"]) for row in salvo] == [
        (10, "unknown"), (18, "unknown"), (18, "success"),
    ]  # fmt: skip


@pytest.mark.parametrize(("database", "first"), [("cns", "2017-05-02"), ("csis", "2018-02-15")])
def test_before_the_first_state_the_error_says_the_first_day(database, first):
    with pytest.raises(ValueError, match=f"the first day known is {first}"):
        load_launches(known_on="2016-01-01", database=database)
    assert len(load_launches(known_on=first, database=database))


def test_a_day_needs_its_database_and_a_database_its_day():
    for half in ({"known_on": "2022-11-09"}, {"database": "cns"}):
        with pytest.raises(ValueError, match="go together"):
            load_launches(**half)
    with pytest.raises(ValueError, match="unknown database 'nti': expected cns, csis"):
        load_launches(known_on="2022-11-09", database="nti")
    with pytest.raises(ValueError, match="known_on"):
        load_launches(known_on="9 Nov 2022", database="cns")


def test_no_state_is_counted_beyond_the_days_for_which_it_speaks():
    """A copy of 2018 and nothing until 2024: the years between are unknown, not empty."""
    old = load_launches(known_on="2020-01-01", database="csis")
    with pytest.raises(ValueError, match="covers 1984-01-01 to 2018-02-15"):
        count(old, "csis", start="2019-01-01", end="2019-12-31")
    with pytest.raises(ValueError, match="covers 1984-01-01 to 2026-04-21"):
        count(cns("2026-08-01"), "cns", start="2026-01-01", end="2026-08-01")
    assert count(cns("2019-12-31"), "cns", start="2019-01-01", end="2019-12-31") == 22


def test_a_rule_that_needs_what_a_state_does_not_hold_says_so():
    year = {"start": "2022-01-01", "end": "2022-11-09"}
    table = compare_rules(cns("2022-11-09"), **year).set_index("rule")
    assert table.loc["cns", "n"] == 57
    reasons = table["reason"]
    for rule, needs in (
        ("cnn", "cruise, which this database does not list"), ("ballistic_salvos", "'site'"),
        ("icbm_days", "'klass'"), ("jmod_missiles", "'tokyo_missiles'"),
        ("rok_missiles", "'seoul_missiles'"), ("csis", "'in_csis'"),
    ):  # fmt: skip
        assert needs in reasons[rule]
        assert "does not hold" in reasons[rule] or "does not list" in reasons[rule]
    csis = load_launches(known_on="2025-12-31", database="csis")
    with pytest.raises(RecordError, match="a column missiles"):
        count(csis, "ballistic_missiles", start="2025-01-01", end="2025-12-31")
    assert count(csis, "csis", start="2025-01-01", end="2025-12-31") > 0


def test_every_counting_function_takes_a_state():
    then = cns("2022-11-09")
    assert len(launch_days(then, "cns_days", start="2022-01-01", end="2022-11-09")) == 29
    table = year_to_date(then, "cns", years=[2021, 2022], as_of="2022-11-09")
    assert table["n"].tolist()[1] == 57
    assert cumulative(then, "cns", years=[2022], as_of="2022-11-09")["n"].iloc[-1] == 57
    assert nth(then, "cns", 57, years=[2022])["date"].dt.year.tolist() == [2022]
    sentence = describe_count(then, "cns", as_of="2022-11-09")
    assert "57 ballistic missiles" in sentence
    assert sentence.endswith("as known on 9 November 2022")


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 3276), st.sampled_from(["cns", "csis"]))
def test_a_state_stands_from_its_day_until_the_next(days, database):
    day = pd.Timestamp("2018-02-15") + pd.Timedelta(days=days)
    then = load_launches(known_on=day, database=database)
    state = pd.Timestamp(then.attrs["record"]["state_of"])
    assert state <= day
    again = load_launches(known_on=state, database=database)
    pd.testing.assert_frame_equal(then, again)
    assert then["launch_id"].is_unique
    assert not then["date"].isna().any()


def test_there_are_137_states_of_cns_and_74_of_csis():
    assert load_vintages()["database"].value_counts().to_dict() == {"cns": 137, "csis": 74}


def test_2022_fell_from_72_and_2019_rose_to_27():
    summary = vintage_summary(vintage_counts("cns"))
    found = summary.set_index("year")[["first", "peak", "today"]]
    assert found.loc[[2019, 2022, 2024]].to_numpy().tolist() == [
        [22, 27, 27], [71, 72, 69], [47, 47, 41],
    ]  # fmt: skip
    changed = found[(found["first"] != found["today"]) | (found["peak"] != found["today"])]
    assert changed.index.tolist() == [2017, 2019, 2021, 2022, 2024, 2025]
    with pytest.raises(ValueError, match="does not hold 1950"):
        describe_vintages(summary, 1950)


def test_the_running_year_is_counted_as_far_as_it_is_known():
    row = vintage_summary(vintage_counts("cns", years=[2026])).iloc[0]
    assert row["first_on"] == row["today_on"] == pd.Timestamp("2026-04-21")


def test_half_of_the_launch_days_stood_in_the_copy_of_cns_within_a_day_or_two():
    delays = listing_delays(load_launches())
    assert (delays["days"] >= delays["days_at_least"]).all()
    by = delays.groupby("database")["days"]
    assert by.median().to_dict() == {"cns": 1.0, "csis": 2.5}
    assert by.max()["cns"] == 708  # 17 April 2019


def test_databases_differ_from_the_record_where_it_says_so():
    table = database_differences(load_launches()).set_index(["database", "rule", "year"])
    assert table.loc[("cns", "ballistic_missiles", 2022), "difference"] == 4
    assert (table["difference"] == table["record"] - table["theirs"]).all()


def test_a_mistyped_cell_is_named_with_its_place(tmp_path):
    raw = tmp_path / "raw"
    shutil.copytree(RAW, raw)
    for name, good, bad in (
        ("vintages", "cns,2022-12-31,", "cns,2022-13-31,"),
        ("vintages_listed", "cns,nagix-2022-11-06", "cns,nagix-2022-11-66"),
        ("vintages_seen", "2022-11-05-01,cns", "2022-11-05-99,cns"),
    ):
        path = raw / f"{name}.csv"
        text = path.read_text("utf-8")
        assert good in text
        path.write_text(text.replace(good, bad, 1), "utf-8")
    with pytest.raises(RecordError) as error:
        build(raw)
    places = {(p.file.rsplit("/", 1)[-1], p.column) for p in error.value.problems}
    assert {("vintages.csv", "date"), ("vintages_listed.csv", "vintage"),
            ("vintages_seen.csv", "launch_id")} <= places  # fmt: skip
    assert all(p.line for p in error.value.problems)


def test_seen_days_follow_one_another():
    seen = load_vintages_seen()
    assert (seen["not_seen"].dropna() < seen["first_seen"][seen["not_seen"].notna()]).all()
    assert (seen["last_seen"].dropna() >= seen["first_seen"][seen["last_seen"].notna()]).all()


def test_the_command_line_counts_what_was_known(capsys):
    assert main(["count", "--known-on", "2022-11-09", "--database", "cns"]) == 0
    assert capsys.readouterr().out == (
        "By 9 November 2022 North Korea had fired 57 ballistic missiles this year (UTC dates, as "
        "CNS lists them), space rockets included, as known on 9 November 2022.\n"
    )
    assert main(["count", "--known-on", "2016-11-09", "--database", "cns"]) == 1
    assert "2017-05-02" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stop:
        main(["count"])
    assert stop.value.code == 2
    assert "--known-on" in capsys.readouterr().err


def test_of_seven_cns_counts_two_agree_with_cns_as_it_then_stood_and_are_counted_apart():
    published = load_published_counts()
    checked = check_counts(published, load_launches())
    cns_rules = checked[checked["rule"].isin(["cns", "cns_days", "statista"])]
    apart = cns_rules[~cns_rules["agrees"]].set_index("claim_id")
    assert len(apart) == 7
    assert apart["as_then"].dropna().dt.strftime("%Y-%m-%d").to_dict() == {
        "cns-2014-2017-76": "2017-09-15",
        "sbs-1984-20170915-116": "2017-09-18",
    }
    said = apart.loc["cns-2014-2017-76", "reason"]
    assert said.endswith("76 as known on 2017-09-15, the first state since publication with the "
                         "last launch counted")  # fmt: skip
    assert not apart["reason"].str.contains("the last state before publication").any()
    assert not checked.loc[checked["as_then"].notna(), "agrees"].any()
    score = score_counts(checked, published)
    assert score.loc[score["quality"] == 0, "agree_as_then"].sum() == 2
    assert score.loc[score["quality"] == 0, "agree"].sum() <= checked["agrees"].sum()


@pytest.mark.parametrize(
    "name", ["20-counts-revised", "21-databases-differ", "22-days-until-listed"]
)
def test_a_figure_of_vintages_answers_its_question_with_its_own_numbers(name):
    with styled():
        drawing = draw(name)
    ax = drawing.figure.axes[0]
    said = drawing.answer + " ".join(text.get_text() for text in ax.texts)
    expected = {
        "20-counts-revised": ["6 of 9 years", "71 → 72 → 69", "47 → 41"],
        "21-databases-differ": ["CNS differs in", "+4"],
        "22-days-until-listed": ["708 days", "within 1 day"],
    }[name]
    assert all(words in said for words in expected)
    assert len(drawing.table)
    plt.close(drawing.figure)

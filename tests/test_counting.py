"""What the counting functions owe: published facts, laws, and clear errors."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.__main__ import main
from analysis.counting import (
    RULES,
    CountRule,
    at_the_latest,
    compare_rules,
    count,
    counted_rows,
    counts,
    cumulative,
    describe_count,
    launch_days,
    nth,
    period_bounds,
    resolve_rule,
    year_to_date,
)
from analysis.counting.rules import missiles_text
from analysis.record.files import PROCESSED
from analysis.record.load import last_day, load_launches
from analysis.record.schema import FAMILIES

from .toys import toy_launches

LAUNCHES = load_launches()
YEAR = {"start": "2022-01-01", "end": "2022-12-31"}
ACROSS_MIDNIGHT = ["2022-01-01T14:50Z", "2022-01-01T15:10Z"]
#: The last day of record, and the day after it.
LAST, AFTER = (f"{last_day() + pd.Timedelta(days=n):%Y-%m-%d}" for n in (0, 1))
LAWS = settings(max_examples=25, deadline=None)


# -- facts that others can verify -------------------------------


def test_the_32nd_launch_on_cnns_count_was_on_9_november_2022_and_in_no_other_year() -> None:
    reached = nth(LAUNCHES, "cnn", 32, years=range(1984, 2027))
    assert reached["year"].tolist() == list(range(1984, 2027))
    assert reached.dropna()["date"].tolist() == [pd.Timestamp("2022-11-09")]


@pytest.mark.parametrize(
    ("rule", "start", "end", "n"),
    [
        ("cnn", "2022-01-01", "2022-08-17", 18),  # CNN, 17 August 2022
        ("cnn", "2022-01-01", "2022-11-18", 34),  # CNN, 18 November 2022
        ("cnn", "2021-01-01", "2021-12-31", 8),  # CNN, August 2022
        ("rok_white_paper", "2022-01-01", "2022-12-31", 34),  # South Korea, 16 February 2023
        ("un_panel", "2022-01-01", "2022-12-31", 73),  # Panel of Experts, in KBS World, 2023
        ("us_state", "2022-01-01", "2022-10-28", 46),  # Yonhap from Washington, 28 October 2022
        ("ballistic_missiles", "2022-01-01", "2022-09-25", 32),  # press of the day
        ("press", "2019-05-01", "2019-11-28", 13),  # VOA, 28 November 2019
        ("cns", "1984-01-01", LAST, 339),  # the database's number of missiles
        ("statista", "2022-01-01", "2022-12-31", 64),  # Statista, chart 9172
        ("statista", "2023-01-01", "2023-12-31", 30),
    ],
)
def test_published_totals(rule: str, start: str, end: str, n: int) -> None:
    assert count(LAUNCHES, rule, start=start, end=end) == n


@pytest.mark.parametrize(
    ("rule", "start", "end", "n"),
    [
        ("jmod_occasions", "2022-01-01", "2022-12-31", 31),  # NHK, 2 January 2024
        ("jmod_missiles", "2022-01-01", "2022-12-31", 59),
        ("jmod_occasions", "2023-01-01", "2023-12-31", 18),
        ("jmod_missiles", "2023-01-01", "2023-12-31", 25),
        ("jmod_occasions", "2024-01-01", "2024-12-31", 11),  # the ministry's dossier, August 2026
        ("jmod_occasions", "2026-01-01", "2026-08-04", 5),
    ],
)
def test_tokyos_totals(rule: str, start: str, end: str, n: int) -> None:
    assert count(LAUNCHES, rule, start=start, end=end) == n


@pytest.mark.parametrize(
    ("rule", "year", "n"),
    [("jmod_occasions", 2019, 13), ("jmod_missiles", 2019, 25), ("jmod_missiles", 2020, 8)],
)
def test_tokyos_totals_come_out_with_the_guesses_that_no_rule_follows(
    rule: str, year: int, n: int
) -> None:  # NHK, 15 September 2021
    announced = pd.read_csv(PROCESSED / "announced.csv")
    guessed = announced.loc[announced["ground"] == "total", "launch_id"]
    told = LAUNCHES["tokyo_missiles"].mask(LAUNCHES["launch_id"].isin(guessed), 0)
    period = {"start": f"{year}-01-01", "end": f"{year}-12-31"}
    assert count(LAUNCHES.assign(tokyo_missiles=told), rule, **period) == n
    assert count(LAUNCHES, rule, **period) > n


def test_the_days_that_tokyo_announced_are_those_with_a_page() -> None:
    """Japan's Ministry of Defense, press pages of 2024 and of 2026 to 4 August, each day."""
    rows = counted_rows(LAUNCHES, "jmod_occasions", start="2024-01-01", end="2026-08-04")
    found = rows.loc[rows["date"].dt.year != 2025, "date"].dt.strftime("%y-%m-%d")
    assert " ".join(sorted(set(found))) == (
        "24-01-14 24-03-18 24-04-02 24-04-22 24-05-27 24-05-30 24-06-26 24-09-12 24-09-18 "
        "24-10-31 24-11-05 26-01-04 26-01-27 26-03-14 26-04-08 26-04-19"
    )


def test_the_months_of_2022_as_tokyo_had_them() -> None:
    table = counts(LAUNCHES, "jmod_running", freq="month", start="2022-01-01", end="2022-10-31")
    assert table["n"].tolist() == [7, 1, 3, 1, 4, 1, 0, 1, 3, 7]  # Sputnik Japan, November 2022


# -- units, calendars, undated rows -----------------------------


def test_a_salvo_across_midnight_is_one_salvo_on_the_first_day_and_two_days() -> None:
    rows = toy_launches(ACROSS_MIDNIGHT, [2, 1], ["ballistic", "cruise"])
    days = ("2022-01-01", "2022-01-02")
    found = {
        unit: [count(rows, CountRule(unit), start=d, end=d) for d in days]
        for unit in ("missile", "salvo", "day")
    }
    assert found == {"missile": [2, 1], "salvo": [1, 0], "day": [1, 1]}


def test_a_salvo_counts_if_any_row_passes_on_the_day_of_its_first_instant() -> None:
    rows = toy_launches(ACROSS_MIDNIGHT, [2, 1], ["ballistic", "cruise"])
    rule = CountRule("salvo", ("cruise",))
    assert counted_rows(rows, rule, start="2022-01-01", end="2022-01-02").shape[0] == 1
    assert count(rows, rule, start="2022-01-01", end="2022-01-01") == 1
    table = counts(rows, "salvos", freq="day", start="2022-01-01", end="2022-01-02", by="family")
    assert table.loc[table["family"] == "cruise", "n"].tolist() == [1, 0]


def test_a_salvo_counts_on_the_day_of_its_first_instant_or_else_its_first_day() -> None:
    rows = toy_launches(["2022-01-01", "2022-01-02T03:00Z"], salvo_id="one")
    day = {"rule": "salvos", "start": "2022-01-01", "end": "2022-01-02", "freq": "day"}
    assert counts(rows, **day)["n"].tolist() == [0, 1]
    assert counts(rows.drop(columns="launched_at"), **day)["n"].tolist() == [1, 0]


def test_a_day_that_differs_between_korea_utc_and_new_york() -> None:
    rows = toy_launches(["2022-01-01T20:00Z", "2022-01-02T03:00Z"], site=["a", "b"])
    days = {
        zone: launch_days(
            rows, CountRule("day", calendar=zone), start="2022-01-01", end="2022-01-03"
        )
        for zone in ("Asia/Seoul", "UTC", "America/New_York")
    }
    assert {zone: found.dt.day.tolist() for zone, found in days.items()} == {
        "Asia/Seoul": [2], "UTC": [1, 2], "America/New_York": [1],
    }  # fmt: skip


def test_a_row_without_an_instant_keeps_its_korean_date_and_tables_say_so() -> None:
    rows = toy_launches(["2022-01-02"])
    table = counts(rows, "utc_days", freq="day", start="2022-01-01", end="2022-01-02")
    assert table["n"].tolist() == [0, 1]
    assert table["n_undated"].tolist() == [0, 1]
    korean = counts(rows, "days", freq="day", start="2022-01-01", end="2022-01-02")
    assert list(korean) == ["period", "days", "n", "exact"]


def test_a_year_to_date_says_how_many_rows_have_no_day_in_its_calendar() -> None:
    rows = toy_launches(["2022-01-02", "2022-01-03T02:00Z", "2022-01-09"])
    asked = {"years": [2022], "as_of": "2022-01-04", "coverage": False}
    assert year_to_date(rows, "utc_days", **asked)["n_undated"].tolist() == [1]
    assert "n_undated" not in year_to_date(rows, "days", **asked)


@pytest.mark.parametrize("precision", ["month", "year"])
def test_month_and_year_rows_count_as_missiles_where_the_whole_of_it_is_held(
    precision: str,
) -> None:
    rows = toy_launches(["2022-06-10"], 3, date_precision=precision)
    start, end = ("2022-06-01", "2022-06-30") if precision == "month" else tuple(YEAR.values())
    assert count(rows, "missiles", start=start, end=end) == 3
    later = pd.Timestamp(start) + pd.Timedelta(days=1)
    assert count(rows, "missiles", start=later, end=end) == 0
    assert count(rows, "days", **YEAR) == count(rows, "salvos", **YEAR) == 0
    table = counts(rows, "missiles", freq="quarter", **YEAR)
    assert table["n"].tolist() == ([0, 3, 0, 0] if precision == "month" else [0, 0, 0, 0])
    assert (~table["exact"]).tolist() == [precision == "year", True] + [precision == "year"] * 2


def test_lower_bounds_make_missiles_inexact_but_not_days() -> None:
    rows = toy_launches(["2022-06-10"], 3, missiles_exact=False)
    assert not counts(rows, "missiles", freq="year", **YEAR)["exact"].item()
    assert counts(rows, "days", freq="year", **YEAR)["exact"].item()
    assert "at least 3 ballistic or cruise missiles" in describe_count(
        rows, "missiles", as_of="2022-06-10"
    )


def test_tokyos_own_numbers_stand_where_they_are_known() -> None:
    known = pd.array([pd.NA, 0, 2], dtype="Int64")
    rows = toy_launches(["2022-06-10", "2022-06-11", "2022-06-12"], [3, 4, 5], tokyo_missiles=known)
    assert count(rows, "jmod_missiles", **YEAR) == 5
    assert count(rows, "jmod_occasions", **YEAR) == 2


def test_seouls_own_numbers_stand_where_they_are_known() -> None:
    rows = toy_launches(["2022-06-10", "2022-06-11"], [3, 4], ["ballistic", "cruise"])
    assert count(rows, "press_missiles", **YEAR) == 7
    known = rows.assign(seoul_missiles=pd.array([pd.NA, 0], dtype="Int64"))
    assert count(known, "press_missiles", **YEAR) == 3
    assert count(known, "press", **YEAR) == 1


def test_csis_counts_a_day_once_for_each_class() -> None:
    rows = toy_launches(["2022-06-10"] * 2, family=["ballistic", "cruise"])
    rows["klass"], rows["in_csis"] = ["SRBM", "LACM"], True
    assert count(rows, "csis", **YEAR) == 2
    assert len(launch_days(rows, "csis", **YEAR)) == 1


def test_salvos_of_each_family_join_places_within_an_hour_and_keep_countries_apart() -> None:
    rule = CountRule("salvo", "all", each="family")
    rows = toy_launches(
        ["2022-06-05T00:00Z", "2022-06-05T01:00Z", "2022-06-05T01:00Z", "2022-06-05T02:01Z"],
        family=["ballistic", "ballistic", "cruise", "ballistic"], site=["a", "b", "a", "c"],
    )  # fmt: skip
    assert count(rows, rule, **YEAR) == 3
    assert count(rows, CountRule("salvo", "all"), **YEAR) == 3
    assert counts(rows, rule, freq="year", by="site", **YEAR)["n"].tolist() == [2, 1, 1]
    two = rows.iloc[:2].assign(country=["IND", "PAK"], salvo_id="one")
    assert count(two, rule, **YEAR) == 2
    assert "wherever fired from" in rule.definition
    with pytest.raises(ValueError, match="unit with each"):
        CountRule("missile", each="family")


@pytest.mark.parametrize(
    ("rule", "day", "times"),
    [
        ("yonhap_times", "2022-10-04", 21),
        ("yonhap_times", "2022-10-14", 24),
        ("yonhap_times", "2022-10-28", 25),
        ("yonhap_times_air_defence_too", "2022-11-02", 29),
        ("yonhap_times_air_defence_too", "2022-12-18", 36),
        ("yonhap_times_air_defence_too", "2022-12-23", 37),
        ("yonhap_times_air_defence_too", "2022-12-31", 38),
    ],
)
def test_the_running_number_of_yonhap_in_2022(rule: str, day: str, times: int) -> None:
    """As printed by Yonhap, Hankyoreh, Seoul Shinmun, Simin Sori, OhmyNews and MBN."""
    assert count(LAUNCHES, rule, start="2022-01-01", end=day) == times


# -- tables -----------------------------------------------------


def test_counts_hold_every_period_and_its_days_of_exposure() -> None:
    table = counts(LAUNCHES, "days", freq="week", start="2018-01-03", end="2018-12-30")
    assert table["n"].sum() == 0
    assert table["days"].sum() == 362
    assert table["days"].iloc[0] == 5  # Wednesday to Sunday
    assert str(table["period"].dtype).startswith("period[W")


def test_counts_by_family_name_every_family_of_the_rule() -> None:
    table = counts(LAUNCHES, "missiles", freq="year", by="family", **YEAR)
    assert table.set_index("family")["n"].to_dict() == {"ballistic": 73, "space": 0, "cruise": 6}
    assert list(table) == ["period", "family", "days", "n", "exact"]


def test_counts_by_any_column_add_up_for_missiles() -> None:
    by_site = counts(LAUNCHES, "missiles", freq="year", by="site", **YEAR)
    assert by_site["n"].sum() == count(LAUNCHES, "missiles", **YEAR)


def test_year_to_date_compares_month_and_day() -> None:
    rows = toy_launches(["2020-03-01", "2021-03-01"])
    table = year_to_date(rows, "days", years=[2020, 2021], as_of="2021-03-01")
    assert table["n"].tolist() == [1, 1]
    assert table["days"].tolist() == [61, 60]


def test_29_february_means_28_february_in_common_years() -> None:
    rows = toy_launches(["2020-02-28", "2021-02-28", "2020-02-29", "2021-03-01"])
    table = year_to_date(rows, "days", years=[2020, 2021], as_of="2020-02-29")
    assert table["n"].tolist() == [2, 1]
    assert table["days"].tolist() == [60, 59]


def test_the_running_year_is_cut_at_the_last_day() -> None:
    last = last_day()
    years = [last.year - 1, last.year]
    table = year_to_date(LAUNCHES, "days", years=years, as_of=f"{last.year - 1}-12-31")
    whole = pd.Timestamp(years[0], 12, 31).day_of_year
    assert table["days"].tolist() == [whole, last.day_of_year]
    assert table["n_full_year"].isna().tolist() == [False, True]
    assert table["exact"].iloc[1] == np.False_


def test_compare_rules_names_rules_by_their_keys_or_by_themselves() -> None:
    named = compare_rules(LAUNCHES, rules={"mine": "days", "theirs": "cnn"}, **YEAR)
    listed = compare_rules(LAUNCHES, rules=["days", "cnn"], **YEAR)
    assert (named["rule"].tolist(), listed["rule"].tolist()) == (
        ["mine", "theirs"],
        ["days", "cnn"],
    )
    assert named["n"].tolist() == listed["n"].tolist()


def test_compare_rules_gives_a_reason_where_a_rule_cannot_count() -> None:
    table = compare_rules(LAUNCHES.drop(columns="in_cns"), **YEAR).set_index("rule")
    assert list(table.index) == list(RULES)
    assert table.loc["cnn", "n"] == 37
    assert pd.isna(table.loc["cns", "n"])
    assert "in_cns" in table.loc["cns", "reason"]
    outside = compare_rules(LAUNCHES, start="2022-01-01", end=AFTER, rules=["cnn"])
    said = outside["reason"].item()
    assert said.startswith(f"the period 2022-01-01 to {AFTER} leaves the record: ")
    assert f"it covers 1984-01-01 to {LAST}; the record ends on {LAST}" in said


def test_the_sentence_of_the_issue() -> None:
    expected = (
        "By 9 November 2022 North Korea had fired ballistic or cruise missiles on 32 days this "
        "year (Korean dates), space rockets included"
    )
    assert describe_count(LAUNCHES, "cnn", as_of="2022-11-09") == expected


def test_sentences_follow_the_rule() -> None:
    space = ", space rockets included"
    said = {
        rule: describe_count(LAUNCHES, rule, as_of=day).partition("fired ")[2]
        for rule, day in (("days", "2022-01-05"), ("cns", "2022-01-05"), ("utc_days", "2022-01-05"),
                          ("icbm_days", "2017-07-04"), ("jmod_missiles", "2022-12-31"),
                          ("yonhap_times", "2022-01-05"), ("csis", "2022-01-05"),
                          ("cruise_days", "2022-01-31"))
    }  # fmt: skip
    assert said == {
        "days": "ballistic or cruise missiles on 1 day this year (Korean dates)" + space,
        "cns": "1 ballistic missile this year (UTC dates, as CNS lists them)" + space,
        "utc_days": "ballistic or cruise missiles on 1 day this year (UTC dates)" + space,
        "icbm_days": "missiles of class ICBM on 1 day this year (Korean dates)",
        "jmod_missiles": "59 ballistic missiles this year (Korean dates, as Tokyo announced them)"
        + space,
        "yonhap_times": "ballistic missiles 1 time this year (Korean dates, as Seoul announced "
        "them)" + space,
        "csis": "missiles or rockets of any kind 1 time this year, each class once a day (Korean "
        "dates, as CSIS lists them)" + space,
        "cruise_days": "cruise missiles on 1 day this year (Korean dates)",
    }


def test_a_gap_that_is_counted_unchecked_is_named_and_the_number_is_at_least() -> None:
    past = {"as_of": AFTER, "coverage": False}
    new = pd.DataFrame({"launch_id": ["new-01"], "date": [last_day()], "date_precision": "day",
                        "family": "ballistic"})  # fmt: skip
    for launches in (LAUNCHES, pd.concat([LAUNCHES, new], ignore_index=True)):
        said = describe_count(launches, "cnn", **past)
        assert "at least" in said
        assert f"the record ends on {last_day().day} {last_day():%B %Y}, and later days are" in said
    before = describe_count(LAUNCHES, "cnn", as_of="1983-06-01", coverage=False)
    assert "begins on 1 January 1984" in before
    assert not year_to_date(LAUNCHES, "cnn", years=[last_day().year], **past)["exact"].item()
    mine = LAUNCHES.head(20)
    mine.attrs.clear()
    assert "record" not in describe_count(mine, "cnn", **past)


def test_lower_bounds_are_kept_by_every_table() -> None:
    """Seoul said "several" cruise missiles in January 2024: two or more, a lower bound."""
    period = {"start": "2024-01-01", "end": "2024-12-31"}
    table = compare_rules(LAUNCHES, rules=["missiles", "cnn"], **period)
    assert table["exact"].tolist() == [False, True]
    reached = nth(LAUNCHES, "missiles", 32, years=[2022, 2024]).set_index("year")
    assert reached["exact"].to_dict() == {2022: True, 2024: False}
    assert at_the_latest(*reached.loc[2024, ["date", "exact"]]) == "by 30 May 2024 at the latest"
    curve = cumulative(LAUNCHES, "missiles", years=[2024], as_of="2024-12-31")
    assert curve["exact"].iloc[0]
    assert not curve["exact"].iloc[-1]


def test_the_terminal_says_at_least(capsys: pytest.CaptureFixture) -> None:
    assert main(["rules", "--as-of", "2024-12-31"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "at least" in lines["missiles"]
    assert "at least " not in lines["days"].partition("Days")[0]


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if "space" in rule.families])
def test_rules_that_count_space_rockets_say_so(rule: CountRule) -> None:
    assert "space" in rule.definition
    assert "space" in describe_count(LAUNCHES, rule, as_of="2022-11-09")


# -- rules ------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (CountRule("day", each="klass"),
         "Days with at least one ballistic or cruise missile, space rockets included, "
         "each class of a day counting once (Korean dates)."),
        (CountRule("day", "cruise", each="family"),
         "Days with at least one cruise missile, each family of a day counting once "
         "(Korean dates)."),
        (CountRule("missile", "ballistic", klasses=["ICBM", "IRBM"]),
         "Every missile of class ICBM or IRBM (Korean dates)."),
        (CountRule("salvo", "cruise"),
         "Salvos of cruise missiles: launches from one site within an hour count once "
         "(Korean dates)."),
        (CountRule("missile", "space", calendar="UTC"), "Every space rocket (UTC dates)."),
        (CountRule("day", ("ballistic", "rocket_artillery"), outcomes="failure"),
         "Days with at least one ballistic missile or artillery rocket with outcome failure, "
         "space rockets left out (Korean dates)."),
        (CountRule("missile", "ballistic", source="cns", calendar="America/New_York"),
         "Every ballistic missile, space rockets left out (US Eastern dates, as CNS lists them)."),
        (CountRule("missile", "cruise", countries="IND"),
         "Every cruise missile of IND (Korean dates)."),
    ],
)  # fmt: skip
def test_a_rule_is_defined_in_a_sentence(rule: CountRule, sentence: str) -> None:
    assert rule.definition == sentence


def test_a_rule_without_a_name_is_named_by_what_it_counts() -> None:
    assert CountRule("day").name == "day_ballistic_space_cruise"
    assert CountRule("day", "cruise", calendar="Asia/Tokyo").name == "day_cruise_asia_tokyo"


def test_launches_of_others_have_a_noun_of_their_own() -> None:
    rule, noun = CountRule("missile", ("ballistic", "air_defence")), ("test", "tests")
    said = [missiles_text(rule, n, noun) for n in (1, 2, 3)]
    assert said == [f"ballistic or air defence test{s}" for s in ("", "s", "s")]


def test_rules_have_names_sentences_and_conventions_their_sources() -> None:
    for name, rule in RULES.items():
        assert rule.name == name
        assert rule.definition.endswith(".")
        assert hash(rule) == hash(resolve_rule(name))
    outlets = "cnn cns statista csis jmod_occasions jmod_missiles jmod_running rok_white_paper"
    for name in [*outlets.split(), "yonhap_times", "reuters", "us_state", "un_secretariat"]:
        assert RULES[name].cited


def test_lists_are_taken_as_tuples() -> None:
    rule = CountRule("day", ["cruise"], klasses=["LACM"])
    assert rule == CountRule("day", ("cruise",), klasses=("LACM",))
    assert CountRule("day", "cruise").families == ("cruise",)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: CountRule("launch"), "missile, salvo, day"),
        (lambda: CountRule("day", ("rockets",)), "rocket_artillery"),
        (lambda: CountRule("day", ()), "at least one"),
        (lambda: CountRule("day", calendar="Pyongyang"), "Asia/Seoul"),
        (lambda: CountRule("day", klasses=("ICMB",)), "ICBM"),
        (lambda: CountRule("day", outcomes=("failed",)), "failure"),
        (lambda: CountRule("day", source="nti"), "cns"),
        (lambda: resolve_rule("ccn"), "cnn"),
        (lambda: resolve_rule(None), "CountRule"),
        (lambda: count(LAUNCHES, "nope", **YEAR), "jmod_running"),
        (lambda: count(LAUNCHES, "cnn", start="2022-02-01", end="2022-01-01"), "reversed"),
        (lambda: count(LAUNCHES, "cnn", start="1983-12-31", end="2022-01-01"), "1984-01-01"),
        (lambda: count(LAUNCHES, "cnn", start=LAST, end=AFTER), LAST),
        (lambda: count(LAUNCHES, "cnn", start="soon", end="2022-01-01"), "soon"),
        (lambda: count(LAUNCHES, "cnn", start=2022, end="2022-01-01"), "2022-11-09"),
        (lambda: period_bounds(pd.NaT, "2022-01-01"), "start"),
        (lambda: counts(LAUNCHES, "cnn", freq="decade", **YEAR), "quarter"),
        (lambda: counts(LAUNCHES, "cnn", freq="year", by="range", **YEAR), "range_km"),
        (lambda: year_to_date(LAUNCHES, "cnn", years=[2020, 2021], as_of="2022-11-09"), "2021"),
        (lambda: year_to_date(LAUNCHES, "cnn", years=[last_day().year], as_of=AFTER), LAST),
        (lambda: year_to_date(LAUNCHES, "cnn", years=[], as_of="2022-11-09"), "no years"),
        (lambda: cumulative(LAUNCHES, "cnn", years=[2021, 2022], as_of="2021-11-09"), "2022"),
        (lambda: cumulative(LAUNCHES, "cnn", years=[2021], as_of="2022-11-09"), "2021"),
        (lambda: nth(LAUNCHES, "cnn", 0, years=[2022]), "at least 1"),
        (lambda: nth(LAUNCHES, "cnn", 1.5, years=[2022]), "at least 1"),
        (lambda: nth(LAUNCHES, "cnn", 1, years=[1983, 2022]), "1983"),
        (lambda: compare_rules(LAUNCHES, rules=["cnn", "x"], **YEAR), "cnn"),
        (lambda: count(LAUNCHES.drop(columns="family"), "cnn", **YEAR), "family"),
        (lambda: launch_days(LAUNCHES, "cnn", start="1983-01-01", end="1983-12-31"), "1984"),
    ],
)
def test_bad_input_is_one_clear_error(make: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()  # type: ignore[operator]


def test_coverage_may_be_left_out_or_given() -> None:
    rows = toy_launches(["1950-06-10"])
    assert count(rows, "days", start="1950-01-01", end="1950-12-31", coverage=False) == 1
    table = pd.DataFrame(
        {"table": "launches", "subset": list(FAMILIES), "start": pd.Timestamp("1950-01-01"),
         "end": pd.Timestamp("1950-12-31")}
    )  # fmt: skip
    assert count(rows, "days", start="1950-01-01", end="1950-12-31", coverage=table) == 1
    with pytest.raises(ValueError, match="1950-12-31"):
        count(rows, "days", start="1950-01-01", end="1951-01-01", coverage=table)
    with pytest.raises(ValueError, match="cruise"):
        count(rows, "days", start="1950-01-01", end="1950-12-31",
              coverage=table[table["subset"] != "cruise"])  # fmt: skip


# -- laws -------------------------------------------------------

days = st.dates(pd.Timestamp("2012-01-01").date(), last_day().date())
spans = st.lists(days, min_size=2, max_size=2).map(sorted)
seeds = st.integers(0, 2**31)


def some(seed: int) -> pd.DataFrame:
    """Draw about half of the real launches, in another order."""
    return LAUNCHES.sample(frac=0.5, random_state=seed, ignore_index=True)


@LAWS
@given(seeds, spans, days, st.sampled_from(["missiles", "all_missiles", "ballistic_missiles"]))
def test_missiles_of_day_rows_add_over_adjacent_periods(
    seed: int, span: list, cut: object, rule: str
) -> None:
    rows = some(seed)
    rows = rows[rows["date_precision"] == "day"]
    cut = min(max(cut, span[0]), span[1])
    after = pd.Timestamp(cut) + pd.Timedelta(days=1)
    whole = count(rows, rule, start=span[0], end=span[1])
    left = count(rows, rule, start=span[0], end=cut)
    right = 0 if after > pd.Timestamp(span[1]) else count(rows, rule, start=after, end=span[1])
    assert whole == left + right


@LAWS
@given(seeds, spans)
def test_days_are_at_most_salvos_and_salvos_at_most_missiles(seed: int, span: list) -> None:
    rows = some(seed)
    d, s, m = (count(rows, r, start=span[0], end=span[1]) for r in ("days", "salvos", "missiles"))
    assert d <= s <= m


@LAWS
@given(
    seeds, spans, st.sampled_from(["missile", "salvo", "day"]),
    st.permutations(FAMILIES), st.integers(1, 4),
)  # fmt: skip
def test_a_wider_family_never_counts_less(
    seed: int, span: list, unit: str, order: list, k: int
) -> None:
    rows = some(seed)
    narrow, wide = (CountRule(unit, tuple(order[:size])) for size in (k, k + 1))
    period = {"start": span[0], "end": span[1]}
    assert count(rows, narrow, **period) <= count(rows, wide, **period)


@LAWS
@given(seeds, st.sampled_from(sorted(RULES)))
def test_cumulative_is_monotone_ends_at_the_count_and_agrees_with_nth(seed: int, rule: str) -> None:
    rows = some(seed)
    curve = cumulative(rows, rule, years=[2021, 2022], as_of="2022-11-30")
    for year, n in curve.groupby("year")["n"]:
        assert n.is_monotonic_increasing
        end = "2021-12-31" if year == 2021 else "2022-11-30"
        assert n.iloc[-1] == count(rows, rule, start=f"{year}-01-01", end=end)
    reached = nth(rows, rule, 3, years=[2021])["date"].item()
    first = curve.loc[(curve["year"] == 2021) & (curve["n"] >= 3), "date"].min()
    assert reached is first or reached == first
    assert curve.loc[curve["year"] == 2021, "day_of_year"].tolist() == list(range(1, 366))


@LAWS
@given(seeds, st.sampled_from(sorted(RULES)), st.sampled_from(["year", "month", "week"]))
def test_the_order_of_rows_does_not_matter(seed: int, rule: str, freq: str) -> None:
    period = {"start": "2019-03-05", "end": "2024-02-29", "freq": freq}
    mixed = LAUNCHES.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(counts(LAUNCHES, rule, **period), counts(mixed, rule, **period))


@LAWS
@given(st.sampled_from(sorted(RULES)), st.sampled_from(["quarter", "month", "week", "day"]), spans)
def test_periods_add_up_to_the_count_of_day_rows(rule: str, freq: str, span: list) -> None:
    rows = LAUNCHES[LAUNCHES["date_precision"] == "day"]
    table = counts(rows, rule, freq=freq, start=span[0], end=span[1])
    assert table["n"].sum() == count(rows, rule, start=span[0], end=span[1])
    assert table["days"].sum() == (span[1] - span[0]).days + 1


def test_no_rows_count_nothing() -> None:
    empty = LAUNCHES.iloc[:0]
    for rule in RULES:
        assert count(empty, rule, **YEAR) == 0
    assert launch_days(empty, "days", **YEAR).empty
    assert counts(empty, "salvos", freq="month", by="site", **YEAR)["n"].sum() == 0


# -- command line -----------------------------------------------


def test_the_command_prints_the_sentence(capsys: pytest.CaptureFixture) -> None:
    assert main(["count", "--rule", "cnn", "--as-of", "2022-11-09"]) == 0
    assert "ballistic or cruise missiles on 32 days this year" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        (["count", "--rule", "ccn", "--as-of", "2022-11-09"], "jmod_running"),
        (["count", "--as-of", "2030-11-09"], LAST),
        (["count", "--as-of", "yesterday"], "yesterday"),
        (["rules", "--as-of", "1970-01-01"], "no rule can count this year: the period 1970-01-01"),
        (["rules", "--as-of", "2030-01-01"], LAST),
        (["rules", "--as-of", "yesterday"], "expected a day such as '2022-11-09' for --as-of"),
    ],
)
def test_the_command_explains_errors(
    given_: list[str], words: str, capsys: pytest.CaptureFixture
) -> None:
    assert main(given_) == 1
    out = capsys.readouterr()
    assert (out.out, out.err.count("\n")) == ("", 1)
    assert words in out.err


def test_the_rules_are_printed_one_a_line(capsys: pytest.CaptureFixture) -> None:
    assert main(["rules", "--as-of", "2022-11-09"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(RULES)
    assert next(line for line in lines if line.startswith("cnn ")).split()[1] == "32"


def test_a_reader_that_has_seen_enough_ends_the_command_quietly() -> None:
    command = [sys.executable, "-W", "error", "-m", "analysis", "rules", "--as-of", "2022-11-09"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        run.stdout.close()  # before the first line is written, as `head -0` does
        assert run.stderr.read() == b""
        assert run.wait(timeout=60) == 0


def test_a_command_that_cannot_be_read_exits_with_2() -> None:
    with pytest.raises(SystemExit) as stop:
        main(["count"])
    assert stop.value.code == 2


@pytest.mark.parametrize("zone", ["UTC", "Asia/Seoul", "America/New_York"])
def test_an_instant_in_a_zone_is_no_day(launches, zone):
    # 20:00 in UTC is the tenth in Korea
    with pytest.raises(ValueError, match="a day has no time zone"):
        count(launches, "cnn", start="2022-01-01", end=pd.Timestamp("2022-11-09 20:00", tz=zone))


def test_a_rule_of_a_country_says_whose_missiles_it_counts_before_what_is_among_them():
    rule = CountRule("day", countries=("PRK",))
    assert rule.definition == (
        "Days with at least one ballistic or cruise missile of PRK, space rockets included "
        "(Korean dates)."
    )

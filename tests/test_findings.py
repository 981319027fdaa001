"""Published findings put to the record: which test, which numbers, and in which words."""

import csv
import shutil
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from analysis.claims import retest_findings, retest_rhythms
from analysis.claims.recounts import RECOUNTS, by_kind, stretches
from analysis.claims.rhythms import RHYTHMS
from analysis.claims.verdicts import VERDICTS, judge
from analysis.counting import launch_days
from analysis.record.build import RAW, build
from analysis.record.check import RecordError
from analysis.record.load import (
    load_events,
    load_groups,
    load_published_findings,
    load_retests,
    load_rules,
)
from analysis.record.proofs import read_proof
from analysis.record.schema import TABLES
from analysis.series.windows import split_groups

FINDINGS = load_published_findings()
RETESTS = TABLES["retests"]


def one(finding_id: str) -> pd.DataFrame:
    return FINDINGS[FINDINGS["finding_id"] == finding_id]


# -- how findings are tested -----------------------------------------------------------------


def test_every_finding_but_forecasts_is_tested_again_in_a_way_that_the_code_knows() -> None:
    tested = FINDINGS.loc[FINDINGS["kind"] != "forecast", "finding_id"]
    assert set(load_retests()["finding_id"]) == set(tested)
    assert set(RETESTS["test"].values) == {"events", *RHYTHMS}
    assert set(RETESTS["recount"].values) == set(RECOUNTS)


def test_the_press_pause_of_2022_is_recounted(launches: pd.DataFrame) -> None:
    table = retest_findings(
        launches, findings=one("press-olympic-pause"), histories=20, progress=False
    ).set_index("scope")
    found = (
        "2022-01-01 to 2022-01-30: launch days 7, events 0; 2022-01-31 to 2022-02-26: launch days 0"
    )
    assert table.loc["own period", "found"].startswith(found)
    assert table["verdict"].tolist() == ["cannot be tested", "cannot tell: too little power"]
    assert table.loc["own period", "sentence"].startswith("Cannot be tested: eight weeks")


def test_a_season_is_tested_over_its_own_years_and_over_those_since(launches: pd.DataFrame) -> None:
    lull = retest_findings(launches, findings=one("cotton-quarters"), progress=False)
    own, since = lull.to_dict("records")
    assert own["period_end"] + pd.Timedelta(days=1) == since["period_start"]
    assert own["effect"] < 0.5 < since["effect"]
    assert own["naive_p"] < own["p_value"]  # bursts make a lull of chance likelier
    assert own["found"].startswith(f"{own['observed']:.0f} of ")


def test_a_finding_without_a_period_is_tested_over_the_record_alone(launches: pd.DataFrame) -> None:
    table = retest_findings(launches, findings=one("dorazio-2012"), histories=20, progress=False)
    assert table["period_start"].isna().tolist() == [True, False]
    assert table["verdict"].tolist() == ["cannot be tested", "not the same question"]
    assert table["differs"].str.contains("outcome: .*event data").all()


def test_all_tests_of_a_call_are_one_family_and_a_verdict_rests_on_the_adjusted_p(
    launches: pd.DataFrame,
) -> None:
    lull = pd.concat([one("bloomberg-q4"), one("cotton-quarters")])
    alone, among = (
        retest_findings(launches, findings=some, progress=False) for some in (lull.head(1), lull)
    )
    for table in (alone, among):
        p = np.sort(table["p_value"])
        by_hand = np.minimum.accumulate((p * len(p) / np.arange(1, len(p) + 1))[::-1])[::-1]
        assert np.sort(table["p_adjusted"]) == pytest.approx(by_hand)
        harmonic = (1 / np.arange(1, len(p) + 1)).sum()
        assert np.sort(table["p_adjusted_by"]) == pytest.approx(np.minimum(by_hand * harmonic, 1))
    own = among.iloc[0]
    assert own["p_value"] < 0.05 < own["p_adjusted"]
    assert own["verdict"] == "cannot tell: too little power"


def test_no_stored_verdict_claims_more_than_its_adjusted_p() -> None:
    stored = read_proof("published_findings")
    assert set(stored["verdict"]) <= set(VERDICTS)
    shown = stored["verdict"].isin(["agrees", "contradicts"])
    assert (stored.loc[shown, "p_adjusted"] < 0.05).all()
    assert (stored["p_adjusted"].dropna() <= stored["p_adjusted_by"].dropna()).all()
    tested = stored["p_value"].notna()
    assert stored.loc[tested, "p_adjusted"].notna().all()
    assert stored.loc[~tested, "verdict"].isin(["cannot be tested"]).all()


def test_american_days_are_held_against_launches_by_the_american_date() -> None:
    rules, events, groups = load_rules().set_index("name"), load_events(), load_groups()
    zones = {
        name: set(rows["date_zone"])
        for name, rows in split_groups(
            events, groups[groups["group"].isin(load_retests()["group"])]
        )
    }
    american = {name for name, found in zones.items() if found == {"US"}}
    assert american == {"us_elections", "us_holidays"}
    for row in load_retests().dropna(subset="group").itertuples():
        by_american_date = rules.loc[row.rule, "calendar"] == "America/New_York"
        assert by_american_date == (row.group in american), row.finding_id


def test_a_launch_on_the_fourth_of_july_in_america_is_found_there(launches: pd.DataFrame) -> None:
    # 4 July 2006, about 14:30 in Washington, was 5 July in Korea
    events = load_events("anniversary").query("kind == 'us_independence_day'")
    found = {
        rule: RECOUNTS["holidays"](
            launch_days(launches, rule, start="2006-01-01", end="2006-12-31"), events, events
        )
        for rule in ("days", "us_eastern_days")
    }
    assert "0 on 4 July" in found["days"]
    assert "1 on 4 July" in found["us_eastern_days"]


def test_the_nearest_launch_may_lie_beyond_the_last_vote_and_a_vote_left_out_is() -> None:
    table = read_proof("published_findings").set_index(["finding_id", "scope"])
    found = table.loc[("csis-elections", "own period"), "found"]
    assert found.endswith("weeks under Kim Jong Un (4 events)")  # 2012, 2014, 2016, 2020
    weeks = float(found.rpartition(", ")[2].split()[0])
    assert weeks == pytest.approx(6.9, abs=0.2)


def test_what_differs_is_said_of_every_finding() -> None:
    retests = load_retests()
    for name in ("outcome", "exposure", "period"):
        assert retests[f"{name}_differs"].notna().all()
    others = set(retests.loc[~retests["same_question"], "finding_id"])
    assert others == {"dorazio-2012", "bernhardt-sukin-2021", "hess-2018"}


def test_what_the_record_has_moves_with_the_launches(launches: pd.DataFrame) -> None:
    moved = launches.assign(date=launches["date"] + pd.Timedelta(days=1), launched_at=pd.NaT)
    today, tomorrow = (
        retest_findings(table, findings=one("dailyviz-monday"), progress=False).iloc[0]
        for table in (launches.assign(launched_at=pd.NaT), moved)
    )
    assert today["observed"] != tomorrow["observed"]
    assert today["expected"] == pytest.approx(tomorrow["expected"], rel=0.05)


def test_a_finding_of_ones_own_brings_its_test_along(launches: pd.DataFrame) -> None:
    both = FINDINGS.merge(load_retests(), on="finding_id")
    mine = both[both["finding_id"] == "wapo-q4"].assign(finding_id="mine", part=1, side=-1)
    table = retest_findings(launches, findings=mine, progress=False)
    assert table["finding_id"].unique().tolist() == ["mine"]
    assert "in January to March" in table["found"].iloc[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"findings": one("wapo-q4").assign(finding_id="new")}, "unknown finding 'new': expected"),
        ({"findings": one("wapo-q4").drop(columns="period")}, "the findings lack .* 'period'"),
        (
            {"findings": one("lee-2023"), "groups": pd.DataFrame({"group": [], "filter": []})},
            "unknown group 'talks_china'",
        ),
    ],
)
def test_what_cannot_be_tested_again_is_one_clear_error(
    change: dict, message: str, launches: pd.DataFrame
) -> None:
    with pytest.raises(ValueError, match=message):
        retest_findings(launches, progress=False, **change)


def test_the_old_name_gives_the_rows_of_its_kinds_with_a_warning(launches: pd.DataFrame) -> None:
    with pytest.warns(DeprecationWarning, match="now retest_findings"):
        old = retest_rhythms(launches, pd.concat([one("wapo-q4"), one("lee-2023")]))
    pd.testing.assert_frame_equal(
        old, retest_findings(launches, findings=one("wapo-q4"), progress=False)
    )


# -- the tables ------------------------------------------------------------------------------


def append(path: Path, like: str, **changes: object) -> None:
    """Add a row like another to a table, changed."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    row = next(row for row in rows if row["finding_id"] == like) | changes
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(row), lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, row])


def test_a_published_finding_is_added_in_two_files(tmp_path: Path, launches: pd.DataFrame) -> None:
    raw = Path(shutil.copytree(RAW, tmp_path / "raw"))
    append(raw / "published_findings.csv", "dailyviz-monday", finding_id="new-friday", label="New")
    append(raw / "retests.csv", "dailyviz-monday", finding_id="new-friday", part=4)
    tables = build(raw)
    findings = tables["published_findings"].merge(tables["retests"], on="finding_id")
    table = retest_findings(
        launches, findings=findings[findings["finding_id"] == "new-friday"], progress=False
    )
    assert table["label"].tolist() == ["New", "New"]
    assert "launch days on Fridays" in table["found"].iloc[0]
    assert set(table["verdict"]) <= set(VERDICTS)


#: One more finding: a forecast.
FORECAST = "predata-2018,Later,Predata,2018,a launch is near,half,,forecast,forecast,Predata\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("retests.csv", "lee-2023,events", "lee-2023,hunch", r"line 13, .*'hunch'"),
        ("retests.csv", "lee-2023,events", "lee-2024,events", r"line 13, .*'lee-2024'"),
        ("retests.csv", "talks_china", "talks_mars", r"line 13, .*'talks_mars'"),
        ("retests.csv", "talks_china,0..29", "talks_china,", "the window of the events"),
        ("retests.csv", "talks_china,0..29", ",0..29", "the group of the events"),
        ("retests.csv", "0..29,,,own", "a month,,,own", "'a month'"),
        ("retests.csv", "2018-11-06", "the midterm", "'the midterm'"),
        ("retests.csv", 'on record here",the same', 'on record here",', "period_differs"),
        ("retests.csv", "cns,-1,,,,4,", "cns,-1,,,,6,", "the quarter, from 1 to 4"),
        ("published_findings.csv", "predata-2017,", FORECAST + "predata-2017,", None),
        ("published_findings.csv", "forecast,forecast", "forecast,season", "a row in retests.csv"),
    ],
)
def test_a_retest_that_cannot_be_made_stops_the_build(
    file: str, old: str, new: str, said: str | None, tmp_path: Path
) -> None:
    raw = Path(shutil.copytree(RAW, tmp_path / "raw"))
    text = (raw / file).read_text("utf-8")
    assert old in text
    (raw / file).write_text(text.replace(old, new, 1), "utf-8")
    if said is None:  # a forecast needs no retest
        assert "predata-2018" in set(build(raw)["published_findings"]["finding_id"])
        return
    with pytest.raises(RecordError, match=said):
        build(raw)


# -- the words -------------------------------------------------------------------------------

NUMBERS = {
    "effect": 1.4,
    "low": 0.8,
    "high": 2.4,
    "p_value": 0.2,
    "p_years_permuted": 0.3,
    "detectable_above": 1.8,
    "detectable_below": 0.55,
}
#: A difference that shows.
SMALL = {"p_value": 0.01, "low": 1.1}
UNPOWERED = {name: NUMBERS[name] for name in ("effect", "low", "p_value")} | {"high": 1.9}


@pytest.mark.parametrize(
    ("change", "side", "word", "says"),
    [
        ({}, 1, "points the same way", "chance and bursts alone may give as much"),
        ({}, -1, "not borne out", "rate ratio 1.40 (0.80 to 2.40), p = 0.200"),
        ({"p_value": 0.4}, 1, "not borne out", "in four histories of five"),
        ({"high": 1.9}, 0, "agrees", "Agrees: rate ratio"),
        ({}, 0, "cannot tell: too little power", "rate ratio 1.40 (0.80 to 2.40)"),
        (
            {"detectable_above": 3.0},
            1,
            "cannot tell: too little power",
            "though it points the same way",
        ),
        ({"detectable_below": np.nan}, -1, "cannot tell: too little power", "no launch at all"),
        ({"detectable_above": np.nan}, 0, "cannot tell: too little power", "no ratio up to ten"),
        (SMALL | {"p_years_permuted": 0.01}, 1, "agrees", "Agrees, as an association: "),
        (SMALL, 1, "agrees", "but only against shifts of the record"),
        (SMALL | {"p_years_permuted": np.nan}, 1, "agrees", "as an association: "),
        (SMALL, -1, "contradicts", "Contradicts, as an association"),
        (SMALL, 0, "contradicts", "rate ratio 1.40"),
        (SMALL | {"p_adjusted": 0.04}, 1, "agrees", "p = 0.010, adjusted for all tests 0.040"),
        (SMALL | {"p_adjusted": 0.2}, 1, "points the same way", "adjusted for all tests 0.200"),
        (SMALL | {"p_adjusted": 0.2}, -1, "not borne out", "in four histories of five"),
        (SMALL | {"low": 0.9}, 1, "points the same way", "chance and bursts alone"),
        ({"detectable_below": 0.001}, -1, "cannot tell: too little power", "no launch at all too"),
        ({"p_value": np.nan, "reason": "no period"}, 0, "cannot be tested", "tested: no period."),
        ({"p_value": np.nan}, 0, "cannot be tested", "nothing to compare"),
        ({"low": np.inf, "high": np.inf}, -1, "not borne out", "without bound"),
    ],
)
def test_a_verdict_is_a_word_and_a_sentence(change: dict, side: int, word: str, says: str) -> None:
    found, sentence = judge(NUMBERS | change, side)
    assert found == word
    assert says in sentence
    assert "cause" not in sentence


def test_without_simulated_power_the_interval_tells_what_would_be_missed() -> None:
    assert judge(UNPOWERED, 1)[0] == "points the same way"
    weak, sentence = judge(UNPOWERED | {"high": 2.1}, 1)
    assert weak == "cannot tell: too little power"
    assert sentence.endswith("the interval holds a doubling.")
    assert judge(UNPOWERED, -1)[0] == "not borne out"
    assert judge(UNPOWERED | {"low": 0.4}, -1)[0] == "cannot tell: too little power"
    triggered = {"kind": "self_excitation", "effect": 0.1, "low": 0.0, "p_value": 0.4}
    assert judge(triggered | {"high": 0.3}, 1)[0] == "not borne out"
    assert judge(triggered | {"high": 0.6}, 1)[0] == "cannot tell: too little power"


def test_another_question_is_named_so_and_its_numbers_kept() -> None:
    word, sentence = judge(NUMBERS, 1, same_question=False)
    assert word == "not the same question"
    assert "points the same way" in sentence
    assert "rate ratio 1.40" in sentence


ratios = st.floats(0.05, 20)


@given(
    effect=ratios, low=ratios, high=ratios, p=st.floats(0, 1), above=ratios | st.just(np.nan),
    below=ratios | st.just(np.nan), side=st.sampled_from([-1, 0, 1]), same=st.booleans(),
)  # fmt: skip
def test_every_verdict_is_in_the_vocabulary_and_only_a_small_p_contradicts(
    effect: float, low: float, high: float, p: float, above: float, below: float, side: int,
    same: bool,
) -> None:  # fmt: skip
    row = {"effect": effect, "low": low, "high": high, "p_value": p, "detectable_above": above,
           "detectable_below": below}  # fmt: skip
    word, sentence = judge(row, side, same_question=same)
    assert word in VERDICTS
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    if word == "contradicts":
        assert p < 0.05
    if word == "not borne out":  # an absence is said only where the claimed ratio would be found
        assert (above <= 2) if side == 1 else (below >= 0.5)


# -- the finding's own number ----------------------------------------------------------------


def test_recounts_by_hand() -> None:
    launched = pd.Series(pd.to_datetime(["2020-01-01", "2020-03-01"]))
    votes = pd.DataFrame(
        {"start": pd.to_datetime(["2020-01-03", "2020-02-26"]), "kind": ["a", "b"]}
    )
    text = by_kind(launched, votes, pd.DataFrame())
    assert text.endswith(
        "3.0 days for all (2 events), 2.0 days for a (1 events), 4.0 days for b (1 events)"
    )
    assert by_kind(launched.head(0), votes, pd.DataFrame()) == "no event or no launch in the period"
    assert stretches(launched, votes, "2020-01-01/2020-01-31;2020-02-27/2020-03-01") == (
        "2020-01-01 to 2020-01-31: launch days 1, events 1; "
        "2020-02-27 to 2020-03-01: launch days 1, events 0"
    )

"""Conventions are data: rules, announcers, categories and groups are rows, ours and a user's."""

import csv
import json
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from analysis import (
    CountRule,
    RecordError,
    compare_rules,
    count,
    event_study,
    load_announcers,
    load_categories,
    load_events,
    load_groups,
    load_launches,
    load_rules,
    read_groups,
    read_rules,
)
from analysis.build import main
from analysis.counting import RULES
from analysis.record.build import build
from analysis.record.files import RAW
from analysis.record.schema import ANNOUNCERS, EVENT_KINDS
from analysis.record.vocabulary import Announcer

from .copies import command, copy_checkout

YEAR = {"start": "2022-01-01", "end": "2022-12-31"}


def copy_of_raw(folder):
    shutil.copytree(RAW, folder / "raw")
    return folder / "raw"


def add_row(path, **cells):
    """Type a row at the end of a table, as in a spreadsheet."""
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert set(cells) <= set(header)
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, header, lineterminator="\n").writerow(cells)


def add_rule(raw):
    """Add a rule that follows somebody new: three files."""
    add_row(raw / "announcers.csv", announcer="washington", name="Washington", gives="numbers",
            column="washington_missiles", meaning="missiles that Washington announced",
            agrees="true", optional="false")  # fmt: skip
    add_row(raw / "announced.csv", launch_id="2022-01-05-01", capital="washington", missiles=0,
            sources="csis-bp")  # fmt: skip
    add_row(raw / "announced.csv", launch_id="2022-01-11-01", capital="washington", missiles=5,
            sources="csis-bp")  # fmt: skip
    add_row(raw / "rules.csv", name="white_house", label="White House", unit="missile",
            families="ballistic;space", calendar="Asia/Seoul", source="washington",
            definition="Ballistic missiles that Washington announced.")  # fmt: skip


def add_category(raw):
    """Add a category with two events: three files."""
    add_row(raw / "categories.csv", category="export", label="arms exports", lane=11,
            kinds="shipment;training", drawn="true", timing="open",
            meaning="arms sold abroad")  # fmt: skip
    add_row(raw / "coverage.csv", table="events", subset="export", start="1984-01-01",
            end="2026-03-01", completeness="sample", why="a test", source="a test")  # fmt: skip
    for kind, day in (("shipment", "2022-09-01"), ("training", "2023-09-01")):
        add_row(raw / "milestones.csv", event_id=f"{day}-{kind}", start=day, end=day,
                date_zone="KST", precision="day", category="export", kind=kind, title=kind,
                answers_launch="false", confidence="unsourced")  # fmt: skip


@pytest.mark.parametrize(("add", "n_files"), [(add_rule, 3), (add_category, 3)])
def test_a_new_rule_and_a_new_category_touch_three_files_and_no_code(add, n_files, tmp_path):
    raw = copy_of_raw(tmp_path)
    add(raw)
    touched = [p.name for p in RAW.iterdir() if (raw / p.name).read_bytes() != p.read_bytes()]
    assert len(touched) == n_files
    assert main(["--raw", str(raw), "--out", str(tmp_path / "out")]) == 0


def test_in_a_copy_they_are_counted_and_drawn(tmp_path):
    house = copy_checkout(tmp_path)
    raw, built = house / "data" / "raw", house / "data" / "processed"
    add_rule(raw)
    add_category(raw)
    made = command(house, "analysis.build", "--raw", str(raw), "--out", str(built))
    assert made.returncode == 0, made.stderr
    program = """
import json, matplotlib
matplotlib.use("agg")
from analysis import count, counts, describe_count, load_events, load_launches
from analysis.plot import plot_timeline, rule_label
launches, year = load_launches(), {"start": "2022-01-01", "end": "2022-12-31"}
months = counts(launches, "missiles", freq="month", start="2022-01-01", end="2023-12-31")
ax = plot_timeline(months, load_events())
print(json.dumps({
    "ours": count(launches, "us_state", **year),
    "theirs": count(launches, "white_house", **year),
    "sentence": describe_count(launches, "white_house", as_of="2022-01-10"),
    "label": rule_label("white_house"),
    "events": len(load_events("export")),
    "lanes": [label.get_text() for label in ax.get_yticklabels()],
}))
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=house, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    # one missile of 5 January is denied; of 11 January five are announced where one is recorded
    assert said["theirs"] == said["ours"] - 1 + 4
    assert said["sentence"] == (
        "By 10 January 2022 North Korea had fired 0 ballistic missiles this year (Korean dates, "
        "as Washington announced them), space rockets included"
    )
    assert (said["label"], said["events"]) == ("White House", 2)
    assert "arms exports\n(2)" in said["lanes"]


@pytest.mark.parametrize(
    ("agrees", "optional", "with_column", "without_column"),
    [(True, True, 2, 2), (False, True, 1, 2), (True, False, 2, None)],
)
def test_what_an_announcer_leaves_unsaid_counts_as_its_row_says(
    agrees, optional, with_column, without_column, monkeypatch
):
    theirs = Announcer("Washington", "numbers", "washington_missiles", "", agrees, optional)
    monkeypatch.setitem(ANNOUNCERS, "washington", theirs)
    rule = CountRule("day", source="washington")
    launches = load_launches()
    launches = launches[launches["launch_id"].isin(["2022-01-05-01", "2022-01-11-01"])]
    numbers = pd.array([1, None], dtype="Int64")
    assert count(launches.assign(washington_missiles=numbers), rule, **YEAR) == with_column
    if without_column is None:
        with pytest.raises(ValueError, match=r"needs the column.* 'washington_missiles'"):
            count(launches, rule, **YEAR)
    else:
        assert count(launches, rule, **YEAR) == without_column


# -- what is wrong is said --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("categories.csv", ",9,true,", ",,true,", "line 10, column lane: '', expected place of"),
        ("categories.csv", "parade,parades", "parade,", "line 10, column label: '', expected name"),
        ("categories.csv", ";winter_games", "", "milestones.csv.*winter_games'"),
        ("categories.csv", "parade,parades,day_parade;night_parade,9,true,open,military parades in "
         "Pyongyang\n", "", "milestones.csv.*'parade', expected one of drill, talks"),
        ("coverage.csv", "events,parade", "events,parades", "column subset: 'parades'"),
        ("announcers.csv", ",numbers,", ",number,", "column gives: 'number', expected one of list"),
        ("announcers.csv", ",tokyo_missiles,", ",seoul_missiles,", "a column of its own"),
        ("announcers.csv", ",tokyo_missiles,", ",missiles,", "a column of its own"),
        ("rules.csv", ",day,", ",week,", "column unit: 'week', expected one of missile, salvo"),
        ("rules.csv", "America/New_York", "America/Pyongyang", "column calendar: 'America/Pyong"),
        ("rules.csv", ",cns,", ",nti,", "column source: 'nti', expected one of cns, csis"),
        ("rules.csv", ",missile,ballistic;space,,", ",missile,ballistic;spice,,", ";spice"),
        ("rules.csv", "missile,cruise,,,,Asia/Seoul,,", "missile,cruise,,,,Asia/Seoul,,klass",
         "line 9, column each: 'klass', expected nothing, unless the unit is day or salvo"),
        ("rules.csv", "salvos,salvos", "missiles,salvos", "line 2 has it already"),
        ("groups.csv", ",20\n", ",twenty\n", "column studied: 'twenty', expected a whole number"),
        ("groups.csv", "parades,parades", "parades,", "column label: '', expected name as printed"),
    ],
)  # fmt: skip
def test_a_convention_that_is_wrong_is_named_by_file_line_and_cell(file, old, new, said, tmp_path):
    raw = copy_of_raw(tmp_path)
    text = (raw / file).read_text("utf-8")
    assert old in text
    (raw / file).write_text(text.replace(old, new, 1), "utf-8")
    where = said if ".csv" in said else f"{file}.*{said}"
    with pytest.raises(RecordError, match=where):
        build(raw)


def test_an_event_of_an_unknown_category_is_drawn_in_a_lane_of_its_own():
    from matplotlib.figure import Figure

    from analysis.plot import plot_timeline

    months = pd.DataFrame({"period": pd.period_range("2022-01", periods=3, freq="M"), "n": 1})
    strikes = pd.DataFrame(
        {
            "start": [pd.Timestamp("2022-02-04")],
            "precision": "day",
            "end": [pd.Timestamp("2022-02-05")],
            "category": "dock_strike",
        }
    )
    ax = plot_timeline(months, strikes, ax=Figure().add_subplot())
    lanes = [label.get_text() for label in ax.get_yticklabels()]
    assert "dock strike\n(1)" in lanes


# -- tables and what is made of them ----------------------------------------------------------


def test_rules_are_the_rows_of_their_table():
    table = load_rules()
    assert table["name"].tolist() == list(RULES)
    for row in table.itertuples():
        rule = RULES[row.name]
        assert rule.families == tuple(row.families.split(";"))
        assert (rule.unit, rule.calendar, rule.definition) == (
            row.unit,
            row.calendar,
            row.definition,
        )


def test_rules_that_follow_nobody_are_defined_in_the_words_that_a_new_rule_gets():
    plain = [rule for rule in RULES.values() if not rule.cited]
    assert len(plain) > 20
    for rule in plain:
        again = CountRule(rule.unit, rule.families, calendar=rule.calendar, klasses=rule.klasses)
        assert again.definition == rule.definition


def test_every_category_is_covered_has_events_and_a_lane_of_its_own():
    table = load_categories()
    assert table["category"].tolist() == list(EVENT_KINDS)
    assert sorted(table["lane"]) == list(range(1, len(table) + 1))
    events = load_events()
    assert set(events["category"]) == set(table["category"])
    assert {k for kinds in EVENT_KINDS.values() for k in kinds} == set(events["kind"])


def test_announcers_name_columns_of_the_launches():
    assert set(load_announcers()["column"]) <= set(load_launches())


def test_studied_groups_are_numbered_without_a_gap():
    studied = load_groups()["studied"].dropna()
    assert sorted(studied) == list(range(1, len(studied) + 1))


# -- a user's own -----------------------------------------------------------------------------


def test_ones_own_rules_are_read_like_ours(tmp_path):
    load_rules().to_csv(tmp_path / "rules.csv", index=False)
    assert read_rules(tmp_path / "rules.csv") == RULES
    (tmp_path / "mine.csv").write_text(
        "name,unit,klasses,source\nicbm,day,ICBM,\njapan,missile,SRBM;MRBM,tokyo\n", "utf-8"
    )
    mine = read_rules(tmp_path / "mine.csv")
    assert mine["icbm"] == CountRule("day", klasses=("ICBM",), name="icbm")
    table = compare_rules(load_launches(), rules=mine, **YEAR)
    assert table["rule"].tolist() == ["icbm", "japan"]
    assert table["n"].notna().all()


def test_ones_own_groups_are_read_like_ours(tmp_path):
    load_groups().to_csv(tmp_path / "groups.csv", index=False)
    pd.testing.assert_frame_equal(read_groups(tmp_path / "groups.csv"), load_groups())
    (tmp_path / "mine.csv").write_text("group,filter\ngames,kind == 'winter_games'\n", "utf-8")
    mine = read_groups(tmp_path / "mine.csv")
    table = event_study(
        load_launches(), load_events(), "days", by=mine, start="2012-01-01", end="2025-12-31"
    )
    assert table["group"].tolist() == ["games"]


@pytest.mark.parametrize(
    ("read", "content", "where"),
    [
        (read_rules, "name,unit\na,week\n", (2, "unit", "week")),
        (read_rules, "name,unit,source\na,day,nti\n", (2, "source", "nti")),
        (read_rules, "name,unit,calendar\na,day,Mars\n", (2, "calendar", "Mars")),
        (read_rules, "name,unit,families\na,day,tanks\n", (2, "families", "tanks")),
        (read_rules, "name,unit,colour\na,day,red\n", (1, "colour", "colour")),
        (read_groups, "group,filter\na,kind\nb,kind ==\n", (3, "filter", "kind ==")),
        (read_groups, "group,filter\na,print()\n", (2, "filter", "print()")),
        (read_groups, "group\na\n", (1, "filter", "")),
    ],
)
def test_ones_own_conventions_are_checked_like_ours(read, content, where, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(RecordError) as caught:
        read(path)
    assert [(p.file, p.line, p.column, p.value) for p in caught.value.problems] == [
        (str(path), *where)
    ]

"""A launch added by somebody who is no developer: checked, counted, and written whole or not."""

import csv
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis import load_launches, proposed_rows, reconcile
from analysis.__main__ import main
from analysis.adding.checking import check_files
from analysis.adding.command import _said
from analysis.adding.own import add_to_file
from analysis.adding.raw import add_to_record
from analysis.adding.rows import event_row, known_name, launch_row
from analysis.record.build import build, read_version
from analysis.record.check import RecordError
from analysis.record.files import RAW
from analysis.record.hints import hint
from analysis.record.load import last_day

from .copies import command, contents, copy_checkout

RECORD = load_launches()
IDS = RECORD["launch_id"].tolist()
LATER = f"{last_day() + pd.Timedelta(days=13):%Y-%m-%d}"
ARGUMENTS = ["--date", LATER, "--system", "KN-23", "--site", "Sunan", "--source", "csis-bp"]


@pytest.fixture
def home(tmp_path):
    """A checkout whose raw tables may change."""
    shutil.copytree(RAW, tmp_path / "data" / "raw")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased, data X\n\n- Before.\n")
    return tmp_path


def later(**cells):
    return launch_row(LATER, "KN-23", "Sunan", "csis-bp", IDS, **cells)


@pytest.mark.parametrize("name", ["KN-23", "Hwasong-11A", "hwasong-11a", "Iskander", "iskander"])
def test_a_system_goes_by_any_of_its_names(name):
    assert known_name("system", name) == "hwasong-11a"


def test_an_unknown_name_is_an_error_that_offers_near_ones():
    with pytest.raises(ValueError, match=r"unknown site 'wonsn'.*wonsan"):
        known_name("site", "wonsn")


def test_a_korean_morning_is_the_utc_day_before():
    row = launch_row("2022-01-05", "KN-23", "Sunan", "csis-bp", [], time="8:10")
    assert (row["launch_id"], row["launched_at"]) == ("2022-01-05-01", "2022-01-04T23:10Z")


def test_adding_moves_the_end_the_version_and_the_changelog_and_nothing_else(home):
    raw = home / "data" / "raw"
    before = contents(home)
    change = add_to_record([later()], raw=raw)
    after = contents(home)
    changed = {name for name in after if after[name] != before.get(name)}
    names = ["data/raw/launches.csv", "data/raw/coverage.csv", "data/raw/version.txt"]
    assert changed == {*names, "CHANGELOG.md"} == set(change.files)
    assert after[names[0]].startswith(before[names[0]])
    assert after[names[0]].count(b"\n") == before[names[0]].count(b"\n") + 1
    assert read_version(raw, build(raw)["coverage"]) == f"{LATER}.1" == change.version[1]
    text = after["CHANGELOG.md"].decode()
    assert f"## Unreleased, data {LATER}.1\n\n- Added: {LATER}-01 (hwasong-11a).\n- Before." in text


def test_counts_of_the_year_are_shown_under_every_rule(home):
    counts = add_to_record([later(missiles="3")], raw=home / "data" / "raw", dry_run=True).counts
    of = counts.set_index("rule")
    gained = of["after"] - of["before"]
    assert gained[["cnn", "un_panel", "all_missiles", "cruise_days", "cns"]].tolist() == [
        1, 3, 3, 0, 0,
    ]  # fmt: skip


@pytest.mark.parametrize(("missiles", "exact"), [("2", True), ("", False)])
def test_a_lower_bound_that_is_added_is_printed_as_one(home, missiles, exact):
    row = later(missiles=missiles, missiles_exact=str(exact).lower())
    counts = add_to_record([row], raw=home / "data" / "raw", dry_run=True).counts
    lines = [*_said([row], "launches", counts, True)]
    (line,) = [one for one in lines if one[3:].startswith("days ")]
    assert "at least" not in line  # days are counted, whatever flew
    (line,) = [one for one in lines if one[3:].startswith("all_missiles ")]
    assert re.search(r" (at least )?\d+ -> at least \d+$", line)
    only = counts.assign(before=1, after=2, exact_before=True, exact_after=exact)
    assert f"1 -> {'' if exact else 'at least '}2" in "\n".join(
        _said([row], "launches", only, True)
    )


def test_a_launch_of_the_past_raises_the_revision_alone(home):
    raw = home / "data" / "raw"
    row = launch_row("2013-06-07", "KN-02", "Wonsan", "csis-bp", IDS)
    old = (raw / "coverage.csv").read_bytes()
    change = add_to_record([row], raw=raw)
    assert change.version[1].partition(".")[0] == change.version[0].partition(".")[0]
    assert (raw / "coverage.csv").read_bytes() == old


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (lambda: later(missiles="0"), "missiles"),
        (lambda: later() | {"sources": "nobody"}, "sources"),
        (lambda: launch_row("2022-11-09", "unknown-srbm", "sukchon", "csis-bp", IDS),
         "2022-11-09-02 reads like its 2022-11-09-01"),
    ],
)  # fmt: skip
def test_a_bad_row_changes_nothing(home, row, named):
    before = contents(home)
    with pytest.raises(RecordError, match=named):
        add_to_record([row()], raw=home / "data" / "raw")
    assert contents(home) == before


def test_a_dry_run_changes_nothing(home):
    before = contents(home)
    add_to_record([later()], raw=home / "data" / "raw", dry_run=True)
    assert contents(home) == before


def test_a_new_source_goes_with_its_launch(home):
    raw = home / "data" / "raw"
    source = {"key": "news-1", "title": "Fired", "publisher": "News", "url": "", "vintage": ""}
    add_to_record([later() | {"sources": "news-1"}], sources=[source | {"note": ""}], raw=raw)
    assert "news-1" in set(build(raw)["sources"]["key"])


def test_an_event_leaves_the_coverage_as_it_is(home):
    raw = home / "data" / "raw"
    old = (raw / "coverage.csv").read_bytes()
    row = event_row(LATER, "unsc_meeting", "Council meets", source="UN", answers_launch="true")
    change = add_to_record([row], "events", raw=raw)
    assert (raw / "coverage.csv").read_bytes() == old
    assert "lies after" in change.moved[0]
    assert row["event_id"] in set(build(raw)["events"]["event_id"])


@pytest.mark.slow
def test_a_checkout_counts_an_added_launch_after_the_build(tmp_path):
    folder = copy_checkout(tmp_path)
    added = command(folder, "analysis", "add", "launch", *ARGUMENTS)
    assert added.returncode == 0, added.stderr
    assert command(folder, "analysis.build").returncode == 0
    end = ["--as-of", LATER]
    assert command(folder, "analysis", "count", *end).returncode == 0
    assert command(folder, "analysis", "check").returncode == 0


# ------------------------------------------------------------------- a file of one's own


def test_a_file_of_additions_is_begun_continued_and_counted(tmp_path, capsys):
    path = str(tmp_path / "mine.csv")
    assert main(["add", "launch", *ARGUMENTS, "--time", "6:40", "--to", path]) == 0
    assert main(["add", "launch", *ARGUMENTS, "--time", "9:40", "--to", path]) == 0
    assert len(load_launches(extra=path)) == len(RECORD) + 2
    capsys.readouterr()
    assert main(["count", "--as-of", LATER, "--extra", path]) == 0
    assert "missiles on" in capsys.readouterr().out
    assert main(["check", path]) == 0


def test_a_bad_row_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "mine.csv"
    add_to_file([later()], path)
    before = path.read_bytes()
    with pytest.raises(RecordError, match="mine"):
        add_to_file([later() | {"launch_id": f"{LATER}-02"} | {"missiles": "x"}], path)
    assert path.read_bytes() == before


def test_what_is_not_given_is_named_where_nobody_can_be_asked(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert main(["add", "launch", "--date", LATER]) == 1
    said = capsys.readouterr().err
    assert all(option in said for option in ("--system", "--site", "--source"))


def test_somebody_at_a_terminal_is_asked_until_the_name_is_known(tmp_path, monkeypatch, capsys):
    answers = iter(["KN-99", "KN-23"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    given = [word for word in ARGUMENTS if word not in ("--system", "KN-23")]
    assert main(["add", "launch", *given, "--to", str(tmp_path / "mine.csv")]) == 0
    assert "unknown system 'KN-99'" in capsys.readouterr().out


def test_without_a_checkout_a_file_is_proposed(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("analysis.adding.command.RAW", tmp_path)
    assert main(["add", "launch", *ARGUMENTS]) == 1
    assert "add launch --to mine.csv" in capsys.readouterr().err


def test_rows_that_reconcile_proposes_can_be_added(tmp_path):
    theirs = RECORD.tail(5).reset_index(drop=True)
    ours = RECORD.iloc[:-1]
    proposed = proposed_rows(ours, theirs, reconcile(ours, theirs))
    (proposed,) = proposed.to_dict("records")
    moved = proposed | {"launch_id": f"{LATER}-01", "date": LATER, "launched_at": ""}
    path, to = tmp_path / "proposed.csv", tmp_path / "mine.csv"
    pd.DataFrame([moved]).to_csv(path, index=False)
    assert main(["add", "launch", "--from", str(path), "--to", str(to)]) == 0
    assert len(load_launches(extra=to)) == len(RECORD) + 1


# ------------------------------------------------------------------- check


def test_the_record_is_good():
    assert next(iter(check_files())).startswith("data/raw: no mistake")


def rewritten(tmp_path, **cells):
    """A file of one launch, with cells as a spreadsheet leaves them."""
    path = tmp_path / "mine.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(later()))
        writer.writeheader()
        writer.writerow(later() | cells)
    return path


@pytest.mark.parametrize(
    ("cell", "day"),
    [("9/5/2022", "2022-05-09 or 2022-09-05"), ("44690", "2022-05-09"), ("2022/5/9", "2022-05-09"),
     ("31.12.2022", "2022-12-31"), ("44690.5", "2022-05-09")],
)  # fmt: skip
def test_a_date_that_a_spreadsheet_rewrote_is_explained(tmp_path, capsys, cell, day):
    assert day in hint(cell, "a calendar date as 2022-11-09")
    assert main(["check", str(rewritten(tmp_path, date=cell))]) == 1
    assert day in capsys.readouterr().err


def test_what_is_no_day_has_no_hint():
    assert hint("31/31/2022", "a calendar date as 2022-11-09") == ""
    assert hint("soon", "a calendar date as 2022-11-09") == ""
    assert hint("44690", "a whole number") == hint("7", "a whole number")


def test_an_encoding_that_is_not_unicode_is_explained(tmp_path, capsys):
    path = rewritten(tmp_path, note="caf\u00e9")
    path.write_bytes(path.read_bytes().decode().encode("cp1252"))
    assert main(["check", str(path)]) == 1
    assert "CSV UTF-8" in capsys.readouterr().err
    assert main(["check", str(path), "--encoding", "cp1252"]) == 0


def test_every_mistake_is_written_out(tmp_path, capsys):
    path = tmp_path / "mine.csv"
    rows = [later() | {"launch_id": f"{LATER}-{n:02d}", "outcome": "fine"} for n in range(1, 9)]
    pd.DataFrame(rows).to_csv(path, index=False)
    assert main(["check", str(path)]) == 1
    assert capsys.readouterr().err.count("'fine'") == len(rows)


def test_a_launch_of_tomorrow_is_refused():
    tomorrow = pd.Timestamp.now("Asia/Seoul") + pd.Timedelta(days=1)
    with pytest.raises(ValueError, match="today in Korea"):
        launch_row(f"{tomorrow:%Y-%m-%d}", "KN-23", "Sunan", "csis-bp", [])


def test_a_number_that_nobody_gave_is_a_lower_bound(tmp_path):
    path = tmp_path / "mine.csv"
    options = ["--date", "2013-06-07", "--system", "SRBM", "--site", "Wonsan", "--source", "me"]
    assert main(["add", "launch", *options, "--to", str(path)]) == 0
    assert pd.read_csv(path)["missiles_exact"].tolist() == [False]


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("9-May-22", "2022-05-09"),
        ("9/5/22", "2022-05-09 or 2022-09-05"),
        ("2022-05-09 00:00:00", "2022-05-09"),
        ("May-22", "a day of 2022-05"),
        ("31/12/1999", "1999-12-31"),
    ],
)
def test_a_day_that_a_spreadsheet_rewrote_is_explained(cell, meant):
    assert hint(cell, "a calendar date as 2022-11-09").endswith(f": {meant}")


def test_a_table_that_cannot_be_read_brings_no_mistakes_of_others(tmp_path):
    raw = tmp_path / "raw"
    shutil.copytree(RAW, raw)
    text = (raw / "launches.csv").read_text("utf-8")
    (raw / "launches.csv").write_text(text, "utf-16")
    with pytest.raises(RecordError) as error:
        build(raw)
    assert {Path(problem.file).name for problem in error.value.problems} == {"launches.csv"}


def test_a_source_that_the_record_lacks_asks_for_its_title(capsys):
    arguments = [*ARGUMENTS[:-1], "news-of-the-morning"]
    assert main(["add", "launch", *arguments, "--dry-run"]) == 1
    error = capsys.readouterr().err
    assert "--source-title" in error
    assert "--publisher" in error
    new = ["--source-title", "Two missiles", "--publisher", "A paper"]
    assert main(["add", "launch", *arguments, *new, "--dry-run"]) == 0
    assert "data/raw/sources.csv" in capsys.readouterr().out


def test_somebody_who_gives_no_option_is_asked_for_all(monkeypatch, capsys):
    words = [LATER, "KN-23", "Sunan", "news", "7:20", "2", "", "Two missiles", "A paper"]
    answers = iter(words)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    assert main(["add", "launch", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "missiles 2, missiles_exact true, system hwasong-11a" in said
    assert "data/raw/sources.csv" in said
    assert not list(answers)


def test_an_end_of_answers_adds_nothing(monkeypatch, capsys):
    def nothing(_):
        raise EOFError

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", nothing)
    assert main(["add", "launch"]) == 1
    assert "nothing is added" in capsys.readouterr().err


def test_a_copy_of_another_raw_table_is_checked_as_that_table(tmp_path):
    copy = tmp_path / "coverage.csv"
    text = (RAW / "coverage.csv").read_text("utf-8")
    copy.write_text(text, "utf-8")
    assert "good rows of coverage" in next(check_files([copy]))
    copy.write_text(text.replace("1984-01-01", "1/1/1984"), "utf-8")
    with pytest.raises(RecordError, match="rewritten by a spreadsheet: 1984-01-01"):
        list(check_files([copy]))

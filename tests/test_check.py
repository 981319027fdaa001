"""Bad input: every problem is found, located and explained, and nothing is written."""

import gzip
import os
import re
import shutil

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import assume, given, settings

from analysis.build import main
from analysis.record import load, schema
from analysis.record.build import build
from analysis.record.cells import _MIXED
from analysis.record.check import Problem, RecordError
from analysis.record.files import RAW
from analysis.record.hints import hint
from analysis.record.package import to_csv
from analysis.record.text import _shape
from analysis.record.userfiles import read_events, read_launches

LAUNCHES = schema.TABLES["launches"]
EVENTS = schema.TABLES["events"]
READ = {"launches": read_launches, "events": read_events}
WHOLE = {"launches": load.load_launches(), "events": load.load_events()}


def write(folder, name, frame):
    path = folder / f"{name}.csv"
    path.write_bytes(to_csv(frame, schema.TABLES[name]))
    return path


def as_text(name, rows):
    """Return some rows of the record as text cells."""
    import io

    content = to_csv(WHOLE[name].iloc[rows], schema.TABLES[name]).decode()
    return pd.read_csv(io.StringIO(content), dtype="str", keep_default_na=False)


# ------------------------------------------------------------------------ what is good survives

letters = st.characters(
    exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp"), exclude_characters="\ufffd"
)
remarks = st.text(letters, max_size=30).map(str.strip).filter(lambda s: not re.search(_MIXED, s))


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_a_good_table_survives_write_and_read(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("good")
    rows = data.draw(st.lists(st.integers(0, 386), min_size=1, max_size=8, unique=True))
    frame = WHOLE["launches"].iloc[rows].reset_index(drop=True)
    draw = st.lists(remarks, min_size=len(rows), max_size=len(rows))
    notes = pd.Series(data.draw(draw), dtype="str")
    heights = st.none() | st.floats(0, 10_000).map(lambda x: float(f"{x:.6g}"))
    frame["note"] = notes.mask(notes == "")
    frame["apogee_km"] = pd.Series([data.draw(heights) for _ in rows], dtype="float64")
    frame["missiles"] = [data.draw(st.integers(1, 99)) for _ in rows]
    frame["outcome"] = [data.draw(st.sampled_from(schema.OUTCOMES)) for _ in rows]
    again = read_launches(write(folder, "launches", frame))
    pd.testing.assert_frame_equal(again, frame)


@pytest.mark.parametrize("name", ["launches", "events"])
def test_our_own_tables_survive_as_pandas_writes_them(name, tmp_path):
    WHOLE[name].to_csv(tmp_path / "mine.csv", index=False)
    pd.testing.assert_frame_equal(READ[name](tmp_path / "mine.csv"), WHOLE[name])


def test_looked_up_columns_may_be_left_out(tmp_path):
    optional = [c.name for c in LAUNCHES.columns if c.default is not None and c.kind != "instant"]
    derived = [c.name for c in LAUNCHES.columns if c.joined and c.name not in optional]
    WHOLE["launches"].drop(columns=derived + optional).to_csv(tmp_path / "mine.csv", index=False)
    mine = read_launches(tmp_path / "mine.csv")
    pd.testing.assert_frame_equal(mine[derived], WHOLE["launches"][derived])
    assert not mine["in_cns"].any()
    assert mine[["apogee_km", "tokyo_missiles", "seoul_missiles"]].isna().all(axis=None)


def test_another_countrys_launches_bring_their_own_names(tmp_path):
    text = as_text("launches", [0, 1])
    text = text.assign(system="Vega C", site="Kourou", name="Vega C", klass="SLV", family="space")
    text = text.assign(lat="5.2", lon="-52.8").drop(columns=["site_name", "salvo_id"])
    text.to_csv(tmp_path / "mine.csv", index=False)
    mine = read_launches(tmp_path / "mine.csv")
    assert mine["site_name"].tolist() == ["Kourou", "Kourou"]
    text.drop(columns=["lat", "family"]).to_csv(tmp_path / "mine.csv", index=False)
    with pytest.raises(RecordError, match="Kourou") as caught:
        read_launches(tmp_path / "mine.csv")
    assert {p.column for p in caught.value.problems} == {"system", "site"}


# ------------------------------------------------------------------------ what is bad is found

BAD = {
    "launches": {
        "date": ["2022-02-30", "5 Jan 2022", "2022-1-5", ""],
        "launched_at": ["2022-01-04 23:10", "2022-01-04T25:10Z", "23:10"],
        "date_precision": ["week", ""],
        "missiles": ["-1", "0", "two", "2.5", "2 missiles", ""],
        "missiles_exact": ["maybe", "1", ""],
        "system": ["hwasong-99", ""],
        "site": ["atlantis", ""],
        "family": ["balistic", ""],
        "klass": ["MRBN"],
        "lat": ["91", "-90.5", "39N"],
        "lon": ["181", "east"],
        "apogee_km": ["-1", "100 km", "high", "nan"],
        "range_km": ["-5", "1,000"],
        "outcome": ["sucess", ""],
        "in_cns": ["yes"],
        "sources": [""],
    },
    "events": {
        "start": ["2022-13-01", ""],
        "end": ["1983-01-01", "tomorrow"],
        "date_zone": ["CET"],
        "precision": ["week"],
        "category": ["drils", ""],
        "kind": ["tea_party", ""],
        "title": [""],
        "answers_launch": ["perhaps"],
        "confidence": ["certain", ""],
    },
}
ONE_BAD_CELL = [
    (name, column, value)
    for name, columns in BAD.items()
    for column, values in columns.items()
    for value in values
]


@given(bad=st.sampled_from(ONE_BAD_CELL), where=st.integers(0, 19), start=st.integers(0, 300))
@settings(max_examples=60, deadline=None)
def test_any_one_bad_cell_is_caught_and_located(bad, where, start, tmp_path_factory):
    name, column, value = bad
    text = as_text(name, slice(start, start + 20))
    if column in ("system", "site"):
        text = text.drop(columns=["name", "klass", "family", "lat", "lon"])
    text.loc[where, column] = value
    path = tmp_path_factory.mktemp("bad") / "mine.csv"
    text.to_csv(path, index=False)
    with pytest.raises(RecordError) as caught:
        READ[name](path)
    found = {(p.file, p.line, p.column, p.value) for p in caught.value.problems}
    assert (str(path), where + 2, column, value) in found
    assert {p.line for p in caught.value.problems} == {where + 2}


@given(shift=st.sampled_from([-1, 1, 30]), where=st.integers(0, 386))
@settings(max_examples=30, deadline=None)
def test_a_korean_date_that_contradicts_its_instant(shift, where, tmp_path_factory):
    row = WHOLE["launches"].iloc[[where]]
    assume(row["launched_at"].notna().all())
    moved = row.assign(date=row["date"] + pd.Timedelta(days=shift))
    path = write(tmp_path_factory.mktemp("bad"), "launches", moved)
    with pytest.raises(RecordError, match="the Korean day") as caught:
        read_launches(path)
    assert [(p.line, p.column) for p in caught.value.problems] == [(2, "date")]


def problems_of(path, name="launches"):
    with pytest.raises(RecordError) as caught:
        READ[name](path)
    return caught.value.problems


@pytest.mark.parametrize("name", ["launches", "events"])
def test_a_duplicate_key(name, tmp_path):
    text = as_text(name, [0, 1, 2, 0])
    text.to_csv(tmp_path / "mine.csv", index=False)
    (problem,) = problems_of(tmp_path / "mine.csv", name)
    assert (problem.line, problem.column) == (5, schema.TABLES[name].key[0])
    assert "line 2 has it already" in problem.expected


@pytest.mark.parametrize("column", ["date", "missiles", "system", "outcome", "launch_id"])
def test_a_missing_column(column, tmp_path):
    as_text("launches", [0]).drop(columns=column).to_csv(tmp_path / "mine.csv", index=False)
    assert ("mine.csv", 1, column) in [
        (p.file.rpartition("/")[2], p.line, p.column) for p in problems_of(tmp_path / "mine.csv")
    ]


def test_a_column_of_ones_own_is_kept_and_one_nearly_known_is_said(tmp_path):
    path = tmp_path / "mine.csv"
    as_text("launches", [0]).assign(country="90").to_csv(path, index=False)
    assert read_launches(path)["country"].tolist() == ["90"]
    as_text("launches", [0]).rename(columns={"note": "Note "}).to_csv(path, index=False)
    (problem,) = problems_of(path)
    assert (problem.line, problem.column, problem.expected) == (1, "Note ", "the name note")


@pytest.mark.parametrize(
    ("content", "line", "expected"),
    [
        (b"", 0, "the file is empty"),
        (b"launch_id,date", 0, "rows below the header"),
        (b'launch_id,date\n"2022-01', 2, "truncated"),
        (b'"launch_id,date', 1, "truncated"),
    ],
)
def test_a_file_that_is_empty_or_cut_short(content, line, expected, tmp_path):
    (tmp_path / "mine.csv").write_bytes(content)
    assert any(
        p.line == line and expected in p.expected for p in problems_of(tmp_path / "mine.csv")
    )


@pytest.mark.parametrize("chunk", [1, 3, 7, 1000])
def test_rows_are_found_in_any_part_of_a_file(chunk, monkeypatch):
    monkeypatch.setattr("analysis.record.text._CHUNK", chunk)
    starts, widths, regular = _shape(b'a,b\n"1\n,2",3\n\n4,5,6\n7,"8""9"', ",")
    assert (starts.tolist(), widths.tolist(), regular) == ([1, 2, 5, 6], [2, 2, 3, 2], True)


def test_only_an_encoding_is_told_how_to_be_saved():
    assert "CSV UTF-8" in hint("ff fe", "UTF-8 text")
    assert hint("x", "some text") == hint("x", "UTF-8") == ""


def test_a_long_cell_is_cut_in_the_message():
    said = {n: str(Problem("mine.csv", 2, "note", "x" * n, "less")) for n in (80, 81)}
    assert repr("x" * 80) in said[80]
    assert repr("x" * 77 + "...") in said[81]


def test_a_row_cut_short(tmp_path):
    path = write(tmp_path, "launches", WHOLE["launches"].head(3))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3]) + lines[3][:40])
    assert {p.line for p in problems_of(path)} == {4}


@pytest.mark.parametrize("stray", ["Hŭngnam".encode("utf-16-le"), "Hüngnam".encode("latin-1")])
def test_a_stray_encoding(stray, tmp_path):
    path = write(tmp_path, "launches", WHOLE["launches"].head(3))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1] + lines[2].rstrip(b"\n") + stray + b"\n" + lines[3])
    assert (3, "UTF-8 text") in [(p.line, p.expected.partition(";")[0]) for p in problems_of(path)]


def test_all_problems_of_all_tables_at_once(tmp_path):
    raw = copy_of_raw(tmp_path)
    spoil(raw / "launches.csv", "scud-b", "scub-d")
    spoil(raw / "talks.csv", "inter_korean", "inter_galactic")
    spoil(raw / "eras.csv", "us_president", "us_prime_minister")
    with pytest.raises(RecordError) as caught:
        build(raw)
    files = {p.file.rpartition("/")[2] for p in caught.value.problems}
    assert files == {"launches.csv", "talks.csv", "eras.csv"}


# ------------------------------------------------------------------------ nothing half-written


def copy_of_raw(folder):
    shutil.copytree(RAW, folder / "raw")
    return folder / "raw"


def spoil(path, old, new):
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), "utf-8")


def contents(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


def test_a_bad_cell_stops_the_build_and_changes_nothing(tmp_path, capsys):
    raw, out = copy_of_raw(tmp_path), tmp_path / "processed"
    assert main(["--raw", str(raw), "--out", str(out)]) == 0
    before = contents(out)
    spoil(raw / "launches.csv", ",day,", ",dya,")
    assert main(["--raw", str(raw), "--out", str(out)]) == 1
    said = capsys.readouterr().err
    assert "launches.csv, line 2, column date_precision: 'dya', expected one of day" in said
    assert contents(out) == before


def test_a_file_that_is_not_there_is_said(tmp_path):
    raw = copy_of_raw(tmp_path)
    (raw / "sites.csv").unlink()
    with pytest.raises(RecordError, match=r"sites\.csv: 'no such file'"):
        build(raw)


@pytest.mark.parametrize("file", ["systems.csv", "categories.csv", "announcers.csv", "talks.csv"])
def test_a_table_without_rows_is_said(file, tmp_path):
    raw = copy_of_raw(tmp_path)
    header = (raw / file).read_bytes().partition(b"\n")[0]
    (raw / file).write_bytes(header + b"\n")
    with pytest.raises(RecordError, match=rf"{file}: '', expected rows below the header"):
        build(raw)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("coverage.csv", "launches,space", "events,space", "a row for every launch family"),
        ("coverage.csv", "launches,ballistic,1984-01-01", "launches,ballistic,1990-01-01",
         "a day that coverage.csv holds for ballistic"),
        ("eras.csv", "1994-07-08", "1994-07-09", "the day after the predecessor's end"),
        ("groups.csv", '"category == ""drill"""', '"category == ""dril"""',
         "a filter that some event passes"),
        ("groups.csv", "category ==", "catgory ==", "the table lacks the column"),
        ("systems.csv", "MRBM", "SLV", "a klass of the row's family"),
        ("talks.csv", "1984-05-04-hu-yaobang-visits-dprk", "1984-02-01-team-spirit-84",
         r"column event_id: '1984-02-01-team-spirit-84', expected a key of its own: "
         r".*drills\.csv, line 2 has it already"),
        ("outlet_rules.csv", ",,,,,,,press,", "un,,,,,,,press,",
         r"line 39, column rule: 'press', expected a last row without any condition"),
    ],
)  # fmt: skip
def test_what_only_several_tables_can_show(file, old, new, said, tmp_path):
    raw = copy_of_raw(tmp_path)
    spoil(raw / file, old, new)
    with pytest.raises(RecordError, match=said):
        build(raw)


def test_a_key_that_stands_twice_in_a_file_is_named_once(tmp_path):
    raw = copy_of_raw(tmp_path)
    spoil(raw / "talks.csv", "1984-05-23-kim-il-sung-moscow", "1984-05-04-hu-yaobang-visits-dprk")
    with pytest.raises(RecordError) as caught:
        build(raw)
    assert [(p.line, p.column) for p in caught.value.problems] == [(3, "event_id")]


def test_two_builds_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        assert main(["--out", str(tmp_path / name)]) == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


FORM = ["launch_id", "date", "date_precision", "missiles", "missiles_exact", "system", "site",
        "outcome", "sources"]  # fmt: skip


@pytest.mark.parametrize(
    "write",
    [
        lambda rows, path: path.write_text(rows.to_csv(index=False).rstrip("\n"), "utf-8"),
        lambda rows, path: path.write_text(rows.to_csv(index=False, sep=";"), "utf-8"),
        lambda rows, path: path.write_text(rows.to_csv(index=False, sep="\t"), "utf-8"),
        lambda rows, path: path.write_text(rows.to_csv(index=False), "utf-8-sig"),
        lambda rows, path: path.write_text(rows.to_csv(index=False), "utf-16"),
        lambda rows, path: path.write_text(rows.to_csv(), "utf-8"),
        lambda rows, path: path.write_text(rows.to_csv(index=False) + "," * 8 + "\n", "utf-8"),
        lambda rows, path: path.write_bytes(
            rows.to_csv(index=False, lineterminator="\r\n").encode()
        ),
        lambda rows, path: rows.to_csv(path, index=False, compression="gzip"),
    ],
    ids=["no last break", "semicolons", "tabs", "mark", "utf-16", "index", "blank rows", "crlf",
         "gzip"],
)  # fmt: skip
def test_a_file_is_read_in_the_forms_that_programs_write(write, tmp_path):
    rows = WHOLE["launches"][FORM].head(5)
    write(rows, tmp_path / "mine.csv")
    read = read_launches(tmp_path / "mine.csv")
    pd.testing.assert_frame_equal(read[FORM], rows.astype(read[FORM].dtypes.to_dict()))


def test_an_encoding_is_told_and_never_guessed(tmp_path):
    rows = WHOLE["launches"][FORM].head(2).assign(note="Hüngnam")
    path = tmp_path / "mine.csv"
    path.write_bytes(rows.to_csv(index=False).encode("cp1252"))
    assert read_launches(path, encoding="cp1252")["note"].tolist() == ["Hüngnam"] * 2
    with pytest.raises(RecordError, match="encoding="):
        read_launches(path)
    with pytest.raises(ValueError, match="unknown encoding 'cp99'"):
        read_launches(path, encoding="cp99")


def test_a_list_of_records_and_a_table_in_memory_are_read_too(tmp_path):
    rows = WHOLE["launches"][FORM].head(5)
    rows.assign(date=rows["date"].astype("str")).to_json(tmp_path / "mine.json", orient="records")
    for mine in (tmp_path / "mine.json", rows):
        assert read_launches(mine)["missiles"].tolist() == rows["missiles"].tolist()
    with pytest.raises(RecordError, match="as_launches"):
        read_launches(rows.drop(columns="missiles"))


def test_a_wrong_form_is_said_once_before_the_cells(tmp_path):
    rows = WHOLE["launches"][FORM].drop(columns="missiles").assign(outcome="Success")
    rows.to_csv(tmp_path / "mine.csv", index=False)
    (problem,) = problems_of(tmp_path / "mine.csv")
    assert problem.column == "missiles"
    assert "as_launches" in problem.expected


def test_one_wrong_column_gives_a_few_lines_and_every_problem(tmp_path):
    rows = WHOLE["launches"][FORM].assign(outcome="Success")
    rows.to_csv(tmp_path / "mine.csv", index=False)
    with pytest.raises(RecordError) as caught:
        read_launches(tmp_path / "mine.csv")
    assert len(caught.value.problems) == len(rows)
    assert len(str(caught.value).splitlines()) < 10
    assert f"{len(rows) - 3} more like these" in str(caught.value)


def test_a_table_pasted_twice_gives_a_few_lines(tmp_path):
    rows = pd.concat([WHOLE["launches"][FORM]] * 2)
    rows.to_csv(tmp_path / "mine.csv", index=False)
    with pytest.raises(RecordError, match="has it already") as caught:
        read_launches(tmp_path / "mine.csv")
    assert len(str(caught.value).splitlines()) < 10


@pytest.mark.parametrize("content", [b" ", b"\t \n", b"\xef\xbb\xbf" * 2, b"\n\n"])
def test_a_file_of_blanks_alone_is_an_empty_one(content, tmp_path):
    (tmp_path / "mine.csv").write_bytes(content)
    with pytest.raises(RecordError, match="the file is empty"):
        read_launches(tmp_path / "mine.csv")


def test_a_packed_file_that_is_damaged_is_one_problem(tmp_path):
    packed = bytearray(gzip.compress(WHOLE["launches"].to_csv().encode()))
    for place in (15, 200, len(packed) - 10):
        damaged = bytes([*packed[:place], packed[place] ^ 255, *packed[place + 1 :]])
        (tmp_path / "mine.csv.gz").write_bytes(damaged)
        with pytest.raises(RecordError, match="a readable file"):
            read_launches(tmp_path / "mine.csv.gz")


def test_what_is_no_file_of_rows_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    for name, value in (("pipe", "no regular file"), ("folder", "no regular"), ("x", "no such")):
        (problem,) = problems_of(tmp_path / f"{name}.csv")
        assert value in problem.value


@pytest.mark.parametrize(
    "cell", ["Hwasong-1\u0430", "S\u0443nan", "\u039donsan", "Ｓunan", "Su\u200bnan"]
)
def test_letters_that_look_like_others_are_named(cell, tmp_path):
    rows = WHOLE["launches"].assign(note=cell)
    rows.to_csv(tmp_path / "mine.csv", index=False)
    problems = problems_of(tmp_path / "mine.csv")
    assert {(p.column, p.expected) for p in problems} == {
        ("note", "letters of one alphabet in a word")
    }


@pytest.mark.parametrize("cell", ["Сунан", "순안", "Sunan (Сунан)", "5 kΩ", "μm"])
def test_names_in_other_scripts_are_kept(cell, tmp_path):
    rows = WHOLE["launches"].assign(note=cell)
    rows.to_csv(tmp_path / "mine.csv", index=False)
    assert set(read_launches(tmp_path / "mine.csv")["note"]) == {cell}


@pytest.mark.parametrize("cell", ["１２", "٣", "20220105", "1_000", "+-3", "1e400"])
def test_digits_of_other_scripts_and_absurd_numbers_are_refused(cell, tmp_path):
    rows = WHOLE["launches"][FORM].head(1).astype({"missiles": "str"}).assign(missiles=cell)
    rows.to_csv(tmp_path / "mine.csv", index=False)
    (problem,) = problems_of(tmp_path / "mine.csv")
    assert problem.column == "missiles"


def test_dates_of_another_country_are_days_of_its_own_calendar(tmp_path):
    late = "2022-12-15T16:00Z"  # 21:30 in India, past midnight in Korea
    rows = as_text("launches", [-1]).assign(date="2022-12-15", launched_at=late, salvo_id="a")
    rows.to_csv(tmp_path / "mine.csv", index=False)
    (problem,) = problems_of(tmp_path / "mine.csv")
    assert problem.column == "date"
    read = read_launches(tmp_path / "mine.csv", calendar="Asia/Kolkata")
    assert f"{read['date'].iloc[0]:%Y-%m-%d}" == "2022-12-15"
    with pytest.raises(ValueError, match="unknown calendar 'India'"):
        read_launches(tmp_path / "mine.csv", calendar="India")

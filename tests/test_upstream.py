"""Other databases' files, in their true layouts: nothing is lost, and nothing becomes 0."""

import csv
import io
import json
import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis
from analysis import (
    RecordError,
    count,
    load_launches,
    read_cns,
    read_csis,
    read_gcat,
    read_launches,
    read_nagix,
)
from analysis.upstream import report_of, rows_of

from . import upstream_files as made

MISSILES = made.in_cns()
RECORDS = made.csis_records(made.in_csis())
FORMS = {
    "cns-2017.csv": (read_cns, made.cns_csv(MISSILES, form="2017")),
    "cns-2023.csv": (read_cns, made.cns_csv(MISSILES)),
    "cns.xlsx": (read_cns, made.cns_xlsx(MISSILES)),
    "test.en.json": (read_nagix, made.nagix_json(MISSILES)),
    "csis-raw.csv": (read_csis, made.csis_csv(RECORDS)),
    "csis-processed.csv": (read_csis, made.csis_csv(RECORDS, form="processed")),
    "csis-2018.csv": (read_csis, made.csis_csv(RECORDS, form="2018")),
    "csis.json": (read_csis, json.dumps(RECORDS).encode()),
    "csis.html": (read_csis, made.csis_page(RECORDS)),
    "launch-26.tsv": (read_gcat, made.gcat_tsv(MISSILES, columns=26)),
    "launch-27.tsv": (read_gcat, made.gcat_tsv(MISSILES, columns=27)),
    "launch-28.tsv": (read_gcat, made.gcat_tsv(MISSILES)),
    "launch-drifted.tsv": (read_gcat, made.gcat_tsv(MISSILES, columns=28, header=26)),
    **{
        f"launch-{width}-marks.tsv": (
            read_gcat,
            made.gcat_tsv(MISSILES, columns=width, marks_inside=True),
        )
        for width in (26, 27, 28)
    },
}
ONE_A_MISSILE = [name for name in FORMS if not name.startswith("csis")]


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("upstream")
    tables = {}
    for name, (read, content) in FORMS.items():
        (folder / name).write_bytes(content)
        tables[name] = read(folder / name)
    return tables


def read_text(read, tmp_path, text, name="file.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return read(path)


def said(launches):
    """What the report says of rows, not of the file as a whole."""
    return report_of(launches).query("row > 0")


def check_accounts(launches):
    """Every row of the file is used once or left out with a line in the report."""
    rows, report = rows_of(launches), report_of(launches)
    assert rows["row"].is_unique
    left = rows.loc[rows["launch_id"].isna(), "row"]
    assert set(rows["launch_id"].dropna()) == set(launches["launch_id"])
    assert set(left) == set(report.loc[(report["column"] == "") & (report["row"] > 0), "row"])
    assert report["done"].str.len().min() > 0 if len(report) else True


# --------------------------------------------------------------------------- every form


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_read_into_the_columns_of_the_record(tables, name, tmp_path):
    launches = tables[name]
    record = load_launches()
    assert launches.columns.tolist() == record.columns.tolist()
    assert launches.dtypes.equals(record.dtypes)
    check_accounts(launches)
    launches.to_csv(tmp_path / "mine.csv", index=False)
    again = read_launches(tmp_path / "mine.csv")
    pd.testing.assert_frame_equal(again, launches)


@pytest.mark.parametrize("name", ONE_A_MISSILE)
def test_a_form_with_a_row_a_missile_gives_the_missiles_of_each_korean_day(tables, name):
    launches = tables[name]
    ours = MISSILES.groupby(["date", "date_precision"])["missiles"].sum()
    theirs = launches.groupby(["date", "date_precision"])["missiles"].sum()
    pd.testing.assert_series_equal(theirs, ours)
    assert launches["missiles_exact"].all()


@pytest.mark.parametrize("name", ["cns-2023.csv", "cns.xlsx", "test.en.json"])
def test_types_places_instants_and_flights_come_back(tables, name):
    keys = ["date", "launched_at", "system", "site", "range_km", "outcome"]
    rows = MISSILES.copy()
    if name == "test.en.json":  # it has no classes: what is unidentified there has none
        unknown = rows["system"].str.startswith("unknown")
        rows.loc[unknown, "system"] = "unknown-ballistic"
    ours = rows.groupby(keys, dropna=False)["missiles"].sum()
    theirs = tables[name].groupby(keys, dropna=False)["missiles"].sum()
    pd.testing.assert_series_equal(theirs, ours)


def test_the_counts_of_2022_are_those_of_the_record(tables):
    launches = load_launches()
    period = {"start": "2022-01-01", "end": "2022-12-31"}
    expected = count(launches[launches["in_cns"]], "missiles", **period)
    for name in ("cns-2023.csv", "cns.xlsx", "test.en.json", "launch-28.tsv"):
        assert count(tables[name], "missiles", **period) == expected


@pytest.mark.parametrize("name", [name for name in FORMS if name.startswith("csis")])
def test_csis_gives_every_launch_day_and_number(tables, name):
    launches = tables[name]
    records = made.in_csis()
    assert launches["date"].nunique() == records["date"].nunique()
    ours = records.groupby("date")["missiles"].sum()
    pd.testing.assert_series_equal(launches.groupby("date")["missiles"].sum(), ours)
    assert set(launches["klass"]) == set(records["klass"])
    why = report_of(launches)["done"]
    assert (why == "left out: no launch").sum() >= len(records) // 10


def test_no_cell_becomes_zero_that_was_none(tables):
    for name, launches in tables.items():
        zero = (MISSILES["range_km"] == 0).any() and not name.startswith("csis")
        assert (launches["range_km"] == 0).any() == zero
        assert (launches["missiles"] > 0).all()


def test_frames_with_their_reports_can_be_joined(tables):
    both = pd.concat([tables["cns-2023.csv"], tables["test.en.json"]])
    assert len(both) == len(tables["cns-2023.csv"]) + len(tables["test.en.json"])
    halves = pd.concat([both.iloc[:5], both.iloc[5:]])
    assert len(halves) == len(both)


# --------------------------------------------------------------------------- traps, one by one

HEADER = "F1,Date,Launch Time (UTC),Missile Name,Missile Type,Facility Name,Apogee,Test Outcome"


def cns(*rows):
    return "\n".join([HEADER, *rows]) + "\n"


@pytest.mark.parametrize(
    ("cell", "date", "precision"),
    [
        ("9-Apr-84", "1984-04-09", "day"),
        ("09-Apr-1984", "1984-04-09", "day"),
        ("Sep-84", "1984-09-01", "month"),
        ("1986-05", "1986-05-01", "month"),
        ("1986-5", "1986-05-01", "month"),
        ("1985", "1985-01-01", "year"),
        ("2024-5-17", "2024-05-17", "day"),
        ("2026\u201103\u201114", "2026-03-14", "day"),
        ("2017-07-04 00:00:00", "2017-07-04", "day"),
        ("42920", "2017-07-04", "day"),
        ("7/4/2017", "2017-07-04", "day"),
        ("17/4/2017", "2017-04-17", "day"),
        ("July 4, 2017", "2017-07-04", "day"),
    ],
)
def test_a_date_is_read_in_every_form(tmp_path, cell, date, precision):
    row = f'1,"{cell}",,Nodong,MRBM,Hwangju,,'
    (launch,) = read_text(read_cns, tmp_path, cns(row)).itertuples()
    assert (launch.date, launch.date_precision) == (pd.Timestamp(date), precision)


@pytest.mark.parametrize(
    "cell", ["", "N/A", "Spring", "31-Feb-22", "2022-13-01", "1899-12-31", "202205", "5-Foo-22"]
)
def test_a_row_without_a_date_is_left_out_and_said(tmp_path, cell):
    rows = cns("1,9-Nov-22,,KN-25,SRBM,Sukchon,,", f"2,{cell},,KN-25,SRBM,Sukchon,,")
    launches = read_text(read_cns, tmp_path, rows)
    report = report_of(launches)
    assert launches["missiles"].sum() == 1
    assert report.loc[report["row"] == 3, "done"].tolist() == ["left out: no date that can be read"]
    check_accounts(launches)


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("10:41:00 PM", "22:41"),
        ("12:29:00 AM", "00:29"),
        ("12:10 PM", "12:10"),
        ("7:59:30 AM", "07:59"),
        ("23:05", "23:05"),
        ("0.9375", "22:30"),
        ("21:59 (JST)", "12:59"),
    ],
)
def test_a_time_gives_the_instant_and_the_korean_day(tmp_path, cell, utc):
    rows = cns(f"1,9-Nov-22,{cell},KN-25,SRBM,Sukchon,,")
    (launch,) = read_text(read_cns, tmp_path, rows).itertuples()
    instant = pd.Timestamp(f"2022-11-09T{utc}Z")
    assert launch.launched_at == instant
    assert launch.date == (instant + pd.Timedelta(hours=9)).tz_localize(None).normalize()


@pytest.mark.parametrize("cell", ["13:05 PM", "25:00", "7:61", "dawn", "24:00"])
def test_a_time_that_is_none_is_missing_and_said(tmp_path, cell):
    launches = read_text(read_cns, tmp_path, cns(f"1,9-Nov-22,{cell},KN-25,SRBM,Sukchon,,"))
    assert launches["launched_at"].isna().all()
    assert said(launches)["value"].tolist() == [cell]


@pytest.mark.parametrize(
    ("cell", "km", "doubtful"),
    [
        ("1,380 km", 1380, False),
        ("330 lm", 330, True),
        ("2111.5 km", 2111.5, False),
        ("0 km", 0, False),
        ("~300", 300, True),
        ("N/A", np.nan, False),
        ("Unknown", np.nan, False),
        ("between 25 and 90 km", np.nan, True),
        ("1.380 km", np.nan, True),
        ("500 m", np.nan, True),
        ("-50 km", np.nan, True),
        ("99999 km", np.nan, True),
        ("3,80 km", np.nan, True),
        ("\uff13\uff10 km", np.nan, True),
    ],
)
def test_a_distance_is_read_or_missing_and_said(tmp_path, cell, km, doubtful):
    rows = cns(f'1,9-Nov-22,,KN-25,SRBM,Sukchon,"{cell}",')
    launches = read_text(read_cns, tmp_path, rows)
    assert launches["apogee_km"].tolist() == pytest.approx([km], nan_ok=True)
    assert (said(launches)["column"] == "apogee").any() == doubtful


@pytest.mark.parametrize(
    ("name", "system"),
    [
        ("Hwasong-11A (KN-23)", "hwasong-11a"),
        ("KN-23", "hwasong-11a"),
        ("Hwasong-11S (Navalized KN-23)", "hwasong-11s"),
        ("ER Scud", "er-scud"),
        ("Polaris-1", "pukguksong-1"),
        ("KN\u201117", "hwasong-12"),
        ("Unnamed large solid-propellant SRBM", "hwasong-11c"),
        ("Unknown", "unknown-srbm"),
    ],
)
def test_a_missile_type_is_found_by_any_of_its_names(tmp_path, name, system):
    launches = read_text(read_cns, tmp_path, cns(f"1,9-Nov-22,,{name},SRBM,Sukchon,,"))
    assert launches["system"].tolist() == [system]
    assert said(launches).empty


def test_an_unknown_type_and_place_stay_as_given_and_are_said(tmp_path):
    launches = read_text(read_cns, tmp_path, cns("1,9-Nov-27,,Hwasong-99,ICBM,Moon base,,Maybe"))
    (launch,) = launches.itertuples()
    assert (launch.system, launch.name, launch.klass, launch.family, launch.outcome) == (
        "hwasong-99", "Hwasong-99", "ICBM", "ballistic", "unknown",
    )  # fmt: skip
    assert (launch.site, launch.site_name) == ("moon-base", "Moon base")
    columns = set(report_of(launches)["column"])
    assert {"missile name", "facility name", "test outcome"} <= columns


def test_a_third_missile_without_a_time_shares_the_korean_day_of_its_salvo(tmp_path):
    rows = cns(
        "1,9-Sep-19,9:53:00 PM,KN-25,SRBM,Kaechon,,",
        "2,9-Sep-19,10:12:00 PM,KN-25,SRBM,Kaechon,,",
        "3,9-Sep-19,,KN-25,SRBM,Kaechon,,",
        "4,9-Sep-19,,KN-25,SRBM,Sukchon,,",
    )
    launches = read_text(read_cns, tmp_path, rows)
    days = launches.groupby("site")["date"].agg(lambda d: d.dt.day.tolist())
    assert days.to_dict() == {"kaechon": [10, 10, 10], "sukchon": [9]}
    assert said(launches)["row"].tolist() == [4]


def test_identical_missiles_are_one_row_and_others_are_not(tmp_path):
    same = "9-Nov-22,6:31:00 AM,KN-25,SRBM,Sukchon,30 km,Success"
    rows = [f"{i},{same}" for i in (1, 2, 3)] + ["4," + same.replace("30 km", "40 km")]
    launches = read_text(read_cns, tmp_path, cns(*rows))
    assert launches["missiles"].tolist() == [3, 1]
    assert set(launches["salvo_id"]) == {"2022-11-09-01"}
    assert launches["note"].tolist() == ["rows 2 to 4 of the file", "row 5 of the file"]


def test_a_stray_quotation_mark_swallows_no_row_in_silence(tmp_path):
    rows = cns(*(f"{i},{i}-Nov-22,,KN-25,SRBM,Sukchon,,Success" for i in range(1, 8)))
    broken = rows.replace("2,2-Nov-22,,KN-25", '2,2-Nov-22,,"KN-25').replace(
        "5,5-Nov-22,,KN-25", '5,5-Nov-22,,KN-25"'
    )
    launches = read_text(read_cns, tmp_path, broken)
    report = said(launches)
    assert launches["date"].dt.day.tolist() == [1, 6, 7]
    assert report.loc[report["column"] == "", "row"].tolist() == [3, 4, 5, 6]
    check_accounts(launches)
    with pytest.raises(RecordError, match="truncated"):
        read_text(read_cns, tmp_path, rows.replace("KN-25", '"KN-25', 1))


def test_a_header_that_lost_a_column_says_so(tmp_path):
    launches = read_text(read_cns, tmp_path, "Date,Missile Name\n9-Nov-22,KN-25\n")
    done = report_of(launches).query("row == 0")["column"].tolist()
    assert {"missile type", "facility name", "test outcome"} <= set(done)


def test_other_delimiters_and_leading_blank_rows_are_read(tmp_path):
    for delimiter in (";", "\t"):
        table = "\n\n" + cns("1,9-Nov-22,,KN-25,SRBM,Sukchon,,").replace(",", delimiter)
        assert len(read_text(read_cns, tmp_path, table)) == 1


def test_json_of_another_shape_is_an_error(tmp_path):
    for text in ("[1, 2", '{"timeBins": 3}', '{"a": 1, "a": 2}', "[" * 100_000, "null"):
        with pytest.raises(RecordError, match=r"x\.json"):
            read_text(read_nagix, tmp_path, text, "x.json")


def test_records_that_are_none_are_left_out_and_said(tmp_path):
    text = '{"timeBins": [{"data": [7, {"date": "2022-11-09", "missile": "kn-25"}]}, 5]}'
    launches = read_text(read_nagix, tmp_path, text)
    assert rows_of(launches)["launch_id"].isna().tolist() == [True, False, True]
    absent = said(launches).loc[lambda report: report["done"].str.startswith("not in this record")]
    assert set(absent["column"]) == {"time", "facility", "apogee", "distance", "outcome"}


@pytest.mark.parametrize(
    "text",
    [
        "date,type,event,description,resources\n",
        "date,type,event,description,resources\n,Missile Provocation,,,\n",
        "date,type,event,description,resources\n2022-11-09,Other Provocation,Shots,,\n",
        "[]",
        "const RECORDS = [];",
    ],
)
def test_an_export_without_launches_is_an_error_and_not_a_year_of_zeros(tmp_path, text):
    with pytest.raises(RecordError, match="at least one launch"):
        read_text(read_csis, tmp_path, text)


@pytest.mark.parametrize(
    ("title", "kind", "klass"),
    [
        ("Inter-continential Ballistic Missile Launch", "Missile Provocation", "ICBM"),
        ("Long-range Surface-to-Air Missile Launch", "Missile Provocation", "SAM"),
        ("Short-range Missile Launch", "Missile Provocation", "BM_UNKNOWN"),
        ("Nuclear Test / Short-range missile launch", "Nuclear Provocation", "BM_UNKNOWN"),
        ("Satellite Launch (Other Provocation)", "Missile Provocation", "SLV"),
        ("Artillery Fire", "Missile Provocation", "MLRS"),
        ("Artillery Fire", "Other Provocation", None),
        ("Tactical Ballistic Missile Launcher Deployment", "Other Provocation", None),
        ("Rocket Engine Test", "Missile Provocation", None),
        ("Joint Missile Test with China", "Missile Provocation", None),
        ("Nuclear-Powered Submarine", "nuclear_program", None),
    ],
)
def test_the_title_of_a_provocation_tells_its_class(tmp_path, title, kind, klass):
    text = (
        "date,type,event,description\n2022-11-17,Missile Provocation,Satellite Launch,x\n"
        f"2022-11-18,{kind},{title},x\n"
    )
    found = read_text(read_csis, tmp_path, text).set_index("date")["klass"]
    assert found.get(pd.Timestamp("2022-11-18")) == klass


def test_a_page_that_is_cut_off_is_an_error(tmp_path):
    page = made.csis_page(RECORDS[:6]).decode()
    for end in range(page.index("[") + 1, page.index("]"), 7):
        with pytest.raises(RecordError):
            read_text(read_csis, tmp_path, page[:end])


def gcat_row(date):
    line = ["-"] * 28
    line[2], line[3], line[10], line[20], line[21] = date, "Hwasong-12", "SOHAE", "KPA", "MS"
    return made.gcat_tsv(MISSILES.iloc[:1]).decode() + "\t".join(line) + "\n"


@pytest.mark.parametrize(
    ("cell", "date", "precision", "doubtful"),
    [
        ("2022 Jun?", "2022-06-01", "month", True),
        ("2022 Jun", "2022-06-01", "month", False),
        ("2022?", "2022-01-01", "year", True),
        ("2022 Nov  2 2314:30", "2022-11-03", "day", False),
        ("2022 Nov  2 0114?", "2022-11-02", "day", True),
        ("2022 Nov  2", "2022-11-02", "day", False),
        ("2022 Nov  2 23h", "2022-11-02", "day", False),
    ],
)
def test_a_date_of_gcat_is_as_precise_as_it_says(tmp_path, cell, date, precision, doubtful):
    launches = read_text(read_gcat, tmp_path, gcat_row(cell), "launch.tsv")
    (launch,) = launches[launches["system"] == "hwasong-12"].itertuples()
    assert (launch.date, launch.date_precision) == (pd.Timestamp(date), precision)
    assert ("launch_date" in set(report_of(launches)["column"])) == doubtful


def test_gcat_leaves_other_countries_out_unless_asked(tmp_path):
    path = tmp_path / "launch.tsv"
    path.write_bytes(made.gcat_tsv(MISSILES))
    here, everywhere = read_gcat(path), read_gcat(path, everywhere=True)
    assert report_of(here)["done"].eq("left out: of another country").sum() == 3
    assert everywhere["missiles"].sum() == here["missiles"].sum() + 3
    check_accounts(everywhere)


def test_gcat_leaves_rows_of_no_known_width_out_and_says_so(tmp_path):
    text = made.gcat_tsv(MISSILES).decode() + "2022-S99\t2022 Nov  2\tHwasong-12\n"
    launches = read_text(read_gcat, tmp_path, text, "launch.tsv")
    assert "left out: 3 cells under a header of 28" in report_of(launches)["done"].tolist()


# --------------------------------------------------------------------------- files


@pytest.mark.parametrize("read", [read_cns, read_nagix, read_csis, read_gcat])
def test_what_is_no_readable_file_is_one_clear_error(read, tmp_path, monkeypatch):
    (tmp_path / "empty").write_bytes(b" \n")
    (tmp_path / "null").write_bytes(b"Date,Missile Name\n\0\0\0")
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0" + b"x" * 100)
    os.mkfifo(tmp_path / "pipe")
    large = tmp_path / "large"
    with large.open("wb") as stream:
        stream.truncate(100 * 2**20)
    for name in ("empty", "null", "old.xls", "pipe", "large", "none", ".", "a\0b", "x" * 300):
        with pytest.raises(RecordError, match="expected") as error:
            read(tmp_path / name)
        assert len(error.value.problems) == 1


def test_a_file_that_may_not_be_read_is_one_clear_error(tmp_path, monkeypatch):
    def refuse(path, *_):
        raise PermissionError(13, "Permission denied", str(path))

    path = tmp_path / "secret.csv"
    path.write_text("x")
    monkeypatch.setattr(Path, "open", refuse)  # root may read everything
    with pytest.raises(RecordError, match=r"Permission denied.*a file that can be read"):
        read_cns(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    from analysis.upstream import workbook

    path = tmp_path / "cns.xlsx"
    path.write_bytes(FORMS["cns.xlsx"][1])
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1000)
    with pytest.raises(RecordError, match="unpacked"):
        read_cns(path)
    monkeypatch.undo()
    monkeypatch.setattr(workbook, "MAX_ROWS", 100)
    with pytest.raises(RecordError, match="at most 100 rows"):
        read_cns(path)


def test_without_openpyxl_the_message_says_what_to_install(tmp_path, monkeypatch):
    path = tmp_path / "cns.xlsx"
    path.write_bytes(FORMS["cns.xlsx"][1])
    for name in ("analysis.upstream.workbook", "analysis.extras.excel"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.delattr(sys.modules["analysis.extras"], "excel", raising=False)
    monkeypatch.setattr(sys.modules["analysis.extras"].importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ModuleNotFoundError, match=r"dprk-launch-record\[excel\]"):
        read_cns(path)
    with pytest.raises(RecordError):  # a CSV file needs none
        read_text(read_cns, tmp_path, "no table\n")


def test_the_readers_are_public():
    for name in ("read_cns", "read_nagix", "read_csis", "read_gcat", "reconcile"):
        assert callable(getattr(analysis, name))


# --------------------------------------------------------------------------- any table at all

CELL = st.one_of(
    st.sampled_from(
        ["", "Unknown", "N/A", "9-Nov-22", "Sep-84", "2022-11", "44874", "7/4/2017", "10:41:00 PM",
         "0.5", "330 lm", "1,380 km", "KN-25", "SRBM", "Sukchon", "39.42", "Success", "\u2011"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12),
)  # fmt: skip
NAMES = ["F1", "Date", "Launch Time (UTC)", "Missile Name", "Facility Name", "Apogee"]


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(st.lists(CELL, min_size=6, max_size=6), min_size=1, max_size=12))
def test_every_row_of_any_table_is_used_or_reported(tmp_path_factory, rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([NAMES, *rows, ["", "9-Nov-22", "", "KN-25", "Sukchon", "30 km"]])
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(out.getvalue().encode())
    launches = read_cns(path)
    check_accounts(launches)
    assert len(rows_of(launches)) >= len(rows) + 1
    used = rows_of(launches)["launch_id"].notna().sum()
    assert launches["missiles"].sum() == used
    told = {float(cell) for row in rows for cell in row if cell.strip() in ("0", "0 km")}
    assert 0 in told or not (launches["apogee_km"] == 0).any()


def test_a_missile_that_gcat_calls_a_test_of_something_else_is_read(tmp_path):
    """27 February and 5 March 2022: code SS, for the space agency; a sounding rocket stays out."""
    header = made.gcat_columns(28)
    row = dict.fromkeys(header, "-") | {
        "Launch_Date": "2022 Feb 26 2252", "LV_Type": "Hwasong-12A", "Launch_Site": "SUNAN",
        "Agency": "JRG/NADA", made.CODE: "SS",
    }  # fmt: skip
    other = row | {"Launch_Date": "2022 Mar  4 2348", "LV_Type": "Black Brant IX"}
    lines = ["#" + "\t".join(header), *("\t".join(one.values()) for one in (row, other))]
    launches = read_text(read_gcat, tmp_path, "\n".join(lines), "launch.tsv")
    assert launches["launch_id"].tolist() == ["2022-02-27-01"]
    assert "no missile or carrier" in report_of(launches)["done"].iloc[-1]


def test_what_a_reader_read_is_stored_as_parquet_with_its_report(tmp_path):
    pytest.importorskip("pyarrow")
    text = "F1,Date,Missile Name,Apogee\n1,9-Nov-22,KN-25,high\n2,Unknown,KN-25,30 km\n"
    launches = read_text(read_cns, tmp_path, text, "cns.csv")
    launches.to_parquet(tmp_path / "cns.parquet")
    again = pd.read_parquet(tmp_path / "cns.parquet")
    assert {"high"} <= set(report_of(again)["value"])
    pd.testing.assert_frame_equal(report_of(again), report_of(launches))
    pd.testing.assert_frame_equal(rows_of(again), rows_of(launches))
    assert rows_of(again)["launch_id"].isna().tolist() == [False, True]


def test_a_table_of_no_reader_has_no_report():
    with pytest.raises(ValueError, match="expected launches as from read_cns"):
        report_of(analysis.load_launches())

"""Event archives: the layouts, the ledger, the switches, and what is found of what was planted."""

import gzip
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import event_study, regression
from analysis.archive import (
    covariate_events,
    daily_covariates,
    read_archive,
    read_ledger,
    read_refused,
    to_parquet,
    write_archive,
)
from analysis.archive.kinds import KINDS

from .toys import toy_launches

PERIOD = {"start": "2013-03-25", "end": "2013-04-10"}
PAIR = {"source": "USA", "target": "PRK"}
NAMED = {
    "gdelt1": PAIR,
    "gdelt2": PAIR,
    "icews": {"source": "United States", "target": "North Korea"},
    "ucdp": {"source": "Government of United States", "target": "Government of North Korea"},
}


def fetched(table):
    return table.to_pyarrow().to_pandas()


def made_launches(days):
    return toy_launches([f"{day:%Y-%m-%d}" for day in days])


def on(table, day):
    return table.set_index("date").loc[pd.Timestamp(day)]


@pytest.mark.parametrize(("kind", "width"), [("gdelt1", 58), ("gdelt2", 61), ("icews", 20)])
def test_the_layouts_are_as_wide_as_the_codebooks_say(kind, width):
    assert len(KINDS[kind].columns) == width
    assert KINDS["gdelt1"].layouts().keys() == {57, 58}


@pytest.mark.parametrize("packing", ["", ".zip", ".gz"])
@pytest.mark.parametrize("kind", KINDS)
def test_files_and_their_parquet_hold_the_same_rows(tmp_path, kind, packing):
    files = write_archive(tmp_path / "files", kind, 300, **PERIOD, packing=packing)
    ledger = to_parquet(files, tmp_path / "parquet", kind, progress=False)
    assert ledger["rows_read"].sum() == ledger["rows"].sum() == 300
    assert not ledger["rows_refused"].any()
    direct = fetched(read_archive(files, kind))
    turned = fetched(read_archive(tmp_path / "parquet", "parquet"))[list(direct.columns)]
    event = KINDS[kind].means["event"]
    by = [event, "file", "unit"]
    direct, turned = (t.sort_values(by, ignore_index=True) for t in (direct, turned))
    pd.testing.assert_frame_equal(direct, turned)
    assert set(direct.columns) == {*KINDS[kind].columns, "file", "unit"}


def test_57_and_58_columns_are_told_apart_file_by_file(tmp_path):
    files = write_archive(tmp_path, "gdelt1", 300, **PERIOD)
    widths = [file.read_text().splitlines()[0].count("\t") + 1 for file in files]
    assert widths == [57, 58]
    rows = fetched(read_archive(files, "gdelt1"))
    assert rows["SOURCEURL"].isna().eq(rows["DATEADDED"] < pd.Timestamp("2013-04-01").date()).all()


def test_bad_rows_are_named_with_their_line_and_the_others_go_on(tmp_path):
    files = write_archive(tmp_path / "files", "gdelt1", 300, **PERIOD)
    good = files[1].read_bytes().splitlines(keepends=True)
    bad = list(good)
    bad[3] = good[3].replace(b"\t", b"\t\t", 1)  # too wide
    bad[7] = good[7].replace(b"Somewhere", b"S\xe9oul", 1)  # Latin-1
    bad[9] = good[9].replace(b"2013", b"soon", 2)
    bad[-1] = good[-1][:40]  # cut off
    files[1].write_bytes(b"".join(bad))
    torn = tmp_path / "files" / "torn.CSV.gz"
    torn.write_bytes(gzip.compress(b"".join(good))[:-500])
    narrow = tmp_path / "files" / "narrow.CSV"
    narrow.write_text("1\t2\t3\n4\t5\t6\n")
    ledger = to_parquet(tmp_path / "files", tmp_path / "out", "gdelt1", progress=False)
    ledger = ledger.set_index(ledger["file"].map(lambda name: Path(name).name))
    changed = ledger.loc[files[1].name]
    assert (changed["rows"], changed["rows_refused"]) == (len(good), 4)
    assert changed["problem"].startswith("line 4: ")
    refused = read_refused(tmp_path / "out")
    assert refused["line"].tolist() == [4, 8, 10, len(good)]
    assert ledger.loc["torn.CSV.gz", "problem"].startswith("line ")
    assert ledger.loc["torn.CSV.gz", "rows_read"] == 0
    assert ledger.loc["narrow.CSV", "problem"] == "line 1: expected 57 or 58 columns, found 3"
    assert (ledger["rows"] == ledger["rows_read"] + ledger["rows_refused"]).all()
    n_rows = len(fetched(read_archive(tmp_path / "out", "parquet")))
    assert n_rows == ledger["rows_read"].sum() == 300 - 4


def test_a_header_without_a_column_that_is_needed_is_named(tmp_path):
    (file,) = write_archive(tmp_path, "icews", 10, start="2013-04-01", end="2013-04-02")
    file.write_text(file.read_text().replace("Story ID", "Tale"))
    with pytest.raises(ValueError, match="line 1: the header lacks 'Story ID'"):
        read_archive(file, "icews")
    ledger = to_parquet(file, tmp_path / "out", "icews", progress=False)
    assert ledger["rows_refused"].tolist() == [10]


@pytest.mark.parametrize("unknown", ["NULL", "NA", ""])
def test_what_icews_does_not_know_is_missing_and_its_row_is_kept(tmp_path, unknown):
    (file,) = write_archive(tmp_path, "icews", 20, start="2013-04-01", end="2013-04-02")
    rows = pd.read_csv(file, sep="\t", dtype=str)
    rows[["Latitude", "Longitude", "City"]] = unknown
    rows.to_csv(file, sep="\t", index=False)
    ledger = to_parquet(file, tmp_path / "out", "icews", progress=False)
    assert ledger[["rows_read", "rows_refused"]].to_numpy().tolist() == [[20, 0]]
    archive = read_archive(tmp_path / "out", "parquet")
    assert fetched(archive.select("Latitude", "City")).isna().all(axis=None)


CONVERT = """
import sys
from analysis.archive import convert
convert.BATCH = 1
convert.to_parquet(sys.argv[1], sys.argv[2], "gdelt1", progress=False)
"""


@pytest.mark.slow
def test_a_killed_conversion_resumes_without_doubling_or_losing_a_row(tmp_path):
    files = tmp_path / "files"
    write_archive(files, "gdelt1", 60_000, start="2010-01-01", end="2012-12-31")
    out = tmp_path / "out"
    command = [sys.executable, "-c", CONVERT, str(files), str(out)]
    rng = np.random.default_rng(3)
    n_killed = 0
    for _ in range(5):
        seen = len(read_ledger(out))
        run = subprocess.Popen(command)
        while run.poll() is None and len(read_ledger(out)) == seen:
            time.sleep(0.01)  # until it is at work
        time.sleep(float(rng.uniform(0, 0.1)))
        if run.poll() is None:
            os.kill(run.pid, signal.SIGKILL)
            n_killed += 1
        run.wait()
    assert n_killed >= 3
    ledger = to_parquet(files, out, "gdelt1", progress=False)
    assert len(ledger) == 36
    assert ledger["file"].is_unique
    rows = fetched(read_archive(out, "parquet").select("GLOBALEVENTID", "file"))
    assert len(rows) == ledger["rows_read"].sum() == 60_000
    whole = to_parquet(files, tmp_path / "at once", "gdelt1", progress=False)
    pd.testing.assert_series_equal(ledger["rows_read"], whole["rows_read"])
    assert not (out / "writing").exists()


def test_rows_of_a_batch_that_never_reached_the_ledger_are_written_anew(tmp_path):
    files = write_archive(tmp_path / "files", "gdelt1", 200, **PERIOD)
    out = tmp_path / "out"
    to_parquet(files[:1], out, "gdelt1", progress=False)
    kept = (out / "ledger.csv").read_bytes()
    to_parquet(files, out, "gdelt1", progress=False)
    (out / "ledger.csv").write_bytes(kept)  # as if killed between the rows and the ledger
    to_parquet(files, out, "gdelt1", progress=False)
    assert len(fetched(read_archive(out, "parquet"))) == 200


def test_a_file_that_changed_since_is_an_error(tmp_path):
    files = write_archive(tmp_path / "files", "gdelt1", 200, **PERIOD)
    to_parquet(files, tmp_path / "out", "gdelt1", progress=False)
    files[0].write_bytes(files[0].read_bytes()[:-10])
    with pytest.raises(ValueError, match="expected a new folder"):
        to_parquet(files, tmp_path / "out", "gdelt1", progress=False)


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Return an archive of a year with a flood, a burst and two launches, as Parquet."""
    folder = tmp_path_factory.mktemp("planted")
    write_archive(
        folder, "parquet", 60_000, start="2016-01-01", end="2016-12-31",
        bursts=["2016-05-05"], floods=["2016-06-06"], launches=["2016-03-03"],
    )  # fmt: skip
    return read_archive(folder, "parquet")


def test_one_article_of_96_rows_is_one_document(planted):
    ours = daily_covariates(planted, **PAIR, lag=0)
    naive = daily_covariates(planted, **PAIR, lag=0, unit="rows")
    usual = naive["n"].median()
    assert on(naive, "2016-06-06")["n"] > usual + 90
    assert on(ours, "2016-06-06")["n"] < 2 * ours["n"].median()


def test_echo_rows_dated_back_are_left_out(planted):
    kept = {"dated": "event", "lag": 0, "launch_reports": True}
    ours = on(daily_covariates(planted, **PAIR, **kept), "2016-03-03")["n"]
    naive = on(daily_covariates(planted, **PAIR, **kept, echo_days=()), "2016-03-03")["n"]
    assert naive - ours == 24  # 12 articles each of a week and a month later


def test_documents_that_report_a_launch_are_left_out(planted):
    ours = daily_covariates(planted, **PAIR, lag=0)
    naive = daily_covariates(planted, **PAIR, lag=0, launch_reports=True)
    extra = (naive["n"] - ours["n"]).set_axis(naive["date"])
    assert extra[pd.Timestamp("2016-03-03")] >= 12
    assert extra[pd.Timestamp("2016-03-04")] >= 12
    assert extra.drop(pd.DatetimeIndex(["2016-03-03", "2016-03-04"])).max() < 12


def test_direction_and_lag_are_as_asked(planted):
    forth = daily_covariates(planted, **PAIR, lag=0)
    back = daily_covariates(planted, source="PRK", target="USA", lag=0, launch_reports=True)
    either = daily_covariates(
        planted, **PAIR, direction="either", unit="rows", lag=0, launch_reports=True
    )
    one = daily_covariates(planted, **PAIR, unit="rows", lag=0, launch_reports=True)
    other = daily_covariates(
        planted, source="PRK", target="USA", unit="rows", lag=0, launch_reports=True
    )
    assert (either["n"] == one["n"] + other["n"]).all()
    assert not forth["n"].equals(back["n"])
    late = daily_covariates(planted, **PAIR)
    assert (late["date"] == forth["date"] + pd.Timedelta(days=1)).all()
    assert late["n"].equals(forth["n"])


def test_counts_are_those_of_pandas_on_the_same_rows(planted):
    rows = fetched(planted)
    rows = rows[(rows["IsRootEvent"] == 1) & (rows["EventRootCode"] != "99")]
    late = (pd.to_datetime(rows["DATEADDED"]) - pd.to_datetime(rows["SQLDATE"])).dt.days
    rows = rows[~late.isin([7, 30, 365])]
    pair = rows[(rows["Actor1CountryCode"] == "USA") & (rows["Actor2CountryCode"] == "PRK")]
    ours = daily_covariates(planted, **PAIR, lag=0, launch_reports=True, by="root_code")
    by_day = pair.groupby(pd.to_datetime(pair["DATEADDED"]))["SOURCEURL"].nunique()
    total = rows.groupby(pd.to_datetime(rows["DATEADDED"]))["SOURCEURL"].nunique()
    assert ours["n"].tolist() == by_day.reindex(ours["date"], fill_value=0).tolist()
    assert ours["total"].tolist() == total.reindex(ours["date"]).tolist()
    eleven = pair[pair["EventRootCode"] == "11"]
    by_code = eleven.groupby(pd.to_datetime(eleven["DATEADDED"]))["SOURCEURL"].nunique()
    assert ours["n_11"].tolist() == by_code.reindex(ours["date"], fill_value=0).tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_covariates_by_every_class_it_has(tmp_path, kind):
    archive = read_archive(write_archive(tmp_path, kind, 2000, **PERIOD), kind)
    for by in KINDS[kind].classes:
        table = daily_covariates(archive, **NAMED[kind], by=by)
        assert table["n"].sum() > 20
        assert table["share"].between(0, 1).all()
        assert table["date"].diff().dropna().eq(pd.Timedelta(days=1)).all()
        assert table.attrs["how"].endswith(".")
    if kind == "ucdp":
        with pytest.raises(ValueError, match="this archive has no goldstein"):
            daily_covariates(archive, **NAMED[kind], by="goldstein")


def test_rows_without_a_document_fall_back_and_say_so(tmp_path):
    files = write_archive(tmp_path, "gdelt1", 2000, **PERIOD, floods=["2013-03-28"])
    table = daily_covariates(read_archive(files, "gdelt1"), **PAIR, lag=0)
    before = table["date"] < "2013-04-01"
    assert table.loc[before, "n_without_document"].equals(table.loc[before, "n"])
    assert not table.loc[~before, "n_without_document"].any()
    assert "without a document" in table.attrs["how"]
    # 96 rows with the same actors, action and place are one deed of the day
    assert on(table, "2013-03-28")["n"] < 25


def test_days_of_which_the_archive_holds_nothing_are_missing(tmp_path):
    a = write_archive(tmp_path / "a", "gdelt2", 400, start="2016-01-01", end="2016-01-03")
    b = write_archive(tmp_path / "b", "gdelt2", 400, start="2016-02-05", end="2016-02-07")
    table = daily_covariates(read_archive([*a, *b], "gdelt2"), **PAIR, lag=0)
    assert len(table) == 38
    assert table.loc[3:34, ["n", "total", "share"]].isna().all(axis=None)


def test_an_identifier_that_repeats_on_another_event_is_not_dropped(tmp_path):
    archive = read_archive(write_archive(tmp_path, "icews", 2000, **PERIOD), "icews")
    assert fetched(archive.select("Event ID"))["Event ID"].duplicated().any()
    rows, events = (
        daily_covariates(archive, **NAMED["icews"], unit=unit)["total"].sum()
        for unit in ("rows", "events")
    )
    assert events == rows == 2000


def test_wrong_words_are_named():
    with pytest.raises(ValueError, match="unknown kind 'gdelt3'"):
        read_archive(".", "gdelt3")
    with pytest.raises(ValueError, match="expected files of an archive"):
        read_archive("nowhere/*.csv", "gdelt1")


def test_a_pair_without_a_row_is_an_error(planted):
    with pytest.raises(ValueError, match="no row of the archive goes from 'United States'"):
        daily_covariates(planted, source="United States", target="PRK")
    for wrong in ({"by": "mood"}, {"unit": "pages"}, {"dated": "week"}, {"direction": "up"}):
        with pytest.raises(ValueError, match="expected"):
            daily_covariates(planted, **PAIR, **wrong)


def test_events_are_days_above_the_quantile_of_their_month():
    days = pd.date_range("2016-01-01", "2016-12-31")
    rng = np.random.default_rng(1)
    # twice as much from July on: a jump of coverage gives no more events
    table = pd.DataFrame({"date": days, "n": rng.random(366) * np.where(days.month < 7, 1, 2)})
    events = covariate_events(table, "n", quantile=0.9)
    assert events.groupby(events["start"].dt.month).size().between(3, 4).all()
    with pytest.raises(ValueError, match="quantile"):
        covariate_events(table, "n", quantile=1.5)


LINKED = {"start": "2014-01-01", "end": "2019-12-31"}


@pytest.fixture(scope="module")
def link(tmp_path_factory):
    """Return launches at three times the rate for five days after each burst, and the archive.

    Floods lie on the day before each of half the launches: a trap for who counts rows.
    """
    rng = np.random.default_rng(11)
    days = pd.date_range(LINKED["start"], LINKED["end"])
    bursts = pd.DatetimeIndex(np.sort(rng.choice(days[:-10], 110, replace=False)))
    near = np.zeros(len(days), dtype=bool)
    for lag in range(1, 6):
        near |= days.isin(bursts + pd.Timedelta(days=lag))
    launched = days[rng.random(len(days)) < np.where(near, 0.24, 0.08)]
    folder = tmp_path_factory.mktemp("link")
    write_archive(
        folder, "parquet", 300_000, **LINKED, seed=5, bursts=bursts,
        floods=rng.choice(launched - pd.Timedelta(days=1), len(launched) // 2, replace=False),
        launches=launched,
    )  # fmt: skip
    truth = (launched.isin(days[near]).mean() / near.mean()) / (
        (~launched.isin(days[near])).mean() / (~near).mean()
    )
    return (
        made_launches(launched),
        read_archive(folder, "parquet"),
        truth,
    )


def test_the_planted_link_is_found_at_its_size(link):
    launches, archive, truth = link
    table = daily_covariates(archive, **PAIR)
    events = covariate_events(table, "share_verbal_conflict", quantile=0.94)
    # already a day later: the burst's day and the four after it
    study = event_study(launches, events, "days", window=(0, 4), coverage=False, **LINKED).iloc[0]
    assert study["p_value"] < 0.01
    assert study["low"] < truth < study["high"]
    fitted = regression(launches, None, "days", covariates=table[["date", "share_verbal_conflict"]],
                        coverage=False, **LINKED).iloc[0]  # fmt: skip
    assert fitted["rate_ratio"] > 1
    assert fitted["p_value"] < 0.05


def test_planted_traps_fool_the_naive_way_alone(tmp_path):
    rng = np.random.default_rng(12)
    days = pd.date_range(LINKED["start"], LINKED["end"])
    launched = days[rng.random(len(days)) < 0.08]
    write_archive(
        tmp_path, "parquet", 300_000, **LINKED, seed=6,
        floods=launched[::2] - pd.Timedelta(days=1), launches=launched,
    )  # fmt: skip
    archive, launches = (
        read_archive(tmp_path, "parquet"),
        made_launches(launched),
    )
    naive = daily_covariates(archive, **PAIR, unit="rows", root_only=False, dated="event",
                             echo_days=(), launch_reports=True, lag=0)  # fmt: skip
    ours = daily_covariates(archive, **PAIR)
    found = {}
    for name, table, column in (("naive", naive, "n"), ("ours", ours, "share_verbal_conflict")):
        events = covariate_events(table, column)
        study = event_study(launches, events, "days", window=(0, 0), coverage=False, **LINKED)
        fitted = regression(launches, None, "days", covariates=table[["date", column]],
                            coverage=False, **LINKED)  # fmt: skip
        found[name] = study["p_value"].iloc[0], fitted["p_value"].iloc[0]
    assert max(found["naive"]) < 0.001
    assert min(found["ours"]) > 0.05


def test_covariates_stand_beside_events_in_one_regression(launches, events):
    drills = events[events["category"] == "drill"]
    days = pd.date_range("2012-01-01", "2025-12-31")
    table = pd.DataFrame({"date": days, "noise": np.random.default_rng(1).random(len(days))})
    both = regression(launches, drills, "days", covariates=table, end="2025-12-31", together=True)
    assert both["term"].tolist() == ["all", "noise"]
    assert both["n_events"].iloc[1] == 0
    assert both["p_value"].iloc[1] > 0.01
    with pytest.raises(ValueError, match="twice"):
        regression(launches, None, "days", covariates=pd.concat([table, table]), end="2025-12-31")


def test_loading_launches_imports_no_engine():
    code = (
        "import sys; from analysis import load_launches; load_launches();"
        "assert not {'duckdb', 'ibis', 'pyspark'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_the_extra_the_message_says_what_to_install():
    code = (
        "import importlib.util as u; find = u.find_spec;"
        "u.find_spec = lambda name, *a: None if name == 'duckdb' else find(name, *a)\n"
        "try:\n    from analysis import read_archive\n"
        "except ModuleNotFoundError as error: print(error)"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "pip install 'dprk-launch-record[archive]'" in run.stdout

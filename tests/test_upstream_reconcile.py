"""The record beside another database: matched, explained, and what it lacks proposed."""

import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import (
    describe_reconciliation,
    load_known_differences,
    load_launches,
    proposed_rows,
    read_cns,
    reconcile,
)
from analysis.record.build import RAW, build
from analysis.upstream.matching import CEILING, TYPE_OTHER, VAGUE, pair

from . import upstream_files as made

RECORD = load_launches()
YEAR = RECORD[RECORD["date"].dt.year == 2022].reset_index(drop=True)


def changed(launch_id, **cells):
    """The year with some cells of a launch changed."""
    theirs = YEAR.copy()
    for column, value in cells.items():
        theirs.loc[theirs["launch_id"] == launch_id, column] = value
    return theirs


def of(table, launch_id):
    return table[table["launch_id"] == launch_id]


def test_a_table_agrees_with_itself():
    table = reconcile(RECORD, RECORD)
    assert set(table["match"]) == {"same"}
    assert (table["launch_id"] == table["their_key"]).all()
    assert table["field"].isna().all()
    assert len(table) == len(RECORD)


def test_the_order_of_rows_does_not_matter():
    theirs = changed("2022-11-09-01", range_km=300.0, site="sunan")
    table = reconcile(YEAR, theirs)
    shuffled = reconcile(YEAR.sample(frac=1, random_state=1), theirs.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(shuffled, table)


@pytest.mark.parametrize(
    ("cells", "field", "ours", "theirs"),
    [
        ({"range_km": 300.0}, "range_km", "290", "300"),
        ({"site": "sunan"}, "site", "sukchon", "sunan"),
        ({"outcome": "success"}, "outcome", None, "success"),
        ({"klass": "MRBM"}, "klass", "SRBM", "MRBM"),
        ({"system": "kn-25"}, "system", None, "kn-25"),
        ({"missiles": 2}, "missiles", "1", "2"),
        (
            {"launched_at": pd.Timestamp("2022-11-09T06:35Z")},
            "time_utc",
            "2022-11-09T06:31Z",
            "2022-11-09T06:35Z",
        ),
        ({"date": pd.Timestamp("2022-11-08")}, "day", "2022-11-09", "2022-11-08"),
    ],
)
def test_a_field_that_differs_is_named_with_both_values(cells, field, ours, theirs):
    before = of(RECORD, "2022-11-09-01").iloc[0]
    assert (before["range_km"], before["site"]) == (290, "sukchon")
    table = of(reconcile(YEAR, changed("2022-11-09-01", **cells)), "2022-11-09-01")
    assert table["match"].tolist() == ["same"]
    found = table[["field", "ours", "theirs"]].astype(object).where(table.notna(), None)
    assert found.to_numpy().tolist() == [[field, ours, theirs]]


@pytest.mark.parametrize(
    "cells", [{"range_km": np.nan}, {"outcome": "unknown"}, {"site": "unknown"}]
)
def test_what_the_other_side_does_not_say_is_no_difference(cells):
    table = reconcile(YEAR, changed("2022-11-09-01", **cells))
    assert table["field"].isna().all()


def test_a_launch_two_days_off_is_another_launch():
    theirs = changed(
        "2022-11-09-01",
        date=pd.Timestamp("2022-11-11"),
        launched_at=pd.NaT,
    )
    table = reconcile(YEAR, theirs)
    assert of(table, "2022-11-09-01")["match"].tolist() == ["only_ours"]
    assert table["match"].value_counts().get("only_theirs") == 1
    wide = reconcile(YEAR, theirs, tolerance=2)
    assert of(wide, "2022-11-09-01")["match"].tolist() == ["same"]


def test_a_launch_filed_a_day_off_at_its_hour_goes_to_its_own_day():
    """GCAT has the missiles of 29 September and 1 October 2022 a day early, at the right hour."""
    ours = RECORD[RECORD["date"].between("2022-09-28", "2022-10-01")].reset_index(drop=True)
    early = ours["date"] > "2022-09-28"
    theirs = ours.assign(
        date=ours["date"].mask(early, ours["date"] - pd.Timedelta(days=1)),
        launched_at=ours["launched_at"].mask(early, ours["launched_at"] - pd.Timedelta(days=1)),
        site=ours["site"].mask(early, "pyongyang"),
    )
    table = reconcile(ours, theirs)
    assert set(table["match"]) == {"same"}
    assert table.drop_duplicates("launch_id")["their_key"].tolist() == ours["launch_id"].tolist()


def test_a_row_that_the_other_side_splits_is_one_launch():
    """Eight missiles of 5 June 2022: one row here and two there are no difference in number."""
    whole = YEAR[YEAR["launch_id"] == "2022-10-06-01"].assign(missiles=4, missiles_exact=True)
    first, second = whole.assign(missiles=3), whole.assign(missiles=1, launch_id="2022-10-06-09")
    table = reconcile(whole, pd.concat([first, second]))
    assert table["match"].tolist() == ["same", "part"]
    assert table["field"].isna().all()
    less = reconcile(whole, pd.concat([first, second.assign(missiles=2)]))
    assert less["field"].dropna().tolist() == ["missiles"]


def test_a_lower_bound_is_not_contradicted_by_more():
    ours = YEAR[YEAR["launch_id"] == "2022-11-09-01"].assign(missiles=2, missiles_exact=False)
    for missiles, differs in ((5, False), (1, True)):
        theirs = ours.assign(missiles=missiles, missiles_exact=True)
        assert (reconcile(ours, theirs)["field"] == "missiles").any() == differs


def test_a_row_of_a_month_or_year_may_be_of_its_last_day():
    launch = YEAR[YEAR["launch_id"] == "2022-11-09-01"]
    for precision, first, last, after in (
        ("month", "2024-02-01", "2024-02-29", "2024-03-01"),
        ("year", "2024-01-01", "2024-12-31", "2025-01-01"),
    ):
        vague = launch.assign(date=pd.Timestamp(first), date_precision=precision)
        vague["launched_at"] = pd.NaT
        for day, known in ((last, True), (after, False)):
            other = launch.assign(date=pd.Timestamp(day), launched_at=pd.NaT)
            found = pair(vague, other, tolerance=0, shifts={}, said_there=np.array([False]))
            assert len(found.ours) == known, (precision, day)


def test_a_month_row_takes_no_launch_of_another_kind():
    month = RECORD[(RECORD["date_precision"] == "month") & (RECORD["family"] == "air_defence")]
    other = YEAR[YEAR["launch_id"] == "2022-11-09-01"].assign(date=month["date"].iloc[0])
    assert VAGUE + TYPE_OTHER >= CEILING
    table = reconcile(month.head(1), other)
    assert set(table["match"]) == {"only_ours", "only_theirs"}


def test_rows_outside_their_days_are_not_compared():
    table = reconcile(RECORD, YEAR)
    assert table["launch_id"].dropna().str.startswith("2022").all()
    assert set(table["match"]) == {"same"}


def test_a_known_difference_is_explained_and_a_vanished_one_is_said():
    known = pd.DataFrame(
        {
            "date": pd.to_datetime(["2022-11-09", "2022-11-09", "2022-11-17", "2022-11-18"]),
            "system": [None, None, None, None],
            "field": ["range_km", "site", "day", "vintage"],
            "ours": ["290", "sukchon", "2022-11-17", None],
            "theirs": ["300", "sunan", None, None],
            "source_key": "cns-x",
            "reason": ["Tokyo's figure", "first reports", "absent there", "ends there"],
        }
    )
    theirs = changed("2022-11-09-01", range_km=300.0)
    table = reconcile(YEAR, theirs, source="cns-x", known=known)
    assert table.loc[table["field"].notna(), ["match", "field", "known"]].to_numpy().tolist() == [
        ["same", "range_km", "Tokyo's figure"],
        ["vanished", "site", "first reports"],
        ["vanished", "day", "absent there"],
    ]
    other = reconcile(YEAR, changed("2022-11-09-01", range_km=310.0), source="cns-x", known=known)
    assert other.loc[other["field"] == "range_km", "known"].isna().all()
    gone = YEAR[YEAR["launch_id"] != "2022-11-17-01"]
    table = reconcile(YEAR, gone, source="cns-x", known=known)
    assert of(table, "2022-11-17-01")["known"].tolist() == ["absent there"]


def test_a_day_that_is_known_to_be_filed_days_off_is_matched():
    """CSIS has the launch of 9 March 2020 under 6 March, and one of 28 April 2025 under 30."""
    ours = RECORD[RECORD["date"].isin(pd.to_datetime(["2020-03-09", "2025-04-28"]))]
    theirs = ours.assign(
        date=ours["date"].map(
            {
                pd.Timestamp("2020-03-09"): pd.Timestamp("2020-03-06"),
                pd.Timestamp("2025-04-28"): pd.Timestamp("2025-04-30"),
            }
        ),
        launched_at=pd.NaT,
    )
    theirs["launched_at"] = pd.to_datetime(theirs["launched_at"], utc=True)
    table = reconcile(ours, theirs, source="csis-bp")
    matched = table[table["match"] != "vanished"]
    assert set(matched["match"]) == {"same"}
    assert matched.loc[matched["field"] == "day", "known"].notna().all()


def test_what_cns_has_is_found_in_a_file_of_cns(tmp_path):
    path = tmp_path / "cns.csv"
    path.write_bytes(made.cns_csv(made.in_cns()))
    theirs = read_cns(path)
    table = reconcile(RECORD, theirs)
    matched = table[table["match"].isin(["same", "part"])]
    until = RECORD[RECORD["in_cns"] & (RECORD["date"] <= "2023-04-13")]
    assert set(matched["launch_id"]) >= set(until["launch_id"])
    assert set(matched["their_key"]) == set(theirs["launch_id"])
    differ = matched[matched["field"].notna()]
    assert set(differ["known"]) == {"CNS counts only part of the salvo"}
    absent = table[table["match"] == "only_ours"]
    assert absent["known"].notna().all()
    vanished = table[table["match"] == "vanished"]
    known = load_known_differences()
    assert len(vanished) > 20  # the file has the record's values in place of CNS's own
    assert set(vanished["known"]) <= set(known.loc[known["source_key"] == "cns-2023", "reason"])


def test_rows_that_the_record_lacks_are_proposed_and_pass_its_check(tmp_path):
    lacking = RECORD[~RECORD["launch_id"].isin(["2022-11-09-01", "2022-11-17-01"])]
    table = reconcile(lacking, RECORD, source="")
    rows = proposed_rows(lacking, RECORD, table)
    header = (RAW / "launches.csv").read_text("utf-8").splitlines()[0]
    assert ",".join(rows.columns) == header
    assert rows["date"].tolist() == ["2022-11-09", "2022-11-17"]
    assert rows["launch_id"].is_unique
    assert not set(rows["launch_id"]) & set(lacking["launch_id"])
    raw = tmp_path / "raw"
    shutil.copytree(RAW, raw)
    kept = pd.read_csv(raw / "launches.csv", dtype="str", keep_default_na=False)
    kept = kept[~kept["launch_id"].isin(["2022-11-09-01", "2022-11-17-01"])]
    both = pd.concat([kept, rows]).sort_values("launch_id")
    both.to_csv(raw / "launches.csv", index=False, lineterminator="\n")
    announced = pd.read_csv(raw / "announced.csv", dtype="str", keep_default_na=False)
    there = announced["launch_id"].isin(both["launch_id"])
    announced[there].to_csv(raw / "announced.csv", index=False, lineterminator="\n")
    assert build(raw)["launches"]["missiles"].sum() == RECORD["missiles"].sum()


def test_nothing_is_proposed_that_is_known_to_be_left_out():
    extra = YEAR[YEAR["launch_id"] == "2022-11-09-01"].assign(
        date=pd.Timestamp("2009-05-27"), launch_id="2009-05-27-01", launched_at=pd.NaT
    )
    extra["launched_at"] = pd.to_datetime(extra["launched_at"], utc=True)
    theirs = pd.concat([RECORD, extra])
    table = reconcile(RECORD, theirs, source="csis-bp")
    alone = table[table["match"] == "only_theirs"]
    assert alone["known"].str.contains("ministry totals").tolist() == [True]
    assert proposed_rows(RECORD, theirs, table).empty


def test_the_sentence_counts_what_the_table_holds():
    theirs = changed("2022-11-09-01", range_km=300.0, date=pd.Timestamp("2022-11-08"))
    theirs = theirs[theirs["launch_id"] != "2022-11-17-01"]
    words = describe_reconciliation(reconcile(YEAR, theirs, source=""))
    n, days = len(theirs), theirs["date"].nunique()
    assert words.startswith(f"{n} of their {n} rows")
    assert (
        f"are matched with {n} of ours; 2 values differ, 0 of them known; 1 rows are only" in words
    )
    assert days <= n


def test_a_wrong_argument_is_an_error():
    with pytest.raises(ValueError, match="tolerance"):
        reconcile(YEAR, YEAR, tolerance=-1)
    with pytest.raises(ValueError, match="their launches lack"):
        reconcile(YEAR, YEAR.drop(columns="site"))
    with pytest.raises(ValueError, match="the reconciliation lacks"):
        describe_reconciliation(YEAR)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    st.sets(st.integers(0, len(YEAR) - 1), max_size=len(YEAR) - 1),
    st.sets(st.integers(0, len(YEAR) - 1), max_size=len(YEAR) - 1),
    st.integers(0, 2),
)
def test_every_row_of_both_sides_is_matched_or_alone(lost_here, lost_there, tolerance):
    ours, theirs = YEAR.drop(index=lost_here), YEAR.drop(index=lost_there)
    table = reconcile(ours, theirs, tolerance=tolerance, source="")
    assert set(table["their_key"].dropna()) == set(theirs["launch_id"])
    inside = ours[ours["date"].between(theirs["date"].min(), theirs["date"].max())]
    assert set(inside["launch_id"]) <= set(table["launch_id"].dropna()) <= set(ours["launch_id"])
    once = table[table["match"] == "same"].drop_duplicates(["launch_id", "their_key"])
    assert once["launch_id"].is_unique
    assert once["their_key"].is_unique
    both = set(ours["launch_id"]) & set(theirs["launch_id"])
    matched = table[table["match"].isin(["same", "part"])]
    assert both <= set(matched["launch_id"])

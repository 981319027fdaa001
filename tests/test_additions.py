"""A user's own rows beside the record: counted, and nothing of the record changed."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import compare_rules, count, describe_count, last_day, load_events, load_launches
from analysis.__main__ import main
from analysis.record.check import RecordError

RECORD = load_launches()
NEXT = last_day() + pd.Timedelta(days=7)


def row(day=NEXT, **cells):
    """A launch that the record lacks, in the columns that a user types."""
    plain = {
        "launch_id": f"{day:%Y-%m-%d}-01", "date": f"{day:%Y-%m-%d}", "date_precision": "day",
        "missiles": "2", "missiles_exact": "true", "system": "hwasong-11a", "site": "sunan",
        "outcome": "unknown", "sources": "morning news",
    }  # fmt: skip
    return plain | cells


def written(folder, *rows):
    path = folder / "mine.csv"
    pd.DataFrame(list(rows)).to_csv(path, index=False)
    return path


def test_rows_are_added_and_none_of_the_record_changes(tmp_path):
    both = load_launches(extra=written(tmp_path, row()))
    assert len(both) == len(RECORD) + 1
    of_record = both[both["launch_id"].isin(RECORD["launch_id"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(of_record, RECORD)
    (added,) = both[~both["launch_id"].isin(RECORD["launch_id"])].to_dict("records")
    assert (added["family"], added["klass"]) == ("ballistic", "SRBM")


def test_the_record_speaks_to_the_last_launch_of_the_file_and_no_further(tmp_path):
    both = load_launches(extra=written(tmp_path, row()))
    year = f"{NEXT.year}-01-01"
    before = count(RECORD, "cnn", start=year, end=last_day())
    assert count(both, "cnn", start=year, end=NEXT) == before + 1
    with pytest.raises(ValueError, match="leaves the record"):
        count(both, "cnn", start=year, end=NEXT + pd.Timedelta(days=1))
    with pytest.raises(ValueError, match="leaves the record"):
        count(RECORD, "cnn", start=year, end=NEXT)


def test_a_file_of_old_launches_does_not_shorten_the_record(tmp_path):
    both = load_launches(extra=written(tmp_path, row(pd.Timestamp("2013-06-07"))))
    assert count(both, "cnn", start="2013-01-01", end=last_day()) == 1 + count(
        RECORD, "cnn", start="2013-01-01", end=last_day()
    )


def test_an_added_launch_joins_the_salvo_of_its_hour(tmp_path):
    first = RECORD.set_index("launch_id").loc["2022-11-09-01"]
    later = f"{first['launched_at'] + pd.Timedelta(minutes=20):%Y-%m-%dT%H:%MZ}"
    cells = {"launch_id": "2022-11-09-02", "site": first["site"], "launched_at": later}
    both = load_launches(extra=written(tmp_path, row(first["date"], **cells)))
    assert both.set_index("launch_id").loc["2022-11-09-02", "salvo_id"] == "2022-11-09-01"
    year = {"start": "2022-01-01", "end": "2022-12-31"}
    assert count(both, "salvos", **year) == count(RECORD, "salvos", **year)
    assert count(both, "missiles", **year) == count(RECORD, "missiles", **year) + 2


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        ({"launch_id": "2022-11-09-01"}, "the record has 2022-11-09-01 already"),
        (
            {"launch_id": "2022-11-09-07", "system": "unknown-srbm", "site": "sukchon"},
            "2022-11-09-07 reads like its 2022-11-09-01",
        ),
    ],
)
def test_a_launch_of_the_record_is_refused_and_both_are_named(tmp_path, cells, named):
    path = written(tmp_path, row(pd.Timestamp("2022-11-09"), **cells))
    with pytest.raises(RecordError, match=named) as error:
        load_launches(extra=path)
    assert str(path) in str(error.value)


def test_mistakes_of_the_file_are_all_named_at_once(tmp_path):
    path = written(tmp_path, row(missiles="many", outcome="fine"))
    with pytest.raises(RecordError) as error:
        load_launches(extra=path)
    assert {problem.column for problem in error.value.problems} == {"missiles", "outcome"}


def test_a_state_of_another_database_takes_no_rows(tmp_path):
    with pytest.raises(ValueError, match="not both"):
        load_launches(known_on="2022-11-09", database="cns", extra=written(tmp_path, row()))


def test_families_are_chosen_among_added_rows_too(tmp_path):
    path = written(tmp_path, row())
    assert len(load_launches(families="cruise", extra=path)) == len(
        load_launches(families="cruise")
    )


@given(n=st.integers(1, 40), after=st.integers(1, 200))
@settings(max_examples=15, deadline=None)
def test_missiles_of_a_file_add_up(n, after):
    day = last_day() + pd.Timedelta(days=after)
    mine = load_launches(families="ballistic").tail(1).reset_index(drop=True)
    mine = mine.assign(launch_id=f"{day:%Y-%m-%d}-01", date=day, missiles=n, missiles_exact=True)
    mine["launched_at"] = pd.Series([pd.NaT], dtype="datetime64[us, UTC]")
    both = load_launches(extra=mine)
    start = "1984-01-01"
    assert count(both, "missiles", start=start, end=day) == n + count(
        RECORD, "missiles", start=start, end=last_day()
    )


def test_events_are_added(tmp_path):
    path = tmp_path / "events.csv"
    one = {"event_id": "2026-11-01-visit", "start": "2026-11-01", "end": "2026-11-01",
           "precision": "day", "category": "talks", "kind": "summit", "title": "A visit",
           "confidence": "unsourced"}  # fmt: skip
    pd.DataFrame([one]).to_csv(path, index=False)
    assert len(load_events(extra=path)) == len(load_events()) + 1
    pd.DataFrame([one | {"event_id": load_events()["event_id"].iloc[0]}]).to_csv(path, index=False)
    with pytest.raises(RecordError, match="already"):
        load_events(extra=path)


def test_every_command_that_counts_takes_a_file(tmp_path, capsys):
    path = written(tmp_path, row())
    end = f"{NEXT:%Y-%m-%d}"
    both = load_launches(extra=path)
    assert main(["count", "--as-of", end, "--extra", str(path)]) == 0
    assert capsys.readouterr().out == describe_count(both, "cnn", as_of=end) + ".\n"
    assert main(["rules", "--as-of", end, "--extra", str(path)]) == 0
    table = compare_rules(both, start=f"{NEXT.year}-01-01", end=NEXT)
    n = int(table.set_index("rule").loc["cnn", "n"])
    assert re.search(rf"^cnn +at least +{n} ", capsys.readouterr().out, re.MULTILINE)
    assert main(["count", "--as-of", end]) == 1


def test_a_count_that_goes_past_the_record_says_that_only_additions_are_known(tmp_path):
    both = load_launches(extra=written(tmp_path, row()))
    past = describe_count(both, "cnn", as_of=NEXT)
    assert "at least" in past
    assert "with 1 launch added by hand; only added launches are known after" in past
    assert "added" not in describe_count(both, "cnn", as_of="2022-11-09")


def test_a_launch_before_the_first_of_a_salvo_takes_its_name_and_gives_it_none(tmp_path):
    first = RECORD.set_index("launch_id").loc["2022-06-05-01"]
    earlier = f"{first['launched_at'] - pd.Timedelta(minutes=5):%Y-%m-%dT%H:%MZ}"
    mine = row(first["date"], launch_id="2022-06-05-00", launched_at=earlier, site=first["site"])
    both = load_launches(extra=written(tmp_path, mine)).set_index("launch_id")
    assert both.loc["2022-06-05-00", "salvo_id"] == "2022-06-05-01"
    kept = both.loc[RECORD["launch_id"], "salvo_id"].tolist()
    assert kept == RECORD["salvo_id"].tolist()

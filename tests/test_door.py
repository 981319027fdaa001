"""Tables in memory: coerced where nothing else can be meant, refused where not, never guessed."""

import inspect

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from analysis import load_events, load_launches
from analysis.record.check import RecordError
from analysis.record.door import (
    check_events,
    check_launches,
    check_without_instants,
    is_one_of,
    through_door,
)
from analysis.record.names import are_plain, are_plain_names, find_words
from analysis.record.own import as_events, as_launches
from analysis.record.userfiles import read_launches

from .corruption_proof import NOT_ASKED, OF_EVENTS, OF_LAUNCHES, faults
from .public_calls import public_functions


def plain(**more: object) -> pd.DataFrame:
    base = {
        "date": pd.to_datetime(["2022-01-05", "2022-01-14", "2022-06-05"]),
        "missiles": [1, 2, 8],
        "family": "ballistic",
    }
    return pd.DataFrame(base | more)


def test_the_record_itself_passes_unchanged() -> None:
    launches, events = load_launches(), load_events()
    pd.testing.assert_frame_equal(check_launches(launches), launches)
    pd.testing.assert_frame_equal(check_events(events), events)


def test_a_day_is_enough() -> None:
    tidy = check_launches(pd.DataFrame({"date": ["2022-01-05"]}))
    assert tidy["date_precision"].tolist() == ["day"]
    assert tidy["missiles"].tolist() == [1]
    assert not tidy["missiles_exact"].any(), "an unstated number is a lower bound"


@pytest.mark.parametrize(
    ("column", "values", "meant"),
    [
        ("missiles", [1.0, 2.0, 8.0], [1, 2, 8]),
        ("missiles", np.array([1, 2, 8], dtype=object), [1, 2, 8]),
        ("missiles", pd.array([1, 2, 8], dtype="Int64"), [1, 2, 8]),
        ("missiles_exact", [1, 0, 1], [True, False, True]),
        ("missiles_exact", ["true", "FALSE", "True"], [True, False, True]),
        ("missiles_exact", np.array([True, False, True], dtype=object), [True, False, True]),
        (
            "family",
            pd.Categorical(["ballistic", "space", "cruise"]),
            ["ballistic", "space", "cruise"],
        ),
        (
            "family",
            np.array(["ballistic", "space", "cruise"], dtype=object),
            ["ballistic", "space", "cruise"],
        ),
    ],
)
def test_what_can_mean_one_thing_only_is_coerced(column, values, meant) -> None:
    assert check_launches(plain(**{column: values}))[column].tolist() == meant


DAYS = pd.to_datetime(["2022-01-05", "2022-01-14", "2022-06-05"])


@pytest.mark.parametrize("calendar", ["Asia/Seoul", "America/New_York"])
def test_an_instant_contradicts_a_day_but_not_a_month(calendar) -> None:
    launches = plain(launched_at=pd.to_datetime(["2022-01-20T12:00Z"] * 3))
    names = {"date": "date", "launched_at": "launched_at", "calendar": calendar}
    own = as_launches(launches, date_precision="month", **names)
    assert own["date_precision"].tolist() == ["month"] * 3
    with pytest.raises(RecordError, match="row 2") as found:
        as_launches(launches, date_precision="day", **names)
    assert len(found.value.problems) == 3


@pytest.mark.parametrize("form", ["datetime64[us]", "datetime64[s]", "str", "object"])
def test_a_day_lies_in_a_year_from_1900_to_2100(form) -> None:
    edges = pd.Series(["1900-01-01", "2100-12-31"])
    when = edges.astype(form) if form == "str" else pd.to_datetime(edges).astype(form)
    assert check_launches(pd.DataFrame({"date": when}))["date"].dt.year.tolist() == [1900, 2100]


def test_the_instants_of_another_database_need_no_day_of_ours() -> None:
    later = pd.to_datetime(["2022-01-20T12:00Z"] * 3)
    tidy = check_without_instants(plain(launched_at=later))
    assert tidy["launched_at"].tolist() == later.tolist()
    with pytest.raises(RecordError, match="column launched_at: 'noon'"):
        check_without_instants(plain(launched_at="noon"))


def test_events_without_names_are_numbered_by_their_day() -> None:
    theirs = pd.DataFrame({"day": ["2018-02-09", "2018-02-09", "2018-02-10"], "mine": list("xyz")})
    numbered = as_events(theirs, start="day")["event_id"]
    assert numbered.tolist() == ["2018-02-09-01", "2018-02-09-02", "2018-02-10-01"]
    assert as_events(theirs, start="day", event_id="mine")["event_id"].tolist() == list("xyz")


def test_a_capital_may_say_that_nothing_was_fired_and_no_less() -> None:
    assert check_launches(plain(tokyo_missiles=0))["tokyo_missiles"].tolist() == [0, 0, 0]
    with pytest.raises(RecordError, match="column tokyo_missiles: '-1'"):
        check_launches(plain(tokyo_missiles=[-1, 0, 1]))


def test_days_are_read_in_the_form_that_is_stated() -> None:
    theirs = pd.DataFrame({"day": ["05.01.2022", "14.01.2022", "05.06.2022"]})
    own = as_launches(theirs, date="day", date_format="%d.%m.%Y", family="ballistic")
    assert own["date"].tolist() == DAYS.tolist()
    theirs.loc[1, "day"] = "14/01/2022"
    with pytest.raises(RecordError, match=r"row 1.*column date: '14/01/2022'"):
        as_launches(theirs, date="day", date_format="%d.%m.%Y", family="ballistic")


@pytest.mark.parametrize(
    "dates",
    [
        DAYS.tz_localize("Asia/Seoul"),
        DAYS.tz_localize("UTC"),
        DAYS.tz_localize("America/New_York"),
        (DAYS + pd.Timedelta("7h52min")).tz_localize("Asia/Seoul"),
        DAYS.to_period("D"),
        DAYS.date,
        DAYS.strftime("%Y-%m-%d"),
        DAYS.astype(object),
        DAYS.astype("datetime64[s]"),
    ],
    ids=[
        "Seoul",
        "UTC",
        "New York",
        "time in Seoul",
        "period",
        "date",
        "text",
        "object",
        "seconds",
    ],
)
def test_a_day_stays_the_day_of_its_own_calendar(dates) -> None:
    days = check_launches(plain(date=dates))["date"]
    assert days.dt.strftime("%Y-%m-%d").tolist() == ["2022-01-05", "2022-01-14", "2022-06-05"]


@pytest.mark.parametrize(
    ("column", "values", "value"),
    [
        ("date", [20220105, 20220114, 20220605], "20220105"),
        ("date", ["2022-01-05", "5/6/2022", "2022-06-05"], "5/6/2022"),
        ("date", ["2022-01-05", None, "2022-06-05"], "''"),
        ("date", DAYS.tz_localize("Asia/Seoul").tz_convert("UTC"), "2022-01-04 15:00:00"),
        ("date", ["2022-01-05", "2922-01-05", "2022-06-05"], "2922"),
        ("missiles", [1, 0, 8], "'0'"),
        ("missiles", [1, 2.5, 8], "2.5"),
        ("missiles", ["1", "2", "8"], "'1'"),
        ("missiles", [1, np.inf, 8], "inf"),
        ("missiles", [True, True, False], "True"),
        ("family", ["ballistic", "Ballistic", "space"], "Ballistic"),
        ("family", ["ballistic", None, "space"], "''"),
        ("family", ["ballistic", " space", "space"], " space"),
        ("date_precision", ["day", "week", "day"], "week"),
        ("missiles_exact", ["yes", "no", "no"], "yes"),
        ("missiles_exact", [1, 2, 0], "2"),
        ("launched_at", pd.to_datetime(["2022-01-05 08:10"] * 3), "08:10"),
        ("launch_id", ["a", "b", "a"], "'a'"),
        ("site", ["sunan", "Sunan", "wonsan"], "Sunan"),
        ("in_cns", [True, None, False], "''"),
    ],
)
def test_what_cannot_be_meant_is_named_with_its_row(column, values, value) -> None:
    with pytest.raises(RecordError) as caught:
        check_launches(plain(**{column: values}))
    problems = caught.value.problems
    assert {problem.column for problem in problems} == {column}
    assert value in str(caught.value)
    assert all(problem.row for problem in problems)


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(RecordError) as caught:
        check_launches(plain(family=["Ballistic", "space", "x"], missiles=[0, 1, 1]))
    assert [(p.column, p.value) for p in caught.value.problems] == [
        ("missiles", "0"),
        ("family", "Ballistic"),
        ("family", "x"),
    ]


def test_a_day_that_contradicts_its_instant_is_refused() -> None:
    late = pd.to_datetime(["2022-01-04T23:10Z", "2022-01-13T21:00Z", "2022-06-05T15:00Z"])
    with pytest.raises(RecordError, match="day of launched_at"):
        check_launches(plain(launched_at=late))


def test_a_missing_salvo_is_no_salvo_of_another_row() -> None:
    tidy = check_launches(plain(salvo_id=["a", None, None]))
    assert tidy["salvo_id"].nunique() == 3


def test_a_table_changed_in_place_is_checked_again() -> None:
    launches = load_launches()
    first = through_door(launches, "launches", ["family"])
    assert through_door(launches, "launches", ["family"]) is first, "an unchanged table is known"
    launches.loc[5, "missiles"] = -3
    with pytest.raises(RecordError, match="'-3'"):
        through_door(launches, "launches", ["family"])
    launches.loc[5, "missiles"] = 7
    assert through_door(launches, "launches", ["family"])["missiles"].iloc[5] == 7
    launches["family"] = "Ballistic"
    with pytest.raises(RecordError, match="Ballistic"):
        through_door(launches, "launches", ["family"])
    assert first["missiles"].iloc[5] > 0, "the tidy table of before is as it was"


def test_the_memory_of_a_check_travels_with_no_copy() -> None:
    launches = load_launches()
    check_launches(launches)
    assert "_checked" not in launches.copy().__dict__
    assert "_checked" not in launches[launches["missiles"] > 1].__dict__
    assert launches.attrs == load_launches().attrs


def test_labels_of_rows_and_order_do_not_matter() -> None:
    rows = plain()
    rows.index = [7, 7, 7]
    assert check_launches(rows)["missiles"].tolist() == [1, 2, 8]


def test_an_event_without_a_day_is_kept() -> None:
    events = pd.DataFrame({"start": ["2018-02-09", None], "end": ["2018-02-25", None]})
    assert check_events(events)["start"].isna().tolist() == [False, True]


@pytest.mark.parametrize("end", ["2018-02-08", None])
def test_an_event_that_ends_early_or_never_is_refused(end) -> None:
    with pytest.raises(RecordError, match="on or after the start"):
        check_events(pd.DataFrame({"start": ["2018-02-09"], "end": [end]}))


@pytest.mark.parametrize("frame", ["launches.csv", None, [1, 2], pd.Series([1])])
def test_what_is_no_table_is_refused_with_the_way_out(frame) -> None:
    with pytest.raises(ValueError, match="expected a DataFrame of launches"):
        check_launches(frame)


def test_times_of_another_country_become_its_own_days() -> None:
    theirs = pd.DataFrame({"when": pd.to_datetime(["2019-12-15 21:30", "2020-01-02 03:00"])})
    mine = as_launches(theirs, date="when", family="agni", calendar="Asia/Kolkata", who="India")
    assert mine["date"].dt.strftime("%d %b").tolist() == ["15 Dec", "02 Jan"]
    assert mine["launched_at"].dt.hour.tolist() == [16, 21]
    assert mine.attrs["record"]["who"] == "India"


def test_days_without_a_launch_are_no_launches() -> None:
    daily = pd.DataFrame({"day": ["2024-01-01", "2024-01-02"], "n": [0, 3]})
    assert as_launches(daily, date="day", missiles="n", family="drone")["missiles"].tolist() == [3]


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="unknown column 'When' for date: expected one of 'day'"):
        as_launches(pd.DataFrame({"day": ["2024-01-01"]}), date="When")
    with pytest.raises(ValueError, match="'fam'"):
        as_launches(pd.DataFrame({"day": ["2024-01-01"]}), date="day", fam="x")


def test_events_keep_words_of_their_own() -> None:
    theirs = pd.DataFrame({"opening": ["2018-02-09"], "what": ["Winter Games"]})
    mine = as_events(theirs, start="opening", category="games", title="what")
    assert mine[["category", "title"]].iloc[0].tolist() == ["games", "Winter Games"]


def test_the_records_facts_stay_with_the_record() -> None:
    from analysis import compare_rules, count, counts, describe_count, load_example

    year = {"start": "2022-01-01", "end": "2022-12-31"}
    record, theirs = load_launches(), plain()
    assert counts(record, "days", freq="month", **year).attrs["record"]["who"] == "North Korea"
    assert "record" not in counts(theirs, "days", freq="month", **year).attrs
    joined = pd.concat([record, theirs.assign(launch_id=["a", "b", "c"])], ignore_index=True)
    assert "record" not in joined.attrs
    said = describe_count(theirs, "days", as_of="2022-11-09")
    assert "Korea" not in said
    assert "on 3 days" in said
    assert describe_count(load_example(), "all_days", as_of="2022-11-09").split()[4] == "Japan"
    assert not compare_rules(theirs, **year)["definition"].str.contains("Korean dates").any()
    old = plain(date=pd.to_datetime(["1951-01-05", "1951-01-14", "1951-06-05"]))
    assert count(old, "days", start="1951-01-01", end="1951-12-31") == 3, "no coverage of ours"


def test_who_and_source_can_be_given() -> None:
    from analysis import counts, describe_count

    mine = as_launches(plain(), date="date", who="India", source="Source: my list",
                       calendar="Asia/Kolkata")  # fmt: skip
    said = describe_count(mine, "days", as_of="2022-11-09")
    assert said.startswith(
        "By 9 November 2022 India had fired ballistic or cruise missiles on 3 days "
    )
    assert "(Asia/Kolkata dates)" in said
    year = {"start": "2022-01-01", "end": "2022-12-31"}
    table = counts(mine, "days", freq="month", **year)
    assert table.attrs["record"]["source"] == "Source: my list"


@pytest.mark.slow
def test_a_corrupted_table_gives_the_same_answer_or_an_error_that_names_it() -> None:
    asked, wrong = faults(len({**OF_LAUNCHES, **OF_EVENTS}), seed=3, progress=False)
    assert not wrong
    assert min(asked.values()) == 1, "every question is asked"


def test_every_public_function_of_launches_is_corrupted_or_said_not_to_be() -> None:
    asked = {name.partition(",")[0] for name in (*OF_LAUNCHES, *OF_EVENTS)}
    takes = {
        name.rpartition(".")[2]
        for name, function in public_functions().items()
        if {"launches", "events", "frame", "ours"} & set(inspect.signature(function).parameters)
    }
    pictures = {name for name in asked if name.startswith("plot_")}
    assert takes | pictures == asked | set(NOT_ASKED)
    assert not asked & set(NOT_ASKED)


def test_two_header_rows_are_joined_or_said() -> None:
    two = pd.MultiIndex.from_tuples([("when", "day"), ("number", "of missiles")])
    sheet = pd.DataFrame([["2022-01-05", 2], ["2022-01-11", 1]], columns=two)
    mine = as_launches(sheet, date="when day", missiles="number of missiles", family="ballistic")
    assert mine["missiles"].tolist() == [2, 1]
    for ask in (check_launches, read_launches):
        with pytest.raises(RecordError, match=r"one row, not 2: `as_launches` .*'when day'"):
            ask(sheet)
    with pytest.raises(RecordError, match="`as_events` joins them"):
        check_events(sheet)


@pytest.mark.parametrize("kind", ["launches", "events"])
def test_names_that_stand_twice_are_found_however_they_are_ordered(kind: str) -> None:
    table, check = {
        "launches": (load_launches(), check_launches), "events": (load_events(), check_events)
    }[kind]  # fmt: skip
    name = table.columns[0]
    ordered = table.sort_values(name, ignore_index=True)
    check(ordered)
    check(ordered.iloc[::-1])
    twice = ordered.assign(**{name: ordered[name].where(ordered.index != 5, ordered[name].iloc[4])})
    for rows in (twice, twice.iloc[::-1]):
        with pytest.raises(RecordError, match="an earlier row has it already"):
            check(rows)


@given(
    st.lists(st.text(st.characters(codec="utf-8"), max_size=4), min_size=1, max_size=6)
    | st.lists(st.text("aAbB 1-", max_size=3), min_size=1, max_size=6),
    st.integers(0, 2),
)
def test_plain_names_hold_none_that_could_be_another(names: list[str], start: int) -> None:
    series = pd.Series(names, dtype="str").iloc[start:]
    read = pd.Series([name.strip().casefold() for name in series])
    if are_plain(series):
        assert read.nunique() == series.nunique(), "none differs by case or space alone"
        assert all(name.isascii() and name.isprintable() and name for name in series)
    assert are_plain_names(series) == (are_plain(series) and not read.duplicated().any())
    plain = pd.Series([f"a{i} b" for i, _ in enumerate(names)], dtype="str").iloc[::-1]
    assert are_plain_names(plain) == (plain.dtype.storage == "pyarrow")


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(0, 9), max_size=9))
def test_whole_numbers_are_names_where_each_stands_once(numbers: list[int]) -> None:
    series = pd.Series(numbers, dtype="int64")
    assert are_plain_names(series) == series.is_unique
    small = series[series.between(0, 9)].astype("uint8")
    assert are_plain_names(small) == small.is_unique


@given(st.lists(st.sampled_from(["day", "month", "year", "Day", None]), max_size=6), st.booleans())
def test_words_are_found_where_each_cell_holds_one(cells: list[str | None], grouped: bool) -> None:
    series = pd.Series(cells, dtype="str").astype("category" if grouped else "str")
    allowed = frozenset({"day", "month", "year"})
    found = find_words(series, allowed)
    if found is None:
        assert series.dtype == "str" or not len(series) or not set(cells) <= allowed
    else:
        assert set(cells) <= allowed
        for wanted in ([], ["day"], ["day", "year", "week"]):
            assert found.hold(wanted).tolist() == series.isin(wanted).tolist()


def test_words_that_were_read_are_forgotten_where_the_column_changes() -> None:
    launches = load_launches()
    tidy = through_door(launches, "launches", ["family"])
    spaced = is_one_of(tidy, "family", ["space"])
    assert spaced.tolist() == (launches["family"] == "space").tolist()
    tidy.loc[0, "family"] = "space"
    assert is_one_of(tidy, "family", ["space"])[0]
    assert launches["family"].iloc[0] != "space"


def test_launches_that_were_checked_are_no_checked_events() -> None:
    both = pd.DataFrame({"date": ["2022-01-05"], "start": ["2022-01-05"]})
    check_launches(both)
    assert check_events(both)["precision"].tolist() == ["day"]


@pytest.mark.parametrize("unit", ["s", "us", "ns"])
def test_a_day_that_carries_a_time_is_that_day(unit: str) -> None:
    days = pd.to_datetime(["2022-01-05T10:00", "2022-01-14T00:00", "2022-06-05T00:00"]).as_unit(
        unit
    )
    assert check_launches(plain(date=days))["date"].tolist() == plain()["date"].tolist()
    assert through_door(plain(date=days), "launches")["date"].iloc[0].hour == 0

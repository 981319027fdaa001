"""Filters written as text: parsed by a small grammar, never evaluated."""

import operator
import shutil

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from analysis import load_events, load_groups, load_launches, passes_filter
from analysis.record.build import build
from analysis.record.check import RecordError
from analysis.record.files import RAW

EVENTS = load_events()
LAUNCHES = load_launches()


@pytest.mark.parametrize("group", load_groups()["group"])
def test_every_group_of_the_record_holds_what_pandas_finds(group):
    text = load_groups().set_index("group").loc[group, "filter"]
    pd.testing.assert_frame_equal(EVENTS[passes_filter(EVENTS, text)], EVENTS.query(text))


def test_a_row_without_a_number_is_unequal_to_any_number():
    frame = pd.DataFrame(
        {"tokyo_missiles": pd.array([2, 0, None], dtype="Int64"), "apogee_km": [90, np.nan, 50.0]}
    )
    found = {
        text: passes_filter(frame, text).tolist()
        for text in ("tokyo_missiles == 2", "tokyo_missiles != 2", "tokyo_missiles < 2",
                     "tokyo_missiles in [0, 2]", "tokyo_missiles not in [0]", "apogee_km >= 50",
                     "apogee_km != -50.0")
    }  # fmt: skip
    assert found == {
        "tokyo_missiles == 2": [True, False, False],
        "tokyo_missiles != 2": [False, True, True],
        "tokyo_missiles < 2": [False, True, False],
        "tokyo_missiles in [0, 2]": [True, True, False],
        "tokyo_missiles not in [0]": [True, False, True],
        "apogee_km >= 50": [True, False, True],
        "apogee_km != -50.0": [True, True, True],
    }


def test_a_day_is_found_in_calendars_and_instants():
    midnight = passes_filter(LAUNCHES, 'launched_at < "2022-01-05" and date == "2022-01-05"')
    assert LAUNCHES.loc[midnight, "launch_id"].tolist() == ["2022-01-05-01"]
    assert passes_filter(LAUNCHES, 'date != "2022-01-05"').sum() == len(LAUNCHES) - 1


# -- laws -------------------------------------------------------------------------------------

EQUALS, ORDERS = ("==", "!="), ("<", "<=", ">", ">=")
#: Columns, comparisons and literals; days are only ordered, since pandas finds no equal ones.
PARTS = [
    (["date"], ORDERS, ["'2017-09-15'", "'2022-11-09'"]),
    (["missiles"], EQUALS + ORDERS, ["1", "2", "-1", "4.5"]),
    (["apogee_km"], EQUALS + ORDERS, ["50", "100.5", "-1"]),
    (["klass"], EQUALS + ORDERS, ["'SRBM'", '"ICBM"']),
    (["missiles"], ("in", "not in"), ["[1, 2]", "[3]"]),
    (["family"], ("in", "not in"), ["['cruise', 'space']", "['ballistic']"]),
    (["in_cns", "missiles_exact"], EQUALS, ["True", "False"]),
]
comparisons = st.one_of(
    *(st.tuples(*map(st.sampled_from, part)).map(" ".join) for part in PARTS),
    st.sampled_from([
        "in_csis",
        "name.str.contains('Scud|Hwasong-1')",
        "note.str.contains('Seoul')",
        "name.str.startswith('KN-')",
    ]),
)  # fmt: skip
filters = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.builds("not ({})".format, inner),
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("{} or {} and {}".format, inner, inner, inner),
    ),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(filters)
def test_what_the_grammar_holds_pandas_reads_alike(text):
    # pandas cannot search text with empty cells inside `not`, so they are filled for it
    frame = LAUNCHES.assign(note=LAUNCHES["note"].fillna(""))
    pd.testing.assert_frame_equal(frame[passes_filter(frame, text)], frame.query(text))


@settings(max_examples=100, deadline=None)
@given(filters, filters)
def test_and_or_and_not_are_those_of_logic(one, other):
    a, b = passes_filter(LAUNCHES, one), passes_filter(LAUNCHES, other)
    for word, join in (("and", operator.and_), ("or", operator.or_)):
        both = passes_filter(LAUNCHES, f"({one}) {word} ({other})")
        assert (both == join(a, b)).all()
    assert (passes_filter(LAUNCHES, f"not ({one})") == ~a).all()


# -- what is outside --------------------------------------------------------------------------

TOUCH = "__import__('pathlib').Path('HERE').touch()"
HOSTILE = [
    f"@{TOUCH}",
    TOUCH,
    f"category == {TOUCH}",
    f"category in [{TOUCH}]",
    f"title.str.contains({TOUCH})",
    f"[{TOUCH} for _ in '1']",
    f"(lambda: {TOUCH})()",
    f'f"{{{TOUCH}}}" == category',
    "@pd.io.common.os.system('touch HERE')",
    "title.to_csv('HERE')",
    "title.map(print)",
    "title.str.len() > 3",
    "title.str.contains('a', regex=True)",
    "title.str.contains('(a+)+b')",
    "title.str.contains('a||b')",
    "title.__class__",
    "title.str.__class__ == 'x'",
    "__builtins__",
    "`title` == 'x'",
    "category == kind",
    "category == 'drill' & kind == 'air'",
    "~answers_launch",
    "'drill' == category",
    "'1990' < title < '2000'",
    "category == None",
    "category in ('drill',)",
    "category in 'drill'",
    "category is 'drill'",
    "category == b'drill'",
    "category == 'dri' + 'll'",
    "answers_launch == 1e999",
    "answers_launch := True",
    "category = 'drill'",
    "category == 'drill'; answers_launch",
    "category == 'drill'\nanswers_launch",
    "title[0] == 'x'",
    "*category",
    "category ==",
    "(answers_launch",
    "\0",
    "",
    "nowhere == 1",
    "title == 1",
    "answers_launch == 'true'",
    "start >= '2022'",
    "start >= '2022-02-30'",
    "title",
    "not " * 2000 + "answers_launch",
    "(" * 900 + "answers_launch" + ")" * 900,
    "1" * 5000 + " == title",
]


@pytest.mark.parametrize(
    ("text", "why"),
    [('category == "drill', "unterminated string literal"), ("kind ==", "invalid syntax")],
)  # fmt: skip
def test_a_filter_that_does_not_parse_says_why(text, why):
    with pytest.raises(ValueError, match=why):
        passes_filter(EVENTS, text)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_outside_the_grammar_is_one_error_and_runs_nothing(text, tmp_path):
    here = tmp_path / "here"
    text = text.replace("HERE", str(here))
    with pytest.raises(ValueError, match="cannot be read") as caught:
        passes_filter(EVENTS, text)
    assert repr(text) in str(caught.value)
    assert not here.exists()


def test_the_build_says_where_such_cells_stand_and_runs_nothing(tmp_path):
    raw, here = tmp_path / "raw", tmp_path / "here"
    shutil.copytree(RAW, raw)
    cells = [t.replace("HERE", str(here)) for t in HOSTILE if t.isprintable() and t]
    groups = pd.read_csv(raw / "groups.csv", dtype="str", keep_default_na=False)
    groups.loc[: len(cells) - 1, "filter"] = cells
    groups.to_csv(raw / "groups.csv", index=False)
    with pytest.raises(RecordError) as caught:
        build(raw)
    # a cell that begins as a formula does is named for that too
    found = list(dict.fromkeys((p.line, p.column, p.value) for p in caught.value.problems))
    found.sort()
    assert found == [(line, "filter", cell) for line, cell in enumerate(cells, start=2)]
    assert not here.exists()

"""The meaning of a column and of a word in it, as the Data Package states them."""

import pandas as pd
import pytest

from analysis import describe, load_codes, load_launches
from analysis.__main__ import main
from analysis.record import load
from analysis.record.schema import TABLES

WORDS = [(table.name, column) for table in TABLES.values() for column in table.columns]


def test_every_column_of_launches_is_described_in_its_order():
    described = describe("launches")
    assert described["column"].tolist() == list(load_launches())
    assert (described["meaning"] != "").all()
    units = described.set_index("column")["unit"]
    assert units[["apogee_km", "range_km", "launched_at"]].tolist() == ["km", "km", "UTC"]


@pytest.mark.parametrize(("table", "column"), WORDS, ids=lambda one: getattr(one, "name", one))
def test_every_word_that_a_column_may_hold_has_a_meaning(table, column):
    if column.values:
        words = describe(table, column.name).set_index("value")["meaning"]
        assert tuple(words.index) == column.values
        assert (words != "").all()
        cells = load._load(table)[column.name].dropna()
        assert set(cells.str.split(";").explode() if column.many else cells) <= set(words.index)


def test_every_explained_word_is_one_that_a_column_may_hold():
    held = {(name, word) for _, column in WORDS for name in column.codes for word in column.values}
    codes = load_codes()
    assert set(zip(codes["vocabulary"], codes["code"], strict=True)) <= held


def test_every_table_is_listed_with_the_function_that_loads_it():
    listed = describe().set_index("table")
    assert set(TABLES) < set(listed.index)
    assert listed.at["launches", "loader"] == "load_launches"
    assert listed.at["proofs/links_size", "rows"] == 200
    for name in filter(None, listed["loader"]):
        assert "describe(" in getattr(load, name).__doc__


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("launch",), "unknown table 'launch': expected launches, events"),
        (("launches", "height"), "unknown column of launches 'height': expected launch_id, date"),
        (("launches", "note"), "holds no words of a list: remark"),
        ((None, "klass"), "expected the table of the column 'klass'"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(asked, said):
    with pytest.raises(ValueError, match=said):
        describe(*asked)


def test_a_description_shows_itself_whole():
    longest = max(describe("launches")["meaning"], key=len)
    shown = describe("launches")
    assert "lower bound" in " ".join(repr(shown).split())
    assert longest in shown._repr_html_()
    assert type(shown.head(2)) is pd.DataFrame


def test_a_terminal_prints_the_same(capsys):
    assert main(["describe", "launches", "outcome"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "success"
    assert main(["describe", "launch"]) == 1
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out.startswith("dprk-launch-record ")

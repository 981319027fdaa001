"""Tables leave the package whole, in the formats of other programs."""

import json
from pathlib import Path

import pandas as pd
import pytest

import analysis
from analysis import counts, load_events, load_launches
from analysis.record.save import save_table
from analysis.record.userfiles import read_events, read_launches

PERIOD = {"start": "2021-01-01", "end": "2022-12-31"}


def tables() -> dict[str, pd.DataFrame]:
    launches = load_launches()
    return {
        "launches": launches,
        "events": load_events("parade"),
        "counts": counts(launches, "cnn", freq="month", **PERIOD),
        "by": counts(launches, "cnn", freq="year", by="klass", **PERIOD),
    }


@pytest.mark.parametrize("name", tables())
@pytest.mark.parametrize("end", [".csv", ".json", ".dta", ".xlsx", ".parquet"])
def test_every_row_and_column_is_written(name, end, tmp_path) -> None:
    if end in (".xlsx", ".parquet"):
        pytest.importorskip({".xlsx": "openpyxl", ".parquet": "pyarrow"}[end])
    frame = tables()[name]
    path = save_table(frame, tmp_path / f"table{end}")
    readers = {
        ".csv": pd.read_csv,
        ".json": lambda p: pd.DataFrame(json.loads(p.read_text("utf-8"))),
        ".dta": pd.read_stata,
        ".xlsx": pd.read_excel,
        ".parquet": pd.read_parquet,
    }
    again = readers[end](path)
    # Stata keeps some words for itself
    assert [name.lstrip("_") for name in again] == list(frame.columns)
    assert len(again) == len(frame)
    if "missiles" in frame:
        assert again["missiles"].sum() == frame["missiles"].sum()
    if "n" in frame:
        assert again["n"].tolist() == frame["n"].tolist()


def test_instants_stay_instants(tmp_path) -> None:
    frame = load_launches().dropna(subset="launched_at").head(3)[["launched_at", "date"]]
    text = save_table(frame.reset_index(drop=True), tmp_path / "t.csv").read_text().splitlines()
    again = pd.to_datetime([line.split(",")[0] for line in text[1:]], utc=True)
    assert again.tolist() == frame["launched_at"].tolist()
    assert [line.split(",")[1] for line in text[1:]] == [f"{d:%Y-%m-%d}" for d in frame["date"]]


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+1", "-1", "\t=1"])
def test_no_cell_of_text_becomes_a_formula(cell, tmp_path) -> None:
    frame = pd.DataFrame({"note": [cell], "n": [-1]})
    line = save_table(frame, tmp_path / "t.csv").read_text("utf-8").splitlines()[1]
    assert line.lstrip('"').startswith("'")
    assert line.endswith("-1"), "a number is no formula"
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(save_table(frame, tmp_path / "t.xlsx"))
    assert book.active["A2"].data_type == "s"


def test_an_unknown_format_is_refused_and_nothing_written(tmp_path) -> None:
    with pytest.raises(ValueError, match=r"unknown format '.doc': expected .csv"):
        save_table(load_launches(), tmp_path / "t.doc")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("end", ["csv", "csv.gz", "json", "parquet", "xlsx"])
def test_what_is_written_reads_as_the_same_facts(end: str, tmp_path: Path) -> None:
    for library in {"parquet": ["pyarrow"], "xlsx": ["openpyxl"]}.get(end, []):
        pytest.importorskip(library)
    launches, events = load_launches(), load_events()
    again = read_launches(save_table(launches, tmp_path / f"launches.{end}"))
    pd.testing.assert_frame_equal(again, launches)
    again = read_events(save_table(events, tmp_path / f"events.{end}"))
    pd.testing.assert_frame_equal(again, events)


def test_a_compressed_table_has_the_same_bytes_each_time(tmp_path: Path) -> None:
    first = save_table(load_launches(), tmp_path / "t.csv.gz").read_bytes()
    assert save_table(load_launches(), tmp_path / "t.csv.gz").read_bytes() == first


LOADERS = sorted(
    name
    for name in analysis.__all__
    if name.startswith("load_") and name not in {"load_example", "load_example_events"}
)


@pytest.mark.parametrize("name", LOADERS)
def test_every_table_goes_into_a_paper_and_a_workbook(name: str, tmp_path: Path) -> None:
    pytest.importorskip("jinja2")
    pytest.importorskip("openpyxl")
    table = getattr(analysis, name)().head(20)
    latex = table.to_latex(index=False)
    assert latex.startswith("\\begin{tabular}")
    assert latex.count(r" \\") == len(table) + 1
    save_table(table, tmp_path / "table.xlsx")
    assert len(pd.read_excel(tmp_path / "table.xlsx")) == len(table)

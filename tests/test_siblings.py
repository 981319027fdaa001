"""Tables and files as people have them: the right number, or an error that says what to do."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import analysis

DAYS = ["2022-01-05", "2022-01-14", "2022-06-05"]
YEAR = {"start": "2022-01-01", "end": "2022-12-31"}


def rows(**more: object) -> pd.DataFrame:
    return pd.DataFrame({"date": DAYS, "missiles": [1, 2, 8], "family": "ballistic"} | more)


IN_MEMORY = {
    "text": rows(),
    "objects": rows().astype(object),
    "words as categories": rows().astype({"family": "category"}),
    "instants": rows(date=pd.to_datetime(DAYS)),
    "nanoseconds": rows(date=pd.to_datetime(DAYS).as_unit("ns")),
    "Seoul": rows(date=pd.to_datetime(DAYS).tz_localize("Asia/Seoul")),
    "days of Python": rows(date=[d.date() for d in pd.to_datetime(DAYS)]),
    "periods": rows(date=pd.PeriodIndex(DAYS, freq="D")),
    "floats": rows(missiles=[1.0, 2.0, 8.0]),
    "small integers": rows(missiles=np.array([1, 2, 8], dtype="uint8")),
    "nullable": rows(missiles=pd.array([1, 2, 8], dtype="Int64")),
    "one label": rows().set_axis([7, 7, 7]),
    "days as labels": rows().set_axis(pd.to_datetime(DAYS)),
    "backwards": rows().iloc[::-1],
    "own column": rows(country="x"),
    "two parts": pd.concat([rows().iloc[:1], rows().iloc[1:]]),
}
REFUSED = {
    "capital": (rows(family="Ballistic"), "family"),
    "space": (rows(family=" ballistic"), "family"),
    "no family": (rows(family=[None, "ballistic", "ballistic"]), "family"),
    "no date": (rows(date=[None, *DAYS[1:]]), "date"),
    "whole days": (rows(date=[20220105, 20220114, 20220605]), "date"),
    "Excel days": (rows(date=[44566, 44575, 44717]), "date"),
    "American days": (rows(date=["1/5/2022", "1/14/2022", "6/5/2022"]), "date"),
    "years": (rows(date=["2022", "2022", "2022"]), "date"),
    "half": (rows(missiles=[1.5, 2, 8]), "missiles"),
    "negative": (rows(missiles=[-1, 2, 8]), "missiles"),
    "infinite": (rows(missiles=[np.inf, 2, 8]), "missiles"),
    "numbers as text": (rows(missiles=["1", "2", "8"]), "missiles"),
    "words": (rows(missiles=["one", "2", "8"]), "missiles"),
    "missing number": (rows(missiles=[np.nan, 2, 8]), "missiles"),
}


@pytest.mark.parametrize("form", IN_MEMORY)
def test_a_table_in_memory_gives_the_same_number_in_any_form(form: str) -> None:
    assert analysis.count(IN_MEMORY[form], "missiles", **YEAR) == 11
    assert analysis.count(IN_MEMORY[form], "days", **YEAR) == 3


@pytest.mark.parametrize("form", REFUSED)
def test_what_cannot_be_told_is_refused_by_column(form: str) -> None:
    frame, column = REFUSED[form]
    with pytest.raises(ValueError, match=column):
        analysis.count(frame, "missiles", **YEAR)


@pytest.mark.parametrize("day", ["2022", "5/6/2022", "June 2022", 20221109, "", None, 2022.0])
def test_a_vague_day_is_refused(day: object) -> None:
    with pytest.raises(ValueError, match="day"):
        analysis.describe_count(rows(), "days", as_of=day)


TEXT = rows(
    date_precision="day", launch_id=["2022-01-05-01", "2022-01-14-01", "2022-06-05-01"],
    missiles_exact="true", system="er-scud", site="unknown", outcome="unknown",
    klass="SRBM", sources="mine",
)[["launch_id", "date", "date_precision", "family", "klass", "system", "site", "missiles",
   "missiles_exact", "outcome", "sources"]]  # fmt: skip
FORMS = {
    "commas": lambda p: TEXT.to_csv(p, index=False),
    "semicolons": lambda p: TEXT.to_csv(p, index=False, sep=";"),
    "tabs": lambda p: TEXT.to_csv(p, index=False, sep="\t"),
    "a mark": lambda p: TEXT.to_csv(p, index=False, encoding="utf-8-sig"),
    "UTF-16": lambda p: TEXT.to_csv(p, index=False, encoding="utf-16"),
    "labels": lambda p: TEXT.to_csv(p),
    "no last line break": lambda p: p.write_text(TEXT.to_csv(index=False).rstrip("\n")),
    "blank rows": lambda p: p.write_text(TEXT.to_csv(index=False) + ("," * 10 + "\n") * 2),
    "returns": lambda p: p.write_bytes(TEXT.to_csv(index=False).replace("\n", "\r\n").encode()),
    "own column": lambda p: TEXT.assign(mine=1).to_csv(p, index=False),
    "compressed": lambda p: p.write_bytes(gzip.compress(TEXT.to_csv(index=False).encode())),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_file_gives_the_same_number_in_any_form(form: str, tmp_path: Path) -> None:
    path = tmp_path / ("mine.csv.gz" if form == "compressed" else "mine.csv")
    FORMS[form](path)
    assert analysis.count(analysis.read_launches(path), "missiles", **YEAR) == 11


def test_year_month_and_day_in_three_columns_are_one_date() -> None:
    theirs = pd.DataFrame({"Year": [2022, 2022], "Month": [1, 6], "Day": [5, 5], "n": [2, 8]})
    mine = analysis.as_launches(
        theirs, date=["Year", "Month", "Day"], missiles="n", family="ballistic"
    )
    assert analysis.count(mine, "missiles", **YEAR) == 10
    with pytest.raises(ValueError, match="date"):
        analysis.as_launches(theirs.assign(Day=31), date=["Year", "Month", "Day"])

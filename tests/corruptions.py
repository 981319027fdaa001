"""Corruptions of a valid table in memory, and what may come of each: the same answer or an error.

`corrupt` draws one corruption; `judge` holds a call's answer on it against the answer on the
valid table. Used by tests/corruption_proof.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

Call = Callable[[pd.DataFrame], Any]


def _cell(change: Callable[[Any], Any]) -> Callable[..., pd.DataFrame]:
    """Change a few cells of a column, whatever its type."""

    def corrupted(frame: pd.DataFrame, column: str, rng: np.random.Generator) -> pd.DataFrame:
        places = rng.choice(len(frame), size=int(rng.integers(1, 4)), replace=False)
        values = frame[column].astype(object)
        for place in places:
            values.iloc[place] = change(values.iloc[place])
        return frame.assign(**{column: values})

    return corrupted


def _column(change: Callable[[pd.Series], Any]) -> Callable[..., pd.DataFrame]:
    def corrupted(frame: pd.DataFrame, column: str, rng: np.random.Generator) -> pd.DataFrame:
        return frame.assign(**{column: change(frame[column])})

    return corrupted


def _rows(change: Callable[[pd.DataFrame, np.random.Generator], pd.DataFrame]) -> Any:
    return lambda frame, column, rng: change(frame, rng)


def _twin(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    place = int(rng.integers(len(frame)))
    return pd.concat([frame, frame.iloc[[place]]], ignore_index=bool(rng.integers(2)))


def _as_text(series: pd.Series) -> pd.Series:
    return series.map(lambda value: value if pd.isna(value) else str(value))


def _elsewhere(zone: str) -> Callable[[pd.Series], Any]:
    def moved(series: pd.Series) -> Any:
        if isinstance(series.dtype, pd.DatetimeTZDtype):
            return series.dt.tz_convert(zone)
        return series.dt.tz_localize("Asia/Seoul").dt.tz_convert(zone)

    return moved


_DATES = ("date", "start", "end", "launched_at")
_WORDS = ("family", "klass", "outcome", "date_precision", "category", "kind", "precision",
          "confidence", "salvo_id", "site", "system", "launch_id")  # fmt: skip
_NUMBERS = ("missiles", "missiles_exact", "in_cns", "in_csis", "answers_launch")

#: Name of a corruption, the columns it may befall (none: the whole table), and what it does.
CORRUPTIONS: dict[str, tuple[tuple[str, ...], Any]] = {
    "object": ((*_DATES, *_WORDS, *_NUMBERS), _column(lambda s: s.astype(object))),
    "category": (_WORDS, _column(lambda s: s.astype("category"))),
    "text": ((*_DATES, *_NUMBERS), _column(_as_text)),
    "whole days": (("date", "start", "end"), _column(
        lambda s: pd.to_numeric(s.dt.strftime("%Y%m%d"), errors="coerce"))),
    "seconds": (("date", "start", "end"), _column(lambda s: s.astype("datetime64[s]"))),
    "Seoul": (("date", "start", "end"), _column(lambda s: s.dt.tz_localize("Asia/Seoul"))),
    "New York": (("date", "start", "end"), _column(lambda s: s.dt.tz_localize("America/New_York"))),
    "moved to UTC": (_DATES, _column(_elsewhere("UTC"))),
    "moved to New York": (_DATES, _column(_elsewhere("America/New_York"))),
    "without zone": (("launched_at",), _column(lambda s: s.dt.tz_localize(None))),
    "periods": (("date", "start", "end"), _column(lambda s: s.dt.to_period("D"))),
    "blank": ((*_WORDS, *_NUMBERS, *_DATES), _cell(lambda _: "")),
    "space": (_WORDS, _cell(lambda value: f" {value}")),
    "missing": ((*_WORDS, *_NUMBERS, *_DATES), _cell(lambda _: None)),
    "not a number": ((*_WORDS, *_NUMBERS), _cell(lambda _: float("nan"))),
    "capital": (_WORDS, _cell(lambda value: str(value).capitalize())),
    "upper case": (_WORDS, _cell(lambda value: str(value).upper())),
    "another word": (_WORDS[:8], _cell(lambda _: "drone")),
    "float": (_NUMBERS, _column(lambda s: s.astype("float64"))),
    "nullable": (("missiles",), _column(lambda s: s.astype("Int64"))),
    "nullable boolean": (_NUMBERS[1:], _column(lambda s: s.astype("boolean"))),
    "ones and zeros": (_NUMBERS[1:], _column(lambda s: s.astype("int64"))),
    "half": (("missiles",), _cell(lambda value: value + 0.5)),
    "negative": (("missiles",), _cell(lambda value: -value)),
    "infinite": (("missiles",), _cell(lambda _: float("inf"))),
    "absurd": (("missiles",), _cell(lambda _: 20_220_105)),
    "far day": (("date", "start", "end"), _cell(lambda _: "2922-01-05")),
    "words for a day": (("date", "start", "end"), _cell(lambda _: "5/6/2022")),
    "hours": (("date", "start", "end"), _column(lambda s: s + pd.Timedelta(hours=10))),
    "empty": ((*_WORDS, *_NUMBERS, *_DATES), _column(lambda s: None)),
    "dropped": ((*_WORDS, *_NUMBERS, *_DATES), lambda frame, column, _: frame.drop(columns=column)),
    "order": ((), _rows(lambda f, rng: f.sample(frac=1, random_state=rng))),
    "labels": ((), _rows(lambda f, rng: f.set_axis(rng.permutation(len(f)), axis=0))),
    "one label": ((), _rows(lambda f, rng: f.set_axis([7] * len(f), axis=0))),
    "named rows": ((), _rows(lambda f, rng: f.set_axis([f"r{i}" for i in range(len(f))], axis=0))),
    "row twice": ((), _rows(_twin)),
    "own column": ((), _rows(lambda f, rng: f.assign(mine=1))),
    "column order": ((), _rows(lambda f, rng: f[list(rng.permutation(list(f.columns)))])),
}  # fmt: skip
#: Corruptions that leave every cell's meaning as it was: an error is allowed, another answer not.
HARMLESS = ("object", "category", "seconds", "Seoul", "periods", "nullable", "nullable boolean",
            "ones and zeros", "order", "labels", "one label", "named rows", "own column",
            "column order")  # fmt: skip

#: What a missing cell says by itself, so that the answer may be another: a number of missiles is
#: then a lower bound, a salvo one of its own, an undated event is counted as left out.
STATED = dict.fromkeys(
    ("missing", "not a number", "empty"),
    ("missiles", "missiles_exact", "salvo_id", "start", "launched_at"),
)
#: A table without a column is another table: any answer in words or numbers, and no other error.
STATED["dropped"] = (*_DATES, *_WORDS, *_NUMBERS)


def corrupt(frame: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, str, str]:
    """Draw one corruption; return the table, its name and the column it befell."""
    while True:
        name = str(rng.choice(list(CORRUPTIONS)))
        columns, change = CORRUPTIONS[name]
        there = [column for column in columns if column in frame]
        if columns and not there:
            continue
        column = str(rng.choice(there)) if there else ""
        try:
            return change(frame, column, rng), name, column
        except (TypeError, ValueError, AttributeError):
            continue  # pandas itself cannot make this one


def same(one: Any, other: Any) -> bool:
    """Whether two answers are equal; tables to the last digits, whatever their labels."""
    if isinstance(one, pd.DataFrame):
        try:
            pd.testing.assert_frame_equal(
                one.reset_index(drop=True), other.reset_index(drop=True), rtol=1e-6,
                check_dtype=False, check_categorical=False, check_like=True,
            )  # fmt: skip
        except AssertionError:
            return False
        return True
    if isinstance(one, pd.Series | pd.DatetimeIndex | list | np.ndarray):
        return list(one) == list(other)
    return bool(one == other)


def judge(call: Call, expected: Any, frame: pd.DataFrame, name: str, column: str) -> str:
    """Say what is wrong with a call's answer on a corrupted table; empty if nothing is."""
    try:
        answer = call(frame)
    except ValueError as error:
        named = not column or column in str(error)
        if name == "row twice":
            named = "launch_id" in str(error) or "event_id" in str(error)
        return "" if named else f"the error does not name {column}: {str(error)[:200]}"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    if same(expected, answer) or (name in STATED and column in STATED[name]):
        return ""
    return "another answer, without a word"

"""Cells of text -> typed columns, and what is wrong with each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from .columns import DATE_FORMAT, Column
from .problems import one_of

#: All but line breaks, tabs and the marks that right-to-left scripts need.
_CONTROL = (
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
    r"\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_PLAIN_CONTROL = r"[\x00-\x08\x0b-\x1f\x7f]"
#: Letters that look like Latin ones, beside a Latin one or a digit: another word than it seems.
_ALIKE = "АВЕІЈКМНОРСТУХЅасеіјорсухѕһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧο\uff21-\uff3a\uff41-\uff5a"
_MIXED = rf"[A-Za-z0-9][{_ALIKE}]|[{_ALIKE}][A-Za-z0-9]|[\u200b\u2060]"
_NUMBER = r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?"
_INSTANT = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?Z| [0-9]{2}:[0-9]{2}:[0-9]{2}\+00:00)"
)


def parse(
    cells: pd.Series, column: Column, known: Iterable[str] | None = None
) -> tuple[pd.Series, list[tuple[np.ndarray, str]]]:
    """Turn one column of text into its type; give a mask and a sentence for each rule broken.

    Each distinct cell is read once, so that a long column costs little more than its words.
    """
    code, words = pd.factorize(cells)
    if isinstance(words, pd.CategoricalIndex):
        words = words.categories.take(words.codes)
    values, wrong = _parse_words(pd.Series(words, dtype="str"), column, known)
    whole = values.take(code).reset_index(drop=True)
    return whole, [(mask[code], expected) for mask, expected in wrong]


def _parse_words(
    cells: pd.Series, column: Column, known: Iterable[str] | None
) -> tuple[pd.Series, list[tuple[np.ndarray, str]]]:
    empty = (cells == "").to_numpy(bool)
    wrong: list[tuple[np.ndarray, str]] = []
    if column.required:
        wrong.append((empty, f"{column.meaning}; the cell may not be empty"))
    spaced = ~empty & (cells.str.strip() != cells).to_numpy(bool)
    wrong.append((spaced, "no space around the value"))
    # most words are plain, and told so far quicker than by all that may be wrong with letters
    plain = cells.str.isascii().to_numpy(bool)
    strange = cells.str.contains(_PLAIN_CONTROL).to_numpy(bool, copy=True)
    strange[~plain] = _holding(_CONTROL, cells[~plain])
    wrong.append((strange, "no control characters"))
    mixed = np.zeros(len(cells), dtype=bool)
    mixed[~plain] = _holding(_MIXED, cells[~plain])
    mixed &= ~strange
    wrong.append((mixed, "letters of one alphabet in a word"))
    rest = ~empty & ~spaced & ~strange & ~mixed
    values, readable = _PARSERS[column.kind](cells.where(rest, ""))
    expected = _allowed(column)
    wrong.append((rest & ~readable, expected))
    rest = rest & readable
    if column.low is not None or column.high is not None:
        numbers = values.astype("Float64").to_numpy(float, na_value=np.nan)
        low = -np.inf if column.low is None else column.low
        high = np.inf if column.high is None else column.high
        wrong.append((rest & ~((numbers >= low) & (numbers <= high)), expected))
    if column.kind == "text":
        allowed = set(column.values) if known is None else set(known)
        if known is not None:
            expected = one_of(sorted(allowed), column.refers)
        wrong.append((rest & ~_words_fit(cells, column, allowed, known is not None), expected))
    return values, wrong


def _holding(pattern: str, cells: pd.Series) -> np.ndarray:
    """Mark cells that hold a pattern of Python's, which other engines may not read."""
    find = re.compile(pattern).search
    return np.array([find(cell) is not None for cell in cells.tolist()], dtype=bool)


def _words_fit(cells: pd.Series, column: Column, allowed: set[str], refers: bool) -> np.ndarray:
    """Whether each cell (or each item of its list) has the pattern and is among those allowed."""
    if not (column.many or column.pattern):
        return (cells.isin(allowed) | (cells == "") | (not (allowed or refers))).to_numpy(bool)
    pattern = re.compile(column.pattern) if column.pattern else None

    def fits(cell: str) -> bool:
        words = cell.split(";") if column.many else [cell]
        return all(
            word == word.strip()
            and word != ""
            and (pattern is None or pattern.fullmatch(word) is not None)
            and (word in allowed or not (allowed or refers))
            for word in words
        )

    return np.array([cell == "" or fits(cell) for cell in cells.tolist()], dtype=bool)


def _parse_text(cells: pd.Series) -> tuple[pd.Series, np.ndarray]:
    return cells.mask(cells == ""), np.ones(len(cells), bool)


def _parse_integer(cells: pd.Series) -> tuple[pd.Series, np.ndarray]:
    readable = cells.str.fullmatch(r"[+-]?[0-9]{1,15}").to_numpy(bool)
    return pd.to_numeric(cells.where(readable)).astype("Int64"), readable


def _parse_number(cells: pd.Series) -> tuple[pd.Series, np.ndarray]:
    readable = cells.str.fullmatch(_NUMBER).to_numpy(bool)
    return pd.to_numeric(cells.where(readable)).astype("float64"), readable


def _parse_boolean(cells: pd.Series) -> tuple[pd.Series, np.ndarray]:
    words = cells.str.lower()
    values = words.map({"true": True, "false": False}).astype("boolean")
    return values, values.notna().to_numpy()


def _parse_date(cells: pd.Series) -> tuple[pd.Series, np.ndarray]:
    shape = cells.str.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
    values = pd.to_datetime(cells.where(shape), format=DATE_FORMAT, errors="coerce")
    return values.astype("datetime64[us]"), values.notna().to_numpy()


def _parse_instant(cells: pd.Series) -> tuple[pd.Series, np.ndarray]:
    # the second form is how pandas itself writes an instant
    shape = cells.str.fullmatch(_INSTANT)
    values = pd.to_datetime(cells.where(shape), format="ISO8601", errors="coerce", utc=True)
    return values.astype("datetime64[us, UTC]"), values.notna().to_numpy()


_PARSERS: dict[str, Callable[[pd.Series], tuple[pd.Series, np.ndarray]]] = {
    "text": _parse_text,
    "integer": _parse_integer,
    "number": _parse_number,
    "boolean": _parse_boolean,
    "date": _parse_date,
    "instant": _parse_instant,
}


def _allowed(column: Column) -> str:
    """What may stand in a cell of this column, in a few words."""
    if column.values:
        return one_of(column.values)
    if column.refers:
        return f"a {column.refers.replace('.', ' ')} of the record"
    words = {
        "text": f"text like {column.pattern}" if column.pattern else "text",
        "integer": "a whole number",
        "number": "a number, without its unit",
        "boolean": "true or false",
        "date": "a calendar date as 2022-11-09",
        "instant": "an instant in UTC as 2022-11-09T06:31Z",
    }[column.kind]
    if column.low is not None and column.high is not None:
        return f"{words} from {column.low:g} to {column.high:g}"
    if column.low is not None:
        return f"{words}, {column.low:g} or more"
    return words

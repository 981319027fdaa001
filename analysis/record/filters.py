"""Filters of a table as text: a small grammar, parsed here and never evaluated.

A filter compares columns with literals and joins comparisons::

    category == "drill" and kind in ["air", "naval"]
    not (start < "1990-01-01" or apogee_km >= 1000)
    title.str.contains("B-1B|B-52") and parties.str.startswith("USA")

- A comparison is a column, then ``==``, ``!=``, ``<``, ``<=``, ``>`` or ``>=`` and a literal, or
  ``in`` or ``not in`` and literals in brackets. A column of true and false stands by itself too.
- A literal is text in quotes, a number, ``True`` or ``False``; a day is text such as
  ``"2022-11-09"``.
- ``column.str.contains("this|that")`` holds where the text holds one of the words between the
  bars, ``column.str.startswith("this")`` where it begins with the words. They are plain words.
- Comparisons are joined by ``and``, ``or``, ``not`` and parentheses.

An empty cell equals nothing: it passes ``!=`` and ``not in`` and no other comparison. Filters of
this form are valid in `pandas.DataFrame.query` too.
"""

from __future__ import annotations

import ast
import operator
import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from ..errors import need_columns
from .text import Problem, Text

#: A filter that was read: it marks the rows of a table that pass.
Filter = Callable[[pd.DataFrame], np.ndarray]

_FORM = 'comparisons such as category == "drill", joined by and, or, not'
_LONGEST_FILTER = 2000  # characters: so that nesting stays far below what Python allows
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def passes_filter(frame: pd.DataFrame, text: str) -> np.ndarray:
    """Mark the rows of a table that pass a filter written as text.

    Nothing in the text is evaluated: what the grammar of `analysis.record.filters` does not
    hold is an error.

    Parameters
    ----------
    frame : DataFrame
        Any table, such as `load_events()`.
    text : str
        The filter, such as a cell of the column ``filter`` of `load_groups()`.

    Returns
    -------
    ndarray of bool, shape (len(frame),)
        Whether each row passes.

    Raises
    ------
    ValueError
        If the text is no filter, names a column that the table lacks, or compares a column
        with a literal of another type.

    See Also
    --------
    load_groups, read_groups

    Examples
    --------
    >>> from analysis import load_events
    >>> events = load_events()
    >>> events[passes_filter(events, 'category == "nuclear_test"')].shape[0]
    6
    """
    try:
        return read_filter(text)(frame)
    except ValueError as error:
        raise ValueError(f"the filter {text!r} cannot be read: {error}") from error


def read_filter(text: str) -> Filter:
    """Read a filter once, for use on any table.

    Examples
    --------
    >>> drills = read_filter('category == "drill"')
    >>> drills(pd.DataFrame({"category": ["drill", "talks"]})).tolist()
    [True, False]
    """
    text = text.strip()
    if len(text) > _LONGEST_FILTER:
        raise ValueError(f"expected at most {_LONGEST_FILTER} characters, got {len(text)}")
    try:
        with warnings.catch_warnings():  # what Python itself doubts is not read either
            warnings.simplefilter("error")
            tree = ast.parse(text, mode="eval")
        return _parse_filter(tree.body)
    except (SyntaxError, RecursionError, MemoryError) as error:
        why = error.msg if isinstance(error, SyntaxError) else "nested too deeply"
        raise ValueError(f"expected {_FORM}: {why}") from error
    except _OutsideError as error:
        part = ast.get_source_segment(text, error.args[0])
        raise ValueError(f"expected {_FORM}, got {part!r}") from None


def filter_problems(
    table: pd.DataFrame, text: Text, events: pd.DataFrame | None = None
) -> list[Problem]:
    """Filters of a table that cannot be read or that, given events, fail or hold none of them."""
    problems = []
    for line, cell in zip(text.lines, table["filter"], strict=True):
        try:
            test = read_filter(cell)
            if events is None or test(events).any():
                continue
            expected = "a filter that some event passes"
        except ValueError as error:
            expected = f"a filter of the events table ({error})"
        problems.append(Problem(text.file, int(line), "filter", cell, expected))
    return problems


class _OutsideError(Exception):
    """A part of a filter that the grammar does not hold."""


def _parse_filter(node: ast.expr) -> Filter:
    """Read one part of a filter; whatever is not named here is outside the grammar."""
    match node:
        case ast.BoolOp(op, parts):
            join = np.logical_and if isinstance(op, ast.And) else np.logical_or
            tests = [_parse_filter(part) for part in parts]
            return lambda frame: join.reduce([test(frame) for test in tests])
        case ast.UnaryOp(ast.Not(), part):
            test = _parse_filter(part)
            return lambda frame: ~test(frame)
        case ast.Name(column):
            return lambda frame: _compare_cells(frame, column, operator.eq, True)
        case ast.Compare(ast.Name(column), [op], [literal]) if type(op) in _COMPARE:
            compare, value = _COMPARE[type(op)], _literal(literal)
            return lambda frame: _compare_cells(frame, column, compare, value)
        case ast.Compare(ast.Name(column), [ast.In()], [ast.List(items)]):
            values = [_literal(item) for item in items]
            return lambda frame: _is_in(frame, column, values)
        case ast.Compare(ast.Name(column), [ast.NotIn()], [ast.List(items)]):
            values = [_literal(item) for item in items]
            return lambda frame: ~_is_in(frame, column, values)
        case ast.Call(
            ast.Attribute(ast.Attribute(ast.Name(column), "str"), "contains" | "startswith" as how),
            [ast.Constant(str(words))],
            [],
        ) if _are_plain(words, how):
            return lambda frame: _has_words(frame, column, how, words)
    raise _OutsideError(node)


def _literal(node: ast.expr) -> str | float | bool:
    match node:
        case ast.Constant(str() | bool() as value):
            return value
        case ast.Constant(int() | float() as value) if abs(value) < 1e15:  # exact as a float
            return value
        case ast.UnaryOp(ast.USub(), ast.Constant(int() | float()) as positive):
            return -float(_literal(positive))
    raise _OutsideError(node)


def _are_plain(words: str, how: str) -> bool:
    """Whether words hold nothing that a pattern would take for more than a letter."""
    if how == "startswith":
        return True
    return re.search(r"[.^$*+?{}\[\]\\()]", words) is None and "" not in words.split("|")


def _compare_cells(
    frame: pd.DataFrame, column: str, compare: Callable[[Any, Any], Any], value: str | float | bool
) -> np.ndarray:
    if compare is operator.ne:
        return ~_compare_cells(frame, column, operator.eq, value)
    cells = _column(frame, column)
    found = compare(cells, _like(cells, value))
    return (cells.notna() & found).to_numpy(dtype=bool, na_value=False)


def _is_in(frame: pd.DataFrame, column: str, values: list[str | float | bool]) -> np.ndarray:
    cells = _column(frame, column)
    return cells.isin([_like(cells, value) for value in values]).to_numpy(dtype=bool)


def _has_words(frame: pd.DataFrame, column: str, how: str, words: str) -> np.ndarray:
    cells = _column(frame, column)
    _like(cells, words)
    if how == "startswith":
        return cells.str.startswith(words).to_numpy(dtype=bool, na_value=False)
    found = [cells.str.contains(word, regex=False) for word in words.split("|")]
    return np.logical_or.reduce([part.to_numpy(dtype=bool, na_value=False) for part in found])


def _column(frame: pd.DataFrame, column: str) -> pd.Series:
    need_columns(frame, [column], "the table")
    return frame[column]


def _like(cells: pd.Series, value: str | float | bool) -> Any:
    """Return a literal as the column holds it, or raise where it never could."""
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return pd.Timestamp(value, tz=getattr(cells.dtype, "tz", None))
        holds = "days, such as '2022-11-09'"
    elif pd.api.types.is_bool_dtype(cells.dtype):
        if isinstance(value, bool):
            return value
        holds = "True and False"
    elif pd.api.types.is_numeric_dtype(cells.dtype):
        if not isinstance(value, (str, bool)):
            return value
        holds = "numbers"
    else:
        if isinstance(value, str):
            return value
        holds = "text"
    raise ValueError(
        f"expected a literal like those of column {cells.name} ({holds}), got {value!r}"
    )

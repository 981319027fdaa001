"""Columns of tables in memory: safe coercions, and what cannot be coerced, cell by cell.

Each reader takes a Series of whatever dtype and returns the column's values with masks of the
cells that break a rule. Only what cannot mean anything else is coerced: 1 and 0 or "true" and
"false" as booleans, 3.0 as 3, a column of Python objects of one type, "2022-11-09" as that day,
a zone-aware time as the calendar day of its own zone. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from .names import are_plain, within
from .schema import DATE_FORMAT, Column

Wrong = list[tuple[np.ndarray, str]]
#: Calendar years that a launch or an event can fall in; what lies outside is no date.
FIRST_YEAR, LAST_YEAR = 1900, 2100
_DAYS_ALLOWED = tuple(
    int(np.datetime64(day, "us").astype(np.int64))
    for day in (f"{FIRST_YEAR}-01-01", f"{LAST_YEAR + 1}-01-01")
)
_MICROSECONDS_A_DAY = 86_400_000_000
_DAY_TEXT = r"\d{4}-\d\d-\d\d"
_INSTANT_TEXT = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)"


def read_column(series: pd.Series, column: Column, allowed: frozenset[str]) -> tuple[Any, Wrong]:
    """Give a column its type; return its values and, for each rule broken, a mask and a sentence.

    Parameters
    ----------
    series : Series
        The column as it stands in the table.
    column : Column
        What the schema says of it.
    allowed : frozenset of str
        Its vocabulary; empty where any text may stand.

    Returns
    -------
    tuple
        A Series aligned with the input, and a list of (mask, what was expected).
    """
    if is_plainly_good(series, column) or (
        column.kind == "text" and not allowed and are_plain(series)
    ):
        return series, []
    values, wrong = _READERS[column.kind](series)
    if column.kind == "text":
        wrong += _check_words(values, allowed)
    elif column.low is not None or column.high is not None:
        wrong += _check_limits(values, column)
    if column.required:
        missing = series.isna().to_numpy()
        if missing.any():
            wrong.append((missing, f"{column.meaning}; the cell may not be empty"))
    return values, wrong


def is_plainly_good(series: pd.Series, column: Column) -> bool:
    """Whether a column has its type, no missing cell it may not have, and no value outside.

    A quick look at the ends of the column alone; False only says that each cell must be read.
    """
    dtype = series.dtype
    if not len(series):
        return False
    if column.kind == "boolean":
        return isinstance(dtype, np.dtype) and dtype.kind == "b"
    if column.kind == "instant":
        return str(dtype) == "datetime64[us, UTC]" and not column.required
    if column.kind == "date":
        if str(dtype) != "datetime64[us]":
            return False
        times = series.to_numpy().view("int64")
        # a missing day is the earliest of all, so the ends tell that too
        return within(times, *_DAYS_ALLOWED) and not (times % _MICROSECONDS_A_DAY).any()
    if column.kind == "integer":
        low = -np.inf if column.low is None else column.low
        high = np.inf if column.high is None else column.high
        return (
            dtype.kind in "iu"
            and isinstance(dtype, np.dtype)
            and within(series.to_numpy(), low, high)
        )
    return False


def read_text(series: pd.Series) -> tuple[pd.Series, Wrong]:
    """Read text, or whole numbers that serve as names."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        wrong = read_text(pd.Series(series.cat.categories))[1]
        if not wrong:
            return series, []
        return read_text(series.astype(object))
    if pd.api.types.is_integer_dtype(series) or isinstance(series.dtype, pd.StringDtype):
        return series, []
    if pd.api.types.is_bool_dtype(series) or series.dtype.kind in "fcmM":
        return series, [(series.notna().to_numpy(), "text")]
    kinds = series.map(type)
    there = series.notna().to_numpy()
    whole = there & kinds.isin([int]).to_numpy()
    if there.any() and (whole == there).all():
        return series, []
    bad = there & ~kinds.isin([str, np.str_]).to_numpy()
    return series.where(~bad).astype("str"), [(bad, "text")] if bad.any() else []


def _check_words(values: pd.Series, allowed: frozenset[str]) -> Wrong:
    """Words outside the vocabulary, and names that differ from another by case or spaces alone."""
    if not isinstance(values.dtype, (pd.StringDtype, pd.CategoricalDtype)):
        return []
    known = pd.Series(values.unique()).dropna()
    if not len(known) or not isinstance(known.iloc[0], str):
        return []
    if allowed:
        strange = known[~known.isin(allowed)]
        return (
            [(values.isin(strange).to_numpy(dtype=bool), one_of(allowed))] if len(strange) else []
        )
    bare = known.str.strip()
    spaced = known[(bare != known) | (bare == "") | bare.str.contains(r"[\x00-\x1f\x7f]")]
    wrong: Wrong = []
    if len(spaced):
        wrong.append((values.isin(spaced).to_numpy(dtype=bool), "text without space around it"))
    folded = bare.str.casefold()
    twins = known[folded.duplicated(keep=False) & ~known.isin(spaced)]
    if len(twins):
        wrong.append(
            (
                values.isin(twins).to_numpy(dtype=bool),
                f"one spelling of a name, not {' and '.join(map(repr, twins.iloc[:2]))}",
            )
        )
    return wrong


def read_integer(series: pd.Series) -> tuple[pd.Series, Wrong]:
    """Read whole numbers; 3.0 is 3, True is not 1."""
    if pd.api.types.is_integer_dtype(series):
        return series, []
    numbers, wrong = read_number(series, "a whole number")
    broken = (numbers.notna() & (numbers != numbers.round())).to_numpy()
    if broken.any():
        wrong.append((broken, "a whole number"))
        numbers = numbers.mask(broken)
    return numbers.astype("Int64"), wrong


def read_number(series: pd.Series, expected: str = "a number") -> tuple[pd.Series, Wrong]:
    """Read finite numbers; text is refused, since it hides units."""
    if pd.api.types.is_bool_dtype(series) or not pd.api.types.is_numeric_dtype(series):
        is_number = series.map(_is_number).to_numpy(dtype=bool)
        bad = series.notna().to_numpy() & ~is_number
        numbers = pd.to_numeric(series.where(is_number), errors="coerce").astype("float64")
        wrong: Wrong = [(bad, expected)] if bad.any() else []
    else:
        numbers, wrong = series.astype("float64"), []
    endless = np.isinf(numbers.to_numpy())
    if endless.any():
        wrong.append((endless, expected))
        numbers = numbers.mask(endless)
    return numbers, wrong


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and type(value) is not bool


def _check_limits(values: pd.Series, column: Column) -> Wrong:
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    if pd.api.types.is_integer_dtype(values) and not isinstance(values.dtype, pd.Int64Dtype):
        outside = ((values < low) | (values > high)).to_numpy()
    else:
        numbers = values.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        outside = ~np.isnan(numbers) & ~((numbers >= low) & (numbers <= high))
    if not outside.any():
        return []
    what = "a whole number" if column.kind == "integer" else "a number"
    limits = f"from {low:g}" if column.high is None else f"from {low:g} to {high:g}"
    return [(outside, f"{what} {limits}")]


def read_boolean(series: pd.Series) -> tuple[pd.Series, Wrong]:
    """Read true and false, also as 1 and 0 or as those words."""
    if series.dtype == bool:
        return series, []
    if isinstance(series.dtype, pd.BooleanDtype):
        return series, []
    meanings: Mapping[object, bool] = {True: True, False: False, "true": True, "false": False}
    words = series.astype(object).map(lambda v: v.lower() if isinstance(v, str) else v)
    known = words.map(lambda v: isinstance(v, (bool, np.bool_, int, float, str)) and v in meanings)
    values = words.where(known.to_numpy(dtype=bool)).map(meanings).astype("boolean")
    bad = (series.notna() & ~known.astype(bool)).to_numpy()
    return values, [(bad, "true or false")] if bad.any() else []


def read_date(series: pd.Series) -> tuple[pd.Series, Wrong]:
    """Read calendar days, without a zone; a zone-aware time is a day of its own zone."""
    expected = "a calendar day as 2022-11-09 or a datetime64"
    dtype = series.dtype
    if isinstance(dtype, pd.PeriodDtype) and dtype.freq == "D":
        series = series.dt.to_timestamp()
    wrong: Wrong = []
    if isinstance(dtype, pd.DatetimeTZDtype):
        series = series.dt.tz_localize(None)
    elif series.dtype.kind != "M":
        series, wrong = _dates_one_by_one(series, expected)
    days = series.astype("datetime64[us]")
    if len(days) and (days.to_numpy().view("int64") % _MICROSECONDS_A_DAY).any():
        days = days.dt.normalize()
    number = days.to_numpy(dtype="datetime64[D]")
    outside = (number < np.datetime64(f"{FIRST_YEAR}-01-01")) | (
        number > np.datetime64(f"{LAST_YEAR}-12-31")
    )
    if outside.any():
        wrong.append((outside, f"a day from {FIRST_YEAR} to {LAST_YEAR}"))
    return days, wrong


def _dates_one_by_one(series: pd.Series, expected: str) -> tuple[pd.Series, Wrong]:
    """Read dates held as Python objects or as text; whole numbers are no dates."""
    texts = series.map(lambda v: isinstance(v, str)).to_numpy(dtype=bool)
    shaped = np.zeros(len(series), dtype=bool)
    if texts.any():
        shaped[texts] = series[texts].astype("str").str.fullmatch(_DAY_TEXT).to_numpy(dtype=bool)
    stamps = series.map(lambda v: hasattr(v, "year") and hasattr(v, "day")).to_numpy(dtype=bool)
    stamps = stamps & series.notna().to_numpy()
    days = pd.Series(pd.NaT, index=series.index, dtype="datetime64[us]")
    places = np.flatnonzero(shaped)
    read = pd.to_datetime(series.iloc[places].astype("str"), format=DATE_FORMAT, errors="coerce")
    days.iloc[places] = read.to_numpy(dtype="datetime64[us]")
    places = np.flatnonzero(stamps)
    days.iloc[places] = np.array(
        [np.datetime64(f"{v.year:04d}-{v.month:02d}-{v.day:02d}") for v in series.iloc[places]],
        dtype="datetime64[us]",
    )
    bad = (series.notna() & days.isna()).to_numpy()
    return days, [(bad, expected)] if bad.any() else []


def read_instant(series: pd.Series) -> tuple[pd.Series, Wrong]:
    """Read instants; a time without a zone is nobody's instant."""
    expected = "an instant with its time zone, such as 2022-11-09T06:31Z"
    if isinstance(series.dtype, pd.DatetimeTZDtype):
        return series.dt.tz_convert("UTC").astype("datetime64[us, UTC]"), []
    there = series.notna().to_numpy()
    empty = pd.Series(pd.NaT, index=series.index, dtype="datetime64[us, UTC]")
    if not there.any():
        return empty, []
    if series.dtype.kind == "M":
        return empty, [(there, expected)]
    texts = series.map(lambda v: isinstance(v, str)).to_numpy(dtype=bool)
    shaped = texts.copy()
    shaped[texts] = series[texts].astype("str").str.fullmatch(_INSTANT_TEXT).to_numpy(dtype=bool)
    aware = series.map(lambda v: getattr(v, "tzinfo", None) is not None).to_numpy(dtype=bool)
    readable = shaped | aware
    read = pd.to_datetime(
        series[readable].astype("str"), format="ISO8601", utc=True, errors="coerce"
    )
    empty.iloc[np.flatnonzero(readable)] = read.astype("datetime64[us, UTC]").array
    bad = there & empty.isna().to_numpy()
    return empty, [(bad, expected)] if bad.any() else []


_READERS: dict[str, Callable[[pd.Series], tuple[pd.Series, Wrong]]] = {
    "text": read_text,
    "integer": read_integer,
    "number": read_number,
    "boolean": read_boolean,
    "date": read_date,
    "instant": read_instant,
}


def one_of(words: frozenset[str]) -> str:
    """Name the words allowed, in order."""
    return f"one of {', '.join(sorted(words))}"

"""Columns of words and of names, millions of cells at a time: what a quick look tells of them.

A look that fails says nothing: each cell must then be read (see `frames`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

#: Names looked at together, which fit a processor's memory.
_PART = 1 << 15
_CAPITALS, _SMALL, _LETTERS = ord("A"), ord("a"), 26


class Words(NamedTuple):
    """A column of a vocabulary: its words, and the place of each cell's word among them."""

    words: tuple[str, ...]
    codes: np.ndarray

    def hold(self, wanted: Iterable[str]) -> np.ndarray:
        """Mark the cells that hold one of some words.

        Examples
        --------
        >>> Words(("day", "month"), np.array([0, 0, 1])).hold(["month", "year"]).tolist()
        [False, False, True]
        """
        mask = np.zeros(len(self.codes), dtype=bool)
        for word in set(wanted) & set(self.words):
            mask |= self.codes == self.words.index(word)
        return mask


def find_words(series: pd.Series, allowed: frozenset[str]) -> Words | None:
    """Find each cell's word in a vocabulary; None unless every cell holds a word of it.

    None also where the column holds its words in another way than as Arrow's text or as
    categories, or where a byte a row cannot number the vocabulary.
    """
    if not allowed or len(allowed) > np.iinfo(np.int8).max or not len(series):
        return None
    if isinstance(series.dtype, pd.CategoricalDtype):
        words, codes = tuple(series.cat.categories), series.cat.codes.to_numpy()
        return Words(words, codes) if set(words) <= allowed and codes.min() >= 0 else None
    names = _arrow_text(series)
    if names is None:
        return None
    import pyarrow  # it is there, since the column rests on it
    import pyarrow.compute

    words = tuple(sorted(allowed))
    places = pyarrow.compute.index_in(names, pyarrow.array(words, names.type))
    if places.null_count:
        return None
    return Words(words, places.to_numpy(zero_copy_only=False).astype(np.int8))


def are_plain(series: pd.Series) -> bool:
    """Whether a column holds text, no cell of which differs from another by case or space alone.

    It does where all of it is printable ASCII without space around it, and without capitals or
    without small letters.
    """
    looks = _looks(series)
    return looks is not None and _are_simple(looks)


def are_plain_names(series: pd.Series) -> bool:
    """Whether a column holds names, each once, of which none can be mistaken for another.

    Whole numbers are such names, and plain text is (see `are_plain`).
    """
    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "iu":
        return _are_distinct(series.to_numpy())
    looks = _looks(series)
    if looks is None or not _are_simple(looks):
        return False
    return all(look.increasing for look in looks) or not series.duplicated().any()


class _Look(NamedTuple):
    """What a look at some names tells."""

    plain: bool  # printable ASCII without space around it
    small: bool  # some have small letters
    capital: bool
    #: Each is longer than the one before, or as long and after it: so none stands twice.
    increasing: bool


def _are_simple(looks: list[_Look]) -> bool:
    lettered = any(look.small for look in looks) and any(look.capital for look in looks)
    return all(look.plain for look in looks) and not lettered


def _looks(series: pd.Series) -> list[_Look] | None:
    """Look at a column part by part; None where it is not Arrow's text without missing cells."""
    names = _arrow_text(series)
    if names is None or not len(names) or names.null_count:
        return None
    size = np.int64 if str(names.type) == "large_string" else np.int32
    ends = np.frombuffer(names.buffers()[1], dtype=size)[names.offset :][: len(names) + 1]
    letters = np.frombuffer(names.buffers()[2], dtype=np.uint8)
    looks = []
    for begin in range(0, len(names), _PART):
        own = ends[begin : begin + _PART + 2]  # the first of those that follow, too
        looks.append(_look_at(names[begin : begin + len(own) - 1], own - own[0], letters[own[0] :]))
        if not looks[-1].plain:
            break
    return looks


def _look_at(names: Any, ends: np.ndarray, letters: np.ndarray) -> _Look:
    """Look at some names, by where each ends among the letters."""
    import pyarrow.compute

    length, part = np.diff(ends), letters[: ends[-1]]
    if not length.min() or not within(part, ord(" "), ord("~")):
        return _Look(False, False, False, False)
    spaced = part.min() == ord(" ") and (
        (part[ends[:-1]] == ord(" ")) | (part[ends[1:] - 1] == ord(" "))
    )
    lettered = part.max() >= _CAPITALS
    small, capital = (
        bool(lettered and (part - np.uint8(first) < _LETTERS).any())
        for first in (_SMALL, _CAPITALS)
    )
    after = pyarrow.compute.less(names[:-1], names[1:]).to_numpy(zero_copy_only=False)
    longer, same = length[1:] > length[:-1], length[1:] == length[:-1]
    return _Look(not np.any(spaced), small, capital, bool((longer | (same & after)).all()))


def within(values: np.ndarray, low: float, high: float) -> bool:
    """Whether all values lie between two, both included."""
    return bool(values.min() >= low and values.max() <= high)


def _are_distinct(numbers: np.ndarray) -> bool:
    """Whether each of some whole numbers stands once."""
    if not len(numbers) or (numbers[1:] > numbers[:-1]).all():
        return True
    low, high = int(numbers.min()), int(numbers.max())
    if high - low > 4 * len(numbers):
        return not pd.Series(numbers).duplicated().any()
    seen = np.zeros(high - low + 1, dtype=bool)
    seen[numbers - numbers.dtype.type(low)] = True
    return int(seen.sum()) == len(numbers)


def _arrow_text(series: pd.Series) -> Any:
    """Return the Arrow array of a column of text in one piece; None where there is none."""
    if not isinstance(series.dtype, pd.StringDtype) or series.dtype.storage != "pyarrow":
        return None
    import pyarrow

    names = pyarrow.array(series.array)
    if isinstance(names, pyarrow.ChunkedArray):
        names = names.combine_chunks()
    return None if isinstance(names, pyarrow.ChunkedArray) else names

"""Tables as the page holds them: the cells of a CSV, written short."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from ..record.files import processed, read_built

#: The tables that the page shows, and the columns that it leaves out to stay small.
SHOWN: dict[str, tuple[str, ...]] = {
    "launches": (),
    "events": ("event_id", "date_zone", "precision", "parties", "answers_launch", "note"),
    "rules": ("families", "klasses", "systems", "outcomes", "calendar", "source", "each"),
    "sources": ("title", "publisher", "vintage", "note"),
    "sites": ("alt_names", "source"),
    "categories": ("kinds", "lane", "drawn", "timing"),
}
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
_DAY = r"\d{4}-\d\d-\d\d"


def read_cells() -> dict[str, pd.DataFrame]:
    """Read the built tables that the page shows, every cell as it is written.

    Raises
    ------
    FileNotFoundError, ValueError
        If a table is missing or not as it was built; the message names the command.
    """
    return {
        name: pd.read_csv(
            io.BytesIO(read_built(processed() / f"{name}.csv")),
            dtype="str",
            keep_default_na=False,
        ).drop(columns=list(dropped))
        for name, dropped in SHOWN.items()
    }


def packed(table: pd.DataFrame) -> dict[str, Any]:
    """Return each column in the shortest of three ways, which `unpacked` in base.js undoes.

    They are: its cells; its words in order, each as the number of characters that it shares with
    the one before and its rest, with the places of the cells' words; for a column of days, the
    first and the days from each to the next. Numbers of characters and places are digits of base
    64.

    Examples
    --------
    >>> packed(pd.DataFrame({"note": ["1", "2"], "class": ["SRBM"] * 2}))["note"]
    ['1', '2']
    >>> packed(pd.DataFrame({"class": ["SRBM", "SRBM", "SLV"] * 9}))["class"]["words"]
    ['0SLV', '1RBM']
    """
    return {str(name): min(_ways(table[name]), key=lambda way: len(str(way))) for name in table}


def _ways(cells: pd.Series) -> list[Any]:
    ways: list[Any] = [cells.tolist(), _as_places(cells)]
    if len(cells) and cells.str.fullmatch(_DAY).all():
        steps = pd.to_datetime(cells).diff().dt.days.fillna(0).astype(int)
        ways.append({"first": cells.iloc[0], "steps": steps.tolist()})
    return ways


def _as_places(cells: pd.Series) -> dict[str, Any]:
    words, places = np.unique(cells.to_numpy(dtype="str"), return_inverse=True)
    width = 1 + (len(words) > 64) + (len(words) > 64**2)
    digits = "".join(_digits(place, width) for place in places.tolist())
    return {"words": _without_shared(words.tolist()), "width": width, "places": digits}


def _without_shared(words: list[str]) -> list[str]:
    shared = [_n_shared(*pair) for pair in pairwise(["", *words])]
    return [_DIGITS[n] + word[n:] for n, word in zip(shared, words, strict=True)]


def _n_shared(one: str, other: str) -> int:
    """Return how many characters two words share at their start, up to one that is not ASCII.

    A browser counts a rare character as two.
    """
    n = 0
    for a, b in zip(one[:63], other, strict=False):
        if a != b or not a.isascii():
            break
        n += 1
    return n


def _digits(number: int, width: int) -> str:
    return "".join(_DIGITS[number >> 6 * place & 63] for place in reversed(range(width)))

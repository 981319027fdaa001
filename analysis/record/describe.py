"""What a table's columns mean, in the session: read from the Data Package beside the tables."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import check_one_of
from .files import processed, read_file

_Resource = Mapping[str, Any]


class _Whole(pd.DataFrame):
    """A table of texts to read, so shown without cutting them; a part of it is a plain table."""

    def __repr__(self) -> str:
        blocks = []
        for name, *cells in self.itertuples(index=False):
            text = "; ".join(str(c) for c in cells if isinstance(c, int) or c)
            blocks.append(f"{name}\n{textwrap.indent(textwrap.fill(text, 88), '    ')}")
        return "\n".join(blocks)

    def _repr_html_(self) -> str:
        with pd.option_context("display.max_colwidth", None, "display.max_rows", None):
            return str(pd.DataFrame(self)._repr_html_())  # type: ignore[operator]


def describe(table: str | None = None, column: str | None = None) -> pd.DataFrame:
    """Say what a table's columns mean: type, unit, words that may stand in it, meaning.

    Parameters
    ----------
    table : str, optional
        A table of the record, such as ``"launches"``, or of the simulations that `make proofs`
        wrote, such as ``"proofs/links_size"``. Without it, the tables there are.
    column : str, optional
        A column of that table whose words are to be explained.

    Returns
    -------
    DataFrame
        One row a column, in order: `column`, `type`, `unit`, `cells` (always filled, or may be
        empty), `values` (separated by commas) and `meaning`. With `column`, one row a word:
        `value`, `meaning`. Without `table`, one row a table: `table`, `rows`, `one_row`, `loader`
        (the function that loads it, where there is one). It shows itself whole: nothing is cut.

    Raises
    ------
    ValueError
        If there is no such table, or no such column, or if any text may stand in the column.

    See Also
    --------
    load_codes : the words of all columns.

    Examples
    --------
    >>> launches = describe("launches").set_index("column")
    >>> launches.loc["apogee_km", ["unit", "meaning"]].tolist()
    ['km', 'highest point of the flight']
    >>> describe("launches", "outcome")
    success
        a source other than state media says that it flew as meant, such as CNS
    failure
        a source says that it exploded, fell short or missed its orbit
    unknown
        sources differ or do not say, or state media alone claim a success
    """
    resources = _resources()
    if table is None:
        if column is not None:
            raise ValueError(f"expected the table of the column {column!r}")
        return _Whole([_table_row(name, one) for name, one in resources.items()])
    check_one_of("table", table, resources)
    fields = {field["name"]: field for field in resources[table]["schema"]["fields"]}
    if column is None:
        return _Whole([_column_row(field) for field in fields.values()])
    check_one_of(f"column of {table}", column, fields)
    words = _field_words(fields[column])
    if not words:
        raise ValueError(
            f"the column {column!r} of {table} holds no words of a list: "
            f"{fields[column]['description']}"
        )
    return _Whole({"value": list(words), "meaning": list(words.values())})


def _resources() -> dict[str, _Resource]:
    """Return the description of every table by name: those of the record, then the simulated."""
    found: dict[str, _Resource] = {}
    for place in ("", "proofs/"):
        package = processed() / place / "datapackage.json"
        if package.is_file():
            resources = json.loads(read_file(package))["resources"]
            found |= {f"{place}{Path(one['path']).stem}": one for one in resources}
    return found


def _table_row(name: str, resource: _Resource) -> dict[str, Any]:
    from . import load  # whose docstrings send a reader here

    loader = {"example_japan": "load_example"}.get(name, f"load_{name}")
    return {
        "table": name,
        "rows": resource["rows"],
        "one_row": resource["title"].removeprefix("One row: "),
        "loader": loader if hasattr(load, loader) else "",
    }


def _column_row(field: Mapping[str, Any]) -> dict[str, Any]:
    filled = field.get("constraints", {}).get("required", False)
    return {
        "column": field["name"],
        "type": field["type"],
        "unit": field.get("unit", ""),
        "cells": "always filled" if filled else "may be empty",
        "values": ", ".join(_field_words(field)),
        "meaning": field["description"],
    }


def _field_words(field: Mapping[str, Any]) -> dict[str, str]:
    """Return the words that may stand in a column, with their meanings."""
    words = field.get("categories", field.get("itemCategories", []))
    return {word["value"]: word["label"] for word in words}

"""Built tables -> CSV files whose bytes depend on the tables alone, with their Data Package."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from .columns import DATE_FORMAT, INSTANT_FORMAT, Column, Table
from .conventions import ANNOUNCER_TABLE, CATEGORY_TABLE
from .tables import make_tables
from .vocabulary import make_vocabulary

#: Of the compilation; what it states are facts, which nobody owns.
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
#: The meaning of each word, by the name of its vocabulary.
Meanings = Mapping[str, Mapping[str, str]]


def write_package(tables: Mapping[str, pd.DataFrame], version: str, folder: Path) -> None:
    """Write the tables as CSV, and the Data Package that describes them (datapackage.org)."""
    schema = _schema_of(tables)
    contents = {name: to_csv(frame, schema[name]) for name, frame in tables.items()}
    meanings = _meanings(tables)
    for name, content in contents.items():
        (folder / f"{name}.csv").write_bytes(content)
    package = {
        "name": "dprk-launch-record",
        "title": "North Korean missile launches and their diplomatic context",
        "version": version,
        "description": "Facts compiled by hand from named sources; see data/raw/NOTES.md.",
        "licenses": [LICENCE],
        "contributors": [{"title": "The dprk-launch-record maintainers", "role": "author"}],
        "sources": [{"title": f"{len(tables['sources'])} sources", "path": "sources.csv"}],
        "resources": [
            _resource(schema[name], content, len(tables[name]), meanings)
            for name, content in contents.items()
        ],
    }
    text = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
    (folder / "datapackage.json").write_bytes(text.encode())


def to_csv(frame: pd.DataFrame, table: Table) -> bytes:
    """Write a table so that the same table always gives the same bytes."""
    text = _text_of(frame, table)
    return text.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL).encode()


def _schema_of(tables: Mapping[str, pd.DataFrame]) -> dict[str, Table]:
    """Return the schema of built tables, which hold the words that it needs."""
    words = (_text_of(tables[table.name], table) for table in (CATEGORY_TABLE, ANNOUNCER_TABLE))
    return make_tables(make_vocabulary(*(frame.to_dict("records") for frame in words)))


def _meanings(tables: Mapping[str, pd.DataFrame]) -> Meanings:
    """Return what each word of each vocabulary means; categories explain theirs themselves."""
    meanings: dict[str, dict[str, str]] = {}
    for row in tables["codes"].itertuples():
        meanings.setdefault(str(row.vocabulary), {})[str(row.code)] = str(row.meaning)
    categories = tables["categories"]
    meanings["category"] = dict(zip(categories["category"], categories["meaning"], strict=True))
    return meanings


def _text_of(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    return pd.DataFrame({c.name: _column_as_text(frame[c.name], c) for c in table.columns})


def _column_as_text(values: pd.Series, column: Column) -> pd.Series:
    if column.kind == "date":
        return values.dt.strftime(DATE_FORMAT)
    if column.kind == "instant":
        return values.dt.strftime(INSTANT_FORMAT)
    if column.kind == "boolean":
        return values.map({True: "true", False: "false"})
    if column.kind == "number":
        return values.map(_shortest, na_action="ignore")
    return values


def _shortest(number: float) -> str:
    """Write a number with the digits that give it back, and no more."""
    return repr(float(number)).removesuffix(".0")


def _resource(table: Table, content: bytes, n_rows: int, meanings: Meanings) -> dict[str, Any]:
    return {
        "name": table.name.replace("_", "-"),
        "path": f"{table.name}.csv",
        "title": f"One row: {table.row}",
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "rows": n_rows,
        "schema": _table_schema(table, meanings),
    }


def _table_schema(table: Table, meanings: Meanings) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column, meanings) for column in table.columns],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    keys = [c for c in table.columns if c.refers and not c.many]
    if keys:
        schema["foreignKeys"] = [_foreign_key(column) for column in keys]
    return schema


def _foreign_key(column: Column) -> dict[str, Any]:
    table, field = column.refers.split(".")
    reference = {"resource": table.replace("_", "-"), "fields": [field]}
    return {"fields": [column.name], "reference": reference}


def _field(column: Column, meanings: Meanings) -> dict[str, Any]:
    types = {"text": "string", "instant": "datetime"}
    field: dict[str, Any] = {
        "name": column.name,
        "type": types.get(column.kind, column.kind),
        "description": column.meaning,
    }
    if column.unit:
        field["unit"] = column.unit
    if column.kind == "instant":
        field["format"] = INSTANT_FORMAT
    if column.kind == "boolean":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    if column.values:  # of a list in one cell the format's `categories` would hold the whole cell
        own = {word: text for name in column.codes for word, text in meanings.get(name, {}).items()}
        field["itemCategories" if column.many else "categories"] = [
            {"value": word, "label": own.get(word, "")} for word in column.values
        ]
    limits = {
        "required": column.required or None,
        "enum": list(column.values) if column.values and not column.many else None,
        "pattern": column.pattern if column.pattern and not column.many else None,
        "minimum": column.low,
        "maximum": column.high,
    }
    constraints = {name: limit for name, limit in limits.items() if limit is not None}
    return field | ({"constraints": constraints} if constraints else {})

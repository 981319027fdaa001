"""data/raw -> data/processed: check every table and join what belongs together."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from .check import Problem, RecordError, Text, check, read_text
from .files import RAW
from .filters import read_filter
from .join import join, tidy
from .salvo import derive_salvos
from .schema import (
    CAPITALS,
    DATA_VERSION,
    DATE_FORMAT,
    EVENT_KINDS,
    FAMILIES,
    INSTANT_FORMAT,
    TABLES,
    Column,
    Table,
)

_ORDER = {
    "launches": ["launch_id"],
    "example_japan": ["launch_id"],
    "events": ["start", "event_id"],
}


def build(raw: Path = RAW) -> dict[str, pd.DataFrame]:
    """Read, check and join the hand-typed tables.

    Parameters
    ----------
    raw : Path
        Folder of the hand-typed CSV files.

    Returns
    -------
    dict of str to DataFrame
        Every table of `schema.TABLES`, as the loaders return it.

    Raises
    ------
    RecordError
        With all problems of all files, if there is any.
    """
    texts = {name: _read(raw, table) for name, table in TABLES.items()}
    known = {
        column.refers: set(_cells(texts, column.refers))
        for table in TABLES.values()
        for column in table.columns
        if column.refers
    }
    frames: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for name, table in TABLES.items():
        parts = []
        for text in texts[name]:
            part, found = check(text, table, known=known)
            parts.append(part)
            problems += found
        problems += _repeated_across_files(texts[name], table)
        frames[name] = pd.concat(parts, ignore_index=True)
    if not problems:
        problems = _check_together(frames, texts)
    if problems:
        raise RecordError(problems)
    return {name: _finish(name, frames) for name in TABLES}


def write(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write the tables as CSV, and the Data Package that describes them."""
    contents = {name: to_csv(frame, TABLES[name]) for name, frame in tables.items()}
    for name, content in contents.items():
        (folder / f"{name}.csv").write_bytes(content)
    (folder / "datapackage.json").write_bytes(describe(contents, tables))


def to_csv(frame: pd.DataFrame, table: Table) -> bytes:
    """Write a table so that the same table always gives the same bytes."""
    text = pd.DataFrame({c.name: _as_text(frame[c.name], c) for c in table.columns})
    return text.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL).encode()


def describe(contents: Mapping[str, bytes], tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Describe the written tables as a Data Package (https://datapackage.org)."""
    package = {
        "name": "dprk-launch-record",
        "title": "North Korean missile launches and their diplomatic context",
        "version": DATA_VERSION,
        "description": "Facts compiled by hand from named sources; see data/raw/NOTES.md.",
        "resources": [
            {
                "name": name.replace("_", "-"),
                "path": f"{name}.csv",
                "title": f"One row: {TABLES[name].row}",
                "type": "table",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "rows": len(tables[name]),
                "schema": _table_schema(TABLES[name]),
            }
            for name, content in contents.items()
        ],
    }
    return (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode()


def _read(raw: Path, table: Table) -> list[Text]:
    """Read the hand-typed files of a table; a missing file is a problem like any other."""
    texts = []
    for name in table.files:
        file = f"data/raw/{name}" if raw == RAW else str(raw / name)
        if (raw / name).is_file():
            texts.append(read_text(raw / name, table, file=file))
        else:
            problem = Problem(file, 0, "", "no such file", f"a table: one row {table.row}")
            nothing = pd.DataFrame({c.name: pd.array([], dtype="str") for c in table.typed})
            texts.append(Text(nothing, pd.array([], dtype=int).to_numpy(), file, [problem]))
    return texts


def _cells(texts: Mapping[str, list[Text]], reference: str) -> list[str]:
    table, column = reference.split(".")
    return [c for text in texts[table] if column in text.cells for c in text.cells[column]]


def _repeated_across_files(texts: list[Text], table: Table) -> list[Problem]:
    """Keys that stand in more than one file of a table (within a file `check` finds them)."""
    problems: list[Problem] = []
    seen: dict[str, tuple[str, int]] = {}
    for text in texts:
        if len(texts) < 2 or not set(table.key) <= set(text.cells):
            continue
        keys = text.cells[list(table.key)].agg(" ".join, axis=1)
        for key, line in zip(keys, text.lines, strict=True):
            if key in seen and seen[key][0] != text.file:
                where = f"{seen[key][0]}, line {seen[key][1]}"
                expected = f"a key of its own: {where} has it already"
                problems.append(Problem(text.file, int(line), table.key[0], key, expected))
            seen.setdefault(key, (text.file, int(line)))
    return problems


# --------------------------------------------------------------------------- across tables


def _check_together(
    frames: Mapping[str, pd.DataFrame], texts: Mapping[str, list[Text]]
) -> list[Problem]:
    """Problems that only several tables, or several rows, can show."""
    found = [
        *_check_coverage(frames["coverage"], texts["coverage"][0]),
        *_check_inside_coverage(frames, texts["launches"][0]),
        *_check_eras(frames["eras"], texts["eras"][0]),
        *_check_groups(frames["groups"], frames["events"], texts["groups"][0]),
    ]
    return sorted(found, key=lambda p: (p.file, p.line))


def _check_coverage(coverage: pd.DataFrame, text: Text) -> list[Problem]:
    expected = {("launches", f) for f in FAMILIES} | {("events", c) for c in EVENT_KINDS}
    there = set(zip(coverage["table"], coverage["subset"], strict=True))
    return [
        Problem(text.file, 0, "subset", f"{table} {subset}", what)
        for pairs, what in (
            (expected - there, "a row for every launch family and event category"),
            (there - expected, "a launch family beside launches, an event category beside events"),
        )
        for table, subset in sorted(pairs)
    ]


def _check_inside_coverage(frames: Mapping[str, pd.DataFrame], text: Text) -> list[Problem]:
    """Launches on days of which the record does not speak."""
    launches = frames["launches"].merge(frames["systems"][["system", "family"]], on="system")
    spans = frames["coverage"].query("table == 'launches'").set_index("subset")
    start, end = (launches["family"].map(spans[edge]) for edge in ("start", "end"))
    outside = (launches["date"] < start) | (launches["date"] > end)
    return [
        Problem(
            text.file,
            int(text.lines[i]),
            "date",
            f"{launches['date'].iloc[i]:%Y-%m-%d}",
            f"a day that coverage.csv holds for {launches['family'].iloc[i]}, "
            f"{start.iloc[i]:%Y-%m-%d} to {end.iloc[i]:%Y-%m-%d}",
        )
        for i in outside.to_numpy().nonzero()[0]
    ]


def _check_eras(eras: pd.DataFrame, text: Text) -> list[Problem]:
    """Every office is held on every day by one person."""
    ordered = eras.assign(line=text.lines).sort_values(["kind", "start"])
    before = ordered.groupby("kind")["end"].shift() + pd.Timedelta(days=1)
    gap = before.notna() & (before != ordered["start"])
    lines, starts = ordered.loc[gap, "line"], ordered.loc[gap, "start"]
    expected = "the day after the predecessor's end"
    return [
        Problem(text.file, line, "start", f"{start:%Y-%m-%d}", expected)
        for line, start in zip(lines, starts, strict=True)
    ]


def _check_groups(groups: pd.DataFrame, events: pd.DataFrame, text: Text) -> list[Problem]:
    """Every group's filter can be read and finds events."""
    problems = []
    for row, line in zip(groups.itertuples(), text.lines, strict=True):
        try:
            found = read_filter(str(row.filter))(events).any()
            expected = "" if found else "a filter that some event passes"
        except ValueError as error:
            expected = f"a filter of the events table ({error})"
        if expected:
            problems.append(Problem(text.file, int(line), "filter", str(row.filter), expected))
    return problems


# --------------------------------------------------------------------------- writing


def _finish(name: str, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    frame = tidy(frames[name], TABLES[name])
    if name == "launches":
        frame = join(frame, frames["systems"], frames["sites"])
        frame = _add_announced(frame, frames["announced"])
    if "salvo_id" in TABLES[name].names:
        frame = frame.assign(salvo_id=derive_salvos(frame))
    if name == "example_japan":  # no capital's other numbers are recorded for it
        frame = _add_announced(frame, frames["announced"].head(0))
    if name in _ORDER:
        frame = frame.sort_values(_ORDER[name], ignore_index=True)
    return frame[TABLES[name].names]


def _add_announced(launches: pd.DataFrame, announced: pd.DataFrame) -> pd.DataFrame:
    """Give each capital's own numbers of missiles a column."""
    for capital in CAPITALS:
        theirs = announced[announced["capital"] == capital].set_index("launch_id")["missiles"]
        numbers = launches["launch_id"].map(theirs).astype("Int64")
        launches = launches.assign(**{f"{capital}_missiles": numbers})
    return launches


def _as_text(values: pd.Series, column: Column) -> pd.Series:
    if column.kind == "date":
        return values.dt.strftime(DATE_FORMAT)
    if column.kind == "instant":
        return values.dt.strftime(INSTANT_FORMAT)
    if column.kind == "boolean":
        return values.map({True: "true", False: "false"})
    if column.kind == "number":
        return values.map(lambda number: f"{number:.15g}", na_action="ignore")
    return values


def _table_schema(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
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


def _field(column: Column) -> dict[str, Any]:
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
    limits = {
        "required": column.required or None,
        "enum": list(column.values) if column.values and not column.many else None,
        "pattern": column.pattern if column.pattern and not column.many else None,
        "minimum": column.low,
        "maximum": column.high,
    }
    constraints = {name: limit for name, limit in limits.items() if limit is not None}
    return field | ({"constraints": constraints} if constraints else {})

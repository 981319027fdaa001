"""data/raw -> data/processed: check every table and join what belongs together."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from . import DATA_VERSION
from .check import Problem, RecordError, Text, check, read_text
from .columns import DATE_FORMAT, INSTANT_FORMAT, Column, Table
from .conventions import ANNOUNCER_TABLE, CATEGORY_TABLE
from .files import RAW
from .filters import filter_problems
from .join import add_announced, join, tidy
from .salvo import derive_salvos
from .tables import make_tables
from .vocabulary import FAMILIES, Announcer, Vocabulary, make_vocabulary

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
        Every table by name, as the loaders return it.

    Raises
    ------
    RecordError
        With all problems of all files, if there is any.
    """
    vocabulary = _build_vocabulary(raw)
    tables = make_tables(vocabulary)
    texts = {name: _read_raw(raw, table) for name, table in tables.items()}
    known = {
        column.refers: set(_cells(texts, column.refers))
        for table in tables.values()
        for column in table.columns
        if column.refers
    }
    frames: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for name, table in tables.items():
        checked = [check(text, table, known=known) for text in texts[name]]
        problems += [problem for _, found in checked for problem in found]
        problems += _repeated_across_files(texts[name], table)
        frames[name] = pd.concat([part for part, _ in checked], ignore_index=True)
    if not problems:
        problems = _check_together(frames, texts, vocabulary.kinds)
    if problems:
        raise RecordError(problems)
    return {name: _finish(table, frames, vocabulary.announcers) for name, table in tables.items()}


def _build_vocabulary(raw: Path) -> Vocabulary:
    """Read the words that other tables use; without them no other table can be checked."""
    rows, problems = [], []
    for table in (CATEGORY_TABLE, ANNOUNCER_TABLE):
        for text in _read_raw(raw, table):
            rows.append(text.cells.to_dict("records"))
            problems += check(text, table)[1]
    if problems:
        raise RecordError(problems)
    vocabulary = make_vocabulary(*rows)
    columns = make_tables(vocabulary)["launches"].names
    problems = [
        Problem(text.file, int(line), "column", column, "a column of its own in launches")
        for line, column in zip(text.lines, text.cells["column"], strict=True)
        if columns.count(column) > 1
    ]
    if problems:
        raise RecordError(problems)
    return vocabulary


def write(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write the tables as CSV, and the Data Package that describes them."""
    schema = tables_of(tables)
    contents = {name: to_csv(frame, schema[name]) for name, frame in tables.items()}
    for name, content in contents.items():
        (folder / f"{name}.csv").write_bytes(content)
    (folder / "datapackage.json").write_bytes(describe(contents, tables))


def tables_of(tables: Mapping[str, pd.DataFrame]) -> dict[str, Table]:
    """Return the schema of built tables, which hold the words that it needs."""
    words = (_text_of(tables[table.name], table) for table in (CATEGORY_TABLE, ANNOUNCER_TABLE))
    return make_tables(make_vocabulary(*(frame.to_dict("records") for frame in words)))


def to_csv(frame: pd.DataFrame, table: Table) -> bytes:
    """Write a table so that the same table always gives the same bytes."""
    text = _text_of(frame, table)
    return text.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL).encode()


def describe(contents: Mapping[str, bytes], tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Describe the written tables as a Data Package (https://datapackage.org)."""
    schema = tables_of(tables)
    package = {
        "name": "dprk-launch-record",
        "title": "North Korean missile launches and their diplomatic context",
        "version": DATA_VERSION,
        "description": "Facts compiled by hand from named sources; see data/raw/NOTES.md.",
        "resources": [
            {
                "name": name.replace("_", "-"),
                "path": f"{name}.csv",
                "title": f"One row: {schema[name].row}",
                "type": "table",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "rows": len(tables[name]),
                "schema": _table_schema(schema[name]),
            }
            for name, content in contents.items()
        ],
    }
    return (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode()


def _read_raw(raw: Path, table: Table) -> list[Text]:
    """Read the hand-typed files of a table; a missing or empty one is a problem like any other."""
    texts = []
    for name in table.files:
        file = f"data/raw/{name}" if raw == RAW else str(raw / name)
        if (raw / name).is_file():
            text = read_text(raw / name, table, file=file)
            if not len(text.cells) and not text.problems:
                text.problems.append(Problem(file, 0, "", "no rows", f"rows: each {table.row}"))
            texts.append(text)
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
    for text in texts if len(texts) > 1 else ():
        if text.cells.empty or not set(table.key) <= set(text.cells):
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
    frames: Mapping[str, pd.DataFrame], texts: Mapping[str, list[Text]], categories: Iterable[str]
) -> list[Problem]:
    """Problems that only several tables, or several rows, can show."""
    found = [
        *_check_coverage(frames["coverage"], texts["coverage"][0], categories),
        *_check_inside_coverage(frames, texts["launches"][0]),
        *_check_eras(frames["eras"], texts["eras"][0]),
        *filter_problems(frames["groups"], texts["groups"][0], frames["events"]),
        *_check_outlet_rules(frames["outlet_rules"], texts["outlet_rules"][0]),
        *_check_retests(frames, texts),
    ]
    return sorted(found, key=lambda p: (p.file, p.line))


def _check_coverage(coverage: pd.DataFrame, text: Text, categories: Iterable[str]) -> list[Problem]:
    expected = {("launches", f) for f in FAMILIES} | {("events", c) for c in categories}
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


def _check_outlet_rules(table: pd.DataFrame, text: Text) -> list[Problem]:
    """The last row fits every count, so that each has a rule."""
    last = table.tail(1)
    if len(last) and last.drop(columns=["rule", "why"]).isna().all(axis=None):
        return []
    line, rule = (int(text.lines[-1]), str(last["rule"].item())) if len(last) else (0, "")
    return [Problem(text.file, line, "rule", rule, "a last row without any condition")]


def _check_retests(
    frames: Mapping[str, pd.DataFrame], texts: Mapping[str, list[Text]]
) -> list[Problem]:
    """Every finding that is no forecast is tested again, and each test has what it needs."""
    retests, findings = frames["retests"], frames["published_findings"]
    wanted = (findings["kind"] != "forecast") & ~findings["finding_id"].isin(retests["finding_id"])
    kinds, part = retests["test"], retests["part"]
    checks = [("published_findings", "finding_id", wanted, "a row in retests.csv")]
    for column in ("group", "window"):
        lacks = (kinds == "events") & retests[column].isna()
        checks.append(("retests", column, lacks, f"the {column} of the events"))
    for kind, low, high in (("quarter", 1, 4), ("weekday", 0, 6)):
        outside = (kinds == kind) & ~part.between(low, high).fillna(False)
        checks.append(("retests", "part", outside, f"the {kind}, from {low} to {high}"))
    return [
        Problem(texts[name][0].file, int(texts[name][0].lines[i]), column, "", expected)
        for name, column, wrong, expected in checks
        for i in wrong.to_numpy(bool).nonzero()[0]
    ]


# --------------------------------------------------------------------------- writing


def _finish(
    table: Table, frames: Mapping[str, pd.DataFrame], announcers: Mapping[str, Announcer]
) -> pd.DataFrame:
    frame = tidy(frames[table.name], table)
    if table.name == "launches":
        frame = join(frame, frames["systems"], frames["sites"])
        frame = add_announced(frame, frames["announced"], announcers)
    if table.name == "example_japan":  # nobody's other lists and numbers are recorded for it
        frame = add_announced(frame, frames["announced"].head(0), announcers)
    if "salvo_id" in table.names:
        frame = frame.assign(salvo_id=derive_salvos(frame))
    if table.name in _ORDER:
        frame = frame.sort_values(_ORDER[table.name], ignore_index=True)
    return frame[table.names]


def _text_of(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    return pd.DataFrame({c.name: _as_text(frame[c.name], c) for c in table.columns})


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

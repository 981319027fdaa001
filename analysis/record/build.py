"""data/raw -> data/processed: check every table and join what belongs together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from .check import Problem, RecordError, Text, check, read_text
from .columns import Table
from .conventions import ANNOUNCER_TABLE, CATEGORY_TABLE
from .example_tables import EXAMPLES
from .files import RAW, VERSION
from .join import add_announced, join, tidy
from .salvo import derive_salvos
from .tables import make_tables
from .together import check_together
from .vocabulary import Announcer, Vocabulary, make_vocabulary

_ORDER = {
    "launches": ["launch_id"],
    **{f"example_{name}": ["launch_id"] for name in EXAMPLES},
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
        # of a table that cannot be read its names are not known to be absent
        if column.refers and not any(text.problems for text in texts[column.refers.split(".")[0]])
    }
    frames: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for name, table in tables.items():
        checked = [check(text, table, known=known) for text in texts[name]]
        problems += [problem for _, found in checked for problem in found]
        problems += _repeated_across_files(texts[name], table)
        frames[name] = pd.concat([part for part, _ in checked], ignore_index=True)
    if not problems:
        problems = check_together(frames, texts, vocabulary.kinds)
    if problems:
        raise RecordError(problems)
    return {name: _finished(table, frames, vocabulary.announcers) for name, table in tables.items()}


def read_version(raw: Path, coverage: pd.DataFrame) -> str:
    """Return the version of the record: its last day, then the revision of the facts.

    Raises
    ------
    RecordError
        If it does not begin with the last day on which all launches are covered.
    """
    path = raw / VERSION
    text = path.read_text("utf-8").strip() if path.is_file() else ""
    last = coverage.loc[coverage["table"] == "launches", "end"].min()
    if not re.fullmatch(rf"{last:%Y-%m-%d}\.[1-9][0-9]*", text):
        expected = f"last day of launches in coverage.csv and a revision, as {last:%Y-%m-%d}.1"
        raise RecordError([Problem(VERSION, 1, "version", text, expected)])
    return text


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


def _read_raw(raw: Path, table: Table) -> list[Text]:
    """Read the hand-typed files of a table; a missing or empty one is a problem like any other."""
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


def _finished(
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

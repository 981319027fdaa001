"""A CSV file read as text, cell by cell, so that each problem can be named by its place."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from .columns import Table

_ALLOWED_IN_A_SENTENCE = 12


class Problem(NamedTuple):
    """One cell, row or file that breaks a rule."""

    file: str
    line: int  # 0: the file as a whole
    column: str  # empty: the row as a whole
    value: str
    expected: str

    def __str__(self) -> str:
        """Say where, what was found and what was expected."""
        where = self.file
        if self.line:
            where += f", line {self.line}"
        if self.column:
            where += f", column {self.column}"
        found = self.value if len(self.value) <= 80 else self.value[:77] + "..."
        return f"{where}: {found!r}, expected {self.expected}"


class RecordError(ValueError):
    """Input that breaks the schema; `problems` lists every one of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        noun = "problem" if len(self.problems) == 1 else "problems"
        lines = "\n".join(f"  {p}" for p in self.problems)
        super().__init__(f"{len(self.problems)} {noun} in the record\n{lines}")


class Text(NamedTuple):
    """A table as text: cells, the line each row begins on, and what was wrong with the file."""

    cells: pd.DataFrame
    lines: np.ndarray
    file: str
    problems: list[Problem]


def read_text(path: str | Path, table: Table, *, file: str = "") -> Text:
    """Read a CSV file as text; say what is wrong with its encoding, header or row lengths."""
    file = file or str(path)
    content, problems = _decode(Path(path).read_bytes(), file)
    rows: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    before = 0
    try:
        for row in reader:
            if row:
                rows.append(row)
                lines.append(before + 1)
            before = reader.line_num
    except csv.Error as error:
        problems.append(Problem(file, before + 1, "", "", f"a readable row ({error}); truncated?"))
    if not rows:
        if not problems:
            problems.append(Problem(file, 0, "", "", "a header line: the file is empty"))
        return Text(
            pd.DataFrame(columns=table.names, dtype="str"), np.array([], int), file, problems
        )
    header, body = rows[0], rows[1:]
    problems += _check_header(header, table, file)
    width = len(header)
    problems += [
        Problem(file, line, "", f"{len(row)} cells", f"{width} cells as in the header")
        for row, line in zip(body, lines[1:], strict=True)
        if len(row) != width
    ]
    fit = [(row, line) for row, line in zip(body, lines[1:], strict=True) if len(row) == width]
    unique = [i for i, name in enumerate(header) if header.index(name) == i]
    columns = {header[i]: pd.array([row[i] for row, _ in fit], dtype="str") for i in unique}
    return Text(pd.DataFrame(columns), np.array([line for _, line in fit], int), file, problems)


def _decode(raw: bytes, file: str) -> tuple[str, list[Problem]]:
    problems = []
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        value = raw[error.start : error.end].hex(" ")
        problems.append(Problem(file, line, "", value, "UTF-8 text"))
        content = raw.decode("utf-8", errors="replace").replace("\ufffd", "?")
    for stray in ("\0", "\ufffd"):
        if stray in content:
            line = content.count("\n", 0, content.index(stray)) + 1
            problems.append(Problem(file, line, "", stray, "UTF-8 text"))
    if content and not content.endswith("\n"):
        line = content.count("\n") + 1
        last = content.rpartition("\n")[2]
        problems.append(
            Problem(file, line, "", last, "a line break at the end of the file; truncated?")
        )
    return content.replace("\0", ""), problems


def _check_header(header: list[str], table: Table, file: str) -> list[Problem]:
    problems = []
    for i, name in enumerate(header):
        if name in header[:i]:
            problems.append(Problem(file, 1, name, name, "each column once"))
        elif name not in table.names:
            problems.append(Problem(file, 1, name, name, one_of(table.names)))
    return problems


def one_of(words: Iterable[str], refers: str = "") -> str:
    """Say which words are allowed; of many, the first few."""
    listed = list(words)
    if len(listed) > _ALLOWED_IN_A_SENTENCE:
        what = f"one of the {len(listed)} " + (refers.replace(".", " ") if refers else "allowed")
        return f"{what} names, such as {', '.join(listed[:4])}"
    return "one of " + ", ".join(listed)

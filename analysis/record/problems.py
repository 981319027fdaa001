"""What is wrong with a file or a table: each problem by its place, all of them in one error."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..escape import for_terminal
from .hints import hint

_ALLOWED_IN_A_SENTENCE = 12
#: Problems of one kind that the text of an error shows; the others are counted.
_SHOWN = 3


class Problem(NamedTuple):
    """One cell, row or file that breaks a rule."""

    file: str
    line: int  # 0: the file as a whole
    column: str  # empty: the row as a whole
    value: str
    expected: str
    row: str = ""  # of a table in memory: its label and place

    def __str__(self) -> str:
        """Say where, what was found and what was expected."""
        where = for_terminal(self.file)
        if self.line:
            where += f", line {self.line}"
        if self.row:
            where += f", row {for_terminal(self.row)}"
        if self.column:
            where += f", column {for_terminal(self.column)}"
        found = self.value if len(self.value) <= 80 else self.value[:77] + "..."
        why = hint(self.value, self.expected)
        rest = f" ({why})" if why else ""
        return f"{where}: {found!r}, expected {for_terminal(self.expected)}{rest}"


class RecordError(ValueError):
    """Input that breaks the schema; `problems` lists every one of them.

    The text shows a few problems of each kind and says how many more there are.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        noun = "problem" if len(self.problems) == 1 else "problems"
        kinds: dict[tuple[str, str, str], int] = {}
        lines = []
        for problem in self.problems:
            # "line 7 has it already" and "line 8 has it already" are of one kind
            kind = (problem.file, problem.column, re.sub("[0-9]+", "0", problem.expected))
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] <= _SHOWN:
                lines.append(f"  {problem}")
        lines += [
            f"  {for_terminal(file + f', column {column}' * bool(column))}: "
            f"{n - _SHOWN} more like these"
            for (file, column, _), n in kinds.items()
            if n > _SHOWN
        ]
        super().__init__("\n".join([f"{len(self.problems)} {noun} in the record", *lines]))

    def __reduce__(self) -> tuple[type[RecordError], tuple[list[Problem]]]:
        """Travel between processes with every problem."""
        return RecordError, (self.problems,)


def one_of(words: Iterable[str], refers: str = "") -> str:
    """Say which words are allowed; of many, the first few."""
    listed = list(words)
    if len(listed) > _ALLOWED_IN_A_SENTENCE:
        what = f"one of the {len(listed)} " + (refers.replace(".", " ") if refers else "allowed")
        return f"{what} names, such as {', '.join(listed[:4])}"
    return "one of " + ", ".join(listed)

"""Every mistake in ``data/raw``, or in files of one's own, by its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..record.additions import repeated
from ..record.build import build, read_version
from ..record.check import check
from ..record.files import RAW
from ..record.load import load_events, load_launches
from ..record.problems import Problem, RecordError
from ..record.schema import TABLES
from ..record.text import read_text
from ..record.userfiles import read_events, read_launches


def check_files(paths: Sequence[str | Path] = (), *, encoding: str = "utf-8") -> Iterator[str]:
    """Check the raw tables, or files of launches or events; give a line to each that is good.

    Parameters
    ----------
    paths : sequence of str or Path
        The files; all of ``data/raw`` where empty. One that lies there is checked as a part of the
        record, another as `load_launches` or `load_events` would take it by ``extra=``, and one
        that bears the name of another raw table, such as ``systems.csv``, as that table.
    encoding : str
        Encoding of files of one's own that are not Unicode.

    Yields
    ------
    str
        What is good.

    Raises
    ------
    RecordError
        With every mistake of every file; its `problems` hold them one by one.
    FileNotFoundError
        Without files and without a checkout.
    """
    typed = [path for path in map(Path, paths) if path.resolve().parent == RAW.resolve()]
    problems: list[Problem] = []
    good: list[str] = []
    if typed or not paths:
        found, version = _in_record()
        names = {path.name for path in typed}
        problems += [p for p in found if not names or Path(p.file).name in names]
        others = len(found) - len(problems)
        good.append(f"data/raw: no mistake in {', '.join(sorted(names)) or 'any table'}{version}")
        if others:
            good.append(f"{others} in other raw tables: `check` without files names them")
    for path in map(Path, paths):
        if path not in typed:
            found, said = _in_own(path, encoding)
            problems += found
            good.append(said)
    if problems:
        raise RecordError(problems)
    yield from good


def _in_record() -> tuple[list[Problem], str]:
    """Return the mistakes of the raw tables, and the version where there are none."""
    if not (RAW / "launches.csv").is_file():
        raise FileNotFoundError(f"{RAW} holds no raw tables: without a checkout name your file")
    try:
        tables = build(RAW)
        return [], f"; version {read_version(RAW, tables['coverage'])}"
    except RecordError as error:
        return error.problems, ""


def _in_own(path: Path, encoding: str) -> tuple[list[Problem], str]:
    """Return the mistakes of a file of one's own, and what it holds where there are none."""
    for table in TABLES.values():
        if path.name in table.files and table.name not in ("launches", "events"):
            # a copy of another raw table: what its cells refer to is checked in data/raw alone
            text = read_text(path, table, own=True, encoding=encoding)
            return check(text, table)[1], f"{path}: {len(text.cells)} good rows of {table.name}"
    try:
        name = _table_of(path, encoding)
        launches = name == "launches"
        rows = (read_launches if launches else read_events)(path, encoding=encoding)
        record = load_launches() if launches else load_events()
        return repeated(record, rows, name, str(path)), f"{path}: {len(rows)} good rows of {name}"
    except RecordError as error:
        return error.problems, ""


def _table_of(path: Path, encoding: str) -> str:
    """Return the table of which a file's header names most columns."""
    if path.suffix.lower() in (".xlsx", ".parquet", ".json"):
        return "launches"
    header = read_text(path, TABLES["launches"], own=True, encoding=encoding).cells.columns
    return max(("launches", "events"), key=lambda name: len(set(header) & set(TABLES[name].names)))

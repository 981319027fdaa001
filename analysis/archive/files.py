"""Files of an archive as they come: plain, zipped or gzipped, and how wide they are."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from os import PathLike
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias

from .kinds import Kind

Paths: TypeAlias = str | PathLike[str] | Iterable[str | PathLike[str]]
_BYTES_AT_ONCE = 1 << 20
#: Lines looked at for the width of a file whose first lines are damaged.
_LOOKED_AT = 100


class Source(NamedTuple):
    """One file of an archive, unpacked."""

    name: str
    #: Where it lies unpacked.
    path: Path
    n_bytes: int
    #: Rows in it, good or bad, the header not counted; of damaged files those before the damage.
    n_rows: int
    #: Type of each column in it; empty if the file cannot be used at all.
    columns: dict[str, str]
    #: Why it cannot be used, with its line.
    problem: str = ""


def list_files(paths: Paths) -> list[Path]:
    """Return the files of a path, of a pattern such as "2013*.zip", a folder, or several."""
    given = [paths] if isinstance(paths, str | PathLike) else list(paths)
    found: list[Path] = []
    for each in map(Path, given):
        inside = each.iterdir() if each.is_dir() else each.parent.glob(each.name)
        files = sorted(path for path in inside if path.is_file())
        found += files
        if not files:
            raise ValueError(f"expected files of an archive at {str(each)!r}, there are none")
    return list(dict.fromkeys(found))


def unpack_file(file: Path, kind: Kind, aside: Path) -> Source:
    """Unpack a file where it is packed, count its rows and find its columns.

    A packed file that breaks off cannot say how many rows are lost, so none of it is used.
    """
    path = file if file.suffix.lower() not in (".zip", ".gz") else aside
    blank = Source(str(file), path, file.stat().st_size, 0, {})
    n_lines, end = 0, b"\n"
    try:
        with ExitStack() as stack:
            reader = stack.enter_context(_opened(file))
            writer = stack.enter_context(aside.open("wb")) if path == aside else None
            for block in iter(lambda: reader.read(_BYTES_AT_ONCE), b""):
                n_lines, end = n_lines + block.count(b"\n"), block[-1:]
                if writer:
                    writer.write(block)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, ValueError) as error:
        return blank._replace(n_rows=n_lines, problem=f"line {n_lines + 1}: {error}")
    n_lines += end != b"\n"
    n_rows = max(0, n_lines - kind.header)
    columns, problem = (
        _columns_and_dialect(path, kind) if n_lines else ({}, "line 1: the file is empty")
    )
    return blank._replace(n_rows=n_rows, columns=columns, problem=problem)


def _opened(file: Path) -> IO[bytes]:
    """Open what is in a file."""
    if file.suffix.lower() == ".gz":
        return gzip.open(file)  # type: ignore[return-value]
    if file.suffix.lower() != ".zip":
        return file.open("rb")
    packed = zipfile.ZipFile(file)
    names = packed.namelist()
    if len(names) != 1:
        raise ValueError(f"expected one file inside, found {len(names)}")
    return packed.open(names[0])


def _columns_and_dialect(path: Path, kind: Kind) -> tuple[dict[str, str], str]:
    """Return the columns of an unpacked file, or none and why."""
    lines = list(_first_lines(path))
    if kind.header:
        names = [name.strip('"') for name in lines[0].lstrip("\ufeff").split(kind.delimiter)]
        lacking = [name for name in kind.means.values() if name not in names]
        if lacking:
            return {}, f"line 1: the header lacks {', '.join(map(repr, dict.fromkeys(lacking)))}"
        return {name: kind.columns.get(name, "VARCHAR") for name in names}, ""
    layouts = kind.layouts()
    widths = [line.count(kind.delimiter) + 1 for line in lines]
    for width in widths:
        if width in layouts:
            return layouts[width], ""
    expected = " or ".join(map(str, layouts))
    return {}, f"line 1: expected {expected} columns, found {widths[0]}"


def _first_lines(path: Path) -> Iterator[str]:
    """Give the first lines of a file; letters that are none are replaced."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line, _ in zip(lines, range(_LOOKED_AT), strict=False):
            yield line.rstrip("\r\n")


def as_sql(value: Any) -> str:
    """Write a value as DuckDB's SQL does.

    Examples
    --------
    >>> as_sql({"it's": ["a", True]})
    "{'it''s': ['a', true]}"
    """
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{as_sql(key)}: {as_sql(each)}" for key, each in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(as_sql, value)) + "]"
    return (
        str(value).lower() if isinstance(value, bool) else "'" + str(value).replace("'", "''") + "'"
    )


def reading_sql(sources: list[Source], kind: Kind, **options: Any) -> str:
    """Return DuckDB's expression that reads unpacked files of the same columns.

    Beside the file's own columns each row has `file`, and `unit`: the number of its document, or
    where there is none, of its actors, action and place (a hash, equal on every engine).
    """
    columns = sources[0].columns
    given = {
        "columns": columns,
        "auto_detect": False,
        "header": kind.header,
        "delim": kind.delimiter,
        "quote": kind.quote,
        "escape": kind.quote,
        "nullstr": ["", *kind.nulls],
        "filename": "path",
        "hive_partitioning": False,
        **(kind.dates or {}),
        **options,
    }
    files = as_sql([str(source.path) for source in sources])
    words = ", ".join(f"{name}={as_sql(value)}" for name, value in given.items())
    names = ", ".join(f"({as_sql(str(s.path))}, {as_sql(s.name)})" for s in sources)
    return (
        f"SELECT rows.* EXCLUDE (path), file, ({unit_sql(columns, kind)})::BIGINT AS unit "
        f"FROM read_csv({files}, {words}) AS rows "
        f"JOIN (VALUES {names}) AS files (path, file) USING (path)"
    )


def unit_sql(columns: Iterable[str], kind: Kind) -> str:
    """Return the expression of the number by which a row's document is counted."""

    def text(name: str) -> str:
        return f'CAST("{kind.means[name]}" AS VARCHAR)'

    deed = ", ".join(text(name) for name in ("actor1", "actor2", "action", "place"))
    known = text("document") if kind.means["document"] in columns else "NULL"
    # halved, since engines know signed numbers only
    return f"hash(coalesce({known}, concat_ws('|', {deed}))) >> 1"

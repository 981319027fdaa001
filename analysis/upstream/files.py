"""A user's file -> its bytes or text, or one clear error."""

from __future__ import annotations

import stat
from pathlib import Path

from ..record.check import Problem, RecordError

#: Far above any of the files read here; the largest, GCAT's launch list, has 11 MB.
MAX_BYTES = 64 * 2**20


def refuse(file: str, found: str, expected: str, *, line: int = 0, column: str = "") -> RecordError:
    """Return the error for a file that cannot be read.

    Examples
    --------
    >>> print(refuse("cns.csv", "no row", "at least one launch"))
    1 problem in the record
      cns.csv: 'no row', expected at least one launch
    """
    return RecordError([Problem(file, line, column, found, expected)])


def file_bytes(path: str | Path) -> bytes:
    """Return the content of a regular file of a sensible size."""
    file = str(path)
    try:
        status = Path(path).stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no regular file"
            raise refuse(file, kind, "a file")
        if status.st_size > MAX_BYTES:
            size = f"{status.st_size / 2**20:,.0f} MB"
            raise refuse(file, size, f"a file of at most {MAX_BYTES // 2**20} MB")
        with Path(path).open("rb") as stream:
            raw = stream.read(MAX_BYTES)
    except OSError as error:
        raise refuse(file, error.strerror or str(error), "a file that can be read") from error
    except ValueError as error:
        if isinstance(error, RecordError):
            raise
        raise refuse(file, str(error), "the name of a file") from error
    if not raw.strip():
        raise refuse(file, "", "a table: the file is empty")
    return raw


def decode(raw: bytes, file: str) -> tuple[str, str]:
    r"""Return the text, and its encoding where that is none of Unicode's.

    Excel on Windows writes Windows-1252, on a Mac (with carriage returns alone) Mac Roman.

    Examples
    --------
    >>> decode("Chiha‑ri".encode(), "x.csv"), decode(b"Chiha\xa0ri", "x.csv")
    (('Chiha‑ri', ''), ('Chiha\xa0ri', 'Windows-1252'))
    """
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    try:
        text, encoding = raw.decode(marks.get(raw[:2], "utf-8-sig")), ""
    except UnicodeDecodeError:
        mac = b"\r" in raw and b"\n" not in raw
        text = raw.decode("mac_roman" if mac else "cp1252", errors="replace")
        encoding = "Mac Roman" if mac else "Windows-1252"
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise refuse(file, "\0", "text, without null characters", line=line)
    return text, encoding

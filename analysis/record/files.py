"""Where the tables lie, and sets of files that are replaced whole or not at all.

The tables of ``data/processed``, the simulated tables in its folder ``proofs`` and the figures are
a set each. A set is written aside; then its files take their places one by one. A reader never
sees half a file, and a run that is killed between two files is finished by the next one. Replacing
a set deletes nothing that belongs to another, or to nobody.
"""

from __future__ import annotations

import errno
import filecmp
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import cast

try:
    import fcntl
except ModuleNotFoundError:  # Windows: two builds at once are then the user's own care
    fcntl = None  # type: ignore[assignment]

ROOT = Path(__file__).resolve().parents[2]
RAW = ROOT / "data" / "raw"
PROCESSED = ROOT / "data" / "processed"
#: Name of the file, among the raw tables, that holds the version of the record.
VERSION = "version.txt"


def processed() -> Path:
    """Return the folder of built tables: the package's own copy, or that of the checkout."""
    # inside a zip, paths read like those of a folder
    packaged = cast(Path, files(__package__)).parent / "_data" / "processed"
    return packaged if packaged.is_dir() else PROCESSED


def read_built(path: Path, command: str = "make data") -> bytes:
    """Return a built table as it stands in the Data Package beside it.

    Raises
    ------
    FileNotFoundError
        If either is missing.
    ValueError
        If they belong to different builds; both messages name the command that mends it.

    Examples
    --------
    >>> read_built(processed() / "systems.csv")[:7]
    b'system,'
    """
    try:
        content = read_file(path)
        hashes = _hashes(read_file(path.parent / "datapackage.json"))
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"{error.filename} is missing: in a checkout, `{command}` builds it"
        ) from None
    except (ValueError, KeyError, TypeError):
        hashes = {}
    if hashes.get(path.name) != f"sha256:{hashlib.sha256(content).hexdigest()}":
        raise ValueError(f"{path} is not as datapackage.json describes it: run `{command}`")
    return content


@lru_cache(maxsize=4)
def _hashes(datapackage: bytes) -> dict[str, str]:
    """Return the hash of each table that a Data Package describes."""
    resources = json.loads(datapackage)["resources"]
    return {resource["path"]: resource["hash"] for resource in resources}


def read_file(path: Path) -> bytes:
    """Return what a file holds; a pipe or a device, which could keep a reader waiting, is none.

    Raises
    ------
    OSError
        If there is no such file, or it cannot be read.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "no regular file", str(path))
    return path.read_bytes()


def built_version(folder: Path) -> str:
    """Return the version of the record in a folder of built tables.

    Examples
    --------
    >>> len(built_version(processed()).split("-"))
    3
    """
    return str(json.loads((folder / "datapackage.json").read_bytes())["version"])


def state(home: Path) -> Path:
    """Return where it is noted what was made under a folder, and where new sets are written."""
    return home / ".build"


def home_of(out: Path, usual: Path) -> Path:
    """Return the folder under which a set and its state lie: the checkout, or one's own folder."""
    return ROOT if out.resolve() == usual else out.resolve()


@contextmanager
def named_where_full(path: Path) -> Iterator[None]:
    """Let the error of a full disk, which names no file, name this one."""
    try:
        yield
    except OSError as error:
        if error.errno and error.filename is None:
            error.filename = str(path)
        raise


@contextmanager
def whole_set(name: str, home: Path = ROOT) -> Iterator[Path]:
    """Give a folder to write a set into; on leaving, its files take their places under `home`.

    If the body raises, nothing under `home` has changed. One process at a time works on a set.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with whole_set("tables", Path(folder)) as new:
    ...         _ = (new / "launches.csv").write_text("32")
    ...     Path(folder, "launches.csv").read_text()
    '32'
    """
    state(home).mkdir(parents=True, exist_ok=True)
    with named_where_full(home), (state(home) / f"{name}.lock").open("w") as lock:
        if fcntl:
            fcntl.flock(lock, fcntl.LOCK_EX)
        _finish(name, home)
        new = state(home) / f"{name}.new-{os.getpid()}"
        new.mkdir()
        try:
            yield new
            _check_places(new, home)
            new.rename(_ready(name, home))  # from here on the new set is the one that counts
        finally:
            _finish(name, home)


def is_broken_off(name: str, home: Path = ROOT) -> bool:
    """Whether a run that was killed left something of a set behind."""
    return _ready(name, home).exists() or any(_aside(name, home))


def _check_places(new: Path, home: Path) -> None:
    """Raise if a file could not take its place: better now than half-way."""
    for path in _files(new):
        place = home / path.relative_to(new)
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.is_dir():
            raise IsADirectoryError(f"{place} is a folder: a file is to be written there")
        if not os.access(place.parent, os.W_OK):
            raise PermissionError(f"{place.parent} cannot be written")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _ready(name: str, home: Path) -> Path:
    return state(home) / f"{name}.ready"


def _aside(name: str, home: Path) -> Iterator[Path]:
    return state(home).glob(f"{name}.new-*")


def _finish(name: str, home: Path) -> None:
    """Put the files of a set that was written whole in their places; drop one that was not."""
    ready = _ready(name, home)
    for path in _files(ready):
        place = home / path.relative_to(ready)
        if not (place.is_file() and filecmp.cmp(path, place, shallow=False)):
            path.replace(place)
    for folder in (ready, *_aside(name, home)):
        _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a folder into which workers of a killed run may still write for a moment."""
    for pause in (0.0, 0.1, 0.2, 0.4, 0.8):
        time.sleep(pause)
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return

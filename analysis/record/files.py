"""Files that are replaced whole or not at all, and rebuilt only when what they rest on changed."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".build"


def processed() -> Path:
    """Return the folder of built tables: the package's own copy, or that of the checkout."""
    packaged = Path(__file__).parents[1] / "_data" / "processed"
    return packaged if packaged.is_dir() else ROOT / "data" / "processed"


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    """Return a hash of the names and bytes of files (missing ones included) and of some words."""
    digest = hashlib.sha256("\n".join(words).encode())
    for path in sorted(paths):
        digest.update(f"\n{path.name}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"none")
    return digest.hexdigest()


def code(*, but: Iterable[str] = ()) -> list[Path]:
    """Return the library's own source files, without those of the given names."""
    return [p for p in sorted(Path(__file__).parents[1].rglob("*.py")) if p.name not in set(but)]


def is_fresh(name: str, inputs: str, outputs: Iterable[Path], state: Path = STATE) -> bool:
    """Whether `name` was built from these inputs and its outputs still are as they were left."""
    memory = state / f"{name}.json"
    if not memory.is_file():
        return False
    said = json.loads(memory.read_text("utf-8"))
    return said == {"inputs": inputs, "outputs": fingerprint(outputs)}


def remember(name: str, inputs: str, outputs: Iterable[Path], state: Path = STATE) -> None:
    """Note from which inputs `name` was built."""
    said = {"inputs": inputs, "outputs": fingerprint(outputs)}
    replace_files({state / f"{name}.json": json.dumps(said, indent=1).encode() + b"\n"})


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """Write all files aside, then put each in its place: a reader never sees half a file.

    Files whose bytes would not change are left alone, with their time stamp.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "table.csv"
    ...     replace_files({path: b"32"})
    ...     path.read_text()
    '32'
    """
    aside: list[tuple[str, Path]] = []
    try:
        for path, content in contents.items():
            if path.is_file() and path.read_bytes() == content:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            aside.append((name, path))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).chmod(0o644)
        for name, path in aside:
            Path(name).replace(path)
    finally:
        for name, _ in aside:
            Path(name).unlink(missing_ok=True)

"""A copy of the checkout that tests may change, and commands run in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def copy_checkout(folder: Path) -> Path:
    """Copy what tables and figures are made from."""
    for name in ("analysis", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a module of the package as a command of the copy."""
    module, *arguments = words
    return subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=folder, capture_output=True, text=True
    )


def rewrite(path: Path, old: str, new: str) -> None:
    """Change a file and set its time back, as `cp -p` and rsync do."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    os.utime(path, (1, 1))


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder but the notes of what is fresh."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".build" not in path.parts
    }

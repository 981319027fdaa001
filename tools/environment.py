"""Make the environment of the lock files, aside: the old one works until the new one stands.

    python3 tools/environment.py [--peers] [--docs]

Needs nothing but an interpreter. Each environment lies in ``.build/env`` under a name made from
the lock files, the interpreter and the place of the checkout; ``.venv`` is a link to the one in
use, set when all is in place. So a new lock without a network, or a kill, leaves the old one at
work. A changed pyproject.toml has only the package itself installed anew, which needs no network.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".build" / "env"
LINK = ROOT / ".venv"
INSTALLERS = ROOT / "requirements-install.lock"
LOCK = ROOT / "requirements.lock"
#: What goes into the same environment only where it is asked for.
EXTRAS = {name: ROOT / f"requirements-{name}.lock" for name in ("peers", "docs")}
SPARK = ROOT / "requirements-spark.lock"
LOWEST = (3, 11)


def main(arguments: list[str]) -> int:
    """Make or mend the environment of `.venv`; return the exit status."""
    if sys.version_info < LOWEST:
        sys.stderr.write("Python 3.11 or newer is needed, as in: make PYTHON=python3.11\n")
        return 1
    try:
        with locked():
            folder = environment("main")
            if LINK.resolve() != folder.resolve() or not LINK.is_symlink():
                swap(folder)
            for other in HOME.glob("main-*"):
                if other.name != folder.name:  # what it replaced, or was never finished
                    shutil.rmtree(other, ignore_errors=True)
            for name, lock in EXTRAS.items():
                if f"--{name}" in arguments:
                    once(folder, name, lock, partial(install, folder, lock))
    except (OSError, subprocess.CalledProcessError) as error:
        kept = "; .venv is as it was" if LINK.exists() else ""
        sys.stderr.write(f"the environment could not be made{kept}: {error}\n")
        return 1
    return 0


def environment(name: str, python: str = sys.executable, prefix: str = sys.base_prefix) -> Path:
    """Return the folder of an environment that holds all of the lock and the package itself."""
    parts = [INSTALLERS.read_bytes(), LOCK.read_bytes(), f"{prefix} {ROOT}".encode()]
    folder = HOME / f"{name}-{hashlib.sha256(b''.join(parts)).hexdigest()[:12]}"
    if not (folder / "ready").exists():
        print(f"making an environment in {folder.relative_to(ROOT)}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        run(python, "-m", "venv", folder)
        pip(folder, "--require-hashes", "-r", INSTALLERS)
        install(folder, LOCK)
        (folder / "ready").touch()
    once(
        folder,
        "package",
        ROOT / "pyproject.toml",
        lambda: pip(folder, "--no-deps", "--no-build-isolation", "-e", ROOT),
    )
    return folder


def install(folder: Path, lock: Path) -> None:
    """Install what a lock file pins; uv is fast, plain pip takes over where it gets no answer."""
    words = ("--require-hashes", "-r", lock)
    try:
        run(folder / "bin/uv", "pip", "install", "-q", "--python", folder / "bin/python", *words)
    except subprocess.CalledProcessError:
        pip(folder, *words)


def pip(folder: Path, *words: object) -> None:
    """Install with pip."""
    run(folder / "bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", *words)


def run(*words: object) -> None:
    """Run a command, or raise."""
    subprocess.run([str(word) for word in words], check=True)


def once(folder: Path, name: str, file: Path, work: Callable[[], None]) -> None:
    """Do something with a file unless it was done in this environment with the same content."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    note = folder / f"{name}.done"
    if not note.exists() or note.read_text() != digest:
        work()
        note.write_text(digest)


def swap(folder: Path) -> None:
    """Let `.venv` be this environment; one of another make is put aside."""
    if LINK.is_dir() and not LINK.is_symlink():
        LINK.rename(HOME / f"main-old-{os.getpid()}")
    aside = HOME / "link"
    aside.unlink(missing_ok=True)
    aside.symlink_to(folder.relative_to(ROOT))
    aside.replace(LINK)


@contextmanager
def locked() -> Iterator[None]:
    """Let one process at a time make environments."""
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Run tests in other environments: other interpreters, the base dependencies alone, Spark.

    python -m tools.matrix pythons     every CPython of this machine from 3.11 on, but this one
    python -m tools.matrix base        without what the extras bring
    python -m tools.matrix lowest      with the lowest versions that pyproject.toml promises
    python -m tools.matrix spark       the tests that ask Spark what they ask DuckDB

The numbers of every figure are drawn anew under other interpreters; they must be the committed
ones to the byte. Their pictures may differ by a few pixels and are not looked at.

Each has an environment of its own under ``.build/env``, made once.
"""

from __future__ import annotations

import filecmp
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tools.environment import LOWEST, ROOT, SPARK, environment, install, locked, once, run

QUICK = ("-q", "-n", "2", "-p", "no:cacheprovider", "--no-header",
         "-m", "not browser and not benchmark and not slow")  # fmt: skip
SKIPPING = ("-p", "tests.without_extras", "-rs", "--doctest-ignore-import-errors")
#: Stored notebooks name the versions of the lock's Python.
LOCKED_ONLY = ("--ignore=tests/test_notebooks.py",)
SPARK_TESTS = "tests/test_archive_spark.py"
ASK = "import sys, venv, ensurepip; print(sys.implementation.name, sys.version_info[1], sys.prefix)"


def main(arguments: list[str]) -> int:
    """Run the suite where asked; return 1 if it failed anywhere."""
    if arguments == ["pythons"]:
        found = dict(other_pythons())
        print(f"other interpreters here: {', '.join(found) or 'none, so nothing is run'}")
        failed = [name for name, python in found.items() if not passes(name, python)]
    elif arguments == ["base"]:
        failed = [] if passes_without_extras() else ["base dependencies alone"]
    elif arguments == ["lowest"]:
        failed = [] if passes_at_lowest() else ["lowest versions"]
    elif arguments == ["spark"]:
        failed = [] if passes_with_spark() else ["Spark"]
    else:
        sys.stderr.write(f"{__doc__}")
        return 2
    print(f"failed: {', '.join(failed)}" if failed else "nothing failed")
    return int(bool(failed))


def other_pythons() -> Iterator[tuple[str, str]]:
    """Find interpreters on the path and among those of pyenv, one of each minor version."""
    minors = range(LOWEST[1], 30)
    paths = [
        *(shutil.which(f"python3.{minor}") for minor in minors),
        *map(str, sorted(Path.home().glob(".pyenv/versions/3.*/bin/python3"))),
    ]
    seen = {sys.version_info[1]}
    for path in filter(None, paths):
        asked = subprocess.run([path, "-c", ASK], capture_output=True, text=True)
        kind, minor, prefix = (asked.stdout.split() or ["none", "0", ""])[:3]
        if kind == "cpython" and int(minor) in minors and int(minor) not in seen:
            seen.add(int(minor))
            yield f"3.{minor}", f"{prefix}/bin/python3"


def passes(name: str, python: str) -> bool:
    """Run the quick suite under an interpreter."""
    with locked():
        folder = environment(f"test-{name}", python, str(Path(python).parents[1]))
    numbers = figures_agree(folder)
    return suite(name, folder, *LOCKED_ONLY) and numbers


def figures_agree(folder: Path) -> bool:
    """Whether the numbers of every figure come out as committed; say which do not."""
    with tempfile.TemporaryDirectory() as new:
        run(folder / "bin/python", "-m", "analysis.figures", "--force", "--out", new)
        committed = sorted((ROOT / "figures").glob("*.csv"))
        names = [path.name for path in committed]
        _, other, missing = filecmp.cmpfiles(ROOT / "figures", new, names, shallow=False)
    print(f"figures: {len(names)} tables of numbers, other than committed: {other + missing}")
    return not other + missing


def passes_at_lowest() -> bool:
    """Run the quick suite with the lowest versions that the project allows of what it names."""
    with locked():
        folder = environment("test-lowest")
        uv = folder / "bin/uv", "pip"
        once(folder, "lowest", ROOT / "pyproject.toml", lambda: lower(folder, *uv))
    return suite("lowest versions", folder, *LOCKED_ONLY)


def lower(folder: Path, *uv: object) -> None:
    """Install the lowest versions in place of those of the lock."""
    wanted = folder / "lowest.txt"
    project = ROOT / "pyproject.toml"
    words = ("-q", "--resolution", "lowest-direct", "--all-extras", "--no-header")
    run(*uv, "compile", *words, "--python", folder / "bin/python", "-o", wanted, project)
    run(*uv, "install", "-q", "--python", folder / "bin/python", "-r", wanted)


def passes_without_extras() -> bool:
    """Run what the base dependencies can do; tests that need more are skipped, and counted."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    names = {re.split(r"[^\w.-]", line)[0] for line in extras} - {project["name"]}
    with locked():
        folder = environment("test-base")
        uninstall = (folder / "bin/uv", "pip", "uninstall", "-q", "--python", folder / "bin/python")
        once(folder, "extras", ROOT / "pyproject.toml", lambda: run(*uninstall, *sorted(names)))
    return suite(
        "base dependencies alone", folder, "--doctest-ignore-import-errors", *SKIPPING, *LOCKED_ONLY
    )


def passes_with_spark() -> bool:
    """Run the tests of the distributed engine; they are skipped where there is no Java."""
    with locked():
        folder = environment("spark")
        once(folder, "spark", SPARK, lambda: install(folder, SPARK))
    command = [str(folder / "bin/python"), "-m", "pytest", "-q", "-m", "spark", SPARK_TESTS]
    return subprocess.run(command, cwd=ROOT).returncode == 0


def suite(name: str, folder: Path, *words: str) -> bool:
    """Run the quick suite in an environment."""
    print(f"-- {name}", flush=True)
    command = [str(folder / "bin/python"), "-m", "pytest", *QUICK, *words]
    return subprocess.run(command, cwd=ROOT).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

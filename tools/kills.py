"""Kill builds and redraws at many moments, and see that the next run mends what they left.

    python -m tools.kills [--rounds 100] [--seed 1]

Half of the kills come at a moment of chance, half at a change to the disk of chance. After each,
every file must be whole, and a loader must read one version or name the command. The next run must
end with all files of one version and leave nothing else behind.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import analysis.figures.counting
import analysis.record.build  # noqa: F401
from analysis.build import main as build
from analysis.figures import make
from analysis.record.files import RAW, is_broken_off, read_built, whole_set

#: Make one of two versions of a set in a folder.
Job = Callable[[Path, int], None]
#: What the interpreter calls changes to the disk when it announces them.
_CHANGES = ("open", "os.rename", "os.mkdir", "os.rmdir", "os.remove")


def tables(out: Path, version: int) -> None:
    """Build the tables, with names of places and newspapers that tell the version."""
    raw = out.with_name(f"raw-{version}")
    if not raw.is_dir():
        shutil.copytree(RAW, raw)
        for path in raw.glob("*.csv"):
            text = path.read_text("utf-8").replace("(near", f"({version}: near")
            path.write_text(text.replace("Yonhap", f"Yonhap {version}"), "utf-8")
    if build(["--raw", str(raw), "--out", str(out)]):
        raise SystemExit("the build failed")


def figures(out: Path, version: int) -> None:
    """Draw a figure, with a title that tells the version."""
    (figure,) = make.pick(["02-year-to-date"])
    make.redraw([figure._replace(question=f"Version {version}?")], out)


def letters(out: Path, version: int) -> None:
    """Write a set of three small files, which takes next to no time."""
    with whole_set("letters", out) as new:
        for name in "abc":
            (new / name).write_text(f"{name}{version}")


#: About how many changes to the disk each job makes.
_STEPS: dict[Job, int] = {letters: 30, tables: 100, figures: 32}


def main() -> int:
    """Kill, run again, and report; return 1 if a run left anything but whole sets."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    faults: list[str] = []
    rounds_of = {letters: 60, tables: (given.rounds + 1) // 2, figures: given.rounds // 2}
    for job, rounds in rounds_of.items():
        with tempfile.TemporaryDirectory() as folder:
            found, mixed = kill_often(job, rounds, Path(folder), random.Random(given.seed))
        print(f"{job.__name__}: {rounds} kills, {mixed} of them between two files of a set")
        faults += [f"{job.__name__}, {fault}" for fault in found]
    print("\n".join(faults) or "after every kill the next run ended with one whole set")
    return int(bool(faults))


def kill_often(job: Job, rounds: int, folder: Path, chance: random.Random) -> tuple[list[str], int]:
    """Return what went wrong, and how many kills left files of two versions."""
    out, sets = folder / "out", {}
    start = time.monotonic()
    for version in (1, 2):
        if run(job, out, version):
            raise SystemExit(f"{job.__name__}: failed without a kill")
        sets[version] = contents(out)
    seconds, now = (time.monotonic() - start) / 2, 2
    faults, mixed = [], 0
    for number in range(rounds):
        if number % 2:
            run(job, out, 3 - now, seconds=seconds * chance.random())
        else:
            run(job, out, 3 - now, steps=chance.randrange(_STEPS[job]))
        left = contents(out)
        is_mixed = left not in sets.values()
        mixed += is_mixed
        now = chance.choice((1, 2))
        found = {
            "a file is torn": any(
                left[name] not in (sets[1][name], sets[2][name]) for name in left
            ),
            "a loader read files of two versions": is_mixed
            and job is tables
            and reads_in_silence(out),
            "the next run failed": run(job, out, now) != 0,
            "the next run left files of two versions": contents(out) != sets[now],
            "something is left behind": any(
                is_broken_off(name, out) for name in ("letters", "data", "figures")
            ),
        }
        faults += [f"kill {number}: {fault}" for fault, there in found.items() if there]
    return faults, mixed


def run(
    job: Job, out: Path, version: int, *, seconds: float | None = None, steps: int | None = None
) -> int:
    """Run a job in a process of its own, killed after some time or changes to the disk."""
    process = os.fork()
    if process == 0:
        status = 1
        try:
            sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115
            if steps is not None:
                kill_at(steps, str(out))
            job(out, version)
            status = 0
        finally:
            os._exit(status)
    if seconds is not None:
        time.sleep(seconds)
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    return os.waitpid(process, 0)[1]


def kill_at(steps: int, folder: str) -> None:
    """Kill this process at one of its changes to a folder."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal steps
        if event in _CHANGES and str(arguments[0]).startswith(folder):
            steps -= 1
            if steps < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def contents(out: Path) -> dict[str, bytes]:
    """Return the files of a set."""
    return {path.name: path.read_bytes() for path in out.glob("*") if path.is_file()}


def reads_in_silence(out: Path) -> bool:
    """Whether every table of a folder can be read."""
    try:
        for path in out.glob("*.csv"):
            read_built(path)
    except (ValueError, FileNotFoundError):
        return False
    return (out / "datapackage.json").is_file()


if __name__ == "__main__":
    sys.exit(main())

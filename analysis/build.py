"""``python -m analysis.build``: data/raw, checked and joined -> data/processed, all or nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .errors import exit_status
from .record import files, fresh
from .record.files import VERSION


def main(arguments: Sequence[str] | None = None) -> int:
    """Build where something changed; say what was wrong and change nothing otherwise."""
    parser = argparse.ArgumentParser(prog="python -m analysis.build", description=__doc__)
    parser.add_argument("--raw", type=Path, default=files.RAW, help="folder of the raw tables")
    parser.add_argument("--out", type=Path, default=files.PROCESSED, help="folder to write to")
    parser.add_argument("--force", action="store_true", help="build even if nothing changed")
    options = parser.parse_args(arguments)
    return exit_status("build", lambda: _build(options.raw, options.out, options.force))


def _build(raw: Path, out: Path, force: bool) -> None:
    home = files.home_of(out, files.PROCESSED)
    inputs = fresh.inputs_of(_MAKERS, [*raw.glob("*.csv"), raw / VERSION])
    if not (force or files.is_broken_off("data", home)) and fresh.is_fresh("data", inputs, home):
        return
    # pandas is imported only where there is something to do
    from .record.build import build, read_version
    from .record.package import write_package

    tables = build(raw)
    version = read_version(raw, tables["coverage"])
    with files.whole_set("data", home) as new:
        folder = new / out.resolve().relative_to(home)
        folder.mkdir(parents=True, exist_ok=True)
        write_package(tables, version, folder)
        outputs = [path.relative_to(new) for path in folder.iterdir()]
        fresh.write_note(new, "data", inputs, outputs, home)
    print(f"{len(tables)} tables built, version {version}")


_MAKERS = [Path(__file__).parent / "record" / name for name in ("build.py", "package.py")]


if __name__ == "__main__":
    sys.exit(main())

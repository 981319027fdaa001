"""``python -m analysis.page``: write the page to explore, figures/report.html."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import exit_status
from ..figures.make import FOLDER
from ..record.files import ROOT
from .make import FILE_NAME, write_page


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page unless it is up to date; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m analysis.page", description=__doc__)
    parser.add_argument("--out", type=Path, help="folder to write into (default: figures)")
    parser.add_argument("--force", action="store_true", help="write it even if up to date")
    options = parser.parse_args(arguments)
    return exit_status("report", lambda: _make(options))


def _make(options: argparse.Namespace) -> None:
    if not (ROOT / "pyproject.toml").is_file():
        raise ValueError("not a checkout of the project: the page shows its figures")
    out = options.out or FOLDER
    written = write_page(out, force=options.force)
    print(f"{out / FILE_NAME}: {'written' if written else 'up to date'}")


if __name__ == "__main__":
    sys.exit(main())

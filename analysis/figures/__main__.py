"""``python -m analysis.figures``: draw the report figures whose inputs changed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import exit_status
from ..record.files import ROOT
from .make import FOLDER, pick, redraw


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the figures named, or all, as far as they are stale; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m analysis.figures", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="figures to draw (default: all)")
    parser.add_argument("--out", type=Path, help="folder to draw into (default: figures)")
    parser.add_argument("--force", action="store_true", help="draw even what is up to date")
    parser.add_argument("--list", action="store_true", help="list the figures and their questions")
    options = parser.parse_args(arguments)
    return exit_status("figures", lambda: _run(options))


def _run(options: argparse.Namespace) -> None:
    figures = pick(options.names)
    if options.list:
        print("\n".join(f"{figure.name:24} {figure.question}" for figure in figures))
        return
    if options.out is None and not (ROOT / "pyproject.toml").is_file():
        raise ValueError("not a checkout of the project: say with --out where figures go")
    drawn = redraw(figures, options.out or FOLDER, force=options.force)
    print(f"figures: {drawn} drawn, {len(figures) - drawn} up to date")


if __name__ == "__main__":
    sys.exit(main())

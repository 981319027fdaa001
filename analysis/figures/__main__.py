"""``python -m analysis.figures``: draw the report figures whose inputs changed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from . import FIGURES
from .make import fingerprint, folders, pick, redraw, stale


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the figures named, or all, as far as they are stale; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m analysis.figures", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="figures to draw (default: all)")
    parser.add_argument("--out", type=Path, help="folder to draw into (default: figures)")
    parser.add_argument("--force", action="store_true", help="draw even what is up to date")
    parser.add_argument("--list", action="store_true", help="list the figures and their questions")
    options = parser.parse_args(arguments)
    if options.list:
        print("\n".join(f"{figure.name:24} {figure.question}" for figure in FIGURES))
        return 0
    try:
        out, state = folders(options.out)
        figures = pick(options.names)
        todo = {f: fingerprint(f) for f in figures} if options.force else stale(figures, out, state)
        if todo:
            redraw(todo, out, state)
    except (ValueError, FileNotFoundError, ModuleNotFoundError) as error:
        print(f"figures: {error}", file=sys.stderr)
        return 1
    print(f"figures: {len(todo)} drawn, {len(figures) - len(todo)} up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Write analysis/__init__.pyi: the public names as type checkers and TAB completion see them.

The package loads its names when they are first used, which tools that only read the code cannot
follow. ``python -m tools.stubs`` writes the page; a test holds that it is current.
"""

from __future__ import annotations

from pathlib import Path

import analysis

STUB = Path(analysis.__file__).with_suffix(".pyi")


def stub() -> str:
    """Return the text of the page: every public name, imported from its home."""
    lines = ['"""The public names, for tools that read code: written by tools/stubs.py."""', ""]
    for home, names in sorted(analysis._HOMES.items()):
        lines += [f"from .{home} import (", *(f"    {name}," for name in sorted(names)), ")"]
    listed = [f'    "{name}",' for name in analysis.__all__]
    return "\n".join(
        [
            *lines,
            "",
            "__version__: str",
            "_HOMES: dict[str, tuple[str, ...]]",
            "__all__ = [",
            *listed,
            "]",
            "",
        ]
    )


if __name__ == "__main__":
    STUB.write_text(stub(), "utf-8")

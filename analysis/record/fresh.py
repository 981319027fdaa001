"""What is fresh: whether a product is still what its inputs give, judged by content alone.

A product (the tables, a figure, a notebook, the README's numbers, a proof) is noted when it is
made: a hash of its inputs and one of each file it left. It is fresh as long as both are as noted;
time stamps say nothing, and a note that cannot be read is no note. Among the inputs is the code:
a module, and every module of this checkout that it imports, directly or not; docstrings and lines
of comment do not count. The notes lie in `.build`, which git ignores.
"""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ..extras import version_of
from .files import ROOT, read_file, state

_OURS = (Path(__file__).parents[1].name, "tests", "tools")
_NOT_IMPORTED = ("TYPE_CHECKING", "__name__ == '__main__'")
_STANDARD = sys.stdlib_module_names


def inputs_of(modules: Iterable[Path], files: Iterable[Path] = (), *words: str) -> str:
    """Return a hash of code, files and words that a product is made from.

    Parameters
    ----------
    modules : iterable of Path
        Modules that make it; what they import is found by reading them.
    files : iterable of Path
        Further files; one that is missing is an input like any other.
    *words : str
        What else decides about it, such as an option.

    Returns
    -------
    str
        The hash.

    Examples
    --------
    >>> here = Path(__file__)
    >>> inputs_of([here], [], "figure 1") == inputs_of([here], [], "figure 2")
    False
    """
    code = code_of(modules)
    libraries = {name.partition(".")[0] for path in code for name in _look(path)[1]}
    parts = [
        *words,
        code_hash(modules),
        *(f"{_module_name(path)} {_hash(path)}" for path in sorted(files)),
        *(f"{name} {version_of(name)}" for name in sorted(libraries - {""} - _STANDARD)),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def code_hash(modules: Iterable[Path]) -> str:
    """Return a hash of modules and of all that they import of this checkout.

    Examples
    --------
    >>> len(code_hash([Path(__file__)]))
    64
    """
    code = [f"{_module_name(path)} {_look(path)[0]}" for path in code_of(modules)]
    return hashlib.sha256("\n".join(code).encode()).hexdigest()


def code_of(modules: Iterable[Path]) -> list[Path]:
    """Return modules with all that they import of this checkout, in order.

    Examples
    --------
    >>> "files.py" in [path.name for path in code_of([Path(__file__)])]
    True
    """
    found: set[Path] = set()
    todo = [path.resolve() for path in modules]
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            todo += _imported(path)
    return sorted(found)


def is_fresh(name: str, inputs: str, home: Path = ROOT) -> bool:
    """Whether a product was made from these inputs and left as it was made."""
    note = _read_json(state(home) / f"{name}.json")
    outputs = note.get("outputs")
    if note.get("inputs") != inputs or not isinstance(outputs, dict):
        return False
    return all(_hash(home / path) == digest for path, digest in outputs.items())


def write_note(
    new: Path, name: str, inputs: str, outputs: Iterable[Path], home: Path = ROOT
) -> None:
    """Write into a new set from which inputs a product was made, and its outputs as they are.

    `outputs` are named from `home` on; those not in the new set stay as they are in `home`.
    """
    hashes = {
        path.as_posix(): _hash(new / path if (new / path).is_file() else home / path)
        for path in outputs
    }
    place = new / state(home).relative_to(home) / f"{name}.json"
    place.parent.mkdir(exist_ok=True)
    text = json.dumps({"inputs": inputs, "outputs": hashes}, indent=1)
    place.write_text(text + "\n", "utf-8")


def _module_name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(read_file(path)).hexdigest()
    except OSError:
        return "missing"


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(read_file(path))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@cache
def _look(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return a hash of a module without its docstrings and comments, and what it imports."""
    content = path.read_bytes()
    lines, names = content.splitlines(), set()
    try:
        statements = list(_statements(ast.parse(content)))
    except SyntaxError:  # whoever runs it will hear of it
        statements = []
    for node in reversed(statements):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = f"{'.' * node.level}{node.module}." if node.module else "." * node.level
            names |= {start + alias.name for alias in node.names}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            del lines[node.lineno - 1 : node.end_lineno]
    if b'"""' not in b"".join(lines):  # a line of a text is no comment
        lines = [line for line in lines if line.strip() and not line.lstrip().startswith(b"#")]
    return hashlib.sha256(b"\n".join(lines)).hexdigest(), tuple(sorted(names))


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Go through the statements of an import: none for type checkers or for a script alone."""
    for block in ("body", "orelse", "finalbody", "handlers", "cases"):
        for inner in getattr(node, block, ()):
            if isinstance(inner, ast.If) and ast.unparse(inner.test) in _NOT_IMPORTED:
                continue
            if isinstance(inner, ast.stmt):
                yield inner
            yield from _statements(inner)


@cache
def _imported(path: Path) -> tuple[Path, ...]:
    """Return the files of this checkout that run when a module is imported."""
    packages = [folder / "__init__.py" for folder in path.parents]
    places = [place for name in _look(path)[1] for place in _places(name, path)]
    return tuple(one for one in (*packages, *places) if one.is_file())


def _places(name: str, importer: Path) -> list[Path]:
    """Return the files that one import runs: the packages on the way, and the module."""
    dots = len(name) - len(name.lstrip("."))
    if not dots and name.partition(".")[0] not in _OURS:
        return []
    folder = importer.parents[dots - 1] if dots else ROOT
    paths: list[Path] = []
    for part in name[dots:].split("."):
        door = folder / "__init__.py"
        folder /= part
        found = [p for p in (folder.with_suffix(".py"), folder / "__init__.py") if p.is_file()]
        if not found and door.is_file() and b"__getattr__" in door.read_bytes():
            # a door that finds its names when asked: behind it may be any of its modules
            found = sorted(door.parent.rglob("*.py"))
        paths += found
    return paths

"""Change the code that decides numbers, one place at a time, and see that a test fails.

    python -m tools.mutants [--sample 200] [--seed 1]

A mutant is a module with one comparison, sum, number, truth value or condition changed. Each is
judged by the tests of its own room, which stop at the first failure; none of them compares with
stored figures or tables. Those that survive are listed with their lines.

Neither mutmut nor cosmic-ray draws a sample by seed and gives each room tests of its own without
files of settings and a store of results; what is needed of them is this page.
"""

from __future__ import annotations

import argparse
import ast
import copy
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
#: What tests each room, without the folder and the prefix, most telling first.
ROOMS = {
    "record": "salvo check record door filters save fresh outside package",
    "counting": "counting conventions vintages claims",
    "series": "series_eras links_design links frequency_rates frequency_season",
    "links": "links links_design links_record",
}
NEEDED = ("analysis", "dprk_launches", "data", "tests", "tools", "docs", "figures", "notebooks")
OPTIONS = ("-q", "-x", "-p", "no:cacheprovider", "-m", "not browser and not benchmark and not slow")
SECONDS = 400
SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot,
    ast.IsNot: ast.Is, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


class Mutant(NamedTuple):
    """One change: the module, the number of the node in it, and its line."""

    path: Path
    node: int
    line: int


def main() -> int:
    """Judge a sample; return 1 if fewer than nine in ten are killed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    survived = []
    with tempfile.TemporaryDirectory() as folder:
        there = copy_checkout(Path(folder))  # what is read is the copy, so that work may go on
        known = [mutant for room in ROOMS for mutant in mutants(room, there)]
        chosen = random.Random(given.seed).sample(known, min(given.sample, len(known)))
        for room in sorted({room_of(mutant) for mutant in chosen}):
            if not passes(room, there):
                raise SystemExit(f"{room}: its tests fail without a change")
        for mutant in chosen:
            if survives(mutant, there):
                survived.append(mutant)
                print(f"survived: {describe(mutant, there)}", flush=True)
    killed = len(chosen) - len(survived)
    print(f"{killed} of {len(chosen)} mutants killed, drawn of {len(known)}, seed {given.seed}")
    return int(killed < 0.9 * len(chosen))


def mutants(room: str, there: Path) -> Iterator[Mutant]:
    """Yield every change to the modules of a room."""
    for path in sorted((there / "analysis" / room).rglob("*.py")):
        for number, node in enumerate(ast.walk(ast.parse(path.read_text("utf-8")))):
            if changed(node) is not None:
                yield Mutant(path.relative_to(there), number, node.lineno)  # type: ignore[attr-defined]


def changed(node: ast.AST) -> ast.AST | None:
    """Return the node with another meaning, or None where it has none."""
    new = copy.deepcopy(node)
    match new:
        case ast.Compare(ops=[op, *_]) if type(op) in SWAPS:
            new.ops[0] = SWAPS[type(op)]()
        case ast.BinOp(op=op) | ast.BoolOp(op=op) if type(op) in SWAPS:
            if isinstance(op, ast.BitOr) and is_a_type(new):
                return None
            new.op = SWAPS[type(op)]()
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return operand
        case ast.Constant(value=bool(value)):
            new.value = not value
        case ast.Constant(value=int(value) | float(value)):
            new.value = value + 1
        case _:
            return None
    return new


def is_a_type(node: ast.AST) -> bool:
    """Whether ``a | b`` names types, as annotations do, which no test can tell."""
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return ast.unparse(node).endswith("None") or bool(names & {"str", "int", "float", "Path"})


def mutated(mutant: Mutant, there: Path) -> str:
    """Return the text of the module with the change."""
    tree = ast.parse((there / mutant.path).read_text("utf-8"))
    old = list(ast.walk(tree))[mutant.node]
    new = changed(old)

    class Swap(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return new if node is old and new is not None else self.generic_visit(node)

    return ast.unparse(ast.fix_missing_locations(Swap().visit(tree)))


def room_of(mutant: Mutant) -> str:
    """Return the room that a mutant stands in."""
    return mutant.path.parts[1]


def survives(mutant: Mutant, there: Path) -> bool:
    """Whether the tests of the room pass over the change."""
    module = there / mutant.path
    text = module.read_text("utf-8")
    module.write_text(mutated(mutant, there), "utf-8")
    try:
        return passes(room_of(mutant), there)
    finally:
        module.write_text(text, "utf-8")


def passes(room: str, there: Path) -> bool:
    """Run the tests of a room, and the examples in it; one that never ends has failed."""
    files = [f"tests/test_{name}.py" for name in ROOMS[room].split()]
    command = [sys.executable, "-B", "-m", "pytest", *OPTIONS, f"analysis/{room}", *files]
    try:
        done = subprocess.run(command, cwd=there, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def copy_checkout(folder: Path) -> Path:
    """Copy what the tests need."""
    for name in NEEDED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    return folder


def describe(mutant: Mutant, there: Path) -> str:
    """Name the place, the old code and the new."""
    old = list(ast.walk(ast.parse((there / mutant.path).read_text("utf-8"))))[mutant.node]
    new = changed(old)
    assert new is not None
    return f"{mutant.path}:{mutant.line}  {ast.unparse(old)}  ->  {ast.unparse(new)}"


if __name__ == "__main__":
    sys.exit(main())

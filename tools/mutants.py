"""Change the code that decides numbers, one place at a time, and see that a test fails.

    python -m tools.mutants [--sample 200] [--seed 1] [--jobs 2]

A mutant is a module of the rooms record, counting, series or links with one thing changed: a
comparison, a sum, a number, a truth value, a condition, what is returned, or a word such as min,
any or left for its opposite. Lines are drawn by the seed, then one change in each.

A mutant is judged by the tests that run the changed line, quickest first, at most 120 seconds of
them; none holds a result against a stored figure, table, notebook or proof (the rule stands in
tools/mutant_tests.py). It is killed by a test that fails, or that takes five times as long as ever.

Verdicts are kept in .build/mutants, so that a run that was cut goes on where it stopped. Survivors
are listed in tests/mutants.csv, where each has its reason, written by hand.

mutmut and cosmic-ray run the whole suite over each mutant, with the import of the libraries; here
a mutant costs a few seconds, since the libraries are imported once and few tests run its line.
"""

from __future__ import annotations

import argparse
import ast
import copy
import csv
import hashlib
import random
import re
import shutil
import signal
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from . import mutant_tests

ROOT = Path(__file__).resolve().parent.parent
MEMORY = ROOT / ".build" / "mutants"
STORE = MEMORY / "verdicts.csv"
LISTED = ROOT / "tests" / "mutants.csv"
COLUMNS = ("seed", "module", "line", "was", "becomes", "reason")
ROOMS = ("record", "counting", "series", "links")
NEEDED = ("analysis", "dprk_launches", "data", "tests", "tools", "docs", "figures", "notebooks")
#: Seconds of tests that a mutant is given.
SECONDS = 120
SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot,
    ast.IsNot: ast.Is, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
PAIRS = (
    ("min", "max"), ("any", "all"), ("first", "last"), ("left", "right"), ("ffill", "bfill"),
    ("floor", "ceil"), ("cummin", "cummax"), ("head", "tail"), ("idxmin", "idxmax"),
    ("minimum", "maximum"), ("before", "after"),
)  # fmt: skip
WORDS = {**dict(PAIRS), **{right: left for left, right in PAIRS}}


class Mutant(NamedTuple):
    """One change: the module, the number of the node in it, its lines and what is changed."""

    path: str
    node: int
    line: int
    was: str
    becomes: str


def main() -> int:
    """Judge a sample; return 1 if fewer than nine in ten are killed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # which ends the fork, too
    MEMORY.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        # copies, one for each process, so that work may go on in the checkout
        copies = [copy_checkout(Path(folder).resolve() / str(n)) for n in range(given.jobs)]
        there = copies[0]
        chosen, known = draw(there, given.sample, given.seed)
        killers = judge(chosen, copies)
        survived = [mutant for mutant in chosen if not killers[mutant]]
        rows = listed(survived, given.seed, there)
    with LISTED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    killed = [name for name in killers.values() if name]
    examples = sum(name.startswith("analysis/") for name in killed)
    print(f"{len(killed)} of {len(chosen)} mutants killed ({len(killed) / len(chosen):.1%}), "
          f"{examples} of them by examples of the documentation alone; seed {given.seed}, "
          f"drawn of {known} lines; {sum(not row['reason'] for row in rows)} without a reason "
          f"in {LISTED.relative_to(ROOT)}")  # fmt: skip
    return int(len(killed) < 0.9 * len(chosen))


def draw(there: Path, size: int, seed: int) -> tuple[list[Mutant], int]:
    """Draw lines of the rooms, then one change of each; return how many lines there are, too."""
    lines: dict[tuple[str, int], list[Mutant]] = defaultdict(list)
    for room in ROOMS:
        for path in sorted((there / "analysis" / room).rglob("*.py")):
            for mutant in mutants(path, there):
                lines[mutant.path, mutant.line].append(mutant)
    rng = random.Random(seed)
    drawn = rng.sample(sorted(lines), min(size, len(lines)))
    return [rng.choice(lines[at]) for at in drawn], len(lines)


def mutants(path: Path, there: Path) -> Iterator[Mutant]:
    """Yield every change to a module."""
    tree = ast.parse(path.read_text("utf-8"))
    for number, (node, new) in enumerate(changes(tree)):
        if new is not None:
            yield Mutant(
                str(path.relative_to(there)), number, node.lineno,  # type: ignore[attr-defined]
                ast.unparse(node), ast.unparse(new),
            )  # fmt: skip


def changes(tree: ast.AST) -> Iterator[tuple[ast.AST, ast.AST | None]]:
    """Yield every node with what it becomes, None where it stays."""
    tests = {
        id(node.test) for node in ast.walk(tree) if isinstance(node, ast.If | ast.IfExp | ast.While)
    }
    silent = {id(inner) for part in without_answer(tree) for inner in ast.walk(part)}
    for node in ast.walk(tree):
        new = None if id(node) in silent else changed(node)
        if new is None and id(node) in tests and isinstance(node, ast.expr):
            new = ast.UnaryOp(ast.Not(), node)
        yield node, new


def without_answer(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what changes no answer: annotations, and guards against a slip in the code itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in ("strict", "frozen"):
            yield node.value
        for field in ("annotation", "returns"):
            if isinstance(part := getattr(node, field, None), ast.AST):
                yield part


def changed(node: ast.AST) -> ast.AST | None:
    """Return the node with another meaning, or None where it has none."""
    new: Any = copy.copy(node)
    match node:
        case ast.Compare(ops=[op, *_]) if type(op) in SWAPS:
            new.ops = [SWAPS[type(op)](), *node.ops[1:]]
        case ast.BinOp(op=op) | ast.BoolOp(op=op) | ast.AugAssign(op=op) if type(op) in SWAPS:
            if isinstance(op, ast.BitOr) and is_a_type(node):
                return None
            new.op = SWAPS[type(op)]()
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert(), operand=operand):
            return operand
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            new.value = ast.Constant(None)
        case ast.Constant(value=bool(value)):
            new.value = not value
        case ast.Constant(value=int(value) | float(value)):
            new.value = value + 1
        case ast.Constant(value=str(value)) if value in WORDS:
            new.value = WORDS[value]
        case ast.Attribute(attr=name) if name in WORDS:
            new.attr = WORDS[name]
        case ast.Name(id=name) if name in ("min", "max", "any", "all"):
            new.id = WORDS[name]
        case _:
            return None
    return new


def is_a_type(node: ast.AST) -> bool:
    """Whether ``a | b`` names types, as in isinstance, which is no arithmetic."""
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return ast.unparse(node).endswith("None") or bool(names & {"str", "int", "float", "Path"})


def mutated(mutant: Mutant, text: str) -> str:
    """Return the text of the module with the change, and otherwise as it was where that can be."""
    tree = ast.parse(text)
    old, new = list(changes(tree))[mutant.node]
    assert new is not None
    replacement: ast.AST = new

    class Swap(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return replacement if node is old else self.generic_visit(node)

    segment = ast.get_source_segment(text, old) or ""
    at = place_of(old, text)
    whole = ast.unparse(ast.fix_missing_locations(Swap().visit(tree)))
    becomes = mutant.becomes if isinstance(new, ast.stmt) else f"({mutant.becomes})"
    near = text[:at] + becomes + text[at + len(segment) :]
    try:
        return near if ast.dump(ast.parse(near)) == ast.dump(ast.parse(whole)) else whole
    except SyntaxError:  # the places of what stands in an f-string are known from Python 3.12 on
        return whole


def place_of(node: ast.AST, text: str) -> int:
    """Return where a node begins in a text."""
    lines = text.splitlines(keepends=True)
    line, column = node.lineno - 1, node.col_offset  # type: ignore[attr-defined]
    return len("".join(lines[:line])) + len(lines[line].encode()[:column].decode())


def judge(chosen: list[Mutant], checkouts: list[Path]) -> dict[Mutant, str]:
    """Return for each mutant the test that kills it, empty where none does."""
    tests = mutant_tests.known_tests(checkouts, ROOMS, MEMORY)

    def names(mutant: Mutant, there: Path) -> tuple[str, list[mutant_tests.Test], str, str]:
        text = (there / mutant.path).read_text("utf-8")
        given = enough(tests_of(mutant, text, tests, there))
        killed = digest(mutant, text)
        # a survivor is one only so long as the tests stay
        return (
            text,
            given,
            killed,
            digest(killed, [test.name for test in given], files_of(given, there)),
        )

    def judge_one(mutant: Mutant, there: Path) -> None:
        text, given, killed, survived = names(mutant, there)
        if remembered().keys() & {killed, survived}:
            return
        verdict = killed_by(mutant, text, given, there)
        with STORE.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow((killed if verdict else survived, verdict))
        print(f"{describe(mutant)}: {verdict or f'SURVIVED {len(given)} tests'}", flush=True)

    mutant_tests.share(chosen, judge_one, checkouts)
    verdicts = remembered()
    found = {mutant: names(mutant, checkouts[0])[2:] for mutant in chosen}
    missing = [mutant for mutant, both in found.items() if not verdicts.keys() & set(both)]
    if missing:
        raise SystemExit(f"{len(missing)} mutants were not judged: run it again")
    return {mutant: verdicts.get(killed, "") for mutant, (killed, _) in found.items()}


def remembered() -> dict[str, str]:
    """Return what was judged before."""
    STORE.touch()
    with STORE.open(encoding="utf-8", newline="") as file:
        return dict(csv.reader(file))


def killed_by(mutant: Mutant, text: str, given: list[mutant_tests.Test], there: Path) -> str:
    """Return the test that fails over the change."""
    module = there / mutant.path
    module.write_text(mutated(mutant, text), "utf-8")
    try:
        return mutant_tests.killer(there, given)
    finally:
        module.write_text(text, "utf-8")


def tests_of(
    mutant: Mutant, text: str, tests: list[mutant_tests.Test], there: Path
) -> list[mutant_tests.Test]:
    """Return the tests that run the changed line; of what runs on import alone, its importers'."""
    given = mutant_tests.reaching(tests, mutant.path, spans(mutant, text))
    if not functions_around(mutant, text):  # what runs on import is read wherever it is imported
        named = re.compile(".".join(Path(mutant.path).with_suffix("").parts) + r"\b")
        files = {f for f in map(mutant_tests.file_of, tests) if f.endswith(".py")}
        files = {f for f in files if named.search((there / f).read_text("utf-8"))}
        more = [test for test in tests if mutant_tests.file_of(test) in files]
        given = mutant_tests.quickest({test.name: test for test in (*given, *more)}.values())
    seen = modules = {mutant.path}
    while not given and (modules := importers(modules, there) - seen):
        seen = seen | modules
        given = mutant_tests.quickest(test for test in tests if modules & set(test.lines))
    return given


def importers(modules: set[str], there: Path) -> set[str]:
    """Return the modules of the rooms that import any of some modules."""
    names = "|".join(Path(module).stem for module in modules)
    imports = re.compile(
        rf"^from \.[\w.]*\b({names}) import|^from \.+ import .*\b({names})\b", re.M
    )
    paths = (path for room in ROOMS for path in (there / "analysis" / room).rglob("*.py"))
    return {str(p.relative_to(there)) for p in paths if imports.search(p.read_text("utf-8"))}


def spans(mutant: Mutant, text: str) -> Iterator[range]:
    """Yield the lines of the statement, of the functions around it, and of the module.

    What stands in no function runs on import, in whichever test happens to be the first: there
    the whole module counts.
    """
    around = statements_around(mutant, text)
    inside = functions_around(mutant, text)
    functions = [node for node in around if isinstance(node, ast.FunctionDef)]
    for node in reversed(around if inside else functions):  # the innermost first
        body = getattr(node, "body", None)
        if body is None:
            yield range(node.lineno, (node.end_lineno or 0) + 1)
        elif isinstance(node, ast.FunctionDef):
            yield range(body[0].lineno, (node.end_lineno or 0) + 1)
        elif mutant.line < body[0].lineno:
            yield range(node.lineno, body[0].lineno)
    yield range(1, len(text.splitlines()) + 1)


def statements_around(mutant: Mutant, text: str) -> list[ast.stmt]:
    """Return the statements that hold the line, the outermost first."""
    return [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.stmt) and node.lineno <= mutant.line <= (node.end_lineno or 0)
    ]


def functions_around(mutant: Mutant, text: str) -> list[ast.FunctionDef]:
    """Return the functions that run the line when they are called."""
    functions = (n for n in statements_around(mutant, text) if isinstance(n, ast.FunctionDef))
    return [function for function in functions if mutant.line >= function.body[0].lineno]


def enough(tests: list[mutant_tests.Test]) -> list[mutant_tests.Test]:
    """Return the first tests, as many as the time allows."""
    ends = accumulate(test.seconds for test in tests)
    return [test for test, end in zip(tests, ends, strict=True) if end < SECONDS]


def files_of(tests: list[mutant_tests.Test], there: Path) -> str:
    """Name the contents of the files that tests stand in."""
    paths = {there / test.name.partition("::")[0] for test in tests}
    return mutant_tests.digest(path for path in paths if path.is_file())


def digest(*parts: object) -> str:
    """Name what a verdict rests on."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def listed(survived: list[Mutant], seed: int, there: Path) -> list[dict[str, str]]:
    """Return the rows of the list: these survivors, and those of other seeds whose line stands."""
    with LISTED.open(encoding="utf-8", newline="") as file:
        old = list(csv.DictReader(file))
    reasons = {place(row): row["reason"] for row in old}
    rows = [row for row in old if row["seed"] != str(seed)]
    rows = [row for row in rows if row["line"] in lines_of(there / row["module"])]
    for mutant in survived:
        line = lines_of(there / mutant.path)[mutant.line - 1]
        row = dict(
            zip(COLUMNS, (str(seed), mutant.path, line, mutant.was, mutant.becomes), strict=False)
        )
        rows.append({**row, "reason": reasons.get(place(row), "")})
    return sorted(rows, key=lambda row: (int(row["seed"]), row["module"], row["line"], row["was"]))


def place(row: dict[str, str]) -> tuple[str, ...]:
    """Return what names a mutant in the list, whatever line it moved to."""
    return tuple(row[column] for column in ("module", "line", "was", "becomes"))


def lines_of(path: Path) -> list[str]:
    """Return the lines of a module, without what they are indented by."""
    return [line.strip() for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def describe(mutant: Mutant) -> str:
    """Name the place, the old code and the new."""
    return f"{mutant.path}:{mutant.line}  {mutant.was}  ->  {mutant.becomes}"


def copy_checkout(folder: Path) -> Path:
    """Copy what the tests need."""
    for name in NEEDED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    return folder


if __name__ == "__main__":
    sys.exit(main())

"""The house: which module may import which, read from the code itself."""

import ast
from pathlib import Path

import pytest

LIBRARY = Path(__file__).parent.parent / "analysis"
#: What each room may use. A room is a module or a package; inside it anything goes.
FLOORS = {
    "_moved": set(),
    "_version": set(),
    "extras": set(),
    "errors": set(),
    "escape": set(),
    "segmentation": set(),
    "record": set(),
    "upstream": {"record"},
    "counting": {"record"},
    "series": {"record", "counting"},
    "frequency": {"record", "counting", "series", "segmentation"},
    "excitation": {"record", "counting", "series", "segmentation"},
    "links": {"record", "counting", "series", "excitation"},
    "forecast": {"record", "counting", "series", "excitation"},
    "claims": {"record", "counting", "series", "frequency", "excitation", "links"},
    "plot": {"record"},
    "archive": {"record"},
    "adding": {"record", "counting", "upstream"},
}
#: Old addresses, kept for a version.
MOVED = {"build", "check", "load", "rules", "salvo", "schema", "tally"}
#: Composing rooms may use everything below them, and each other as said here.
TOP = {
    "figures": set(),
    "page": {"figures"},
    "explore": set(),
    "notebook": {"figures"},
    "__main__": set(),
}


def room(path):
    return path.relative_to(LIBRARY).parts[0].removesuffix(".py")


def imports(path):
    """Rooms that a module imports, however it spells it."""
    depth = len(path.relative_to(LIBRARY).parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level == 0 and module.split(".")[0] != "analysis":
                continue
            if node.level and node.level < depth:  # inside its own package
                continue
            inner = module if node.level else module.partition(".")[2]
            yield from [inner.split(".")[0]] if inner else [a.name for a in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("analysis."):
                    yield alias.name.split(".")[1]


MODULES = [p for p in sorted(LIBRARY.rglob("*.py")) if room(p) not in {"__init__", *MOVED}]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(LIBRARY)))
def test_a_module_imports_only_from_floors_below(path):
    here = room(path)
    used = set(imports(path)) - {here, "_moved", "_version", "errors", "escape", "extras"}
    if here in TOP:
        assert used & set(TOP) <= TOP[here]
    else:
        assert used <= FLOORS[here], f"{here} may not import {used - FLOORS[here]}"


def test_every_room_is_on_the_plan():
    assert {room(p) for p in MODULES} <= set(FLOORS) | set(TOP)


def test_no_module_reads_a_clock_or_the_network():
    banned = ("datetime.now", "Timestamp.now", "date.today", "time.time(", "urllib", "requests.")
    for path in MODULES:
        text = path.read_text("utf-8")
        if path.parts[-2:] == ("adding", "rows.py"):  # it refuses a launch that is yet to come
            text = text.replace("Timestamp.now", "", 1)
        assert not [word for word in banned if word in text], path.name

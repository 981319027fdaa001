"""Which tests run a line, and whether they notice a change to it.

The libraries are imported once; every run is a fork of this process in which the package itself is
imported anew from the copy of the checkout.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import re
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import coverage
import hypothesis
import matplotlib.pyplot  # noqa: F401
import pandas  # noqa: F401
import pytest
import scipy.stats  # noqa: F401
import statsmodels.api  # noqa: F401

#: Where the rooms have their tests. Those of the rooms above notice more, and take longer.
FILES = (
    "check", "links_design", "series_eras", "salvo", "filters", "door", "links", "counting",
    "record", "conventions", "vintages", "links_doubts", "links_record", "long_windows",
    "own_eras", "save", "siblings", "additions", "package", "describe", "fresh", "frequency_rates",
    "frequency_season", "examples",
)  # fmt: skip
#: A test that names built tables, proofs, or what is stored or committed judges nothing here.
STORED = re.compile(r"PROCESSED|processed\(\)|read_proof|(\b|_)(stored|committed)(\b|_)")
OPTIONS = (
    "-q", "-p", "no:cacheprovider", "-p", "no:cov", "-p", "no:xdist", "-p", "no:randomly",
    "-W", "ignore::pytest.PytestAssertRewriteWarning",
    "-m", "not browser and not benchmark and not slow and not peer and not spark",
)  # fmt: skip
MEMORY = 6 * 2**30
#: Files and tests that are asked first.
NEAR = (2, 30)


class Test(NamedTuple):
    """A test that passes, how long it takes, and the lines of each module that it runs."""

    name: str
    seconds: float
    lines: dict[str, set[int]]


def known_tests(checkouts: list[Path], rooms: Iterable[str], memory: Path) -> list[Test]:
    """Return every test with what it runs, asking only of files that changed since then."""
    rooms = list(rooms)
    code = digest(
        path for room in rooms for path in (checkouts[0] / "analysis" / room).rglob("*.py")
    )
    files = [f"tests/test_{name}.py" for name in FILES] + [f"analysis/{room}" for room in rooms]
    kept = {file: memory / f"{file.replace('/', '-')}-{code}" for file in files}
    for file in files:
        path = checkouts[0] / file
        kept[file] = Path(f"{kept[file]}{digest([path]) if path.is_file() else ''}.json")

    def note(file: str, checkout: Path) -> None:
        print(f"what {file} runs", flush=True)
        for old in memory.glob(f"{file.replace('/', '-')}-*.json"):
            old.unlink()
        forked(partial(note_lines, checkout, file, rooms, kept[file]), checkout, 600)

    share([file for file in files if not kept[file].exists()], note, checkouts)
    tests = []
    for file in files:
        found = json.loads(kept[file].read_text("utf-8")) if kept[file].exists() else []
        tests += [Test(n, s, {m: set(at) for m, at in lines.items()}) for n, s, lines in found]
    return tests


def share(items: list[Any], work: Callable[[Any, Path], None], checkouts: list[Path]) -> None:
    """Do work over items in as many processes as there are copies of the checkout."""
    workers = []
    for place, checkout in enumerate(checkouts):
        worker = os.fork()
        if worker == 0:
            try:
                for item in items[place :: len(checkouts)]:
                    work(item, checkout)
                os._exit(0)
            except BaseException:
                os._exit(99)
        workers.append(worker)
    try:
        while workers:
            os.waitpid(workers[-1], 0)
            workers.pop()
    finally:
        for worker in workers:
            os.kill(worker, signal.SIGTERM)


def digest(paths: Iterable[Path]) -> str:
    """Name the contents of files."""
    whole = hashlib.sha256()
    for path in sorted(paths):
        whole.update(path.read_bytes())
    return whole.hexdigest()[:12]


def note_lines(checkout: Path, file: str, rooms: list[str], kept: Path) -> int:
    """Run the tests of a file and write which lines each of them ran."""
    watched = coverage.Coverage(
        data_file=None, config_file=False, messages=False,
        include=[f"{checkout}/analysis/{room}/*" for room in rooms],
    )  # fmt: skip
    noted = Noted(watched)
    watched.start()
    pytest.main([*OPTIONS, file], plugins=[noted])
    watched.stop()
    ran: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    data = watched.get_data()
    for module in data.measured_files():
        for line, contexts in data.contexts_by_lineno(module).items():
            for context in contexts:
                ran[context][str(Path(module).relative_to(checkout))].append(line)
    shared = ran.pop("shared", {})  # by fixtures, which serve every test of the file
    rows = []
    for name, seconds in noted.passed.items():
        lines = {m: sorted({*ran[name][m], *shared.get(m, [])}) for m in {*ran[name], *shared}}
        rows.append((name, seconds, lines))
    kept.with_suffix(".part").write_text(json.dumps(rows), "utf-8")
    kept.with_suffix(".part").rename(kept)
    return 0


class Noted:
    """Tell coverage which test runs, and remember those that pass."""

    def __init__(self, watched: coverage.Coverage) -> None:
        self.watched = watched
        self.passed: dict[str, float] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what rests on what is stored, and whole commands, which take minutes."""
        items[:] = [item for item in items if not (rests_on_stored(item) or runs_commands(item))]

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Count what fixtures run for every test."""
        self.watched.switch_context("shared")

    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Count what runs from here on for this test."""
        forget()
        self.watched.switch_context(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the time of a test that passes."""
        if report.when == "call" and report.passed:
            self.passed[report.nodeid] = report.duration
        elif report.failed:
            self.passed.pop(report.nodeid, None)


def rests_on_stored(item: pytest.Item) -> bool:
    """Whether a test names what is stored."""
    function = getattr(item, "function", None)
    return function is not None and bool(STORED.search(inspect.getsource(function)))


def runs_commands(item: pytest.Item) -> bool:
    """Whether a test runs commands in a copy of the checkout."""
    return "checkout" in getattr(item, "fixturenames", ())


def forget() -> None:
    """Empty what functions remember, so that each test runs all that it rests on."""
    for name, module in list(sys.modules.items()):
        if name.startswith("analysis"):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def killer(checkout: Path, tests: list[Test]) -> str:
    """Return a test that fails, empty where all pass; the files with most tests are asked first."""
    counted = Counter(file_of(test) for test in tests if test.seconds < 5)
    near = [file for file, _ in counted.most_common(NEAR[0])]
    first = [test for test in tests if file_of(test) in near][: NEAR[1]]
    rest = [test for test in tests if test not in first]
    return failing(checkout, first) or failing(checkout, rest)


def file_of(test: Test) -> str:
    """Return the file that a test stands in."""
    return test.name.partition("::")[0]


def failing(checkout: Path, tests: list[Test]) -> str:
    """Return the first of some tests that fails, in their order; empty where all pass."""
    if not tests:
        return ""
    order = {test.name: place for place, test in enumerate(tests)}
    files = list(dict.fromkeys(map(file_of, tests)))
    reader, writer = os.pipe()

    def run() -> int:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        return pytest.main([*OPTIONS, "-x", *files], plugins=[Chosen(order, writer)])

    status = forked(run, checkout, 20 + 5 * sum(test.seconds for test in tests))
    os.close(writer)
    with os.fdopen(reader) as said:
        name = said.readline().strip()
    if status is None:
        return "time"
    return name or ("" if status in (0, 5) else "the start")


class Chosen:
    """Run the chosen tests in their order, and name the first that fails."""

    def __init__(self, order: dict[str, int], writer: int) -> None:
        self.order, self.writer = order, writer

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put the chosen tests in order, without the others."""
        chosen = [item for item in items if item.nodeid in self.order]
        items[:] = sorted(chosen, key=lambda item: self.order[item.nodeid])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Name a module that no longer imports."""
        self.name_failed(report)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Name a test that failed."""
        self.name_failed(report)

    def name_failed(self, report: Any) -> None:
        """Write the name to the one who waits."""
        if report.failed:
            os.write(self.writer, f"{report.nodeid}\n".encode())


def forked(work: Callable[[], int], checkout: Path, seconds: float) -> int | None:
    """Do work in a fork that stands in the checkout; return its status, None if it ran too long."""
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.chdir(checkout)
            sys.path.insert(0, str(checkout))
            for name in [name for name in sys.modules if name.partition(".")[0] == "tools"]:
                del sys.modules[name]  # the copy has tools of its own
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            hypothesis.settings.register_profile(
                "mutants", derandomize=True, database=None, deadline=None,
                phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
            )  # fmt: skip
            hypothesis.settings.load_profile("mutants")
            os._exit(int(work()))
        except BaseException:
            os._exit(99)
    end = time.monotonic() + seconds
    done, status = 0, 0
    try:
        while not done and time.monotonic() < end:
            time.sleep(0.05)
            done, status = os.waitpid(child, os.WNOHANG)
    finally:
        if not done:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if done else None


def reaching(tests: Collection[Test], module: str, spans: Iterable[range]) -> list[Test]:
    """Return the tests that run a line of the first span that any runs."""
    for span in spans:
        found = [test for test in tests if not test.lines.get(module, set()).isdisjoint(span)]
        if found:
            return quickest(found)
    return []


def quickest(tests: Iterable[Test]) -> list[Test]:
    """Put the quickest first, and examples of the documentation last, to see what only they do."""
    return sorted(
        tests, key=lambda test: (test.name.startswith("analysis"), test.seconds, test.name)
    )

"""What is fresh is judged by content alone; a set of files is replaced whole or not at all."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.build import main as build
from analysis.record import files, fresh
from analysis.record.load import load_sites
from analysis.record.schema import TABLES

from .copies import ROOT, command, contents, copy_checkout, rewrite


def loaded_by(statement: str) -> set[Path]:
    """Return the package's modules that a fresh interpreter holds after a statement."""
    program = (
        f"import sys; {statement}; print(*(m.__file__ for n, m in sys.modules.items() "
        "if n.split('.')[0] == 'analysis' and m.__file__))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return {Path(name) for name in done.stdout.split("\n")[-2].split()}


# -- the code behind a product --------------------------------------------------------------


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "helper.py").write_text('"""Help."""\nx = 1\n')
    (tmp_path / "types.py").write_text("y = 1\n")
    (tmp_path / "maker.py").write_text(
        "from typing import TYPE_CHECKING\nimport numpy\n"
        "if TYPE_CHECKING:\n    from .types import y\n"
        "def make():\n    from .helper import x\n    return x\n"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("file", "text", "changed"),
    [
        ("helper.py", '"""Help."""\nx = 2\n', True),
        ("helper.py", '"""Help,\n\nlong and well."""\nx = 1\n', False),
        ("helper.py", '"""Help."""\nfrom . import new\nx = 1\n', True),
        ("helper.py", "x = (\n", True),
        ("types.py", "y = 2\n", False),
        ("other.py", "z = 2\n", False),
    ],
)
def test_code_counts_as_far_as_it_is_imported(package, file, text, changed):
    def inputs() -> str:
        fresh._look.cache_clear()
        fresh._imported.cache_clear()
        return fresh.inputs_of([package / "maker.py"])

    before = inputs()
    (package / file).write_text(text)
    assert (inputs() != before) is changed


def test_a_module_imported_only_by_a_new_module_is_found(package):
    (package / "maker.py").write_text("from . import helper\n")
    (package / "helper.py").write_text("from .types import y\n")
    names = [path.name for path in fresh.code_of([package / "maker.py"])]
    assert names == ["__init__.py", "helper.py", "maker.py", "types.py"]


@pytest.mark.parametrize(
    ("entry", "statement"),
    [
        ("record/build.py", "from analysis.record.build import build; build()"),
        ("figures/links.py", "import analysis.figures.links"),
    ],
)
def test_no_module_that_is_run_is_forgotten(entry, statement):
    modules = fresh.code_of([ROOT / "analysis" / entry])
    assert loaded_by(statement) <= set(modules)
    assert not any(path.parent.name == "plot" for path in modules) or "figures" in entry


# -- notes ----------------------------------------------------------------------------------


def test_a_product_is_fresh_until_an_input_or_output_differs(tmp_path):
    with files.whole_set("toy", tmp_path) as new:
        (new / "a.csv").write_text("1")
        fresh.write_note(new, "toy", "inputs", [Path("a.csv")], tmp_path)
    assert fresh.is_fresh("toy", "inputs", tmp_path)
    assert not fresh.is_fresh("toy", "other inputs", tmp_path)
    assert not fresh.is_fresh("other", "inputs", tmp_path)
    (tmp_path / "a.csv").write_text("2")
    assert not fresh.is_fresh("toy", "inputs", tmp_path)
    (tmp_path / "a.csv").unlink()
    assert not fresh.is_fresh("toy", "inputs", tmp_path)


NOTES = ["", "{torn", "[]", "null", '{"inputs": "inputs"}', '{"inputs": "inputs", "outputs": []}']


@pytest.mark.parametrize("note", NOTES)
def test_a_note_that_cannot_be_read_is_no_note(note, tmp_path):
    (tmp_path / ".build").mkdir()
    (tmp_path / ".build" / "toy.json").write_text(note)
    assert not fresh.is_fresh("toy", "inputs", tmp_path)


# -- whole sets -----------------------------------------------------------------------------


def replace(home: Path, **texts: str) -> None:
    with files.whole_set("toy", home) as new:
        for name, text in texts.items():
            (new / name).write_text(text)


def write_and_fail(new: Path) -> None:
    (new / "a").write_text("new")
    raise KeyError


def test_a_set_that_fails_leaves_everything_as_it_was(tmp_path):
    (tmp_path / "a").write_text("old")
    with pytest.raises(KeyError), files.whole_set("toy", tmp_path) as new:
        write_and_fail(new)
    (tmp_path / "b").mkdir()
    with pytest.raises(IsADirectoryError, match="b is a folder"):
        replace(tmp_path, a="new", b="new")
    assert contents(tmp_path) == {"a": b"old"}
    assert not files.is_broken_off("toy", tmp_path)


def test_a_set_touches_nothing_that_it_does_not_hold(tmp_path):
    (tmp_path / "mine.csv").write_text("kept")
    replace(tmp_path, a="new")
    assert contents(tmp_path) == {"a": b"new", "mine.csv": b"kept"}


def test_a_file_that_stays_as_it_was_keeps_its_time_stamp(tmp_path):
    for _ in range(2):
        replace(tmp_path, a="1")
        os.utime(tmp_path / "a", (1, 1))
    assert (tmp_path / "a").stat().st_mtime == 1


@pytest.mark.slow
def test_kills_at_any_moment_leave_whole_sets_after_the_next_run():
    done = subprocess.run(
        [sys.executable, "-m", "tools.kills", "--rounds", "6"],
        cwd=ROOT, capture_output=True, text=True, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def until(done, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(done())


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to see other processes")
def test_workers_end_with_the_process_that_started_them(tmp_path):
    program = (
        "import os, sys, time; from pathlib import Path\n"
        "from analysis.extras.parallel import in_parallel\n"
        "def wait(number):\n"
        "    Path(sys.argv[1], str(os.getpid())).touch(); time.sleep(600)\n"
        "in_parallel(wait, [(1,), (2,)], n_jobs=2, progress=False)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)])
    try:
        assert until(lambda: len(os.listdir(tmp_path)) == 2, 60)  # noqa: PTH208
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    workers = [Path("/proc", path.name) for path in tmp_path.iterdir()]
    assert until(lambda: not any(path.exists() for path in workers), 10)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to see other processes")
def test_kernels_end_with_the_process_that_runs_the_notebooks(tmp_path):
    pytest.importorskip("nbclient")
    copy = copy_checkout(tmp_path)
    for name in ("tools", "notebooks", "tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    command(copy, "analysis.build")
    parent = subprocess.Popen(
        [sys.executable, "-m", "tools.notebooks", "--force", "04-frequency.ipynb"],
        cwd=copy, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip

    def kernels() -> list[Path]:
        """Processes of a kernel that run in this copy."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                here = (process / "cwd").resolve() == (copy / "notebooks").resolve()
                if here and b"ipykernel" in (process / "cmdline").read_bytes():
                    found.append(process)
            except OSError:
                continue
        return found

    try:
        assert until(kernels, 60)
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    assert until(lambda: not kernels(), 30)


# -- what each set owns ---------------------------------------------------------------------


@pytest.mark.slow
def test_replacing_a_set_leaves_what_others_own(checkout):
    """The tables own data/processed but its folder of proofs; the figures their own three
    files each; the page among them is its own set."""
    shutil.copytree(ROOT / "figures", checkout / "figures")
    strangers = ("data/processed/mine.csv", "data/processed/proofs/mine.csv", "figures/report.html")
    for name in strangers:
        (checkout / name).write_text("kept")
    was = contents(checkout)
    assert any(name.startswith("data/processed/proofs/") for name in was)
    for words in (("analysis.build", "--force"), ("analysis.figures", "--force", "03-timeline")):
        assert command(checkout, *words).returncode == 0
    now = contents(checkout)
    assert set(now) == set(was)
    assert {name for name in now if now[name] != was[name]} <= {
        f"figures/03-timeline{end}" for end in (".png", ".svg")
    }
    for name in strangers:
        (checkout / name).unlink()
    shutil.rmtree(checkout / "figures")


# -- the tables, through the command --------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new", "built"),
    [
        ("data/raw/launches.csv", "CNS best estimate", "CNS best guess", True),
        ("data/processed/launches.csv", "CNS best", "cns best", True),
        (".build/data.json", '"inputs"', '"inp', True),
        ("analysis/record/salvo.py", "import pandas as pd", "import pandas as pd  # fast", True),
        ("analysis/plot/style.py", "import re\n", "import re\nimport sys\n", False),
        ("data/raw/NOTES.md", "#", "##", False),
    ],
)
def test_tables_are_built_when_content_changed_whatever_the_clock_says(
    checkout, file, old, new, built
):
    command(checkout, "analysis.build")
    assert command(checkout, "analysis.build").stdout == ""
    rewrite(checkout / file, old, new)
    assert ("tables built" in command(checkout, "analysis.build").stdout) is built
    assert command(checkout, "analysis.build").stdout == ""


@pytest.mark.slow
def test_a_missing_table_is_built_and_a_touched_one_is_not(checkout):
    command(checkout, "analysis.build")
    for path in (checkout / "data").rglob("*.csv"):
        os.utime(path)
    assert command(checkout, "analysis.build").stdout == ""
    (checkout / "data/processed/eras.csv").unlink()
    assert "tables built" in command(checkout, "analysis.build").stdout
    assert command(checkout, "analysis.build", "--force").stdout.startswith(
        f"{len(TABLES)} tables built"
    )


def test_a_loader_that_meets_two_versions_names_the_command(tmp_path, monkeypatch):
    built = shutil.copytree(files.processed(), tmp_path / "processed")
    monkeypatch.setattr("analysis.record.built.processed", lambda: built)
    assert len(load_sites()) > 50
    rewrite(built / "sites.csv", "Kusong", "Kusong ")
    with pytest.raises(ValueError, match=r"sites\.csv is not as .*: run `make data`"):
        load_sites()
    (built / "datapackage.json").write_text("{torn")
    with pytest.raises(ValueError, match="run `make data`"):
        load_sites()
    (built / "datapackage.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"datapackage\.json is missing.*`make data`"):
        load_sites()


@pytest.mark.parametrize("place", ["a-file", "a-file/inside"])
def test_a_folder_that_cannot_be_written_is_one_line(place, tmp_path, capsys):
    (tmp_path / "a-file").write_text("")
    assert build(["--out", str(tmp_path / place)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "a-file" in said
    assert contents(tmp_path) == {"a-file": b""}

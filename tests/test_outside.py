"""What the world outside refuses: a line each, status 1, and nothing torn.

Full disks and file systems that cannot be written are mounted in a namespace of their own, where
the machine lets us; a user without rights is one where we are root.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis import load_sites, read_launches, save_table
from analysis.record import files

from .copies import ROOT, contents, copy_checkout

AS_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a Unix")


def can(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


NAMESPACE = ("unshare", "--map-root-user", "--mount") if os.geteuid() else ("unshare", "--mount")
needs_mount = pytest.mark.skipif(
    not can(*NAMESPACE, "mount", "-t", "tmpfs", "none", "/mnt"), reason="nothing can be mounted"
)
needs_nobody = pytest.mark.skipif(
    os.geteuid() != 0 or not can(*AS_NOBODY, sys.executable, "-c", "import pandas"),
    reason="not root, or the interpreter is root's own",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A copy of the checkout with its tools, notebooks and figures, freshly made."""
    folder = copy_checkout(tmp_path_factory.mktemp("project"))
    for name in ("tools", "notebooks", "figures", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "README.md", folder)
    assert run(folder, "analysis.build").returncode == 0
    folder.chmod(0o755)
    for parent in folder.parents[:2]:
        parent.chmod(0o755)
    return folder


def run(
    folder: Path, *words: str, before: str = "", as_nobody: bool = False, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a module as a command, perhaps after a shell line in a namespace of its own."""
    command = [sys.executable, "-W", "error", "-m", *words]
    if as_nobody:
        command = [*AS_NOBODY, *command]
    if before:
        command = [*NAMESPACE, "sh", "-c", f'{before} && exec "$@"', "sh", *command]
    surely = {"PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env=os.environ | surely | environment
    )  # fmt: skip


def one_line(done: subprocess.CompletedProcess[str], *named: str) -> None:
    assert done.returncode == 1, done.stderr + done.stdout
    said = (done.stderr + done.stdout).strip()
    assert said.count("\n") == 0, said
    assert "Traceback" not in said
    for words in named:
        assert words in said


WRITERS = {
    "data/processed": ("analysis.build", "--force"),
    "figures": ("analysis.figures", "--force", "03-timeline"),
    "notebooks": ("tools.notebooks", "--force", "01-the-record.ipynb"),
    "README.md": ("tools.readme",),
}
each_writer = pytest.mark.parametrize(("place", "words"), WRITERS.items(), ids=WRITERS)


def make_stale(project: Path) -> None:
    """The README knows no --force."""
    (project / ".build" / "readme.json").unlink(missing_ok=True)
    readme = project / "README.md"
    old, _, rest = readme.read_text("utf-8").partition("<!-- begin: tables -->\n")
    readme.write_text(f"{old}<!-- begin: tables -->\nold\n{rest}", "utf-8")


# -- disks ------------------------------------------------------------------------------------


@pytest.mark.slow
@needs_mount
@each_writer
def test_a_full_disk_is_one_line(place, words, project):
    make_stale(project)
    was = contents(project)
    full = f"mount -t tmpfs -o size=4k none {project}/.build"
    one_line(run(project, *words, before=full), "No space left on device")
    assert contents(project) == was


@pytest.mark.slow
@needs_mount
@each_writer
def test_a_file_system_that_cannot_be_written_is_one_line(place, words, project):
    make_stale(project)
    was = contents(project)
    mounted = (
        f"mount --bind {project} {project} && mount -o remount,ro,bind {project} && cd {project}"
    )
    one_line(run(project, *words, before=mounted), "Read-only file system")
    assert contents(project) == was


@pytest.mark.slow
@needs_nobody
@each_writer
def test_a_folder_of_somebody_else_is_one_line(place, words, project):
    make_stale(project)
    was = contents(project)
    one_line(run(project, *words, as_nobody=True), "Permission denied")
    assert contents(project) == was


@pytest.mark.slow
@each_writer
def test_a_folder_where_a_file_belongs_is_one_line(place, words, project, tmp_path):
    copy = shutil.copytree(project, tmp_path / "copy")
    make_stale(copy)
    shutil.rmtree(copy / ".build")
    (copy / ".build").write_text("")
    one_line(run(copy, *words), ".build")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["launches.csv", "datapackage.json"])
def test_a_folder_in_place_of_a_table_is_one_line(name, project, tmp_path):
    copy = shutil.copytree(project, tmp_path / "copy")
    (copy / "data/processed" / name).unlink()
    (copy / "data/processed" / name).mkdir()
    one_line(run(copy, "analysis.build"), name)
    one_line(run(copy, "analysis", "count", "--as-of", "2022-11-09"), name)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder that nobody can write")
def test_a_home_that_cannot_be_written_changes_nothing(project, tmp_path):
    copy = shutil.copytree(project, tmp_path / "copy")
    shutil.rmtree(copy / ".build")
    was = contents(copy)
    for words in (("analysis.build", "--force"), WRITERS["figures"], WRITERS["notebooks"]):
        done = run(copy, *words, HOME="/proc/none")
        assert done.returncode == 0, done.stderr + done.stdout
    now = contents(copy)
    changed = {name for name in was | now if was.get(name) != now.get(name)}
    assert changed <= {"notebooks/01-the-record.ipynb"}  # the suite holds it against what is stored


# -- one memory for all that is made ----------------------------------------------------------


def touch(path: Path) -> None:
    os.utime(path)


def set_back(path: Path) -> None:
    os.utime(path, (1, 1))


def set_ahead(path: Path) -> None:
    os.utime(path, (4_000_000_000, 4_000_000_000))


def alter(path: Path, old: bytes, new: bytes) -> None:
    """Change what was computed and keep the time stamp, as a failing disk or `cp -p` does."""
    kept = path.stat()
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))
    os.utime(path, ns=(kept.st_atime_ns, kept.st_mtime_ns))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "made", "note", "old", "new"),
    [
        (("tools.readme",), "README.md", "readme", b"year -->\n| 2026", b"year -->\n| 2062"),
        (("tools.notebooks", "01-the-record.ipynb"), "notebooks/01-the-record.ipynb",
         "notebook-01-the-record", b'"execution_count": 2', b'"execution_count": 7'),
    ],
    ids=["README", "notebook"],
)  # fmt: skip
def test_numbers_and_notebooks_are_made_anew_by_content_alone(
    words, made, note, old, new, project, tmp_path
):
    copy = shutil.copytree(project, tmp_path / "copy")
    memory = copy / ".build" / f"{note}.json"

    def make() -> bool:
        """Make it; whether there was something to do."""
        said = memory.read_bytes() if memory.exists() else b""
        if said:
            set_back(memory)
        assert run(copy, *words).returncode == 0
        return memory.stat().st_mtime != 1 or memory.read_bytes() != said

    make()
    right = (copy / made).read_bytes()
    assert not make()
    for path in (copy / made, copy / "data/processed/launches.csv", copy / "analysis/escape.py"):
        for change in (touch, set_back, set_ahead):
            change(path)
    assert not make()
    alter(copy / made, old, new)
    assert (copy / made).read_bytes() != right
    make()
    assert (copy / made).read_bytes() == right
    memory.write_text('{"inputs": [')
    assert make()
    assert (copy / made).read_bytes() == right


# -- what is printed --------------------------------------------------------------------------

PRINTERS = {
    "count": ("analysis", "count", "--as-of", "2022-11-09"),
    "rules": ("analysis", "rules", "--as-of", "2022-11-09"),
    "build": ("analysis.build", "--force"),
    "figures": ("analysis.figures", "--list"),
}


def printing_to(out, words, folder):
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, cwd=folder, stdout=out, stderr=subprocess.PIPE, text=True)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("words", PRINTERS.values(), ids=PRINTERS)
def test_a_full_disk_under_what_is_printed_is_one_line(words, project):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=project,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "No space left on device" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("words", PRINTERS.values(), ids=PRINTERS)
def test_a_reader_who_has_seen_enough_is_no_error(words, project):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=project,
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


# -- pipes ------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("place", ["processed/sites.csv", "processed/datapackage.json"])
def test_a_pipe_among_the_tables_is_refused_at_once_and_replaced(place, project, tmp_path):
    copy = shutil.copytree(project, tmp_path / "copy")
    pipe = copy / "data" / place
    pipe.unlink()
    os.mkfifo(pipe)
    with pytest.raises(OSError, match=f"no regular file.*{pipe.name}"):
        files.read_built(pipe)
    assert "tables built" in run(copy, "analysis.build").stdout
    assert pipe.is_file()


@pytest.mark.slow
def test_a_pipe_among_the_facts_is_one_problem_and_one_among_the_notes_no_note(project, tmp_path):
    copy = shutil.copytree(project, tmp_path / "copy")
    for place in (".build/data.json", "data/raw/systems.csv"):
        (copy / place).unlink()
        os.mkfifo(copy / place)
        done = run(copy, "analysis.build")
        assert done.returncode == ("raw" in place)
    assert "systems.csv: 'no such file'" in done.stderr


# -- a user's file and table ------------------------------------------------------------------


def test_what_cannot_be_read_is_one_problem_that_names_it(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    long = tmp_path / ("x" * 300)
    started = time.monotonic()
    for path in (*tmp_path.iterdir(), tmp_path / "none.csv", tmp_path / "none" / "x.csv", long,
                 Path("/dev/zero"), "a\0b.csv", ""):  # fmt: skip
        with pytest.raises(ValueError, match="1 problem in the record") as caught:
            read_launches(path)
        assert str(caught.value).count("\n") == 1
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("name", ["x.csv", "x.json", "x.xlsx"])
def test_a_table_that_cannot_be_saved_leaves_nothing_and_names_the_file(name, tmp_path):
    if name.endswith("xlsx"):
        pytest.importorskip("openpyxl")
    table = load_sites().head(3)
    (tmp_path / name).mkdir()
    for path in (tmp_path / name, tmp_path / "nowhere" / name, Path("/proc") / name):
        with pytest.raises(OSError, match=name):
            save_table(table, path)
    assert list(tmp_path.rglob("*")) == [tmp_path / name]


@needs_mount
def test_a_full_disk_leaves_an_old_table_as_it_was(tmp_path):
    program = (
        "import sys; from pathlib import Path; from analysis import load_launches, save_table\n"
        "path = Path(sys.argv[1]); path.write_text('old')\n"
        "try: save_table(load_launches(), path)\n"
        "except OSError as error: print(error)\n"
        "print([p.name for p in path.parent.iterdir()], path.read_text())"
    )
    mount = f"mount -t tmpfs -o size=16k none {tmp_path}"
    done = subprocess.run(
        [*NAMESPACE, "sh", "-c", f'{mount} && exec "$@"', "sh", sys.executable, "-c", program,
         str(tmp_path / "x.csv")], cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    error, rest = done.stdout.splitlines()
    assert error == f"[Errno 28] No space left on device: '{tmp_path / 'x.csv'}'"
    assert rest == "['x.csv'] old"


@pytest.mark.slow
def test_a_command_without_its_tables_says_how_they_are_made(project, tmp_path):
    copy = shutil.copytree(project, tmp_path / "copy")
    shutil.rmtree(copy / "data" / "processed")
    one_line(run(copy, "analysis", "count", "--as-of", "2022-11-09"), "make data", "categories.csv")

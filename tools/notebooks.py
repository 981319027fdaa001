"""Run the notebooks and store them executed, so that running them again changes no byte.

    python -m tools.notebooks [NAME ...]

Text on stderr is a failure. What differs from run to run is taken out: cell ids are numbered,
times are not recorded, widgets (whose ids are random) are left out of the stored copy, but for
what stands in their place where they cannot run. A notebook
is replaced only once it has run to its end.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

# before jupyter is imported: this environment's kernel, whatever the user has at home
os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from analysis.record import files, fresh

NOTEBOOKS = files.ROOT / "notebooks"
WIDGET = "application/vnd.jupyter.widget-view+json"
TIMEOUT = 300
#: How JupyterLab and the sites made of notebooks fold a cell's code away.
_FOLDED: dict[str, object] = {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}


class NotebookError(Exception):
    """A notebook that raised, or wrote to stderr."""


def run(path: Path, folder: Path | None = None) -> nbformat.NotebookNode:
    """Execute a notebook in a folder (its own by default) and return the copy to store."""
    notebook = nbformat.read(path, as_version=4)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        cell.metadata.pop("execution", None)
    with _clean_environment() as environment:
        client = NotebookClient(
            notebook,
            timeout=TIMEOUT,
            kernel_name="python3",
            record_timing=False,
            # else every kernel writes a line about its transport
            extra_arguments=["--IPKernelApp.log_level=40"],
            resources={"metadata": {"path": str(folder or path.parent)}},
        )
        try:
            # not client.execute: it leaves its event loop open
            asyncio.run(client.async_execute(env=environment))
        except CellExecutionError as error:
            raise NotebookError(f"{path.name}: {error}") from error
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise NotebookError(f"{path.name}: {cell.id} wrote to stderr: {output.text}")
    return strip(notebook)


@contextmanager
def _clean_environment() -> Iterator[dict[str, str]]:
    """Settings under which two runs give the same bytes; no settings of the user's own."""
    # built here once, since a kernel that had to build it would say so on stderr
    import matplotlib.font_manager  # noqa: F401

    with tempfile.TemporaryDirectory() as folder:
        rc = Path(folder, "matplotlibrc")
        rc.touch()
        yield dict(
            os.environ,
            PYTHONHASHSEED="0",
            IPYKERNEL_CELL_NAME="<cell>",  # else warnings name a file with the process id
            TQDM_DISABLE="1",
            IPYTHONDIR=folder,
            MATPLOTLIBRC=str(rc),
            MPLBACKEND="module://matplotlib_inline.backend_inline",
        )


def strip(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out what differs between runs, machines or patch releases; fold the opening code away.

    So that the answer and its picture stand on the first screen, the code a click away.
    """
    for cell in notebook.cells[1:3]:
        cell.metadata.update(_FOLDED)
    notebook.metadata.pop("widgets", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _is_bare_widget(output)]
            for output in cell.outputs:
                output.get("data", {}).pop(WIDGET, None)
    return notebook


def _is_bare_widget(output: nbformat.NotebookNode) -> bool:
    """Whether an output is a widget that leaves nothing to look at where it cannot run."""
    return WIDGET in output.get("data", {}) and "text/html" not in output.data


def as_text(notebook: nbformat.NotebookNode) -> str:
    """Return the text of the file to store."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def store(path: Path, *, force: bool = False) -> bool:
    """Execute a notebook and replace it by its executed copy, unless it is fresh."""
    name, inputs = f"notebook-{path.stem}", inputs_of(path)
    if not (force or files.is_broken_off(name)) and fresh.is_fresh(name, inputs):
        return False
    text, place = as_text(run(path)), path.relative_to(files.ROOT)
    with files.whole_set(name) as new:
        (new / place).parent.mkdir()
        (new / place).write_text(text, "utf-8", newline="\n")
        fresh.write_note(new, name, inputs, [place], files.ROOT)
    return True


def inputs_of(path: Path) -> str:
    """Return a hash of what a notebook rests on: its cells, and everything they could use."""
    cells = [(cell.cell_type, cell.source) for cell in nbformat.read(path, as_version=4).cells]
    package = (files.ROOT / "analysis").rglob("*.py")
    tables = files.PROCESSED.rglob("*.csv")
    return fresh.inputs_of([Path(__file__), *package], tables, repr(cells))


def main() -> int:
    """Store the notebooks named, or all, as far as they are stale; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="notebooks (default: all)")
    parser.add_argument("--force", action="store_true", help="run even what is up to date")
    given = parser.parse_args()
    paths = [NOTEBOOKS / name for name in given.names] or sorted(NOTEBOOKS.glob("*.ipynb"))
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        # connection files, wherever the user's home may not be written
        os.environ["JUPYTER_RUNTIME_DIR"] = folder
        if not os.access(Path("~").expanduser(), os.W_OK):
            os.environ["HOME"] = folder
        with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
            jobs = {pool.submit(store, path, force=given.force): path for path in paths}
            for job in as_completed(jobs):
                error = job.exception()
                said = error or ("stored" if job.result() else "up to date")
                print(f"{jobs[job].name}: {said}", flush=True)
                status |= error is not None
    return status


if __name__ == "__main__":
    sys.exit(main())

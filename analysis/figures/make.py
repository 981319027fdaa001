"""Draw what is stale, and put it in place all at once.

A figure is stale when a table or proof that it depends on, the code behind it or a library changed
since it was drawn, or when one of its files is missing or was altered. Nothing heavy is imported
unless something must be drawn.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import check_one_of
from ..record import files, fresh
from ..record.stale import describe_outdated
from . import FIGURES, ReportFigure, draw

if TYPE_CHECKING:
    from .drawing import Drawing

FOLDER = files.ROOT / "figures"
SUFFIXES = (".png", ".svg", ".csv")
_FIGURES_A_PROCESS = 4
#: The Python that draws the committed figures. The others bring other versions of the libraries,
#: which may set a few pixels otherwise.
_PYTHON = (3, 11)


def pick(names: Sequence[str]) -> tuple[ReportFigure, ...]:
    """Return the figures of these names, all where none is named.

    Raises
    ------
    ValueError
        If there is no such figure.

    Examples
    --------
    >>> [figure.name for figure in pick(["03-timeline"])]
    ['03-timeline']
    """
    known = {figure.name: figure for figure in FIGURES}
    for name in names:
        check_one_of("figure", name, known)
    return tuple(known[name] for name in names) if names else FIGURES


def _inputs(figure: ReportFigure) -> str:
    """Return a hash of everything the figure depends on."""
    here, tables = Path(__file__).parent, files.processed()
    module = here / f"{figure.function.partition(':')[0]}.py"
    read = [tables / f"{name}.csv" for name in figure.tables]
    read += [tables / "proofs" / f"{name}.csv" for name in figure.proofs]
    words = (*figure[:3], files.built_version(tables), describe_outdated(figure.proofs))
    return fresh.inputs_of([module, Path(__file__)], read, *words)


def redraw(figures: Iterable[ReportFigure], out: Path, *, force: bool = False) -> int:
    """Draw the figures that are stale (all if forced); return how many were.

    All are drawn aside. If one fails, nothing in `out` has changed.

    Raises
    ------
    ModuleNotFoundError
        If a library is missing; the message names the extra.
    """
    home = files.home_of(out, FOLDER)
    inputs = {figure: _inputs(figure) for figure in figures}
    if not (force or files.is_broken_off("figures", home) or _stale(inputs, home)):
        return 0
    with files.whole_set("figures", home) as new:
        todo = list(inputs) if force else _stale(inputs, home)
        folder = new / out.resolve().relative_to(home)
        folder.mkdir(parents=True, exist_ok=True)
        _draw_all(todo, folder)
        for figure in todo:
            paths = [folder / f"{figure.name}{suffix}" for suffix in SUFFIXES]
            if not force and sys.version_info[:2] != _PYTHON:
                _keep_committed(figure, paths, out, home)
            outputs = [path.relative_to(new) for path in paths]
            fresh.write_note(new, figure.name, inputs[figure], outputs, home)
    return len(todo)


def _stale(inputs: dict[ReportFigure, str], home: Path) -> list[ReportFigure]:
    return [figure for figure, now in inputs.items() if not fresh.is_fresh(figure.name, now, home)]


def _keep_committed(figure: ReportFigure, paths: list[Path], out: Path, home: Path) -> None:
    """Drop new pictures of a figure never drawn here whose numbers are the committed ones."""
    never = not (files.state(home) / f"{figure.name}.json").exists()
    *pictures, numbers = paths
    committed = out / numbers.name
    if never and committed.is_file() and committed.read_bytes() == numbers.read_bytes():
        for picture in pictures:
            if (out / picture.name).is_file():
                picture.unlink()


def _draw_all(figures: Sequence[ReportFigure], folder: Path) -> None:
    """Draw in as many processes as pay for their start: each must import the libraries."""
    from ..extras.parallel import in_parallel, joblib

    jobs = min(joblib.cpu_count(), 1 + len(figures) // _FIGURES_A_PROCESS)
    in_parallel(save_figure, [(figure, folder) for figure in figures], n_jobs=jobs, label="figures")


def save_figure(figure: ReportFigure, folder: Path) -> None:
    """Draw one figure into a folder: PNG, SVG and the CSV of the numbers drawn."""
    from matplotlib import pyplot as plt

    from ..plot import save, styled

    plt.switch_backend("agg")
    with styled():
        drawing = draw(figure.name)
        save(drawing.figure, folder / figure.name, title=figure.question, alt=drawing.alt)
        plt.close(drawing.figure)
    (folder / f"{figure.name}.csv").write_bytes(numbers(drawing))


def numbers(drawing: Drawing) -> bytes:
    """Write the numbers drawn as CSV, floats with six significant digits."""
    return drawing.table.to_csv(
        index=False, float_format="%.6g", lineterminator="\n", date_format="%Y-%m-%d"
    ).encode()

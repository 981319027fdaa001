"""Draw what is stale, and put it in place all at once.

A figure is stale when a table or proof it depends on, the code, or a library changed since it was
drawn, or when one of its files is missing or was altered. The fingerprints lie in `.build`, which
git ignores. Nothing heavy is imported unless something must be drawn.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..extras import library, version_of
from . import FIGURES, ReportFigure

if TYPE_CHECKING:
    from .drawing import Drawing

_PACKAGE = Path(__file__).resolve().parent.parent
_CHECKOUT = _PACKAGE.parent
_LIBRARIES = ("matplotlib", "numpy", "pandas", "scipy", "seaborn", "statsmodels")
_FIGURES_A_PROCESS = 4
SUFFIXES = (".png", ".svg", ".csv")


def folders(out: Path | None = None) -> tuple[Path, Path]:
    """Return where figures go and where the fingerprints lie.

    Parameters
    ----------
    out : Path, optional
        Folder for the figures; by default `figures` of the checkout.

    Returns
    -------
    tuple of Path
        The folder of figures and that of the state, both on the same disk.

    Raises
    ------
    ValueError
        If no folder is given and the package does not lie in a checkout.
    """
    if out is not None:
        return out, out / ".build"
    if not (_CHECKOUT / "pyproject.toml").is_file():
        msg = "not a checkout of the project: say where the figures go with --out"
        raise ValueError(msg)
    return _CHECKOUT / "figures", _CHECKOUT / ".build"


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
    unknown = [name for name in names if name not in known]
    if unknown:
        msg = f"no figure {unknown[0]!r}; there are: {', '.join(known)}"
        raise ValueError(msg)
    return tuple(known[name] for name in names) if names else FIGURES


def fingerprint(figure: ReportFigure) -> str:
    """Return a hash of everything the figure depends on.

    Raises
    ------
    FileNotFoundError
        If a table or a proof is missing; the message names the command that writes it.
    """
    parts = [_code_and_libraries()]
    parts += [_hash(_table(name)) for name in figure.tables]
    parts += [_hash(_proof(name)) for name in figure.proofs]
    return hashlib.sha256("\n".join([figure.name, figure.question, *parts]).encode()).hexdigest()


def _table(name: str) -> Path:
    return _existing(_table_folder() / f"{name}.csv", "make data")


def _table_folder() -> Path:
    packaged = _PACKAGE / "_data" / "processed"
    return packaged if packaged.is_dir() else _CHECKOUT / "data" / "processed"


def _proof(name: str) -> Path:
    return _existing(_table_folder() / "proofs" / f"{name}.csv", "make proofs")


def _existing(path: Path, command: str) -> Path:
    if not path.is_file():
        msg = f"{path.name} is missing from {path.parent.name}: run `{command}`"
        raise FileNotFoundError(msg)
    return path


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _code_and_libraries() -> str:
    """Hash the package's code and name the libraries' versions."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest() + ";".join(f"{name} {version_of(name)}" for name in _LIBRARIES)


def stale(figures: Iterable[ReportFigure], out: Path, state: Path) -> dict[ReportFigure, str]:
    """Return the figures that must be drawn, each with its new fingerprint."""
    known = _read_state(state)
    todo = {}
    for figure in figures:
        now = fingerprint(figure)
        entry = known.get(figure.name, {})
        if entry.get("inputs") != now or entry.get("outputs") != _outputs(figure, out):
            todo[figure] = now
    return todo


def _read_state(state: Path) -> dict[str, Any]:
    try:
        return json.loads((state / "figures.json").read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}  # never drawn here, or torn: draw again


def _outputs(figure: ReportFigure, folder: Path) -> dict[str, str]:
    """Hash the files of a figure, as far as they are there."""
    paths = [folder / f"{figure.name}{suffix}" for suffix in SUFFIXES]
    return {path.name: _hash(path) for path in paths if path.is_file()}


def redraw(todo: dict[ReportFigure, str], out: Path, state: Path) -> None:
    """Draw figures aside; when all are done, put them in place and note their fingerprints.

    If one fails, nothing in `out` has changed.

    Raises
    ------
    ModuleNotFoundError
        If matplotlib is missing; the message names the extra.
    """
    state.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix="figures-", dir=state))
    try:
        _draw_all(list(todo), aside)
        entries = {
            figure.name: {"inputs": now, "outputs": _outputs(figure, aside)}
            for figure, now in todo.items()
        }
        for path in sorted(aside.iterdir()):
            os.replace(path, out / path.name)  # noqa: PTH105
        _write_state(state, {**_read_state(state), **entries})
    finally:
        shutil.rmtree(aside)


def _draw_all(figures: Sequence[ReportFigure], folder: Path) -> None:
    """Draw in as many processes as pay for their start: each must import the libraries."""
    joblib, tqdm = library("joblib"), library("tqdm.auto").tqdm
    jobs = min(joblib.cpu_count(), 1 + len(figures) // _FIGURES_A_PROCESS)
    tasks = (joblib.delayed(draw)(figure, folder) for figure in figures)
    done = joblib.Parallel(n_jobs=jobs, return_as="generator_unordered")(tasks)
    for _ in tqdm(done, "figures", len(figures), unit="figure", disable=None, leave=False):
        pass


def draw(figure: ReportFigure, folder: Path) -> None:
    """Draw one figure into a folder: PNG, SVG and the CSV of the numbers drawn."""
    from matplotlib import pyplot as plt

    from ..plot import save, styled

    plt.switch_backend("agg")
    module, function = figure.function.split(":")
    with styled():
        drawing = getattr(import_module(f"{__package__}.{module}"), function)()
        drawing.figure.suptitle(figure.question, x=0.01, ha="left")
        save(drawing.figure, folder / figure.name, title=figure.question, alt=drawing.alt)
        plt.close(drawing.figure)
    (folder / f"{figure.name}.csv").write_bytes(numbers(drawing))


def numbers(drawing: Drawing) -> bytes:
    """Write the numbers drawn as CSV, floats with six significant digits."""
    return drawing.table.to_csv(
        index=False, float_format="%.6g", lineterminator="\n", date_format="%Y-%m-%d"
    ).encode()


def _write_state(state: Path, entries: dict[str, Any]) -> None:
    """Write the fingerprints aside and replace the old ones."""
    new = state / "figures.json.new"
    new.write_text(json.dumps(entries, indent=1, sort_keys=True) + "\n", "utf-8")
    os.replace(new, state / "figures.json")  # noqa: PTH105

"""Write the page where it is stale."""

from __future__ import annotations

from pathlib import Path

from ..figures import FIGURES
from ..figures.make import FOLDER, SUFFIXES
from ..record import files, fresh

FILE_NAME = "report.html"


def _page_inputs(figures: Path) -> str:
    """Return a hash of everything that the page depends on."""
    here = Path(__file__).parent
    read = [
        *(here / "assets").iterdir(),
        *files.processed().glob("*.csv"),
        *(figures / f"{one.name}{end}" for one in FIGURES for end in SUFFIXES),
    ]
    words = (f"{one.name} {one.question}" for one in FIGURES)
    return fresh.inputs_of([here / "compose.py", Path(__file__)], read, "page", *words)


def write_page(out: Path, figures: Path = FOLDER, *, force: bool = False) -> bool:
    """Write the page into a folder unless it is fresh there; return whether it was written.

    Parameters
    ----------
    out : Path
        The folder; the page's name is `FILE_NAME`.
    figures : Path
        The folder of the figures that it shows.
    force : bool
        Whether to write it anyway.

    Raises
    ------
    FileNotFoundError
        If a figure is missing.
    """
    home = files.home_of(out, FOLDER)
    inputs = _page_inputs(figures)
    broken_off = files.is_broken_off("page", home)
    if fresh.is_fresh("page", inputs, home) and not (force or broken_off):
        return False
    from .compose import compose  # pandas, which a fresh page does not need
    from .packed import read_cells
    from .pictures import read_pictures

    page = compose(read_cells(), read_pictures(figures))
    with files.whole_set("page", home) as new:
        place = out.resolve().relative_to(home) / FILE_NAME
        (new / place.parent).mkdir(parents=True, exist_ok=True)
        (new / place).write_text(page, "utf-8", newline="\n")
        fresh.write_note(new, "page", inputs, [place], home)
    return True

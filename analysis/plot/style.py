"""One look for notebooks and report figures: type, colours, source line, saving.

Colours are Petroff's six (distinct under simulated deutan, protan and tritan vision), and none
stands alone: families also differ by hatch and line style, and labels stand at the thing they name.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation

from ..escape import for_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

#: Greys, from that of text to that of a ground. Text is always INK or MUTED, whose contrast on
#: white is above 4.5.
INK, MUTED, PALE, GRID, FAINT = "#1a1a1a", "#5b5b63", "#c9c9cf", "#e4e4e8", "#ececf0"
BLUE, ORANGE, RED = "#5790fc", "#f89c20", "#e42536"
PURPLE, GREY, VIOLET = "#964a8b", "#9c9ca1", "#7a21dd"
#: Light blue of wide intervals: seen in grey print too, and dark lines show on it.
LIGHT = "#b9d0fe"
#: For words that stand on lines: a white rim.
ON_LINES = [withStroke(linewidth=3, foreground="white")]
#: From none to most, darker in grey print too.
SHADES = ("#eeeef1", "#a9c5fe", "#5790fc", "#2456bd", "#0d1f52")

#: Lines that mark a value, and dots.
DASHED: Any = {"color": MUTED, "linewidth": 1, "linestyle": (0, (4, 3))}
DOT: Any = {"color": BLUE, "markeredgecolor": INK}


#: How each family is drawn: colour, hatch and line style, so that grey print tells them apart.
FAMILY_LOOKS: dict[str, dict[str, str]] = {
    "ballistic": {"color": BLUE, "hatch": "", "linestyle": "-", "marker": "o"},
    "space": {"color": RED, "hatch": "xxxx", "linestyle": ":", "marker": "^"},
    "cruise": {"color": ORANGE, "hatch": "////", "linestyle": "--", "marker": "s"},
    "air_defence": {"color": GREY, "hatch": "....", "linestyle": "-.", "marker": "D"},
    "rocket_artillery": {"color": PURPLE, "hatch": "++++", "linestyle": ":", "marker": "v"},
}

#: Width of a report figure in inches, and its smallest font size in points.
WIDTH, SMALL = 7.2, 8.5
#: Characters in a line of a headline's answer.
_LINE = 90

# Any: matplotlib types its settings by name, one by one
RC: Any = {
    "font.family": ["DejaVu Sans"],  # lies in the matplotlib wheel: the same letters everywhere
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.titlesize": 10.5,
    "figure.titlesize": 12.5,
    "figure.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 10,
    "axes.edgecolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "hatch.linewidth": 0.7,
    "lines.linewidth": 1.6,
    "legend.frameon": False,
    "legend.fontsize": 10,
    "figure.figsize": (WIDTH, 4.2),
    "figure.dpi": 110,
    "savefig.dpi": 200,
    "figure.constrained_layout.use": True,
    "svg.hashsalt": "launches",  # fixed ids for clip paths and markers
    "svg.fonttype": "path",  # text as outlines: needs none of the reader's fonts
}

# None takes the entry out: the defaults hold a date or a program's version.
_METADATA: dict[str, dict[str, str | None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
}


def style() -> None:
    """Set the look of every later figure in this session.

    Call it once in a notebook; use :func:`styled` to set it for one block only.

    Examples
    --------
    >>> from analysis.plot import style
    >>> style()
    >>> import matplotlib
    >>> matplotlib.rcParams["axes.titlelocation"]
    'left'
    """
    mpl.rcParams.update(RC)


@contextmanager
def styled() -> Iterator[None]:
    """Set the look for a ``with`` block, from matplotlib's defaults, and restore it after.

    Examples
    --------
    >>> from analysis.plot import styled
    >>> with styled():
    ...     pass
    """
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(RC)
        mpl.rcParams["text.parse_math"] = False  # texts of data stand as they are
        yield


def sheet(height: float, rows: int = 1, columns: int = 1, **options: Any) -> tuple[Figure, Any]:
    """Open a figure of report width.

    Parameters
    ----------
    height : float
        Height in inches.
    rows, columns : int
        Number of axes, down and across.
    **options
        As for ``matplotlib.pyplot.subplots``.

    Returns
    -------
    Figure, Axes or array of Axes
        The figure and its axes.

    Examples
    --------
    >>> from analysis.plot import sheet
    >>> figure, (top, bottom) = sheet(6, rows=2, sharex=True)
    """
    return plt.subplots(rows, columns, figsize=(WIDTH, height), **options)


def headline(figure: Figure, question: str, answer: str) -> None:
    """Write a question over a figure in bold, and its answer under it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    question, answer : str
        The texts; the answer may take several lines.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from analysis.plot.style import headline
    >>> headline(plt.figure(), "How many?", "Two.")
    """
    lines = fill(re.sub(r" %| [=→] ", lambda m: m[0].replace(" ", "\u00a0"), answer), _LINE)
    room = "\n" * (lines.count("\n") + 1)  # the layout keeps as much free as the title takes
    title = figure.suptitle(question + room, x=0.01, ha="left", linespacing=1.3)
    below: Any = {"xycoords": title, "va": "bottom", "linespacing": 1.45}
    note = Annotation(lines, (0, 0), fontsize=10.5, parse_math=False, **below)
    figure.add_artist(note)


def save(figure: Figure, stem: str | Path, *, title: str, alt: str) -> list[Path]:
    """Save a figure as PNG and SVG whose bytes depend on nothing but what is drawn.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    stem : str or Path
        Path without suffix; ``.png`` and ``.svg`` are added.
    title, alt : str
        A short name and the alternative text. The SVG carries both as ``<title>`` and ``<desc>``
        named by ``aria-labelledby``, the PNG as ``Title`` and ``Description``.

    Returns
    -------
    list of Path
        The two files written.

    Raises
    ------
    ValueError
        If `alt` or `title` is empty.

    Examples
    --------
    >>> import tempfile
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import save
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [p.name for p in save(Figure(), folder + "/empty", title="None", alt="An empty sheet")]
    ['empty.png', 'empty.svg']
    """
    for name, text in (("title", title), ("alt", alt)):
        if not text.strip():
            raise ValueError(
                f"{name} is empty: every figure carries a title and an alternative text"
            )
    title, alt = for_terminal(title), for_terminal(alt)  # XML holds no control characters
    stem = Path(stem)
    paths = []
    for kind, blank in _METADATA.items():
        path = stem.with_name(f"{stem.name}.{kind}")
        metadata = dict(blank, Title=title)
        if kind == "png":
            metadata["Description"] = alt
        figure.savefig(path, metadata=metadata)
        if kind == "svg":
            text = _accessible(path.read_text("utf-8"), title, alt)
            path.write_text(text, "utf-8", newline="\n")
        paths.append(path)
    return paths


def _accessible(svg: str, title: str, alt: str) -> str:
    """Give the SVG a role, a title and a description; matplotlib writes a bare title only."""
    svg = re.sub(r"\n <title>.*?</title>", "", svg, count=1, flags=re.DOTALL)
    # trailing blanks in path data would trouble every diff
    svg = re.sub(r"[ \t]+\n", "\n", svg)
    svg = _settled(svg)
    head = f'\n <title id="title">{escape(title)}</title>\n <desc id="desc">{escape(alt)}</desc>'
    return re.sub(
        r"(<svg\b[^>]*)>",
        lambda m: f'{m[1]} role="img" aria-labelledby="title desc">{head}',
        svg,
        count=1,
    )


def _settled(svg: str) -> str:
    """Write coordinates to a thousandth of a point, and number ids that were made from them.

    The sixth decimal of a fitted curve differs with the processor's linear algebra.
    """
    svg = re.sub(r"-?\d+\.\d{5,}", lambda m: f"{float(m[0]):.3f}".rstrip("0").rstrip("."), svg)
    svg = re.sub(r"(?<![\d.])-0(?![\d.])", "0", svg)
    for number, name in enumerate(dict.fromkeys(re.findall(r'id="(\w*?[0-9a-f]{10})"', svg))):
        svg = svg.replace(name, f"{name[:-10]}{number}")
    return svg

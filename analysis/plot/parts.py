"""What pictures have in common: beginning and end, rows with names, notes, dates, p-values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.text import Text

from .._version import __version__
from ..errors import need_filled
from ..record import schema
from ..record.notes import notes_of, record_notes
from .style import MUTED, SMALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from matplotlib.axes import Axes

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def begin(ax: Axes | None, table: pd.DataFrame, columns: Iterable[str]) -> Axes:
    """Check the columns that a picture needs; return `ax`, or pyplot's current axes if None."""
    need_filled(table, columns, "the table")
    return plt.gca() if ax is None else ax


def finish(ax: Axes, table: pd.DataFrame, source: str | None, **settings: Any) -> Axes:
    """Set limits and labels, and write the source line under the figure (none if it is empty).

    Without a `source` it is the one that the table drawn brings along. Texts of the picture
    stand as they are, whatever the data holds.
    """
    ax.set(**settings)
    as_it_stands(ax)
    text = notes_of(table).get("source") if source is None else source
    figure = ax.figure.figure
    if text and figure is not None:
        plain: Any = {"parse_math": False, "usetex": False}
        figure.supxlabel(text, x=0.01, ha="left", fontsize=SMALL, color=MUTED, **plain)
    return ax


def as_it_stands(ax: Axes) -> None:
    r"""Let every text of axes stand as it is: "$5 and $7" is no mathematics, "\input" no TeX.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot(title="$5 and $7")
    >>> as_it_stands(ax)
    >>> ax.title.get_parse_math()
    False
    """
    for axis in (ax.xaxis, ax.yaxis):
        axis.get_ticklabels()  # writes those that are else written when drawn
    for text in ax.findobj(Text):
        if isinstance(text, Text) and text.get_text():
            text.set(usetex=False, parse_math=text.get_parse_math() and "$" not in text.get_text())


def rows(table: pd.DataFrame) -> Iterator[Any]:
    """Return the rows as tuples with names; typed loosely, as a cell may hold anything."""
    return iter(table.itertuples(index=False))


def write(ax: Axes, text: str, at: Any, offset: Any = (0, 0), **look: Any) -> None:
    """Write beside a point; `offset` is in points, `at` in the data's units unless said."""
    ax.annotate(text, at, xytext=offset, textcoords="offset points", **look)


def subtitle(ax: Axes, text: str) -> None:
    """Write over the axes from the left edge of the figure on, above the names of the rows too."""
    edge: Any = ("figure fraction", "axes fraction")
    write(ax, text, (0.01, 1), (0, 8), xycoords=edge, va="bottom", fontsize="medium")


def name_rows(ax: Axes, labels: Sequence[str], *, at: Any = None) -> None:
    """Name rows that lie under each other, the first on top; lines of the grid go down only."""
    places = range(len(labels)) if at is None else at
    ax.set_yticks(places, labels)
    ax.set_ylim(max(places) + 0.6, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")


def side_texts(ax: Axes, at: Sequence[float], texts: Sequence[str]) -> None:
    """Write at the right of rows, as labels of one more axis: so the layout makes room for them."""
    side = ax.secondary_yaxis("right")
    side.set_yticks(at, texts, fontsize=SMALL + 0.5)
    side.tick_params(length=0)
    side.spines[:].set_visible(False)


def p_text(p: float, name: str = "") -> str:
    """Write a p-value as every picture does, with `name` as a statement.

    Examples
    --------
    >>> p_text(0.0342), p_text(0.0342, "p"), p_text(0.0001), p_text(1.0)
    ('.034', 'p = .034', '<.001', '1')
    """
    if pd.isna(p):
        return "–"
    text = "<.001" if p < 0.001 else f"{p:.3f}"[1:] if p < 0.9995 else "1"
    if not name:
        return text
    return f"{name} < .001" if text.startswith("<") else f"{name} = {text}"


def default_source() -> str:
    """Return the source line of figures drawn from the record itself.

    Examples
    --------
    >>> from analysis.plot import default_source
    >>> default_source().startswith("Source: launch record")
    True
    """
    return str(record_notes(schema.DATA_VERSION)["source"])


def source_line(what: str) -> str:
    """Return the source line of figures drawn from something else, with both versions.

    Examples
    --------
    >>> from analysis.plot import source_line
    >>> source_line("500 simulated records").partition(",")[0]
    'Source: 500 simulated records'
    """
    return f"Source: {what}, version {schema.DATA_VERSION}, code {__version__}"


def day(value: pd.Timestamp | str, *, year: bool = True) -> str:
    """Write a date as a reader would say it.

    Examples
    --------
    >>> from analysis.plot import day
    >>> day("2022-11-09"), day("2022-11-09", year=False)
    ('9 November 2022', '9 November')
    """
    date = pd.Timestamp(value)
    return f"{date.day} {date.month_name()}" + (f" {date.year}" if year else "")

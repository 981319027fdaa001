"""What every notebook shows the same way: figures, tables, sentences and its closing lines."""

from __future__ import annotations

import base64
import math
import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .escape import for_attribute, for_html, for_terminal, only_markdown
from .extras import library, version_of
from .figures import draw
from .plot import p_text
from .record.load import last_day
from .record.schema import DATA_VERSION

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: How figures and tables look: numbers aligned, wide tables scroll, and a picture takes the ground
#: of the page, in a dark theme by turning its lightness round (hues stay). In an exported page
#: code folded away opens under the pointer.
_LOOK = """<style>
figure.record { margin: 0 } figure.record img { max-width: 100%; mix-blend-mode: multiply }
[data-jp-theme-light=false] figure.record img, [data-theme=dark] figure.record img
{ filter: invert(1) hue-rotate(180deg); mix-blend-mode: screen }
div.record { overflow-x: auto; scrollbar-width: thin } div.record table { margin: 0 }
div.record caption, figure.record figcaption { caption-side: top; text-align: left;
font-size: 0.95em; opacity: 0.85 } div.record caption { padding-bottom: 0.4em }
.celltag_hide-input > .jp-Cell-inputWrapper:not(:hover)
{ max-height: 1.7em; overflow: hidden; opacity: 0.5 }
div.record th, div.record td { text-align: left; vertical-align: top }
</style>"""
_NUMERALS = "text-align: right !important; font-variant-numeric: tabular-nums; white-space: nowrap"
#: Columns whose names say too little, as a reader finds them.
_PLAIN_NAMES = {
    "n": "number",
    "low": "95 % from",
    "high": "95 % to",
    "p_value": "p",
    "p_adjusted": "adjusted p",
    "n_events": "events",
    "n_month": "known by month only",
    "n_unsourced": "not sourced",
    "exposure_days": "days in windows",
    "observed": "launch days seen",
    "expected": "launch days expected",
    "n_full_year": "whole year",
    "detectable_above": "seen above",
    "detectable_below": "seen below",
    "missiles_exact": "number exact",
}
_LIBRARIES = ("pandas", "numpy", "scipy", "statsmodels", "matplotlib", "seaborn", "jupyterlab")


def _display() -> Any:
    return library("IPython.display", "lab")


def say(text: str) -> None:
    """Show a paragraph of Markdown, with the numbers that code put into it.

    Parameters
    ----------
    text : str
        Markdown. HTML, mathematics, images and links to anything but pages are shown as the
        characters they are written with, since a text may hold words of a user's file.

    Examples
    --------
    >>> say("The record holds **two** rows.")
    <IPython.core.display.Markdown object>
    """
    _show_markdown(only_markdown(text))


def _show_markdown(text: str) -> None:
    show = _display()
    show.display(show.Markdown(text))


def show_figure(ax: Axes, *, caption: str, alt: str, height: float | None = None) -> None:
    """Show the figure of `ax` with a caption and a description for those who cannot see it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes that a plotting function returned.
    caption : str
        A line under the figure: what is drawn, in which unit, over which days.
    alt : str
        What the picture shows, in a sentence or two, for screen readers and where the picture
        cannot be shown.
    height : float, optional
        Height of the figure in inches; as it is if not given.

    Raises
    ------
    ValueError
        If `alt` or `caption` is empty.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> show_figure(plt.figure().add_subplot(), caption="Empty axes", alt="")
    Traceback (most recent call last):
    ValueError: alt is empty: every figure carries a caption and an alternative text
    """
    for name, text in (("alt", alt), ("caption", caption)):
        if not text.strip():
            raise ValueError(
                f"{name} is empty: every figure carries a caption and an alternative text"
            )
    from matplotlib.pyplot import close

    figure = ax.figure.figure
    if height is not None:
        figure.set_figheight(height)
    picture = BytesIO()
    figure.savefig(picture, format="png", dpi=figure.dpi, bbox_inches="tight")
    close(figure)
    png = base64.b64encode(picture.getvalue()).decode()
    html = (
        f"{_LOOK}<figure class='record mathjax_ignore'><img alt='{for_attribute(alt)}' "
        f"src='data:image/png;base64,{png}'>"
        f"<figcaption>Figure. {_marked(caption)}</figcaption></figure>"
    )
    data = {"text/html": html, "text/plain": f"Figure. {caption}\n{alt}"}
    _display().display(data, raw=True)


def _marked(text: str) -> str:
    """Escape a caption, and set what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", for_html(text))


def show_report_figure(name: str, *, caption: str) -> None:
    """Draw a report figure here and show it with a caption and its own alternative text.

    Parameters
    ----------
    name : str
        Its name, such as ``"14-around-events"``.
    caption : str
        A line under the figure: what is drawn, in which unit, over which days.

    Raises
    ------
    ValueError
        If there is no such figure or `caption` is empty.

    Examples
    --------
    >>> show_report_figure("99-none", caption="None")
    Traceback (most recent call last):
    ValueError: unknown figure '99-none': expected 01-launches-by-year, ...
    """
    drawn = draw(name)
    show_figure(drawn.figure.axes[0], caption=caption, alt=drawn.alt)


def show_table(table: pd.DataFrame, *, caption: str, digits: int = 3) -> None:
    """Show a table without its index, under a caption that names the units.

    Numbers stand at the right with one precision a column, names of columns as words.

    Parameters
    ----------
    table : DataFrame
        The table; missing cells show as a dash, texts as they stand, columns called ``p_...``
        as p-values.
    caption : str
        What a row is, and the units of the columns.
    digits : int
        Significant digits of the largest number of a column with fractions; the others have as
        many decimals.

    Raises
    ------
    ValueError
        If `caption` is empty.

    Examples
    --------
    >>> import pandas as pd
    >>> show_table(pd.DataFrame({"year": [2022], "n": [37]}), caption="")
    Traceback (most recent call last):
    ValueError: caption is empty: every table says what a row is and names its units
    """
    if not caption.strip():
        raise ValueError("caption is empty: every table says what a row is and names its units")
    texts = pd.DataFrame({_heading(str(name)): _texts(table[name], digits) for name in table})
    head = "".join(f"<th scope='col'>{for_html(name)}</th>" for name in texts)
    rows = "".join(
        f"<tr>{''.join(f'<td>{for_html(cell)}</td>' for cell in row)}</tr>"
        for row in texts.itertuples(index=False)
    )
    right = [place for place, kind in enumerate(table.dtypes, 1) if _is_numeric(kind)]
    names = " ".join(["mathjax_ignore", *(f"right-{place}" for place in right)])
    rules = "".join(f".right-{n} tr > :nth-child({n}) {{ {_NUMERALS} }}\n" for n in right)
    html = (
        f"{_LOOK}<style>{rules}</style>"
        f"<div class='record' tabindex='0' role='region' aria-label='Table'>"
        f"<table class='{names}'><caption>Table. {_marked(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    plain = f"Table. {caption}\n{texts.to_string(index=False)}"
    _display().display({"text/html": html, "text/plain": plain}, raw=True)


def _heading(name: str) -> str:
    """Write the name of a column as words."""
    return _PLAIN_NAMES.get(name, _plain(name).replace("_", " "))


def _is_numeric(kind: Any) -> bool:
    return pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)


def _texts(column: pd.Series, digits: int) -> list[str]:
    """Write the cells of a column with one precision; p-values as everywhere; "–" for none."""
    kind = column.dtype
    if pd.api.types.is_bool_dtype(kind):
        form: Any = {True: "yes", False: "no"}.get
    elif str(column.name).startswith("p_") or column.name in ("p", "p_value"):
        form = p_text
    elif pd.api.types.is_float_dtype(kind):
        most = column.abs().replace(np.inf, np.nan).max()
        places = digits if pd.isna(most) or not most else digits - 1 - math.floor(math.log10(most))
        form = f"{{:,.{min(max(places, 0), 3)}f}}".format
    elif pd.api.types.is_integer_dtype(kind):
        years = "year" in str(column.name) or column.between(1900, 2100).all()
        form = str if years else "{:,}".format
    elif pd.api.types.is_datetime64_any_dtype(kind):
        midnight = column.dropna().eq(column.dropna().dt.normalize()).all()
        form = ("{:%Y-%m-%d}" if midnight else "{:%Y-%m-%d %H:%M}").format
    else:
        form = _plain
    return ["–" if pd.isna(cell) else str(form(cell)) for cell in column]


def _plain(cell: Any) -> Any:
    return for_terminal(cell) if isinstance(cell, str) else cell


def show_versions() -> None:
    """Show the last lines of a notebook: last day of record, version of data and libraries.

    Examples
    --------
    >>> show_versions()
    <IPython.core.display.Markdown object>
    """
    lines = ", ".join(f"{name} {version_of(name)}" for name in _LIBRARIES)
    say(
        f"Last day of record: **{last_day():%Y-%m-%d}**. Data version {DATA_VERSION}; "
        f"dprk-launch-record {version_of('dprk-launch-record')}.\n\nMade with {lines}."
    )

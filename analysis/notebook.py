"""What every notebook shows the same way: figures, tables, sentences and its closing lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from .escape import for_html, for_terminal, only_markdown
from .extras import library, version_of
from .figures import draw
from .record.load import last_day
from .record.schema import DATA_VERSION

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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
        What the picture shows, in a sentence or two. It goes with the picture and, since not
        every viewer hands it on, also under it, folded away.
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
    show = _display()
    from matplotlib.pyplot import close

    figure = ax.figure.figure
    if height is not None:
        figure.set_figheight(height)
    show.display(figure, metadata={"image/png": {"alt": alt}})
    close(figure)
    fold = f"<details><summary>The figure in words</summary>{for_html(alt)}</details>"
    _show_markdown(f"**Figure.** {only_markdown(caption)}\n\n{fold}")


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
    """Show a table without its index, with a caption that names the units.

    Parameters
    ----------
    table : DataFrame
        The table; missing cells show as a dash, texts as they stand.
    caption : str
        What a row is, and the units of the columns.
    digits : int
        Significant digits of numbers with a fraction.

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
    say(f"**Table.** {caption}")
    form: Any = {"index": False, "na_rep": "–", "float_format": lambda x: f"{x:.{digits}g}"}
    plain = table.copy(deep=False)
    for name in table.select_dtypes(["object", "str", "category"]):
        plain[name] = table[name].map(_plain)
    plain = plain.rename(columns=_plain)
    with pd.option_context("display.html.use_mathjax", False):
        html = plain.to_html(border=0, justify="left", **form)
    _display().display({"text/html": html, "text/plain": plain.to_string(**form)}, raw=True)


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

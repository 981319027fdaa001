"""What every notebook shows the same way: figures, tables, sentences and its closing lines."""

from __future__ import annotations

import base64
import math
import re
import textwrap
from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType
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
#: Columns whose names say too little, as a reader finds them, with the unit where there is one.
_PLAIN_NAMES = {
    "n": "number",
    "low": "95 % from",
    "high": "95 % to",
    "p_value": "p",
    "p_adjusted": "adjusted p",
    "n_events": "events",
    "n_month": "events known by month only",
    "n_unsourced": "events not sourced",
    "n_full_year": "number, whole year",
    "exposure_days": "days in windows",
    "observed": "launch days seen",
    "expected": "launch days expected",
    "at_other_rate": "launch days at other rate",
    "detectable_above": "found above (rate ratio)",
    "detectable_below": "found below (rate ratio)",
    "power_none": "none found (share)",
    "detectable_above_family": "found above, family (rate ratio)",
    "detectable_below_family": "found below, family (rate ratio)",
    "power_none_family": "none found, family (share)",
    "null_ratio": "ratio of the null",
    "null_low": "null 95 % from",
    "null_high": "null 95 % to",
    "e_value": "E-value (ratio)",
    "missiles_exact": "number exact",
    "score": "score (0 to 1)",
    "crps": "CRPS (launch days)",
    "brier": "Brier score (0 to 1)",
    "interval_score": "interval score (launch days)",
    "window_start": "window from (day)",
    "window_end": "window to (day)",
}
#: Units in which names of columns end.
_UNIT_ENDINGS = {"_km": " (km)", "_days": " (days)"}
#: What a lower bound makes of a number, or of the day on which one was reached.
_LOWER_BOUNDS = {"n": "at least {}", "date": "{} at the latest", "reached": "{} at the latest"}
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


def show_table(
    table: pd.DataFrame,
    *,
    caption: str,
    names: Mapping[str, str] = MappingProxyType({}),
    unit: str = "",
    digits: int = 3,
) -> None:
    """Show a table without its index, under a caption.

    Numbers stand at the right with one precision a column; headings are words, with units.

    Parameters
    ----------
    table : DataFrame
        The table; missing cells show as a dash, texts as they stand, p-values as everywhere. A
        column ``exact`` is told where it belongs, in the number or day: "at least 61".
    caption : str
        What a row is.
    names : mapping of str to str
        Headings for columns whose own names do not say what they hold, and in which unit.
    unit : str
        Unit of the other columns of numbers, such as ``"missiles"``; ``"p"`` for p-values.
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
    texts, right = write_cells(table, names, unit, digits)
    head = "".join(f"<th scope='col'>{for_html(name)}</th>" for name in texts)
    rows = "".join(
        f"<tr>{''.join(f'<td>{for_html(cell)}</td>' for cell in row)}</tr>"
        for row in texts.itertuples(index=False)
    )
    classes = " ".join(["mathjax_ignore", *(f"right-{place}" for place in right)])
    rules = "".join(f".right-{n} tr > :nth-child({n}) {{ {_NUMERALS} }}\n" for n in right)
    region = f"<div class='record' tabindex='0' role='region' aria-label='{_region(caption)}'>"
    html = (
        f"{_LOOK}<style>{rules}</style>{region}"
        f"<table class='{classes}'><caption>Table. {_marked(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    plain = f"Table. {caption}\n{texts.to_string(index=False)}"
    _display().display({"text/html": html, "text/plain": plain}, raw=True)


def _region(caption: str) -> str:
    """Name a table by the beginning of its caption, which tells it from others of the page."""
    return for_attribute(f"Table: {textwrap.shorten(caption, 70, placeholder='...')}")


def write_cells(
    table: pd.DataFrame, names: Mapping[str, str], unit: str, digits: int
) -> tuple[pd.DataFrame, list[int]]:
    """Write the cells of a table under their headings; say which columns stand at the right."""
    bound = next((name for name in _LOWER_BOUNDS if name in table), "") if "exact" in table else ""
    shown = table.drop(columns=["exact"] if bound else [])
    right = [place for place, kind in enumerate(shown.dtypes, 1) if _is_numeric(kind)]
    columns = {}
    for place, name in enumerate(map(str, shown), 1):
        own = unit if place in right and name not in names and name not in _PLAIN_NAMES else ""
        texts = _texts(shown[name], digits, is_p=own.endswith("p") or _is_p_value(name))
        if name == bound:
            said = zip(texts, table["exact"].isin([False]), strict=True)
            texts = [
                _LOWER_BOUNDS[name].format(one) if at and one != "–" else one for one, at in said
            ]
        columns[names.get(name) or _heading(name, own)] = texts
    return pd.DataFrame(columns), right


def _heading(name: str, unit: str = "") -> str:
    """Write the name of a column as words, with its unit."""
    for end, words in _UNIT_ENDINGS.items():
        if name.endswith(end) and name not in _PLAIN_NAMES:
            return name.removesuffix(end).replace("_", " ") + words
    words = _PLAIN_NAMES.get(name, _plain(name).replace("_", " "))
    return f"{words} ({unit})" if unit else words


def _is_p_value(name: str) -> bool:
    return name == "p" or name.startswith("p_") or name.endswith("_p")


def _is_numeric(kind: Any) -> bool:
    return pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)


def _texts(column: pd.Series, digits: int, *, is_p: bool) -> list[str]:
    """Write the cells of a column with one precision; p-values as everywhere; "–" for none."""
    kind = column.dtype
    if pd.api.types.is_bool_dtype(kind):
        form: Any = {True: "yes", False: "no"}.get
    elif is_p:
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
    if isinstance(cell, bool | np.bool_):
        return "yes" if cell else "no"
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

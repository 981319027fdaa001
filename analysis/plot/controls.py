"""Links whose answer is known: what the test says of each, with the true answer beside."""

from __future__ import annotations

from textwrap import shorten

import pandas as pd
from matplotlib.axes import Axes

from .parts import begin, finish, name_rows
from .style import BLUE, INK, RED

_COLOURS = {"stop": RED, "nothing": BLUE, "by itself": INK}
_SAID = {
    "stop": "a stop",
    "nothing": "nothing",
    "by itself": "no control",
}


def plot_controls(table: pd.DataFrame, *, source: str | None = "", ax: Axes | None = None) -> Axes:
    """Draw the p-value of each control on a logarithmic scale, the true answer at the right.

    Parameters
    ----------
    table : DataFrame
        As from `analysis.links.controls.controls`, or some of its rows.
    source : str, optional
        Line under the figure; none by default.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from analysis.record.proofs import read_proof
    >>> table = read_proof("links_controls").query("truth == 'stop'")
    >>> ax = plot_controls(table, ax=Figure().add_subplot())
    >>> len(ax.texts)
    5
    """
    ax = begin(ax, table, ["control", "who", "truth", "p_value", "verdict"])
    rows = table[table["p_value"].notna()].reset_index(drop=True)
    for place, row in enumerate(rows.to_dict("records")):
        p = max(float(row["p_value"]), 1e-6)
        ax.plot(p, place, "o", color=_COLOURS[row["truth"]])
        said = f"{row['verdict']} ({_SAID[row['truth']]})"
        ax.text(3, place, said, va="center", fontsize="small")
    ax.axvline(0.01, color=INK, linewidth=0.8, linestyle="--")
    name_rows(ax, [_control_name(row["control"], row["who"]) for row in rows.to_dict("records")])
    ax.set_xscale("log")
    ax.minorticks_off()
    finish(ax, table, source, xlabel="p-value (at the left a millionth or less)")
    ax.set_xlim(5e-7, 1e6)  # the words stand at the right of 1
    ax.set_xticks([1e-6, 1e-4, 1e-2, 1], ["0.000001", "0.0001", "0.01", "1"])
    return ax


def _control_name(control: str, who: str) -> str:
    """Name a row in two short lines."""
    lines = control.partition(",")[0].replace("_", " "), who.replace("the ", "")
    return "\n".join(shorten(line, 40, placeholder="...") for line in lines)

"""The figure of links whose answer is known."""

from __future__ import annotations

import pandas as pd

from ..plot import plot_controls, sheet
from ..plot.parts import source_line, subtitle
from ..record.proofs import read_proof
from . import report_figure
from .drawing import Drawing

#: Fixed days of the year have no row of their own: there are too many.
FIXED = "week from"


@report_figure(
    "34-controls",
    "Do the tests find what is known, and only that?",
    proofs=("links_controls", "links_unrelated"),
)
def controls() -> Drawing:
    """Draw the p-value of each control of other countries, with the true answer beside."""
    table = read_proof("links_controls")
    named = table[~table["control"].str.startswith(FIXED)].reset_index(drop=True)
    figure, ax = sheet(8.6)
    source = source_line("nuclear tests of five states, Japan's launches")
    plot_controls(named, source=source, ax=ax)
    subtitle(ax, "What each test says (and what there was); red: a stop; dashed: p = .01")
    alt = (
        f"The p-values of {named['p_value'].notna().sum()} controls on a logarithmic scale, each "
        "with what the test says and what is true; those of stops of nuclear tests lie left of "
        "one in a hundred, but for the one that is too small."
    )
    return Drawing(figure, named.drop(columns="seed"), alt, _controls_answer(table))


def _controls_answer(table: pd.DataFrame) -> str:
    """Say how many stops are found, and how often something is seen where there is nothing."""
    stops = table.loc[table["truth"] == "stop", "verdict"]
    found, small = (int((stops == word).sum()) for word in ("found", "too small"))
    nothing = table[(table["truth"] == "nothing") & table["p_value"].notna()]
    seen = nothing["p_value"] < 0.05
    fewer, more = ((seen & side).mean() for side in _sides(nothing))
    return (
        f"{found} of {len(stops)} announced stops of nuclear tests are found and {small} is called "
        f"too small; of {len(nothing)} comparisons without a link {fewer:.0%} have p below .05 "
        f"with fewer launches inside, {more:.0%} with more. {_unrelated()}"
    )


def _unrelated() -> str:
    """Say how often something is seen where Korean events, moved by years, meet other records."""
    found = read_proof("links_unrelated").query("of == 'all'").set_index("side")
    fewer, more = (f"{share:.1%}" for share in found.loc[["fewer", "more"], "share"])
    return (
        f"Of {found['n_controls'].iloc[0]:,} groups of Korean events moved elsewhere {fewer} look "
        f"linked with fewer, {more} with more (5 % is right)."
    )


def _sides(table: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return where fewer, and where more launches were seen inside than outside."""
    return table["rate_ratio"] < 1, table["rate_ratio"] > 1

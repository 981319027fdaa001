"""Figures of other databases: revised, different, and late."""

from __future__ import annotations

import pandas as pd

from ..counting import database_differences, listing_delays, vintage_counts, vintage_summary
from ..plot import (
    describe_delays,
    describe_differences,
    describe_revisions,
    plot_delays,
    plot_differences,
    plot_revisions,
    sheet,
)
from ..plot.parts import subtitle
from ..record.load import load_launches
from . import report_figure
from .drawing import Drawing

#: Years whose end fell after the first known state of CNS.
SINCE = 2017


@report_figure(
    "20-counts-revised",
    "Does the number of a year stay what it was when the year ended?",
    tables=("launches", "coverage", "vintages", "vintages_listed"),
)
def counts_revised() -> Drawing:
    """Draw each year's missiles in CNS as the year ended, at the peak and in the newest state."""
    summary = vintage_summary(vintage_counts("cns"))
    over = summary["today_on"].dt.year > summary["year"]
    summary = summary[(summary["year"] >= SINCE) & over].reset_index(drop=True)
    figure, ax = sheet(4.4)
    plot_revisions(summary, unit="missiles in CNS, UTC dates,", ax=ax)
    words = describe_revisions(summary)
    alt = f"Missiles a year in CNS, by UTC dates, of {SINCE} and after."
    return Drawing(figure, summary, alt, words)


@report_figure(
    "21-databases-differ",
    "In which years do CNS and CSIS differ from the record?",
    tables=("launches", "coverage", "vintages", "vintages_listed"),
)
def databases_differ() -> Drawing:
    """Draw by year and rule what the record has more than the newest state of each database."""
    differences = database_differences(load_launches())
    figure, ax = sheet(3.8)
    plot_differences(differences, ax=ax)
    subtitle(ax, "Record less database, Korean dates; other years agree")
    alt = f"Heat map of the record less each database. {describe_differences(differences)}"
    return Drawing(figure, differences, alt, _differences_answer(differences))


def _differences_answer(differences: pd.DataFrame) -> str:
    """Say in how many years each database has other launches than the record."""
    years = differences["year"].nunique()
    other = differences[differences["difference"] != 0].groupby("database")["year"].nunique()
    return f"Of {years} years, CNS differs in {other['cns']} and CSIS in {other['csis']}."


@report_figure(
    "22-days-until-listed",
    "How many days pass until a launch is listed?",
    tables=("launches", "coverage", "vintages", "vintages_seen"),
)
def days_until_listed() -> Drawing:
    """Draw the share of launch days that stood in each database within so many days."""
    delays = listing_delays(load_launches())
    figure, ax = sheet(4.2)
    plot_delays(delays, ax=ax)
    return Drawing(figure, delays, "Rising steps, one line a database.", describe_delays(delays))

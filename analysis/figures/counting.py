"""Figures of counts: the year to date under several rules, and the article's 32."""

from __future__ import annotations

import pandas as pd

from ..counting import at_least, at_the_latest, cumulative, when_reached
from ..plot import day, describe_curves, describe_reached, plot_reached, plot_year_to_date, sheet
from ..plot.curves import first_at
from ..record.load import last_day, load_launches
from ..series.strata import START
from . import report_figure
from .drawing import Drawing

#: The number in the article, and the year that has it.
NUMBER, YEAR = 32, 2022
#: Four rules that differ in one step each, with the words of their panels.
FOUR = {
    "missiles": "missiles",
    "salvos": "salvos",
    "cnn": "days, Korean dates (CNN)",
    "utc_days": "days, UTC dates",
}


@report_figure(
    "02-year-to-date",
    "In which year, and on which day, was a launch the 32nd of its year?",
    tables=("launches", "coverage"),
)
def year_to_date_curves() -> Drawing:
    """Draw the launch days of each year as they mounted up, with the article's number."""
    curves, unit = _cumulative_curves("cnn"), "days with a launch"
    figure, ax = sheet(4.6)
    plot_year_to_date(curves, unit=unit, level=NUMBER, level_text="the article's number", ax=ax)
    ax.set_title("Each line is a year; days with a ballistic or cruise missile or space rocket")
    alt = describe_curves(curves, unit=unit, level=NUMBER)
    return Drawing(figure, _points(curves), alt, f"{_reached_when(curves)}; {_so_far(curves)}.")


@report_figure(
    "04-four-rules",
    "Is there a 32nd launch under every way of counting?",
    tables=("launches", "coverage"),
)
def four_rules() -> Drawing:
    """Draw the same years under four rules side by side."""
    curves = {rule: _cumulative_curves(rule) for rule in FOUR}
    figure, grid = sheet(7.0, rows=2, columns=2, sharex=True, sharey=True)
    for (rule, words), ax in zip(FOUR.items(), grid.flat, strict=True):
        plot_year_to_date(curves[rule], unit="count", level=NUMBER, small=True, ax=ax)
        ax.set_title(f"{words}\n{_years_reached(curves[rule])}")
    for ax in grid.flat:
        ax.label_outer()
        ax.set_ylim(0, 1.12 * max(curve["n"].max() for curve in curves.values()))
    table = pd.concat([_points(curve).assign(rule=rule) for rule, curve in curves.items()])
    alt = [describe_curves(curves[rule], unit=unit, level=NUMBER) for rule, unit in FOUR.items()]
    years = {rule: first_at(curve, NUMBER)["year"] for rule, curve in curves.items()}
    others = pd.concat([years[rule] for rule in FOUR if rule != "missiles"])
    # a year that a lower bound leaves short of it may have reached it too
    last = curves["missiles"].groupby("year").tail(1)
    exact = bool(last.loc[~last["year"].isin(years["missiles"]), "exact"].all())
    answer = (
        f"Counted in missiles, {at_least(len(years['missiles']), exact=exact)} years reach it; in "
        f"salvos or days only {_years_text(others)}."
    )
    return Drawing(figure, table[["rule", "year", "date", "n", "exact"]], " ".join(alt), answer)


def _years_reached(curves: pd.DataFrame) -> str:
    """Say in which years, or on which day, the number was reached."""
    reached = first_at(curves, NUMBER)
    if reached.empty:
        return f"never reached {NUMBER}"
    if len(reached) == 1:
        return f"{NUMBER} on {at_the_latest(*reached[['date', 'exact']].iloc[0])}"
    return f"{NUMBER} in {_years_text(reached['year'])}"


def _years_text(years: pd.Series) -> str:
    """List years, each once."""
    return ", ".join(map(str, sorted(years.unique())))


def _reached_when(curves: pd.DataFrame) -> str:
    """Say which days were launch number so much of their year on CNN's count."""
    days = [day(date) for date in first_at(curves, NUMBER)["date"]]
    return f"Only {' and '.join(days)} on CNN's count" if days else "None on CNN's count"


def _so_far(curves: pd.DataFrame) -> str:
    """Say where the running year stands."""
    last = curves.iloc[-1]
    return f"{last['year']} stood at {last['n']} on {day(last['date'], year=False)}"


def _cumulative_curves(rule: str) -> pd.DataFrame:
    """Count every year so far under a rule, day by day."""
    years = range(pd.Timestamp(START).year, last_day().year + 1)
    return cumulative(load_launches(), rule, years=years, as_of=last_day())


def _points(curves: pd.DataFrame) -> pd.DataFrame:
    """Keep the days on which a curve rises, and each year's last day."""
    rises = curves.groupby("year")["n"].diff().fillna(curves["n"]) > 0
    last = ~curves.duplicated("year", keep="last")
    return curves.loc[rises | last, ["year", "date", "n", "exact"]]


@report_figure(
    "05-reached-32",
    "On which day of 2022 did each way of counting reach 32?",
    tables=("launches", "coverage"),
)
def reached_32() -> Drawing:
    """Draw, for 2022, when each rule came to 32."""
    table = when_reached(load_launches(), NUMBER, year=YEAR)
    figure, ax = sheet(7.4)
    plot_reached(table, mark="cnn", ax=ax)
    ax.set_xlabel(str(YEAR))
    dated = table.dropna(subset=["date"])
    cnn = dated.set_index("rule")["date"]["cnn"]
    answer = (
        f"{len(dated)} of {len(table)} ways of counting reached it, from "
        f"{day(dated['date'].min(), year=False)} to {day(dated['date'].max(), year=False)}; "
        f"CNN's on {day(cnn, year=False)}."
    )
    alt = f"For {YEAR}, the day on which each rule reached {NUMBER}: {describe_reached(table)}"
    return Drawing(figure, table, alt, answer)

"""Figures of counts: the year to date under several rules, and the article's 32."""

from __future__ import annotations

import pandas as pd

from ..counting import RULES, cumulative, nth, year_to_date
from ..plot import day, plot_reached, plot_year_to_date
from ..record.load import last_day, load_launches
from .drawing import Drawing, sheet

#: The number in the article, the years compared with it, and the year that has it.
NUMBER, SINCE, YEAR = 32, 2012, 2022
#: Four rules that differ in one step each, with the words of their panels.
FOUR = {
    "missiles": "missiles",
    "salvos": "salvos",
    "cnn": "days, Korean dates (CNN)",
    "utc_days": "days, UTC dates",
}


def year_to_date_curves() -> Drawing:
    """Draw the launch days of each year as they mounted up, with the article's number."""
    curves = _curves("cnn")
    figure, ax = sheet(4.6)
    plot_year_to_date(
        curves, unit="days with a launch", level=NUMBER, level_text="the article's number", ax=ax
    )
    ax.set_title("Each line is a year; days with a ballistic or cruise missile")
    return Drawing(figure, _steps(curves), _curves_alt(curves, "days with a launch"))


def four_rules() -> Drawing:
    """Draw the same years under four rules side by side."""
    curves = {rule: _curves(rule) for rule in FOUR}
    figure, grid = sheet(7.0, rows=2, columns=2, sharex=True, sharey=True)
    for (rule, words), ax in zip(FOUR.items(), grid.flat, strict=True):
        plot_year_to_date(curves[rule], unit="count", level=NUMBER, small=True, ax=ax)
        ax.set_title(f"{words}\n{_when(curves[rule])}")
    for ax in grid.flat:
        ax.label_outer()
        ax.set_ylim(0, 1.12 * max(curve["n"].max() for curve in curves.values()))
    table = pd.concat([_steps(curve).assign(rule=rule) for rule, curve in curves.items()])
    alt = " ".join(_curves_alt(curve, FOUR[rule]) for rule, curve in curves.items())
    return Drawing(figure, table[["rule", "year", "date", "n"]], alt)


def _when(curves: pd.DataFrame) -> str:
    """Say in which years, or on which day, the number was reached."""
    dates = curves.loc[curves["n"] >= NUMBER].drop_duplicates("year")["date"].tolist()
    if not dates:
        return f"never reached {NUMBER}"
    if len(dates) == 1:
        return f"{NUMBER} on {day(dates[0])}"
    return f"{NUMBER} in " + ", ".join(str(date.year) for date in dates)


def _curves(rule: str) -> pd.DataFrame:
    """Count every year so far under a rule, day by day."""
    end = last_day()
    return cumulative(load_launches(), rule, years=range(SINCE, end.year + 1), as_of=end)


def _steps(curves: pd.DataFrame) -> pd.DataFrame:
    """Keep the days on which a curve rises, and each year's last day."""
    rises = curves.groupby("year")["n"].diff().fillna(curves["n"]) > 0
    last = ~curves.duplicated("year", keep="last")
    return curves.loc[rises | last, ["year", "date", "n"]]


def _curves_alt(curves: pd.DataFrame, unit: str) -> str:
    """Put curves of a year to date into words."""
    last = curves.drop_duplicates("year", keep="last").set_index("year")
    record, running = last["n"].sort_values(kind="stable").index[-1], last.index.max()
    reached = curves[curves["n"] >= NUMBER].drop_duplicates("year")
    when = ", ".join(day(date) for date in reached["date"]) or "never"
    return (
        f"Counting {unit}, {last.index.min()} to {running}: highest in {record} "
        f"({last['n'][record]:,}); {running} stands at {last['n'][running]:,} on "
        f"{day(last['date'][running])}; {NUMBER} was reached on: {when}."
    )


def reached_32() -> Drawing:
    """Draw, for 2022, when each rule came to 32."""
    launches, end = load_launches(), pd.Timestamp(YEAR, 12, 31)
    rows = []
    for name, rule in RULES.items():
        date = nth(launches, rule, NUMBER, years=[YEAR])["date"].iloc[0]
        n = year_to_date(launches, rule, years=[YEAR], as_of=end)["n"].iloc[0]
        rows.append({"rule": name, "date": date, "n": n, "definition": rule.definition})
    table = pd.DataFrame(rows).sort_values(["date", "n"], na_position="last", kind="stable")
    figure, ax = sheet(0.225 * len(table) + 1.2)
    plot_reached(table, number=NUMBER, ax=ax)
    ax.set_xlabel(str(YEAR))
    dated = table.dropna(subset=["date"])
    never = ", ".join(table.loc[table["date"].isna(), "rule"]) or "none"
    alt = (
        f"For {YEAR}, the day on which each rule reached {NUMBER}: "
        + "; ".join(
            f"{rule} {day(date, year=False)}"
            for rule, date in zip(dated["rule"], dated["date"], strict=True)
        )
        + f". Rules that never reached it: {never}."
    )
    return Drawing(figure, table, alt)

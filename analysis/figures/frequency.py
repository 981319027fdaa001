"""Figures of launch frequency: rates, changes, season, waits, self-excitation and their proofs."""

from __future__ import annotations

from textwrap import fill
from typing import Any

import pandas as pd

from ..counting import counts
from ..excitation import excitation_residuals, self_excitation
from ..frequency import (
    change_points,
    fit_waiting,
    hazard,
    launch_calendar,
    longest_pauses,
    month_by_year,
    rates,
    season_change,
    seasonality,
    waiting_survival,
    waiting_times,
)
from ..plot import (
    day,
    describe_changes,
    plot_calendar,
    plot_hazard,
    plot_models,
    plot_months,
    plot_rates,
    plot_ratios,
    plot_recovery,
    plot_residuals,
    plot_waiting,
)
from ..plot.style import WIDTH, pyplot, rows
from ..record.load import last_day, load_launches
from ..record.proofs import read_proof
from .drawing import Drawing, sheet
from .record import FIRST_DAY, SINCE

#: Baselines whose residuals are drawn, with their words.
BASELINES = {"constant": "one baseline", "eras": "a baseline by leaders"}
#: Tables of `make proofs`.
REGIMES = "regimes"
PROOFS = ("frequency_recovery", "hawkes_recovery")


def yearly_rates() -> Drawing:
    """Draw the rate of launch days by year with both intervals, and the changes of the rate."""
    launches, end = load_launches(), last_day()
    period: Any = {"start": FIRST_DAY, "end": end}
    by_year = rates(launches, "days", freq="year", **period)
    changes = change_points(counts(launches, "days", freq="month", **period))
    figure, ax = sheet(4.8)
    plot_rates(by_year, segments=changes, last_day=end, ax=ax)
    ax.set_title(
        "Days with a launch. A change must gain "
        f"{changes['penalty'].iloc[0]:.1f} of log-likelihood; bars: its 95 % interval"
    )
    busiest: Any = by_year.sort_values("n").iloc[-1]
    alt = (
        f"Rate of launch days in each year from {by_year['period'].min()} to {day(end)}, each with "
        "an interval for independent launches and a wider one that allows for bursts. Most in "
        f"{busiest['period']}: {busiest['rate']:.0f} a year ({busiest['low']:.0f} to "
        f"{busiest['high']:.0f}). Steady rates between changes: {describe_changes(changes)}"
    )
    parts = {"year": by_year.drop(columns=["period", "exact"]), "segment": changes}
    parts["year"].insert(0, "start", by_year["period"].dt.start_time.dt.normalize())
    parts["year"].insert(1, "end", by_year["period"].dt.end_time.dt.normalize().clip(upper=end))
    table = pd.concat([part.assign(part=name) for name, part in parts.items()])
    return Drawing(figure, table[["part", *table.columns.drop("part")]], alt)


def launch_days() -> Drawing:
    """Draw the calendar of missiles day by day."""
    end = last_day()
    table = launch_calendar(load_launches(), "missiles", start=SINCE, end=end)
    figure, ax = sheet(5.6)
    plot_calendar(table, ax=ax)
    ax.set_title("Missiles a day (ballistic, space, cruise), weeks across, Monday on top")
    days = table[table["n"] > 0]
    most: Any = days.sort_values("n", kind="stable").iloc[-1]
    alt = (
        f"Calendar of {len(days):,} launch days from {day(SINCE)} to {day(end)}, a block of weeks "
        f"a year, darker for more missiles; most, at least {most['n']}, on {day(most['date'])}. "
        f"Busiest year: {days['year'].mode().iloc[0]} ({days['year'].value_counts().iloc[0]} days)."
    )
    return Drawing(figure, days[["date", "n"]].rename(columns={"n": "missiles"}), alt)


def months_and_quarters() -> Drawing:
    """Draw launch days by year and month above the test of the quarters."""
    launches, end = load_launches(), last_day()
    period: Any = {"start": SINCE, "end": end}
    months = month_by_year(launches, "days", **period)
    quarters = seasonality(launches, "days", by="quarter", **period)
    split = season_change(launches, "days", **period)
    tests = _quarter_tests(quarters, split)
    figure, (top, bottom) = sheet(8.0, rows=2, height_ratios=[2.1, 1])
    plot_months(months, ax=top)
    plot_ratios(
        tests,
        p_value="p_value",
        compared="rate in the quarter over the rest of the year",
        ax=bottom,
    )
    bottom.set_title("Each year at its own rate, bursts kept; filled: interval leaves out 1")
    low = split.iloc[0]
    alt = (
        f"Launch days by year and month, {day(SINCE)} to {day(end)}, with the rate of "
        "each quarter over the rest of the year: "
        + "; ".join(f"{row.label} {row.ratio:.2f}" for row in rows(tests))
        + f". Before {split['start'].iloc[1].year} the fourth quarter had {low['n_quarter']} of "
        f"{low['n']} launch days."
    )
    parts = {"month": months, "test": tests}
    return Drawing(figure, pd.concat([t.assign(part=n) for n, t in parts.items()]), alt)


def _quarter_tests(quarters: pd.DataFrame, split: pd.DataFrame) -> pd.DataFrame:
    """Put the quarters of all years above the fourth quarter before and after."""
    whole = quarters.rename(columns={"p_shift": "p_value"}).assign(group="all years")
    spans = [f"{row.start.year}–{row.end.year}" for row in rows(split)]
    later = split.assign(label=[*spans[:-1], "later over earlier"], group="fourth quarter")
    columns = ["group", "label", "n", "ratio", "low", "high", "p_value"]
    return pd.concat([whole[columns], later[columns]], ignore_index=True)


def waits() -> Drawing:
    """Draw waiting times with their fits, and the chance of the next launch day."""
    table = waiting_times(load_launches(), "days", start=SINCE, end=last_day())
    survival, chance, fits = waiting_survival(table), hazard(table), fit_waiting(table)
    figure, (top, bottom) = sheet(7.2, rows=2)
    plot_waiting(survival, ax=top)
    gap = fits.drop_duplicates("model").set_index("model")["delta_bic"]
    top.set_title(
        f"BIC above the best fit: exponential {gap['exponential']:.0f}, "
        f"Weibull {gap['weibull']:.0f}, two rates {gap['two_rates']:.0f}"
    )
    plot_hazard(chance, ax=bottom)
    bottom.set_title("Chance a day of the next launch day, with exact 95 % intervals")
    longest = longest_pauses(table, top=1).iloc[0]
    shape = fits.set_index("parameter").loc["shape"]
    alt = (
        f"Share of {fits['n'].iloc[0]} waits between launch days longer than so many days, with "
        "three fits: an exponential falls too fast at the long end. Weibull shape "
        f"{shape['estimate']:.2f} ({shape['low']:.2f} to {shape['high']:.2f}). The chance of a "
        f"launch day falls from {chance['hazard'].iloc[0]:.1%} a day just after one to "
        f"{chance['hazard'].iloc[-1]:.1%} after {chance['after_days'].iloc[-1]} days. Longest "
        f"pause: {longest['days']:.0f} days from {day(longest['start'])}."
    )
    return Drawing(figure, survival, alt)


def self_exciting() -> Drawing:
    """Draw residuals of the self-exciting model, and its rivals with rates that change."""
    launches, end = load_launches(), last_day()
    period: Any = {"start": SINCE, "end": end}
    figure = pyplot().figure(figsize=(WIDTH, 8.6))
    panels = figure.subplot_mosaic([[[[*BASELINES]]], ["models"]], height_ratios=[1.4, 1])
    found, said = {}, []
    for baseline, words in BASELINES.items():
        found[baseline] = excitation_residuals(
            launches, baseline=baseline, simulations=99, **period
        )
        fit = self_excitation(launches, baseline=baseline, **period)
        ratio = fit.set_index("parameter").loc["branching_ratio"]
        p = found[baseline]["ks_p_value"].iloc[0]
        plot_residuals(found[baseline], ax=panels[baseline])
        panels[baseline].set_title(
            f"{words}, misfit p = {p:.2f}\nbranching ratio {ratio['estimate']:.2f} "
            f"({ratio['low']:.2f}–{ratio['high']:.2f})"
        )
        said.append(f"with {words} {ratio['estimate']:.2f} (misfit p = {p:.2f})")
    compared = read_proof(REGIMES)
    plot_models(compared, ax=panels["models"])
    panels["models"].set_title(
        "Blue: self-exciting; hatched: rates only change or switch\n" + _preference(compared)
    )
    alt = (
        "Rescaled waits between launch days against the uniform law, within the band of simulated "
        f"records; branching ratio {' and '.join(said)}. Below, models by BIC. "
        + _preference(compared).replace("\n", " ")
    )
    table = pd.concat([t.assign(baseline=name) for name, t in found.items()])
    return Drawing(figure, table, alt)


def _preference(compared: pd.DataFrame) -> str:
    """Say by how much the best self-exciting model leads the best other one, or trails it."""
    excited = compared["model"].str.startswith("self-exciting")
    leads = []
    for column, words in (("delta_bic", "BIC prefers"), ("behind", "Forecasts prefer")):
        best = [
            part.sort_values(column).iloc[0] for part in (compared[excited], compared[~excited])
        ]
        first, second = sorted(best, key=lambda row: row[column])
        lead = f"{second[column] - first[column]:.1f}"
        if column == "behind" and first[column] == 0:
            lead += f" ± {second['behind_se']:.1f}"
        leads.append(f"{words} “{first['model']}” to “{second['model']}” by {lead}")
    return "\n".join(fill(lead, 58) for lead in leads)


def recovery() -> Drawing:
    """Draw how often the intervals of launch frequency held the truth in simulated worlds."""
    table = pd.concat([_with_play(read_proof(name)) for name in PROOFS], ignore_index=True)
    table["wrong"] = table["estimator"].str.contains("Garwood")
    names = table["estimator"].nunique()
    figure, ax = sheet(0.36 * names + 1.6)
    n = int(table["n_series"].max())
    plot_recovery(
        table.assign(estimator=table["estimator"].str.replace("_", " ")),
        source=f"Source: {n:,} simulated records a world; those without an interval do not count",
        ax=ax,
    )
    ax.set_title("A point a world (number in brackets);\nlines: play of chance; shaded: .92 to .98")
    answers = table[~table["wrong"] & ~table["estimator"].str.contains("invented")]
    least = answers.sort_values("coverage").iloc[0]
    alt = (
        f"Coverage of {names} kinds of 95 % interval in simulated worlds: from "
        f"{least['coverage']:.3f} ({least['estimator']}, {least['world']}) to "
        f"{answers['coverage'].max():.3f}. Intervals for independent launches, shown as the wrong "
        f"answer: {table.loc[table['wrong'], 'coverage'].min():.2f}."
    )
    return Drawing(figure, table, alt)


def _with_play(proof: pd.DataFrame) -> pd.DataFrame:
    """Where a record gives one interval, find the play of chance from their number alone."""
    if "n_intervals" in proof:
        return proof
    from scipy.stats import beta

    held, n = proof["coverage"] * proof["n_series"], proof["n_series"]
    low, high = beta.ppf(0.025, held, n - held + 1), beta.ppf(0.975, held + 1, n - held)
    return proof.assign(low=low, high=pd.Series(high).fillna(1.0), n_intervals=n)

"""Figures of launch frequency: rates, changes, season, waits, self-excitation and their proofs."""

from __future__ import annotations

from textwrap import fill
from typing import Any

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from .. import frequency as fq
from .. import plot as pt
from ..counting import counts
from ..excitation import describe_baselines, excitation_by_baseline, excitation_residuals
from ..plot.parts import rows
from ..record.load import load_launches
from ..record.proofs import read_proof
from . import report_figure
from .drawing import Drawing, dense_years, whole_record

#: Baselines whose residuals are drawn, with their words.
_BASES = {"constant": "one rate", "eras": "a rate by leaders"}


@report_figure(
    "07-yearly-rates",
    "How often does North Korea launch, and when did that change?",
    tables=("launches", "coverage"),
)
def yearly_rates() -> Drawing:
    """Draw the rate of launch days by year with both intervals, and the changes of the rate."""
    launches, period = load_launches(), whole_record()
    by_year = fq.rates(launches, "days", freq="year", **period)
    changes = fq.change_points(counts(launches, "days", freq="month", **period))
    end = period["end"]
    figure, ax = pt.sheet(4.8)
    pt.plot_rates(by_year, segments=changes, last_day=end, ax=ax)
    ax.set_title(
        "Days with a launch. A change must gain "
        f"{changes['penalty'].iloc[0]:.1f} of log-likelihood; bars: its 95 % interval"
    )
    busiest = by_year.sort_values("n").iloc[-1]
    alt = (
        f"Rate of launch days in each year from {by_year['period'].min()} to {pt.day(end)}, each "
        "with an interval for independent launches and a wider one that allows for bursts. Most in "
        f"{busiest['period']}: {busiest['rate']:.0f} a year ({busiest['low']:.0f} to "
        f"{busiest['high']:.0f}). Steady rates between changes: {pt.describe_changes(changes)}"
    )
    years = by_year.drop(columns=["period", "exact"])
    years.insert(0, "start", by_year["period"].dt.start_time.dt.normalize())
    years.insert(1, "end", by_year["period"].dt.end_time.dt.normalize().clip(upper=end))
    table = pd.concat([years.assign(part="year"), changes.assign(part="segment")])
    return Drawing(figure, table[["part", *table.columns.drop("part")]], alt)


@report_figure(
    "08-launch-days", "On which days were the launches?", tables=("launches", "coverage")
)
def days_of_launches() -> Drawing:
    """Draw the calendar of missiles day by day."""
    period = dense_years()
    table = fq.launch_calendar(load_launches(), "missiles", **period)
    figure, ax = pt.sheet(5.6)
    pt.plot_calendar(table, source=pt.default_source(), ax=ax)
    ax.set_title("Missiles a day (ballistic, space, cruise), weeks across, Monday on top")
    days = table[table["n"] > 0]
    most = days.sort_values("n", kind="stable").iloc[-1]
    busiest = days["year"].value_counts()
    alt = (
        f"Calendar of {len(days):,} launch days from {pt.day(period['start'])} to "
        f"{pt.day(period['end'])}, a block of weeks a year, darker for more missiles; most, at "
        f"least {most['n']}, on {pt.day(most['date'])}. "
        f"Busiest year: {busiest.index[0]} ({busiest.iloc[0]} days)."
    )
    return Drawing(figure, days[["date", "n"]].rename(columns={"n": "missiles"}), alt)


@report_figure(
    "09-months-and-quarters", "Is there a fourth-quarter lull?", tables=("launches", "coverage")
)
def months_and_quarters() -> Drawing:
    """Draw launch days by year and month above the test of the quarters."""
    launches, period = load_launches(), dense_years()
    months = fq.month_by_year(launches, "days", **period)
    split = fq.season_change(launches, "days", **period)
    tests = _quarter_tests(fq.seasonality(launches, "days", by="quarter", **period), split)
    figure, (top, bottom) = pt.sheet(8.2, rows=2, height_ratios=[2.1, 1])
    pt.plot_months(months, ax=top)
    compared = "rate in the quarter over the rest of the year"
    pt.plot_effects(tests, by="group", p_value="p_value", compared=compared, ax=bottom)
    bottom.set_title("Each year at its own rate, bursts kept; blue: p below .05")
    low = split.iloc[0]
    ratios = [f"{row.label} {row.rate_ratio:.2f}" for row in rows(tests)]
    alt = (
        f"Launch days by year and month, {pt.day(period['start'])} to {pt.day(period['end'])}, "
        f"with the rate of each quarter over the rest of the year: {'; '.join(ratios)}. Before "
        f"{split['start'].iloc[1].year} the fourth quarter had {low['n_quarter']} of {low['n']} "
        "launch days."
    )
    table = pd.concat([months.assign(part="month"), tests.assign(part="test")])
    return Drawing(figure, table, alt)


def _quarter_tests(quarters: pd.DataFrame, split: pd.DataFrame) -> pd.DataFrame:
    """Put the quarters of all years above the fourth quarter before and after."""
    whole = quarters.assign(group="all years")
    spans = [f"{row.start.year}–{row.end.year}" for row in rows(split)]
    later = split.assign(label=[*spans[:-1], "later over earlier"], group="fourth quarter")
    columns = ["group", "label", "n", "rate_ratio", "low", "high", "p_value"]
    return pd.concat([whole[columns], later[columns]], ignore_index=True)


@report_figure(
    "10-waiting-times", "How long until the next launch?", tables=("launches", "coverage")
)
def waits() -> Drawing:
    """Draw waiting times with their fits, and the chance of the next launch day."""
    table = fq.waiting_times(load_launches(), "days", **dense_years())
    survival, chance, fits = fq.waiting_survival(table), fq.hazard(table), fq.fit_waiting(table)
    figure, (top, bottom) = pt.sheet(7.2, rows=2)
    pt.plot_waiting(survival, ax=top)
    gap = fits.drop_duplicates("model").set_index("model")["delta_bic"]
    top.set_title(
        f"BIC above the best fit: exponential {gap['exponential']:.0f}, "
        f"Weibull {gap['weibull']:.0f}, two rates {gap['two_rates']:.0f}"
    )
    pt.plot_hazard(chance, ax=bottom)
    bottom.set_title("Chance a day of the next launch day, with exact 95 % intervals")
    longest = fq.longest_pauses(table, top=1).iloc[0]
    shape = fits.set_index("parameter").loc["shape"]
    alt = (
        f"Share of {fits['n'].iloc[0]} waits between launch days longer than so many days, with "
        "three fits: an exponential falls too fast at the long end. Weibull shape "
        f"{shape['estimate']:.2f} ({shape['low']:.2f} to {shape['high']:.2f}). The chance of a "
        f"launch day falls from {chance['hazard'].iloc[0]:.1%} a day just after one to "
        f"{chance['hazard'].iloc[-1]:.1%} after {chance['after_days'].iloc[-1]} days. Longest "
        f"pause: {longest['days']:.0f} days from {pt.day(longest['start'])}."
    )
    return Drawing(figure, survival, alt)


@report_figure(
    "11-self-excitation",
    "Do launches come in bursts of their own, or do rates change?",
    tables=("launches", "coverage", "eras"),
    proofs=("regimes", "excitation_evidence", "hawkes_recovery"),
)
def self_exciting() -> Drawing:
    """Draw residuals of the self-exciting model, and its rivals with rates that change."""
    launches, period = load_launches(), dense_years()
    figure, _ = pt.sheet(11)
    figure.clear()
    layout: Any = [["ratios"], [[[*_BASES]]], ["models"]]
    panels: dict[str, Any] = figure.subplot_mosaic(layout, height_ratios=[0.7, 1.4, 1])
    ratios = excitation_by_baseline(launches, **period)
    pt.plot_baselines(ratios, ax=panels["ratios"])
    why = "The more closely the background follows the rate, the less is left"
    panels["ratios"].set_title(f"Further launch days that go with one\n{why}\n{fill(_held(), 58)}")
    found, said = [ratios.assign(part="ratios")], []
    for baseline, words in _BASES.items():
        residuals = excitation_residuals(launches, simulations=99, baseline=baseline, **period)
        misfit = f"{words}: misfit {pt.p_text(residuals['ks_p_value'].iloc[0], 'p')}"
        pt.plot_residuals(residuals, ax=panels[baseline])
        panels[baseline].set_title(misfit)
        found.append(residuals.assign(baseline=baseline, part="residuals"))
        said.append(misfit)
    compared = read_proof("regimes")
    pt.plot_models(compared, ax=panels["models"])
    better = [*pt.describe_models(compared), _beyond_changing_rates()]
    key = "Blue: self-exciting; hatched: rates only change or switch\n"
    panels["models"].set_title(key + "\n".join(fill(text, 58) for text in better))
    alt = (
        f"{describe_baselines(ratios)} {_held()}. Below, the distribution of the rescaled waits "
        f"between launch days, within the band of simulated records; {'; '.join(said)}. Last, "
        f"models by BIC. {'. '.join(better)}."
    )
    return Drawing(figure, pd.concat(found), alt)


def _held() -> str:
    """Say how often the intervals of the ratio held the truth, and where least often."""
    proof = read_proof("hawkes_recovery")
    held = proof[proof["estimator"] == "branching_ratio"].sort_values("coverage", kind="stable")
    least, most = held.iloc[0], held.iloc[-1]
    return (
        f"Simulated: {least['coverage']:.0%} to {most['coverage']:.0%} of intervals hold the "
        f"truth, least with “{least['world']}”"
    )


def _beyond_changing_rates() -> str:
    """Say whether excitation is found beyond rates that change, with the power of the test."""
    hardest = read_proof("excitation_evidence").sort_values("p_value", kind="stable").iloc[-1]
    found = "found" if hardest["p_value"] < 0.05 else "not found"
    p = pt.p_text(hardest["p_value"], "p")
    return (
        f"Excitation is {found} beyond {hardest['background']}: {p}; "
        f"a ratio of {hardest['power_at']:g} would be in {hardest['power']:.0%} of histories"
    )


@report_figure(
    "12-recovery",
    "Do the intervals hold the truth as often as they say?",
    proofs=("frequency_recovery", "hawkes_recovery"),
)
def recovery() -> Drawing:
    """Draw how often the intervals of launch frequency held the truth in simulated worlds."""
    rates, excited = (read_proof(f"{name}_recovery") for name in ("frequency", "hawkes"))
    table = pd.concat([rates, _with_chance(excited)], ignore_index=True)
    table["wrong"] = table["estimator"].str.contains("Garwood")
    names, n = table["estimator"].nunique(), int(table["n_series"].max())
    figure, ax = pt.sheet(0.36 * names + 1.9)
    shown = table.rename(columns={"coverage": "share", "n_series": "n_histories"})
    shown["test"] = table["wrong"].map({False: "ours", True: "independent"})
    source = f"Source: {n:,} simulated records a world; those without an interval do not count"
    pt.plot_coverage(shown, by="estimator", band=(0.92, 0.98), source=source, ax=ax)
    ax.set_title(
        "A point for each simulated world with its Monte Carlo\ninterval; shaded: .92 to .98"
    )
    ax.set_xlabel("share of intervals that held the truth")
    answers = table[~table["wrong"] & ~table["estimator"].str.contains("invented")]
    least = answers.sort_values("coverage").iloc[0]
    alt = (
        f"Coverage of {names} kinds of 95 % interval in simulated worlds: from "
        f"{least['coverage']:.3f} ({least['estimator']}, {least['world']}) to "
        f"{answers['coverage'].max():.3f}. Intervals for independent launches, shown as the wrong "
        f"answer: {table.loc[table['wrong'], 'coverage'].min():.2f}."
    )
    return Drawing(figure, table, alt)


def _with_chance(proof: pd.DataFrame) -> pd.DataFrame:
    """Add what chance explains, where a record gives one interval: it follows from their number."""
    n = proof["n_series"]
    low, high = proportion_confint(proof["coverage"] * n, n, method="beta")
    return proof.assign(low=low, high=high, n_intervals=n)

"""Figures of launch frequency: rates, changes, season, waits, self-excitation and their proofs."""

from __future__ import annotations

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from .. import frequency as fq
from .. import plot as pt
from ..counting import counts
from ..excitation import describe_baselines, excitation_by_baseline
from ..plot.parts import rows, subtitle
from ..record.load import load_launches
from ..record.proofs import read_proof
from . import report_figure
from .drawing import Drawing, dense_years, whole_record


@report_figure(
    "07-yearly-rates",
    "How often does North Korea launch, and when did that change?",
    tables=("launches", "coverage"),
)
def yearly_rates() -> Drawing:
    """Draw the rate of launch days by year with both intervals, and the changes of the rate."""
    launches, period = load_launches(), whole_record()
    by_year = fq.rates(launches, "days", freq="year", **period)
    months = counts(launches, "days", freq="month", **period)
    changes, end = fq.change_points(months), period["end"]
    averaged, trend = fq.averaged_rates(months, changes), fq.trend_since_change(months)
    figure, ax = pt.sheet(4.8)
    pt.plot_rates(by_year, segments=changes, last_day=end, ax=ax)
    ax.set_title("Launch days; bars: when a change may have been (95 %); steps: given the dates")
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
    parts = {"year": years, "segment, given the dates": changes}
    ratios = trend.rename(columns={"low": "ratio_low", "high": "ratio_high"})
    parts |= {"segment, dates left open": averaged, "trend, date left open": ratios}
    table = pd.concat([rows.assign(part=part) for part, rows in parts.items()])
    shown = table[["part", *table.columns.drop("part")]]
    change, low, high = 100 * (trend[["rate_ratio", "low", "high"]].iloc[0] - 1)
    answer = (
        f"{pt.describe_changes(changes)} Trend since then, dates left open: {change:+.0f} % "
        f"a year ({low:+.0f} to {high:+.0f} %)."
    )
    return Drawing(figure, shown, alt, answer)


@report_figure(
    "08-launch-days", "On which days were the launches?", tables=("launches", "coverage")
)
def days_of_launches() -> Drawing:
    """Draw the calendar of missiles day by day."""
    period = dense_years()
    table = fq.launch_calendar(load_launches(), "missiles", **period)
    figure, ax = pt.sheet(9.6)
    pt.plot_calendar(table, columns=1, source=pt.default_source(), ax=ax)
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
    none = ", ".join(str(y) for y in table["year"].unique() if y not in busiest.index)
    answer = (
        f"On {len(days):,} days since {period['start'][:4]}: most in {busiest.index[0]} "
        f"({busiest.iloc[0]} days){', none in ' + none if none else ''}; most missiles in one day "
        f"on {pt.day(most['date'])} (at least {most['n']})."
    )
    return Drawing(figure, days[["date", "n"]].rename(columns={"n": "missiles"}), alt, answer)


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
    bottom.set_title("Line: 95 % interval; p: whole years dealt out anew, so the two may differ")
    low = split.iloc[0]
    ratios = [f"{row.label} {row.rate_ratio:.2f}" for row in rows(tests)]
    alt = (
        f"Launch days by year and month, {pt.day(period['start'])} to {pt.day(period['end'])}, "
        f"with the rate of each quarter over the rest of the year: {'; '.join(ratios)}. Before "
        f"{split['start'].iloc[1].year} the fourth quarter had {low['n_quarter']} of {low['n']} "
        "launch days."
    )
    table = pd.concat([months.assign(part="month"), tests.assign(part="test")])
    early, late, change = rows(tests.tail(3))
    shown = "is not shown" if change.p_value >= 0.05 else "is seen"
    answer = (
        f"There was: in {early.label} the fourth quarter had {low['n_quarter']} of {low['n']} "
        f"launch days; in {late.label} {split['n_quarter'].iloc[1]} of {split['n'].iloc[1]}. That "
        f"this changed {shown} once bursts are allowed for ({pt.p_text(change.p_value, 'p')})."
    )
    return Drawing(figure, table, alt, answer)


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
    top.set_title("Share of waits that are longer, and three laws that might give it")
    pt.plot_hazard(chance, ax=bottom)
    bottom.set_title("Daily chance of a launch, by days since the last one (95 % intervals)")
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
    half = survival.loc[survival["observed"] <= 0.5, "days"].iloc[0]
    first, *_, late = rows(chance)
    answer = (
        f"Half of all waits between launch days end within {half:.0f} days. The day after one has "
        f"a chance of {_percent(first.hazard)} of another, each day after {late.after_days} quiet "
        f"ones {_percent(late.hazard)}; the longest pause lasted {longest['days']:.0f} days, from "
        f"{pt.day(longest['start'])}."
    )
    return Drawing(figure, survival, alt, answer)


@report_figure(
    "11-self-excitation",
    "Do launches come in bursts of their own, or do rates change?",
    tables=("launches", "coverage", "eras"),
    proofs=("regimes", "excitation_evidence", "hawkes_recovery"),
)
def self_exciting() -> Drawing:
    """Draw how many launch days one sets off, and the rivals with rates that change."""
    ratios = excitation_by_baseline(load_launches(), **dense_years())
    compared = read_proof("regimes")
    figure, (top, bottom) = pt.sheet(7.4, rows=2, height_ratios=[1, 1.7])
    pt.plot_baselines(ratios, ax=top)
    subtitle(top, "Launch days that go with one launch day, by what else may change the rate")
    top.set_xlabel("further launch days (95 % interval); hollow: rates of pieces left free")
    pt.plot_models(compared.drop(columns="behind"), ax=bottom)
    subtitle(bottom, "How far each model stands behind the best (blue: with bursts of their own)")
    bottom.set_xlabel("points of BIC; below about 6 is weak evidence")
    least, most = ratios["branching_ratio"].min(), ratios["branching_ratio"].max()
    answer = (
        f"One launch day goes with {least:.2f} to {most:.2f} further ones, the fewer the more the "
        f"rate itself may change. {_beyond_changing_rates()}."
    )
    better = pt.describe_models(compared)
    alt = f"{describe_baselines(ratios)} {_held()}. Below, models by BIC. {'. '.join(better)}."
    tables = {"ratios": ratios, "models": compared}
    return Drawing(figure, pd.concat([t.assign(part=p) for p, t in tables.items()]), alt, answer)


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
        f"Bursts are {found} beyond {hardest['background']} too ({p}; half of all launch days set "
        f"off by others would be found in {_percent(hardest['power'])} of histories)"
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
    shown = table.assign(
        share=table["coverage"],
        kind=table["wrong"].map({False: "ours", True: "independent"}),
        what=table["estimator"].str.replace(_SETTINGS, "", regex=True).replace(_INTERVALS),
    )
    n = int(table["n_series"].max())
    figure, ax = pt.sheet(0.36 * shown["what"].nunique() + 1.9)
    source = pt.source_line(f"up to {n:,} simulated records a world with an interval")
    pt.plot_spread(shown, by="what", source=source, ax=ax)
    subtitle(ax, "Bar: from the worst to the best simulated world; dot: the middle one")
    ax.set(xlabel="95 % intervals that held the truth", xlim=(0.58, 1.01))
    answers = table[~table["wrong"] & ~table["estimator"].str.contains("invented")]
    least = answers.sort_values("coverage").iloc[0]
    naive = table.loc[table["wrong"], "coverage"].min()
    answer = (
        f"Mostly: those of this package hold it in {_percent(answers['coverage'].min())} to "
        f"{_percent(answers['coverage'].max())} of histories where 95 % is right (half of the "
        f"worlds: {_percent(answers['coverage'].median())} or more); an interval for independent "
        f"launches (Garwood) in {_percent(naive)}."
    )
    alt = (
        f"Coverage of {table['estimator'].nunique()} kinds of 95 % interval in simulated worlds, "
        f"least for {least['estimator']} in {least['world']}."
    )
    return Drawing(figure, table, alt, answer)


#: What follows the name of an interval in the table of simulations: its settings.
_SETTINGS = r", (months|days), (poisson|negative_binomial)$"
#: Intervals by their printed names.
_INTERVALS = {
    "yearly rate, Garwood": "yearly rate, as if independent",
    "yearly rate, table alone": "yearly rate, from its table alone",
    "change, none invented": "no change found where there is none",
    "hazard": "daily chance of a launch",
    "quarter ratio": "a quarter over the others",
    "change of quarter ratio": "change of a quarter's share",
    "branching ratio": "launch days set off by one",
    "branching_ratio": "launch days set off by one",
    "decay per day": "how fast that fades",
    "decay_per_day": "how fast that fades",
}


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _with_chance(proof: pd.DataFrame) -> pd.DataFrame:
    """Add what chance explains, where a record gives one interval: it follows from their number."""
    n = proof["n_series"]
    low, high = proportion_confint(proof["coverage"] * n, n, method="beta")
    return proof.assign(low=low, high=high, n_intervals=n)

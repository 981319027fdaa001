"""Figures of forecasts: the record year, the running year, and how often they were right."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from .. import forecast as fc
from .. import plot as pt
from ..counting import count
from ..record.load import last_day, load_launches
from . import report_figure
from .drawing import Drawing

#: The years of the backtest, all whole; its rule is days with a launch.
_YEARS = range(2012, 2026)
_RECORD_YEAR = 2022
#: Models compared by month; the climatology is what they are compared with.
_MODELS_COMPARED = ("pool", "self_exciting", "negative_binomial", "gamma_poisson")
_COLUMNS_SHOWN = [
    *("year", "origin", "model", "n", "so_far", "median"),
    *("crps", "log_score", "below", "upto"),
]


@cache
def _scored() -> pd.DataFrame:
    """Make the backtest that three figures rest on."""
    return fc.backtest(load_launches(), "days", years=_YEARS, progress=False)


@report_figure(
    "23-fan-of-2022",
    "When could one know how the record year would end?",
    tables=("launches", "coverage"),
)
def fan() -> Drawing:
    """Draw the end of 2022 as it was forecast at each month's end."""
    table = fc.backtest(
        load_launches(), "days", years=[_RECORD_YEAR], models=["pool"], progress=False
    )
    figure, ax = pt.sheet(4.8)
    pt.plot_fan(table, source=pt.default_source(), ax=ax)
    ax.set_title("Forecast of the pool of models, from the launches up to each day as now listed")
    held = table[table["covered_90"]]
    since = pt.day(held["origin"].iloc[0]) if len(held) else "never"
    alt = (
        f"Intervals of the final count of {_RECORD_YEAR} as forecast on 1 January and at each "
        f"month's end: median {table['median'].iloc[0]} on 1 January and "
        f"{table['median'].iloc[-1]} at the end of November; in the end {table['n'].iloc[0]}. "
        f"{len(held)} of {len(table)} 90 % intervals held it, the first on {since}."
    )
    missed = table.loc[~table["covered_90"], "origin"]
    later = table.loc[table["origin"] > missed.max(), "origin"]
    answer = (
        f"For good only on {pt.day(later.iloc[0], year=False) if len(later) else '31 December'}: "
        f"from then on the 90 % interval held the {table['n'].iloc[0]} launch days of "
        f"{_RECORD_YEAR} (before, in {table['covered_90'].sum() - len(later)} of "
        f"{len(table) - len(later)} forecasts). On 1 January {table['median'].iloc[0]} seemed "
        "likely."
    )
    return Drawing(figure, table, alt, answer)


@report_figure("24-running-year", "Where will this year end?", tables=("launches", "coverage"))
def running_year() -> Drawing:
    """Draw the distribution of the running year's final count by the day's last known state."""
    launches, day = load_launches(), last_day()
    table = fc.year_end(launches, "days", as_of=day)
    soon = fc.next_launch(launches, "days", as_of=day)
    so_far = count(launches, "days", start=pd.Timestamp(day.year, 1, 1), end=day)
    figure, ax = pt.sheet(4.2)
    pt.plot_year_end(table, source=pt.default_source(), ax=ax)
    chances = [f"{p:.0%} within {n} days" for n, p in soon.itertuples(index=False)]
    ax.set_title("Dark: 90 % interval")
    alt = (
        f"Probabilities of the final count of {day.year} as known on {pt.day(day)}, with {so_far} "
        f"launch days so far: {pt.describe_year_end(table)}. Chance of a launch day: "
        f"{', '.join(chances)}."
    )
    answer = (
        f"Probably at {pt.describe_year_end(table)}; it stood at {so_far} on "
        f"{pt.day(day, year=False)}. Another launch day comes with a chance of "
        f"{', '.join(chances).replace('%', ' %')}."
    )
    found = pd.concat([table.assign(part="year"), soon.assign(part="next")])
    return Drawing(figure, found, alt, answer)


@report_figure(
    "25-calibration",
    "Are forecasts right as often as they say?",
    tables=("launches", "coverage"),
)
def calibration() -> Drawing:
    """Draw the PIT histogram of each model above the coverage of its intervals."""
    histogram, covered = fc.pit_histogram(_scored()), fc.coverage_by_model(_scored())
    models = histogram["model"].drop_duplicates().tolist()
    figure, _ = pt.sheet(9.0)
    figure.clear()
    halves: Any = figure.subfigures(2, 1, height_ratios=[1, 1.15])
    panels = halves[0].subplots(2, 4, sharex=True, sharey=True).ravel()
    for model, ax in zip(models, panels, strict=False):
        pt.plot_pit(histogram[histogram["model"] == model], source="", ax=ax)
        ax.set_title(model.replace("_", " "))
    for ax in panels[len(models) :]:
        ax.set_axis_off()
    below = halves[1].subplots()
    pt.plot_interval_coverage(covered, source=pt.default_source(), ax=below)
    below.set_title("Lines across: what intervals state; grey: what 14 years leave open")
    groups: Any = histogram.groupby("model", sort=False)
    outside = [m for m, own in groups if not own["inside"].all()]
    held: Any = covered[covered["stated"] == 0.9][["model", "covered"]].itertuples(index=False)
    alt = (
        "Histograms of the non-randomised PIT of seven models, with the band in which calibrated "
        "forecasts would lie if years are the observations. Outside it somewhere: "
        f"{', '.join(outside).replace('_', ' ') or 'none'}. 90 % intervals held the year's end in "
        + "; ".join(f"{model.replace('_', ' ')} {share:.0%}" for model, share in held)
        + "."
    )
    ninety: Any = covered[covered["stated"] == 0.9].set_index("model")["covered"]
    calm = [m.replace("_", " ") for m in ninety.index if m not in outside]
    answer = (
        f"90 % intervals held the year's end in {100 * ninety.min():.0f} to "
        f"{100 * ninety.max():.0f} % of forecasts, those of the pool in "
        f"{100 * ninety['pool']:.0f} %. Whole distributions stay within chance for "
        f"{', '.join(calm) or 'no model'}."
    )
    parts = {"pit": histogram, "coverage": covered, "forecast": _scored()[_COLUMNS_SHOWN]}
    found = pd.concat([t.assign(part=name) for name, t in parts.items()])
    return Drawing(figure, found, alt, answer)


@report_figure(
    "26-skill-by-month",
    "By how much do models beat the climatology, and from when on?",
    tables=("launches", "coverage"),
)
def skill() -> Drawing:
    """Draw the skill of four models by month, with intervals over years."""
    months = fc.skill_by_month(_scored())
    pairs = fc.compare_forecasts(_scored())
    shown = months[months["model"].isin(_MODELS_COMPARED)]
    order = {model: place for place, model in enumerate(_MODELS_COMPARED)}
    shown = shown.sort_values("model", key=lambda names: names.map(order), kind="stable")
    figure, ax = pt.sheet(4.8)
    pt.plot_skill(shown, source=pt.default_source(), ax=ax)
    best: Any = pairs.set_index("model").loc["pool"]
    ax.set_title("1 less the CRPS over that of eight years' climatology")
    alt = (
        "Skill of four models by the month from whose end they forecast, each with an interval "
        f"from years drawn anew. Over all months the pool's CRPS is {best['ratio']:.2f} of the "
        f"climatology's, better in {best['years_better']} of {best['years']} years (p by signs of "
        f"years {pt.p_text(best['p_value'])}); {best['largest_year']} alone is "
        f"{best['largest_share']:.0%} of its total."
    )
    pool = months[months["model"] == "pool"].sort_values("months_gone", kind="stable")
    ahead = pool[pool["skill"] > 0]
    answer = (
        f"Over all months the pool errs by {100 * (1 - best['ratio']):.0f} % less than the "
        f"climatology, and is ahead in {len(ahead)} of {len(pool)} months; but "
        f"{best['largest_year']} alone makes {100 * best['largest_share']:.0f} % of its error."
    )
    table = pd.concat([months.assign(part="month"), pairs.assign(part="pair")])
    return Drawing(figure, table, alt, answer)


@report_figure(
    "27-next-launch",
    "Do launches come as often as their chance says?",
    tables=("launches", "coverage"),
)
def next_launches() -> Drawing:
    """Draw the reliability of the default answer to the k-day question."""
    asked = fc.backtest_next(
        load_launches(), "days", years=_YEARS, models=["climatology", "weighted_rate"]
    )
    table = fc.reliability(asked[asked["model"] == "weighted_rate"])
    brier = asked.pivot_table(index="within", columns="model", values="brier")
    gained = 1 - brier["weighted_rate"] / brier["climatology"]
    figure, ax = pt.sheet(5.2)
    pt.plot_reliability(table, source=pt.default_source(), ax=ax)
    skills = ", ".join(f"{value:.0%} at {within} days" for within, value in gained.items())
    ax.set_title("Weighted rate, half-life chosen on earlier years alone")
    alt = (
        "Share of days with a launch within 7, 14 and 30 days against the chance that the weighted "
        f"rate gave, with intervals of as many days as do not overlap. Brier skill over ten "
        f"years' climatology: {skills}."
    )
    inside = ((table["low"] <= table["stated"]) & (table["stated"] <= table["high"])).sum()
    answer = (
        f"In {inside} of {len(table)} classes of chance as often as said, within what so few days "
        f"leave open. Errors shrink by {skills.replace('%', ' %')} against ten years' climatology."
    )
    return Drawing(figure, table, alt, answer)

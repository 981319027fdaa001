"""The three findings that the README and the site put first, with every number computed."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from analysis.counting import at_least, counts, nth
from analysis.escape import for_markdown
from analysis.frequency import averaged_rates, change_points, trend_since_change
from analysis.links import event_study, global_test
from analysis.links.said import say_links
from analysis.links.studied import RULE, STUDY, under_each_null
from analysis.record import load
from tools.pages import YEARS, day


class Finding(NamedTuple):
    """What was found: a headline, what a reader must know beside it, the whole, its picture."""

    headline: str
    short: str
    whole: str
    figure: str


@cache
def findings() -> tuple[Finding, ...]:
    """Return the findings in order."""
    return (_the_32nd(), _the_rate(), _the_links())


def findings_page() -> str:
    """Write the findings whole, each with its picture."""
    parts = [
        f"## {one.headline.rstrip('.')}\n\n{one.short} {one.whole}\n\n"
        f":::{{image}} figures/{one.figure}.svg\n:alt: {one.headline}\n:::"
        for one in findings()
    ]
    return "\n\n".join(["# Findings", *parts])


def _the_32nd() -> Finding:
    launches = load.load_launches()
    reached = nth(launches, "cnn", 32, years=YEARS)["date"].dropna()
    missiles = nth(launches, "missiles", 32, years=YEARS)
    others, unsure = missiles["date"].dropna(), missiles["date"].isna() & ~missiles["exact"]
    years = at_least(len(others), exact=not unsure.any())
    return Finding(
        f"Only {' and '.join(map(day, reached))} was a 32nd launch day on CNN's count",
        "(Korean days with a ballistic or cruise missile): no other year since 1984 has reached "
        f"32. Counted in missiles, {years} years have, as early as {day(others.iloc[0])}.",
        "The article's Winter Olympics 'next month' put it in January 2022, when the number was "
        "far from 32: the date and the number cannot both be right.",
        "02-year-to-date",
    )


def _the_rate() -> Finding:
    # matplotlib complains of a home that cannot be written, before the README's own error is said
    from analysis.plot import describe_trend

    monthly = counts(
        load.load_launches(), "cnn", freq="month", start="1984-01-01", end=load.last_day()
    )
    changes = change_points(monthly)
    last, before = changes.iloc[-1], changes.iloc[-2]
    open_dates = averaged_rates(monthly, changes).iloc[-1]
    return Finding(
        f"Since about {last['start']:%B %Y} launch days have been "
        f"{open_dates['rate_ratio']:.1f} times as frequent as from "
        f"{before['start']:%B %Y} to {before['end']:%B %Y}",
        f"(95 % interval {open_dates['ratio_low']:.1f} to {open_dates['ratio_high']:.1f}, with all "
        f"dates left open): {last['rate']:.0f} a year after {before['rate']:.0f}, given likeliest "
        f"dates; the change lies between {last['change_low']:%B %Y} and "
        f"{last['change_high']:%B %Y}.",
        f"{describe_trend(trend_since_change(monthly))} Launches come in bursts, so the interval "
        f"of a single year is about {last['dispersion'] ** 0.5:.1f} times as wide as for "
        "independent launches.",
        "07-yearly-rates",
    )


def _the_links() -> Finding:
    """Say what the record shows of links with events, what it excludes and what it cannot tell."""
    launches, events, groups = load.load_launches(), load.load_events(), load.load_groups()
    study = event_study(launches, events, RULE, by=groups, design=STUDY).dropna(subset="p_adjusted")
    together = global_test(launches, events, RULE, by=groups, design=STUDY).iloc[0]
    said = say_links(launches, events)
    best = study.sort_values("p_value", kind="stable").iloc[0]
    sentence = groups.set_index("group").loc[best["group"], "sentence"]
    others = under_each_null(launches, events).set_index("group").loc[best["group"]]
    low, high = others.drop("by_rule").min(), others.drop("by_rule").max()
    linked = "are linked somewhere" if together["p_value"] < 0.05 else "show no link as a whole"
    most = "most" if 2 * said.n_untold > said.n_tested else "many"
    return Finding(
        f"Launch days and events {linked}; for {most} events the record cannot tell.",
        f"{for_markdown(said.brief)} Over the first day and the 14 after it, with 95 % intervals; "
        "associations, not causes.",
        f"{for_markdown(f'{said.shown} {said.excluded} {said.untold}')} All kinds together: p = "
        f"{together['p_value']:.3f}, were launches and events to go their ways independently. The "
        "kinds share no event, and each has four launch days expected or "
        "more over 2012-2025. The clearest link is with "
        f"{for_markdown(sentence[0].lower() + sentence[1:].rstrip('.'))}: {best['observed']:.0f} "
        f"launch days, against about {best['at_other_rate']:.0f} at the rate of the other days of "
        f"the same months and eras; {best['shrunk_ratio']:.1f} times as many when shrunk towards "
        f"the other kinds, {best['influence_ratio']:.1f} without {best['influence_left_out']}. "
        f"Were all kinds to take another null, its p would lie between {low:.3f} and {high:.3f}. "
        "The record had been looked at before these rules were written: a small p is a lead for "
        "later years.",
        "13-links-by-group",
    )

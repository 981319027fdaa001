"""Put the computed numbers into README.md: what stands between its markers is written by code.

``make readme`` writes them; a test holds that they are current.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.claims import check_counts, check_firsts, score_counts
from analysis.counting import RULES, counts, nth
from analysis.errors import exit_status
from analysis.escape import for_markdown
from analysis.frequency import change_points
from analysis.links import event_study, global_test
from analysis.links.studied import RULE, STUDY, under_each_null
from analysis.record import files, fresh, load
from analysis.record.schema import TABLES

README = files.ROOT / "README.md"
TIMES = files.ROOT / "tests" / "benchmarks" / "path.csv"
YEARS = range(1984, 2027)


def table(rows: Sequence[tuple[object, ...]], *head: str) -> str:
    """Write a Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def day(date: pd.Timestamp) -> str:
    """Write a date as 9 November 2022."""
    return f"{date.day} {date:%B %Y}"


def nth_block() -> str:
    """When the 32nd was reached, under each rule."""
    launches = load.load_launches()
    rows = []
    for name, rule in RULES.items():
        dates = nth(launches, name, 32, years=YEARS)["date"].dropna()
        reached = ", ".join(day(d) for d in dates) or "never"
        rows.append((f"`{name}`", for_markdown(rule.definition), reached))
    return table(rows, "rule", "what is counted", "days on which it reached 32")


def tables_block() -> str:
    """Name each table with its rows."""
    rows = [
        (f"`{name}`", f"{len(load._load(name)):,}", for_markdown(described.row))
        for name, described in TABLES.items()
    ]
    return table(rows, "table", "rows", "one row")


def coverage_block() -> str:
    """Say from when to when the record speaks of what."""
    rows = [
        (r.subset, f"{r.start:%Y-%m-%d}", f"{r.end:%Y-%m-%d}", r.completeness, for_markdown(r.why))
        for r in load.load_coverage().itertuples()
    ]
    return table(rows, "family or category", "from", "to", "recorded", "why")


def agreement_block() -> str:
    """How many published counts agree, and how many wrong ones would have."""
    published = load.load_published_counts()
    checked = check_counts(published, load.load_launches())
    score = score_counts(checked, published).query("n > 0")
    rows = [
        (
            s.comparison,
            s.quality or "all",
            s.n,
            f"{s.agree} ({s.share:.0%})",
            f"{s.agree_raised} ({s.share_raised:.0%})",
        )
        for s in score.itertuples()
    ]
    firsts = check_firsts(load.load_published_firsts(), load.load_launches(), load.load_events())
    head = ("stated as", "quality", "claims", "agree", "placebo: would agree with the number + 2")
    return (
        f"{len(published)} published counts, the rule chosen from outlet, noun, scope and period "
        "before the number is looked at; claims on nuclear tests, or with a filter that the "
        "columns cannot express, are set aside. Quality 1 is unambiguous, 3 vague.\n\n"
        f"{table(rows, *head)}\n\n"
        f"Of {len(firsts)} published statements 'first X since Y', {firsts['agrees'].sum()} agree. "
        "Every disagreement carries its reason, computed from rows: "
        "[figures/06-published-counts.csv](figures/06-published-counts.csv)."
    )


def caveats_block() -> str:
    """Say what the record cannot tell, with its own numbers."""
    launches, events, end = load.load_launches(), load.load_events(), load.last_day()
    cns_end = launches.loc[launches["in_cns"], "date"].max()
    late, alone = launches["date"] > cns_end, ~launches["sources"].str.contains(";")
    unsourced = (events["confidence"] != "sourced").mean()
    return "\n".join(
        [
            f"- **The record ends on {day(end)}.** Nothing after that day could be seen; a period "
            "outside the coverage is an error here, never a zero.",
            f"- **A number needs its rule.** {len(launches):,} rows hold at least "
            f"{launches['missiles'].sum():,} missiles; for "
            f"{(~launches['missiles_exact']).mean():.0%} of the rows the number is a lower bound, "
            "and the count then says 'at least'.",
            f"- **{(launches['date_precision'] != 'day').sum()} rows are dated only to the month "
            "or year**: they enter totals of missiles where the whole month or year lies inside "
            "the period, and never count as a launch day.",
            "- **Only launches that somebody announced are here.** Cruise missiles, air defence "
            "and rocket artillery are recorded in part; see the coverage below.",
            f"- **{(late & alone).sum()} of the {late.sum()} rows after {day(cns_end)}, where the "
            "CNS list ends, rest on one source.**",
            f"- **Days of {unsourced:.0%} of the {len(events):,} context events are unsourced or "
            "conflicting**: they stay out of the main results, and are counted where left out.",
            "- Dates are Korean calendar days unless a rule names another calendar.",
        ]
    )


def findings_block() -> str:
    """Three findings, each with its figure."""
    launches, events = load.load_launches(), load.load_events()
    reached = nth(launches, "cnn", 32, years=YEARS)["date"].dropna()
    others = nth(launches, "missiles", 32, years=YEARS)["date"].dropna()
    monthly = counts(launches, "cnn", freq="month", start="1984-01-01", end=load.last_day())
    changes = change_points(monthly)
    last, before = changes.iloc[-1], changes.iloc[-2]
    third = _links_finding(launches, events)
    first = (
        f"**Only {' and '.join(day(d) for d in reached)} was a 32nd launch day on CNN's count** "
        "(Korean days with a ballistic or cruise missile): no other year since 1984 has reached "
        f"32. Counted in missiles, {len(others)} years have, as early as {day(others.iloc[0])}. "
        "The Winter Olympics 'next month' put the article in January 2022, when the number was far "
        "from 32: the date and the number cannot both be right."
    )
    second = (
        f"**Since {last['start']:%B %Y} launch days have been {last['rate'] / before['rate']:.1f} "
        f"times as frequent as in {before['start'].year}-{before['end'].year}:** "
        f"{last['rate']:.0f} a year (95 % interval {last['low']:.0f} to {last['high']:.0f}) after "
        f"{before['rate']:.0f} ({before['low']:.0f} to {before['high']:.0f}). Launches come in "
        "bursts, so the interval of a single year is about "
        f"{last['dispersion'] ** 0.5:.1f} times as wide as for independent launches."
    )
    pictures = (FIGURES_SHOWN["first"], FIGURES_SHOWN["second"], FIGURES_SHOWN["third"])
    parts = [
        f"{i}. {text}\n\n   ![{alt}](figures/{name}.png)"
        for i, (text, (name, alt)) in enumerate(
            zip((first, second, third), pictures, strict=True), 1
        )
    ]
    return "\n\n".join(parts)


def _links_finding(launches: pd.DataFrame, events: pd.DataFrame) -> str:
    """Say what the record shows of links with events, what it excludes and what it cannot tell."""
    groups = load.load_groups()
    study = event_study(launches, events, RULE, by=groups, design=STUDY).dropna(subset="p_adjusted")
    together = global_test(launches, events, RULE, by=groups, design=STUDY).iloc[0]
    best = study.sort_values("p_value", kind="stable").iloc[0]
    sentence = for_markdown(groups.set_index("group")["sentence"][best["group"]].rstrip("."))
    others = under_each_null(launches, events).set_index("group").loc[best["group"]]
    low, high = others.drop("by_rule").min(), others.drop("by_rule").max()
    tells = study["excludes"].value_counts()
    linked = "are linked somewhere" if together["p_value"] < 0.05 else "show no link as a whole"
    headline = f"Launch days and events {linked}; for most events the record cannot tell."
    return (
        f"**{headline}** {len(study)} groups of events that share none, each with four launch days "
        f"expected or more, were tested over 2012-2025. All together: p = "
        f"{together['p_value']:.3f}; {(study['p_adjusted'] < 0.05).sum()} have an adjusted p below "
        f"0.05. The clearest: {sentence[0].lower()}{sentence[1:]}. In the two weeks from their "
        f"start the record has {best['observed']:.0f} launch days, against about "
        f"{best['at_other_rate']:.0f} at the rate of the other days of the same months and eras: "
        f"{best['rate_ratio']:.1f} times as many (95 % interval {best['low']:.1f} to "
        f"{best['high']:.1f}; {best['shrunk_ratio']:.1f} when shrunk towards the other groups; "
        f"{best['influence_ratio']:.1f} without {best['influence_left_out']}), adjusted p "
        f"{best['p_adjusted']:.3f}, an association, not a cause. Were all groups to take another "
        f"null, that p would lie between {low:.3f} and {high:.3f}. Intervals exclude a doubling in "
        f"{tells.get('a doubling', 0)} groups, a halving in {tells.get('a halving', 0)}, both in "
        f"{tells.get('both', 0)} and neither in {tells.get('neither', 0)}. The record had been "
        "looked at before these rules were written: a small p is a lead for later years."
    )


def path_block() -> str:
    """Say how long a person's path takes, as it was timed."""
    steps = pd.read_csv(TIMES)
    parts = ", ".join(f"{s.step} {s.seconds:.0f} s" for s in steps.itertuples())
    return (
        f"From a fresh clone to the first notebook open with its figures takes "
        f"{steps['seconds'].sum():.0f} seconds ({parts}; {steps['machine'].iloc[0]}, packages "
        "from a nearby mirror): `git clone`, `make lab`, open `notebooks/01-the-record.ipynb`."
    )


FIGURES_SHOWN = {
    "first": ("02-year-to-date", "Year-to-date curves: only one year crosses the line at 32"),
    "second": ("07-yearly-rates", "Launch days a year with intervals and change points"),
    "third": ("13-links-by-group", "Rate ratios by group of events with their intervals"),
}


BLOCKS = {
    "path": path_block,
    "findings": findings_block,
    "caveats": caveats_block,
    "nth": nth_block,
    "agreement": agreement_block,
    "tables": tables_block,
    "coverage": coverage_block,
}


def render(text: str) -> str:
    """Return the README with every block computed anew."""
    for name, block in BLOCKS.items():
        begin, end = f"<!-- begin: {name} -->\n", f"<!-- end: {name} -->"
        before, opened, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not (opened and closed):
            raise ValueError(f"README.md has no block {name}")
        text = f"{before}{begin}{block()}\n{end}{after}"
    return text


def main() -> None:
    """Write the numbers, if anything that they rest on changed."""
    tables = [*files.PROCESSED.rglob("*.csv"), TIMES]
    inputs = fresh.inputs_of([Path(__file__)], tables)
    if not fresh.is_fresh("readme", inputs):
        text = render(README.read_text("utf-8"))
        with files.whole_set("readme") as new:
            (new / README.name).write_text(text, "utf-8", newline="\n")
            fresh.write_note(new, "readme", inputs, [Path(README.name)], files.ROOT)


if __name__ == "__main__":
    sys.exit(exit_status("readme", main))

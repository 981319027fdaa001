"""Put the computed numbers into README.md: what stands between its markers is written by code.

``make readme`` writes them; a test holds that they are current.
"""

import sys
from pathlib import Path

import pandas as pd

from analysis.counting import CountRule, counts, describe_count
from analysis.errors import exit_status
from analysis.frequency import change_points
from analysis.record import files, fresh, load
from analysis.record.examples import load_example
from tools.findings import findings
from tools.pages import day, year_block

README = files.ROOT / "README.md"
TIMES = files.ROOT / "tests" / "benchmarks" / "path.csv"


def caveats_block() -> str:
    """Say what the record cannot tell, with its own numbers."""
    launches, events, end = load.load_launches(), load.load_events(), load.last_day()
    cns_end = launches.loc[launches["in_cns"], "date"].max()
    late, alone = launches["date"] > cns_end, ~launches["sources"].str.contains(";")
    unsourced = (events["confidence"] != "sourced").mean()
    return "\n".join(
        [
            f"- **The record ends on {day(end)}**; a period beyond it is an error, never a zero. "
            f"{(late & alone).sum()} of the {late.sum()} rows after {day(cns_end)} rest on one "
            "source. Only launches that somebody announced are here.",
            f"- **A number needs its rule.** {(~launches['missiles_exact']).mean():.0%} of the "
            f"{len(launches):,} rows say no more than 'several', so that counts of missiles are "
            f"'at least'; {(launches['date_precision'] != 'day').sum()} have no day. Of the "
            f"{len(events):,} context events {unsourced:.0%} have an unsourced or disputed day.",
        ]
    )


def findings_block() -> str:
    """Three findings in a line or two each."""
    return "\n".join(
        f"{number}. **{finding.headline}** {finding.short}"
        for number, finding in enumerate(findings(), 1)
    )


def examples_block() -> str:
    """Show what a session and a terminal answer."""
    launches, last = load.load_launches(), load.last_day()
    said = describe_count(launches, "cnn", as_of=last)
    return (
        "```python\n"
        ">>> from analysis import describe_count, load_launches\n"
        ">>> launches = load_launches()\n"
        f'>>> describe_count(launches, "cnn", as_of="{last:%Y-%m-%d}")\n'
        f"{said!r}\n"
        "```"
    )


def elsewhere_block() -> str:
    """Show another country's record going the same way, in five lines."""
    bombs, rule = load_example("nuclear"), CountRule("day", "all", countries="SUN")
    months = counts(bombs, rule, freq="month", start="1955-01-01", end="1990-12-31")
    segments = change_points(months, silences=True)
    silent = segments.loc[segments["n"] == 0, "start"].dt.strftime("%B %Y").tolist()
    return (
        "```python\n"
        ">>> from analysis import CountRule, change_points, counts, load_example\n"
        '>>> bombs, rule = load_example("nuclear"), CountRule("day", "all", countries="SUN")\n'
        '>>> months = counts(bombs, rule, freq="month", start="1955-01-01", end="1990-12-31")\n'
        ">>> segments = change_points(months, silences=True)\n"
        '>>> segments.loc[segments["n"] == 0, "start"].dt.strftime("%B %Y").tolist()\n'
        f"{silent!r}\n"
        "```"
    )


def path_block() -> str:
    """Say how long a person's path takes, as it was timed."""
    steps = pd.read_csv(TIMES)
    return (
        f"From a fresh clone to the first notebook open with its figures takes "
        f"{steps['seconds'].sum():.0f} seconds ({steps['machine'].iloc[0]}, packages from a nearby "
        "mirror)."
    )


BLOCKS = {
    "year": year_block,
    "findings": findings_block,
    "caveats": caveats_block,
    "examples": examples_block,
    "elsewhere": elsewhere_block,
    "path": path_block,
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
        with files.whole_set("readme") as new:
            text = render(README.read_text("utf-8"))
            (new / README.name).write_text(text, "utf-8", newline="\n")
            fresh.write_note(new, "readme", inputs, [Path(README.name)], files.ROOT)


if __name__ == "__main__":
    sys.exit(exit_status("readme", main))

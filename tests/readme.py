"""Put the computed numbers into README.md: what stands between its markers is written by code.

``make readme`` writes them; a test holds that they are current.
"""

import re
from pathlib import Path

import pandas as pd

from analysis import load
from analysis.claims import check_counts, check_firsts, score_counts
from analysis.counting import RULES, nth
from analysis.schema import TABLES

README = Path(__file__).parent.parent / "README.md"
YEARS = range(1984, 2027)


def table(rows: list[tuple[object, ...]], *head: str) -> str:
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
        rows.append((f"`{name}`", rule.definition, reached))
    return table(rows, "rule", "what is counted", "days on which it reached 32")


def tables_block() -> str:
    """Name each table with its rows."""
    rows = [
        (f"`{name}`", f"{len(load._load(name)):,}", described.row)
        for name, described in TABLES.items()
    ]
    return table(rows, "table", "rows", "one row")


def coverage_block() -> str:
    """Say from when to when the record speaks of what."""
    rows = [
        (r.subset, f"{r.start:%Y-%m-%d}", f"{r.end:%Y-%m-%d}", r.completeness, r.why)
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
    head = ("stated as", "quality", "claims", "agree", "would agree if the number were 2 higher")
    return (
        f"{len(published)} published counts, the rule chosen from outlet, noun, scope and period "
        "before the number is looked at; claims on nuclear tests, or with a filter that the "
        "columns cannot say, are set aside. Quality 1 is unambiguous, 3 vague.\n\n"
        f"{table(rows, *head)}\n\n"
        f"Of {len(firsts)} published statements 'first X since Y', {firsts['agrees'].sum()} agree. "
        "Every disagreement carries its reason, computed from rows: "
        "[figures/06-published-counts.csv](figures/06-published-counts.csv)."
    )


BLOCKS = {
    "nth": nth_block,
    "agreement": agreement_block,
    "tables": tables_block,
    "coverage": coverage_block,
}


def render(text: str) -> str:
    """Return the README with every block computed anew."""
    for name, block in BLOCKS.items():
        begin, end = f"<!-- begin: {name} -->\n", f"<!-- end: {name} -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", flags=re.S)
        if not pattern.search(text):
            raise SystemExit(f"README.md has no block {name}")
        content = f"{begin}{block()}\n{end}"
        text = pattern.sub(lambda _, content=content: content, text)
    return text


if __name__ == "__main__":
    README.write_text(render(README.read_text("utf-8")), "utf-8")

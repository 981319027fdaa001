"""Put the computed numbers into README.md: what stands between its markers is written by code.

``make readme`` writes them; a test holds that they are current.
"""

import re
import sys
from pathlib import Path

import pandas as pd

from analysis import load
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

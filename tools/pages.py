"""Pages of the site that are written by code: Markdown from the record, the rules and the proofs.

`tools/site.py` lays them beside the pages of ``docs`` and has the site built; README.md takes a few
of the same tables.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from html import unescape
from importlib import import_module
from typing import Any

import nbformat
import pandas as pd

import analysis
from analysis.claims import check_counts, check_firsts, score_counts
from analysis.counting import RULES, CountRule, at_least, compare_rules, nth
from analysis.escape import for_markdown
from analysis.figures import FIGURES, ReportFigure
from analysis.record import files, load
from analysis.record.describe import describe
from analysis.record.proofs import read_proof
from analysis.record.schema import ANNOUNCERS, TABLES
from analysis.record.stale import describe_outdated

YEARS = range(1984, load.last_day().year + 1)
#: Who counts, in the small table of this year: one rule each.
COUNTERS = (
    *("cnn", "yonhap_times", "reuters", "rok_missiles", "jmod_missiles", "us_state", "un_panel"),
    *("cns", "csis"),
)
#: How the modules of `analysis._HOMES` are called in the reference, in this order.
_ROOMS = {
    "record": "The record: load, describe, check, save",
    "upstream": "Other databases",
    "counting": "Counting",
    "frequency": "How often",
    "excitation": "Self-excitation",
    "links": "Launches and events",
    "claims": "Published claims",
    "forecast": "Forecasts",
    "archive": "Large event archives",
    "plot": "Pictures",
}


def table(rows: Iterable[Sequence[object]], *head: str) -> str:
    """Write a Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def day(date: pd.Timestamp) -> str:
    """Write a date as 9 November 2022."""
    return f"{date.day} {date:%B %Y}"


def frame_table(frame: pd.DataFrame, head: Sequence[str] = ()) -> str:
    """Write a frame as a Markdown table, missing cells empty and numbers with three digits."""
    rows = ([_cell(value) for value in row] for row in frame.itertuples(index=False))
    return table(rows, *(head or (f"`{name}`" for name in frame)))


def words_table(frame: pd.DataFrame, first: str) -> str:
    """Write a frame as `frame_table` does, its first column as code under the head `first`."""
    rows = ([f"`{row[0]}`", *map(_cell, row[1:])] for row in frame.itertuples(index=False))
    return table(rows, first, *frame.columns[1:])


def _cell(value: object) -> str:
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return with_code(value)


def with_code(text: object) -> str:
    """Write text of the record's own tables as Markdown: plain, but for the code in backticks."""
    found = re.compile("&#96;(.+?)&#96;")
    return found.sub(lambda code: f"`{unescape(code[1])}`".replace("|", r"\|"), for_markdown(text))


def rules_page() -> str:
    """Define every counting rule, with its source, this year's count and its 32nd."""
    launches, last = load.load_launches(), load.last_day()
    year = compare_rules(launches, start=last.replace(month=1, day=1), end=last)
    so_far = {row.rule: _count(row) for row in year.itertuples()}
    parts = [
        "# Counting rules",
        "A number needs its rule: what counts as one launch (a missile, a salvo or a day), of "
        "which families, by whose list, in whose calendar. Each rule below is a row of "
        "[the table `rules`](tables/rules.md); `analysis.RULES` holds them ready for use, and "
        "`analysis.CountRule` makes one of your own. A number with "
        "'at least' is a lower bound: some rows it counts say no more than 'several'.",
        f"## All rules, {last.year} to {day(last)}\n\n"
        + table(
            (
                (f"[`{name}`](#{_anchor(name)})", _label(name), so_far[name], _unit(rule))
                for name, rule in RULES.items()
            ),
            "rule",
            "name",
            f"{last.year} so far",
            "counted in",
        ),
        "## Definitions",
        *(_rule(name, rule, so_far[name]) for name, rule in RULES.items()),
        f"## When was the 32nd, under each rule?\n\n{nth_block()}",
    ]
    return "\n\n".join(parts)


def _count(row: Any) -> str:
    if pd.isna(row.n):
        return "cannot be counted"
    return at_least(row.n, row.exact)


def _unit(rule: CountRule) -> str:
    """Say what a rule counts, in the plural."""
    return "records" if rule.each == "klass" else f"{rule.unit}s"


def _label(name: str) -> str:
    return for_markdown(load.load_labels("rules").get(name, name))


def _anchor(name: str) -> str:
    return f"rule-{name.replace('_', '-')}"


def _rule(name: str, rule: CountRule, so_far: str) -> str:
    """Write the entry of a rule."""
    words = {
        "counted": rule.unit,
        "families": ", ".join(rule.families),
        "classes": ", ".join(rule.klasses or ()),
        "types": ", ".join(rule.systems or ()),
        "outcomes": ", ".join(rule.outcomes or ()),
        "once a day for each": rule.each or "",
        "follows the list or numbers of": rule.source or "",
        "calendar": rule.calendar,
        "this year": f"{so_far} {_unit(rule)}" if so_far[-1].isdigit() else so_far,
        "read in": with_code(rule.cited) or "built for this record",
    }
    lines = (f"- {what}: {text}" for what, text in words.items() if text)
    return (
        f"({_anchor(name)})=\n### `{name}`: {_label(name)}\n\n"
        f"{with_code(rule.definition)}\n\n" + "\n".join(lines)
    )


def year_block() -> str:
    """Count this year as each counter does, to the last day of record: one column a counter."""
    launches, last = load.load_launches(), load.last_day()
    year = compare_rules(launches, start=last.replace(month=1, day=1), end=last)
    found = {row.rule: row for row in year.itertuples()}
    what = (f"{_unit(RULES[n])}, {_kinds(RULES[n])}" for n in COUNTERS)
    numbers = (f"**{_count(found[n])}**{_listed(n)}" for n in COUNTERS)
    head = (f"{last.year} by", *(_label(n).partition(":")[0] for n in COUNTERS))
    return table([("counts", *what), (f"to {day(last)}", *numbers)], *head)


def _kinds(rule: CountRule) -> str:
    """Say in a word or three which missiles count."""
    if rule.each == "klass":
        return "of every kind"
    return "ballistic or cruise" if "cruise" in rule.families else "ballistic"


def _listed(rule: str) -> str:
    """Say to which day the list that a rule follows goes, where it ends before the record."""
    source = RULES[rule].source
    if source is None or ANNOUNCERS[source].gives != "list":
        return ""
    launches = load.load_launches()
    listed = launches[launches[ANNOUNCERS[source].column]]
    return f" (list to {day(listed['date'].max()).rpartition(' ')[0]})"


def nth_block() -> str:
    """When the 32nd was reached, under each rule."""
    launches = load.load_launches()
    rows = []
    for name, rule in RULES.items():
        found = nth(launches, name, 32, years=YEARS).dropna(subset="date")
        latest = ("" if exact else " at the latest" for exact in found["exact"])
        dates = map("".join, zip(map(day, found["date"]), latest, strict=True))
        reached = ", ".join(dates) or "never"
        rows.append((f"`{name}`", with_code(rule.definition), reached))
    return table(rows, "rule", "what is counted", "days on which it reached 32")


def tables_block(link: Callable[[str], str] = lambda name: f"`{name}`") -> str:
    """Name each table with its rows."""
    rows = [
        (link(name), f"{len(load._load(name)):,}", with_code(described.row))
        for name, described in TABLES.items()
    ]
    return table(rows, "table", "rows", "one row")


def coverage_block() -> str:
    """Say from when to when the record speaks of what."""
    rows = [
        (r.subset, f"{r.start:%Y-%m-%d}", f"{r.end:%Y-%m-%d}", r.completeness, with_code(r.why))
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
        f"{len(published)} published counts. Each rule was chosen from who said it, how and for "
        "when, before the number was looked at; claims on nuclear tests, or with a condition that "
        "our tables cannot express, are set aside. Quality 1 is unambiguous, 3 vague. The placebo "
        "should be small: how many would agree had each number been 2 higher.\n\n"
        f"{table(rows, *head)}\n\n"
        f"Of {len(firsts)} published statements 'first X since Y', {firsts['agrees'].sum()} agree."
    )


def table_pages() -> dict[str, str]:
    """Explain every column of every table, and every word that may stand in it."""
    pages = {
        "tables/index.md": (
            "# Tables\n\n`data/raw` holds the facts as typed by hand, a source on every row; "
            "`data/processed` is built from it. A [Data Package](../data/datapackage.json) "
            "describes the built tables for R, DuckDB or a spreadsheet. In a session "
            '`describe("launches")` says the same as these pages.\n\n'
            + tables_block(lambda name: f"[`{name}`]({name}.md)")
            + f"\n\n{_contents(TABLES)}\n\n## What is covered\n\n{coverage_block()}"
        )
    }
    for name, described in TABLES.items():
        columns = describe(name)
        parts = [
            f"# {name}",
            f"One row: {with_code(described.row)}. "
            f"{len(load._load(name)):,} rows; {{download}}`as CSV <../data/{name}.csv>`.",
            words_table(columns[["column", "type", "unit", "cells", "meaning"]], "column"),
            *(_words(name, column.name) for column in described.columns if column.values),
        ]
        pages[f"tables/{name}.md"] = "\n\n".join(parts)
    return pages


def _words(name: str, column: str) -> str:
    """Explain the words of a column."""
    return f"## Words of `{column}`\n\n{words_table(describe(name, column), 'word')}"


def _contents(names: Iterable[str], *, hidden: bool = True) -> str:
    """Write the list by which Sphinx orders pages."""
    option = ":hidden:\n" if hidden else ":maxdepth: 1\n"
    return "```{toctree}\n" + option + "\n" + "\n".join(names) + "\n```"


#: What each simulated table shows: the columns that tell its rows apart, and the share stated.
_PROVEN = {
    "links_size": (["kind", "test"], "share", "found a link where there is none, at 5 %"),
    "links_coverage": (["test", "true_ratio"], "share", "95 % intervals that hold the true ratio"),
    "links_choice": (["statistic", "true_ratio"], "found_more", "found more launches"),
    "links_power": ([], "detectable_above", "smallest ratio above 1 found four times in five"),
    "frequency_recovery": (["estimator"], "coverage", "95 % intervals that hold the true value"),
    "frequency_changes": (["estimator"], "coverage", "95 % intervals that hold the true value"),
    "hawkes_recovery": (["estimator"], "coverage", "95 % intervals that hold the true value"),
    "excitation_size": (["branching"], "share", "found excitation of this branching ratio"),
    "excitation_evidence": (["background"], "p_value", "p-value of excitation beside this rate"),
    "regimes": (["model"], "delta_bic", "BIC above that of the best model"),
    "links_null_ratio": (["world", "estimator"], "share", "95 % intervals that hold the truth"),
    "links_regression": (["estimator"], "share", "95 % intervals that hold the true ratio"),
    "links_controls": (["truth"], "p_value", "p-value of controls whose answer is known"),
    "links_unrelated": (["side"], "share", "found a link where there is none, at 5 %"),
    "published_findings": (["verdict"], "p_value", "p-value of the test again"),
}


def proof_names() -> list[str]:
    """Return the names of the simulated tables."""
    names = describe()["table"]
    return [name.removeprefix("proofs/") for name in names if name.startswith("proofs/")]


def proven_block(name: str) -> str:
    """Say in a table what a simulated table shows: the range of its shares."""
    keys, value, words = _PROVEN[name]
    proof = read_proof(name).dropna(subset=value)
    groups = proof.groupby(keys, sort=False) if keys else [((), proof)]
    rows = [
        (*(_cell(k) for k in (key if isinstance(key, tuple) else (key,))), len(part),
         _cell(part[value].min()), _cell(part[value].median()), _cell(part[value].max()))
        for key, part in groups
    ]  # fmt: skip
    title = resource_title(name)
    return (
        f"*{title}* (`{name}`), {words}: least, median and most over the rows of the "
        f"table.\n\n{table(rows, *keys, 'rows', 'least', 'median', 'most')}"
    )


def resource_title(name: str) -> str:
    """Return what a simulated table holds, in a line."""
    return str(describe().set_index("table").at[f"proofs/{name}", "one_row"])


def proof_pages() -> dict[str, str]:
    """Show every simulated table whole, with what its columns mean."""
    names = proof_names()
    pages = {
        "proofs/index.md": (
            "# What was proven\n\nEvery interval and test is held against simulations with known "
            "answers: bursts, seasons, trends, pauses, events that answer launches. `make proofs` "
            "repeats them; each table names its seed and its number of simulated histories.\n\n"
            + table(
                ((f"[`{name}`]({name}.md)", with_code(resource_title(name))) for name in names),
                "table",
                "what it holds",
            )
            + f"\n\n{_contents(names)}\n\n"
            + "\n\n".join(f"## {name}\n\n{proven_block(name)}" for name in names)
        )
    }
    for name in names:
        columns = describe(f"proofs/{name}")
        older = describe_outdated([name])
        meanings = words_table(columns[["column", "meaning"]], "column")
        pages[f"proofs/{name}.md"] = (
            f"# {name}\n\n{with_code(resource_title(name))}. "
            f"{{download}}`As CSV <../data/proofs/{name}.csv>`.{older}\n\n{meanings}\n\n"
            f"## Rows\n\n{frame_table(read_proof(name))}"
        )
    return pages


def gallery_page() -> str:
    """Show every figure with what it answers, its numbers, and the lines that draw it."""
    lines = (
        "# Figures\n\n`make figures` draws them all; each stands as PNG and SVG beside the CSV of "
        'the numbers drawn. `analysis.figures.draw("02-year-to-date")` draws one in a session.'
    )
    return "\n\n".join([lines, *map(_figure, FIGURES)])


def _figure(figure: ReportFigure) -> str:
    """Write the entry of a figure."""
    module, _, function = figure.function.partition(":")
    lines = inspect.getsource(getattr(import_module(f"analysis.figures.{module}"), function))
    alt = alt_text(figure.name)
    return (
        f"## {for_markdown(figure.question)}\n\n"
        f":::{{image}} figures/{figure.name}.svg\n:alt: {alt}\n:::\n\n"
        f"{for_markdown(alt)}\n\n"
        f"{{download}}`Numbers <figures/{figure.name}.csv>`, "
        f"{{download}}`PNG <figures/{figure.name}.png>`, "
        f"{{download}}`SVG <figures/{figure.name}.svg>`\n\n"
        f"::::{{dropdown}} The lines that draw it\n```python\n{lines}```\n::::"
    )


def alt_text(name: str) -> str:
    """Return the alternative text of a stored figure, in one line."""
    drawn = (files.ROOT / "figures" / f"{name}.svg").read_text("utf-8")
    found = re.search(r"<desc[^>]*>(.*?)</desc>", drawn, flags=re.S)
    return " ".join(found[1].split()) if found else name


def api_pages() -> dict[str, str]:
    """List every public name by the room it lives in."""
    rooms: dict[str, list[str]] = {}
    for home, names in analysis._HOMES.items():
        rooms.setdefault(home.partition(".")[0], []).extend(names)
    unnamed = {room: room for room in rooms if room not in _ROOMS}
    parts = [
        "# Reference\n\nAll of it is `from analysis import ...`; `dprk_launches` is the same "
        "package under a name that no file of yours hides."
    ]
    for room, title in {**_ROOMS, **unnamed}.items():
        public = sorted(n for n in rooms.get(room, ()) if callable(getattr(analysis, n)))
        if public:
            listed = "\n".join(public)
            block = ".. currentmodule:: analysis\n\n.. autosummary::\n   :toctree: api\n\n"
            block += textwrap.indent(listed, "   ")
            parts.append(f"## {title}\n\n```{{eval-rst}}\n{block}\n```")
    return {"api.md": "\n\n".join(parts)}


def notebooks_page() -> str:
    """List the notebooks in reading order, by their titles."""
    paths = sorted((files.ROOT / "notebooks").glob("*.ipynb"))
    rows = [(f"[{path.stem}](notebooks/{path.name})", notebook_title(path)) for path in paths]
    return (
        "# Notebooks\n\nAs they were stored: `make lab` opens them to run and change.\n\n"
        f"{table(rows, 'notebook', 'question')}\n\n"
        + _contents(f"notebooks/{path.stem}" for path in paths)
    )


def notebook_title(path: files.Path) -> str:
    """Return the first heading of a notebook."""
    first = nbformat.read(path, as_version=4).cells[0].source
    return str(first).partition("\n")[0].lstrip("# ")


def pages() -> dict[str, str]:
    """Return every page that code writes, by its place."""
    from tools.worked import worked_pages  # draws nothing, but brings matplotlib along

    return {
        "year.md": year_block(),
        "rules.md": rules_page(),
        "agreement.md": f"# Published counts against ours\n\n{agreement_block()}",
        "gallery.md": gallery_page(),
        "notebooks.md": notebooks_page(),
        **{f"proven/{name}.md": proven_block(name) for name in proof_names()},
        **worked_pages(),
        **table_pages(),
        **proof_pages(),
        **api_pages(),
    }

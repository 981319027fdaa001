"""What only several tables, or several rows of one, can show to be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from ..escape import is_formula
from .filters import filter_problems
from .text import Problem, Text
from .vocabulary import FAMILIES

_NUMBERS = re.compile(r"[+-][0-9.+-]+")


def check_together(
    frames: Mapping[str, pd.DataFrame], texts: Mapping[str, list[Text]], categories: Iterable[str]
) -> list[Problem]:
    """Problems that only several tables, or several rows, can show."""
    found = [
        *_check_coverage(frames["coverage"], texts["coverage"][0], categories),
        *_check_inside_coverage(frames, texts["launches"][0]),
        *_check_eras(frames["eras"], texts["eras"][0]),
        *filter_problems(frames["groups"], texts["groups"][0], frames["events"]),
        *_check_outlet_rules(frames["outlet_rules"], texts["outlet_rules"][0]),
        *_check_retests(frames, texts),
        *(problem for parts in texts.values() for text in parts for problem in _formulas(text)),
    ]
    return sorted(found, key=lambda p: (p.file, p.line))


def _formulas(text: Text) -> list[Problem]:
    """Cells that a spreadsheet would run: tables and numbers of figures are opened in them."""
    expected = "text that no spreadsheet runs as a formula"
    return [
        Problem(text.file, int(line), str(name), cell, expected)
        for name, cells in text.cells.items()
        for line, cell in zip(text.lines, cells, strict=True)
        if is_formula(cell) and not _NUMBERS.fullmatch(cell)
    ]


def _check_coverage(coverage: pd.DataFrame, text: Text, categories: Iterable[str]) -> list[Problem]:
    expected = {("launches", f) for f in FAMILIES} | {("events", c) for c in categories}
    there = set(zip(coverage["table"], coverage["subset"], strict=True))
    return [
        Problem(text.file, 0, "subset", f"{table} {subset}", what)
        for pairs, what in (
            (expected - there, "a row for every launch family and event category"),
            (there - expected, "a launch family beside launches, an event category beside events"),
        )
        for table, subset in sorted(pairs)
    ]


def _check_inside_coverage(frames: Mapping[str, pd.DataFrame], text: Text) -> list[Problem]:
    """Launches on days of which the record does not speak."""
    launches = frames["launches"].merge(frames["systems"][["system", "family"]], on="system")
    spans = frames["coverage"].query("table == 'launches'").set_index("subset")
    start, end = (launches["family"].map(spans[edge]) for edge in ("start", "end"))
    outside = (launches["date"] < start) | (launches["date"] > end)
    return [
        Problem(
            text.file,
            int(text.lines[i]),
            "date",
            f"{launches['date'].iloc[i]:%Y-%m-%d}",
            f"a day that coverage.csv holds for {launches['family'].iloc[i]}, "
            f"{start.iloc[i]:%Y-%m-%d} to {end.iloc[i]:%Y-%m-%d}",
        )
        for i in outside.to_numpy().nonzero()[0]
    ]


def _check_eras(eras: pd.DataFrame, text: Text) -> list[Problem]:
    """Every office is held on every day by one person."""
    ordered = eras.assign(line=text.lines).sort_values(["kind", "start"])
    before = ordered.groupby("kind")["end"].shift() + pd.Timedelta(days=1)
    gap = before.notna() & (before != ordered["start"])
    lines, starts = ordered.loc[gap, "line"], ordered.loc[gap, "start"]
    expected = "the day after the predecessor's end"
    return [
        Problem(text.file, line, "start", f"{start:%Y-%m-%d}", expected)
        for line, start in zip(lines, starts, strict=True)
    ]


def _check_outlet_rules(table: pd.DataFrame, text: Text) -> list[Problem]:
    """The last row fits every count, so that each has a rule."""
    last = table.tail(1)
    if len(last) and last.drop(columns=["rule", "why"]).isna().all(axis=None):
        return []
    line, rule = (int(text.lines[-1]), str(last["rule"].item())) if len(last) else (0, "")
    return [Problem(text.file, line, "rule", rule, "a last row without any condition")]


def _check_retests(
    frames: Mapping[str, pd.DataFrame], texts: Mapping[str, list[Text]]
) -> list[Problem]:
    """Every finding that is no forecast is tested again, and each test has what it needs."""
    retests, findings = frames["retests"], frames["published_findings"]
    wanted = (findings["kind"] != "forecast") & ~findings["finding_id"].isin(retests["finding_id"])
    kinds, part = retests["test"], retests["part"]
    checks = [("published_findings", "finding_id", wanted, "a row in retests.csv")]
    for column in ("group", "window"):
        lacks = (kinds == "events") & retests[column].isna()
        checks.append(("retests", column, lacks, f"the {column} of the events"))
    for kind, low, high in (("quarter", 1, 4), ("weekday", 0, 6)):
        outside = (kinds == kind) & ~part.between(low, high).fillna(False)
        checks.append(("retests", "part", outside, f"the {kind}, from {low} to {high}"))
    return [
        Problem(texts[name][0].file, int(texts[name][0].lines[i]), column, "", expected)
        for name, column, wrong, expected in checks
        for i in wrong.to_numpy(bool).nonzero()[0]
    ]

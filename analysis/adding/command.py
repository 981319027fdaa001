"""``python -m analysis add`` and ``check``: questions, and what is said of the answers."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from ..counting import at_least
from ..record.problems import RecordError
from ..record.schema import TABLES
from .checking import check_files
from .options import EVENT, EVENT_CELLS, LAUNCH, LAUNCH_CELLS, SOURCE
from .own import add_to_file, taken_ids
from .raw import RAW, Change, add_to_record
from .rows import Row, event_row, known_name, launch_row


def run_check(given: argparse.Namespace) -> Iterator[str]:
    """Say what is good; raise with every mistake written out."""
    try:
        yield from check_files(given.files, encoding=given.encoding)
    except RecordError as error:
        lines = [str(problem) for problem in error.problems]
        raise ValueError("\n  ".join([f"{len(lines)} to mend", *lines])) from None


def run_add(given: argparse.Namespace) -> Iterator[str]:
    """Add what the options say, and say what that changed."""
    table = "launches" if given.what == "launch" else "events"
    if not given.to and not (RAW / "launches.csv").is_file():
        raise FileNotFoundError(
            "no checkout here, so the record stays as it is: keep a file of your own, "
            f"`add {given.what} --to mine.csv`"
        )
    rows = _launches(given) if table == "launches" else [_event(given)]
    if given.to:
        counts = add_to_file(rows, given.to, table, dry_run=given.dry_run)
        yield from _said(rows, table, counts, given.dry_run)
        yield f"{'would be' if given.dry_run else 'written'} in {given.to}; next: " + (
            f"count --as-of {max(r['date'] for r in rows)} --extra {given.to}"
            if table == "launches"
            else f"load_events(extra={given.to!r})"
        )
        return
    change = add_to_record(rows, table, sources=_sources(given), dry_run=given.dry_run)
    yield from _said(rows, table, change.counts, given.dry_run)
    yield from _moved(change, given.dry_run)


def _said(rows: list[Row], table: str, counts: pd.DataFrame, dry_run: bool) -> Iterator[str]:
    """Show the rows, and the counts of their years under each rule."""
    for row in rows:
        shown = ", ".join(f"{name} {cell}" for name, cell in row.items() if cell)
        yield f"{'would add' if dry_run else 'added'}: {shown}"
    for year, part in counts.groupby("year") if len(counts) else ():
        yield f"{year} under each rule, before -> after (* changed):"
        for _, rule, n, new_n, exact, new_exact in part.itertuples(index=False):
            before, after = _number(n, exact), _number(new_n, new_exact)
            yield f" {' ' if before == after else '*'} {rule:30} {before} -> {after}"


def _number(n: int, exact: bool) -> str:
    """Write a count, with "at least" for a lower bound."""
    return "cannot be counted" if pd.isna(n) else at_least(n, exact)


def _moved(change: Change, dry_run: bool) -> Iterator[str]:
    """Say what moved with the rows, and what to run."""
    yield from change.moved
    yield f"version {change.version[0]} -> {change.version[1]}"
    yield ("would change: " if dry_run else "changed: ") + ", ".join(change.files)
    if not dry_run:
        yield "next: make data, which builds the tables; then make figures notebooks readme test"


def _launches(given: argparse.Namespace) -> list[Row]:
    """Return the rows of a file of proposals, or the one that the options say."""
    taken = taken_ids(Path(given.to) if given.to else None)
    if given.proposed:
        with Path(given.proposed).open(encoding="utf-8-sig", newline="") as file:
            names = [c.name for c in TABLES["launches"].typed]
            rows = [{n: row.get(n) or "" for n in names} for row in csv.DictReader(file)]
        if not rows:
            raise ValueError(f"{given.proposed} holds no rows: expected launches to add")
        return rows
    asked = not any(vars(given)[name] for name in LAUNCH)  # then all is asked for
    need = _needed(given, LAUNCH, {"system": known_name, "site": known_name})
    given.source = need["source"]
    for name, what in (("time", "Korean time"), ("missiles", "how many")) if asked else ():
        if not getattr(given, name):
            setattr(given, name, _asked(f"{name} ({what}; empty where not known): "))
    cells = _given_cells(given, LAUNCH_CELLS)
    cells["missiles_exact"] = "false" if given.at_least or not given.missiles else "true"
    for flag in ("in_cns", "in_csis"):
        cells[flag] = "true" if getattr(given, flag) else ""
    return [launch_row(**need, taken=taken, time=given.time, **cells)]


def _event(given: argparse.Namespace) -> Row:
    need = _needed(given, EVENT, {})
    cells = _given_cells(given, EVENT_CELLS)
    cells["answers_launch"] = "true" if given.answers_launch else ""
    return event_row(**need, end=given.end, **cells)


def _sources(given: argparse.Namespace) -> list[Row]:
    """Return the row of a source that the record lacks, asking for it where somebody can answer."""
    if given.what == "event" or given.proposed:
        return []
    key = given.source.split(";")[-1]
    if not given.source_title:
        if key in set(pd.read_csv(RAW / "sources.csv", dtype="str")["key"]):
            return []
        if sys.stdin.isatty():
            print(f"{key} is a new source")
            given.url = given.url or _asked("url (empty where there is none): ")
    titled = _needed(given, SOURCE, {})
    return [{"key": key, "title": titled["source-title"], "publisher": titled["publisher"],
             "url": given.url, "vintage": "", "note": "facts only"}]  # fmt: skip


def _given_cells(given: argparse.Namespace, names: dict[str, str]) -> dict[str, str]:
    return {name.replace("-", "_"): getattr(given, name.replace("-", "_")) or "" for name in names}


def _asked(question: str) -> str:
    """Ask a question at a terminal."""
    try:
        return input(question).strip()
    except EOFError:
        raise ValueError(f"no answer to {question!r}: nothing is added") from None


def _needed(
    given: argparse.Namespace, wanted: dict[str, str], look_up: dict[str, Callable[[str, str], str]]
) -> dict[str, str]:
    """Return what a row must have, asking for what is not given where somebody can answer."""
    said = {name: getattr(given, name.replace("-", "_")) or "" for name in wanted}
    missing = [name for name in wanted if not said[name]]
    if missing and not sys.stdin.isatty():
        words = ", ".join(f"--{name} ({wanted[name]})" for name in missing)
        raise ValueError(f"not given: {words}")
    for name in missing:
        while not said[name]:
            said[name] = _asked(f"{name} ({wanted[name]}): ")
            try:
                if name in look_up:
                    look_up[name](name, said[name])
            except ValueError as error:
                print(error)
                said[name] = ""
    return said

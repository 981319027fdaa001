"""Rows into ``data/raw``, with what must move with them: all of it, or nothing."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import pandas as pd

from ..counting import compare_rules
from ..record.additions import repeated
from ..record.build import build, read_version
from ..record.files import RAW, VERSION, whole_set
from ..record.load import load_coverage
from ..record.problems import RecordError
from .rows import Row

#: Launches, and their table of coverage; False for the package's, which rows may outrun.
State = tuple[pd.DataFrame, pd.DataFrame | Literal[False]]
CHANGELOG = "CHANGELOG.md"
_HEADING = "## Unreleased, data "
#: What the coverage says of days after which nobody searched for all launches.
_ONE_BY_ONE = "launches added one by one"
#: The file of events in which a category is typed.
_EVENT_FILES = {"drill": "drills.csv", "talks": "talks.csv"}


class Change(NamedTuple):
    """What rows changed: files, the version of the record, the year's counts."""

    files: list[str]
    version: tuple[str, str]  # before and after
    counts: pd.DataFrame  # as `year_counts` gives them
    moved: list[str]  # what moved with the rows, in words


def add_to_record(
    rows: Sequence[Row],
    table: str = "launches",
    *,
    sources: Sequence[Row] = (),
    raw: Path = RAW,
    dry_run: bool = False,
) -> Change:
    """Add rows to ``data/raw`` and move what must move with them.

    Parameters
    ----------
    rows : sequence of dict
        As from `launch_row` or `event_row`.
    table : {"launches", "events"}
        Which they are.
    sources : sequence of dict
        Rows of ``sources.csv`` that the launches cite and the record lacks.
    raw : Path
        Folder of the raw tables; the changelog is two folders above.
    dry_run : bool
        Say what would change, and change nothing.

    Returns
    -------
    Change
        What changed, or would.

    Raises
    ------
    RecordError
        With every problem of the tables as they would be; nothing is written then.
    FileNotFoundError
        Without a checkout.
    """
    if not (raw / "launches.csv").is_file():
        raise FileNotFoundError(
            f"{raw} holds no raw tables: without a checkout keep a file of your own, "
            f"`add {table[:-1] if table == 'events' else 'launch'} --to mine.csv`"
        )
    if dry_run:
        with tempfile.TemporaryDirectory() as folder:
            return _change(rows, table, sources, raw, Path(folder))
    home = raw.resolve().parent.parent
    with whole_set("raw", home) as new:  # under its lock what is read stays as it was read
        return _change(rows, table, sources, raw, new)


def _change(
    rows: Sequence[Row], table: str, sources: Sequence[Row], raw: Path, new: Path
) -> Change:
    """Write into `new` the files that the rows change, if the record is still good with them."""
    before = build(raw)
    old = read_version(raw, before["coverage"])
    texts: dict[str, str] = {}
    for name, added in _by_file(rows, table).items():
        texts[name] = _appended(raw / name, added)
    if sources:
        texts["sources.csv"] = _appended(raw / "sources.csv", sources)
    texts["coverage.csv"], moved = _later_ends(raw / "coverage.csv", rows, table)
    last = max([old[:10], *(row["date"] for row in rows if table == "launches")])
    revision = int(old.rpartition(".")[2]) + 1 if last == old[:10] else 1
    version = f"{last}.{revision}"
    texts[VERSION] = f"{version}\n"
    with tempfile.TemporaryDirectory() as folder:
        tried = Path(folder) / "raw"
        shutil.copytree(raw, tried)
        for name, text in texts.items():
            (tried / name).write_text(text, "utf-8", newline="")
        after = _built(tried, raw)
        read_version(tried, after["coverage"])
    key = "launch_id" if table == "launches" else "event_id"
    own = after[table][after[table][key].isin([row[key] for row in rows])]
    problems = repeated(before[table], own, table, _name_of_rows(raw, _by_file(rows, table)))
    if problems:
        raise RecordError(problems)
    files = {f"data/raw/{name}": text for name, text in texts.items()
             if (raw / name).read_bytes() != text.encode()}  # fmt: skip
    log = raw.resolve().parent.parent / CHANGELOG
    if log.is_file():
        files[CHANGELOG] = _logged(log.read_text("utf-8"), version, _csv_line(rows, table))
    for name, text in files.items():
        place = new / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8", newline="")
    return Change(
        list(files), (old, version), _counts_before_and_after(before, after, rows, table), moved
    )


def _by_file(rows: Sequence[Row], table: str) -> dict[str, list[Row]]:
    """Part rows by the file that they are typed in."""
    parts: dict[str, list[Row]] = {}
    for row in rows:
        file = "launches.csv"
        if table == "events":
            file = _EVENT_FILES.get(row["category"], "milestones.csv")
        parts.setdefault(file, []).append(row)
    return parts


def _name_of_rows(raw: Path, files: Mapping[str, object]) -> str:
    return ", ".join(f"data/raw/{name}" if raw == RAW else str(raw / name) for name in files)


def _built(tried: Path, raw: Path) -> dict[str, pd.DataFrame]:
    """Build the tables as they would be; problems name the files as they are called."""
    try:
        return build(tried)
    except RecordError as error:
        shown = "data/raw" if raw == RAW else str(raw)
        raise RecordError(
            [p._replace(file=p.file.replace(str(tried), shown)) for p in error.problems]
        ) from None


def _appended(path: Path, rows: Sequence[Row]) -> str:
    """Return a raw file with rows at its end; what stands there keeps its bytes."""
    text = path.read_bytes().decode("utf-8")
    header = next(csv.reader(io.StringIO(text)))
    out = io.StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\n")
    writer.writerows(rows)
    return text + out.getvalue()


def _later_ends(path: Path, rows: Sequence[Row], table: str) -> tuple[str, list[str]]:
    """Return the coverage with later ends for launches after them, and what that means in words.

    All launch families end together. Categories of events stay as they are: one event found says
    nothing of the days that nobody searched.
    """
    text = path.read_bytes().decode("utf-8")
    lines = list(csv.DictReader(io.StringIO(text)))
    if table == "events":
        ends = {line["subset"]: line["end"] for line in lines if line["table"] == table}
        return text, [
            f"{row['event_id']} lies after {ends[row['category']]}, to which {row['category']} is "
            "covered: studies leave it out until coverage.csv says that later days were searched"
            for row in rows
            if row["start"] > ends[row["category"]]
        ]
    last = max(row["date"] for row in rows)
    late = [line for line in lines if line["table"] == table and line["end"] < last]
    if not late:
        return text, []
    before = min(line["end"] for line in late)
    for line in late:
        line["end"] = last
        if _ONE_BY_ONE not in line["why"]:
            line["why"] += f"; {_ONE_BY_ONE} after {before}"
    out = io.StringIO()
    writer = csv.DictWriter(out, list(lines[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue(), [
        f"launches are covered to {last} instead of {before}: the record now says that there was "
        "no other launch between"
    ]


def _csv_line(rows: Sequence[Row], table: str) -> str:
    """Say in a line of the changelog what was added."""
    if table == "events":
        return "Added: " + "; ".join(f"{row['title']} ({row['start']})" for row in rows) + "."
    return "Added: " + "; ".join(f"{row['launch_id']} ({row['system']})" for row in rows) + "."


def _logged(text: str, version: str, line: str) -> str:
    """Return the changelog with the line, and the version, under the heading of what is new."""
    head, found, rest = text.partition(_HEADING)
    if not found:
        first = text.find("\n## ")
        at = len(text) if first < 0 else first + 1
        return f"{text[:at]}{_HEADING}{version}\n\n- {line}\n\n{text[at:]}"
    _, _, body = rest.partition("\n")
    return f"{head}{_HEADING}{version}\n\n- {line}\n{body.lstrip(chr(10))}"


def _counts_before_and_after(
    before: Mapping[str, pd.DataFrame],
    after: Mapping[str, pd.DataFrame],
    rows: Sequence[Row],
    table: str,
) -> pd.DataFrame:
    """Count each year of the launches under every rule, without the rows and with them."""
    years = sorted({int(row["date"][:4]) for row in rows}) if table == "launches" else []
    old, new = ((tables[table], tables["coverage"]) for tables in (before, after))
    parts = [year_counts(old, new, year) for year in years]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def year_counts(before: State, after: State, year: int) -> pd.DataFrame:
    """Count a year so far under every rule in two states of the launches.

    Parameters
    ----------
    before, after : tuple
        The launches, and their table of coverage; False for the package's, which rows may outrun.
    year : int
        The year, counted to the last day that a state speaks of.

    Returns
    -------
    DataFrame
        One row a rule: ``year``, ``rule``, ``before``, ``after``, ``exact_before`` and
        ``exact_after`` (False where the count is a lower bound).
    """
    old, new = (_year_so_far(*state, year) for state in (before, after))
    counts = {"before": old["n"], "after": new["n"]}
    exact = {"exact_before": old["exact"], "exact_after": new["exact"]}
    return pd.DataFrame({"year": year, "rule": old["rule"], **counts, **exact})


def _year_so_far(
    launches: pd.DataFrame, coverage: pd.DataFrame | Literal[False], year: int
) -> pd.DataFrame:
    """Count a year under every rule, to the last day that its launches or their record reach."""
    start, end = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
    table = load_coverage() if coverage is False else coverage
    spoken = table.loc[table["table"] == "launches", "end"].min()
    last = max(start, min(end, max(spoken, launches["date"].max())))
    return compare_rules(launches, start=start, end=last, coverage=coverage)

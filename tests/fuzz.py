"""Corrupt a user's files and data/raw in every way that editors, mail, Excel and disks do.

``python -m tests.fuzz 10000 [seed [first]]`` (``make fuzz``) tries that many mutants,
and .ci/run a thousand. Each must give the facts that stand in the file, as Python's own csv reads
them, or an error of ours that names the file, and the row and column where one cell was changed;
within bounded time and memory. Every third mutant is one of data/raw, and is built.
"""

import csv
import gzip
import io
import random
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pandas as pd

from analysis import (
    RecordError,
    load_events,
    load_launches,
    read_events,
    read_groups,
    read_launches,
    read_rules,
)
from analysis.counting.rules import CountRule
from analysis.record.build import build
from analysis.record.files import RAW
from analysis.record.schema import TABLES

SECONDS = 10.0
MEGABYTES = 1_000
LONGEST = 50_000  # letters of an error
TRAPS = [
    "", " ", "N/A", "unknown", "0", "-1", "1e309", "NaN", "Infinity", "9" * 400, "1,380 km",
    "\u202e", "\u0661\u0662", "２０２２-01-05", "2022-02-30", "31-Feb-22", "5/6/2022", "44900",
    "2022-01-05T06:31:07Z", "1987-07-01T15:30Z", "24:00", "=1+1", "#REF!", "\U0001f680" * 50,
    '"', "'", ",", ";", "\t", "\n", "\r", "[", "{", "\\", "<!--", "\\u0000", "x" * 5_000, "-",
    "?", "\x1b[31m", "TRUE", "yes", "1.0", "+3", "3.", "0x10", "1_000", "٣", "launch_id",
]  # fmt: skip


# --------------------------------------------------------------------------- files


def texts():
    """Return name, reader, table and content of a short file in each form of text."""
    launches = load_launches().iloc[-40:]
    events = load_events(["drill", "parade"]).iloc[-40:]
    groups = pd.read_csv(RAW / "groups.csv", dtype="str", keep_default_na=False).head(20)
    rules = pd.read_csv(RAW / "rules.csv", dtype="str", keep_default_na=False).head(20)
    few = [*launches.columns[:6], "system", "site", "outcome", "sources"]
    plain = launches.to_csv(index=False)
    found = [
        ("launches.csv", read_launches, plain.encode()),
        ("few.csv", read_launches, launches[few].assign(mine="x").to_csv(index=False).encode()),
        ("semicolons.csv", read_launches, launches[few].to_csv(index=False, sep=";").encode()),
        ("tabs.txt", read_launches, launches.to_csv(index=False, sep="\t").encode("utf-16")),
        ("marked.csv", read_launches, plain.replace("\n", "\r\n").encode("utf-8-sig")),
        ("packed.csv.gz", read_launches, gzip.compress(plain.encode(), mtime=0)),
        ("events.csv", read_events, events.to_csv(index=False).encode()),
        ("groups.csv", read_groups, groups.to_csv(index=False).encode()),
        ("rules.csv", read_rules, rules.to_csv(index=False).encode()),
        ("launches.json", read_launches, as_json(launches)),
        ("events.json", read_events, as_json(events)),
    ]
    book = io.BytesIO()
    try:
        launches[few].drop(columns="launched_at").to_excel(book, index=False)
    except ModuleNotFoundError:
        return found
    return [*found, ("launches.xlsx", read_launches, book.getvalue())]


def as_json(frame):
    return frame.to_json(orient="records", date_format="iso", indent=0).encode()


@cache
def sources():
    """Return all files by turns: two of a user's, then one of data/raw."""
    own = texts()
    raw = [(path.name, None, path.read_bytes()) for path in sorted(RAW.glob("*.csv"))]
    return own, raw


TABLE_OF = {
    **{f: table for table in TABLES.values() for f in table.files},
    read_launches: TABLES["launches"],
    read_events: TABLES["events"],
    read_groups: TABLES["groups"],
    read_rules: TABLES["rules"],
}


# --------------------------------------------------------------------------- corruptions


def flip_bytes(raw, rng):
    """Change some bytes anywhere."""
    data = bytearray(raw)
    for _ in range(rng.choice((1, 1, 3, 30))):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def cut(raw, rng):
    """Keep the beginning, the end, or lose a piece of the middle."""
    a, b = sorted(rng.randrange(len(raw) + 1) for _ in range(2))
    return rng.choice((raw[:b], raw[a:], raw[:a] + raw[b:]))


def repeat(raw, rng):
    """Write a piece twice."""
    a, b = sorted(rng.randrange(len(raw) + 1) for _ in range(2))
    return raw[:b] + raw[a:b] + raw[b:]


def change_cells(raw, rng):
    """Put something else into some cells, whatever separates them."""
    mark = rng.choice((b",", b"\t", b";", b'"', b":", b"\n"))
    cells = raw.split(mark)
    for _ in range(rng.choice((1, 2, 10))):
        at = rng.randrange(len(cells))
        cells[at] = rng.choice((rng.choice(TRAPS).encode(), rng.choice(cells)))
    return mark.join(cells)


def change_lines(raw, rng):
    """Drop, repeat, join or mix lines."""
    lines = raw.splitlines(keepends=True)
    for _ in range(rng.choice((1, 2, 5))):
        at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        what = rng.randrange(4)
        if what == 0:
            lines[at] = b""
        elif what == 1:
            lines[at] = lines[at] * 2
        elif what == 2:
            lines[at] = lines[at].rstrip(b"\r\n")
        else:
            lines[at], lines[other] = lines[other], lines[at]
    return b"".join(lines)


def drop_column(raw, rng):
    """Lose or move a column everywhere."""
    mark = rng.choice((b",", b"\t"))
    rows = [line.split(mark) for line in raw.split(b"\n")]
    at = rng.randrange(max(len(rows[0]), 1))
    for cells in rows:
        if at < len(cells):
            cell = cells.pop(at)
            if at % 2:
                cells.append(cell)
    return b"\n".join(mark.join(cells) for cells in rows)


def recode(raw, rng):
    """Save in another encoding, with or without a mark."""
    content = raw.decode("utf-8", errors="replace")
    name = rng.choice(("utf-16", "utf-16-le", "utf-8-sig", "cp1252", "shift_jis", "cp949"))
    return content.encode(name, errors="replace")


def stray(raw, rng):
    """Put quotation marks, brackets, ends of lines or nulls anywhere."""
    data = raw
    for _ in range(rng.choice((1, 2, 4))):
        at = rng.randrange(len(data) + 1)
        data = data[:at] + rng.choice(TRAPS).encode() + data[at:]
    return data


CORRUPTIONS = [
    flip_bytes, cut, repeat, change_cells, change_lines, drop_column, recode, stray,
]  # fmt: skip


def one_cell(raw, rng):
    """Change one cell of a file that else stays well formed; return it with line and column."""
    rows = list(csv.reader(io.StringIO(raw.decode())))
    at, column = rng.randrange(1, len(rows)), rng.randrange(len(rows[0]))
    old = rows[at][column]
    changes = [rng.choice(TRAPS), old + " ", old.upper(), old[:-1], old + rng.choice("0x,;\t́é")]
    rows[at][column] = rng.choice([rng.choice(rows)[column], *changes])
    line = 1 + sum(1 + "".join(row).count("\n") for row in rows[:at])
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode(), (line, rows[0][column].lstrip("\ufeff"))


def mutants(n, seed, first=0):
    """Yield n mutants: number, name, reader (None: data/raw), how, place of one cell, content."""
    own, kept = sources()
    for i in range(first, first + n):
        rng = random.Random(f"{seed} {i}")
        name, read, raw = rng.choice(kept if i % 3 == 2 else own)
        by_commas = name.endswith(".csv") and b";" not in raw.partition(b"\n")[0]
        if by_commas and rng.random() < 0.4:
            raw, place = one_cell(raw, rng)
            yield i, name, read, "one_cell", place, raw
            continue
        how = [rng.choice(CORRUPTIONS) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
        for corrupt in how:
            raw = corrupt(raw, rng) or b"\n"
        yield i, name, read, "+".join(f.__name__ for f in how), None, raw


# --------------------------------------------------------------------------- facts


def facts_in(raw, name):
    """Read a file of text as Python's csv does: header and rows of cells; None if it is no text."""
    if raw.startswith(b"\x1f\x8b"):
        raw = gzip.decompress(raw)
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    content = raw.decode("utf-16" if wide else "utf-8").lstrip("\ufeff")
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    head = content.lstrip("\n").partition("\n")[0]
    separator = max(",;\t", key=head.count)
    rows = [row for row in csv.reader(io.StringIO(content, newline=""), delimiter=separator) if row]
    header, *rest = rows
    return header, [row for row in rest if any(row)]


def canonical(cell, kind):
    """Write a cell of text so that equal facts are equal texts."""
    if cell == "" or kind == "text":
        return cell
    if kind == "integer":
        return str(int(cell))
    if kind == "number":
        return repr(float(cell))
    if kind == "boolean":
        return cell.lower()
    if kind == "date":
        return datetime.strptime(cell, "%Y-%m-%d").date().isoformat()
    return datetime.fromisoformat(cell).astimezone(UTC).isoformat()


def written(value, kind):
    """Write a value of a table in the same way."""
    if value is None or value is pd.NA or value != value:
        return ""
    if kind == "integer":
        return str(int(value))
    if kind == "number":
        return repr(float(value))
    if kind == "boolean":
        return str(bool(value)).lower()
    if kind == "date":
        return value.date().isoformat()
    return value.to_pydatetime().isoformat() if kind == "instant" else str(value)


def compare(frame, header, rows, table, *, in_order):
    """Raise unless a table holds the facts of a file, no more and no less."""
    kinds = {c.name: c.kind for c in table.columns}
    names = [name for name in header if name in kinds]
    stand = [
        tuple(canonical(row[header.index(name)], kinds[name]) for name in names) for row in rows
    ]
    columns = [[written(value, kinds[name]) for value in frame[name].astype(object)]
               for name in names]  # fmt: skip
    read = list(zip(*columns, strict=True))
    if not in_order:
        stand, read = sorted(stand), sorted(read)
    assert len(read) == len(stand), f"{len(stand)} rows stand in the file, {len(read)} were read"
    for one, other in zip(stand, read, strict=True):
        assert one == other, [
            (n, a, b) for n, a, b in zip(names, one, other, strict=True) if a != b
        ]


# --------------------------------------------------------------------------- verdicts


def check(mutant, folder):
    """Read or build a mutant; return "read" or "refused", or raise for what must not be."""
    _, name, read, _, place, raw = mutant
    path = folder / "raw" / name if read is None else folder / name
    before = path.read_bytes() if path.exists() else b""
    path.write_bytes(raw)
    started = time.process_time()
    try:
        answer = build(folder / "raw") if read is None else read(path)
    except RecordError as error:
        check_error(error, path, place, raw_of_build=read is None)
        return "refused"
    finally:
        assert time.process_time() - started < SECONDS
        if read is None:
            path.write_bytes(before)
    if read is None:
        check_built(answer, name, folder / "raw", raw)
    elif name.endswith((".csv", ".txt", ".gz")):
        check_read(answer, read, name, raw)
    else:
        assert len(answer)
    return "read"


def check_error(error, path, place, *, raw_of_build):
    """Every problem names a file; a single changed cell is named itself, or what refers to it."""
    text = str(error)
    assert error.problems
    assert len(text) < LONGEST
    assert all(c.isprintable() or c in "\n\u200d\u200c\xad" or ord(c) > 127 for c in text)
    files = {problem.file for problem in error.problems}
    assert raw_of_build or files == {str(path)}, files
    if place is None:
        assert raw_of_build or str(path) in text
        return
    line, column = place
    here = [p for p in error.problems if p.file == str(path)]
    if not raw_of_build:
        assert here
    # a changed key may be missed elsewhere; two rows of one key are both candidates
    if here and {p.file for p in error.problems} == {str(path)}:
        assert any(p.line == line or p.column == column or column in p.expected for p in here), (
            place,
            here[:3],
        )


def check_read(answer, read, name, raw):
    header, rows = facts_in(raw, name)
    if read is read_rules:
        assert [rule.name for rule in answer.values()] == [r[header.index("name")] for r in rows]
        assert all(isinstance(rule, CountRule) for rule in answer.values())
        return
    compare(answer, header, rows, TABLE_OF[read], in_order=True)


def check_built(tables, name, folder, raw):
    table = TABLE_OF[name]
    header, rows = facts_in(raw, name)
    for other in table.files:
        if other != name:
            more_header, more = facts_in((folder / other).read_bytes(), other)
            rows = rows + [[row[more_header.index(column)] for column in header] for row in more]
    compare(tables[table.name], header, rows, table, in_order=False)


def try_all(cases, verdict, seed):
    """Try every case; keep the content of one that fails. Say what became of them, how fast."""
    seen: Counter[str] = Counter()
    started = time.process_time()
    slowest = 0.0
    for case in cases:
        i, name, *_, raw = case
        before = time.process_time()
        try:
            seen[verdict(case)] += 1
        except Exception as error:
            seen["failed"] += 1
            kept = Path(tempfile.gettempdir()) / f"fuzz-{seed}-{i}-{name}"
            kept.write_bytes(raw)
            print(f"mutant {i} ({case[3]}) of {name}, kept as {kept}: {error!r:.300}", flush=True)
        slowest = max(slowest, time.process_time() - before)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{seen.total()} mutants in {time.process_time() - started:.0f} s of work, "
        f"slowest {slowest:.2f} s, {megabytes:.0f} MB: {dict(seen)}"
    )
    assert megabytes < MEGABYTES
    assert not seen["failed"]
    return seen


def main(n=10_000, seed=0, first=0):
    """Try n mutants."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(RAW, Path(folder, "raw"))
        try_all(mutants(n, seed, first), lambda mutant: check(mutant, Path(folder)), seed)
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))

"""Corrupt the made files of other databases in every way that mail, Excel and disks do.

``python -m tests.upstream_fuzz 10000 [seed]`` (``make fuzz-upstream``) tries that many variants;
the suite tries 300. Each must be read, with every row used or reported, or refused by one of our
own errors, in bounded time and memory: no traceback, no silent zero, no dropped row.
"""

import random
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from analysis import RecordError, read_cns, read_csis, read_gcat, read_nagix

from . import upstream_files as made

SECONDS = 10.0
MEGABYTES = 1_000
TRAPS = [
    "", " ", "N/A", "unknown", "0", "-1", "1e309", "NaN", "Infinity", "9" * 400, "1,380 km",
    "\u202e", "\u0661\u0662", "2022-02-30", "31-Feb-22", "=1+1", "#REF!", "\U0001f680" * 50,
    '"', "'", ",", "\t", "\n", "\r", "[", "{", "\\", "<!--", "\\u0000", "x" * 5_000, "-", "?",
]  # fmt: skip


def sources():
    """Return name, reader and content of a short file in each form."""
    missiles = made.in_cns().iloc[100:160].reset_index(drop=True)
    records = made.csis_records(made.in_csis().iloc[:40])
    return [
        ("cns-2017.csv", read_cns, made.cns_csv(missiles, form="2017")),
        ("cns.csv", read_cns, made.cns_csv(missiles)),
        ("cns.xlsx", read_cns, made.cns_xlsx(missiles.head(20))),
        ("test.en.json", read_nagix, made.nagix_json(missiles)),
        ("csis.csv", read_csis, made.csis_csv(records)),
        ("csis-2018.csv", read_csis, made.csis_csv(records, form="2018")),
        ("csis.html", read_csis, made.csis_page(records)),
        ("launch.tsv", read_gcat, made.gcat_tsv(missiles)),
        ("launch-26.tsv", read_gcat, made.gcat_tsv(missiles, columns=26)),
    ]


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
    mark = rng.choice((b",", b"\t", b'"', b":", b"\n"))
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


def variants(n, seed):
    """Yield n corrupted files: number, name, reader, how, content."""
    files = sources()
    for i in range(n):
        rng = random.Random(f"{seed} {i}")
        name, read, raw = rng.choice(files)
        how = [rng.choice(CORRUPTIONS) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
        for corrupt in how:
            raw = corrupt(raw, rng) or b"\n"
        yield i, name, read, "+".join(f.__name__ for f in how), raw


# --------------------------------------------------------------------------- verdicts


def check(read, path):
    """Read a file; return "read" or "refused", or raise AssertionError for what must not be."""
    started = time.monotonic()
    refusal, launches = None, None
    try:
        launches = read(path)
    except RecordError as error:
        refusal = error
    if launches is None:
        assert refusal.problems
        assert str(path) in str(refusal)
        verdict = "refused"
    else:
        rows, report = launches.attrs["rows"], launches.attrs["report"]
        assert len(launches)
        assert (launches["missiles"] >= 1).all()
        assert launches["date"].notna().all()
        assert rows["row"].is_unique
        left = set(rows.loc[rows["launch_id"].isna(), "row"])
        assert left == set(report.loc[(report["column"] == "") & (report["row"] > 0), "row"])
        assert set(rows["launch_id"].dropna()) == set(launches["launch_id"])
        if read is not read_csis:
            assert launches["missiles"].sum() >= rows["launch_id"].notna().sum()
        if read is not read_cns or not str(path).endswith("xlsx"):
            lines = _lines_with_dates(path.read_bytes(), read)
            assert lines <= len(rows), f"{lines} lines with dates, {len(rows)} rows accounted for"
        verdict = "read"
    assert time.monotonic() - started < SECONDS
    return verdict


def _lines_with_dates(raw, read):
    """Count the lines that begin as a row of the made CSV files does: none may be lost."""
    start = {
        read_cns: rb"[0-9]+,[0-9]{1,2}-[A-Z][a-z]{2}-[0-9]{2},",
        read_csis: rb"20[0-9]{2}-[0-9]{2}-[0-9]{2},Missile Provocation,",
        read_gcat: rb"2022-S[0-9]+  \t-\t[0-9]{4} [A-Z][a-z]{2} ",
    }.get(read)
    if start is None or raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return 0
    return len(re.findall(rb"(?:^|[\r\n])" + start, raw))


def main(n, seed):
    """Try n variants and say how many were read and how many refused."""
    seen = Counter()
    started = time.monotonic()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for i, name, read, how, raw in variants(n, seed):
            path = Path(folder) / name
            path.write_bytes(raw)
            before = time.monotonic()
            try:
                seen[check(read, path)] += 1
            except Exception as error:
                kept = Path(tempfile.gettempdir()) / f"upstream-fuzz-{seed}-{i}-{name}"
                kept.write_bytes(raw)
                print(f"variant {i} ({how}) of {name}, kept as {kept}: {type(error).__name__}")
                raise
            slowest = max(slowest, time.monotonic() - before)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{n} variants in {time.monotonic() - started:.0f} s, slowest {slowest:.2f} s, "
        f"{megabytes:.0f} MB: {dict(seen)}"
    )
    assert megabytes < MEGABYTES
    return 0


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]] + [10_000, 0][len(sys.argv) - 1 :]
    sys.exit(main(*numbers))

"""Corrupt the made files of other databases in every way that mail, Excel and disks do.

``python -m tests.upstream_fuzz 10000 [seed]`` (``make fuzz-upstream``) tries that many variants;
the suite tries 300. Each must be read, with every row used or reported, or refused by one of our
own errors, in bounded time and memory: no traceback, no silent zero, no dropped row.
"""

import random
import re
import sys
import tempfile
import time
from pathlib import Path

from analysis import RecordError, read_cns, read_csis, read_gcat, read_nagix
from analysis.upstream import report_of, rows_of

from . import upstream_files as made
from .fuzz import CORRUPTIONS, SECONDS, try_all


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
        ("launch-marks.tsv", read_gcat, made.gcat_tsv(missiles, marks_inside=True)),
    ]


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
        rows, report = rows_of(launches), report_of(launches)
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


def main(n=10_000, seed=0):
    """Try n variants and say how many were read and how many refused."""

    def verdict(variant):
        _, name, read, _, raw = variant
        path = Path(folder) / name
        path.write_bytes(raw)
        return check(read, path)

    with tempfile.TemporaryDirectory() as folder:
        try_all(variants(n, seed), verdict, seed)
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))

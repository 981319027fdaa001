"""Time and memory of one pair's daily covariates on archives of 1 to 100 million made-up rows.

Run by ``make bench`` up to ten million rows; ``--sizes 1000000 ... 100000000`` for all. Writes
archive.csv beside this file. Every size and program runs in a process of its own, so that the
peak memory is its own; pandas and Polars count the same documents of the same Parquet.
"""

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from tests.benchmarks.machine import write

HERE = Path(__file__).parent
SIZES = (1_000_000, 10_000_000)
#: Memory that a program may have before it counts as out of it.
LIMIT_GB = 12
COLUMNS = ["DATEADDED", "IsRootEvent", "Actor1CountryCode", "Actor2CountryCode", "unit"]


def ours(folder: str) -> int:
    """Count with DuckDB through Ibis, all switches at their defaults."""
    from analysis.archive import daily_covariates, read_archive

    table = daily_covariates(read_archive(folder, "parquet"), source="USA", target="PRK")
    return int(table["total"].sum())


def pandas(folder: str) -> int:
    """Count documents of all and of the pair with pandas, without the other switches."""
    rows = pd.read_parquet(f"{folder}/rows", columns=COLUMNS)
    rows = rows[rows["IsRootEvent"] == 1]
    pair = rows[(rows["Actor1CountryCode"] == "USA") & (rows["Actor2CountryCode"] == "PRK")]
    pair.groupby("DATEADDED")["unit"].nunique()
    return int(rows.groupby("DATEADDED")["unit"].nunique().sum())


def polars(folder: str) -> int:
    """Count the same with Polars' lazy frames."""
    import polars as pl

    rows = pl.scan_parquet(f"{folder}/rows/*/*.parquet").filter(pl.col("IsRootEvent") == 1)
    pair = rows.filter(pl.col("Actor1CountryCode") == "USA", pl.col("Actor2CountryCode") == "PRK")
    by_day = [
        each.group_by("DATEADDED").agg(pl.col("unit").n_unique()).collect(engine="streaming")
        for each in (pair, rows)
    ]
    return int(by_day[1]["unit"].sum())


PROGRAMS = {"ours": ours, "pandas": pandas, "polars": polars}


def peak_mb() -> int:
    """Return the peak memory of this program (``ru_maxrss`` would hold the parent's too)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) // 1024


def measure(program: str, folder: str) -> None:
    """Print seconds by the clock on the wall, the peak memory, and what was counted."""
    resource.setrlimit(resource.RLIMIT_DATA, (LIMIT_GB << 30, LIMIT_GB << 30))
    start = time.perf_counter()
    counted = PROGRAMS[program](folder)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": round(seconds, 2), "peak_mb": peak_mb(), "counted": counted}))


def run(program: str, folder: str, n_rows: int) -> dict[str, object]:
    """Measure a program in a process of its own."""
    command = [sys.executable, __file__, "--program", program, "--folder", folder]
    done = subprocess.run(command, capture_output=True, text=True)
    empty = {"seconds": None, "peak_mb": None, "counted": None}
    if "ModuleNotFoundError" in done.stderr:
        raise SystemExit(done.stderr)
    found = json.loads(done.stdout) if done.returncode == 0 else empty
    result = "done" if done.returncode == 0 else f"failed under {LIMIT_GB} GB"
    return {"program": program, "rows": n_rows, **found, "result": result}


def convert(n_rows: int) -> dict[str, object]:
    """Time the step from tab-separated files to Parquet."""
    from analysis.archive import to_parquet, write_archive

    with tempfile.TemporaryDirectory() as folder:
        period = {"start": "2012-01-01", "end": "2016-12-31"}
        files = write_archive(f"{folder}/files", "gdelt1", n_rows, **period)
        start = time.perf_counter()
        ledger = to_parquet(files, f"{folder}/out", "gdelt1", progress=False)
        seconds = round(time.perf_counter() - start, 2)
    counted = int(ledger["rows_read"].sum())
    return {"program": "to_parquet", "rows": n_rows, "seconds": seconds, "peak_mb": peak_mb(),
            "counted": counted, "result": "done"}  # fmt: skip


def main() -> None:
    """Run every size and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", choices=PROGRAMS)
    parser.add_argument("--folder", help="where an archive of one size lies")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--kept", type=Path, help="folder of archives named by their size")
    parser.add_argument("--converted", type=int, default=1_000_000)
    parser.add_argument("--out", type=Path, default=HERE / "archive.csv")
    given = parser.parse_args()
    if given.program:
        measure(given.program, given.folder)
        return
    rows = [convert(given.converted)]
    from analysis.archive import write_archive

    for n_rows in given.sizes:
        with tempfile.TemporaryDirectory() as aside:
            folder = given.kept / str(n_rows) if given.kept else Path(aside)
            if not (folder / "rows").exists():
                period = {"start": "2010-01-01", "end": "2025-12-31"}
                write_archive(folder, "parquet", n_rows, **period, threads=2)
            rows += [run(program, str(folder), n_rows) for program in PROGRAMS]
    table = pd.DataFrame(rows).sort_values(["program", "rows"], ignore_index=True)
    table["seconds_per_million"] = (table["seconds"] / table["rows"] * 1e6).round(3)
    write(given.out, table.to_dict("records"))


if __name__ == "__main__":
    main()

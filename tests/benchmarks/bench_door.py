"""Time and memory of the check at the door, of the readers, and of held claims.

Run by ``make bench``; writes door.csv beside this file. Each job runs in a process of its own, so
that the peak memory is its own. A count is timed without the check, on the first call, which
checks the table, and on the next, which sees that it is unchanged.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import check_counts, load_events, load_launches, load_published_counts
from analysis.counting import RULES, count, in_period, make_tally
from analysis.record.salvo import derive_salvos
from analysis.record.userfiles import read_events, read_launches
from tests.benchmarks.bench_counting import peak_mb, synthetic, timed
from tests.benchmarks.machine import write

HERE = Path(__file__).parent
PERIOD = pd.Timestamp("1984-01-01"), pd.Timestamp("2025-12-31")
DOOR = ("categories", "text", "text with launch_id")
LOAD = ("read_launches", "read_events", "derive_salvos", "check_counts")


def door(kind: str, n: int) -> list[dict[str, object]]:
    """Count n rows without the check, with it, and once more."""
    launches = synthetic(n)
    if kind != "categories":
        words = launches.select_dtypes("category").columns
        launches = launches.astype(dict.fromkeys(words, "str"))
    if kind.endswith("launch_id"):
        launches["launch_id"] = pd.Series(np.arange(n)).astype("str").str.zfill(8)
    before = peak_mb()
    rule = RULES["days"]
    base = min(timed(lambda: in_period(make_tally(launches, rule), PERIOD)) for _ in range(5))
    start, end = PERIOD
    first, following = [], []
    for _ in range(5):
        fresh = launches.copy(deep=False)
        first.append(timed(lambda f=fresh: count(f, rule, start=start, end=end)))
        following.append(timed(lambda f=fresh: count(f, rule, start=start, end=end)))
    calls = {"without the check": base, "first call": min(first), "next call": min(following)}
    return [
        {"job": f"count, {kind}", "call": call, "rows": n, "seconds": seconds,
         "ratio": seconds / base, "table_mb": before, "peak_mb": peak_mb()}
        for call, seconds in calls.items()
    ]  # fmt: skip


def load(name: str, n: int) -> list[dict[str, object]]:
    """Read, derive or hold n rows made of the record's own."""
    with tempfile.TemporaryDirectory() as folder:
        job = jobs(name, n, Path(folder) / "mine.csv")
        before = peak_mb()
        seconds = timed(job)
    return [{"job": name, "call": "", "rows": n, "seconds": seconds, "ratio": np.nan,
             "table_mb": before, "peak_mb": peak_mb()}]  # fmt: skip


def jobs(name: str, n: int, path: Path) -> Callable[[], object]:
    """Prepare a job; a file is written by a process of its own, whose memory does not count."""
    if name.startswith("read_"):
        kind = name.removeprefix("read_")
        subprocess.run(
            [sys.executable, __file__, "--write", kind, "--rows", str(n), "--out", path],
            check=True,
        )
        reader = {"launches": read_launches, "events": read_events}[kind]
        return lambda: reader(path)
    if name == "derive_salvos":
        rows = repeated(load_launches(), n)
        return lambda: derive_salvos(rows)
    rng = np.random.default_rng(1)
    known = load_published_counts()
    claims = known.iloc[rng.integers(len(known), size=n)].reset_index(drop=True)
    days = pd.Timedelta(days=1) * pd.Series(rng.integers(0, 5000, n))
    claims = claims.assign(as_of=pd.Timestamp("2012-12-31") + days, period_start=pd.NaT)
    claims = claims.assign(published=claims["as_of"], value=rng.integers(1, 90, n))
    launches = load_launches()
    return lambda: check_counts(claims, launches)


def repeated(table: pd.DataFrame, n: int) -> pd.DataFrame:
    """Repeat a table to n rows, each with a name of its own."""
    many = table.iloc[np.arange(n) % len(table)].reset_index(drop=True)
    return many.assign(**{many.columns[0]: [f"row-{i}" for i in range(n)]})


def main() -> None:
    """Run every job and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--job", help="measure this alone, print JSON")
    parser.add_argument("--write", help="write a table of this kind")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--out", type=Path, default=HERE / "door.csv")
    given = parser.parse_args()
    if given.write:
        table = {"launches": load_launches, "events": load_events}[given.write]()
        repeated(table, given.rows).to_csv(given.out, index=False)
        return
    if given.job:
        measure = door if given.job in DOOR else load
        print(json.dumps(measure(given.job, given.rows)))
        return
    rows: list[dict[str, object]] = []
    sizes = {**dict.fromkeys(DOOR, 10_000_000), **dict.fromkeys(LOAD, 1_000_000)}
    sizes["check_counts"] = 10_000
    for job, n in sizes.items():
        command = [sys.executable, __file__, "--job", job, "--rows", str(n)]
        run = subprocess.run(command, check=True, capture_output=True, text=True)
        rows += json.loads(run.stdout)
    write(given.out, rows)


if __name__ == "__main__":
    main()

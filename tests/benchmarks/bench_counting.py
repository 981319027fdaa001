"""Time and memory of counting on up to ten million synthetic launch rows.

Run by ``make bench``; writes counting.csv beside this file. Each size runs in a process of its
own, so that the peak memory is that of the size alone.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from tests.benchmarks.machine import write
from tests.toys import toy_launches

HERE = Path(__file__).parent
SIZES = (1_250_000, 2_500_000, 5_000_000, 10_000_000)
YEARS = range(1984, 2026)
PERIOD = {"start": "1984-01-01", "end": "2025-12-31"}
FAMILIES = ["ballistic", "space", "cruise", "air_defence", "rocket_artillery"]


def synthetic(n: int, seed: int = 1) -> pd.DataFrame:
    """Make n launch rows between 1984 and 2025, one in ten without an instant."""
    chance = np.random.default_rng(seed)
    first = np.datetime64("1984-01-01", "us")
    day = chance.integers(0, 15_340, n)
    minute = chance.integers(0, 1440, n)
    korean = first + day.astype("timedelta64[D]")
    instant = korean + (minute - 540).astype("timedelta64[m]")
    instant[chance.random(n) < 0.1] = np.datetime64("NaT")
    precision = np.where(chance.random(n) < 0.02, 1, 0)
    left_out = dict.fromkeys(("launch_id", "klass", "site", "outcome"))
    return toy_launches(
        korean,
        chance.integers(1, 9, n),
        launched_at=pd.Series(instant).dt.tz_localize("UTC"),
        date_precision=pd.Categorical.from_codes(precision, ["day", "month"]),
        missiles_exact=chance.random(n) < 0.9,
        family=pd.Categorical.from_codes(chance.integers(0, 5, n), FAMILIES),
        salvo_id=day * 24 + minute // 60,
        **left_out,
    )


def peak_mb() -> float:
    """Return the largest memory this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(job: Callable[[], object]) -> float:
    """Time one call by the processor's clock, which other work does not disturb."""
    start = time.process_time()
    job()
    return time.process_time() - start


def measure(n: int) -> list[dict[str, object]]:
    """Time each function on n rows."""
    from analysis.counting import counts, cumulative

    launches = synthetic(n)
    table = launches.memory_usage().sum() / 1e6
    jobs = {
        f"counts {rule} by {freq}": (lambda r=rule, f=freq: counts(launches, r, freq=f, **PERIOD))
        for rule, freq in (
            ("missiles", "day"), ("days", "month"), ("salvos", "year"), ("utc_days", "year")
        )
    } | {
        f"cumulative {rule}": (
            lambda r=rule: cumulative(launches, r, years=YEARS, as_of="2025-12-31")
        )
        for rule in ("missiles", "days", "salvos")
    }  # fmt: skip
    rows = []
    for name, job in jobs.items():
        rows.append({"job": name, "rows": n, "seconds": round(min(map(timed, [job] * 3)), 3),
                     "table_mb": round(table), "peak_mb": round(peak_mb())})  # fmt: skip
    return rows


def main() -> None:
    """Run every size and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, help="measure this size alone, print JSON")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--out", type=Path, default=HERE / "counting.csv")
    given = parser.parse_args()
    if given.rows:
        print(json.dumps(measure(given.rows)))
        return
    rows = []
    for n in given.sizes:
        run = subprocess.run(
            [sys.executable, __file__, "--rows", str(n)], check=True, capture_output=True, text=True
        )
        rows += json.loads(run.stdout)
    table = pd.DataFrame(rows).sort_values(["job", "rows"], ignore_index=True)
    # linear growth: seconds for a million rows stay the same
    table["seconds_per_million"] = table["seconds"] / table["rows"] * 1e6
    table["peak_mb_per_million"] = table["peak_mb"] / table["rows"] * 1e6
    write(given.out, table.to_dict("records"))


if __name__ == "__main__":
    main()

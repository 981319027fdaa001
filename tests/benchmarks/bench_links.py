"""How fast the links are computed, beside what is usually done and what others offer.

    python tests/benchmarks/bench_links.py

Writes links.csv beside this file. Peers: a pandas loop of redraws, scipy's permutation test, and
pyunicorn (skipped where it is not installed; --peer-python may name another interpreter that has
it).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from analysis.links import coincidence_rates, event_study, specification_curve
from analysis.links.adjustments import ADJUSTMENTS_TRIED
from analysis.links.nulls import shift_window
from analysis.record.load import load_events, load_launches
from analysis.series.pvalues import two_sided
from analysis.series.strata import Calendar, Days
from analysis.series.windows import cover
from tests.benchmarks.machine import write

HERE = Path(__file__).parent
N_DAYS, N_LAUNCHES, REDRAWS = 5_114, 1_000, 1_000
PEER = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np
from pyunicorn.eventseries import EventSeries
n, a, b, delta = json.loads(sys.argv[1])
rng = np.random.default_rng(0)
x, y = np.zeros(n, dtype=int), np.zeros(n, dtype=int)
x[rng.choice(n, a, replace=False)] = 1
y[rng.choice(n, b, replace=False)] = 1
start = time.perf_counter()
rates = EventSeries.event_coincidence_analysis(x, y, delta)
print(json.dumps([time.perf_counter() - start, [float(rate) for rate in rates]]))
"""


def best(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the shortest time of several, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def shift_null() -> list[dict]:
    """Time the exact shift null for 1,000 launches against two ways of drawing 1,000."""
    rng = np.random.default_rng(0)
    launched = np.zeros(N_DAYS)
    launched[rng.choice(N_DAYS, N_LAUNCHES, replace=False)] = 1.0
    starts = rng.choice(N_DAYS, 40, replace=False)
    window = cover(starts, starts + 14, N_DAYS)
    plain = np.zeros(N_DAYS, dtype=np.int64)
    days = Days(launched, Calendar(plain, plain, pd.date_range("2012-01-01", periods=N_DAYS)))
    shift_window(days.scores, window)
    ours = best(lambda: two_sided(shift_window(days.scores, window).statistic), 200)
    dates = pd.date_range("2012-01-01", periods=N_DAYS)
    near = pd.Series(window > 0, index=dates)

    def pandas_loop() -> list:
        """Redraw launch dates and count them in the windows, 1,000 times."""
        sums = []
        for seed in range(REDRAWS):
            drawn = pd.Series(dates).sample(N_LAUNCHES, random_state=seed)
            sums.append(int(near.loc[drawn].sum()))
        return sums

    def permutation() -> object:
        """Permute which days are launch days, 1,000 times."""
        return stats.permutation_test(
            (launched, window), lambda x, y, axis=-1: (x * y).sum(axis=axis),
            permutation_type="pairings", n_resamples=REDRAWS, vectorized=True, rng=0,
        )  # fmt: skip

    loop, scipy_time = best(pandas_loop, 1), best(permutation, 2)
    task = f"null of a window statistic, {N_LAUNCHES} launches, {N_DAYS} days"
    return [
        row(task, "all circular shifts (exact)", ours, None),
        row(task, f"pandas loop of {REDRAWS} redraws", loop, loop / ours, 1000),
        row(task, f"scipy permutation_test, {REDRAWS} draws", scipy_time, scipy_time / ours, 100),
    ]


def row(
    task: str, tool: str, seconds: float, ratio: float | None, at_least: float | None = None,
    at_most: float | None = None, memory: float | None = None,
) -> dict:  # fmt: skip
    """Return one line of the table."""
    return {
        "task": task,
        "tool": tool,
        "seconds": seconds,
        "times_slower_than_ours": ratio,
        "required_ratio": at_least,
        "allowed_seconds": at_most,
        "peak_mib": memory,
    }


def coincidences(peer_python: str) -> list[dict]:
    """Time coincidence rates beside pyunicorn, and at a size it cannot hold."""
    n, a, b, delta = 200_000, 10_000, 2_000, 7
    rng = np.random.default_rng(0)
    x = np.sort(rng.choice(n, a, replace=False))
    y = np.sort(rng.choice(n, b, replace=False))
    ours = best(lambda: coincidence_rates(x, y, delta=delta, edges="drop"), 50)
    task = f"coincidence rates, {a:,} x {b:,}"
    rows = [row(task, "coincidence_rates", ours, None)]
    peer = run_peer(peer_python, [n, a, b, delta])
    if peer is not None:
        seconds, rates = peer
        mine = coincidence_rates(x, y, delta=delta, edges="drop")
        if not np.allclose(mine, rates, atol=1e-6):
            raise SystemExit(f"pyunicorn gives other rates: {rates} against {mine}")
        rows.append(row(task, "pyunicorn", seconds, seconds / ours, 1000))
    x, y = (np.sort(rng.integers(0, 10**8, size)) for size in (1_000_000, 200_000))
    work = lambda: coincidence_rates(x, y, delta=100)  # noqa: E731
    seconds = best(work)
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1] / 2**20 + (x.nbytes + y.nbytes) / 2**20
    tracemalloc.stop()
    big = row("coincidence rates, 1,000,000 x 200,000", "coincidence_rates", seconds, None,
              at_most=0.3, memory=peak)  # fmt: skip
    return [*rows, big]


def run_peer(python: str, sizes: list[int]) -> tuple[float, list[float]] | None:
    """Return pyunicorn's time and rates, or None where it is not installed."""
    found = subprocess.run(
        [python, "-c", PEER, json.dumps(sizes)], capture_output=True, text=True, check=False
    )
    if found.returncode:
        print("pyunicorn left out:", found.stderr.strip().splitlines()[-1:])
        return None
    seconds, rates = json.loads(found.stdout.strip().splitlines()[-1])
    return seconds, rates


def whole_calls(n_jobs: int, specifications: int) -> list[dict]:
    """Time whole calls on the record."""
    launches, events = load_launches(), load_events("drill")
    study = lambda: event_study(launches, events, "days", by="kind", end="2025-12-31")  # noqa: E731
    groups = len(study())
    per_group = best(study, 20) / groups
    alone = events[events["kind"] == "combined_command_post"]
    single = best(lambda: event_study(launches, alone, "days", end="2025-12-31"), 20)
    rows = [
        row(f"event_study on the record, a group of {groups}", "event_study", per_group, None,
            at_most=0.025),
        row("event_study on the record, one group alone", "event_study", single, None,
            at_most=0.025),
    ]  # fmt: skip
    windows = [(first, first + width) for first in range(-30, 31) for width in range(1, 50)]
    per_window = 3 * len(ADJUSTMENTS_TRIED) * 4
    tried = windows[: specifications // per_window + 1]
    options = {
        "rules": ["days", "cns", "csis"],
        "windows": tried,
        "periods": [("2012-01-01", "2025-12-31"), ("2014-01-01", "2025-12-31"),
                    ("2012-01-01", "2022-12-31"), ("2012-01-01", "2019-12-31")],
        "sets": {"sourced": events.query("confidence == 'sourced' and precision == 'day'")},
        "progress": False,
    }  # fmt: skip
    start = time.perf_counter()
    curve = specification_curve(launches, events, n_jobs=n_jobs, **options)
    seconds = time.perf_counter() - start
    task = f"{len(curve):,} specifications with seven adjustments, {n_jobs} processes"
    allowed = 60.0 * len(curve) / 10_000
    return [*rows, row(task, "specification_curve", seconds, None, at_most=allowed)]


def main() -> int:
    """Measure and write the table; fail if a requirement is not met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer-python", default=sys.executable)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--specifications", type=int, default=10_000)
    parser.add_argument("--out", type=Path, default=HERE / "links.csv")
    given = parser.parse_args()
    rows = [
        *shift_null(),
        *coincidences(given.peer_python),
        *whole_calls(given.jobs, given.specifications),
    ]
    table = pd.DataFrame(rows)
    late = table["seconds"] > table["allowed_seconds"]
    slow = table["times_slower_than_ours"] < table["required_ratio"]
    table["met"] = ~(late | slow)
    write(given.out, table.to_dict("records"))
    return int(not table["met"].all())


if __name__ == "__main__":
    sys.exit(main())

"""Time the fit of a self-exciting process beside hawkesbook, which compiles; then growth.

Run by `make bench`. hawkesbook is left out of the table where it is not installed.
"""

from __future__ import annotations

import argparse
import importlib
import time
from collections.abc import Callable
from pathlib import Path

import machine
import numpy as np

from analysis.excitation.hawkes import fit_hawkes, hawkes_log_likelihood, simulate_hawkes

HERE = Path(__file__).parent
BASELINE, BRANCHING, DECAY = 1.0, 0.5, 2.0
SIZES = (100_000, 300_000, 1_000_000)
PEER_SIZE = 100_000
MOST_TIMES_SLOWER = 3.0


def best_of(job: Callable[[], object], repeats: int) -> float:
    """Return the shortest of several times, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return min(times)


def peer() -> object:
    """Return hawkesbook, or None."""
    try:
        return importlib.import_module("hawkesbook")
    except ModuleNotFoundError:
        return None


def measure(size: int, repeats: int) -> list[dict[str, object]]:
    """Time likelihood and fit on about `size` events."""
    end = size * (1 - BRANCHING) / BASELINE
    times = simulate_hawkes(BASELINE, BRANCHING, DECAY, end=end, seed=1)
    rows: list[dict[str, object]] = []

    def add(job: str, who: str, seconds: float, height: float) -> None:
        rows.append({"job": job, "who": who, "events": len(times), "seconds": seconds,
                     "seconds_per_million": seconds / len(times) * 1e6,
                     "log_likelihood": f"{height:.3f}"})  # fmt: skip

    def likelihood() -> float:
        return hawkes_log_likelihood(times, BASELINE, BRANCHING, DECAY, end=end)

    add("likelihood", "analysis", best_of(likelihood, repeats), likelihood())
    fitted = fit_hawkes(times, end=end)
    seconds = best_of(lambda: fit_hawkes(times, end=end), repeats)
    add("fit", "analysis", seconds, fitted["log_likelihood"].iloc[0])
    book = peer() if size == PEER_SIZE else None
    if book is not None:
        theta = np.array([BASELINE, BRANCHING * DECAY, DECAY])
        height = book.exp_log_likelihood(times, end, theta)  # compiles on the first call
        theirs = best_of(lambda: book.exp_log_likelihood(times, end, theta), repeats)
        add("likelihood", "hawkesbook", theirs, height)
        found = book.exp_mle(times, end)
        theirs = best_of(lambda: book.exp_mle(times, end), repeats)
        add("fit", "hawkesbook", theirs, book.exp_log_likelihood(times, end, found))
        rows[1]["times_peer"] = seconds / theirs
    return rows


def main() -> int:
    """Write the table; fail if the fit is too slow beside the peer or growth is not linear."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path, default=HERE / "hawkes.csv")
    given = parser.parse_args()
    rows = [row for size in given.sizes for row in measure(size, given.repeats)]
    machine.write(given.out, rows)
    slow = [row["times_peer"] for row in rows if row.get("times_peer", 0) > MOST_TIMES_SLOWER]
    own = [row for row in rows if (row["job"], row["who"]) == ("fit", "analysis")]
    growth = own[-1]["seconds_per_million"] / own[0]["seconds_per_million"]
    print(f"seconds an event, largest size over smallest: {growth:.2f}")
    return int(bool(slow) or growth > 2)


if __name__ == "__main__":
    raise SystemExit(main())

"""Time Poisson segmentation beside skchange, on the same series in one run.

Run by ``make bench``; writes frequency.csv beside this file. skchange compiles its cost and
runs pruned dynamic programming (PELT); both must find the same breaks.
"""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from skchange.detectors import PELT
from skchange.interval_scorers import PoissonCost

from analysis.segmentation import optimal_breaks
from tests.benchmarks.machine import write

HERE = Path(__file__).parent
BINS = 10_000
ROUNDS = 10


def series(seed: int = 1) -> dict[str, np.ndarray]:
    """Make count series of one length and four characters."""
    rng = np.random.default_rng(seed)
    return {
        "a change every 200 bins": rng.poisson(np.repeat(rng.uniform(1, 8, BINS // 200), 200)),
        "ten segments": rng.poisson(np.repeat(rng.uniform(1, 8, 10), BINS // 10)),
        "no change": rng.poisson(3.0, BINS),
        "sparse, like launch days": rng.poisson(np.repeat(rng.uniform(0.01, 0.1, 10), BINS // 10)),
    }


def timed(job: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    """Time one call by the processor's clock, which other work disturbs least."""
    begin = time.process_time()
    found = job()
    return time.process_time() - begin, found


def race(
    ours: Callable[[], np.ndarray], theirs: Callable[[], np.ndarray]
) -> tuple[float, float, np.ndarray, np.ndarray]:
    """Run both in turn; return the shortest time of each, and what each found."""
    rounds = [(timed(ours), timed(theirs)) for _ in range(ROUNDS)]
    fast, slow = (min(each[side][0] for each in rounds) for side in (0, 1))
    return fast, slow, rounds[0][0][1], rounds[0][1][1]


def main() -> None:
    """Time both on every series."""
    penalty = float(np.log(BINS))
    rows = []
    for name, counts in series().items():
        column = counts.reshape(-1, 1)
        # skchange's cost is twice the negative log-likelihood
        detector = PELT(PoissonCost(), penalty=2 * penalty).fit(column)
        ours, theirs, found, breaks = race(
            lambda c=counts: optimal_breaks(c, penalty=penalty),
            lambda d=detector, c=column: d.predict_all(c)["changepoints"],
        )
        rows.append(
            {
                "series": name,
                "bins": BINS,
                "breaks": len(found),
                "same_breaks": bool(np.array_equal(found, breaks)),
                "seconds": ours,
                "skchange_seconds": theirs,
                "times_faster": theirs / ours,
            }
        )
    write(HERE / "frequency.csv", rows)


if __name__ == "__main__":
    main()

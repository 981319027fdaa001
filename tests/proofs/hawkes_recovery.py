"""Whether the intervals of the self-exciting model cover known parameters.

    python tests/proofs/hawkes_recovery.py --histories 500 --out figures/proof-hawkes-recovery.csv
    python tests/proofs/hawkes_recovery.py --check

Histories are launch days of 14 years whose baseline differs by era, about 200 on average. The
share of histories whose 95 % interval holds the truth must lie between .92 and .98.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from tqdm.auto import tqdm

from analysis.frequency.self_exciting import (
    cutoff,
    fit,
    make_series,
    maximise,
    simulate_launch_days,
)

SEED = 20260822
TABLE = Path("figures/proof-hawkes-recovery.csv")
N_DAYS = 5114  # 2012-2025
EDGES = (1846, 3307, 4768)  # new presidents in Washington
WEIGHTS = (1.0, 0.75, 2.3, 1.9)  # baselines of the eras, in proportion, as in the record
LAUNCH_DAYS = 200
LEVEL = 0.95
ALLOWED = (0.92, 0.98)
#: Branching ratio and decay a day; the last is near the fit to the record.
WORLDS = {
    "weak": (0.3, 0.15),
    "strong": (0.6, 0.15),
    "record": (0.5, 0.05),
}
ESTIMATORS = ("branching_ratio", "decay_per_day", "baseline_first_era", "baseline_third_era")
ERAS = np.searchsorted(EDGES, np.arange(N_DAYS), side="right")


def baselines(branching: float) -> np.ndarray:
    """Return the baseline of each era, a day."""
    weights = np.array(WEIGHTS)
    return weights / weights[ERAS].mean() * LAUNCH_DAYS * (1 - branching) / N_DAYS


def settings(world: str) -> str:
    """Describe a world in a cell of the table."""
    branching, decay = WORLDS[world]
    eras = " ".join(f"{value * 365.25:.2f}" for value in baselines(branching))
    return (
        f"{N_DAYS} days; branching {branching}; decay {decay} a day; "
        f"baseline {eras} launch days a year"
    )


def covers(mask: np.ndarray, world: str) -> list[bool]:
    """Say for each estimator whether its interval holds the truth.

    An interval is made of the values whose profile likelihood is high enough; so it holds the
    truth if the likelihood there is (tests/test_frequency_hawkes.py holds the two together).
    """
    branching, decay = WORLDS[world]
    truth = baselines(branching)
    series = make_series(mask, ERAS)
    best = fit(series).loglik
    held = [
        fit(series, branching=branching).loglik,
        float(maximise(series, np.array([decay])).loglik[0]),
        fit(series, held=(0, truth[0])).loglik,
        fit(series, held=(2, truth[2])).loglik,
    ]
    return [best - height <= cutoff(LEVEL) for height in held]


def one_block(world: str, seed: int, block: int, size: int) -> np.ndarray:
    """Return which intervals hold the truth, one row a history."""
    branching, decay = WORLDS[world]
    rng = np.random.default_rng([seed, list(WORLDS).index(world), block])
    drawn = simulate_launch_days(baselines(branching)[ERAS], branching, decay, size=size, seed=rng)
    return np.array([covers(mask, world) for mask in drawn])


def run(histories: int, seed: int, n_jobs: int) -> pd.DataFrame:
    """Return the table of coverage."""
    size = min(25, histories)
    blocks = -(-histories // size)
    tasks = [(world, seed, block, size) for world in WORLDS for block in range(blocks)]
    done = Parallel(n_jobs=n_jobs, return_as="generator")(delayed(one_block)(*t) for t in tasks)
    held = list(tqdm(done, total=len(tasks)))
    rows = []
    for place, world in enumerate(WORLDS):
        found = np.vstack(held[place * blocks : (place + 1) * blocks])
        for estimator, column in zip(ESTIMATORS, found.T, strict=True):
            rows.append(
                {
                    "estimator": estimator,
                    "world": world,
                    "settings": settings(world),
                    "n_series": len(column),
                    "seed": seed,
                    "coverage": round(float(column.mean()), 4),
                    "low": ALLOWED[0],
                    "high": ALLOWED[1],
                    "nominal": LEVEL,
                }
            )
    return pd.DataFrame(rows)


def differing(committed: pd.DataFrame, fresh: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that differ from the committed ones by more than chance allows."""
    both = committed.merge(fresh, on=["estimator", "world", "settings"], suffixes=("", "_fresh"))
    if not len(both) == len(committed) == len(fresh):
        raise SystemExit("the committed table has other rows than the code: run make proofs")
    sizes, again = both["n_series"], both["n_series_fresh"]
    pooled = both["coverage"] * sizes + both["coverage_fresh"] * again + 1
    pooled /= sizes + again + 2
    width = np.sqrt(pooled * (1 - pooled) * (1 / sizes + 1 / again))
    return both[(both["coverage"] - both["coverage_fresh"]).abs() > 4 * width + 0.01]


def main() -> int:
    """Write the table, or check a small part of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--histories", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=TABLE)
    parser.add_argument("--check", type=Path, nargs="?", const=TABLE, help="the committed table")
    given = parser.parse_args()
    histories = given.histories or (50 if given.check else 500)
    seed = given.seed if given.seed is not None else SEED + bool(given.check)
    table = run(histories, seed, given.jobs)
    print(table.drop(columns="settings").to_string(index=False))
    if given.check:
        bad = differing(pd.read_csv(given.check), table)
    else:
        table.to_csv(given.out, index=False, lineterminator="\n")
        bad = table[(table["coverage"] < table["low"]) | (table["coverage"] > table["high"])]
    if len(bad):
        print(f"out of bounds:\n{bad[['estimator', 'world', 'coverage']].to_string()}")
    return int(len(bad) > 0)


if __name__ == "__main__":
    sys.exit(main())

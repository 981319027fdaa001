"""Whether the intervals of the self-exciting model cover known parameters.

    python tests/proofs/hawkes_recovery.py --histories 500
    python tests/proofs/hawkes_recovery.py --check

Histories are launch days of 14 years whose baseline differs by era or year, about 200. The
share of histories whose 95 % interval holds the truth must lie between .92 and .98.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from tqdm.auto import tqdm

from analysis.excitation.likelihood import baseline_profile, cutoff, fit_adjusted, make_series
from analysis.excitation.simulate import simulate_launch_days

SEED = 20260822
TABLE = Path("data/processed/proofs/hawkes_recovery.csv")
N_DAYS = 5114  # 2012-2025
LAUNCH_DAYS = 200
LEVEL = 0.95
ALLOWED = (0.92, 0.98)
ESTIMATORS = ("branching_ratio", "decay_per_day", "baseline")
#: First days of new presidents in Washington, and baselines in proportion, as in the record.
ERAS = ((0, 1846, 3307, 4768), (1.0, 0.75, 2.3, 1.9))
#: Years, and baselines in proportion as the record has them where each year has its own.
YEARS = (
    tuple(range(0, N_DAYS, 366)),
    (4.7, 3.3, 7.7, 8.1, 13.0, 13.8, 0.5, 10.0, 4.0, 5.3, 28.6, 19.0, 15.0, 10.5),
)


class World(NamedTuple):
    """Known parameters."""

    branching: float
    decay: float  # a day
    pieces: tuple[tuple[int, ...], tuple[float, ...]]
    judged: int  # the piece whose baseline is looked at

    @property
    def piece(self) -> np.ndarray:
        """Piece of the baseline of each day."""
        return np.searchsorted(self.pieces[0], np.arange(N_DAYS), side="right") - 1

    @property
    def baselines(self) -> np.ndarray:
        """Baseline of each piece, a day."""
        weights = np.array(self.pieces[1])
        own = LAUNCH_DAYS * (1 - self.branching) / N_DAYS
        return weights / weights[self.piece].mean() * own

    def describe(self) -> str:
        """Describe the world in a cell of the table."""
        rates = " ".join(f"{value * 365.25:.1f}" for value in self.baselines)
        return (
            f"{N_DAYS} days; branching {self.branching}; decay {self.decay} a day; "
            f"baselines {rates} launch days a year"
        )


WORLDS = {
    "weak": World(0.3, 0.15, ERAS, 2),
    "strong": World(0.6, 0.15, ERAS, 0),
    "record": World(0.55, 0.045, ERAS, 2),  # near the fit with baselines by leaders
    "record by year": World(0.35, 0.09, YEARS, 5),  # near the fit with a baseline a year
}


def covers(mask: np.ndarray, world: World) -> list[bool]:
    """Say for each estimator whether its interval holds the truth.

    An interval holds the values whose profile likelihood is high enough, so that is looked up
    at the truth; tests/test_excitation.py holds it against the ends of the intervals.
    """
    series = make_series(mask, world.piece)
    best = fit_adjusted(series)
    cut = cutoff(LEVEL)
    held = fit_adjusted(series, branching=world.branching).loglik
    by_decay = fit_adjusted(series, decay=world.decay).loglik
    fall, _ = baseline_profile(series, best, world.judged)
    own = fall(float(np.log(world.baselines[world.judged])))
    return [best.loglik - held <= cut, best.loglik - by_decay <= cut, own <= cut]


def one_block(name: str, seed: int, block: int, size: int) -> np.ndarray:
    """Return which intervals hold the truth, one row a history."""
    world = WORLDS[name]
    rng = np.random.default_rng([seed, list(WORLDS).index(name), block])
    drawn = simulate_launch_days(
        world.baselines[world.piece], world.branching, world.decay, size=size, seed=rng
    )
    return np.array([covers(mask, world) for mask in drawn])


def run(histories: int, seed: int, n_jobs: int) -> pd.DataFrame:
    """Return the table of coverage."""
    size = min(10, histories)
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
                    "settings": WORLDS[world].describe(),
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
    histories = given.histories or (40 if given.check else 500)
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

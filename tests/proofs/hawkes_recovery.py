"""Whether the intervals of the self-exciting model cover known parameters.

    python -m tests.proofs hawkes_recovery [--check]

Histories are launch days of 14 years whose baseline differs by era or year, about 200. The
share of histories whose 95 % interval holds the truth must lie between .92 and .98.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.excitation.likelihood import baseline_profile, cutoff, fit_adjusted, make_series
from analysis.excitation.simulate import simulate_launch_days
from analysis.extras.parallel import in_parallel
from tests.proofs.proof import Proof, Tables, beside, name_rows, shares_differ

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
    held = in_parallel(one_block, tasks, n_jobs=n_jobs)
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


def make(histories: int, seed: int, n_jobs: int) -> Tables:
    """Return the table of coverage."""
    return [run(histories, seed, n_jobs)]


def faults(table: pd.DataFrame) -> list[str]:
    """Return the rows whose coverage leaves its bounds."""
    out = (table["coverage"] < table["low"]) | (table["coverage"] > table["high"])
    return name_rows(table[out], "estimator", "world", "coverage")


def check(committed: Tables, histories: int, seed: int, n_jobs: int) -> list[str]:
    """Return the rows that differ from the committed ones by more than chance allows."""
    keys = ["estimator", "world", "settings"]
    both = beside(committed[0], run(histories, seed, n_jobs), keys)
    return name_rows(both[shares_differ(both, "coverage", "n_series")], "estimator", "world")


PROOF = Proof(("hawkes_recovery",), make, check, faults, (500, 40), of_record=False)


if __name__ == "__main__":
    from tests.proofs.runner import main

    sys.exit(main(["hawkes_recovery"]))

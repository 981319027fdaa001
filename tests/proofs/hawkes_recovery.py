"""Whether the intervals of the self-exciting model hold known parameters, from a ratio of 0 up.

    python -m tests.proofs hawkes_recovery [--check]

Histories are launch days of 14 years, about 200, whose background is steady, differs by pair of
leaders or by year, or follows month, era and year. At each ratio the share of histories whose 95 %
interval holds it must lie between .92 and .98, of the decay the share over all ratios of a
baseline, but for what chance explains.
Beside it the share where the rates of the pieces are free, as plain profile likelihood has them.
Intervals of the decay are looked at where it means something, at a ratio of .3 or more.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from analysis.excitation.baselines import BASELINES, OFFICES, Baseline, make_baseline
from analysis.excitation.fit import NONE, Fit, search
from analysis.excitation.profile import cutoff, cutoff_at_none
from analysis.excitation.simulate import simulate_launch_days
from analysis.extras.parallel import in_parallel
from analysis.series.days import year_code
from analysis.series.eras import era_codes
from tests.proofs.proof import Proof, Tables, beside, name_rows, shares_differ

DAYS = pd.date_range("2012-01-01", "2025-12-31")
LAUNCH_DAYS = 200
LEVEL = 0.95
ALLOWED = (0.92, 0.98)
RATIOS = (0.0, 0.1, 0.3, 0.6)
DECAY = 0.1  # a day, near the record's
ESTIMATORS = ("branching_ratio", "decay_per_day")
#: Rates in proportion, as the record has them by year, and near it by pair of leaders and month.
YEARS = (4.7, 3.3, 7.7, 8.1, 13.0, 13.8, 0.5, 10.0, 4.0, 5.3, 28.6, 19.0, 15.0, 10.5)
ERAS = (1.0, 0.75, 2.3, 1.9)
MONTHS = (0.7, 0.7, 1.2, 1.2, 1.4, 1.0, 1.2, 1.0, 1.2, 1.0, 0.9, 0.5)
WORLDS = [(baseline, ratio) for baseline in BASELINES for ratio in RATIOS]
BLOCK = 10


def background(baseline: str, ratio: float) -> np.ndarray:
    """Return the background of each day, so that about `LAUNCH_DAYS` come with excitation."""
    by_year = np.array(YEARS)[year_code(DAYS)]
    shape = {
        "constant": np.ones(len(DAYS)),
        "eras": np.array(ERAS)[era_codes(DAYS, OFFICES)],
        "years": by_year,
        "calendar": by_year * np.array(MONTHS)[DAYS.month - 1],
    }[baseline]
    return shape / shape.mean() * LAUNCH_DAYS * (1 - ratio) / len(DAYS)


def below_maximum(base: Baseline, ratio: float) -> list[float]:
    """Return how far the truth lies below the largest log-likelihood.

    In the ratio, in the decay, and in the ratio where rates are free. An interval holds the values
    whose profile likelihood is high enough, so that is looked up at the truth;
    tests/test_excitation.py holds it against the ends of the intervals.
    """
    model = base.model
    true = {model.branching: np.log(ratio) if ratio else NONE}
    if not ratio:
        true[model.decay] = 0.0
    best, loose = base.fit(), base.fit_loose()
    plain = _held_loose(base, true).log_likelihood
    by_decay = base.fit(held={model.decay: np.log(DECAY)}).integrated if ratio >= 0.3 else -np.inf
    return [
        best.integrated - base.fit(held=true).integrated,
        best.integrated - by_decay,
        loose.log_likelihood - plain,
    ]


def _held_loose(base: Baseline, true: Mapping[int, float]) -> Fit:
    return search(base.loose, held=true, half_lives=base.half_lives)


def one_block(baseline: str, ratio: float, seed: int, block: int, size: int) -> np.ndarray:
    """Return how far the truth lies below the maximum, one row a history."""
    rng = np.random.default_rng([seed, WORLDS.index((baseline, ratio)), block])
    drawn = simulate_launch_days(background(baseline, ratio), ratio, DECAY, size=size, seed=rng)
    base = make_baseline(DAYS, drawn[0], baseline)
    return np.array([below_maximum(base.with_days(launched), ratio) for launched in drawn])


def run(histories: int, seed: int, n_jobs: int) -> pd.DataFrame:
    """Return the table of coverage."""
    size = min(BLOCK, histories)
    blocks = -(-histories // size)
    tasks = [(*world, seed, block, size) for world in WORLDS for block in range(blocks)]
    below = in_parallel(one_block, tasks, n_jobs=n_jobs)
    rows = []
    for place, (baseline, ratio) in enumerate(WORLDS):
        cut = cutoff(LEVEL) if ratio else cutoff_at_none(LEVEL)
        cuts = [cut, cutoff(LEVEL), stats.chi2.ppf(LEVEL, 1) / 2]
        found = np.vstack(below[place * blocks : (place + 1) * blocks]) <= cuts
        for estimator, column in zip(ESTIMATORS, found.T, strict=False):
            if estimator == "decay_per_day" and ratio < 0.3:
                continue
            rows.append(
                {
                    "estimator": estimator,
                    "world": f"{baseline}, ratio {ratio:g}",
                    "settings": f"{len(DAYS)} days, {LAUNCH_DAYS} launch days; decay {DECAY} a day",
                    "n_series": len(column),
                    "seed": seed,
                    "coverage": round(float(column.mean()), 4),
                    "low": ALLOWED[0],
                    "high": ALLOWED[1],
                    "nominal": LEVEL,
                    "coverage_if_free": round(float(found[:, 2].mean()), 4)
                    if estimator == "branching_ratio"
                    else np.nan,
                }
            )
    return pd.DataFrame(rows)


def make(histories: int, seed: int, n_jobs: int) -> Tables:
    """Return the table of coverage."""
    return [run(histories, seed, n_jobs)]


def faults(table: pd.DataFrame) -> list[str]:
    """Return what is held less or more often than allowed by more than chance."""
    by_ratio = table["estimator"] == "branching_ratio"
    sums = table.assign(world=table["world"].where(by_ratio, table["world"].str.partition(",")[0]))
    sums["held"] = sums["coverage"] * sums["n_series"]
    sums = sums.groupby(["estimator", "world"])[["held", "n_series"]].sum().reset_index()
    sums["coverage"] = sums["held"] / sums["n_series"]
    chance = np.sqrt(LEVEL * (1 - LEVEL) / sums["n_series"])
    out = ~sums["coverage"].between(ALLOWED[0] - chance, ALLOWED[1] + chance)
    return name_rows(sums[out], "estimator", "world", "coverage")


def check(committed: Tables, histories: int, seed: int, n_jobs: int) -> list[str]:
    """Return the rows that differ from the committed ones by more than chance allows."""
    keys = ["estimator", "world", "settings"]
    both = beside(committed[0], run(histories, seed, n_jobs), keys)
    return name_rows(both[shares_differ(both, "coverage", "n_series")], "estimator", "world")


PROOF = Proof(("hawkes_recovery",), make, check, faults, (160, 4), of_record=False)


if __name__ == "__main__":
    from tests.proofs.runner import main

    sys.exit(main(["hawkes_recovery"]))

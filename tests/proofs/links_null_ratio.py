"""How often the ratio that belongs to the null holds the truth where strata of month and era fail.

    python -m tests.proofs links_null_ratio [--check]

Events fixed in the calendar, with and without a season inside the month, and events that answer
launches; the null is the one that the rules give such events. Where that is the regression, no
ratio other than 1 is planted: its ratio is of another kind (``links_regression``).
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from analysis.extras.parallel import in_parallel
from analysis.links.by_null import baselines, null_ratio
from analysis.links.design import Design, Layout
from analysis.links.effect import measure
from analysis.links.nulls import shift_window
from analysis.series.strata import Days
from analysis.series.windows import cover
from tests.proofs.links_size import TRUTHS, calendar
from tests.proofs.proof import Proof, Tables, beside, name_rows, shares_differ
from tests.proofs.support.worlds import N_DAYS, WORLDS, Settings, history, plant

NULLS = {
    "season_in_month": "years_permuted",
    "seasonal": "years_permuted",
    "answering": "given_recent_launches",
}
CASES = [
    (world, null, truth, how)
    for world, null in NULLS.items()
    for truth, how in TRUTHS
    if truth == 1 or null == "years_permuted"
]
KEYS = ["world", "null", "true_ratio", "planted", "estimator"]
BY_NULL = "the null's ratio"
#: Shares between which a 95 % interval must hold the truth.
BOUNDS = (0.92, 0.98)


def one_history(
    world: str, null: str, truth: float, how: str, seed: int, number: int
) -> list[tuple[str, float, bool]]:
    """Return each ratio, and whether its interval holds the truth."""
    rng = np.random.default_rng([seed, list(WORLDS).index(world), number])
    launches, second, starts = history(world, rng, Settings())
    window = cover(starts, starts + Settings().window_last, N_DAYS)
    days = Days(plant(launches, second, window, truth, how, rng), calendar(world))
    effect = measure(days, shift_window(days.scores, window))
    shared = baselines(Layout(Design(), days, [(0, 14)], []))
    own = null_ratio(shared, null, window, effect)
    return [
        ("ratio by strata", effect.rate_ratio, effect.low <= truth <= effect.high),
        (BY_NULL, own.null_ratio, own.null_low <= truth <= own.null_high),
    ]


def make(histories: int, seed: int, n_jobs: int) -> Tables:
    """Return the share of histories in which each interval holds the truth."""
    tasks = [(*case, seed, number) for case in CASES for number in range(histories)]
    done = in_parallel(one_history, tasks, n_jobs=n_jobs)
    rows = [
        (*task[:4], *answer)
        for task, answers in zip(tasks, done, strict=True)
        for answer in answers
    ]
    frame = pd.DataFrame(rows, columns=[*KEYS, "rate_ratio", "share"])
    found = frame.groupby(KEYS, sort=False)
    table = found["share"].agg(["mean", "size"]).reset_index()
    table.columns = pd.Index([*KEYS, "share", "n_histories"])
    table["median_ratio"] = found["rate_ratio"].median().to_numpy()
    ours = table["estimator"] == BY_NULL
    for name, bound in zip(("allowed_low", "allowed_high"), BOUNDS, strict=True):
        table[name] = np.where(ours, bound, np.nan)
    return [table.assign(seed=seed).round(4)]


def faults(table: pd.DataFrame) -> list[str]:
    """Return the intervals that hold the truth too rarely or too often."""
    low, high = table["allowed_low"], table["allowed_high"]
    return name_rows(table[(table["share"] < low) | (table["share"] > high)], *KEYS, "share")


def check(committed: Tables, histories: int, seed: int, n_jobs: int) -> list[str]:
    """Return the shares that differ from the committed ones by more than chance allows."""
    both = beside(committed[0], make(histories, seed, n_jobs)[0], KEYS)
    return name_rows(both[shares_differ(both, "share", "n_histories")], *KEYS, "share")


PROOF = Proof(("links_null_ratio",), make, check, faults, histories=(500, 15), of_record=False)


if __name__ == "__main__":
    from tests.proofs.runner import main

    sys.exit(main(["links_null_ratio"]))

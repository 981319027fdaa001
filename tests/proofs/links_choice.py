"""Which statistic finds most links: power and size of each, where an event changes new launches.

    python -m tests.proofs links_choice [--check]

The link multiplies the rate of new launches inside the windows, whose bursts then follow as ever.
The default statistic was chosen from this table before any of them was run on the record.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.extras.parallel import in_parallel
from analysis.links.nulls import STATISTICS, null_values
from analysis.series.pvalues import tail_shares
from analysis.series.strata import Days
from analysis.series.windows import cover
from tests.proofs.links_size import calendar
from tests.proofs.proof import Proof, Tables, beside, name_rows, shares_differ
from tests.proofs.support.worlds import N_DAYS, Settings, history, marks, points, rates

CHOICES = [
    (world, events, ratio)
    for world in ("bursty", "clustered")
    for events in (15, 40, 100)
    for ratio in (0.0, 0.25, 1.0, 2.0, 3.0)
]
ALPHA = 0.05


def one_history(world: str, events: int, ratio: float, seed: int, number: int) -> list[list[bool]]:
    """Say for each statistic whether it finds more launches, and whether fewer."""
    settings = replace(Settings(), events=events)
    rng = np.random.default_rng([seed, events, int(100 * ratio), number])
    _, _, starts = history(world, rng, settings)
    window = cover(starts, starts + settings.window_last, N_DAYS)
    usual = rates(world, rng, settings)[0]
    changed = usual * np.where(window > 0, ratio, 1.0)
    n = settings.launches * changed.sum() / usual.sum()
    drawn = marks(points(rng, changed, n, settings.branching, settings.decay))
    days = Days(drawn, calendar(world))
    found = []
    for statistic in STATISTICS:
        values = null_values(days, window, statistic=statistic)
        found.append([2 * share < ALPHA for share in tail_shares(values, float(values[0]))])
    return found


def make(histories: int, seed: int, n_jobs: int) -> Tables:
    """Return the shares of histories in which each statistic finds a link."""
    tasks = [(*choice, seed, number) for choice in CHOICES for number in range(histories)]
    found = np.array(in_parallel(one_history, tasks, n_jobs=n_jobs))
    shares = found.reshape(len(CHOICES), histories, len(STATISTICS), 2).mean(axis=1)
    rows = [
        {"world": world, "events": events, "true_ratio": ratio, "statistic": statistic}
        | {"found_more": more, "found_fewer": fewer, "n_histories": histories, "seed": seed}
        for (world, events, ratio), each in zip(CHOICES, shares, strict=True)
        for statistic, (more, fewer) in zip(STATISTICS, each, strict=True)
    ]
    return [pd.DataFrame(rows)]


def faults(table: pd.DataFrame) -> list[str]:
    """Return what the default promises and the table does not hold."""
    ours = table[table["statistic"] == STATISTICS[0]]
    at = ours[(ours["world"] == "bursty") & (ours["events"] == 40)].set_index("true_ratio")
    chance = 2 * np.sqrt(0.25 / at["n_histories"].iloc[0])
    found = []
    if at.loc[2.0, "found_more"] < 0.36 - chance or at.loc[0.0, "found_fewer"] < 0.70 - chance:
        found.append("power below .36 at a ratio of 2, or below .70 at none")
    none = ours[ours["true_ratio"] == 1]
    if (none[["found_more", "found_fewer"]] > 0.04 + chance / 2).any(axis=None):
        found.append("more than .04 found on a side where there is nothing")
    return found


def check(committed: Tables, histories: int, seed: int, n_jobs: int) -> list[str]:
    """Return the rows that differ from the committed ones by more than chance allows."""
    keys = ["world", "events", "true_ratio", "statistic"]
    both = beside(committed[0], make(histories, seed, n_jobs)[0], keys)
    far = shares_differ(both, "found_more", "n_histories")
    far |= shares_differ(both, "found_fewer", "n_histories")
    return name_rows(both[far], *keys)


PROOF = Proof(("links_choice",), make, check, faults, (500, 20), of_record=False)


if __name__ == "__main__":
    from tests.proofs.runner import main

    sys.exit(main(["links_choice"]))

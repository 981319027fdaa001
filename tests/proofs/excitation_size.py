"""Size and power of the test of excitation against rates that change by themselves.

    python -m tests.proofs excitation_size [--check]

Histories are drawn from each rival as fitted to the record since 2012, without excitation (size)
and with a branching ratio on top (power), and tested. For speed each history has one simulated
history of its own, and the law of the gains without excitation is that of all of these together
(the warp-speed bootstrap of Giacomini, R., Politis, D. N. and White, H. (2013). Econometric
Theory 29(3), 567-589. doi:10.1017/S0266466612000655).
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from analysis.excitation.evidence import make_pair
from analysis.extras.parallel import in_parallel
from analysis.record.load import last_day, load_launches
from analysis.series.days import daily_mask
from tests.proofs.proof import Proof, Tables, beside, name_rows, shares_differ

START = "2012-01-01"
RIVALS = ("eras", "years", "two hidden rates")
RATIOS = (0.0, 0.25, 0.5)
ALPHA = 0.05
BLOCK = 10
WORLDS = [(rival, ratio) for rival in RIVALS for ratio in RATIOS]


def one_block(rival: str, ratio: float, seed: int, block: int, size: int) -> np.ndarray:
    """Return what excitation gains in histories, and in one drawn from the rival of each."""
    days, launched = daily_mask(load_launches(), "days", start=START, end=last_day())
    pair = make_pair(rival, days, launched)
    rng = np.random.default_rng([seed, WORLDS.index((rival, ratio)), block])
    gains = []
    for history in pair.draw(ratio, size, rng):
        seen = pair.again(history)
        null = seen.draw(0.0, 1, rng)[0]
        gains.append((seen.gain, seen.again(null).gain))
    return np.array(gains)


def run(histories: int, seed: int, n_jobs: int) -> pd.DataFrame:
    """Return the table of size and power."""
    size = min(BLOCK, histories)
    blocks = -(-histories // size)
    tasks = [(*world, seed, block, size) for world in WORLDS for block in range(blocks)]
    done = in_parallel(one_block, tasks, n_jobs=n_jobs)
    rows = []
    for place, (rival, ratio) in enumerate(WORLDS):
        seen, null = np.vstack(done[place * blocks : (place + 1) * blocks]).T
        critical = np.quantile(null, 1 - ALPHA, method="higher")
        rows.append(
            {
                "world": rival,
                "branching": ratio,
                "n_histories": len(seen),
                "seed": seed,
                "critical_gain": critical,
                "share": float((seen > critical).mean()),
                "nominal": ALPHA if not ratio else np.nan,
            }
        )
    return pd.DataFrame(rows)


def make(histories: int, seed: int, n_jobs: int) -> Tables:
    """Return the table of size and power."""
    return [run(histories, seed, n_jobs)]


def faults(table: pd.DataFrame) -> list[str]:
    """Return the worlds without excitation where it is found more often than chance explains."""
    sizes = table[table["branching"] == 0]
    most = ALPHA + 3 * np.sqrt(ALPHA * (1 - ALPHA) / sizes["n_histories"])
    return name_rows(sizes[sizes["share"] > most], "world", "share")


def check(committed: Tables, histories: int, seed: int, n_jobs: int) -> list[str]:
    """Return the rows that differ from the committed ones by more than chance allows."""
    both = beside(committed[0], run(histories, seed, n_jobs), ["world", "branching"])
    return name_rows(both[shares_differ(both, "share", "n_histories")], "world", "branching")


PROOF = Proof(("excitation_size",), make, check, faults, (60, 4))


if __name__ == "__main__":
    from tests.proofs.runner import main

    sys.exit(main(["excitation_size"]))

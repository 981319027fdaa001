"""Which links could have been seen: detectable rate ratios of every studied group.

    python tests/proofs/links_power.py --histories 400 --seed 20260822
    python tests/proofs/links_power.py --check

The table holds what `power` returns for the default window. The check repeats it with fewer
histories, another seed and some of the groups.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.links import power
from analysis.links.studied import RULE, SINCE, UNTIL, studied_groups
from analysis.record.load import load_events, load_launches

NAME = "links_power.csv"
SEED = 20260822
FULL, SMALL = 400, 80
#: Every which group the check repeats, and by how much detectable ratios may differ (as a factor).
STEP, FACTOR = 4, 1.4


def table(groups: pd.DataFrame, histories: int, seed: int, jobs: int) -> pd.DataFrame:
    """Return the detectable ratios of groups."""
    found = power(
        load_launches(),
        load_events(),
        RULE,
        by=groups,
        start=SINCE,
        end=UNTIL,
        histories=histories,
        seed=seed,
        n_jobs=jobs,
    )
    return found.assign(rule=RULE, window="0..14", start=SINCE, end=UNTIL)


def differences(committed: pd.DataFrame, fresh: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in which a repetition differs by more than chance."""
    both = fresh.merge(committed, on="group", suffixes=("_fresh", ""), how="left")
    share, n = both["power_none"], both["histories_fresh"]
    pooled = (share * both["histories"] + 1) / (both["histories"] + 2)
    width = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / both["histories"]))
    far = ~((share - both["power_none_fresh"]).abs() <= 4 * width + 0.01)
    far |= both["n_events"] != both["n_events_fresh"]
    for side in ("detectable_above", "detectable_below"):
        ratio = np.log(both[side].clip(lower=0.05) / both[f"{side}_fresh"].clip(lower=0.05))
        far |= ratio.abs() > np.log(FACTOR) + (0.4 if side == "detectable_below" else 0)
    return both[far]


def main() -> int:
    """Write or check the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--histories", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--out", type=Path, default=Path("data/processed/proofs"), help="folder of the table"
    )
    parser.add_argument(
        "--check", type=Path, nargs="?", const=Path("data/processed/proofs"),
        help="repeat a small part and compare with the committed table in this folder",
    )  # fmt: skip
    given = parser.parse_args()
    histories = given.histories or (SMALL if given.check else FULL)
    seed = given.seed if given.seed is not None else SEED + bool(given.check)
    groups = studied_groups()
    if not given.check:
        written = table(groups, histories, seed, given.jobs)
        written.round(4).to_csv(given.out / NAME, index=False, lineterminator="\n")
        return 0
    fresh = table(groups.iloc[::STEP], histories, seed, given.jobs)
    found = differences(pd.read_csv(given.check / NAME), fresh)
    if len(found):
        print(f"{NAME}: differs by more than chance\n{found.T.to_string()}")
    return int(len(found) > 0)


if __name__ == "__main__":
    sys.exit(main())

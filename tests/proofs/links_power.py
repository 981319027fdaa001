"""Which links could have been seen: detectable rate ratios of every studied group.

    python -m tests.proofs links_power [--check]

The table holds what `power` returns for the default window, at p < .05 and at the level that the
correction over the whole family asks of its smallest p. The check repeats it with fewer
histories, another seed and some of the groups.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from analysis.links import power
from analysis.links.studied import RULE, SINCE, UNTIL, studied_groups
from analysis.record.load import load_events, load_groups, load_launches
from tests.proofs.proof import Proof, Tables, beside, shares_differ

#: Every which group the check repeats, and by how much detectable ratios may differ (as a factor).
STEP, FACTOR = 4, 1.4


def table(groups: pd.DataFrame, histories: int, seed: int, jobs: int) -> pd.DataFrame:
    """Return the detectable ratios of groups."""
    every = load_groups()
    found = power(
        load_launches(),
        load_events(),
        RULE,
        by=groups,
        family=every.loc[every["family"], "group"].tolist(),
        start=SINCE,
        end=UNTIL,
        histories=histories,
        seed=seed,
        n_jobs=jobs,
    )
    return found.assign(rule=RULE, window="0..14", start=SINCE, end=UNTIL)


def make(histories: int, seed: int, n_jobs: int) -> Tables:
    """Return the detectable ratios of all studied groups."""
    return [table(studied_groups(), histories, seed, n_jobs)]


def check(committed: Tables, histories: int, seed: int, n_jobs: int) -> list[str]:
    """Return the groups whose ratios differ by more than chance."""
    again = table(studied_groups().iloc[::STEP], histories, seed, n_jobs)
    both = beside(committed[0], again, ["group"])
    far = shares_differ(both, "power_none", "histories")
    far |= both["n_events"] != both["n_events_again"]
    for side in ("detectable_above", "detectable_below"):
        ratio = np.log(both[side].clip(lower=0.05) / both[f"{side}_again"].clip(lower=0.05))
        far |= ratio.abs() > np.log(FACTOR) + (0.4 if side == "detectable_below" else 0)
    return [f"{group}: detectable ratios" for group in both.loc[far, "group"]]


PROOF = Proof(("links_power",), make, check, histories=(200, 40))


if __name__ == "__main__":
    from tests.proofs.runner import main

    sys.exit(main(["links_power"]))

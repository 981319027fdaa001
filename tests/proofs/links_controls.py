"""Links whose answer is known: stops that must be found, and days on which there is nothing.

python -m tests.proofs links_controls [--check]
"""

from __future__ import annotations

import sys

import pandas as pd

from analysis.links.controls import controls
from tests.proofs.proof import Proof, Tables, beside, name_rows, numbers_differ

KEYS = ["control", "who", "truth"]
#: Largest share of days without meaning that may have p below .05 on one side.
MOST = 0.08


def make(histories: int, seed: int, n_jobs: int) -> Tables:
    """Return the table of controls; there is no chance in it but in permuted years."""
    return [controls().assign(seed=0)]


def faults(table: pd.DataFrame) -> list[str]:
    """Return the stops that were not found, and the side on which too much was."""
    stops, nothing = (table[table["truth"] == truth] for truth in ("stop", "nothing"))
    found = name_rows(stops[stops["verdict"] == "not found"], *KEYS)
    tested = nothing[nothing["p_value"].notna()]
    if len(tested) < 200:
        found.append(f"{len(tested)} controls without a link")
    for side, rows in (("fewer", tested["rate_ratio"] < 1), ("more", tested["rate_ratio"] > 1)):
        share = (rows & (tested["p_value"] < 0.10)).mean()  # two-sided: .05 on this side
        if share > MOST:
            found.append(f"{side}: {share:.3f}")
    return found


def check(committed: Tables, histories: int, seed: int, n_jobs: int) -> list[str]:
    """Return the controls whose numbers are not those committed."""
    both = beside(committed[0], make(histories, seed, n_jobs)[0], KEYS)
    different = numbers_differ(both, "p_value") | numbers_differ(both, "rate_ratio")
    return name_rows(both[different], *KEYS)


PROOF = Proof(("links_controls",), make, check, faults)


if __name__ == "__main__":
    from tests.proofs.runner import main

    sys.exit(main(["links_controls"]))

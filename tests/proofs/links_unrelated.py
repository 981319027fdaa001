"""How often links are seen where there are none: real records beside the events of elsewhere.

python -m tests.proofs links_unrelated [--check]
"""

from __future__ import annotations

import sys

import pandas as pd

from analysis.links.unrelated import RECORDS, alarms, unrelated
from tests.proofs.proof import Proof, Tables, beside, name_rows, numbers_differ

KEYS = ["of", "side"]
#: Shares of false alarms allowed on one side, where .05 is right.
LEAST, MOST = 0.02, 0.08
#: Controls that show a share of .05 to about .015.
ENOUGH = 1000


def make(histories: int, seed: int, n_jobs: int) -> Tables:
    """Return false alarms of all controls, of each record and of each null."""
    table = unrelated()
    by_null = alarms(table, by="null").query("of != 'all'")
    return [pd.concat([alarms(table), by_null], ignore_index=True).assign(seed=0)]


def faults(table: pd.DataFrame) -> list[str]:
    """Return the shares out of bounds: of all, or of a part beyond what chance allows."""
    whole = table["of"] == "all"
    wrong = whole & ~table["share"].between(LEAST, MOST)
    wrong |= ~whole & ((table["low"] > MOST) | (table["high"] < LEAST))
    found = name_rows(table[wrong], *KEYS, "share")
    if (table.loc[whole, "n_controls"] < ENOUGH).any():
        found.append(f"fewer than {ENOUGH} controls")
    return found


def check(committed: Tables, histories: int, seed: int, n_jobs: int) -> list[str]:
    """Return what the same tests of the last record, North Korea's own, give otherwise."""
    again = alarms(unrelated(RECORDS[-1:])).query("of != 'all'")
    both = beside(committed[0], again, KEYS)
    different = numbers_differ(both, "share") | numbers_differ(both, "n_controls")
    return name_rows(both[different], *KEYS)


PROOF = Proof(("links_unrelated",), make, check, faults)


if __name__ == "__main__":
    from tests.proofs.runner import main

    sys.exit(main(["links_unrelated"]))

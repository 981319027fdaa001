"""Published findings held against the record, with the power of each test.

    python -m tests.proofs published_findings [--check]

The table holds what `retest_findings` returns. The check repeats a part of it with the same seed
and fewer histories: all but the detectable ratios, and the verdicts that rest on them, must be the
same.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from analysis.claims import retest_findings
from analysis.claims.rhythms import RHYTHMS
from analysis.record.load import load_launches, load_published_findings, load_retests
from tests.proofs.proof import Proof, Tables, beside, numbers_differ

#: Kinds of events whose tests the check repeats beside all without events, and columns that the
#: number of histories does not touch.
CHECKED = ("drill", "olympics", "election")
SAME = ("n_events", "observed", "expected", "naive_p", "effect", "low", "high", "p_value")
FACTOR = 2.0


def table(findings: pd.DataFrame, histories: int, seed: int, jobs: int) -> pd.DataFrame:
    """Return the findings tested again, with what was simulated."""
    tested = retest_findings(
        load_launches(), findings=findings, histories=histories, seed=seed, n_jobs=jobs
    )
    return tested.assign(histories=histories, seed=seed)


def make(histories: int, seed: int, n_jobs: int) -> Tables:
    """Return all findings, tested again."""
    return [table(load_published_findings(), histories, seed, n_jobs)]


def check(committed: Tables, histories: int, seed: int, n_jobs: int) -> list[str]:
    """Return what a repetition of a part, with the committed seed, changes."""
    findings, retests = load_published_findings(), load_retests()
    rhythms = retests.loc[retests["test"].isin(RHYTHMS), "finding_id"]
    some = findings[findings["kind"].isin(CHECKED) | findings["finding_id"].isin(rhythms)]
    again = table(some, histories, int(committed[0]["seed"].iloc[0]), n_jobs)
    both = beside(committed[0], again, ["finding_id", "scope"])
    names = both["finding_id"] + ", " + both["scope"]
    far = (both["detectable_above_again"] / both["detectable_above"]).map(np.log).abs()
    differing = {column: numbers_differ(both, column) for column in SAME}
    differing["detectable_above"] = far > np.log(FACTOR)
    return [f"{name}: {column}" for column, apart in differing.items() for name in names[apart]]


PROOF = Proof(("published_findings",), make, check, histories=(200, 20))


if __name__ == "__main__":
    from tests.proofs.runner import main

    sys.exit(main(["published_findings"]))

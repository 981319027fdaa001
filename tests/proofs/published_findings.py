"""Published findings held against the record, with the power of each test.

    python tests/proofs/published_findings.py --histories 200 --seed 20260822
    python tests/proofs/published_findings.py --check

The table holds what `retest_findings` returns. The check repeats a part of it with the same seed
and fewer histories: all but the detectable ratios, and the verdicts that rest on them, must be the
same.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.claims import retest_findings
from analysis.claims.rhythms import RHYTHMS
from analysis.record.load import load_launches, load_published_findings, load_retests

NAME = "published_findings.csv"
SEED = 20260822
FULL, SMALL = 200, 20
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


def differences(committed: pd.DataFrame, fresh: pd.DataFrame) -> list[str]:
    """Return what a repetition changed by more than chance."""
    keys = ["finding_id", "scope"]
    both = fresh.merge(committed, on=keys, suffixes=("_fresh", ""), how="left")
    names = both["finding_id"] + ", " + both["scope"]
    found = []
    for column in SAME:
        new, old = (both[name].to_numpy(float) for name in (f"{column}_fresh", column))
        apart = ~np.isclose(new, old, rtol=1e-3, atol=1e-6, equal_nan=True)
        found += [f"{name}: {column}" for name in names[apart]]
    new, old = both["detectable_above_fresh"], both["detectable_above"]
    far = np.log(new / old).abs() > np.log(FACTOR)
    return found + [f"{name}: detectable_above" for name in names[far]]


def main() -> int:
    """Write or check the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--histories", type=int)
    parser.add_argument("--seed", type=int, default=SEED)
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
    findings = load_published_findings()
    if not given.check:
        table(findings, histories, given.seed, given.jobs).to_csv(
            given.out / NAME, index=False, lineterminator="\n", float_format="%.6g",
            date_format="%Y-%m-%d",
        )  # fmt: skip
        return 0
    committed = pd.read_csv(given.check / NAME)
    rhythms = load_retests().loc[load_retests()["test"].isin(RHYTHMS), "finding_id"]
    some = findings[findings["kind"].isin(CHECKED) | findings["finding_id"].isin(rhythms)]
    seed = int(committed["seed"].iloc[0])
    found = differences(committed, table(some, histories, seed, given.jobs))
    if found:
        print(f"{NAME} differs: {'; '.join(found)}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())

"""Published findings held against the record, with the power of each test.

    python tests/proofs/published_findings.py --histories 200 --seed 20260822
    python tests/proofs/published_findings.py --check

The table holds what `retest_findings` and `retest_rhythms` return. The check repeats the findings
about events with fewer histories: all but the detectable ratios, and the verdicts that name them,
must be the same. Those about rhythms are repeated with the same seed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.claims import retest_findings
from analysis.claims.rhythms import retest_rhythms
from analysis.record.load import load_events, load_groups, load_launches, load_published_findings

NAME = "published_findings.csv"
SEED = 20260822
FULL, SMALL = 200, 20
#: Kinds whose tests the check repeats, and columns that simulation does not touch.
CHECKED = ("drill", "olympics", "election")
SAME = ("n_events", "observed", "expected", "naive_p", "effect", "low", "high", "p_value")
FACTOR = 2.0


def about_events(findings: pd.DataFrame, histories: int, seed: int, jobs: int) -> pd.DataFrame:
    """Return the findings about events, tested again."""
    return retest_findings(
        load_launches(),
        load_events(),
        findings,
        load_groups(),
        histories=histories,
        seed=seed,
        n_jobs=jobs,
    )


def table(histories: int, seed: int, jobs: int) -> pd.DataFrame:
    """Return all findings that are not forecasts, in the order of the record."""
    findings = load_published_findings()
    events = about_events(findings, histories, seed, jobs)
    rhythms = retest_rhythms(load_launches(), findings, seed=seed)
    both = together(events, rhythms)
    order = {name: place for place, name in enumerate(findings["finding_id"])}
    both = both.sort_values("finding_id", key=lambda ids: ids.map(order), kind="stable")
    return both.assign(histories=histories, seed=seed)


def together(events: pd.DataFrame, rhythms: pd.DataFrame) -> pd.DataFrame:
    """Put both tables one above the other, without the empty columns of either."""
    parts = [part.dropna(axis=1, how="all") for part in (events, rhythms) if len(part)]
    return pd.concat(parts, ignore_index=True)[list(events.columns)]


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
    if not given.check:
        table(histories, seed, given.jobs).to_csv(
            given.out / NAME, index=False, lineterminator="\n", float_format="%.6g",
            date_format="%Y-%m-%d",
        )  # fmt: skip
        return 0
    findings = load_published_findings()
    committed = pd.read_csv(given.check / NAME)
    some = about_events(findings[findings["kind"].isin(CHECKED)], histories, seed, given.jobs)
    rhythms = retest_rhythms(load_launches(), findings, seed=int(committed["seed"].iloc[0]))
    found = differences(committed, together(some, rhythms))
    if found:
        print(f"{NAME} differs: {'; '.join(found)}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())

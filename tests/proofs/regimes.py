"""Self-excitation held against rates that change or switch, forecasts included.

    python -m tests.proofs regimes [--check]

The comparison draws nothing by chance: it lies beside the simulations because its many fits take
half a minute. The test of excitation simulates histories. The check fits all models again, but
forecasts with those that are quick, and holds the test's fits against the stored ones.
"""

from __future__ import annotations

import sys

import pandas as pd

from analysis.excitation import compare_regimes, excitation_test
from analysis.excitation.evidence import make_pair
from analysis.excitation.rivals import MODELS
from analysis.record.load import last_day, load_launches
from analysis.series.days import daily_mask
from tests.proofs.proof import Proof, Tables, beside, numbers_differ

START = "2012-01-01"
QUICK = ("one rate", "eras", "self-exciting, one rate", "self-exciting, eras")
FITTED = ("parameters", "log_likelihood", "bic")
FORECAST = ("held_out",)


def compare(models: tuple[str, ...] = MODELS, first_forecast: int | None = None) -> pd.DataFrame:
    """Compare models of the launch days since 2012."""
    return compare_regimes(
        load_launches(), models=models, first_forecast=first_forecast, start=START, end=last_day()
    )


def make(histories: int, seed: int, n_jobs: int) -> Tables:
    """Return the table of models, and that of the test."""
    period = {"start": START, "end": last_day()}
    tested = excitation_test(
        load_launches(), simulations=histories, seed=seed, n_jobs=n_jobs, **period
    )
    return [compare(), tested.assign(seed=seed)]


def check(committed: Tables, histories: int, seed: int, n_jobs: int) -> list[str]:
    """Return the models whose numbers are not those committed."""
    fitted = beside(committed[0], compare(first_forecast=last_day().year + 1), ["model"])
    forecast = beside(committed[0], compare(QUICK), ["model"])
    days, launched = daily_mask(load_launches(), start=START, end=last_day())
    gains = [
        (rival, seen)
        for rival, seen in committed[1].set_index("rival")["gain"].items()
        if abs(make_pair(rival, days, launched).gain - seen) > 0.01
    ]
    return [f"{rival}: gain" for rival, _ in gains] + [
        f"{model}: {column}"
        for both, columns in ((fitted, FITTED), (forecast, FORECAST))
        for column in columns
        for model in both.loc[numbers_differ(both, column), "model"]
    ]


PROOF = Proof(("regimes", "excitation_evidence"), make, check, histories=(59, 59))


if __name__ == "__main__":
    from tests.proofs.runner import main

    sys.exit(main(["regimes"]))

"""Self-excitation held against rates that change or switch, forecasts included.

    python -m tests.proofs regimes [--check]

Nothing is drawn by chance: the table lies beside the simulations because its many fits take half a
minute. The check fits all models again, but forecasts with those that are quick.
"""

from __future__ import annotations

import sys

import pandas as pd

from analysis.excitation import compare_regimes
from analysis.excitation.rivals import MODELS
from analysis.record.load import last_day, load_launches
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
    """Return the table of models."""
    return [compare()]


def check(committed: Tables, histories: int, seed: int, n_jobs: int) -> list[str]:
    """Return the models whose numbers are not those committed."""
    fitted = beside(committed[0], compare(first_forecast=last_day().year + 1), ["model"])
    forecast = beside(committed[0], compare(QUICK), ["model"])
    return [
        f"{model}: {column}"
        for both, columns in ((fitted, FITTED), (forecast, FORECAST))
        for column in columns
        for model in both.loc[numbers_differ(both, column), "model"]
    ]


PROOF = Proof(("regimes",), make, check)


if __name__ == "__main__":
    from tests.proofs.runner import main

    sys.exit(main(["regimes"]))

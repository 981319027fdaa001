"""Self-excitation held against rates that change or switch, forecasts included.

    python tests/proofs/regimes.py
    python tests/proofs/regimes.py --check

Nothing is drawn by chance: the table lies beside the simulations because its many fits take half a
minute. The check fits all models again, but forecasts with those that are quick.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.excitation import compare_regimes
from analysis.excitation.rivals import MODELS
from analysis.record.load import last_day, load_launches

NAME = "regimes.csv"
START = "2012-01-01"
QUICK = ("one rate", "eras", "self-exciting, one rate", "self-exciting, eras")
FITTED = ("parameters", "log_likelihood", "bic")
FORECAST = ("held_out",)


def compare(models: tuple[str, ...] = MODELS, first_forecast: int | None = None) -> pd.DataFrame:
    """Compare models of the launch days since 2012."""
    return compare_regimes(
        load_launches(), models=models, first_forecast=first_forecast, start=START, end=last_day()
    )


def differing(committed: pd.DataFrame, fresh: pd.DataFrame, columns: tuple[str, ...]) -> list[str]:
    """Return the models whose numbers are not those committed."""
    both = fresh.merge(committed, on="model", suffixes=("_fresh", ""), how="left")
    apart = np.zeros(len(both), dtype=bool)
    for column in columns:
        # the search stops a little elsewhere on another machine
        apart |= ~np.isclose(both[f"{column}_fresh"], both[column], rtol=1e-3)
    return both.loc[apart, "model"].tolist()


def main() -> int:
    """Write or check the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--out", type=Path, default=Path("data/processed/proofs"), help="folder of the table"
    )
    parser.add_argument("--check", type=Path, nargs="?", const=Path("data/processed/proofs"))
    given = parser.parse_args()
    if not given.check:
        compare().to_csv(
            given.out / NAME, index=False, lineterminator="\n", float_format="%.6g",
            date_format="%Y-%m-%d",
        )  # fmt: skip
        return 0
    committed = pd.read_csv(given.check / NAME)
    found = differing(committed, compare(first_forecast=last_day().year + 1), FITTED)
    found += differing(committed, compare(QUICK), FORECAST)
    if found:
        print(f"{NAME} differs: {'; '.join(dict.fromkeys(found))}: run make proofs")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())

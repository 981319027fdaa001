"""Time forecasts: one of each model, the whole backtest, and a score beside scoringrules."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import scoringrules
from scipy import stats

from analysis import load_launches, next_launch, year_end
from analysis.forecast import MODELS, backtest, backtest_next
from analysis.forecast.scores import crps
from tests.benchmarks.machine import write

AS_OF = "2025-06-30"
YEARS = range(2012, 2026)


def seconds(call: Callable[[], object], times: int) -> float:
    """Return the median time of a call; the first, which imports, is left out."""
    call()
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begin)
    return float(np.median(taken))


def main() -> None:
    """Time forecasts and scores."""
    launches = load_launches()
    calls: dict[str, tuple[Callable[[], object], int]] = {
        f"year_end, {model}": (lambda m=model: year_end(launches, as_of=AS_OF, model=m), 5)
        for model in MODELS
    }
    calls["next_launch"] = (lambda: next_launch(launches, as_of=AS_OF), 5)
    calls["backtest, all models"] = (lambda: backtest(launches, years=YEARS, progress=False), 1)
    calls["backtest_next, all models"] = (lambda: backtest_next(launches, years=YEARS), 1)
    p = stats.nbinom.pmf(np.arange(400), 8.0, 0.4)
    p /= p.sum()
    calls["crps of one forecast"] = (lambda: crps(9, p), 2000)
    calls["crps of one forecast, scoringrules"] = (
        lambda: scoringrules.crps_negbinom(9, 8.0, 0.4),
        200,
    )
    rows = [{"what": name, "seconds": seconds(call, n)} for name, (call, n) in calls.items()]
    write(Path(__file__).with_name("forecast.csv"), rows)


if __name__ == "__main__":
    main()

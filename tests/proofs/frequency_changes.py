"""Do rates, ratios and trends after a change hold the truth, when its date was searched for?

    python -m tests.proofs frequency_changes [--check]

Histories are bursty launch days whose rate changes in steps, grows or falls. Each is searched for
changes; the truth of a segment found is the mean rate expected in it, given the background. Beside
the intervals that average over dates stand those that take the dates as given. Trends are asked
after where the interval of the last change holds the true last change.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from analysis.extras.parallel import in_parallel
from analysis.frequency import averaged_rates, change_points, trend_since_change
from analysis.series.days import DAYS_A_YEAR
from tests.proofs.frequency_recovery import FIRST, bursts, expected_days, held
from tests.proofs.proof import Proof, Tables, beside, name_rows, shares_differ

LEVEL = 0.95
ALLOWED = (0.92, 0.98)
DECAY = 0.15
DRAWS = 1000
#: Rates a year of stretches of so many years, each a rate or a growth from one to another, and the
#: branching ratio of the bursts.
WORLDS = {
    "steps, like the record": ((5, 15, 40), (6, 6, 4), 0.3),
    "steps, bursts": ((5, 15, 40), (6, 6, 4), 0.6),
    "pause, like the record": ((20, 2, 20), (5, 3, 5), 0.3),
    "smooth growth": (((3, 30),), (14,), 0.3),
    "step, then steady": ((9, 24), (10, 5), 0.3),
    "step, then steady, bursts": ((9, 32), (10, 5), 0.6),
    "step, then falling by 18 % a year": ((9, (40, 15)), (10, 5), 0.3),
}
#: Worlds in which the trend since the step is asked after.
TRENDS = [name for name in WORLDS if name.startswith("step, then")]
AVERAGED = ("rate of a segment", "ratio of segments", "trend since a change")
GIVEN = tuple(f"{name}, given the dates" for name in AVERAGED)


def rates_of(world: str) -> np.ndarray:
    """Return the rate a year of each day."""
    stretches, years, _ = WORLDS[world]
    ends = [each if isinstance(each, tuple) else (each, each) for each in stretches]
    return np.concatenate(
        [
            np.geomspace(*end, round(DAYS_A_YEAR * length))
            for end, length in zip(ends, years, strict=True)
        ]
    )


def draw(world: str, rng: np.random.Generator) -> pd.DataFrame:
    """Draw a history by month: days, launch counts and what was expected of them."""
    branching = WORLDS[world][2]
    background = rates_of(world) / DAYS_A_YEAR * (1 - branching)
    launched = np.bincount(bursts(rng, background, branching, DECAY), minlength=len(background))
    days = pd.DataFrame({"n": launched, "truth": expected_days(background, branching, DECAY)})
    months = pd.period_range(FIRST, periods=len(days), freq="D").asfreq("M")
    table = days.assign(days=1).groupby(months).sum().rename_axis("period").reset_index()
    return table.astype({"n": float})


def one_history(world: str, seed: int, place: int) -> dict[str, list[float]]:
    """Return whether each interval of a history holds the truth, by estimator."""
    rng = np.random.default_rng([seed, list(WORLDS).index(world), place])
    history = draw(world, rng)
    months, starts = history.drop(columns="truth"), history["period"].dt.start_time
    found = change_points(months)
    segment = np.searchsorted(found["start"], starts, side="right") - 1
    sums = history.groupby(np.maximum(segment, 0))[["truth", "days"]].sum()
    truth = (sums["truth"] / sums["days"] * DAYS_A_YEAR).to_numpy()
    averaged = averaged_rates(months, found, draws=DRAWS, seed=rng)
    ratios = averaged.iloc[1:]
    result = {
        AVERAGED[0]: held(averaged["low"], truth, averaged["high"]),
        GIVEN[0]: held(found["low"], truth, found["high"]),
        AVERAGED[1]: held(ratios["ratio_low"], truth[1:] / truth[:-1], ratios["ratio_high"]),
    }
    if world in TRENDS and _holds_last(world, found.iloc[-1]):
        trend = trend_since_change(months).iloc[0]
        last = rates_of(world)[-round(DAYS_A_YEAR * WORLDS[world][1][-1]) :]
        yearly = (last[-1] / last[0]) ** (DAYS_A_YEAR / (len(last) - 1))
        result[AVERAGED[2]] = held(trend["low"], yearly, trend["high"])
        result[GIVEN[2]] = held(trend["given_low"], yearly, trend["given_high"])
    return result


def _holds_last(world: str, last: pd.Series) -> bool:
    """Say whether the interval of the last change found holds the true one."""
    true = FIRST + pd.Timedelta(days=round(DAYS_A_YEAR * sum(WORLDS[world][1][:-1])))
    return bool(last["change_low"] <= true <= last["change_high"])


def run(histories: int, seed: int, n_jobs: int) -> pd.DataFrame:
    """Return the table of coverage."""
    tasks = [(world, seed, place) for world in WORLDS for place in range(histories)]
    done = in_parallel(one_history, tasks, n_jobs=n_jobs)
    rows = []
    for place, world in enumerate(WORLDS):
        found = done[place * histories : (place + 1) * histories]
        for estimator in (*AVERAGED, *GIVEN):
            each = [one[estimator] for one in found if one.get(estimator)]
            if each:
                rows.append(
                    {
                        "estimator": estimator,
                        "world": world,
                        "n_series": len(each),
                        "n_intervals": sum(map(len, each)),
                        "seed": seed,
                        "coverage": round(float(np.concatenate(each).mean()), 4),
                        "low": ALLOWED[0],
                        "high": ALLOWED[1],
                        "nominal": LEVEL,
                    }
                )
    return pd.DataFrame(rows)


def make(histories: int, seed: int, n_jobs: int) -> Tables:
    """Return the table of coverage."""
    return [run(histories, seed, n_jobs)]


def faults(table: pd.DataFrame) -> list[str]:
    """Return the averaged intervals that hold the truth less often than chance explains."""
    chance = 2 * np.sqrt(LEVEL * (1 - LEVEL) / table["n_series"])
    low = table["coverage"] < ALLOWED[0] - chance
    return name_rows(
        table[low & table["estimator"].isin(AVERAGED)], "estimator", "world", "coverage"
    )


def check(committed: Tables, histories: int, seed: int, n_jobs: int) -> list[str]:
    """Return the rows that differ from the committed ones by more than chance allows."""
    again = run(histories, seed, n_jobs)
    both = beside(committed[0], again, ["estimator", "world"])
    return name_rows(both[shares_differ(both, "coverage", "n_series")], "estimator", "world")


PROOF = Proof(("frequency_changes",), make, check, faults, (100, 4), of_record=False)


if __name__ == "__main__":
    from tests.proofs.runner import main

    sys.exit(main(["frequency_changes"]))

"""How often the regression's intervals hold the truth, in its own model and in another.

    python -m tests.proofs links_regression [--check]

Histories of the model fitted to the record, with a ratio given recent launches planted in the
windows of command-post drills; the true marginal ratio of each is simulated once. And bursts whose
launch days inside are doubled, whatever the launches before: there the marginal ratio is the truth.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from analysis.excitation.fit import Fit
from analysis.excitation.simulate import simulate_launch_days
from analysis.extras.parallel import in_parallel
from analysis.links.design import lay_out
from analysis.links.given_recent import answer, hold_ratio, recent_fit, with_window
from analysis.links.marginal import marginal_ratio, marginal_ratios
from analysis.links.studied import RULE, STUDY, group_events
from analysis.record.load import load_launches
from analysis.series.strata import Calendar, Days
from analysis.series.windows import cover
from tests.proofs.links_size import ADJUST, calendar
from tests.proofs.proof import Proof, Tables, beside, name_rows, shares_differ
from tests.proofs.support.worlds import N_DAYS, Settings, history, plant

OWN, OTHER = "the regression's own model", "bursts, launch days inside added"
CASES = [(OWN, ratio) for ratio in (0.0, 0.5, 1.0, 2.0, 3.0)] + [(OTHER, 2.0)]
LEVEL = 0.95
#: Histories for the true marginal ratio.
_MANY = 2_000
KEYS = ["world", "true_ratio", "estimator"]
BOUNDS = (0.92, 0.98)


@cache
def truth(ratio: float) -> tuple[Fit, np.ndarray, Calendar, float]:
    """Return the model of the record with a ratio, its window, calendar and marginal ratio."""
    layout = lay_out(load_launches(), group_events("command_post_drills"), RULE, STUDY)
    ((_, _, marks),) = layout.placed(layout.groups[0])
    fitted = hold_ratio(with_window(recent_fit(layout.days, ADJUST), marks))
    parameters = np.append(fitted.parameters[:-1], np.log(ratio) if ratio else -50.0)
    planted = replace(fitted, parameters=parameters)
    return planted, marks, layout.days.calendar, marginal_ratio(planted, 0, _MANY, 1)


def draw(world: str, ratio: float, rng: np.random.Generator) -> tuple[Days, np.ndarray]:
    """Draw launch days and the days of windows."""
    if world == OWN:
        found, marks, dates, _ = truth(ratio)
        drawn = simulate_launch_days(
            found.rates.background,
            found.branching_ratio,
            found.decay,
            factor=np.where(marks > 0, ratio, 1.0),
            seed=rng,
        )
        return Days(drawn[0].astype(float), dates), marks
    launches, second, starts = history("bursty", rng, Settings())
    marks = cover(starts, starts + Settings().window_last, N_DAYS)
    return Days(plant(launches, second, marks, ratio, "add", rng), calendar("bursty")), marks


def one_history(world: str, ratio: float, seed: int, number: int) -> list[tuple[str, bool]]:
    """Say of each interval whether it holds the truth."""
    rng = np.random.default_rng([seed, CASES.index((world, ratio)), number])
    days, marks = draw(world, ratio, rng)
    start = with_window(recent_fit(days, ADJUST), marks)
    found, _ = answer(days, start, 0, LEVEL)
    whole = marginal_ratios(start, 0, found, number)
    true = truth(ratio)[-1] if world == OWN else ratio
    rows = [("marginal ratio", whole["marginal_low"] <= true <= whole["marginal_high"])]
    if world == OWN:  # elsewhere there is no ratio given recent launches
        rows.append(("ratio given recent launches", found["low"] <= ratio <= found["high"]))
    return rows


def make(histories: int, seed: int, n_jobs: int) -> Tables:
    """Return the share of histories in which each interval holds the truth."""
    tasks = [(*case, seed, number) for case in CASES for number in range(histories)]
    done = in_parallel(one_history, tasks, n_jobs=n_jobs)
    rows = [
        (world, ratio, name, float(held))
        for (world, ratio, *_), held_by in zip(tasks, done, strict=True)
        for name, held in held_by
    ]
    frame = pd.DataFrame(rows, columns=[*KEYS, "share"])
    table = frame.groupby(KEYS, sort=False)["share"].agg(["mean", "size"]).reset_index()
    table.columns = pd.Index([*KEYS, "share", "n_histories"])
    own = table["world"] == OWN
    marginal = [truth(ratio)[-1] if world == OWN else ratio for world, ratio in CASES]
    table["marginal_ratio"] = table.set_index(KEYS[:2]).index.map(
        dict(zip(CASES, marginal, strict=True))
    )
    table["allowed_low"], table["allowed_high"] = np.where(own, BOUNDS[0], np.nan), np.nan
    table.loc[own & (table["true_ratio"] > 0), "allowed_high"] = BOUNDS[1]
    return [table.assign(nominal=LEVEL, seed=seed).round(4)]


def faults(table: pd.DataFrame) -> list[str]:
    """Return the intervals that hold the truth too rarely, or too often, by more than chance."""
    error = 2 * np.sqrt(LEVEL * (1 - LEVEL) / table["n_histories"])
    low, high = table["allowed_low"] - error, table["allowed_high"] + error
    return name_rows(table[(table["share"] < low) | (table["share"] > high)], *KEYS, "share")


def check(committed: Tables, histories: int, seed: int, n_jobs: int) -> list[str]:
    """Return the shares that differ from the committed ones by more than chance allows."""
    both = beside(committed[0], make(histories, seed, n_jobs)[0], KEYS)
    return name_rows(both[shares_differ(both, "share", "n_histories")], *KEYS, "share")


PROOF = Proof(("links_regression",), make, check, faults, histories=(150, 10))


if __name__ == "__main__":
    from tests.proofs.runner import main

    sys.exit(main(["links_regression"]))

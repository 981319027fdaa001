"""Do the intervals of launch frequency hold the truth? Simulated records with known parameters.

    python -m tests.proofs frequency_recovery [--check]

Each row is an estimator in a world; coverage is the share of 95 % intervals that hold the true
value, with a Monte Carlo interval that takes a record, not an interval, as the unit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.extras.parallel import in_parallel
from analysis.frequency import (
    change_points,
    dispersion,
    fit_waiting,
    hazard,
    rate,
    rates,
    season_change,
    seasonality,
)
from tests.proofs.proof import Proof, Tables, beside, name_rows
from tests.toys import toy_launches

FIRST = pd.Timestamp("2012-01-01")
YEARS = 14
DAYS = int((pd.Timestamp(FIRST.year + YEARS, 1, 1) - FIRST).days)
DATES = pd.date_range(FIRST, periods=DAYS, unit="us")
#: Least coverage of all 95 % intervals, and the most of continuous parameters.
LEAST, MOST = 0.92, 0.98
#: Estimators of which a wide interval is no fault: dates come in days, hazards from small counts.
DISCRETE = ("change date", "hazard")
Result = list[float]


# -- bursty records --------------------------------------------------------------------------


def bursts(rng: np.random.Generator, baseline: np.ndarray, branching: float, decay: float):
    """Draw the day of every event of a self-exciting process with a baseline by day."""
    number = rng.poisson(baseline)
    young = np.repeat(np.arange(len(baseline)), number) + rng.random(number.sum())
    families = [young]
    while len(young):
        children = rng.poisson(branching, len(young))
        young = np.repeat(young, children) + rng.exponential(1 / decay, children.sum())
        young = young[young < len(baseline)]
        families.append(young)
    return np.sort(np.concatenate(families)).astype(int)


def expected_days(baseline: np.ndarray, branching: float, decay: float) -> np.ndarray:
    """Expected events of each day, given the baseline: the mean of the process solves an ODE."""
    if branching == 0:
        return baseline
    pull = decay * (1 - branching)
    fade = np.exp(-pull)
    source = branching * decay * baseline / pull
    state, means = 0.0, []
    for value in source.tolist():
        means.append(value + (state - value) * (1 - fade) / pull)
        state = value + (state - value) * fade
    return baseline + np.array(means)


def world(rng: np.random.Generator, mean: float, branching: float, spread: float, lull: float):
    """Draw a record: the day of each event and the expected events of each day."""
    year = DATES.year.to_numpy() - FIRST.year
    level = np.exp(rng.normal(0, spread, YEARS) - spread**2 / 2)[year]
    season = np.where(DATES.quarter == 4, lull, 1.0)
    baseline = level * season / season.mean() * mean / 365.25 * (1 - branching)
    return bursts(rng, baseline, branching, 0.15), expected_days(baseline, branching, 0.15)


def record(days: np.ndarray, missiles: np.ndarray | int = 1) -> pd.DataFrame:
    """Make launch rows of event days."""
    return toy_launches(DATES[days], missiles, salvo_id=None)


def held(low: object, truth: object, high: object) -> Result:
    """Return 1 for each interval that holds its truth."""
    inside = (np.asarray(low) <= truth) & (truth <= np.asarray(high))
    return np.atleast_1d(inside).astype(float).tolist()


# -- one record each: what its intervals hold ------------------------------------------------


def yearly_rates(rng, mean, branching, spread, lull, salvo=0.0) -> Result:
    """Yearly rates of `rates`, against the expected count of each year given its baseline."""
    days, truth = world(rng, mean, branching, spread, lull)
    if len(days) < 10:
        return []
    missiles = 1 + rng.geometric(1 - salvo, len(days)) - 1 if salvo else 1
    each = 1 / (1 - salvo)
    period = {"start": FIRST, "end": DATES[-1], "coverage": False}
    table = rates(record(days, missiles), "missiles", freq="year", **period)
    truth = np.bincount(DATES.year - FIRST.year, weights=truth) * each
    return held(table["n_low"], truth, table["n_high"])


def plain_rates(rng, mean, branching, spread, lull) -> Result:
    """The same by the interval for independent launches, which is the wrong answer."""
    days, truth = world(rng, mean, branching, spread, lull)
    period = {"start": FIRST, "end": DATES[-1], "coverage": False}
    table = rates(record(days), "missiles", freq="year", **period)
    per_day = np.bincount(DATES.year - FIRST.year, weights=truth) / table["days"] * 365.25
    return held(table["garwood_low"], per_day, table["garwood_high"])


def table_rates(rng, mean, branching) -> Result:
    """Rates read off a yearly table alone."""
    days, truth = world(rng, mean, branching, 0.0, 1.0)
    year = DATES.year.to_numpy() - FIRST.year
    table = pd.DataFrame({"n": np.bincount(year[days], minlength=YEARS), "days": 365})
    table["days"] = np.bincount(year)
    found = rate(table)
    return held(found["n_low"], np.bincount(year, weights=truth), found["n_high"])


def dispersion_index(rng, ratio, mean, periods) -> Result:
    """Ratio of variance to mean of negative binomial counts."""
    if ratio == 1:
        n = rng.poisson(mean, periods)
    else:
        n = rng.poisson(rng.gamma(mean / (ratio - 1), size=periods) * (ratio - 1))
    if n.sum() == 0:
        return []
    table = pd.DataFrame({"n": n, "days": 365})
    found = dispersion(table, simulations=600, seed=rng).iloc[0]
    return held(found["low"], ratio, found["high"])


def change_dates(rng, levels, years, branching, freq, cost) -> Result:
    """Dates of changes: whether each interval printed holds a true date."""
    spans = [round(365.25 * each) for each in years]
    baseline = np.repeat(np.array(levels) / 365.25, spans) * (1 - branching)
    days = bursts(rng, baseline, branching, 0.15)
    dates = pd.period_range(FIRST, periods=len(baseline), freq="D")
    table = pd.DataFrame({"period": dates, "days": 1, "n": np.bincount(days, minlength=len(dates))})
    if freq == "month":
        month = table.groupby(table["period"].dt.asfreq("M"))["n"].agg(["size", "sum"])
        table = month.reset_index().rename(columns={"size": "days", "sum": "n"})
    found = change_points(table, cost=cost).dropna(subset=["change_low"])
    true = FIRST + pd.to_timedelta(np.cumsum(spans)[:-1], unit="D")
    if len(true) == 0:
        return [float(len(found) == 0)]
    return [
        float(any(low <= date <= high for date in true))
        for low, high in zip(found["change_low"], found["change_high"], strict=True)
    ]


def waits(rng, draw, number: int) -> pd.DataFrame:
    """Draw waits of whole days, the last one still running."""
    days = np.maximum(np.ceil(draw(rng, number)), 1).astype(int)
    still = np.zeros(number, dtype=bool)
    still[-1] = True
    days[-1] = rng.integers(0, days[-1])
    return pd.DataFrame({"days": days, "open": still})


def waiting_parameter(rng, shape, scale, number, model, parameter) -> Result:
    """Weibull shape, or rate of the exponential."""
    table = waits(rng, lambda r, k: scale * r.weibull(shape, k), number)
    found = fit_waiting(table).set_index(["model", "parameter"]).loc[(model, parameter)]
    return held(found["low"], shape if parameter == "shape" else 1 / scale, found["high"])


def hazards(rng, shape, scale, number) -> Result:
    """Daily chance of a launch day by class of the time waited."""
    table = hazard(waits(rng, lambda r, k: scale * r.weibull(shape, k), number))
    ends = np.append(table["to_days"].to_numpy()[:-1], 5000.0)
    results = []
    for low, high, first, last in zip(
        table["low"], table["high"], table["after_days"], ends, strict=True
    ):
        days = np.arange(first, last + 1)
        alive = np.exp(-((days / scale) ** shape))
        if np.isfinite(low):
            results += held(low, (alive[0] - alive[-1]) / alive[:-1].sum(), high)
    return results


def quarter_ratio(rng, mean, branching, spread, lull) -> Result:
    """Rate in the fourth quarter over the rest of the year."""
    days, truth = world(rng, mean, branching, spread, lull)
    period = {"start": FIRST, "end": DATES[-1], "coverage": False}
    if len(days) < 10:
        return []
    table = seasonality(record(days), "missiles", by="quarter", simulations=400, seed=rng, **period)
    autumn = np.bincount((DATES.quarter == 4).astype(int), weights=truth)
    length = np.bincount((DATES.quarter == 4).astype(int))
    true = autumn[1] / length[1] / (autumn[0] / length[0])
    return held(table["low"].iloc[3], true, table["high"].iloc[3])


def quarter_change(rng, mean, branching, spread, lull) -> Result:
    """Ratio of the fourth quarter's ratios before and after 2018, which is 1 here."""
    days, _ = world(rng, mean, branching, spread, lull)
    period = {"start": FIRST, "end": DATES[-1], "coverage": False}
    if len(days) < 30:
        return []
    table = season_change(record(days), "missiles", simulations=400, seed=rng, **period)
    return held(table["low"].iloc[2], 1.0, table["high"].iloc[2])


# -- worlds ----------------------------------------------------------------------------------

Job = tuple[str, str, Callable[..., Result], dict[str, object]]
_WORLDS = {
    "independent": {"mean": 14, "branching": 0.0, "spread": 0.0, "lull": 1.0},
    "bursts": {"mean": 14, "branching": 0.6, "spread": 0.0, "lull": 1.0},
    "bursts, years differ": {"mean": 14, "branching": 0.6, "spread": 0.8, "lull": 1.0},
    "bursts, years differ, lull": {"mean": 14, "branching": 0.6, "spread": 0.8, "lull": 1 / 6},
    "like the record": {"mean": 14, "branching": 0.3, "spread": 0.8, "lull": 1.0},
}
_STEPS = {
    "steps, independent": {"levels": (4, 16, 6), "years": (5, 5, 5), "branching": 0.0},
    "steps, like the record": {"levels": (5, 15, 40), "years": (6, 6, 4), "branching": 0.3},
    "pause, like the record": {"levels": (20, 2, 20), "years": (5, 3, 5), "branching": 0.3},
    "step, bursts": {"levels": (6, 40), "years": (7, 7), "branching": 0.6},
    "no change, independent": {"levels": (14,), "years": (14,), "branching": 0.0},
    "no change, bursts": {"levels": (14,), "years": (14,), "branching": 0.6},
}


def jobs() -> list[Job]:
    """List every estimator and world."""
    found: list[Job] = [("yearly rate", name, yearly_rates, w) for name, w in _WORLDS.items()]
    salvos = _WORLDS["bursts, years differ"] | {"mean": 7, "salvo": 0.5}
    found.append(("yearly rate", "bursts of salvos", yearly_rates, salvos))
    harsh = _WORLDS["bursts, years differ"]
    found.append(("yearly rate, Garwood", "bursts, years differ", plain_rates, harsh))
    for name, branching in (("independent", 0.0), ("bursts", 0.6)):
        settings = {"mean": 14, "branching": branching}
        found.append(("yearly rate, table alone", name, table_rates, settings))
    for ratio, mean, periods in ((1, 14, 14), (3, 14, 14), (6, 14, 14), (1.5, 1.2, 168)):
        settings = {"ratio": ratio, "mean": mean, "periods": periods}
        found.append(("dispersion", f"variance {ratio} x mean", dispersion_index, settings))
    for freq, cost in (("month", "poisson"), ("month", "negative_binomial"), ("day", "poisson")):
        for name, step in _STEPS.items():
            kind = "change, none invented" if len(step["levels"]) == 1 else "change date"
            settings = step | {"freq": freq, "cost": cost}
            found.append((f"{kind}, {freq}s, {cost}", name, change_dates, settings))
    for shape in (0.7, 1.0, 1.4):
        settings = {"shape": shape, "scale": 25, "number": 150}
        weibull = settings | {"model": "weibull", "parameter": "shape"}
        found.append(("Weibull shape", f"shape {shape}", waiting_parameter, weibull))
    steady = {"shape": 1.0, "scale": 25, "number": 150, "model": "exponential"}
    found.append(
        ("exponential rate", "independent", waiting_parameter, steady | {"parameter": "rate"})
    )
    for shape in (0.7, 1.0):
        settings = {"shape": shape, "scale": 25, "number": 150}
        found.append(("hazard", f"shape {shape}", hazards, settings))
    for name in ("independent", "bursts, years differ", "bursts, years differ, lull"):
        found.append(("quarter ratio", name, quarter_ratio, _WORLDS[name]))
    record_like = _WORLDS["like the record"]
    found.append(("change of quarter ratio", "like the record", quarter_change, record_like))
    return found


def run(histories: int, seed: int, n_jobs: int) -> pd.DataFrame:
    """Repeat every estimator in its worlds."""
    rows = []
    every = jobs()
    children = np.random.SeedSequence(seed).spawn(len(every))
    for (estimator, name, function, settings), child in zip(every, children, strict=True):
        tasks = [(function, each, settings) for each in child.spawn(histories)]
        results = in_parallel(one, tasks, n_jobs=n_jobs, label=f"{estimator}, {name}")
        rows.append(summarise(estimator, name, settings, results, seed))
    return pd.DataFrame(rows)


def one(function: Callable[..., Result], seed: np.random.SeedSequence, settings: dict) -> Result:
    """Simulate and judge one record."""
    return function(np.random.default_rng(seed), **settings)


def summarise(
    estimator: str, name: str, settings: dict, results: list[Result], seed: int
) -> dict[str, object]:
    """Reduce the intervals of all records to their coverage."""
    n = np.array([len(each) for each in results])
    hit = np.array([sum(each) for each in results])
    coverage = hit.sum() / max(n.sum(), 1)
    error = np.sqrt(((hit - coverage * n) ** 2).sum()) / max(n.sum(), 1)
    text = "; ".join(f"{key} {value}" for key, value in settings.items())
    return {
        "estimator": estimator,
        "world": name,
        "settings": text,
        "n_series": int((n > 0).sum()),
        "n_intervals": int(n.sum()),
        "seed": seed,
        "coverage": round(coverage, 4),
        "low": round(max(coverage - 1.96 * error, 0), 4),
        "high": round(min(coverage + 1.96 * error, 1), 4),
        "nominal": 0.95,
    }


def make(histories: int, seed: int, n_jobs: int) -> Tables:
    """Return the table of coverage."""
    return [run(histories, seed, n_jobs)]


def faults(table: pd.DataFrame) -> list[str]:
    """Return the rows of a full table that break the bounds."""
    answers = table[~table["estimator"].str.contains("Garwood|none invented")]
    out = answers["coverage"] < LEAST
    out |= (answers["coverage"] > MOST) & ~answers["estimator"].str.startswith(DISCRETE)
    return name_rows(answers[out], "estimator", "world", "coverage")


def check(committed: Tables, histories: int, seed: int, n_jobs: int) -> list[str]:
    """Return the rows that differ from the committed ones by more than chance allows."""
    again = run(histories, seed, n_jobs)
    both = beside(committed[0], again, ["estimator", "world", "settings"])
    p = both["coverage"].clip(0.02, 0.98)
    error = np.sqrt(p * (1 - p) / both["n_series_again"])
    error = np.maximum(error, (both["high_again"] - both["low_again"]) / 3.92)
    far = (both["coverage"] - both["coverage_again"]).abs() > 4 * error
    return name_rows(both[far], "estimator", "world", "coverage", "coverage_again")


PROOF = Proof(("frequency_recovery",), make, check, faults, (500, 16), of_record=False)


if __name__ == "__main__":
    from tests.proofs.runner import main

    sys.exit(main(["frequency_recovery"]))

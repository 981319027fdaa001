"""Size and coverage of the tests for links, in worlds where the truth is known.

    python -m tests.proofs links_size [--check]

Size is the share of no-effect histories with p < .10 on one side of ratio 1: the right value is
.05. Coverage is the share of histories whose 95 % interval holds the true ratio.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
from scipy import stats

from analysis.extras.parallel import in_parallel
from analysis.links.effect import measure
from analysis.links.given_recent import (
    hold_ratio,
    judge_given_recent,
    judge_score,
    recent_fit,
    with_window,
)
from analysis.links.nulls import null_values, shift_window
from analysis.links.primary import primary_null
from analysis.series.pvalues import two_sided
from analysis.series.strata import Calendar, Days, make_days
from analysis.series.windows import Chosen, cover
from tests.proofs.proof import Proof, Tables, beside, name_rows, shares_differ
from tests.proofs.support.worlds import (
    CALENDAR_WORLDS,
    DATES,
    N_DAYS,
    PAUSE,
    WORLDS,
    Settings,
    history,
    plant,
)

ADJUST = ("month", "era")
#: Tests that place windows anew: null and statistic.
TESTS = (
    ("circular_shift", "circular_shift", "new_launches"),
    ("launch_days", "circular_shift", "launch_days"),
    ("years_permuted", "years_permuted", "new_launches"),
    ("within_era", "within_era", "new_launches"),
)
TRUTHS = ((0.5, "drop"), (1.0, "none"), (2.0, "thin"), (2.0, "add"))
NAIVE = ("dates_redrawn", "coincidence_analytic", "poisson_daily", "negative_binomial_weekly")
OURS = ("event_study", *(name for name, *_ in TESTS), "regression")
#: Shares between which the size of a test must lie.
BOUNDS = {"event_study": (0.02, 0.08)}
BIASED = ("answering", "season_in_month")
ONE_SIDED = ("answering", "moratorium", "season_in_month")
#: What tells the rows of size, and of coverage, apart.
KEYS = (["world", "test", "side"], ["world", "test", "true_ratio", "planted"])
COVERAGE_BOUNDS = (0.92, 0.98)
CALENDARS: dict[str, Calendar] = {}


def calendar(world: str) -> Calendar:
    """Return the calendar of a world with its eras and its pause, made once in each process."""
    pause = PAUSE if world == "moratorium" else None
    if world not in CALENDARS:
        CALENDARS[world] = make_days(np.zeros(N_DAYS), DATES, ADJUST, moratoria=pause).calendar
    return CALENDARS[world]


def naive_tests(launches: np.ndarray, window: np.ndarray, starts: np.ndarray) -> dict:
    """Return (p, ratio) of the tests that such studies use."""
    inside, n = int((launches * window).sum()), int(launches.sum())
    exposed, outside = int(window.sum()), N_DAYS - int(window.sum())
    ratio = (inside + 0.5) / exposed / ((n - inside + 0.5) / outside)
    return {
        "dates_redrawn": (both_tails(stats.hypergeom(N_DAYS, exposed, n), inside), ratio),
        "coincidence_analytic": coincidence_analytic(launches, starts),
        "poisson_daily": (wald(ratio, 1 / (inside + 0.5) + 1 / (n - inside + 0.5)), ratio),
        "negative_binomial_weekly": weekly(launches, window),
    }


def both_tails(law: stats.rv_frozen, value: int) -> float:
    """Return min(1, 2 min(p_up, p_low)) under a discrete law."""
    return float(min(1.0, 2 * min(law.sf(value - 1), law.cdf(value))))


def wald(ratio: float, variance: float) -> float:
    """Return the two-sided normal p of a log ratio."""
    return float(2 * stats.norm.sf(abs(np.log(ratio)) / np.sqrt(variance)))


def coincidence_analytic(launches: np.ndarray, starts: np.ndarray) -> tuple[float, float]:
    """Judge the trigger rate by the binomial law of independent events (Donges et al. 2016)."""
    width = Settings().window_last + 1
    days = np.flatnonzero(launches)
    nearest = np.searchsorted(days, starts)
    padded = np.append(days, 10 * N_DAYS)
    hits = int((padded[nearest] < starts + width).sum())
    chance = 1 - (1 - width / N_DAYS) ** len(days)
    return both_tails(stats.binom(len(starts), chance), hits), hits / len(starts) / chance


def weekly(launches: np.ndarray, window: np.ndarray) -> tuple[float, float]:
    """Fit weekly counts with a negative binomial law, its spread by moments."""
    weeks = N_DAYS // 7
    counts = launches[: weeks * 7].reshape(weeks, 7).sum(axis=1)
    near = window[: weeks * 7].reshape(weeks, 7).mean(axis=1) > 0.5
    if not near.any() or near.all():
        return 1.0, 1.0
    means = np.array([max(counts[~near].mean(), 1e-3), max(counts[near].mean(), 1e-3)])
    fitted = means[near.astype(int)]
    spread = max(0.0, float((((counts - fitted) ** 2 - fitted) / fitted**2).mean()))
    sizes = np.array([(~near).sum(), near.sum()])
    variance = ((1 / means + spread) / sizes).sum()
    return wald(means[1] / means[0], variance), means[1] / means[0]


def regress(days: Days, window: np.ndarray, truth: float) -> tuple[float, float, bool]:
    """Return p and ratio of the regression, and whether its interval holds the truth."""
    bare = recent_fit(days, ADJUST)
    without = with_window(bare, window)
    whole = hold_ratio(without)
    extra, _ = judge_score(days, hold_ratio(without, 0, 0.0), 0)
    held = without if truth == 1 else hold_ratio(whole, 0, np.log(truth))
    lost = whole.log_likelihood - held.log_likelihood
    covered = 2 * lost / extra <= stats.chi2.ppf(0.95, 1)
    p_value = judge_given_recent(days, bare, window)[0]
    return p_value, float(np.exp(whole.parameters[-1])), bool(covered)


def one_history(world: str, number: int, seed: int, settings: Settings) -> tuple[list, list]:
    """Run every test on one history; return rows for size and for coverage."""
    rng = np.random.default_rng([seed, list(WORLDS).index(world), number])
    launches, second, starts = history(world, rng, settings)
    window = cover(starts, starts + settings.window_last, N_DAYS)
    if not window.any() or not launches.any():
        return [], []
    size, coverage = [], []
    for truth, how in TRUTHS:
        series = plant(launches, second, window, truth, how, rng)
        days = Days(series, calendar(world))
        shifts = shift_window(days.scores, window)
        effect = measure(days, shifts)
        coverage.append(("event_study", truth, how, effect.low <= truth <= effect.high))
        if how != "thin":
            p_regression, ratio, covered = regress(days, window, truth)
            coverage.append(("regression", truth, how, covered))
        coverage.append(("poisson_daily", truth, how, naive_covers(series, window, truth)))
        if truth == 1:
            tests = naive_tests(series, window, starts)
            for name, null, statistic in TESTS:
                p = two_sided(null_values(days, window, null, statistic=statistic))
                tests[name] = (p, effect.rate_ratio)
            tests["regression"] = (p_regression, ratio)
            timing = "calendar" if world in CALENDAR_WORLDS else "open"
            chosen = Chosen(starts, starts, 0, 0, 0, 0, n_answering=0)
            null = primary_null(days, chosen, window, timing).null
            by_rule = {"given_recent_launches": "regression"}.get(null, null)
            tests["event_study"] = tests[by_rule]
            size += [(name, *answer) for name, answer in tests.items()]
    return size, coverage


def naive_covers(series: np.ndarray, window: np.ndarray, truth: float) -> bool:
    """Say whether the plain Poisson interval of the rate ratio holds the truth."""
    inside, outside = (series * window).sum() + 0.5, (series * (1 - window)).sum() + 0.5
    ratio = inside / window.sum() / (outside / (N_DAYS - window.sum()))
    return bool(abs(np.log(ratio / truth)) <= 1.96 * np.sqrt(1 / inside + 1 / outside))


def run(histories: int, seed: int, settings: Settings, n_jobs: int = 2) -> Tables:
    """Return the tables of size and coverage."""
    tasks = [(world, number, seed, settings) for world in WORLDS for number in range(histories)]
    sizes, coverages = [], []
    done = in_parallel(one_history, tasks, n_jobs=n_jobs)
    for (world, *_), (size, coverage) in zip(tasks, done, strict=True):
        sizes += [(world, *row) for row in size]
        coverages += [(world, *row) for row in coverage]
    extra = {"seed": seed, "years": "2012-2025", **settings.columns()}
    return size_table(sizes).assign(**extra), coverage_table(coverages).assign(**extra)


def size_table(rows: list) -> pd.DataFrame:
    """Return the share of histories with p < .10 on each side of ratio 1."""
    frame = pd.DataFrame(rows, columns=["world", "test", "p_value", "rate_ratio"])
    parts = []
    for side, where in (("above", frame["rate_ratio"] > 1), ("below", frame["rate_ratio"] <= 1)):
        hit = frame.assign(share=((frame["p_value"] < 0.10) & where).astype(float))
        part = hit.groupby(["world", "test"], sort=False)["share"].agg(["mean", "size"])
        part = part.rename(columns={"mean": "share", "size": "n_histories"}).reset_index()
        part.insert(2, "side", side)
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    table.insert(2, "kind", np.where(table["test"].isin(NAIVE), "naive", "ours"))
    allowed = [allowed_size(w, t) for w, t in zip(table["world"], table["test"], strict=True)]
    table[["allowed_low", "allowed_high"]] = allowed
    table.insert(0, "question", [WORLDS[world] for world in table["world"]])
    return table


def allowed_size(world: str, test: str) -> tuple[float, float]:
    """Return the bounds a test must keep, missing where none is set."""
    low, high = BOUNDS.get(test, (np.nan, np.nan))
    # events that follow launches, or lie in a pause, can hardly seem to keep launches away
    return (0.0, high) if world in ONE_SIDED and test in BOUNDS else (low, high)


def coverage_table(rows: list) -> pd.DataFrame:
    """Return the share of histories whose 95 % interval holds the truth."""
    frame = pd.DataFrame(rows, columns=["world", "test", "true_ratio", "planted", "share"])
    keys = ["world", "test", "true_ratio", "planted"]
    table = frame.groupby(keys, sort=False)["share"].agg(["mean", "size"]).reset_index()
    table = table.rename(columns={"mean": "share", "size": "n_histories"})
    low, high = COVERAGE_BOUNDS
    # where events answer launches, or a season lies inside the month, the ratio itself is biased
    ours = (table["test"] == "event_study") & ~table["world"].isin(BIASED)
    table["allowed_low"] = np.where(ours, low, np.nan)
    table["allowed_high"] = np.where(ours, high, np.nan)
    return table


def make(histories: int, seed: int, n_jobs: int, **settings: float) -> Tables:
    """Return the tables of size and coverage."""
    return [table.round(4) for table in run(histories, seed, Settings(**settings), n_jobs)]


def faults(*tables: pd.DataFrame) -> list[str]:
    """Return the rows whose share leaves its bounds."""
    found = []
    for table, keys in zip(tables, KEYS, strict=True):
        low, high = table["allowed_low"], table["allowed_high"]
        found += name_rows(table[(table["share"] < low) | (table["share"] > high)], *keys, "share")
    return found


def check(
    committed: Tables, histories: int, seed: int, n_jobs: int, **settings: float
) -> list[str]:
    """Return the shares that differ from the committed ones by more than chance allows."""
    found = []
    again = make(histories, seed, n_jobs, **settings)
    for old, new, keys in zip(committed, again, KEYS, strict=True):
        both = beside(old, new, keys)
        found += name_rows(both[shares_differ(both, "share", "n_histories")], *keys, "share")
    return found


PROOF = Proof(
    ("links_size", "links_coverage"),
    make,
    check,
    faults,
    histories=(500, 20),
    of_record=False,
    options=Settings().columns(),
)


if __name__ == "__main__":
    from tests.proofs.runner import main

    sys.exit(main(["links_size"]))

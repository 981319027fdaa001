"""Corrupt tables in memory and ask every public function that takes launches or events.

Run as ``python -m tests.corruption_proof N [SEED]``: each of N corruptions must give the same
answer or an error that names what is wrong.
"""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

import analysis

from .corruptions import corrupt, judge

LAUNCHES, LEADERS = analysis.load_launches(), analysis.load_eras("dprk_leader")
TESTS, FIRSTS = analysis.load_events("nuclear_test"), analysis.load_published_firsts()
DAY = "2022-11-09"
YEARS: dict[str, Any] = {"start": "2021-01-01", "end": "2022-12-31"}
LONG: dict[str, Any] = {"start": "2012-01-01", "end": "2022-12-31"}
_CHEAP = {**LONG, "coverage": False}


def _compared(launches: pd.DataFrame) -> pd.DataFrame:
    """Count by two rules; the reason why one cannot be counted is an error like others."""
    table = analysis.compare_rules(launches, rules=["days", "all_days"], **YEARS)
    if table["reason"].notna().any():
        raise ValueError("; ".join(table["reason"].dropna()))
    return table


#: What is asked of launches, by the name of the public function.
OF_LAUNCHES: dict[str, Callable[[pd.DataFrame], Any]] = {
    "count": lambda f: analysis.count(f, "missiles", **YEARS),
    "count, days": lambda f: analysis.count(f, "days", **YEARS),
    "count, salvos": lambda f: analysis.count(f, "salvos", **YEARS),
    "count, cns": lambda f: analysis.count(f, "cns", **YEARS),
    "counts": lambda f: analysis.counts(f, "missiles", freq="month", **YEARS),
    "counts, by family": lambda f: analysis.counts(f, "days", freq="year", by="family", **YEARS),
    "year_to_date": lambda f: analysis.year_to_date(f, "cnn", years=[2021, 2022], as_of=DAY),
    "cumulative": lambda f: analysis.cumulative(f, "cnn", years=[2021, 2022], as_of=DAY),
    "nth": lambda f: analysis.nth(f, "missiles", 5, years=[2021, 2022]),
    "describe_count": lambda f: analysis.describe_count(f, "days", as_of=DAY),
    "compare_rules": lambda f: _compared(f),
    "launch_days": lambda f: analysis.launch_days(f, "days", **YEARS),
    "counted_rows": lambda f: len(analysis.counted_rows(f, "days", **YEARS)),
    "each_missile": lambda f: len(analysis.each_missile(f)),
    "check_launches": lambda f: len(analysis.check_launches(f)),
    "rates": lambda f: analysis.rates(f, "days", freq="year", **_CHEAP),
    "era_rates": lambda f: analysis.era_rates(f, "days", LEADERS, **_CHEAP),
    "waiting_times": lambda f: analysis.waiting_times(f, "days", **_CHEAP),
    "month_by_year": lambda f: analysis.month_by_year(f, "days", **_CHEAP),
    "hours": lambda f: analysis.hours(f, "days", **LONG),
    "event_study": lambda f: analysis.event_study(
        f, analysis.load_events("olympics"), "days", eras=analysis.load_eras(), **_CHEAP
    ),
    "olympics_table": lambda f: analysis.olympics_table(
        f, analysis.load_events("olympics"), eras=analysis.load_eras(), **_CHEAP
    ),
    "seasonality": lambda f: analysis.seasonality(f, "days", by="month", simulations=9, **_CHEAP),
    "season_change": lambda f: analysis.season_change(f, "days", simulations=9, **_CHEAP),
    "self_excitation": lambda f: analysis.self_excitation(
        f, "days", baseline="constant", **YEARS, coverage=False
    ),
    "superposed_epoch": lambda f: analysis.superposed_epoch(f, TESTS, "days", **_CHEAP),
    "coincidence": lambda f: analysis.coincidence(
        f, TESTS, "days", eras=analysis.load_eras(), **_CHEAP
    ),
    "specification_curve": lambda f: analysis.specification_curve(
        f, TESTS, rules=["days"], windows=[(0, 6)], progress=False,
        eras=analysis.load_eras(), **_CHEAP,
    ),
    "next_launch": lambda f: analysis.next_launch(f, "days", as_of=DAY, coverage=False),
    "check_firsts": lambda f: analysis.check_firsts(FIRSTS, f, TESTS),
    "database_differences": lambda f: analysis.database_differences(f),
}  # fmt: skip
#: What is asked of events.
OF_EVENTS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "check_events": lambda f: len(analysis.check_events(f)),
    "event_study, events": lambda f: analysis.event_study(LAUNCHES, f, "days", **LONG),
    "olympics_table, events": lambda f: analysis.olympics_table(LAUNCHES, f, **LONG),
    "specification_curve, events": lambda f: analysis.specification_curve(
        LAUNCHES, f, rules=["days"], windows=[(0, 6)], progress=False, **LONG
    ),
    "superposed_epoch, events": lambda f: analysis.superposed_epoch(LAUNCHES, f, "days", **LONG),
}

#: Public functions that take launches or events and are not asked yet: they take seconds a call,
#: read through one that is asked, hold two tables side by side, or take any table at all.
NOT_ASKED = {
    "as_events", "as_launches", "save_table", "passes_filter",
    "backtest", "backtest_next", "year_end", "describe_forecast", "keep_forecast", "score_kept",
    "score_published", "compare_regimes", "excitation_by_baseline", "excitation_residuals",
    "excitation_test", "global_test", "influence", "power", "regression", "retest_findings",
    "retest_rhythms", "check_article", "check_counts", "listing_delays", "proposed_rows",
    "reconcile", "explore_year_to_date",
}  # fmt: skip


def faults(n: int, seed: int = 0, *, progress: bool = True) -> tuple[Counter[str], list[str]]:
    """Ask `n` times; return how often each function was asked and what was wrong."""
    rng = np.random.default_rng(seed)
    launches = analysis.load_launches()
    launches = launches[launches["date"] >= "2012-01-01"]
    events = analysis.load_events("olympics")
    calls = [(name, call, launches) for name, call in OF_LAUNCHES.items()]
    calls += [(name, call, events) for name, call in OF_EVENTS.items()]
    expected = {name: call(table) for name, call, table in calls}
    asked: Counter[str] = Counter()
    wrong = []
    for turn in tqdm(range(n), disable=not progress):
        name, call, table = calls[turn % len(calls)]
        given, what, column = corrupt(table, rng)
        fault = judge(call, expected[name], given, what, column)
        asked[name] += 1
        if fault:
            wrong.append(f"{name}: {what} in {column or 'the table'}: {fault}")
    return asked, wrong


def main() -> int:
    """Run as asked on the command line; 1 if anything was wrong."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    warnings.simplefilter("error")
    asked, wrong = faults(n, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    for line in wrong[:50]:
        print(line)
    print(f"{asked.total():,} corruptions of {len(asked)} questions: {len(wrong)} faults")
    return bool(wrong)


if __name__ == "__main__":
    raise SystemExit(main())

"""Corrupt tables in memory and ask every public function that takes launches or events.

Run as ``python -m tests.corruption_proof N [SEED]``: each of N corruptions must give the same
answer or an error that names what is wrong.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.text import Text
from tqdm import tqdm

import analysis
from analysis import claims, counting, excitation, frequency, links, plot

from .corruptions import corrupt, judge

LAUNCHES, LEADERS = analysis.load_launches(), analysis.load_eras("dprk_leader")
TESTS, FIRSTS = analysis.load_events("nuclear_test"), analysis.load_published_firsts()
EVENTS, ERAS = analysis.load_events(), analysis.load_eras()
FORECASTS, CLAIMS = analysis.load_published_forecasts(), analysis.load_published_counts()[::12]
RHYTHM = analysis.load_published_findings().query("finding_id == 'wapo-q4'")
GAMES = analysis.load_published_findings().query("kind == 'olympics'")
PARADES = analysis.load_groups().query("group == 'parades'")
DRILLS = EVENTS[EVENTS["kind"] == "combined_command_post"]
RECENT = LAUNCHES[LAUNCHES["date"] >= "2012-01-01"]
THEIRS = RECENT.drop(RECENT.index[[5, 9]])
DAY = "2022-11-09"
YEARS: dict[str, Any] = {"start": "2021-01-01", "end": "2022-12-31"}
LONG: dict[str, Any] = {"start": "2012-01-01", "end": "2022-12-31"}
MONTHS = analysis.counts(LAUNCHES, "missiles", freq="month", **YEARS)
_CHEAP = {**LONG, "coverage": False}


def _compared(launches: pd.DataFrame) -> pd.DataFrame:
    """Count by two rules; the reason why one cannot be counted is an error like others."""
    table = analysis.compare_rules(launches, rules=["days", "all_days"], **YEARS)
    if table["reason"].notna().any():
        raise ValueError("; ".join(table["reason"].dropna()))
    return table


def _adopted(frame: pd.DataFrame) -> pd.DataFrame:
    names = {"missiles", "family", "launch_id", "date_precision", "missiles_exact", "klass"}
    given = {name: name for name in names & set(frame)}
    return analysis.as_launches(frame, date="date", **given)


def _days_of(events: pd.DataFrame) -> list[object]:
    return [*events["start"].dropna().sort_values(), *events["end"].dropna().sort_values()]


def _kept(launches: pd.DataFrame) -> str:
    """Keep a forecast in a folder that goes, and return what stands in it."""
    with tempfile.TemporaryDirectory() as folder:
        return analysis.keep_forecast(
            launches, "days", as_of=DAY, folder=folder, coverage=False
        ).read_text("utf-8")


def _saved(frame: pd.DataFrame) -> bool:
    """Whether a saved table, read again, has every row, column and word of the one saved."""
    with tempfile.TemporaryDirectory() as folder:
        path = analysis.save_table(frame, Path(folder) / "saved.csv")
        read = pd.read_csv(path, dtype="str", keep_default_na=False)
    named = frame if isinstance(frame.index, pd.RangeIndex) else frame.reset_index()
    words = frame[frame.columns[0]].dropna().astype("str").tolist()
    kept = read[str(frame.columns[0])]
    same = [word.split(" ")[0] for word in kept if word] == [word.split(" ")[0] for word in words]
    return read.shape == named.shape and same


def _said(launches: pd.DataFrame) -> str:
    """What the widget says of a year."""
    widget = analysis.explore_year_to_date(launches, rule="days", years=(2021, 2022), day="11-09")
    return str(widget.children[1].value)


def _old_name(launches: pd.DataFrame) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return analysis.retest_rhythms(launches, RHYTHM, coverage=False)


def _drawn(picture: Callable[..., Any], *tables: Any, **given: Any) -> list[str]:
    """What a picture shows: its texts, and where its lines, bars and areas stand."""
    ax = picture(*tables, ax=Figure().add_subplot(), **given)
    lines = [np.asarray(line.get_xydata(), dtype=float).round(6) for line in ax.get_lines()]
    bars = [patch.get_extents().extents.round(3) for patch in ax.patches]
    areas = [path.vertices.round(6) for c in ax.collections for path in c.get_paths()]
    texts = [text.get_text() for text in ax.findobj(Text)]
    return sorted([*texts, *(str(part.tolist()) for part in (*lines, *bars, *areas))])


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
    "listing_delays": lambda f: analysis.listing_delays(f),
    "as_launches": lambda f: analysis.count(_adopted(f), "days", **YEARS),
    "check_counts": lambda f: analysis.check_counts(CLAIMS, f),
    "check_article": lambda f: analysis.check_article(f, EVENTS),
    "retest_findings": lambda f: analysis.retest_findings(
        f, findings=RHYTHM, histories=20, progress=False, coverage=False
    ),
    "reconcile": lambda f: analysis.reconcile(f, THEIRS),
    "reconcile, theirs": lambda f: analysis.reconcile(THEIRS, f),
    "proposed_rows": lambda f: analysis.proposed_rows(f, THEIRS, analysis.reconcile(f, THEIRS)),
    "proposed_rows, theirs": lambda f: analysis.proposed_rows(
        THEIRS, f, analysis.reconcile(THEIRS, f)
    ),
    "year_end": lambda f: analysis.year_end(f, "days", as_of=DAY, coverage=False),
    "describe_forecast": lambda f: analysis.describe_forecast(
        f, "days", as_of=DAY, coverage=False
    ),
    "keep_forecast": lambda f: _kept(f),
    "backtest": lambda f: analysis.backtest(
        f, "days", years=[2021], models=["pro_rata"], progress=False, coverage=False
    ),
    "backtest_next": lambda f: analysis.backtest_next(
        f, "days", years=[2021], within=[7], coverage=False
    ),
    "score_kept": lambda f: analysis.score_kept(f, coverage=False),
    "score_published": lambda f: analysis.score_published(f, FORECASTS),
    "excitation_by_baseline": lambda f: analysis.excitation_by_baseline(
        f, "days", baselines=["constant"], **YEARS, coverage=False
    ),
    "excitation_residuals": lambda f: analysis.excitation_residuals(
        f, "days", baseline="constant", simulations=3, progress=False, **YEARS, coverage=False
    ),
    "excitation_test": lambda f: analysis.excitation_test(
        f, "days", rivals=["years"], baseline="constant", simulations=3, progress=False,
        **YEARS, coverage=False,
    ),
    "compare_regimes": lambda f: analysis.compare_regimes(
        f, "days", models=("one rate",), progress=False, **YEARS, coverage=False
    ),
    "regression": lambda f: analysis.regression(f, TESTS, "days", eras=ERAS, **_CHEAP),
    "influence": lambda f: analysis.influence(
        f, TESTS, "days", leave="event", eras=ERAS, **_CHEAP
    ),
    "global_test": lambda f: analysis.global_test(
        f, EVENTS, "days", by="category", eras=ERAS, **_CHEAP
    ),
    "power": lambda f: analysis.power(
        f, TESTS, "days", histories=20, progress=False, eras=ERAS, **_CHEAP
    ),
    "dose_response": lambda f: links.dose_response(
        f, DRILLS, "days", during=True, eras=ERAS, **_CHEAP
    ),
    "save_table": lambda f: _saved(f),
    "explore_year_to_date": lambda f: _said(f),
    "retest_rhythms": lambda f: _old_name(f),
    "article_days": lambda f: claims.article_days(f, n=5, rules=["days"], years=[2021, 2022]),
    "article_settings": lambda f: claims.article_settings(f, EVENTS, rules=["days"]),
    "beside_naive": lambda f: claims.beside_naive(f, EVENTS, PARADES),
    "fits_all": lambda f: claims.fits_all(f),
    "nearest_launches": lambda f: claims.nearest_launches(f, top=3),
    "when_reached": lambda f: counting.when_reached(f, 5, year=2022, rules=["days"]),
    "excitation_profile": lambda f: excitation.excitation_profile(
        f, "days", baseline="constant", points=3, **YEARS, coverage=False
    ),
    "burstiness": lambda f: frequency.burstiness(f, "days", **_CHEAP),
    "launch_calendar": lambda f: frequency.launch_calendar(f, "days", **YEARS),
    "plot_years": lambda f: _drawn(
        plot.plot_years, analysis.counts(f, "days", freq="year", by="family", **YEARS)
    ),
    "plot_year_to_date": lambda f: _drawn(
        plot.plot_year_to_date, analysis.cumulative(f, "cnn", years=[2021, 2022], as_of=DAY)
    ),
    "plot_calendar": lambda f: _drawn(
        plot.plot_calendar, frequency.launch_calendar(f, "days", **YEARS)
    ),
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
    "as_events": lambda f: _days_of(
        analysis.as_events(f, start="start", end="end", category="category")
    ),
    "coincidence, events": lambda f: analysis.coincidence(LAUNCHES, f, "days", **LONG),
    "regression, events": lambda f: analysis.regression(LAUNCHES, f, "days", **LONG),
    "influence, events": lambda f: analysis.influence(
        LAUNCHES, f, "days", leave="event", **LONG
    ).sort_values(["left_out", "rate_ratio"]),
    "global_test, events": lambda f: analysis.global_test(
        LAUNCHES, f, "days", by="kind", **LONG
    ),
    "power, events": lambda f: analysis.power(
        LAUNCHES, f, "days", histories=20, progress=False, **LONG
    ),
    "check_firsts, events": lambda f: analysis.check_firsts(FIRSTS, LAUNCHES, f),
    "check_article, events": lambda f: analysis.check_article(LAUNCHES, f),
    "article_settings, events": lambda f: claims.article_settings(LAUNCHES, f, rules=["days"]),
    "beside_naive, events": lambda f: claims.beside_naive(LAUNCHES, f, PARADES),
    "retest_findings, events": lambda f: analysis.retest_findings(
        LAUNCHES, f, findings=GAMES, histories=20, progress=False
    ),
    "dose_response, events": lambda f: links.dose_response(
        LAUNCHES, f, "days", during=True, **LONG
    ),
    "save_table, events": lambda f: _saved(f),
    "passes_filter": lambda f: analysis.passes_filter(
        analysis.check_events(f), 'category == "olympics" and start < "2018-01-01"'
    ).sum(),
    "event_sets": lambda f: {name: len(part) for name, part in links.event_sets(f).items()},
    "plot_timeline": lambda f: _drawn(plot.plot_timeline, MONTHS, f),
    "describe_timeline": lambda f: plot.describe_timeline(
        MONTHS, f, last_day=pd.Timestamp("2022-12-31")
    ),
}  # fmt: skip

#: Functions of the package and its rooms that take such a table and are not asked, and why.
NOT_ASKED = {
    "make_tally": "takes what `ready` has checked; `count` asks both",
    "passes": "takes what `ready` has checked; `count` asks both",
    "ready": "is the check itself, for a rule; `count` asks it",
    "coverage_of": "reads no column",
    "naive_p": "takes a design; `beside_naive` asks it",
    "report_of": "takes what a reader of upstream files returned",
    "rows_of": "takes what a reader of upstream files returned",
    "write_archive": "takes days, for made-up news",
}
#: Questions that need more than a few years or one kind of events.
OF_ALL = {
    "score_published": LAUNCHES,
    "dose_response, events": DRILLS,
    **dict.fromkeys(
        ("check_article, events", "article_settings, events", "beside_naive, events"), EVENTS
    ),
}


def faults(n: int, seed: int = 0, *, progress: bool = True) -> tuple[Counter[str], list[str]]:
    """Ask `n` times; return how often each function was asked and what was wrong."""
    rng = np.random.default_rng(seed)
    events = analysis.load_events("olympics")
    calls = [(name, call, OF_ALL.get(name, RECENT)) for name, call in OF_LAUNCHES.items()]
    calls += [(name, call, OF_ALL.get(name, events)) for name, call in OF_EVENTS.items()]
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
            tqdm.write(wrong[-1])
    return asked, wrong


def main() -> int:
    """Run as asked on the command line; 1 if anything was wrong."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    warnings.simplefilter("error")
    asked, wrong = faults(n, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    print(f"{asked.total():,} corruptions of {len(asked)} questions: {len(wrong)} faults")
    return bool(wrong)


if __name__ == "__main__":
    raise SystemExit(main())

"""Published findings about launches and events, held against the record with honest tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..counting import RULES, Coverage, launch_days
from ..extras import library
from ..links.power import power
from ..links.studied import SINCE, UNTIL, study_groups
from ..links.study import event_study
from ..record.filters import passes_filter
from ..series.days import day_numbers
from ..series.eras import load_eras_or
from ..series.strata import read_days
from ..series.windows import DURING, Window, choose, coverage_spans, mark, reaches_before

RULE = "days"
#: A test that misses a doubling (halving) four times in five has too little power to deny a link.
DOUBLED, HALVED = 2.0, 0.5
KINDS = ("drill", "talks", "election", "anniversary", "olympics")
COLUMNS = (
    "finding_id",
    "who",
    "kind",
    "scope",
    "period_start",
    "period_end",
    "stated",
    "found",
    "compared",
    "n_events",
    "observed",
    "expected",
    "naive_p",
    "effect",
    "low",
    "high",
    "p_value",
    "p_years_permuted",
    "detectable_above",
    "detectable_below",
    "reason",
    "verdict",
)


@dataclass(frozen=True)
class Retest:
    """How a finding is put to the record."""

    #: Row of the groups table.
    group: str
    #: What is compared, in words.
    compared: str
    #: Which side the finding claims: 1 more launch days, -1 fewer, 0 no difference.
    side: int
    window: Window = (0, 14)
    during: bool = False
    #: Why the finding's own number or period cannot be had, if so.
    reason: str = ""
    #: Whether the finding's own period can carry a test.
    own: bool = True
    describe: Callable[[pd.Series, pd.DataFrame, pd.DataFrame], str] | None = None


def retest_findings(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    findings: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    histories: int = 200,
    seed: int = 0,
    n_jobs: int = 1,
    progress: bool = True,
    eras: pd.DataFrame | None = None,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Test each published finding about events again, over its own period and the whole record.

    Parameters
    ----------
    launches, events, findings, groups : DataFrame
        Tables like `load_launches()`, `load_events()`, `load_published_findings()` and
        `load_groups()`. Findings of other kinds than `KINDS` are left to other functions.
    histories, seed, n_jobs, progress
        For `power`.
    eras, coverage : DataFrame, optional
        As in `event_study`.

    Returns
    -------
    DataFrame
        Two rows a finding: ``finding_id``, ``who``, ``kind``, ``scope`` ("own period" or "whole
        record"), ``period_start``, ``period_end`` (as tested: cut to what the record covers),
        ``stated``, ``found`` (the finding's number on this record, where it can be had),
        ``compared`` (what with what), ``n_events``, ``observed``, ``expected`` (launch days),
        ``naive_p`` (launch dates redrawn at random, as such studies do), ``effect`` (rate ratio)
        with ``low`` and ``high``, ``p_value``, ``p_years_permuted``, ``detectable_above``,
        ``detectable_below`` (see `power`), ``reason`` (why a number or period cannot be had;
        missing otherwise), ``verdict`` (one sentence).

    Raises
    ------
    ValueError
        If a finding of these kinds is not known here, or a table lacks what it needs.

    Examples
    --------
    >>> from analysis import (
    ...     load_events, load_groups, load_launches, load_published_findings)
    >>> findings = load_published_findings()
    >>> table = retest_findings(
    ...     load_launches(), load_events(), findings[findings["kind"] == "olympics"],
    ...     load_groups(), histories=20, progress=False)
    >>> table["scope"].tolist()
    ['own period', 'whole record']
    """
    chosen = findings[findings["kind"].isin(KINDS)]
    unknown = sorted(set(chosen["finding_id"]) - set(RETESTS))
    if unknown:
        raise ValueError(f"no test is known for the finding(s) {', '.join(unknown)}")
    joblib, tqdm = library("joblib"), library("tqdm.auto").tqdm
    options = {"eras": load_eras_or(eras), "coverage": coverage}
    simulation = {"histories": histories, "seed": seed}
    tasks = [
        (finding, RETESTS[finding["finding_id"]], scope)
        for finding in chosen.to_dict("records")
        for scope in ("own period", "whole record")
    ]
    done = joblib.Parallel(n_jobs=n_jobs, return_as="generator")(
        joblib.delayed(_retest)(
            launches, _group(events, groups, test.group), test, finding, scope, options, simulation
        )
        for finding, test, scope in tasks
    )
    rows = list(tqdm(done, total=len(tasks), disable=not progress))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _retest(
    launches: pd.DataFrame,
    group: pd.DataFrame,
    test: Retest,
    finding: dict[str, Any],
    scope: str,
    options: dict[str, Any],
    simulation: dict[str, Any],
) -> dict[str, Any]:
    """Return one row: a finding over its own period or the whole record."""
    row = _describe(finding, test, scope)
    row |= _tested(launches, group, test, finding, scope, options, simulation)
    row["verdict"] = verdict(row, test.side)
    return row


def _group(events: pd.DataFrame, groups: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the events of a named group."""
    filters = groups.loc[groups["group"] == name, "filter"]
    if filters.empty:
        raise ValueError(f"the table of groups lacks {name!r}")
    return events[passes_filter(events, filters.iloc[0])]


def _describe(finding: dict[str, Any], test: Retest, scope: str) -> dict[str, Any]:
    """Return what a row says before anything is computed."""
    return {
        "finding_id": finding["finding_id"],
        "who": finding["who"],
        "kind": finding["kind"],
        "scope": scope,
        "stated": f"{finding['claim']} ({finding['number']})",
        "compared": test.compared,
        "reason": test.reason or pd.NA,
    }


def _period(
    finding: dict[str, Any], scope: str, covered: tuple[pd.Timestamp, pd.Timestamp]
) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """Return the period to test, cut to what is covered; None if the finding states none."""
    if scope == "whole record":
        return covered
    if not isinstance(finding["period"], str) or "/" not in finding["period"]:
        return None
    first, last = (pd.Timestamp(day) for day in finding["period"].split("/"))
    return max(first, covered[0]), min(last, covered[1])


def _covered(group: pd.DataFrame, coverage: Coverage) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the days on which the record speaks of launches and of the group's events."""
    spans = coverage_spans(
        coverage, families=RULES[RULE].families, categories=group["category"].unique()
    )
    return spans["start"].max(), spans["end"].min()


def _tested(
    launches: pd.DataFrame,
    group: pd.DataFrame,
    test: Retest,
    finding: dict[str, Any],
    scope: str,
    options: dict[str, Any],
    simulation: dict[str, Any],
) -> dict[str, Any]:
    """Return the numbers of one finding over one period."""
    period = _period(finding, scope, _covered(group, options["coverage"]))
    if period is None:
        return {"reason": "the period is not stated in what could be read"}
    first, last = period
    row: dict[str, Any] = {"period_start": first, "period_end": last}
    counted = launch_days(launches, RULE, start=first, end=last, coverage=options["coverage"])
    inside = group[(group["start"] >= first) & (group["start"] <= last)]
    if test.describe is not None:
        row["found"] = test.describe(counted, inside, options["eras"])
    row["naive_p"] = naive_p(launches, group, test, period, options)
    if scope == "own period" and not test.own:
        return row
    asked: dict[str, Any] = {
        "window": test.window,
        "during": test.during,
        "start": first,
        "end": last,
    }
    answer = event_study(launches, group, RULE, **asked, **options).iloc[0]
    names = ("n_events", "observed", "expected", "low", "high", "p_value", "p_years_permuted")
    row |= {name: answer[name] for name in names}
    row["effect"] = answer["rate_ratio"]
    seen = power(launches, group, RULE, **asked, **options, **simulation, progress=False).iloc[0]
    return row | {name: seen[name] for name in ("detectable_above", "detectable_below")}


def naive_p(
    launches: pd.DataFrame,
    group: pd.DataFrame,
    test: Retest,
    period: tuple[pd.Timestamp, pd.Timestamp],
    options: dict[str, Any],
) -> float:
    """Return the two-sided p of launch dates redrawn at random over the period.

    Redrawing n launch days among all days puts a hypergeometric number of them in the windows.
    It takes launches for independent and seasons for chance, so it cries wolf.
    """
    days = read_days(launches, RULE, start=period[0], end=period[1], **options)
    window: Window = DURING if test.during else test.window
    chosen = choose(group, days.bounds, before=reaches_before(window))
    marks = mark(chosen, window, days.n_days)
    law = library("scipy.stats").hypergeom(days.n_days, int(marks.sum()), int(days.launches.sum()))
    hits = round(float((marks * days.launches).sum()))
    return float(min(1.0, 2 * min(law.sf(hits - 1), law.cdf(hits))))


def verdict(row: dict[str, Any], side: int) -> str:
    """Say in one sentence what the test means for the finding.

    Parameters
    ----------
    row : dict
        `effect`, `low`, `high`, `p_value`, `detectable_above`, `detectable_below`, `reason`.
    side : int
        What the finding claims: 1 more launch days, -1 fewer, 0 no difference.
    """
    if pd.isna(row.get("p_value", np.nan)):
        reason = row.get("reason")
        return f"Cannot be tested: {reason if isinstance(reason, str) else 'nothing to compare'}."
    ratio, p = float(row["effect"]), float(row["p_value"])
    numbers = (
        f"launch days were {_number(ratio)} times as frequent as outside ({_number(row['low'])} "
        f"to {_number(row['high'])}; {_p_values(row)})"
    )
    above, below = row["detectable_above"], row["detectable_below"]
    if p < 0.05:
        seen = 1 if ratio > 1 else -1
        word = "Agrees" if seen == side else "Disagrees"
        years = row.get("p_years_permuted", np.nan)
        only = ", but only against shifts of the record" if years >= 0.05 else ""
        return f"{word} with the finding, as an association{only}: {numbers}."
    limits = _limits(above, below)
    weak_above, weak_below = not above <= DOUBLED, not below >= HALVED
    weak = {1: weak_above, -1: weak_below, 0: weak_above or weak_below}[side]
    if weak:
        return f"Too little power to tell: {limits}; {numbers}."
    head = "Agrees with the finding" if side == 0 else "Not borne out"
    return f"{head}: {numbers}; {limits}."


def _p_values(row: dict[str, Any]) -> str:
    """Print the p-values of both nulls."""
    years = row.get("p_years_permuted", np.nan)
    text = f"p = {row['p_value']:.3f}"
    return text if pd.isna(years) else f"{text}, with whole years permuted {years:.3f}"


def _limits(above: float, below: float) -> str:
    """Say which ratios would have been found."""
    up = "no ratio up to ten" if pd.isna(above) else f"a ratio of {above:.1f} or more"
    low = (
        "even no launch at all would be missed"
        if pd.isna(below)
        else f"one of {below:.2f} or less as well"
    )
    return f"the test would find {up} four times in five, and {low}"


def _number(ratio: float) -> str:
    """Print a ratio."""
    return "infinitely many" if np.isinf(ratio) else f"{ratio:.2f}"


def _gap_days(counted: pd.Series, events: pd.DataFrame) -> np.ndarray:
    """Return the days from each event to the nearest launch day."""
    launched, at = day_numbers(counted), day_numbers(events["start"])
    if not len(launched) or not len(at):
        return np.array([])
    return np.abs(at[:, None] - launched[None, :]).min(axis=1)


def _near_elections(counted: pd.Series, events: pd.DataFrame, eras: pd.DataFrame) -> str:
    """Say how near launch days came to elections under each leader in Pyongyang."""
    if not len(counted) or not len(events):
        return "no vote or no launch in the period"
    parts = []
    leaders = eras[eras["kind"] == "dprk_leader"].sort_values("start")
    for era in leaders.to_dict("records"):
        under = events[events["start"].between(era["start"], era["end"])]
        gaps = _gap_days(counted, under)
        if len(gaps):
            parts.append(f"{gaps.mean() / 7:.1f} weeks under {era['name']} ({len(gaps)} votes)")
    return "mean distance to the nearest launch day " + ", ".join(parts)


def _near_south_korean_elections(
    counted: pd.Series, events: pd.DataFrame, eras: pd.DataFrame
) -> str:
    """Say how near launch days came to South Korean elections."""
    presidential = events[events["kind"] == "rok_presidential"]
    every, some = _gap_days(counted, events), _gap_days(counted, presidential)
    if not len(every):
        return "no election in the period"
    text = f"mean distance of {len(every)} votes to the nearest launch day {every.mean():.1f} days"
    return text + (f", of {len(some)} presidential ones {some.mean():.1f}" if len(some) else "")


def _on_holidays(counted: pd.Series, events: pd.DataFrame, eras: pd.DataFrame) -> str:
    """Count launch days on US holidays."""
    launched = day_numbers(counted)
    memorial = day_numbers(events.loc[events["kind"] == "us_memorial_day", "start"])
    fourth = day_numbers(events.loc[events["kind"] == "us_independence_day", "start"])
    weekend = np.isin(launched, (memorial[:, None] - np.arange(3)).ravel()).sum()
    days = np.isin(launched, day_numbers(events["start"])).sum()
    return (
        f"launch days: {weekend} on Memorial Day weekends, {np.isin(launched, fourth).sum()} on "
        f"4 July, {days} on any of these holidays by the US date of the holiday"
    )


def _counts_with_talks(counted: pd.Series, events: pd.DataFrame, eras: pd.DataFrame) -> str:
    """Count talks and launch days in the stretches that the finding names."""
    parts = []
    for first, last in (("1993-01-01", "1994-07-31"), ("2017-02-01", "2017-09-30")):
        talks = events["start"].between(first, last).sum()
        days = counted.between(first, last).sum()
        parts.append(f"{first[:7]} to {last[:7]}: {talks} meetings listed, {days} launch days")
    return "; ".join(parts)


def _olympic_pause(counted: pd.Series, events: pd.DataFrame, eras: pd.DataFrame) -> str:
    """Count launch days before and during the Games of 2022."""
    january = counted.between("2022-01-01", "2022-01-30").sum()
    pause = counted.between("2022-01-31", "2022-02-26").sum()
    return (
        f"{january} launch days from 1 to 30 January 2022, {pause} from 31 January to 26 February"
    )


_NO_NUMBER = "the finding states no number"
RETESTS: dict[str, Retest] = {
    "csis-drills": Retest(
        "main_drills", "days of main drills against other days", 0, during=True, reason=_NO_NUMBER
    ),
    "dorazio-2012": Retest(
        "main_drills", "days of main drills against other days", 0, during=True, reason=_NO_NUMBER
    ),
    "bernhardt-sukin-2021": Retest(
        "main_drills", "days of main drills against other days", 1, during=True, reason=_NO_NUMBER
    ),
    "csis-negotiations": Retest(
        "talks_us",
        "30 days from the start of meetings with the US against other days",
        -1,
        window=(0, 29),
        reason="the meetings listed here are a sample, so the finding's counts cannot be had",
        describe=_counts_with_talks,
    ),
    "lee-2023": Retest(
        "talks_china",
        "30 days from the start of meetings with China against other days",
        -1,
        window=(0, 29),
        reason=_NO_NUMBER,
    ),
    "csis-elections": Retest(
        "us_elections",
        "four weeks before and after US votes against other days",
        1,
        window=(-28, 28),
        reason="the record starts in 1984, so votes under Kim Il Sung are mostly missing",
        describe=_near_elections,
    ),
    "cha-rok-elections": Retest(
        "rok_elections",
        "two weeks before and after South Korean votes against other days",
        1,
        window=(-14, 14),
        describe=_near_south_korean_elections,
    ),
    "webb-holidays": Retest(
        "nk_anniversaries",
        "North Korean anniversaries and the days next to them against other days",
        0,
        window=(-1, 1),
    ),
    "cha-us-holidays": Retest(
        "us_holidays",
        "US holidays and the days next to them against other days",
        1,
        window=(-1, 1),
        reason="the finding does not say which holidays make its total of 21",
        describe=_on_holidays,
    ),
    "press-olympic-pause": Retest(
        "olympic_games",
        "days of Olympic Games against other days",
        -1,
        during=True,
        own=False,
        reason="eight weeks around a single Games hold nothing to compare with",
        describe=_olympic_pause,
    ),
}


def olympics_table(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    *,
    rule: str = RULE,
    start: str = "1984-01-01",
    end: str | pd.Timestamp | None = None,
    eras: pd.DataFrame | None = None,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Hold launch days inside each Olympic Games and truce against expectation.

    Parameters
    ----------
    launches, events : DataFrame
        Tables like `load_launches()` and `load_events()`.
    rule : str
        What counts as a launch.
    start, end : date-like
        Period; to the last day covered by default.
    eras, coverage : DataFrame, optional
        As in `event_study`.

    Returns
    -------
    DataFrame
        One row a Games, Paralympics or truce of day precision, whatever its confidence:
        ``event_id``, ``title``, ``kind``, ``start``, ``end``, ``confidence``, ``days``,
        ``observed`` and ``expected`` launch days (the latter from the rate of the month in the
        era), ``chance_of_none`` (share of all shifts of the record by which no launch day would
        fall inside).

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> games = olympics_table(load_launches(), load_events("olympics"))
    >>> games.loc[games["event_id"].str.contains("winter-olympics-beijing"), "observed"].tolist()
    [0]
    """
    kinds = ("summer_games", "winter_games", "summer_paralympics", "winter_paralympics",
             "olympic_truce")  # fmt: skip
    games = events[events["kind"].isin(kinds) & (events["precision"] == "day")]
    if end is None:
        end = _covered(games, coverage)[1]
    days = read_days(launches, rule, start=start, end=end, eras=eras, coverage=coverage)
    bounds = days.bounds
    games = games[(games["start"] >= bounds[0]) & (games["end"] <= bounds[1])]
    if not len(games):
        raise ValueError("the group of events is empty: no Games in the period")
    zero = day_numbers(pd.Series(bounds))[0]
    twice = np.concatenate([[0.0], np.cumsum(np.tile(days.launches, 2))])
    rows = []
    for game in games.itertuples():
        first, last = day_numbers(pd.Series([game.start, game.end])) - zero
        length = last - first + 1
        everywhere = twice[length : length + days.n_days] - twice[: days.n_days]
        rows.append(
            {
                "event_id": game.event_id,
                "title": game.title,
                "kind": game.kind,
                "start": game.start,
                "end": game.end,
                "confidence": game.confidence,
                "days": int(length),
                "observed": round(float(days.launches[first : last + 1].sum())),
                "expected": float(days.expected[first : last + 1].sum()),
                "chance_of_none": float((everywhere < 0.5).mean()),
            }
        )
    return pd.DataFrame(rows).sort_values(["start", "kind"], ignore_index=True)


def beside_naive(
    launches: pd.DataFrame, events: pd.DataFrame, groups: pd.DataFrame
) -> pd.DataFrame:
    """Put the wrong answer beside the right one: launch dates redrawn at random, and our tests.

    Parameters
    ----------
    launches, events, groups : DataFrame
        Tables like `load_launches()`, `load_events()` and `studied_groups()`.

    Returns
    -------
    DataFrame
        One row a group, for day 0 to 14: ``group``, ``n_events``, ``rate_ratio``, ``naive_p``,
        and from `study_groups` ``p_value``, ``p_years_permuted``, ``p_adjusted``.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> from analysis.links.studied import studied_groups
    >>> two = studied_groups().head(2)
    >>> beside_naive(load_launches(), load_events(), two)["group"].tolist()
    ['command_post_drills', 'field_drills']
    """
    table = study_groups(launches, events).set_index("group").loc[groups["group"]].reset_index()
    period = (pd.Timestamp(SINCE), pd.Timestamp(UNTIL))
    table["naive_p"] = [
        naive_p(launches, events[passes_filter(events, text)], Retest(name, "", 0), period, {})
        for name, text in zip(groups["group"], groups["filter"], strict=True)
    ]
    shown = ["group", "n_events", "rate_ratio", "naive_p", "p_value", "p_years_permuted"]
    return table[[*shown, "p_adjusted"]]

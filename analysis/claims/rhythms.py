"""Published findings about the rhythm of launches, held against the record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..counting import Coverage, launch_days, period_bounds, resolve_rule
from ..excitation.profile import self_excitation
from ..extras import library
from ..frequency.season import seasonality
from ..record.load import last_day
from ..series.days import daily, year_code
from ..series.pvalues import generator

KINDS = ("season", "weekday", "self_excitation")
COLUMNS = [
    *("finding_id", "who", "kind", "scope", "period_start", "period_end", "stated", "found"),
    *("compared", "observed", "expected", "naive_p", "effect", "low", "high", "p_value"),
    *("p_years_permuted", "detectable_above", "detectable_below", "reason", "verdict"),
]
_BATCH = 250  # simulations at a time, for the sake of memory
_SOON = 14  # days in which a launch counts as recent
_HINT = 0.3  # above this p-value the record is not even said to point anywhere


class _Test(NamedTuple):
    """How a finding is put to the record, and which side it claims."""

    rule: str
    compared: str
    side: int  # 1 more launches, -1 fewer
    look: Callable[..., dict[str, Any]]


def retest_rhythms(
    launches: pd.DataFrame,
    findings: pd.DataFrame,
    *,
    simulations: int = 5000,
    level: float = 0.95,
    seed: int | np.random.Generator = 0,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Test the published findings on season, weekday and self-excitation again.

    Parameters
    ----------
    launches : DataFrame
        One row a launch.
    findings : DataFrame
        As from `load_published_findings`; only kinds season, weekday and self_excitation.
    simulations : int
        Simulated records for each test.
    level : float
        Confidence level.
    seed : int or Generator
        Source of randomness.
    coverage : DataFrame, False or None
        As in `counts`.

    Returns
    -------
    DataFrame
        Two rows a finding: ``finding_id``, ``who``, ``kind``, ``scope`` ("own period" or
        "since then"), ``period_start``, ``period_end``, ``stated`` (claim and number),
        ``found`` (the same number on this record), ``compared`` (what the effect compares),
        ``observed``, ``expected``, ``naive_p`` (launches taken as independent), ``effect``
        (rate ratio, or branching ratio) with ``low`` and ``high``, ``p_value`` (two-sided,
        bursts kept: whole years moved round; for self-excitation launch days redrawn within
        their years), ``p_years_permuted`` (for weekdays), ``detectable_above``,
        ``detectable_below`` (missing here), ``reason``, ``verdict``.

    Raises
    ------
    ValueError
        As `counts`, and for a finding of these kinds that has no test.

    Examples
    --------
    >>> from analysis import load_launches, load_published_findings
    >>> table = retest_rhythms(load_launches(), load_published_findings(), simulations=100)
    >>> table["scope"].unique().tolist()
    ['own period', 'since then']
    """
    rng = generator(seed)
    chosen = findings[findings["kind"].isin(KINDS)]
    unknown = sorted(set(chosen["finding_id"]) - set(_TESTS))
    if unknown:
        raise ValueError(
            f"no test for the finding(s) {', '.join(unknown)}: expected {', '.join(_TESTS)}"
        )
    rows = []
    for finding in chosen.to_dict("records"):
        test = _TESTS[finding["finding_id"]]
        for scope, start, end in _scopes(finding["period"]):
            options = {"start": start, "end": end, "coverage": coverage}
            row = {
                "finding_id": finding["finding_id"],
                "who": finding["who"],
                "kind": finding["kind"],
                "scope": scope,
                "period_start": start,
                "period_end": end,
                "stated": f"{finding['claim']}: {finding['number']}",
                "compared": test.compared,
                "p_years_permuted": np.nan,
                "detectable_above": np.nan,
                "detectable_below": np.nan,
                "reason": "",
            }
            row |= test.look(launches, test.rule, simulations, level, rng, options)
            row["verdict"] = _verdict(row, test.side)
            rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS)


def _scopes(period: str) -> list[tuple[str, pd.Timestamp, pd.Timestamp]]:
    """Return the finding's own period and the years since."""
    start, end = period_bounds(*period.split("/"))
    after = end + pd.Timedelta(days=1)
    return [("own period", start, end), ("since then", after, last_day())]


def _fourth_quarter(
    launches: pd.DataFrame,
    rule: str,
    simulations: int,
    level: float,
    rng: np.random.Generator,
    options: dict[str, Any],
) -> dict[str, Any]:
    """Look at the fourth quarter."""
    table = seasonality(
        launches, rule, by="quarter", simulations=simulations, level=level, seed=rng, **options
    )
    n, days = table["n"].to_numpy(), table["days"].to_numpy()
    mean = n / days * 365.25 / 4
    unit = {"missile": "missiles", "day": "launch days"}[resolve_rule(rule).unit]
    found = (
        f"{n[3]} of {n.sum()} {unit} in October to December; mean per quarter "
        f"{'/'.join(f'{value:.1f}' for value in mean)}"
    )
    return _from_part(table, 3) | {"found": found}


def _from_part(table: pd.DataFrame, part: int) -> dict[str, Any]:
    """Return what a row of `seasonality` says, with the binomial p-value beside it."""
    row = table.iloc[part]
    total = int(table["n"].sum())
    upto = library("scipy.special").bdtr  # the binomial distribution function
    n, share = float(row["n"]), float(row["expected"]) / total
    more = 1 - upto(n - 1, total, share) if n else 1.0
    naive = min(1.0, 2 * min(upto(n, total, share), more))
    kept = {name: float(row[name]) for name in ("expected", "low", "high")}
    return kept | {
        "observed": n,
        "naive_p": float(naive),
        "effect": float(row["rate_ratio"]),
        "p_value": float(row["p_value"]),
        "p_years_permuted": float(row["p_years_permuted"]),
    }


def _monday(
    launches: pd.DataFrame,
    rule: str,
    simulations: int,
    level: float,
    rng: np.random.Generator,
    options: dict[str, Any],
) -> dict[str, Any]:
    """Look at Mondays, by Korean date, and by the date in Washington in words."""
    options = options | {"simulations": simulations, "level": level, "seed": rng}
    table = seasonality(launches, rule, by="weekday", **options)
    there = seasonality(launches, rule, by="weekday", calendar="America/New_York", **options)
    rest = table.iloc[1:].sort_values("n", ascending=False).iloc[0]
    found = (
        f"{table['n'].iloc[0]} launch days on Mondays, {rest['n']} on {rest['label']}s, the "
        f"most common other day; by the date in Washington {there['n'].iloc[0]} on Mondays and "
        f"{there['n'].iloc[6]} on Sundays of {there['n'].sum()}"
    )
    return _from_part(table, 0) | {"found": found}


def _after_launch(
    launches: pd.DataFrame,
    rule: str,
    simulations: int,
    level: float,
    rng: np.random.Generator,
    options: dict[str, Any],
) -> dict[str, Any]:
    """Look at launch days that follow another within two weeks."""
    fit = self_excitation(launches, rule, baseline="years", level=level, **options)
    branching = fit[fit["parameter"] == "branching_ratio"].iloc[0]
    days, n = daily(launches, rule, **options)
    year = year_code(days)
    seen = int(_soon(np.flatnonzero(n)))
    within = _redrawn(n > 0, year, simulations, rng)
    anywhere = _redrawn(n > 0, year * 0, simulations, rng)
    count = len(launch_days(launches, rule, **options))
    found = (
        f"{seen} of {count} launch days came within {_SOON} days of another; launch days "
        f"redrawn within their years give {within.mean():.0f} on average"
    )
    return {
        "found": found,
        "observed": float(seen),
        "expected": float(within.mean()),
        "naive_p": _two_sided(anywhere, seen),
        "effect": float(branching["estimate"]),
        "low": float(branching["low"]),
        "high": float(branching["high"]),
        "p_value": _two_sided(within, seen),
    }


def _soon(places: np.ndarray) -> np.ndarray:
    """Count launch days with another in the days before, along the last axis."""
    return (np.diff(places, axis=-1) <= _SOON).sum(axis=-1)


def _redrawn(
    mask: np.ndarray, year: np.ndarray, simulations: int, rng: np.random.Generator
) -> np.ndarray:
    """Redraw launch days within their years and count those that follow soon."""
    counted = []
    for begin in range(0, simulations, _BATCH):
        size = min(_BATCH, simulations - begin)
        parts = []
        for number in range(year.max() + 1):
            days = np.flatnonzero(year == number)
            k = int(mask[days].sum())
            drawn = rng.random((size, len(days))).argpartition(min(k, len(days) - 1), axis=1)
            parts.append(days[np.sort(drawn[:, :k], axis=1)])
        counted.append(_soon(np.concatenate(parts, axis=1)))
    return np.concatenate(counted)


def _two_sided(drawn: np.ndarray, seen: float) -> float:
    """Two-sided p-value, the record counted among the drawn."""
    up = (1 + (drawn >= seen).sum()) / (1 + len(drawn))
    down = (1 + (drawn <= seen).sum()) / (1 + len(drawn))
    return float(min(1.0, 2 * min(up, down)))


def _verdict(row: dict[str, Any], side: int) -> str:
    """Say in a sentence what the record makes of the finding."""
    base = 0.0 if row["kind"] == "self_excitation" else 1.0
    what = "branching ratio" if base == 0 else "rate ratio"
    years = row["p_years_permuted"]
    beside = "" if pd.isna(years) else f", with whole years permuted {years:.3f}"
    numbers = (
        f"{what} {row['effect']:.2f} ({row['low']:.2f} to {row['high']:.2f}), "
        f"p = {row['p_value']:.3f}{beside}"
    )
    agrees = (row["effect"] - base) * side > 0
    if row["p_value"] < 0.05 and agrees:
        return f"Borne out, as an association: {numbers}."
    if row["p_value"] < 0.05:
        return f"The record says the opposite: {numbers}."
    if agrees and row["p_value"] < _HINT:
        return f"Points the same way, but chance and bursts alone may give as much: {numbers}."
    return f"Not borne out: {numbers}."


_LULL = "launches in October to December, as a rate, with the rest of the year"
_TESTS = {
    "cotton-quarters": _Test("cns", _LULL, -1, _fourth_quarter),
    "wapo-q4": _Test("cns_days", _LULL, -1, _fourth_quarter),
    "bloomberg-q4": _Test("cns", _LULL, -1, _fourth_quarter),
    "dailyviz-monday": _Test(
        "csis", "launch days on Mondays, as a rate, with the other weekdays", 1, _monday
    ),
    "hess-2018": _Test(
        "days", "launch days that a launch day brings with it, each year on its own rate", 1,
        _after_launch,
    ),
}  # fmt: skip

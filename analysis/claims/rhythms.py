"""Findings about season, weekday and self-excitation, put to the record."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import bdtr

from ..counting import resolve_rule
from ..excitation import self_excitation
from ..frequency.season import seasonality
from ..series.days import DAYS_A_YEAR, daily, year_code
from ..series.pvalues import simulated_p

#: Simulated records for each test: the standard error of a p of .05 is then .003.
SIMULATIONS = 5000
#: The same where launch days are redrawn: of a p of .0025, which the adjustment for all findings
#: brings near .05, the standard error is then .0002.
REDRAWS = 50_000
_BATCH = 250  # simulations at a time, for the sake of memory
_SOON = 14  # days in which a launch counts as recent


def quarter(
    launches: pd.DataFrame, test: Mapping[str, Any], rng: np.random.Generator, **period: Any
) -> dict[str, Any]:
    """Compare one quarter with the rest of the year."""
    table = seasonality(
        launches, test["rule"], by="quarter", simulations=SIMULATIONS, seed=rng, **period
    )
    row, n = int(test["part"]) - 1, table["n"].to_numpy()
    months = f"{month_name[3 * row + 1]} to {month_name[3 * row + 3]}"
    means = n / table["days"].to_numpy() * DAYS_A_YEAR / 4
    unit = {"missile": "missiles", "day": "launch days"}[resolve_rule(test["rule"]).unit]
    found = (
        f"{n[row]} of {n.sum()} {unit} in {months}; mean per quarter "
        f"{'/'.join(f'{mean:.1f}' for mean in means)}"
    )
    return _of_part(table, row) | {"found": found}


def weekday(
    launches: pd.DataFrame, test: Mapping[str, Any], rng: np.random.Generator, **period: Any
) -> dict[str, Any]:
    """Compare one Korean weekday with the others, and give dates in Washington in words."""
    options = period | {"by": "weekday", "simulations": SIMULATIONS, "seed": rng}
    table = seasonality(launches, test["rule"], **options)
    there = seasonality(launches, test["rule"], calendar="America/New_York", **options)
    row = int(test["part"])
    rest = table.drop(index=row).sort_values("n", ascending=False, kind="stable").iloc[0]
    name, before = (table["label"].iloc[place] for place in (row, row - 1))
    found = (
        f"{table['n'].iloc[row]} launch days on {name}s, {rest['n']} on {rest['label']}s, the "
        f"most common other day; by the date in Washington {there['n'].iloc[row]} on {name}s and "
        f"{there['n'].iloc[row - 1]} on {before}s of {there['n'].sum()}"
    )
    return _of_part(table, row) | {"found": found}


def _of_part(table: pd.DataFrame, place: int) -> dict[str, Any]:
    """Return what a row of `seasonality` says, with the binomial p-value beside it."""
    row: dict[Any, Any] = table.iloc[place].to_dict()
    total = int(table["n"].sum())
    share = row["expected"] / total
    more = 1 - bdtr(row["n"] - 1, total, share) if row["n"] else 1.0
    names = ("expected", "low", "high", "p_value", "p_years_permuted")
    return {name: float(row[name]) for name in names} | {
        "observed": float(row["n"]),
        "naive_p": min(1.0, 2 * float(min(bdtr(row["n"], total, share), more))),
        "effect": float(row["rate_ratio"]),
    }


def after_launch(
    launches: pd.DataFrame, test: Mapping[str, Any], rng: np.random.Generator, **period: Any
) -> dict[str, Any]:
    """Compare launch days that follow another within two weeks with days redrawn in their years."""
    fit = self_excitation(launches, test["rule"], baseline="years", **period)
    branching: dict[Any, Any] = fit.set_index("parameter").loc["branching_ratio"].to_dict()
    days, n = daily(launches, test["rule"], **period)
    launched, year = n > 0, year_code(days)
    seen = int(_soon(np.flatnonzero(launched)))
    within = _redrawn(launched, year, rng)
    anywhere = _redrawn(launched, np.zeros_like(year), rng)
    found = (
        f"{seen} of {launched.sum()} launch days came within {_SOON} days of another; launch days "
        f"redrawn within their years give {within.mean():.0f} on average"
    )
    return {
        "found": found,
        "observed": float(seen),
        "expected": float(within.mean()),
        "naive_p": float(simulated_p(anywhere, seen)),
        "effect": branching["estimate"],
        "low": branching["low"],
        "high": branching["high"],
        "p_value": float(simulated_p(within, seen)),
    }


def _soon(places: np.ndarray) -> np.ndarray:
    """Count launch days with another in the days before, along the last axis."""
    return (np.diff(places, axis=-1) <= _SOON).sum(axis=-1)


def _redrawn(launched: np.ndarray, year: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Redraw launch days within their years and count those that follow soon."""
    counted = []
    for begin in range(0, REDRAWS, _BATCH):
        size = min(_BATCH, REDRAWS - begin)
        parts = []
        for number in range(year.max() + 1):
            days = np.flatnonzero(year == number)
            k = int(launched[days].sum())
            drawn = rng.random((size, len(days))).argpartition(min(k, len(days) - 1), axis=1)
            parts.append(days[np.sort(drawn[:, :k], axis=1)])
        counted.append(_soon(np.concatenate(parts, axis=1)))
    return np.concatenate(counted)


#: How each test that needs no events is made.
RHYTHMS: dict[str, Callable[..., dict[str, Any]]] = {
    "quarter": quarter,
    "weekday": weekday,
    "self_excitation": after_launch,
}

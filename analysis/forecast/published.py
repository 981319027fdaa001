"""Forecasts that others published, beside ours of the same day and what came."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..counting import CountRule, Coverage, count, resolve_rule
from ..counting.periods import coverage_of, covered_days
from ..errors import need_filled
from ..record.which import need_table
from .next import next_launch
from .scores import brier_score, crps, quantile
from .year import year_end

_STATED = ("low", "high", "probability", "closed_as", "terms")
_FORECAST_NEEDS = ("forecast_id", "who", "made_on", "period_start", "period_end", "rule", *_STATED)


def score_published(
    launches: pd.DataFrame, published: pd.DataFrame, *, coverage: Coverage = None
) -> pd.DataFrame:
    """Score published forecasts and ours of the same day by what came.

    Parameters
    ----------
    launches : DataFrame
        One row a launch, as from `load_launches`.
    published : DataFrame
        As from `load_published_forecasts`.
    coverage : DataFrame, False or None
        As in `count`.

    Returns
    -------
    DataFrame
        One row a forecast, same order: ``forecast_id``, ``who``, ``made_on``, ``rule``, ``stated``
        (in words), ``probability`` (theirs; missing where none was found), ``ours``, ``came``
        (launches of the rule in the period), ``happened`` (missing while the period is open),
        ``closed_as`` (how the question was closed by its own terms, where known), ``score`` and
        ``our_score`` (Brier of an event, CRPS of a number: a stated range counts as its middle),
        ``terms``.

    Raises
    ------
    ValueError
        As `year_end`.

    Notes
    -----
    A forecast of at least one launch is met by `next_launch` over as many days, a number by the
    year's end. Outcomes are counted by one rule on this record, so they may differ from how a
    question was closed: `terms` says by which.

    Examples
    --------
    >>> from analysis import load_launches, load_published_forecasts
    >>> table = score_published(load_launches(), load_published_forecasts())
    >>> table.set_index("forecast_id").loc["kei-2017", "came"].item()
    5
    """
    need_table(published, "published_forecasts", _FORECAST_NEEDS)
    need_filled(published, ["who", "rule", "terms"], "the published forecasts")
    rows = [_score(launches, row, coverage) for row in published.itertuples(index=False)]
    table = pd.DataFrame(rows)
    return table.astype({"came": "Int64", "happened": "boolean"}) if rows else table


def _score(launches: pd.DataFrame, row: Any, coverage: Coverage) -> dict[str, Any]:
    """Score one forecast."""
    rule = resolve_rule(row.rule)
    period: Any = {"start": row.period_start, "end": row.period_end, "coverage": coverage}
    scored = {
        "forecast_id": row.forecast_id,
        "who": row.who,
        "made_on": row.made_on,
        "rule": row.rule,
        "stated": _stated(row),
        "probability": row.probability,
    }
    covered = covered_days(rule, coverage_of(launches, coverage))
    if covered is not None and row.period_end > covered[1]:
        return scored | {"closed_as": row.closed_as, "terms": row.terms}
    came = count(launches, rule, **period)
    if pd.notna(row.high) and pd.isna(row.probability):
        answer = _score_number(launches, rule, row, came, coverage)
    else:
        answer = _score_event(launches, rule, row, came, coverage)
    return scored | answer | {"came": came, "closed_as": row.closed_as, "terms": row.terms}


def _score_event(
    launches: pd.DataFrame, rule: CountRule, row: Any, came: int, coverage: Coverage
) -> dict[str, Any]:
    """Score the forecast of at least one launch."""
    days = (row.period_end - row.period_start).days + 1
    known: Any = {"as_of": row.made_on, "within": [days], "coverage": coverage}
    ours = float(next_launch(launches, rule, **known)["probability"].iloc[0])
    happened = came >= row.low
    theirs = float("nan") if pd.isna(row.probability) else float(row.probability)
    return {
        "ours": ours,
        "happened": happened,
        "score": float(brier_score(happened, theirs)),
        "our_score": float(brier_score(happened, ours)),
    }


def _score_number(
    launches: pd.DataFrame, rule: CountRule, row: Any, came: int, coverage: Coverage
) -> dict[str, Any]:
    """Score the forecast of a number of launches until 31 December; ours is the median."""
    table = year_end(launches, rule, as_of=row.made_on, coverage=coverage)
    p, middle = table["probability"].to_numpy(), (row.low + row.high) / 2
    return {
        "ours": float(quantile(p, 0.5)),
        "happened": row.low <= came <= row.high,
        "score": abs(float(middle) - came),
        "our_score": crps(came, p),
    }


def _stated(row: Any) -> str:
    """Say what was forecast."""
    number = f"at least {row.low}" if pd.isna(row.high) else f"{row.low} to {row.high}"
    return f"{number} from {row.period_start:%Y-%m-%d} through {row.period_end:%Y-%m-%d}"

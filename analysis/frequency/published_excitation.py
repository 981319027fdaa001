"""Published findings that launches follow launches, held against the record."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.counting import CountRule
from analysis.extras import library
from analysis.load import last_day
from analysis.tally import Coverage

from ._base import daily_mask, generator
from .daily_likelihood import (
    HALF_LIVES,
    Fit,
    Series,
    branching_interval,
    cutoff,
    fit,
    fit_adjusted,
    half_life,
    make_series,
)
from .rescaling import simulated_series
from .self_exciting import baseline_pieces

#: Days after a launch day that the plain comparison looks at.
WITHIN = 14
#: Half-life of the excitation for the power, in days: most of it within those days.
POWER_HALF_LIFE = 7.0
_TRIED = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)  # branching ratios for the power
_POWER = 0.8
_SIZE = 0.05


class _Naive(NamedTuple):
    """The plain comparison of days after launch days with the others."""

    ratio: float
    p_value: float


def published_self_excitation(
    findings: pd.DataFrame,
    launches: pd.DataFrame,
    *,
    rule: CountRule | str = "days",
    level: float = 0.95,
    simulations: int = 199,
    seed: int = 0,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Recompute published findings of kind self_excitation, for their period and since.

    Parameters
    ----------
    findings : DataFrame
        As from `load_published_findings`: ``finding_id``, ``who``, ``claim``, ``number``,
        ``period`` (first/last day), ``kind``.
    launches, rule, level, coverage
        As in `self_excitation`.
    simulations : int
        Records simulated for the p-value, and for the power at each branching ratio tried.
    seed : int
        Source of randomness.

    Returns
    -------
    DataFrame
        Two rows a finding, its own period and the days since: ``finding_id``, ``who``,
        ``period_start``, ``period_end``, ``stated``, ``found`` (a sentence), ``naive_p`` (the
        14 days after launch days against other days, as if launch days were independent),
        ``effect`` (branching ratio, baseline by leaders), ``low``, ``high``, ``p_value`` (of no
        excitation, by simulation), ``detectable_above`` (the branching ratio found in 80 % of
        simulated records at .05, half-life 7 days; missing if none up to 0.7),
        ``detectable_below`` (missing), ``verdict``.

    Raises
    ------
    ValueError
        As `self_excitation`, and for a missing column.

    Examples
    --------
    >>> from analysis.load import load_launches, load_published_findings
    >>> table = published_self_excitation(
    ...     load_published_findings(), load_launches(), simulations=19)
    >>> table["finding_id"].tolist()
    ['hess-2018', 'hess-2018']
    """
    needed = ("finding_id", "who", "claim", "number", "period", "kind")
    missing = [column for column in needed if column not in findings]
    if missing:
        raise ValueError(f"the findings have no column {', '.join(missing)}")
    rows = []
    for finding in findings[findings["kind"] == "self_excitation"].to_dict("records"):
        start, end = (pd.Timestamp(day) for day in str(finding["period"]).split("/"))
        for first, last in ((start, end), (end + pd.Timedelta(days=1), last_day())):
            days, mask = daily_mask(launches, rule, start=first, end=last, coverage=coverage)
            series = make_series(mask, baseline_pieces(days, "eras")["code"].to_numpy())
            yearly = make_series(mask, baseline_pieces(days, "years")["code"].to_numpy())
            row = {
                "finding_id": finding["finding_id"],
                "who": finding["who"],
                "period_start": first,
                "period_end": last,
                "stated": f"{finding['claim']} ({finding['number']})",
            }
            rows.append(row | _answer(series, yearly, level, simulations, generator(seed)))
    return pd.DataFrame(rows)


def _answer(
    series: Series, yearly: Series, level: float, simulations: int, chance: np.random.Generator
) -> dict[str, object]:
    """Return what the record says of one period."""
    best = fit(series)
    cut = cutoff(level)
    shown = fit_adjusted(series)
    low, high = branching_interval(series, shown, cut)
    by_year = fit_adjusted(yearly)
    year_low, year_high = branching_interval(yearly, by_year, cut)
    naive = _naive(series)
    none = np.sort(_gains_by_chance(series, 0.0, simulations, chance))
    gain = best.loglik - _without(series)
    p_value = (1 + int((none >= gain - 1e-9).sum())) / (1 + simulations)
    above = _detectable(series, float(np.quantile(none, 1 - _SIZE)), simulations, chance)
    found = (
        f"{len(series.hits)} launch days; a launch day goes with {shown.branching:.2f} further "
        f"ones ({low:.2f} to {high:.2f}), {_pace(shown)}; "
        f"with a rate of its own for each year, {by_year.branching:.2f} ({year_low:.2f} to "
        f"{year_high:.2f}); launch days were {naive.ratio:.1f} times as frequent in the "
        f"{WITHIN} days after one as on other days"
    )
    return {
        "found": found,
        "naive_p": naive.p_value,
        "effect": shown.branching,
        "low": low,
        "high": high,
        "p_value": p_value,
        "detectable_above": above,
        "detectable_below": np.nan,
        "verdict": _verdict(p_value, year_low, above),
    }


def _pace(shown: Fit) -> str:
    """Say how soon the further launch days come, if the search found a pace."""
    days = half_life(shown.decay)
    if days > 0.9 * HALF_LIVES[1]:
        return "how soon these launch days do not tell"
    whole = max(1, round(days))
    return f"half of them within {whole} day{'s' if whole > 1 else ''}"


def _verdict(p_value: float, year_low: float, above: float) -> str:
    """Say whether launch days follow launch days, in a sentence."""
    if p_value < _SIZE and year_low > 0:
        return "holds: launch days follow launch days, also with a rate of its own for each year"
    if p_value < _SIZE:
        return (
            "holds in part: launch days follow launch days, but rates that differ by year "
            "explain it as well"
        )
    found = f"only above {above:.1f}" if np.isfinite(above) else "by chance at most"
    return (
        "not shown: as many launch days without excitation look like this often enough; a "
        f"branching ratio would be found reliably {found}"
    )


def _naive(series: Series) -> _Naive:
    """Compare the days after launch days with others as if launch days were independent."""
    near = np.zeros(series.n_days + WITHIN + 1)
    np.add.at(near, series.hits + 1, 1)
    np.add.at(near, np.minimum(series.hits + 1 + WITHIN, len(near) - 1), -1)
    after = np.cumsum(near)[: series.n_days] > 0
    inside, exposed = int(after[series.hits].sum()), int(after.sum())
    outside, other = len(series.hits) - inside, series.n_days - exposed
    ratio = inside / exposed / (outside / other) if outside and other else float("inf")
    test = library("scipy.stats").binomtest(inside, len(series.hits), exposed / series.n_days)
    return _Naive(float(ratio), float(test.pvalue))


def _plain_rates(series: Series) -> np.ndarray:
    """Return the most likely rate of each piece without excitation."""
    share = series.pieces.sum(axis=0) / series.lengths
    return -np.log1p(-np.minimum(share, 1 - 1e-9))


def _without(series: Series) -> float:
    """Return the largest log-likelihood without excitation."""
    counts = series.pieces.sum(axis=0)
    rates = np.maximum(_plain_rates(series), 1e-12)
    seen = counts > 0
    return float((counts * np.log(np.expm1(rates)))[seen].sum() - rates @ series.lengths)


def _gains_by_chance(
    series: Series, branching: float, size: int, chance: np.random.Generator
) -> np.ndarray:
    """Return gains in log-likelihood by excitation, in records with that branching ratio."""
    baseline = _plain_rates(series) * (1 - branching)
    truth = Fit(0.0, baseline, branching, float(np.log(2)) / POWER_HALF_LIFE)
    drawn = simulated_series(series, truth, size, chance)
    return np.array([fit(each).loglik - _without(each) for each in drawn])


def _detectable(series: Series, critical: float, size: int, chance: np.random.Generator) -> float:
    """Return the branching ratio found with the wanted power, missing if none tried is."""
    before, power_before = 0.0, _SIZE
    for branching in _TRIED:
        gains = _gains_by_chance(series, branching, size, chance)
        power = float((gains > critical).mean())
        if power >= _POWER:
            share = (_POWER - power_before) / (power - power_before)
            return before + share * (branching - before)
        before, power_before = branching, max(power, power_before)
    return float("nan")

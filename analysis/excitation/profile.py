"""Self-excitation of launch days: whether a launch goes with others in the days after it.

A day is a launch day or not. A day's first launch makes it one, further ones mostly belong to
the same operation, and many launches have no instant: days need no invented times and no ties
broken by chance. The rate of a day is its baseline plus what earlier launch days still add, and

    P(launch day) = 1 - exp(-rate),

the chance that a Poisson process of that rate has at least one event in the day.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..counting import CountRule, Coverage, Day
from ..series.days import DAYS_A_YEAR, daily_mask
from ..series.eras import era_codes, era_names
from .likelihood import (
    MOST,
    baseline_interval,
    branching_interval,
    cutoff,
    decay_interval,
    fit,
    fit_adjusted,
    half_life,
    log_decays,
    make_series,
)

BASELINES = ("eras", "constant", "years")
#: Offices whose changes cut the record into eras; more would leave eras without launch days.
OFFICES = ("dprk_leader", "us_president")


def self_excitation(
    launches: pd.DataFrame,
    rule: CountRule | str = "days",
    *,
    start: Day,
    end: Day,
    baseline: str | pd.DataFrame = "eras",
    level: float = 0.95,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Fit a self-exciting process to launch days.

    Parameters
    ----------
    launches : DataFrame
        One row a launch, as from `load_launches`.
    rule : CountRule or str
        What makes a day a launch day.
    start, end : date-like
        First and last day, both inclusive. Launches before `start` do not excite.
    baseline : {"eras", "constant", "years"} or DataFrame
        Pieces within which launches not begotten by others have one rate: leaders in Pyongyang
        and Washington, none, or calendar years; or a table with the column ``start`` and
        perhaps ``name``, as from `change_points`.
    level : float
        Confidence level of the intervals.
    coverage : DataFrame, False or None
        As in `counts`.

    Returns
    -------
    DataFrame
        One row a parameter: ``parameter`` (baseline, branching_ratio, decay_per_day,
        half_life_days), ``piece`` (name of the baseline's piece), ``piece_start``,
        ``piece_end``, ``unit``, ``estimate``, ``low``, ``high`` (by adjusted profile
        likelihood; 0 or infinity where the data set no limit), and on each row ``n`` (launch
        days), ``days`` and ``log_likelihood`` (the largest, not adjusted). The branching ratio
        is the number of further launch days that go with a launch day; an association, as
        whatever comes in bursts looks like this.

    Raises
    ------
    ValueError
        As `counts`; for an unknown baseline or level, or fewer than 3 launch days.

    Notes
    -----
    With a = exp(-decay), a launch day k days ago adds branching (1 - a) a^(k-1) to the rate:
    the exponential Hawkes process (Hawkes 1971, Biometrika 58) on days. As a day counts once,
    a launch day begets slightly fewer than `branching` others where rates are high. Given the
    decay the likelihood is concave in the other parameters, so Newton's method finds its one
    maximum; decays are searched over half-lives of 0.2 to 365 days.

    Each baseline that is estimated takes up some of the clustering, so that the most likely
    branching ratio is too low, the more so the more pieces. The adjustment of Cox and Reid
    (1987, Journal of the Royal Statistical Society B 49) mends most of that: the likelihood is
    lowered by half the log of the information on the log of each baseline, plus a half for
    pieces without launch days. Intervals hold what lowers the adjusted profile log-likelihood
    by no more than 1.1 times half the chi-squared quantile, as simulated ratios exceed their
    limiting law by up to a tenth; tests/proofs/hawkes_recovery.py has their coverage.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = self_excitation(load_launches(), start="2012-01-01", end="2025-12-31",
    ...                         baseline="constant")
    >>> table["parameter"].tolist()
    ['baseline', 'branching_ratio', 'decay_per_day', 'half_life_days']
    """
    days, mask = daily_mask(launches, rule, start=start, end=end, coverage=coverage)
    pieces = baseline_pieces(days, baseline)
    series = make_series(mask, pieces["code"].to_numpy())
    cut = cutoff(level)
    best = fit_adjusted(series)
    rows: list[tuple[str, float, float, float, float]] = []
    for place in range(len(series.lengths)):
        low, high = baseline_interval(series, best, place, cut)
        rows.append(("baseline", float(best.baseline[place]), low, high, DAYS_A_YEAR))
    rows.append(("branching_ratio", best.branching, *branching_interval(series, best, cut), 1.0))
    slow, fast = decay_interval(series, best, cut)
    rows.append(("decay_per_day", best.decay, slow, fast, 1.0))
    shortest, longest = half_life(fast), half_life(slow)
    rows.append(("half_life_days", half_life(best.decay), shortest, longest, 1.0))
    table = pd.DataFrame(rows, columns=["parameter", "estimate", "low", "high", "scale"])
    for column in ("estimate", "low", "high"):
        table[column] *= table["scale"]
    spans = _spans(days, pieces).reindex(range(len(table)))
    table.insert(1, "unit", table["parameter"].map(_UNITS))
    table = pd.concat([table[["parameter"]], spans, table.drop(columns=["parameter", "scale"])],
                      axis=1)  # fmt: skip
    return table.assign(n=len(series.hits), days=series.n_days, log_likelihood=fit(series).loglik)


_UNITS = {
    "baseline": "launch days a year",
    "branching_ratio": "launch days that go with a launch day",
    "decay_per_day": "a day",
    "half_life_days": "days",
}


def excitation_profile(
    launches: pd.DataFrame,
    rule: CountRule | str = "days",
    *,
    start: Day,
    end: Day,
    parameter: str = "branching_ratio",
    baseline: str | pd.DataFrame = "eras",
    level: float = 0.95,
    points: int = 61,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Trace the profile log-likelihood of the branching ratio or the decay.

    Parameters
    ----------
    launches, rule, start, end, baseline, level, coverage
        As in `self_excitation`.
    parameter : {"branching_ratio", "decay_per_day"}
        What to trace: the branching ratio from 0, or the decay over all that are searched.
    points : int
        How many values.

    Returns
    -------
    DataFrame
        One row a value: ``parameter``, ``value``, ``log_likelihood`` (the largest with the
        parameter held, adjusted as in `self_excitation`), ``below_maximum`` (how far below the
        largest of all), ``inside`` (whether the interval holds the value),
        ``branching_ratio`` and ``half_life_days`` (at that maximum), ``cutoff`` (of
        ``below_maximum``, on each row).

    Raises
    ------
    ValueError
        As `self_excitation`, and for another parameter.

    Examples
    --------
    >>> from analysis import load_launches
    >>> curve = excitation_profile(load_launches(), start="2012-01-01", end="2025-12-31")
    >>> bool(curve["below_maximum"].min() < 0.05)
    True
    """
    if parameter not in ("branching_ratio", "decay_per_day"):
        raise ValueError(
            f"unknown parameter {parameter!r}: expected branching_ratio or decay_per_day"
        )
    days, mask = daily_mask(launches, rule, start=start, end=end, coverage=coverage)
    series = make_series(mask, baseline_pieces(days, baseline)["code"].to_numpy())
    cut = cutoff(level)
    best = fit_adjusted(series)
    if parameter == "decay_per_day":
        values = np.exp(np.linspace(*log_decays(), points))
        fits = [fit_adjusted(series, decay=value) for value in values]
    else:
        top = max(1.0, branching_interval(series, best, cut)[1] * 1.15)
        values = np.linspace(0.0, min(top, MOST), points)
        fits = [fit_adjusted(series, branching=value) for value in values]
    heights = np.array([each.loglik for each in fits])
    return pd.DataFrame(
        {
            "parameter": parameter,
            "value": values,
            "log_likelihood": heights,
            "below_maximum": np.maximum(best.loglik - heights, 0.0),
            "inside": best.loglik - heights <= cut,
            "branching_ratio": [each.branching for each in fits],
            "half_life_days": [half_life(each.decay) for each in fits],
            "cutoff": cut,
        }
    )


# -- the baseline ------------------------------------------------------------------------------


def baseline_pieces(days: pd.DatetimeIndex, baseline: str | pd.DataFrame) -> pd.DataFrame:
    """Return code (from 0, in order) and name of the baseline's piece for each day."""
    if isinstance(baseline, pd.DataFrame):
        starts = baseline.sort_values("start", ignore_index=True)
        names = starts["name"] if "name" in starts else starts["start"].dt.strftime("%Y-%m-%d")
        place = np.searchsorted(starts["start"].to_numpy(), days.to_numpy(), side="right") - 1
        if (place < 0).any():
            raise ValueError(
                f"the baseline begins on {starts['start'].iloc[0]:%Y-%m-%d}, after "
                f"{days[0]:%Y-%m-%d}: expected a piece for every day"
            )
        name = names.astype(str).to_numpy()[place]
        change = np.diff(place, prepend=place[0]) != 0
    elif baseline == "constant":
        name, change = np.full(len(days), "all"), np.zeros(len(days), dtype=bool)
    elif baseline == "years":
        name = days.year.astype(str).to_numpy()
        change = np.diff(days.year, prepend=days.year[0]) != 0
    elif baseline == "eras":
        name, code = era_names(days, OFFICES), era_codes(days, OFFICES)
        change = np.diff(code, prepend=0) != 0
    else:
        raise ValueError(
            f"unknown baseline {baseline!r}: expected {', '.join(BASELINES)}, or a table"
        )
    return pd.DataFrame({"code": np.cumsum(change), "name": name})


def _spans(days: pd.DatetimeIndex, pieces: pd.DataFrame) -> pd.DataFrame:
    """Return name, first and last day of each piece."""
    table = pieces.assign(day=days).groupby("code")
    return pd.DataFrame(
        {
            "piece": table["name"].first(),
            "piece_start": table["day"].min(),
            "piece_end": table["day"].max(),
        }
    )

"""When the rate of launching changed, how sure that is, and which political dates lie near."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..errors import need_filled
from ..record.notes import noted
from ..segmentation import all_segmentations, optimal_breaks, segment_cost
from ..series.days import DAYS_A_YEAR
from ..series.intervals import burst_interval, tail_mass
from .procedure import MIN_DAYS, PENALTY, Months, Procedure, as_months, date_chances, settle
from .silences import find_silences

#: Least and most days of a month.
_MONTH = (28, 31)


def change_points(
    counts: pd.DataFrame,
    *,
    cost: str = "poisson",
    penalty: float | None = None,
    dispersion: float | None = None,
    min_days: int = MIN_DAYS,
    silences: bool = False,
    level: float = 0.95,
) -> pd.DataFrame:
    """Split a count table into segments of constant rate, exactly.

    Parameters
    ----------
    counts : DataFrame
        As from `counts`, in order of time: ``period``, ``days``, ``n``; months, or days of a
        rule that counts launch days.
    cost : {"poisson", "negative_binomial"}
        Likelihood of the counts in a segment. The negative binomial has one size for a day of
        exposure throughout, read off the spread of the counts within years.
    penalty : float, optional
        What a change must gain in log-likelihood; by default `dispersion` x the log of the
        months on record, times one and a half, however the counts are binned.
    dispersion : float, optional
        By how much bursts inflate the likelihood ratio. By default the long-run variance of
        the counts around their yearly means over what the cost allows for; 1 for
        independent launches.
    min_days : int
        Shortest segment, in days: what is shorter is a burst or a pause, not a new rate.
    silences : bool
        Whether to look for silent stretches inside the segments too: among strong bursts a year
        without any launch gains too little likelihood for its two changes, but is a run of empty
        months that bursts alone do not make. Needs counts of months; what lies between two
        silences may be shorter than `min_days`.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        One row a segment: ``start``, ``end`` (days), ``days``, ``n``, ``rate`` (launches a
        year), ``low``, ``high`` (burst-aware, given these dates), ``change_low``,
        ``change_high`` (between which days the change at ``start`` lies; missing for the
        first), ``gain`` (log-likelihood lost if the change were left out, its neighbours kept),
        and the settings ``cost``, ``penalty``, ``dispersion``, ``size`` (of the negative
        binomial).

    Raises
    ------
    ValueError
        For an unknown cost, missing columns, a dispersion below 1 or a bad penalty, or silences
        looked for in other counts than those of months.

    See Also
    --------
    change_stability : The same over a range of penalties.
    averaged_rates : Rates and their ratios, the dates left open.
    trend_since_change : How the rate went on since the last change.
    dates_within : What lies in the interval of a change.
    count_regression : A steady growth or fall instead of steps.

    Notes
    -----
    See `analysis.segmentation` for the search. A silence is a run of empty months whose chance,
    given the other runs of its segment, has a logarithm below minus the penalty of independent
    launches. In simulated histories of a constant rate whose bursts last weeks, 0 to .045 hold
    one that is none (of 200 each); with bursts of half a year .14 to .19 do, where steps too are
    found wherever there are none. The interval of a date is
    the shortest stretch that holds the most probable days up to `level`, given its neighbours,
    when both rates have
    Jeffreys' prior and are integrated out [1]_, and the likelihood is flattened to the power
    1 / dispersion. Rates and their intervals take the dates as given, although they were chosen
    by the same counts: after a change that was searched for they lie too far apart, and intervals
    of 95 % hold the mean rate in 84 to 93 % of simulated records. `averaged_rates` leaves dates
    open.

    References
    ----------
    .. [1] Raftery, A. E. and Akman, V. E. (1986). Bayesian analysis of a Poisson process with a
       change-point. Biometrika 73(1), 85-89. doi:10.1093/biomet/73.1.85

    Examples
    --------
    >>> months = pd.period_range("2020-01", "2021-12", freq="M")
    >>> table = pd.DataFrame(
    ...     {"period": months, "days": months.days_in_month, "n": [0, 1] * 6 + [9, 8] * 6})
    >>> change_points(table, dispersion=1.0)["start"].dt.date.astype(str).tolist()
    ['2020-01-01', '2021-01-01']
    """
    tail_mass(level)
    series = as_months(counts)
    chosen = settle(series, cost, min_days, penalty, dispersion)
    breaks = optimal_breaks(
        series.n, series.days, penalty=chosen.penalty, size=chosen.size, min_size=chosen.min_size
    )
    if silences:
        breaks = _with_silences(series, breaks, chosen.min_size)
    edges = np.concatenate([[0], breaks, [len(series.n)]]).astype(np.int64)
    intervals: list[tuple[object, object, float]] = [(pd.NaT, pd.NaT, np.nan)]
    for before, change, after in zip(edges, edges[1:], edges[2:], strict=False):
        n, days = series.n[before:after], series.days[before:after]
        first, last = before + _change_interval(n, days, chosen, level)
        # counted from the second day of a period, a new rate may show in the next one only
        low = series.starts[first - 1] + pd.Timedelta(days=1)
        intervals.append((low, series.ends[last], _gain(n, days, change - before, chosen.size)))
    table = _segments(series, edges, level)
    table[["change_low", "change_high", "gain"]] = pd.DataFrame(intervals)
    table = table.astype({"change_low": "datetime64[us]", "change_high": "datetime64[us]"})
    return noted(
        table.assign(
            cost=cost,
            penalty=chosen.penalty,
            dispersion=chosen.dispersion,
            size=np.nan if chosen.size is None else chosen.size,
        ),
        counts,
    )


def _with_silences(series: Months, breaks: np.ndarray, min_size: int) -> np.ndarray:
    """Add the first and last months of silences to the breaks."""
    length = float(np.median(series.days))
    if not _MONTH[0] <= length <= _MONTH[1]:
        raise ValueError(
            f"periods of about {length:.0f} days: expected counts of months to look for silences"
        )
    penalty = PENALTY * np.log(max(len(series.n), 12))
    return find_silences(series.n, breaks, penalty=penalty, min_size=min_size)


def _segments(series: Months, edges: np.ndarray, level: float) -> pd.DataFrame:
    """Describe the segments between edges."""
    total, length = (np.add.reduceat(values, edges[:-1]) for values in series[:2])
    low, high = burst_interval(total, series.dispersion(length), level=level)
    spans = {"start": series.starts[edges[:-1]], "end": series.ends[edges[1:] - 1]}
    sums = {"days": length.astype(np.int64), "n": total.astype(np.int64)}
    yearly = {"rate": total, "low": low, "high": high}
    return pd.DataFrame(spans | sums | {k: v * DAYS_A_YEAR / length for k, v in yearly.items()})


def _change_interval(
    n: np.ndarray, days: np.ndarray, chosen: Procedure, level: float
) -> np.ndarray:
    """Return the first and last place at which one change in a stretch may lie."""
    chance = date_chances(n, days, chosen)
    order = np.argsort(-chance, kind="stable")
    needed = int(np.searchsorted(np.cumsum(chance[order]), level)) + 1
    held = order[:needed] + 1
    return np.array([held.min(), held.max()])


def _gain(n: np.ndarray, days: np.ndarray, change: int, size: float | None) -> float:
    """Log-likelihood that one change adds."""
    without, within = (segment_cost(n, days, breaks, size=size) for breaks in ([], [change]))
    return without - within


def change_stability(
    counts: pd.DataFrame,
    *,
    cost: str = "poisson",
    penalties: tuple[float, float] | None = None,
    min_days: int = MIN_DAYS,
) -> pd.DataFrame:
    """Show over which penalties each change of the rate is found.

    Parameters
    ----------
    counts, cost, min_days
        As in `change_points`.
    penalties : (float, float), optional
        Smallest and largest penalty; by default from a half to four times the default of
        `change_points`.

    Returns
    -------
    DataFrame
        One row a change and segmentation (one row with a missing change where there is
        none): ``penalty_low``, ``penalty_high`` (between which this segmentation is the best),
        ``n_changes``, ``change`` (first day of the new rate).

    Raises
    ------
    ValueError
        As `change_points`, and for a reversed range of penalties.

    See Also
    --------
    change_points : The segments under one penalty.

    Examples
    --------
    >>> months = pd.period_range("2020-01", "2021-12", freq="M")
    >>> table = pd.DataFrame(
    ...     {"period": months, "days": months.days_in_month, "n": [0, 1] * 6 + [9, 8] * 6})
    >>> change_stability(table, penalties=(3.0, 100.0))["n_changes"].tolist()
    [1, 0]
    """
    series = as_months(counts)
    chosen = settle(series, cost, min_days)
    limits = penalties or (chosen.penalty / 2, chosen.penalty * 4)
    settings: Any = {"penalties": limits, "size": chosen.size, "min_size": chosen.min_size}
    rows = [
        (low, high, len(breaks), change)
        for low, high, breaks in all_segmentations(series.n, series.days, **settings)
        for change in (series.starts[breaks] if len(breaks) else [pd.NaT])
    ]
    table = pd.DataFrame(rows, columns=["penalty_low", "penalty_high", "n_changes", "change"])
    return noted(table.astype({"change": "datetime64[us]"}), counts)


def dates_within(changes: pd.DataFrame, dates: pd.DataFrame) -> pd.DataFrame:
    """List the political dates that lie inside the interval of a change, and what chance gives.

    Parameters
    ----------
    changes : DataFrame
        As from `change_points`.
    dates : DataFrame
        Dates to look up: ``start``, ``kind`` and ``name`` (or ``title``), as from `load_eras`
        or `load_events`.

    Returns
    -------
    DataFrame
        One row a change and date inside its interval: ``change``, ``change_low``,
        ``change_high``, ``date``, ``kind``, ``name``, ``days_after`` (from the date to the
        change), ``expected`` (how many dates of the kind would fall inside by chance). That a
        date lies inside does not make it a cause.

    Raises
    ------
    ValueError
        If the dates lack a column.

    Examples
    --------
    >>> changes = pd.DataFrame({
    ...     "start": pd.to_datetime(["2020-01-01", "2021-01-01"]),
    ...     "end": pd.to_datetime(["2020-12-31", "2021-12-31"]),
    ...     "change_low": pd.to_datetime([None, "2020-12-01"]),
    ...     "change_high": pd.to_datetime([None, "2021-02-01"])})
    >>> from analysis import load_eras
    >>> dates_within(changes, load_eras("us_president"))[["name", "days_after"]].values.tolist()
    [['Joe Biden', -19]]
    """
    label = "name" if "name" in dates else "title"
    need_filled(changes, ("start", "end", "change_low", "change_high"), "the changes")
    need_filled(dates, ("start", "kind", label), "the dates")
    first, last = changes["start"].min(), changes["end"].max()
    known = dates[(dates["start"] > first) & (dates["start"] <= last)]
    known = known[["start", "kind", label]].set_axis(["date", "kind", "name"], axis=1)
    columns = {"start": "change", "change_low": "change_low", "change_high": "change_high"}
    found = changes.rename(columns=columns)[[*columns.values()]].dropna().merge(known, how="cross")
    found["days_after"] = (found["change"] - found["date"]).dt.days
    share = ((found["change_high"] - found["change_low"]).dt.days + 1) / (last - first).days
    found["expected"] = share * found["kind"].map(known["kind"].value_counts())
    inside = found["date"].between(found["change_low"], found["change_high"])
    return noted(found[inside].reset_index(drop=True), changes)

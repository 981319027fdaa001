"""When the rate of launching changed, how sure that is, and which political dates lie near."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..extras import library
from ..segmentation import (
    Cost,
    all_segmentations,
    negative_binomial_cost,
    optimal_breaks,
    poisson_cost,
    segment_cost,
)
from ..series.days import DAYS_A_YEAR, counts_and_days
from ..series.intervals import tail_mass
from .rates import MEMORY_DAYS, burst_interval, dispersion_of_days

COSTS = ("poisson", "negative_binomial")
MIN_DAYS = 91
_INSIDE = [
    *("change", "change_low", "change_high"),
    *("date", "kind", "name", "days_after", "expected"),
]
_CAUTION = 1.25  # the dispersion is estimated too: its error widens the interval of a date


def change_points(
    counts: pd.DataFrame,
    *,
    cost: str = "poisson",
    penalty: float | None = None,
    dispersion: float | None = None,
    min_days: int = MIN_DAYS,
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
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        One row a segment: ``start``, ``end`` (days), ``days``, ``n``, ``rate`` (launches a
        year), ``low``, ``high`` (burst-aware), ``change_low``, ``change_high`` (between which
        days the change at ``start`` lies; missing for the first), ``gain`` (log-likelihood
        lost if the change were left out, its neighbours kept), and the settings ``cost``,
        ``penalty``, ``dispersion``, ``size`` (of the negative binomial).

    Raises
    ------
    ValueError
        For an unknown cost, missing columns, a dispersion below 1 or a bad penalty.

    Notes
    -----
    See `optimal_breaks` for the search. The interval of a date is the shortest stretch that
    holds the most probable days up to `level`, given its neighbours, when both rates have
    Jeffreys' prior and are integrated out (Raftery and Akman 1986 do so for one change), and
    the likelihood is flattened to the power 1 / dispersion.

    Examples
    --------
    >>> months = pd.period_range("2020-01", "2021-12", freq="M")
    >>> table = pd.DataFrame(
    ...     {"period": months, "days": months.days_in_month, "n": [0, 1] * 6 + [9, 8] * 6})
    >>> change_points(table, dispersion=1.0)["start"].dt.date.astype(str).tolist()
    ['2020-01-01', '2021-01-01']
    """
    tail = tail_mass(level)
    n, days, starts = _series(counts)
    ends = (starts + pd.to_timedelta(days - 1, unit="D")).as_unit("us")
    if dispersion is not None and not dispersion >= 1:
        raise ValueError(f"expected a dispersion of 1 or more, got {dispersion!r}")
    size, spread = _spread(n, days, cost)
    spread = spread if dispersion is None else float(dispersion)
    penalty = spread * _toll(days) if penalty is None else penalty
    least = _least(days, min_days)
    breaks = optimal_breaks(n, days, penalty=penalty, size=size, min_size=least)
    price = poisson_cost if size is None else negative_binomial_cost(size)
    edges = np.concatenate([[0], breaks, [len(n)]]).astype(np.int64)
    table = _segments(n, days, starts, ends, edges, level)
    low, high, gain = [pd.NaT], [pd.NaT], [np.nan]
    for before, change, after in zip(edges, edges[1:], edges[2:], strict=False):
        first, last = _change_interval(
            n[before:after], days[before:after], spread * _CAUTION, size, 1 - 2 * tail
        )
        # counted from the second day of a period, a new rate may show in the next one only
        low.append(starts[before + first - 1] + pd.Timedelta(days=1))
        high.append(ends[before + last])
        gain.append(_gain(n[before:after], days[before:after], change - before, price))
    return table.assign(
        change_low=pd.Series(low, dtype="datetime64[us]"),
        change_high=pd.Series(high, dtype="datetime64[us]"),
        gain=gain,
        cost=cost,
        penalty=float(penalty),
        dispersion=spread,
        size=np.nan if size is None else size,
    )


def _series(counts: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, pd.DatetimeIndex]:
    """Return counts, days and the first day of every period."""
    n, days = counts_and_days(counts)
    if "period" not in counts:
        raise ValueError("the count table has no column period: expected it as from `counts`")
    periods = pd.PeriodIndex(counts["period"])
    starts = periods.to_timestamp().as_unit("us")
    if not (starts.is_monotonic_increasing and starts.is_unique):
        raise ValueError("expected one row a period in order of time, so count without `by`")
    if len(starts) > 1:  # the first period may be cut at its start
        cut = periods[0].end_time.normalize() - pd.Timedelta(days=int(days[0]) - 1)
        starts = starts[1:].insert(0, cut.as_unit("us"))
    return n, days, starts


def _toll(days: np.ndarray) -> float:
    """Return the penalty of a change for independent launches."""
    return float(1.5 * np.log(max(days.sum() * 12 / DAYS_A_YEAR, 12.0)))


def _least(days: np.ndarray, min_days: int) -> int:
    """Return the least number of periods in a segment."""
    if min_days < 1:
        raise ValueError(f"expected min_days of 1 or more, got {min_days!r}")
    return max(round(min_days / float(np.median(days))), 1)


def _spread(n: np.ndarray, days: np.ndarray, cost: str) -> tuple[float | None, float]:
    """Return the negative binomial size and the dispersion that the cost leaves."""
    if cost not in COSTS:
        raise ValueError(f"unknown cost {cost!r}: expected {' or '.join(COSTS)}")
    year, step, memory = _clock(days)
    rows = np.array([1.0, max(365 / step, 1.0)])
    one, long = dispersion_of_days(n, year, rows, memory=memory)
    if cost == "poisson":
        return None, float(long)
    rate = np.bincount(year, weights=n) / np.bincount(year, weights=days)
    mean = rate[year] * days
    excess = (one - 1) * mean.sum()
    if excess <= 0:
        return None, float(long)
    size = float((mean**2 / days).sum() / excess)
    quiet = float(np.quantile(rate, 0.25))  # in quiet years the size allows for little spread
    allowed = 1 + quiet / size
    return size, float(max(long / allowed, 1.0))


def _clock(days: np.ndarray) -> tuple[np.ndarray, float, int]:
    """Return the year of each period, its usual length and how many hold the memory."""
    year = ((np.cumsum(days) - days / 2) // DAYS_A_YEAR).astype(np.int64)
    step = float(np.median(days))
    return year, step, max(round(MEMORY_DAYS / step), 1)


def _segments(
    n: np.ndarray,
    days: np.ndarray,
    starts: pd.DatetimeIndex,
    ends: pd.DatetimeIndex,
    edges: np.ndarray,
    level: float,
) -> pd.DataFrame:
    """Describe the segments between edges."""
    year, step, memory = _clock(days)
    total = np.add.reduceat(n, edges[:-1])
    length = np.add.reduceat(days, edges[:-1])
    spread = dispersion_of_days(n, year, np.maximum(length / step, 1.0), memory=memory)
    low, high = burst_interval(total, spread, level=level)
    per_year = DAYS_A_YEAR / length
    return pd.DataFrame(
        {
            "start": starts[edges[:-1]],
            "end": ends[edges[1:] - 1],
            "days": length.astype(np.int64),
            "n": total.astype(np.int64),
            "rate": total * per_year,
            "low": low * per_year,
            "high": high * per_year,
        }
    )


def _change_interval(
    n: np.ndarray,
    days: np.ndarray,
    spread: float,
    size: float | None,
    level: float,
) -> tuple[int, int]:
    """Return the first and last place at which one change in a stretch may lie."""
    places = np.arange(1, len(n))
    left, span = np.cumsum(n)[places - 1], np.cumsum(days)[places - 1]
    weight = _evidence(left, span, spread, size)
    weight = weight + _evidence(n.sum() - left, days.sum() - span, spread, size)
    chance = np.exp(weight - weight.max())
    chance /= chance.sum()
    order = np.argsort(-chance, kind="stable")
    needed = int(np.searchsorted(np.cumsum(chance[order]), level)) + 1
    held = places[order[:needed]]
    return int(held.min()), int(held.max())


def _evidence(total: np.ndarray, span: np.ndarray, spread: float, size: float | None) -> np.ndarray:
    """Flattened log-likelihood of segments with the rate integrated out."""
    special = library("scipy.special")
    if size is None:
        shape = total / spread + 0.5
        return special.gammaln(shape) - shape * np.log(span / spread)
    # a negative binomial with probability p of "no further launch" and Jeffreys' prior on p
    return special.betaln(total / spread + 0.5, size * span / spread + 1e-9)


def _gain(n: np.ndarray, days: np.ndarray, change: int, price: Cost) -> float:
    """Log-likelihood that one change adds."""
    none = segment_cost(n, days, np.array([], dtype=np.int64), price)
    return none - segment_cost(n, days, np.array([change]), price)


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

    Examples
    --------
    >>> months = pd.period_range("2020-01", "2021-12", freq="M")
    >>> table = pd.DataFrame(
    ...     {"period": months, "days": months.days_in_month, "n": [0, 1] * 6 + [9, 8] * 6})
    >>> change_stability(table, penalties=(3.0, 100.0))["n_changes"].tolist()
    [1, 0]
    """
    n, days, starts = _series(counts)
    size, spread = _spread(n, days, cost)
    usual = spread * _toll(days)
    limits = (usual / 2, usual * 4) if penalties is None else penalties
    rows = []
    for low, high, breaks in all_segmentations(
        n, days, penalties=limits, size=size, min_size=_least(days, min_days)
    ):
        found = starts[breaks] if len(breaks) else pd.DatetimeIndex([pd.NaT])
        rows += [(low, high, len(breaks), change) for change in found]
    table = pd.DataFrame(rows, columns=["penalty_low", "penalty_high", "n_changes", "change"])
    return table.astype({"change": "datetime64[us]"})


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
    missing = [column for column in ("start", "kind", label) if column not in dates]
    if missing:
        raise ValueError(f"the dates have no column {', '.join(missing)}")
    first, last = changes["start"].min(), changes["end"].max()
    known = dates[(dates["start"] > first) & (dates["start"] <= last)]
    length = (last - first).days
    rows = []
    for change in changes.dropna(subset=["change_low"]).to_dict("records"):
        low, high = change["change_low"], change["change_high"]
        share = ((high - low).days + 1) / length
        inside = known[(known["start"] >= low) & (known["start"] <= high)]
        for date in inside.to_dict("records"):
            rows.append(
                {
                    "change": change["start"],
                    "change_low": low,
                    "change_high": high,
                    "date": date["start"],
                    "kind": date["kind"],
                    "name": date[label],
                    "days_after": (change["start"] - date["start"]).days,
                    "expected": share * int((known["kind"] == date["kind"]).sum()),
                }
            )
    return pd.DataFrame(rows, columns=_INSIDE)

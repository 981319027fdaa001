"""Rates and their intervals, for independent and for bursty launches.

`rate` reads a count table alone; `rates` and `era_rates` start from launches or days and so
know how bursty they are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..counting import CountRule, Coverage, Day
from ..record.notes import is_record, noted
from ..record.which import need_table
from ..series.days import DAYS_A_YEAR, Record, count_table, counts_and_days, daily, year_code
from ..series.eras import load_eras_or
from ..series.intervals import burst_interval, garwood, tail_mass
from .bursts import MEMORY_DAYS, dispersion_of_days


def rate(
    counts: pd.DataFrame, *, dispersion: np.ndarray | float | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Turn any count table into rates with intervals.

    Parameters
    ----------
    counts : DataFrame
        As from `counts`: ``n``, ``days`` and any other columns.
    dispersion : float or array of shape (k,), optional
        Variance over mean of the counts, as from `burstiness`. By default it is read off the
        differences between neighbouring rows, which also counts every change of the rate as
        if it were a burst: wide, but safe. `rates` does better.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        The same rows and columns and ``rate`` (launches a year of 365.25 days),
        ``garwood_low``, ``garwood_high`` (a year, if launches were independent),
        ``dispersion``, ``low``, ``high`` (a year, allowing for bursts: the answer), ``n_low``,
        ``n_high`` (the same for the period, in launches).

    Raises
    ------
    ValueError
        If ``n`` or ``days`` is missing or out of range.

    See Also
    --------
    rates : The same from launches or days, which show how bursty they are.

    Examples
    --------
    >>> table = pd.DataFrame({"n": [16, 0, 37], "days": [366, 365, 365]})
    >>> rate(table, dispersion=5.0)[["rate", "garwood_low", "low", "high"]].round(1).values.tolist()
    [[16.0, 9.1, 4.0, 38.8], [0.0, 0.0, 0.0, 7.5], [37.0, 26.1, 15.8, 69.0]]
    """
    n, days = counts_and_days(counts)
    spread = _neighbour_dispersion(n, days) if dispersion is None else dispersion
    spread = np.maximum(np.broadcast_to(np.asarray(spread, dtype=float), n.shape), 1.0)
    plain_low, plain_high = garwood(n, level=level)
    low, high = burst_interval(n, spread, level=level)
    per_year = DAYS_A_YEAR / days
    return noted(
        counts.assign(
            rate=n * per_year,
            garwood_low=plain_low * per_year,
            garwood_high=plain_high * per_year,
            dispersion=spread,
            low=low * per_year,
            high=high * per_year,
            n_low=low,
            n_high=high,
        ),
        counts,
    )


def _neighbour_dispersion(n: np.ndarray, days: np.ndarray) -> float:
    """Dispersion from differences of neighbouring rates."""
    if len(n) < 2 or n.sum() == 0:
        return 1.0
    common = (n[1:] + n[:-1]) / (days[1:] + days[:-1])
    expected = common * (1 / days[1:] + 1 / days[:-1])
    return float((np.diff(n / days) ** 2).sum() / expected.sum())


def rates(
    launches: Record,
    rule: CountRule | str | None = None,
    *,
    freq: str,
    start: Day | None = None,
    end: Day | None = None,
    by: str | None = None,
    level: float = 0.95,
    memory: int = MEMORY_DAYS,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Count launches by period and give each period's rate with a burst-aware interval.

    Parameters
    ----------
    launches : DataFrame or Series
        One row a launch; or what was counted already, so that rule, period and coverage are
        said once: a table of days, as from ``counts(..., freq="day")``, or launch days, as
        from `launch_days`.
    rule : CountRule or str, optional
        What counts, launch days by default; not for launches counted already.
    freq : {"year", "quarter", "month", "week", "day"}
        Length of the periods.
    start, end : date-like
        First and last day, inclusive; partial periods keep their days. A table of days has its
        own.
    by : str, optional
        A column: rates for each of its values, each with its own burstiness.
    level : float
        Confidence level.
    memory : int
        Days beyond which launches are taken as unrelated.
    coverage : DataFrame, False or None
        As in `counts`.

    Returns
    -------
    DataFrame
        One row a period (and value): ``period``, [`by`], ``days``, ``n``, ``exact`` and the
        columns of `rate`. The interval is for the rate that the conditions of that period
        implied, not for the spread from one period to the next.

    Raises
    ------
    ValueError
        As `counts`.

    See Also
    --------
    rate : From a count table alone.
    era_rates : Under each leader.
    count_regression : Trend and season of a count table.

    Examples
    --------
    >>> from analysis import counts, load_launches
    >>> days = counts(
    ...     load_launches(), "days", freq="day", start="2012-01-01", end="2025-12-31")
    >>> year = rates(days, freq="year").set_index("period").loc["2022"]
    >>> bool(year["low"] < year["garwood_low"] < year["rate"] < year["high"])
    True
    """
    tail_mass(level)
    period: Any = {"start": start, "end": end, "coverage": coverage}
    table = count_table(launches, rule, freq=freq, by=by, **period)
    spread = np.ones(len(table))
    groups = {None: table.index} if by is None else table.groupby(by).groups
    for value, places in groups.items():
        rows = launches if by is None else launches[launches[by] == value]
        days, n = daily(rows, rule, **period)
        window = table["days"].to_numpy()[places]
        spread[places] = dispersion_of_days(n, year_code(days), window, memory=memory)
    return noted(rate(table, dispersion=spread, level=level), launches)


def era_rates(
    launches: Record,
    rule: CountRule | str | None = None,
    eras: pd.DataFrame | None = None,
    *,
    start: Day | None = None,
    end: Day | None = None,
    level: float = 0.95,
    memory: int = MEMORY_DAYS,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Rates under each leader, with burst-aware intervals.

    Parameters
    ----------
    launches, rule, start, end, level, memory, coverage
        As in `rates`.
    eras : DataFrame, optional
        As from `load_eras`: ``start``, ``end``, ``kind``, ``name``, cut to the period. The
        record's own launches have its own by default; others have none.

    Returns
    -------
    DataFrame
        One row an era that meets the period: ``kind``, ``name``, ``start``, ``end``, ``days``,
        ``n`` and the columns of `rate`.

    Raises
    ------
    ValueError
        As `counts`, and if the eras of an office leave days of the period out.

    See Also
    --------
    rates : By year, quarter, month, week or day.

    Examples
    --------
    >>> from analysis import load_eras, load_launches
    >>> table = era_rates(load_launches(), "days", load_eras("dprk_leader"),
    ...                   start="1984-01-01", end="2025-12-31")
    >>> bool(table["rate"].is_monotonic_increasing)
    True
    """
    days, n = daily(launches, rule, start=start, end=end, coverage=coverage)
    if eras is None and isinstance(launches, pd.DataFrame) and not is_record(launches):
        raise ValueError(
            "the leaders of the record are no eras of other launches: expected eras=, a table with "
            "kind, name, start and end"
        )
    eras = load_eras_or(eras)
    need_table(eras, "eras", ["kind", "name", "start", "end"])
    table = eras[["kind", "name", "start", "end"]]
    table = table[(table["start"] <= days[-1]) & (table["end"] >= days[0])].reset_index(drop=True)
    if table.empty:
        raise ValueError(f"no era meets the period {days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}")
    for kind, office in table.groupby("kind", sort=False):
        held = np.zeros(len(days), dtype=bool)
        for begin, stop in zip(office["start"], office["end"], strict=True):
            held |= np.asarray((days >= begin) & (days <= stop))
        if not held.all():
            raise ValueError(
                f"no {kind} is given on {(~held).sum():,} days of the period, the first "
                f"{days[~held][0]:%Y-%m-%d}: expected eras that cover it, or another start and end"
            )
    first = days.searchsorted(table["start"])
    last = days.searchsorted(table["end"], side="right") - 1
    total = np.append(0, n.cumsum()).astype(np.int64)
    spans: Any = {"start": days[first], "end": days[last], "days": last - first + 1}
    table = table.assign(**spans, n=total[last + 1] - total[first])
    spread = dispersion_of_days(n, year_code(days), table["days"].to_numpy(), memory=memory)
    return noted(rate(table, dispersion=spread, level=level), launches)

"""Launches by the calendar and the clock: days, months and hours."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..counting import CountRule, Coverage, Day, counted_rows
from ..errors import need_named
from ..record.door import through_door
from ..record.notes import noted
from ..series.days import Record, daily


def hours(
    launches: pd.DataFrame,
    rule: CountRule | str = "days",
    *,
    start: Day,
    end: Day,
    timezone: str = "Asia/Seoul",
) -> pd.DataFrame:
    """Count launch days by the hour of their first known launch.

    Parameters
    ----------
    launches : DataFrame
        One row a launch.
    rule : CountRule or str
        Which launches.
    start, end : date-like
        First and last day, inclusive.
    timezone : str
        Whose clock.

    Returns
    -------
    DataFrame
        24 rows: ``hour`` (0 to 23), ``n`` (launch days whose first launch fell in that hour),
        ``share``, ``n_known`` (launch days with an instant) and ``n_unknown`` (without), the
        same in every row.

    Raises
    ------
    ValueError
        As `counted_rows`.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = hours(load_launches(), start="2012-01-01", end="2025-12-31")
    >>> bool(table["share"].iloc[5:10].sum() > 0.4)
    True
    """
    tidy = through_door(launches, "launches", ["launched_at"])
    need_named(tidy, ["launched_at"], "launches", "`hours`")
    rows = counted_rows(tidy, rule, start=start, end=end)
    first = rows.groupby("counted_on")["launched_at"].min()
    known = first.dropna().dt.tz_convert(timezone)
    n = np.bincount(known.dt.hour, minlength=24)
    total = int(n.sum())
    table = pd.DataFrame({"hour": np.arange(24), "n": n, "share": n / max(total, 1)})
    return noted(table.assign(n_known=total, n_unknown=len(first) - total), launches)


def launch_calendar(
    launches: Record,
    rule: CountRule | str | None = None,
    *,
    start: Day | None = None,
    end: Day | None = None,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """List every day of a period with what was counted on it, for a calendar heat map.

    Parameters
    ----------
    launches, rule, start, end, coverage
        As in `rates`.

    Returns
    -------
    DataFrame
        One row a day: ``date``, ``year``, ``month``, ``weekday`` (0 for Monday), ``week``
        (column in the year's calendar, from 0; weeks begin on Monday), ``n``.

    Raises
    ------
    ValueError
        As `counts`.

    See Also
    --------
    month_by_year : The same by month.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = launch_calendar(load_launches(), start="2022-01-01", end="2022-12-31")
    >>> len(table), int(table["n"].sum())
    (365, 37)
    """
    days, n = daily(launches, rule, start=start, end=end, coverage=coverage)
    new_year = days.to_period("Y").start_time.day_of_week
    table = pd.DataFrame({"year": days.year, "month": days.month, "weekday": days.day_of_week})
    table = table.assign(week=(days.day_of_year - 1 + new_year) // 7, n=n).astype(np.int64)
    table.insert(0, "date", days)
    return table


def month_by_year(
    launches: Record,
    rule: CountRule | str | None = None,
    *,
    start: Day | None = None,
    end: Day | None = None,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Count launches by year and month, for a heat map.

    Parameters
    ----------
    launches, rule, start, end, coverage
        As in `rates`.

    Returns
    -------
    DataFrame
        One row a month: ``year``, ``month``, ``quarter``, ``days`` (of the month inside the
        period), ``n``.

    Raises
    ------
    ValueError
        As `counts`.

    See Also
    --------
    seasonality : Whether the months differ.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = month_by_year(load_launches(), start="2022-01-01", end="2022-12-31")
    >>> table["n"].tolist()
    [7, 1, 3, 1, 4, 1, 0, 1, 3, 7, 6, 3]
    """
    days, n = daily(launches, rule, start=start, end=end, coverage=coverage)
    months = pd.Series(n).groupby([days.year, days.month, days.quarter]).agg(["size", "sum"])
    table = months.rename_axis(["year", "month", "quarter"]).reset_index()
    return noted(table.rename(columns={"size": "days", "sum": "n"}).astype(np.int64), launches)

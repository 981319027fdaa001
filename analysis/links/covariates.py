"""Daily covariates laid on the days of a record."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ..errors import need_columns
from ..series.windows import Chosen

#: What is said of events where there are none.
NO_EVENTS = Chosen(np.zeros(0, np.int64), np.zeros(0, np.int64), 0, 0, 0, 0, 0)


def lay_covariates(
    covariates: pd.DataFrame | None, dates: pd.DatetimeIndex
) -> Iterator[tuple[str, np.ndarray]]:
    """Give each covariate on each day of a record, as deviations from its month.

    Parameters
    ----------
    covariates : DataFrame, optional
        One row a day: ``date`` and columns of numbers.
    dates : DatetimeIndex, shape (n_days,)
        The days of the record.

    Yields
    ------
    (str, ndarray of float, shape (n_days,))
        Name, and deviation from the mean of the same month and year in standard deviations of
        all days; missing where the covariate is.

    Examples
    --------
    >>> days = pd.date_range("2016-01-30", "2016-02-02")
    >>> table = pd.DataFrame({"date": days, "share": [1.0, 3.0, 11.0, 13.0]})
    >>> [(name, values.tolist()) for name, values in lay_covariates(table, days)]
    [('share', [-1.0, 1.0, -1.0, 1.0])]
    """
    if covariates is None:
        return
    need_columns(covariates, ["date"], "the covariates")
    table = covariates.set_index(pd.DatetimeIndex(covariates["date"])).drop(columns="date")
    if table.index.has_duplicates:
        twice = table.index[table.index.duplicated()][0]
        raise ValueError(f"the covariates hold {twice:%Y-%m-%d} twice: expected one row a day")
    numbers = table.select_dtypes("number")
    if numbers.columns.empty:
        raise ValueError("the covariates hold no column of numbers beside the date")
    for name, column in numbers.reindex(dates).astype("float64").items():
        away = column - column.groupby([dates.year, dates.month]).transform("mean")
        spread = away.std(ddof=0)
        yield str(name), (away / spread if spread > 0 else away).to_numpy()

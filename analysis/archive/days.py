"""Days on which a covariate stands out, as events."""

from __future__ import annotations

import pandas as pd

from ..errors import check_share, need_columns, unknown
from ..record.own import as_events


def covariate_events(
    covariates: pd.DataFrame,
    column: str = "share",
    *,
    quantile: float = 0.9,
    name: str | None = None,
) -> pd.DataFrame:
    """Return the days above a quantile of their own month and year, as events.

    Compared with their own month, days stand out neither because coverage grew nor because of
    the season.

    Parameters
    ----------
    covariates : DataFrame
        One row a day, such as `daily_covariates` returns: ``date`` and the column.
    column : str
        Which column; shares rather than counts, since coverage jumps.
    quantile : float
        Above which quantile of the days of its month a day is an event, between 0 and 1.
    name : str, optional
        The ``kind`` of the events; the column's name by default.

    Returns
    -------
    DataFrame
        Events in the columns of `load_events`: ``event_id``, ``start`` and ``end`` (the day),
        ``precision``, ``category`` ("covariate"), ``kind``, ``confidence``,
        ``answers_launch``, and ``value`` of the day. Days without a value are none; nor are
        days that only equal the quantile, as where most days are 0.

    Raises
    ------
    ValueError
        For a missing column, one that is no number, or a quantile outside 0 to 1.

    See Also
    --------
    daily_covariates : Makes the covariates.
    analysis.event_study : Launch days around the events; its null shifts the launches past them.

    Examples
    --------
    >>> days = pd.date_range("2016-01-01", "2016-02-29")
    >>> table = pd.DataFrame({"date": days, "share": [0.0] * 30 + [0.2] + [0.1] * 29})
    >>> covariate_events(table)["start"].dt.strftime("%Y-%m-%d").tolist()
    ['2016-01-31']
    """
    need_columns(covariates, ("date", column), "the covariates")
    check_share("quantile", quantile)
    if not pd.api.types.is_numeric_dtype(covariates[column]):
        raise unknown("column of numbers", column, covariates.select_dtypes("number").columns)
    days = pd.to_datetime(covariates["date"])
    value = covariates[column].astype("float64")
    limit = value.groupby([days.dt.year, days.dt.month]).transform(lambda x: x.quantile(quantile))
    out = value > limit
    start = days[out].reset_index(drop=True)
    events = pd.DataFrame(
        {
            "event_id": "covariate-" + start.dt.strftime("%Y-%m-%d"),
            "start": start,
            "end": start,
            "precision": "day",
            "confidence": "sourced",
            "answers_launch": False,
            "value": value[out].to_numpy(),
        }
    )
    # words of our own choice, which no table of the record knows
    return as_events(events, start="start", category="covariate", kind=name or column)

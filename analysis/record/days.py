"""Calendar days, as they are given."""

from __future__ import annotations

import datetime as dt
import re
from typing import TypeAlias

import numpy as np
import pandas as pd

#: Nothing vaguer is a day: not 2022, not 5/6/2022, and not an instant in some zone.
_DAY_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Day: TypeAlias = str | dt.date | pd.Timestamp | np.datetime64


def as_day(value: Day, what: str) -> pd.Timestamp:
    """Read a calendar day; `what` names it in the error.

    Examples
    --------
    >>> as_day("2022-11-09", "start")
    Timestamp('2022-11-09 00:00:00')
    """
    expected = f"expected a day such as '2022-11-09' for {what}, got {value!r}"
    if isinstance(value, str) and not _DAY_FORM.fullmatch(value):
        raise ValueError(expected)
    if isinstance(value, (int, float)) and not isinstance(value, np.datetime64):
        raise ValueError(expected)
    try:
        day = pd.Timestamp(value)
    except (ValueError, TypeError) as error:
        raise ValueError(expected) from error
    if day is pd.NaT:
        raise ValueError(expected)
    if day.tz is not None:  # which day it is depends on the calendar
        raise ValueError(f"{expected}: a day has no time zone")
    return day.normalize()

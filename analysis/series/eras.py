"""Eras: stretches in which the same people hold the offices named."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..counting import day_numbers
from ..errors import need_columns, unknown
from ..record.load import load_eras

#: Leaders of the three capitals, by whose changes links compare like with like.
OFFICES = ("dprk_leader", "us_president", "rok_president")
#: The office of eras that name none.
UNNAMED = "office"


def load_eras_or(eras: pd.DataFrame | None) -> pd.DataFrame:
    """Return the eras given, or the package's own."""
    return load_eras() if eras is None else eras


def offices_in(eras: pd.DataFrame) -> tuple[str, ...]:
    """Return the offices by which a table of eras cuts, when nobody chose among them.

    A table that holds the record's three offices cuts by those, any other by all that it has;
    without a column ``kind`` all its rows are one office.

    Examples
    --------
    >>> offices_in(pd.DataFrame({"kind": ["soviet_leader"], "start": ["1953-03-05"]}))
    ('soviet_leader',)
    """
    need_columns(eras, ["start"], "the eras")
    if "kind" not in eras:
        return (UNNAMED,)
    kinds = tuple(sorted(map(str, eras["kind"].unique())))
    return tuple(office for office in OFFICES if set(OFFICES) <= set(kinds)) or kinds


def era_starts(offices: Sequence[str], eras: pd.DataFrame | None = None) -> np.ndarray:
    """Return the days since 1970 on which one of the offices changes hands, in order.

    Parameters
    ----------
    offices : sequence of str
        Kinds of `load_eras()`, such as "dprk_leader" and "us_president".
    eras : DataFrame, optional
        Table like `load_eras()`; the package's own by default.

    Raises
    ------
    ValueError
        If the table names none of the offices.

    Examples
    --------
    >>> len(era_starts(["dprk_leader"]))
    3
    """
    eras = load_eras_or(eras)
    kinds = eras["kind"] if "kind" in eras else pd.Series(UNNAMED, eras.index)
    named = kinds.isin(offices)
    absent = [office for office in offices if not (kinds == office).any()]
    if absent:
        raise unknown("office", ", ".join(absent), kinds.unique())
    return np.unique(day_numbers(eras.loc[named, "start"]))


def era_codes(
    days: pd.DatetimeIndex, offices: Sequence[str], *, eras: pd.DataFrame | None = None
) -> np.ndarray:
    """Number the eras of the days from 0 in order of time; a change in any office starts one.

    Parameters
    ----------
    days : DatetimeIndex, shape (n,)
        Days.
    offices, eras
        As in `era_starts`.

    Returns
    -------
    ndarray of int, shape (n,)

    See Also
    --------
    era_names : Who holds the offices.

    Examples
    --------
    >>> days = pd.to_datetime(["2011-12-16", "2011-12-17", "2025-12-31"])
    >>> era_codes(days, ["dprk_leader"]).tolist()
    [0, 1, 1]
    """
    return codes_between(days, era_starts(offices, eras))


def codes_between(days: pd.DatetimeIndex, starts: Sequence[int] | np.ndarray) -> np.ndarray:
    """Number the stretches of days from 0 in order of time; each start, in days, opens one."""
    place = np.searchsorted(np.asarray(starts), day_numbers(days), side="right")
    return np.unique(place, return_inverse=True)[1]


def era_names(
    days: pd.DatetimeIndex, offices: Sequence[str], *, eras: pd.DataFrame | None = None
) -> np.ndarray:
    """Return who holds the offices on each day, joined by commas.

    Parameters
    ----------
    days, offices, eras
        As in `era_codes`.

    Returns
    -------
    ndarray of str, shape (n,)

    Raises
    ------
    ValueError
        If the table does not say who held an office on the first day.

    Examples
    --------
    >>> era_names(pd.to_datetime(["2017-01-20"]), ["dprk_leader", "us_president"]).tolist()
    ['Kim Jong Un, Donald Trump']
    """
    eras = load_eras_or(eras)
    holders = []
    for kind in offices:
        office = eras[eras["kind"] == kind].sort_values("start")
        place = np.searchsorted(office["start"].to_numpy(), days.to_numpy(), side="right") - 1
        if (place < 0).any():
            raise ValueError(
                f"no {kind} is known on {days.min():%Y-%m-%d}: expected a later start, eras of "
                "one's own (eras=), or for `self_excitation` another baseline="
            )
        holders.append(office["name"].to_numpy(dtype=str)[place])
    return np.array([", ".join(names) for names in zip(*holders, strict=True)])

"""A database as it stood on a day: its state, and the launches that it then listed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..errors import check_one_of
from .columns import DATE_FORMAT
from .days import Day, as_day
from .vintage_tables import DATABASES
from .vocabulary import KLASSES

#: What a database lists at all, and the columns that its states hold.
FAMILIES_LISTED = {"cns": ("ballistic", "space"), "csis": tuple(dict.fromkeys(KLASSES.values()))}
_VINTAGE_COLUMNS = {
    "cns": ["launched_at", "missiles", "missiles_exact", "system", "family", "outcome"],
    "csis": ["klass", "family"],
}


def states_of(vintages: pd.DataFrame, database: str) -> pd.DataFrame:
    """Return the states of a database that stood at the end of a day, the oldest first.

    Examples
    --------
    >>> from analysis import load_vintages
    >>> bool(states_of(load_vintages(), "cns")["date"].is_unique)
    True
    """
    check_one_of("database", database, DATABASES)
    known = vintages[(vintages["database"] == database) & vintages["until"].notna()]
    return known.sort_values("date", ignore_index=True)


def as_listed(
    vintages: pd.DataFrame, listed: pd.DataFrame, known_on: Day, database: str
) -> pd.DataFrame:
    """Return the launches that a database listed on a day, as `load_launches` describes.

    Parameters
    ----------
    vintages, listed : DataFrame
        The tables of states, and of what each lists from it on.
    known_on : date-like
        The day.
    database : {"cns", "csis"}
        The database.

    Returns
    -------
    DataFrame
        One row a launch; ``.attrs["record"]`` names the state.

    Raises
    ------
    ValueError
        If no state is known of that day or before.
    """
    states = states_of(vintages, database)
    day = as_day(known_on, "known_on")
    before = states[states["date"] <= day]
    if before.empty:
        raise ValueError(
            f"no state of {database} is known of {day:%Y-%m-%d} or before: the first day known "
            f"is {states['date'].iloc[0]:%Y-%m-%d}"
        )
    state: Any = before.iloc[-1]
    rows = _rows_of(state, before, listed)
    launches = rows.assign(
        launch_id=rows["name"],
        family=rows["klass"].map(KLASSES),
        missiles_exact=True,
        **{f"in_{database}": True},
    )
    columns = ["launch_id", "date", "date_precision", *_VINTAGE_COLUMNS[database], f"in_{database}"]
    launches = launches[columns].sort_values("launch_id", ignore_index=True)
    if "missiles" in launches:
        launches = launches.astype({"missiles": "int64"})
    launches.attrs["record"] = {
        "vintage": state["vintage"],
        "state_of": f"{state['date']:{DATE_FORMAT}}",
        "speaks_to": f"{min(day, state['until']):{DATE_FORMAT}}",
        "family": FAMILIES_LISTED[database],
    }
    return launches


def _rows_of(state: Any, before: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Return what a state lists: its own rows, or the last ones of each launch up to it."""
    chain = before[~before["whole"]] if not state["whole"] else before.tail(1)
    since = listed["vintage"].map(chain.set_index("vintage")["date"])
    # what was matched to no launch goes by its day
    names = listed["launch_id"].fillna(listed["date"].dt.strftime(DATE_FORMAT) + "-unmatched")
    known = pd.DataFrame({"name": names, "since": since, "missiles": listed["missiles"].fillna(1)})
    last = known[since.notna()].sort_values("since", kind="stable")
    last = last.drop_duplicates("name", keep="last")
    last = last[last["missiles"] > 0]
    return listed.loc[last.index].assign(name=last["name"])

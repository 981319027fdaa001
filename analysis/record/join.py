"""What a checked table still needs: final types, and what other tables know of its rows."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .columns import Table
from .vocabulary import Announcer


def join(launches: pd.DataFrame, systems: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Add what is known of each launch's system and site, where a column is not there already."""
    places = sites[["site", "name", "lat", "lon"]].rename(columns={"name": "site_name"})
    types = systems[["system", "name", "klass", "family"]]
    for key, other in (("system", types), ("site", places)):
        absent = [name for name in other if name not in launches]
        if absent:
            known = other.set_index(key)[absent].reindex(launches[key]).set_axis(launches.index)
            launches = pd.concat([launches, known], axis=1)
    # a site of the user's own has no other name than the one it is given
    return launches.assign(site_name=launches["site_name"].fillna(launches["site"]))


def tidy(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give a checked table its final dtypes: plain bool and int64 where no cell may be empty."""
    plain = {"boolean": "bool", "Int64": "int64"}
    dtypes = {
        c.name: plain[str(frame[c.name].dtype)]
        for c in table.columns
        if c.required and c.name in frame and str(frame[c.name].dtype) in plain
    }
    return frame.astype(dtypes).reset_index(drop=True)


def add_announced(
    launches: pd.DataFrame, announced: pd.DataFrame, announcers: Mapping[str, Announcer]
) -> pd.DataFrame:
    """Give each announcer's numbers a column, and a list that is not there: nothing is on it.

    A number that rests on a total alone is a guess about that launch, and is left out.
    """
    announced = announced[announced["ground"].ne("total").fillna(True)]
    for key, announcer in announcers.items():
        if announcer.gives == "numbers":
            theirs = announced[announced["capital"] == key].set_index("launch_id")["missiles"]
            numbers = launches["launch_id"].map(theirs).astype("Int64")
            launches = launches.assign(**{announcer.column: numbers})
        elif announcer.column not in launches:
            launches = launches.assign(**{announcer.column: False})
    return launches

"""Launch days inside each of the Olympic Games, the Paralympics and the truces around them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..counting import CountRule, Coverage, Day, day_numbers
from ..errors import need_columns
from ..record.door import through_door
from ..record.notes import noted
from ..record.schema import TABLES
from ..series.strata import read_days
from ..series.windows import shared_days

#: Kinds of event that last, and what they are; Asian Games and joint teams are none of them.
GAMES = (
    *("summer_games", "winter_games", "summer_paralympics", "winter_paralympics"),
    "olympic_truce",
)


def olympics_table(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    *,
    rule: CountRule | str = "days",
    start: Day = "1984-01-01",
    end: Day | None = None,
    eras: pd.DataFrame | None = None,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Hold launch days inside each Olympic Games and truce against expectation.

    Parameters
    ----------
    launches, events : DataFrame
        Tables like `load_launches()` and `load_events()`.
    rule : CountRule or str
        What counts as a launch.
    start, end : date-like
        Period; to the last day covered by default.
    eras, coverage : DataFrame, optional
        As in `event_study`.

    Returns
    -------
    DataFrame
        One row a Games, Paralympics or truce of day precision, whatever its confidence:
        ``event_id``, ``title``, ``kind``, ``start``, ``end``, ``confidence``, ``days``,
        ``observed`` and ``expected`` launch days (the latter from the rate of the month in the
        era), ``chance_of_none`` (share of all shifts of the record by which no launch day would
        fall inside).

    Raises
    ------
    ValueError
        If no Games lie in the period, or as `event_study`.

    See Also
    --------
    event_study : All Games together against all other days.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> games = olympics_table(load_launches(), load_events("olympics"))
    >>> games.loc[games["event_id"].str.contains("winter-olympics-beijing"), "observed"].tolist()
    [0]
    """
    events = through_door(events, "events", TABLES["events"].names)
    need_columns(
        events, ["event_id", "title", "category", "kind", "confidence"], "the table of events"
    )
    games = events[events["kind"].isin(GAMES) & (events["precision"] == "day")]
    end = shared_days(rule, games, coverage)[1] if end is None else end
    days = read_days(launches, rule, start=start, end=end, eras=eras, coverage=coverage)
    games = games[(games["start"] >= days.bounds[0]) & (games["end"] <= days.bounds[1])]
    if not len(games):
        raise ValueError("the group of events is empty: no Games in the period")
    shown = ["event_id", "title", "kind", "start", "end", "confidence"]
    table = games[shown].sort_values(["start", "kind"], ignore_index=True)
    zero = day_numbers(pd.Series(days.bounds))[0]
    first, after = day_numbers(table["start"]) - zero, day_numbers(table["end"]) - zero + 1
    table["days"] = after - first
    spans = [slice(*ends) for ends in zip(first, after, strict=True)]
    table["observed"] = [round(days.launches[span].sum()) for span in spans]
    table["expected"] = [days.expected[span].sum() for span in spans]
    table["chance_of_none"] = [_none_inside(days.launches, length) for length in table["days"]]
    return noted(table, launches)


def _none_inside(launches: np.ndarray, length: int) -> float:
    """Return the share of stretches of that length without a launch day, the record on a circle."""
    twice = np.concatenate([[0.0], np.cumsum(np.tile(launches, 2))])
    inside = twice[length : length + len(launches)] - twice[: len(launches)]
    return float((inside < 0.5).mean())

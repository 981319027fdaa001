"""Events that bind some countries and not others, each compared with the launches of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from scipy import stats

from ..counting import CountRule
from ..errors import need_columns
from .study import event_study

_SUMS = ("n_events", "observed", "at_other_rate")


def study_by_country(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    rule: CountRule,
    periods: Mapping[str, tuple[str, str]],
    **others: Any,
) -> pd.DataFrame:
    """Compare each country's launches with the events that name it, and stack the answers.

    Parameters
    ----------
    launches, events, rule
        As in `event_study`; the events name countries in ``parties``.
    periods : mapping
        First and last day of each country's period, by its code in the column ``country``.
    **others
        As in `event_study`.

    Returns
    -------
    DataFrame
        As from `event_study`, ``group`` the country; the last row, "all", adds up `n_events`,
        `observed` and `at_other_rate`, with their ratio and Fisher's combination of the p-values
        (the countries taken as independent).

    Raises
    ------
    ValueError
        As `event_study`, and where no event names a country.

    Examples
    --------
    >>> from analysis import load_example
    >>> stops = load_example("nuclear", "events")
    >>> stops = stops[stops["event_id"].str.fullmatch("1958-10-31-u[sk]-moratorium")]
    >>> periods = dict.fromkeys(("USA", "GBR"), ("1951-01-01", "1970-12-31"))
    >>> table = study_by_country(
    ...     load_example("nuclear"), stops, CountRule("day", "all"), periods, during=True)
    >>> table["observed"].tolist()
    [0, 0, 0]
    """
    need_columns(events, ["parties"], "the events")
    named = events["parties"].fillna("").str.split(";")
    rows = []
    for country, (start, end) in periods.items():
        theirs = events.iloc[[i for i, parties in enumerate(named) if country in parties]]
        own = replace(rule, countries=(country,))
        rows.append(event_study(launches, theirs, own, start=start, end=end, **others))
    table = pd.concat(rows, ignore_index=True).assign(group=list(periods))
    whole = table[[*_SUMS]].sum().to_dict()
    whole["rate_ratio"] = whole["observed"] / whole["at_other_rate"]
    whole["p_value"] = float(
        stats.combine_pvalues(table["p_value"].tolist(), method="fisher").pvalue
    )
    table.loc[len(table)] = pd.Series({"group": "all", **whole})
    return table.astype({"n_events": int, "observed": int})

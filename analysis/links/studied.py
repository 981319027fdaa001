"""What figures and notebooks study of links, and the tables they share."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ..record.filters import passes_filter
from ..record.load import load_events, load_groups
from ..record.proofs import read_proof
from ..record.vocabulary import CONFIDENCES
from .design import Design
from .nulls import NULLS
from .regression import regression
from .study import event_study

#: Whole years in which both launches and every studied kind of event are covered.
SINCE, UNTIL = "2012-01-01", "2025-12-31"
RULE = "days"
#: The first day of events and the 14 days after it, over those years.
STUDY = Design(window=(0, 14), start=SINCE, end=UNTIL)


def studied_groups() -> pd.DataFrame:
    """Return the groups of events that the figures study, in the order drawn.

    Returns
    -------
    DataFrame
        Rows of `load_groups()`, by its column ``studied``.

    Examples
    --------
    >>> studied_groups()["group"].iloc[0]
    'command_post_drills'
    """
    groups = load_groups().dropna(subset="studied")
    return groups.sort_values("studied", ignore_index=True)


def group_events(name: str) -> pd.DataFrame:
    """Return the events of one group of `load_groups()`.

    Parameters
    ----------
    name : str
        Name of the group.

    Returns
    -------
    DataFrame
        Rows of `load_events()`.

    Raises
    ------
    ValueError
        If there is no such group.

    Examples
    --------
    >>> group_events("parades")["category"].unique().tolist()
    ['parade']
    """
    groups = load_groups().set_index("group")["filter"]
    if name not in groups.index:
        msg = f"no group {name!r}; there are: {', '.join(groups.index)}"
        raise ValueError(msg)
    events = load_events()
    return events[passes_filter(events, groups[name])].reset_index(drop=True)


def study_groups(launches: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Compare launch days around every group of events, and return those studied.

    The null of each group and the family over which p-values are adjusted follow from rules
    that are tables of the record (`load_groups()`), drawn or not: so the choice of what to draw
    cannot make a p-value smaller. A group outside the family has no adjusted p.

    Parameters
    ----------
    launches, events : DataFrame
        Tables like `load_launches()` and `load_events()`.

    Returns
    -------
    DataFrame
        What ``event_study`` returns for day 0 to 14, one row a group of `studied_groups()`.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> study_groups(load_launches(), load_events())["group"].iloc[0]
    'command_post_drills'
    """
    table = event_study(launches, events, RULE, by=load_groups(), design=STUDY)
    return table.set_index("group").loc[studied_groups()["group"]].reset_index()


def by_own_null(around: pd.DataFrame) -> pd.DataFrame:
    """Put the ratio that belongs to each group's null in the place of the one by strata.

    Parameters
    ----------
    around : DataFrame
        What `event_study` or `study_groups` returned.

    Returns
    -------
    DataFrame
        The same with ``rate_ratio``, ``low`` and ``high`` against the days that the null compares
        with, which ``null_ratio_of`` names.

    Examples
    --------
    >>> import pandas as pd
    >>> own = pd.DataFrame({"null_ratio": [2.4], "null_low": [1.3], "null_high": [4.7]})
    >>> by_own_null(own)["rate_ratio"].tolist()
    [2.4]
    """
    return around.assign(
        rate_ratio=around["null_ratio"], low=around["null_low"], high=around["null_high"]
    )


def with_detectable(around: pd.DataFrame) -> pd.DataFrame:
    """Add to a table of effects the ratios that the test would detect four times in five.

    Parameters
    ----------
    around : DataFrame
        What `study_groups` returned.

    Returns
    -------
    DataFrame
        The same with ``detectable_above`` and ``detectable_below``, once at p < .05 and once
        (``_family``) at the level that the correction over the family asks, and ``histories``,
        from the committed simulations; missing where no ratio would be detected.

    Examples
    --------
    >>> import pandas as pd
    >>> with_detectable(pd.DataFrame({"group": ["parades"]}))["group"].tolist()
    ['parades']
    """
    table = read_proof("links_power")
    columns = table.columns[table.columns.str.startswith("detectable_")]
    return around.merge(table[["group", *columns, "histories"]], on="group", how="left")


def under_each_null(launches: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Return adjusted p-values of the family under the rules and under each null for all.

    Parameters
    ----------
    launches, events : DataFrame
        Tables like `load_launches()` and `load_events()`.

    Returns
    -------
    DataFrame
        One row a group of the family: ``group``, ``by_rule``, and one column a null that all
        groups take.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> list(under_each_null(load_launches(), load_events()))[:3]
    ['group', 'by_rule', 'circular_shift']
    """
    groups = load_groups()
    family = groups[groups["family"]]
    table = pd.DataFrame({"group": family["group"].to_numpy()})
    for name, null in (("by_rule", None), *((null, null) for null in NULLS)):
        study = event_study(launches, events, RULE, by=family, design=replace(STUDY, null=null))
        table[name] = study["p_adjusted"].to_numpy()
    return table


#: Ways to look at the same groups: the main one, then one choice changed at a time.
VARIANTS = {
    "main: day 0 to 14": STUDY,
    "unsourced events too": replace(STUDY, confidence=CONFIDENCES),
    "US and New York dates a day later": replace(STUDY, next_day=True),
    "day 0 to 6": replace(STUDY, window=(0, 6)),
    "day 0 to 29": replace(STUDY, window=(0, 29)),
    "two weeks before": replace(STUDY, window=(-14, -1)),
    "first to last day": replace(STUDY, during=True),
    "all shifted": replace(STUDY, null="circular_shift"),
    "launch days added up": replace(STUDY, statistic="launch_days"),
    "all years permuted": replace(STUDY, null="years_permuted"),
    "shifts within eras": replace(STUDY, null="within_era"),
}
#: Windows of which the best is judged by the largest of all.
_WINDOWS = ((0, 6), (0, 14), (0, 29), (-14, -1))


def sensitivity(launches: pd.DataFrame, events: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """Look at groups of events in other ways: events, dates, windows, nulls and model.

    Parameters
    ----------
    launches, events, groups : DataFrame
        Tables like `load_launches()`, `load_events()` and `studied_groups()`.

    Returns
    -------
    DataFrame
        One row a group and variant: ``group``, ``variant``, ``n_events``, ``rate_ratio``,
        ``low``, ``high``, ``p_value``. The last variants are the regression, and the best of a
        family of windows with a p-value that allows for the choice.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> table = sensitivity(load_launches(), load_events(), studied_groups().head(1))
    >>> table["variant"].iloc[0]
    'main: day 0 to 14'
    """
    parts = [
        event_study(launches, events, RULE, by=groups, design=design).assign(variant=name)
        for name, design in VARIANTS.items()
    ]
    fitted = regression(launches, events, RULE, by=groups, design=STUDY)
    parts.append(fitted.rename(columns={"term": "group"}).assign(variant="regression"))
    family = event_study(launches, events, RULE, by=groups, window=_WINDOWS, design=STUDY)
    best = family.sort_values("p_value", kind="stable").drop_duplicates("group")
    parts.append(best.assign(p_value=best["p_family"], variant="best of four windows, allowed for"))
    table = pd.concat(parts, ignore_index=True)
    table = table[["group", "variant", "n_events", "rate_ratio", "low", "high", "p_value"]]
    order = pd.Index(groups["group"]).get_indexer(table["group"])
    return table.iloc[order.argsort(kind="stable")].reset_index(drop=True)

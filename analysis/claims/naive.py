"""What published studies did: launch dates redrawn at random, as if launches were independent."""

from __future__ import annotations

import pandas as pd
from scipy.stats import hypergeom

from ..counting import CountRule
from ..links.design import Design, lay_out
from ..links.studied import RULE, SINCE, UNTIL, study_groups


def naive_p(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    rule: CountRule | str,
    design: Design,
    *,
    by: pd.DataFrame | None = None,
) -> list[float]:
    """Return for each group the two-sided p of launch dates redrawn at random over the period.

    Redrawing n launch days among all days puts a hypergeometric number of them in the windows.
    Launches are taken as independent and seasons as chance, so p is small far too often (see
    the sizes in the proof ``links_size``): it stands beside our tests to show the difference.
    """
    layout = lay_out(launches, events, rule, design, by=by, single=True)
    launched, n_days = layout.days.launches, layout.days.n_days
    found = []
    for group in layout.groups:
        for _, _, marks in layout.placed(group):
            law = hypergeom(n_days, int(marks.sum()), int(launched.sum()))
            hits = int((marks * launched).sum())
            found.append(float(min(1.0, 2 * min(law.sf(hits - 1), law.cdf(hits)))))
    return found


def beside_naive(
    launches: pd.DataFrame, events: pd.DataFrame, groups: pd.DataFrame
) -> pd.DataFrame:
    """Put the naive answer beside ours: launch dates redrawn at random, and our tests.

    Parameters
    ----------
    launches, events, groups : DataFrame
        Tables like `load_launches()`, `load_events()` and `studied_groups()`.

    Returns
    -------
    DataFrame
        One row a group, for day 0 to 14: ``group``, ``n_events``, ``rate_ratio``, ``naive_p``,
        and from `study_groups` ``p_value``, ``p_years_permuted``, ``p_adjusted``.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> from analysis.links.studied import studied_groups
    >>> two = studied_groups().head(2)
    >>> beside_naive(load_launches(), load_events(), two)["group"].tolist()
    ['command_post_drills', 'field_drills']
    """
    table = study_groups(launches, events).set_index("group").loc[groups["group"]].reset_index()
    table["naive_p"] = naive_p(launches, events, RULE, Design(start=SINCE, end=UNTIL), by=groups)
    shown = ["group", "n_events", "rate_ratio", "naive_p", "p_value", "p_years_permuted"]
    return table[[*shown, "p_adjusted"]]

"""Groups of events judged together: is there any link at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from ..counting import CountRule
from ..record.notes import noted
from ..series.pvalues import tail_shares
from .design import Design, as_design, lay_out
from .nulls import null_values


def global_test(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    rule: CountRule | str,
    *,
    by: str | pd.DataFrame,
    alpha: float = 0.05,
    design: Design | None = None,
    **others: Any,
) -> pd.DataFrame:
    """Ask whether groups of events show any link with launch days, before any group is looked at.

    The null hypothesis: launches and the whole calendar of events go their ways independently.

    Parameters
    ----------
    launches, events, rule, by
        As in `event_study`, with one window.
    alpha : float
        Groups with a smaller p are counted.
    design : Design, optional
        Choices made once for several studies; its null is not used.
    **others
        Fields of `Design`.

    Returns
    -------
    DataFrame
        One row: ``n_groups`` (of the family, with something to compare), ``n_small`` (groups
        with p below `alpha`), ``expected_small`` (the same, mean over all shifts),
        ``combined`` (Fisher's minus two sum of log p), ``p_value`` (share of all shifts of the
        record at which the combination is as large).

    Raises
    ------
    ValueError
        As `event_study`, or if no group can be compared.

    See Also
    --------
    event_study : Each group by itself, with adjusted p-values.

    Notes
    -----
    At every circular shift of the record against the calendar of all events, each group's p is
    the rank of its statistic among all shifts; Fisher's combination of these is compared with
    itself over the shifts, so groups that share days or depend on each other are allowed for.

    References
    ----------
    Fisher, R. A. (1932). Statistical Methods for Research Workers, 4th edition, section 21.1.

    Westfall, P. H. and Young, S. S. (1993). Resampling-Based Multiple Testing. Wiley.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> table = global_test(
    ...     load_launches(), load_events("drill"), "days", by="kind", end="2025-12-31")
    >>> table["n_groups"].item() > 5
    True
    """
    design = as_design(design, others)
    layout = lay_out(launches, events, rule, design, by=by, single=True)
    shares = []
    for group in layout.groups:
        ((_, _, marks),) = layout.placed(group)
        outside = layout.family is not None and group.name not in layout.family
        if outside or not 0 < marks.sum() < len(marks):
            continue
        values = null_values(layout.days, marks, statistic=design.statistic)
        rank = stats.rankdata(values, method="max") / len(values)
        below = 1 - (stats.rankdata(values, method="min") - 1) / len(values)
        shares.append(np.minimum(1.0, 2 * np.minimum(rank, below)))
    if not shares:
        raise layout.empty("no usable one")
    p_values = np.array(shares)
    combined = -2 * np.log(p_values).sum(axis=0)
    small = (p_values < alpha).sum(axis=0)
    row = {
        "n_groups": len(p_values),
        "n_small": int(small[0]),
        "expected_small": float(small.mean()),
        "combined": float(combined[0]),
        "p_value": tail_shares(combined, float(combined[0]))[0],
    }
    return noted(pd.DataFrame([row]), launches)

"""p-values of windows, and what they are worth among several groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from ..errors import check_one_of
from ..series.pvalues import two_sided
from ..series.strata import Days
from .nulls import LEAST_YEARS, null_values, whole_years


def p_years(days: Days, window: np.ndarray, statistic: str, seed: int = 0) -> float:
    """Return the two-sided p under permuted years, missing where the years are too few."""
    if len(whole_years(days.calendar)) < LEAST_YEARS:
        return np.nan
    return two_sided(null_values(days, window, "years_permuted", statistic=statistic, seed=seed))


def add_adjusted(
    table: pd.DataFrame, family: Sequence[str] | None = None, *, name: str = "group"
) -> pd.DataFrame:
    """Add p-values that allow for the choice among groups.

    A group's p-value is that of its only window, or the smallest `p_family` of its windows.

    Parameters
    ----------
    table : DataFrame
        One row a group and window.
    family : sequence of str, optional
        Groups to adjust among; all by default. The others get no adjusted p.
    name : str
        Column that names the group.

    Returns
    -------
    DataFrame
        The table with ``p_adjusted`` (false discovery rate of Benjamini and Hochberg) and
        ``p_adjusted_by`` (of Benjamini and Yekutieli, for any dependence).

    References
    ----------
    Benjamini, Y. and Yekutieli, D. (2001). The control of the false discovery rate in multiple
    testing under dependency. Annals of Statistics 29(4), 1165-1188. doi:10.1214/aos/1013699998
    """
    single = not table[name].duplicated().any()
    known = table.groupby(name, sort=False)["p_value" if single else "p_family"].min()
    if family is not None:
        for group in family:
            check_one_of("group of the family", group, table[name].unique())
        known = known[known.index.isin(family)]
    for column, values in adjusted(known).items():
        table[column] = table[name].map(values).astype(float)
    return table


def adjusted(p_values: pd.Series) -> pd.DataFrame:
    """Return p-values adjusted as one family: ``p_adjusted`` and ``p_adjusted_by``.

    See `add_adjusted` for what they are; a missing p-value is no part of the family.

    Examples
    --------
    >>> adjusted(pd.Series([0.01, 0.04, np.nan]))["p_adjusted"].tolist()
    [0.02, 0.04, nan]
    """
    known = p_values.dropna()
    table = pd.DataFrame(index=p_values.index)
    for column, method in (("p_adjusted", "fdr_bh"), ("p_adjusted_by", "fdr_by")):
        values = multipletests(known.to_numpy(), method=method)[1] if len(known) else []
        table[column] = pd.Series(values, known.index, dtype=float)
    return table

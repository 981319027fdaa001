"""The rate of launch days at each lag from events: the superposed epoch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..counting import CountRule
from ..errors import check_whole
from ..record.notes import noted
from ..series.intervals import tail_mass
from ..series.pvalues import tail_shares
from ..series.strata import Days
from ..series.windows import Window, cover
from .design import Design, as_design, lay_out
from .nulls import shift_window


def superposed_epoch(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    rule: CountRule | str,
    *,
    lags: Window = (-42, 42),
    width: int = 7,
    by: str | pd.DataFrame | None = None,
    design: Design | None = None,
    **others: Any,
) -> pd.DataFrame:
    """Average the rate of launch days at each lag from the first day of events.

    Parameters
    ----------
    launches, events, rule, by
        As in `event_study`. Events that answer a launch are left out if a lag is negative.
    lags : (int, int)
        First and last lag in days.
    width : int
        Days averaged at each lag: an odd number, centred on it.
    design : Design, optional
        Choices made once for several studies; its windows are not used.
    **others
        Fields of `Design`: ``adjust``, ``start``, ``end``, ``confidence``, ``next_day``,
        ``level`` (of the bands), ``offices``, ``eras``, ``coverage``.

    Returns
    -------
    DataFrame
        One row a group and lag: ``group``, ``lag`` (days), ``n_events``, ``exposure_days``,
        ``observed`` and ``expected`` (launch days), ``rate`` and ``expected_rate`` (launch days
        a day), ``low`` and ``high`` (band of the rate if there is no link, at each lag by
        itself), ``low_simultaneous`` and ``high_simultaneous`` (band that the whole curve stays
        in), ``p_curve`` (two-sided, of the curve's largest excursion). All from every circular
        shift of the record.

    Raises
    ------
    ValueError
        As `event_study`, and for an even or non-positive `width`.

    See Also
    --------
    event_study : One window of days, with a rate ratio.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> curve = superposed_epoch(
    ...     load_launches(), load_events("parade"), "days", lags=(-3, 3), end="2025-12-31")
    >>> curve["lag"].tolist()
    [-3, -2, -1, 0, 1, 2, 3]
    """
    if check_whole("width", width, least=1) % 2 == 0:
        raise ValueError(f"expected an odd number of days for width, got {width!r}")
    design = as_design(design, others, window=lags, during=False)
    layout = lay_out(launches, events, rule, design, by=by, single=True)
    first, last = layout.pair()
    parts = []
    for group in layout.groups:
        at = group.chosen[0].first
        if len(at):
            part = _epoch(layout.days, at, np.arange(first, last + 1), width // 2, design.level)
            part.insert(0, "group", group.name)
            parts.append(part)
    if not parts:
        raise layout.empty("no usable one")
    return noted(pd.concat(parts, ignore_index=True), launches)


def _epoch(
    days: Days, starts: np.ndarray, lags: np.ndarray, half: int, level: float
) -> pd.DataFrame:
    """Return the rate at each lag with its bands."""
    rows, statistics, scales = [], [], []
    for lag in lags:
        marks = cover(starts + lag - half, starts + lag + half, days.n_days)
        shifts = shift_window(days.scores, marks)
        observed = round((days.launches * marks).sum())
        expected = float((days.expected * marks).sum())
        rows.append((lag, len(starts), int(marks.sum()), observed, expected))
        statistics.append(shifts.statistic)
        scales.append(np.sqrt(expected + shifts.typical))
    table = pd.DataFrame(rows, columns=["lag", "n_events", "exposure_days", "observed", "expected"])
    exposure = table["exposure_days"].where(table["exposure_days"] > 0)
    table["rate"] = table["observed"] / exposure
    table["expected_rate"] = table["expected"] / exposure
    bands, p_curve = _bands(np.stack(statistics), tail_mass(level))
    for name, width in bands.items():
        table[name] = (table["expected_rate"] + width * (scales / exposure)).clip(lower=0.0)
    return table.assign(p_curve=p_curve)


def _bands(z: np.ndarray, tail: float) -> tuple[dict[str, np.ndarray], float]:
    """Return bands of the statistic at each lag, and the p of the curve's largest excursion.

    `z` has one row a lag and one column a shift, the observed placing first.
    """
    spread = np.maximum(z.std(axis=1), 1e-12)
    largest = (z / spread[:, None]).max(axis=0)
    smallest = (z / spread[:, None]).min(axis=0)
    bands = {
        "low": np.quantile(z, tail, axis=1),
        "high": np.quantile(z, 1 - tail, axis=1),
        "low_simultaneous": np.quantile(smallest, tail) * spread,
        "high_simultaneous": np.quantile(largest, 1 - tail) * spread,
    }
    up, low = tail_shares(largest, largest[0])[0], tail_shares(smallest, smallest[0])[1]
    return bands, min(1.0, 2 * min(up, low))

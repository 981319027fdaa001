"""Launch days around and during context events: the event study and the epoch curve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..counting import CountRule, Coverage, Day
from ..extras import library
from ..series.pvalues import family_p, two_sided
from ..series.strata import ADJUSTMENTS, START, Days, read_days
from ..series.windows import (
    MAIN,
    Chosen,
    Window,
    check_events,
    check_windows,
    choose,
    cover,
    load_coverage_or,
    split_groups,
    window_days,
)
from .effect import measure
from .nulls import (
    LEAST_YEARS,
    NULLS,
    Shifts,
    shift_window,
    statistics,
    whole_years,
    year_statistics,
)

_EMPTY = {
    "exposure_days": 0,
    "observed": 0,
    "expected": 0.0,
    "rate_ratio": np.nan,
    "low": np.nan,
    "high": np.nan,
    "dispersion": np.nan,
    "p_value": np.nan,
    "p_years_permuted": np.nan,
}


def event_study(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    rule: CountRule | str,
    *,
    window: Window | Sequence[Window] = (0, 14),
    during: bool = False,
    by: str | pd.DataFrame | None = None,
    null: str = "circular_shift",
    adjust: Sequence[str] = ADJUSTMENTS,
    start: Day = START,
    end: Day,
    confidence: Sequence[str] = MAIN,
    next_day: bool = False,
    level: float = 0.95,
    eras: pd.DataFrame | None = None,
    coverage: Coverage = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare launch days in windows around events with what month and era lead to expect.

    The answer is an association and never a cause: a p-value, the rate of launch days inside
    the windows over the rate outside, and its interval.

    Parameters
    ----------
    launches, events : DataFrame
        Tables like `load_launches()` and `load_events()`.
    rule : CountRule or str
        What counts as a launch; only launch days matter, not how many missiles.
    window : (int, int) or list of such pairs
        Days a to b after the first day of an event, both inclusive, negative before it. With
        several windows each gets a row, and is judged by the largest of all.
    during : bool
        Use the days from `start` to `end` of each event in place of `window`.
    by : str or DataFrame, optional
        A column of the events ("kind", "category"), or a table of groups with the columns
        ``group`` and ``filter`` like `load_groups()`. All events together by default.
    null : {"circular_shift", "years_permuted", "within_era"}
        What `p_value` compares with: the record shifted by every number of days against the
        calendar of events; whole years of that calendar permuted, which keeps its season; or
        shifts inside each era.
    adjust : sequence of str
        Strata: "month", "era" (who leads in Pyongyang, Washington and Seoul), both or neither.
    start, end : date-like
        First and last day of the period. Events that start in it enter.
    confidence : sequence of str
        Which events enter; the rest is counted and left out.
    next_day : bool
        Date events of US and New York calendars one day later, as a check of sensitivity.
    level : float
        Level of the interval.
    eras, coverage : DataFrame, optional
        Tables to use in place of the package's; ``coverage=False`` for no check.
    seed : int
        For the draws of `years_permuted` and `within_era`; the default null draws nothing.

    Returns
    -------
    DataFrame
        One row a group (and window): ``group``, ``window_start``, ``window_end`` (days;
        missing with `during`), ``n_events`` used, ``n_month`` and ``n_unsourced`` (left out:
        known by month only; not sourced), ``n_answers_launch`` (left out of windows that reach
        before the event, since the launch came first), ``n_answering`` (of those used, how many
        answer a launch: read the first days of their windows with care), ``exposure_days``
        (distinct days in the windows), ``observed`` and ``expected`` launch days in them,
        ``rate_ratio`` with ``low`` and ``high`` (stratified by month and era), ``dispersion``
        (variance over that of independent launches), ``p_value`` (two-sided),
        ``p_years_permuted`` (the same under permuted years; missing under five whole years; it
        says little of days fixed in the calendar, which permuting hardly moves), ``p_family``
        (allowing for the choice among windows), ``p_adjusted`` and ``p_adjusted_by`` (among
        groups: Benjamini and Hochberg, Benjamini and Yekutieli). A group without a usable event
        has a row with missing values.

    Raises
    ------
    ValueError
        For an empty group, a window wider than the record, a period outside coverage, or an
        unknown rule, null, column or adjustment.

    Notes
    -----
    Every circular shift is compared, by fast Fourier transform, so the default p-value carries
    no simulation error. The statistic is in `analysis.links.nulls`, the interval in
    `analysis.links.effect`; size and coverage are measured by ``tests/proofs/links_size.py``.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> table = event_study(
    ...     load_launches(), load_events("drill"), "days", by="kind", end="2025-12-31")
    >>> {"group", "rate_ratio", "low", "high", "p_value", "p_adjusted"} <= set(table.columns)
    True
    """
    if null not in NULLS:
        raise ValueError(f"unknown null {null!r}: expected {', '.join(NULLS)}")
    coverage = load_coverage_or(coverage)
    days, bounds = read_days(
        launches, rule, start=start, end=end, adjust=adjust, eras=eras, coverage=coverage
    )
    check_events(events, coverage, bounds)
    windows = [(0, 0)] if during else check_windows(window, days.n_days)
    rows = []
    for name, group in split_groups(events, by):
        chosen = [
            choose(
                group,
                bounds,
                before=not during and first < 0,
                confidence=confidence,
                next_day=next_day,
            )
            for first, _ in windows
        ]
        if by is None and not _n_seen(chosen[0]):
            raise ValueError(
                f"the group of events is empty: none starts from {bounds[0]:%Y-%m-%d} to "
                f"{bounds[1]:%Y-%m-%d}"
            )
        rows += _group_rows(days, name, chosen, windows, during, null, level, seed)
    table = pd.DataFrame(rows)
    if during:
        table[["window_start", "window_end"]] = pd.NA
    table[["window_start", "window_end"]] = table[["window_start", "window_end"]].astype("Int64")
    return add_adjusted(table)


def _n_seen(chosen: Chosen) -> int:
    """Return how many events of the group start in the period."""
    left_out = chosen.n_month + chosen.n_unsourced + chosen.n_answers_launch
    return len(chosen.first) + left_out


def _group_rows(
    days: Days,
    name: str,
    chosen: list[Chosen],
    windows: list[Window],
    during: bool,
    null: str,
    level: float,
    seed: int,
) -> list[dict[str, Any]]:
    """Return the rows of one group, one a window."""
    rows: list[dict[str, Any]] = []
    tested: list[tuple[int, np.ndarray]] = []
    for pair, used in zip(windows, chosen, strict=True):
        marks = cover(*window_days(used, pair, during), days.n_days)
        row: dict[str, Any] = {
            "group": name,
            "window_start": pair[0],
            "window_end": pair[1],
            "n_events": len(used.first),
            "n_month": used.n_month,
            "n_unsourced": used.n_unsourced,
            "n_answers_launch": used.n_answers_launch,
            "n_answering": used.n_answering,
            **_EMPTY,
        }
        if marks.any():
            shifts = shift_window(days, marks)
            values = statistics(days, marks, shifts, null, seed)
            row.update(judge(days, marks, shifts, values, level, seed))
            if not np.isnan(row["rate_ratio"]):
                tested.append((len(rows), values))
        rows.append({**row, "p_family": np.nan})
    if tested:
        judged = family_p(np.stack([values for _, values in tested]))
        for (place, _), p in zip(tested, judged, strict=True):
            rows[place]["p_family"] = p
    return rows


def judge(
    days: Days, marks: np.ndarray, shifts: Shifts, values: np.ndarray, level: float, seed: int
) -> dict[str, Any]:
    """Return effect and p-values of one window; p is missing where no stratum can compare."""
    effect = measure(days, marks, shifts, level)
    comparable = not np.isnan(effect.rate_ratio)
    return {
        "exposure_days": int(marks.sum()),
        **effect._asdict(),
        "p_value": two_sided(values) if comparable else np.nan,
        "p_years_permuted": p_years(days, marks, seed) if comparable else np.nan,
    }


def p_years(days: Days, marks: np.ndarray, seed: int = 0) -> float:
    """Return the two-sided p under permuted years, missing where the years are too few."""
    if len(whole_years(days)) < LEAST_YEARS:
        return np.nan
    return two_sided(year_statistics(days, marks, seed))


def add_adjusted(table: pd.DataFrame) -> pd.DataFrame:
    """Add p-values that allow for the choice among groups.

    A group's p-value is that of its only window, or the smallest `p_family` of its windows.
    """
    group_p = table.groupby("group", sort=False)["p_family"].min()
    single = not table["group"].duplicated().any()
    if single:
        group_p = table.set_index("group")["p_value"]
    known = group_p.dropna()
    for column, method in (("p_adjusted", "fdr_bh"), ("p_adjusted_by", "fdr_by")):
        adjusted = pd.Series(np.nan, index=group_p.index)
        if len(known):
            multi = library("statsmodels.stats.multitest")
            adjusted[known.index] = multi.multipletests(known.to_numpy(), method=method)[1]
        table[column] = table["group"].map(adjusted).astype(float)
    return table


def superposed_epoch(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    rule: CountRule | str,
    *,
    lags: Window = (-42, 42),
    width: int = 7,
    by: str | pd.DataFrame | None = None,
    adjust: Sequence[str] = ADJUSTMENTS,
    start: Day = START,
    end: Day,
    confidence: Sequence[str] = MAIN,
    next_day: bool = False,
    level: float = 0.95,
    eras: pd.DataFrame | None = None,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Average the rate of launch days at each lag from the first day of events.

    Parameters
    ----------
    launches, events, rule, by, adjust, start, end, confidence, next_day, eras, coverage
        As in `event_study`. Events that answer a launch are left out if a lag is negative.
    lags : (int, int)
        First and last lag in days.
    width : int
        Days averaged at each lag: an odd number, centred on it.
    level : float
        Level of the bands.

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

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> curve = superposed_epoch(
    ...     load_launches(), load_events("parade"), "days", lags=(-3, 3), end="2025-12-31")
    >>> curve["lag"].tolist()
    [-3, -2, -1, 0, 1, 2, 3]
    """
    if not isinstance(width, (int, np.integer)) or width < 1 or width % 2 == 0:
        raise ValueError(f"expected an odd number of days for width, got {width!r}")
    coverage = load_coverage_or(coverage)
    days, bounds = read_days(
        launches, rule, start=start, end=end, adjust=adjust, eras=eras, coverage=coverage
    )
    check_events(events, coverage, bounds)
    first, last = check_windows(lags, days.n_days)[0]
    parts = []
    for name, group in split_groups(events, by):
        chosen = choose(group, bounds, before=first < 0, confidence=confidence, next_day=next_day)
        if len(chosen.first):
            part = _curve(days, chosen, np.arange(first, last + 1), width // 2, level)
            part.insert(0, "group", name)
            parts.append(part)
    if not parts:
        raise ValueError(
            f"the group of events is empty: no usable one starts from {bounds[0]:%Y-%m-%d} to "
            f"{bounds[1]:%Y-%m-%d}"
        )
    return pd.concat(parts, ignore_index=True)


def _curve(days: Days, chosen: Chosen, lags: np.ndarray, half: int, level: float) -> pd.DataFrame:
    """Return the rate at each lag with its bands."""
    tail = (1 - level) / 2
    rows, values = [], []
    for lag in lags:
        at = chosen.first + lag
        marks = cover(at - half, at + half, days.n_days)
        shifts = shift_window(days, marks)
        exposure = marks.sum()
        expected = float((days.expected * marks).sum())
        scale = np.sqrt(expected + shifts.typical)
        rows.append((lag, len(at), int(exposure), round((days.launches * marks).sum()), expected))
        values.append((shifts.statistic, scale))
    z = np.stack([statistic for statistic, _ in values])
    spread = np.maximum(z.std(axis=1), 1e-12)
    largest = (z / spread[:, None]).max(axis=0)
    smallest = (z / spread[:, None]).min(axis=0)
    table = pd.DataFrame(rows, columns=["lag", "n_events", "exposure_days", "observed", "expected"])
    exposure = table["exposure_days"].where(table["exposure_days"] > 0)
    table["rate"] = table["observed"] / exposure
    table["expected_rate"] = table["expected"] / exposure
    scale = np.array([size for _, size in values]) / exposure
    bands = {
        "low": np.quantile(z, tail, axis=1),
        "high": np.quantile(z, 1 - tail, axis=1),
        "low_simultaneous": np.quantile(smallest, tail) * spread,
        "high_simultaneous": np.quantile(largest, 1 - tail) * spread,
    }
    for name, width in bands.items():
        table[name] = (table["expected_rate"] + width * scale).clip(lower=0.0)
    up = np.mean(largest >= largest[0] - 1e-9)
    low = np.mean(smallest <= smallest[0] + 1e-9)
    table["p_curve"] = min(1.0, 2 * float(min(up, low)))
    return table

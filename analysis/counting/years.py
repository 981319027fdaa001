"""Year against year: to the same day, day by day, and when each reached a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from ..errors import check_whole
from ..record.notes import noted
from .periods import (
    Bounds,
    Coverage,
    Day,
    check_as_of,
    coverage_of,
    day_numbers,
    is_spoken,
    same_day,
    spoken_days,
    year_spans,
)
from .rules import KOREA, RULES, CountRule, resolve_rule
from .tables import compare_rules
from .tally import Tally, add_up, in_period, make_tally, ready, without_instant


def year_to_date(
    launches: pd.DataFrame,
    rule: CountRule | str,
    *,
    years: Iterable[int],
    as_of: Day,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Count each year from 1 January to the same month and day.

    Month and day are compared, not the number of the day; for 29 February, common years run
    through 28 February. The running year is cut at the last day of record, which ``days``
    shows.

    Parameters
    ----------
    launches, rule, coverage
        As in `count`.
    years : iterable of int
        The years.
    as_of : date-like
        A day in one of the years.

    Returns
    -------
    DataFrame
        One row a year: ``year``, ``days`` (counted), ``n``, ``n_full_year`` (missing for the
        running year), ``exact`` (also False where the record ends before the day). In another
        calendar than the Korean, also ``n_undated``.

    Raises
    ------
    ValueError
        As `count`, and for an `as_of` outside the years or after the last day of record.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = year_to_date(load_launches(), "cnn", years=[2021, 2022], as_of="2022-11-09")
    >>> table["n"].tolist(), table["n_full_year"].tolist()
    ([8, 32], [8, 37])
    """
    rule = resolve_rule(rule)
    spans = year_spans(years, rule, coverage_of(launches, coverage))
    day = check_as_of(as_of, spans)
    launches = ready(launches, rule)
    tally = make_tally(launches, rule)
    bare = without_instant(launches, rule) if rule.calendar != KOREA else None
    spoken = spoken_days(launches, rule)
    rows = []
    for year, (first, last) in spans.items():
        wanted = same_day(day, year)
        end = min(wanted, last)
        n, exact = in_period(tally, (first, end))
        whole = last == pd.Timestamp(year, 12, 31)
        row = {
            "year": year,
            "days": (end - first).days + 1,
            "n": n,
            "n_full_year": in_period(tally, (first, last))[0] if whole else pd.NA,
            "exact": exact and end == wanted and all(is_spoken((first, end), spoken)),
        }
        if bare is not None:
            row["n_undated"] = in_period(bare, (first, end))[0]
        rows.append(row)
    return noted(pd.DataFrame(rows).astype({"n_full_year": "Int64", "exact": bool}), launches)


def cumulative(
    launches: pd.DataFrame,
    rule: CountRule | str,
    *,
    years: Iterable[int],
    as_of: Day,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Count each year from 1 January to each of its days, as known on a day.

    Parameters
    ----------
    launches, rule, coverage
        As in `count`.
    years : iterable of int
        The years, none after that of `as_of`.
    as_of : date-like
        The day to which the record is read, in the last of the years. Earlier years run
        through 31 December, its own year through that day.

    Returns
    -------
    DataFrame
        One row a day: ``year``, ``date``, ``day_of_year``, ``n`` (launches from 1 January
        through that day), ``exact`` (False where that is "at least": a lower bound, a row
        known by month or year, or days of which the record does not speak enter).

    Raises
    ------
    ValueError
        As `count`, and for an `as_of` outside the years or before the last of them.

    Examples
    --------
    >>> from analysis import load_launches
    >>> curve = cumulative(load_launches(), "cnn", years=[2021, 2022], as_of="2022-11-09")
    >>> curve.groupby("year")["n"].last().tolist()
    [8, 32]
    """
    rule = resolve_rule(rule)
    spans = year_spans(years, rule, coverage_of(launches, coverage))
    day = check_as_of(as_of, spans)
    later = [year for year in spans if year > day.year]
    if later:
        raise ValueError(
            f"as_of {day:%Y-%m-%d} lies before the year(s) {', '.join(map(str, later))}: "
            f"expected a day in {max(spans)}"
        )
    tally = make_tally(ready(launches, rule), rule)
    spoken = spoken_days(launches, rule)
    parts = []
    for year, (first, last) in spans.items():
        part = _running(tally, (first, min(last, day) if year == day.year else last))
        parts.append(part.assign(exact=part["exact"] & is_spoken(part["date"], spoken)))
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, "year", table["date"].dt.year.astype(np.int64))
    return noted(table, launches)


def nth(
    launches: pd.DataFrame,
    rule: CountRule | str,
    n: int,
    *,
    years: Iterable[int],
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Find the day on which each year reached its n-th launch, at the latest.

    Parameters
    ----------
    launches, rule, coverage
        As in `count`.
    n : int
        Which launch, from 1.
    years : iterable of int
        The years; the running year is cut at the last day of record.

    Returns
    -------
    DataFrame
        One row a year: ``year``, ``date`` (missing where never reached), ``exact`` (False where
        the counts to that day are lower bounds, so that it was reached by then "at the latest";
        where never reached, False if a lower bound enters the year).

    See Also
    --------
    when_reached : the same for one year and many rules.

    Raises
    ------
    ValueError
        For an `n` below 1, an unknown rule or years outside the record.

    Examples
    --------
    >>> from analysis import load_launches
    >>> nth(load_launches(), "cnn", 32, years=[2017, 2022])["date"].dropna().dt.date.tolist()
    [datetime.date(2022, 11, 9)]
    """
    rule = resolve_rule(rule)
    check_whole("n", n, least=1)
    spans = year_spans(years, rule, coverage_of(launches, coverage))
    tally = make_tally(ready(launches, rule), rule)
    spoken = spoken_days(launches, rule)
    reached = []
    for bounds in spans.values():
        curve = _running(tally, bounds)
        known = is_spoken(curve["date"], spoken)
        place = int(np.searchsorted(curve["n"], n))
        seen = curve.iloc[min(place, len(curve) - 1)]
        day = seen["date"] if place < len(curve) else pd.NaT
        reached.append((bounds[0].year, day, seen["exact"] and known[: place + 1].all()))
    table = pd.DataFrame(reached, columns=["year", "date", "exact"])
    return noted(table.astype({"date": "datetime64[us]", "exact": bool}), launches)


def when_reached(
    launches: pd.DataFrame,
    n: int,
    *,
    year: int,
    rules: Mapping[str, CountRule] | Iterable[str | CountRule] = RULES,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Find the day of a year on which each of many rules reached its n-th launch.

    Parameters
    ----------
    launches, coverage
        As in `count`.
    n : int
        Which launch, from 1.
    year : int
        The year, which must be over.
    rules : mapping or iterable
        The rules; all of `RULES` by default.

    Returns
    -------
    DataFrame
        One row a rule, the earliest first: ``rule`` (its name), ``date`` (missing where never
        reached), ``n`` (the count of the whole year), ``definition``, ``exact`` (as in `nth`).

    Raises
    ------
    ValueError
        As `nth`.

    See Also
    --------
    nth : the same for one rule and many years.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = when_reached(load_launches(), 32, year=2022, rules=["cnn", "missiles"])
    >>> table["date"].dt.strftime("%d %B").tolist()
    ['05 June', '09 November']
    """
    table = compare_rules(
        launches, start=f"{year}-01-01", end=f"{year}-12-31", rules=rules, coverage=coverage
    )
    given = rules.values() if isinstance(rules, Mapping) else rules
    found = [nth(launches, rule, n, years=[year], coverage=coverage) for rule in given]
    table[["date", "exact"]] = pd.concat(found, ignore_index=True)[["date", "exact"]]
    table = table.sort_values(["date", "n"], na_position="last", kind="stable", ignore_index=True)
    return table[["rule", "date", "n", "definition", "exact"]]


def _running(tally: Tally, bounds: Bounds) -> pd.DataFrame:
    """Return every day of a period and what was counted from its first day to that day."""
    dates = pd.date_range(*bounds, unit="us")
    days = day_numbers(dates)
    n, exact = add_up(tally, np.full(len(days), days[0]), days)
    place = np.arange(1, len(days) + 1)
    return pd.DataFrame({"date": dates, "day_of_year": place, "n": n, "exact": exact})

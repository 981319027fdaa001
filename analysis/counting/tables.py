"""How many launches: a count is a number and a rule.

Days are inclusive on both ends. A row known only by its month (or year) counts as missiles
where the period holds that whole month (or year), and never as a day or a salvo. A row
without an instant keeps its Korean date in every calendar.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from ..record.salvo import derive_salvos
from .rules import KOREA, RULES, CountRule, kinds_text, resolve_rule
from .tally import (
    Bounds,
    Coverage,
    Day,
    Tally,
    add_up,
    as_day,
    check_as_of,
    day_number,
    day_numbers,
    in_period,
    local_days,
    make_tally,
    passes,
    period_bounds,
    salvo_days,
    same_day,
    without_instant,
    year_spans,
)

__all__ = [
    "RULES",
    "Bounds",
    "CountRule",
    "Coverage",
    "Day",
    "Tally",
    "compare_rules",
    "count",
    "counted_rows",
    "counts",
    "cumulative",
    "describe_count",
    "each_missile",
    "in_period",
    "launch_days",
    "make_tally",
    "nth",
    "period_bounds",
    "resolve_rule",
    "year_to_date",
]

#: What periods may be, and their pandas names.
FREQS = {"year": "Y", "quarter": "Q", "month": "M", "week": "W", "day": "D"}


def counted_rows(
    launches: pd.DataFrame, rule: CountRule | str, *, start: Day, end: Day
) -> pd.DataFrame:
    """Return the launch rows that a count rests on.

    Parameters
    ----------
    launches : DataFrame
        One row a launch.
    rule : CountRule or str
        The rule, or its name in `RULES`.
    start, end : date-like
        First and last day, both inclusive, in the rule's calendar.

    Returns
    -------
    DataFrame
        The rows of day precision in the period that pass, with the column ``counted_on`` (the
        day in the rule's calendar), in order of day.

    Raises
    ------
    ValueError
        For an unknown rule, a reversed period or a missing column.

    Examples
    --------
    >>> from analysis import load_launches
    >>> counted_rows(load_launches(), "cnn", start="2022-11-09", end="2022-11-09")["klass"].tolist()
    ['SRBM']
    """
    rule = resolve_rule(rule)
    bounds = period_bounds(start, end)
    dated = (launches["date_precision"] == "day").to_numpy(dtype=bool)
    day = local_days(launches, rule.calendar).astype("datetime64[D]").astype("datetime64[us]")
    keep = passes(launches, rule) & dated
    keep &= (day >= bounds[0].to_datetime64()) & (day <= bounds[1].to_datetime64())
    rows = launches[keep].assign(counted_on=day[keep])
    order = ["counted_on", "launch_id"] if "launch_id" in rows else ["counted_on"]
    return rows.sort_values(order, ignore_index=True)


def count(
    launches: pd.DataFrame,
    rule: CountRule | str,
    *,
    start: Day,
    end: Day,
    coverage: Coverage = None,
) -> int:
    """Count launches in a period.

    Parameters
    ----------
    launches : DataFrame
        One row a launch, as from `load_launches`.
    rule : CountRule or str
        The rule, or its name in `RULES`.
    start, end : date-like
        First and last day, both inclusive, in the rule's calendar.
    coverage : DataFrame, False or None
        Table of coverage; the package's own by default, False for no check.

    Returns
    -------
    int
        The number of missiles, salvos or days.

    Raises
    ------
    ValueError
        For an unknown rule, a reversed or out-of-coverage period, or a missing column.

    Examples
    --------
    >>> from analysis import load_launches
    >>> count(load_launches(), "cnn", start="2022-01-01", end="2022-11-09")
    32
    """
    rule = resolve_rule(rule)
    bounds = period_bounds(start, end, rule, coverage=coverage)
    return in_period(make_tally(launches, rule), bounds)[0]


def counts(
    launches: pd.DataFrame,
    rule: CountRule | str,
    *,
    freq: str,
    start: Day,
    end: Day,
    by: str | None = None,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Count launches in each year, quarter, month, week or day of a period.

    Parameters
    ----------
    launches, rule, coverage
        As in `count`.
    freq : {"year", "quarter", "month", "week", "day"}
        Length of the periods; weeks run from Monday to Sunday. The first and last period are
        cut at `start` and `end`.
    start, end : date-like
        First and last day, both inclusive.
    by : str, optional
        A launches column; every value that the rule counts gets its own rows. A salvo or day
        with two values counts under each.

    Returns
    -------
    DataFrame
        One row a period (and value), launch-free ones included: ``period`` (pandas Period),
        the `by` column, ``days`` (days of the period), ``n``, ``exact`` (False where a lower
        bound or a row known by month or year enters or may belong). In another calendar than
        the Korean, also ``n_undated``: rows without an instant, counted on their Korean date.

    Raises
    ------
    ValueError
        As `count`, and for an unknown `freq` or `by`.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = counts(
    ...     load_launches(), "cnn", freq="year", start="2021-01-01", end="2022-12-31")
    >>> table["n"].tolist(), table["days"].tolist()
    ([8, 37], [365, 365])
    """
    rule = resolve_rule(rule)
    if freq not in FREQS:
        raise ValueError(f"unknown freq {freq!r}: expected {', '.join(FREQS)}")
    bounds = period_bounds(start, end, rule, coverage=coverage)
    periods = pd.period_range(*bounds, freq=FREQS[freq])
    first = np.maximum(day_numbers(periods.start_time), day_number(bounds[0]))
    last = np.minimum(day_numbers(periods.end_time), day_number(bounds[1]))
    if rule.unit == "salvo" and "salvo_id" not in launches:
        launches = launches.assign(salvo_id=derive_salvos(launches))
    salvo_day = salvo_days(launches, rule.calendar) if rule.unit == "salvo" else None
    parts = []
    for value, places in _split(launches, rule, by).items():
        rows = launches if by is None else launches.iloc[places]
        days = None if salvo_day is None else salvo_day[places]
        n, exact = add_up(make_tally(rows, rule, days), first, last)
        part = pd.DataFrame({"period": periods, "days": last - first + 1, "n": n, "exact": exact})
        if by is not None:
            part.insert(1, by, [value] * len(part))
        if rule.calendar != KOREA:
            part["n_undated"] = add_up(without_instant(rows, rule), first, last)[0]
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _split(launches: pd.DataFrame, rule: CountRule, by: str | None) -> dict[object, np.ndarray]:
    """Return the places of the rows that the rule counts, by the values of a column."""
    if by is None:
        return {None: np.arange(len(launches))}
    if by not in launches:
        raise ValueError(
            f"unknown column {by!r} in by: expected one of {', '.join(map(str, launches.columns))}"
        )
    places = np.flatnonzero(passes(launches, rule))
    groups = pd.Series(places).groupby(
        launches[by].iloc[places].reset_index(drop=True), sort=True, dropna=False, observed=True
    )
    none = np.array([], dtype=np.int64)
    parts: dict[object, np.ndarray] = {}
    if by == "family":
        parts = dict.fromkeys(rule.families, none)
    parts.update({value: part.to_numpy() for value, part in groups})
    return parts or {pd.NA: none}


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
    spans = year_spans(years, rule, coverage)
    day = check_as_of(as_of, spans, rule, coverage)
    tally = make_tally(launches, rule)
    bare = without_instant(launches, rule) if rule.calendar != KOREA else None
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
            "exact": exact and end == wanted,
        }
        if bare is not None:
            row["n_undated"] = in_period(bare, (first, end))[0]
        rows.append(row)
    return pd.DataFrame(rows).astype({"n_full_year": "Int64", "exact": bool})


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
        through that day).

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
    spans = year_spans(years, rule, coverage)
    day = check_as_of(as_of, spans, rule, coverage)
    later = [year for year in spans if year > day.year]
    if later:
        raise ValueError(
            f"as_of {day:%Y-%m-%d} lies before the year(s) {', '.join(map(str, later))}: "
            f"expected a day in {max(spans)}"
        )
    tally = make_tally(launches, rule)
    parts = []
    for year, (first, last) in spans.items():
        dates = pd.date_range(first, min(last, day) if year == day.year else last, unit="us")
        number = day_numbers(dates)
        n, _ = add_up(tally, np.full(len(number), number[0]), number)
        parts.append(pd.DataFrame({"date": dates, "day_of_year": np.arange(1, len(n) + 1), "n": n}))
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, "year", table["date"].dt.year.astype(np.int64))
    return table


def nth(
    launches: pd.DataFrame,
    rule: CountRule | str,
    n: int,
    *,
    years: Iterable[int],
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Find the day on which each year reached its n-th launch.

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
        One row a year: ``year``, ``date`` (missing where never reached).

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
    if not isinstance(n, (int, np.integer)) or isinstance(n, bool) or n < 1:
        raise ValueError(f"expected a whole number from 1 for n, got {n!r}")
    spans = year_spans(years, rule, coverage)
    tally = make_tally(launches, rule)
    reached = []
    for first, last in spans.values():
        days = np.arange(day_number(first)[0], day_number(last)[0] + 1)
        total, _ = add_up(tally, np.full(len(days), days[0]), days)
        place = int(np.searchsorted(total, n))
        found = place < len(days)
        reached.append(first + pd.Timedelta(days=place) if found else pd.NaT)
    dates = pd.Series(reached, dtype="datetime64[us]")
    return pd.DataFrame({"year": list(spans), "date": dates})


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
        reached), ``n`` (the count of the whole year), ``definition``.

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
    found = [nth(launches, rule, n, years=[year], coverage=coverage)["date"] for rule in given]
    table["date"] = pd.concat(found, ignore_index=True)
    table = table.sort_values(["date", "n"], na_position="last", kind="stable", ignore_index=True)
    return table[["rule", "date", "n", "definition"]]


def compare_rules(
    launches: pd.DataFrame,
    *,
    start: Day,
    end: Day,
    rules: Mapping[str, CountRule] | Iterable[str | CountRule] = RULES,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Count one period under many rules.

    Parameters
    ----------
    launches, start, end, coverage
        As in `count`.
    rules : mapping or iterable
        The rules; all of `RULES` by default.

    Returns
    -------
    DataFrame
        One row a rule: ``rule`` (its name), ``definition``, ``n`` (missing if it cannot be
        counted), ``reason`` (why it cannot; missing otherwise).

    Raises
    ------
    ValueError
        For an unknown rule or a reversed period. What one rule cannot count is a row's
        reason, not an error.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = compare_rules(
    ...     load_launches(), start="2022-01-01", end="2022-12-31", rules=["cnn", "missiles"])
    >>> table["n"].tolist()
    [37, 79]
    """
    period_bounds(start, end)
    named = rules.items() if isinstance(rules, Mapping) else [(None, rule) for rule in rules]
    rows = []
    for key, given in named:
        rule = resolve_rule(given)
        row: dict[str, object] = {"rule": key or rule.name, "definition": rule.definition}
        try:
            row["n"] = count(launches, rule, start=start, end=end, coverage=coverage)
        except ValueError as error:
            row["reason"] = str(error)
        rows.append(row)
    table = pd.DataFrame(rows, columns=["rule", "definition", "n", "reason"])
    return table.astype({"rule": "str", "definition": "str", "n": "Int64", "reason": "str"})


def launch_days(
    launches: pd.DataFrame,
    rule: CountRule | str,
    *,
    start: Day,
    end: Day,
    coverage: Coverage = None,
) -> pd.Series:
    """List the calendar days on which a rule counts something.

    Rows known only by month or year have no day and do not appear.

    Parameters
    ----------
    launches, rule, start, end, coverage
        As in `count`.

    Returns
    -------
    Series of datetime64
        Distinct days in the rule's calendar, sorted, named ``date``.

    Raises
    ------
    ValueError
        As `count`.

    Examples
    --------
    >>> from analysis import load_launches
    >>> len(launch_days(load_launches(), "days", start="2022-01-01", end="2022-12-31"))
    37
    """
    rule = resolve_rule(rule)
    bounds = period_bounds(start, end, rule, coverage=coverage)
    day = make_tally(launches, rule).day
    day = day[(day >= day_number(bounds[0])) & (day <= day_number(bounds[1]))]
    return pd.Series(day.astype("datetime64[D]").astype("datetime64[us]"), name="date")


def describe_count(
    launches: pd.DataFrame,
    rule: CountRule | str,
    *,
    as_of: Day,
    who: str = "North Korea",
    coverage: Coverage = None,
) -> str:
    """Say the year's count so far in a sentence that a reporter could print.

    Parameters
    ----------
    launches, rule, coverage
        As in `count`.
    as_of : date-like
        Last day counted; the first is 1 January of its year.
    who : str
        Whose launches they are.

    Returns
    -------
    str
        The sentence, without a full stop; "at least" where a lower bound or a row known only
        by month or year enters.

    Raises
    ------
    ValueError
        As `count`.

    Examples
    --------
    >>> from analysis import load_launches
    >>> print(describe_count(load_launches(), "ballistic_days", as_of="2022-11-09"))
    By 9 November 2022 North Korea had launched missiles on 29 days, ballistic, Korean dates
    """
    rule = resolve_rule(rule)
    end = as_day(as_of, "as_of")
    bounds = period_bounds(pd.Timestamp(end.year, 1, 1), end, rule, coverage=coverage)
    n, exact = in_period(make_tally(launches, rule), bounds)
    number = f"{n:,}" if exact else f"at least {n:,}"
    done = {
        "day": f"missiles on {number} {'day' if n == 1 else 'days'}",
        "salvo": f"missiles {number} {'time' if n == 1 else 'times'}",
        "missile": f"{number} {'missile' if n == 1 else 'missiles'}",
    }[rule.unit]
    return f"By {end.day} {end:%B %Y} {who} had launched {done}, {kinds_text(rule)}"


def each_missile(launches: pd.DataFrame) -> pd.DataFrame:
    """Give each missile a row of its own.

    Parameters
    ----------
    launches : DataFrame
        Launches, one row a group of identical missiles; needs `missiles`.

    Returns
    -------
    DataFrame
        The same columns, each row repeated `missiles` times (a lower bound where
        `missiles_exact` is false) with `missiles` set to 1.

    Examples
    --------
    >>> from analysis import load_launches
    >>> launches = load_launches()
    >>> len(each_missile(launches)) == int(launches["missiles"].sum())
    True
    """
    rows = launches.loc[launches.index.repeat(launches["missiles"])]
    return rows.assign(missiles=1).reset_index(drop=True)

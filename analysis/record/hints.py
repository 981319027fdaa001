"""What a spreadsheet did to a cell: said beside the problem, so that a person can mend it."""

from __future__ import annotations

import re

import pandas as pd

_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)(?: .*)?")
_YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?: .*)?")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NAMED = re.compile(rf"(?:(\d{{1,2}})[ -])?({'|'.join(_MONTHS)})[a-z]*[ -](\d{{4}}|\d\d)", re.I)
#: Day 0 of the serial numbers of spreadsheets, and the serials of 1984 to 2099.
_SERIAL_ZERO = pd.Timestamp("1899-12-30")
_SERIALS = (30_682, 73_050)


def hint(value: str, expected: str) -> str:
    """Return what was probably done to a cell, and how to mend it; nothing where not known.

    Examples
    --------
    >>> hint("44690", "a calendar date as 2022-11-09")
    'the number by which a spreadsheet keeps 2022-05-09'
    >>> hint("9/5/2022", "a calendar date as 2022-11-09")
    'rewritten by a spreadsheet: 2022-05-09 or 2022-09-05'
    >>> hint("9-May-22", "a calendar date as 2022-11-09")
    'rewritten by a spreadsheet: 2022-05-09'
    >>> hint("May-22", "a calendar date as 2022-11-09")
    'rewritten by a spreadsheet, the day lost: a day of 2022-05'
    """
    if expected.startswith(("a calendar date", "an instant")):
        return _of_a_day(value)
    if " text" in expected and expected.startswith("UTF"):
        return "in a spreadsheet, save as 'CSV UTF-8'"
    if value.count(";") > 2 or value.count("\t") > 2:
        return "a spreadsheet parted the cells by semicolons or tabs: save with commas"
    if expected.startswith(("a whole number", "a number")) and re.fullmatch(r"[\d.,]*\d", value):
        return "plain digits, with a point before decimals and nothing between thousands"
    return ""


def _of_a_day(value: str) -> str:
    serial = re.fullmatch(r"(\d{5})(?:[.,]\d+)?", value)
    if serial and _SERIALS[0] <= int(serial[1]) <= _SERIALS[1]:
        day = _SERIAL_ZERO + pd.Timedelta(days=int(serial[1]))
        return f"the number by which a spreadsheet keeps {day:%Y-%m-%d}"
    last, first = _SLASHED.fullmatch(value), _YEAR_FIRST.fullmatch(value)
    named = _NAMED.fullmatch(value)
    parts: list[tuple[str, str, str]] = []
    if named:
        month = _MONTHS.index(named[2].lower()) + 1
        if not named[1]:
            lost = f"{_whole_year(named[3])}-{month:02d}"
            return f"rewritten by a spreadsheet, the day lost: a day of {lost}"
        parts = [(_whole_year(named[3]), str(month), named[1])]
    elif last:
        one, two, year = last.groups()
        parts = [(_whole_year(year), two, one), (_whole_year(year), one, two)]
    elif first:
        parts = [(first[1], first[2], first[3])]
    days = sorted({day for day in map(_day, parts) if day})
    return f"rewritten by a spreadsheet: {' or '.join(days)}" if days else ""


def _whole_year(year: str) -> str:
    """Write a year of two digits in full; none of the record lies before 1984."""
    return year if len(year) == 4 else ("19" if int(year) >= 84 else "20") + year


def _day(parts: tuple[str, str, str]) -> str:
    """Return a day as text, or nothing where there is no such day."""
    year, month, day = map(int, parts)
    try:
        return f"{pd.Timestamp(year, month, day):%Y-%m-%d}"
    except ValueError:
        return ""

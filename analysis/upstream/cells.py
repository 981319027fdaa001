"""One cell of a foreign table -> a date, a time or a number, and what was doubtful about it.

Every reader returns what it understood and a doubt: empty where the cell is plain, else a few
words for the report. A cell that says that nothing is known is understood; it is missing.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import NamedTuple

LEFT_MISSING = "left missing"
UNCERTAIN = "kept, though marked as uncertain"
#: Years that a launch may have; a date outside is a slip of the file.
_EARLIEST_YEAR, _LATEST_YEAR = 1940, 2100
_HYPHENS = re.compile("[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]")
_NOTHING = re.compile(
    r"|-+|\?|n/?\.?a\.?|nan|nat|none|null|unk|unknown|undetermined|not available|tbd", re.IGNORECASE
)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EXCEL_ZERO = dt.date(1899, 12, 30)
_TIME = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?\s*([AP]M)?\s*\(?(UTC|GMT|Z|KST|JST)?\)?",
    re.IGNORECASE,
)
_NUMERAL = re.compile(
    r"(?P<about>[~≈<>]?)\s*(?P<number>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?P<rest>\.[0-9]+)?"
    r"\s*(?P<unit>[a-z]*)\.?\s*(?P<doubt>\??)",
    re.IGNORECASE,
)
_KILOMETRES = {"", "km", "kms", "kilometer", "kilometers", "kilometre", "kilometres"}


class CellDay(NamedTuple):
    """A date, how much of it is known (day, month, year), and what was doubtful."""

    date: dt.date | None
    precision: str = "day"
    doubt: str = ""


class Clock(NamedTuple):
    """A time of day, how many hours its zone is ahead of UTC, and what was doubtful."""

    time: dt.time | None
    ahead: int | None = None  # None: the cell names no zone
    doubt: str = ""


def text(value: object) -> str:
    r"""Return a cell as text with plain hyphens and spaces.

    Examples
    --------
    >>> text(" 2026‑03‑14\xa0"), text(None), text(12)
    ('2026-03-14', '', '12')
    """
    if value is None:
        return ""
    return " ".join(_HYPHENS.sub("-", str(value)).split())


def is_nothing(value: object) -> bool:
    """Whether a cell says that nothing is known.

    Examples
    --------
    >>> [is_nothing(cell) for cell in (None, "N/A", "unknown", "0", 0)]
    [True, True, True, False, False]
    """
    return _NOTHING.fullmatch(text(value)) is not None


# --------------------------------------------------------------------------- dates and times


def read_day(value: object) -> CellDay:
    """Read a date in any of the forms that exports and spreadsheets give it.

    Examples
    --------
    >>> read_day("9-Apr-84").date, read_day("2024-5-17").date
    (datetime.date(1984, 4, 9), datetime.date(2024, 5, 17))
    >>> read_day("1986-05")
    CellDay(date=datetime.date(1986, 5, 1), precision='month', doubt='')
    >>> read_day("42856")
    CellDay(date=datetime.date(2017, 5, 1), precision='day', doubt='read as an Excel serial date')
    """
    if isinstance(value, dt.datetime):
        return _real_date(value.year, value.month, value.day)
    if isinstance(value, dt.date):
        return _real_date(value.year, value.month, value.day)
    cell = text(value)
    if is_nothing(cell):
        return CellDay(None)
    for pattern, read in _DATE_FORMS:
        found = pattern.fullmatch(cell)
        if found:
            return read(*found.groups())
    return CellDay(None, doubt=LEFT_MISSING)


def _real_date(
    year: int, month: int = 1, day: int = 1, precision: str = "day", doubt: str = ""
) -> CellDay:
    """Return the day if there is one."""
    try:
        date = dt.date(year, month, day)
    except (ValueError, OverflowError):
        return CellDay(None, doubt=LEFT_MISSING)
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        return CellDay(None, doubt=LEFT_MISSING)
    return CellDay(date, precision, doubt)


def _year(digits: str) -> int:
    """Two digits are of the century that has missiles: 50 to 99 of the last, the rest of this."""
    number = int(digits)
    if len(digits) > 2:
        return number
    return number + (1900 if number >= 50 else 2000)


def month_number(word: str) -> int:
    """Return 1 to 12 for an English month or its first letters, 0 for another word."""
    word = word.lower()
    return _MONTH_NAMES.index(word[:3]) + 1 if word[:3] in _MONTH_NAMES else 0


def _iso_day(year: str, month: str, day: str) -> CellDay:
    return _real_date(int(year), int(month), int(day))


def _year_month(year: str, month: str) -> CellDay:
    return _real_date(int(year), int(month), precision="month")


def _only_year(year: str) -> CellDay:
    return _real_date(int(year), precision="year")


def _day_name_year(day: str, month: str, year: str) -> CellDay:
    return _real_date(_year(year), month_number(month), int(day))


def _name_day_year(month: str, day: str, year: str) -> CellDay:
    return _real_date(_year(year), month_number(month), int(day))


def _name_year(month: str, year: str) -> CellDay:
    return _real_date(_year(year), month_number(month), precision="month")


def _american(month: str, day: str, year: str) -> CellDay:
    """CNS is American: the month comes first, unless it cannot."""
    first, second = int(month), int(day)
    if first > 12:
        return _real_date(_year(year), second, first, doubt="read as day/month/year")
    doubt = "" if second > 12 or first == second else "read as month/day/year"
    return _real_date(_year(year), first, second, doubt=doubt)


def _serial(number: str) -> CellDay:
    date = _EXCEL_ZERO + dt.timedelta(days=int(number))
    return _real_date(date.year, date.month, date.day, doubt="read as an Excel serial date")


_DATE_FORMS = [
    (re.compile(pattern, re.ASCII | re.IGNORECASE), read)
    for pattern, read in (
        (r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]0?0:00(?::00(?:\.0+)?)?Z?)?", _iso_day),
        (r"(\d{4})[-/](\d{1,2})", _year_month),
        (r"(\d{4})", _only_year),
        (r"(\d{1,2})[- /]([a-z]{3,9})\.?[- /,]+(\d{4}|\d{2})", _day_name_year),
        (r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", _name_day_year),
        (r"([a-z]{3,9})\.?[- /](\d{4}|\d{2})", _name_year),
        (r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})", _american),
        (r"([2-7]\d{4})(?:\.0+)?", _serial),
    )
]


def read_clock(value: object) -> Clock:
    """Read a time of day: a spreadsheet's own, a share of a day, or text with AM, PM or a zone.

    Examples
    --------
    >>> print(read_clock("10:41:00 PM").time, read_clock(0.5).time)
    22:41:00 12:00:00
    >>> read_clock("21:59 (JST)").ahead, read_clock("noon").doubt
    (9, 'left missing')
    """
    if isinstance(value, dt.datetime):
        return Clock(value.time())
    if isinstance(value, dt.time):
        return Clock(value.replace(tzinfo=None))
    cell = text(value)
    if is_nothing(cell):
        return Clock(None)
    if re.fullmatch(r"0?\.[0-9]+(e-[0-9]+)?", cell, re.IGNORECASE) or cell == "0":
        minutes = round(float(cell) * 24 * 60) % (24 * 60)
        return Clock(dt.time(minutes // 60, minutes % 60), doubt="read as a share of a day")
    found = _TIME.fullmatch(cell)
    if not found:
        return Clock(None, doubt=LEFT_MISSING)
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    half, zone = (found[4] or "").upper(), (found[5] or "").upper()
    if half and not 1 <= hour <= 12:
        return Clock(None, doubt=LEFT_MISSING)
    hour = hour % 12 + (12 if half == "PM" else 0) if half else hour
    ahead = {"": None, "KST": 9, "JST": 9}.get(zone, 0)
    try:
        return Clock(dt.time(hour, minute, second), ahead)
    except ValueError:
        return Clock(None, doubt=LEFT_MISSING)


# --------------------------------------------------------------------------- numbers


def read_km(value: object, *, most: float) -> tuple[float, str]:
    """Read a distance in kilometres of 0 to `most`, and what was doubtful about it.

    Examples
    --------
    >>> read_km("1,380 km", most=20_000), read_km("330 lm", most=20_000)
    ((1380.0, ''), (330.0, 'unit lm read as km'))
    >>> read_km("between 25 and 90 km", most=10_000)
    (nan, 'left missing')
    """
    if isinstance(value, bool):
        return math.nan, LEFT_MISSING
    if isinstance(value, int | float):
        good = math.isfinite(value) and 0 <= value <= most
        return (float(value), "") if good else (math.nan, LEFT_MISSING)
    cell = text(value)
    if is_nothing(cell):
        return math.nan, ""
    found = _NUMERAL.fullmatch(cell)
    # 1.380 is one kilometre and a bit, or a European's thousand: not for us to say
    if not found or re.fullmatch(r"\.[0-9]{3}", found["rest"] or ""):
        return math.nan, LEFT_MISSING
    unit, doubts = found["unit"].lower(), []
    if unit == "lm":
        doubts.append("unit lm read as km")
    elif unit not in _KILOMETRES:
        return math.nan, LEFT_MISSING
    if found["about"] or found["doubt"]:
        doubts.append(UNCERTAIN)
    number = float(found["number"].replace(",", "") + (found["rest"] or ""))
    return (number, "; ".join(doubts)) if number <= most else (math.nan, LEFT_MISSING)


def read_degrees(value: object, *, most: float) -> tuple[float, str]:
    """Read a coordinate in degrees, and what was doubtful about it.

    Examples
    --------
    >>> read_degrees("39.42", most=90), read_degrees("39 N", most=90)
    ((39.42, ''), (nan, 'left missing'))
    """
    cell = text(value)
    if re.fullmatch(r"[+-]?[0-9]{1,3}(\.[0-9]+)?", cell) and abs(float(cell)) <= most:
        return float(cell), ""
    return math.nan, "" if is_nothing(cell) else LEFT_MISSING

"""What stands in each column of a made-up archive, as SQL over its events."""

from __future__ import annotations

from .kinds import KINDS, Kind

COUNTRY_NAMES = {"USA": "United States", "PRK": "North Korea", "KOR": "South Korea", "CHN": "China"}
_ROOT = "lpad(root::VARCHAR, 2, '0')"
#: Repeated in one of a hundred, on another event.
_IDENTIFIER = "event - (event % 100 = 99)::INT"


def select_all(kind: Kind, width: int | None = None) -> str:
    """Return the SQL of all columns of a layout, each with its type; what is not filled is empty.

    Examples
    --------
    >>> select_all(KINDS["gdelt1"])[:40]
    'CAST(event - (event % 100 = 99)::INT AS '
    """
    filled = _filled(kind)
    columns = list(kind.columns.items())[:width]
    return ", ".join(
        f'CAST({filled.get(name, "NULL")} AS {of_type}) AS "{name}"' for name, of_type in columns
    )


def _filled(kind: Kind) -> dict[str, str]:
    """Return the SQL of each column that is filled."""
    if kind is KINDS["ucdp"]:
        return _filled_ucdp()
    return _filled_icews() if kind is KINDS["icews"] else _filled_gdelt(kind)


def _filled_ucdp() -> dict[str, str]:
    return {
        "id": "event",
        "year": "year(day)",
        "type_of_violence": "1",
        "side_a": f"'Government of ' || {_whole_name('source')}",
        "side_b": f"'Government of ' || {_whole_name('target')}",
        "source_article": "'\"' || article || '\", in words, and a comma'",
        "where_coordinates": "'somewhere'",
        "date_prec": "1 + (event % 10 = 9)::INT",
        "date_start": "day::TIMESTAMP",
        "date_end": "day::TIMESTAMP",
        "best": "root",
    }


def _filled_icews() -> dict[str, str]:
    return {
        "Event ID": _IDENTIFIER,
        "Event Date": "day",
        "Source Name": _whole_name("source"),
        "Source Country": _whole_name("source"),
        "Event Text": "'a \"deed\" of kind ' || root",
        "CAMEO Code": f"{_ROOT} || '0'",
        "Intensity": "5.0 - root / 2.0",
        "Target Name": _whole_name("target"),
        "Target Country": _whole_name("target"),
        "Story ID": "hash(article) >> 20",
        "Sentence Number": "1 + event % 5",
        "City": "'somewhere'",
    }


def _filled_gdelt(kind: Kind) -> dict[str, str]:
    timed = kind.columns["DATEADDED"] == "TIMESTAMP"
    actors = {
        f"Actor{number}{part}": side
        for number, side in ((1, "source"), (2, "target"))
        for part in ("Code", "Name", "CountryCode")
    }
    places = ("Actor1Geo", "Actor2Geo", "ActionGeo")
    return {
        "GLOBALEVENTID": _IDENTIFIER,
        "SQLDATE": "day",
        "MonthYear": "year(day) * 100 + month(day)",
        "Year": "year(day)",
        "FractionDate": "year(day) + dayofyear(day) / 366.0",
        **actors,
        "IsRootEvent": "is_root",
        "EventCode": f"{_ROOT} || '0'",
        "EventBaseCode": f"{_ROOT} || '0'",
        "EventRootCode": _ROOT,
        "QuadClass": "1 + (root > 5)::INT + (root > 8)::INT + (root > 13)::INT",
        "GoldsteinScale": "5.0 - root / 2.0",
        "NumMentions": "1 + event % 10",
        "NumSources": "1",
        "NumArticles": "1 + event % 10",
        "AvgTone": "tone",
        **{f"{place}_FullName": "'Somewhere, ' || target" for place in places},
        "DATEADDED": "reported::TIMESTAMP + INTERVAL 15 MINUTE" if timed else "reported",
        "SOURCEURL": "'address:/' || '/news.example/' || article",
    }


def _whole_name(side: str) -> str:
    """Return the SQL of a country's whole name."""
    cases = " ".join(f"WHEN '{code}' THEN '{name}'" for code, name in COUNTRY_NAMES.items())
    return f"CASE {side} {cases} ELSE {side} END"

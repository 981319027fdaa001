"""What other databases call our systems and sites -> the short names of the record."""

from __future__ import annotations

import csv
import functools
import math
import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from ..record.load import load_sites, load_systems
from ..record.schema import KLASSES
from .cells import is_nothing, text


class Named(NamedTuple):
    """The record's short name, or the given one made short, and what was doubtful."""

    key: str
    doubt: str = ""


#: Names that are none in systems.csv and sites.csv: slips and codes of other databases.
_SPELLINGS = Path(__file__).with_name("spellings.csv")
_NEAR_KM = 3.0


def find_system(given: object, klass: str = "BM_UNKNOWN") -> Named:
    """Find a missile type by any of its names; one that nobody names by its class.

    Examples
    --------
    >>> find_system("Hwasong-11A (KN-23)").key, find_system("Polaris-1").key
    ('hwasong-11a', 'pukguksong-1')
    >>> find_system("Unknown", "SRBM").key
    'unknown-srbm'
    >>> find_system("Hwasong-99")
    Named(key='hwasong-99', doubt='no system of the record; kept as given')
    """
    if is_nothing(given):
        return Named(unidentified(klass))
    name = text(given)
    inside = re.findall(r"\(([^)]*)\)", name)
    for spelling in (name, re.sub(r"\s*\([^)]*\)", "", name), *inside):
        keys = _known("system").get(_letters(spelling), set())
        if len(keys) == 1:
            return Named(*keys)
    return Named(_short(name), "no system of the record; kept as given")


def unidentified(klass: str) -> str:
    """Return the system of which only the class is told.

    Examples
    --------
    >>> unidentified("SRBM"), unidentified("IRBM"), unidentified("CM_UNKNOWN")
    ('unknown-srbm', 'unknown-ballistic', 'unknown-cruise')
    """
    names = {"IRBM": "ballistic", "BM_UNKNOWN": "ballistic", "CM_UNKNOWN": "cruise"}
    return f"unknown-{names.get(klass, klass.lower())}"


def find_site(given: object, lat: float = math.nan, lon: float = math.nan) -> Named:
    """Find a launch site by any of its names, else by a point within 3 km of it.

    Examples
    --------
    >>> find_site("Sohae Satellite Launching Station").key, find_site("Tongchang-ri").key
    ('sohae', 'sohae')
    >>> find_site("Beach", 39.42, 125.63)
    Named(key='sukchon', doubt='found by its coordinates')
    """
    if is_nothing(given):
        return Named("unknown")
    keys = _known("site").get(_letters(given), set())
    if len(keys) == 1:
        return Named(*keys)
    near = _near(lat, lon)
    near = [key for key in near if key in keys] or near
    if near:
        return Named(near[0], "found by its coordinates")
    return Named(_short(text(given)), "no site of the record; kept as given")


def klass_of(given: object) -> str:
    """Return a missile class of the record, or nothing for another word.

    Examples
    --------
    >>> klass_of("srbm"), klass_of("Unknown"), klass_of("HGV")
    ('SRBM', '', '')
    """
    word = text(given).upper()
    return word if word in KLASSES else ""


def every_name(what: str) -> list[tuple[str, str, list[str]]]:
    """Return short name, name and other names of every "system" or "site" of the record.

    Examples
    --------
    >>> [others for key, _, others in every_name("system") if key == "kn-02"]
    [['Toksa', 'modified SS-21']]
    """
    table = load_systems() if what == "system" else load_sites()
    others = table["alt_names"].fillna("").str.split(";")
    return list(zip(table[what], table["name"], others, strict=True))


def _letters(name: object) -> str:
    """Letters, digits and points alone: how names are compared."""
    letters = unicodedata.normalize("NFKD", text(name)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9.]", "", letters.lower())


def _short(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9.]+", "-", letters.lower()).strip("-.")[:60] or "unreadable"


@functools.cache
def _known(what: str) -> dict[str, set[str]]:
    """Every name, in plain letters, and the short names it may mean; a site's own name first."""
    names: dict[str, set[str]] = {}
    for key, _, others in every_name(what):
        for name in others:
            names.setdefault(_letters(name), set()).add(key)
    names |= {_letters(own): {key} for key, own, _ in every_name(what)}
    names |= {_letters(key): {key} for key, _, _ in every_name(what)}
    return names | {_letters(name): {key} for name, key in spellings(what).items()}


@functools.cache
def spellings(what: str) -> dict[str, str]:
    """Return how other databases write a "system" or "site", or code a "gcat site" -> our name.

    Examples
    --------
    >>> spellings("gcat site")["KITT"]
    'kittaeryong'
    """
    with _SPELLINGS.open(encoding="utf-8", newline="") as rows:
        return {row["there"]: row["here"] for row in csv.DictReader(rows) if row["what"] == what}


def _near(lat: float, lon: float) -> list[str]:
    """Return the sites within 3 km of a point, the nearest first."""
    if math.isnan(lat) or math.isnan(lon):
        return []
    sites = load_sites().dropna(subset=["lat", "lon"])
    north = (sites["lat"] - lat) * 111.2
    east = (sites["lon"] - lon) * 111.2 * math.cos(math.radians(lat))
    km = (north**2 + east**2) ** 0.5
    return sites["site"][km <= _NEAR_KM].iloc[km[km <= _NEAR_KM].argsort()].tolist()

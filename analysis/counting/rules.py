"""Counting rules: what one launch is, and the conventions of those who publish counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, InitVar, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import check_one_of, unknown
from ..record.check import is_time_zone, read_text
from ..record.columns import KOREA
from ..record.example_tables import USES
from ..record.load import load_rules
from ..record.notes import DATED
from ..record.schema import ANNOUNCERS, FAMILIES, OUTCOMES, TABLES
from ..record.userfiles import read_table

_SCHEMA = TABLES["rules"]
UNITS, _EACH = _SCHEMA["unit"].values, _SCHEMA["each"].values
#: Families that are kinds of missile, and what each kind is called.
_MISSILES = {"ballistic": "ballistic", "cruise": "cruise", "air_defence": "air defence"}


@dataclass(frozen=True)
class CountRule:
    """What counts as a launch.

    Parameters
    ----------
    unit : {"missile", "salvo", "day"}
        What is counted: single missiles, salvos (missiles of one site within an hour of each
        other), or calendar days with at least one missile.
    families : sequence of str
        Families that count; ballistic, space and cruise by default, "all" for every one.
    calendar : str
        Time zone whose days are meant, such as "Asia/Seoul", "UTC" or "America/New_York". A
        row without an instant keeps its Korean date in every calendar.
    klasses, outcomes, systems : sequence of str, optional
        Missile classes, outcomes and missile types that count; all by default.
    countries, uses : sequence of str, optional
        Of a record of several countries, those that count, by their codes; of one with use in
        war, "test" or "operational"; all by default.
    source : str, optional
        The announcer of `load_announcers` whose list or numbers are followed, such as "cns" or
        "tokyo"; the whole record by default.
    each : {"klass", "family"}, optional
        With the unit day, a day counts once for each class or family fired on it. With the unit
        salvo, launches of one class or family within an hour of each other are a salvo, wherever
        they were fired from.
    record : DataFrame, optional
        Launches with words of their own: families and classes are then those that it holds.
    name : str
        Short name; built from the rest by default.
    definition : str
        One sentence that a reporter could print; built from the rest by default.
    cited : str
        Where the convention was read, for the rules of outlets and agencies.

    Raises
    ------
    ValueError
        If a value is not one of those allowed, which the message names.

    Examples
    --------
    >>> CountRule("day", ("ballistic", "space")).definition
    'Days with at least one ballistic missile, space rockets included (Korean dates).'
    """

    unit: str
    families: Sequence[str] = ("ballistic", "space", "cruise")
    _: KW_ONLY
    calendar: str = KOREA
    klasses: Sequence[str] | None = None
    outcomes: Sequence[str] | None = None
    source: str | None = None
    systems: Sequence[str] | None = None
    countries: Sequence[str] | None = None
    uses: Sequence[str] | None = None
    each: str | None = None
    name: str = ""
    definition: str = ""
    cited: str = ""
    record: InitVar[pd.DataFrame | None] = None
    #: What the texts were written for: a rule changed by `dataclasses.replace` has them anew.
    written_for: tuple[Any, ...] = field(default=(), repr=False, compare=False)

    def __post_init__(self, record: pd.DataFrame | None) -> None:
        """Check the values and fill in the texts."""
        check_one_of("unit", self.unit, UNITS)
        if self.families == "all":
            object.__setattr__(self, "families", _words_of(record, "family") or FAMILIES)
        for what, (column, known) in _CHOSEN_BY.items():
            values = getattr(self, what)
            if values is not None:
                allowed = _words_of(record, column) or known
                kept = self.written_for[0][_COUNTED.index(what)] if self.written_for else ()
                object.__setattr__(self, what, _words(what, values, allowed, kept or ()))
        if self.source is not None:
            check_one_of("source", self.source, ANNOUNCERS)
        if self.each is not None:
            check_one_of("each", self.each, _EACH)
            check_one_of("unit with each", self.unit, ("salvo", "day"))
        if not is_time_zone(self.calendar):
            raise unknown("calendar", self.calendar, ["a time zone such as " + ", ".join(DATED)])
        counted = tuple(getattr(self, what) for what in _COUNTED)
        for what, build in (("name", _name), ("definition", _definition), ("cited", lambda _: "")):
            text = getattr(self, what)
            stale = self.written_for and counted != self.written_for[0] and text in self.written_for
            if stale or not text:
                object.__setattr__(self, what, build(self))
        texts = (self.name, self.definition, self.cited)
        object.__setattr__(self, "written_for", (counted, *texts))


#: The fields that choose launches, each with its column and the words known beforehand.
_CHOSEN_BY: dict[str, tuple[str, tuple[str, ...]]] = {
    "families": ("family", _SCHEMA["families"].values),
    "klasses": ("klass", _SCHEMA["klasses"].values),
    "outcomes": ("outcome", OUTCOMES),
    "systems": ("system", ()),
    "countries": ("country", ()),
    "uses": ("use", USES),
}
#: The fields that say what is counted.
_COUNTED = ("unit", "calendar", "source", "each", *_CHOSEN_BY)


def _words_of(record: pd.DataFrame | None, column: str) -> tuple[str, ...]:
    """Return the words that a column of a record holds; none without a record or the column."""
    if record is None or column not in record:
        return ()
    return tuple(sorted(record[column].dropna().unique()))


def _words(
    field: str, values: str | Sequence[str], allowed: Sequence[str], kept: Sequence[str]
) -> tuple[str, ...]:
    """Return the words of a field as a tuple, or raise where one is neither allowed nor kept."""
    values = (values,) if isinstance(values, str) else tuple(values)
    if not values:
        raise ValueError(f"{field} is empty: expected at least one of {', '.join(allowed)}")
    for value in values if allowed else ():
        if value not in kept:
            check_one_of(field, value, allowed)
    return values


def missiles_text(rule: CountRule, n: int = 2, noun: Sequence[str] = ()) -> str:
    """Name what a rule counts, for one or for many; of another record, with its own noun.

    Examples
    --------
    >>> missiles_text(CountRule("day"))
    'ballistic or cruise missiles'
    >>> missiles_text(CountRule("missile", "ballistic", klasses="ICBM"), 1)
    'missile of class ICBM'
    """
    s = "" if n == 1 else "s"
    every = set(rule.families) == set(FAMILIES)
    if noun or not set(rule.families) <= set(FAMILIES):
        kind = "" if every else f"{_either([f.replace('_', ' ') for f in rule.families])} "
        one, many = noun or ("launch", "launches")
        return _chosen(rule, f"{kind}{one if n == 1 else many}")
    kinds = [kind for family, kind in _MISSILES.items() if family in rule.families]
    named = [f"{_either(kinds)} missile{s}"] if kinds else []
    if "rocket_artillery" in rule.families:
        named.append(f"artillery rocket{s}")
    text = " or ".join(named or [f"space rocket{s}"])
    if rule.klasses:
        text = f"missile{s}"
    elif every:
        text = f"missile{s} or rocket{s} of any kind"
    return _chosen(rule, text)


def _chosen(rule: CountRule, text: str) -> str:
    """Say of things counted by which of their other marks they are chosen."""
    marks = {"class": rule.klasses, "type": rule.systems, "use": rule.uses}
    text += "".join(f" of {mark} {_either(words)}" for mark, words in marks.items() if words)
    return text + (f" with outcome {_either(rule.outcomes)}" if rule.outcomes else "")


def space_text(rule: CountRule) -> str:
    """Say, after a comma, whether a rule that counts ballistic missiles counts space rockets.

    Examples
    --------
    >>> space_text(CountRule("day")), space_text(CountRule("day", "cruise"))
    (', space rockets included', '')
    """
    if rule.klasses or set(rule.families) == {"space"}:
        return ""
    if "space" in rule.families:
        return ", space rockets included"
    return ", space rockets left out" if "ballistic" in rule.families else ""


def dates_text(rule: CountRule) -> str:
    """Say by which dates a rule counts, and whose list or numbers it follows.

    Examples
    --------
    >>> dates_text(CountRule("day", calendar="UTC", source="cns"))
    'UTC dates, as CNS lists them'
    """
    dates = DATED.get(rule.calendar, f"{rule.calendar} dates")
    if not rule.source:
        return dates
    theirs = ANNOUNCERS[rule.source]
    return f"{dates}, as {theirs.name} {'lists' if theirs.gives == 'list' else 'announced'} them"


def kinds_text(rule: CountRule) -> str:
    """Say which missiles a rule counts and by which dates.

    Examples
    --------
    >>> kinds_text(CountRule("day"))
    'ballistic or cruise missiles, space rockets included, Korean dates'
    """
    return f"{missiles_text(rule)}{space_text(rule)}, {dates_text(rule)}"


def each_text(rule: CountRule) -> str:
    """Name what a rule counts apart.

    Examples
    --------
    >>> each_text(CountRule("day", each="klass"))
    'class'
    """
    return "class" if rule.each == "klass" else rule.each or ""


def _either(words: Sequence[str]) -> str:
    """Join words with commas and a last "or"."""
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _name(rule: CountRule) -> str:
    """Build a short name."""
    parts = [rule.unit, *rule.families, *(rule.klasses or ()), *(rule.outcomes or ())]
    parts += [*(rule.systems or ()), *map(str.lower, rule.countries or ()), *(rule.uses or ())]
    parts += [rule.source or "", rule.each or ""]
    if rule.calendar != KOREA:
        parts.append(rule.calendar.lower().replace("/", "_"))
    return "_".join(part for part in parts if part)


def _definition(rule: CountRule) -> str:
    """Build the sentence."""
    one, many = missiles_text(rule, 1), missiles_text(rule)
    whose = (f" of {_either(rule.countries)}" if rule.countries else "") + space_text(rule)
    together = f"of one {each_text(rule)}, wherever fired from," if rule.each else "from one site"
    text = {
        "missile": f"Every {one}{whose}",
        "salvo": f"Salvos of {many}{whose}: launches {together} within an hour count once",
        "day": f"Days with at least one {one}{whose}",
    }[rule.unit]
    if rule.each and rule.unit == "day":
        text += f", each {each_text(rule)} of a day counting once"
    return f"{text} ({dates_text(rule)})."


def read_rules(path: str | Path) -> dict[str, CountRule]:
    """Read counting rules of one's own from a CSV file in the columns of `load_rules`.

    Needed are `name` and `unit`; the rest may be left out, and is as in `CountRule` then.

    Parameters
    ----------
    path : str or Path
        A CSV file in UTF-8 with a header line; lists in a cell are separated by ``;``.

    Returns
    -------
    dict of str to CountRule
        The rules by name, in the order of the file, for `compare_rules` as a whole and for all
        other functions one by one.

    Raises
    ------
    RecordError
        A ValueError that lists every problem with its file, line, column, value and what was
        expected.

    See Also
    --------
    RULES : the rules that come with the record.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.csv"
    ...     mine = pd.DataFrame({"name": ["icbm"], "unit": ["day"], "klasses": ["ICBM"]})
    ...     mine.to_csv(path, index=False)
    ...     read_rules(path)["icbm"].definition
    'Days with at least one missile of class ICBM (Korean dates).'
    """
    known = {"announcers.announcer": ANNOUNCERS}
    return _make_rules(read_table(read_text(path, _SCHEMA), _SCHEMA, known))


def _make_rules(table: pd.DataFrame) -> dict[str, CountRule]:
    """Make the rules of a table; an empty cell leaves a field as `CountRule` has it."""
    lists = [column.name for column in _SCHEMA.columns if column.many]
    rules = {}
    for row in table.drop(columns="label").to_dict("records"):
        fields = {str(field): cell for field, cell in row.items() if pd.notna(cell)}
        fields |= {field: fields[field].split(";") for field in lists if field in fields}
        rules[row["name"]] = CountRule(**fields)
    return rules


#: The rules of the record by name, plain ones first.
RULES: dict[str, CountRule] = _make_rules(load_rules())


def resolve_rule(rule: CountRule | str) -> CountRule:
    """Return the rule itself, or the one of that name in `RULES`.

    Raises
    ------
    ValueError
        If there is no rule of that name; the message names all of them.

    Examples
    --------
    >>> resolve_rule("cnn").unit
    'day'
    """
    if isinstance(rule, CountRule):
        return rule
    if isinstance(rule, str) and rule in RULES:
        return RULES[rule]
    raise unknown("rule", rule, ["a CountRule", *RULES])

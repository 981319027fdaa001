"""Counting rules: what one launch is, and the conventions of those who publish counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from zoneinfo import ZoneInfo

from analysis.schema import FAMILIES, KLASSES, OUTCOMES

UNITS = ("missile", "salvo", "day")
KOREA = "Asia/Seoul"
#: Whose list of launches a rule follows, and the launches column that holds it. A column of
#: booleans says which rows count; a column of numbers says how many missiles of each.
SOURCES = {
    "cns": "in_cns",
    "csis": "in_csis",
    "cns_2023": "in_cns_2023",
    "tokyo": "tokyo_missiles",
}
_CALENDARS = {KOREA: "Korean dates", "UTC": "UTC dates", "America/New_York": "US Eastern dates"}
_KINDS = {
    ("ballistic", "space", "cruise"): "ballistic and cruise",
    ("ballistic", "space"): "ballistic",
    FAMILIES: "of every kind, rocket artillery included",
}
_FOLLOWED = {
    "cns": "as CNS lists them",
    "csis": "as CSIS lists them",
    "cns_2023": "as CNS listed them in 2023",
    "tokyo": "as Tokyo announced them",
}


@dataclass(frozen=True)
class CountRule:
    """What counts as a launch.

    Parameters
    ----------
    unit : {"missile", "salvo", "day"}
        What is counted: single missiles, salvos (missiles of one site within an hour of each
        other), or calendar days with at least one missile.
    families : sequence of str
        Families that count; ballistic, space and cruise by default.
    calendar : str
        Time zone whose days are meant, such as "Asia/Seoul", "UTC" or "America/New_York". A
        row without an instant keeps its Korean date in every calendar.
    klasses, outcomes, systems : sequence of str, optional
        Missile classes, outcomes and missile types that count; all by default.
    source : {"cns", "csis", "cns_2023", "tokyo"}, optional
        Whose list of launches is followed; the whole record by default.
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
    'Days with at least one missile, ballistic, Korean dates.'
    """

    unit: str
    families: Sequence[str] = ("ballistic", "space", "cruise")
    _: KW_ONLY
    calendar: str = KOREA
    klasses: Sequence[str] | None = None
    outcomes: Sequence[str] | None = None
    source: str | None = None
    systems: Sequence[str] | None = None
    name: str = ""
    definition: str = ""
    cited: str = ""

    def __post_init__(self) -> None:
        """Check the values and fill in the texts."""
        _check("unit", (self.unit,), UNITS)
        for field, allowed in (
            ("families", FAMILIES),
            ("klasses", tuple(KLASSES)),
            ("outcomes", OUTCOMES),
            ("systems", None),
        ):
            values = getattr(self, field)
            if values is None:
                continue
            values = (values,) if isinstance(values, str) else tuple(values)
            _check(field, values, allowed)
            object.__setattr__(self, field, values)
        if self.source is not None:
            _check("source", (self.source,), tuple(SOURCES))
        _check_calendar(self.calendar)
        object.__setattr__(self, "name", self.name or _name(self))
        object.__setattr__(self, "definition", self.definition or _definition(self))


def _check(field: str, values: tuple[str, ...], allowed: tuple[str, ...] | None) -> None:
    """Raise unless every value is allowed."""
    if not values:
        raise ValueError(f"{field} is empty: give at least one of {', '.join(allowed or ())}")
    wrong = [str(value) for value in values if allowed is not None and value not in allowed]
    if wrong and allowed is not None:
        raise ValueError(f"unknown {field} {', '.join(wrong)!r}: expected {', '.join(allowed)}")


def _check_calendar(calendar: str) -> None:
    """Raise unless the time zone exists."""
    try:
        ZoneInfo(calendar)
    except (ValueError, OSError, KeyError, TypeError) as error:
        raise ValueError(
            f"unknown calendar {calendar!r}: expected a time zone such as {', '.join(_CALENDARS)}"
        ) from error


def kinds_text(rule: CountRule) -> str:
    """Say which missiles a rule counts and by which dates.

    Examples
    --------
    >>> kinds_text(CountRule("day"))
    'ballistic and cruise, Korean dates'
    """
    families = tuple(family for family in FAMILIES if family in rule.families)
    kinds = _KINDS.get(families) or " and ".join(f.replace("_", " ") for f in families)
    parts = ["/".join(rule.klasses) + " only" if rule.klasses else kinds]
    if rule.systems:
        parts.append("/".join(rule.systems) + " only")
    if rule.outcomes:
        parts.append("outcome " + " or ".join(rule.outcomes))
    if rule.source:
        parts.append(_FOLLOWED[rule.source])
    parts.append(_CALENDARS.get(rule.calendar, f"{rule.calendar} dates"))
    return ", ".join(parts)


def _name(rule: CountRule) -> str:
    """Build a short name."""
    parts = [rule.unit, *rule.families, *(rule.klasses or ()), *(rule.outcomes or ())]
    parts += [*(rule.systems or ()), rule.source or ""]
    if rule.calendar != KOREA:
        parts.append(rule.calendar.lower().replace("/", "_"))
    return "_".join(part for part in parts if part)


def _definition(rule: CountRule) -> str:
    """Build the sentence."""
    counted = {
        "missile": "Missiles, each of them",
        "salvo": "Salvos, the missiles of one site within an hour of each other being one",
        "day": "Days with at least one missile",
    }[rule.unit]
    return f"{counted}, {kinds_text(rule)}."


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
    raise ValueError(f"unknown rule {rule!r}: expected a CountRule or one of {', '.join(RULES)}")


_BALLISTIC = ("ballistic", "space")
_CRUISE_TOO = ("ballistic", "space", "cruise")
_MISSILES = ("ballistic", "space", "cruise", "air_defence")


def _rules() -> dict[str, CountRule]:
    """Make the table of rules, plain ones first."""
    made = [
        CountRule("missile", name="missiles"),
        CountRule("salvo", name="salvos"),
        CountRule("day", name="days"),
        CountRule("missile", _BALLISTIC, name="ballistic_missiles"),
        CountRule("salvo", _BALLISTIC, name="ballistic_salvos"),
        CountRule("day", _BALLISTIC, name="ballistic_days"),
        CountRule("day", calendar="UTC", name="utc_days"),
        CountRule(
            "day",
            _CRUISE_TOO,
            name="cnn",
            definition="Korean calendar days with at least one missile, ballistic or cruise; "
            "failures count, rocket artillery does not.",
            cited="CNN, 17 August 2022 (18th launch) and 18 November 2022 (34 days)",
        ),
        CountRule(
            "missile",
            _BALLISTIC,
            calendar="UTC",
            source="cns",
            name="cns",
            definition="Missiles in the CNS/NTI database, able to carry 500 kg to 300 km, space "
            "launches and failures included, UTC dates.",
            cited="CNS North Korea Missile Test Database, NTI",
        ),
    ]
    return {rule.name: rule for rule in made}


#: The rules by name.
RULES: dict[str, CountRule] = _rules()

__all__ = ["KOREA", "RULES", "SOURCES", "UNITS", "CountRule", "kinds_text", "resolve_rule"]

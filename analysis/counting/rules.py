"""Counting rules: what one launch is, and the conventions of those who publish counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from zoneinfo import ZoneInfo

from ..record.schema import FAMILIES, KLASSES, OUTCOMES

UNITS = ("missile", "salvo", "day")
KOREA = "Asia/Seoul"
#: Whose list of launches a rule follows, and the launches column that holds it. A column of
#: booleans says which rows count; a column of numbers says how many missiles of each, and where
#: it is empty the row's own number stands.
SOURCES = {
    "cns": "in_cns",
    "csis": "in_csis",
    "tokyo": "tokyo_missiles",
    "seoul": "seoul_missiles",
}
_CALENDARS = {KOREA: "Korean dates", "UTC": "UTC dates", "America/New_York": "US Eastern dates"}
_KINDS = {
    ("ballistic", "space", "cruise"): "ballistic and cruise",
    ("ballistic", "space"): "ballistic",
    ("ballistic",): "ballistic, space rockets left out",
    ("ballistic", "space", "cruise", "air_defence"): "ballistic, cruise and air defence",
    ("ballistic", "space", "cruise", "rocket_artillery"): "ballistic, cruise and rocket artillery",
    FAMILIES: "of every kind",
}
_FOLLOWED = {
    "cns": "as CNS lists them",
    "csis": "as CSIS lists them",
    "tokyo": "as Tokyo announced them",
    "seoul": "as Seoul announced them",
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
    source : {"cns", "csis", "tokyo", "seoul"}, optional
        Whose list of launches is followed; the whole record by default.
    each : {"klass", "family"}, optional
        With the unit day, a day counts once for each class or family fired on it.
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
    each: str | None = None
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
        if self.each is not None:
            _check("each", (self.each,), ("klass", "family"))
            _check("unit with each", (self.unit,), ("day",))
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
    parts += [*(rule.systems or ()), rule.source or "", rule.each or ""]
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
    if rule.each:
        counted += f", once for each {rule.each}"
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
_ROUNDS = ("ballistic", "space", "cruise", "rocket_artillery")
_FLEW = ("success", "unknown")


def _plain() -> list[CountRule]:
    """Make the rules that follow nobody in particular."""
    return [
        CountRule("missile", name="missiles"),
        CountRule("salvo", name="salvos"),
        CountRule("day", name="days"),
        CountRule("missile", _BALLISTIC, name="ballistic_missiles"),
        CountRule("salvo", _BALLISTIC, name="ballistic_salvos"),
        CountRule("day", _BALLISTIC, name="ballistic_days"),
        CountRule("day", ("ballistic",), name="ballistic_days_without_space"),
        CountRule("missile", ("cruise",), name="cruise_missiles"),
        CountRule("salvo", ("cruise",), name="cruise_salvos"),
        CountRule("day", ("cruise",), name="cruise_days"),
        CountRule("day", ("space",), name="space_days"),
        CountRule("missile", ("ballistic",), klasses=("ICBM",), name="icbm_missiles"),
        CountRule("day", ("ballistic",), klasses=("ICBM",), name="icbm_days"),
        CountRule("day", (*_CRUISE_TOO, "air_defence"), name="air_defence_too_days"),
        CountRule("missile", (*_CRUISE_TOO, "air_defence"), name="air_defence_too_missiles"),
        CountRule("day", _ROUNDS, name="rocket_artillery_too_days"),
        CountRule("salvo", _ROUNDS, name="rocket_artillery_too_salvos"),
        CountRule("missile", FAMILIES, name="all_missiles"),
        CountRule("salvo", FAMILIES, name="all_salvos"),
        CountRule("day", FAMILIES, name="all_days"),
        CountRule("day", calendar="UTC", name="utc_days"),
        CountRule("day", calendar="America/New_York", name="us_eastern_days"),
    ]


def _databases() -> list[CountRule]:
    """Make the conventions of databases."""
    cns = {"source": "cns", "calendar": "UTC"}
    nti = "CNS North Korea Missile Test Database, NTI"
    return [
        CountRule(
            "missile",
            _BALLISTIC,
            name="cns",
            definition="Missiles in the CNS/NTI database, which lists those able to carry 500 kg "
            "to 300 km, space launches and failures included, by UTC dates.",
            cited=nti,
            **cns,
        ),
        CountRule(
            "day",
            _BALLISTIC,
            name="cns_days",
            definition="UTC days with at least one missile in the CNS/NTI database.",
            cited=nti,
            **cns,
        ),
        CountRule(
            "missile",
            _BALLISTIC,
            name="statista",
            outcomes=_FLEW,
            definition="Missiles in the CNS/NTI database that succeeded or whose outcome is "
            "unknown, by UTC dates.",
            cited="Statista, chart 9172, on data of NTI",
            **cns,
        ),
        CountRule(
            "day",
            FAMILIES,
            name="csis",
            source="csis",
            each="klass",
            definition="Records of CSIS Beyond Parallel, one a day and kind of missile, rocket "
            "artillery included.",
            cited="CSIS Beyond Parallel, Database of North Korean Provocations",
        ),
        CountRule(
            "missile",
            FAMILIES,
            name="csis_missiles",
            source="csis",
            definition="Missiles of every kind fired on days that CSIS lists.",
            cited="CSIS Beyond Parallel and Missile Defense Project",
        ),
    ]


def _newsrooms() -> list[CountRule]:
    """Make the conventions of news organisations."""
    return [
        CountRule(
            "day",
            _CRUISE_TOO,
            name="cnn",
            definition="Korean days with at least one missile, ballistic or cruise; failures "
            "count, rocket artillery does not.",
            cited="CNN, 17 August 2022 (18th launch) and 18 November 2022 (34 days)",
        ),
        CountRule(
            "day",
            _CRUISE_TOO,
            name="press",
            source="seoul",
            definition="Korean days on which Seoul announced a missile, or others a cruise missile "
            "that Seoul did not deny; failures count.",
            cited="VOA, 28 November 2019 (13th round since May) and Yonhap, 27 February 2022 "
            "(eighth)",
        ),
        CountRule(
            "missile",
            _CRUISE_TOO,
            name="press_missiles",
            source="seoul",
            definition="Missiles by Seoul's count, ballistic and cruise, failures included.",
            cited="CNN, 8 June 2017 (16 missiles in 10 tests)",
        ),
        CountRule(
            "day",
            _BALLISTIC,
            name="press_ballistic",
            source="seoul",
            definition="Korean days on which Seoul announced a ballistic missile or space rocket.",
            cited="Aju News, 9 October 2022 (seventh in 15 days)",
        ),
        CountRule(
            "day",
            _ROUNDS,
            name="weapons_rounds",
            source="seoul",
            definition="Korean days on which ballistic or cruise missiles or rocket artillery "
            "were fired.",
            cited="Yonhap, 25 May 2022 (17th show of force of the year) and Aju Business Daily, "
            "29 March 2016 (firings so far)",
        ),
        CountRule(
            "salvo",
            _BALLISTIC,
            name="yonhap_times",
            source="seoul",
            definition="Firings of ballistic missiles by place and time.",
            cited="Yonhap, 31 December 2022 (37 firings and about 70 missiles)",
        ),
        CountRule(
            "missile",
            _BALLISTIC,
            name="reuters",
            source="seoul",
            definition="Single ballistic missiles and space rockets by Seoul's count, failures "
            "included.",
            cited="Reuters, 24 March 2022 (at least the 13th ballistic missile)",
        ),
    ]


def _governments() -> list[CountRule]:
    """Make the conventions of governments and the United Nations."""
    tokyo = "Japan Ministry of Defense, yearly totals in NHK, 2 January 2024"
    return [
        CountRule(
            "day",
            _BALLISTIC,
            name="jmod_occasions",
            source="tokyo",
            definition="Days on which Japan's Ministry of Defense announced ballistic missiles, "
            "space rockets included.",
            cited=tokyo,
        ),
        CountRule(
            "missile",
            _BALLISTIC,
            name="jmod_missiles",
            source="tokyo",
            definition="Ballistic missiles that Japan's Ministry of Defense announced, space "
            "rockets included.",
            cited=tokyo,
        ),
        CountRule(
            "day",
            ("ballistic",),
            name="jmod_icbm",
            source="tokyo",
            klasses=("ICBM",),
            definition="Days on which Japan's Ministry of Defense announced a missile of "
            "intercontinental class, possible ones included.",
            cited="NHK, 16 March 2023 (twelfth of that class)",
        ),
        CountRule(
            "day",
            _CRUISE_TOO,
            name="jmod_running",
            definition="Days with a launch in the running count of Japan's Ministry of Defense, "
            "cruise missiles included.",
            cited="Japan Ministry of Defense in Daily Defense, 27 May 2022 (16th launch) and "
            "25 November 2022 (34th)",
        ),
        CountRule(
            "day",
            _BALLISTIC,
            name="rok_white_paper",
            source="seoul",
            definition="Days with a ballistic launch, by South Korea's count.",
            cited="South Korean Defense White Paper 2022 (34 days in 2022)",
        ),
        CountRule(
            "missile",
            _BALLISTIC,
            name="rok_missiles",
            source="seoul",
            definition="Single ballistic missiles and space rockets, by South Korea's count.",
            cited="South Korean Joint Chiefs of Staff, 5 June 2022 (eight missiles)",
        ),
        CountRule(
            "missile",
            _BALLISTIC,
            name="us_state",
            definition="Single ballistic missiles and space rockets.",
            cited="Yonhap from Washington, 28 October 2022 (46 ballistic missiles)",
        ),
        CountRule(
            "missile",
            _BALLISTIC,
            name="un_panel",
            definition="Single missiles using ballistic technology, failures and space rockets "
            "included.",
            cited="UN Panel of Experts, in KBS World, 2023 (73 ballistic missiles in 2022)",
        ),
        CountRule(
            "missile",
            _BALLISTIC,
            name="un_secretariat",
            outcomes=_FLEW,
            definition="Launches using ballistic missile technology, each missile one, without "
            "those that failed.",
            cited="UN, DiCarlo to the Security Council, 25 March 2022 (twelve launches)",
        ),
    ]


#: The rules by name, plain ones first.
RULES: dict[str, CountRule] = {
    rule.name: rule for rule in (*_plain(), *_databases(), *_newsrooms(), *_governments())
}

__all__ = ["KOREA", "RULES", "SOURCES", "UNITS", "CountRule", "kinds_text", "resolve_rule"]

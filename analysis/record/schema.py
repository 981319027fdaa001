"""Each table's columns, said once: type, unit, vocabulary, key, meaning, and what may be empty.

Everything else reads this page: the build's validation, the loaders' dtypes, the reading of a
user's own files and the Data Package descriptor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

#: Version of the record: its last day, then the revision of the facts.
DATA_VERSION = "2026-08-22.1"

Kind = Literal["text", "integer", "number", "boolean", "date", "instant"]

DATE_FORMAT = "%Y-%m-%d"
INSTANT_FORMAT = "%Y-%m-%dT%H:%MZ"

FAMILIES = ("ballistic", "space", "cruise", "air_defence", "rocket_artillery")
#: Every missile class and the family it belongs to.
KLASSES = {
    "SRBM": "ballistic",
    "MRBM": "ballistic",
    "IRBM": "ballistic",
    "ICBM": "ballistic",
    "SLBM": "ballistic",
    "BM_UNKNOWN": "ballistic",
    "SLV": "space",
    "LACM": "cruise",
    "ASCM": "cruise",
    "CM_UNKNOWN": "cruise",
    "SAM": "air_defence",
    "MLRS": "rocket_artillery",
}
OUTCOMES = ("success", "failure", "unknown")
PRECISIONS = ("day", "month", "year")
CONFIDENCES = ("sourced", "unsourced", "conflicting")

#: Every event category and the kinds it holds.
EVENT_KINDS = {
    "drill": (
        "air",
        "amphibious",
        "combined_command_post",
        "domestic",
        "field",
        "live_fire",
        "naval",
        "nuclear_tabletop",
        "trilateral",
    ),
    "talks": (
        "agreement",
        "bilateral_china",
        "bilateral_japan",
        "bilateral_russia",
        "bilateral_us",
        "envoy_visit",
        "inter_korean",
        "letter_or_call",
        "multilateral",
        "six_party_round",
        "summit",
    ),
    "declaration": (
        "drill_resumption",
        "drill_suspension",
        "hostility",
        "leadership",
        "moratorium",
        "policy_law",
        "talks_offer",
        "talks_rejection",
        "un_admission",
        "unsc_nonproliferation",
        "unsc_statement",
        "withdrawal",
    ),
    "sanctions": (
        "sanctions_easing",
        "sanctions_monitoring",
        "unilateral_sanctions",
        "unsc_panel_end",
        "unsc_resolution",
        "unsc_veto",
    ),
    "olympics": (
        "asian_games",
        "ioc_suspension",
        "joint_team_step",
        "olympic_truce",
        "summer_games",
        "summer_paralympics",
        "winter_games",
        "winter_paralympics",
    ),
    "election": (
        "japan_pm",
        "rok_general",
        "rok_inauguration",
        "rok_presidential",
        "spa_election",
        "us_inauguration",
        "us_midterm",
        "us_presidential",
    ),
    "party_meeting": (
        "new_year_speech",
        "spa_session",
        "wpk_conference",
        "wpk_congress",
        "wpk_plenum",
        "wpk_plenum_year_end",
    ),
    "nuclear_test": ("nuclear_test",),
    "parade": ("day_parade", "night_parade"),
    "anniversary": (
        "army_day",
        "day_of_shining_star",
        "day_of_the_sun",
        "foundation_day",
        "party_day",
        "thanksgiving",
        "us_independence_day",
        "us_labor_day",
        "us_memorial_day",
        "victory_day",
    ),
}
_SLUG = r"[a-z0-9]+([.-][a-z0-9]+)*"


@dataclass(frozen=True)
class Column:
    """One column: what its cells hold and what may stand in them."""

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = True  # a cell may not be empty
    values: tuple[str, ...] = ()  # the vocabulary, where there is one
    pattern: str = ""
    low: float | None = None
    high: float | None = None
    many: bool = False  # a list in one cell, separated by ";"
    refers: str = ""  # "table.column" whose values the cell must be one of
    joined: bool = False  # written by the build from other tables, never typed
    default: str | None = None  # what a user's file without this column gets; None: it must have it


@dataclass(frozen=True)
class Table:
    """One table: what a row is, its columns, its key and the hand-typed files it comes from."""

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    files: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """All column names, in order."""
        return [c.name for c in self.columns]

    @property
    def typed(self) -> tuple[Column, ...]:
        """The columns that are typed by hand."""
        return tuple(c for c in self.columns if not c.joined)

    def __getitem__(self, name: str) -> Column:
        """Return the column of that name."""
        return next(c for c in self.columns if c.name == name)


def _slug(name: str, meaning: str, **rest: object) -> Column:
    return Column(name, "text", meaning, pattern=_SLUG, **rest)  # type: ignore[arg-type]


def _note(meaning: str = "remark, in our own words") -> Column:
    return Column("note", "text", meaning, required=False, default="")


_LAT = Column("lat", "number", "latitude", "degrees north", required=False, low=-90, high=90)
_LON = Column("lon", "number", "longitude", "degrees east", required=False, low=-180, high=180)
_NAME = Column("name", "text", "usual English name")
_KLASS = Column("klass", "text", "missile class by range or role", values=tuple(KLASSES))
_FAMILY = Column("family", "text", "family of the class", values=FAMILIES)


def _joined(column: Column) -> Column:
    return replace(column, joined=True)


#: Capitals whose own numbers of missiles are recorded, and who speaks for them.
CAPITALS = {"tokyo": "Japan's Ministry of Defense", "seoul": "South Korea's military"}


def _announced(capital: str) -> Column:
    return Column(
        f"{capital}_missiles",
        "integer",
        f"missiles that {CAPITALS[capital]} announced, where that is not `missiles`; 0 where it "
        "announced no ballistic missile; empty where no other number is known",
        "missiles",
        required=False,
        low=0,
        joined=True,
        default="",
    )


_LAUNCHES = Table(
    "launches",
    "a group of identical missiles fired together",
    (
        _slug("launch_id", "Korean date and running number"),
        Column(
            "date",
            "date",
            "Korean calendar day (UTC+9); in a month or year row its first day, or the day of "
            "the announcement where only that is known",
        ),
        Column(
            "launched_at",
            "instant",
            "instant of the first missile, where known",
            "UTC",
            required=False,
            default="",
        ),
        Column(
            "date_precision",
            "text",
            "what of the date is known",
            values=PRECISIONS,
        ),
        Column("missiles", "integer", "missiles fired, or a lower bound", "missiles", low=1),
        Column("missiles_exact", "boolean", "whether `missiles` is a count, not a lower bound"),
        _slug("system", "missile type", refers="systems.system"),
        _joined(_NAME),
        _joined(_KLASS),
        _joined(_FAMILY),
        _slug("site", "launch site", refers="sites.site"),
        Column("site_name", "text", "name of the site", joined=True),
        _joined(_LAT),
        _joined(_LON),
        Column(
            "apogee_km",
            "number",
            "highest point of the flight",
            "km",
            required=False,
            low=0,
            high=10_000,
            default="",
        ),
        Column(
            "range_km",
            "number",
            "distance flown over ground",
            "km",
            required=False,
            low=0,
            high=20_000,
            default="",
        ),
        Column("outcome", "text", "how the flight ended", values=OUTCOMES),
        _slug("salvo_id", "launch_id of the first row of its salvo", joined=True),
        Column("in_cns", "boolean", "counted in the CNS/NTI database", default="false"),
        Column("in_csis", "boolean", "listed under the same day by CSIS", default="false"),
        *(_announced(capital) for capital in CAPITALS),
        _slug("sources", "keys of the sources", many=True, refers="sources.key"),
        _note(),
    ),
    ("launch_id",),
    ("launches.csv",),
)

_EVENTS = Table(
    "events",
    "a context event",
    (
        _slug("event_id", "start date and short name"),
        Column("start", "date", "first day, in the calendar of `date_zone`"),
        Column("end", "date", "last day, inclusive"),
        Column(
            "date_zone",
            "text",
            "whose calendar the days are: Korea, the United States, New York (UN) or the host city",
            values=("KST", "US", "NY", "host"),
            default="KST",
        ),
        Column("precision", "text", "what of the days is known", values=PRECISIONS[:2]),
        Column("category", "text", "subject", values=tuple(EVENT_KINDS)),
        Column(
            "kind",
            "text",
            "kind within the category",
            values=tuple(sorted({k for kinds in EVENT_KINDS.values() for k in kinds})),
        ),
        Column("title", "text", "what happened, in a line"),
        Column(
            "parties",
            "text",
            "who took part: ISO 3166 codes, or UN, IOC, IPC, OCA, EUU",
            pattern="[A-Z]{2,3}",
            many=True,
            required=False,
            default="",
        ),
        Column("place", "text", "where", required=False, default=""),
        Column(
            "answers_launch",
            "boolean",
            "whether the event answers or accompanies a launch",
            default="false",
        ),
        Column("confidence", "text", "whether the source gives the days", values=CONFIDENCES),
        Column(
            "source",
            "text",
            "where the days were read; empty only where unsourced",
            required=False,
            default="",
        ),
        Column("source_url", "text", "address of the source", required=False, default=""),
        _note(),
    ),
    ("event_id",),
    ("drills.csv", "talks.csv", "milestones.csv", "anniversaries.csv"),
)

#: Another country's launches bring their own names and places instead of looking them up.
_OWN_NAMES = ("name", "klass", "family", "site_name", "lat", "lon")
_EXAMPLE = replace(
    _LAUNCHES,
    name="example_japan",
    row="a launch of Japan's H-IIA or H-IIB rocket, an example of another country's record",
    columns=tuple(
        replace(
            c,
            joined=c.joined and c.name not in _OWN_NAMES,
            refers="" if c.name in ("system", "site") else c.refers,
        )
        for c in _LAUNCHES.columns
    ),
    files=("example_japan.csv",),
)

_TABLES = (
    _LAUNCHES,
    _EVENTS,
    _EXAMPLE,
    Table(
        "announced",
        "a launch of which a capital announced another number of missiles",
        (
            _slug("launch_id", "the launch", refers="launches.launch_id"),
            Column("capital", "text", "who announced it", values=tuple(CAPITALS)),
            Column("missiles", "integer", "missiles announced; 0: none", "missiles", low=0),
            _slug("sources", "keys of the sources", many=True, refers="sources.key"),
            _note(),
        ),
        ("launch_id", "capital"),
        ("announced.csv",),
    ),
    Table(
        "systems",
        "a missile type",
        (
            _slug("system", "short name"),
            _NAME,
            Column("alt_names", "text", "other names", required=False, many=True),
            _KLASS,
            _FAMILY,
            Column("propellant", "text", "propellant", required=False, values=("liquid", "solid")),
            Column(
                "hypersonic_glide",
                "boolean",
                "flown with a gliding or manoeuvring payload that Pyongyang calls hypersonic",
            ),
            _slug("source", "key of the source", refers="sources.key"),
        ),
        ("system",),
        ("systems.csv",),
    ),
    Table(
        "sites",
        "a launch site",
        (
            _slug("site", "short name"),
            Column("name", "text", "usual English name"),
            Column("province", "text", "province or city", required=False),
            _LAT,
            _LON,
            Column("alt_names", "text", "other names", required=False, many=True),
            _slug("source", "key of the source of the coordinates", refers="sources.key"),
        ),
        ("site",),
        ("sites.csv",),
    ),
    Table(
        "sources",
        "a source of launch facts",
        (
            _slug("key", "short name"),
            Column("title", "text", "title of the page or data set"),
            Column("publisher", "text", "who published it"),
            Column("url", "text", "address", required=False),
            Column("vintage", "text", "date or version read", required=False),
            _note("terms and remarks"),
        ),
        ("key",),
        ("sources.csv",),
    ),
    Table(
        "eras",
        "a leader's time in office",
        (
            Column("start", "date", "first day; the day of change belongs to the successor"),
            Column("end", "date", "last day, inclusive; 2026-12-31 where still in office"),
            Column(
                "kind",
                "text",
                "office",
                values=("dprk_leader", "us_president", "rok_president", "japan_pm"),
            ),
            Column("name", "text", "who held it"),
            Column(
                "confidence",
                "text",
                "whether the first day was read in the source",
                values=CONFIDENCES,
            ),
            Column("source", "text", "where it was read, unless unsourced", required=False),
        ),
        ("kind", "start"),
        ("eras.csv",),
    ),
    Table(
        "coverage",
        "a launch family or event category, and the days for which the record speaks of it",
        (
            Column("table", "text", "table", values=("launches", "events")),
            Column(
                "subset",
                "text",
                "launch family or event category",
                values=(*FAMILIES, *EVENT_KINDS),
            ),
            Column("start", "date", "first day"),
            Column("end", "date", "last day, inclusive"),
            Column(
                "completeness",
                "text",
                "how much of it is recorded",
                values=("complete", "partial", "sample"),
            ),
            Column("why", "text", "why the days and the completeness"),
            Column("source", "text", "what it rests on"),
        ),
        ("table", "subset"),
        ("coverage.csv",),
    ),
    Table(
        "groups",
        "a studied group of context events",
        (
            Column("group", "text", "short name", pattern="[a-z0-9]+(_[a-z0-9]+)*"),
            Column("sentence", "text", "what the group holds, in one sentence"),
            Column("filter", "text", "the same as a pandas query on the events table"),
            Column("source", "text", "what the choice rests on"),
        ),
        ("group",),
        ("groups.csv",),
    ),
    Table(
        "article",
        "a checkable statement of the news article",
        (
            Column("claim", "text", "short name", pattern="[a-z0-9]+([_-][a-z0-9]+)*"),
            Column("statement", "text", "the statement in one sentence"),
            Column("quantity", "text", "what it is about"),
            Column("stated", "text", "the value stated"),
            Column("unit", "text", "unit of the value", required=False),
            Column("source", "text", "where it stands"),
            _note(),
        ),
        ("claim",),
        ("article.csv",),
    ),
    Table(
        "published_counts",
        "a published count of launches",
        (
            _slug("claim_id", "short name"),
            Column("published", "date", "day of publication, where known", required=False),
            Column("as_of", "date", "Korean day to which the count runs"),
            Column("period_start", "date", "first day of the period counted"),
            Column("value", "integer", "the number stated", low=0),
            Column(
                "comparison",
                "text",
                "how the number is stated",
                values=("exact", "at_least", "about"),
            ),
            Column(
                "unit",
                "text",
                "what is counted, in the reader's judgement",
                values=("missile", "launch_event", "launch_day", "test", "unclear"),
            ),
            Column(
                "scope",
                "text",
                "which missiles are counted, in the reader's judgement",
                values=(
                    "ballistic",
                    "ballistic_and_cruise",
                    "all_missiles",
                    "icbm",
                    "cruise",
                    "nuclear_test",
                    "unclear",
                ),
            ),
            Column("includes_latest", "boolean", "whether launches on `as_of` itself are counted"),
            Column("outlet", "text", "who published it"),
            Column("source_url", "text", "address of the page"),
            Column(
                "paraphrase",
                "text",
                "the statement in our words; a leading [tag] marks a "
                "filter that the columns cannot say",
            ),
            Column(
                "quality", "integer", "1 unambiguous, 2 something inferred, 3 vague", low=1, high=3
            ),
        ),
        ("claim_id",),
        ("published_counts.csv",),
    ),
    Table(
        "published_firsts",
        "a published 'first X since Y'",
        (
            _slug("claim_id", "short name"),
            Column("published", "date", "day of publication, where known", required=False),
            Column("as_of", "date", "Korean day of the launch"),
            Column("event", "text", "what was the first of its kind"),
            Column(
                "since_date",
                "text",
                "the earlier date stated: a day, a month or a year",
                pattern=r"\d{4}(-\d\d(-\d\d)?)?",
            ),
            Column("outlet", "text", "who published it"),
            Column("source_url", "text", "address of the page"),
            Column("paraphrase", "text", "the statement in our words"),
            Column(
                "quality", "integer", "1 unambiguous, 2 something inferred, 3 vague", low=1, high=3
            ),
        ),
        ("claim_id",),
        ("published_firsts.csv",),
    ),
    Table(
        "published_findings",
        "a published finding about the timing of launches",
        (
            _slug("finding_id", "short name"),
            Column("who", "text", "who published it"),
            Column(
                "published",
                "text",
                "day, month or year of publication",
                pattern=r"\d{4}(-\d\d(-\d\d)?)?",
            ),
            Column("claim", "text", "the finding in our words"),
            Column("number", "text", "the numbers stated; no effect where an absence is claimed"),
            Column(
                "period",
                "text",
                "first and last day studied, where stated",
                required=False,
                pattern=r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d",
            ),
            Column("data", "text", "data it rests on"),
            Column(
                "kind",
                "text",
                "subject",
                values=(
                    "season",
                    "weekday",
                    "talks",
                    "drill",
                    "election",
                    "forecast",
                    "self_excitation",
                    "anniversary",
                    "olympics",
                ),
            ),
            Column("source", "text", "where it was read"),
        ),
        ("finding_id",),
        ("published_findings.csv",),
    ),
    Table(
        "known_differences",
        "a value in which another database differs from the record",
        (
            Column(
                "date",
                "date",
                "Korean day here, or theirs where the launch is not here",
                required=False,
            ),
            _slug("system", "missile types", required=False, many=True, refers="systems.system"),
            Column(
                "field",
                "text",
                "what differs",
                values=(
                    "day",
                    "missiles",
                    "time_utc",
                    "site",
                    "system",
                    "klass",
                    "apogee_km",
                    "range_km",
                    "outcome",
                    "vintage",
                ),
            ),
            Column("ours", "text", "value here", required=False),
            Column("theirs", "text", "value there; empty where absent", required=False),
            _slug("source_key", "the other database", refers="sources.key"),
            Column("reason", "text", "why they differ"),
        ),
        (),
        ("known_differences.csv",),
    ),
)

#: Every table of the record by name.
TABLES: dict[str, Table] = {table.name: table for table in _TABLES}

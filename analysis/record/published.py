"""Tables of what others stated and how it is read: the article, counts, firsts, findings."""

from __future__ import annotations

from .columns import NAME, Table, boolean, date, integer, note, number, slug, text, words

_A_DAY_MONTH_OR_YEAR = r"\d{4}(-\d\d(-\d\d)?)?"
_PUBLISHED = date("published", "day of publication, where known", required=False)
_OUTLET = text("outlet", "who published it")
_ADDRESS = text("source_url", "address of the page")
_QUALITY = integer("quality", "1 unambiguous, 2 something inferred, 3 vague", low=1, high=3)

_ARTICLE_TABLE = Table(
    "article",
    "a checkable statement of the news article",
    (
        text("claim", "short name", pattern="[a-z0-9]+([_-][a-z0-9]+)*"),
        text("label", "name as printed"),
        text("statement", "the statement in one sentence"),
        text("quantity", "what it is about"),
        text("stated", "the value stated"),
        text("unit", "unit of the value", required=False),
        text("source", "where it stands"),
        note(),
    ),
    ("claim",),
    ("article.csv",),
)

_CLAIMED = ("missile", "launch_event", "launch_day", "test", "unclear")
_SCOPES = (
    *("ballistic", "ballistic_and_cruise", "all_missiles", "icbm", "cruise", "nuclear_test"),
    "unclear",
)
_COUNT_TABLE = Table(
    "published_counts",
    "a published count of launches",
    (
        slug("claim_id", "short name"),
        _PUBLISHED,
        date("as_of", "Korean day to which the count runs"),
        date("period_start", "first day of the period counted"),
        integer("value", "the number stated", low=0),
        words("comparison", "how the number is stated", ("exact", "at_least", "about")),
        words(
            "unit",
            "what is counted, in the reader's judgement",
            _CLAIMED,
            codes=("stated_unit",),
        ),
        words("scope", "which missiles are counted, in the reader's judgement", _SCOPES),
        boolean("includes_latest", "whether launches on `as_of` itself are counted"),
        _OUTLET,
        _ADDRESS,
        text(
            "paraphrase",
            "the statement in our words; a leading [tag] marks a filter that the columns "
            "cannot say",
        ),
        _QUALITY,
    ),
    ("claim_id",),
    ("published_counts.csv",),
)

#: Words as they stand in a text; ^ binds them to its beginning, * is any ending of a word.
_PHRASE = r"\^?[^\s^*;]+\*?( [^\s^*;]+\*?)*"
_OUTLET_TABLE = Table(
    "outlets",
    "a counter of launches whom published counts credit; the first whose name stands is taken",
    (
        text("counter", "short name", pattern=NAME),
        text(
            "names",
            "names in the outlet, first in its brackets; ^ binds to the beginning, * is any ending",
            many=True,
            pattern=_PHRASE,
        ),
        text(
            "openings",
            "the same for the paraphrase, where the outlet names no counter",
            many=True,
            pattern=_PHRASE,
            required=False,
        ),
        boolean("outranks_credit", "whether its name outranks a counter credited in brackets"),
        text("meaning", "who it is"),
    ),
    ("counter",),
    ("outlets.csv",),
)

_OUTLET_RULE_TABLE = Table(
    "outlet_rules",
    "which rule a published count follows; the first row that fits is taken",
    (
        text(
            "counters",
            "who counts; empty for anyone",
            many=True,
            required=False,
            refers="outlets.counter",
        ),
        words(
            "units",
            "what is counted; empty for anything",
            _CLAIMED,
            codes=("stated_unit",),
            many=True,
            required=False,
        ),
        words(
            "scopes",
            "which missiles; empty for any",
            _SCOPES,
            codes=("scope",),
            many=True,
            required=False,
        ),
        text(
            "says",
            "words of the paraphrase, in capitals or not, unless it leaves something out; "
            "* is any ending",
            many=True,
            pattern=_PHRASE,
            required=False,
        ),
        date("from", "first day to which the count may run", required=False),
        date("until", "last day to which the count may run", required=False),
        integer("over_days", "the period is longer than this many days", required=False, low=1),
        text("rule", "the counting rule", refers="rules.name"),
        text("why", "what the choice rests on, in our own words"),
    ),
    (),
    ("outlet_rules.csv",),
)

_FIRST_TABLE = Table(
    "published_firsts",
    "a published 'first X since Y'",
    (
        slug("claim_id", "short name"),
        _PUBLISHED,
        date("as_of", "Korean day of the launch"),
        text("event", "what was the first of its kind"),
        text(
            "since_date",
            "the earlier date stated: a day, a month or a year",
            pattern=_A_DAY_MONTH_OR_YEAR,
        ),
        _OUTLET,
        _ADDRESS,
        text("paraphrase", "the statement in our words"),
        _QUALITY,
    ),
    ("claim_id",),
    ("published_firsts.csv",),
)

_SUBJECTS = (
    *("season", "weekday", "talks", "drill", "election", "forecast", "self_excitation"),
    *("anniversary", "olympics"),
)
_FINDING_TABLE = Table(
    "published_findings",
    "a published finding about the timing of launches",
    (
        slug("finding_id", "short name"),
        text("label", "name in a figure"),
        text("who", "who published it"),
        text("published", "day, month or year of publication", pattern=_A_DAY_MONTH_OR_YEAR),
        text("claim", "the finding in our words"),
        text("number", "the numbers stated; no effect where an absence is claimed"),
        text(
            "period",
            "first and last day studied, where stated",
            required=False,
            pattern=r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d",
        ),
        text("data", "data it rests on"),
        words("kind", "subject", _SUBJECTS, codes=("subject",)),
        text("source", "where it was read"),
    ),
    ("finding_id",),
    ("published_findings.csv",),
)

#: Forecasts of launches that others published, each with the rule that decides it.
_FORECAST_TABLE = Table(
    "published_forecasts",
    "a published forecast of launches in a period",
    (
        slug("forecast_id", "short name"),
        slug(
            "finding_id",
            "the finding that states it, where it is one",
            required=False,
            refers="published_findings.finding_id",
        ),
        text("who", "who published it"),
        date("made_on", "last Korean day known when it was made"),
        date("period_start", "first day of the period forecast"),
        date("period_end", "last day of the period forecast"),
        text("rule", "the counting rule that decides it", refers="rules.name"),
        integer("low", "smallest number of launches in the period that is meant", low=0),
        integer("high", "largest one; empty for any", required=False, low=0),
        number("probability", "probability stated, where one was found", "share", low=0, high=1),
        boolean("closed_as", "how the question was closed by its own terms", required=False),
        text("terms", "what decides it, in our own words"),
        text("source", "where it was read"),
    ),
    ("forecast_id",),
    ("published_forecasts.csv",),
)

#: How a finding is put to the record, and what of its own number can be counted again.
_TESTS = ("events", "quarter", "weekday", "self_excitation")
_SCOPES_TESTED = ("own period", "whole record", "since then")
_RECOUNTS = ("by_leader", "by_kind", "holidays")
_RETEST_TABLE = Table(
    "retests",
    "how a published finding is tested again",
    (
        slug("finding_id", "the finding", refers="published_findings.finding_id"),
        words(
            "test",
            "launch days around events, in a quarter or on a weekday, or after one another",
            _TESTS,
        ),
        text(
            "rule",
            "the counting rule; for American days one by the American date",
            refers="rules.name",
        ),
        integer(
            "side", "what is claimed: 1 more launches, -1 fewer, 0 no difference", low=-1, high=1
        ),
        text(
            "group",
            "the group of events, where events are tested",
            required=False,
            refers="groups.group",
        ),
        text(
            "window",
            "days from the first day of an event, both inclusive, as -1..1; or during the event",
            required=False,
            pattern=r"-?\d+\.\.-?\d+|during",
        ),
        text(
            "leaves_out",
            "first days of events of the group that the finding leaves out",
            many=True,
            required=False,
            pattern=r"\d{4}-\d\d-\d\d",
        ),
        integer(
            "part",
            "the quarter, 1 to 4, or the weekday from 0 for Monday",
            required=False,
            low=0,
            high=6,
        ),
        words(
            "scopes",
            "periods tested, cut to what the record covers",
            _SCOPES_TESTED,
            codes=("period",),
            many=True,
        ),
        text("compared", "what is compared with what"),
        words(
            "recount",
            "the finding's own number: mean distance of events to the nearest launch day by leader "
            "or by kind of event; launch days on American holidays",
            _RECOUNTS,
            required=False,
        ),
        text(
            "stretches",
            "the same: launch days and events between these first and last days",
            many=True,
            required=False,
            pattern=r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d",
        ),
        text("no_number", "why the finding's own number cannot be had", required=False),
        text("no_own_test", "why its own period cannot carry a test", required=False),
        text("outcome_differs", "what differs in what is counted"),
        text("exposure_differs", "what differs in when launches are looked for"),
        text("period_differs", "what differs in the days studied, over the finding's own period"),
        boolean(
            "same_question",
            "false where less than half of what the finding says is about launches or days like "
            "these",
        ),
    ),
    ("finding_id",),
    ("retests.csv",),
)

_DIFFERING = (
    *("day", "missiles", "time_utc", "site", "system", "klass", "apogee_km", "range_km"),
    *("outcome", "vintage"),
)
_DIFFERENCE_TABLE = Table(
    "known_differences",
    "a value in which another database differs from the record",
    (
        date("date", "Korean day here, or theirs where the launch is not here", required=False),
        slug("system", "missile types", required=False, many=True, refers="systems.system"),
        words("field", "what differs", _DIFFERING),
        text("ours", "value here", required=False),
        text("theirs", "value there; empty where absent", required=False),
        slug("source_key", "the other database", refers="sources.key"),
        text("reason", "why they differ"),
    ),
    (),
    ("known_differences.csv",),
)

PUBLISHED = (
    *(_ARTICLE_TABLE, _COUNT_TABLE, _OUTLET_TABLE, _OUTLET_RULE_TABLE, _FIRST_TABLE),
    *(_FINDING_TABLE, _FORECAST_TABLE, _RETEST_TABLE, _DIFFERENCE_TABLE),
)

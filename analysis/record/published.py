"""Tables of what others stated: the article, counts, firsts, findings, other databases."""

from __future__ import annotations

from .columns import Table, boolean, date, integer, note, slug, text, words

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

_COUNTED = ("missile", "launch_event", "launch_day", "test", "unclear")
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
        words("unit", "what is counted, in the reader's judgement", _COUNTED),
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
        words("kind", "subject", _SUBJECTS),
        text("source", "where it was read"),
    ),
    ("finding_id",),
    ("published_findings.csv",),
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

PUBLISHED = (_ARTICLE_TABLE, _COUNT_TABLE, _FIRST_TABLE, _FINDING_TABLE, _DIFFERENCE_TABLE)

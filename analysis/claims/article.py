"""The news article's statements held against the record.

The article carries no date. Its setting, the Winter Olympics in Beijing next month, means one
month; its number, the 32nd launch of the year, means other days. Each statement is judged at
both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import pandas as pd

from ..counting import count, describe_count
from ..counting.periods import DAY
from ..errors import need_named
from ..record.door import check_events, check_launches
from ..record.load import load_article, load_eras, load_systems
from ..record.notes import noted
from .description import FITS, ORDINAL, article_days, described_salvos

SUPPORTED = "supported"
CONTRADICTED = "contradicted"
UNCHECKED = "cannot be checked"
UNDER_A_RULE = "supported only under a rule"
#: The rules under which the dates of the 32nd launch are looked up.
_RULES = ("cnn", "missiles", "salvos", "utc_days")
#: Columns of the events that the statements are held against.
_EVENT_NEEDS = ("event_id", "kind", "category", "title", "parties", "note")
_STATEMENT_COLUMNS = ["claim", "setting", "stated", "found", "verdict", "evidence"]


class _Context(NamedTuple):
    """What a statement is judged against: the record, and when the launch is taken to be."""

    salvos: pd.DataFrame
    launches: pd.DataFrame
    events: pd.DataFrame
    start: pd.Timestamp
    end: pd.Timestamp

    @property
    def here(self) -> pd.DataFrame:
        """The salvos of the setting."""
        return self.salvos[self.salvos["date"].between(self.start, self.end)]

    def so_far(self, category: str) -> pd.DataFrame:
        """Return the events of a category that began by the end of the setting, in order."""
        events = self.events
        return events[(events["category"] == category) & (events["start"] <= self.end)]


Judged = tuple[str, str, str]  # found, verdict, evidence


def check_article(launches: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Hold every statement of the article against the record.

    The verdict is that of the article's setting, the month before the Winter Olympics in
    Beijing; `evidence` adds what holds on the day when the 32nd launch on CNN's count came.
    `article_settings` gives both apart, and the days under other rules.

    Parameters
    ----------
    launches : DataFrame
        One row a launch.
    events : DataFrame
        One row a context event.

    Returns
    -------
    DataFrame
        One row a statement: ``claim``, ``stated``, ``found``, ``verdict`` (supported |
        contradicted | cannot be checked | supported only under a rule), ``evidence``.

    Raises
    ------
    ValueError
        If the events hold no Winter Olympics in Beijing, or a column is missing.

    See Also
    --------
    article_settings : Each setting apart.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> table = check_article(load_launches(), load_events()).set_index("claim")
    >>> table.loc["thirty-second-launch", "verdict"]
    'supported only under a rule'
    """
    each = article_settings(launches, events, rules=("cnn",))
    rows = []
    for claim, group in each.groupby("claim", sort=False):
        first, rest = group.iloc[0], group.iloc[1:]
        verdict = first["verdict"]
        if claim == "thirty-second-launch" and SUPPORTED in set(rest["verdict"]):
            verdict = UNDER_A_RULE
        later = "; ".join(f"{r.setting}: {r.verdict}, {r.evidence}" for r in rest.itertuples())
        evidence = f"{first['setting']}: {first['evidence']}" + (f". {later}" if later else "")
        rows.append((claim, first["stated"], first["found"], verdict, evidence))
    columns = [name for name in _STATEMENT_COLUMNS if name != "setting"]
    return noted(pd.DataFrame(rows, columns=columns).astype("str"), launches)


def article_settings(
    launches: pd.DataFrame, events: pd.DataFrame, *, rules: Iterable[str] = _RULES
) -> pd.DataFrame:
    """Judge every statement at the article's setting and on each day of a 32nd launch.

    Parameters
    ----------
    launches : DataFrame
        One row a launch.
    events : DataFrame
        One row a context event.
    rules : iterable of str
        Keys of `RULES` under which the days of the 32nd launch are looked up.

    Returns
    -------
    DataFrame
        One row a statement and setting: ``claim``, ``setting`` (month or day, with the rules),
        ``stated``, ``found``, ``verdict``, ``evidence``.

    Raises
    ------
    ValueError
        If the events hold no Winter Olympics in Beijing, or for an unknown rule.

    See Also
    --------
    check_article : One row a statement.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> table = article_settings(load_launches(), load_events(), rules=["cnn"])
    >>> table["setting"].unique().tolist()
    ['January 2022', '9 November 2022 (cnn)']
    """
    launches, events = check_launches(launches), check_events(events)
    need_named(launches, ["system"], "launches", "the article")
    need_named(events, _EVENT_NEEDS, "events", "the article")
    article, salvos = load_article(), described_salvos(launches)
    rows = []
    for setting, start, end in _settings(launches, events, tuple(rules)):
        context = _Context(salvos, launches, events, start, end)
        for claim, stated in zip(article["claim"], article["stated"], strict=True):
            rows.append((claim, setting, stated, *_JUDGES.get(claim, _no_judge)(context)))
    return pd.DataFrame(rows, columns=_STATEMENT_COLUMNS).astype("str")


def _settings(
    launches: pd.DataFrame, events: pd.DataFrame, rules: tuple[str, ...]
) -> list[tuple[str, pd.Timestamp, pd.Timestamp]]:
    """Return the month before the Games, and each day of the 32nd launch."""
    end = _opening(events).replace(day=1) - DAY
    settings = [(f"{end:%B %Y}", end.replace(day=1), end)]
    fits = article_days(launches, rules=rules)
    for day in fits["reached"].sort_values().unique():
        under = ", ".join(fits.loc[fits["reached"] == day, "rule"])
        settings.append((f"{_long(day)} ({under})", day, day))
    return settings


def _opening(events: pd.DataFrame) -> pd.Timestamp:
    """Return the opening day of the Winter Olympics in Beijing."""
    games = events[(events["kind"] == "winter_games") & events["title"].str.contains("Beijing")]
    if games.empty:
        raise ValueError("the events hold no Winter Olympics in Beijing (kind winter_games)")
    return games["start"].iloc[0]


def _long(day: pd.Timestamp) -> str:
    """Write a day in words."""
    return f"{day.day} {day:%B %Y}"


def _supported_if(holds: bool) -> str:
    """Return the verdict on a statement that holds or does not."""
    return SUPPORTED if holds else CONTRADICTED


# One judge a statement ------------------------------------------------------------------------


def _no_judge(_: _Context) -> Judged:
    """Say that nothing in the record bears on the statement."""
    return "", UNCHECKED, "the record says nothing of it"


def _on_launch(
    name: str, show: Callable[[pd.DataFrame], pd.Series]
) -> Callable[[_Context], Judged]:
    """Make the judge of a statement on the launch itself."""

    def judge(context: _Context) -> Judged:
        here = context.here
        if here.empty:
            return "", CONTRADICTED, "no launch then"
        fit = here.loc[FITS[name](here), "salvo_id"]
        found = "; ".join(show(here).astype("str").drop_duplicates())
        of = "the only salvo" if len(here) == 1 else f"{len(here)} salvos"
        if fit.empty:
            return found, CONTRADICTED, f"none of {of} fits" if len(here) > 1 else f"{of} does not"
        return found, SUPPORTED, f"{', '.join(fit[:6])}, of {of}"

    return judge


def _nth_launch(context: _Context) -> Judged:
    """Judge the ordinal on CNN's count."""
    launches, end = context.launches, context.end
    n = count(launches, "cnn", start=end.replace(month=1, day=1), end=end)
    return str(n), _supported_if(n == ORDINAL), describe_count(launches, "cnn", as_of=end)


def _talks(context: _Context) -> Judged:
    """Judge whether 2019 was the last year in which Washington and Pyongyang met for talks."""
    parties = context.events["parties"].fillna("")
    both = parties.str.contains("PRK") & parties.str.contains("USA")
    met = context.events[both & context.events["kind"].isin(["bilateral_us", "summit"])]
    met = met[met["start"] <= context.end]
    if met.empty:
        return "", UNCHECKED, "no talks recorded"
    last = met.sort_values("start").iloc[-1]
    year = last["start"].year
    return str(year), _supported_if(year == 2019), f"{last['title']}, {last['start']:%Y-%m-%d}"


def _hypersonic(context: _Context) -> Judged:
    """Judge whether a hypersonic missile flew the month before."""
    systems = load_systems()
    names = systems.loc[systems["hypersonic_glide"], "system"]
    flown = context.launches[context.launches["system"].isin(names)]
    flown = flown.sort_values(["date", "launch_id"])
    end = context.start.replace(day=1) - DAY
    fit = flown.loc[flown["date"].between(end.replace(day=1), end), "launch_id"]
    if fit.empty:
        latest = flown.loc[flown["date"] <= context.end, "launch_id"].tail(3)
        return "none", CONTRADICTED, f"none in {end:%B %Y}; the latest were {', '.join(latest)}"
    return ", ".join(fit), SUPPORTED, f"flown in {end:%B %Y}"


def _air_drill(context: _Context) -> Judged:
    """Say which joint air drills ran; a motive cannot be checked."""
    drills = context.so_far("drill")
    near = (drills["kind"] == "air") & (drills["end"] >= context.start - 14 * DAY)
    found = "; ".join(drills.loc[near, "title"])
    dates = f"joint air drills then or within 14 days before: {found or 'none recorded'}"
    return found or "none", UNCHECKED, f"a motive is no fact of the record; {dates}"


def _seventh_test(context: _Context) -> Judged:
    """Judge whether there were six nuclear tests so far."""
    n = len(context.so_far("nuclear_test"))
    return str(n), _supported_if(n == 6), f"{n} tests by {context.end:%Y-%m-%d}"


def _last_test(context: _Context) -> Judged:
    """Judge whether the last nuclear test was in 2017."""
    tests = context.so_far("nuclear_test")["start"]
    if tests.empty:
        return "none", CONTRADICTED, "no test before"
    return str(tests.max().year), _supported_if(tests.max().year == 2017), f"{tests.max():%Y-%m-%d}"


def _olympics(context: _Context) -> Judged:
    """Judge whether the Games open the month after."""
    opening = _opening(context.events)
    holds = opening.to_period("M") == context.end.to_period("M") + 1
    return f"{opening:%Y-%m-%d}", _supported_if(holds), f"the Games opened on {_long(opening)}"


def _near_parades(context: _Context) -> pd.DataFrame:
    """Return the parades of the setting and the week before."""
    parades = context.so_far("parade")
    return parades[parades["start"] >= context.start - 7 * DAY]


def _parade(context: _Context) -> Judged:
    """Judge whether a parade was held on a Thursday in the week before."""
    near = _near_parades(context)
    if near.empty:
        before = context.so_far("parade")["start"].max()
        last = "the events hold none before"
        if pd.notna(before):
            last = f"the last was on {before.day_name()} {_long(before)}"
        return "none", CONTRADICTED, f"no parade then or in the week before; {last}"
    found = "; ".join(f"{day:%Y-%m-%d} {day.day_name()}" for day in near["start"])
    holds = (near["start"].dt.day_name() == "Thursday").any()
    return found, _supported_if(holds), "; ".join(near["title"])


def _submarine_missile(context: _Context) -> Judged:
    """Say whether a recorded parade then is noted for a new submarine-launched missile."""
    near = _near_parades(context)
    noted = near[near["note"].fillna("").str.contains("submarine|Pukguksong", case=False)]
    if noted.empty:
        return "none", UNCHECKED, "no parade then, so nothing to see what it showed"
    return "; ".join(noted["note"]), SUPPORTED, "; ".join(noted["title"])


def _prime_minister(context: _Context) -> Judged:
    """Judge who was Prime Minister of Japan."""
    eras = load_eras("japan_pm")
    then = eras[(eras["start"] <= context.end) & (eras["end"] >= context.start)]
    terms = zip(then["name"], then["start"], strict=True)
    evidence = "; ".join(f"{name} from {start:%Y-%m-%d}" for name, start in terms)
    return "; ".join(then["name"]), _supported_if("Fumio Kishida" in set(then["name"])), evidence


def _sea(_: _Context) -> Judged:
    """Say that the place of impact is not recorded."""
    return "", UNCHECKED, "the record has no place of impact"


_JUDGES: dict[str, Callable[[_Context], Judged]] = {
    "one-missile": _on_launch("one_missile", lambda s: s["missiles"]),
    "ballistic": _on_launch(
        "ballistic", lambda s: s["ballistic"].map({True: "ballistic", False: "other"})
    ),
    "friday": _on_launch("friday", lambda s: s["weekday"]),
    "half-past-ten": _on_launch("half_past_ten", lambda s: s["local_time"].dropna()),
    "from-hamhung": _on_launch("from_hamhung", lambda s: s["site_name"]),
    "flew-500-km": _on_launch("flew_500_km", lambda s: s["range_km"].dropna().astype("int64")),
    "into-the-sea": _sea,
    "thirty-second-launch": _nth_launch,
    "talks-stalled-since-2019": _talks,
    "hypersonic-last-month": _hypersonic,
    "answers-air-drill": _air_drill,
    "seventh-nuclear-test": _seventh_test,
    "first-nuclear-test-since-2017": _last_test,
    "winter-olympics-next-month": _olympics,
    "parade-on-thursday": _parade,
    "new-submarine-missile": _submarine_missile,
    "kishida-prime-minister": _prime_minister,
}

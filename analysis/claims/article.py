"""The news article's statements held against the record.

The article carries no date. Its setting, the Winter Olympics in Beijing next month, means one
month; its number, the 32nd launch of the year, means other days. Each statement is judged at
both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..counting import RULES, count, cumulative, describe_count, nth
from ..record.load import load_article, load_coverage, load_eras, load_sites, load_systems

SUPPORTED = "supported"
CONTRADICTED = "contradicted"
UNCHECKED = "cannot be checked"
UNDER_A_RULE = "supported only under a rule"
_N = 32
_HAMHUNG = ("hamhung", "hungnam")
#: The rules under which the dates of the 32nd launch are looked up.
_RULES = ("cnn", "missiles", "salvos", "utc_days")
_DAY = pd.Timedelta(days=1)


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


Judged = tuple[str, str, str]  # found, verdict, evidence


# -- days and launches that fit ----------------------------------------------------------------


def article_days(
    launches: pd.DataFrame,
    *,
    n: int = _N,
    rules: Iterable[str] = tuple(RULES),
    years: Iterable[int] = range(1984, 2027),
) -> pd.DataFrame:
    """List the days of each year on which a rule's running count is the article's number.

    Parameters
    ----------
    launches : DataFrame
        One row a launch.
    n : int
        The number; the article's 32 by default.
    rules : iterable of str
        Keys of `RULES`; all by default.
    years : iterable of int
        The years, within the record.

    Returns
    -------
    DataFrame
        One row a rule and year that reach the number: ``rule``, ``year``, ``reached`` (day of
        the n-th), ``last`` (last day on which the count is n; missing where the day of the n-th
        went past it), ``days`` (how many days fit).

    Raises
    ------
    ValueError
        For an unknown rule or years outside the record.

    Examples
    --------
    >>> from analysis import load_launches
    >>> fits = article_days(load_launches(), rules=["cnn"])
    >>> fits[["year", "days"]].to_numpy().tolist()
    [[2022, 8]]
    """
    chosen = sorted(set(years))
    coverage = load_coverage()
    rows = []
    for rule in rules:
        reached = nth(launches, rule, n, years=chosen, coverage=coverage).dropna()
        for year, day in zip(reached["year"], reached["date"], strict=True):
            covered = coverage.loc[coverage["table"] == "launches", "end"].min()
            end = min(pd.Timestamp(year, 12, 31), covered)
            curve = cumulative(launches, rule, years=[year], as_of=end, coverage=coverage)
            fit = curve.loc[curve["n"] == n, "date"]
            rows.append({"rule": rule, "year": year, "reached": day, "last": fit.max(),
                         "days": len(fit)})  # fmt: skip
    table = pd.DataFrame(rows, columns=["rule", "year", "reached", "last", "days"])
    return table.astype({"rule": "str", "year": "int64", "reached": "datetime64[us]",
                         "last": "datetime64[us]", "days": "int64"})  # fmt: skip


def article_weights() -> pd.DataFrame:
    """Return the weights by which launches are ranked for nearness to the description.

    Returns
    -------
    DataFrame
        One row a statement: ``statement``, ``full_score`` and ``no_score`` (what earns 1 and
        what earns 0; linear in between), and one column a weighting: ``equal``,
        ``place_and_time``, ``flight_and_number``. A value that the record lacks earns 0.

    Examples
    --------
    >>> article_weights()["equal"].sum()
    np.float64(5.0)
    """
    rows = [
        ("weekday", "a Friday", "any other day", 1.0, 1.0, 0.5),
        ("local_time", "10:30", "6 hours off", 1.0, 2.0, 0.5),
        ("site", "Hamhung", "200 km away", 1.0, 2.0, 0.5),
        ("range_km", "500 km", "500 km off", 1.0, 0.5, 2.0),
        ("missiles", "one", "1 divided by the number", 1.0, 0.5, 2.0),
    ]
    names = ["statement", "full_score", "no_score", "equal", "place_and_time", "flight_and_number"]
    return pd.DataFrame(rows, columns=names)


def nearest_launches(
    launches: pd.DataFrame, *, weights: pd.DataFrame | None = None, top: int = 10
) -> pd.DataFrame:
    """Rank the salvos by nearness to the article's description, under each weighting.

    Parameters
    ----------
    launches : DataFrame
        One row a launch; ballistic ones are ranked.
    weights : DataFrame, optional
        As from `article_weights`, its own columns of weights allowed.
    top : int
        How many to keep under each weighting.

    Returns
    -------
    DataFrame
        One row a weighting and salvo: ``weighting``, ``rank``, ``salvo_id``, ``date``,
        ``weekday``, ``local_time``, ``site_name``, ``range_km`` (greatest of the salvo),
        ``missiles``, ``score`` (0 to 1), and the parts of the score before weighting:
        ``weekday_score``, ``local_time_score``, ``site_score``, ``range_km_score``,
        ``missiles_score``.

    Raises
    ------
    ValueError
        If `top` is below 1 or a statement has no weight.

    Examples
    --------
    >>> from analysis import load_launches
    >>> nearest_launches(load_launches(), top=1)["weighting"].tolist()
    ['equal', 'place_and_time', 'flight_and_number']
    """
    table = article_weights() if weights is None else weights
    if top < 1:
        raise ValueError(f"top {top!r}: expected 1 or more")
    salvos = _salvos(launches)
    salvos = salvos[salvos["ballistic"]]
    parts = _scores(salvos)
    needed = [str(part) for part in parts.columns]
    absent = [part for part in needed if part not in set(table["statement"])]
    if absent:
        raise ValueError(f"no weight for {', '.join(absent)}: expected {', '.join(needed)}")
    ranked = []
    for weighting in table.columns.drop(["statement", "full_score", "no_score"], errors="ignore"):
        weight = table.set_index("statement")[weighting].reindex(needed)
        score = (parts * weight).sum(axis=1) / weight.sum()
        best = salvos.assign(weighting=weighting, score=score).join(parts.add_suffix("_score"))
        best = best.sort_values(["score", "salvo_id"], ascending=[False, True]).head(top)
        ranked.append(best.assign(rank=np.arange(1, len(best) + 1)))
    columns = ["weighting", "rank", "salvo_id", "date", "weekday", "local_time", "site_name",
               "range_km", "missiles", "score", *parts.add_suffix("_score")]  # fmt: skip
    return pd.concat(ranked, ignore_index=True)[columns]


def fits_all(launches: pd.DataFrame) -> pd.DataFrame:
    """Say for each salvo which of the article's statements on the launch it satisfies.

    Parameters
    ----------
    launches : DataFrame
        One row a launch.

    Returns
    -------
    DataFrame
        One row a salvo, the best first: ``salvo_id``, ``date``, ``one_missile``, ``ballistic``,
        ``friday``, ``half_past_ten`` (within 15 minutes), ``from_hamhung``, ``flew_500_km``
        (within 50 km), ``n_fit``, ``all``.

    Raises
    ------
    ValueError
        If the launches lack a needed column.

    Examples
    --------
    >>> from analysis import load_launches
    >>> bool(fits_all(load_launches())["all"].any())
    False
    """
    salvos = _salvos(launches)
    fits = pd.DataFrame({name: test(salvos) for name, test in _TESTS.items()}, index=salvos.index)
    table = salvos[["salvo_id", "date"]].join(fits)
    table["n_fit"] = fits.sum(axis=1).astype(np.int64)
    table["all"] = fits.all(axis=1)
    return table.sort_values(["n_fit", "salvo_id"], ascending=[False, True], ignore_index=True)


def _salvos(launches: pd.DataFrame) -> pd.DataFrame:
    """Return one row a salvo of day precision, with Korean weekday and time of day."""
    rows = launches[launches["date_precision"] == "day"].sort_values(["launched_at", "launch_id"])
    table = rows.groupby("salvo_id", as_index=False).agg(
        date=("date", "min"), launched_at=("launched_at", "min"), missiles=("missiles", "sum"),
        exact=("missiles_exact", "all"), range_km=("range_km", "max"), site=("site", "first"),
        site_name=("site_name", "first"), lat=("lat", "first"), lon=("lon", "first"),
    )  # fmt: skip
    kinds = rows.assign(ballistic=rows["family"].isin(["ballistic", "space"]))
    table["ballistic"] = table["salvo_id"].map(kinds.groupby("salvo_id")["ballistic"].any())
    local = table["launched_at"].dt.tz_convert("Asia/Seoul")
    table["minutes"] = local.dt.hour * 60.0 + local.dt.minute
    table["local_time"] = local.dt.strftime("%H:%M").astype("str")
    table["weekday"] = table["date"].dt.day_name().astype("str")
    return table


def _is_hamhung(salvos: pd.DataFrame) -> pd.Series:
    """Mark salvos from Hamhung or its coast."""
    return salvos["site"].isin(_HAMHUNG)


_TESTS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "one_missile": lambda s: (s["missiles"] == 1) & s["exact"],
    "ballistic": lambda s: s["ballistic"],
    "friday": lambda s: s["weekday"] == "Friday",
    "half_past_ten": lambda s: (s["minutes"] - 630).abs() <= 15,
    "from_hamhung": _is_hamhung,
    "flew_500_km": lambda s: (s["range_km"] - 500).abs() <= 50,
}


def _scores(salvos: pd.DataFrame) -> pd.DataFrame:
    """Score each statement from 0 to 1."""
    sites = load_sites().set_index("site")
    home = sites.loc[[site for site in _HAMHUNG if site in sites.index], ["lat", "lon"]].dropna()
    far = _kilometres(salvos, float(home["lat"].iloc[0]), float(home["lon"].iloc[0]))
    far = far.mask(_is_hamhung(salvos), 0.0)
    parts = pd.DataFrame(
        {
            "weekday": (salvos["weekday"] == "Friday").astype(float),
            "local_time": 1 - (salvos["minutes"] - 630).abs() / 360,
            "site": 1 - far / 200,
            "range_km": 1 - (salvos["range_km"] - 500).abs() / 500,
            "missiles": 1 / salvos["missiles"],
        }
    )
    return parts.clip(0, 1).fillna(0.0)


def _kilometres(places: pd.DataFrame, lat: float, lon: float) -> pd.Series:
    """Return distances on the sphere from one point."""
    a, b = np.radians(places["lat"]), np.radians(lat)
    half = np.sin((a - b) / 2) ** 2
    half = half + np.cos(a) * np.cos(b) * np.sin(np.radians(places["lon"] - lon) / 2) ** 2
    return 12_742 * np.arcsin(np.sqrt(half))


# -- the statements ----------------------------------------------------------------------------


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
        later = "; ".join(f"{r.setting}: {r.verdict}, {r.evidence}" for r in rest.itertuples())
        verdict = first["verdict"]
        if claim == "thirty-second-launch" and SUPPORTED in set(rest["verdict"]):
            verdict = UNDER_A_RULE
        evidence = f"{first['setting']}: {first['evidence']}" + (f". {later}" if later else "")
        rows.append((claim, first["stated"], first["found"], verdict, evidence))
    columns = ["claim", "stated", "found", "verdict", "evidence"]
    return pd.DataFrame(rows, columns=columns).astype("str")


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

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> table = article_settings(load_launches(), load_events(), rules=["cnn"])
    >>> table["setting"].unique().tolist()
    ['January 2022', '9 November 2022 (cnn)']
    """
    article = load_article()
    salvos = _salvos(launches)
    rows = []
    for setting, start, end in _settings(launches, events, tuple(rules)):
        context = _Context(salvos, launches, events, start, end)
        for claim, statement in zip(article["claim"], article["stated"], strict=True):
            judge = _JUDGES.get(claim)
            found, verdict, evidence = (
                judge(context) if judge else ("", UNCHECKED, "the record says nothing of it")
            )
            rows.append((claim, setting, statement, found, verdict, evidence))
    columns = ["claim", "setting", "stated", "found", "verdict", "evidence"]
    return pd.DataFrame(rows, columns=columns).astype("str")


def _settings(
    launches: pd.DataFrame, events: pd.DataFrame, rules: tuple[str, ...]
) -> list[tuple[str, pd.Timestamp, pd.Timestamp]]:
    """Return the month before the Games, and each day of the 32nd launch."""
    opening = _games(events)
    end = opening.replace(day=1) - _DAY
    settings = [(f"{end:%B %Y}", end.replace(day=1), end)]
    fits = article_days(launches, rules=rules)
    for day in fits["reached"].sort_values().unique():
        under = ", ".join(fits.loc[fits["reached"] == day, "rule"])
        settings.append((f"{day.day} {day:%B %Y} ({under})", day, day))
    return settings


def _games(events: pd.DataFrame) -> pd.Timestamp:
    """Return the opening day of the Winter Olympics in Beijing."""
    games = events[(events["kind"] == "winter_games") & events["title"].str.contains("Beijing")]
    if games.empty:
        raise ValueError("the events hold no Winter Olympics in Beijing (kind winter_games)")
    return games["start"].iloc[0]


def _on_launch(
    name: str, show: Callable[[pd.DataFrame], pd.Series]
) -> Callable[[_Context], Judged]:
    """Make the judge of a statement on the launch itself."""

    def judge(context: _Context) -> Judged:
        here = context.here
        fit = here[_TESTS[name](here)]
        found = "; ".join(show(here).astype("str").drop_duplicates())
        if here.empty:
            return "", CONTRADICTED, "no launch then"
        of = "the only salvo" if len(here) == 1 else f"{len(here)} salvos"
        if fit.empty:
            return found, CONTRADICTED, f"none of {of} fits" if len(here) > 1 else f"{of} does not"
        return found, SUPPORTED, f"{', '.join(fit['salvo_id'][:6])}, of {of}"

    return judge


def _nth_launch(context: _Context) -> Judged:
    """Judge the ordinal on CNN's count."""
    first = pd.Timestamp(context.end.year, 1, 1)
    n = count(context.launches, "cnn", start=first, end=context.end)
    sentence = describe_count(context.launches, "cnn", as_of=context.end)
    return str(n), SUPPORTED if n == _N else CONTRADICTED, sentence


def _talks(context: _Context) -> Judged:
    """Judge when Washington and Pyongyang last met for talks."""
    events = context.events
    both = events["parties"].fillna("").str.contains("PRK") & events["parties"].fillna(
        ""
    ).str.contains("USA")
    met = events[both & events["kind"].isin(["bilateral_us", "summit"])]
    met = met[met["start"] <= context.end]
    if met.empty:
        return "", UNCHECKED, "no talks recorded"
    last = met.sort_values("start").iloc[-1]
    verdict = SUPPORTED if last["start"].year == 2019 else CONTRADICTED
    return str(last["start"].year), verdict, f"{last['title']}, {last['start']:%Y-%m-%d}"


def _hypersonic(context: _Context) -> Judged:
    """Judge whether a hypersonic missile flew the month before."""
    systems = load_systems()
    names = systems.loc[systems["hypersonic_glide"], "system"]
    flown = context.launches[context.launches["system"].isin(names)]
    end = context.start.replace(day=1) - _DAY
    fit = flown[flown["date"].between(end.replace(day=1), end)]
    near = flown[flown["date"] <= context.end]["launch_id"].tail(3)
    if fit.empty:
        return "none", CONTRADICTED, f"none in {end:%B %Y}; the latest were {', '.join(near)}"
    return ", ".join(fit["launch_id"]), SUPPORTED, f"flown in {end:%B %Y}"


def _air_drill(context: _Context) -> Judged:
    """Say which joint air drills ran; a motive cannot be checked."""
    events = context.events
    drills = events[(events["category"] == "drill") & (events["kind"] == "air")]
    near = drills[(drills["start"] <= context.end) & (drills["end"] >= context.start - 14 * _DAY)]
    found = "; ".join(near["title"])
    dates = f"joint air drills then or within 14 days before: {found or 'none recorded'}"
    return found or "none", UNCHECKED, f"a motive is no fact of the record; {dates}"


def _nuclear_tests(context: _Context) -> pd.DataFrame:
    """Return the nuclear tests so far."""
    events = context.events
    return events[(events["category"] == "nuclear_test") & (events["start"] <= context.end)]


def _seventh_test(context: _Context) -> Judged:
    """Judge the number of nuclear tests so far."""
    n = len(_nuclear_tests(context))
    return str(n), SUPPORTED if n == 6 else CONTRADICTED, f"{n} tests by {context.end:%Y-%m-%d}"


def _last_test(context: _Context) -> Judged:
    """Judge the year of the last nuclear test."""
    tests = _nuclear_tests(context)
    if tests.empty:
        return "none", CONTRADICTED, "no test before"
    last = tests["start"].max()
    return str(last.year), SUPPORTED if last.year == 2017 else CONTRADICTED, f"{last:%Y-%m-%d}"


def _olympics(context: _Context) -> Judged:
    """Judge whether the Games open the month after."""
    opening = _games(context.events)
    after = context.end.to_period("M") + 1
    verdict = SUPPORTED if opening.to_period("M") == after else CONTRADICTED
    return f"{opening:%Y-%m-%d}", verdict, f"the Games opened on {opening.day} {opening:%B %Y}"


def _parades(context: _Context) -> pd.DataFrame:
    """Return the parades of the setting and the week before."""
    parades = context.events[context.events["category"] == "parade"]
    return parades[parades["start"].between(context.start - 7 * _DAY, context.end)]


def _parade(context: _Context) -> Judged:
    """Judge whether a parade was held on a Thursday in the week before."""
    near = _parades(context)
    if near.empty:
        before = context.events[
            (context.events["category"] == "parade") & (context.events["start"] <= context.end)
        ]["start"].max()
        last = f"the last was on {before.day_name()} {before.day} {before:%B %Y}"
        return "none", CONTRADICTED, f"no parade then or in the week before; {last}"
    found = "; ".join(f"{day:%Y-%m-%d} {day.day_name()}" for day in near["start"])
    fit = near["start"].dt.day_name() == "Thursday"
    return found, SUPPORTED if fit.any() else CONTRADICTED, "; ".join(near["title"])


def _submarine_missile(context: _Context) -> Judged:
    """Say whether a recorded parade then is noted for a new submarine-launched missile."""
    near = _parades(context)
    noted = near[near["note"].fillna("").str.contains("submarine|Pukguksong", case=False)]
    if noted.empty:
        return "none", UNCHECKED, "no parade then, so nothing to see what it showed"
    return "; ".join(noted["note"]), SUPPORTED, "; ".join(noted["title"])


def _prime_minister(context: _Context) -> Judged:
    """Judge who was Prime Minister of Japan."""
    eras = load_eras("japan_pm")
    then = eras[(eras["start"] <= context.end) & (eras["end"] >= context.start)]
    found = "; ".join(then["name"])
    verdict = SUPPORTED if (then["name"] == "Fumio Kishida").any() else CONTRADICTED
    terms = zip(then["name"], then["start"], strict=True)
    return found, verdict, "; ".join(f"{name} from {start:%Y-%m-%d}" for name, start in terms)


def _sea(context: _Context) -> Judged:
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

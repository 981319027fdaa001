"""Figures that a reader takes in at once: this year, sites and reach, types, leaders."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .. import plot as pt
from ..counting import at_least, compare_rules, count, counts, launch_days, year_to_date
from ..plot.parts import rows
from ..plot.places import CITIES, project
from ..record.load import last_day, load_eras, load_launches, load_systems
from . import report_figure
from .drawing import Drawing, dense_years

#: A rule of each counter, and what it counts in words.
COUNTERS = {
    "cnn": "days",
    "press": "days",
    "jmod_occasions": "days",
    "rok_white_paper": "days",
    "csis": "records",
    "cns": "missiles",
    "reuters": "missiles",
    "us_state": "missiles",
    "un_panel": "missiles",
}
#: The year that this one is held against.
RECORD_YEAR = 2022
#: Kilometres from the centre to the edges of the two maps.
NEAR, FAR = 360, 1500


def _this_year() -> dict[str, Any]:
    """Return the first day of the running year and the last day of record."""
    end = last_day()
    return {"start": pd.Timestamp(end.year, 1, 1), "end": end}


@report_figure(
    "28-by-this-day",
    "How many launch days has this year, so far?",
    tables=("launches", "coverage"),
)
def by_this_day() -> Drawing:
    """Draw each year's launch days to the same day, as a newsroom could print it."""
    end = last_day()
    years = range(pd.Timestamp(dense_years()["start"]).year, end.year + 1)
    table = year_to_date(load_launches(), "cnn", years=years, as_of=end)
    figure, ax = pt.sheet(4.6)
    pt.plot_same_day(table, as_of=end, unit="days with a launch", ax=ax)
    if not table["exact"].all():
        ax.set_title("+: or more, as some launches are known by month only")
    *earlier, now = rows(table)
    more = [str(year.year) for year in earlier if year.n > now.n]
    most = f"more only in {' and '.join(more)}" if more else f"the most since {years[0]}"
    answer = (
        f"By {pt.day(end, year=False)}, North Korea had fired ballistic or cruise missiles or "
        f"space rockets on {now.n} days this year: {most} of {len(table)} years to the same day."
    )
    alt = "Bars, one a year: " + ", ".join(f"{row.year} {row.n}" for row in rows(table)) + "."
    return Drawing(figure, table, alt, answer)


@report_figure(
    "29-by-counter",
    "How many launches has this year, by each counter?",
    tables=("launches", "coverage"),
)
def by_counter() -> Drawing:
    """Draw this year's count by each counter, beside that of the record year to the same day."""
    launches, period = load_launches(), _this_year()
    table = compare_rules(launches, rules=list(COUNTERS), **period)
    then = {name: day.replace(year=RECORD_YEAR) for name, day in period.items()}
    table["before"] = [count(launches, rule, **then) for rule in COUNTERS]
    table["unit"] = list(COUNTERS.values())
    figure, ax = pt.sheet(4.8)
    pt.plot_counters(table, ax=ax)
    pt.subtitle(ax, f"Diamonds: {RECORD_YEAR} to the same day")
    least, most = table["n"].min(), table["n"].max()
    answer = (
        f"From {least} to {most}, by who counts what: by {pt.day(period['end'])} "
        + ", ".join(
            f"{pt.rule_label(row.rule)} {at_least(row.n, row.exact)} {row.unit}"
            for row in rows(table[table["rule"].isin(["cnn", "jmod_occasions", "un_panel"])])
        )
        + "."
    )
    alt = "Bars, one a counter: " + "; ".join(
        f"{pt.rule_label(row.rule)} {at_least(row.n, row.exact)} {row.unit} "
        f"({row.before} in {RECORD_YEAR})"
        for row in rows(table)
    )
    return Drawing(figure, table.drop(columns="reason"), f"{alt}.", answer)


@report_figure(
    "30-sites-and-reach",
    "From where were missiles launched, and how far did they fly?",
    tables=("launches", "sites"),
)
def sites_and_reach() -> Drawing:
    """Draw the launch sites, and rings as far as each class has flown."""
    launches = load_launches()
    placed = launches.dropna(subset=["lat", "lon"])
    where = ["site", "site_name", "lat", "lon"]
    sites: Any = placed.groupby(where)["missiles"].sum().reset_index()
    sites["x"], south = project(sites["lat"], sites["lon"])
    sites["y"] = -south
    cities = {}
    for name, place in CITIES.items():
        east, down = (float(part) for part in project(*place))
        cities[name] = (east, -down)
    flown = launches[launches["family"] == "ballistic"].groupby("klass")["range_km"].max().dropna()
    rings = {str(klass): km for klass, km in flown.items() if klass != "BM_UNKNOWN"}
    figure, panels = pt.sheet(5.1, columns=2)
    inside = {name: km for name, km in rings.items() if km < FAR}
    for reach, circles, size, ax in ((NEAR, {}, 1, panels[0]), (FAR, inside, 0.1, panels[1])):
        near = {name: at for name, at in cities.items() if max(map(abs, at)) < reach}
        drawn = sites.assign(missiles=sites["missiles"] * size)
        pt.plot_sites(drawn, cities=near, rings=circles, reach=reach, ax=ax)
    panels[0].set_title(f"Sites; larger: more missiles\n({2 * NEAR} km across)")
    beyond = ", ".join(f"{name} {km:,.0f} km" for name, km in rings.items() if km >= FAR)
    panels[1].set_title(f"Furthest flight of each class\n(beyond the map: {beyond})")
    top = sites.nlargest(3, "missiles")
    ballistic = launches[launches["family"] == "ballistic"].dropna(subset=["range_km"])
    furthest: Any = ballistic.iloc[ballistic["range_km"].argmax()]
    answer = (
        f"At least {sites['missiles'].sum():,} missiles from {len(sites)} known sites, most from "
        + ", ".join(f"{row.site_name} ({row.missiles})" for row in rows(top))
        + f". The furthest ballistic flight was {furthest['range_km']:,.0f} km "
        f"({furthest['name']}, {pt.day(furthest['date'])})."
    )
    alt = "Two maps true from Pyongyang, without coasts: " + "; ".join(
        f"{klass} {km:,.0f} km" for klass, km in rings.items()
    )
    return Drawing(figure, sites, f"{alt}.", answer)


@report_figure(
    "31-height-and-range",
    "How high and how far did missiles fly?",
    tables=("launches",),
)
def height_and_range() -> Drawing:
    """Draw apogee against range, by class."""
    launches = load_launches()
    both = launches.dropna(subset=["apogee_km", "range_km"])
    figure, ax = pt.sheet(5.4)
    pt.plot_reach(both, source=pt.default_source(), ax=ax)
    ax.set_title("Dashed: a quarter of the range, about the height of a flight that goes furthest")
    steep = both[both["apogee_km"] > both["range_km"]]
    icbm = steep["klass"].eq("ICBM").sum()
    highest: Any = both.iloc[both["apogee_km"].argmax()]
    answer = (
        f"Of {len(both)} flights of which both are known, {len(steep)} went higher than far, "
        f"{icbm} of the {(both['klass'] == 'ICBM').sum()} ICBMs among them; the highest "
        f"{highest['apogee_km']:,.0f} km ({highest['name']}, {pt.day(highest['date'])})."
    )
    table = both[["launch_id", "date", "name", "klass", "range_km", "apogee_km"]]
    alt = "Scatter of the greatest height against the range flown, by class of missile."
    return Drawing(figure, table, alt, answer)


@report_figure(
    "32-types",
    "Which types of missile have been flown, and when?",
    tables=("launches", "coverage", "systems"),
)
def types() -> Drawing:
    """Draw each type from its first to its last flight, the types flown most."""
    launches = load_launches()
    known = launches[~launches["system"].str.startswith("unknown", na=True)]
    spans = known.groupby("system").agg(
        family=("family", "first"),
        first=("date", "min"),
        last=("date", "max"),
        missiles=("missiles", "sum"),
    )
    names = load_systems().set_index("system")["name"]
    spans = spans.assign(name=names.reindex(spans.index)).reset_index()
    shown = spans[spans["missiles"] >= 4].sort_values(["first", "system"], ignore_index=True)
    figure, ax = pt.sheet(0.24 * len(shown) + 1.6)
    pt.plot_systems(shown, source=pt.default_source(), ax=ax)
    pt.subtitle(ax, "Types with four missiles or more (number), from first to last flight")
    new = (spans["first"] >= pd.Timestamp(last_day().year - 4, 1, 1)).sum()
    alive = (spans["last"] >= pd.Timestamp(last_day().year, 1, 1)).sum()
    top = spans.nlargest(1, "missiles").iloc[0]
    answer = (
        f"{len(spans)} named types; {new} flew for the first time since {last_day().year - 4}, and "
        f"{alive} have flown this year. Most missiles: {top['name']}, at least {top['missiles']}."
    )
    alt = "Lines from first to last flight, a row a type, by the day of the first."
    return Drawing(figure, spans.sort_values(["first", "system"]), alt, answer)


@report_figure(
    "33-leaders",
    "How many launches under each leader?",
    tables=("launches", "coverage", "eras"),
)
def leaders() -> Drawing:
    """Draw missiles and launch days under each leader of Pyongyang."""
    launches, end = load_launches(), last_day()
    eras = load_eras("dprk_leader")
    parts = []
    for unit, rule in (("missiles", "missiles"), ("days", "days")):
        for era in rows(eras):
            period: Any = {"start": era.start, "end": min(era.end, end)}
            n = counts(launches, rule, freq="year", **period)
            years = ((period["end"] - period["start"]).days + 1) / 365.25
            parts.append((era.name, years, int(n["n"].sum()), bool(n["exact"].all()), unit))
    table = pd.DataFrame(parts, columns=["name", "years", "n", "exact", "unit"])
    figure, panels = pt.sheet(4.4, rows=2)
    by_unit: Any = table.groupby("unit", sort=False)
    for (unit, part), ax in zip(by_unit, panels, strict=True):
        pt.plot_leaders(part, source=pt.default_source(), ax=ax)
        pt.subtitle(ax, {"missiles": "Missiles", "days": "Days with a launch"}[str(unit)])
    last: Any = table[table["name"] == eras["name"].iloc[-1]].iloc[0]
    share = last["n"] / table.loc[table["unit"] == "missiles", "n"].sum()
    on = launch_days(launches, "days", start=eras["start"].iloc[-1], end=end)
    answer = (
        f"{100 * share:.0f} % of all missiles since {eras['start'].iloc[0].year} flew under "
        f"{eras['name'].iloc[-1]}: {at_least(last['n'], last['exact'])} "
        f"on {len(on)} days in {last['years']:.0f} years. A rate under a leader is not "
        "due to him."
    )
    alt = "Bars by leader: " + "; ".join(
        f"{row.name} {at_least(row.n, row.exact)} {row.unit}" for row in rows(table)
    )
    return Drawing(figure, table, f"{alt}.", answer)

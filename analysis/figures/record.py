"""Figures of the record itself."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..counting import at_least, counts
from ..plot import day, describe_timeline, describe_years, plot_timeline, plot_years, sheet
from ..record.load import last_day, load_coverage, load_eras, load_events, load_launches
from . import report_figure
from .drawing import Drawing, dense_years, whole_record


@report_figure(
    "01-launches-by-year",
    "How many missiles has North Korea launched, and on how many days?",
    tables=("launches", "coverage", "eras"),
)
def launches_by_year() -> Drawing:
    """Draw missiles and launch days a year, by family, with the leaders of Pyongyang."""
    launches, end = load_launches(), last_day()
    missiles = counts(launches, "missiles", freq="year", by="family", **whole_record())
    days = counts(launches, "days", freq="year", by="family", **whole_record())
    all_days = counts(launches, "days", freq="year", **whole_record())
    figure, (top, bottom) = sheet(6.8, rows=2, sharex=True)
    plot_years(missiles, eras=load_eras("dprk_leader"), last_day=end, ax=top)
    top.set_title("Missiles (+: a lower bound, or rows known by month only)", pad=20)
    plot_years(days, totals=all_days, unit="launch days", last_day=end, ax=bottom)
    bottom.set_title("Days with a launch, by family; dot: each day once")
    bottom.get_legend().remove()
    days, all_days = (table.assign(unit="launch_days") for table in (days, all_days))
    table = pd.concat([missiles.assign(unit="missiles"), days, all_days.assign(family="all")])
    table = table.rename(columns={"period": "year", "days": "days_of_record"})
    alt = (
        "Two stacked bar charts by family (ballistic, space, cruise). Top, "
        + describe_years(missiles, unit="missiles", last_day=end)
        + " Bottom, "
        + describe_years(all_days, unit="launch days", last_day=end)
    )
    columns = ["unit", "year", "family", "days_of_record", "n", "exact"]
    return Drawing(figure, table[columns], alt, _totals(missiles, all_days))


def _totals(missiles: pd.DataFrame, days: pd.DataFrame) -> str:
    """Say how many there were in all, in the highest year and in the running one."""
    years: Any = missiles.groupby("period").agg({"n": "sum", "exact": "all"})
    on: Any = days.set_index("period")["n"]

    def said(period: Any) -> str:
        return f"{at_least(*years.loc[period])} on {on[period]} days"

    most, running = years["n"].idxmax(), years.index[-1]
    everything = at_least(years["n"].sum(), years["exact"].all()).capitalize()
    return (
        f"{everything} on {on.sum():,} days since {years.index[0]}; most in {most}: {said(most)}. "
        f"{running}, to {day(last_day(), year=False)}: {said(running)}."
    )


@report_figure(
    "03-timeline",
    "What happened around the launches?",
    tables=("launches", "coverage", "events"),
)
def timeline() -> Drawing:
    """Draw missiles by month above context events, lane by lane."""
    period = dense_years()
    months = counts(load_launches(), "missiles", freq="month", **period)
    events = load_events().query("end >= @period['start'] and start <= @period['end']")
    events = events[events["category"] != "anniversary"]
    figure, ax = sheet(6.4)
    plot_timeline(months, events, coverage=load_coverage(), last_day=period["end"], ax=ax)
    lane = pd.DataFrame({"lane": "missiles", "n": months["n"]})
    lane["start"] = months["period"].dt.start_time.dt.normalize()
    lane["end"] = months["period"].dt.end_time.dt.normalize().clip(upper=period["end"])
    table = pd.concat([lane, events.rename(columns={"category": "lane"})], ignore_index=True)
    columns = ["lane", "start", "end", "n", "precision", "title"]
    alt = describe_timeline(months, events, last_day=period["end"])
    most: Any = months.iloc[months["n"].argmax()]
    quiet = months["n"].eq(0)
    run = quiet.groupby((~quiet).cumsum()).cumsum()
    last = int(run.argmax())
    span = [months["period"][place].strftime("%B %Y") for place in (last - run[last] + 1, last)]
    missiles = at_least(int(months["n"].sum()), exact=bool(months["exact"].all()))
    answer = (
        f"{len(events):,} events and {missiles} missiles "
        f"since {period['start'][:4]}; most in {most['period']:%B %Y} "
        f"({at_least(most['n'], most['exact'])}), none from {span[0]} to {span[1]}."
    )
    return Drawing(figure, table[columns].astype({"n": "Int64"}), alt, answer)

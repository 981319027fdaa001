"""Figures of the record itself."""

from __future__ import annotations

import pandas as pd

from ..counting import counts
from ..plot import describe_timeline, describe_years, plot_timeline, plot_years, sheet
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
    bottom.set_title("Days with a launch (a day on which two families flew stands in both)")
    dot = [h for h in bottom.get_legend_handles_labels()[0] if hasattr(h, "get_marker")]
    bottom.legend(handles=dot, loc="upper left")
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
    return Drawing(figure, table[columns], alt)


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
    return Drawing(figure, table[columns].astype({"n": "Int64"}), alt)

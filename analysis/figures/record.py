"""Figures of the record itself."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..counting import counts
from ..plot import day, describe_years, plot_timeline, plot_years
from ..plot.record import LANES
from ..record.load import last_day, load_coverage, load_eras, load_events, load_launches
from .drawing import Drawing, sheet

#: The record's first day, and the first of the years in which it is dense enough to compare.
FIRST_DAY, SINCE = "1984-01-01", "2012-01-01"


def launches_by_year() -> Drawing:
    """Draw missiles and launch days a year, by family, with the leaders of Pyongyang."""
    launches, end = load_launches(), last_day()
    period: Any = {"freq": "year", "start": FIRST_DAY, "end": end}
    missiles = counts(launches, "missiles", by="family", **period)
    days = counts(launches, "days", by="family", **period)
    all_days = counts(launches, "days", **period)
    figure, (top, bottom) = sheet(6.8, rows=2, sharex=True)
    plot_years(missiles, eras=load_eras("dprk_leader"), last_day=end, ax=top)
    top.set_title("Missiles (+: a lower bound, or rows known by month only)", pad=20)
    plot_years(days, totals=all_days, unit="launch days", last_day=end, ax=bottom)
    bottom.set_title("Days with a launch (a day on which two families flew stands in both)")
    dot = [h for h in bottom.get_legend_handles_labels()[0] if hasattr(h, "get_marker")]
    bottom.legend(handles=dot, loc="upper left")
    parts = {"missiles": missiles, "launch_days": days}
    table = pd.concat([part.assign(unit=unit) for unit, part in parts.items()])
    total = all_days.assign(unit="launch_days", family="all")
    table = pd.concat([table, total])[["unit", "period", "family", "days", "n", "exact"]]
    table = table.rename(columns={"period": "year", "days": "days_of_record"})
    alt = (
        "Two stacked bar charts by family (ballistic, space, cruise). Top, "
        + describe_years(missiles, unit="missiles", last_day=end)
        + " Bottom, "
        + describe_years(all_days, unit="launch days", last_day=end)
    )
    return Drawing(figure, table, alt)


def timeline() -> Drawing:
    """Draw missiles by month above context events, lane by lane."""
    end = last_day()
    months = counts(load_launches(), "missiles", freq="month", start=SINCE, end=end)
    events = load_events()
    events = events[
        (events["end"] >= pd.Timestamp(SINCE))
        & (events["start"] <= end)
        & (events["category"] != "anniversary")
    ]
    figure, ax = sheet(6.4)
    plot_timeline(months, events, coverage=load_coverage(), last_day=end, ax=ax)
    table = pd.concat(
        [
            pd.DataFrame(
                {
                    "lane": "missiles",
                    "start": months["period"].dt.start_time.dt.normalize(),
                    "end": months["period"].dt.end_time.dt.normalize().clip(upper=end),
                    "n": months["n"],
                }
            ),
            events.assign(lane=events["category"])[["lane", "start", "end", "precision", "title"]],
        ]
    ).astype({"n": "Int64"})
    busiest = months.sort_values("n").iloc[-1]
    per_lane = events["category"].value_counts()
    lanes = ", ".join(f"{LANES[k]} {per_lane[k]:,}" for k in LANES if k in per_lane)
    alt = (
        f"Missiles by month from January 2012 to {day(end)}, most in "
        f"{busiest['period'].strftime('%B %Y')} ({busiest['n']:,}), above "
        f"{len(per_lane)} lanes of context events with the number of events in each: {lanes}."
    )
    return Drawing(figure, table, alt)

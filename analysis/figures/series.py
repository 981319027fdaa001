"""The figure of launches as a monthly time series."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .. import frequency as fq
from .. import plot as pt
from ..counting import counts
from ..plot.parts import rows
from ..record.load import load_launches
from . import report_figure
from .drawing import Drawing, dense_years


@report_figure(
    "19-time-series",
    "Is there memory, a trend or a season from month to month?",
    tables=("launches", "coverage"),
)
def time_series() -> Drawing:
    """Draw the trend and the season of months, their autocorrelation, and both as ratios."""
    months = counts(load_launches(), "days", freq="month", **dense_years())
    parts, memory = fq.decomposition(months), fq.autocorrelation(months)
    ratios = fq.count_regression(months).assign(label=_season_words)
    figure, _ = pt.sheet(8.6)
    figure.clear()
    halves: Any = figure.subfigures(2, 1, height_ratios=[2.2, 1])
    above, below = halves
    panels = above.subplot_mosaic([["trend"] * 2, ["memory", "season"]])
    pt.plot_decomposition(parts, ax=panels["trend"])
    panels["trend"].set_title("Launch days in each month, and the trend in them")
    pt.plot_autocorrelation(memory, ax=panels["memory"])
    panels["memory"].set_title("Memory; grey: months shuffled within years")
    pt.plot_season(parts, ax=panels["season"])
    panels["season"].set_title("Season; grey: the same")
    compared = "rate over that of the year before, or of the other quarters"
    pt.plot_effects(ratios, p_value="p_value", compared=compared, ax=below.subplots())
    year, *quarters = rows(ratios)
    outside = parts.head(12).query("season < null_low or season > null_high")["period"]
    alt = (
        f"Launch days by month with a smoothed trend. Growth a year {year.rate_ratio:.2f} "
        f"({year.low:.2f} to {year.high:.2f}). Each quarter over the others: "
        + "; ".join(f"{row.term} {row.rate_ratio:.2f}" for row in quarters)
        + ". Months whose season leaves the band of shuffled months: "
        + (", ".join(outside.dt.strftime("%B")) or "none")
        + f". Autocorrelation at one month {memory['autocorrelation'].iloc[0]:.2f}, where shuffled "
        f"months give {memory['null_low'].iloc[0]:.2f} to {memory['null_high'].iloc[0]:.2f}; all "
        f"lags together {pt.p_text(memory['p_all'].iloc[0], 'p')}."
    )

    def said(row: Any) -> str:
        return f"{row.rate_ratio:.2f} ({row.low:.2f} to {row.high:.2f})"

    strongest = max(quarters, key=lambda row: abs(row.rate_ratio - 1))
    inside = memory["autocorrelation"].iloc[0] <= memory["null_high"].iloc[0]
    answer = (
        f"A year later the rate is {said(year)} times as high; of the quarters {strongest.term} "
        f"stands out most, {said(strongest)} times the others. A month's launches say "
        f"{'no more than chance' if inside else 'more than chance'} of the next month's."
    )
    tables = {"month": parts, "lag": memory, "ratio": ratios.drop(columns="label")}
    found = pd.concat([t.assign(part=name) for name, t in tables.items()])
    return Drawing(figure, found, alt, answer)


def _season_words(ratios: pd.DataFrame) -> pd.Series:
    """Name the terms of the regression for the figure."""
    return ratios["term"].replace("year", "a year later")

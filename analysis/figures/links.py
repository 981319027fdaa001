"""Figures of links: launches beside drills, talks, Games, sanctions and other context events."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..claims import olympics_table
from ..links import specification_curve, specification_summary, superposed_epoch
from ..links.studied import RULE, SINCE, UNTIL, group_events, study_groups, with_detectable
from ..plot import (
    describe_effects,
    describe_findings,
    plot_choices,
    plot_coverage,
    plot_effects,
    plot_epoch,
    plot_games,
    plot_p_values,
    plot_size,
    plot_specifications,
    short_title,
)
from ..record.load import load_events, load_groups, load_launches
from ..record.proofs import read_proof
from .drawing import Drawing, sheet

#: Periods of the specification curves: all of it, up to the talks of 2018-2019, and from them on.
PERIODS = ((SINCE, UNTIL), (SINCE, "2019-12-31"), ("2017-01-01", UNTIL))
#: Panels of the superposed epochs: name, and the groups that make it up.
EPOCHS = {
    "drills": ("main_drills",),
    "talks": ("all_talks",),
    "Olympics": ("olympic_games",),
    "sanctions": ("un_sanctions", "unilateral_sanctions"),
    "nuclear tests": ("nuclear_tests",),
    "parades": ("parades",),
}
#: Groups of the two specification curves.
CURVES = {"drills": "main_drills", "talks": "all_talks"}
_SIDES = {"above": "more launches", "below": "fewer launches"}
GAMES = {
    "Olympic Games": ("summer_games", "winter_games"),
    "Paralympics": ("summer_paralympics", "winter_paralympics"),
    "Olympic truce": ("olympic_truce",),
}


def links_by_group() -> Drawing:
    """Draw rate ratios by group with intervals, adjusted p and detectable ratios."""
    around = with_detectable(study_groups(load_launches(), load_events()))
    figure, ax = sheet(8.2)
    plot_effects(around, ax=ax)
    ax.set_title(
        "Day 0 to 14 after the first day, 2012-2025 (number of events). Pale: ratios that the\n"
        "test would miss more than one time in five; blue: adjusted p below .05",
        x=-0.57, pad=12,
    )  # fmt: skip
    alt = (
        f"Forest plot of rate ratios with 95 % intervals for {len(around)} groups of events. "
        + describe_effects(around)
    )
    return Drawing(figure, around.drop(columns=["window_start", "window_end", "n_undated"]), alt)


def around_events() -> Drawing:
    """Draw the rate of launch days around six kinds of events with both bands."""
    curve = superposed_epoch(
        load_launches(), load_events(), RULE, by=_epoch_groups(), start=SINCE, end=UNTIL
    )
    figure, grid = sheet(6.6, rows=3, columns=2, sharex=True)
    for name, ax in zip(EPOCHS, grid.flat, strict=True):
        plot_epoch(curve[curve["group"] == name], ax=ax)
        ax.set_ylabel("")
        ax.label_outer()
        ax.tick_params(labelleft=True)
    first = grid[0, 0]
    first.set_ylim(0, first.get_ylim()[1] * 1.45)
    first.legend(
        *_first(first), loc="upper left", fontsize=8.5, borderaxespad=0.1, ncols=2,
        columnspacing=1, handlelength=1.6, frameon=True, framealpha=1, edgecolor="white",
    )  # fmt: skip
    figure.supylabel("launch days in 100 days, average of 7 days", fontsize=10)
    peaks = curve.groupby("group", sort=False)[["n_events", "p_curve"]].first()
    alt = (
        "Six panels of launch days in 100 days, from 42 days before to 42 days after the first "
        "day of events, each with the expectation and two bands of no link. Events and p of the "
        "whole curve: "
        + "; ".join(
            f"{row.Index} {row.n_events}, p = {row.p_curve:.3f}" for row in peaks.itertuples()
        )
        + "."
    )
    return Drawing(figure, curve, alt)


def _first(ax: Any) -> tuple[list[Any], list[str]]:
    """Handles and labels of a legend, the drawn line first."""
    handles, labels = ax.get_legend_handles_labels()
    return handles[::-1], labels[::-1]


def _epoch_groups() -> pd.DataFrame:
    """Return the groups of the panels, some of them several groups of the table together."""
    filters = load_groups().set_index("group")["filter"]
    joined = [" or ".join(f"({filters[name]})" for name in names) for names in EPOCHS.values()]
    return pd.DataFrame({"group": list(EPOCHS), "filter": joined})


def specification_curves() -> Drawing:
    """Draw every specification for drills and for talks, and the choices that make it."""
    launches = load_launches()
    figure, grid = sheet(
        8.4, rows=2, columns=2, sharex="col", gridspec_kw={"height_ratios": (1, 1.25)}
    )
    parts, words = [], []
    for (name, group), (top, bottom) in zip(CURVES.items(), grid.T, strict=True):
        curve = specification_curve(launches, group_events(group), periods=PERIODS, progress=False)
        plot_specifications(curve, ax=top)
        plot_choices(curve, ax=bottom)
        top.set_xlabel("")
        summary = specification_summary(curve)
        whole = summary[(summary["period_start"] == SINCE) & (summary["period_end"] == UNTIL)].iloc[
            0
        ]
        top.set_title(f"{name}: joint p = {whole['joint_p_value']:.3f} (2012-2025)")
        parts.append(curve.assign(group=name))
        ratio = curve["rate_ratio"]
        words.append(
            f"{name}: {len(curve):,} specifications, median ratio {ratio.median():.2f}, from "
            f"{ratio.min():.2f} to {ratio.max():.2f}, {(curve['p_value'] < 0.05).mean():.0%} with "
            f"p below .05; joint p over 2012-2025 {whole['joint_p_value']:.3f}"
        )
    grid[0, 1].set_ylabel("")
    for ax in grid[:, 1]:
        ax.tick_params(labelleft=False)
    table = pd.concat(parts, ignore_index=True)
    columns = ["group", *[name for name in table.columns if name != "group"]]
    return Drawing(figure, table[columns], "Specification curves above a grid of choices. "
                   + "; ".join(words) + ".")  # fmt: skip


def launches_in_games() -> Drawing:
    """Draw launch days inside each Games and truce on record against expectation."""
    launches, events = load_launches(), load_events("olympics")
    games = olympics_table(launches, events)
    games["edition"] = _editions(games)
    editions = list(dict.fromkeys(games["edition"]))
    figure, panels = sheet(6.8, columns=3, sharey=True, width_ratios=(1.1, 1.1, 1.5))
    words = []
    for (name, kinds), ax in zip(GAMES.items(), panels, strict=True):
        part = games[games["kind"].isin(kinds)]
        plot_games(part, editions=editions, ax=ax)
        seen, expected = part["observed"].sum(), part["expected"].sum()
        ax.set_title(f"{name}\n{seen} seen,\n{expected:.1f} expected")
        words.append(f"{name}: {len(part)} on record, {seen} launch days, {expected:.1f} expected")
    panels[-1].legend(loc="upper right", handletextpad=0.4, fontsize=9)
    alt = (
        "Launch days inside each event (dots) beside those that month and era lead to expect "
        "(bars), since 1984. " + "; ".join(words) + "."
    )
    return Drawing(figure, games, alt)


def _editions(games: pd.DataFrame) -> pd.Series:
    """Name the Olympic Games nearest in time to each Games, Paralympics or truce."""
    main = games[games["kind"].isin(GAMES["Olympic Games"])][["start", "title"]]
    near = pd.merge_asof(games[["start"]], main, on="start", direction="nearest")
    return near["title"].map(short_title)


def published_findings() -> Drawing:
    """Draw the naive p of every published finding beside the honest one."""
    table = read_proof("published_findings")
    figure, ax = sheet(7.6)
    plot_p_values(table, ax=ax)
    alt = "Two p-values for each published finding. " + describe_findings(table)
    return Drawing(figure, table, alt)


def size_and_coverage() -> Drawing:
    """Draw false alarms of each test and coverage of the intervals in simulated worlds."""
    sizes, coverage = read_proof("links_size"), read_proof("links_coverage")
    figure, panels = sheet(8.0, columns=3, sharey=True)
    for (side, words), ax in zip(_SIDES.items(), panels, strict=False):
        plot_size(sizes, side=side, ax=ax)
        ax.set_title(f"False alarms:\n{words}")
        ax.set_xlabel("share of histories")
    plot_coverage(coverage, ax=panels[2])
    panels[2].set_title("95 % intervals that\nhold the truth")
    panels[2].set_xlabel("share of intervals")
    handles, labels = panels[0].get_legend_handles_labels()
    below: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (-0.05, -0.07)}
    # the tests offered here under the first panel, the naive ones under the second
    panels[0].legend(handles[:4], labels[:4], handletextpad=0.1, fontsize=9, **below)
    panels[1].legend(handles[4:], labels[4:], handletextpad=0.1, fontsize=9, **below)
    panels[2].get_legend().remove()
    table = pd.concat(
        [sizes.assign(measure="false alarms"), coverage.assign(measure="coverage")],
        ignore_index=True,
    )
    keep = ["measure", "world", "test", "side", "true_ratio", "planted", "share", "n_histories"]
    return Drawing(figure, table[keep], _proofs_alt(sizes, coverage))


def _proofs_alt(sizes: pd.DataFrame, coverage: pd.DataFrame) -> str:
    """Put size and coverage into words."""
    naive = sizes.loc[sizes["kind"] == "naive", "share"]
    ours = sizes.loc[sizes["test"] == "event_study", "share"]
    held = coverage.loc[coverage["test"] == "event_study", "share"]
    return (
        f"Shares of false alarms in {sizes['world'].nunique()} simulated worlds without links, "
        f"where .05 is right: naive tests {naive.min():.3f} to {naive.max():.3f}, the default "
        f"test {ours.min():.3f} to {ours.max():.3f}. Its 95 % intervals hold the true ratio in "
        f"{held.min():.3f} to {held.max():.3f} of histories."
    )

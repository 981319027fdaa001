"""Figures of links: launches beside drills, talks, Games, sanctions and other context events."""

from __future__ import annotations

import pandas as pd

from .. import plot as pt
from ..links import olympics_table, specification_curve, specification_summary, superposed_epoch
from ..links.studied import RULE, SINCE, UNTIL, group_events, study_groups, with_detectable
from ..plot.events import place_and_year
from ..plot.parts import rows, subtitle
from ..plot.style import SMALL
from ..record.load import load_events, load_groups, load_launches
from ..record.proofs import read_proof
from . import report_figure
from .drawing import Drawing

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
GAME_PANELS = {
    "Olympic Games": ("summer_games", "winter_games"),
    "Paralympics": ("summer_paralympics", "winter_paralympics"),
    "Olympic truce": ("olympic_truce",),
}


@report_figure(
    "13-links-by-group",
    "After which events were launch days more or less frequent?",
    tables=("launches", "coverage", "eras", "events", "groups"),
    proofs=("links_power",),
)
def links_by_group() -> Drawing:
    """Draw rate ratios by group with intervals, adjusted p and detectable ratios."""
    around = with_detectable(study_groups(load_launches(), load_events()))
    figure, ax = pt.sheet(8.2)
    pt.plot_effects(around, source=pt.default_source(), ax=ax)
    subtitle(
        ax,
        "Day 0 to 14 after the first day, 2012-2025 (number of events). Pale: ratios that the\n"
        "test would miss more than one time in five; blue: adjusted p below .05; –: too few",
    )
    alt = f"Forest plot of rate ratios with 95 % intervals for {len(around)} groups of events. "
    table = around.drop(columns=["window_start", "window_end", "n_undated"])
    return Drawing(figure, table, alt + pt.describe_effects(around))


@report_figure(
    "14-around-events",
    "Do launch days gather before or after events?",
    tables=("launches", "coverage", "eras", "events", "groups"),
)
def around_events() -> Drawing:
    """Draw the rate of launch days around six kinds of events with both bands."""
    launches, events, groups = load_launches(), load_events(), _epoch_groups()
    curve = superposed_epoch(launches, events, RULE, by=groups, start=SINCE, end=UNTIL)
    figure, grid = pt.sheet(6.6, rows=3, columns=2, sharex=True)
    for name, ax in zip(EPOCHS, grid.flat, strict=True):
        pt.plot_epoch(curve[curve["group"] == name], ax=ax)
        ax.set_ylabel("")
        ax.label_outer()
        ax.tick_params(labelleft=True)
    first = grid[0, 0]
    first.set_ylim(0, first.get_ylim()[1] * 1.45)  # room for the key
    handles, labels = first.get_legend_handles_labels()
    box = {"frameon": True, "framealpha": 1, "edgecolor": "white", "borderaxespad": 0.1}
    form = {"ncols": 2, "columnspacing": 1, "handlelength": 1.6, "fontsize": SMALL}
    first.legend(handles[::-1], labels[::-1], loc="upper left", **form, **box)
    figure.supylabel("launch days in 100 days, average of 7 days", fontsize=10)
    said = [
        f"{row.group} {row.n_events}, {pt.p_text(row.p_curve, 'p')}"
        for row in rows(curve.drop_duplicates("group"))
    ]
    alt = (
        "Six panels of launch days in 100 days, from 42 days before to 42 days after the first "
        "day of events, each with the expectation and two bands of no link. Events and p of the "
        f"whole curve: {'; '.join(said)}."
    )
    return Drawing(figure, curve, alt)


def _epoch_groups() -> pd.DataFrame:
    """Return the groups of the panels, some of them several groups of the table together."""
    filters = load_groups().set_index("group")["filter"]
    joined = [" or ".join(f"({filters[name]})" for name in names) for names in EPOCHS.values()]
    return pd.DataFrame({"group": list(EPOCHS), "filter": joined})


@report_figure(
    "15-specification-curves",
    "Does the answer for drills and talks depend on how one looks?",
    tables=("launches", "coverage", "eras", "events", "groups"),
)
def specification_curves() -> Drawing:
    """Draw every specification for drills and for talks, and the choices that make it."""
    launches = load_launches()
    figure, grid = pt.sheet(8.4, rows=2, columns=2, sharex="col", height_ratios=(1, 1.25))
    parts, words = [], []
    for (name, group), (top, bottom) in zip(CURVES.items(), grid.T, strict=True):
        curve = specification_curve(launches, group_events(group), periods=PERIODS, progress=False)
        pt.plot_specifications(curve, choices=bottom, ax=top)
        periods = specification_summary(curve)
        whole = periods[(periods["period_start"] == SINCE) & (periods["period_end"] == UNTIL)]
        joint = pt.p_text(whole["joint_p_value"].iloc[0], "p")
        top.set_title(f"{name}: joint {joint} (2012-2025)")
        parts.append(curve.assign(group=name))
        ratio = curve["rate_ratio"]
        words.append(
            f"{name}: {len(curve):,} specifications, median ratio {ratio.median():.2f}, from "
            f"{ratio.min():.2f} to {ratio.max():.2f}, {(curve['p_value'] < 0.05).mean():.0%} with "
            f"p below .05; joint {joint} over 2012-2025"
        )
    grid[0, 1].set_ylabel("")
    for ax in grid[:, 1]:
        ax.tick_params(labelleft=False)
    table = pd.concat(parts, ignore_index=True)
    table = table[["group", *table.columns.drop("group")]]
    alt = f"Specification curves above a grid of choices. {'; '.join(words)}."
    return Drawing(figure, table, alt)


@report_figure(
    "16-launches-in-games",
    "Did launches pause for the Olympic Games?",
    tables=("launches", "coverage", "eras", "events"),
)
def launches_in_games() -> Drawing:
    """Draw launch days inside each Games and truce on record against expectation."""
    games = olympics_table(load_launches(), load_events("olympics"))
    games["edition"] = _editions(games)
    editions = list(dict.fromkeys(games["edition"]))
    figure, panels = pt.sheet(6.8, columns=3, sharey=True, width_ratios=(1.1, 1.1, 1.5))
    words = []
    for (name, kinds), ax in zip(GAME_PANELS.items(), panels, strict=True):
        part = games[games["kind"].isin(kinds)]
        pt.plot_games(part, editions=editions, ax=ax)
        seen, expected = part["observed"].sum(), part["expected"].sum()
        ax.set_title(f"{name}\n{seen} seen,\n{expected:.1f} expected")
        words.append(f"{name}: {len(part)} on record, {seen} launch days, {expected:.1f} expected")
    panels[-1].legend(loc="upper right", handletextpad=0.4, fontsize=9)
    alt = (
        "Launch days inside each event (dots) beside those expected from month and era "
        "(bars), since 1984. " + "; ".join(words) + "."
    )
    return Drawing(figure, games, alt)


def _editions(games: pd.DataFrame) -> pd.Series:
    """Name, by place and year, the Olympic Games nearest in time to each row."""
    main = games[games["kind"].isin(GAME_PANELS["Olympic Games"])][["start", "title"]]
    near = pd.merge_asof(games[["start"]], main, on="start", direction="nearest")
    return place_and_year(near["title"])


@report_figure(
    "18-size-and-coverage",
    "Which tests raise false alarms where there is nothing to find?",
    proofs=("links_size", "links_coverage"),
)
def size_and_coverage() -> Drawing:
    """Draw false alarms of each test and coverage of the intervals in simulated worlds."""
    sizes, coverage = read_proof("links_size"), read_proof("links_coverage")
    sizes = sizes[~sizes["test"].isin(("launch_days", "within_era"))]
    figure, panels = pt.sheet(8.2, columns=3, sharey=True)
    for side, words, ax in zip(("above", "below"), ("more", "fewer"), panels, strict=False):
        pt.plot_coverage(sizes[sizes["side"] == side], nominal=0.05, ax=ax)
        ax.set_title(f"False alarms:\n{words} launches")
    panels[0].set_xlim(panels[1].get_xlim())
    pt.plot_coverage(coverage, ax=panels[2])
    panels[2].set_title("95 % intervals that\nhold the truth")
    handles, labels = panels[0].get_legend_handles_labels()
    for ax, half in zip(panels, (slice(4), slice(4, None)), strict=False):
        below = {"loc": "upper left", "bbox_to_anchor": (-0.05, -0.07), "fontsize": 9}
        ax.legend(handles[half], labels[half], handletextpad=0.1, **below)
    panels[2].get_legend().remove()
    table = pd.concat([sizes.assign(measure="false alarms"), coverage.assign(measure="coverage")])
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

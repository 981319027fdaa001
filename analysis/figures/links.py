"""Figures of links: launches beside drills, talks, Games, sanctions and other context events."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .. import plot as pt
from ..links import olympics_table, specification_curve, specification_summary, superposed_epoch
from ..links.said import say_links
from ..links.studied import (
    RULE,
    SINCE,
    UNTIL,
    by_own_null,
    group_events,
    study_groups,
    with_detectable,
)
from ..plot.coverage import TESTS
from ..plot.events import place_and_year
from ..plot.parts import subtitle
from ..plot.style import MUTED, SMALL
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
    launches, events = load_launches(), load_events()
    around = with_detectable(study_groups(launches, events))
    own = by_own_null(around)
    figure, ax = pt.sheet(8.8)
    pt.plot_effects(
        own.drop(columns="expected"),
        compared="launch days, against the days that the test of each kind compares with",
        source=pt.default_source(),
        ax=ax,
    )
    found = around[around["p_adjusted"] < 0.05]
    key = "; blue: adjusted p below .05" if len(found) else ""
    subtitle(
        ax,
        "The first day and 14 days after it, 2012-2025 (number of events). Right: ratio, its\n"
        f"95 % interval, adjusted p. Grey: effects too small to detect reliably{key};\n"
        "–: too few launch days to test",
    )
    alt = f"Forest plot of rate ratios with 95 % intervals for {len(around)} groups of events. "
    table = around.drop(columns=["window_start", "window_end", "n_undated"])
    answer = say_links(launches, events).brief
    return Drawing(figure, table, alt + pt.describe_effects(own), answer)


@report_figure(
    "14-around-events",
    "Do launch days gather before or after events?",
    tables=("launches", "coverage", "eras", "events", "groups"),
)
def around_events() -> Drawing:
    """Draw the rate of launch days around six kinds of events with both bands."""
    launches, events, groups = load_launches(), load_events(), _epoch_groups()
    curve = superposed_epoch(launches, events, RULE, by=groups, start=SINCE, end=UNTIL)
    figure, grid = pt.sheet(7.6, rows=3, columns=2, sharex=True)
    said = []
    for name, ax in zip(EPOCHS, grid.flat, strict=True):
        one = curve[curve["group"] == name]
        pt.plot_epoch(one, ax=ax)
        ax.set_ylabel("")
        ax.label_outer()
        ax.tick_params(labelleft=True)
        p = pt.p_text(one["p_curve"].iloc[0], "p")
        words = "leaves the band" if one["p_curve"].iloc[0] < 0.05 else "within the band"
        ax.set_title(f"{name}: {words} ({p})")
        said.append(f"{name} {one['n_events'].iloc[0]} ({p})")
    figure.supylabel("launch days in 100 days, average of 7 days", fontsize=10)
    alt = (
        "Six panels of launch days in 100 days, from 42 days before to 42 days after the first "
        "day of events, each with the expectation and the band that holds 95 of 100 curves "
        f"without a link. Events: {'; '.join(said)}."
    )
    first = curve.drop_duplicates("group")
    out = first.loc[first["p_curve"] < 0.05, "group"]
    answer = (
        f"Only around {' and '.join(out)} does the curve leave the band of chance somewhere"
        if len(out)
        else "Nowhere does the curve leave the band of chance"
    )
    answer += (
        f" (p before allowing for {len(first)} looks). Grey: the band of chance, in which 95 of "
        "100 curves without a link stay; dashed: expected; scales differ."
    )
    return Drawing(figure, curve, alt, answer)


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
    """Draw, for drills and for talks, the ratios that each choice leads to."""
    launches = load_launches()
    figure, panels = pt.sheet(6.8, columns=2, sharex=True, sharey=True)
    parts, words, answers = [], [], []
    for (name, group), ax in zip(CURVES.items(), panels, strict=True):
        curve = specification_curve(launches, group_events(group), periods=PERIODS, progress=False)
        pt.plot_choices(curve, ax=ax)
        ratio, found = curve["rate_ratio"], (curve["p_value"] < 0.05).sum()
        ax.set_title(f"{name}: {found} of {len(curve):,} ways\nhave p < .05")
        periods = specification_summary(curve)
        whole = periods[(periods["period_start"] == SINCE) & (periods["period_end"] == UNTIL)]
        joint = pt.p_text(whole["joint_p_value"].iloc[0], "p")
        parts.append(curve.assign(group=name))
        side, more = (ratio > 1, "more") if ratio.median() > 1 else (ratio < 1, "fewer")
        answers.append(
            f"{100 * side[ratio.notna()].mean():.0f} % find {more} launch days around {name} "
            f"(middle ratio {ratio.median():.2f}; all together {joint})"
        )
        words.append(
            f"{name}: {len(curve):,} ways to ask, ratios from {ratio.min():.2f} to "
            f"{ratio.max():.2f}, {found / len(curve):.0%} with p below .05"
        )
    panels[1].tick_params(labelleft=False)
    panels[1].set_xlim(1 / 16, 8)  # of both panels
    table = pd.concat(parts, ignore_index=True)
    table = table[["group", *table.columns.drop("group")]]
    alt = f"Rate ratios, a row for each choice made. {'; '.join(words)}."
    return Drawing(figure, table, alt, f"Of all ways to ask, {' and '.join(answers)}.")


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
        here, expected = part["observed"].sum(), part["expected"].sum()
        ax.set_title(f"{name}\n{here} seen,\n{expected:.1f} expected")
        words.append(f"{name}: {len(part)} on record, {here} launch days, {expected:.1f} expected")
    panels[-1].legend(loc="upper right", handletextpad=0.4, fontsize=9)
    alt = (
        "Launch days inside each event (dots) beside those expected from month and era "
        "(bars), since 1984. " + "; ".join(words) + "."
    )
    by_panel = {name: games[games["kind"].isin(kinds)] for name, kinds in GAME_PANELS.items()}
    seen = {name: part["observed"].sum() for name, part in by_panel.items()}
    due = {name: part["expected"].sum() for name, part in by_panel.items()}
    main, *others = GAME_PANELS
    none = f" (independent launches would leave none in {100 * np.exp(-due[main]):.0f} % of cases)"
    answer = (
        f"{seen[main]} launch days in {len(by_panel[main])} {main}, where {due[main]:.1f} were "
        f"expected from month and era{'' if seen[main] else none}. "
        + "; ".join(f"{name}: {seen[name]}, expected {due[name]:.1f}" for name in others)
        + "."
    )
    return Drawing(figure, games, alt, answer)


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
    tests = [test for test in TESTS if test in set(sizes["test"])]
    figure, panels = pt.sheet(5.2, columns=2, sharey=True)
    kinds = sizes.drop_duplicates("test").set_index("test")["kind"]
    for measure, nominal, ax in ((sizes, 0.05, panels[0]), (coverage, 0.95, panels[1])):
        named = measure.assign(kind=measure["test"].map(kinds), what=_test_names(measure["test"]))
        names = _test_names(pd.Series(tests)).tolist()
        pt.plot_spread(named, by="what", names=names, nominal=nominal, ax=ax)
        ax.set_xlabel("share of simulated records")
    panels[0].set_title("False alarms where there is\nno link (right: 5 %)")
    panels[1].set_title("Intervals that hold the true\nratio (right: 95 %)")
    n = int(sizes["n_histories"].min())
    source = pt.source_line(f"{n:,} simulated records a world; bar: least to most world")
    figure.supxlabel(source, x=0.01, ha="left", fontsize=SMALL, color=MUTED)
    table = pd.concat([sizes.assign(measure="false alarms"), coverage.assign(measure="coverage")])
    keep = ["measure", "world", "test", "side", "true_ratio", "planted", "share", "n_histories"]
    naive, ours = (sizes.loc[sizes["kind"] == kind, "share"].max() for kind in ("naive", "ours"))
    default = sizes.loc[sizes["test"] == "event_study", "share"]
    held = coverage.loc[coverage["test"] == "event_study", "share"]
    answer = (
        f"The default test stays at {100 * default.min():.0f} to {100 * default.max():.0f} % of "
        f"false alarms (5 % is right); our others reach {100 * ours:.0f} %, naive tests "
        f"{100 * naive:.0f} %. Its intervals hold the truth in {100 * held.min():.0f} to "
        f"{100 * held.max():.0f} % of records."
    )
    return Drawing(figure, table[keep], _proofs_alt(sizes, coverage), answer)


def _test_names(tests: pd.Series) -> pd.Series:
    """Write tests by their printed names, the default one marked."""
    names = {test: name for test, (_, _, name) in TESTS.items()}
    return tests.map(names | {"event_study": "the default (ours)"})


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

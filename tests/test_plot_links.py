"""Pictures of links: what the axes hold is what the tables say."""

from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex

from analysis import event_study, load_events, load_groups, load_launches, regression
from analysis.claims import beside_naive
from analysis.figures.links import EPOCHS, GAME_PANELS
from analysis.links.studied import (
    VARIANTS,
    group_events,
    sensitivity,
    studied_groups,
    with_detectable,
)
from analysis.plot import (
    describe_effects,
    describe_findings,
    group_label,
    plot_controls,
    plot_coverage,
    plot_effects,
    plot_epoch,
    plot_games,
    plot_p_values,
    plot_specifications,
)
from analysis.plot.forest import HIGHEST, LOWEST
from analysis.plot.style import BLUE, INK
from analysis.record.proofs import read_proof

pytestmark = pytest.mark.usefixtures("plot_style")


@pytest.fixture
def ax() -> Axes:
    return plt.figure().add_subplot()


def effects(**changes: object) -> pd.DataFrame:
    """Two groups: one that stands out, one in which nothing was observed."""
    table = pd.DataFrame(
        {
            "group": ["field_drills", "olympic_games"],
            "n_events": [8, 7],
            "observed": [12, 0],
            "expected": [6.9, 1.94],
            "rate_ratio": [3.1, 0.0],
            "low": [1.2, 0.0],
            "high": [8.0, 2.5],
            "p_adjusted": [0.0214, 0.551],
            "detectable_above": [3.2, 3.5],
            "detectable_below": [0.1, np.nan],
        }
    )
    return table.assign(**changes)


def points(ax: Axes, marker: str) -> list[tuple[float, float]]:
    """Where lines of one marker stand."""
    drawn = [line for line in ax.lines if line.get_marker() == marker and len(line.get_xdata())]
    return [
        (float(x), float(y))
        for line in drawn
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
        if not np.isnan(x)
    ]


def dots(ax: Axes) -> dict[tuple[float, float], str]:
    """Where a scatter has its dots, with the colour of their edge."""
    clouds = [one for one in ax.collections if isinstance(one, PathCollection)]
    return {
        tuple(at): to_hex(edge)
        for cloud in clouds
        for at, edge in zip(cloud.get_offsets().tolist(), cycle(cloud.get_edgecolors()))
    }


def intervals(ax: Axes) -> list[tuple[float, float]]:
    (lines,) = [one for one in ax.collections if isinstance(one, LineCollection)]
    return [tuple(segment[:, 0].tolist()) for segment in lines.get_segments()]


def test_ratios_and_intervals_stand_where_the_table_says(ax: Axes) -> None:
    plot_effects(effects(), ax=ax)
    assert ax.get_xscale() == "log"
    # adjusted p below .05, and no launch day: at the edge
    assert dots(ax) == {(3.1, 0.0): BLUE, (LOWEST, 1.0): INK}
    assert intervals(ax) == [(1.2, 8.0), (LOWEST, 2.5)]


def test_the_pale_band_runs_to_the_edge_where_no_launch_at_all_would_be_missed(ax: Axes) -> None:
    plot_effects(effects(), ax=ax)
    left, right = zip(*((b.get_x(), b.get_x() + b.get_width()) for b in ax.patches), strict=True)
    assert left == pytest.approx((0.1, LOWEST / 1.12))
    assert right == pytest.approx((3.2, 3.5))


def test_beside_each_row_stand_its_numbers(ax: Axes) -> None:
    plot_effects(effects(), ax=ax)
    side = ax.child_axes[0].get_yticklabels()
    assert [" ".join(label.get_text().split()) for label in side] == [
        "seen / exp. adj. p",
        "12 / 6.9 .021",
        "0 / 1.9 .551",
    ]
    rows = [label.get_text() for label in ax.get_yticklabels()]
    assert rows == ["field drills (8)", "Olympic Games (7)"]


def test_rows_without_a_ratio_and_ratios_beyond_the_axis_are_told(ax: Axes) -> None:
    table = effects(rate_ratio=[np.nan, np.inf], high=[np.nan, np.inf], low=[np.nan, 0.01])
    plot_effects(table, ax=ax)
    assert [text.get_text() for text in ax.texts] == ["nothing to compare"]
    assert {(HIGHEST, 1.0), (LOWEST, 1.0)} <= set(dots(ax))


def test_effects_of_the_record_draw_by_kind_by_window_and_from_the_regression() -> None:
    launches, drills = load_launches(), load_events("drill")
    period = {"start": "2012-01-01", "end": "2025-12-31"}
    by_kind = event_study(launches, drills, "days", by="kind", **period)
    ax = plot_effects(by_kind, ax=plt.figure().add_subplot())
    assert len(ax.get_yticks()) == len(by_kind)
    windows = event_study(launches, drills, "days", window=[(0, 6), (0, 13)], **period)
    ax = plot_effects(windows, ax=plt.figure().add_subplot())
    labels = [label.get_text() for label in ax.get_yticklabels()]
    n = windows["n_events"].iloc[0]
    assert labels == [f"all ({n})  0 to 6", "0 to 13"]
    fitted = regression(launches, drills, "days", **period)
    ax = plot_effects(fitted, ax=plt.figure().add_subplot())
    assert len(ax.get_yticks()) == 1


def curve(n: int = 5) -> pd.DataFrame:
    lag = np.arange(n) - n // 2
    return pd.DataFrame(
        {"group": "parades", "lag": lag, "n_events": 15, "rate": 0.01 * (lag + 3),
         "expected_rate": 0.05, "low": 0.02, "high": 0.08, "low_simultaneous": 0.01,
         "high_simultaneous": 0.12, "p_curve": 0.748}
    )  # fmt: skip


def test_an_epoch_panel_holds_rate_expectation_and_the_band_of_whole_curves(ax: Axes) -> None:
    plot_epoch(curve(), ax=ax)
    labels = {line.get_label(): line.get_ydata() for line in ax.lines}
    assert labels["observed"] == pytest.approx([1, 2, 3, 4, 5])
    assert set(labels["expected"]) == {5.0}
    heights = [
        (c.get_paths()[0].get_extents().y0, c.get_paths()[0].get_extents().y1)
        for c in ax.collections
    ]
    np.testing.assert_allclose(heights, [(1, 12)])
    assert ax.get_ylim()[0] == 0
    assert ax.get_title(loc="left") == "parades (15), p = .748"


def specifications(n: int = 12) -> pd.DataFrame:
    ratio = np.linspace(0.5, 3, n)[::-1]
    return pd.DataFrame(
        {"rate_ratio": ratio, "low": ratio / 2, "high": ratio * 2,
         "p_value": np.where(ratio > 2, 0.01, 0.4), "window": ["0..6", "-14..-1"] * (n // 2),
         "rule": ["days"] * n, "period_start": pd.Timestamp("2012-01-01"),
         "period_end": pd.Timestamp("2025-12-31"), "event_set": ["sourced"] * n,
         "null": ["circular_shift"] * (n // 2) + ["within_era"] * (n // 2), "adjust": "month x era"}
    )  # fmt: skip


def test_specifications_rise_and_none_is_lost(ax: Axes) -> None:
    table = specifications()
    table.loc[3, "rate_ratio"] = np.nan
    plot_specifications(table, ax=ax)
    drawn = np.array(sorted(dots(ax)))
    assert drawn[:, 0].tolist() == list(range(11))
    np.testing.assert_allclose(drawn[:, 1], np.sort(table["rate_ratio"].dropna()))
    sure = (table["p_value"] < 0.05) & table["rate_ratio"].notna()
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == [f"p ≥ .05 ({11 - sure.sum()})", f"p < .05 ({sure.sum()})"]
    assert ax.texts[0].get_text() == f"median {table['rate_ratio'].median():.2f}"


def test_choices_that_vary_get_a_row_with_their_median(ax: Axes) -> None:
    table = specifications()
    ratios = plot_specifications(table, choices=ax, ax=plt.figure().add_subplot())
    assert ratios is not ax
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["days -14 to -1", "days 0 to 6", "circular shift", "within era"]
    assert sum(len(marks.get_offsets()) for marks in ax.collections) == 24
    medians = [label.get_text() for label in ax.child_axes[0].get_yticklabels()][1:]
    before = table.loc[table["window"] == "-14..-1", "rate_ratio"].median()
    assert medians[0] == f"{before:.2f}"


def test_both_p_values_of_a_finding_are_drawn_or_their_lack_is_told(ax: Axes) -> None:
    findings = pd.DataFrame(
        {"finding_id": ["lee-2023", "lee-2023", "dorazio-2012", "hess-2018"],
         "label": ["Lee 2023", "Lee 2023", "D'Orazio 2012", "Hess 2018"],
         "scope": ["own period", "whole record"] * 2, "naive_p": [1e-9, 0.03, np.nan, 0.02],
         "p_value": [0.2, 0.04, np.nan, np.nan], "p_adjusted": [0.2, 0.08, np.nan, np.nan]}
    )  # fmt: skip
    plot_p_values(findings, ax=ax)
    assert points(ax, "D") == [(0.2, 0.0), (0.08, 1.0)]
    assert points(ax, "X") == [(1e-4, 0.0), (0.03, 1.0), (0.02, 3.0)]
    assert points(ax, "o") == [(0.2, 0.0), (0.04, 1.0)]
    assert [text.get_text() for text in ax.texts] == ["cannot be tested", "only naively"]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels[:2] == ["Lee 2023: own period", "whole record"]
    assert "in 2 tests" in describe_findings(findings)
    assert "below .05 in 2 of them" in describe_findings(findings)
    assert describe_findings(findings).endswith("it is below .05 in none of them.")
    without = describe_findings(findings.drop(columns="p_adjusted"))
    assert "Adjusted" not in without


def test_games_stand_at_their_edition_and_doubtful_dates_are_hollow(ax: Axes) -> None:
    games = pd.DataFrame(
        {"title": ["Rio de Janeiro 2016 Summer Olympics", "Olympic truce window, Tokyo 2020"],
         "confidence": ["sourced", "unsourced"], "observed": [0, 2], "expected": [0.4, 1.6]}
    )  # fmt: skip
    plot_games(games, editions=["Rio de Janeiro 2016", "Pyeongchang 2018", "Tokyo 2020"], ax=ax)
    assert points(ax, "o") == [(0.0, 0.0), (2.0, 2.0)]
    assert [bar.get_width() for bar in ax.patches] == [0.4, 1.6]
    assert [line.get_label() for line in ax.lines] == ["observed", "observed, dates in doubt"]


def sizes() -> pd.DataFrame:
    return pd.DataFrame(
        {"world": "bursty", "test": ["event_study", "dates_redrawn"] * 2,
         "side": ["above", "above", "below", "below"], "share": [0.05, 0.16, 0.04, 0.12],
         "n_histories": 500}
    )  # fmt: skip


def test_false_alarms_and_coverage_stand_beside_the_right_value(ax: Axes) -> None:
    below = sizes()[sizes()["side"] == "below"]
    plot_coverage(below, nominal=0.05, ax=ax)
    assert [x for x, _ in dots(ax)] == [0.04, 0.12]
    dashed = [line.get_xdata()[0] for line in ax.lines if line.get_linestyle() == "--"]
    assert dashed == [0.05]
    assert "500 simulated histories" in ax.figure.get_supxlabel()
    covered = sizes().assign(true_ratio=2.0, share=[0.95, 0.6, 0.94, 0.7])
    ax = plot_coverage(covered, ax=plt.figure().add_subplot())
    assert sorted(x for x, _ in dots(ax)) == [0.6, 0.7, 0.94, 0.95]


@pytest.mark.parametrize(
    ("draw", "table", "message"),
    [
        (
            plot_effects,
            pd.DataFrame({"group": ["a"]}),
            "the table lacks .*'rate_ratio'",
        ),
        (plot_effects, effects().head(0), "empty"),
        (plot_epoch, curve().assign(group=list("aabbb")), "expected one group .* got 2"),
        (plot_specifications, specifications().assign(rate_ratio=np.nan), "no specification"),
        (plot_specifications, pd.DataFrame({"rate_ratio": [1.0]}), "the table lacks .*'low'"),
        (plot_p_values, pd.DataFrame({"finding_id": []}), "the table lacks .*'scope'"),
        (plot_games, pd.DataFrame({"title": []}), "the table lacks .*'confidence'"),
        (plot_coverage, sizes().head(0), "the table of shares is empty"),
        (plot_coverage, sizes().assign(test="runes"), "unknown test 'runes': expected event_study"),
    ],
)
def test_tables_that_cannot_be_drawn_are_refused(draw, table, message: str, ax: Axes) -> None:
    with pytest.raises(ValueError, match=message):
        draw(table, ax=ax)


def test_words_say_what_is_shown_what_is_excluded_and_what_cannot_be_told() -> None:
    text = describe_effects(effects().assign(excludes=["a halving", "neither"]))
    assert text.startswith("Links that survive correction for many tests, as associations: ")
    assert "field drills 3.10 (1.20 to 8.00), p = .021. For 1 of 2 kinds of event" in text
    assert "excludes a doubling alone for 0, a halving alone for 1, both for 0." in text
    assert "For none could both a doubling and a halving be detected reliably" in text
    none = describe_effects(effects(p_adjusted=1.0).assign(excludes="neither"))
    assert none.startswith("No link survives correction for many tests. For 2 of 2")


def test_every_group_studied_exists_and_reads_well() -> None:
    groups = load_groups()["group"]
    assert set(studied_groups()["group"]) <= set(groups)
    assert {name for names in EPOCHS.values() for name in names} <= set(groups)
    labels = [group_label(name) for name in groups]
    assert len(set(labels)) == len(labels)
    assert not any("_" in label or "  " in label for label in labels)


def test_no_studied_group_holds_another() -> None:
    ids = {name: set(group_events(name)["event_id"]) for name in studied_groups()["group"]}
    held = [(a, b) for a in ids for b in ids if a != b and ids[a] <= ids[b]]
    assert held == []


def test_kinds_of_games_cover_what_the_table_of_games_holds() -> None:
    kinds = [kind for names in GAME_PANELS.values() for kind in names]
    assert len(kinds) == len(set(kinds)) == 5


def test_the_naive_test_stands_beside_ours_and_variants_keep_the_main_answer() -> None:
    launches, events, groups = load_launches(), load_events(), studied_groups().iloc[[0, 5]]
    naive = beside_naive(launches, events, groups)
    table = sensitivity(launches, events, groups)
    main = table[table["variant"] == next(iter(VARIANTS))]
    assert main["p_value"].tolist() == naive["p_value"].tolist()
    assert table.groupby("group").size().unique().tolist() == [len(VARIANTS) + 2]
    same = table[table["variant"] == "all years permuted"]
    assert same["p_value"].tolist() == naive["p_years_permuted"].tolist()


def test_detectable_ratios_were_simulated_for_every_studied_group() -> None:
    power = read_proof("links_power")
    assert power["group"].tolist() == studied_groups()["group"].tolist()
    study = studied_groups()[["group"]][::-1]
    joined = with_detectable(study)["detectable_above"]
    assert joined.tolist() == power["detectable_above"].tolist()[::-1]
    above = power["detectable_above"].dropna()
    assert (above > 1).all()
    assert (power["detectable_below"].dropna() < 1).all()


def test_stored_findings_are_those_of_the_record() -> None:
    stored = read_proof("published_findings")
    row = stored[(stored["finding_id"] == "lee-2023") & (stored["scope"] == "own period")].iloc[0]
    fresh = event_study(
        load_launches(), group_events("talks_china"), "days", window=(0, 29),
        start=row["period_start"], end=row["period_end"],
    ).iloc[0]  # fmt: skip
    names = {"observed": "observed", "rate_ratio": "effect", "p_value": "p_value"}
    for name, column in names.items():
        assert fresh[name] == pytest.approx(row[column], rel=1e-4)


def test_an_unknown_proof_or_group_is_refused_with_the_names() -> None:
    with pytest.raises(ValueError, match=r"unknown proof 'none': expected .*links_power"):
        read_proof("none")
    with pytest.raises(ValueError, match="no group 'runes'; there are: all_drills"):
        group_events("runes")


# -- controls -----------------------------------------------------------------------------------


def test_each_control_has_its_p_what_the_test_says_and_the_truth():
    table = read_proof("links_controls").query("truth != 'nothing'")
    ax = plot_controls(table, ax=plt.figure().add_subplot())
    assert [line.get_xdata()[0] for line in ax.lines[: len(table)]] == pytest.approx(
        table["p_value"].clip(lower=1e-6).tolist()
    )
    assert ax.texts[0].get_text() == "found (a stop)"
    with pytest.raises(ValueError, match="verdict"):
        plot_controls(table.drop(columns="verdict"))

"""Pictures of launch frequency: the artists hold the numbers of the table, and nothing else."""

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.dates import num2date
from matplotlib.figure import Figure

from analysis import plot
from analysis.figures.frequency import months_and_quarters, yearly_rates
from analysis.frequency import launch_calendar, month_by_year
from analysis.plot import (
    describe_changes,
    describe_trend,
    plot_baselines,
    plot_calendar,
    plot_coverage,
    plot_effects,
    plot_hazard,
    plot_hours,
    plot_models,
    plot_months,
    plot_rates,
    plot_residuals,
    plot_waiting,
)
from analysis.record.load import load_launches

pytestmark = pytest.mark.usefixtures("plot_style")


def yearly() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period": pd.period_range("2020", "2022", freq="Y"),
            "days": [366, 365, 234],
            "rate": [5.0, 0.0, 40.0],
            "low": [1.0, 0.0, 20.0],
            "high": [13.0, 4.0, 70.0],
            "garwood_low": [1.6, 0.0, 26.0],
            "garwood_high": [11.6, 3.7, 51.0],
        }
    )


def segments() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "start": pd.to_datetime(["2020-01-01", "2021-09-01"]),
            "end": pd.to_datetime(["2021-08-31", "2022-08-22"]),
            "rate": [3.0, 25.0],
            "low": [1.0, 15.0],
            "high": [5.0, 38.0],
            "change_low": pd.to_datetime([None, "2021-03-01"]),
            "change_high": pd.to_datetime([None, "2022-02-01"]),
        }
    )


def texts(ax: plt.Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def dates(values: object) -> list[str]:
    return [f"{num2date(value):%Y-%m-%d}" for value in matplotlib.dates.date2num(values)]


# -- rates and changes ---------------------------------------------------------------------------


def test_each_year_has_both_intervals_and_the_running_one_is_hollow() -> None:
    ax = plot_rates(yearly(), last_day=pd.Timestamp("2022-08-22"))
    wide, narrow = ([line[:, 1].tolist() for line in c.get_segments()] for c in ax.collections)
    assert wide == [[1, 13], [0, 4], [20, 70]]
    assert narrow == [[1.6, 11.6], [0, 3.7], [26, 51]]
    full, hollow = ax.lines
    assert full.get_ydata().tolist() == [5, 0]
    assert hollow.get_ydata().tolist() == [40]
    assert hollow.get_markerfacecolor() == "white"
    words = [text.get_text() for text in ax.get_legend().get_texts()]
    assert words[2:] == ["rate of the year", "2022, not over"]
    assert ax.get_ylim()[0] == 0


def test_a_change_stands_above_the_rates_with_its_date_and_interval() -> None:
    ax = plot_rates(yearly(), segments=segments())
    assert texts(ax) == ["1 September 2021: 3.0 → 25.0 a year\n(1 March 2021 to 1 February 2022)"]
    spans = {tuple(dates(line.get_xdata())): set(line.get_ydata()) for line in ax.lines}
    assert spans["2020-01-01", "2021-08-31"] == {3.0}
    assert spans["2021-09-01", "2022-08-22"] == {25.0}
    (height,) = spans["2021-03-01", "2022-02-01"]
    assert height > yearly()["high"].max()
    assert height < ax.get_ylim()[1]


def test_changes_in_words() -> None:
    assert describe_changes(segments()) == (
        "About 3 launch days a year until 2021; then 25 from September 2021 (between March 2021 "
        "and February 2022)."
    )
    ratio = pd.DataFrame({"rate_ratio": [np.nan, 4.2], "ratio_low": 1.2, "ratio_high": 9.1})
    said = describe_changes(segments(), ratio)
    assert said.endswith("4.2 times the one before (95 % interval 1.2 to 9.1).")


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ((0.5, 1.4), "-50 to +40 %, excludes neither a fall nor a rise."),
        ((0.5, 0.9), "-50 to -10 %, excludes a rise."),
        ((1.1, 1.4), "+10 to +40 %, excludes a fall."),
    ],
)
def test_a_trend_in_words_says_what_it_excludes(limits, words) -> None:
    low, high = limits
    trend = pd.DataFrame({"start": [pd.Timestamp("2022-01-01")], "low": low, "high": high})
    said = describe_trend(trend.assign(rate_ratio=(low * high) ** 0.5))
    assert said.startswith("Since January 2022 the rate ")
    assert said.endswith(words)


# -- days, months, rhythm ------------------------------------------------------------------------


def test_the_calendar_has_a_cell_for_each_day_and_its_class() -> None:
    table = launch_calendar(load_launches(), "missiles", start="2020-01-01", end="2022-08-22")
    ax = plot_calendar(table, ax=Figure().add_subplot())
    cells = ax.collections[0].get_array()
    assert cells.count() == len(table)
    seen = np.bincount(cells.compressed().astype(int), minlength=5).tolist()
    edges = pd.cut(table["n"], [-1, 0, 1, 3, 9, 999], labels=False)
    assert seen == edges.value_counts().reindex(range(5), fill_value=0).tolist()
    assert [t for t in texts(ax) if len(t) == 4] == ["2020", "2021", "2022"]
    words = [text.get_text() for text in ax.get_legend().get_texts()]
    assert words == ["none", "1", "2–3", "4–9", "10 or more missiles"]


def test_a_day_lies_in_the_row_of_its_weekday() -> None:
    table = launch_calendar(load_launches(), "missiles", start="2022-01-01", end="2022-12-31")
    ax = plot_calendar(table, columns=1)
    cells = ax.collections[0].get_array()
    # 18 November 2022, a Friday in the week that begins on 14 November
    row = table[table["date"] == "2022-11-18"].iloc[0]
    assert row["weekday"] == 4
    assert cells[row["weekday"], row["week"]] == np.searchsorted([1, 2, 4, 10], row["n"], "right")


def test_months_hold_their_numbers_and_sums_and_the_month_not_over_is_marked() -> None:
    table = month_by_year(load_launches(), "days", start="2021-01-01", end="2022-08-22")
    ax = plot_months(table)
    words = texts(ax)
    assert words[: len(table)] == [str(n) for n in table["n"]]
    sums = table.groupby("year")["n"].sum()
    assert words[len(table) : len(table) + 2] == [str(n) for n in sums]
    quarters = table.groupby("quarter")["n"].sum()
    assert words[-4:] == [f"Q{q}: {n}" for q, n in quarters.items()]
    (box,) = ax.patches
    month = [label.get_text() for label in ax.get_xticklabels()][int(box.get_x())]
    year = [label.get_text() for label in ax.get_yticklabels()][int(box.get_y())]
    assert (month, year) == ("Aug", "2022")
    assert ax.collections[0].get_array().count() == len(table)


def ratios() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "group": ["Korea", "Korea", "Washington"],
            "label": ["Monday", "Tuesday", "Monday"],
            "rate_ratio": [0.5, 1.1, 0.0],
            "low": [0.2, 0.6, 0.0],
            "high": [0.9, 2.0, 1.3],
            "p_value": [0.0004, 0.034, 0.61],
        }
    )


def test_ratios_stand_on_their_lines_under_their_headings() -> None:
    ax = plot_effects(ratios(), by="group", p_value="p_value")
    assert [text.get_text() for text in ax.child_axes[0].get_yticklabels()] == [
        "0.50 (0.20–0.90), p < .001",
        "1.10 (0.60–2.00), p = .034",
        "0.00 (0.00–1.30), p = .610",
    ]
    rows = {text.get_text(): text for text in ax.get_yticklabels()}
    assert {name for name, text in rows.items() if text.get_fontweight() == "bold"} == {
        "Korea",
        "Washington",
    }
    assert sorted(ax.get_yticks()) == [0, 1, 2, 3, 4]
    assert ax.get_xscale() == "log"
    assert ax.yaxis_inverted()


def test_old_names_draw_the_same_with_a_warning() -> None:
    old = ratios().rename(columns={"rate_ratio": "ratio", "p_value": "p_shift"})
    with pytest.warns(DeprecationWarning, match="plot_ratios is now plot_effects"):
        ax = plot.plot_ratios(old, ax=Figure().add_subplot())
    new = plot_effects(ratios(), by="group", p_value="p_value", ax=Figure().add_subplot())
    labels = [[text.get_text() for text in one.get_yticklabels()] for one in (ax, new)]
    assert labels[0] == labels[1]
    recovery = worlds().rename(columns={"share": "coverage", "n_histories": "n_series"})
    recovery = recovery.assign(wrong=recovery["test"] == "independent").drop(columns="test")
    with pytest.warns(DeprecationWarning, match="plot_recovery is now plot_coverage"):
        ax = plot.plot_recovery(recovery, ax=Figure().add_subplot())
    new = plot_coverage(worlds(), by="estimator", ax=Figure().add_subplot())
    offsets = [one.collections[-1].get_offsets().tolist() for one in (ax, new)]
    assert offsets[0] == offsets[1]


def test_hours_are_bars_from_their_hour_on() -> None:
    table = pd.DataFrame({"hour": range(24), "n": np.arange(24) % 5})
    ax = plot_hours(table.assign(n_known=table["n"].sum(), n_unknown=7))
    assert [bar.get_height() for bar in ax.patches] == table["n"].tolist()
    assert [bar.get_x() for bar in ax.patches] == table["hour"].tolist()
    assert texts(ax) == [f"{table['n'].sum()} launch days with a known hour; 7 without"]


# -- waits ---------------------------------------------------------------------------------------


def test_waits_show_the_record_and_three_fits() -> None:
    table = pd.DataFrame({"days": [0, 1, 2, 3], "observed": [1, 0.5, 0.25, 0.0]})
    for place, law in enumerate(("exponential", "weibull", "two_rates")):
        table[law] = 0.5 ** (table["days"] + place)
    ax = plot_waiting(table)
    seen, *fits = ax.lines
    assert seen.get_ydata().tolist() == [1, 0.5, 0.25]  # no logarithm of nothing
    assert [line.get_ydata().tolist()[0] for line in fits] == [1, 0.5, 0.25]
    assert ax.get_yscale() == "log"
    assert len({line.get_linestyle() for line in fits}) == 2
    assert len({line._unscaled_dash_pattern for line in fits}) == 3, "told apart in grey print"


def test_the_hazard_is_in_per_cent_of_a_day() -> None:
    table = pd.DataFrame(
        {
            "after_days": [0, 3, 7],
            "to_days": [3, 7, np.nan],
            "n": [4, 1, 0],
            "hazard": [0.1, 0.05, np.nan],
            "low": [0.05, 0.01, np.nan],
            "high": [0.2, 0.1, np.nan],
            "average": 0.04,
        }
    )
    ax = plot_hazard(table)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1–3", "4–7"]
    assert ax.lines[0].get_ydata().tolist() == [10, 5]
    assert texts(ax) == ["all days together: 4.0 %"]


# -- self-excitation and proofs ------------------------------------------------------------------


def test_residuals_are_a_distribution_within_its_band() -> None:
    table = pd.DataFrame(
        {
            "uniform": [0.9, 0.1, 0.4],
            "quantile": [5 / 6, 1 / 6, 0.5],
            "band_low": [0.7, 0.05, 0.3],
            "band_high": [0.95, 0.3, 0.7],
        }
    )
    ax = plot_residuals(table)
    steps, diagonal = ax.lines
    assert steps.get_xdata()[1:].tolist() == [0.1, 0.4, 0.9]
    assert steps.get_ydata()[1:].tolist() == pytest.approx([1 / 3, 2 / 3, 1])
    assert diagonal.get_ydata().tolist() == [0, 1]
    band = ax.collections[0].get_paths()[0].vertices
    assert band[:, 0].min() == 0.05
    assert band[:, 0].max() == 0.95


def test_baselines_lie_under_each_other_the_smallest_ratio_on_top() -> None:
    table = pd.DataFrame(
        {
            "background": ["one rate throughout", "a rate a year"],
            "branching_ratio": [0.65, 0.37],
            "low": [0.45, 0.18],
            "high": [0.88, 0.63],
            "ratio_if_free": [0.65, 0.25],
        }
    )
    ax = plot_baselines(table)
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "a rate a year",
        "one rate throughout",
    ]
    free, ours = ax.lines
    assert free.get_xdata().tolist() == [0.25, 0.65]
    assert ours.get_xdata().tolist() == [0.37, 0.65]
    spans = [segment[:, 0].tolist() for segment in ax.collections[0].get_segments()]
    assert spans == [[0.18, 0.63], [0.45, 0.88]]


def test_models_are_ordered_and_self_exciting_ones_filled() -> None:
    table = pd.DataFrame(
        {
            "model": ["eras", "self-exciting, one rate", "two hidden rates"],
            "delta_bic": [36.4, 0.0, 7.8],
            "behind": [40.7, 0.0, 5.4],
            "behind_se": [23.6, 0.0, 8.0],
        }
    )
    ax = plot_models(table)
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["self-exciting, one rate", "two hidden rates", "eras"]
    assert [bar.get_width() for bar in ax.patches] == [0, 7.8, 36.4]
    assert [bar.get_hatch() or "" for bar in ax.patches] == ["", "////", "////"]
    assert texts(ax)[:2] == ["0.0; forecasts best", "7.8; forecasts 5.4 ± 8.0 behind"]
    plain = plot_models(table.drop(columns="behind"), ax=Figure().add_subplot())
    assert texts(plain) == ["0.0", "7.8", "36.4"]


def worlds() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "estimator": ["rate", "Garwood", "rate"],
            "share": [0.95, 0.66, 0.93],
            "low": [0.93, 0.64, 0.91],
            "high": [0.97, 0.68, 0.95],
            "n_histories": 500,
            "test": ["ours", "independent", "ours"],
        }
    )


def test_each_world_is_a_point_and_none_hides_another() -> None:
    ax = plot_coverage(worlds(), by="estimator", band=(0.92, 0.98), source="")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["rate", "Garwood"]
    points = ax.collections[-1].get_offsets()
    assert sorted(points[:, 0]) == [0.66, 0.93, 0.95]
    rate, other = np.sort(points[points[:, 0] > 0.9][:, 1])
    assert -0.5 < rate < other < 0.5
    (wrong,) = points[points[:, 0] < 0.9][:, 1]
    assert wrong == 1
    assert ax.get_xlim()[0] < 0.64
    assert ax.get_xlim()[1] > 1
    lines = {tuple(segment[:, 0]) for segment in ax.collections[0].get_segments()}
    assert lines == {(0.93, 0.97), (0.64, 0.68), (0.91, 0.95)}


# -- all of them ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "draw",
    [
        plot_rates,
        plot_calendar,
        plot_months,
        plot_effects,
        plot_hours,
        plot_waiting,
        plot_hazard,
        plot_residuals,
        plot_baselines,
        plot_models,
        plot_coverage,
        describe_changes,
        describe_trend,
    ],
)
def test_a_missing_column_is_named(draw) -> None:
    with pytest.raises(ValueError, match=r"the table lacks .*; there are: something"):
        draw(pd.DataFrame({"something": [1]}))


def test_the_report_figure_holds_what_its_table_says() -> None:
    drawing = yearly_rates()
    (ax,) = drawing.figure.axes
    years = drawing.table[drawing.table["part"] == "year"]
    dots = np.concatenate([line.get_ydata() for line in ax.lines if line.get_marker() == "o"])
    assert sorted(dots) == pytest.approx(sorted(years["rate"]))
    changes = drawing.table[drawing.table["part"] == "segment, given the dates"]
    assert len(texts(ax)) == len(changes) - 1
    assert years["n"].sum() == changes["n"].sum()


def test_the_quarters_in_the_report_figure_add_up() -> None:
    drawing = months_and_quarters()
    months = drawing.table[drawing.table["part"] == "month"]
    tests = drawing.table[drawing.table["part"] == "test"]
    quarters = tests.loc[tests["group"] == "all years", "n"]
    assert quarters.sum() == months["n"].sum()
    assert [axes.get_xscale() for axes in drawing.figure.axes] == ["linear", "log"]

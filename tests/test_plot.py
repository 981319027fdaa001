"""The look: what is drawn is what the table holds, and what is saved is the same every time."""

import hashlib
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from PIL import Image

from analysis import counts, load_launches
from analysis.plot import (
    default_source,
    describe_reached,
    p_text,
    plot_counters,
    plot_months,
    plot_published,
    plot_reached,
    plot_same_day,
    plot_timeline,
    plot_year_to_date,
    plot_years,
    save,
    style,
    styled,
)
from analysis.plot.style import FAMILY_LOOKS, INK, MUTED, RC, SMALL
from analysis.record.schema import FAMILIES as ALL_FAMILIES

pytestmark = pytest.mark.usefixtures("plot_style")


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = np.asarray(to_rgb(color))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def years(counts: dict[str, list[int]]) -> pd.DataFrame:
    periods = pd.period_range("2020", periods=len(next(iter(counts.values()))), freq="Y")
    parts = [
        pd.DataFrame({"period": periods, "family": f, "n": n, "exact": True})
        for f, n in counts.items()
    ]
    return pd.concat(parts, ignore_index=True)


def test_every_family_has_a_look_of_its_own_in_colour_and_in_grey() -> None:
    assert set(FAMILY_LOOKS) == set(ALL_FAMILIES)
    for key in ("color", "hatch", "marker"):
        assert len({look[key] for look in FAMILY_LOOKS.values()}) == len(FAMILY_LOOKS)


@pytest.mark.parametrize("color", [INK, MUTED])
def test_text_stands_out_from_white(color: str) -> None:
    assert 1.05 / (luminance(color) + 0.05) >= 4.5


def test_type_is_never_smaller_than_stated_and_of_the_bundled_font() -> None:
    sizes = [value for key, value in RC.items() if key.endswith(("labelsize", "fontsize", ".size"))]
    assert min(sizes) >= SMALL
    assert RC["font.family"] == ["DejaVu Sans"]


def test_styled_puts_back_what_was_set_before() -> None:
    before = plt.rcParams["axes.titlesize"]
    plt.rcParams["axes.titlesize"] = 77
    with styled():
        assert plt.rcParams["axes.titlesize"] == RC["axes.titlesize"]
    assert plt.rcParams["axes.titlesize"] == 77
    style()
    assert plt.rcParams["axes.titlesize"] == RC["axes.titlesize"]
    plt.rcParams["axes.titlesize"] = before


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(0, 9)), min_size=1, max_size=6
    )
)
def test_bars_hold_the_numbers_and_start_at_zero(rows: list[tuple[int, int, int]]) -> None:
    table = years(
        dict(zip(("ballistic", "cruise", "space"), map(list, zip(*rows, strict=True)), strict=True))
    )
    ax = plot_years(table, ax=plt.figure().add_subplot())
    assert ax.get_ylim()[0] == 0
    assert sum(bar.get_height() for bar in ax.patches) == table["n"].sum()
    tops = pd.DataFrame(
        [(round(b.get_x() + b.get_width() / 2), b.get_y() + b.get_height()) for b in ax.patches],
        columns=["year", "top"],
    )
    totals = table.groupby(table["period"].dt.year)["n"].sum()
    drawn = tops.groupby("year")["top"].max()
    assert drawn.tolist() == (totals.tolist() if len(drawn) else [])
    plt.close("all")


def test_running_year_lower_bounds_and_eras_are_marked() -> None:
    table = years({"ballistic": [4, 6, 3]})
    table.loc[1, "exact"] = False
    eras = pd.DataFrame(
        {
            "start": pd.to_datetime(["2012-01-01", "2021-01-20"]),
            "end": pd.to_datetime(["2021-01-19", "2026-12-31"]),
            "name": ["One", "Two"],
        }
    )
    ax = plot_years(table, eras=eras, last_day=pd.Timestamp("2022-08-22"))
    texts = [text.get_text() for text in ax.texts]
    assert texts.count("+") == 1
    assert {"One", "Two", "2022: to 22 August"} <= set(texts)


def test_every_picture_names_its_unit_and_source() -> None:
    period = {"start": "2022-01-01", "end": "2022-12-31"}
    table = counts(load_launches(), "missiles", freq="year", by="family", **period)
    ax = plot_years(table, unit="missiles")
    assert "missiles" in ax.get_ylabel()
    assert ax.figure.get_supxlabel() == default_source()
    ax = plot_years(years({"space": [1]}), ax=plt.figure().add_subplot())
    assert ax.figure.get_supxlabel() == "", "the record's source on nobody's table"
    ax = plot_years(years({"space": [1]}), source="", ax=plt.figure().add_subplot())
    assert ax.figure.get_supxlabel() == ""


@pytest.mark.parametrize(
    ("draw", "table"),
    [
        (plot_years, pd.DataFrame({"period": []})),
        (plot_year_to_date, pd.DataFrame({"year": [2022]})),
        (plot_reached, pd.DataFrame({"rule": ["cnn"]})),
        (plot_published, pd.DataFrame({"value": [1]})),
    ],
)
def test_a_missing_column_is_named(draw, table: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="the table lacks"):
        draw(table)


def test_unknown_names_and_empty_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown family 'rocket': expected ballistic"):
        plot_years(years({"rocket": [1]}))
    months = pd.DataFrame({"period": pd.period_range("2022-01", periods=2, freq="M"), "n": [1, 2]})
    events = pd.DataFrame(columns=["start", "end", "precision", "category"])
    with pytest.raises(ValueError, match="unknown category 'war': expected nuclear_test"):
        plot_timeline(
            months, events.astype({"start": "M8[us]", "end": "M8[us]"}), categories=("war",)
        )
    with pytest.raises(ValueError, match="empty"):
        plot_year_to_date(pd.DataFrame(columns=["year", "date", "day_of_year", "n"]))
    with pytest.raises(ValueError, match="one year"):
        plot_reached(
            pd.DataFrame(
                {"rule": ["a", "b"], "date": pd.to_datetime(["2021-05-01", "2022-05-01"]), "n": 40}
            )
        )


def test_a_category_of_ones_own_gets_a_lane() -> None:
    months = pd.DataFrame({"period": pd.period_range("2022-01", periods=2, freq="M"), "n": [1, 2]})
    day = pd.Timestamp("2022-01-09")
    events = pd.DataFrame(
        {"start": day, "end": day, "precision": "day", "category": ["parade", "trade_fair"]}
    )
    ax = plot_timeline(months, events)
    lanes = [label.get_text() for label in ax.get_yticklabels()]
    assert {"parades\n(1)", "trade fair\n(1)"} <= set(lanes)


@pytest.mark.parametrize("top", [1, 3, 60, 750, 20_000])
def test_the_months_have_a_scale_whatever_their_number(top: int) -> None:
    months = pd.DataFrame(
        {"period": pd.period_range("2022-01", periods=2, freq="M"), "n": [0, top]}
    )
    nothing = pd.DataFrame({"start": pd.NaT, "end": pd.NaT, "precision": "day", "category": []})
    ax = plot_timeline(months, nothing.astype({"start": "M8[us]", "end": "M8[us]"}))
    levels = [int(label.get_text()) for label in ax.get_yticklabels()]
    assert levels[0] == 0
    assert top / 5 <= levels[-1] <= top
    assert len(levels) <= 6


def curve(year: int, rises: dict[str, int], end: str) -> pd.DataFrame:
    dates = pd.date_range(f"{year}-01-01", f"{year}-{end}")
    n = sum(np.where(dates >= pd.Timestamp(f"{year}-{day}"), by, 0) for day, by in rises.items())
    return pd.DataFrame({"year": year, "date": dates, "day_of_year": dates.day_of_year, "n": n})


def test_curves_name_the_record_and_the_running_year_and_the_day_a_number_fell() -> None:
    curves = pd.concat(
        [
            curve(2021, {"05-01": 8}, "12-31"),
            curve(2022, {"03-01": 20, "11-09": 12}, "12-31"),
            curve(2023, {"02-01": 3}, "08-22"),
        ],
        ignore_index=True,
    )
    ax = plot_year_to_date(curves, unit="days", level=32, level_text="the number")
    texts = [text.get_text() for text in ax.texts]
    assert texts == ["2022: 32", "2023: 3\nby 22 August", "32: the number", "9 November"]
    assert len(ax.lines) == 3 + 1 + 1 + 1  # years, end of the running one, the number, its day
    assert ax.get_ylim()[0] == 0


@pytest.mark.parametrize(
    ("p", "alone", "said"),
    [
        (0.05, ".050", "p = .050"),
        (0.00099, "<.001", "p < .001"),
        (0.001, ".001", "p = .001"),
        (0.9994, ".999", "p = .999"),
        (0.9996, "1", "p = 1"),
        (float("nan"), "–", "–"),
    ],
)
def test_a_p_value_is_written_one_way(p: float, alone: str, said: str) -> None:
    assert (p_text(p), p_text(p, "p")) == (alone, said)


def test_numbers_stand_out_from_their_cells() -> None:
    table = pd.DataFrame(
        {
            "year": 2022,
            "month": range(1, 13),
            "quarter": 1,
            "n": range(12),
            "days": [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31],
        }
    )
    ax = plot_months(table)
    ax.figure.canvas.draw()
    cells = ax.collections[0].get_facecolors()
    for cell, text in zip(cells, ax.texts, strict=False):
        light, dark = sorted((luminance(cell), luminance(text.get_color())), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3


def test_rules_are_named_from_the_top_and_each_says_its_day_or_that_it_never_came() -> None:
    table = pd.DataFrame(
        {
            "rule": ["cnn", "mine", "space_days"],
            "label": ["CNN", "my rule", "space days"],
            "date": pd.to_datetime(["2022-11-09", "2022-12-01", None]),
            "n": [37, 33, 0],
        }
    )
    ax = plot_reached(table)
    rows = [label.get_text() for label in ax.get_yticklabels()]
    assert rows == ["9 November", "1 December", "never"]
    assert [t.get_text() for t in ax.texts] == ["CNN", "my rule", "space days (0)"]
    assert ax.yaxis_inverted()
    assert describe_reached(table).endswith("Rules that never reached it: space_days.")


def test_bars_are_as_long_as_the_counts_and_lower_bounds_say_so() -> None:
    table = pd.DataFrame(
        {"rule": ["cnn", "un_panel"], "n": [18, 48], "exact": [True, False],
         "unit": ["days", "missiles"], "before": [24, 41]}
    )  # fmt: skip
    ax = plot_counters(table, ax=plt.figure().add_subplot())
    assert [bar.get_width() for bar in ax.patches] == [18, 48]
    assert [text.get_text() for text in ax.texts] == ["18 days", "at least 48 missiles"]
    (marks,) = [line for line in ax.lines if line.get_marker() == "D"]
    assert list(marks.get_xdata()) == [24, 41]
    years = pd.DataFrame({"year": [2025, 2026], "n": [9, 18], "exact": [False, True]})
    ax = plot_same_day(years, as_of=pd.Timestamp("2026-10-07"), ax=plt.figure().add_subplot())
    assert [text.get_text() for text in ax.texts] == ["9+", "18"]


def test_counts_that_cannot_be_counted_are_told_not_drawn() -> None:
    held = pd.DataFrame({"value": [3, 4], "observed": [3, np.nan], "agrees": [True, False]})
    key = plot_published(held).get_legend()
    assert [text.get_text() for text in key.get_texts()] == ["agree (1)", "do not agree (0)"]
    assert key.get_title().get_text() == "1 not countable here"


def test_saving_twice_gives_the_same_bytes_and_the_words_are_inside(tmp_path) -> None:
    hashes = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        ax = plot_years(years({"cruise": [3, 5]}), ax=plt.figure().add_subplot())
        paths = save(ax.figure, tmp_path / name / "f", title="Title <1>", alt="Words & more")
        hashes.append([hashlib.sha256(path.read_bytes()).hexdigest() for path in paths])
    assert hashes[0] == hashes[1]
    svg = (tmp_path / "a" / "f.svg").read_text("utf-8")
    assert 'role="img" aria-labelledby="title desc"' in svg
    assert '<title id="title">Title &lt;1&gt;</title>' in svg
    assert '<desc id="desc">Words &amp; more</desc>' in svg
    assert not re.search(r"20\d\d-\d\d-\d\dT|matplotlib v", svg)
    with Image.open(tmp_path / "a" / "f.png") as image:
        assert image.text["Description"] == "Words & more"
        assert "Software" not in image.text


def test_saving_without_words_is_refused(tmp_path) -> None:
    with pytest.raises(ValueError, match="alt is empty"):
        save(plt.figure(), tmp_path / "f", title="x", alt=" ")

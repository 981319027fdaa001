"""Pictures of forecasts hold the numbers of their tables."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from analysis import plot as pt
from analysis.figures import draw

pytestmark = pytest.mark.usefixtures("plot_style")


def test_a_fan_spans_its_intervals_and_marks_the_end():
    table = pd.DataFrame({"origin": pd.to_datetime(["2022-01-01", "2022-01-31"]), "n": 37})
    table = table.assign(so_far=[0, 7], median=[9, 20], low_50=[5, 15], high_50=[12, 26])
    ax = pt.plot_fan(table.assign(low_90=[2, 11], high_90=[20, 40]))
    assert [bar.get_height() for bar in ax.patches] == [18, 29, 7, 11]
    assert [bar.get_y() for bar in ax.patches] == [2, 11, 5, 15]
    assert "in the end 37" in [text.get_text() for text in ax.texts]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1 Jan", "31 Jan"]


def test_the_interval_of_a_year_s_end_is_darker():
    table = pd.DataFrame({"n": [8, 9, 10, 11], "probability": [0.04, 0.5, 0.42, 0.04]})
    colors = [bar.get_facecolor() for bar in pt.plot_year_end(table).patches]
    assert colors[0] == colors[3] != colors[1] == colors[2]


def test_bars_outside_the_band_are_of_another_colour():
    table = pd.DataFrame({"left": [0.0, 0.5], "right": [0.5, 1.0], "share": [0.2, 0.8]})
    ax = pt.plot_pit(table.assign(low=[0.3, 0.3], high=[0.7, 0.9], inside=[False, True]))
    assert ax.patches[0].get_facecolor() != ax.patches[1].get_facecolor()


@pytest.mark.parametrize(
    "picture",
    [
        *(pt.plot_fan, pt.plot_year_end, pt.plot_pit),
        *(pt.plot_interval_coverage, pt.plot_skill, pt.plot_reliability),
    ],
)
def test_a_missing_column_is_named(picture):
    with pytest.raises(ValueError, match="the table lacks the column"):
        picture(pd.DataFrame({"something": [1]}))


def test_the_fan_of_2022_ends_where_2022_did():
    drawing = draw("23-fan-of-2022")
    assert len(drawing.table) == 12
    assert drawing.table["n"].unique().tolist() == [37]
    assert "in the end 37" in drawing.alt
    plt.close(drawing.figure)

"""Pictures of monthly series hold the numbers of their tables."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from analysis.figures import draw
from analysis.plot import plot_autocorrelation, plot_decomposition, plot_season

pytestmark = pytest.mark.usefixtures("plot_style")


def months(**columns):
    return pd.DataFrame({"period": pd.period_range("2021-07", periods=12, freq="M"), **columns})


def test_lags_outside_the_band_are_filled():
    table = pd.DataFrame({"lag": [1, 2, 3], "autocorrelation": [0.3, 0.1, -0.4]})
    ax = plot_autocorrelation(table.assign(null_low=-0.2, null_high=0.2))
    drawn = [line for line in ax.lines if line.get_marker() == "o"]
    assert [line.get_xdata().tolist() for line in drawn] == [[1, 3], [2]]
    assert [line.get_ydata().tolist() for line in drawn] == [[0.3, -0.4], [0.1]]
    assert drawn[1].get_markerfacecolor() == "white"
    band = ax.collections[0].get_paths()[0].vertices
    assert (band[:, 1].min(), band[:, 1].max()) == (-0.2, 0.2)


def test_months_are_bars_as_wide_as_they_are_long_under_their_trend():
    table = months(rate=np.arange(12.0), trend=5.0)
    ax = plot_decomposition(table, unit="salvos")
    assert [bar.get_height() for bar in ax.patches] == table["rate"].tolist()
    lengths = table["period"].dt.days_in_month
    assert [round(bar.get_width()) for bar in ax.patches] == lengths.tolist()
    assert set(ax.lines[0].get_ydata()) == {5.0}
    assert ax.get_ylabel() == "salvos a month"


def test_the_season_begins_in_january_whenever_the_table_does():
    season = np.arange(12.0)  # July first
    ax = plot_season(months(season=season, null_low=-1.0, null_high=20.0))
    (_, inside) = (line for line in ax.lines if line.get_marker() == "o")
    assert inside.get_xdata().tolist() == list(range(1, 13))
    assert inside.get_ydata().tolist() == [*season[6:], *season[:6]]


@pytest.mark.parametrize("picture", [plot_autocorrelation, plot_decomposition, plot_season])
def test_a_missing_column_is_named(picture):
    with pytest.raises(ValueError, match="the table lacks the column"):
        picture(pd.DataFrame({"something": [1]}))


def test_the_report_figure_holds_its_table():
    drawing = draw("19-time-series")
    table = drawing.table
    trend, memory, season, ratios = drawing.figure.axes[:4]
    rates = table.loc[table["part"] == "month", "rate"].tolist()
    assert [bar.get_height() for bar in trend.patches] == rates
    dots = np.concatenate([line.get_ydata() for line in memory.lines if line.get_marker() == "o"])
    lags = table.loc[table["part"] == "lag", "autocorrelation"]
    assert sorted(dots) == sorted(lags)
    assert len(season.get_xticks()) == 12
    names = [label.get_text() for label in ratios.get_yticklabels()]
    assert names == ["a year later", "Q1", "Q2", "Q3", "Q4"]
    plt.close(drawing.figure)

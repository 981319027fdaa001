"""The widget without a browser, and what notebooks show."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from analysis import last_day, load_launches
from analysis.counting import describe_count
from analysis.explore import day_of_year, explore_year_to_date
from analysis.notebook import show_figure, show_report_figure, show_table, show_versions


@pytest.fixture(scope="module")
def launches() -> pd.DataFrame:
    return load_launches()


def test_every_control_changes_sentence_and_picture(launches: pd.DataFrame) -> None:
    controls, sentence, curve = explore_year_to_date(launches).children
    rule, years, day = controls.children
    assert describe_count(launches, "cnn", as_of="2022-11-09") in sentence.value
    for control, value, expected in (
        (rule, "missiles", ("missiles", "2022-11-09")),
        (years, (2015, 2017), ("missiles", "2017-11-09")),
        (day, "07-04", ("missiles", "2017-07-04")),
    ):
        before = curve.value
        control.value = value
        assert describe_count(launches, expected[0], as_of=expected[1]) in sentence.value
        assert curve.value != before
    assert "<img alt='By 4 July 2017" in curve.value


@pytest.mark.parametrize(
    ("year", "day", "expected"),
    [
        (2024, "02-29", "2024-02-29"),
        (2023, "02-29", "2023-02-28"),
        (last_day().year, "12-31", f"{last_day():%Y-%m-%d}"),
    ],
)
def test_days_that_a_year_lacks_are_moved(year: int, day: str, expected: str) -> None:
    assert day_of_year(year, day) == pd.Timestamp(expected)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"rule": "bbc"}, "unknown rule 'bbc': expected missiles"),
        ({"years": (2022, 2020)}, "years 2022-2020: expected from 2012"),
        ({"years": (2012, 2099)}, "years 2012-2099: expected from 2012"),
        ({"years": (2012.5, 2022)}, "expected a whole number of at least 0 for years, got 2012.5"),
        ({"day": "13-01"}, "day '13-01': expected month and day"),
    ],
)
def test_wrong_choices_are_refused(launches: pd.DataFrame, wrong: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        explore_year_to_date(launches, **wrong)


@pytest.fixture
def shown(monkeypatch) -> list[dict]:
    """What is displayed from here on, by kind."""
    seen: list[dict] = []

    def display(thing: object, **_options: object) -> None:
        if isinstance(thing, Figure):
            seen.append({"figure": thing})
        else:
            seen.append(thing if isinstance(thing, dict) else {"text/markdown": thing.data})

    monkeypatch.setattr("IPython.display.display", display)
    return seen


def test_tables_show_missing_cells_and_whole_numbers_whole(shown: list[dict]) -> None:
    table = pd.DataFrame({"n": [600, 1], "share": [1 / 3, None], "day": [pd.NaT, last_day()]})
    show_table(table, caption="Two rows.")
    caption, cells = shown
    assert caption["text/markdown"] == "**Table.** Two rows."
    assert "<td>0.333</td>" in cells["text/html"]
    assert cells["text/html"].count("<td>–</td>") == 2
    assert "<td>600</td>" in cells["text/html"]
    with pytest.raises(ValueError, match="caption is empty"):
        show_table(table, caption=" ")


def test_a_figure_without_words_is_refused() -> None:
    import matplotlib.pyplot as plt

    ax = plt.figure().add_subplot()
    with pytest.raises(ValueError, match="caption is empty"):
        show_figure(ax, caption="", alt="A line.")
    plt.close("all")


def test_a_report_figure_is_shown_with_its_own_words(monkeypatch, shown: list[dict]) -> None:
    import matplotlib.pyplot as plt

    from analysis.figures.drawing import Drawing

    figure, _ = plt.subplots(2)
    monkeypatch.setattr(
        "analysis.notebook.draw", lambda name: Drawing(figure, pd.DataFrame(), f"Words of {name}.")
    )
    show_report_figure("14-around-events", caption="Around events.")
    picture, words = shown
    assert picture["figure"] is figure
    assert "**Figure.** Around events." in words["text/markdown"]
    assert "Words of 14-around-events." in words["text/markdown"]


def test_a_figure_is_shown_at_the_height_asked_for(shown: list[dict]) -> None:
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots(figsize=(7, 3))
    show_figure(ax, caption="Axes.", alt="Empty axes.", height=5.5)
    assert figure.get_size_inches().tolist() == [7, 5.5]
    assert not plt.fignum_exists(figure.number)


def test_closing_lines_name_the_last_day(shown: list[dict]) -> None:
    show_versions()
    (closing,) = shown
    assert f"**{last_day():%Y-%m-%d}**" in closing["text/markdown"]

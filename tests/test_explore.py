"""The widget without a browser, and what notebooks show."""

import datetime as dt
import re

import nbformat
import pandas as pd
import pytest
from matplotlib.figure import Figure

from analysis import last_day, load_launches
from analysis.counting import RULES, describe_count
from analysis.explore import explore_year_to_date
from analysis.notebook import show_figure, show_report_figure, show_table, show_versions
from tools.notebooks import strip


@pytest.fixture(scope="module")
def launches() -> pd.DataFrame:
    return load_launches()


def parts(widget) -> tuple:
    """The controls (rule, day, first year), and what the widget says."""
    choices, sentence, reason, curve = widget.children
    controls, definition = choices.children
    return (*controls.children, definition, sentence, reason, curve)


def test_it_opens_on_the_running_year(launches: pd.DataFrame) -> None:
    rule, until, first, definition, sentence, reason, _ = parts(explore_year_to_date(launches))
    assert describe_count(launches, "cnn", as_of=last_day()) in sentence.value
    assert (until.value, first.value) == (last_day().date(), 2012)
    assert rule.options["CNN"] == "cnn", "rules by their printed names"
    assert RULES["cnn"].definition in definition.value
    assert reason.value == ""


def test_every_control_changes_what_is_said(launches: pd.DataFrame) -> None:
    widget = explore_year_to_date(launches, years=(2012, 2022), day="11-09")
    rule, until, first, definition, sentence, _, curve = parts(widget)
    assert describe_count(launches, "cnn", as_of="2022-11-09") in sentence.value
    rule.value = "missiles"
    assert describe_count(launches, "missiles", as_of="2022-11-09") in sentence.value
    assert RULES["missiles"].definition in definition.value
    until.value = dt.date(2017, 7, 4)
    assert describe_count(launches, "missiles", as_of="2017-07-04") in sentence.value
    assert "<img alt='By 4 July 2017" in curve.value
    drawn = curve.value
    first.value = 2015
    assert curve.value != drawn


def test_every_control_has_a_label_that_is_read_out(launches: pd.DataFrame) -> None:
    """A select and a field for a date have one in a browser, a slider has none."""
    for control in parts(explore_year_to_date(launches))[:3]:
        assert type(control).__name__ in {"Dropdown", "DatePicker"}
        assert control.description


@pytest.mark.parametrize(
    ("chosen", "counted", "why"),
    [
        (last_day() + pd.Timedelta(days=63), last_day(), "The record ends on"),
        (pd.Timestamp("1984-04-09"), pd.Timestamp("2012-01-01"), "Earlier years hold few launches"),
        (None, last_day(), "No day is chosen"),
    ],
)
def test_a_day_that_is_not_counted_to_is_named(launches, chosen, counted, why) -> None:
    _, until, *_, sentence, reason, _ = parts(explore_year_to_date(launches))
    until.value = None if chosen is None else chosen.date()
    assert describe_count(launches, "cnn", as_of=counted) in sentence.value
    assert why in reason.value
    assert f"{counted.day} {counted:%B %Y}" in reason.value
    until.value = dt.date(2022, 11, 9)
    assert reason.value == ""


@pytest.mark.parametrize(
    ("year", "day", "expected"), [(2024, "02-29", "2024-02-29"), (2023, "02-29", "2023-02-28")]
)
def test_29_february_is_the_28th_where_there_is_none(launches, year, day, expected) -> None:
    _, until, *_ = parts(explore_year_to_date(launches, years=(2020, year), day=day))
    assert str(until.value) == expected


def test_where_it_cannot_run_a_picture_and_a_hint_stand(launches: pd.DataFrame) -> None:
    widget = explore_year_to_date(launches)
    bundle = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert describe_count(launches, "cnn", as_of=last_day()) in bundle["text/html"]
    assert "src='data:image/png;base64," in bundle["text/html"]
    assert "Run All Cells" in bundle["text/html"]
    # what is stored with a notebook
    new = nbformat.v4
    output = new.new_output("execute_result", bundle)
    notebook = strip(new.new_notebook(cells=[new.new_code_cell("widget", outputs=[output])]))
    assert set(notebook.cells[0].outputs[0].data) == {"text/html", "text/plain"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"rule": "bbc"}, "unknown rule 'bbc': expected missiles"),
        ({"years": (2022, 2020)}, "years 2022-2020: expected from 2012"),
        ({"years": (2012, 2099)}, "years 2012-2099: expected from 2012"),
        ({"years": (2012.5, 2022)}, "expected a whole number of at least 0 for years, got 2012.5"),
        ({"day": "13-01"}, "day '13-01': expected month and day"),
        ({"day": "2022-11-09"}, "day '2022-11-09': expected month and day"),
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
    (cells,) = shown
    assert "<caption>Table. Two rows.</caption>" in cells["text/html"]
    assert cells["text/html"].count("<th scope='col'>") == 3
    assert "<td>0.333</td>" in cells["text/html"]
    assert cells["text/html"].count("<td>–</td>") == 2
    assert "<td>600</td>" in cells["text/html"]
    with pytest.raises(ValueError, match="caption is empty"):
        show_table(table, caption=" ")


def test_a_column_has_one_precision_plain_names_and_yes_or_no(shown: list[dict]) -> None:
    table = pd.DataFrame(
        {"rate_a_year": [4.99, 5, 11.0], "p_value": [4.93e-5, 0.04, None],
         "n_full_year": pd.array([8, None, 37], dtype="Int64"), "agrees": [True, False, True]}
    )  # fmt: skip
    show_table(table, caption="Three rows.")
    html = shown[0]["text/html"]
    assert re.findall(r"<th scope='col'>([^<]*)", html) == [
        "rate a year", "p", "number, whole year", "agrees"
    ]  # fmt: skip
    rows = [re.findall(r"<td>([^<]*)", row) for row in html.split("<tr>")[2:]]
    assert list(zip(*rows, strict=True)) == [
        ("5.0", "5.0", "11.0"), ("&lt;.001", ".040", "–"), ("8", "–", "37"), ("yes", "no", "yes")
    ]  # fmt: skip


def test_headings_carry_units_and_cells_their_bounds(shown: list[dict]) -> None:
    table = pd.DataFrame({"rule": ["a", "b"], "n": [61, 4], "exact": [False, True]})
    show_table(table.assign(range_km=[450.0, None]), caption="Two.", names={"n": "missiles"})
    days = pd.DataFrame({"date": [pd.NaT, last_day()], "exact": [False, False], "y": [1, 2]})
    show_table(days, caption="Days.", unit="launch days")
    show_table(pd.DataFrame({"group": ["g"], "talks": [1e-5]}), caption="p.", unit="p")
    pages = [cells["text/html"] for cells in shown]
    assert [re.findall(r"<th scope='col'>([^<]*)", page) for page in pages] == [
        ["rule", "missiles", "range (km)"], ["date", "y (launch days)"], ["group", "talks (p)"]
    ]  # fmt: skip
    assert [re.findall(r"<td>([^<]*)", page) for page in pages] == [
        ["a", "at least 61", "450", "b", "4", "–"],
        ["–", "1", f"{last_day():%Y-%m-%d} at the latest", "2"],
        ["g", "&lt;.001"],
    ]


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
    (picture,) = shown
    assert "data:image/png;base64," in picture["text/html"]
    assert "<figcaption>Figure. Around events.</figcaption>" in picture["text/html"]
    assert "alt='Words of 14-around-events.'" in picture["text/html"]


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

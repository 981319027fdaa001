"""The page to explore in a real Chromium, from the disk, with the network cut."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("matplotlib")

from analysis.counting import RULES, counted_rows, cumulative, describe_count, year_to_date
from analysis.page.compose import compose
from analysis.page.packed import read_cells
from analysis.page.pictures import read_pictures
from analysis.record.files import processed
from analysis.record.load import last_day
from analysis.record.schema import DATA_VERSION

from .chromium import MARKS, chromium, violations
from .copies import ROOT

pytestmark = MARKS
FIGURES = ROOT / "figures"
YEARS = range(1984, last_day().year + 1)
LAST = f"{last_day():%Y-%m-%d}"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page alone in a folder, as somebody who was sent it has it."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(compose(read_cells(), read_pictures(FIGURES)), "utf-8")
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("chromium")
    with chromium(folder, offline=True, viewport={"width": 1366, "height": 768}) as context:
        yield context


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[Any]:
    """The page as it opens; it may ask for nothing but itself, and no script may fail."""
    page = browser.new_page()
    asked: list[str] = []
    problems: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text))
    page.goto(file.as_uri())
    yield page
    page.close()
    outside = [url for url in asked if not url.startswith((file.as_uri(), "data:", "blob:"))]
    assert not outside
    assert not problems


def sentence(page: Any) -> str:
    return page.locator("#sentence").inner_text()


def rows(page: Any, table: str) -> list[list[str]]:
    """The cells of a table's body."""
    return page.locator(f"#{table} tbody tr").evaluate_all(
        "lines => lines.map(line => [...line.cells].map(cell => cell.innerText))"
    )


def downloaded(page: Any, button: str) -> str:
    with page.expect_download() as waiting:
        page.click(button)
    return Path(waiting.value.path()).read_text("utf-8")


# -- year to date ---------------------------------------------------------------------------


def test_it_opens_on_the_running_year_with_the_number_on_the_first_screen(page, launches):
    assert sentence(page) == f"{describe_count(launches, 'cnn', as_of=LAST)}."
    box = page.locator("#curve").bounding_box()
    assert box["y"] + box["height"] < 768
    label = page.locator("#curve .this-name").text_content()
    assert label.startswith(f"{last_day().year}: ")


def test_every_rule_year_and_day_is_counted_as_in_python(page, launches):
    counts = page.evaluate(
        """([names, first, last]) => names.map((name) => {
            const counts = [];
            for (let year = first; year <= last; year += 1)
                for (let day = 1; day <= dayOfYear(lastOf(year)); day += 1)
                    counts.push(countOn(name, year, day).n);
            return counts;
        })""",
        [list(RULES), YEARS[0], YEARS[-1]],
    )
    for name, found in zip(RULES, counts, strict=True):
        curve = cumulative(launches, name, years=YEARS, as_of=LAST)
        np.testing.assert_array_equal(found, curve["n"], err_msg=name)


def test_sentences_are_pythons(page, launches):
    rng = np.random.default_rng(7)
    span = (last_day() - pd.Timestamp("1984-01-01")).days
    days = pd.Timestamp("1984-01-01") + pd.to_timedelta(rng.integers(0, span, len(RULES)), "D")
    asked = [[name, f"{day:%Y-%m-%d}"] for name, day in zip(RULES, days, strict=True)]
    found = page.evaluate("asked => asked.map(([name, day]) => sentenceOf(name, day))", asked)
    assert found == [describe_count(launches, name, as_of=day) for name, day in asked]


def test_choosing_rule_day_and_years(page, launches):
    page.select_option("#rule", "reuters")
    page.fill("#day", "2024-02-29")
    page.select_option("#from", "2019")
    page.select_option("#to", "2026")
    assert sentence(page) == f"{describe_count(launches, 'reuters', as_of='2024-02-29')}."
    assert RULES["reuters"].definition in page.locator("#definition").inner_text()
    table = year_to_date(launches, "reuters", years=range(2019, 2027), as_of="2024-02-29")
    shown = [line[:2] for line in rows(page, "years")]
    numbers = [f"{'' if row.exact else '≥ '}{row.n}" for row in table.itertuples()]
    years = [str(year) for year in table["year"]]
    assert shown == [list(pair) for pair in zip(years, numbers, strict=True)][::-1]
    assert page.locator("#curve .other").count() == 7


def test_the_years_beside_are_cut_where_the_record_ends(page, launches):
    day = last_day() - pd.DateOffset(years=1) + pd.Timedelta(days=3)
    page.fill("#day", f"{day:%Y-%m-%d}")
    table = year_to_date(launches, "cnn", years=range(2012, last_day().year + 1), as_of=day)
    shown = [line[1] for line in rows(page, "years")]
    expected = [f"{'' if row.exact else '≥ '}{row.n}" for row in table.itertuples()]
    assert shown == expected[::-1]
    assert shown[0].startswith("≥ ")


def test_the_slider_goes_by_days_with_the_keyboard(page, launches):
    page.fill("#day", "2022-11-10")
    page.focus("#slide")
    page.keyboard.press("ArrowLeft")
    assert page.input_value("#day") == "2022-11-09"
    assert page.get_attribute("#slide", "aria-valuetext") == "9 November 2022"
    assert sentence(page) == f"{describe_count(launches, 'cnn', as_of='2022-11-09')}."


def test_a_day_after_the_record_is_refused_in_words(page):
    page.evaluate("byId('day').removeAttribute('max')")
    page.fill("#day", f"{last_day().year + 1}-01-15")
    warning = page.locator("#beyond")
    assert warning.is_visible()
    assert f"{last_day().day} {last_day():%B %Y}" in warning.inner_text()
    assert page.input_value("#day") == LAST


def test_every_rule_stands_in_the_table_of_counters_and_can_be_chosen(page):
    shown = rows(page, "counters")
    assert len(shown) == len(RULES)
    page.click("#counters button:text-is('Reuters')")
    assert page.input_value("#rule") == "reuters"
    assert page.locator("#counters tr.chosen th").inner_text() == "Reuters"


# -- launches and events --------------------------------------------------------------------


def test_all_launches_download_as_the_table_of_the_record(page):
    page.evaluate("ORDERS.launches = 'launch_id'; show()")
    text = downloaded(page, "#launches-save")
    assert text.encode() == (processed() / "launches.csv").read_bytes()


def test_launches_are_filtered_searched_and_downloaded(page):
    page.select_option("#launches-year", "2022")
    page.select_option("#launches-class", "ICBM")
    page.fill("#launches-find", "sunan HWASONG-17")
    launches = read_cells()["launches"]
    words = launches.agg(" ".join, axis=1).str.lower()
    expected = launches[
        launches["date"].str.startswith("2022")
        & (launches["klass"] == "ICBM")
        & words.str.contains("sunan")
        & words.str.contains("hwasong-17")
    ]
    assert len(expected) > 1
    assert page.locator("#launches-found").inner_text().startswith(f"{len(expected)} of")
    text = downloaded(page, "#launches-save")
    saved = pd.read_csv(io.StringIO(text))
    assert sorted(saved["launch_id"]) == sorted(expected["launch_id"])
    assert list(saved) == list(pd.read_csv(processed() / "launches.csv", nrows=0))


def test_only_what_the_rule_counts(page, launches):
    page.fill("#day", "2022-12-31")
    page.select_option("#rule", "cns")
    page.select_option("#launches-year", "2022")
    page.check("#launches-counted")
    text = downloaded(page, "#launches-save")
    expected = counted_rows(launches, "cns", start="2022-01-01", end="2022-12-31")
    saved = pd.read_csv(io.StringIO(text))
    assert set(saved["launch_id"]) == set(expected["launch_id"])


def test_headings_sort_by_keyboard_and_say_so(page, launches):
    heading = page.locator("#launches-table thead th", has_text="Apogee")
    heading.locator("button").focus()
    page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    shown = [line[7] for line in rows(page, "launches-table")]
    highest = launches["apogee_km"].sort_values(ascending=False).dropna()
    assert [float(cell) for cell in shown if cell] == highest.tolist()
    assert not any(shown[len(highest) :]), "empty cells last"


def test_events_are_filtered_and_downloaded(page, events):
    page.select_option("#events-year", "2022")
    page.select_option("#events-category", "drill")
    page.fill("#events-find", "ulchi")
    expected = events[
        (events["start"].dt.year <= 2022)
        & (events["end"].dt.year >= 2022)
        & (events["category"] == "drill")
        & events["title"].str.contains("ulchi", case=False)
    ]
    saved = pd.read_csv(io.StringIO(downloaded(page, "#events-save")))
    assert len(expected) > 0
    assert sorted(saved["title"]) == sorted(expected["title"])
    assert len(rows(page, "events-table")) == len(expected)


# -- map, figures, citation -----------------------------------------------------------------


def test_the_map_shows_the_sites_of_the_launches_listed(page, launches):
    page.select_option("#launches-year", "2017")
    there = launches[(launches["date"].dt.year == 2017) & launches["lat"].notna()]
    assert page.locator("#dots circle").count() == there["site"].nunique()
    named = rows(page, "sites-table")
    shown = launches[(launches["date"].dt.year == 2017) & launches["site"].notna()]
    assert sum(int(line[3].removeprefix("≥ ")) for line in named) == shown["missiles"].sum()
    bounds = sum(line[3].startswith("≥ ") for line in named)
    assert bounds == (~shown.groupby("site")["missiles_exact"].all()).sum()


def test_a_figure_opens_into_its_numbers(page):
    fold = page.locator("[data-figure='02-year-to-date']")
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    fold.locator("table").wait_for()
    text = downloaded(page, "[data-figure='02-year-to-date'] button")
    assert text == (FIGURES / "02-year-to-date.csv").read_text("utf-8")
    head = fold.locator("thead th").all_inner_texts()
    assert head == text.split("\n")[0].split(",")
    loaded = page.locator("#figure-02-year-to-date img")
    loaded.scroll_into_view_if_needed()
    page.wait_for_function("i => i.complete && i.naturalWidth > 300", arg=loaded.element_handle())


def test_the_address_brings_back_what_was_on_the_screen(page, browser):
    page.select_option("#rule", "jmod_missiles")
    page.fill("#day", "2023-07-12")
    page.select_option("#from", "2016")
    page.fill("#launches-find", "sohae")
    page.locator("#launches-table thead button", has_text="Range").click()
    address, said, found = page.url, sentence(page), rows(page, "launches-table")
    assert page.locator("#permalink").inner_text() == address
    other = browser.new_page()
    other.goto(address)
    assert sentence(other) == said
    assert other.input_value("#from") == "2016"
    assert rows(other, "launches-table") == found
    other.close()


@pytest.mark.parametrize(
    "address", ["#rule=bbc&day=2099-13-45&from=x&year=1700", "#day=&rule=", "#launches", "#%ff=%"]
)
def test_a_mistyped_address_shows_this_year(browser, file, launches, address):
    page = browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(file.as_uri() + address)
    assert sentence(page) == f"{describe_count(launches, 'cnn', as_of=LAST)}."
    assert problems == []
    page.close()


def test_the_citation_names_number_rule_day_and_version(page, launches):
    page.select_option("#rule", "cns")
    page.fill("#day", "2022-12-31")
    words = page.locator("#citation").inner_text()
    assert describe_count(launches, "cns", as_of="2022-12-31") in words
    assert RULES["cns"].definition in words
    assert DATA_VERSION in words
    assert DATA_VERSION in page.locator("#bibtex").inner_text()
    assert page.locator("#bibtex").inner_text().startswith("@misc{")


def test_back_to_this_year_undoes_every_choice(page):
    before = page.url
    page.select_option("#rule", "missiles")
    page.fill("#day", "2017-07-04")
    page.click("button:text-is('Back to this year')")
    assert page.url == before


# -- for everybody --------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 700, 400])
def test_axe_finds_nothing(page, scheme, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.locator("[data-figure='02-year-to-date'] summary").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1366, "height": 768})


def test_focus_is_seen_on_everything_that_takes_it(page):
    page.evaluate("document.activeElement.blur()")
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        tag, outline = page.evaluate(
            "(() => { const e = document.activeElement;"
            " return [e.tagName, parseFloat(getComputedStyle(e).outlineWidth)]; })()"
        )
        seen.add(tag)
        assert outline >= 2, tag
    assert {"A", "SELECT", "INPUT", "BUTTON"} <= seen


def test_hostile_words_are_shown_and_do_not_run(browser, tmp_path):
    cells = read_cells()
    hostile = pd.read_csv(
        Path(__file__).with_name("hostile_cells.csv"), dtype="str", keep_default_na=False
    )["cell"].tolist()
    hostile += ["</script><script>document.ran='yes'</script>", "=1+1", "{day}{n}"]
    launches, events = cells["launches"], cells["events"]
    for column in ("note", "name", "site_name", "launch_id"):
        launches[column] = np.resize(hostile, len(launches))
    for column in ("title", "source", "source_url", "place"):
        events[column] = np.resize([f"javascript:{cell}" for cell in hostile], len(events))
    pictures = [
        one._replace(alt=cell, question=cell, csv=f"n\n{cell!r}\n")
        for one, cell in zip(read_pictures(FIGURES), hostile[::-1], strict=False)
    ]
    path = tmp_path / "hostile.html"
    path.write_text(compose(cells, pictures), "utf-8")
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append("a dialog"))
    page.goto(path.as_uri())
    page.select_option("#events-year", "")
    for fold in page.locator("[data-figure] summary").all():
        fold.click()
    page.wait_for_timeout(300)
    assert page.evaluate("document.ran") is None
    assert page.locator("a[href^='javascript' i], iframe, object, embed").count() == 0
    assert [url for url in asked if not url.startswith((path.as_uri(), "data:"))] == []
    page.fill("#launches-find", "document.ran='yes'")
    assert "</script><script>" in page.locator("#launches-table tbody").inner_text()
    page.fill("#launches-find", "=1+1")
    assert "'=1+1" in downloaded(page, "#launches-save")
    page.close()

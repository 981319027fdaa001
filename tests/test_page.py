"""The page to explore: its numbers are Python's, nothing in it runs or asks for anything."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("matplotlib")

from analysis.counting import RULES, counted_rows, cumulative, describe_count, year_to_date
from analysis.page.compose import compose
from analysis.page.make import write_page
from analysis.page.packed import SHOWN, packed, read_cells
from analysis.page.pictures import as_address, read_pictures
from analysis.record.load import last_day

from .copies import ROOT

FIGURES = ROOT / "figures"
YEARS = range(1984, last_day().year + 1)
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"


@pytest.fixture(scope="module")
def page() -> str:
    return compose(read_cells(), read_pictures(FIGURES))


def between(page: str, start: str, end: str) -> str:
    return page.split(start, 1)[1].split(end, 1)[0]


def data_of(page: str) -> dict:
    return json.loads(between(page, '<script type="application/json" id="data">', "</script>"))


@pytest.fixture(scope="module")
def data(page: str) -> dict:
    return data_of(page)


def counts_of_year(data: dict, rule: dict, year: int, n_days: int) -> tuple[np.ndarray, np.ndarray]:
    """Every day's count in a year, and whether it is exact, as the page has them."""
    least_from, *steps = data["curves"][rule["curves"][year - rule["first"]]]
    days = np.arange(1, n_days + 1)
    n = np.concatenate([[0], steps[1::2]])[np.searchsorted(steps[::2], days, side="right")]
    return n.astype(int), (days < least_from) | (least_from == 0)


def text_column(column: object) -> list[str]:
    """The cells of a column as the page's script reads them."""
    if isinstance(column, list):
        return column
    if "steps" in column:
        days = pd.Timestamp(column["first"]) + pd.to_timedelta(np.cumsum(column["steps"]), "D")
        return [f"{day:%Y-%m-%d}" for day in days]
    words, before = [], ""
    for word in column["words"]:
        before = before[: DIGITS.index(word[0])] + word[1:]
        words.append(before)
    cells = re.findall(f".{{{column['width']}}}", column["places"])
    return [words[sum(DIGITS.index(c) * 64**i for i, c in enumerate(cell[::-1]))] for cell in cells]


# -- numbers --------------------------------------------------------------------------------


def test_the_counts_are_pythons_for_every_rule_year_and_day(data, launches):
    assert [rule["name"] for rule in data["rules"]] == list(RULES)
    n_days = 0
    for rule in data["rules"]:
        curve = cumulative(launches, rule["name"], years=YEARS, as_of=last_day())
        for year, days in curve.groupby("year"):
            counts, _ = counts_of_year(data, rule, year, len(days))
            np.testing.assert_array_equal(counts, days["n"], err_msg=f"{rule['name']} {year}")
            n_days += len(days)
    assert n_days == len(RULES) * (last_day() - pd.Timestamp("1983-12-31")).days


def test_lower_bounds_are_pythons(data, launches):
    until = ["2024-02-29", "2025-11-09", f"{last_day():%Y-%m-%d}"]
    for place, rule in enumerate(data["rules"]):
        as_of = until[place % 3]
        table = year_to_date(launches, rule["name"], years=YEARS, as_of=as_of)
        for row in table.itertuples():
            n, exact = counts_of_year(data, rule, row.year, row.days)
            is_cut = row.year == last_day().year and as_of.endswith("11-09")
            assert (n[-1], bool(exact[-1]) and not is_cut) == (row.n, row.exact)


def test_the_sentences_are_pythons(data, launches):
    rng = np.random.default_rng(16)
    span = (last_day() - pd.Timestamp("1984-01-01")).days
    for rule in data["rules"]:
        drawn = pd.Timestamp("1984-01-01") + pd.to_timedelta(rng.integers(0, span, 3), "D")
        for day in (last_day(), *drawn):
            n, exact = counts_of_year(data, rule, day.year, day.day_of_year)
            bound = "" if exact[-1] else "+"
            said = rule["sentences"]
            sentence = said.get(f"{n[-1]}{bound}") or said[f"n{bound}"]
            sentence = sentence.replace("{n}", f"{n[-1]:,}")
            sentence = sentence.replace("{day}", f"{day.day} {day:%B %Y}")
            assert sentence == describe_count(launches, rule["name"], as_of=day)


def test_the_rows_marked_are_those_that_a_rule_counts(data, launches):
    for rule in data["rules"]:
        marks = np.unpackbits(np.frombuffer(bytes.fromhex(rule["rows"]), np.uint8))
        marked = launches[marks[: len(launches)].astype(bool)]
        days = marked.loc[marked["date_precision"] == "day", "launch_id"]
        rows = counted_rows(launches, rule["name"], start="1983-12-31", end=last_day())
        assert set(days) == set(rows["launch_id"])


def test_tables_hold_the_cells_of_the_record(data):
    for name, dropped in SHOWN.items():
        table = pd.read_csv(
            ROOT / "data" / "processed" / f"{name}.csv", dtype="str", keep_default_na=False
        )
        shown = {key: text_column(column) for key, column in data["tables"][name].items()}
        pd.testing.assert_frame_equal(pd.DataFrame(shown), table.drop(columns=list(dropped)))


def test_rare_letters_survive_packing():
    cells = ["\U0001f680\U0001f680 one", "\U0001f680\U0001f680 two", "é a", "é b", "a" * 90, ""] * 9
    column = packed(pd.DataFrame({"cell": cells}))["cell"]
    assert "words" in column
    assert text_column(column) == cells


def test_the_page_opens_on_the_running_year(page, launches):
    answer = between(page, 'class="answer" aria-live="polite">', "</p>")
    assert answer == f"{describe_count(launches, 'cnn', as_of=last_day())}."


# -- what it is made of ---------------------------------------------------------------------


class Parts(HTMLParser):
    """Tags with their attributes, in order, and what scripts and styles hold."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.held: dict[str, list[str]] = {"script": [], "style": []}
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside = tag

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside in self.held:
            self.held[self.inside].append(data)


@pytest.fixture(scope="module")
def parts(page: str) -> Parts:
    return Parts(page)


def test_nothing_asks_for_anything_outside(parts):
    names = {"src", "href", "srcset", "action", "data", "poster", "formaction", "style"}
    asked = [
        (tag, value)
        for tag, attributes in parts.tags
        for name, value in attributes.items()
        if name in names or name.startswith("on") or "http" in (value or "")[:8]
    ]
    assert {tag for tag, _ in asked} == {"a", "img"}
    for tag, value in asked:
        assert value.startswith("#" if tag == "a" else "data:image/svg+xml,")
    script, style = parts.held["script"][-1], parts.held["style"][0]
    for word in ("fetch", "XMLHttp", "WebSocket", "import(", "innerHTML", "eval(", "Function("):
        assert word not in script
    assert "http://www.w3.org/2000/svg" in script
    assert script.count("http") == 2, "the name space and the pattern of a link"
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_allows_what_stands_there_and_nothing_else(parts):
    (policy,) = (
        attributes["content"]
        for tag, attributes in parts.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    for name, text in (
        ("style-src", parts.held["style"][0]),
        ("script-src", parts.held["script"][-1]),
    ):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[name] == f"'sha256-{digest}'"
    assert set(rules) == {
        "default-src", "style-src", "script-src", "img-src", "base-uri", "form-action",
    }  # fmt: skip


def test_it_weighs_little_beside_the_figures(page):
    figures = between(page, '<div class="gallery">', "</section>")
    numbers = between(page, '<script type="application/json" id="numbers">', "</script>")
    assert len(page.encode()) - len(figures.encode()) - len(numbers.encode()) <= 400_000


def test_every_figure_stands_there_with_its_numbers(page, parts):
    numbers = json.loads(between(page, 'id="numbers">', "</script>"))
    shown = [attributes for tag, attributes in parts.tags if tag == "img"]
    files = sorted(FIGURES.glob("*.csv"))
    assert list(numbers) == [path.stem for path in files]
    assert numbers == {path.stem: path.read_text("utf-8") for path in files}
    assert len(shown) == len(files)
    for path, picture in zip(files, shown, strict=True):
        svg = path.with_suffix(".svg").read_text("utf-8")
        assert picture["src"] == as_address(svg)
        assert len(picture["alt"]) > 40


HOSTILE = [
    "</script><img id=bad src=x onerror=\"document.ran='yes'\">",
    "<!--<script>", "]]>", "\u2028'\"`${document.ran=1}", "{{script}}", "\U0001f680 & <b>",
]  # fmt: skip


def test_words_of_the_data_are_no_markup(parts):
    cells, pictures = read_cells(), read_pictures(FIGURES)
    for table in cells.values():
        for place, cell in enumerate(HOSTILE):
            for column in {"note", "title", "label", "definition", "site_name"} & set(table):
                table.loc[place, column] = cell
    cells["launches"].loc[: len(HOSTILE) - 1, "klass"] = HOSTILE
    pictures[0] = pictures[0]._replace(alt=HOSTILE[0], question=HOSTILE[0], csv="n\n" + HOSTILE[0])
    hostile = compose(cells, pictures)
    found = Parts(hostile)
    options = [tag for tag, _ in found.tags].count("option") - len(HOSTILE)
    assert [tag for tag, _ in found.tags if tag != "option"] == [
        tag for tag, _ in parts.tags if tag != "option"
    ]
    assert options <= [tag for tag, _ in parts.tags].count("option")
    assert text_column(data_of(hostile)["tables"]["launches"]["note"])[: len(HOSTILE)] == HOSTILE


# -- bytes and freshness --------------------------------------------------------------------


@pytest.mark.slow
def test_other_zones_and_languages_give_the_same_bytes(page, tmp_path):
    strange = {
        "TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0",
        "PYTHONHASHSEED": "4242",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "analysis.page", "--out", str(tmp_path)],
        cwd=ROOT, env=os.environ | strange, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "report.html").read_bytes() == page.encode()


def test_it_is_written_when_its_content_would_change(monkeypatch, tmp_path):
    monkeypatch.setattr("analysis.page.compose.compose", lambda *_: "page")
    figures, out = tmp_path / "figures", tmp_path / "out"
    figures.mkdir()
    for path in FIGURES.glob("*.*"):
        (figures / path.name).write_bytes(path.read_bytes())
    assert write_page(out, figures)
    assert not write_page(out, figures)
    (out / "report.html").write_text("mine")
    assert write_page(out, figures)
    (figures / "02-year-to-date.csv").write_text("n\n1\n")
    assert write_page(out, figures)
    assert not write_page(out, figures)
    assert sorted(path.name for path in out.iterdir()) == [".build", "report.html"]


def test_a_missing_figure_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"01-.*\.svg is missing: run `make figures`"):
        write_page(tmp_path / "out", Path(tmp_path))
    assert not (tmp_path / "out" / "report.html").exists()

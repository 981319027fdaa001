"""Cells that would run, steer or break whatever shows them: each is read as text, or refused.

The cells stand in hostile_cells.csv. What becomes of them is judged by what shows them: the parser
of a browser's HTML, Markdown's, XML's, matplotlib, a spreadsheet; and by a real browser in
test_browser.py.
"""

import html.parser
import io
import re
import shutil
import xml.etree.ElementTree as ET
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import (
    RecordError,
    describe_count,
    event_study,
    load_events,
    load_launches,
    read_events,
    read_groups,
    read_launches,
    read_rules,
    save_table,
)
from analysis.__main__ import main
from analysis.escape import for_attribute, for_html, for_markdown, for_terminal, only_markdown
from analysis.record.build import build
from analysis.record.check import check, read_text
from analysis.record.files import RAW
from analysis.record.package import write_package
from analysis.record.problems import Problem
from analysis.record.schema import TABLES

CELLS = pd.read_csv(
    Path(__file__).with_name("hostile_cells.csv"), dtype="str", keep_default_na=False
)["cell"].tolist()
#: Cannot stand in a file of the record: refused where they are read, escaped where they are not.
STEERING = [
    "\x1b[31mred", "\x1b]0;title\x07", "\x1b]8;;http://192.0.2.1\x07link\x1b]8;;\x07", "\x9b2J",
    "\x08\x08\x08", "\x00", "\x7f", "a\rb", "\u202eexe.csv", "\u2066x\u2069", "\u2028x", "\ufeffx",
    "\U000e0041", "\x85x", "\x1b[2J\x1b[1;1H",
]  # fmt: skip
each_cell = pytest.mark.parametrize("cell", CELLS + STEERING, ids=range(len(CELLS + STEERING)))


@pytest.fixture(autouse=True)
def nothing_touched(tmp_path, monkeypatch):
    """Commands in cells that touch HERE would leave a file in the working folder."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    yield
    assert not list(work.rglob("*HERE*"))


def words(text: str) -> str:
    """A cell on one line, as it must read when shown."""
    return for_terminal(" ".join(text.split()))


class Tags(html.parser.HTMLParser):
    """Every tag with its attributes, and the text between them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.names: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.names += [f"{name}={value}" for name, value in attrs]

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.tags.append("comment")


# -- one text, each place it is put -----------------------------------------------------------


@each_cell
def test_html_shows_a_cell_as_it_stands_and_no_mathematics(cell):
    seen = Tags(f"<p>{for_html(cell)}</p>")
    assert seen.text == words(cell)
    assert set(seen.tags) <= {"p", "span"}
    # the two halves of mathematics never stand in one run of text
    assert not re.search(r"\$[^<]|\\[^<]", for_html(cell))


@each_cell
@pytest.mark.parametrize("quote", ["'", '"'])
def test_an_attribute_holds_a_cell_and_ends_where_it_should(cell, quote):
    seen = Tags(f"<img alt={quote}{for_attribute(cell)}{quote}>")
    assert seen.names == [f"alt={words(cell)}"]


@each_cell
def test_a_cell_of_a_markdown_table_reads_as_it_stands(cell):
    mistune = pytest.importorskip("mistune")
    table = f"| a | b |\n| --- | --- |\n| {for_markdown(cell)} | last |\n"
    read = mistune.create_markdown(escape=False, plugins=["table", "strikethrough", "url"])(table)
    rows = re.findall(r"<td>(.*?)</td>", read, flags=re.S)
    assert len(rows) == 2
    assert rows[1] == "last"
    seen = Tags(rows[0])
    assert seen.text == words(cell)
    assert set(seen.tags) <= {"span", "a"}
    assert all(re.match("href=https?://", name) for name in seen.names)


@each_cell
def test_markdown_with_a_cell_holds_no_tag_of_it(cell):
    mistune = pytest.importorskip("mistune")
    read = mistune.create_markdown(escape=False, plugins=["table", "url"])(only_markdown(cell))
    seen = Tags(read)
    plain = {"p", "span", "a", "em", "strong", "code", "pre", "ul", "li", "h1", "table", "thead",
             "tbody", "tr", "th", "td", "br", "blockquote"}  # fmt: skip
    assert set(seen.tags) <= plain
    assert all(re.match(r"href=(https?://|[\w./#-]+$)", name) for name in seen.names)
    assert not re.search(r"\$[^<]|\\[^<]", only_markdown(cell))


@each_cell
def test_a_terminal_gets_no_character_that_steers_it(cell):
    shown = str(RecordError([Problem(cell, 3, cell, cell, cell, cell)]))
    assert shown.count("\n") == 1
    assert all(character.isprintable() or character in "\n\u200d" for character in shown)


def test_markdown_keeps_what_its_author_wrote():
    text = (
        "> **32** `days` [a page](https://example.org) [a file](figures/01.csv)\n\n- 5 & 7\n- *x*"
    )
    assert only_markdown(text) == text


# -- a user's files ---------------------------------------------------------------------------


def hostile_launches(folder: Path) -> Path:
    own = load_launches(families="ballistic").head(len(CELLS))
    texts = ("name", "site_name", "note", "mine")
    own = own.assign(**dict.fromkeys(texts, CELLS), launched_at=None)
    path = folder / "mine.csv"
    own.to_csv(path, index=False)
    return path


def hostile_events(folder: Path) -> Path:
    own = load_events("drill").head(len(CELLS))
    own = own.assign(**dict.fromkeys(("title", "place", "source", "note"), CELLS))
    path = folder / "events.csv"
    own.to_csv(path, index=False)
    return path


def hostile_groups(folder: Path) -> Path:
    path = folder / "groups.csv"
    filters = ["category == 'drill'"] * len(CELLS)
    text = {"group": CELLS, "label": CELLS, "sentence": CELLS, "filter": filters}
    pd.DataFrame(text).to_csv(path, index=False)
    return path


def unlike(read: pd.Series, cells: list[str]) -> list[tuple[str, str]]:
    return [(a, b) for a, b in zip(read.fillna(""), cells, strict=True) if a != b]


def test_launches_keep_every_cell_and_run_none(tmp_path):
    read = read_launches(hostile_launches(tmp_path))
    for column in ("name", "site_name", "note", "mine"):
        assert unlike(read[column], CELLS) == [], column
    assert "2022" in describe_count(read, "missiles", as_of="2022-01-31")


def test_events_keep_every_cell_and_run_none(tmp_path):
    read = read_events(hostile_events(tmp_path))
    assert unlike(read["title"], CELLS) == []


@pytest.mark.parametrize("cell", STEERING, ids=range(len(STEERING)))
def test_what_steers_a_terminal_is_refused_where_it_stands(cell, tmp_path):
    path = hostile_events(tmp_path)
    own = pd.read_csv(path, dtype="str", keep_default_na=False)
    own["title"] = "an event"
    own.loc[2, "title"] = f"x{cell}y"
    own.to_csv(path, index=False, lineterminator="\n")
    with pytest.raises(RecordError) as caught:
        read_events(path)
    assert str(path) in str(caught.value)
    assert all(problem.line for problem in caught.value.problems)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", str(caught.value))


def test_a_rule_of_a_hostile_name_is_printed_as_it_stands(tmp_path, launches):
    path = tmp_path / "rules.csv"
    pd.DataFrame({"name": CELLS, "unit": "day", "definition": CELLS}).to_csv(path, index=False)
    rules = read_rules(path)
    assert list(rules) == CELLS
    for rule in rules.values():
        assert describe_count(launches, rule, as_of="2022-01-31").startswith("By 31 January 2022")


# -- pictures ---------------------------------------------------------------------------------


@pytest.fixture
def axes(plot_style):
    """Axes as a user has them: matplotlib's own settings, which read mathematics."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["text.parse_math"] = True
    return Figure(figsize=(8, 20)).add_subplot()


def texts_of(ax):
    from matplotlib.text import Text

    return [text for text in ax.figure.findobj(Text) if text.get_text()]


def drawable(cells):
    """Without letters that matplotlib's own font lacks, of which it would warn."""
    return [cell[:60] for cell in cells if re.fullmatch(r"[\x20-\x7e]*", cell)]


def test_groups_of_hostile_names_are_drawn_as_they_stand(tmp_path, axes, launches, events):
    from analysis.plot import plot_effects, save

    groups = read_groups(hostile_groups(tmp_path))
    assert unlike(groups["group"], CELLS) == []
    groups = groups[groups["group"].isin(drawable(CELLS))].drop(columns="label")
    study = event_study(
        launches,
        events,
        "days",
        by=groups,
        start="2012-01-01",
        end="2025-12-31",
    )
    plot_effects(study.head(40), ax=axes)
    written = [text.get_text() for text in axes.get_yticklabels()]
    for cell, label in zip(study["group"].head(40), written, strict=True):
        assert label.startswith(cell.replace("_", " "))
    for text in texts_of(axes):
        assert text._preprocess_math(text.get_text()) == (text.get_text(), False)
    paths = save(axes.figure, tmp_path / "picture", title=CELLS[0], alt="\n".join(CELLS + STEERING))
    check_svg(paths[1])


def check_svg(path: Path) -> None:
    """An SVG that holds shapes alone: no script, no handler, no address but of its own parts."""
    root = ET.parse(path).getroot()
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2]
        assert tag in {"svg", "title", "desc", "metadata", "RDF", "Work", "type", "format",
                       "defs", "style", "g", "path", "use", "clipPath", "rect"}, tag  # fmt: skip
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            if name.endswith("href"):
                assert value.startswith("#")
    desc = next(root.iter("{http://www.w3.org/2000/svg}desc")).text or ""
    assert all(cell in desc for cell in drawable(CELLS))


@pytest.mark.parametrize("usetex", [False, True])
def test_no_text_of_a_picture_is_given_to_tex(usetex, axes):
    import matplotlib as mpl

    from analysis.plot import plot_published

    mpl.rcParams["text.usetex"] = usetex
    held = pd.DataFrame({"value": [1, 2], "observed": [1, 3], "agrees": [True, False]})
    plot_published(held.assign(low=1, high=3, comparison="exact"), ax=axes, source="\\input{x} $x$")
    assert not any(text.get_usetex() for text in texts_of(axes))
    axes.figure.canvas.draw()


# -- a notebook -------------------------------------------------------------------------------


@pytest.fixture
def shown(monkeypatch):
    """What a notebook would be given, as a list of its forms."""
    display = pytest.importorskip("IPython.display")
    given: list[dict[str, str]] = []

    def keep(thing, *, raw=False, metadata=None):
        if raw:
            given.append(thing)
        elif isinstance(thing, display.Markdown):
            given.append({"text/markdown": thing.data})

    monkeypatch.setattr(display, "display", keep)
    return given


def test_a_table_in_a_notebook_shows_every_cell_without_mathematics(shown):
    from analysis.notebook import show_table

    cells = CELLS + STEERING
    with pd.option_context("display.max_colwidth", None):
        show_table(pd.DataFrame({"<b>$x$": cells, "n": 1.0}), caption="$5 <img src=x> $7")
    (table,) = shown
    seen = Tags(table["text/html"])
    ours = {"style", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "span"}
    assert set(seen.tags) <= ours
    assert "mathjax_ignore" in " ".join(seen.names)
    assert all(for_terminal(cell) in seen.text for cell in cells)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", table["text/plain"])


def test_an_alternative_text_in_a_notebook_is_text(shown, plot_style):
    from matplotlib.figure import Figure

    from analysis.notebook import show_figure

    for cell in CELLS:
        show_figure(Figure().add_subplot(), caption=f"c {cell}", alt=f"a {cell}")
    for given, cell in zip(shown, CELLS, strict=True):
        figure = Tags(given["text/html"])
        said = figure.text.partition("Figure. c ")[2]
        assert said.replace("`", "") == words(cell).replace("`", "")  # these set as code
        assert set(figure.tags) <= {"style", "figure", "img", "figcaption", "span", "code"}


def test_the_widget_escapes_its_sentence(launches, monkeypatch, plot_style):
    pytest.importorskip("ipywidgets")
    from analysis import explore

    for cell in CELLS:
        monkeypatch.setattr(explore, "_answered", lambda *_a, said=cell, **_k: (said, "data:,"))
        _, sentence, _, curve = explore.explore_year_to_date(launches).children
        assert Tags(sentence.value).text == words(cell)
        assert f"alt={words(cell)}" in Tags(curve.value).names


# -- files ------------------------------------------------------------------------------------


def test_no_cell_of_a_saved_table_is_a_formula(tmp_path):
    frame = pd.DataFrame({"cell": CELLS, "=1+1": CELLS}).astype({"=1+1": "category"})
    for cell in (
        pd.read_csv(save_table(frame, tmp_path / "x.csv"), dtype="str", keep_default_na=False)
        .to_numpy()
        .ravel()
    ):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    header = (tmp_path / "x.csv").read_text("utf-8").splitlines()[0]
    assert not re.search(r"(^|,)=", header)


def test_no_cell_of_a_saved_workbook_is_a_formula(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    frame = pd.DataFrame({"cell": CELLS, "=1+1": CELLS})
    sheet = openpyxl.load_workbook(save_table(frame, tmp_path / "x.xlsx")).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n"}


# -- the build --------------------------------------------------------------------------------


def free_text(name: str) -> list[str]:
    """Columns of a raw table in which any words may stand."""
    return [
        column.name
        for column in TABLES[name].typed
        if column.kind == "text"
        and not (column.pattern or column.values or column.refers or column.many)
        and column.name not in TABLES[name].key
    ]


def built_or_refused(raw: Path, file: str, columns: list[str]) -> dict[str, pd.DataFrame] | None:
    """The tables, or None after an error that names cells of the file, or filters of its words."""
    try:
        return build(raw)
    except RecordError as error:
        problems = error.problems
    where = {(Path(p.file).name, p.column) for p in problems}
    assert where <= {(file, column) for column in columns} | {("groups.csv", "filter")}
    assert all(p.line > 1 for p in problems)
    return None


QUICK = ("launches", "groups", "events_talks")
EACH_RAW_TABLE = [
    pytest.param(file, marks=[pytest.mark.slow] * (file.stem not in QUICK), id=file.stem)
    for file in sorted(RAW.glob("*.csv"))
]


@pytest.mark.parametrize("file", EACH_RAW_TABLE)
def test_the_build_keeps_every_cell_or_says_where_it_stands(file, tmp_path):
    raw = shutil.copytree(RAW, tmp_path / "raw")
    name = next(name for name, table in TABLES.items() if file.name in table.files)
    table = pd.read_csv(raw / file.name, dtype="str", keep_default_na=False)
    columns = [c for c in free_text(name) if c not in ("filter", "outlet", "paraphrase")]
    rng = np.random.default_rng(11)
    for column in columns:
        table[column] = rng.permutation(np.resize(CELLS, max(len(table), 1)))[: len(table)]
    table.to_csv(raw / file.name, index=False, lineterminator="\n")
    built = built_or_refused(raw, file.name, columns)
    if built is None:
        return
    folder = tmp_path / "processed"
    folder.mkdir()
    write_package(built, "test", folder)
    again, problems = check(read_text(folder / f"{name}.csv", TABLES[name]), TABLES[name])
    assert problems == []
    for column in columns:
        pd.testing.assert_series_equal(again[column], built[name][column], check_index=False)


def test_the_command_line_steers_no_terminal():
    said = io.StringIO()
    with redirect_stdout(said):
        main(["rules", "--as-of", "2022-11-09"])
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", said.getvalue())
    assert main(["count", "--rule", "\x1b[31m", "--as-of", "2022-11-09"]) == 1

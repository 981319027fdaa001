"""Pages of the site that code writes; the site itself is built by `make docs` and .ci/run."""

import re
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("statsmodels")
pytest.importorskip("nbformat")

from analysis import DATA_VERSION, RULES, describe
from analysis.figures import FIGURES
from analysis.record.schema import TABLES
from tools import pages, site, worked

ROOT = Path(__file__).parent.parent


def test_every_rule_is_defined_with_its_number_and_its_source():
    page = pages.rules_page()
    for name, rule in RULES.items():
        entry = page.partition(f"### `{name}`")[2].partition("### ")[0]
        assert rule.calendar in entry
        assert "- this year: " in entry
        assert "- read in: " in entry


def test_every_column_and_every_word_is_explained():
    written = pages.table_pages()
    assert {f"tables/{name}.md" for name in TABLES} < set(written)
    for name, table in TABLES.items():
        for column in table.columns:
            assert f"| `{column.name}` |" in written[f"tables/{name}.md"]
    words = describe("events", "kind")
    for row in words.itertuples():
        assert f"| `{row.value}` | {row.meaning} |" in written["tables/events.md"]


def test_every_proof_is_shown_with_what_it_shows():
    written = pages.proof_pages()
    for name in pages.proof_names():
        assert f"proofs/{name}.md" in written
        assert "| least | median | most |" in pages.proven_block(name)


def test_words_of_code_are_set_as_code_and_nothing_else_is_marked():
    assert pages.with_code("whether `date_zone` is *not* `KST` | <b>") == (
        "whether `date_zone` is &#42;not&#42; `KST` &#124; &#60;b&#62;"
    )
    written = pages.table_pages() | pages.proof_pages()
    assert [place for place, text in written.items() if "&#96;" in text] == []


def test_every_rule_is_counted_in_a_unit():
    rows = re.findall(r"^\| \[`\w+`\].*\| (.+?) \|$", pages.rules_page(), flags=re.M)
    assert len(rows) == len(RULES)
    assert set(rows) <= {"missiles", "salvos", "days", "records"}


def test_each_method_of_frequency_shows_its_numbers_on_this_record():
    text = (ROOT / "docs" / "methods.md").read_text("utf-8")
    tables = worked.worked_pages()
    assert re.findall(r"worked/\w+\.md", text) == list(tables)
    for table in tables.values():
        heads = next(line for line in table.split("\n") if line.startswith("| ")).split(" | ")
        assert "_" not in "".join(heads)
        assert table.startswith("*On this record:* ")


def test_every_figure_is_shown_with_the_lines_that_draw_it():
    page = pages.gallery_page()
    for figure in FIGURES:
        assert f"figures/{figure.name}.svg" in page
        assert f"def {figure.function.partition(':')[2]}(" in page
    assert ":alt: \n" not in page


def test_every_method_is_cited_with_a_doi_or_as_a_book():
    text = (ROOT / "docs" / "methods.md").read_text("utf-8")
    entries = re.findall(r"^- [A-Z].*?(?=^- |^```|^#|^$)", text, flags=re.M | re.S)
    assert len(entries) > 20
    without = [e for e in entries if "doi.org" not in e]
    assert all("Wiley" in e or "Official Statistics" in e for e in without), without
    for included in re.findall(r"proven/(\w+)\.md", text):
        assert included in pages.proof_names()


@pytest.mark.slow
def test_who_cites_finds_the_versions_of_today(tmp_path):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for name in ("CITATION.bib", "CITATION.cff"):
        assert project["version"] in (ROOT / name).read_text("utf-8")
    site.gather(tmp_path / "site")
    assert f"Data version {DATA_VERSION}." in (tmp_path / "site" / "CITATION.bib").read_text(
        "utf-8"
    )
    assert (tmp_path / "site" / "notebooks" / "01-the-record.ipynb").is_file()

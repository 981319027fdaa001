"""Every notebook runs wherever it is copied, says what it must, and is stored as it ran."""

import ast
import os
import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

from tools.notebooks import NOTEBOOKS, NotebookError, as_text, run, strip

#: Pixels, inside the HTML of a figure; they may differ by machine.
PICTURE = re.compile(r"data:image/png;base64,[\w+/=]+")
PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
LIST = NOTEBOOKS / "README.md"
each_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


@cache
def stored(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in stored(path).cells if cell.cell_type == "code"]


def prose(path: Path) -> str:
    return "\n".join(cell.source for cell in stored(path).cells if cell.cell_type == "markdown")


def shown(cells: list[nbformat.NotebookNode]) -> str:
    """The Markdown that code put out."""
    outputs = [output for cell in cells for output in cell.outputs]
    return "\n".join(output.get("data", {}).get("text/markdown", "") for output in outputs)


def without_pictures(notebook: nbformat.NotebookNode) -> list[object]:
    """What must be the same everywhere; pixels may differ by machine."""
    kept = []
    for cell in notebook.cells:
        outputs = []
        for output in cell.get("outputs", []):
            data = {
                kind: PICTURE.sub("", v) if isinstance(v, str) else v
                for kind, v in output.get("data", {}).items()
            }
            outputs.append(
                (output.output_type, output.get("text"), sorted(output.get("data", {})), data)
            )
        kept.append((cell.cell_type, cell.source, cell.get("execution_count"), outputs))
    return kept


@each_notebook
def test_runs_in_another_folder_and_is_stored_as_it_ran(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    fresh = run(copy)
    assert without_pictures(fresh) == without_pictures(stored(path)), (
        f"{path.name} differs from its stored copy: run `make notebooks`"
    )
    assert os.listdir(tmp_path) == [path.name], "a notebook leaves files behind"  # noqa: PTH208


@each_notebook
def test_is_stored_whole_and_clean(path: Path) -> None:
    notebook = stored(path)
    assert [cell.execution_count for cell in code(path)] == list(range(1, len(code(path)) + 1))
    assert as_text(strip(notebook)) == path.read_text("utf-8")
    assert notebook.metadata.kernelspec.name == "python3"
    outputs = [output for cell in code(path) for output in cell.outputs]
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]
    assert not re.search(r"/(root|home|tmp|work|Users)/", path.read_text("utf-8"))


@each_notebook
def test_headings_make_a_table_of_contents(path: Path) -> None:
    headings = re.findall(r"^(#+) (.+)$", prose(path), flags=re.MULTILINE)
    first = [text for marks, text in headings if marks == "#"]
    second = [text for marks, text in headings if marks == "##"]
    assert len(first) == 1
    assert first[0].endswith("?"), "a notebook opens with its question"
    assert [text.partition(". ")[0] for text in second] == [
        str(number) for number in range(1, len(second) + 1)
    ]
    assert "can and cannot say" in second[-1]


@each_notebook
def test_shows_its_answer_within_the_first_screen(path: Path) -> None:
    cells = stored(path).cells[:3]
    assert [cell.cell_type for cell in cells] == ["markdown", "code", "code"]
    shown_first = [output.get("data", {}).get("text/html", "") for output in cells[2].outputs]
    assert any(PICTURE.search(html) for html in shown_first)


@each_notebook
def test_every_picture_and_table_has_its_words(path: Path) -> None:
    pictures = 0
    for cell in code(path):
        for output in cell.outputs:
            data = output.get("data", {})
            html = data.get("text/html", "")
            assert "image/png" not in data, "a picture is stored once, in its figure"
            if PICTURE.search(html):
                pictures += 1
                (alt,) = re.findall(r"<img alt='([^']*)'", html)
                assert len(alt) > 40
                # the still picture of the widget has its sentence and a hint in place of a caption
                assert re.search(r"<figcaption>Figure\. \S|<em>A picture that stands still", html)
            elif "<table" in html:
                assert re.search(r"<caption>Table\. \S", html)
                assert html.count("<th ") == html.count("<th scope='col'>") >= 2
                assert "NA>" not in html
    assert pictures >= 1


#: What a column of numbers holds: something counted, a number without unit, or a unit named.
COUNTED = r"rows|events|missiles|launches|claims|(launch|test) days|days|years|forecasts|rank|year"
WITHOUT_UNIT = r"p|share|ratio|rate ratio|E-value|probability"
UNIT = r".*\((km|days?|launch days|missiles|events|rows|share|weight|p|adjusted p|ratio|rate ratio"
UNIT += r"|two-sided p|0 to 1|1 to 3, 0 all|smaller is better|at least|probability, or launches"
UNIT += r"|missiles, salvos or days)\)"
HEADING = re.compile(
    rf"{UNIT}|(.* )?({COUNTED})( .*)?|(.* )?({WITHOUT_UNIT})|(share|ratio|probability) .*"
)


@each_notebook
def test_every_column_of_numbers_names_its_unit(path: Path) -> None:
    for cell in code(path):
        for html in (o.get("data", {}).get("text/html", "") for o in cell.outputs):
            heads = re.findall(r"<th scope='col'>(.*?)</th>", html)
            right = re.search(r"<table class='([^']*)'", html)
            for place in re.findall(r"right-(\d+)", right[1] if right else ""):
                name = heads[int(place) - 1]
                if name.endswith(("95 % from", "95 % to")):  # in the unit of the column before
                    name = next(n for n in heads[int(place) - 2 :: -1] if "95 %" not in n)
                assert HEADING.fullmatch(name), f"{name!r} of {heads}"


@each_notebook
def test_the_code_of_the_opening_cells_is_folded_away(path: Path) -> None:
    for cell in stored(path).cells[1:3]:
        assert cell.metadata["jupyter"] == {"source_hidden": True}
        assert "hide-input" in cell.metadata["tags"]


@each_notebook
def test_a_sentence_in_bold_answers_beside_the_first_picture(path: Path) -> None:
    assert "**" in shown(code(path)[1:3])


@each_notebook
def test_exported_it_has_alternative_texts_captions_and_scopes(path: Path) -> None:
    from nbconvert import HTMLExporter

    page, _ = HTMLExporter().from_notebook_node(stored(path))
    body = page.partition("<body")[2]
    assert "No description has been provided" not in body
    pictures = re.findall(r"<img [^>]*", body)
    assert all(re.search(r"""alt=("[^"]{40}|'[^']{40})""", picture) for picture in pictures)
    assert body.count("<figcaption>") >= 1
    assert body.count("<table") == body.count("<caption>")
    assert body.count("<th>") == 0


@each_notebook
def test_code_is_short_and_holds_no_logic(path: Path) -> None:
    for cell in code(path):
        assert len(cell.source.splitlines()) <= 22, cell.source
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.ClassDef | ast.While | ast.AsyncFunctionDef)
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < 2, f"{node.name} belongs into the package"
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.match(r"(\.\./|\./|data/|figures/|notebooks/)", node.value), (
                    node.value
                )


@each_notebook
def test_prose_holds_no_numbers_that_code_could_print(path: Path) -> None:
    text = re.sub(r"`[^`]*`|^#+ .*$", "", prose(path), flags=re.MULTILINE)
    numbers = re.findall(r"(?<![\w-])\d[\d,.]*(?!\w)", text)
    assert set(numbers) <= {"9"}, f"let code print {numbers}"  # UTC+9


@each_notebook
def test_ends_with_the_last_day_and_the_versions(path: Path) -> None:
    last = shown(code(path)[-1:])
    assert re.search(r"Last day of record: \*\*\d{4}-\d\d-\d\d\*\*", last)
    assert "pandas" in last


def test_text_on_stderr_is_a_failure(tmp_path: Path) -> None:
    cell = nbformat.v4.new_code_cell("import warnings; warnings.warn('careful')")
    bad = tmp_path / "bad.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), bad)
    with pytest.raises(NotebookError, match="careful"):
        run(bad)


def test_the_list_of_notebooks_names_each_with_its_question_in_reading_order() -> None:
    listed = re.findall(r"^\d+\. \[(.+?)\]\((.+?)\)", LIST.read_text("utf-8"), flags=re.MULTILINE)
    assert listed == [
        (stored(path).cells[0].source.split("\n")[0][2:], path.name) for path in PATHS
    ]

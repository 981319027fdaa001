"""Report figures: drawn when their inputs changed, all formats together, or not at all."""

import re
import subprocess
import sys

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import analysis.record.load
from analysis import figures
from analysis.figures import FIGURES, make
from analysis.figures.__main__ import main
from analysis.figures.drawing import Drawing

from .copies import ROOT, command, contents, rewrite

ONE = FIGURES[1]
ANNOTATIONS = "from __future__ import annotations\n"
AND_MORE = f"{ANNOTATIONS}import sys\n"


def test_names_are_numbered_and_each_asks_a_question() -> None:
    numbers = [int(figure.name.partition("-")[0]) for figure in FIGURES]
    assert numbers == list(range(1, len(FIGURES) + 1))
    assert len({figure.function for figure in FIGURES}) == len(FIGURES)
    assert all(figure.question.endswith("?") for figure in FIGURES)


def test_every_function_marked_as_a_figure_is_listed() -> None:
    marked = re.compile(r"@report_figure\(\s*\"([^\"]+)\"")
    sources = (ROOT / "analysis" / "figures").glob("*.py")
    names = [name for path in sources for name in marked.findall(path.read_text("utf-8"))]
    assert sorted(names) == [figure.name for figure in FIGURES]
    with pytest.raises(ValueError, match="unknown figure '99-none': expected 01-"):
        figures.draw("99-none")


def test_every_figure_comes_with_its_numbers_and_its_words() -> None:
    from PIL import Image

    drawn = ROOT / "figures"
    for figure in FIGURES:
        svg = (drawn / f"{figure.name}.svg").read_text("utf-8")
        assert f'<title id="title">{figure.question}</title>' in svg
        with Image.open(drawn / f"{figure.name}.png") as image:
            assert len(image.text["Description"]) > 60
            assert 1300 <= image.width <= 1500
        assert len(pd.read_csv(drawn / f"{figure.name}.csv")) > 1


def test_finding_nothing_to_do_imports_nothing_heavy() -> None:
    script = (
        "import sys; from analysis.figures import __main__, make, FIGURES;"
        "[make._inputs(figure) for figure in FIGURES];"
        "print(sorted({'pandas', 'numpy', 'matplotlib', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_committed_numbers_are_those_drawn_now_from_declared_tables(figure, monkeypatch) -> None:
    load = analysis.record.load._load
    seen: set[str] = set()

    def spy(name: str) -> pd.DataFrame:
        seen.add(name)
        return load(name)

    monkeypatch.setattr(analysis.record.load, "_load", spy)
    drawing = figures.draw(figure.name)
    plt.close(drawing.figure)
    assert re.search(r"\d|None|Nowhere", drawing.answer), "a figure states its answer, computed"
    assert 40 < len(drawing.answer) <= 300
    assert drawing.alt.startswith(drawing.answer)
    assert seen <= set(figure.tables)
    assert make.numbers(drawing) == (ROOT / "figures" / f"{figure.name}.csv").read_bytes()


def draw(folder, *names):
    """Draw figures in a copy of the checkout; return what the command says."""
    done = command(folder, "analysis.figures", *names)
    return done.stdout.strip() or done.stderr.strip()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("data/raw/launches.csv", "CNS best estimate", "CNS best guess"),
        ("analysis/figures/counting.py", ANNOTATIONS, AND_MORE),
        ("analysis/counting/tally.py", ANNOTATIONS, AND_MORE),
        ("figures/02-year-to-date.svg", "<svg", "<svg "),
        ("figures/02-year-to-date.csv", "1", "2"),
        (".build/02-year-to-date.json", '"inputs"', '"inp'),
    ],
)
def test_a_figure_is_drawn_when_table_code_output_or_note_changed(checkout, file, old, new):
    draw(checkout, ONE.name)
    drawn = contents(checkout / "figures")
    assert draw(checkout, ONE.name) == "figures: 0 drawn, 1 up to date"
    rewrite(checkout / file, old, new)
    command(checkout, "analysis.build")
    assert draw(checkout, ONE.name) == "figures: 1 drawn, 0 up to date"
    assert contents(checkout / "figures") == drawn


@pytest.mark.slow
def test_what_a_figure_does_not_rest_on_leaves_it_alone(checkout):
    draw(checkout, ONE.name)
    rewrite(checkout / "analysis/figures/links.py", ANNOTATIONS, AND_MORE)
    rewrite(checkout / "analysis/figures/counting.py", '"""', '"""Of the year: ')
    assert draw(checkout, ONE.name) == "figures: 0 drawn, 1 up to date"
    (checkout / "figures" / f"{ONE.name}.png").unlink()
    assert draw(checkout, ONE.name) == "figures: 1 drawn, 0 up to date"


@pytest.mark.slow
def test_a_figure_that_fails_changes_nothing(checkout):
    draw(checkout, ONE.name)
    before = contents(checkout / "figures")
    module = checkout / "analysis/figures/record.py"
    good = module.read_text("utf-8")
    rewrite(
        module, "def timeline() -> Drawing:\n", "def timeline():\n    raise ValueError('gone')\n"
    )
    assert draw(checkout, "--force", ONE.name, "03-timeline") == "figures: gone"
    assert contents(checkout / "figures") == before
    module.write_text(good, "utf-8")


@pytest.mark.slow
def test_a_missing_table_names_the_command(checkout):
    (checkout / "data/processed/eras.csv").unlink()
    assert "eras.csv is missing" in draw(checkout, "01-launches-by-year")
    assert "make data" in draw(checkout, "01-launches-by-year")
    command(checkout, "analysis.build")


def test_an_unknown_figure_is_refused_with_the_names(capsys) -> None:
    assert main(["99-none"]) == 1
    assert f"expected {FIGURES[0].name}" in capsys.readouterr().err


def test_numbers_carry_six_significant_digits():
    drawing = Drawing(plt.figure(), pd.DataFrame({"n": [1 / 3, 2e7]}), "A line.")
    assert make.numbers(drawing) == b"n\n0.333333\n2e+07\n"
    plt.close(drawing.figure)


def test_outside_a_checkout_the_folder_must_be_named(tmp_path, checkout):
    (checkout / "pyproject.toml").rename(tmp_path / "pyproject.toml")
    try:
        assert "--out" in draw(checkout)
    finally:
        (tmp_path / "pyproject.toml").rename(checkout / "pyproject.toml")


def test_two_builds_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        assert main([ONE.name, "--out", str(tmp_path / name)]) == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


@pytest.mark.parametrize("known", [False, True])
def test_another_python_keeps_committed_pictures_until_it_has_drawn_once(
    known, tmp_path, monkeypatch
):
    monkeypatch.setattr(make, "_PYTHON", (3, 0))
    assert main([ONE.name, "--out", str(tmp_path)]) == 0
    picture = tmp_path / f"{ONE.name}.png"
    picture.write_bytes(b"a few pixels otherwise")
    if not known:
        (tmp_path / ".build" / f"{ONE.name}.json").unlink()
    assert main([ONE.name, "--out", str(tmp_path)]) == 0
    assert (picture.read_bytes() == b"a few pixels otherwise") is not known
    assert main([ONE.name, "--out", str(tmp_path), "--force"]) == 0
    assert picture.read_bytes() != b"a few pixels otherwise"


@pytest.mark.parametrize("name", [figure.name for figure in FIGURES])
def test_every_picture_names_the_versions_of_data_and_code(name):
    drawn = (ROOT / "figures" / f"{name}.svg").read_text("utf-8")
    assert re.search(r"version \d{4}-\d\d-\d\d\.\d+, code \d+\.\d+", drawn)

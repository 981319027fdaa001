"""Report figures: drawn when their inputs changed, all formats together, or not at all."""

import json
import re
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import analysis.record.load
from analysis import figures
from analysis.figures import FIGURES, ReportFigure, make
from analysis.figures.__main__ import main
from analysis.figures.drawing import Drawing

ROOT = Path(__file__).resolve().parent.parent
ONE = FIGURES[1]


@pytest.fixture
def toy(monkeypatch, tmp_path) -> ReportFigure:
    """One figure drawn by a function of this file, of tables in a folder of its own."""
    package = tmp_path / "package"
    (package / "_data" / "processed").mkdir(parents=True)
    (package / "_data" / "processed" / "launches.csv").write_text("a\n1\n")
    (package / "code.py").write_text("one = 1\n")
    monkeypatch.setattr(make, "_PACKAGE", package)
    monkeypatch.setattr(make, "_CHECKOUT", tmp_path)
    figure = ReportFigure("00-toy", "Is it drawn?", "toy:toy", ("launches",))
    monkeypatch.setattr(make, "FIGURES", (figure,))
    monkeypatch.setattr(make, "import_module", lambda _name: sys.modules[__name__])
    return figure._replace(function="x:draw_toy")


def draw_toy() -> Drawing:
    figure, ax = plt.subplots()
    ax.plot([1, 2])
    return Drawing(figure, pd.DataFrame({"n": [1 / 3, 2e7]}), "A line.")


def draw_badly() -> Drawing:
    msg = "no picture"
    raise ValueError(msg)


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


def test_what_is_up_to_date_is_not_drawn_again(tmp_path, capsys, monkeypatch) -> None:
    # the code may be edited while this runs
    monkeypatch.setattr(make, "_code_and_libraries", lambda: "code")
    command = [ONE.name, "--out", str(tmp_path)]
    assert main(command) == 0
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert main(command) == 0
    assert capsys.readouterr().out.endswith("figures: 0 drawn, 1 up to date\n")
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_finding_nothing_to_do_imports_nothing_heavy() -> None:
    script = (
        "import sys; from analysis.figures import __main__, make, FIGURES;"
        "[make.fingerprint(figure) for figure in FIGURES if not figure.proofs];"
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
    assert seen <= set(figure.tables)
    assert make.numbers(drawing) == (ROOT / "figures" / f"{figure.name}.csv").read_bytes()


def state_of(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}


def test_a_figure_is_stale_when_table_code_or_output_changed(toy, tmp_path) -> None:
    out, state = tmp_path / "out", tmp_path / "state"

    def redraw() -> list[str]:
        todo = make.stale([toy], out, state)
        make.redraw(todo, out, state)
        return [figure.name for figure in todo]

    assert redraw() == ["00-toy"]
    assert redraw() == []
    (tmp_path / "package/_data/processed/launches.csv").write_text("a\n2\n")
    assert redraw() == ["00-toy"]
    (tmp_path / "package/code.py").write_text("one = 2\n")
    assert redraw() == ["00-toy"]
    (out / "00-toy.svg").unlink()
    assert redraw() == ["00-toy"]
    (out / "00-toy.csv").write_text("n\n5\n")
    assert redraw() == ["00-toy"]
    (state / "figures.json").write_text("{torn")
    assert redraw() == ["00-toy"]
    assert redraw() == []
    assert list(json.loads((state / "figures.json").read_text())) == ["00-toy"]


def test_numbers_carry_six_significant_digits(toy, tmp_path) -> None:
    make.redraw({toy: "x"}, tmp_path / "out", tmp_path / "state")
    assert (tmp_path / "out/00-toy.csv").read_bytes() == b"n\n0.333333\n2e+07\n"


def test_a_failing_figure_changes_nothing(toy, tmp_path) -> None:
    out, state = tmp_path / "out", tmp_path / "state"
    make.redraw({toy: "x"}, out, state)
    before = state_of(out), state_of(state)
    bad = toy._replace(name="01-bad", function="x:draw_badly")
    with pytest.raises(ValueError, match="no picture"):
        make.redraw({toy: "y", bad: "z"}, out, state)
    assert (state_of(out), state_of(state)) == before
    assert [path for path in state.iterdir() if path.is_dir()] == []


def test_a_missing_proof_or_table_names_the_command(toy) -> None:
    with pytest.raises(FileNotFoundError, match="run `make proofs`"):
        make.fingerprint(toy._replace(proofs=("proof_size",)))
    with pytest.raises(FileNotFoundError, match="run `make data`"):
        make.fingerprint(toy._replace(tables=("launchez",)))


def test_an_unknown_figure_is_refused_with_the_names(capsys) -> None:
    assert main(["99-none"]) == 1
    assert f"there are: {FIGURES[0].name}" in capsys.readouterr().err


def test_outside_a_checkout_the_folder_must_be_named(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(make, "_CHECKOUT", tmp_path)
    with pytest.raises(ValueError, match="--out"):
        make.folders()


def test_two_builds_give_the_same_bytes(tmp_path) -> None:
    for name in ("one", "two"):
        assert main([ONE.name, "--out", str(tmp_path / name)]) == 0
    assert state_of(tmp_path / "one") == state_of(tmp_path / "two")

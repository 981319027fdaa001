"""Simulated tables: made once, described, checked, and made again only when something changed."""

import json
import sys
from types import ModuleType

import pandas as pd
import pytest

from analysis import DATA_VERSION, figures
from analysis.figures import make
from analysis.record import fresh, stale
from analysis.record.files import PROCESSED
from analysis.record.proofs import read_proof

pytest.importorskip("scipy")

from .proofs import proof, runner

PACKAGE = json.loads((PROCESSED / "proofs" / "datapackage.json").read_text("utf-8"))


@pytest.fixture
def toy(monkeypatch):
    """A proof whose only table says how often it was made."""
    module = ModuleType("tests.proofs.toy")
    made = []

    def make(histories, seed, n_jobs, growth):
        made.append(histories)
        return [pd.DataFrame({"world": ["bursts"], "share": [1 / 3 + len(made)], "seed": seed})]

    def check(committed, histories, seed, n_jobs, growth):
        return [] if committed[0]["share"].item() < 2 else ["bursts: share"]

    module.PROOF = proof.Proof(
        ("links_size",), make, check, histories=(50, 5), of_record=False, options={"growth": 8.0}
    )
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return made


def run(folder, *words):
    for remembered in (fresh._look, fresh._imported):
        remembered.cache_clear()
    return runner.main(["toy"], ["--out", str(folder), *words])


def test_a_proof_is_made_again_only_when_something_changed(toy, tmp_path, monkeypatch):
    (tmp_path / "toy.py").write_text("x = 1\n")
    monkeypatch.setattr(runner, "SOURCES", tmp_path)
    out = tmp_path / "out"
    assert [run(out), run(out)] == [0, 0]
    assert toy == [50]
    (tmp_path / "toy.py").write_text('"""What it is."""\nx = 1\n')
    run(out)
    assert toy == [50]
    for change in (
        lambda: (tmp_path / "toy.py").write_text("x = 2\n"),
        lambda: (out / "links_size.csv").write_text("world\n"),
        lambda: (out / "datapackage.json").write_text("{"),
    ):
        change()
        run(out)
    assert toy == [50] * 4
    run(out, "--force")
    run(out, "--histories", "7")
    run(out, "--histories", "7", "--growth", "2")
    assert toy == [50] * 5 + [7, 7]


def test_tables_are_written_with_six_digits_and_described(toy, tmp_path, monkeypatch):
    (tmp_path / "toy.py").write_text("")
    monkeypatch.setattr(runner, "SOURCES", tmp_path)
    run(tmp_path / "out")
    table = (tmp_path / "out" / "links_size.csv").read_bytes()
    assert table == b"world,share,seed\nbursts,1.33333,20260822\n"
    (resource,) = json.loads((tmp_path / "out" / "datapackage.json").read_text())["resources"]
    fields = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    assert fields == {"world": "string", "share": "number", "seed": "integer"}
    assert resource["bytes"] == len(table)


def test_a_check_holds_the_committed_table_against_a_repetition(toy, monkeypatch, capsys):
    for share, status in ((1.0, 0), (3.0, 1)):
        table = pd.DataFrame({"share": [share]})
        monkeypatch.setattr(runner, "read_proof", lambda _name, table=table: table)
        assert runner.main(["toy"], ["--check"]) == status
    assert capsys.readouterr().out == "toy: holds\ntoy: bursts: share\n"


def test_shares_differ_where_chance_cannot_explain_it():
    committed = pd.DataFrame({"world": ["a", "b"], "share": [0.05, 0.05], "n": [500, 500]})
    again = pd.DataFrame({"world": ["a", "b"], "share": [0.10, 0.60], "n": [20, 20]})
    both = proof.beside(committed, again, ["world"])
    assert proof.shares_differ(both, "share", "n").tolist() == [False, True]
    with pytest.raises(ValueError, match="other rows than the code"):
        proof.beside(committed, again.assign(world="c"), ["world"])


@pytest.mark.parametrize("name", [resource["path"][:-4] for resource in PACKAGE["resources"]])
def test_every_committed_proof_is_described_and_within_its_bounds(name):
    table = read_proof(name)
    assert {"seed", "model"} & set(table)
    (resource,) = [one for one in PACKAGE["resources"] if one["path"] == f"{name}.csv"]
    fields = resource["schema"]["fields"]
    assert [field["name"] for field in fields] == list(table)
    assert all(field["description"] for field in fields)


@pytest.mark.parametrize(
    "name",
    ["frequency_changes", "frequency_recovery", "hawkes_recovery", "links_size", "links_power"],
)
def test_no_committed_row_leaves_its_bounds(name):
    found = runner.load(name)
    assert found.faults(*map(read_proof, found.tables)) == []


def test_every_proof_was_made_on_todays_record_under_todays_code():
    for name in runner._names():
        for table in runner.load(name).tables:
            stamp = runner._stamps(runner.FOLDER)[table]
            assert stamp["made_by"] == f"tests/proofs/{name}.py"
            assert ("data_version" in stamp) == runner.load(name).of_record
    assert stale.outdated() == {}, (
        "where the code changed but nothing that it computes, `make proofs-confirm` repeats a "
        "small part and stamps today's code; else `make proofs` makes the tables again"
    )


@pytest.fixture
def stamped(monkeypatch, tmp_path):
    """Write a Data Package of one proof, stamped as given."""

    def write(**stamp):
        (tmp_path / "proofs").mkdir(exist_ok=True)
        version = json.dumps({"version": DATA_VERSION})
        (tmp_path / "datapackage.json").write_text(version, "utf-8")
        package = {"resources": [{"path": "regimes.csv", **stamp}]}
        (tmp_path / "proofs" / "datapackage.json").write_text(json.dumps(package), "utf-8")

    monkeypatch.setattr(stale, "processed", lambda: tmp_path)
    return write


def test_a_figure_says_where_its_simulation_is_of_older_data_or_code(stamped):
    today = {"made_by": "tests/proofs/regimes.py", "code": runner.code_of("regimes")}
    stamped(data_version=DATA_VERSION, **today)
    assert stale.describe_outdated(["regimes"]) == ""
    stamped(data_version="2026-08-22.1", **today)
    told = " Made earlier, not as today: regimes on data version 2026-08-22.1."
    assert stale.describe_outdated(["regimes"]) == told
    stamped(data_version=DATA_VERSION, **today | {"code": "other"})
    told = " Made earlier, not as today: regimes under other code."
    assert stale.describe_outdated(["regimes"]) == told


def test_a_figure_is_drawn_anew_once_its_simulation_is_of_another_day(monkeypatch):
    (figure,) = [one for one in figures.FIGURES if "links_power" in one.proofs][:1]
    before = make._inputs(figure)
    monkeypatch.setattr(make, "describe_outdated", lambda proofs: " Made earlier.")
    assert make._inputs(figure) != before


def test_a_proof_under_other_code_is_stamped_once_a_part_of_it_is_repeated(
    toy, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(runner, "SOURCES", tmp_path)
    (tmp_path / "toy.py").write_text("x = 1\n")
    out = tmp_path / "out"
    run(out)
    (tmp_path / "toy.py").write_text("x = 2\n")
    package = json.loads((out / "datapackage.json").read_text("utf-8"))
    assert package["resources"][0].pop("settings")["histories"] == 50
    (out / "datapackage.json").write_text(json.dumps(package), "utf-8")
    for share, status in ((3.0, 1), (1.0, 0)):
        table = pd.DataFrame({"share": [share]})
        monkeypatch.setattr(runner, "read_proof", lambda _name, table=table: table)
        before = runner._stamps(out)["links_size"]["code"]
        assert run(out, "--confirm") == status
        assert (runner._stamps(out)["links_size"]["code"] == before) is bool(status)
    assert run(out) == 0
    assert toy == [50]  # confirmed, so it is not made again
    assert capsys.readouterr().out.count("bursts: share") == 1


def test_an_unknown_or_missing_proof_is_refused():
    with pytest.raises(ValueError, match=r"unknown proof 'none': expected .*links_power"):
        read_proof("none")

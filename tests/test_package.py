"""The Data Package and the files around the code."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import analysis
from analysis.record import load, schema
from analysis.record.files import PROCESSED
from analysis.record.package import _table_schema

ROOT = Path(__file__).parent.parent
PACKAGE = json.loads((PROCESSED / "datapackage.json").read_text("utf-8"))


@pytest.mark.parametrize("folder", [PROCESSED, PROCESSED / "proofs"], ids=lambda path: path.name)
def test_frictionless_finds_the_data_package_valid(folder):
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])[:5]
    assert len(report.tasks) == len(list(folder.glob("*.csv")))


def test_the_descriptor_says_what_the_schema_says():
    for resource in PACKAGE["resources"]:
        table = schema.TABLES[Path(resource["path"]).stem]
        fields = resource["schema"]["fields"]
        assert [f["name"] for f in fields] == table.names
        assert all(f["description"] for f in fields)
        assert resource["schema"].get("primaryKey", []) == list(table.key)
        assert resource["rows"] == len(load._load(table.name))


@pytest.mark.parametrize("table", schema.TABLES.values(), ids=lambda table: table.name)
def test_a_cell_of_one_name_is_a_foreign_key_and_of_many_is_none(table):
    keys = _table_schema(table, {}).get("foreignKeys", [])
    one = [[column.name] for column in table.columns if column.refers and not column.many]
    assert [key["fields"] for key in keys] == one


def test_an_independent_reader_finds_a_planted_error(tmp_path):
    frictionless = pytest.importorskip("frictionless")
    for path in PROCESSED.glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    launches = tmp_path / "launches.csv"
    launches.write_text(launches.read_text("utf-8").replace(",ballistic,", ",balistic,", 1))
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    kinds = {row[0] for row in report.flatten(["type"])}
    assert {"constraint-error", "hash-count"} & kinds


def test_lock_files_hold_hashes_and_no_addresses():
    for lock in ROOT.glob("*.lock"):
        text = lock.read_text("utf-8")
        assert "://" not in text
        pins = re.findall(r"^[A-Za-z0-9._-]+==", text, flags=re.M)
        assert len(pins) >= 3
        assert text.count("--hash=sha256:") >= len(pins)


def test_versions_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"version: {project['version']}" in citation
    assert project["version"] == analysis.__version__
    assert f"## {project['version']}" in changes
    assert f"data {schema.DATA_VERSION}" in changes
    assert PACKAGE["version"] == schema.DATA_VERSION
    assert schema.DATA_VERSION.startswith(f"{load.last_day():%Y-%m-%d}.")


def test_the_names_for_type_checkers_are_those_of_the_package():
    from tools.stubs import STUB, stub

    assert STUB.read_text("utf-8") == stub(), "run `python -m tools.stubs`"


@pytest.mark.slow
def test_a_users_program_is_typed_and_completed(tmp_path):
    program = tmp_path / "user.py"
    program.write_text(
        "import analysis\n"
        "from analysis import count, load_launches\n"
        'n: int = count(load_launches(), "cnn", start="2022-01-01", end="2022-11-09")\n'
        "reveal_type(load_launches())\n"
        "version: str = analysis.__version__\n"
        "import dprk_launches\n"
        "reveal_type(dprk_launches.load_events())\n"
    )
    mypy = pytest.importorskip("mypy.api")
    text, errors, status = mypy.run([str(program), "--cache-dir", str(tmp_path)])
    assert status == 0, text + errors
    assert text.count('Revealed type is "pandas') == 2
    assert {"count", "load_launches"} <= set(dir(analysis))


@pytest.mark.parametrize("name", ["analysis", "dprk_launches"])
def test_tables_are_found_inside_a_zip(name, tmp_path):
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as app:
        for path in (ROOT / folder for folder in ("analysis", "dprk_launches")):
            for file in path.rglob("*.py"):
                app.write(file, file.relative_to(ROOT))
        for path in PROCESSED.rglob("*.*"):
            app.write(path, Path("analysis/_data/processed") / path.relative_to(PROCESSED))
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'app.zip')!r})\n"
        f"import {name} as front; assert 'app.zip' in front.__file__\n"
        "print(len(front.load_launches()), len(front.RULES))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == [str(len(load.load_launches())), str(len(analysis.RULES))]


@pytest.mark.slow
def test_a_users_own_analysis_does_not_hide_the_second_name(tmp_path):
    (tmp_path / "analysis.py").write_text("MINE = True\n")
    (tmp_path / "program.py").write_text(
        "import analysis, dprk_launches\n"
        "assert analysis.MINE and dprk_launches.__version__\n"
        "from dprk_launches.links.design import Design\n"
        "assert dprk_launches.Design is Design\n"
        "import inspect\n"
        "names = [getattr(dprk_launches, name) for name in dprk_launches.__all__]\n"
        "homes = {n.__module__.partition('.')[0] for n in names if inspect.isroutine(n)}\n"
        "assert homes == {'dprk_launches'}, homes\n"
        "print(len(dprk_launches.load_launches()))\n"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "program.py"],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) == len(load.load_launches())


def offline(folder):
    """Run the tool that makes environments where no package can be had."""
    done = subprocess.run(
        [sys.executable, "tools/environment.py"], cwd=folder, capture_output=True, text=True,
        env=os.environ | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "UV_OFFLINE": "1"},
    )  # fmt: skip
    return done.returncode, done.stderr.splitlines()[-1]


@pytest.mark.slow
def test_without_a_network_the_old_environment_stays(tmp_path):
    for name in ("requirements.lock", "requirements-install.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    old = tmp_path / ".venv"
    old.mkdir()
    (old / "works").touch()
    status, said = offline(tmp_path)
    assert status == 1
    assert said.startswith("the environment could not be made; .venv is as it was")
    assert (old / "works").exists()

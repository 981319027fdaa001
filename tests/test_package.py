"""The Data Package and the files around the code."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from analysis.record import load, schema
from analysis.record.files import PROCESSED

ROOT = Path(__file__).parent.parent
PACKAGE = json.loads((PROCESSED / "datapackage.json").read_text("utf-8"))


def test_frictionless_finds_the_data_package_valid():
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(PROCESSED / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])[:5]
    assert len(report.tasks) == len(schema.TABLES)


def test_the_descriptor_says_what_the_schema_says():
    for resource in PACKAGE["resources"]:
        table = schema.TABLES[Path(resource["path"]).stem]
        fields = resource["schema"]["fields"]
        assert [f["name"] for f in fields] == table.names
        assert all(f["description"] for f in fields)
        assert resource["schema"].get("primaryKey", []) == list(table.key)
        assert resource["rows"] == len(load._load(table.name))


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
        assert len(pins) > 10
        assert text.count("--hash=sha256:") >= len(pins)


def test_versions_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"version: {project['version']}" in citation
    assert f"## {project['version']}" in changes
    assert f"data {schema.DATA_VERSION}" in changes
    assert PACKAGE["version"] == schema.DATA_VERSION
    assert schema.DATA_VERSION.startswith(f"{load.last_day():%Y-%m-%d}.")

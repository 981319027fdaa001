"""Run proofs: write the tables of those that are stale, or check a small part of them.

    python -m tests.proofs [NAME ...] [--force]
    python -m tests.proofs [NAME ...] --check
    python -m tests.proofs [NAME ...] --confirm
    python tests/proofs/links_size.py --histories 50 --seed 7 --out DIR

A proof is a module of this folder with a `PROOF`. Its tables lie in ``data/processed/proofs``,
beside a Data Package that describes them and says by which code, on which record and with which
settings each was made: one that differs in any of these is made again. Where the code changed but
not what it computes, `--confirm` does as `--check` does and, where nothing differs, stamps the
tables with today's code.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import check_one_of
from analysis.record import files, fresh
from analysis.record.proofs import parse_proof, read_proof
from analysis.record.schema import DATA_VERSION
from tests.proofs.proof import SEED, Proof

SOURCES = Path(__file__).resolve().parent
MEANINGS = SOURCES / "meanings.csv"
FOLDER = files.PROCESSED / "proofs"
#: What a Data Package says of how a table was made.
_STAMP = ("made_by", "code", "data_version", "settings")
#: Frictionless's names for the types of our columns.
_TYPES = {"i": "integer", "f": "number", "b": "boolean", "M": "date"}


def main(names: Sequence[str] = (), arguments: Sequence[str] | None = None) -> int:
    """Make or check proofs, all where none is named; return 1 if one does not hold."""
    proofs = {name: load(name) for name in names or _names()}
    given = _parse(proofs, arguments)
    faults = []
    for name in given.names or proofs:
        todo = _confirm if given.confirm else _check if given.check else _make
        found = todo(name, proofs[name], given)
        print(f"{name}: {'; '.join(found) or 'holds'}", flush=True)
        faults += found
    return int(bool(faults))


def load(name: str) -> Proof:
    """Return the proof of a module."""
    return import_module(f"{__package__}.{name}").PROOF


def _names() -> list[str]:
    """Return the modules of this folder that hold a proof."""
    paths = sorted(SOURCES.glob("*.py"))
    return [path.stem for path in paths if "\nPROOF = " in path.read_text("utf-8")]


def _parse(proofs: Mapping[str, Proof], arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; further settings of a proof are options of their own."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(proofs)}")
    parser.add_argument("--check", action="store_true", help="a small part against the tables")
    parser.add_argument("--confirm", action="store_true", help="check, and stamp today's code")
    parser.add_argument("--force", action="store_true", help="make even what is up to date")
    parser.add_argument("--histories", type=int, help="simulated histories")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder of the tables")
    options = {name: usual for proof in proofs.values() for name, usual in proof.options.items()}
    for name, usual in options.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(usual), default=usual)
    given = parser.parse_args(arguments)
    for name in given.names:
        check_one_of("proof", name, proofs)
    return given


def _settings(proof: Proof, given: argparse.Namespace) -> dict[str, Any]:
    """Return what a proof is called with."""
    part = given.check or given.confirm
    seed = SEED + part if given.seed is None else given.seed
    histories = given.histories or proof.histories[part]
    options = {name: getattr(given, name) for name in proof.options}
    return {"histories": histories, "seed": seed, **options}


def _check(name: str, proof: Proof, given: argparse.Namespace) -> list[str]:
    """Return what the committed tables break, and what a repetition changes."""
    committed = [read_proof(table) for table in proof.tables]
    settings = _settings(proof, given)
    return [*proof.faults(*committed), *proof.check(committed, **settings, n_jobs=given.jobs)]


def _confirm(name: str, proof: Proof, given: argparse.Namespace) -> list[str]:
    """Stamp tables made under other code with today's, where a check finds no difference."""
    code, stamps = code_of(name), _stamps(given.out)
    if all(stamps[table].get("code") == code for table in proof.tables):
        return []
    versions = {stamps[table].get("data_version", DATA_VERSION) for table in proof.tables}
    if proof.of_record and versions != {DATA_VERSION}:
        return [f"made on data version {', '.join(sorted(versions))}: run make proofs"]
    found = _check(name, proof, given)
    if not found:
        usual = {"histories": proof.histories[0], "seed": SEED, **proof.options}
        parts = {"made_by": f"tests/proofs/{name}.py", "code": code}
        made = {one: {"settings": usual, **stamps[one], **parts} for one in proof.tables}
        (given.out / "datapackage.json").write_bytes(describe(given.out, made=made))
    return found


def _make(name: str, proof: Proof, given: argparse.Namespace) -> list[str]:
    """Write the tables if they are stale; return what they break."""
    home, out = files.home_of(given.out, FOLDER), given.out.resolve()
    settings = _settings(proof, given)
    stamp = {"made_by": f"tests/proofs/{name}.py", "code": code_of(name), "settings": settings}
    stamp |= {"data_version": DATA_VERSION} if proof.of_record else {}
    if given.force or not all(_is_fresh(out, table, stamp) for table in proof.tables):
        tables = proof.make(**settings, n_jobs=given.jobs)
        with files.whole_set("proofs", home) as new:
            folder = new / out.relative_to(home)
            folder.mkdir(parents=True, exist_ok=True)
            for table, frame in zip(proof.tables, tables, strict=True):
                (folder / f"{table}.csv").write_bytes(to_csv(frame))
            package = describe(folder, out, made=dict.fromkeys(proof.tables, stamp))
            (folder / "datapackage.json").write_bytes(package)
    return proof.faults(
        *(parse_proof((out / f"{table}.csv").read_bytes()) for table in proof.tables)
    )


def code_of(name: str) -> str:
    """Return a hash of the code that a proof depends on."""
    return fresh.code_hash([SOURCES / f"{name}.py"])


def _is_fresh(out: Path, table: str, stamp: Mapping[str, Any]) -> bool:
    """Whether a table is as its Data Package says, and was made as this stamp says."""
    found, path = _resources(out).get(table, {}), out / f"{table}.csv"
    return path.is_file() and found | stamp | {"hash": _hash(path.read_bytes())} == found


def to_csv(table: pd.DataFrame) -> bytes:
    """Write a table, numbers with six significant digits."""
    return table.to_csv(
        index=False, float_format="%.6g", lineterminator="\n", date_format="%Y-%m-%d"
    ).encode()


def describe(*folders: Path, made: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Describe the tables of folders as a Data Package; of two of one name, that of the first.

    `made` stamps the tables made now; the others keep the stamp of the last folder's package.
    """
    places = {path.name: path for folder in reversed(folders) for path in folder.glob("*.csv")}
    made = _stamps(folders[-1]) | made
    package = {
        "name": "dprk-launch-record-proofs",
        "title": "Simulations behind the intervals and tests",
        "description": "Each table names its seed and its number of simulated histories.",
        "resources": [_resource(places[name], made) for name in sorted(places)],
    }
    return (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode()


def _resources(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what the Data Package of a folder, if it has one, says of each table."""
    package = folder / "datapackage.json"
    try:
        resources = json.loads(package.read_text("utf-8"))["resources"]
    except (OSError, ValueError):
        return {}
    return {one["path"].removesuffix(".csv"): one for one in resources}


def _stamps(folder: Path) -> dict[str, Mapping[str, Any]]:
    """Return how each table of a package was made."""
    return {
        name: {key: one[key] for key in _STAMP if key in one}
        for name, one in _resources(folder).items()
    }


def _hash(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _resource(path: Path, made: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    meanings = pd.read_csv(MEANINGS, keep_default_na=False)
    own = meanings[meanings["table"].isin(["", path.stem])].set_index("column")["meaning"].to_dict()
    content, table = path.read_bytes(), parse_proof(path.read_bytes())
    return {
        "name": path.stem.replace("_", "-"),
        "path": path.name,
        "title": own[""],
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": _hash(content),
        "rows": len(table),
        **made.get(path.stem, {}),
        "schema": {
            "fields": [
                {
                    "name": column,
                    "type": _TYPES.get(table[column].dtype.kind, "string"),
                    "description": own[column],
                }
                for column in table
            ],
            "missingValues": [""],
        },
    }

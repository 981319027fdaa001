"""Which simulated tables were made on another version of the record, or under other code.

Each table of ``data/processed/proofs`` is stamped, in the Data Package beside it, with the module
that made it, a hash of that code and of all that it imports, and the version of the record where
it reads it. In a wheel, which brings no simulations, the code cannot be other than it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from .files import ROOT, built_version, processed, read_file
from .fresh import code_hash


def outdated(names: Iterable[str] = ()) -> dict[str, str]:
    """Say of simulated tables, all where none is named, how those of an earlier day were made.

    Parameters
    ----------
    names : iterable of str
        Names of tables, such as ``"links_power"``.

    Returns
    -------
    dict of str to str
        Table, and ``"on data version 2026-08-22.1"``, ``"under other code"``, or both.

    Examples
    --------
    >>> "links_power" in outdated(["links_size"])
    False
    """
    wanted, today = set(names), built_version(processed())
    package = read_file(processed() / "proofs" / "datapackage.json")
    resources = {one["path"].removesuffix(".csv"): one for one in json.loads(package)["resources"]}
    found = {name: _otherwise(resources[name], today) for name in sorted(wanted or resources)}
    return {name: how for name, how in found.items() if how}


def describe_outdated(names: Iterable[str]) -> str:
    """Name in a sentence, for a caption, the simulations that are not of today; else nothing.

    Examples
    --------
    >>> describe_outdated([])
    ''
    """
    names = list(names)
    found = outdated(names) if names else {}
    if not found:
        return ""
    told = "; ".join(f"{name} {how}" for name, how in found.items())
    return f" Made earlier, not as today: {told}."


def _otherwise(resource: dict[str, Any], today: str) -> str:
    """Say how a table was made where that is not as it would be made today."""
    version = resource.get("data_version", today)
    module = ROOT / resource.get("made_by", "")
    other = module.is_file() and resource["code"] != code_hash([module])
    parts = [f"on data version {version}"] * (version != today) + ["under other code"] * other
    return " and ".join(parts)

"""What `make proofs` wrote: tables of slow simulations, read and never made here."""

from __future__ import annotations

import json
from io import BytesIO

import pandas as pd

from ..errors import check_one_of
from .files import processed, read_built

_DATES = ("period_start", "period_end")


def read_proof(name: str) -> pd.DataFrame:
    """Read a table that `make proofs` wrote.

    Parameters
    ----------
    name : str
        Name of the table, such as ``"links_power"``.

    Returns
    -------
    DataFrame
        The table; it names its seed and number of simulated histories. Where it rests on the
        record, ``attrs["data_version"]`` says on which version of it.

    Raises
    ------
    ValueError
        If there is no such table.

    Examples
    --------
    >>> "detectable_above" in read_proof("links_power").columns
    True
    """
    folder = processed() / "proofs"
    package = folder / "datapackage.json"
    if not package.is_file():
        raise FileNotFoundError(f"{package} is missing: in a checkout, `make proofs` writes it")
    resources = json.loads(package.read_text("utf-8"))["resources"]
    versions = {one["path"].removesuffix(".csv"): one.get("data_version") for one in resources}
    check_one_of("proof", name, versions)
    table = parse_proof(read_built(folder / f"{name}.csv", "make proofs"))
    if versions[name]:
        table.attrs["data_version"] = versions[name]
    return table


def parse_proof(content: bytes) -> pd.DataFrame:
    r"""Return a simulated table of a CSV file's bytes.

    Examples
    --------
    >>> parse_proof(b"world,seed\nbursts,7\n")["seed"].tolist()
    [7]
    """
    table = pd.read_csv(BytesIO(content))
    return table.astype({column: "datetime64[us]" for column in _DATES if column in table})

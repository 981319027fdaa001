"""What `make proofs` wrote: tables of slow simulations, read and never made here."""

from __future__ import annotations

import pandas as pd

from ..errors import unknown
from .files import processed

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
        The table; it names its seed and number of simulated histories.

    Raises
    ------
    ValueError
        If there is no such table.

    Examples
    --------
    >>> "detectable_above" in read_proof("links_power").columns
    True
    """
    there = {path.stem: path for path in sorted((processed() / "proofs").glob("*.csv"))}
    if name not in there:
        raise unknown("proof", name, there or ["none before `make proofs` has run"])
    table = pd.read_csv(there[name])
    return table.astype({column: "datetime64[us]" for column in _DATES if column in table})

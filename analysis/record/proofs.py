"""What `make proofs` wrote: tables of slow simulations, read and never made here."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

_PACKAGE = Path(__file__).resolve().parents[1]
_FOLDERS = (_PACKAGE / "_data" / "proofs", _PACKAGE.parent / "figures")
_DATES = ("period_start", "period_end")


def read_proof(name: str) -> pd.DataFrame:
    """Read a table that `make proofs` wrote.

    Parameters
    ----------
    name : str
        Name of the file, such as ``"proof-links-power.csv"``.

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
    >>> "detectable_above" in read_proof("proof-links-power.csv").columns
    True
    """
    for folder in _FOLDERS:
        if (folder / name).is_file():
            table = pd.read_csv(folder / name)
            dated = {column: "datetime64[us]" for column in _DATES if column in table.columns}
            return table.astype(dated)
    there = sorted({path.name for folder in _FOLDERS for path in folder.glob("proof-*.csv")})
    msg = f"no proof {name!r}; there are: {', '.join(there) or 'none: run `make proofs`'}"
    raise ValueError(msg)

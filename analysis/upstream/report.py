"""What a reader did not understand of a file, and which launch each row became.

Both go with the table as text in its ``.attrs``, which Parquet can store and pandas can compare
and copy at no cost.
"""

from __future__ import annotations

import json

import pandas as pd

_REPORT_TYPES = {
    "report": {"row": "int64", "column": "str", "value": "str", "done": "str"},
    "rows": {"row": "int64", "launch_id": "str"},
}


def as_text(table: pd.DataFrame) -> str:
    """Write a table for ``.attrs``.

    Examples
    --------
    >>> as_text(pd.DataFrame({"row": [2], "launch_id": ["2022-11-09-01"]}))
    '[{"row":2,"launch_id":"2022-11-09-01"}]'
    """
    return table.to_json(orient="records")


def report_of(launches: pd.DataFrame) -> pd.DataFrame:
    r"""Return what a reader did not understand of a file.

    Parameters
    ----------
    launches : DataFrame
        As from `read_cns`, `read_nagix`, `read_csis` or `read_gcat`, perhaps stored as Parquet
        and read again.

    Returns
    -------
    DataFrame
        A row a cell or row left out: `row` of the file (0: the file as a whole), `column` (empty:
        the row as a whole), `value`, and what was `done`.

    Raises
    ------
    ValueError
        If the table does not come from a reader.

    See Also
    --------
    rows_of : which launch each row of the file became.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from analysis.upstream import read_cns
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "cns.csv"
    ...     _ = path.write_text("date,missile name,apogee\n9-Apr-84,SCUD-B,high\n")
    ...     report_of(read_cns(path)).query("row > 0")["value"].tolist()
    ['high']
    """
    return _table_in(launches, "report")


def rows_of(launches: pd.DataFrame) -> pd.DataFrame:
    """Return for each row of a file its `launch_id`, missing where it was left out.

    Parameters
    ----------
    launches : DataFrame
        As for `report_of`.

    Returns
    -------
    DataFrame
        One row a row of the file: `row`, `launch_id`.

    Raises
    ------
    ValueError
        If the table does not come from a reader.

    See Also
    --------
    report_of : what was not understood.
    """
    return _table_in(launches, "rows")


def _table_in(launches: pd.DataFrame, name: str) -> pd.DataFrame:
    text = launches.attrs.get(name)
    if not isinstance(text, str):
        raise ValueError(
            f"no {name} in .attrs: expected launches as from read_cns, read_nagix, read_csis or "
            "read_gcat"
        )
    types = _REPORT_TYPES[name]
    table = pd.DataFrame(json.loads(text))
    return table.reindex(columns=list(types)).astype(types)

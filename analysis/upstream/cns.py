"""The missile test database of CNS and NTI, as a workbook or as CSV."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from .cells import read_day
from .grouping import follow_companions, group_missiles
from .missiles import read_missile
from .tables import NO_COLUMN, Remark, read_grid

#: What each column has been called since 2017.
_CNS_COLUMNS = {
    "date": ("date",),
    "time": ("launch time (utc)", "launch time"),
    "system": ("missile name",),
    "klass": ("missile type",),
    "site": ("facility name",),
    "lat": ("facility latitude",),
    "lon": ("facility longitude",),
    "apogee_km": ("apogee", "apogee (km)"),
    "range_km": ("distance travelled", "distance travelled (km)"),
    "outcome": ("test outcome", "success"),
}


def read_cns(path: str | Path) -> pd.DataFrame:
    """Read the North Korea missile test database of CNS/NTI, .xlsx or .csv, as downloaded.

    Its rows, one a missile, become groups of identical missiles. Where it gives the launch time,
    its dates are days in UTC and become Korean days; a row without a time keeps its date, or
    takes the Korean day of the timed rows of that date. Files of 2017 have no times; their dates
    are Korean.

    Parameters
    ----------
    path : str or Path
        The file, in any form since 2017. A workbook needs openpyxl (the extra ``excel``).

    Returns
    -------
    DataFrame
        The columns of `load_launches`. `report_of` gives a row for each cell that was not
        understood (or only with a doubt) and each row left out, `rows_of` the launch_id of each
        row of the file.

    Raises
    ------
    RecordError
        A ValueError: the file cannot be read, has no header of CNS, or no launch.
    ModuleNotFoundError
        If the file is a workbook and openpyxl is not installed.

    See Also
    --------
    read_nagix, read_csis, read_gcat, reconcile, report_of, rows_of

    Examples
    --------
    >>> import tempfile
    >>> from analysis.upstream import report_of
    >>> content = '''F1,Date,Launch Time (UTC),Missile Name,Missile Type,Facility Name,Apogee
    ... 1,9-Nov-22,6:31:00 AM,KN-25,SRBM,Sukchon,30 km
    ... 2,18-Nov-22,1:14:00 AM,Hwasong-17,ICBM,Sunan,about 6000
    ... '''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "cns.csv"
    ...     _ = path.write_text(content)
    ...     launches = read_cns(path)
    >>> launches[["launch_id", "system", "site", "apogee_km"]]
           launch_id      system     site  apogee_km
    0  2022-11-09-01       kn-25  sukchon       30.0
    1  2022-11-18-01  hwasong-17    sunan        NaN
    >>> report_of(launches).query("column == 'apogee'")["value"].tolist()
    ['about 6000']
    """
    table = read_grid(path, need=("date", "missile name"))
    names, remarks = {}, list(table.remarks)
    for field, spellings in _CNS_COLUMNS.items():
        there = [name for name in spellings if name in table.columns]
        if there:
            names[field] = there[0]
        elif field != "time":
            remarks.append(Remark(0, spellings[0], "", NO_COLUMN))
    read = [read_missile(number, cells, names, remarks) for number, cells in table.rows]
    seen = [missile for missile in read if missile is not None]
    told = {number: read_day(cells[names["date"]]).date for number, cells in table.rows}
    return group_missiles(
        follow_companions(seen, told, remarks),
        remarks,
        file=table.file,
        source="cns",
        known_as="cns-2023",
        database="cns",
    )

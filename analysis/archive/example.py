"""A question with a known answer: made-up launches, linked or not, and traps laid for both."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..record.own import as_launches
from .synthetic import write_archive

#: Every switch of `daily_covariates` set against what is known of such archives.
TRAPS_OPEN: dict[str, Any] = {
    "unit": "rows",
    "root_only": False,
    "dated": "event",
    "echo_days": (),
    "launch_reports": True,
    "lag": 0,
}
#: Days after a burst of articles on which linked launches come more often.
LINKED_DAYS = 5


class Example(NamedTuple):
    """Made-up launches and an archive that speaks of them; nothing in it is data."""

    launches: pd.DataFrame
    bursts: pd.DatetimeIndex
    rate_ratio: float
    files: list[Path]


def made_up_example(
    folder: str | PathLike[str],
    *,
    link: bool = True,
    rate_ratio: float = 3.0,
    n_rows: int = 200_000,
    start: str = "2014-01-01",
    end: str = "2019-12-31",
    seed: int = 11,
) -> Example:
    """Make up launches and write an archive in the layout of GDELT 1.0 that lays traps for them.

    Parameters
    ----------
    folder : path
        Where to write the archive's files.
    link : bool
        Whether launches come more often in the five days after a burst of articles on protest of
        the United States against North Korea. Bursts there are in either case.
    rate_ratio : float
        How many times as often.
    n_rows : int
        Rows between all countries, besides those planted.
    start, end : str
        First and last day.
    seed : int
        From which everything is drawn.

    Returns
    -------
    Example
        `launches`; the days of the `bursts`; `rate_ratio`, as it came out on the days drawn; the
        archive's `files`. They also hold, for each launch, what fools a naive count: reports of
        it, rows dated back to it, and on the day before every other one an article of 96 rows.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     example = made_up_example(folder, n_rows=1000, end="2014-12-31")
    >>> len(example.files), bool(example.rate_ratio > 1)
    (12, True)
    """
    rng = np.random.default_rng(seed)
    days = pd.date_range(start, end)
    bursts = pd.DatetimeIndex(rng.choice(days[:-10], len(days) // 20, replace=False)).sort_values()
    after = [bursts + pd.Timedelta(days=lag) for lag in range(1, LINKED_DAYS + 1)]
    near = days.isin(pd.DatetimeIndex(np.concatenate(after)))
    chance = np.where(near & link, 0.08 * rate_ratio, 0.08)
    launched = rng.random(len(days)) < chance
    dates = days[launched]
    files = write_archive(
        folder,
        "gdelt1",
        n_rows,
        start=start,
        end=end,
        seed=seed,
        bursts=bursts,
        floods=dates[::2] - pd.Timedelta(days=1),
        launches=dates,
        packing=".zip",
    )
    launches = as_launches(pd.DataFrame({"date": dates}), date="date", family="ballistic")
    return Example(launches, bursts, launched[near].mean() / launched[~near].mean(), files)

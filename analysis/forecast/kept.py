"""Forecasts kept as they were made, and scored once their answer is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..counting import CountRule, Coverage, Day, count, launch_days, resolve_rule
from ..counting.periods import coverage_of, covered_days
from ..errors import need_filled
from ..record.days import as_day
from ..record.door import through_door
from ..record.files import ROOT
from ..record.schema import DATA_VERSION
from .next import next_launch
from .scores import brier_score, crps, log_score, quantile
from .year import year_end

#: Where the forecast made at each release is kept.
FORECASTS = ROOT / "data" / "forecasts"
#: Questions of a forecast: the year's final count, and a launch day within some days.
_QUESTIONS = ("year_end", "launch_within")
_NOTED = ("as_of", "data_version", "rule", "question", "n", "probability")


def make_forecast(
    launches: pd.DataFrame, rule: CountRule | str, *, as_of: Day, coverage: Coverage = None
) -> pd.DataFrame:
    """Return what is kept of a forecast, as `keep_forecast` writes it."""
    known: Any = {"as_of": as_of, "coverage": coverage}
    ends = year_end(launches, rule, **known).assign(question=_QUESTIONS[0])
    soon = next_launch(launches, rule, **known).assign(question=_QUESTIONS[1])
    table = pd.concat([ends, soon.rename(columns={"within": "n"})], ignore_index=True)
    table["probability"] = table["probability"].round(9)
    day = f"{as_day(as_of, 'as_of'):%Y-%m-%d}"
    first = {"as_of": day, "data_version": DATA_VERSION, "rule": resolve_rule(rule).name}
    return table.assign(**first)[[*first, "question", "n", "probability"]]


def keep_forecast(
    launches: pd.DataFrame,
    rule: CountRule | str = "cnn",
    *,
    as_of: Day,
    folder: str | Path = FORECASTS,
    coverage: Coverage = None,
) -> Path:
    """Write the forecast of a day, unless it is there: what was forecast is never edited.

    Parameters
    ----------
    launches, rule, as_of, coverage
        As in `year_end`.
    folder : str or Path
        Where to write; that of the package's own forecasts by default.

    Returns
    -------
    Path
        The file, named by its day and rule: ``as_of``, ``data_version``, ``rule``, ``question``
        (year_end: ``n`` is the final count; launch_within: ``n`` is the number of days), ``n``
        and ``probability``.

    See Also
    --------
    read_forecasts, score_kept : read and score what was kept.

    Examples
    --------
    >>> import tempfile
    >>> from analysis import load_launches
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     keep_forecast(load_launches(), as_of="2025-06-30", folder=folder).name
    '2025-06-30-cnn.csv'
    """
    rule = resolve_rule(rule)
    path = Path(folder) / f"{as_day(as_of, 'as_of'):%Y-%m-%d}-{rule.name}.csv"
    if not path.exists():
        table = make_forecast(launches, rule, as_of=as_of, coverage=coverage)
        path.parent.mkdir(parents=True, exist_ok=True)
        table.to_csv(path, index=False, lineterminator="\n")
    return path


def read_forecasts(folder: str | Path = FORECASTS) -> pd.DataFrame:
    """Read the forecasts kept in a folder, the oldest first.

    Parameters
    ----------
    folder : str or Path
        That of the package's own forecasts by default.

    Returns
    -------
    DataFrame
        The rows of all files, as described in `keep_forecast`.

    Examples
    --------
    >>> read_forecasts("nowhere").empty
    True
    """
    tables = [
        pd.read_csv(path, parse_dates=["as_of"], dtype={"data_version": "str", "rule": "str"})
        for path in sorted(Path(folder).glob("*.csv"))
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(_NOTED))


def score_kept(
    launches: pd.DataFrame, kept: pd.DataFrame | None = None, *, coverage: Coverage = None
) -> pd.DataFrame:
    """Score kept forecasts whose answers the record holds.

    Parameters
    ----------
    launches, coverage
        As in `year_end`; without a table of coverage, the record speaks to its last launch.
    kept : DataFrame, optional
        As from `read_forecasts`, which is the default.

    Returns
    -------
    DataFrame
        One row a forecast and question: ``as_of``, ``rule``, ``question``, ``within``, ``median``
        and ``low_90``, ``high_90`` or ``probability``, ``came`` (missing while it is open),
        ``crps`` and ``log_score`` of a year's end, ``brier`` of a launch within some days.

    Examples
    --------
    >>> from analysis import load_launches
    >>> score_kept(load_launches(), read_forecasts("nowhere")).empty
    True
    """
    kept = read_forecasts() if kept is None else kept
    need_filled(kept, _NOTED, "the kept forecasts")
    rows = []
    groups: Any = kept.groupby(["as_of", "rule"], sort=False)
    for (day, name), own in groups:
        end = _last_day(launches, name, coverage)
        asked: Any = {"launches": launches, "rule": name, "coverage": coverage}
        first = {"as_of": day, "rule": name}
        ends = own[own["question"] == _QUESTIONS[0]]
        rows.append(first | _scored_year(ends, pd.Timestamp(day), end, asked))
        soon: Any = own[own["question"] == _QUESTIONS[1]].itertuples()
        for row in soon:
            until = pd.Timestamp(day) + pd.Timedelta(days=int(row.n))
            answer = {"question": row.question, "within": row.n, "probability": row.probability}
            if until <= end:
                span: Any = {"start": pd.Timestamp(day) + pd.Timedelta(days=1), "end": until}
                came = len(launch_days(**asked, **span)) > 0
                answer |= {"came": int(came), "brier": float(brier_score(came, row.probability))}
            rows.append(first | answer)
    columns = ["as_of", "rule", "question", "within", "median", "low_90", "high_90"]
    return pd.DataFrame(
        rows, columns=[*columns, "probability", "came", "crps", "log_score", "brier"]
    )


def _last_day(launches: pd.DataFrame, rule: str, coverage: Coverage) -> pd.Timestamp:
    """Return the last day of which the record speaks."""
    covered = covered_days(resolve_rule(rule), coverage_of(launches, coverage))
    if covered is not None:
        return covered[1]
    return through_door(launches, "launches")["date"].max()


def _scored_year(
    ends: pd.DataFrame, day: pd.Timestamp, end: pd.Timestamp, asked: Any
) -> dict[str, Any]:
    """Score a kept distribution of a year's final count."""
    p = ends["probability"].to_numpy() / ends["probability"].sum()
    low, median, high = (int(ends["n"].iloc[quantile(p, share)]) for share in (0.05, 0.5, 0.95))
    row: dict[str, Any] = {"question": _QUESTIONS[0], "median": median}
    row |= {"low_90": low, "high_90": high}
    last = pd.Timestamp(day.year, 12, 31)
    if last > end:
        return row
    came = count(**asked, start=pd.Timestamp(day.year, 1, 1), end=last)
    # a forecast starts from the count as it was known: what the record since lost is the worst
    place = max(came - int(ends["n"].iloc[0]), 0)
    with np.errstate(divide="ignore"):
        logs = np.log(p)
    return row | {"came": came, "crps": crps(place, p), "log_score": log_score(place, logs)}

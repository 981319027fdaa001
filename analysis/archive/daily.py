"""One row a day of what one country did towards another, from an archive of any size.

Each trap of such archives is a switch of `daily_covariates`; the defaults are the safe side.
The same expressions run on any engine that Ibis knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import pandas as pd
from ibis import _

from .kinds import Kind, kind_of
from .layout import one_layout
from .reading import CLASSES, ECHO_DAYS, LAUNCH_CODES, Reading, how_counted


def daily_covariates(
    archive: Any,
    *,
    source: str,
    target: str,
    by: str = "quad_class",
    direction: str = "directed",
    unit: str = "documents",
    root_only: bool = True,
    dated: str = "report",
    echo_days: Sequence[int] = ECHO_DAYS,
    launch_reports: bool = False,
    lag: int = 1,
) -> pd.DataFrame:
    """Count what one country did towards another, one row a day.

    Parameters
    ----------
    archive : ibis.Table
        What `read_archive` returned, on any engine.
    source, target : str
        Who acts and who is acted upon, as the archive writes them: "USA", "PRK" in GDELT;
        "United States", "North Korea" in ICEWS; "Government of North Korea" in UCDP.
    by : {"quad_class", "root_code", "goldstein"}
        Classes of deeds: verbal and material cooperation and conflict; the 20 root codes of
        CAMEO; or the sign of the Goldstein score (ICEWS: intensity), with its mean.
    direction : {"directed", "either"}
        What `source` does towards `target` only, or also the other way round.
    unit : {"documents", "events", "rows"}
        What is counted once a day. One article can give 96 rows, so by default each source
        document (its address, or the story in ICEWS). Rows without a document, as all of GDELT
        before April 2013, count by distinct actors, action and place of a day instead, and
        ``n_without_document`` says how many did. Identifiers repeat (145,312 times in ICEWS
        before 2014), so "events" are told apart by identifier, day, actors and action together.
    root_only : bool
        Only rows that an article is about (GDELT's IsRootEvent), not those it mentions.
    dated : {"report", "event"}
        The day a row came into the archive, so that nothing is used before it was known, or the
        day of the event that it tells of. Times of GDELT 2.0 become Korean days; the days of
        GDELT 1.0 are UTC days, which end at 9:00 in Korea: take ``lag=2`` to be strict. Archives
        without a day of report are dated by the event.
    echo_days : sequence of int
        Rows whose event lies exactly so many days before its report are left out, since they
        are mostly anniversaries; none with ``()``.
    launch_reports : bool
        Whether to keep documents that report a show of force or an attack by North Korea (root
        codes 15, 18, 19, 20). They tell of launches, and would be found among their causes.
    lag : int
        The row of a day holds what the archive said so many days before. With 0 a launch's own
        day is among what goes before it: for pictures only.

    Returns
    -------
    DataFrame
        One row a day without gaps: ``date``; ``n`` (documents of the pair), ``total`` (of all
        countries, under the same choices), ``share`` (n / total: coverage jumped in 2013, 2015
        and 2016-19, so that counts have trends that are none), ``tone`` (mean over documents,
        missing where there are none), ``n_without_document``; of each class ``n_``, ``share_``
        and ``tone_`` with its name; with ``by="goldstein"`` also ``goldstein``, its mean. On days
        of which the archive holds nothing, all are missing, never 0. ``attrs["how"]`` says the
        choices in a sentence.

    Raises
    ------
    ValueError
        For an unknown choice, a table that is no archive, a class that the archive does not
        hold, or a pair of countries without a row.

    See Also
    --------
    covariate_events : Days that stand out, as events for `event_study`.
    analysis.regression : Takes the table as ``covariates``.

    References
    ----------
    Ward, M. D. et al. (2013). Comparing GDELT and ICEWS event data. Analysis 21(1), 267-297.

    Examples
    --------
    >>> import tempfile
    >>> from analysis.archive import read_archive, write_archive
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = write_archive(folder, "gdelt1", 500, start="2013-05-01", end="2013-05-05")
    ...     table = daily_covariates(read_archive(files, "gdelt1"), source="USA", target="PRK")
    >>> len(table), bool(table["n"].le(table["total"]).all())
    (5, True)
    """
    reading = Reading(
        source, target, by, direction, unit, root_only, dated, tuple(echo_days), launch_reports, lag
    )
    kind = kind_of(archive.columns)
    rows = _counted_rows(one_layout(archive, kind, reading), kind, reading)
    pair = _pair(rows, kind, reading)
    totals = _fetch(
        rows.group_by("day").agg(
            total=_count_units(rows.unit, reading), known=(_.day == _.reported).any()
        )
    )
    days = _every_day(totals)
    found = _fetch(_units_by_day(pair, reading))
    if not len(found):
        raise ValueError(
            f"no row of the archive goes from {source!r} to {target!r}: expected them as the "
            f"archive writes them, such as {kind.launcher!r}"
        )
    return _table(days, found, reading, kind)


def _units_by_day(pair: Any, reading: Reading) -> Any:
    """Count the units of each day and class, all in one pass over the archive."""
    classes = {name: pair.label == name for name in CLASSES[reading.by]}
    columns = {"tone": pair.tone, "goldstein": pair.goldstein, "n_without_document": pair.bare}
    columns |= {f"n_{name}": inside.cast("int64") for name, inside in classes.items()}
    columns |= {
        f"tone_{name}": ibis.ifelse(inside, pair.tone, ibis.null("float64"))
        for name, inside in classes.items()
    }
    rows = pair.select("day", "unit", **columns)
    if reading.unit != "rows":
        once = {
            name: rows[name].max() if _counts_units(name) else rows[name].mean() for name in columns
        }
        rows = rows.group_by("day", "unit").agg(**once)
    daily = {
        name: rows[name].sum() if _counts_units(name) else rows[name].mean() for name in columns
    }
    return rows.group_by("day").agg(n=rows.count(), **daily)


def _counts_units(name: str) -> bool:
    """Say whether a column counts units; the others are means."""
    return name.startswith("n_")


def _fetch(expression: Any) -> pd.DataFrame:
    """Have an engine answer, in a table of pandas with `day` as its index if it has one."""
    table = expression.to_pyarrow().to_pandas()
    table["day"] = pd.to_datetime(table["day"])
    return table.set_index("day").sort_index()


def _count_units(unit: Any, reading: Reading) -> Any:
    """Return how many units there are, distinct unless each row is one."""
    return unit.count() if reading.unit == "rows" else unit.nunique()


def _counted_rows(rows: Any, kind: Kind, reading: Reading) -> Any:
    """Leave out what is no event of its day: mentions, vague days, echoes."""
    rows = rows.drop_null("day").filter(_.precise == 1)
    if reading.root_only:
        rows = rows.filter(rows.root == 1)
    if "reported" in kind.means:
        rows = rows.filter(~rows.reported.delta(rows.happened, unit="day").isin(reading.echo_days))
    return rows


def _pair(rows: Any, kind: Kind, reading: Reading) -> Any:
    """Return the rows between two countries, without documents that report a launch."""
    forth = (rows.source == reading.source) & (rows.target == reading.target)
    back = (rows.source == reading.target) & (rows.target == reading.source)
    pair = forth | back if reading.direction == "either" else forth
    if reading.launch_reports or "root_code" not in kind.classes:
        return rows.filter(pair)
    # both kinds of row are looked up in one pass over the archive
    force = (rows.source == kind.launcher) & rows.code.isin(LAUNCH_CODES)
    rows = rows.mutate(of_pair=pair, of_force=force).filter(_.of_pair | _.of_force)
    told = rows.of_force.any().over(group_by="unit")
    return rows.mutate(told=told).filter(_.of_pair & ~_.told)


def _every_day(totals: pd.DataFrame) -> pd.DataFrame:
    """Return the totals of every day, from the first day that was reported as it happened."""
    first = totals.index[totals["known"].astype(bool)].min()
    days = pd.date_range(first, totals.index.max(), freq="D", name="day")
    return totals[["total"]].reindex(days).astype("Int64")


def _table(days: pd.DataFrame, found: pd.DataFrame, reading: Reading, kind: Kind) -> pd.DataFrame:
    """Lay counts, shares and tones on the days; nothing of the pair on a day is 0 of the total."""
    covered = days["total"].notna()
    found = found.reindex(days.index)
    for name in filter(lambda name: name == "n" or _counts_units(name), found.columns):
        found[name] = found[name].fillna(0).where(covered).astype("Int64")
    table = days.copy()
    for name in ("", *(f"_{name}" for name in CLASSES[reading.by])):
        table[f"n{name}"] = found[f"n{name}"]
        table[f"share{name}"] = (found[f"n{name}"] / table["total"]).astype("float64")
        table[f"tone{name}"] = found[f"tone{name}"]
    table["n_without_document"] = found["n_without_document"]
    if reading.by == "goldstein":
        table["goldstein"] = found["goldstein"]
    table.insert(0, "date", table.index + pd.Timedelta(days=reading.lag))
    table = table.reset_index(drop=True)
    table.attrs["how"] = how_counted(reading, kind, int(table["n_without_document"].sum()))
    return table

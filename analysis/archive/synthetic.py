"""Made-up archives in the true layouts, for tests, benchmarks and teaching: never called data.

Everything in them is drawn from a seed. What is planted is known: articles in bursts, single
articles that give many rows, echoes of past days, reports of launches, identifiers that repeat,
and jumps of coverage.
"""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from ..errors import check_one_of, check_whole
from .files import as_sql, unit_sql
from .kinds import KINDS, Kind
from .made_columns import select_all
from .reading import ECHO_DAYS

#: Chance of each country to act, and to be acted upon.
COUNTRIES = {
    "USA": 0.3,
    "PRK": 0.15,
    "KOR": 0.15,
    "CHN": 0.1,
    "JPN": 0.1,
    "RUS": 0.1,
    "GBR": 0.05,
    "FRA": 0.05,
}
#: From which day on there is how much of the first day's coverage: jumps that look like trends.
COVERAGE = {
    "1979-01-01": 1.0,
    "2013-04-01": 2.0,
    "2015-02-19": 3.5,
    "2016-01-01": 5.0,
    "2020-01-01": 3.5,
}
#: Rows of an article that gives many.
FLOOD_ROWS = 96
#: Articles on each launch, that day and the next, each with a row of the launch and one of protest.
REPORTS = 12
PACKINGS = ("", ".zip", ".gz")


def write_archive(
    folder: str | PathLike[str],
    kind: str,
    n_rows: int,
    *,
    start: str,
    end: str,
    seed: int = 0,
    bursts: Iterable[Any] = (),
    floods: Iterable[Any] = (),
    launches: Iterable[Any] = (),
    burst_articles: int = 12,
    packing: str = "",
    threads: int = 1,
) -> list[Path]:
    r"""Write a made-up archive in the layout of a kind; return its files, one a month.

    Parameters
    ----------
    folder : path
        Where to write.
    kind : {"gdelt1", "gdelt2", "icews", "ucdp", "parquet"}
        The layout; "parquet" is what `to_parquet` would make of GDELT 1.0.
    n_rows : int
        Rows between all countries, besides what is planted.
    start, end : str
        First and last day.
    seed : int
        From which everything is drawn.
    bursts : days
        On each, `burst_articles` articles on the United States' verbal conflict with North Korea.
    floods : days
        If there are any, each day has one such article, which on these days gives 96 rows.
    launches : days
        Of each, `REPORTS` reports on that day and the next, with a row of protest beside, and
        as many rows dated to it 7, 30 and 365 days later.
    burst_articles : int
        Articles of a burst where coverage is 1.
    packing : {"", ".zip", ".gz"}
        How the files are packed.
    threads : int
        With more than one the order of rows in a Parquet file is not always the same.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = write_archive(folder, "gdelt2", 10, start="2016-01-01", end="2016-01-31")
    ...     files[0].read_text().splitlines()[0].count("\t") + 1
    61
    """
    check_one_of("kind", kind, (*KINDS, "parquet"))
    check_one_of("packing", packing, PACKINGS)
    check_whole("n_rows", n_rows)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    layout = KINDS["gdelt1" if kind == "parquet" else kind]
    with duckdb.connect(config={"threads": threads}) as engine:
        engine.execute(f"SET preserve_insertion_order = {as_sql(threads == 1)}")
        engine.execute("SET enable_progress_bar = false")
        _lay_out(engine, n_rows, start, end, seed)
        _plant(engine, bursts, floods, launches, burst_articles)
        if kind == "parquet":
            _copy_parquet(engine, layout, folder)
            return sorted(folder.glob("rows/*/*.parquet"))
        for place, width in enumerate(layout.layouts()):
            _copy_text(engine, layout, width, folder / str(place))
    return [_pack(path, folder, packing) for path in sorted(folder.glob("*/part=*/*.csv"))]


def _lay_out(
    engine: duckdb.DuckDBPyConnection, n_rows: int, start: str, end: str, seed: int
) -> None:
    """Say how many rows each day has, and draw countries and deeds of each row."""
    days = pd.DataFrame({"day": pd.date_range(start, end, freq="D")})
    steps = pd.Series(COVERAGE.values(), pd.DatetimeIndex(list(COVERAGE)))
    days["coverage"] = steps.reindex(days["day"], method="ffill").to_numpy()
    ends = (days["coverage"].cumsum() / days["coverage"].sum() * n_rows).round().astype("int64")
    days["n"] = ends.diff().fillna(ends.iloc[0]).astype("int64")
    days["first"] = ends - days["n"]
    engine.register("days_given", days)
    engine.execute("CREATE TABLE days AS SELECT * REPLACE (day::DATE AS day) FROM days_given")
    chance = pd.Series(COUNTRIES).cumsum()
    cases = " ".join(f"WHEN {{0}} < {edge:.6f} THEN '{name}'" for name, edge in chance.items())
    country = f"CASE {cases} ELSE '{chance.index[-1]}' END".format
    # numbers from 0 to 1 that depend on the seed, the row and what they are for
    draw = f"((hash(first + i, '{{}}', {int(seed)}) >> 11) / 9007199254740992.0)".format
    engine.execute(
        f"""CREATE VIEW background AS SELECT first + i AS event, day, day AS reported,
        {country(draw("source"))} AS source, {country(draw("target"))} AS target,
        1 + floor({draw("root")} * 20)::INT AS root, (i % 5 < 3)::INT AS is_root,
        'a' || ((first + i) // 5) AS article, round(4 * {draw("tone")} - 3, 3) AS tone
        FROM days, (SELECT unnest(range(days.n)) AS i)"""
    )


def _plant(
    engine: duckdb.DuckDBPyConnection,
    bursts: Iterable[Any],
    floods: Iterable[Any],
    launches: Iterable[Any],
    burst_articles: int,
) -> None:
    """Add what is planted; rows that would be reported after the last day are not there."""
    for name, when in (("bursts", bursts), ("floods", floods), ("launches", launches)):
        table = pd.DataFrame({"day": pd.DatetimeIndex(list(when))})
        engine.register(f"{name}_given", table)
        engine.execute(
            f"CREATE TABLE {name} AS SELECT day::DATE AS day, coverage "
            f"FROM {name}_given JOIN days USING (day)"
        )
    # every day has one article on protest; on the days of floods that one gives many rows
    engine.execute(
        f"""CREATE VIEW floods_of_days AS
        SELECT day, CASE WHEN day IN (SELECT day FROM floods) THEN {FLOOD_ROWS} ELSE 1 END AS n
        FROM days WHERE EXISTS (FROM floods)"""
    )
    protest = "'USA' AS source, 'PRK' AS target, 11 AS root, 1 AS is_root"
    launch = "'PRK' AS source, 'KOR' AS target, 19 AS root, 1 AS is_root"
    engine.execute(
        f"""CREATE TABLE planted AS
        SELECT day, day AS reported, {protest}, 'burst' || day || '-' || i AS article
        FROM bursts, (SELECT unnest(range(round({burst_articles} * bursts.coverage)::INT)) AS i)
        UNION ALL SELECT day, day, {protest}, 'daily' || day
        FROM floods_of_days, (SELECT unnest(range(floods_of_days.n)) AS i)
        UNION ALL SELECT day + late::INT, day + late::INT, {launch},
        concat_ws('-', 'report', day, late, i)
        FROM launches, range(2) AS l(late), range({REPORTS}) AS r(i)
        UNION ALL SELECT day + late::INT, day + late::INT, {protest},
        concat_ws('-', 'report', day, late, i)
        FROM launches, range(2) AS l(late), range({REPORTS}) AS r(i)
        UNION ALL SELECT day, day + late::INT, {protest}, concat_ws('-', 'echo', day, late, i)
        FROM launches, unnest({as_sql_numbers(ECHO_DAYS)}) AS l(late), range({REPORTS}) AS r(i)
        """
    )
    engine.execute(
        """CREATE VIEW archive AS SELECT * FROM background UNION ALL BY NAME
        SELECT (SELECT sum(n) FROM days)::BIGINT + row_number() OVER () - 1 AS event,
        *, -4.0 AS tone
        FROM planted WHERE reported <= (SELECT max(day) FROM days)"""
    )


def as_sql_numbers(numbers: Iterable[int]) -> str:
    """Write whole numbers as a list of SQL."""
    return f"[{', '.join(map(str, numbers))}]"


def _copy_text(engine: duckdb.DuckDBPyConnection, kind: Kind, width: int, folder: Path) -> None:
    """Write the months that have a width, as text."""
    widest = max(kind.layouts())
    dates = {"dateformat": "%Y-%m-%d", "timestampformat": "%Y-%m-%d %H:%M:%S", **(kind.dates or {})}
    when = "true" if not kind.optional else f"(reported >= DATE '2013-04-01') = {width == widest}"
    words = {
        "format": "csv",
        "delimiter": kind.delimiter,
        "quote": kind.quote,
        "escape": kind.quote,
        "header": kind.header,
        **dates,
    }
    options = ", ".join(f"{name.upper()} {as_sql(value)}" for name, value in words.items())
    engine.execute(
        f"COPY (SELECT {select_all(kind, width)}, strftime(reported, '%Y%m') AS part FROM archive "
        f"WHERE {when} ORDER BY reported, event) "
        f"TO {as_sql(str(folder))} ({options}, PARTITION_BY (part))"
    )


def _copy_parquet(engine: duckdb.DuckDBPyConnection, kind: Kind, folder: Path) -> None:
    """Write Parquet by month, as `to_parquet` does."""
    engine.execute(
        f"COPY (SELECT *, 'made up' AS file, ({unit_sql(kind.columns, kind)})::BIGINT AS unit, "
        "year(DATEADDED) * 100 + month(DATEADDED) AS month "
        f"FROM (SELECT {select_all(kind)} FROM archive)) TO {as_sql(str(folder / 'rows'))} "
        "(FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month))"
    )


def _pack(path: Path, folder: Path, packing: str) -> Path:
    """Move a month's file to its place, packed."""
    part = path.parent.name.removeprefix("part=")
    place = folder / f"{part}.export.CSV{packing}"
    if packing == ".zip":
        with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.write(path, f"{part}.export.CSV")
    elif packing == ".gz":
        place.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    else:
        path.rename(place)
    path.unlink(missing_ok=True)
    path.parent.rmdir()
    return place

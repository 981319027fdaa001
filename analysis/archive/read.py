"""Event archives as an Ibis table, whatever engine it stands on."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from itertools import groupby
from pathlib import Path
from typing import Any

import ibis

from ..errors import check_one_of
from .files import Paths, list_files, reading_sql, unpack_file
from .kinds import KINDS


def read_archive(
    paths: Paths,
    kind: str,
    *,
    connection: Any = None,
    memory: str = "1GB",
    threads: int = 2,
) -> Any:
    """Return an Ibis table over the files of an event archive; rows stay on disk.

    Parameters
    ----------
    paths : path, or list of paths
        Files, folders or patterns. Of ``kind="parquet"``: a folder that `to_parquet` wrote, or
        Parquet files with the columns of one of the kinds.
    kind : {"gdelt1", "gdelt2", "icews", "ucdp", "parquet"}
        What the files are: GDELT 1.0 of a day (57 or 58 columns) and 2.0 of a quarter of an
        hour (61), tab-separated without header, plain, zipped or gzipped; ICEWS ``.tab``; UCDP
        GED ``.csv``. ACLED's terms forbid passing on its rows, so none are shipped.
    connection : Ibis backend, optional
        The engine, such as ``ibis.pyspark.connect(session)`` of a cluster; DuckDB on this
        machine by default. Other engines read Parquet alone.
    memory : str
        Memory that DuckDB may take; beyond it writes to disk.
    threads : int
        Processor cores that DuckDB may take.

    Returns
    -------
    ibis.Table
        The columns of the publisher's codebook, then ``file`` (where a row came from) and
        ``unit`` (the number of its document). A table of 57 columns lacks ``SOURCEURL`` unless
        files of 58 columns are read with it.

    Raises
    ------
    ValueError
        For an unknown kind, a path without files, or a file that cannot be read, named with
        its line. `to_parquet` refuses bad rows one by one and goes on.

    See Also
    --------
    to_parquet : The first step for what is large or damaged.
    daily_covariates : From the table to one row a day.

    Examples
    --------
    >>> import tempfile
    >>> from analysis.archive import write_archive
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = write_archive(folder, "icews", 100, start="2013-01-01", end="2013-01-10")
    ...     read_archive(files, "icews").count().to_pyarrow().as_py()
    100
    """
    check_one_of("kind", kind, (*KINDS, "parquet"))
    engine = connection or connect(memory, threads)
    if kind == "parquet":
        return _read_parquet(paths, engine)
    if engine.name != "duckdb":
        raise ValueError(f"{engine.name} reads Parquet alone: turn the files into it by to_parquet")
    aside = Path(tempfile.mkdtemp())
    weakref.finalize(engine, shutil.rmtree, aside, ignore_errors=True)
    sources = [
        unpack_file(file, KINDS[kind], aside / f"{number}.txt")
        for number, file in enumerate(list_files(paths))
    ]
    for source in sources:
        if source.problem:
            raise ValueError(f"{source.name}: {source.problem}")
    sources.sort(key=lambda source: list(source.columns))
    alike = [list(group) for _, group in groupby(sources, lambda source: source.columns)]
    whole = " UNION ALL BY NAME ".join(reading_sql(group, KINDS[kind]) for group in alike)
    return engine.sql(whole)


def connect(memory: str = "1GB", threads: int = 2) -> Any:
    """Return DuckDB on this machine, through Ibis."""
    engine = ibis.duckdb.connect(
        memory_limit=memory, threads=threads, preserve_insertion_order=False
    )
    engine.raw_sql("SET enable_progress_bar = false")  # it would write into a notebook's output
    return engine


def _read_parquet(paths: Paths, engine: Any) -> Any:
    """Return the table over Parquet files, or over a folder that `to_parquet` wrote."""
    folder = Path(paths, "rows") if isinstance(paths, str | Path) else None
    if folder is None or not folder.is_dir():
        return engine.read_parquet([str(path) for path in list_files(paths)])
    if engine.name != "duckdb":
        return engine.read_parquet(str(folder))
    return engine.read_parquet(f"{folder}/*/*.parquet", hive_partitioning=True, union_by_name=True)

"""Files of an archive -> Parquet by month, with a ledger of every file and row."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from os import PathLike
from pathlib import Path

import duckdb
import pandas as pd
from tqdm.auto import tqdm

from ..errors import check_one_of
from .files import Paths, Source, as_sql, list_files, reading_sql, unpack_file
from .kinds import KINDS, Kind

#: Unpacked bytes of the files that are written together: one Parquet file a month of them.
BATCH = 1 << 28
#: Files written together at most, so that their unpacked copies stay few.
BATCH_FILES = 400
LEDGER = ("file", "kind", "batch", "bytes", "rows", "rows_read", "rows_refused", "problem")
REFUSED = ("file", "line", "reason")


def to_parquet(
    paths: Paths,
    folder: str | PathLike[str],
    kind: str,
    *,
    memory: str = "1GB",
    threads: int = 2,
    progress: bool = True,
) -> pd.DataFrame:
    """Turn the files of an archive into Parquet, parted by month, and account for every row.

    It may be stopped at any time, or killed, and called again with the same folder: files that
    the ledger holds are passed over, a batch that was not finished is written anew. Files added
    later are taken in by a further call.

    Parameters
    ----------
    paths : path, or list of paths
        Files, folders, or patterns such as "2013*.export.CSV.zip": plain, ``.zip`` or ``.gz``.
    folder : path
        Where to write. `read_archive` reads it with ``kind="parquet"``.
    kind : {"gdelt1", "gdelt2", "icews", "ucdp"}
        What the files are.
    memory : str
        Memory that DuckDB may take; beyond it writes to disk.
    threads : int
        Processor cores that DuckDB may take.
    progress : bool
        Show how far it is, if somebody is looking.

    Returns
    -------
    DataFrame
        The ledger, one row a file: ``file``, ``kind``, ``batch``, ``bytes`` (as it lies on
        disk), ``rows``, ``rows_read``, ``rows_refused`` and ``problem``: the first refused line
        and why, or why all of the file was refused. It lies in ``ledger.csv`` of the folder;
        `read_refused` lists every refused row. A file that is cut off inside its packing is
        refused whole, as nobody can say what it lacks.

    Raises
    ------
    ValueError
        For an unknown kind, no files, or a file that changed since it was taken in.

    See Also
    --------
    read_archive : The rows, as an Ibis table.

    Examples
    --------
    >>> import tempfile
    >>> from analysis.archive import write_archive
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = write_archive(folder, "gdelt1", 1000, start="2013-01-01", end="2013-01-10")
    ...     ledger = to_parquet(files, f"{folder}/parquet", "gdelt1", progress=False)
    >>> int(ledger["rows_read"].sum()), int(ledger["rows_refused"].sum())
    (1000, 0)
    """
    check_one_of("kind", kind, KINDS)
    files, folder = list_files(paths), Path(folder)
    writing = folder / "writing"
    shutil.rmtree(writing, ignore_errors=True)
    writing.mkdir(parents=True)
    ledger = read_ledger(folder)
    _remove_unfinished(folder, ledger)
    with duckdb.connect(config={"memory_limit": memory, "threads": threads}) as engine:
        engine.execute(f"SET temp_directory = {as_sql(str(writing))}")
        engine.execute("SET preserve_insertion_order = false; SET enable_progress_bar = false")
        pending = _pending(files, ledger, kind)
        hidden = None if progress else True  # None: hidden where stderr is no terminal
        with tqdm(total=len(pending), desc="files", leave=False, disable=hidden) as bar:
            for batch in _batches(pending, KINDS[kind], writing):
                number = 1 + int(ledger["batch"].max()) if len(ledger) else 1
                rows = _write(engine, batch, KINDS[kind], folder, number)
                ledger = pd.concat([ledger, rows.assign(kind=kind, batch=number)[list(LEDGER)]])
                _replace(ledger, folder / "ledger.csv")
                bar.update(len(batch))
    shutil.rmtree(writing)
    return read_ledger(folder)


def read_ledger(folder: str | PathLike[str]) -> pd.DataFrame:
    """Return what became of every file taken into a folder by `to_parquet`, one row a file."""
    path = Path(folder, "ledger.csv")
    if not path.exists():
        return pd.DataFrame(columns=list(LEDGER))
    return pd.read_csv(path, keep_default_na=False)


def read_refused(folder: str | PathLike[str]) -> pd.DataFrame:
    """Return every row that `to_parquet` refused: ``file``, ``line`` and ``reason``.

    Rows of a file that was refused whole are not listed one by one: see its ``problem``.
    """
    tables = [pd.read_csv(path) for path in sorted(Path(folder, "refused").glob("*.csv"))]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(REFUSED))


def _pending(files: list[Path], ledger: pd.DataFrame, kind: str) -> list[Path]:
    """Return the files that are not in the ledger; raise if one there is another by now."""
    known = dict(
        zip(ledger["file"], zip(ledger["kind"], ledger["bytes"], strict=True), strict=True)
    )
    for file in files:
        now = (kind, file.stat().st_size)
        if known.get(str(file), now) != now:
            raise ValueError(
                f"{file} was taken in as {known[str(file)]}, and is now {now} (kind, bytes): "
                "expected a new folder"
            )
    return [file for file in files if str(file) not in known]


def _remove_unfinished(folder: Path, ledger: pd.DataFrame) -> None:
    """Remove what a killed run wrote of a batch that never reached the ledger."""
    done = {f"{number:06d}" for number in ledger["batch"]}
    for path in [*folder.glob("rows/*/*.parquet"), *folder.glob("refused/*.csv")]:
        if path.name[:6] not in done:
            path.unlink()


def _batches(files: list[Path], kind: Kind, writing: Path) -> Iterator[list[Source]]:
    """Unpack files, and give those that are written together; their copies are then removed."""
    batch: list[Source] = []
    n_bytes = 0
    for number, file in enumerate(files):
        source = unpack_file(file, kind, writing / f"{number}.txt")
        if batch and (
            source.columns != batch[0].columns or n_bytes > BATCH or len(batch) == BATCH_FILES
        ):
            yield batch
            _remove_copies(batch, writing)
            batch, n_bytes = [], 0
        batch.append(source)
        n_bytes += source.path.stat().st_size if source.path.exists() else 0
    if batch:
        yield batch
        _remove_copies(batch, writing)


def _remove_copies(batch: list[Source], writing: Path) -> None:
    """Remove the unpacked copies of files."""
    for source in batch:
        if source.path.parent == writing:
            source.path.unlink(missing_ok=True)


def _write(
    engine: duckdb.DuckDBPyConnection, batch: list[Source], kind: Kind, folder: Path, number: int
) -> pd.DataFrame:
    """Write the rows of files with the same columns; return their rows of the ledger."""
    ledger = pd.DataFrame(
        {
            "file": [source.name for source in batch],
            "bytes": [source.n_bytes for source in batch],
            "rows": [source.n_rows for source in batch],
        }
    ).set_index("file", drop=False)
    refused = pd.DataFrame(columns=list(REFUSED))
    if batch[0].columns:
        read, refused = _copy(engine, batch, kind, folder, number)
        ledger["rows_read"] = read.reindex(ledger.index, fill_value=0)
    else:
        ledger["rows_read"] = 0
    if kind.quote:  # a row may go on over several lines
        n_refused = refused["file"].value_counts().reindex(ledger.index, fill_value=0)
        ledger["rows"] = (ledger["rows_read"] + n_refused).where(
            ledger["rows_read"] > 0, ledger["rows"]
        )
    ledger["rows_refused"] = ledger["rows"] - ledger["rows_read"]
    first = refused.drop_duplicates("file").set_index("file")
    parts = first[["line", "reason"]].astype("str")  # an empty column is of any type
    said = ("line " + parts["line"] + ": " + parts["reason"]).reindex(ledger.index)
    whole = pd.Series([source.problem for source in batch], index=ledger.index)
    ledger["problem"] = whole.where(whole != "", said.fillna(""))
    return ledger.reset_index(drop=True)


def _copy(
    engine: duckdb.DuckDBPyConnection, batch: list[Source], kind: Kind, folder: Path, number: int
) -> tuple[pd.Series, pd.DataFrame]:
    """Copy rows to Parquet; return how many each file gave, and which lines were refused."""
    aside = folder / "writing" / "rows"
    shutil.rmtree(aside, ignore_errors=True)
    rows = reading_sql(batch, kind, store_rejects=True, rejects_limit=0)
    day = f'coalesce("{kind.month}", "{kind.means["day"]}")'
    engine.execute(
        f"COPY (SELECT *, coalesce(year({day}) * 100 + month({day}), 0) AS month FROM ({rows})) "
        f"TO {as_sql(str(aside))} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month), "
        f"FILENAME_PATTERN '{number:06d}-{{i}}')"
    )
    names = pd.Series({str(source.path): source.name for source in batch})
    refused = (
        engine.execute(
            "SELECT file_path AS file, line, first(error_message ORDER BY column_idx) AS reason "
            "FROM reject_errors JOIN reject_scans USING (scan_id, file_id) "
            "GROUP BY ALL ORDER BY file, line"
        )
        .fetch_arrow_table()
        .to_pandas()
    )
    engine.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    refused["file"] = refused["file"].map(names)
    refused["reason"] = (
        refused["reason"].str.split("\n").str[0].str.replace(r"\s+", " ", regex=True)
    )
    if len(refused):
        _replace(refused, folder / "refused" / f"{number:06d}.csv")
    written = list(aside.glob("*/*.parquet"))
    if not written:
        return pd.Series(dtype="int64"), refused
    counted = (
        engine.execute(
            "SELECT file, count(*) AS n "
            f"FROM read_parquet({as_sql(list(map(str, written)))}) GROUP BY file"
        )
        .fetch_arrow_table()
        .to_pandas()
    )
    for path in written:
        place = folder / "rows" / path.parent.name
        place.mkdir(parents=True, exist_ok=True)
        path.rename(place / path.name)
    return counted.set_index("file")["n"], refused


def _replace(table: pd.DataFrame, path: Path) -> None:
    """Write a table in one step: a reader sees the old one or the new one."""
    path.parent.mkdir(exist_ok=True)
    aside = path.with_suffix(".new")
    with aside.open("w", encoding="utf-8", newline="") as file:
        table.to_csv(file, index=False)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)

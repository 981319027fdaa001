"""Imported first by what reads event archives: says what to install without DuckDB and Ibis."""

from . import require

require("archive", "duckdb", "ibis", "pyarrow", "tqdm")

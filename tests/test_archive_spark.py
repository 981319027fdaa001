"""The same expressions on Spark in local mode (make spark)."""

import shutil

import ibis
import pandas as pd
import pytest

from analysis.archive import daily_covariates, read_archive, write_archive

pytest.importorskip("pyspark")

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(shutil.which("java") is None, reason="no Java here"),
    # of pyspark and of Ibis on it
    pytest.mark.filterwarnings("ignore"),
]
PAIR = {"source": "USA", "target": "PRK"}


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "2g")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .getOrCreate()
    )
    yield ibis.pyspark.connect(session)
    session.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("million")
    write_archive(
        folder, "parquet", 1_000_000, start="2012-01-01", end="2016-12-31", threads=2,
        bursts=["2016-05-05"], floods=["2016-06-06"], launches=["2016-03-03"],
    )  # fmt: skip
    return folder


@pytest.mark.parametrize(
    "choices",
    [{}, {"unit": "rows", "dated": "event", "echo_days": ()}, {"by": "root_code"}],
    ids=["default", "naive", "root codes"],
)
def test_duckdb_and_spark_count_the_same_on_the_same_parquet(spark, folder, choices):
    here, there = (
        daily_covariates(read_archive(folder, "parquet", connection=engine), **PAIR, **choices)
        for engine in (None, spark)
    )
    assert here["total"].sum() > 100_000
    pd.testing.assert_frame_equal(here, there)

"""What tests share: the record, read once, and the style of the plots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from analysis.record import load

from .copies import copy_checkout


@pytest.fixture(scope="session")
def launches() -> pd.DataFrame:
    return load.load_launches()


@pytest.fixture(scope="session")
def events() -> pd.DataFrame:
    return load.load_events()


@pytest.fixture(scope="session")
def groups() -> pd.DataFrame:
    return load.load_groups()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, for tests to change."""
    return copy_checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture
def plot_style() -> Iterator[None]:
    """Draw in the report's style, off screen, and close what was drawn."""
    pyplot = pytest.importorskip("matplotlib.pyplot")
    from analysis.plot import styled

    pyplot.switch_backend("agg")
    with styled():
        yield
    pyplot.close("all")


#: What works with the base dependencies alone: a library missing there is a failure.
BASE = {
    f"test_{name}"
    for name in (
        "check", "conventions", "counting", "door", "filters", "floors", "moved", "record", "salvo",
        "save", "series_eras", "upstream", "upstream_fuzz", "upstream_reconcile",
    )
}  # fmt: skip


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """Skip a module that needs an extra where that is not installed."""
    report = yield
    missing = re.search(r"No module named '\w+|pip install '.*'", str(report.longrepr))
    if report.failed and missing and collector.name.removesuffix(".py") not in BASE:
        report.outcome, report.longrepr = "skipped", (str(collector.path), 0, missing[0])
    return report

"""A plugin for the base dependencies alone: what fails for an absent extra is skipped, and says so.

Loaded by ``make base-test`` and nowhere else, so that no other run can skip a failure.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

#: What the package, a test or a child of it says where a library is not there.
_ABSENT = re.compile(
    r"[\w.-]+ is needed here: pip install '[\w.\[\]-]+'"
    r"|No module named '(?:matplotlib|seaborn|scipy|statsmodels|joblib|tqdm|duckdb|ibis|openpyxl"
    r"|pyarrow|IPython|ipywidgets|nbclient|nbformat|bs4|mypy)[\w.]*'"
)


def _skip_where_absent(report: Any) -> None:
    said = [report.longreprtext, *(text for _, text in report.sections)] if report.failed else []
    absent = _ABSENT.search("\n".join(said))
    if absent:
        path = str(getattr(report, "fspath", None) or Path(report.nodeid.partition("::")[0]))
        report.outcome, report.longrepr = "skipped", (path, 0, f"Skipped: {absent[0]}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Skip a test that fails for an absent library."""
    report = yield
    _skip_where_absent(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    """Skip a file of tests that cannot be imported for one."""
    report = yield
    _skip_where_absent(report)
    return report

"""Every public function of tables: a column away, or a cell empty, is said in words."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from functools import cache
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import analysis
from analysis.record.which import table_like

from .public_calls import call_in_example, called, public_functions, tables_of

FUNCTIONS = public_functions()
#: What takes long; tests/corruption_proof.py asks them without a column too.
LONG = {
    *("claims.beside_naive", "claims.retest_findings", "claims.article_settings"),
    *("claims.check_article", "claims.check_counts", "claims.article_days"),
    *("excitation.excitation_by_baseline", "excitation.excitation_test"),
    *("excitation.excitation_profile", "excitation.self_excitation", "links.event_study"),
    *("forecast.score_published", "forecast.keep_forecast", "explore_year_to_date"),
    "save_table",  # into a folder that is gone
}
#: Columns that bear on most answers; others of a long table are passed over.
BEARING = {
    *("launch_id", "date", "launched_at", "missiles", "family"),
    *("event_id", "start", "category", "kind", "as_of", "value", "event", "rule", "who"),
}


@cache
def example(name: str) -> dict[str, Any] | None:
    with contextlib.redirect_stdout(io.StringIO()):
        return call_in_example(FUNCTIONS[name])


def worse(frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The table without each of its columns, and with the first cell of each empty."""
    for column in frame.columns:
        if frame.shape[1] > 12 and column not in BEARING:
            continue
        cells = frame[column].astype(object)
        cells[cells.index[:1]] = None
        for other in (frame.drop(columns=column), frame.assign(**{column: cells})):
            other.attrs = frame.attrs
            yield str(column), other


@pytest.mark.slow
@pytest.mark.usefixtures("plot_style")
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_column_away_or_a_cell_empty_is_answered_or_said(name: str) -> None:
    given = None if name in LONG else example(name)
    for argument, frame in tables_of(given or {}).items():
        for column, other in worse(frame):
            plt.close("all")
            said = ""
            try:
                called(FUNCTIONS[name], given | {argument: other})
            except ValueError as error:
                said = str(error)
            assert not said or len(said) > 20, f"{argument} without {column}: {said!r}"


L, E = analysis.load_launches(), analysis.load_events("olympics")
CLAIMS, FIRSTS = analysis.load_published_counts(), analysis.load_published_firsts()
PERIOD: dict[str, Any] = {"start": "2012-01-01", "end": "2022-12-31"}
SWAPPED = {
    "event_study": lambda: analysis.event_study(E, L, "days", **PERIOD),
    "olympics_table": lambda: analysis.olympics_table(E, L, **PERIOD),
    "superposed_epoch": lambda: analysis.superposed_epoch(E, L, "days", **PERIOD),
    "coincidence": lambda: analysis.coincidence(E, L, "days", **PERIOD),
    "specification_curve": lambda: analysis.specification_curve(E, L, progress=False, **PERIOD),
    "regression": lambda: analysis.regression(E, L, "days", **PERIOD),
    "influence": lambda: analysis.influence(E, L, "days", leave="event", **PERIOD),
    "global_test": lambda: analysis.global_test(E, L, "days", by="kind", **PERIOD),
    "power": lambda: analysis.power(E, L, "days", progress=False, **PERIOD),
    "check_article": lambda: analysis.check_article(E, L),
    "check_counts": lambda: analysis.check_counts(L, CLAIMS),
    "check_firsts": lambda: analysis.check_firsts(L, FIRSTS, E),
    "check_firsts, events": lambda: analysis.check_firsts(FIRSTS, E, L),
    "retest_findings": lambda: analysis.retest_findings(E, L, progress=False),
    "reconcile": lambda: analysis.reconcile(L, E),
    "score_published": lambda: analysis.score_published(FIRSTS, L),
    "era_rates": lambda: analysis.era_rates(L, "days", E, **PERIOD),
    "count": lambda: analysis.count(E, "days", **PERIOD),
}


@pytest.mark.parametrize("name", SWAPPED)
def test_tables_that_changed_places_are_told_apart(name: str) -> None:
    with pytest.raises(ValueError, match=r"expected a table of .*, but this is one of ") as caught:
        SWAPPED[name]()
    assert "each argument takes the table of its name" in str(caught.value)


@pytest.mark.parametrize("name", ["launches", "events", "eras", "published_counts", "groups"])
def test_a_table_of_the_package_is_known_by_its_columns(name: str) -> None:
    table = getattr(analysis, f"load_{name}")()
    assert table_like(table) == name
    assert table_like(table.iloc[:, ::-1]) == name


def test_a_table_of_a_few_columns_is_known_by_its_day() -> None:
    day = ["2022-01-05"]
    assert table_like(pd.DataFrame({"date": day})) == "launches"
    assert table_like(pd.DataFrame({"start": day, "end": day})) == "events"
    assert table_like(pd.DataFrame({"date": day, "start": day})) == ""
    assert table_like(pd.DataFrame({"n": [1]})) == ""

"""Addresses of the first release still answer, with a warning."""

import importlib

import pytest

OLD = {
    "analysis.load": "load_launches",
    "analysis.schema": "TABLES",
    "analysis.check": "RecordError",
    "analysis.salvo": "derive_salvos",
    "analysis.rules": "RULES",
    "analysis.tally": "make_tally",
    "analysis.frequency": "self_excitation",
    "analysis.links": "retest_findings",
    "analysis.plot": "plot_ratios",
}


@pytest.mark.parametrize("module", OLD)
def test_an_old_address_answers_with_a_warning(module):
    with pytest.warns(DeprecationWarning, match="the old address goes with the next version"):
        assert getattr(importlib.import_module(module), OLD[module]) is not None


@pytest.mark.parametrize("module", OLD)
def test_an_unknown_name_is_no_attribute(module):
    with pytest.raises(AttributeError, match="no_such_name"):
        importlib.import_module(module).no_such_name  # noqa: B018


def test_the_rooms_that_stayed_do_not_warn():
    for name in ("count", "RULES", "CountRule", "period_bounds"):
        assert getattr(importlib.import_module("analysis.counting"), name) is not None

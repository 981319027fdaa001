"""Eras: which offices cut them is named in the call."""

import numpy as np
import pandas as pd
import pytest

from analysis import load_eras
from analysis.series.eras import era_codes, era_names

DAYS = pd.date_range("2012-01-01", "2025-12-31")
TWO = ("dprk_leader", "us_president")


def test_american_presidents_alone_cut_2012_to_2025_into_four_eras():
    # Obama, Trump, Biden, Trump again, all under Kim Jong Un
    codes = era_codes(DAYS, TWO)
    starts = DAYS[np.flatnonzero(np.diff(codes)) + 1]
    assert starts.strftime("%Y-%m-%d").tolist() == ["2017-01-20", "2021-01-20", "2025-01-20"]


def test_more_offices_cut_finer():
    two, three = era_codes(DAYS, TWO), era_codes(DAYS, (*TWO, "rok_president"))
    assert three.max() > two.max()
    # no era of three offices reaches over a change in one of two
    assert pd.Series(two).groupby(three).nunique().eq(1).all()


def test_names_change_with_the_codes():
    assert (
        np.diff(era_codes(DAYS, TWO)).astype(bool)
        == (era_names(DAYS, TWO)[1:] != era_names(DAYS, TWO)[:-1])
    ).all()


def test_an_office_that_nobody_holds_is_an_error():
    with pytest.raises(ValueError, match="unknown office 'pope': expected dprk_leader"):
        era_codes(DAYS, ["pope"])
    late = load_eras().assign(start=pd.Timestamp("2020-01-01"))
    with pytest.raises(ValueError, match="no dprk_leader is known on 2012-01-01"):
        era_names(DAYS, TWO, eras=late)

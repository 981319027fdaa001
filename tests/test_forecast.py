"""Forecasts: no leak, right scores, edges of years and records, and the promises they must keep."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis import forecast as fc
from analysis.__main__ import main
from analysis.counting import count
from analysis.forecast import scores
from analysis.forecast.next import NEXT, launched_within
from analysis.record.load import load_launches, load_published_forecasts

from .toys import toy_launches

YEARS = range(2012, 2026)


@pytest.fixture(scope="module")
def scored(launches):
    return fc.backtest(launches, years=YEARS, progress=False)


@pytest.fixture(scope="module")
def asked(launches):
    return fc.backtest_next(launches, years=YEARS, models=["climatology", "weighted_rate"])


@pytest.fixture(scope="module")
def changed(launches):
    """The record with its future torn up: no launch after 30 June 2019 but one on every day."""
    then = launches["date"] <= "2019-06-30"
    row = launches[then].tail(1)
    future = pd.date_range("2019-07-01", "2026-08-22")
    every = row.loc[row.index.repeat(len(future))].assign(date=future, launched_at=pd.NaT)
    every["launch_id"] = [f"made-up-{place}" for place in range(len(every))]
    return pd.concat([launches[then], every], ignore_index=True).astype(launches.dtypes.to_dict())


@pytest.mark.parametrize("model", fc.MODELS)
@pytest.mark.parametrize("as_of", ["2019-01-01", "2019-06-30"])
def test_a_changed_future_leaves_the_year_s_end_as_it_was(launches, changed, model, as_of):
    asked = {"as_of": as_of, "model": model, "seed": 3}
    pd.testing.assert_frame_equal(
        fc.year_end(launches, **asked), fc.year_end(changed, **asked), check_exact=True
    )


@pytest.mark.parametrize("model", NEXT)
def test_a_changed_future_leaves_the_next_launch_as_it_was(launches, changed, model):
    now, then = (
        fc.next_launch(table, as_of="2019-06-30", model=model) for table in (launches, changed)
    )
    pd.testing.assert_frame_equal(now, then, check_exact=True)


def test_a_backtest_says_what_was_forecast_on_the_day_itself(launches, scored):
    row = scored[(scored["origin"] == "2022-06-30") & (scored["model"] == "pool")].iloc[0]
    table = fc.year_end(launches, "days", as_of="2022-06-30")
    upto = table.loc[table["n"] <= row["n"], "probability"].sum()
    assert upto == pytest.approx(row["upto"], abs=1e-6)
    assert count(launches, "days", start="2022-01-01", end="2022-12-31") == row["n"]


@pytest.mark.parametrize("model", NEXT)
def test_daily_questions_are_those_of_the_day_itself(launches, model):
    table = fc.backtest_next(launches, years=[2021, 2022], within=[14], models=[model])
    for day in ("2021-01-01", "2022-03-15", "2022-12-10"):
        alone = fc.next_launch(launches, as_of=day, within=[14], model=model)
        there = table.loc[table["origin"] == day, "probability"]
        assert alone["probability"].item() == pytest.approx(there.item(), abs=1e-12)


def test_168_origins_and_none_of_31_december(scored):
    assert scored.groupby("model").size().unique().tolist() == [168]
    ends = scored["origin"].dt.strftime("%m-%d").unique().tolist()
    assert ends[:3] == ["01-01", "01-31", "02-29"]
    assert "12-31" not in ends


def test_the_default_keeps_its_promises(scored):
    by_model = scored.groupby("model")["crps"].mean()
    assert by_model["pool"] <= 0.87 * by_model["climatology"]
    held = fc.coverage_by_model(scored).set_index(["model", "stated"])["covered"]
    assert 0.85 <= held["pool", 0.9] <= 0.95
    histogram = fc.pit_histogram(scored)
    assert histogram.loc[histogram["model"] == "pool", "inside"].all()
    assert not histogram.loc[histogram["model"] == "last_year", "inside"].all()


def test_the_weighted_rate_beats_ten_years_climatology_at_14_days(asked):
    brier = asked[asked["within"] == 14].groupby("model")["brier"].mean()
    assert 1 - brier["weighted_rate"] / brier["climatology"] >= 0.07


def test_nothing_is_claimed_against_gamma_poisson(scored):
    pair = fc.compare_forecasts(scored, against="gamma_poisson").set_index("model").loc["pool"]
    assert pair["low"] < 0 < pair["high"]
    assert pair["p_value"] > 0.05
    assert pair["years"] == 14


def test_2022_alone_is_a_fifth_to_a_third_of_every_good_total(scored):
    table = fc.compare_forecasts(scored).set_index("model")
    for model in ("gamma_poisson", "negative_binomial", "self_exciting", "pool"):
        assert table.loc[model, "largest_year"] == 2022
        assert 0.15 < table.loc[model, "largest_share"] < 0.4


@pytest.mark.parametrize("model", fc.MODELS)
@pytest.mark.parametrize("as_of", ["2018-12-30", "2019-01-01", "2022-11-03", "2024-02-29"])
def test_every_model_gives_a_distribution_in_hard_years(launches, model, as_of):
    table = fc.year_end(launches, as_of=as_of, model=model)
    so_far = count(launches, "days", start=f"{as_of[:4]}-01-01", end=as_of)
    assert table["probability"].sum() == pytest.approx(1)
    assert (table["probability"] >= 0).all()
    assert table["n"].is_monotonic_increasing
    assert table["n"].iloc[0] >= so_far


def test_31_december_leaves_nothing_open(launches):
    table = fc.year_end(launches, as_of="2022-12-31")
    came = count(launches, "days", start="2022-01-01", end="2022-12-31")
    assert (table["n"].tolist(), table["probability"].tolist()) == ([came], [1.0])


@pytest.mark.parametrize("rule", ["icbm_days", "missiles", "salvos", "utc_days"])
def test_rules_of_few_events_and_of_missiles_are_forecast(launches, rule):
    low = fc.year_end(launches, rule, as_of="2025-06-30", model="self_exciting")
    table = fc.year_end(launches, rule, as_of="2025-06-30")
    assert table["probability"].sum() == pytest.approx(1)
    assert low["n"].iloc[0] >= count(launches, "icbm_days", start="2025-01-01", end="2025-06-30")
    chances = fc.next_launch(launches, rule, as_of="2025-06-30")["probability"]
    assert chances.between(0, 1).all()
    assert chances.is_monotonic_increasing


def test_one_s_own_launches_are_forecast_without_korean_words():
    days = pd.date_range("2001-01-10", "2015-06-01", freq="37D").strftime("%Y-%m-%d").tolist()
    mine = toy_launches(days, family="ballistic")
    table = fc.year_end(mine, as_of="2015-06-30", coverage=False)
    assert table["probability"].sum() == pytest.approx(1)
    said = fc.describe_forecast(mine, as_of="2015-06-30", coverage=False)
    assert "years since 2001" in said


def test_too_short_a_record_is_told():
    mine = toy_launches(["2012-01-05", "2013-05-05", "2014-05-05"])
    with pytest.raises(ValueError, match="8 whole years"):
        fc.year_end(mine, as_of="2015-06-30", coverage=False)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: fc.year_end(t, as_of="2022-01-01", model="oracle"), "unknown model 'oracle'"),
        (lambda t: fc.next_launch(t, as_of="2022-01-01", within=[0]), "at least 1 for within"),
        (lambda t: fc.backtest(t, years=[]), "no years given"),
        (lambda t: fc.backtest(t, years=[2020], origins=["2020-12-31"]), "before 31 December"),
        (lambda t: fc.backtest(t, years=[2020], models=["x"]), "unknown model 'x'"),
        (lambda t: fc.compare_forecasts(t), "the scores lack the column"),
    ],
)
def test_what_is_wrong_is_said(launches, call, message):
    with pytest.raises(ValueError, match=message):
        call(launches)


def test_a_seed_gives_the_same_bytes(launches):
    one, two, other = (fc.year_end(launches, as_of="2022-05-31", seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    assert not one["probability"].equals(other["probability"])


def test_a_forecast_from_what_was_known_then_is_scored_by_what_is_known_now(launches):
    asked = {"years": [2018, 2022], "models": ["negative_binomial"], "progress": False}
    asked["origins"] = ["2018-06-30", "2022-06-30"]
    known = fc.backtest(
        launches,
        "cns_days",
        as_known=lambda day: load_launches(known_on=day, database="cns"),
        **asked,
    )
    now = fc.backtest(launches, "cns_days", **asked)
    assert known["n"].tolist() == now["n"].tolist()
    assert (known["so_far"] <= now["so_far"]).all()
    assert known["so_far"].iloc[1] < now["so_far"].iloc[1]  # CNS lagged in June 2022


def test_more_launches_known_then_than_now_are_a_forecast_that_ruled_the_count_out(launches):
    first = launches[launches["date"] == "2022-01-05"].head(1)
    extra = [
        first.assign(
            date=pd.Timestamp(f"2018-03-{day:02d}"), launched_at=pd.NaT, launch_id=f"x{day}"
        )
        for day in (1, 2, 3)
    ]
    more = pd.concat([launches, *extra], ignore_index=True).astype(launches.dtypes.to_dict())
    row = fc.backtest(
        launches, years=[2018], origins=["2018-11-30"], models=["pro_rata"], progress=False,
        as_known=lambda day: more,
    ).iloc[0]  # fmt: skip
    assert (row["n"], row["so_far"], row["log_score"]) == (0, 3, np.inf)
    assert row["crps"] >= 2.9


# scores


@given(st.integers(0, 60), st.floats(0.5, 30), st.floats(0.05, 0.95))
@settings(max_examples=60, deadline=None)
def test_crps_of_a_negative_binomial_equals_its_integral(came, shape, chance):
    n = np.arange(4000)
    p = stats.nbinom.pmf(n, shape, chance)
    draws_apart = scores.crps(came, p / p.sum())
    # E|X - y| - E|X - X'| / 2, the second form of the score (Gneiting and Raftery 2007)
    below = np.cumsum(p)
    spread = 2 * (below * (1 - below)).sum()
    assert draws_apart == pytest.approx((p * abs(n - came)).sum() - spread / 2, abs=1e-6)


def test_the_log_score_does_not_underflow():
    assert np.isfinite(scores.log_score_negative_binomial(5000, 2.0, 0.9))
    assert stats.nbinom.pmf(5000, 2.0, 0.9) == 0.0


@pytest.mark.peer
def test_scores_are_those_of_scoringrules():
    theirs = pytest.importorskip("scoringrules")
    rng = np.random.default_rng(2)
    n = np.arange(3000)
    for came, shape, chance in zip(
        rng.integers(0, 60, 30), rng.uniform(1, 20, 30), rng.uniform(0.1, 0.9, 30), strict=True
    ):
        p = stats.nbinom.pmf(n, shape, chance)
        ours = scores.crps(int(came), p / p.sum())
        assert ours == pytest.approx(float(theirs.crps_negbinom(came, shape, chance)), abs=1e-8)
        log = scores.log_score_negative_binomial(came, shape, chance)
        assert float(log) == pytest.approx(
            float(theirs.logs_negbinom(came, shape, chance)), abs=1e-8
        )
    drawn = rng.poisson(8, 400)
    share = np.bincount(drawn) / 400
    assert scores.crps(6, share) == pytest.approx(
        float(theirs.crps_ensemble(6.0, drawn.astype(float), estimator="nrg")), abs=1e-8
    )
    assert scores.brier_score(1, 0.3) == pytest.approx(float(theirs.brier_score(1, 0.3)), abs=1e-8)
    assert scores.interval_score(12, 2, 10, level=0.9) == pytest.approx(
        float(theirs.interval_score(12.0, 2.0, 10.0, 0.1)), abs=1e-8
    )


def test_the_pit_of_a_sure_forecast_is_uniform_over_all():
    edges = np.linspace(0, 1, 11)
    assert np.diff(scores.pit_share([0.0], [1.0], edges)).round(12).tolist() == [[0.1] * 10]


def test_true_forecasts_pass_the_envelope():
    rng = np.random.default_rng(5)
    year = np.repeat(np.arange(2000, 2040), 12)
    came = rng.poisson(6.0, len(year))
    below, upto = stats.poisson.cdf(came - 1, 6.0), stats.poisson.cdf(came, 6.0)
    table = pd.DataFrame({"year": year, "model": "true", "below": below, "upto": upto})
    assert fc.pit_histogram(table)["inside"].all()
    narrow = table.assign(below=np.clip(below * 3 - 1, 0, 1), upto=np.clip(upto * 3 - 1, 0, 1))
    assert not fc.pit_histogram(narrow)["inside"].all()


def test_reliability_of_a_true_chance_holds_it():
    rng = np.random.default_rng(4)
    chance = rng.random(4000)
    table = pd.DataFrame({"model": "true", "within": 1, "probability": chance})
    found = fc.reliability(table.assign(happened=rng.random(4000) < chance), bins=4)
    assert found["stated"].between(found["low"], found["high"]).all()
    assert found["days"].tolist() == [1000] * 4


def test_the_days_whose_answer_is_not_known_are_left_out():
    days = np.array([0, 0, 0, 1, 0, 0, 0])
    assert launched_within(days, 2).tolist() == [False, True, True, False, False]


# forecasts of others, and our own kept


def test_kei_expected_more_than_twice_what_came(launches):
    table = fc.score_published(launches, load_published_forecasts()).set_index("forecast_id")
    kei = table.loc["kei-2017"]
    assert kei["came"] < 7
    assert kei["our_score"] < kei["score"]
    assert table.loc["metaculus-icbm-2021", "came"] == 0
    assert table.loc["gjopen-space-2023", "came"] == 1  # the rocket of 31 May 2023 decided it
    assert table["happened"].notna().all()


def test_an_open_question_has_no_outcome(launches):
    one = load_published_forecasts().head(1)
    open_ = one.assign(made_on=pd.Timestamp("2026-08-01"), period_end=pd.Timestamp("2030-01-01"))
    table = fc.score_published(launches, pd.concat([one, open_]))
    assert table["came"].isna().tolist() == [False, True]


def test_a_kept_forecast_is_never_edited_and_scored_when_due(launches, tmp_path):
    path = fc.keep_forecast(launches, as_of="2024-06-30", folder=tmp_path)
    first = path.read_bytes()
    fc.keep_forecast(launches[launches["date"] < "2020-01-01"], as_of="2024-06-30", folder=tmp_path)
    assert path.read_bytes() == first
    table = fc.score_kept(launches, fc.read_forecasts(tmp_path))
    assert table["question"].tolist() == ["year_end"] + ["launch_within"] * 3
    end = table.iloc[0]
    assert end["came"] == count(launches, "cnn", start="2024-01-01", end="2024-12-31")
    backtest = fc.backtest(
        launches, "cnn", years=[2024], origins=["2024-06-30"], models=["pool"], progress=False
    )
    assert end["crps"] == pytest.approx(backtest["crps"].item(), abs=1e-4)
    assert table["brier"].iloc[1:].notna().all()


def test_the_forecasts_of_releases_can_be_read_and_name_their_day():
    kept = fc.read_forecasts()
    assert len(kept)
    for path in fc.kept.FORECASTS.glob("*.csv"):
        own = pd.read_csv(path)
        assert path.stem == f"{own['as_of'].iloc[0]}-{own['rule'].iloc[0]}"
        ends = own[own["question"] == "year_end"]
        assert ends["probability"].sum() == pytest.approx(1, abs=1e-6)


def test_the_command_says_a_sentence_a_reporter_could_print(capsys):
    assert main(["forecast", "--rule", "cnn", "--as-of", "2026-06-30"]) == 0
    said = capsys.readouterr().out
    assert "launch days by the year's end, 90 % between" in said
    assert "a launch within 14 days has a chance of" in said
    assert "from 11 through 30 June 2026" in said
    assert main(["forecast", "--as-of", "1985-01-01"]) == 1
    assert "8 whole years" in capsys.readouterr().err

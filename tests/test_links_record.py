"""What the links say of a record: tables, exclusions, clear errors, Games."""

from dataclasses import replace

import joblib
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.links import (
    coincidence,
    event_sets,
    event_study,
    olympics_table,
    power,
    regression,
    specification_curve,
    specification_summary,
    superposed_epoch,
)
from analysis.links.adjustments import ADJUSTMENTS_TRIED
from analysis.links.given_recent import recent_fit, with_window
from analysis.links.marginal import marginal_ratio
from analysis.links.nulls import NULLS
from analysis.links.said import say_links
from analysis.links.studied import RULE, STUDY, by_own_null
from analysis.links.unrelated import DAYS_MOVED, RECORDS, alarms, unrelated
from analysis.record.load import last_day, load_coverage, load_events, load_groups, load_launches
from analysis.record.proofs import read_proof
from analysis.series.strata import START, make_days, read_days
from analysis.series.windows import choose, mark

from .proofs import links_unrelated
from .toys import toy_launches

LAUNCHES, EVENTS = load_launches(), load_events()
DRILLS = load_events("drill")
TO = {"end": "2025-12-31"}
EARLY = {"start": "2012-01-01", "end": "2012-12-31"}


def made_events(*spans: tuple[str, str], **columns: object) -> pd.DataFrame:
    """Make one sourced drill of each span."""
    frame = DRILLS[DRILLS["precision"] == "day"].iloc[: len(spans)].copy()
    for place, name in enumerate(("start", "end")):
        frame[name] = pd.to_datetime([span[place] for span in spans]).astype("datetime64[us]")
    frame = frame.assign(confidence="sourced", date_zone="KST", answers_launch=False, kind="field")
    return frame.assign(**columns)


THREE = toy_launches(["2012-03-03", "2012-03-20", "2012-09-09"])
SPAN = made_events(("2012-03-01", "2012-03-05"))


# -- the event study ------------------------------------------------------------------------


def test_a_small_record_by_hand() -> None:
    table = event_study(THREE, SPAN, "days", window=(0, 9), **EARLY)
    row = table.iloc[0]
    assert (row["group"], row["n_events"], row["exposure_days"]) == ("all", 1, 10)
    assert row["observed"] == 1
    assert row["expected"] == pytest.approx(2 * 10 / 31)
    # March alone compares: 1 launch day in 10 days against 1 in 21
    assert row["rate_ratio"] == pytest.approx(2.1)
    assert row["low"] < 2.1 < row["high"] < np.inf


def test_windows_are_inclusive_and_overlaps_count_once() -> None:
    twice = made_events(("2012-03-01", "2012-03-05"), ("2012-03-04", "2012-03-20"))
    after = event_study(THREE, twice, "days", window=(0, 4), **EARLY).iloc[0]
    assert (after["n_events"], after["exposure_days"]) == (2, 8)
    during = event_study(THREE, twice, "days", during=True, **EARLY).iloc[0]
    assert (during["exposure_days"], during["observed"]) == (20, 2)
    before = event_study(THREE, twice, "days", window=(-5, -1), **EARLY).iloc[0]
    assert (before["exposure_days"], before["observed"]) == (8, 1)


def test_what_cannot_be_trusted_is_left_out_and_counted() -> None:
    spans = [("2012-03-01", "2012-03-01")] * 5
    events = made_events(
        *spans,
        precision=["day", "month", "day", "day", "day"],
        confidence=["sourced", "sourced", "unsourced", "conflicting", "sourced"],
        answers_launch=[False, False, False, False, True],
    )
    after = event_study(THREE, events, "days", **EARLY).iloc[0]
    assert after[["n_events", "n_month", "n_unsourced", "n_answers_launch"]].tolist() == [
        2,
        1,
        2,
        0,
    ]
    assert after["n_answering"] == 1
    before = event_study(THREE, events, "days", window=(-7, -1), **EARLY).iloc[0]
    assert before[["n_events", "n_answers_launch", "n_answering"]].tolist() == [1, 1, 0]
    every = ("sourced", "unsourced", "conflicting")
    wide = event_study(THREE, events, "days", confidence=every, **EARLY).iloc[0]
    assert (wide["n_events"], wide["n_unsourced"]) == (4, 0)
    none = event_study(THREE, events[events["precision"] == "month"], "days", **EARLY).iloc[0]
    assert none["n_events"] == 0
    assert np.isnan(none["p_value"])


def test_american_dates_can_be_moved_a_day() -> None:
    events = made_events(("2012-03-02", "2012-03-02"), date_zone="US")
    given = event_study(THREE, events, "days", window=(0, 0), **EARLY).iloc[0]
    moved = event_study(THREE, events, "days", window=(0, 0), next_day=True, **EARLY).iloc[0]
    assert (given["observed"], moved["observed"]) == (0, 1)


def test_groups_by_column_and_by_table_agree() -> None:
    table = load_groups().set_index("group").loc[["command_post_drills"]].reset_index()
    same = {"null": "circular_shift", **TO}
    by_table = event_study(LAUNCHES, EVENTS, "days", by=table, **same).iloc[0]
    by_kind = event_study(LAUNCHES, DRILLS, "days", by="kind", **same).set_index("group")
    row = by_kind.loc["combined_command_post"]
    for name in ("n_events", "observed", "rate_ratio", "low", "high", "p_value"):
        assert by_table[name] == row[name]


def test_adjusted_p_values_follow_benjamini_and_hochberg() -> None:
    table = event_study(LAUNCHES, DRILLS, "days", by="kind", **TO).dropna(subset=["p_value"])
    p = np.sort(table["p_value"].to_numpy())
    m = len(p)
    steps = np.minimum.accumulate((p * m / np.arange(1, m + 1))[::-1])[::-1].clip(max=1)
    np.testing.assert_allclose(np.sort(table["p_adjusted"]), steps)
    harmonic = (1 / np.arange(1, m + 1)).sum()
    np.testing.assert_allclose(np.sort(table["p_adjusted_by"]), (steps * harmonic).clip(max=1))


def test_a_family_of_windows_is_judged_by_the_largest() -> None:
    windows = [(-14, -1), (0, 6), (0, 14), (0, 29)]
    table = event_study(LAUNCHES, DRILLS, "days", by="kind", window=windows, **TO)
    shifted = {"null": "circular_shift", **TO}
    assert len(table) == 4 * DRILLS["kind"].nunique()
    known = table.dropna(subset=["p_value"])
    assert (known["p_family"] >= known["p_value"] - 1e-12).all()
    assert known.groupby("group")["p_adjusted"].nunique().max() == 1
    # a group goes into the correction by its best window, the choice allowed for
    p = known.groupby("group")["p_family"].min().sort_values()
    steps = (p * len(p) / np.arange(1, len(p) + 1))[::-1].cummin()[::-1].clip(upper=1)
    np.testing.assert_allclose(known.groupby("group")["p_adjusted"].first()[p.index], steps)
    alone = event_study(LAUNCHES, DRILLS, "days", by="kind", window=(0, 14), **shifted)
    among = event_study(LAUNCHES, DRILLS, "days", by="kind", window=windows, **shifted)
    same = among[(among["window_start"] == 0) & (among["window_end"] == 14)]
    merged = same.merge(alone, on="group")
    np.testing.assert_allclose(merged["p_value_x"], merged["p_value_y"])


def test_each_null_has_its_p_and_the_same_ratio() -> None:
    tables = [
        event_study(LAUNCHES, DRILLS, "days", null=null, **TO).iloc[0]
        for null in ("circular_shift", "years_permuted", "within_era")
    ]
    assert len({row["rate_ratio"] for row in tables}) == 1
    assert tables[1]["p_value"] == tables[0]["p_years_permuted"]
    assert all(0 < row["p_value"] <= 1 for row in tables)


def test_short_periods_have_no_permuted_years() -> None:
    row = event_study(THREE, SPAN, "days", **EARLY).iloc[0]
    assert np.isnan(row["p_years_permuted"])
    with pytest.raises(ValueError, match="at least 5 whole years"):
        event_study(THREE, SPAN, "days", null="years_permuted", **EARLY)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"events": DRILLS.iloc[:0]}, "the group of events is empty"),
        ({"events": made_events(("1999-03-01", "1999-03-05"))}, "empty: none starts from 2012"),
        ({"window": (0, 400)}, r"\(0, 400\) is wider than the record of 366 days"),
        ({"window": (5, 1)}, "reversed"),
        ({"window": (0.5, 2)}, "two whole numbers"),
        ({"window": []}, "no window"),
        ({"start": "1950-01-01", "coverage": load_coverage()}, "leaves the record"),
        ({"end": "2030-12-31", "coverage": load_coverage()}, "leaves the record"),
        ({"start": "2013-01-01"}, "reversed"),
        ({"rule": "nonsense"}, "nonsense"),
        ({"null": "shuffle"}, "unknown null 'shuffle'"),
        ({"adjust": ("weekday",)}, "unknown adjust"),
        ({"by": "colour"}, "unknown column 'colour'"),
        ({"by": pd.DataFrame({"group": ["x"], "filter": ["kind == 'none'"]})}, "'x' is empty"),
        ({"by": pd.DataFrame({"group": ["x"], "filter": ["kind ="]})}, "cannot be read"),
        ({"events": SPAN.drop(columns="start")}, "the events, column start"),
        ({"launches": toy_launches(["2013-01-01"])}, "no launch day under the rule"),
    ],
)
def test_bad_input_is_one_clear_error(change: dict, message: str) -> None:
    given = {"launches": THREE, "events": SPAN, "rule": "days", **EARLY} | change
    launches, events, rule = (given.pop(name) for name in ("launches", "events", "rule"))
    with pytest.raises(ValueError, match=message):
        event_study(launches, events, rule, **given)


def test_a_period_that_the_events_do_not_cover_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"covers of these events \(drill: 1984-01-01 to 2026-"):
        event_study(LAUNCHES, DRILLS, "days", end=last_day())


# -- epochs and coincidence -----------------------------------------------------------------


def test_the_epoch_curve_counts_launches_at_each_lag() -> None:
    curve = superposed_epoch(THREE, SPAN, "days", lags=(0, 3), width=1, **EARLY)
    assert curve["observed"].tolist() == [0, 0, 1, 0]
    smooth = superposed_epoch(THREE, SPAN, "days", lags=(0, 3), width=3, **EARLY)
    assert smooth["observed"].tolist() == [0, 1, 1, 1]
    assert smooth["exposure_days"].tolist() == [3] * 4


def test_simultaneous_bands_hold_the_pointwise_ones() -> None:
    curve = superposed_epoch(LAUNCHES, EVENTS, "days", by="category", **TO)
    assert (curve["high_simultaneous"] >= curve["high"] - 1e-12).all()
    assert (curve["low_simultaneous"] <= curve["low"] + 1e-12).all()
    assert (curve["low"] <= curve["expected_rate"]).all()
    assert curve.groupby("group")["p_curve"].nunique().eq(1).all()
    with pytest.raises(ValueError, match="odd number"):
        superposed_epoch(LAUNCHES, DRILLS, "days", width=4, **TO)


def test_the_precursor_rate_is_the_share_of_launch_days_in_the_windows() -> None:
    plain = {"statistic": "launch_days", "null": "circular_shift"}
    study = event_study(LAUNCHES, DRILLS, "days", by="kind", **plain, **TO).set_index("group")
    rates = coincidence(LAUNCHES, DRILLS, "days", by="kind", **TO)
    preceded = rates[rates["direction"] == "precursor"].set_index("group")
    assert (preceded["coincidences"] == study["observed"]).all()
    np.testing.assert_allclose(preceded["p_value"], study["p_value"])
    followed = coincidence(THREE, SPAN, "days", window=(0, 9), **EARLY).iloc[1]
    assert (followed["n"], followed["coincidences"], followed["rate"]) == (1, 1, 1.0)


def test_an_event_whose_window_leaves_the_period_is_not_asked_whether_a_launch_follows() -> None:
    days = ("2012-01-04", "2012-01-05", "2012-12-22", "2012-12-23")
    events = made_events(*[(day, day) for day in days])
    after = coincidence(THREE, events, "days", window=(0, 9), **EARLY).iloc[1]
    assert (after["n_events"], after["n"]) == (4, 3)
    around = coincidence(THREE, events, "days", window=(-4, 0), **EARLY).iloc[1]
    assert (around["n_events"], around["n"]) == (4, 3)


def test_a_launch_before_the_window_does_not_follow() -> None:
    event = made_events(("2012-03-01", "2012-03-01"))  # launches come 2 and 19 days later
    for window, n in (((0, 2), 1), ((3, 18), 0), ((3, 19), 1), ((-5, 1), 0)):
        table = coincidence(THREE, event, "days", window=window, **EARLY)
        assert table["coincidences"].tolist() == [n, n]


# -- regression, power, specifications ------------------------------------------------------


def test_regression_gives_each_group_alone_or_given_the_others() -> None:
    kinds = DRILLS[DRILLS["kind"].isin(["combined_command_post", "air"])]
    alone = regression(LAUNCHES, kinds, "days", by="kind", **TO)
    joint = regression(LAUNCHES, kinds, "days", by="kind", together=True, **TO)
    assert alone["term"].tolist() == joint["term"].tolist() == ["air", "combined_command_post"]
    for table in (alone, joint):
        assert (table["low"] <= table["rate_ratio"]).all()
        assert (table["rate_ratio"] <= table["high"]).all()
    assert not np.allclose(alone["rate_ratio"], joint["rate_ratio"])


def test_the_marginal_ratio_counts_what_launches_set_off() -> None:
    wanted = ["command_post_drills", "talks_us", "nuclear_tests"]
    groups = load_groups().set_index("group").loc[wanted].reset_index()
    found = regression(LAUNCHES, EVENTS, "days", by=groups, marginal=True, **TO)
    more, fewer, _ = found.to_dict("records")
    # a burst goes on, so that all launch days lie further from a ratio of 1 than a day's chance
    assert more["marginal_ratio"] > more["rate_ratio"] > 1
    assert fewer["marginal_ratio"] < fewer["rate_ratio"] < 1
    for row in found.to_dict("records"):
        assert row["marginal_low"] <= row["marginal_ratio"] <= row["marginal_high"]
    plain = regression(LAUNCHES, EVENTS, "days", by=groups, **TO)
    pd.testing.assert_frame_equal(found[plain.columns], plain)
    assert (found["ratio_of"] == "a day's chance given recent launches").all()


def test_without_excitation_the_marginal_ratio_is_the_ratio_itself() -> None:
    rng = np.random.default_rng(5)
    dates = pd.date_range("2012-01-01", "2025-12-31")
    window = mark(choose(DRILLS, (dates[0], dates[-1])), (0, 14), len(dates))
    days = make_days((rng.random(len(dates)) < 0.05).astype(float), dates, ("month", "era"))
    bare = recent_fit(days, ("month", "era"))
    parameters = with_window(bare, window).parameters
    parameters[bare.model.branching], parameters[-1] = -50.0, np.log(2)
    fit = replace(with_window(bare, window), parameters=parameters)
    assert marginal_ratio(fit, 0, 400, seed=1) == pytest.approx(2, rel=0.05)


def test_power_grows_with_exposure_and_does_not_hang_on_processes() -> None:
    groups = load_groups().set_index("group").loc[["all_drills", "nuclear_tests"]].reset_index()
    options = {"by": groups, "histories": 30, "progress": False, **TO}
    found = power(LAUNCHES, EVENTS, "days", **options)
    many, few = found.set_index("group").loc[["all_drills", "nuclear_tests"]].to_dict("records")
    assert many["detectable_above"] < few["detectable_above"]
    assert 0 < many["detectable_below"] < 1
    assert np.isnan(few["detectable_below"])
    assert few["power_none"] < 0.8 <= many["power_none"]
    # two groups are a family of two: what is found at half the level is found at the whole one
    assert (found["alpha"] == 0.05).all()
    assert (found["alpha_family"] == 0.025).all()
    assert (found["power_none_family"] <= found["power_none"]).all()
    assert many["detectable_above_family"] >= many["detectable_above"]
    with joblib.parallel_config(backend="threading"):
        again = power(LAUNCHES, EVENTS, "days", n_jobs=2, **options)
    pd.testing.assert_frame_equal(found, again)
    with pytest.raises(ValueError, match="at least 20 for histories, got 5"):
        power(LAUNCHES, EVENTS, "days", **{**options, "histories": 5})


def test_power_takes_rates_free_of_what_the_windows_themselves_hold() -> None:
    plain = load_groups().set_index("group").loc[["command_post_drills"]].reset_index()
    options = {"start": "2012-01-01", "by": plain, "histories": 40, "progress": False, **TO}
    expected = power(LAUNCHES, EVENTS, "days", **options)["expected"].item()
    study = event_study(LAUNCHES, EVENTS, "days", by=plain, start="2012-01-01", **TO)
    fitted = regression(LAUNCHES, EVENTS, "days", by=plain, start="2012-01-01", **TO)
    observed, at_all_rates = study[["observed", "expected"]].iloc[0]
    assert expected < at_all_rates
    assert expected == pytest.approx(observed / fitted["rate_ratio"].item(), rel=0.15)


def test_power_is_that_of_the_null_the_rules_give() -> None:
    groups = load_groups().set_index("group").loc[["parades", "command_post_drills"]].reset_index()
    found = power(LAUNCHES, EVENTS, "days", by=groups, histories=20, progress=False, **TO)
    study = event_study(LAUNCHES, EVENTS, "days", by=groups, **TO)
    assert found["null"].tolist() == study["null"].tolist()
    shifted = power(
        LAUNCHES, EVENTS, "days", by=groups, histories=20, progress=False, null="circular_shift",
        **TO,
    )  # fmt: skip
    assert (shifted["null"] == "circular_shift").all()


def test_one_specification_is_the_event_study() -> None:
    sets = {"sourced": event_sets(DRILLS)["sourced"]}
    curve = specification_curve(
        LAUNCHES, DRILLS, rules=["days"], windows=[(0, 14)], nulls=["circular_shift"],
        sets=sets, adjust=[("month", "era")], progress=False, **TO,
    )  # fmt: skip
    study = event_study(LAUNCHES, DRILLS, "days", null="circular_shift", **TO).iloc[0]
    for name in ("n_events", "observed", "rate_ratio", "low", "high", "p_value"):
        assert curve.loc[0, name] == pytest.approx(study[name])
    assert curve.loc[0, "joint_p_value"] == pytest.approx(study["p_value"], abs=1e-3)


def test_terms_side_by_side_are_those_of_a_poisson_regression() -> None:
    sets = {"sourced": event_sets(DRILLS)["sourced"]}
    options = {"rules": ["days"], "windows": [(0, 14)], "sets": sets, "progress": False, **TO}
    curve = specification_curve(
        LAUNCHES, DRILLS, adjust=["month and era", "month and year"], **options
    )
    days = read_days(LAUNCHES, "days", start=START, **TO)
    chosen = choose(sets["sourced"], days.bounds)
    window = mark(chosen, (0, 14), days.n_days)
    calendar = days.calendar
    other = {"month and era": calendar.eras, "month and year": calendar.year - 2012}
    for row in curve.itertuples():
        terms = [np.eye(12)[calendar.month], np.eye(14)[other[row.adjust]][:, 1:]]
        slopes = np.column_stack([*terms, window])
        slopes = slopes[:, slopes.any(axis=0)]
        assert slopes.shape[1] == 12 + other[row.adjust].max() + 1
        fitted = sm.GLM(days.launches, slopes, family=sm.families.Poisson()).fit()
        assert row.rate_ratio == pytest.approx(np.exp(fitted.params[-1]), rel=1e-4)
        # the interval is one of scores: it comes near that of the coefficient, not upon it
        assert [row.low, row.high] == pytest.approx(np.exp(fitted.conf_int()[-1]), rel=0.15)


def test_adjustments_go_by_name_and_the_regression_stands_once() -> None:
    options = {"rules": ["days"], "windows": [(0, 14)], "progress": False, **TO}
    sets = {"sourced": event_sets(DRILLS)["sourced"]}
    nulls = ["circular_shift", "within_era"]
    curve = specification_curve(LAUNCHES, DRILLS, nulls=nulls, sets=sets, **options)
    assert curve["adjust"].value_counts().to_dict() == {
        name: 1 if name == "regression" else 2 for name in ADJUSTMENTS_TRIED
    }
    row = curve[curve["adjust"] == "regression"].iloc[0]
    fitted = regression(LAUNCHES, sets["sourced"], "days", **TO).iloc[0]
    assert [row["rate_ratio"], row["p_value"]] == [fitted["rate_ratio"], fitted["p_value"]]
    strata = specification_curve(
        LAUNCHES, DRILLS, adjust=["none", "month", ()], sets=sets, **options
    )
    assert sorted(strata["adjust"]) == ["month", "none", "none"]
    with pytest.raises(ValueError, match="unknown adjust 'weekday'"):
        specification_curve(LAUNCHES, DRILLS, adjust=["weekday"], **options)


def test_a_declared_pause_is_a_term_of_its_own() -> None:
    pause = pd.DataFrame(
        {"start": [pd.Timestamp("2017-11-30")], "end": [pd.Timestamp("2019-04-16")]}
    )
    options = {"rules": ["days"], "windows": [(0, 14)], "progress": False, **TO}
    talks = load_events("talks")
    found = [
        specification_curve(LAUNCHES, talks, adjust=["month and year"], moratoria=each, **options)
        for each in (None, pause)
    ]
    without, with_pause = (table["rate_ratio"].median() for table in found)
    assert with_pause > without


def test_every_choice_is_run_and_summed_up() -> None:
    periods = [("2012-01-01", "2025-12-31"), ("2012-01-01", "2019-12-31")]
    curve = specification_curve(
        LAUNCHES, load_events("parade"), rules=["days", "csis"], windows=[(0, 6), "during"],
        periods=periods, adjust=["none", "month x era"], progress=False,
    )  # fmt: skip
    sets = event_sets(load_events("parade"))
    assert len(curve) == 2 * 2 * 2 * 2 * len(sets)
    assert curve["rate_ratio"].dropna().is_monotonic_increasing
    assert (curve["specification"] == curve.index + 1).all()
    summary = specification_summary(curve)
    assert summary["n_specifications"].sum() == curve["rate_ratio"].notna().sum()
    first = curve[curve["period_end"] == "2019-12-31"].dropna(subset=["rate_ratio"])
    median = first["rate_ratio"].median()
    side = (first["rate_ratio"] > 1) == (median > 1)
    assert summary["median"].iloc[0] == median
    assert summary["share_same_sign"].iloc[0] == side.sum() / len(first)
    significant = (side & (first["p_value"] < 0.05)).sum()
    assert summary["share_significant"].iloc[0] == significant / len(first)
    with pytest.raises(ValueError, match="unknown window 'after'"):
        specification_curve(LAUNCHES, DRILLS, windows=["after"], progress=False, **TO)


@pytest.mark.parametrize(
    ("start", "window", "adjust"),
    # no day of a window in the period, and a window that is all of March
    [("2013-01-01", (0, 6), "month and year"), ("2013-01-01", (0, 6), "regression"),
     ("2012-01-01", (0, 30), "month")],
)  # fmt: skip
def test_a_specification_with_nothing_to_compare_has_a_row_without_ratio(
    start: str, window: tuple[int, int], adjust: str
) -> None:
    launches = toy_launches(["2012-03-03", "2012-09-09", "2013-05-05"])
    row = specification_curve(
        launches, SPAN, rules=["days"], windows=[window], sets={"one": SPAN}, adjust=[adjust],
        start=start, end=f"{start[:4]}-12-31", coverage=False, progress=False,
    ).iloc[0]  # fmt: skip
    assert row["exposure_days"] == (0 if start.startswith("2013") else 31)
    assert row[["rate_ratio", "p_value", "joint_p_value"]].isna().all()


def test_terms_have_no_finite_ratio_where_no_launch_fell_outside() -> None:
    events = made_events(("2012-03-01", "2012-03-05"), ("2013-03-01", "2013-03-05"))
    row = specification_curve(
        toy_launches(["2012-03-02", "2013-03-02", "2013-03-03"]), events, rules=["days"],
        windows=[(0, 6)], sets={"one": events}, adjust=["month and year"],
        start="2012-01-01", end="2013-12-31", coverage=False, progress=False,
    ).iloc[0]  # fmt: skip
    assert (row["observed"], row["at_other_rate"], row["rate_ratio"]) == (3, 0, np.inf)


# -- Games ----------------------------------------------------------------------------------


def test_no_launch_day_fell_inside_an_olympic_games_since_2012() -> None:
    games = olympics_table(LAUNCHES, load_events("olympics"), start="2012-01-01")
    olympic = games[games["kind"].isin(["summer_games", "winter_games"])]
    assert len(olympic) == 8
    assert olympic["observed"].sum() == 0
    # seventeen days without a launch are common in themselves
    assert (olympic["chance_of_none"] > 0.5).all()


# -- in words --------------------------------------------------------------------------------------


def test_what_is_said_of_links_has_the_ratio_of_the_null_and_counts_what_is_excluded() -> None:
    said = say_links(LAUNCHES, EVENTS)
    study = event_study(LAUNCHES, EVENTS, RULE, by=load_groups(), design=STUDY)
    study = study.dropna(subset="p_adjusted").set_index("group")
    drills = study.loc["command_post_drills"]
    assert f"{drills['null_ratio']:.1f} times as frequent as in the same weeks" in said.shown
    assert f"95 % interval {drills['null_low']:.1f} to {drills['null_high']:.1f}" in said.shown
    assert f"{drills['rate_ratio']:.1f}, {drills['low']:.1f} to {drills['high']:.1f}" in said.shown
    linked = study["p_adjusted"] < 0.05
    assert said.shown.count("adjusted p") == linked.sum()
    assert said.n_tested == len(study)
    low, high = study[["low", "null_low"]].min(axis=1), study[["high", "null_high"]].max(axis=1)
    assert said.n_untold == (~linked & ~(low.gt(0.5) & high.lt(2))).sum()
    power = read_proof("links_power").set_index("group")
    for name in ("power_none", "power_none_family"):
        assert f"{power.loc['talks_us', name]:.0%}" in said.untold
    for name in ("detectable_above", "detectable_above_family"):
        assert f"{power.loc['command_post_drills', name]:.1f} times" in said.untold
    assert "cause" not in said.shown.replace("associations and not causes", "")


def test_a_record_without_links_is_said_to_show_none() -> None:
    shifted = LAUNCHES.assign(date=LAUNCHES["date"] + pd.Timedelta(days=200), launched_at=pd.NaT)
    shifted = shifted[shifted["date"] <= last_day()]
    said = say_links(shifted, EVENTS)
    assert said.brief.startswith("Shown: none. Excluded: a doubling")


def test_the_ratio_of_the_null_takes_the_place_of_the_one_by_strata() -> None:
    study = event_study(LAUNCHES, DRILLS, "days", by="kind", **TO)
    own = by_own_null(study)
    assert own["rate_ratio"].equals(study["null_ratio"].rename("rate_ratio"))
    shifted = own["null"] == "circular_shift"
    assert own.loc[shifted, "low"].tolist() == study.loc[shifted, "low"].tolist()
    assert not own.loc[~shifted, "low"].equals(study.loc[~shifted, "low"])


# -- where there is nothing to find ----------------------------------------------------------------


def test_a_thousand_unrelated_calendars_look_linked_as_often_as_they_should() -> None:
    table = read_proof("links_unrelated")
    whole = table[table["of"] == "all"].set_index("side")
    assert (whole["n_controls"] >= 1000).all()
    assert whole["share"].between(0.02, 0.08).all()
    assert ((whole["low"] < 0.05) & (whole["high"] > 0.05)).all()
    assert links_unrelated.PROOF.faults(table) == []
    assert links_unrelated.PROOF.faults(table.assign(share=0.2)) != []


def test_the_share_of_alarms_and_its_interval_by_hand() -> None:
    rows = pd.DataFrame(
        {"who": "a", "expected": [9.0] * 10 + [1.0], "rate_ratio": [2.0] * 10 + [0.1],
         "p_value": [0.09, *[0.5] * 9, 0.001]}
    )  # fmt: skip
    fewer, more = alarms(rows).query("of == 'all'").to_dict("records")
    assert (more["share"], more["n_controls"], more["n_small"]) == (0.1, 10, 1)
    assert fewer["share"] == 0  # the small group is left out
    assert more["high"] == pytest.approx(0.4450, abs=1e-4)  # Clopper and Pearson, 1 of 10


def test_an_unrelated_record_is_tested_in_every_stretch_and_move() -> None:
    japan = tuple(record for record in RECORDS if record.name == "japan")
    table = unrelated(japan)
    family = load_groups().query("family")
    assert len(table) == len(family) * len(DAYS_MOVED)
    assert table["moved"].unique().tolist() == list(DAYS_MOVED)
    assert set(table["null"]) <= {"", *NULLS}

"""Which null leads, what a ratio rests on, and groups judged together."""

from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from analysis.links import Design, event_study, global_test, influence, regression
from analysis.links.by_null import baselines, null_ratio
from analysis.links.design import Group, Layout, lay_out
from analysis.links.doubts import e_value, excludes, leavings, ratio_without, shrink
from analysis.links.effect import contrast, measure
from analysis.links.nulls import STATISTICS, null_values, shift_window
from analysis.links.primary import LONG_WINDOW, primary_null
from analysis.links.studied import RULE, STUDY, VARIANTS, studied_groups
from analysis.record.filters import passes_filter
from analysis.record.load import load_events, load_groups, load_launches
from analysis.series import whiten
from analysis.series.kernel import decayed
from analysis.series.strata import Days, make_days
from analysis.series.whiten import efficient_score
from analysis.series.windows import Chosen, cover, mark

DATES = pd.date_range("2012-01-01", "2019-12-31")
TO = {"end": "2025-12-31"}


@pytest.fixture(scope="module")
def bursty():
    """Eight years of launch days in bursts of three."""
    rng = np.random.default_rng(3)
    launches = np.zeros(len(DATES))
    for first in rng.choice(len(DATES) - 10, 60, replace=False):
        launches[first + np.array([0, 1, 3])] = 1.0
    return make_days(launches, DATES, ["month"], offices=())


def chosen(first, answering=0):
    first = np.asarray(first)
    return Chosen(first, first, 0, 0, 0, 0, n_answering=answering)


# -- the efficient score ------------------------------------------------------------------------


def test_later_days_of_a_burst_say_less_than_its_first(bursty):
    score, _ = efficient_score(bursty.launches, bursty.expected)
    first = np.flatnonzero((bursty.launches > 0) & (np.roll(bursty.launches, 1) == 0))
    later = np.flatnonzero((bursty.launches > 0) & (np.roll(bursty.launches, 1) > 0))
    assert score[later].mean() < 0.6 * score[first].mean()


def test_scores_sum_to_nothing_in_each_stratum(bursty):
    sums = np.bincount(bursty.calendar.strata, bursty.new_launches.residual)
    np.testing.assert_allclose(sums, 0, atol=1e-9)


@given(
    hnp.arrays(float, 40, elements=st.sampled_from([0.0, 0.0, 0.0, 1.0])),
    st.sampled_from(whiten.DECAYS),
)
@settings(max_examples=40, deadline=None)
def test_the_share_that_launches_set_off_is_the_likeliest(launches, decay):
    launches[0] = 1.0
    expected, past = np.full(40, launches.mean()), decayed(launches, decay)
    found, ratio, _ = whiten._branching(launches, expected, past)

    def log_likelihood(share):
        rate = np.maximum((1 - share) * expected + share * past, 1e-12)
        return np.log(rate[launches > 0]).sum() - (rate.sum() - expected.sum())

    assert found == pytest.approx(log_likelihood(ratio), abs=1e-6)
    tried = np.linspace(0, whiten._MOST_TRIGGERED, 41)
    assert max(map(log_likelihood, tried)) <= found + 1e-6


@pytest.mark.parametrize("statistic", STATISTICS)
def test_each_statistic_finds_a_link_that_is_plain(bursty, statistic):
    first = np.flatnonzero((bursty.launches > 0) & (np.roll(bursty.launches, 1) == 0))[::3]
    marks = cover(first, first + 4, len(DATES))
    values = null_values(bursty, marks, statistic=statistic)
    assert len(values) == len(DATES)
    assert (values >= values[0]).mean() < 0.01


def test_the_larger_statistic_is_the_one_that_stands_further_out(bursty):
    first = np.flatnonzero((bursty.launches > 0) & (np.roll(bursty.launches, 1) == 0))[::3]
    marks = cover(first, first + 4, len(DATES))
    days, new, larger = (null_values(bursty, marks, statistic=name) for name in STATISTICS)
    far = [np.abs(values / values.std()) for values in (days, new)]
    np.testing.assert_allclose(np.abs(larger), np.maximum(*far))


# -- which null ---------------------------------------------------------------------------------


def test_events_fixed_in_the_calendar_have_their_years_permuted(bursty):
    starts = [366 * year + 60 + 7 * (year % 3) for year in range(7)]
    marks = cover(np.array(starts), np.array(starts) + 9, len(DATES))
    assert primary_null(bursty, chosen(starts), marks, "calendar").null == "years_permuted"
    assert primary_null(bursty, chosen(starts), marks, "open").null != "years_permuted"


def test_days_that_return_every_year_are_not_told_from_a_season(bursty):
    same = np.flatnonzero((DATES.month == 4) & (DATES.day == 15))
    marks = cover(same, same + 9, len(DATES))
    found = primary_null(bursty, chosen(same), marks, "calendar")
    assert found.null == "circular_shift"
    assert "season" in found.null_reason


def test_a_week_over_the_end_of_february_returns_every_year(bursty):
    same = np.flatnonzero((DATES.month == 2) & (DATES.day == 25))
    marks = cover(same, same + 7, len(DATES))
    found = primary_null(bursty, chosen(same), marks, "calendar")
    assert found.null == "circular_shift"


def test_answers_to_launches_are_tested_given_recent_launches(bursty):
    launched = np.flatnonzero(bursty.launches)
    answers = launched[::4] + 3
    marks = cover(answers, answers + 14, len(DATES))
    assert primary_null(bursty, chosen(answers, 1), marks).null == "given_recent_launches"
    unsaid = primary_null(bursty, chosen(answers), marks)
    assert unsaid.null == "given_recent_launches"
    assert "before more often" in unsaid.null_reason
    far = np.arange(100, len(DATES) - 100, 331)
    free = primary_null(bursty, chosen(far), cover(far, far + 14, len(DATES)))
    assert free.null == "circular_shift"


def test_only_a_single_window_of_a_year_is_compared_with_other_stretches(bursty):
    short, long = (cover(np.array([700]), np.array([700 + n]), len(DATES)) for n in (14, 400))
    assert primary_null(bursty, chosen([700]), long).null == LONG_WINDOW
    assert primary_null(bursty, chosen([700]), short).null != LONG_WINDOW
    assert primary_null(bursty, chosen([700, 720]), long).null != LONG_WINDOW


def test_the_null_asked_for_is_taken_and_said():
    drills = load_events("drill")
    for null in ("circular_shift", "given_recent_launches"):
        row = event_study(load_launches(), drills, RULE, null=null, **TO).iloc[0]
        assert (row["null"], row["null_reason"]) == (null, "asked for")


def test_groups_of_the_family_share_no_event_and_expect_four_launch_days():
    launches, events, groups = load_launches(), load_events(), load_groups()
    family = groups[groups["family"]]
    passed = sum(passes_filter(events, text).astype(int) for text in family["filter"])
    assert passed.max() == 1
    layout = lay_out(launches, events, RULE, STUDY, by=family)
    for group in layout.groups:
        ((_, _, marks),) = layout.placed(group)
        assert (layout.days.expected * marks).sum() >= 4, group.name


# -- doubts -------------------------------------------------------------------------------------


@given(st.integers(0, 2**31))
@settings(max_examples=25, deadline=None)
def test_days_left_out_are_days_that_never_were(seed):
    rng = np.random.default_rng(seed)
    strata, n = rng.integers(0, 4, 300), 300
    launches, window = (rng.random(n) < 0.3) * 1.0, (rng.random(n) < 0.3) * 1.0
    stays = rng.random(n) < 0.7
    calendar = make_days(launches, DATES[:n], [], offices=()).calendar
    whole = Days(launches, type(calendar)(strata, calendar.eras, calendar.dates))
    part = Days(
        launches[stays],
        type(calendar)(strata[stays], calendar.eras[stays], calendar.dates[stays]),
    )
    np.testing.assert_allclose(contrast(whole, window, stays), contrast(part, window[stays]))


def test_the_ratio_is_what_was_seen_over_the_rate_of_the_other_days():
    table = event_study(load_launches(), load_events("drill"), RULE, by="kind", **TO)
    seen = table[table["observed"] > 0]
    np.testing.assert_allclose(seen["observed"] / seen["at_other_rate"], seen["rate_ratio"])
    none = table[(table["observed"] == 0) & (table["exposure_days"] > 0)]
    assert (none["at_other_rate"] > 0).all()


def test_the_furthest_ratio_is_that_of_the_leaving_out_it_names():
    launches, tests = load_launches(), load_events("nuclear_test")
    row = event_study(launches, tests, RULE, **TO).iloc[0]
    table = influence(launches, tests, RULE, **TO)
    kind, left_out = row["influence_left_out"].split(" ")
    named = table[(table["kind"] == kind) & (table["left_out"] == left_out)]
    assert named["rate_ratio"].item() == pytest.approx(row["influence_ratio"])
    assert (table["whole_ratio"] == row["rate_ratio"]).all()
    assert set(table["kind"]) == {"year", "era", "event"}


def test_an_event_left_out_takes_the_days_of_its_window_along(bursty):
    events = chosen([100, 1000])
    group = Group("two", [events], "open")
    marks = mark(events, (0, 9), len(DATES))
    first, second = leavings(bursty, group, (0, 9), ["event"])
    assert (~first.stays).sum() == (~second.stays).sum() == 10
    assert not first.stays[100:110].any()
    only = mark(chosen([1000]), (0, 9), len(DATES))
    assert ratio_without(bursty, marks, first.stays) == ratio_without(bursty, only, first.stays)


def test_an_interval_excludes_what_lies_outside_it():
    said = {(0.6, 1.9): "both", (0.3, 1.9): "a doubling", (0.6, 2.5): "a halving"}
    assert all(excludes(*ends) == words for ends, words in said.items())
    assert (excludes(0.3, 2.5), excludes(np.nan, 1.0)) == ("neither", "")


def test_e_values_are_those_of_their_authors():
    # VanderWeele and Ding (2017): a risk ratio of 3.9 with interval 1.8 to 8.7 has 3.0 at its end
    assert e_value(3.9, 1.8, 8.7) == pytest.approx(3.0, abs=0.05)
    assert e_value(1 / 3.9, 1 / 8.7, 1 / 1.8) == pytest.approx(3.0, abs=0.05)


@given(st.lists(st.tuples(st.floats(2, 40), st.floats(2, 40)), min_size=3, max_size=8))
@settings(max_examples=30, deadline=None)
def test_shrinkage_draws_every_ratio_towards_the_others(pairs):
    above, below = np.array(pairs).T
    variance = 1.5 * (above + below)
    shrunk = shrink(above, below, variance)
    half = variance / (above + below) / 2
    raw = (above + half) / (below + half)
    assert raw.min() - 1e-9 <= shrunk.min()
    assert shrunk.max() <= raw.max() + 1e-9
    assert np.ptp(np.log(shrunk)) <= np.ptp(np.log(raw)) + 1e-9


def test_groups_studied_stand_in_the_order_drawn():
    groups = studied_groups()
    assert groups["studied"].tolist() == (groups.index + 1).tolist()


def test_each_other_way_to_look_changes_one_choice():
    main, *others = (asdict(design) for design in VARIANTS.values())
    assert main == asdict(STUDY)
    assert {sum(other[name] != main[name] for name in main) for other in others} == {1}


def test_one_ratio_alone_is_that_of_half_a_launch_more_on_either_side():
    # of independent launches the variance is their number
    assert shrink(np.array([3.0]), np.array([1.0]), np.array([4.0])) == [3.5 / 1.5]


# -- all groups together ------------------------------------------------------------------------


def test_one_group_together_is_the_group_by_itself():
    launches, drills = load_launches(), load_events("drill")
    one = pd.DataFrame({"group": ["drills"], "filter": ['category == "drill"']})
    alone = event_study(launches, drills, RULE, by=one, null="circular_shift", **TO).iloc[0]
    together = global_test(launches, drills, RULE, by=one, **TO).iloc[0]
    assert together["p_value"] == pytest.approx(alone["p_value"], abs=2e-3)
    twice = pd.concat([one, one.assign(group="again")])
    both = global_test(launches, drills, RULE, by=twice, **TO).iloc[0]
    assert both["p_value"] == together["p_value"]
    assert (together["n_groups"], both["n_groups"]) == (1, 2)


# -- declared pauses ----------------------------------------------------------------------------


def test_days_of_a_declared_pause_are_compared_with_each_other_alone():
    launches = np.zeros(len(DATES))
    launches[::9] = 1.0
    pause = pd.DataFrame({"start": [pd.Timestamp("2015-03-01")], "end": ["2016-02-29"]})
    pause["end"] = pd.to_datetime(pause["end"])
    paused = (pause["start"][0] <= DATES) & (pause["end"][0] >= DATES)
    launches[paused] = 0.0
    plain = make_days(launches, DATES, ["month"], offices=())
    told = make_days(launches, DATES, ["month"], offices=(), moratoria=pause)
    assert told.expected[paused].max() == 0 < plain.expected[paused].min()
    with pytest.raises(ValueError, match=r"the moratoria lacks the column\(s\) 'end'"):
        make_days(launches, DATES, [], offices=(), moratoria=pause[["start"]])


# -- the ratio that belongs to the null -----------------------------------------------------------


def test_a_season_inside_the_month_hardly_enters_the_ratio_of_permuted_years():
    rng = np.random.default_rng(0)
    dates = pd.date_range("2012-01-01", "2025-12-31")
    peak = np.isin(dates.month, (3, 8)) & (np.abs(dates.day - 13) <= 7)
    first = np.flatnonzero((dates.day == 1) & np.isin(dates.month, (3, 8)))
    launches = (rng.random(len(dates)) < np.where(peak, 0.3, 0.04)).astype(float)
    first = first + rng.integers(0, 12, len(first))
    window = cover(first, first + 14, len(dates))
    days = make_days(launches, dates, ("month", "era"))
    shared = baselines(Layout(Design(), days, [(0, 14)], []))
    effect = measure(days, shift_window(days.scores, window))
    own = null_ratio(shared, "years_permuted", window, effect)
    assert effect.rate_ratio > 2 > 1.3 > own.null_ratio
    assert own.null_low < 1 < own.null_high
    assert null_ratio(shared, "circular_shift", window, effect)[:3] == effect[3:6]


def test_the_row_names_the_ratio_of_its_null_and_excludes_what_both_intervals_do():
    table = event_study(load_launches(), load_events(), "days", by=load_groups(), **TO)
    known = table.dropna(subset="null_ratio")
    of = known.groupby("null")["null_ratio_of"].agg(["nunique", "first"])
    assert of["nunique"].eq(1).all()
    assert of.loc["years_permuted", "first"].endswith("the same weeks of other years")
    assert of.loc["circular_shift", "first"] == "launch days against the same month and era"
    shifted = known["null"] == "circular_shift"
    assert (known.loc[shifted, "null_ratio"] == known.loc[shifted, "rate_ratio"]).all()
    assert (~shifted).any()
    for row in known.itertuples():
        low, high = min(row.low, row.null_low), max(row.high, row.null_high)
        assert row.excludes == excludes(low, high)
    answering = known[known["null"] == "given_recent_launches"]["group"]
    fitted = regression(load_launches(), load_events(), "days", by=load_groups(), **TO)
    fitted = fitted.set_index("term").loc[answering, "rate_ratio"]
    np.testing.assert_allclose(known.set_index("group").loc[answering, "null_ratio"], fitted)


def test_a_declared_pause_enters_the_ratio_of_permuted_years_too(bursty):
    pause = pd.DataFrame({"start": [DATES[100]], "end": [DATES[600]]})
    quiet = np.where(np.arange(len(DATES)) < 601, 0.0, bursty.launches)
    quiet[:100] = bursty.launches[:100]
    window = cover(np.arange(60, len(DATES), 365), np.arange(70, len(DATES), 365), len(DATES))
    ratios = []
    for moratoria in (None, pause):
        days = make_days(quiet, DATES, ["month"], offices=(), moratoria=moratoria)
        shared = baselines(Layout(Design(moratoria=moratoria), days, [(0, 10)], []))
        effect = measure(days, shift_window(days.scores, window))
        ratios.append(null_ratio(shared, "years_permuted", window, effect).null_ratio)
    assert ratios[0] != ratios[1]

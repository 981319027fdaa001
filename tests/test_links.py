"""Nulls, ratios and coincidence rates agree with slower ways to compute them."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from analysis.excitation.baselines import calendar_model
from analysis.excitation.fit import best_of_decays
from analysis.links import coincidence_rates, superposed_epoch
from analysis.links.effect import dispersion, measure, ratio_interval
from analysis.links.given_recent import DECAYS, RATIO, _ratio, answer, hold_ratio
from analysis.links.marginal import marginal_ratios
from analysis.links.nulls import N_DRAWS, era_statistics, shift_window, year_statistics
from analysis.links.power import Trial, plant
from analysis.links.specifications import joint_p
from analysis.series.pvalues import TAILS, family_p, simulated_p, tail_shares, two_sided
from analysis.series.strata import Calendar, Days, make_days
from analysis.series.windows import cover

from .toys import toy_launches

LAWS = settings(max_examples=30, deadline=None)


@st.composite
def records(draw: st.DrawFn) -> tuple[Days, np.ndarray]:
    """Draw a short record in strata, with a launch, and a window that is not everything."""
    n = draw(st.integers(20, 120))
    launches = draw(hnp.arrays(float, n, elements=st.sampled_from([0.0, 0.0, 1.0])))
    launches[draw(st.integers(0, n - 1))] = 1.0
    window = draw(hnp.arrays(float, n, elements=st.sampled_from([0.0, 0.0, 1.0])))
    window[0], window[-1] = 1.0, 0.0
    strata = np.sort(draw(hnp.arrays(np.int64, n, elements=st.integers(0, 3))))
    strata = np.unique(strata, return_inverse=True)[1]
    dates = pd.date_range("2013-01-01", periods=n)
    return Days(launches, Calendar(strata, np.zeros(n, dtype=np.int64), dates)), window


def years_record(n_years: int, seed: int = 0) -> tuple[Days, np.ndarray]:
    """Make a record of whole years with launches and a window."""
    rng = np.random.default_rng(seed)
    dates = pd.date_range("2013-01-01", f"{2012 + n_years}-12-31")
    launches = (rng.random(len(dates)) < 0.05).astype(float)
    starts = rng.choice(len(dates), 3 * n_years, replace=False)
    days = make_days(launches, dates, ("month", "era"))
    return days, cover(starts, starts + 9, len(dates))


# -- windows --------------------------------------------------------------------------------


@LAWS
@given(st.lists(st.tuples(st.integers(-20, 60), st.integers(0, 15)), max_size=8))
def test_covered_days_are_the_union_of_the_windows(windows: list) -> None:
    first = np.array([start for start, _ in windows], dtype=np.int64)
    last = np.array([start + width for start, width in windows], dtype=np.int64)
    union = {day for a, b in zip(first, last, strict=True) for day in range(a, b + 1)}
    expected = [float(day in union) for day in range(40)]
    assert cover(first, last, 40).tolist() == expected


# -- nulls ----------------------------------------------------------------------------------


@LAWS
@given(records())
def test_all_shifts_at_once_equal_shifting_one_by_one(record: tuple) -> None:
    days, window = record
    shifts = shift_window(days.scores, window)
    places = range(days.n_days)
    one_by_one = [days.scores.residual @ np.roll(window, k) for k in places]
    np.testing.assert_allclose(shifts.residual, one_by_one, rtol=0, atol=1e-9)
    expected = [days.expected @ np.roll(window, k) for k in places]
    np.testing.assert_allclose(shifts.expected, expected, rtol=0, atol=1e-9)
    assert shifts.typical == pytest.approx(np.mean(expected), abs=1e-9)
    pairs = [window @ np.roll(window, k) for k in places]
    np.testing.assert_allclose(shifts.pairs, pairs, rtol=0, atol=1e-9)


@LAWS
@given(records())
def test_the_shift_p_counts_ties_and_the_observed_placing(record: tuple) -> None:
    days, window = record
    values = shift_window(days.scores, window).statistic
    scale = [days.expected @ np.roll(window, k) for k in range(days.n_days)]
    scale = np.sqrt(np.array(scale) + np.mean(scale))
    slow = [days.scores.residual @ np.roll(window, k) for k in range(days.n_days)] / scale
    up = sum(value >= slow[0] - 1e-9 for value in slow) / len(slow)
    low = sum(value <= slow[0] + 1e-9 for value in slow) / len(slow)
    assert tail_shares(values, float(values[0])) == pytest.approx((up, low))
    assert two_sided(values) == pytest.approx(min(1, 2 * min(up, low)))
    assert two_sided(values) >= min(1, 2 / days.n_days)


def test_a_simulated_p_counts_ties_and_the_record_itself() -> None:
    drawn = np.array([[1.0], [2.0], [3.0]])
    found = {tail: simulated_p(drawn, np.array([2.0]), tail).item() for tail in TAILS}
    assert found == {"upper": 0.75, "lower": 0.75, "both": 1.0}
    with pytest.raises(ValueError, match="unknown tail 'middle': expected upper, lower, both"):
        simulated_p(drawn, 2.0, "middle")


def test_every_order_of_five_years_is_tried() -> None:
    days, window = years_record(5)
    values = year_statistics(days.scores, window)
    by_year = [np.flatnonzero(days.calendar.year == year) for year in range(2013, 2018)]
    place = days.calendar.place_in_year
    slow = []
    for order in itertools.permutations(range(5)):
        sums = sizes = 0.0
        for to, source in enumerate(order):
            marked = set(place[by_year[source]][window[by_year[source]] > 0])
            hit = np.isin(place[by_year[to]], list(marked))
            sums += days.scores.residual[by_year[to]][hit].sum()
            sizes += days.expected[by_year[to]][hit].sum()
        slow.append((sums, sizes))
    typical = np.mean([size for _, size in slow])
    slow = [total / np.sqrt(size + typical) for total, size in slow]
    np.testing.assert_allclose(np.sort(values), np.sort(slow), atol=1e-9)
    assert values[0] == pytest.approx(slow[0])


def test_years_that_are_not_whole_stay_and_too_few_are_an_error() -> None:
    days, window = years_record(4)
    with pytest.raises(ValueError, match="at least 5 whole years, the period has 4"):
        year_statistics(days.scores, window)


def test_a_window_in_a_year_held_in_part_stays_in_every_order() -> None:
    dates = pd.date_range("2012-07-01", "2018-06-30")
    launches = (np.random.default_rng(2).random(len(dates)) < 0.05).astype(float)
    days = make_days(launches, dates, ("month",))
    window = (dates < "2012-09-01").astype(float)
    values = year_statistics(days.scores, window)
    by_hand = days.scores.residual @ window / np.sqrt(2 * days.expected @ window)
    np.testing.assert_allclose(values, by_hand)


def test_shifts_inside_eras_reach_every_placing_and_no_other() -> None:
    # two eras of 6 and 5 days, one stratum: 30 placings, each as likely as any
    eras = np.repeat([0, 1], [6, 5])
    launches = np.array([1.0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0])
    window = np.array([1.0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0])
    dates = pd.date_range("2013-01-01", periods=11)
    days = Days(launches, Calendar(np.zeros(11, dtype=np.int64), eras, dates))
    placings = [
        np.concatenate([np.roll(window[:6], first), np.roll(window[6:], second)])
        for first, second in itertools.product(range(6), range(5))
    ]
    # every placing holds four days, on which 4 x 3 / 11 launch days are expected
    sums = np.array([days.scores.residual @ placing for placing in placings])
    expected = sums / np.sqrt(2 * 4 * 3 / 11)
    values = era_statistics(days.scores, window)
    assert len(values) == N_DRAWS + 1
    assert values[0] == pytest.approx(expected[0])
    for value, n in zip(*np.unique(expected.round(9), return_counts=True), strict=True):
        assert np.isclose(values, value).mean() == pytest.approx(n / 30, abs=0.02)
    assert np.isin(values.round(9), expected.round(9)).all()


def test_an_era_wholly_inside_the_window_cannot_move() -> None:
    days, _ = years_record(8)
    values = era_statistics(days.scores, np.ones(days.n_days))
    assert np.ptp(values) == pytest.approx(0, abs=1e-9)


def test_years_are_laid_out_by_month_and_day_with_a_place_for_29_february() -> None:
    for year, days in ((2023, 365), (2024, 366)):
        dates = pd.date_range(f"{year}-01-01", periods=days)
        place = make_days(np.zeros(days), dates, ()).calendar.place_in_year
        by_day = dict(zip(dates.strftime("%m-%d"), place.tolist(), strict=True))
        assert [by_day[day] for day in ("01-01", "02-28", "03-01", "12-31")] == [0, 58, 60, 365]
        assert by_day.get("02-29", 59) == 59


def test_a_family_of_one_window_is_judged_as_that_window() -> None:
    days, window = years_record(6)
    values = shift_window(days.scores, window).statistic
    assert family_p(values[None, :])[0] == pytest.approx(two_sided(values))
    both = family_p(np.stack([values, shift_window(days.scores, np.roll(window, 40)).statistic]))
    assert both[0] >= two_sided(values) - 1e-12


# -- effect ---------------------------------------------------------------------------------


def test_the_ratio_of_two_strata_by_hand() -> None:
    # stratum 0: 10 days, 4 inside with 2 launches, 6 outside with 1
    # stratum 1: 20 days, 5 inside with 1 launch, 15 outside with 3
    launches = np.zeros(30)
    launches[[0, 1, 4, 10, 15, 16, 17]] = 1
    window = np.zeros(30)
    window[[0, 1, 2, 3, 10, 11, 12, 13, 14]] = 1
    dates = pd.date_range("2013-01-01", periods=30)
    calendar = Calendar(np.repeat([0, 1], [10, 20]), np.zeros(30, dtype=np.int64), dates)
    days = Days(launches, calendar)
    effect = measure(days, shift_window(days.scores, window))
    assert effect.observed == 3
    assert effect.expected == pytest.approx(3 * 4 / 10 + 4 * 5 / 20)
    assert effect.rate_ratio == pytest.approx(
        (2 * 6 / 10 + 1 * 15 / 20) / (1 * 4 / 10 + 3 * 5 / 20)
    )


@LAWS
@given(records())
def test_ratio_and_test_agree_on_the_side_and_the_interval_holds_the_ratio(record: tuple) -> None:
    days, window = record
    shifts = shift_window(days.scores, window)
    effect = measure(days, shifts)
    assert effect.dispersion >= 1
    if np.isnan(effect.rate_ratio):
        return
    if abs(shifts.residual[0]) > 1e-9:
        assert (effect.rate_ratio > 1) == (shifts.residual[0] > 0)
    assert effect.low <= effect.rate_ratio <= effect.high


@LAWS
@given(records())
def test_dispersion_is_the_variance_over_shifts_over_the_stratified_one(record: tuple) -> None:
    days, window = record
    total, n = days.calendar.stratum_days, days.stratum_launches
    variances, squares = [], []
    for k in range(days.n_days):
        moved = np.roll(window, k)
        inside = np.bincount(days.calendar.strata, moved, len(total))
        variances.append((n * inside * (total - inside) / total**2).sum())
        squares.append((days.scores.residual @ moved) ** 2)
    found = dispersion(days, shift_window(days.scores, window))
    if np.mean(variances) > 1e-6:
        assert found == pytest.approx(max(1, np.mean(squares) / np.mean(variances)))


@pytest.mark.parametrize("extra", [1.0, 2.5, 8.0])
@pytest.mark.parametrize(("above", "below"), [(0.0, 3.0), (2.0, 5.0), (9.0, 4.0)])
def test_the_interval_ends_where_the_data_are_two_errors_away(
    above: float, below: float, extra: float
) -> None:
    spread = 4.0
    low, high = ratio_interval(above, below, spread, extra)
    assert np.isfinite(high)
    for end in {low, high} - {0.0}:
        swell = 1 + (extra - 1) * 2 * end / (1 + end)
        error = np.sqrt(end * spread * swell)
        assert abs(above - end * below) / error == pytest.approx(1.959964, rel=1e-5)
    assert (low == 0) == (above == 0)


# -- curves, specifications, planted links --------------------------------------------------


def test_a_curve_is_judged_by_its_largest_excursion_at_any_shift() -> None:
    launched = np.random.default_rng(4).choice(60, 20, replace=False)
    launches = toy_launches(pd.Timestamp("2012-01-01") + pd.to_timedelta(launched, unit="D"))
    days = pd.to_datetime(["2012-01-04", "2012-02-10"])
    events = pd.DataFrame({"start": days, "end": days, "precision": "day", "confidence": "sourced"})
    period = {"start": "2012-01-01", "end": "2012-02-29", "adjust": ()}
    curve = superposed_epoch(launches, events, "days", lags=(-1, 9), width=5, **period)
    residual = np.isin(np.arange(60), launched) - 20 / 60
    marks = [cover(np.array([1, 38]) + lag, np.array([5, 42]) + lag, 60) for lag in range(-1, 10)]
    sums = np.array([[residual @ np.roll(one, k) for k in range(60)] for one in marks])
    spread = sums.std(axis=1)
    largest, smallest = (sums / spread[:, None]).max(axis=0), (sums / spread[:, None]).min(axis=0)
    up = (largest >= largest[0] - 1e-9).mean()
    low = (smallest <= smallest[0] + 1e-9).mean()
    assert curve["p_curve"].unique() == pytest.approx([min(1, 2 * min(up, low))])
    # ten days at each lag; each by itself holds the middle 95 % of what the shifts give
    assert curve["exposure_days"].tolist() == [10] * 11
    bands = {
        "low": np.quantile(sums, 0.025, axis=1),
        "high": np.quantile(sums, 0.975, axis=1),
        "low_simultaneous": np.quantile(smallest, 0.025) * spread,
        "high_simultaneous": np.quantile(largest, 0.975) * spread,
    }
    for name, band in bands.items():
        np.testing.assert_allclose(curve[name], 1 / 3 + band / 10)


def test_the_joint_p_judges_the_median_at_each_shift() -> None:
    stack = np.array([[3.0, 1, -1, -3], [2.0, -2, 2, -2], [3.0, 3, 3, -9]])
    # scaled by their spread the medians are 1.34, .45, .58 and -1.34: the first is the largest
    assert joint_p(stack) == pytest.approx(2 / 4)
    assert joint_p(stack[:1]) == two_sided(stack[0])
    assert np.isnan(joint_p(np.zeros((0, 4))))


def test_a_history_is_judged_by_its_two_sided_p_on_the_side_asked() -> None:
    days, window = years_record(5)
    values = shift_window(days.scores, window).statistic
    trial = Trial(days.calendar, window, "circular_shift", "launch_days", 0)
    for above, share in zip((True, False), tail_shares(values, float(values[0])), strict=True):
        assert trial.p_values(days.launches[None, :], above) == pytest.approx([2 * share])
    assert trial.p_values(np.zeros((1, days.n_days)), above=True).tolist() == [1.0]


def test_a_window_that_fills_its_strata_has_nothing_to_compare() -> None:
    days, _ = years_record(5)
    effect = measure(days, shift_window(days.scores, np.ones(days.n_days)))
    assert np.isnan([effect.rate_ratio, effect.low, effect.high]).all()
    assert (effect.dispersion, effect.observed) == (1, days.launches.sum())


def test_planting_changes_launch_days_inside_alone_and_by_the_ratio() -> None:
    worlds = np.random.default_rng(0).random((3, 40, 500)) < 0.05
    inside = np.arange(500) < 200
    before = worlds[0][:, inside].sum()
    for ratio in (0.0, 0.25, 1.0, 1.5, 2.0, 3.0):
        planted = plant(worlds, inside, ratio, seed=1)
        assert (planted[:, ~inside] == worlds[0][:, ~inside]).all()
        found = planted[:, inside].sum() / before
        # added days may fall on days that have a launch already
        assert found == pytest.approx(ratio, abs=0.08 + 0.06 * max(0, ratio - 1))
    fewer, more = (plant(worlds, inside, ratio, seed=1) for ratio in (0.25, 0.5))
    assert (fewer <= more).all()


# -- coincidence ----------------------------------------------------------------------------


def slow_rates(a: np.ndarray, b: np.ndarray, delta: int, lag: int, drop: bool) -> list[float]:
    """Compare every pair; with `drop`, leave out events near the ends of their own series."""
    margin = lag + delta
    rates = []
    for x, y in ((a, b), (b, a)):
        late = [t for t in x if not (drop and margin and t <= x[0] + margin)]
        early = [t for t in y if not (drop and margin and t >= y[-1] - margin)]
        preceded = [any(0 <= t - lag - s <= delta for s in y) for t in late]
        followed = [any(0 <= t - lag - s <= delta for t in x) for s in early]
        rates += [np.mean(preceded) if late else np.nan, np.mean(followed) if early else np.nan]
    return rates


SERIES = st.lists(st.integers(0, 80), min_size=1, max_size=25).map(lambda t: np.sort(np.array(t)))


@LAWS
@given(SERIES, SERIES, st.integers(0, 6), st.integers(0, 4), st.booleans())
def test_coincidence_rates_equal_comparing_every_pair(
    a: np.ndarray, b: np.ndarray, delta: int, lag: int, drop: bool
) -> None:
    found = coincidence_rates(a, b, delta=delta, lag=lag, edges="drop" if drop else "keep")
    np.testing.assert_allclose(found, slow_rates(a, b, delta, lag, drop), atol=1e-12)


@pytest.mark.peer
def test_coincidence_rates_equal_pyunicorns() -> None:
    series = pytest.importorskip("pyunicorn.eventseries", exc_type=ImportError)
    rng = np.random.default_rng(1)
    for delta, lag in itertools.product((0, 1, 7), (0, 3)):
        x, y = (rng.random((2, 400)) < 0.1).astype(int)
        theirs = series.EventSeries.event_coincidence_analysis(x, y, delta, lag=lag)
        ours = coincidence_rates(
            np.flatnonzero(x), np.flatnonzero(y), delta=delta, lag=lag, edges="drop"
        )
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"a": []}, "a is empty"),
        ({"b": [3, 1]}, "b is not sorted"),
        ({"delta": -1}, "at least 0"),
        ({"edges": "cut"}, "unknown edges 'cut'"),
    ],
)
def test_bad_series_are_one_clear_error(change: dict, message: str) -> None:
    given_ = {"a": [1, 2], "b": [1, 5], "delta": 1} | change
    a, b = np.array(given_.pop("a")), np.array(given_.pop("b"))
    with pytest.raises(ValueError, match=message):
        coincidence_rates(a, b, **given_)


# -- self-exciting model --------------------------------------------------------------------


def test_the_regression_finds_a_planted_ratio_and_its_profile_ends() -> None:
    rng = np.random.default_rng(3)
    dates = pd.date_range("2012-01-01", "2025-12-31")
    starts = rng.choice(len(dates), 80, replace=False)
    window = cover(starts, starts + 14, len(dates))
    launches = (rng.random(len(dates)) < 0.04 * np.where(window > 0, 3.0, 1.0)).astype(float)
    days = make_days(launches, dates, ("month", "era"))
    start = best_of_decays(calendar_model(days, ("month", "era"), window[:, None]), DECAYS)
    found, _ = answer(days, start, 0)
    assert found["low"] < 3 < found["high"]
    assert found["p_value"] < 1e-3
    whole = hold_ratio(start)
    for end in (found["low"], found["high"]):
        held = hold_ratio(whole, 0, np.log(end))
        drop = 2 * (whole.log_likelihood - held.log_likelihood) / found["dispersion"]
        assert drop == pytest.approx(3.841, abs=0.05)


def test_a_ratio_is_without_end_only_where_the_search_ends() -> None:
    low, high = (RATIO[side] for side in (0, 1))
    assert (_ratio(low), _ratio(high)) == (0.0, np.inf)
    assert (_ratio(low + 0.1), _ratio(high - 0.1)) == (np.exp(low + 0.1), np.exp(high - 0.1))


def test_nothing_inside_gives_ratio_zero_and_a_finite_end() -> None:
    days, window = years_record(6)
    empty = Days(days.launches * (1 - window), days.calendar)
    start = best_of_decays(calendar_model(empty, ("month", "era"), window[:, None]), DECAYS)
    found, _ = answer(empty, start, 0)
    assert found["rate_ratio"] < 1e-3
    assert found["low"] == 0
    assert 0 < found["high"] < 5
    endless = {"rate_ratio": 0.0, "low": 0.0, "high": np.inf}
    assert list(marginal_ratios(start, 0, endless, 1).values()) == [0.0, 0.0, np.inf]

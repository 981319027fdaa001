"""Self-excitation: likelihoods against plain sums, laws of the fit, and what the record says."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import check_grad, minimize

from analysis.excitation import (
    compare_regimes,
    describe_baselines,
    describe_excitation,
    describe_excitation_test,
    excitation_by_baseline,
    excitation_profile,
    excitation_residuals,
    excitation_test,
    hidden,
    rivals,
    self_excitation,
    simulate_launch_days,
)
from analysis.excitation.baselines import SPREAD, make_baseline
from analysis.excitation.fit import NONE, fit
from analysis.excitation.model import information, loss, make_model, rates, slopes
from analysis.excitation.profile import (
    branching_interval,
    cutoff,
    cutoff_at_none,
    decay_interval,
    piece_interval,
)
from analysis.record.proofs import read_proof
from analysis.series.kernel import decayed, decayed_slope

from .proofs import excitation_size, hawkes_recovery
from .toys import toy_launches

PERIOD = {"start": "2012-01-01", "end": "2025-12-31"}


@pytest.fixture(scope="module")
def history():
    """Launch days of 2,000 days in two eras, and the model with a rate for each."""
    piece = np.repeat([0, 1], 1000)
    mask = simulate_launch_days(np.array([0.015, 0.04])[piece], 0.5, 0.1, seed=3)[0]
    days = pd.date_range("2012-01-01", periods=2000, unit="us")
    return mask, piece, make_baseline(days, mask, pd.DataFrame({"start": days[[0, 1000]]}))


# -- the model ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def full():
    """A model with all it can have, and parameters somewhere: terms, penalties, covariates."""
    rng = np.random.default_rng(5)
    codes = [rng.integers(0, size, 600) for size in (4, 3)]
    covariates = rng.random((600, 2)) < [0.2, 0.4]
    model = make_model(
        rng.random(600) < 0.1, codes, spreads=[3.0, 0.8], covariates=covariates.astype(float)
    )
    return model, codes, rng.normal(-1, 0.3, model.first_ratio + 2)


def test_the_rate_is_what_the_definition_says(full):
    model, (first, second), at = full
    found = rates(model, at)
    for day in (0, 17, 599):
        ago = day - np.flatnonzero(model.launched[:day])
        keep = np.exp(-np.exp(at[8]))
        background = np.exp(at[first[day]] + at[4 + second[day]])
        triggered = np.exp(at[7]) * ((1 - keep) * keep ** (ago - 1.0)).sum()
        factor = np.exp(model.covariates[day] @ at[9:])
        assert found.rate[day] == pytest.approx(factor * (background + triggered))


def test_the_loss_has_the_slope_it_claims(full):
    model, _, at = full
    shifts, own = at[:4] - at[:4].mean(), at[4:7]
    penalty = (shifts @ shifts / 3.0**2 + own @ own / 0.8**2) / 2
    plain = day_by_day(model.launched, rates(model, at).rate)
    assert loss(model, at, rates(model, at))[0] == pytest.approx(penalty - plain)
    slope = loss(model, at, rates(model, at))[1]
    gap = check_grad(
        lambda p: loss(model, p, rates(model, p))[0],
        lambda p: loss(model, p, rates(model, p))[1],
        at,
    )
    assert gap < 1e-5 * np.linalg.norm(slope)


def test_the_information_is_what_days_tell_of_their_log_rates(full):
    model, _, at = full
    found = rates(model, at)
    share = found.factor * found.background / found.rate
    every = np.hstack([model.levels[model.cell] * share[:, None], slopes(model, found).T])
    told = found.rate**2 * np.exp(-found.rate) / (1 - np.exp(-found.rate))
    by_hand = every.T @ (told[:, None] * every)
    by_hand[:7, :7] += model.penalty
    np.testing.assert_allclose(information(model, found), by_hand, atol=1e-9)


def test_without_excitation_the_model_is_a_complementary_log_log_regression():
    rng = np.random.default_rng(2)
    era, window = np.repeat([0, 1, 2], 1000), rng.random(3000) < 0.3
    launched = rng.random(3000) < np.array([0.02, 0.08, 0.04])[era] * (1 + window)
    model = make_model(launched, [era], covariates=window[:, None].astype(float))
    ours = fit(model, held={model.branching: NONE, model.decay: 0.0})
    link = sm.families.links.CLogLog()
    columns = np.column_stack([np.eye(3)[era], window])
    theirs = sm.GLM(launched.astype(float), columns, sm.families.Binomial(link)).fit()
    assert ours.log_likelihood == pytest.approx(theirs.llf, abs=1e-6)
    np.testing.assert_allclose(np.delete(ours.parameters, [3, 4]), theirs.params, atol=1e-4)
    known = information(model, ours.rates)
    told = np.linalg.inv(np.delete(np.delete(known, [3, 4], axis=0), [3, 4], axis=1))
    np.testing.assert_allclose(np.sqrt(np.diag(told)), theirs.bse, rtol=1e-3)


def test_the_fit_is_the_maximum_that_a_general_optimiser_finds(history):
    mask, piece, _ = history
    model = make_model(mask, [piece])
    ours = fit(model)
    found = minimize(
        lambda p: loss(model, p, rates(model, p))[0], ours.parameters + 0.3,
        method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10, "maxiter": 4000},
    )  # fmt: skip
    assert ours.log_likelihood == pytest.approx(-found.fun, abs=1e-6)
    np.testing.assert_allclose(ours.parameters, found.x, atol=2e-3)


@settings(max_examples=40, deadline=None)
@given(
    days=st.lists(st.booleans(), min_size=1, max_size=80),
    decay=st.floats(1e-3, 5),
)
def test_recent_launches_are_a_sum_over_the_past(days, decay):
    marks, keep = np.array(days, dtype=float), np.exp(-decay)
    by_hand = [
        sum((1 - keep) * keep ** (t - s - 1) * marks[s] for s in range(t))
        for t in range(len(marks))
    ]
    past = decayed(marks, decay)
    np.testing.assert_allclose(past, by_hand, atol=1e-12)
    step = 1e-5
    rise = decayed(marks, decay * np.exp(step)) - decayed(marks, decay * np.exp(-step))
    np.testing.assert_allclose(decayed_slope(marks, past, decay), rise / step / 2, atol=1e-6)


# -- days ---------------------------------------------------------------------------------------


def day_by_day(mask, rates):
    """Bernoulli log-likelihood of launch days, given each day's rate."""
    return sum(np.log(-np.expm1(-r)) if hit else -r for hit, r in zip(mask, rates, strict=True))


def plain_rates(mask, baseline, branching, decay):
    """Rates by their definition: each earlier launch day adds (1 - a) a^(k-1)."""
    keep = np.exp(-decay)
    ago = np.subtract.outer(np.arange(len(mask)), np.flatnonzero(mask))
    added = np.where(ago > 0, (1 - keep) * keep ** np.maximum(ago - 1.0, 0), 0).sum(axis=1)
    return baseline + branching * added


def test_daily_likelihood_is_the_product_over_days(history):
    mask, piece, base = history
    found = base.fit_loose()
    background = np.exp(found.parameters[:2])[piece]
    expected = plain_rates(mask, background, found.branching_ratio, found.decay)
    np.testing.assert_allclose(found.rates.rate, expected, rtol=1e-9)
    assert found.log_likelihood == pytest.approx(day_by_day(mask, expected), rel=1e-10)


def test_without_excitation_the_free_rates_are_those_of_the_eras(history):
    mask, piece, base = history
    none = fit(base.loose, held={base.loose.branching: NONE, base.loose.decay: 0.0})
    shares = [mask[piece == 0].mean(), mask[piece == 1].mean()]
    np.testing.assert_allclose(np.exp(none.parameters[:2]), -np.log1p(-np.array(shares)), rtol=1e-5)
    # each era is then a row of coin tosses
    tosses = [mask[piece == era].astype(bool) for era in (0, 1)]
    said = sum(
        days.sum() * np.log(share) + (~days).sum() * np.log(1 - share)
        for days, share in zip(tosses, shares, strict=True)
    )
    assert none.log_likelihood == pytest.approx(said, abs=1e-6)


def test_interval_ends_where_the_profile_falls_below_the_cut(history):
    _, _, base = history
    best = base.fit()
    place = best.model.branching
    low, high = branching_interval(base, best, 0.95)
    slow, fast = decay_interval(base, best, 0.95)
    held = [base.fit(held={place: np.log(value)}).integrated for value in (low, high)]
    held += [base.fit(held={place + 1: np.log(value)}).integrated for value in (slow, fast)]
    np.testing.assert_allclose(best.integrated - np.array(held), cutoff(0.95), atol=0.02)
    rate, bottom, top = piece_interval(base, best, 1, 0.95)
    assert low < best.branching_ratio < high
    assert slow < best.decay < fast
    assert bottom < rate < top


def test_rates_of_pieces_are_integrated_out_as_a_plain_sum_would(history):
    mask, piece, base = history
    held = {base.model.branching: np.log(0.4), base.model.decay: np.log(0.1)}
    found = base.fit(held=held)
    own = plain_rates(mask, np.zeros(len(mask)), 0.4, 0.1)
    steps = np.linspace(-3, 3, 61) * SPREAD

    def era(which: int, log_rates: np.ndarray) -> np.ndarray:
        inside = piece == which
        days = np.exp(log_rates)[:, None] + own[inside]
        return np.where(mask[inside], np.log(-np.expm1(-days)), -days).sum(axis=1)

    # the mean is free: for each, sum over the scatter of both pieces
    total = []
    for mean in np.linspace(-5, -2.5, 26):
        weight = np.exp(-(steps**2) / 2 / SPREAD**2)
        weight /= weight.sum()
        each = [era(which, mean + steps) for which in (0, 1)]
        total.append(sum(e.max() + np.log(weight @ np.exp(e - e.max())) for e in each))
    far = base.fit(held={**held, base.model.branching: np.log(0.8)})
    own = plain_rates(mask, np.zeros(len(mask)), 0.8, 0.1)
    again = []
    for mean in np.linspace(-6, -2.5, 36):
        each = [era(which, mean + steps) for which in (0, 1)]
        again.append(sum(e.max() + np.log(weight @ np.exp(e - e.max())) for e in each))
    assert found.integrated - far.integrated == pytest.approx(max(total) - max(again), abs=0.5)


def test_simulated_launch_days_come_as_often_as_they_should():
    days = simulate_launch_days(np.full(5000, 0.002), 0.5, 0.02, size=500, seed=6)
    # with rates so low hardly a day has two: baseline / (1 - branching), once under way
    assert days[:, 1000:].mean() == pytest.approx(0.004, rel=0.04)
    again = simulate_launch_days(np.full(5000, 0.002), 0.5, 0.02, size=500, seed=6)
    assert (days == again).all()


#: What intensify 0.3.3 fits to the instants of the history below, in a search from
#: mu = .006, alpha = .2, beta = .1: background, branching ratio, decay.
INTENSIFY = {"mu": 0.004550, "alpha": 0.397813, "beta": 0.028647}


def rare_launch_days():
    """Launch days so rare that hardly a day would have two: a process in continuous time."""
    return simulate_launch_days(np.full(60_000, 0.004), 0.5, 0.02, seed=11)[0]


def test_rare_launch_days_are_fitted_as_a_hawkes_library_fits_their_instants():
    found = fit(make_model(rare_launch_days(), [np.zeros(60_000, dtype=int)]))
    assert found.rates.background[0] == pytest.approx(INTENSIFY["mu"], rel=0.02)
    assert found.branching_ratio == pytest.approx(INTENSIFY["alpha"], rel=0.02)
    assert found.decay == pytest.approx(INTENSIFY["beta"], rel=0.1)  # days have no hours


def test_the_numbers_of_the_hawkes_library_are_its_own():
    library = pytest.importorskip("intensify")
    kernel = library.ExponentialKernel(alpha=0.2, beta=0.1)
    instants = np.flatnonzero(rare_launch_days()) + 0.5
    found = library.Hawkes(mu=0.006, kernel=kernel).fit(instants, T=60_000.0)
    assert found.flat_params() == pytest.approx(INTENSIFY, rel=1e-3)


def test_independent_launch_days_show_no_excitation():
    days = pd.date_range("2012-01-01", periods=4000, unit="us")
    found = []
    for mask in simulate_launch_days(np.full(4000, 0.04), 0.0, 1.0, size=12, seed=7):
        base = make_baseline(days, mask, "constant")
        none = base.fit(held={base.model.branching: NONE, base.model.decay: 0.0})
        found.append(base.fit().integrated - none.integrated > cutoff_at_none(0.95))
    assert np.mean(found) <= 0.2


# -- rivals -------------------------------------------------------------------------------------


def forward(mask, rates, moves):
    """Likelihood of hidden rates, day by day."""
    state, height = np.full(rates.shape[1], 1 / rates.shape[1]), 0.0
    for day, hit in enumerate(mask):
        state = state if day == 0 else state @ moves[day]
        chance = -np.expm1(-rates[day]) if hit else np.exp(-rates[day])
        state = state * chance
        height += np.log(state.sum())
        state = state / state.sum()
    return height


@pytest.mark.parametrize(("states", "excited"), [(2, False), (3, False), (2, True)])
def test_hidden_rates_likelihood_and_slope(history, states, excited):
    mask = history[0][:700]
    theta = hidden.fit_hidden(mask, states, excited=excited).theta + 0.1
    levels, moves, branching, decay = hidden.unpack(theta, states)
    week = np.arange(len(mask)) // hidden.WEEK
    stay = np.where(np.diff(week, prepend=0)[:, None, None] > 0, moves, np.eye(states))
    added = branching * decayed(mask, decay) if excited else np.zeros(len(mask))
    expected = forward(mask, levels + added[:, None], stay)
    lost, slope = hidden.loss(theta, mask, states)
    assert -lost == pytest.approx(expected, rel=1e-10)
    for place in range(len(theta)):
        step = np.zeros(len(theta))
        step[place] = 1e-5
        ends = [hidden.loss(theta + side * step, mask, states)[0] for side in (1, -1)]
        rise = ends[0] - ends[1]
        assert slope[place] == pytest.approx(rise / 2e-5, abs=1e-4)


def test_regimes_without_excitation_are_told_from_excitation():
    rng = np.random.default_rng(8)
    busy = np.zeros(8000, dtype=bool)
    for first in range(0, 8000, 800):
        busy[first : first + 400] = True
    mask = rng.random(8000) < np.where(busy, 0.15, 0.002)
    era = np.zeros(8000, dtype=int)
    switching = rivals.fit_rival("two hidden rates", mask, era)
    excited = rivals.fit_rival("self-exciting, one rate", mask, era)
    assert switching.log_likelihood > excited.log_likelihood + 10
    np.testing.assert_allclose(switching.rates, [0.002, -np.log(0.85)], rtol=0.5)


def test_models_nest_and_are_charged_for_it(launches):
    names = ("one rate", "eras", "self-exciting, one rate", "self-exciting, eras")
    table = compare_regimes(launches, models=names, **PERIOD).set_index("model")
    height = table["log_likelihood"]
    assert height["one rate"] <= height["eras"] <= height["self-exciting, eras"]
    assert height["one rate"] <= height["self-exciting, one rate"]
    cost = (table["bic"] + 2 * height) / table["parameters"]
    np.testing.assert_allclose(cost, np.log(table["n"].iloc[0]))
    assert table["behind"].min() == 0
    assert table["branching_ratio"].isna().tolist() == [
        not name.startswith("self-exciting") for name in table.index
    ]


def test_a_forecast_uses_no_later_day(launches):
    until = {"start": "2012-01-01", "models": ("one rate", "self-exciting, eras")}
    short = compare_regimes(launches, end="2020-12-31", **until)
    long = compare_regimes(launches, end="2022-12-31", **until, first_forecast=2022)
    both = compare_regimes(launches, end="2022-12-31", **until)
    mid = compare_regimes(launches, end="2021-12-31", **until, first_forecast=2021)
    held = [each.set_index("model")["held_out"] for each in (short, mid, long, both)]
    np.testing.assert_allclose(held[0] + held[1] + held[2], held[3][held[0].index])


# -- the record ---------------------------------------------------------------------------------


def test_record_is_fitted_with_intervals_around_estimates(launches):
    table = self_excitation(launches, **PERIOD)
    assert (table["low"] <= table["estimate"]).all()
    assert (table["estimate"] <= table["high"]).all()
    bases = table[table["parameter"] == "baseline"]
    assert bases["piece"].str.contains("Kim Jong Un").all()
    span = (bases["piece_end"] - bases["piece_start"]).dt.days + 1
    assert span.sum() == table["days"].iloc[0]
    row = table.set_index("parameter")
    half = np.log(2) / row.loc["decay_per_day", ["high", "low"]].astype(float)
    assert row.loc["half_life_days", ["low", "high"]].tolist() == pytest.approx(half.tolist())
    # launch days = background + triggered, but for what falls after the end, and for rates that
    # are given each by itself
    n = (bases["estimate"] / 365.25 * span).sum()
    n += row.loc["branching_ratio", "estimate"] * table["n"].iloc[0]
    assert n == pytest.approx(table["n"].iloc[0], rel=0.08)


def test_baselines_of_ones_own(launches):
    pieces = pd.DataFrame({"start": pd.to_datetime(["2010-01-01", "2019-05-04"]),
                           "name": ["before", "after"]})  # fmt: skip
    table = self_excitation(launches, baseline=pieces, **PERIOD)
    assert table["piece"].dropna().tolist() == ["before", "after"]
    with pytest.raises(ValueError, match="unknown baseline 'month'"):
        self_excitation(launches, baseline="month", **PERIOD)
    with pytest.raises(ValueError, match="begins on 2019-05-04, after 2012-01-01"):
        self_excitation(launches, baseline=pieces.iloc[1:], **PERIOD)
    with pytest.raises(ValueError, match="at least 3 launch days"):
        self_excitation(launches, start="2018-01-01", end="2018-12-31")


def test_profile_is_highest_at_the_estimate_and_crosses_at_the_limits(launches):
    table = self_excitation(launches, baseline="constant", **PERIOD).set_index("parameter")
    for parameter in ("branching_ratio", "decay_per_day"):
        curve = excitation_profile(
            launches, parameter=parameter, baseline="constant", points=31, **PERIOD
        )
        row = table.loc[parameter]
        inside = curve["value"].between(row["low"], row["high"])
        assert (curve["inside"] == inside).all()
        assert curve["below_maximum"].min() < 0.4
    with pytest.raises(ValueError, match="unknown parameter 'shape'"):
        excitation_profile(launches, parameter="shape", **PERIOD)


def test_residuals_hold_what_a_picture_needs(launches):
    table = excitation_residuals(launches, simulations=30, **PERIOD)
    assert sorted(table["rank"]) == list(range(1, len(table) + 1))
    assert (table["band_low"] < table["band_high"]).all()
    assert table["expected"].mean() == pytest.approx(1, abs=0.1)
    same = excitation_residuals(launches, simulations=30, **PERIOD)
    pd.testing.assert_frame_equal(table, same)
    # a model that ignores the pause of 2018 and the bursts would not pass
    ordered = table.sort_values("uniform")["uniform"].to_numpy()
    rank = np.arange(1, len(ordered) + 1) / len(ordered)
    distance = max((rank - ordered).max(), (ordered - rank).max() + 1 / len(ordered))
    assert table["ks"].iloc[0] == pytest.approx(distance)


def test_residuals_of_the_right_model_pass():
    passed = []
    for mask in simulate_launch_days(np.full(3000, 0.02), 0.5, 0.2, size=4, seed=9):
        dates = pd.date_range("2012-01-01", periods=3000, unit="us")[mask]
        table = excitation_residuals(toy_launches(dates), start="2012-01-01", end="2020-03-18",
                                     baseline="constant", simulations=19)  # fmt: skip
        passed.append(table["ks_p_value"].iloc[0] > 0.05)
    assert sum(passed) >= 3


def test_baselines_that_answer_differently_are_told_with_the_reason(launches):
    table = excitation_by_baseline(launches, baselines=["constant", "years"], **PERIOD)
    one = self_excitation(launches, baseline="years", **PERIOD).set_index("parameter")
    row = table.set_index("baseline").loc["years"]
    assert row["branching_ratio"] == one.loc["branching_ratio", "estimate"]
    assert row["low"] == one.loc["branching_ratio", "low"]
    text = describe_baselines(table)
    for number in table["branching_ratio"]:
        assert f"{number:.2f}" in text
    assert "follows the rate more closely leaves less" in text


@pytest.mark.slow
def test_excitation_planted_is_found_beyond_rates_that_change_and_none_is_not():
    rng = np.random.default_rng(4)
    dates = pd.date_range("2012-01-01", periods=3650, unit="us")
    background = np.where(dates.year % 2, 0.06, 0.02)
    found = {}
    for ratio in (0.0, 0.7):
        mask = simulate_launch_days(background * (1 - ratio), ratio, 0.3, seed=rng)[0]
        table = excitation_test(
            toy_launches(dates[mask]), start="2012-01-01", end="2021-12-28", rivals=["years"],
            simulations=39, progress=ratio > 0,
        )  # fmt: skip
        found[ratio] = table["p_value"].item()
    assert found[0.7] == pytest.approx(1 / 40)  # the bar shown, all 39 are counted
    assert found[0.0] > 0.1


def test_the_verdict_says_the_numbers_of_the_tables(launches):
    fitted = self_excitation(launches, baseline="constant", **PERIOD)
    compared = compare_regimes(
        launches, models=("one rate", "self-exciting, one rate"), progress=False, **PERIOD
    )
    text = describe_excitation(fitted, compared)
    row = fitted.set_index("parameter").loc["branching_ratio"]
    assert f"{row['estimate']:.2f} further launch days ({row['low']:.2f} to" in text
    assert f"by {compared['delta_bic'].max():.1f}." in text
    with pytest.raises(ValueError, match="with and without"):
        describe_excitation(fitted, compared.iloc[:1])


def test_the_verdict_of_the_test_says_what_it_excludes(launches):
    fitted = excitation_by_baseline(launches, baselines=["eras"], **PERIOD)
    tested = excitation_test(launches, rivals=["eras"], simulations=19, progress=False, **PERIOD)
    text = describe_excitation_test(fitted, tested)
    row = fitted.iloc[0]
    assert f"{row['branching_ratio']:.2f} further launch days ({row['low']:.2f} to" in text
    assert f"(p = {tested['p_value'].item():.3f};" in text
    with pytest.raises(ValueError, match="unknown baseline 'eras'"):
        describe_excitation_test(fitted.assign(baseline="years"), tested)


def test_committed_proofs_keep_their_bounds():
    coverage, size = read_proof("hawkes_recovery"), read_proof("excitation_size")
    assert hawkes_recovery.faults(coverage) == []
    assert excitation_size.faults(size) == []
    assert set(coverage["world"].str.partition("ratio ")[2].astype(float)) == {0, 0.1, 0.3, 0.6}
    power = size[size["branching"] > 0]
    assert (power["share"] > 0.05).all()

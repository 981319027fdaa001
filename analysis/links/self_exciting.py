"""Daily self-exciting regression: launch days given month, era, recent launches and events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..counting import CountRule, Coverage, Day
from ..extras import library
from ..series.pvalues import two_sided
from ..series.strata import ADJUSTMENTS, START, Days, read_days
from ..series.windows import (
    MAIN,
    Window,
    check_events,
    check_windows,
    choose,
    cover,
    load_coverage_or,
    split_groups,
    window_days,
)
from .nulls import shift_window, studentise
from .study import add_adjusted

#: Decays of the burst (a day) among which the likelihood chooses.
DECAYS = (0.8, 0.4, 0.2, 0.1, 0.05, 0.025)
#: Prior standard deviations of the log rates of months, eras and years around their mean.
SPREADS = {"month": 3.0, "era": 3.0, "year": 0.8}
#: Log rate ratios beyond which an estimate is called 0 or infinite.
BOUND = 8.0


@dataclass(frozen=True)
class Model:
    """The series, its terms and the decayed count of earlier launch days."""

    launched: np.ndarray
    codes: tuple[np.ndarray, ...]
    penalties: tuple[float, ...]
    recent: np.ndarray
    covariates: np.ndarray
    sizes: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Count the levels of each term."""
        object.__setattr__(self, "sizes", tuple(int(code.max()) + 1 for code in self.codes))

    @property
    def n_terms(self) -> int:
        """Levels of all terms together."""
        return sum(self.sizes)


class Fit(NamedTuple):
    """Parameters at the largest penalised likelihood, and that likelihood."""

    loglik: float
    #: Log rate of each level of each term, log excitation, log rate ratio of each covariate.
    parameters: np.ndarray


def regression(
    launches: pd.DataFrame,
    events: pd.DataFrame,
    rule: CountRule | str,
    *,
    window: Window = (0, 14),
    during: bool = False,
    by: str | pd.DataFrame | None = None,
    together: bool = False,
    adjust: Sequence[str] = ADJUSTMENTS,
    start: Day = START,
    end: Day,
    confidence: Sequence[str] = MAIN,
    next_day: bool = False,
    level: float = 0.95,
    eras: pd.DataFrame | None = None,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Fit the daily chance of a launch on month, era, recent launches and nearness to events.

    Parameters
    ----------
    launches, events, rule, window, during, by, adjust, start, end, confidence, next_day, level
        As in `event_study`, with one window.
    together : bool
        Fit all groups in one model, each given the others; by default each in its own.
    eras, coverage : DataFrame, optional
        Tables to use in place of the package's; ``coverage=False`` for no check.

    Returns
    -------
    DataFrame
        One row a group: ``term`` (the group), ``n_events``, ``n_month``, ``n_unsourced``,
        ``n_answers_launch``, ``exposure_days``, ``rate_ratio`` with ``low`` and ``high``
        (profile likelihood), ``p_value``, ``p_adjusted``, ``p_adjusted_by``, and of the model:
        ``excitation`` (further launch days expected of one launch day), ``half_life_days`` (of
        the burst), ``dispersion`` (by which the likelihood ratio was divided). Ratios are
        associations, never causes.

    Raises
    ------
    ValueError
        As `event_study`.

    Notes
    -----
    A day has a launch or not, so the likelihood is Bernoulli with P = 1 - exp(-rate), the chance
    that a Poisson process of that rate has at least one launch in the day: the coefficient of an
    event then stays the log of a rate ratio, and a day of many missiles weighs no more than a
    day of one. The rate is

        exp(month + era + year) * ratio + excitation * recent launches * ratio,

    with recent launches decaying exponentially, by a decay chosen by the likelihood (a
    self-exciting process as in Porter and White 2012). Terms of the calendar year, shrunk
    towards none (log standard deviation 0.8), take up drifts that leaders do not explain.
    Likelihood ratios are divided by the dispersion of the score over all circular shifts of the
    window, if above 1; and since their limiting distribution fails where few launches are
    expected, `p_value` is the larger of theirs and that of the score's rank among all shifts.

    The ratio is that of a day's own chance given recent launches. Where a link adds whole bursts,
    part of them is put down to excitation, and the ratio is smaller than that of `event_study`,
    which compares all launch days.

    Examples
    --------
    >>> from analysis import load_events, load_launches
    >>> table = regression(load_launches(), load_events("parade"), "days", end="2025-12-31")
    >>> table["term"].tolist()
    ['all']
    """
    coverage = load_coverage_or(coverage)
    days, bounds = read_days(
        launches, rule, start=start, end=end, adjust=adjust, eras=eras, coverage=coverage
    )
    check_events(events, coverage, bounds)
    pair = (0, 0) if during else check_windows(window, days.n_days)[0]
    rows, windows = [], []
    for name, group in split_groups(events, by):
        chosen = choose(
            group,
            bounds,
            before=not during and pair[0] < 0,
            confidence=confidence,
            next_day=next_day,
        )
        marks = cover(*window_days(chosen, pair, during), days.n_days)
        windows.append(marks)
        rows.append(
            {
                "term": name,
                "n_events": len(chosen.first),
                "n_month": chosen.n_month,
                "n_unsourced": chosen.n_unsourced,
                "n_answers_launch": chosen.n_answers_launch,
                "exposure_days": int(marks.sum()),
            }
        )
    usable = [place for place, marks in enumerate(windows) if 0 < marks.sum() < days.n_days]
    if not usable:
        raise ValueError(
            f"the group of events is empty: no usable one starts from {bounds[0]:%Y-%m-%d} to "
            f"{bounds[1]:%Y-%m-%d}"
        )
    answers = _answers(days, adjust, [windows[place] for place in usable], together, level)
    table = pd.DataFrame(rows)
    found = pd.DataFrame(answers, index=usable).reindex(table.index)
    table = pd.concat([table, found], axis=1)
    adjusted = add_adjusted(table.rename(columns={"term": "group"}).assign(p_family=np.nan))
    return adjusted.drop(columns="p_family").rename(columns={"group": "term"})


def _answers(
    days: Days, adjust: Sequence[str], windows: list[np.ndarray], together: bool, level: float
) -> list[dict[str, Any]]:
    """Return the answer on each window, given the others or by itself."""
    if together:
        model = make_model(days, adjust, np.column_stack(windows))
        model, start = with_best_decay(model)
        return [answer(days, model, start, place, level) for place in range(len(windows))]
    bare, start = with_best_decay(make_model(days, adjust, np.zeros((days.n_days, 0))))
    results = []
    for marks in windows:
        model = Model(bare.launched, bare.codes, bare.penalties, bare.recent, marks[:, None])
        at = Fit(start.loglik, np.append(start.parameters, 0.0))
        results.append(answer(days, model, at, 0, level))
    return results


def make_model(days: Days, adjust: Sequence[str], covariates: np.ndarray) -> Model:
    """Set up the model of a record with its covariates (one column each)."""
    month = np.searchsorted(np.cumsum([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30]),
                            days.calendar.place_in_year, side="right")  # fmt: skip
    codes = {
        "month": month,
        "era": days.calendar.eras,
        "year": days.calendar.year - days.calendar.year.min(),
    }
    names = [*(name for name in ("month", "era") if name in adjust), "year"]
    return Model(
        launched=days.launches > 0,
        codes=tuple(np.asarray(codes[name]) for name in names),
        penalties=tuple(SPREADS[name] ** -2 for name in names),
        recent=decayed(days.launches, DECAYS[0]),
        covariates=covariates,
    )


def decayed(launches: np.ndarray, decay: float) -> np.ndarray:
    """Add up earlier launch days, each weighing less as it recedes; weights sum to 1.

    Examples
    --------
    >>> decayed(np.array([1.0, 0.0, 0.0]), np.log(2)).round(3)
    array([0.  , 0.5 , 0.25])
    """
    keep = np.exp(-decay)
    past = library("scipy.signal").lfilter([1.0 - keep], [1.0, -keep], launches)
    return np.concatenate([[0.0], past[:-1]])


def with_best_decay(model: Model) -> tuple[Model, Fit]:
    """Return the model with the decay of largest likelihood, and its fit.

    Climbs from the middle of `DECAYS` while the likelihood rises.
    """
    launches = model.launched.astype(float)
    tried: dict[int, tuple[Model, Fit]] = {}

    def trial(place: int, start: np.ndarray | None) -> tuple[Model, Fit]:
        if place not in tried:
            recent = decayed(launches, DECAYS[place])
            other = Model(model.launched, model.codes, model.penalties, recent, model.covariates)
            tried[place] = other, fit(other, start)
        return tried[place]

    at = len(DECAYS) // 2 - 1
    best = trial(at, None)
    for step in (1, -1):
        while 0 <= at + step < len(DECAYS):
            near = trial(at + step, best[1].parameters)
            if near[1].loglik <= best[1].loglik:
                break
            at, best = at + step, near
    return best


def fit(
    model: Model, start: np.ndarray | None = None, held: tuple[int, float] | None = None
) -> Fit:
    """Maximise the penalised likelihood, with one covariate's log ratio held if asked.

    Fisher scoring with halved steps, inside the bounds.
    """
    n_covariates = model.covariates.shape[1]
    bounds = np.array(
        [(-30.0, 5.0)] * model.n_terms + [(-12.0, 1.5)] + [(-BOUND, BOUND)] * n_covariates
    )
    if start is None:
        start = np.zeros(len(bounds))
        start[: model.sizes[0]] = np.log(model.launched.mean() / 2)
        start[model.n_terms] = np.log(0.3)
    at = start.copy()
    if held is not None:
        place = model.n_terms + 1 + held[0]
        at[place] = held[1]
        bounds[place] = held[1]
    loss, slope = _loss(at, model)
    for _ in range(100):
        pinned = ((at <= bounds[:, 0]) & (slope > 0)) | ((at >= bounds[:, 1]) & (slope < 0))
        free = np.flatnonzero(~pinned & (bounds[:, 0] < bounds[:, 1]))
        hessian = _information(at, model)[np.ix_(free, free)]
        hessian[np.diag_indices(len(free))] += 1e-6
        step = np.zeros(len(at))
        step[free] = np.clip(np.linalg.solve(hessian, slope[free]), -3.0, 3.0)
        if step @ slope < 1e-7:
            break
        at, loss, slope, moved = _descend(at, step, loss, bounds, model)
        if not moved:
            break
    return Fit(-loss, at)


def _descend(
    at: np.ndarray, step: np.ndarray, loss: float, bounds: np.ndarray, model: Model
) -> tuple[np.ndarray, float, np.ndarray, bool]:
    """Take the step, halved until the loss falls; say whether it did."""
    for halving in range(20):
        trial = np.clip(at - step * 0.5**halving, bounds[:, 0], bounds[:, 1])
        new, slope = _loss(trial, model)
        if new < loss:
            return trial, new, slope, True
    return at, loss, _loss(at, model)[1], False


def _parts(parameters: np.ndarray, model: Model) -> tuple[list[np.ndarray], float, np.ndarray]:
    """Split the parameters into terms, excitation and covariates' log ratios."""
    terms = np.split(parameters[: model.n_terms], np.cumsum(model.sizes)[:-1])
    return terms, float(np.exp(parameters[model.n_terms])), parameters[model.n_terms + 1 :]


def rates(parameters: np.ndarray, model: Model) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return background rate, rate and the covariates' factor of each day."""
    terms, excitation, ratios = _parts(parameters, model)
    background = np.exp(sum(term[code] for term, code in zip(terms, model.codes, strict=True)))
    factor = np.exp(model.covariates @ ratios)
    rate = np.maximum(factor * (background + excitation * model.recent), 1e-12)
    return background, rate, factor


def _loss(parameters: np.ndarray, model: Model) -> tuple[float, np.ndarray]:
    """Return the negative penalised log likelihood and its gradient."""
    terms, excitation, _ = _parts(parameters, model)
    background, rate, factor = rates(parameters, model)
    none = np.exp(-rate)
    hit = model.launched
    loss = rate[~hit].sum() - np.log1p(-none[hit]).sum()
    slope = np.ones(len(rate))
    slope[hit] = -none[hit] / (1.0 - none[hit])
    gradient = []
    for place, (term, code, penalty) in enumerate(
        zip(terms, model.codes, model.penalties, strict=True)
    ):
        # the level is free in the first term; the others are deviations from it
        shift = term - term.mean() if place == 0 else term
        loss += 0.5 * penalty * float(shift @ shift)
        weights = slope * factor * background
        gradient.append(np.bincount(code, weights, len(term)) + penalty * shift)
    gradient.append(np.array([(slope * factor * model.recent).sum() * excitation]))
    gradient.append(model.covariates.T @ (slope * rate))
    return float(loss), np.concatenate(gradient)


def _information(parameters: np.ndarray, model: Model) -> np.ndarray:
    """Return the expected information of all parameters, penalties included."""
    background, rate, factor = rates(parameters, model)
    _, excitation, _ = _parts(parameters, model)
    none = np.exp(-rate)
    weight = rate**2 * none / np.maximum(1.0 - none, 1e-12)
    share = factor * background / rate
    rest = np.column_stack([factor * excitation * model.recent / rate, model.covariates])
    n, first = model.n_terms, np.concatenate([[0], np.cumsum(model.sizes)])
    matrix = np.zeros((n + rest.shape[1],) * 2)
    for i, (code, size) in enumerate(zip(model.codes, model.sizes, strict=True)):
        rows = slice(first[i], first[i + 1])
        for j in range(i, len(model.codes)):
            other = model.sizes[j]
            cells = np.bincount(code * other + model.codes[j], weight * share**2, size * other)
            matrix[rows, first[j] : first[j + 1]] = cells.reshape(size, other)
        for j in range(rest.shape[1]):
            matrix[rows, n + j] = np.bincount(code, weight * share * rest[:, j], size)
        penalty = model.penalties[i] * np.eye(size)
        if i == 0:
            penalty -= model.penalties[i] / size
        matrix[rows, rows] += penalty
    matrix[n:, n:] = rest.T @ (weight[:, None] * rest)
    lower = np.tril_indices(len(matrix), -1)
    matrix[lower] = matrix.T[lower]
    return matrix


def answer(days: Days, model: Model, start: Fit, place: int, level: float = 0.95) -> dict[str, Any]:
    """Return rate ratio, profile-likelihood interval and p-value of one covariate."""
    stats = library("scipy.stats")
    whole = fit(model, start.parameters)
    without = fit(model, whole.parameters, held=(place, 0.0))
    extra, p_rank = judge_score(days, model, without, place)
    estimate = float(whole.parameters[model.n_terms + 1 + place])
    drop = 2.0 * max(0.0, whole.loglik - without.loglik) / extra
    allowed = float(stats.chi2.ppf(level, 1)) * extra / 2.0
    low = _profile_end(model, whole, place, estimate, allowed, -1)
    high = _profile_end(model, whole, place, estimate, allowed, 1)
    decay = decay_of(model)
    return {
        "rate_ratio": _ratio(estimate),
        "low": _ratio(low),
        "high": _ratio(high),
        "p_value": max(float(stats.chi2.sf(drop, 1)), p_rank),
        "excitation": float(np.exp(whole.parameters[model.n_terms])),
        "half_life_days": float(np.log(2) / decay),
        "dispersion": extra,
    }


def decay_of(model: Model) -> float:
    """Read the decay off the recent launch days."""
    launches = model.launched.astype(float)
    gaps = [float(np.abs(decayed(launches, d) - model.recent).max()) for d in DECAYS]
    return DECAYS[int(np.argmin(gaps))]


def _ratio(log_ratio: float) -> float:
    """Return the ratio; 0 or infinite where the likelihood sets no end."""
    if log_ratio <= -BOUND + 1e-6:
        return 0.0
    return float("inf") if log_ratio >= BOUND - 1e-6 else float(np.exp(log_ratio))


def _profile_end(
    model: Model, whole: Fit, place: int, estimate: float, allowed: float, side: int
) -> float:
    """Return where the profile likelihood has dropped by what the level allows."""
    latest = whole.parameters

    def excess(value: float) -> float:
        nonlocal latest
        held = fit(model, latest, held=(place, value))
        latest = held.parameters
        return whole.loglik - held.loglik - allowed

    inner, step = estimate, 0.4
    while abs(inner) < BOUND or inner * side < 0:
        outer = float(np.clip(inner + side * step, -BOUND, BOUND))
        if excess(outer) > 0:
            return float(library("scipy.optimize").brentq(excess, inner, outer, xtol=2e-3))
        if abs(outer) >= BOUND and outer * side > 0:
            break
        inner, step = outer, step * 1.5
    return side * BOUND


def judge_score(days: Days, model: Model, without: Fit, place: int) -> tuple[float, float]:
    """Return dispersion of the score over all shifts of the window, and its two-sided rank p.

    The score is that of a log ratio for the window at each shift, at the fit without it; the
    dispersion is its variance over the information that the other parameters leave, and at
    least 1.
    """
    fft = library("scipy.fft")
    background, rate, factor = rates(without.parameters, model)
    _, excitation, _ = _parts(without.parameters, model)
    none = np.exp(-rate)
    chance = np.maximum(1.0 - none, 1e-12)
    score = np.where(model.launched, rate * none / chance, -rate)
    information = rate**2 * none / chance
    window = model.covariates[:, place]
    shifts = shift_window(days, window)
    shape = fft.rfft(window, days.calendar.length)
    pair = np.tile(np.stack([score, information]), 2)
    spectrum = fft.rfft(pair, days.calendar.length, axis=1) * shape.conj()
    moved, sizes = fft.irfft(spectrum, days.calendar.length, axis=1)[:, : days.n_days]
    p_rank = two_sided(studentise(moved, sizes, float(sizes.mean())))
    slopes = _slopes(model, factor * background / rate, factor * excitation * model.recent / rate)
    weighted = slopes * information[:, None]
    others = np.arange(model.n_terms + 1)
    matrix = _information(without.parameters, model)[np.ix_(others, others)]
    inverse = np.linalg.inv(matrix + 1e-6 * np.eye(len(others)))
    root = np.linalg.cholesky((inverse + inverse.T) / 2)
    power = (np.abs(fft.rfft(weighted @ root, days.calendar.length, axis=0)) ** 2).sum(axis=1)
    taken = float(days.circular_pairs(power) @ shifts.pairs) / days.n_days
    left = float(information.sum() * window.mean()) - taken
    return max(1.0, float(np.mean(moved**2)) / left) if left > 1e-9 else 1.0, p_rank


def _slopes(model: Model, background: np.ndarray, burst: np.ndarray) -> np.ndarray:
    """Return the slope of each day's log rate in every term's levels and the log excitation."""
    slopes = np.zeros((len(background), model.n_terms + 1))
    first = 0
    for code, size in zip(model.codes, model.sizes, strict=True):
        slopes[np.arange(len(code)), first + code] = background
        first += size
    slopes[:, -1] = burst
    return slopes

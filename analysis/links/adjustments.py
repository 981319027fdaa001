"""Ways to adjust for season and for who governs, by name: strata, terms side by side, regression.

Strata compare the days of the same month and era with each other only. Terms side by side
("month and era") let month and era each multiply the rate, whatever the other is: more days are
compared, on the assumption that the season is the same in every era.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..errors import check_one_of
from ..series.pvalues import as_seed, two_sided
from ..series.strata import ADJUSTMENTS, Days, make_days
from .design import Layout
from .effect import NOTHING, Contrast, Effect, measure, projected_lags, root_of_inverse
from .given_recent import answer, recent_fit, with_window
from .nulls import NULLS, PLACINGS, null_values, shift_window

REGRESSION = "regression"
#: Strata by name.
_STRATA = {"none": (), "month": ("month",), "era": ("era",), "month x era": ADJUSTMENTS}
#: Terms that multiply the rate side by side, by name.
_TERMS = {"month and era": ADJUSTMENTS, "month and year": ("month", "year")}
#: All adjustments, in the order of what they take up.
ADJUSTMENTS_TRIED = (
    *("none", "month", "era", "month and era", "month x era", "month and year"),
    REGRESSION,
)
#: When fitting goes no further: the largest change of a rate, as a share, and the most rounds.
_CLOSE, _ROUNDS = 1e-7, 500


def adjustment_name(adjust: str | Sequence[str]) -> str:
    """Return the name of an adjustment; a sequence is what its strata are made of.

    Examples
    --------
    >>> adjustment_name(("month", "era")), adjustment_name(()), adjustment_name("month and year")
    ('month x era', 'none', 'month and year')
    """
    if isinstance(adjust, str):
        check_one_of("adjust", adjust, ADJUSTMENTS_TRIED)
        return adjust
    for each in adjust:
        check_one_of("adjust", each, ADJUSTMENTS)
    return " x ".join(name for name in ADJUSTMENTS if name in adjust) or "none"


def strata_of(name: str) -> tuple[str, ...]:
    """Return what the strata of an adjustment are made of; the regression's are of its months."""
    return _STRATA.get(name, ADJUSTMENTS if name == REGRESSION else ())


def with_terms(layout: Layout, name: str) -> Layout:
    """Give a layout the terms of an adjustment; one without terms stays as it is."""
    if name not in _TERMS:
        return layout
    return layout._replace(days=term_days(layout.days, _TERMS[name]))


def same_weeks(layout: Layout) -> TermDays:
    """Return the record of a layout with a rate for each week of the year, and one a year."""
    pauses = layout.design.moratoria
    dates = layout.days.calendar.dates
    days = make_days(layout.days.launches, dates, (), offices=(), moratoria=pauses)
    return term_days(days, ("week", "year"))


def term_days(days: Days, names: Sequence[str]) -> TermDays:
    """Give a record terms side by side; its strata, those of declared pauses, are one more."""
    calendar = days.calendar
    codes = {
        "week": calendar.place_in_year // 7,
        "month": calendar.month,
        "era": calendar.eras,
        "year": calendar.year - calendar.year.min(),
    }
    terms = (*(codes[name] for name in names), calendar.strata)
    plain = replace(calendar, strata=np.zeros_like(calendar.strata))
    return TermDays(days.launches, plain, terms)


@dataclass(frozen=True)
class TermDays(Days):
    """Launch days whose expectation is a product of terms, in place of a rate a stratum.

    Parameters
    ----------
    terms : tuple of ndarray of int, shape (n_days,)
        Level of each day in each term, from 0.
    """

    terms: tuple[np.ndarray, ...]

    @cached_property
    def cells(self) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
        """Levels of each cell of the terms, and the cell of each day."""
        levels, cell = np.unique(np.stack(self.terms), axis=1, return_inverse=True)
        return tuple(levels), cell.ravel()

    @cached_property
    def expected(self) -> np.ndarray:
        """Expected launch days on each day: the product of its terms' factors."""
        levels, cell = self.cells
        days, launches = np.bincount(cell).astype(float), np.bincount(cell, self.launches)
        return fit_terms(launches, days, levels)[cell]

    @cached_property
    def root(self) -> np.ndarray:
        """Slopes of the expectation in the terms, so scaled that their squares add up."""
        slopes = np.hstack([np.eye(codes.max() + 1)[codes] for codes in self.terms])
        weighted = slopes * self.expected[:, None]
        return weighted @ root_of_inverse(slopes.T @ weighted)

    @cached_property
    def stratum_lags(self) -> np.ndarray:
        """Mean share of variance that a pair of window days at each lag gives to the terms."""
        return projected_lags(self.calendar, self.root)


def fit_terms(launches: np.ndarray, days: np.ndarray, terms: Sequence[np.ndarray]) -> np.ndarray:
    """Return the rate of each cell as a product of a factor for each level of each term.

    Parameters
    ----------
    launches, days : ndarray of float, shape (n_cells,)
        Launch days and days of each cell.
    terms : sequence of ndarray of int, shape (n_cells,)
        Level of each cell in each term.

    Returns
    -------
    ndarray of float, shape (n_cells,)
        The maximum-likelihood rates of a log-linear Poisson model (iterative proportional
        fitting): a level without launches has rate 0.

    References
    ----------
    Deming, W. E. and Stephan, F. F. (1940). On a least squares adjustment of a sampled frequency
    table when the expected marginal totals are known. Annals of Mathematical Statistics 11(4),
    427-444. doi:10.1214/aoms/1177731829

    Examples
    --------
    >>> fit_terms(np.array([1.0, 2.0, 2.0, 4.0]), np.full(4, 10.0), [[0, 0, 1, 1], [0, 1, 0, 1]])
    array([0.1, 0.2, 0.2, 0.4])
    """
    rate = np.full(len(launches), launches.sum() / days.sum())
    wanted = [np.bincount(codes, launches) for codes in terms]
    for _ in range(_ROUNDS):
        before = rate
        for codes, seen in zip(terms, wanted, strict=True):
            fitted = np.bincount(codes, days * rate)
            rate = rate * np.divide(seen, fitted, out=np.zeros_like(seen), where=fitted > 0)[codes]
        if np.all(np.abs(rate - before) <= _CLOSE * before):
            break
    return rate


def term_contrast(days: TermDays, window: np.ndarray) -> Contrast:
    """Return the contrast of `analysis.links.effect.contrast` for terms side by side.

    Notes
    -----
    A / B is the maximum-likelihood ratio r of a log-linear Poisson model of the terms and the
    window, A - B the score U at a ratio of 1 and C the information there, as with strata: so
    B = U / (r - 1) and A = r B, whose limit at r = 1 is C.
    """
    levels, cell = days.cells
    inside, n = window > 0, len(levels[0])
    at = cell + n * inside
    in_cells = [
        np.bincount(at, values, minlength=2 * n) for values in (days.launches, np.ones_like(window))
    ]
    terms = [np.tile(codes, 2) for codes in levels]
    rate = fit_terms(in_cells[0], in_cells[1], [*terms, np.repeat([0, 1], n)])
    taken = float(((days.root.T @ window) ** 2).sum())
    spread = float(days.expected @ window) - taken
    score = float((days.launches - days.expected) @ window)
    if not rate[:n].any():
        return Contrast(score, 0.0, spread)
    ratio = float(rate[n:].sum() / rate[:n].sum())
    below = score / (ratio - 1) if abs(ratio - 1) > 1e-6 else spread
    return Contrast(ratio * below, below, spread)


#: Effect, p-value under each null, and the statistic at every shift (none where none compares).
Estimate = tuple[Effect, dict[str, float], np.ndarray]


def estimator(layout: Layout, name: str, nulls: Sequence[str]) -> Callable[[np.ndarray], Estimate]:
    """Return the estimate of a window, given by its days, under an adjustment.

    Parameters
    ----------
    layout : Layout
        The record, with the strata and terms of the adjustment.
    name : str
        One of `ADJUSTMENTS_TRIED`.
    nulls : sequence of str
        Nulls that place windows anew; the regression has its own.
    """
    return _by_regression(layout) if name == REGRESSION else _by_days(layout, nulls)


def _by_days(layout: Layout, nulls: Sequence[str]) -> Callable[[np.ndarray], Estimate]:
    """Return the estimate of a window by strata, or by terms side by side."""
    days, design = layout.days, layout.design
    seed = as_seed(design.seed)

    def estimate(marks: np.ndarray) -> Estimate:
        missing = dict.fromkeys(nulls, np.nan)
        if not marks.any():
            return NOTHING, missing, marks[:0]
        parts = term_contrast(days, marks) if isinstance(days, TermDays) else None
        effect = measure(days, shift_window(days.scores, marks), design.level, parts)
        if np.isnan(effect.rate_ratio):
            return effect, missing, marks[:0]
        found = {
            null: null_values(days, marks, null, statistic=design.statistic, seed=seed)
            for null in (PLACINGS[0], *nulls)
        }
        return effect, {null: two_sided(found[null]) for null in nulls}, found[PLACINGS[0]]

    return estimate


def _by_regression(layout: Layout) -> Callable[[np.ndarray], Estimate]:
    """Return the estimate of a window given recent launches, by one fit without the window."""
    days, design = layout.days, layout.design
    bare = recent_fit(days, design.adjust)

    def estimate(marks: np.ndarray) -> Estimate:
        null = NULLS[-1]
        if not marks.any() or marks.all():
            return NOTHING, {null: np.nan}, marks[:0]
        found, values = answer(days, with_window(bare, marks), 0, design.level)
        seen, ratio = round(float(days.launches @ marks)), found["rate_ratio"]
        effect = Effect(
            seen,
            float(days.expected @ marks),
            seen / ratio if ratio > 0 else np.nan,
            *(found[name] for name in ("rate_ratio", "low", "high", "dispersion")),
        )
        return effect, {null: found["p_value"]}, values

    return estimate

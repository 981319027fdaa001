"""Rivals of self-excitation: rates that change or switch, which look like contagion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from ..counting import CountRule, Coverage, Day
from ..errors import check_one_of, need_filled
from ..record.notes import noted
from ..segmentation import optimal_breaks
from ..series.days import DAYS_A_YEAR, Record, daily_mask
from ..series.kernel import decayed
from .baselines import baseline_pieces, offices_of
from .fit import NONE, fit, maximise
from .hidden import HIDDEN, fit_hidden, loss
from .model import day_log_likelihood, make_model

#: Shortest piece of a baseline cut where the likelihood wants it, in days.
SHORTEST_RECORD = 91
#: Years of record before the first that is forecast.
LEARN_YEARS = 5
EXCITED = "self-exciting, "
MODELS = (
    "one rate",
    "eras",
    "segments",
    *HIDDEN,
    *(EXCITED + base for base in ("one rate", "eras", "segments", "two hidden rates")),
)


class Found(NamedTuple):
    """A model fitted to the first days of a record."""

    log_likelihood: float
    n_parameters: int
    rates: np.ndarray  # a day, of pieces or hidden states
    branching_ratio: float  # 0 without excitation
    decay: float
    #: Log score of all days after those fitted, each given the days before it.
    score: Callable[[np.ndarray], float]


def compare_regimes(
    launches: Record,
    rule: CountRule | str | None = None,
    *,
    start: Day | None = None,
    end: Day | None = None,
    models: tuple[str, ...] = MODELS,
    first_forecast: int | None = None,
    progress: bool = True,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Hold the self-exciting model against rates that change or switch, and both together.

    Parameters
    ----------
    launches, rule, start, end, coverage
        As in `self_excitation`.
    models : tuple of str
        Names out of `rivals.MODELS`.
    first_forecast : int, optional
        First calendar year that is forecast; the sixth on record by default.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    DataFrame
        One row a model, best by BIC first: ``model``, ``parameters`` (dates of changes
        counted), ``log_likelihood``, ``aic``, ``bic``, ``delta_bic`` (above the best),
        ``held_out`` (log score of the years forecast, each day given all before, the
        parameters from the years before), ``behind`` (how far ``held_out`` is below the
        best), ``behind_se`` (its standard error over years), ``first_forecast``,
        ``branching_ratio``, ``half_life_days`` (missing without excitation), ``rates``
        (baselines or hidden rates, launch days a year, as text), ``n``, ``start``, ``end``.

    Raises
    ------
    ValueError
        As `self_excitation`, for an unknown model, and for fewer than 3 launch days before the
        first year that is forecast.

    See Also
    --------
    excitation_test : tests excitation against these rivals.
    describe_excitation : says what came out.

    Notes
    -----
    Models: one rate; a rate for each pair of leaders in Pyongyang and Washington; rates
    between the changes that the exact Poisson segmentation wants at the penalty of BIC; two
    or three rates that switch unseen from week to week (`excitation.hidden`); and
    self-excitation on top. Segments are found as if launches were independent, so bursts may
    pass for segments. BIC takes launch days as the sample, as days without tell little.
    Every forecast comes from a fit that starts blind and knows the days before the year alone;
    a new era or segment is forecast at the last known rate.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = compare_regimes(load_launches(), start="2012-01-01", end="2025-12-31",
    ...                         models=("one rate", "self-exciting, one rate"), progress=False)
    >>> table["model"].tolist()
    ['self-exciting, one rate', 'one rate']
    """
    for name in models:
        check_one_of("model", name, MODELS)
    days, launched = daily_mask(launches, rule, start=start, end=end, coverage=coverage)
    need_launch_days(launched, f"from {days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}")
    era = baseline_pieces(days, "eras", offices_of(launches))["code"].to_numpy()
    year = days.year.to_numpy()
    begin = max(int(year[0]) + (LEARN_YEARS if first_forecast is None else 1), first_forecast or 0)
    held = range(begin, int(year[-1]) + 1)
    cuts = np.searchsorted(year, [*held, year[-1] + 1])
    if held:
        need_launch_days(launched[: cuts[0]], f"before {begin}, the first year forecast")
    rows, scores = [], []
    for name in tqdm(models, disable=not progress):
        rows.append(_rival_row(name, fit_rival(name, launched, era)))
        past = [fit_rival(name, launched[:first], era) for first in cuts[:-1]]
        ahead = [each.score(launched[:last]) for each, last in zip(past, cuts[1:], strict=True)]
        scores.append(ahead)
    table = _by_bic(pd.DataFrame(rows), np.array(scores), int(launched.sum()))
    table = table.assign(first_forecast=begin)[_RIVAL_COLUMNS]
    return noted(table.assign(n=int(launched.sum()), start=days[0], end=days[-1]), launches)


#: What is told of a comparison.
_SCORES = ("model", "bic", "held_out", "behind", "behind_se", "first_forecast")
_RIVAL_COLUMNS = [
    *("model", "parameters", "log_likelihood", "aic", "bic", "delta_bic", "held_out", "behind"),
    *("behind_se", "first_forecast", "branching_ratio", "half_life_days", "rates"),
]


def need_launch_days(launched: np.ndarray, when: str, least: int = 3) -> None:
    """Raise if the launch days are too few to fit anything to."""
    n = int(launched.sum())
    if n < least:
        raise ValueError(f"expected at least {least} launch days {when}, got {n}")


def _rival_row(name: str, found: Found) -> dict[str, Any]:
    """Return what the table says of one model."""
    excited = name.startswith(EXCITED)
    return {
        "model": name,
        "parameters": found.n_parameters,
        "log_likelihood": found.log_likelihood,
        "branching_ratio": found.branching_ratio if excited else np.nan,
        "half_life_days": np.log(2) / found.decay if excited else np.nan,
        "rates": "; ".join(f"{rate * DAYS_A_YEAR:.1f}" for rate in found.rates),
    }


def _by_bic(table: pd.DataFrame, scores: np.ndarray, n: int) -> pd.DataFrame:
    """Order the models by BIC, and say how far each is behind the best."""
    table["aic"] = 2 * table["parameters"] - 2 * table["log_likelihood"]
    table["bic"] = np.log(n) * table["parameters"] - 2 * table["log_likelihood"]
    table["delta_bic"] = table["bic"] - table["bic"].min()
    total, years = scores.sum(axis=1), scores.shape[1]
    gaps = scores[int(np.argmax(total))] - scores
    table["held_out"], table["behind"] = (total, gaps.sum(axis=1)) if years else (np.nan, np.nan)
    table["behind_se"] = gaps.std(axis=1, ddof=1) * np.sqrt(years) if years > 1 else np.nan
    return table.sort_values("bic", ignore_index=True)


def describe_excitation(fitted: pd.DataFrame, compared: pd.DataFrame) -> str:
    """Say what the record holds of self-excitation, in sentences.

    Parameters
    ----------
    fitted : DataFrame
        As from `self_excitation`.
    compared : DataFrame
        As from `compare_regimes`, with at least one model with and one without excitation.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If `compared` lacks models of either kind.

    See Also
    --------
    describe_baselines : why baselines answer differently.
    describe_excitation_test : whether excitation stands beside rates that change.

    Examples
    --------
    >>> from analysis import load_launches
    >>> from analysis import self_excitation
    >>> period = {"start": "2012-01-01", "end": "2025-12-31"}
    >>> launches = load_launches()
    >>> text = describe_excitation(
    ...     self_excitation(launches, baseline="constant", **period),
    ...     compare_regimes(launches, models=("one rate", "self-exciting, one rate"),
    ...                     progress=False, **period))
    >>> text.startswith("A launch day goes with 0.")
    True
    """
    need_filled(fitted, ("parameter", "estimate", "low", "high"), "the fit")
    need_filled(compared, _SCORES, "the comparison")
    excited = compared["model"].str.startswith(EXCITED)
    if excited.all() or not excited.any():
        raise ValueError("expected models with and without excitation to compare")
    row = fitted.set_index("parameter")
    ratio, half = row.loc["branching_ratio"], row.loc["half_life_days"]
    text = (
        f"A launch day goes with {ratio['estimate']:.2f} further launch days "
        f"({ratio['low']:.2f} to {ratio['high']:.2f}), half of them within "
        f"{half['estimate']:.0f} days ({half['low']:.0f} to {half['high']:.0f})."
    )
    with_it, without = compared[excited], compared[~excited]
    text += " " + _preference(with_it, without, "bic", 1.0, "By BIC")
    if compared["held_out"].notna().all():
        since = int(compared["first_forecast"].iloc[0])
        text += " " + _preference(
            with_it, without, "held_out", -1.0, f"Forecasting each day from {since} on"
        )
    return text


def _preference(
    with_it: pd.DataFrame, without: pd.DataFrame, column: str, sign: float, how: str
) -> str:
    """Say which of the best of both kinds is better, and by how much."""
    first, second = (
        kind.sort_values(column, ascending=sign > 0).iloc[0] for kind in (with_it, without)
    )
    gap = sign * (second[column] - first[column])
    better, worse = (first, second) if gap >= 0 else (second, first)
    text = f"{how}, “{better['model']}” is better than “{worse['model']}” by {abs(gap):.1f}"
    if column == "held_out":
        text += " units of log score"
        error = worse["behind_se"]
        if better["behind"] == 0 and np.isfinite(error):
            text += f" (standard error {error:.1f})"
            text += "" if abs(gap) > 2 * error else ": the record does not tell them apart"
    return text + "."


def fit_rival(name: str, launched: np.ndarray, era: np.ndarray) -> Found:
    """Fit one of `MODELS` to launch days; `era` may run past them."""
    base = name.removeprefix(EXCITED)
    if base in HIDDEN:
        return _fit_switching(launched, HIDDEN[base], excited=base != name)
    return _fit_pieces(base, launched, era, excited=base != name)


def _fit_pieces(base: str, launched: np.ndarray, era: np.ndarray, *, excited: bool) -> Found:
    """Fit a rate for each piece, perhaps with excitation."""
    piece = _pieces(base, launched, era)
    model = make_model(launched, [piece])
    if excited:
        found = maximise(model)
    else:
        found = fit(model, held={model.branching: NONE, model.decay: 0.0})
    rates = np.exp(found.parameters[: model.n_terms])
    # half a launch day in half a year more, as no rate is known to be nothing
    known = np.maximum(rates, 0.5 / (np.bincount(piece) + DAYS_A_YEAR / 2))
    dates = len(rates) - 1 if base == "segments" else 0

    def score(longer: np.ndarray) -> float:
        later = np.full(len(longer), piece[-1])
        if base == "eras":
            later = np.minimum(era[: len(longer)], piece[-1])
        rate = known[later] + found.branching_ratio * decayed(longer, found.decay)
        return float(day_log_likelihood(longer, rate)[len(launched) :].sum())

    cost = len(rates) + dates + 2 * excited
    return Found(found.log_likelihood, cost, rates, found.branching_ratio, found.decay, score)


def _fit_switching(launched: np.ndarray, n_states: int, *, excited: bool) -> Found:
    """Fit hidden rates, perhaps with excitation."""
    found = fit_hidden(launched, n_states, excited=excited)

    def score(longer: np.ndarray) -> float:
        return -loss(found.theta, longer, n_states)[0] - found.integrated

    rest = (found.rates, found.branching_ratio, found.decay)
    return Found(found.integrated, len(found.theta), *rest, score)


def _pieces(base: str, launched: np.ndarray, era: np.ndarray) -> np.ndarray:
    """Return the piece of the baseline of each day."""
    if base == "one rate":
        return np.zeros(len(launched), dtype=np.int64)
    if base == "eras":
        return era[: len(launched)]
    penalty = float(np.log(max(launched.sum(), 2)))
    least = min(SHORTEST_RECORD, len(launched))
    breaks = optimal_breaks(launched.astype(float), penalty=penalty, min_size=least)
    return np.searchsorted(breaks, np.arange(len(launched)), side="right")

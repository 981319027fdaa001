"""Rivals of self-excitation: rates that change or switch, which look like contagion.

Hidden rates alternate as a Markov chain from day to day (a Markov-modulated Poisson process seen
by days); perhaps launches excite each other on top of that. Likelihood and slope come from the
forward-backward recursions, run in blocks side by side.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..counting import CountRule, Coverage, Day
from ..extras import library
from ..segmentation import optimal_breaks
from ..series.days import DAYS_A_YEAR, daily_mask
from ..series.kernel import decayed
from .likelihood import HALF_LIVES, MOST, fit, half_life, make_series
from .profile import baseline_pieces

#: Shortest piece of a baseline cut where the likelihood wants it, in days.
MIN_DAYS = 91
#: Years of record before the first that is forecast.
LEARN_YEARS = 5
MODELS = (
    "one rate",
    "eras",
    "segments",
    "two hidden rates",
    "three hidden rates",
    "self-exciting, one rate",
    "self-exciting, eras",
    "self-exciting, segments",
    "self-exciting, two hidden rates",
)
_EXCITED = "self-exciting, "
_HIDDEN = {"two hidden rates": 2, "three hidden rates": 3}
_STAYS = (30.0, 180.0, 700.0)  # days in a hidden state, from which fits start


class Found(NamedTuple):
    """A fitted model."""

    loglik: float
    n_parameters: int
    rates: np.ndarray  # a day, of pieces or hidden states
    branching: float  # missing without excitation
    decay: float
    moves: np.ndarray | None  # from hidden state to hidden state, in a day
    theta: np.ndarray | None  # where to start from next time


def compare_regimes(
    launches: pd.DataFrame,
    rule: CountRule | str = "days",
    *,
    start: Day,
    end: Day,
    models: tuple[str, ...] = MODELS,
    first_forecast: int | None = None,
    progress: bool = False,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Hold the self-exciting model against rates that change or switch, and both together.

    Parameters
    ----------
    launches, rule, start, end, coverage
        As in `self_excitation`.
    models : tuple of str
        Names out of `regimes.MODELS`.
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
        As `self_excitation`, and for an unknown model.

    Notes
    -----
    Models: one rate; a rate for each pair of leaders in Pyongyang and Washington; rates
    between the changes that the exact Poisson segmentation wants at the penalty of BIC; two
    or three hidden rates (Rabiner 1989, Proceedings of the IEEE 77, for the recursions); and
    self-excitation on top. Segments are found as if launches were independent, so bursts may
    pass for segments. BIC takes launch days as the sample, as days without tell little.
    A new era or segment is forecast at the last known rate.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = compare_regimes(load_launches(), start="2012-01-01", end="2025-12-31",
    ...                         models=("one rate", "self-exciting, one rate"))
    >>> table["model"].tolist()
    ['self-exciting, one rate', 'one rate']
    """
    unknown = [name for name in models if name not in MODELS]
    if unknown:
        raise ValueError(f"unknown model {unknown[0]!r}: expected {', '.join(MODELS)}")
    days, mask = daily_mask(launches, rule, start=start, end=end, coverage=coverage)
    era = baseline_pieces(days, "eras")["code"].to_numpy()
    begin = int(days[0].year) + LEARN_YEARS if first_forecast is None else first_forecast
    rows, scores = [], {}
    for name in library("tqdm.auto").tqdm(models) if progress else models:
        found = fit_model(name, mask, era)
        scores[name] = _scores(name, mask, era, days.year.to_numpy(), begin, found)
        rows.append(_row(name, found))
    table = pd.DataFrame(rows)
    table["aic"] = 2 * table["parameters"] - 2 * table["log_likelihood"]
    table["bic"] = np.log(mask.sum()) * table["parameters"] - 2 * table["log_likelihood"]
    table["delta_bic"] = table["bic"] - table["bic"].min()
    table = _held_out(table, scores, begin)
    order = ["model", "parameters", "log_likelihood", "aic", "bic", "delta_bic", "held_out",
             "behind", "behind_se", "first_forecast", "branching_ratio", "half_life_days",
             "rates"]  # fmt: skip
    table = table[order].sort_values("bic", ignore_index=True)
    return table.assign(n=int(mask.sum()), start=days[0], end=days[-1])


def _row(name: str, found: Found) -> dict[str, object]:
    """Return what the table says of one model."""
    return {
        "model": name,
        "parameters": found.n_parameters,
        "log_likelihood": found.loglik,
        "branching_ratio": found.branching,
        "half_life_days": half_life(found.decay) if found.decay > 0 else np.nan,
        "rates": "; ".join(f"{rate * DAYS_A_YEAR:.1f}" for rate in found.rates),
    }


def _held_out(table: pd.DataFrame, scores: dict[str, np.ndarray], begin: int) -> pd.DataFrame:
    """Add what the models score on years they were not fitted to."""
    by_year = np.array([scores[name] for name in table["model"]])
    if by_year.shape[1] == 0:
        return table.assign(held_out=np.nan, behind=np.nan, behind_se=np.nan, first_forecast=begin)
    total = by_year.sum(axis=1)
    gaps = by_year[int(np.argmax(total))] - by_year
    years = by_year.shape[1]
    spread = gaps.std(axis=1, ddof=1) * np.sqrt(years) if years > 1 else np.nan
    return table.assign(
        held_out=total, behind=gaps.sum(axis=1), behind_se=spread, first_forecast=begin
    )


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

    Examples
    --------
    >>> from analysis import load_launches
    >>> from analysis import self_excitation
    >>> period = {"start": "2012-01-01", "end": "2025-12-31"}
    >>> launches = load_launches()
    >>> text = describe_excitation(
    ...     self_excitation(launches, baseline="constant", **period),
    ...     compare_regimes(launches, models=("one rate", "self-exciting, one rate"), **period))
    >>> text.startswith("A launch day goes with 0.")
    True
    """
    excited = compared["model"].str.startswith(_EXCITED)
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


# -- models ------------------------------------------------------------------------------------


def fit_model(
    name: str, mask: np.ndarray, era: np.ndarray, near: np.ndarray | None = None
) -> Found:
    """Fit one of `MODELS` to launch days, from `near` alone if given (hidden rates)."""
    base = name.removeprefix(_EXCITED)
    excited = name.startswith(_EXCITED)
    if base in _HIDDEN:
        return fit_hidden(mask, _HIDDEN[base], excited=excited, near=near)
    piece = _pieces(base, mask, era)
    n_pieces = int(piece.max()) + 1
    cost = 2 * n_pieces - 1 if base == "segments" else n_pieces
    if not excited:
        share = np.bincount(piece, weights=mask) / np.bincount(piece)
        rates = -np.log1p(-np.minimum(share, 1 - 1e-9))
        return Found(_log_score(mask, rates[piece]).sum(), cost, rates, np.nan, np.nan, None, None)
    best = fit(make_series(mask, piece))
    return Found(best.loglik, cost + 2, best.baseline, best.branching, best.decay, None, None)


def _pieces(base: str, mask: np.ndarray, era: np.ndarray) -> np.ndarray:
    """Return the piece of the baseline of each day."""
    if base == "one rate":
        return np.zeros(len(mask), dtype=np.int64)
    if base == "eras":
        return era[: len(mask)]
    penalty = float(np.log(max(mask.sum(), 2)))
    least = min(MIN_DAYS, len(mask))
    breaks = optimal_breaks(mask.astype(float), penalty=penalty, min_size=least)
    return np.searchsorted(breaks, np.arange(len(mask)), side="right")


def _log_score(mask: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Return the log-likelihood of each day, given its rate."""
    rate = np.maximum(rate, 1e-12)
    return np.where(mask, np.log(-np.expm1(-rate)), -rate)


def _scores(
    name: str, mask: np.ndarray, era: np.ndarray, year: np.ndarray, begin: int, whole: Found
) -> np.ndarray:
    """Return the log score of each later year by the model fitted to the years before."""
    scores = []
    near = whole.theta
    for held in range(max(begin, int(year[0]) + 1), int(year[-1]) + 1):
        first, last = np.searchsorted(year, [held, held + 1])
        found = fit_model(name, mask[:first], era, near)
        ahead = _rates_ahead(name, found, mask[:last], era, int(first))
        scores.append(_log_score(mask[first:last], ahead[first:]).sum())
    return np.array(scores)


def _rates_ahead(
    name: str, found: Found, mask: np.ndarray, era: np.ndarray, first: int
) -> np.ndarray:
    """Return each day's rate given the days before it, by a model fitted before `first`."""
    past = decayed(mask, found.decay) if found.decay > 0 else np.zeros(len(mask))
    added = found.branching * past if found.decay > 0 else past
    if found.moves is not None:
        return _hidden_rates(found, mask, added)
    piece = _pieces(name.removeprefix(_EXCITED), mask[:first], era)
    days = np.bincount(piece)
    # half a launch day in half a year more, as no rate is known to be nothing
    rates = np.maximum(found.rates, 0.5 / (days + DAYS_A_YEAR / 2))
    known = np.minimum(era[: len(mask)], piece[-1]) if name.endswith("eras") else piece[-1]
    return rates[np.broadcast_to(known, len(mask))] + added


# -- hidden rates ------------------------------------------------------------------------------


def fit_hidden(
    mask: np.ndarray, n_states: int, *, excited: bool = False, near: np.ndarray | None = None
) -> Found:
    """Fit rates that switch by a hidden Markov chain of days, perhaps with self-excitation.

    Parameters
    ----------
    mask : array of bool, shape (T,)
        Whether each day is a launch day.
    n_states : int
        How many hidden rates.
    excited : bool
        Whether launch days excite later ones on top.
    near : array, optional
        Parameters to start from; several starts by default.

    Returns
    -------
    Found
        With rates in rising order.

    Notes
    -----
    L-BFGS-B, its slope from the posterior of states and moves (Fisher's identity, the same
    expectations that an EM step uses, but with faster convergence).
    """
    mask = np.asarray(mask, dtype=bool)
    starts = [near] if near is not None else _starts(mask, n_states, excited)
    n_moves = n_states * (n_states - 1)
    slowest, fastest = np.log(np.log(2) / np.array(HALF_LIVES[::-1]))
    bounds = [(-16.0, 1.0)] * n_states + [(-12.0, 2.0)] * n_moves
    if excited:
        bounds += [(-12.0, np.log(MOST)), (slowest, fastest)]
    best = None
    for start in starts:
        found = library("scipy.optimize").minimize(
            _hidden_loss, start, args=(mask, n_states), jac=True, method="L-BFGS-B",
            bounds=bounds, options={"ftol": 1e-9, "gtol": 1e-6, "maxiter": 300},
        )  # fmt: skip
        if best is None or found.fun < best.fun:
            best = found
    assert best is not None
    rates, moves, branching, decay = _unpack(best.x, n_states)
    order = np.argsort(rates)
    return Found(
        -float(best.fun) * mask.sum(), len(best.x), rates[order], branching, decay,
        moves[np.ix_(order, order)], _pack(rates[order], moves[np.ix_(order, order)], best.x),
    )  # fmt: skip


def _starts(mask: np.ndarray, n_states: int, excited: bool) -> list[np.ndarray]:
    """Return where to begin: quiet and busy states that last a month to two years."""
    mean = max(mask.mean(), 1e-5)
    rates = np.log(mean * np.geomspace(0.2, 4.0, n_states))
    extra = [np.log(0.2), np.log(0.2)] if excited else []
    leaves = [np.full(n_states * (n_states - 1), -np.log(stay * (n_states - 1))) for stay in _STAYS]
    return [np.concatenate([rates, leave, extra]) for leave in leaves]


def _unpack(theta: np.ndarray, n_states: int) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Return rates, moves, branching ratio and decay (both missing without excitation)."""
    odds = np.zeros((n_states, n_states))
    n_moves = n_states * (n_states - 1)
    odds[~np.eye(n_states, dtype=bool)] = theta[n_states : n_states + n_moves]
    moves = np.exp(odds)
    moves /= moves.sum(axis=1, keepdims=True)
    rest = np.exp(theta[n_states + n_moves :])
    branching, decay = (float(rest[0]), float(rest[1])) if len(rest) else (np.nan, np.nan)
    return np.exp(theta[:n_states]), moves, branching, decay


def _pack(rates: np.ndarray, moves: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """Return the parameters of rates and moves, with the excitation as it was."""
    n_states = len(rates)
    odds = np.log(np.maximum(moves, 1e-300) / np.diag(moves)[:, None])
    leave = odds[~np.eye(n_states, dtype=bool)]
    return np.concatenate([np.log(rates), leave, theta[n_states**2 :]])


def _hidden_loss(theta: np.ndarray, mask: np.ndarray, n_states: int) -> tuple[float, np.ndarray]:
    """Return minus the log-likelihood per launch day, and its slope."""
    rates, moves, branching, decay = _unpack(theta, n_states)
    excited = decay > 0
    past = decayed(mask, decay) if excited else np.zeros(len(mask))
    rate = rates + (branching * past if excited else past)[:, None]
    chance, slope = _emissions(mask, rate)
    steps = moves * chance[:, None, :]
    steps[0] = chance[0] / n_states  # from anywhere: each state is as likely on the first day
    first = np.eye(n_states)[0]
    forward, height = _chain(steps, first)
    backward = np.ones_like(forward)
    turned = np.ascontiguousarray(steps[:0:-1].transpose(0, 2, 1))
    backward[:-1] = _chain(turned, np.ones(n_states))[0][::-1]
    state = forward * backward
    state /= state.sum(axis=1, keepdims=True)
    pairs = forward[:-1, :, None] * steps[1:] * backward[1:, None, :]
    moved = (pairs / pairs.sum(axis=(1, 2), keepdims=True)).sum(axis=0)
    by_move = (moved - moves * moved.sum(axis=1, keepdims=True))[~np.eye(n_states, dtype=bool)]
    weight = state * slope
    parts = [weight.sum(axis=0) * rates, by_move]
    if excited:
        by_rate = weight.sum(axis=1)
        nudge = 1e-4
        turn = (decayed(mask, decay * (1 + nudge)) - decayed(mask, decay * (1 - nudge))) / nudge
        parts.append([branching * (by_rate @ past), branching * (by_rate @ turn) / 2])
    n = mask.sum()
    return -height / n, -np.concatenate(parts) / n


def _emissions(mask: np.ndarray, rate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the chance of what was seen each day in each state, and its log's slope."""
    none = np.exp(-rate)
    hit = mask[:, None]
    chance = np.where(hit, -np.expm1(-rate), none)
    return chance, np.where(hit, none / np.maximum(chance, 1e-300), -1.0)


def _chain(steps: np.ndarray, first: np.ndarray) -> tuple[np.ndarray, float]:
    """Return v_t = v_(t-1) @ steps_t, each scaled to sum 1, and the log of all scales.

    Blocks run side by side: first the product of each, then the vectors
    at their ends, then all vectors within.
    """
    n, size = len(steps), len(first)
    width = max(1, int(np.sqrt(n)))
    blocks = -(-n // width)
    padded = np.broadcast_to(np.eye(size), (blocks * width, size, size)).copy()
    padded[:n] = steps
    laid = np.ascontiguousarray(padded.reshape(blocks, width, size, size).swapaxes(0, 1))
    product = laid[0]
    for place in range(1, width):
        product = product @ laid[place]
        product /= product.sum(axis=(1, 2), keepdims=True)
    vector = np.empty((blocks, size))
    at = first
    for block in range(blocks):
        vector[block] = at
        at = (at[:, None] * product[block]).sum(axis=0)
        at = at / at.sum()
    every = np.empty((width, blocks, size))
    scales = np.empty((width, blocks))
    for place in range(width):
        vector = (vector[:, None] @ laid[place])[:, 0]
        scales[place] = vector.sum(axis=1)
        vector /= scales[place][:, None]
        every[place] = vector
    vectors = every.swapaxes(0, 1).reshape(-1, size)[:n]
    return vectors, float(np.log(scales.T.reshape(-1)[:n]).sum())


def _hidden_rates(found: Found, mask: np.ndarray, added: np.ndarray) -> np.ndarray:
    """Return each day's rate, given the days before it, under hidden rates."""
    assert found.moves is not None
    n_states = len(found.rates)
    chance, _ = _emissions(mask, found.rates + added[:, None])
    steps = found.moves * chance[:, None, :]
    steps[0] = chance[0] / n_states
    forward, _ = _chain(steps, np.eye(n_states)[0])
    ahead = np.vstack([np.full(n_states, 1 / n_states), forward[:-1] @ found.moves])
    none = (ahead * np.exp(-(found.rates + added[:, None]))).sum(axis=1)
    return -np.log(none)

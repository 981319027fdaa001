"""When the next launch comes: the chance of a launch day within some days."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from scipy.signal import lfilter

from ..counting import CountRule, Coverage, Day
from ..errors import check_one_of, check_whole
from ..series.days import DAYS_A_YEAR
from .excited import LEAST, fit_excited, triggered_ahead
from .history import YEARS, History, history_of

#: Half-lives of the weighted rate to choose among, in days.
RATE_HALF_LIVES = (30, 45, 60, 90, 120, 180, 365)
#: Years whose days the half-life is chosen on, and those of the climatology.
_CHOOSE_YEARS, _CLIMATE_YEARS = 20, 10
#: Days that the weighted rate is worth before any is seen, at the rate of all days.
_WORTH = 30.0


def next_launch(
    launches: pd.DataFrame,
    rule: CountRule | str = "days",
    *,
    as_of: Day,
    within: Iterable[int] = (7, 14, 30),
    model: str = "weighted_rate",
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Forecast the chance of a launch day in the days after a day.

    Parameters
    ----------
    launches, rule, as_of, coverage
        As in `year_end`.
    within : iterable of int
        Numbers of days, the day after `as_of` being the first.
    model : str
        "climatology" (the share of days of ten years that had a launch so soon after),
        "weighted_rate" (the rate of launch days, each weighing half as much after a half-life
        that did best in earlier years), "hazard" (given how long the present wait is, from
        earlier waits of ten years) or "self_exciting" (fitted to eight years).

    Returns
    -------
    DataFrame
        One row a number of days: ``within`` and ``probability``.

    Raises
    ------
    ValueError
        As `year_end`; for an unknown model or days below 1.

    See Also
    --------
    year_end : where the year ends.

    Examples
    --------
    >>> from analysis import load_launches
    >>> table = next_launch(load_launches(), as_of="2022-11-03")
    >>> table["within"].tolist(), bool(table["probability"].is_monotonic_increasing)
    ([7, 14, 30], True)
    """
    check_one_of("model", model, NEXT)
    steps = [check_whole("within", days, least=1) for days in within]
    history = history_of(launches, rule, as_of=as_of, coverage=coverage)
    chances = [
        float(NEXT[model](history, step, np.array([len(history.n) - 1]))[0]) for step in steps
    ]
    return pd.DataFrame(
        {"within": steps, "probability": chances}, columns=["within", "probability"]
    )


def launched_within(launched: np.ndarray, days: int) -> np.ndarray:
    """Mark the days followed by a launch day within so many days; the last days know no answer.

    Examples
    --------
    >>> launched_within(np.array([0, 0, 1, 0, 0]), 2).tolist()
    [True, True, False]
    """
    total = np.concatenate([[0], np.cumsum(launched)])
    return (total[1 + days :] - total[1:-days]) > 0


def _climatology(history: History, days: int, places: np.ndarray) -> np.ndarray:
    """Return the share of the days of ten years that a launch followed in time."""
    came = np.cumsum(np.concatenate([[0], launched_within(history.n > 0, days)]))
    stop = np.maximum(places - days + 1, 0)  # a later day's answer is not known yet
    start = np.maximum(stop - int(_CLIMATE_YEARS * DAYS_A_YEAR), 0)
    return (came[stop] - came[start] + 0.5) / (stop - start + 1.0)


def weighted_rates(launched: np.ndarray, half_life: float) -> np.ndarray:
    """Return the rate as known at the end of each day, recent days weighing most."""
    keep = 0.5 ** (1.0 / half_life)
    weigh = [1.0], [1.0, -keep]
    usual = np.cumsum(launched + 0.0) / np.arange(1, len(launched) + 1)
    seen = lfilter(*weigh, launched + 0.0)
    return (seen + _WORTH * usual) / (lfilter(*weigh, np.ones(len(launched))) + _WORTH)


def _weighted_rate(history: History, days: int, places: np.ndarray) -> np.ndarray:
    """Return the chance from the weighted rate, its half-life chosen on earlier years alone."""
    launched = history.n > 0
    ends = history.first + pd.to_timedelta(places, unit="D")
    year = np.asarray(ends.year)
    chance = {half: -np.expm1(-days * weighted_rates(launched, half)) for half in RATE_HALF_LIVES}
    found = np.empty(len(places))
    for one in np.unique(year):
        half = _best_half_life(
            history, chance, days, (pd.Timestamp(int(one), 1, 1) - history.first).days
        )
        found[year == one] = chance[half][places[year == one]]
    return found


def _best_half_life(history: History, chance: dict[int, np.ndarray], days: int, stop: int) -> int:
    """Return the half-life of the smallest Brier score on the days before a year."""
    start = max(stop - int(_CHOOSE_YEARS * DAYS_A_YEAR), 0)
    came = launched_within(history.n[start:stop] > 0, days)
    asked = slice(start, start + len(came))
    brier = {half: ((chance[half][asked] - came) ** 2).mean() for half in RATE_HALF_LIVES}
    return min(RATE_HALF_LIVES, key=lambda half: float(brier[half]))


def _hazard(history: History, days: int, places: np.ndarray) -> np.ndarray:
    """Return the share of earlier waits, as long as this one, that ended in time."""
    launched = np.flatnonzero(history.n > 0)
    chance = np.empty(len(places))
    for at, place in enumerate(places):
        known = launched[launched <= place]
        if not len(known):
            chance[at] = 0.5 / (place + 1.0) * days
            continue
        waits = np.diff(known[known > place - int(_CLIMATE_YEARS * DAYS_A_YEAR)])
        longer = waits[waits > place - known[-1]]
        chance[at] = ((longer <= place - known[-1] + days).sum() + 0.5) / (len(longer) + 1.0)
    return np.minimum(chance, 1.0)


def _self_exciting(history: History, days: int, places: np.ndarray) -> np.ndarray:
    """Return the chance from the self-exciting model, fitted before the month of each day.

    Until the next launch day nothing new excites, so the chance has a closed form.
    """
    launched = history.n > 0
    ends = history.first + pd.to_timedelta(places, unit="D")
    chance = _climatology(history, days, places)
    for month in ends.to_period("M").unique():
        stop = (month.start_time - history.first).days
        before = launched[max(stop - int(YEARS * DAYS_A_YEAR), 0) : stop]
        if not LEAST <= before.sum() < len(before):
            continue
        model = fit_excited(before)
        for at in np.flatnonzero(ends.to_period("M") == month):
            ahead = triggered_ahead(model, launched[: places[at] + 1], days)
            chance[at] = -np.expm1(-days * model.background - ahead.sum())
    return chance


#: The chance of a launch day within some days after each of some days (places in the history).
NEXT: dict[str, Callable[[History, int, np.ndarray], np.ndarray]] = {
    "climatology": _climatology,
    "weighted_rate": _weighted_rate,
    "hazard": _hazard,
    "self_exciting": _self_exciting,
}

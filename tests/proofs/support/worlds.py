"""Histories in which launches and events are not linked, as harsh as the record or harsher.

Launches come in bursts (each launch triggers `branching` further ones on average, after
exponential waits), and a launch day is a day with at least one. What drives both rates differs
by world; nothing ties a launch to an event.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

START, END = "2012-01-01", "2025-12-31"
DATES = pd.date_range(START, END, freq="D")
N_DAYS = len(DATES)
YEAR = (DATES.year - DATES.year[0]).to_numpy()
MONTH = DATES.month.to_numpy()
#: Days of the pause in the world "moratorium".
PAUSE = pd.DataFrame({"start": [pd.Timestamp("2017-11-30")], "end": [pd.Timestamp("2019-04-17")]})
_PAUSED = np.asarray((PAUSE["start"][0] <= DATES) & (PAUSE["end"][0] >= DATES))
#: Share of launch days that an event answers, and after how many days on average.
ANSWERED, ANSWER_DAYS = 0.2, 10.0
#: Worlds whose events have their time of year fixed beforehand.
CALENDAR_WORLDS = ("seasonal", "season_in_month")

WORLDS = {
    "poisson": "independent launches, independent events",
    "bursty": "bursts of launches, independent events",
    "clustered": "bursts of launches, bursts of events",
    "regimes": "bursts, and yearly rates of both drift apart",
    "seasonal": "bursts, a fourth-quarter lull, drills each March and August",
    "trend": "bursts, and both rates grow alike",
    "all_at_once": "longer bursts, yearly rates, lull and growth together, bursts of events",
    "season_in_month": "bursts, three times as many in the two weeks of yearly drills",
    "answering": "bursts, and events that answer a fifth of launch days",
    "moratorium": "bursts and a pause of 504 days, in which six of ten events fall",
}


@dataclass(frozen=True)
class Settings:
    """What the worlds are made of; printed with every table."""

    launches: int = 200
    branching: float = 0.6
    decay: float = 0.15
    yearly_log_sd: float = 0.8
    fourth_quarter: float = 1 / 6
    growth: float = 8.0
    events: int = 40
    event_branching: float = 0.6
    event_decay: float = 0.05
    window_last: int = 14

    def columns(self) -> dict[str, float]:
        """Return the settings as columns of a table."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def yearly(rng: np.random.Generator, log_sd: float) -> np.ndarray:
    """Draw a rate for each year, of mean 1."""
    return np.exp(rng.normal(-(log_sd**2) / 2, log_sd, YEAR.max() + 1))[YEAR]


def growth(factor: float) -> np.ndarray:
    """Grow a rate by a factor over the period."""
    return factor ** (np.arange(N_DAYS) / N_DAYS)


def lull(share: float) -> np.ndarray:
    """Cut the rate of the fourth quarter."""
    return np.where(MONTH >= 10, share, 1.0)


def points(
    rng: np.random.Generator, rate: np.ndarray, n: float, branching: float, decay: float
) -> np.ndarray:
    """Draw about n days from a self-exciting process whose background follows the rate."""
    background = rate / rate.mean() * n * (1 - branching) / N_DAYS
    times = np.repeat(np.arange(N_DAYS), rng.poisson(background)).astype(float)
    times += rng.random(len(times))
    every, latest = [times], times
    while len(latest):
        parents = np.repeat(latest, rng.poisson(branching, len(latest)))
        latest = parents + rng.exponential(1 / decay, len(parents))
        latest = latest[latest < N_DAYS]
        every.append(latest)
    return np.concatenate(every).astype(int)


def marks(days: np.ndarray) -> np.ndarray:
    """Mark the days drawn."""
    series = np.zeros(N_DAYS)
    series[days] = 1.0
    return series


def drills(rng: np.random.Generator) -> np.ndarray:
    """Start a drill in the first twelve days of each March and August."""
    firsts = np.flatnonzero(((MONTH == 3) | (MONTH == 8)) & (DATES.day.to_numpy() == 1))
    return firsts + rng.integers(0, 12, len(firsts))


def rates(
    world: str, rng: np.random.Generator, settings: Settings
) -> tuple[np.ndarray, np.ndarray]:
    """Return the background rates of launches and events in a world."""
    flat = np.ones(N_DAYS)
    if world == "season_in_month":
        drilling = np.isin(MONTH, (3, 8)) & (np.abs(DATES.day.to_numpy() - 13) <= 7)
        return np.where(drilling, 3.0, 1.0), flat
    if world == "moratorium":
        often = 1.5 * (~_PAUSED).sum() / _PAUSED.sum()  # six of ten events in the pause
        return np.where(_PAUSED, 0.0, 1.0), np.where(_PAUSED, often, 1.0)
    if world == "regimes":
        return yearly(rng, settings.yearly_log_sd), yearly(rng, settings.yearly_log_sd)
    if world == "seasonal":
        return lull(settings.fourth_quarter), flat
    if world == "trend":
        return growth(settings.growth), growth(settings.growth)
    if world == "all_at_once":
        both = growth(settings.growth / 2)
        sd = settings.yearly_log_sd + 0.3
        return yearly(rng, sd) * lull(settings.fourth_quarter) * both, yearly(rng, sd) * both
    return flat, flat


def launch_series(
    world: str, rate: np.ndarray, rng: np.random.Generator, settings: Settings
) -> np.ndarray:
    """Draw the launch days of a world."""
    branching = 0.0 if world == "poisson" else settings.branching
    decay = settings.decay
    if world == "all_at_once":
        branching, decay = settings.branching + 0.1, settings.decay - 0.05
    return marks(points(rng, rate, settings.launches, branching, decay))


def history(
    world: str, rng: np.random.Generator, settings: Settings
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw launch days, a second independent series of them, and first days of events."""
    launch_rate, event_rate = rates(world, rng, settings)
    first, second = (launch_series(world, launch_rate, rng, settings) for _ in range(2))
    if world in CALENDAR_WORLDS:
        return first, second, drills(rng)
    if world == "answering":
        answered = np.flatnonzero((first > 0) & (rng.random(N_DAYS) < ANSWERED))
        late = answered + 1 + rng.exponential(ANSWER_DAYS - 1, len(answered)).astype(int)
        free = points(rng, event_rate, settings.events / 2, 0.0, settings.event_decay)
        return first, second, np.unique(np.concatenate([late[late < N_DAYS], free]))
    clustered = world in ("clustered", "regimes", "all_at_once")
    branching = settings.event_branching if clustered else 0.0
    starts = points(rng, event_rate, settings.events, branching, settings.event_decay)
    return first, second, np.unique(starts)


def plant(
    series: np.ndarray,
    second: np.ndarray,
    window: np.ndarray,
    ratio: float,
    how: str,
    rng: np.random.Generator,
) -> np.ndarray:
    """Make launch days inside the window `ratio` times as frequent as they would have been.

    Below 1, launch days inside are dropped at random. Above 1, either those outside are dropped
    ("thin": bursts inside are then larger than outside), or launch days of a second history are
    added inside on free days ("add": bursts inside are then more, not larger).
    """
    inside = window > 0
    if ratio < 1:
        return series * ~(inside & (rng.random(N_DAYS) > ratio))
    if ratio > 1 and how == "thin":
        return series * ~(~inside & (rng.random(N_DAYS) > 1 / ratio))
    if ratio > 1:
        added = series.copy()
        for day in np.flatnonzero((second > 0) & inside):
            free = np.flatnonzero(inside & (added == 0))
            if len(free) and rng.random() < ratio - 1:
                added[free[np.argmin(np.abs(free - day))]] = 1.0
        return added
    return series

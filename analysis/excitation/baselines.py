"""What the background rate of launch days may change with: pieces of time, or the calendar.

Rates of pieces are taken to scatter around a common one with a spread of `SPREAD` on the log
scale, and are integrated out (Laplace's method). Were each free, they would take up some of the
clustering that excitation leaves, the more the shorter the pieces: the incidental parameters of
Neyman and Scott. Intervals from such a fit held a ratio of .3 in 76 % of simulated records with a
rate a year and in 62 % with terms of the calendar, where they should in 95 %;
``tests/proofs/hawkes_recovery.py`` shows both.

References
----------
Neyman, J. and Scott, E. L. (1948). Consistent estimates based on partially consistent
observations. Econometrica 16(1), 1-32. doi:10.2307/1914288

Breslow, N. E. and Clayton, D. G. (1993). Approximate inference in generalized linear mixed
models. Journal of the American Statistical Association 88(421), 9-25.
doi:10.1080/01621459.1993.10594284
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..errors import need_columns, unknown
from ..record.notes import is_record
from ..series.days import Record, year_code
from ..series.eras import era_codes, era_names
from ..series.strata import ADJUSTMENTS, Days, make_days
from ..series.strata import OFFICES as STRATA_OFFICES
from .fit import HALF_LIVES, Fit, maximise, search
from .model import Model, make_model

BASELINES = ("eras", "constant", "years", "calendar")
#: Offices whose changes cut the record into eras; more would leave eras without launch days.
OFFICES: tuple[str, ...] = ("dprk_leader", "us_president")
#: Standard deviation of the log rates of pieces around their mean. Those of calendar years on
#: record scatter by 0.8 to 1.
SPREAD = 1.0
#: The same where months, eras and years act together: a month is rarely more than e times another.
SPREADS = {"month": 0.5, "era": SPREAD, "year": SPREAD}
#: Spreads that leave months and eras all but free, for a model that is to adjust and no more.
LOOSE = {"month": 3.0, "era": 3.0, "year": 0.8}
#: Pieces that a half-life must fit into at least: an excitation that lasts about as long as a
#: piece cannot be told from the rate of the piece.
_HALF_LIVES_A_PIECE = 4
#: The same where terms of the calendar act together, in days: half a month, their shortest piece.
#: In 200 simulated records each, intervals of 95 % held the ratios 0 and .1 in 97 and 95 % so; with
#: half-lives of up to a month in 95 and 92 %, up to a quarter of a year in 75 and 83 % (of 40).
#: What lasts longer than half a month is left to the rate.
LONGEST_BY_CALENDAR = 15.0


class Baseline(NamedTuple):
    """A model of launch days with what its background is made of."""

    model: Model
    #: The same with rates that are free, or all but free.
    loose: Model
    #: One row a piece, in order: ``piece``, ``piece_start``, ``piece_end``; empty if the
    #: background is no sequence of pieces.
    pieces: pd.DataFrame
    #: Shortest and longest half-life looked at, in days.
    half_lives: tuple[float, float]

    def fit(self, *, held: Mapping[int, float] | None = None, near: Fit | None = None) -> Fit:
        """Maximise the integrated likelihood over all that is not held."""
        return maximise(self.model, held=held, near=near, half_lives=self.half_lives)

    def fit_loose(self) -> Fit:
        """Maximise the joint likelihood with rates that are free."""
        return search(self.loose, half_lives=self.half_lives)

    def with_days(self, launched: np.ndarray) -> Baseline:
        """Set up the same for other launch days."""
        model, loose = (replace(each, launched=launched) for each in (self.model, self.loose))
        return self._replace(model=model, loose=loose)


#: Largest share of days with a launch: at a rate of one a day, so many have one. Above it the
#: rate stands on the few days without, and any larger one fits nearly as well.
_FULLEST = 1 - np.exp(-1)


def make_baseline(
    days: pd.DatetimeIndex,
    launched: np.ndarray,
    baseline: str | pd.DataFrame,
    offices: Sequence[str] = OFFICES,
) -> Baseline:
    """Set up the model of a record on one of `BASELINES` or a table of pieces.

    Without offices all days are one era.
    """
    n = int(launched.sum())
    if n > _FULLEST * len(launched):
        each = "every day" if n == len(launched) else f"{n} of {len(launched)} days"
        raise ValueError(
            f"{each} of the period {'is a launch day' if n == len(launched) else 'are launch days'}"
            ": no rate can be told from it, since many fit as well; choose a longer period, or a "
            "rule that counts fewer launches"
        )
    if n < 3:
        raise ValueError(f"expected at least 3 launch days in the period, got {n}")
    if isinstance(baseline, str) and baseline == "calendar":
        cuts = STRATA_OFFICES if offices else ()
        record = make_days(launched, days, ADJUSTMENTS, offices=cuts)
        model, loose = (calendar_model(record, spreads=each) for each in (SPREADS, LOOSE))
        pieces, longest = pd.DataFrame(), LONGEST_BY_CALENDAR
    else:
        codes = baseline_pieces(days, baseline, offices)
        pieces = _spans(days, codes)
        longest = len(days) / len(pieces) / _HALF_LIVES_A_PIECE
        loose = make_model(launched, [codes["code"].to_numpy()])
        spread = np.full(
            len(pieces), SPREAD if len(pieces) > 1 else np.inf
        )  # a single rate is free
        model = replace(loose, spread=spread)
    return Baseline(model, loose, pieces, (HALF_LIVES[0], min(HALF_LIVES[1], longest)))


def calendar_model(
    days: Days,
    adjust: Sequence[str] = ADJUSTMENTS,
    covariates: np.ndarray | None = None,
    *,
    spreads: Mapping[str, float] = LOOSE,
) -> Model:
    """Set up the model of a record with terms of month and era, as far as adjusted, and year."""
    codes = {
        "month": days.calendar.month,
        "era": days.calendar.eras,
        "year": days.calendar.year - days.calendar.year.min(),
    }
    names = [*(name for name in ("month", "era") if name in adjust), "year"]
    return make_model(
        days.launches,
        [codes[name] for name in names],
        spreads=[spreads[name] for name in names],
        covariates=covariates,
    )


def offices_of(launches: Record) -> Sequence[str]:
    """Return the offices that cut launches into eras; none where they are not the record's."""
    return OFFICES if not isinstance(launches, pd.DataFrame) or is_record(launches) else ()


def baseline_pieces(
    days: pd.DatetimeIndex, baseline: str | pd.DataFrame, offices: Sequence[str] = OFFICES
) -> pd.DataFrame:
    """Return code (from 0, in order) and name of the baseline's piece for each day."""
    if isinstance(baseline, pd.DataFrame):
        place, name = _own_pieces(days, baseline)
    elif baseline == "constant" or (baseline == "eras" and not offices):
        place, name = np.zeros(len(days), dtype=np.int64), np.full(len(days), "all")
    elif baseline == "years":
        place, name = year_code(days), days.year.astype(str).to_numpy()
    elif baseline == "eras":
        place, name = era_codes(days, offices), era_names(days, offices)
    else:
        raise unknown("baseline", baseline, [*BASELINES, "or a table"])
    change = np.diff(place, prepend=place[0]) != 0
    return pd.DataFrame({"code": np.cumsum(change), "name": name})


def _own_pieces(days: pd.DatetimeIndex, table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return place and name of the piece of each day from a user's own table."""
    need_columns(table, ["start"], "the baseline")
    starts = table.sort_values("start", ignore_index=True)
    names = starts["name"] if "name" in starts else starts["start"].dt.strftime("%Y-%m-%d")
    place = np.searchsorted(starts["start"].to_numpy(), days.to_numpy(), side="right") - 1
    if (place < 0).any():
        raise ValueError(
            f"the baseline begins on {starts['start'].iloc[0]:%Y-%m-%d}, after "
            f"{days[0]:%Y-%m-%d}: expected a piece for every day"
        )
    return place, names.astype(str).to_numpy()[place]


def _spans(days: pd.DatetimeIndex, pieces: pd.DataFrame) -> pd.DataFrame:
    """Return name, first and last day of each piece."""
    table = pieces.assign(day=days).groupby("code")
    return pd.DataFrame(
        {
            "piece": table["name"].first(),
            "piece_start": table["day"].min(),
            "piece_end": table["day"].max(),
        }
    )

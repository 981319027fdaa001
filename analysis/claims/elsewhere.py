"""Two published findings on other countries, tested again as those on Korea are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..counting import CountRule, launch_days
from ..links import event_study, power
from ..record.examples import load_example
from ..record.own import as_events
from .verdicts import judge

_FAMILIES = ("ballistic", "cruise")
#: India and Pakistan, from the year after both had shown their bombs.
_SOUTH_ASIA: dict[str, Any] = {"start": "1999-01-01", "end": "2019-07-22"}
_IRAN: dict[str, Any] = {"start": "1998-01-01", "end": "2019-07-25"}
_COUNTRY_NAMES = {"IND": "India", "PAK": "Pakistan"}
_CONFIDENCES = ("sourced", "conflicting", "unsourced")
_EFFECT = ("n_events", "observed", "at_other_rate", "rate_ratio", "low", "high", "excludes")
_JUDGED = ("null", "p_value", "p_years_permuted", "smallest_p")
_POWER = ("detectable_above", "detectable_below", "power_none")


class _Test(NamedTuple):
    """What is compared with what."""

    #: Whose launches after what.
    finding: str
    stated: str
    #: The ratio published; missing where only a direction was.
    stated_ratio: float
    launches: pd.DataFrame
    events: pd.DataFrame
    rule: CountRule
    windows: tuple[tuple[int, int], ...]
    options: dict[str, Any]


def retest_elsewhere(
    *, histories: int = 100, seed: int = 0, n_jobs: int = 1, progress: bool = False
) -> pd.DataFrame:
    """Test two published findings on other countries' launches again.

    That India and Pakistan answer each other's tests is what the press writes, and that there is
    little correlation what a study found; that resolutions of the Security Council come with
    more Iranian launches is a published regression.

    Parameters
    ----------
    histories : int
        Simulated histories for the power of each.
    seed : int
        For these.
    n_jobs : int
        Processes.
    progress : bool
        Show progress bars.

    Returns
    -------
    DataFrame
        One row a test and window: ``finding``, ``stated``, ``window_start``, ``window_end`` (days
        after the event), ``n_events``, ``observed``, ``at_other_rate``, ``rate_ratio``, ``low``,
        ``high``, ``excludes``, ``null``, ``p_value``, ``p_years_permuted``, ``smallest_p`` as in
        `event_study`; ``stated_ratio`` (missing where only a direction was published) and
        ``stated_excluded`` (whether the interval leaves it out); ``detectable_above``,
        ``detectable_below`` and ``power_none`` as in `power`; ``verdict`` on the claim of more
        launches, and ``sentence``. The windows of one test are not adjusted for each other: read
        both.

    See Also
    --------
    retest_findings : The same for findings on North Korea.

    Notes
    -----
    The days after the other's launch, and the days from a resolution on, are compared with the
    other days of the same months of the year. Iran's use in war is left out; the paper coded
    resolutions by month and pooled four countries, so its outcome is not quite the same: of a
    month with few launches the odds are about the rate, and its ratio is exp(1.411). The lists
    of South Asia miss tests, which weakens a link.

    Examples
    --------
    >>> table = retest_elsewhere(histories=20)
    >>> bool(table["low"].lt(1).all() and table["high"].gt(1).all())
    True
    """
    settings = {"histories": histories, "n_jobs": n_jobs, "progress": progress}
    rows = [
        _retest(test, window, {**test.options, "seed": seed}, settings)
        for test in _tests()
        for window in test.windows
    ]
    return pd.DataFrame(rows)


def _tests() -> Iterator[_Test]:
    """Give each test."""
    both = load_example("india_pakistan")
    rules = {code: CountRule("day", _FAMILIES, countries=code) for code in _COUNTRY_NAMES}
    for code, other in (("PAK", "IND"), ("IND", "PAK")):
        days = launch_days(both, rules[other], **_SOUTH_ASIA)
        yield _Test(
            f"{_COUNTRY_NAMES[code]}'s launches after {_COUNTRY_NAMES[other]}'s",
            "the two answer each other's tests (press); little correlation (Carnegie, 2012)",
            np.nan,
            both,
            as_events(pd.DataFrame({"day": days}), start="day", category="launch"),
            rules[code],
            ((1, 7), (1, 30)),
            {"adjust": "month", **_SOUTH_ASIA},
        )
    yield _Test(
        "Iran's launches from a Security Council resolution on Iran",
        "a resolution adds 1.411 to the log-odds of a month with a launch (Brailey, 2020)",
        float(np.exp(1.411)),
        load_example("iran"),
        load_example("iran", "events"),
        CountRule("day", uses="test"),
        ((0, 29), (0, 89)),
        {"adjust": "month", "confidence": _CONFIDENCES, **_IRAN},
    )


def _retest(
    test: _Test, window: tuple[int, int], options: dict[str, Any], settings: dict[str, Any]
) -> dict[str, Any]:
    """Return the row of one test and window."""
    launches, events, rule = test.launches, test.events, test.rule
    effect = event_study(launches, events, rule, window=window, **options).iloc[0]
    seen = power(launches, events, rule, **{**settings, **options, "window": window}).iloc[0]
    row = {
        **{"finding": test.finding, "stated": test.stated},
        **{"window_start": window[0], "window_end": window[1]},
        **effect[[*_EFFECT, *_JUDGED]],
        **{"stated_ratio": test.stated_ratio, "stated_excluded": None},
        **seen[list(_POWER)],
    }
    if not np.isnan(test.stated_ratio):
        row["stated_excluded"] = not effect["low"] <= test.stated_ratio <= effect["high"]
    verdict, text = judge({**row, "effect": row["rate_ratio"]}, 1)
    return {**row, "verdict": verdict, "sentence": _sentence(row, text)}


def _sentence(row: dict[str, Any], judged: str) -> str:
    """Say what was found, what could have been seen, and what of a published ratio is excluded."""
    said = (
        f"{row['finding']}, days {row['window_start']} to {row['window_end']}: {row['observed']} "
        f"launch days against {row['at_other_rate']:.1f} at the rate of the other days. {judged}"
    )
    if row["stated_excluded"] is None:
        return said
    verb = "excludes" if row["stated_excluded"] else "does not exclude"
    return f"{said} The interval {verb} the ratio published, {row['stated_ratio']:.1f}."

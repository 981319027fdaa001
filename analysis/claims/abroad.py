"""Two findings on other countries' launches, tested again as those on Korea are."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..counting import CountRule, launch_days
from ..links import event_study, power
from ..record.examples import load_example
from ..record.own import as_events
from ..series.windows import Window
from .verdicts import judge


class _Test(NamedTuple):
    """What is compared with what."""

    finding: str
    who: str
    record: str
    rule: CountRule
    #: Whose launches are the events; else the kind of the record's own.
    after: CountRule | str
    windows: tuple[Window, ...]
    start: str
    end: str
    #: Ratio of rates that was published; missing where only a direction was.
    stated: float
    #: 1 for more launches, 0 for no difference.
    side: int


_INDIA, _PAKISTAN = (
    CountRule("day", ("ballistic", "cruise"), countries=country) for country in ("IND", "PAK")
)
_SOUTH_ASIA = ("1999-01-01", "2019-07-31")
_WEEK, _MONTH = (1, 7), (1, 30)
_PRESS, _CARNEGIE = "each answers the other's tests", "little correlation between their tests"
_ON_ASIA = [
    _Test(finding, who, "india_pakistan", rule, after, (_WEEK, _MONTH), *_SOUTH_ASIA, np.nan, side)
    for finding, who, side in ((_PRESS, "press", 1), (_CARNEGIE, "Carnegie Endowment, 2012", 0))
    for rule, after in ((_PAKISTAN, _INDIA), (_INDIA, _PAKISTAN))
]
_ON_IRAN = _Test(
    "a Security Council resolution adds 1.411 to the log-odds of a launch",
    "a paper in a public repository",
    "iran",
    CountRule("day", ("ballistic", "cruise", "space"), uses="test"),
    "unsc_resolution",
    (_MONTH, (1, 90)),
    "2000-01-01",
    "2019-07-31",
    # of rare launches the odds are the rate
    float(np.exp(1.411)),
    1,
)


def retest_abroad(
    *, histories: int = 200, seed: int = 0, n_jobs: int = 1, progress: bool = True
) -> pd.DataFrame:
    """Test two findings on other countries' launches again, as those on Korea are.

    That India and Pakistan answer each other's tests is what the press writes, and that there is
    little correlation what a study found; that resolutions of the Security Council come with
    more Iranian launches is a published regression. Ballistic and cruise missiles enter, for Iran
    space launches too; use in war does not.

    Parameters
    ----------
    histories : int
        Simulated histories of the power.
    seed : int
        For these and for nulls that draw.
    n_jobs : int
        Processes.
    progress : bool
        Show a progress bar.

    Returns
    -------
    DataFrame
        One row a finding, country and window: ``finding``, ``who`` published it, ``launches``
        (whose), ``after`` (what), ``start``, ``end``, ``window_start``, ``window_end`` (days
        after the event), ``n_events``, ``observed``, ``at_other_rate`` (launch days expected),
        ``effect`` (the ratio of the two) with ``low`` and ``high``, ``null``, ``p_value``,
        ``smallest_p``, ``stated`` (the ratio published, where one is), ``stated_excluded``
        (whether the interval excludes it; missing without one), ``detectable_above``,
        ``detectable_below`` (see `power`), ``verdict`` and ``sentence``. The windows of one
        finding are not adjusted for each other: read all of them.

    See Also
    --------
    retest_findings : The same for findings on Korea.

    Notes
    -----
    Days are compared within months of the year, since there is no table of eras that fits all
    three. India's and Pakistan's tests are press days, and a list of each is not a census: what
    is missing weakens a link. The unit of time of the published log-odds is not stated where
    they were found, so that the ratio is compared with that of a month and of three.

    Examples
    --------
    >>> table = retest_abroad(histories=20, progress=False)
    >>> bool((table["p_value"] > 0.05).all())
    True
    """
    settings = {"histories": histories, "n_jobs": n_jobs, "progress": progress}
    rows = [
        _retest(test, window, seed, settings)
        for test in (*_ON_ASIA, _ON_IRAN)
        for window in test.windows
    ]
    return pd.DataFrame(rows)


def _retest(test: _Test, window: Window, seed: int, settings: dict[str, Any]) -> dict[str, Any]:
    """Return the row of one window."""
    launches, events = load_example(test.record), _events(test)
    design: dict[str, Any] = {"window": window, "start": test.start, "end": test.end}
    design |= {"adjust": "month", "seed": seed}
    found = event_study(launches, events, test.rule, **design).iloc[0]
    seen = power(launches, events, test.rule, **settings, **design).iloc[0]
    row = {
        **{name: getattr(test, name) for name in ("finding", "who")},
        "launches": ", ".join(test.rule.countries or ("IRN",)),
        "after": _after(test),
        **{"start": test.start, "end": test.end},
        **found[["window_start", "window_end", "n_events", "observed", "at_other_rate"]],
        "effect": found["rate_ratio"],
        **found[["low", "high", "null", "p_value", "p_years_permuted", "smallest_p"]],
        "stated": test.stated,
        "stated_excluded": _excludes(found, test.stated),
        **seen[["detectable_above", "detectable_below"]],
    }
    verdict, sentence = judge(row, test.side)
    return {**row, "verdict": verdict, "sentence": sentence + _on_stated(row)}


def _after(test: _Test) -> str:
    """Say what the launches are compared with: a kind of events, or a country's launches."""
    return test.after if isinstance(test.after, str) else ", ".join(test.after.countries or ())


def _events(test: _Test) -> pd.DataFrame:
    """Return the events: the other's launch days, or a kind of the record's own."""
    if isinstance(test.after, str):
        events = load_example(test.record, "events")
        return events[events["kind"] == test.after]
    days = launch_days(load_example(test.record), test.after, start=test.start, end=test.end)
    return as_events(pd.DataFrame({"start": days}), start="start")


def _excludes(found: pd.Series, stated: float) -> bool | None:
    """Say whether the interval leaves out the ratio that was published."""
    return None if np.isnan(stated) else bool(not found["low"] <= stated <= found["high"])


def _on_stated(row: dict[str, Any]) -> str:
    """Return what the interval says of the ratio that was published."""
    if row["stated_excluded"] is None:
        return ""
    verb = "excludes" if row["stated_excluded"] else "does not exclude"
    return f" The interval {verb} the ratio published, {row['stated']:.1f}."

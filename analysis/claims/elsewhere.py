"""Two published findings on other countries, tested again as those on Korea are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ..counting import CountRule, launch_days
from ..links import event_study, power
from ..record.examples import load_example
from ..record.own import as_events

_MISSILES = ("ballistic", "cruise")
#: India and Pakistan, from the year after both had shown their bombs.
_SOUTH_ASIA: dict[str, Any] = {"start": "1999-01-01", "end": "2019-07-22"}
_IRAN: dict[str, Any] = {"start": "1998-01-01", "end": "2019-07-25"}
_NAMES = {"IND": "India", "PAK": "Pakistan"}
_EFFECT = ("n_events", "observed", "at_other_rate", "rate_ratio", "low", "high", "excludes")
_ALL = ("sourced", "conflicting", "unsourced")


def retest_elsewhere(*, histories: int = 100) -> pd.DataFrame:
    """Test two published findings on other countries' launches again.

    Parameters
    ----------
    histories : int
        Simulated histories for the power of each.

    Returns
    -------
    DataFrame
        One row a test: ``finding``, ``stated``, ``n_events``, ``observed``, ``at_other_rate``,
        ``rate_ratio``, ``low``, ``high``, ``excludes``, ``null``, ``p_value`` as in
        `event_study`; ``detectable_above``, ``detectable_below`` and ``power_none`` as in
        `power`; ``sentence``.

    See Also
    --------
    retest_findings : The same for findings on North Korea.

    Notes
    -----
    The days after the other's launch, and the days from a resolution on, are compared with the
    other days of the same months of the year. Iran's use in war is left out; the paper coded
    resolutions by month and pooled four countries, so its outcome is not quite the same.

    Examples
    --------
    >>> from analysis.claims.elsewhere import retest_elsewhere
    >>> table = retest_elsewhere(histories=20)
    >>> table["low"].lt(1).all() and table["high"].gt(1).all()
    True
    """
    rows = []
    for text, stated, launches, events, rule, options in _tests():
        effect = event_study(launches, events, rule, **options).iloc[0]
        found = power(launches, events, rule, histories=histories, progress=False, **options).iloc[
            0
        ]
        row = {"finding": text, "stated": stated, **{name: effect[name] for name in _EFFECT}}
        row |= {name: effect[name] for name in ("null", "p_value")}
        row |= {f: found[f] for f in ("detectable_above", "detectable_below", "power_none")}
        rows.append(row | {"sentence": _sentence(text, row)})
    return pd.DataFrame(rows)


def _tests() -> Iterator[tuple[str, str, pd.DataFrame, pd.DataFrame, CountRule, dict[str, Any]]]:
    """Give each test: what it asks, what was stated, and what it is asked of."""
    both = load_example("india_pakistan")
    rules = {code: CountRule("day", _MISSILES, countries=code) for code in _NAMES}
    for code, other in (("PAK", "IND"), ("IND", "PAK")):
        days = launch_days(both, rules[other], **_SOUTH_ASIA)
        theirs = as_events(pd.DataFrame({"day": days}), start="day", category="launch")
        yield (
            f"{_NAMES[code]}'s launches in the week after {_NAMES[other]}'s",
            "the two answer each other's tests (press); little correlation (Carnegie, 2012)",
            both,
            theirs,
            rules[code],
            {"window": (1, 7), "adjust": "month", **_SOUTH_ASIA},
        )
    yield (
        "Iran's launches in the month from a Security Council resolution on Iran",
        "a resolution adds 1.411 to the log-odds of a month with a launch (Brailey, 2020)",
        load_example("iran"),
        load_example("iran", "events"),
        CountRule("day", uses="test"),
        {"window": (0, 29), "adjust": "month", "confidence": _ALL, **_IRAN},
    )


def _sentence(text: str, row: dict[str, Any]) -> str:
    """Say what was found, what it excludes and what could have been seen."""
    excludes = row["excludes"]
    left = f"excludes {excludes}" if excludes != "neither" else "excludes neither half nor double"
    above = row["detectable_above"]
    seen = (
        f"a ratio of {above:.1f} would have been seen in four histories of five"
        if pd.notna(above)
        else "not even ten times as many would have been seen in four histories of five"
    )
    return (
        f"{text}: {row['observed']} launch days against {row['at_other_rate']:.1f} at the rate of "
        f"the other days, {row['rate_ratio']:.1f} times ({row['low']:.1f} to {row['high']:.1f}, "
        f"p {row['p_value']:.2f}), which {left}; {seen}."
    )

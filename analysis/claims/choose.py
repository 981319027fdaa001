"""The rule behind a published count, from who says it and how, never from the number.

Who counts is read by the names in ``data/raw/outlets.csv``, the rule that follows from
``data/raw/outlet_rules.csv``, where the first row that fits is taken.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

import pandas as pd

from ..record.load import load_outlet_rules, load_outlets
from ..record.schema import TABLES
from .words import is_left_out, says

_COUNTS = TABLES["published_counts"]
_BRACKETS = r"\(([^()]*)\)"
#: Bracketed words that say how a text came, not who counted.
_NOT_CREDIT = r"(?:via|copy|agencies|mirror|respun)\b"


def choose_rule(
    *,
    outlet: str,
    unit: str,
    scope: str,
    period_start: pd.Timestamp,
    as_of: pd.Timestamp,
    paraphrase: str = "",
) -> str:
    """Choose the counting rule of a published count.

    The number stated is not asked for. Who counts comes first (a database, a ministry, a
    newsroom with a known convention), then the noun, then what is counted.

    Parameters
    ----------
    outlet : str
        Who published it, with the credited counter in brackets.
    unit : str
        missile | launch_event | launch_day | test | unclear; others are read as unclear.
    scope : str
        ballistic | ballistic_and_cruise | all_missiles | icbm | cruise | nuclear_test | unclear;
        others are read as unclear.
    period_start, as_of : Timestamp
        First and last day of the count.
    paraphrase : str
        The statement in our words.

    Returns
    -------
    str
        A key of `analysis.counting.RULES`.

    Raises
    ------
    TypeError
        If a day is not a Timestamp.

    See Also
    --------
    check_counts : Counts many claims under their rules.

    Examples
    --------
    >>> start, end = pd.Timestamp("2022-01-01"), pd.Timestamp("2022-12-31")
    >>> choose_rule(outlet="NHK (Japan MoD)", unit="missile", scope="ballistic",
    ...             period_start=start, as_of=end)
    'jmod_missiles'
    """
    asked = {
        "counters": counter(outlet, paraphrase),
        "units": unit if unit in _COUNTS["unit"].values else "unclear",
        "scopes": scope if scope in _COUNTS["scope"].values else "unclear",
    }
    days = (as_of - period_start).days + 1
    said = "" if is_left_out(paraphrase) else paraphrase
    return next(
        row["rule"]
        for row in _rule_rows("outlet_rules")
        # an empty condition fits anything, and no comparison with a missing day is true
        if all(not row[name] or value in row[name].split(";") for name, value in asked.items())
        and not (as_of < row["from"] or as_of > row["until"])
        and not (row["over_days"] and days <= row["over_days"])
        and (not row["says"] or says(row["says"], said, re.IGNORECASE))
    )


def counter(outlet: str, paraphrase: str) -> str:
    """Name who counts: a key of the outlets, or nothing."""
    named = _named(outlet)
    if named is None:
        opening = (who for who in _rule_rows("outlets") if says(who["openings"], paraphrase))
        named = next(opening, None)
    return named["counter"] if named else ""


@lru_cache(maxsize=4096)
def _named(outlet: str) -> dict[str, Any] | None:
    """Return the outlet that is named first by what outranks a credit, by credit, or by host."""
    outlets = _rule_rows("outlets")
    brackets = re.findall(_BRACKETS, outlet)
    credit = " ".join(text for text in brackets if not re.match(_NOT_CREDIT, text))
    host = re.sub(_BRACKETS, "", outlet).strip()
    named = [who for who in outlets if who["outranks_credit"] and says(who["names"], host)]
    named += [who for text in (credit, host) for who in outlets if says(who["names"], text)]
    return named[0] if named else None


@cache
def _rule_rows(name: str) -> tuple[dict[str, Any], ...]:
    """Read a table of conventions, in the order of the file; empty text where a cell is empty."""
    table = {"outlets": load_outlets, "outlet_rules": load_outlet_rules}[name]()
    empty: dict[str, Any] = {"text": "", "integer": 0}
    blank = {c.name: empty[c.kind] for c in TABLES[name].columns if c.kind in empty}
    rows = table.fillna(blank).to_dict("records")
    return tuple({str(column): cell for column, cell in row.items()} for row in rows)

"""The words in which a published finding is judged, and when each of them is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

AGREES = "agrees"
POINTS = "points the same way"
CONTRADICTS = "contradicts"
NOT_BORNE_OUT = "not borne out"
TOO_WEAK = "cannot tell: too little power"
OTHER_QUESTION = "not the same question"
UNTESTED = "cannot be tested"
VERDICTS = (AGREES, POINTS, CONTRADICTS, NOT_BORNE_OUT, TOO_WEAK, OTHER_QUESTION, UNTESTED)

ALPHA = 0.05
#: A difference is shown if the adjusted p is below ALPHA and the 95 % interval leaves out no
#: effect. A test is too weak to deny a link if it finds a doubling (a halving, where fewer
#: launches are claimed) in fewer than four histories of five. Where that was not simulated, it is
#: too weak if its interval holds a doubling (a halving). To agree that there is no difference
#: takes both: power, and an interval without a doubling and a halving.
DOUBLED, HALVED = 2.0, 0.5
#: The same for a branching ratio: every second launch day triggered by another.
HALF_TRIGGERED = 0.5
#: Above this the direction of a ratio is not worth a word. It is two-sided: of records without
#: any link, three in twenty show as much on the side claimed.
HINT = 0.3


def judge(row: Mapping[str, Any], side: int, *, same_question: bool = True) -> tuple[str, str]:
    """Say in a word of `VERDICTS` and in a sentence what a test means for a finding.

    Parameters
    ----------
    row : mapping
        ``effect``, ``low``, ``high``, ``p_value`` and, where there are any, ``p_adjusted`` (for
        all tests judged together; the verdict rests on it), ``p_years_permuted``,
        ``detectable_above`` and ``detectable_below`` (absent where power was not simulated),
        ``reason``, and ``kind`` ("self_excitation": the effect is a branching ratio, else a
        ratio of rates).
    side : int
        What the finding claims: 1 more launches, -1 fewer, 0 no difference.
    same_question : bool
        Whether the finding is about launches and days like those tested.

    Returns
    -------
    tuple of str
        The word, and the sentence with its numbers.

    Examples
    --------
    >>> numbers = {"effect": 1.4, "low": 0.8, "high": 2.4, "p_value": 0.2}
    >>> judge(numbers, 1)[0]
    'cannot tell: too little power'
    """
    if pd.isna(row.get("p_value", np.nan)):
        reason = row.get("reason", pd.NA)
        why = reason if isinstance(reason, str) else "nothing to compare"
        return UNTESTED, f"Cannot be tested: {why}."
    word = _word(row, side)
    text = f"{word.replace(':', ',')}{_shade(row, word, side)}: {_numbers(row)}"
    if not _stands(row):
        text += _limits(row, word, side)
    if not same_question:
        word, text = OTHER_QUESTION, f"not the same question; of launches, {text}"
    return word, f"{text[0].upper()}{text[1:]}."


def _word(row: Mapping[str, Any], side: int) -> str:
    """Return the verdict of a test on the same question."""
    if _stands(row):
        return AGREES if _seen(row) == side else CONTRADICTS
    if _is_weak(row, side):
        return TOO_WEAK
    if side == 0:
        return AGREES
    return POINTS if _hints(row, side) else NOT_BORNE_OUT


def _stands(row: Mapping[str, Any]) -> bool:
    """Tell whether a difference is shown: by the p-value, adjusted if it is, and the interval."""
    none = _no_effect(row)
    outside = row["low"] > none or row["high"] < none
    return bool(outside and row.get("p_adjusted", row["p_value"]) < ALPHA)


def _no_effect(row: Mapping[str, Any]) -> int:
    """Return the effect that is none."""
    return 0 if _is_branching(row) else 1


def _seen(row: Mapping[str, Any]) -> int:
    """Return the side of the effect: 1 more launches, -1 fewer."""
    return int(np.sign(row["effect"] - _no_effect(row)))


def _hints(row: Mapping[str, Any], side: int) -> bool:
    """Tell whether the effect lies on the side claimed, and not there by mere chance."""
    return _seen(row) == side and row["p_value"] < HINT


def _is_weak(row: Mapping[str, Any], side: int) -> bool:
    """Tell whether the test would miss what the finding claims too often to deny it."""
    if _is_branching(row):
        return bool(row["high"] >= HALF_TRIGGERED)
    held = bool(row["high"] >= DOUBLED), bool(row["low"] <= HALVED)
    above, below = held
    if "detectable_above" in row:
        # a missing ratio is one that no history shows
        above = not row["detectable_above"] <= DOUBLED
        below = not row["detectable_below"] >= HALVED
    return {1: above, -1: below, 0: above or below or any(held)}[side]


def _is_branching(row: Mapping[str, Any]) -> bool:
    """Tell whether the effect is a branching ratio, of which 0 is no effect."""
    return row.get("kind") == "self_excitation"


def _shade(row: Mapping[str, Any], word: str, side: int) -> str:
    """Return what a verdict must not be read without."""
    if _stands(row):
        shifts_alone = row.get("p_years_permuted", np.nan) >= ALPHA
        text = ", as an association"
        return f"{text}, but only against shifts of the record" if shifts_alone else text
    if word == POINTS:
        return ", but chance and bursts alone may give as much"
    return ", though it points the same way" if word == TOO_WEAK and _hints(row, side) else ""


def _numbers(row: Mapping[str, Any]) -> str:
    """Print effect, interval and p-values."""
    name = "branching ratio" if _is_branching(row) else "rate ratio"
    effect, low, high = (
        "without bound" if np.isinf(row[end]) else f"{row[end]:.2f}"
        for end in ("effect", "low", "high")
    )
    text = f"{name} {effect} ({low} to {high}), p = {row['p_value']:.3f}"
    if "p_adjusted" in row:
        text += f", adjusted for all tests {row['p_adjusted']:.3f}"
    if pd.isna(row.get("p_years_permuted", np.nan)):
        return text
    return f"{text}, with whole years permuted {row['p_years_permuted']:.3f}"


def _limits(row: Mapping[str, Any], word: str, side: int) -> str:
    """Say which ratios would have been found, or what the interval still holds."""
    if "detectable_above" in row:
        above, below = row["detectable_above"], row["detectable_below"]
        up = "no ratio up to ten" if pd.isna(above) else f"a ratio of {above:.1f} or more"
        down = "would miss even no launch at all"
        if not pd.isna(below):
            down = f"one of {below:.2f} or less too" if below >= 0.005 else "no launch at all too"
        return f"; in four histories of five the test would find {up}, and {down}"
    if word != TOO_WEAK or _is_branching(row):
        return ""
    claimed = {1: "a doubling", -1: "a halving", 0: "a doubling or a halving"}[side]
    return f"; the interval holds {claimed}"

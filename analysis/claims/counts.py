"""Published counts of launches held against the record."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, partial
from typing import Any, NamedTuple

import pandas as pd

from ..counting import RULES, Bounds, CountRule
from ..counting.periods import check_inside, covered_days
from ..errors import check_one_of, need_columns, need_filled
from ..record.door import check_launches
from ..record.load import load_coverage
from ..record.notes import noted
from ..record.which import need_table
from .as_then import agreement_as_then
from .cells import ClaimRow, day_of, text_of
from .choose import choose_rule
from .explain import explain_difference
from .tallies import Span, Tallies, span_of
from .words import split_tag, with_tag

_COMPARISONS = ("exact", "at_least", "about", "at_most")
_ALL = 9
#: Columns of a claim that decide its verdict; claims equal in them are checked once.
_DECIDING = (
    "outlet", "unit", "scope", "period_start", "as_of", "paraphrase", "includes_latest",
    "comparison", "value", "published",
)  # fmt: skip
_CHECKED_COLUMNS = ["claim_id", "rule", "observed", "agrees", "alternatives", "reason", "as_then"]


class _Claim(NamedTuple):
    """One published count, read."""

    bounds: Bounds
    value: float
    comparison: str
    rule: str
    tag: str
    nuclear: bool
    published: pd.Timestamp | None


def check_counts(published: pd.DataFrame, launches: pd.DataFrame) -> pd.DataFrame:
    """Hold published counts against the record.

    The rule is chosen by `choose_rule` from outlet, noun, scope and period alone. `exact`
    means the same number, `at_least` no fewer than stated, `about` within 5 % or 1. A claim
    that is tagged is counted under its rule narrowed to the tag where the tag is understood.

    Parameters
    ----------
    published : DataFrame
        One row a claim, columns as from `load_published_counts`; odd or missing values are
        said in `reason`, never an error.
    launches : DataFrame
        One row a launch.

    Returns
    -------
    DataFrame
        One row a claim, in the same order: ``claim_id``, ``rule`` (a key of `RULES`),
        ``observed`` (missing where it cannot be counted), ``agrees``, ``alternatives`` (other
        rules that would agree, separated by ";"), ``reason`` (the numbers, and where they
        differ which launches must go or come), ``as_then`` (where a number that disagrees
        today agrees with the database it follows as that stood then, the day of that state;
        missing otherwise). Of the states, only the last before publication is tried, and the
        first from then on that holds the last launch counted.

    Raises
    ------
    ValueError
        If the launches lack a column that every rule needs, or the claims ``as_of`` or ``value``.

    Examples
    --------
    >>> from analysis import load_launches, load_published_counts
    >>> checked = check_counts(load_published_counts(), load_launches())
    >>> row = checked.set_index("claim_id").loc["rokmnd-2022-34-days"]
    >>> row["rule"], int(row["observed"]), bool(row["agrees"])
    ('rok_white_paper', 34, True)
    """
    need_table(published, "published_counts", ["as_of", "value"])
    tallies = Tallies(check_launches(launches))
    known: dict[str, dict[str, object]] = {}
    covered = cache(partial(covered_days, coverage=load_coverage()))
    rows = []
    for claim in published.to_dict("records"):
        # a cell may be anything, so its text is compared
        key = repr([claim.get(column) for column in _DECIDING])
        if key not in known:
            known[key] = _check_claim(claim, covered, tallies)
        rows.append(known[key] | {"claim_id": claim.get("claim_id")})
    table = pd.DataFrame(rows, columns=_CHECKED_COLUMNS)
    text = dict.fromkeys(["claim_id", "rule", "alternatives", "reason"], "str")
    types: Any = {**text, "observed": "Int64", "agrees": bool, "as_then": "datetime64[us]"}
    return noted(table.astype(types), launches)


def _check_claim(
    raw: ClaimRow, covered: Callable[[CountRule], Bounds | None], tallies: Tallies
) -> dict[str, object]:
    """Check one claim."""
    row: dict[str, object] = {"claim_id": raw.get("claim_id"), "rule": "days", "observed": pd.NA}
    row |= {"agrees": False, "alternatives": "", "reason": "", "as_then": pd.NaT}
    try:
        claim = _read_claim(raw)
    except (ValueError, TypeError, OverflowError) as error:
        return row | {"reason": f"the claim cannot be read: {error}"}
    row["rule"] = claim.rule
    if claim.nuclear:
        return row | {"reason": "a nuclear test is no launch and cannot be counted from launches"}
    rule = with_tag(RULES[claim.rule], claim.tag) if claim.tag else RULES[claim.rule]
    if rule is None:
        return row | {"reason": f"the filter [{claim.tag}] is none that the record knows"}
    try:
        check_inside(claim.bounds, covered(rule))
        observed = tallies.count(rule, span_of(claim.bounds))
    except ValueError as error:
        return row | {"reason": str(error)}
    return row | _verdict(claim, rule, observed, tallies)


def _verdict(claim: _Claim, rule: CountRule, observed: int, tallies: Tallies) -> dict[str, object]:
    """Compare, name the other rules that agree, and explain_difference a difference."""

    def agrees(n: int) -> bool:
        return _agrees(n, claim.value, claim.comparison)

    span = span_of(claim.bounds)
    stated = f"{claim.comparison.replace('_', ' ')} {claim.value:g}".removeprefix("exact ")
    reason = f"{observed} counted, {stated} stated"
    then = None
    if not agrees(observed):
        reason += f"; {explain_difference(tallies, rule, span, claim.value, agrees)}"
        then = agreement_as_then(tallies, rule, span, claim.published, agrees)
    if then is not None:
        reason += f"; {then.n} as known on {then.day:%Y-%m-%d}, {then.words}"
    others = [] if claim.tag else _alternatives(claim.rule, span, agrees, tallies)
    return {
        "observed": observed,
        "agrees": agrees(observed),
        "alternatives": ";".join(others),
        "reason": reason,
        "as_then": pd.NaT if then is None else then.day,
    }


def _alternatives(
    chosen: str, span: Span, agrees: Callable[[int], bool], tallies: Tallies
) -> list[str]:
    """Name the other rules that would agree."""
    known = tallies.countable("all", RULES.items())
    return [name for name, _, n in known if name != chosen and agrees(n.between(span))]


def _agrees(observed: float, value: float, comparison: str) -> bool:
    """Compare a count with the number stated."""
    if comparison == "at_least":
        return observed >= value
    if comparison == "at_most":
        return observed <= value
    if comparison == "about":
        return abs(observed - value) <= max(1.0, 0.05 * value)
    return observed == value


def _read_claim(raw: ClaimRow) -> _Claim:
    """Read a claim; raises ValueError saying what is wrong."""
    end = day_of(raw, "as_of")
    start = (
        day_of(raw, "period_start") if text_of(raw, "period_start") else end.replace(month=1, day=1)
    )
    unit, scope = text_of(raw, "unit"), text_of(raw, "scope")
    tag, words = split_tag(text_of(raw, "paraphrase"))
    rule = choose_rule(
        outlet=text_of(raw, "outlet"),
        unit=unit,
        scope=scope,
        period_start=start,
        as_of=end,
        paraphrase=words,
    )
    if tag:
        rule = "missiles" if unit == "missile" else "days"
    if text_of(raw, "includes_latest").lower() in ("false", "0", "no"):
        end -= pd.Timedelta(days=1)
    if start > end:
        raise ValueError(f"its period from {start:%Y-%m-%d} to {end:%Y-%m-%d} holds no day")
    comparison = text_of(raw, "comparison") or "exact"
    check_one_of("comparison", comparison, _COMPARISONS)
    value, nuclear = _stated_value(raw), scope == "nuclear_test"
    return _Claim((start, end), value, comparison, rule, tag, nuclear, _published_on(raw))


def _published_on(raw: ClaimRow) -> pd.Timestamp | None:
    """Return the day of publication, where it can be read."""
    try:
        return day_of(raw, "published")
    except ValueError:
        return None


def _stated_value(raw: ClaimRow) -> float:
    """Return the number stated."""
    text = text_of(raw, "value")
    value = pd.to_numeric(text, errors="coerce")
    if not math.isfinite(value):
        raise ValueError(f"value {text!r} is not a number")
    return float(value)


def score_counts(
    checked: pd.DataFrame, published: pd.DataFrame, *, raise_by: int = 2
) -> pd.DataFrame:
    """Say how many published counts agree, and how many wrong ones would have.

    Tagged and nuclear claims are set aside.

    Parameters
    ----------
    checked : DataFrame
        As from `check_counts` on the same claims in the same order.
    published : DataFrame
        The claims.
    raise_by : int
        The control: every number stated is raised by this.

    Returns
    -------
    DataFrame
        One row a comparison and quality, and one for all qualities (quality 0) of each:
        ``comparison``, ``quality``, ``n``, ``agree``, ``share``, ``agree_raised``,
        ``share_raised``, and apart from them ``agree_as_then`` (those that agree only with
        their database as it stood then).

    Raises
    ------
    ValueError
        If the two tables differ in length.

    Examples
    --------
    >>> from analysis import load_launches, load_published_counts
    >>> published = load_published_counts()
    >>> score = score_counts(check_counts(published, load_launches()), published)
    >>> bool(score.loc[0, "share"] >= 0.8)
    True
    """
    if len(checked) != len(published):
        raise ValueError(
            f"{len(checked)} checked rows for {len(published)} claims: expected one each"
        )
    need_columns(checked, ["observed", "agrees", "as_then"], "the checked claims")
    need_filled(published, ["value", "comparison", "quality", "scope", "paraphrase"], "the claims")
    claims = published.reset_index(drop=True)
    stated = zip(checked["observed"], claims["value"], claims["comparison"], strict=True)
    table = claims[["comparison", "quality"]].assign(
        agree=checked["agrees"].to_numpy(dtype=bool),
        agree_as_then=checked["as_then"].notna().to_numpy(dtype=bool),
        agree_raised=[
            bool(pd.notna(n)) and _agrees(n, value + raise_by, how) for n, value, how in stated
        ],
    )
    tagged = claims["paraphrase"].fillna("").str.lstrip().str.startswith("[")
    table = table[~tagged & (claims["scope"] != "nuclear_test")]
    # the row of all qualities is written last and called 0
    both = pd.concat([table, table.assign(quality=_ALL)])
    both["comparison"] = pd.Categorical(both["comparison"], _COMPARISONS)
    score = both.groupby(["comparison", "quality"], as_index=False, observed=True).agg(
        n=("agree", "size"),
        agree=("agree", "sum"),
        agree_raised=("agree_raised", "sum"),
        agree_as_then=("agree_as_then", "sum"),
    )
    score.insert(4, "share", score["agree"] / score["n"])
    score.insert(6, "share_raised", score["agree_raised"] / score["n"])
    return noted(score.astype({"comparison": "str"}).replace({"quality": {_ALL: 0}}), checked)

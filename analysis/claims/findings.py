"""Published findings about the timing of launches, tested again on this record.

How each finding is put to the record is in ``data/raw/retests.csv``, the words of the verdicts
in `analysis.claims.verdicts`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import joblib
import pandas as pd
from tqdm.auto import tqdm

from ..counting import Bounds, Coverage, launch_days
from ..errors import check_one_of, need_columns, unknown
from ..links.design import Design
from ..links.judge import adjusted
from ..links.power import power
from ..links.study import event_study
from ..record.door import through_door
from ..record.load import (
    load_eras,
    load_events,
    load_groups,
    load_published_findings,
    load_retests,
)
from ..record.notes import noted
from ..series.pvalues import generator
from ..series.windows import DURING, Window, shared_days, split_groups
from .naive import naive_p
from .recounts import RECOUNTS, stretches
from .rhythms import RHYTHMS
from .verdicts import judge

#: Kinds that are not tested: a forecast is held against what came, by its own scores.
NOT_TESTED = ("forecast",)
#: Columns by which groups choose their events.
_EVENT_COLUMNS = ("category", "kind", "title", "parties")
#: In what a retest may differ from the finding, each a column of the retests.
DIFFERING = ("outcome", "exposure", "period")
COLUMNS = (
    *("finding_id", "label", "who", "kind", "scope", "period_start", "period_end", "stated"),
    *("found", "compared", "n_events", "observed", "expected", "naive_p", "effect", "low", "high"),
    *("p_value", "p_adjusted", "p_adjusted_by", "p_years_permuted", "detectable_above"),
    *("detectable_below", "reason", "differs", "verdict", "sentence"),
)


class _Question(NamedTuple):
    """A finding over one period."""

    test: dict[Any, Any]  # the finding and how it is tested again
    scope: str
    events: pd.DataFrame  # of its group; none where it is not about events
    period: Bounds | None
    covered: Bounds
    coverage: Coverage

    @property
    def testable(self) -> bool:
        """Whether the period can carry a test."""
        return self.scope != "own period" or pd.isna(self.test["no_own_test"])

    @property
    def span(self) -> dict[str, Any]:
        """The period as keywords."""
        assert self.period is not None
        return {"start": self.period[0], "end": self.period[1], "coverage": self.coverage}


def retest_findings(
    launches: pd.DataFrame,
    events: pd.DataFrame | None = None,
    findings: pd.DataFrame | None = None,
    groups: pd.DataFrame | None = None,
    *,
    histories: int = 200,
    seed: int = 0,
    n_jobs: int = 1,
    progress: bool = True,
    coverage: Coverage = None,
) -> pd.DataFrame:
    """Test each published finding again, over its own period and beyond.

    Parameters
    ----------
    launches : DataFrame
        One row a launch.
    events, findings, groups : DataFrame, optional
        Tables like `load_events()`, `load_published_findings()` and `load_groups()`, which are
        the defaults. Findings are joined with `load_retests()`, unless they have its columns
        already. Forecasts are left out.
    histories : int
        Simulated histories for the power of tests about events (see `power`).
    seed : int
        Seed of all simulations.
    n_jobs : int
        Processes (joblib; a Dask or Ray backend works too).
    progress : bool
        Show a progress bar.
    coverage : DataFrame, False or None
        As in `event_study`.

    Returns
    -------
    DataFrame
        Two rows a finding: ``finding_id``, ``label``, ``who``, ``kind``, ``scope`` ("own
        period", "whole record", or "since then", so that a pattern is not confirmed by the data
        that suggested it), ``period_start``, ``period_end`` (as tested: cut to what the record
        covers), ``stated``, ``found`` (the finding's number on this record, where it can be
        had), ``compared`` (what with what), ``n_events``, ``observed``, ``expected`` (launches or
        launch days), ``naive_p`` (launches taken as independent, as such studies do),
        ``effect`` (rate ratio; branching ratio for self-excitation) with ``low`` and ``high``
        (95 %), ``p_value`` (two-sided, bursts kept: see Notes), ``p_adjusted`` and
        ``p_adjusted_by`` (for all tests of the table: Benjamini and Hochberg, and Benjamini and
        Yekutieli, who allow for any dependence), ``p_years_permuted``,
        ``detectable_above``, ``detectable_below`` (see `power`; missing where not simulated),
        ``reason`` (why a number or period cannot be had; missing otherwise), ``differs`` (from
        the finding, in outcome, exposure and period), ``verdict`` (a word of
        `analysis.claims.verdicts.VERDICTS`), ``sentence``.

    Raises
    ------
    ValueError
        If a finding has no test, or a table lacks what it needs.

    See Also
    --------
    event_study, power : The tests about events.
    seasonality : The tests of quarters and weekdays.
    self_excitation : The branching ratio.

    Notes
    -----
    The null of each test: for events, the record shifted by any number of days against their
    calendar; for quarters and weekdays, the days of each year moved round, each year on its
    own; for self-excitation, launch days redrawn within their years.

    All tests of one call are one family. A verdict agrees or contradicts where ``p_adjusted`` is
    below .05 and the interval leaves out no effect, never by ``p_value`` alone; so a finding
    tested by itself may be judged otherwise than among all.

    A finding about American days is held against launches by the American date.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate: a practical and
    powerful approach to multiple testing. Journal of the Royal Statistical Society B 57(1),
    289-300. doi:10.1111/j.2517-6161.1995.tb02031.x

    Examples
    --------
    >>> from analysis import load_launches, load_published_findings
    >>> findings = load_published_findings()
    >>> table = retest_findings(
    ...     load_launches(), findings=findings[findings["kind"] == "olympics"], histories=20,
    ...     progress=False)
    >>> table["scope"].tolist()
    ['own period', 'whole record']
    """
    launches = through_door(launches, "launches")
    events = through_door(load_events() if events is None else events, "events", _EVENT_COLUMNS)
    questions = list(
        _questions(
            events,
            _tests_of(load_published_findings() if findings is None else findings),
            load_groups() if groups is None else groups,
            coverage,
        )
    )
    simulation = {"histories": histories, "seed": seed}
    # tests about events run side by side, the others here, one after another from one generator
    about_events = joblib.Parallel(n_jobs=n_jobs, return_as="generator")(
        joblib.delayed(_about_events)(launches, question, simulation)
        for question in questions
        if question.test["test"] not in RHYTHMS
    )
    rng, rows = generator(seed), []
    for question in tqdm(questions, disable=not progress):
        ask = RHYTHMS.get(question.test["test"])
        numbers = ask(launches, question.test, rng, **question.span) if ask else next(about_events)
        rows.append(_retest_one(question, numbers))
    return noted(pd.DataFrame(_judged(questions, rows), columns=list(COLUMNS)), launches)


def _tests_of(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings that are tested, with how they are."""
    need_columns(findings, ("finding_id", "kind", "period"), "the findings")
    wanted = findings[~findings["kind"].isin(NOT_TESTED)]
    if "test" in wanted:
        return wanted
    tests = wanted.merge(load_retests(), on="finding_id", how="left")
    untested = tests.loc[tests["test"].isna(), "finding_id"]
    if len(untested):
        raise unknown("finding", ", ".join(untested), load_retests()["finding_id"])
    return tests


def _questions(
    events: pd.DataFrame, tests: pd.DataFrame, groups: pd.DataFrame, coverage: Coverage
) -> Iterator[_Question]:
    """Put each finding to each of its periods."""
    needed = groups["group"].isin(tests["group"])
    held = dict(split_groups(events, groups[needed]))
    for test in tests.to_dict("records"):
        if isinstance(test["group"], str):
            check_one_of("group", test["group"], held)
        own = held.get(test["group"], events.head(0))
        if isinstance(test["leaves_out"], str):
            own = own[~own["start"].isin(pd.to_datetime(test["leaves_out"].split(";")))]
        for scope in test["scopes"].split(";"):
            covered = shared_days(test["rule"], own, coverage)
            period = _period(test["period"], scope, covered)
            yield _Question(test, scope, own, period, covered, coverage)


def _period(stated: Any, scope: str, covered: Bounds) -> Bounds | None:
    """Return the period to test, cut to what is covered; None if the finding states none."""
    if scope == "whole record":
        return covered
    if not isinstance(stated, str):
        return None
    first, last = (pd.Timestamp(day) for day in stated.split("/"))
    if scope == "since then":
        return last + pd.Timedelta(days=1), covered[1]
    return max(first, covered[0]), min(last, covered[1])


def _about_events(
    launches: pd.DataFrame, question: _Question, simulation: dict[str, Any]
) -> dict[str, Any]:
    """Return the numbers of a finding about events."""
    if question.period is None:
        return {"reason": "the period is not stated in what could be read"}
    test = question.test
    asked = (launches, question.events, test["rule"])
    first, _, last = test["window"].partition("..")
    window: Window = (int(first), int(last)) if last else DURING
    design = Design(window=window, **question.span)
    numbers = {"found": _recount(launches, question), "naive_p": naive_p(*asked, design)[0]}
    if not question.testable:
        return numbers
    study = event_study(*asked, design=design).iloc[0]
    names = ("n_events", "observed", "expected", "low", "high", "p_value", "p_years_permuted")
    numbers |= {name: study[name] for name in names} | {"effect": study["rate_ratio"]}
    seen = power(*asked, design=design, **simulation, progress=False).iloc[0]
    return numbers | {name: seen[name] for name in ("detectable_above", "detectable_below")}


def _recount(launches: pd.DataFrame, question: _Question) -> Any:
    """Count the finding's own number again, where there is a way."""
    test, events = question.test, question.events
    start, end = question.covered  # the launch nearest to an event may lie beyond the period
    counted = launch_days(launches, test["rule"], start=start, end=end, coverage=question.coverage)
    inside = events[events["start"].between(question.span["start"], question.span["end"])]
    if isinstance(test["stretches"], str):
        return stretches(counted, inside, test["stretches"])
    if isinstance(test["recount"], str):
        return RECOUNTS[test["recount"]](counted, inside, load_eras())
    return pd.NA


def _retest_one(question: _Question, numbers: dict[str, Any]) -> dict[str, Any]:
    """Return what was asked and the numbers."""
    test = question.test
    start, end = question.period or (pd.NaT, pd.NaT)
    reasons = [test["no_number"], pd.NA if question.testable else test["no_own_test"]]
    row = {name: test[name] for name in ("finding_id", "label", "who", "kind", "compared")}
    return row | {
        "scope": question.scope,
        "period_start": start,
        "period_end": end,
        "stated": f"{test['claim']}: {test['number']}",
        "reason": "; ".join(why for why in reasons if isinstance(why, str)) or pd.NA,
        "differs": _differs(test),
        **numbers,
    }


def _judged(
    questions: Iterable[_Question], rows: Sequence[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Add p-values adjusted for all tests, and the verdicts that rest on them."""
    p_values = pd.Series([row.get("p_value") for row in rows], dtype=float)
    family: list[dict[Any, Any]] = adjusted(p_values).to_dict("records")
    for question, row, among_all in zip(questions, rows, family, strict=True):
        test, numbers = question.test, row | among_all
        word, sentence = judge(numbers, test["side"], same_question=bool(test["same_question"]))
        yield numbers | {"verdict": word, "sentence": sentence}


def _differs(test: Mapping[str, Any]) -> str:
    """Say what differs from the finding."""
    return "; ".join(f"{name}: {test[f'{name}_differs']}" for name in DIFFERING)


def retest_rhythms(
    launches: pd.DataFrame,
    findings: pd.DataFrame,
    *,
    seed: int = 0,
    coverage: Coverage = None,
    **_: Any,
) -> pd.DataFrame:
    """Test findings on season, weekday and self-excitation again: now part of `retest_findings`."""
    warnings.warn(
        "retest_rhythms is now retest_findings, which tests findings of every kind; the old name "
        "goes with the next version",
        DeprecationWarning,
        stacklevel=2,
    )
    rhythms = findings[findings["kind"].isin(("season", "weekday", "self_excitation"))]
    return noted(
        retest_findings(launches, findings=rhythms, seed=seed, progress=False, coverage=coverage),
        launches,
    )

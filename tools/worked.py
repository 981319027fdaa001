"""Tables of the methods page: what each method of launch frequency says of this record.

The notebook on frequency shows what a reader needs; here is the rest, under the method it is of.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import pandas as pd

from analysis import RULES, counts, last_day, load_coverage, load_eras, load_launches
from analysis import excitation as ex
from analysis import frequency as fq
from analysis.escape import for_markdown
from analysis.notebook import write_cells
from analysis.plot import day

WHOLE, DENSE = "1984-01-01", "2012-01-01"
#: Headings that every table here shares.
_HEADINGS = MappingProxyType(
    {"n": "launch days", "rate": "launch days a year", "expected": "launch days expected"}
)


def worked_table(
    frame: pd.DataFrame, caption: str, names: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Write a table as notebooks do, in Markdown, with its caption before it."""
    texts, right = write_cells(frame, {**_HEADINGS, **names}, "", 3)
    rules = ["---:" if place in right else "---" for place in range(1, len(texts.columns) + 1)]
    rows = [list(map(str, texts)), rules, *texts.map(for_markdown).to_numpy().tolist()]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"*On this record:* {caption}\n\n{lines}"


@cache
def _counts(freq: str, start: str) -> pd.DataFrame:
    return counts(load_launches(), "days", freq=freq, start=start, end=last_day())


def _coverage() -> str:
    table = load_coverage()
    chosen = (table["table"] == "launches") & table["subset"].isin(RULES["days"].families)
    return worked_table(
        table.loc[chosen, ["subset", "start", "end", "completeness", "why"]],
        "days covered of each family counted, and how completely.",
        {"subset": "family", "why": "how known"},
    )


def _rates() -> str:
    spread = fq.dispersion(_counts("month", DENSE), within="year", simulations=500)
    bursts = fq.burstiness(_counts("day", DENSE))
    return "\n\n".join(
        [
            worked_table(
                spread,
                "do monthly counts vary more than independent launches would, each year at its "
                "own rate? The index is 1 if independent; p-values are one-sided.",
                {
                    "index": "index (ratio)",
                    "null_low": "by chance from",
                    "null_high": "by chance to",
                },
            ),
            worked_table(
                bursts,
                "variance over mean of a count in windows of so many days, 1 for independent "
                "launches.",
                {"dispersion": "variance over mean (ratio)"},
            ),
        ]
    )


def _changes() -> str:
    monthly, daily = (_counts(freq, WHOLE) for freq in ("month", "day"))
    others = {
        "months since 2012": fq.change_points(_counts("month", DENSE)),
        "months, negative binomial": fq.change_points(monthly, cost="negative_binomial"),
        "days": fq.change_points(daily),
    }
    parts = [table.assign(counted_in=name) for name, table in others.items()]
    shown = ["counted_in", "start", "rate", "change_low", "change_high"]
    inside = fq.dates_within(fq.change_points(monthly), load_eras())
    inside["kind"] = inside["kind"].str.replace("_", " ")
    return "\n\n".join(
        [
            worked_table(
                pd.concat(parts).dropna(subset="change_low")[shown],
                "the same change points under other choices: another start, another cost, days in "
                "place of months.",
                {"change_low": "change from", "change_high": "change to"},
            ),
            worked_table(
                fq.change_stability(monthly),
                "which set of changes is the best over which range of penalties.",
                {
                    "penalty_low": "penalty from (log-likelihood)",
                    "penalty_high": "penalty to (log-likelihood)",
                    "n_changes": "changes (number)",
                },
            ),
            worked_table(
                inside.drop(columns=["change_low", "change_high"]),
                "political dates inside the interval of a change, and how many of the kind chance "
                "alone would put there. None is thereby a cause.",
                {"expected": "dates expected", "days_after": "change after it (days)"},
            ),
        ]
    )


def _season() -> str:
    days, months = _counts("day", DENSE), _counts("month", DENSE)
    there = fq.seasonality(
        load_launches(), by="weekday", start=DENSE, end=last_day(), calendar="America/New_York"
    )
    weekdays = {"in Korea": fq.seasonality(days, by="weekday"), "in Washington": there}
    week = pd.concat([table.assign(date=name) for name, table in weekdays.items()])
    shown = ["date", "label", "n", "expected", "p_value", "p_years_permuted", "p_cycle"]
    growth = fq.count_regression(months)
    return "\n\n".join(
        [
            worked_table(
                fq.season_change(days),
                "the fourth quarter before and after: launch days in all and in the quarter, and "
                "expected had each year spread evenly; the last row compares the two.",
                {"n_quarter": "launch days in the quarter"},
            ),
            worked_table(
                week[shown],
                "launch days by weekday; p by shifts, with whole years permuted, and for the week "
                "as a whole.",
                {"label": "weekday", "p_cycle": "p of the week"},
            ),
            worked_table(
                growth[["term", "rate_ratio", "low", "high", "p_value", "years"]],
                f"negative binomial regression of monthly launch days since {day(DENSE)} on trend "
                "and quarter: a year over the year before, a quarter over the others.",
            ),
        ]
    )


def _waiting() -> str:
    waits = fq.waiting_times(_counts("day", DENSE))
    fits = fq.fit_waiting(waits)
    fits[["model", "parameter"]] = fits[["model", "parameter"]].replace("_", " ", regex=True)
    fits["estimate"] = fits["estimate"].map("{:.3g}".format) + " " + fits["unit"].fillna("")
    shown = ["model", "parameter", "estimate", "low", "high", "bic", "delta_bic", "n"]
    return "\n\n".join(
        [
            worked_table(
                fits[shown],
                "each law and parameter, and BIC above the best law. A Weibull shape below 1: the "
                "longer the pause, the smaller the chance.",
                {"bic": "BIC (points)", "delta_bic": "BIC above best (points)", "n": "waits"},
            ),
            worked_table(
                fq.longest_pauses(waits),
                "the longest pauses: share of all waits at least as long, and under each law the "
                "chance that the longest of as many is at least so long.",
                {"share": "share of waits"},
            ),
        ]
    )


def _excitation() -> str:
    fitted = ex.excitation_by_baseline(load_launches(), start=DENSE, end=last_day())
    shown = ["background", "branching_ratio", "low", "high", "half_life_days", "ratio_if_free"]
    return worked_table(
        fitted[shown],
        "the branching ratio by what the background follows, and what it would be were the rates "
        "of the background free, which is too low.",
        {"ratio_if_free": "ratio if free"},
    )


def worked_pages() -> dict[str, str]:
    """Return the tables by the place from which the methods page includes them."""
    parts = {"coverage": _coverage, "rates": _rates, "changes": _changes, "season": _season,
             "waiting": _waiting, "excitation": _excitation}  # fmt: skip
    return {f"worked/{name}.md": write() for name, write in parts.items()}

"""Other databases: how their counts were revised, where they differ, how late they list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib.ticker as mt
import pandas as pd
import seaborn as sns

from ..errors import need_filled
from .names import rule_label
from .parts import begin, day, finish, rows, write
from .style import BLUE, GREY, INK, MUTED, ORANGE, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: How each database is drawn, and called.
LOOKS: dict[str, dict[str, Any]] = {
    "cns": {"color": BLUE, "linestyle": "-"},
    "csis": {"color": ORANGE, "linestyle": "--"},
}
NAMES = {"cns": "CNS", "csis": "CSIS"}


def plot_revisions(
    summary: pd.DataFrame,
    *,
    unit: str = "missiles",
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each year's count as its year ended, at its peak and in the newest state.

    Parameters
    ----------
    summary : DataFrame
        What ``vintage_summary`` returned: `year`, `first`, `peak`, `today`.
    unit : str
        What is counted, for the axis.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If a column is missing.

    See Also
    --------
    describe_revisions : the same in words.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_revisions
    >>> table = pd.DataFrame({"year": [2022], "first": [71], "peak": [72], "today": [69]})
    >>> plot_revisions(table, ax=Figure().add_subplot()).get_ylabel()
    'missiles a year'
    """
    ax = begin(ax, summary, ["year", "first", "peak", "today"])
    bar: Any = {"color": GREY, "width": 0.72, "alpha": 0.45, "label": "in the newest state"}
    ax.bar(summary["year"], summary["today"], **bar)
    ax.plot(summary["year"], summary["first"], "o", color=BLUE, mec=INK, label="as the year ended")
    ax.plot(summary["year"], summary["peak"], "^", color=RED, mec=INK, ms=5, label="at its peak")
    for row in rows(summary[_was_revised(summary)]):
        top = max(row.first, row.peak, row.today)
        words = " → ".join(f"{n:,}" for n in _steps(row))
        write(ax, words, (row.year, top), (0, 7), ha="center", va="bottom", color=INK)
    ax.legend(loc="upper left")
    ax.set_xticks(summary["year"])
    height = max(1, summary["peak"].max()) * 1.15
    return finish(ax, summary, source, ylabel=f"{unit} a year", ylim=(0, height))


def _was_revised(summary: pd.DataFrame) -> pd.Series:
    return (summary["first"] != summary["today"]) | (summary["peak"] != summary["today"])


def _steps(row: Any) -> list[int]:
    """Return a year's counts one after the other, without those that change nothing."""
    counts = [row.first, row.peak, row.today]
    return [n for place, n in enumerate(counts) if not place or n != counts[place - 1]]


def describe_revisions(summary: pd.DataFrame) -> str:
    """Say which years' counts were revised.

    Parameters
    ----------
    summary : DataFrame
        What ``vintage_summary`` returned.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import describe_revisions
    >>> describe_revisions(pd.DataFrame(
    ...     {"year": [2021, 2022], "first": [6, 71], "peak": [6, 72], "today": [6, 69]}))
    '1 of 2 years were counted anew after their end: 2022 (71 → 72 → 69).'
    """
    need_filled(summary, ["year", "first", "peak", "today"], "the table")
    changed = summary[_was_revised(summary)]
    years = [f"{row.year} ({' → '.join(f'{n:,}' for n in _steps(row))})" for row in rows(changed)]
    of = f"{len(changed)} of {len(summary)} years were counted anew after their end"
    return f"{of}{': ' if years else ''}{', '.join(years)}."


def plot_differences(
    differences: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw by year and rule how many launches the record has more than each database.

    Parameters
    ----------
    differences : DataFrame
        What ``database_differences`` returned: `database`, `rule`, `year`, `difference`.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on: a column a year with any difference, a row a database and rule.

    Raises
    ------
    ValueError
        If a column is missing.

    See Also
    --------
    describe_differences : the same in words.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_differences
    >>> table = pd.DataFrame({"database": "cns", "rule": "ballistic_days",
    ...     "year": [2021, 2022], "difference": [0, 1]})
    >>> [text.get_text() for text in plot_differences(table, ax=Figure().add_subplot()).texts]
    ['+1']
    """
    ax = begin(ax, differences, ["database", "rule", "year", "difference"])
    some = differences.loc[differences["difference"] != 0, "year"].unique()
    table = differences[differences["year"].isin(some)]
    names = [f"{NAMES[row.database]}: {rule_label(row.rule)}" for row in rows(table)]
    table = table.assign(name=names)
    wide = table.pivot_table(index="name", columns="year", values="difference", aggfunc="sum")
    wide = wide.reindex(table["name"].unique())
    most = max(1.0, wide.abs().max().max()) if wide.size else 1.0
    texts = wide.map(lambda n: "" if pd.isna(n) or n == 0 else f"{n:+.0f}")
    shades = sns.blend_palette([ORANGE, "white", BLUE], as_cmap=True)
    look: Any = {"cmap": shades, "vmin": -most, "vmax": most, "cbar": False, "linewidths": 1}
    sns.heatmap(wide, annot=texts, fmt="", annot_kws={"color": INK}, ax=ax, **look)
    for text in [text for text in ax.texts if not text.get_text()]:
        text.remove()
    ax.tick_params(axis="both", length=0)
    ax.tick_params(axis="x", rotation=90)
    ax.tick_params(axis="y", rotation=0)
    return finish(ax, differences, source, xlabel="", ylabel="")


def describe_differences(differences: pd.DataFrame) -> str:
    """Say in how many years each database differs from the record.

    Parameters
    ----------
    differences : DataFrame
        What ``database_differences`` returned.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import describe_differences
    >>> describe_differences(pd.DataFrame({"database": "cns", "rule": "ballistic_days",
    ...     "year": [2021, 2022], "difference": [0, 1]}))
    'The record differs from CNS under ballistic days in 1 of 2 years (+1 in all).'
    """
    need_filled(differences, ["database", "rule", "difference"], "the table")
    parts = []
    for (database, rule), part in differences.groupby(["database", "rule"], sort=False):
        n, total = (part["difference"] != 0).sum(), part["difference"].sum()
        where = f"{NAMES[str(database)]} under {rule_label(str(rule))}"
        parts.append(f"{where} in {n} of {len(part)} years ({total:+d} in all)")
    return f"The record differs from {'; '.join(parts)}."


def plot_delays(delays: pd.DataFrame, *, source: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw what share of launch days each database listed within so many days.

    Parameters
    ----------
    delays : DataFrame
        What ``listing_delays`` returned: `database`, `days`.
    source : str, optional
        Source line; the record's own on its own tables, else none, if not given.
    ax : Axes, optional
        Where to draw; the current axes by default.

    Returns
    -------
    Axes
        The axes drawn on; days on a scale that is linear to 10 and logarithmic beyond.

    Raises
    ------
    ValueError
        If a column is missing.

    See Also
    --------
    describe_delays : the same in words.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from analysis.plot import plot_delays
    >>> table = pd.DataFrame({"database": "cns", "days": [0, 1, 1, 708]})
    >>> plot_delays(table, ax=Figure().add_subplot()).get_ylabel()
    'share of launch days listed'
    """
    ax = begin(ax, delays, ["database", "days"])
    for name, look in LOOKS.items():
        days = delays.loc[delays["database"] == name, "days"]
        if len(days):
            label = f"{NAMES[name]}: {len(days):,} launch days"
            sns.ecdfplot(x=days, label=label, linewidth=2, **look, ax=ax)
    ax.set_xscale("symlog", linthresh=10, linscale=1.5)
    ticks = [0, 2, 4, 6, 8, 10, 30, 100, 365, 1000]
    ax.set_xticks(ticks, [f"{n:,}" for n in ticks])
    ax.xaxis.set_minor_locator(mt.NullLocator())
    ax.yaxis.set_major_formatter(mt.PercentFormatter(1))
    for at, words in ((7, "a week"), (30, "a month")):
        ax.axvline(at, color=MUTED, linewidth=0.8, linestyle=":")
        write(ax, words, (at, 0), (3, 4), color=MUTED)
    ax.legend(loc="center right")
    words = "days from the launch to the first state that lists it"
    limits = (0, max(40, float(delays["days"].max()) * 1.2))
    return finish(
        ax,
        delays,
        source,
        xlabel=words,
        ylabel="share of launch days listed",
        xlim=limits,
        ylim=(0, 1.02),
    )


def describe_delays(delays: pd.DataFrame) -> str:
    """Say how many days pass until a launch day is listed.

    Parameters
    ----------
    delays : DataFrame
        What ``listing_delays`` returned: `database`, `date`, `days`.

    Returns
    -------
    str
        One sentence a database.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.plot import describe_delays
    >>> describe_delays(pd.DataFrame({"database": "cns", "days": [0, 1, 708],
    ...     "date": pd.to_datetime(["2019-05-04", "2019-05-09", "2019-04-17"])}))
    'CNS: half within 1 day, 67 % within 30, the longest 708 days (17 April 2019).'
    """
    need_filled(delays, ["database", "days", "date"], "the table")
    parts = []
    for name, part in delays.groupby("database", sort=False):
        half, longest = part["days"].median(), part.iloc[int(part["days"].argmax())]
        parts.append(
            f"{NAMES[str(name)]}: half within {half:g} day{'' if half == 1 else 's'}, "
            f"{(part['days'] <= 30).mean():.0%} within 30, the longest {longest['days']:,} days "
            f"({day(longest['date'])}).".replace("%", " %")
        )
    return " ".join(parts)

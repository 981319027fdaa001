"""The year to date in JupyterLab: choose rule, years and day; see the curve and its sentence."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd

from .counting import RULES, cumulative, describe_count
from .errors import check_one_of, check_whole
from .escape import for_attribute, for_html
from .extras import library
from .plot import plot_year_to_date, sheet, styled
from .record.load import last_day
from .series.strata import START

if TYPE_CHECKING:
    from ipywidgets import VBox

#: The first year from which the record holds launches nearly every year.
_SINCE = pd.Timestamp(START).year
#: A leap year, so that the slider has 29 February.
_LEAP = 2024


def explore_year_to_date(
    launches: pd.DataFrame,
    *,
    rule: str = "cnn",
    years: tuple[int, int] | None = None,
    day: str = "11-09",
) -> VBox:
    """Build the year-to-date widget.

    Parameters
    ----------
    launches : DataFrame
        One row a launch, as from ``load_launches()``.
    rule : str
        The rule shown first, a key of ``RULES``.
    years : (int, int), optional
        First and last year shown first; 2012 to 2022, the year of the article's number, if
        not given. The count is that of the last one.
    day : str
        Month and day shown first, such as ``"11-09"``. In a year without 29 February that day
        means the 28th; in the running year a later day means the last day of record.

    Returns
    -------
    ipywidgets.VBox
        Three controls, the sentence a reporter could print, and the curve.

    Raises
    ------
    ModuleNotFoundError
        If ipywidgets is missing; the message names the extra.
    ValueError
        If the rule is unknown, a year lies outside the record or the day is none.

    Examples
    --------
    >>> from analysis import load_launches
    >>> from analysis import explore_year_to_date
    >>> widget = explore_year_to_date(load_launches())
    >>> "32" in widget.children[1].value
    True
    """
    widgets = library("ipywidgets", "lab")
    first, last = (check_whole("years", year) for year in years or (_SINCE, 2022))
    end = last_day().year
    check_one_of("rule", rule, RULES)
    if not _SINCE <= first <= last <= end:
        raise ValueError(f"years {first}-{last}: expected from {_SINCE} to {end}, in order")
    days = _days()
    if day not in days.values():
        raise ValueError(f"day {day!r}: expected month and day such as '11-09'")
    wide: Any = {"style": {"description_width": "5em"}, "layout": {"width": "34em"}}
    slow: Any = {"continuous_update": False, **wide}
    span: Any = {"value": (first, last), "min": _SINCE, "max": end}
    until: Any = {"value": day, "options": list(days.items())}
    controls = {
        "rule": widgets.Dropdown(options=list(RULES), value=rule, description="rule", **wide),
        "years": widgets.IntRangeSlider(description="years", **span, **slow),
        "day": widgets.SelectionSlider(description="until", **until, **slow),
    }
    sentence, curve = widgets.HTML(), widgets.HTML()

    def refresh(_change: object = None) -> None:
        chosen = {name: control.value for name, control in controls.items()}
        text, picture = _answer(launches, **chosen)
        sentence.value = f"<p style='font-size:1.15em'><b>{for_html(text)}</b></p>"
        curve.value = f"<img alt='{for_attribute(text)}' style='max-width:100%' src='{picture}'>"

    for control in controls.values():
        control.observe(refresh, names="value")
    refresh()
    return widgets.VBox([widgets.VBox(list(controls.values())), sentence, curve])


def _days() -> dict[str, str]:
    """Every day of a year as the slider writes it, with its month and day."""
    days = pd.date_range(f"{_LEAP}-01-01", f"{_LEAP}-12-31")
    return {f"{day.day} {day.month_name()}": f"{day:%m-%d}" for day in days}


def _answer(launches: pd.DataFrame, rule: str, years: tuple[int, int], day: str) -> tuple[str, str]:
    """Return the sentence and the picture, as a data address, for one choice."""
    import matplotlib.pyplot as plt

    first, last = years
    as_of = day_of_year(last, day)
    curves = cumulative(launches, rule, years=range(first, last + 1), as_of=as_of)
    with styled():
        figure, ax = sheet(4.0)
        plot_year_to_date(curves, unit="count", level_text="the article's number", ax=ax)
        buffer = BytesIO()
        figure.savefig(buffer, format="png", dpi=110)
        plt.close(figure)
    picture = "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
    return describe_count(launches, rule, as_of=as_of), picture


def day_of_year(year: int, day: str) -> pd.Timestamp:
    """Return a month and day in a year, no later than the last day of record.

    Parameters
    ----------
    year : int
        The year.
    day : str
        Month and day, such as ``"02-29"``; in a common year that is the 28th.

    Returns
    -------
    Timestamp
        The day.

    Examples
    --------
    >>> str(day_of_year(2023, "02-29").date())
    '2023-02-28'
    """
    month, number = map(int, day.split("-"))
    month_days = pd.Timestamp(year, month, 1).days_in_month
    return min(pd.Timestamp(year, month, min(number, month_days)), last_day())

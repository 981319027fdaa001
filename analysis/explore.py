"""The year to date in JupyterLab: choose rule, day and years; see the curve and its sentence."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd

from .counting import RULES, cumulative, describe_count
from .errors import check_one_of, check_whole
from .escape import for_attribute, for_html
from .extras import library
from .plot import day as written
from .plot import plot_year_to_date, sheet, styled
from .record.days import as_day
from .record.load import last_day, load_labels
from .series.strata import START

if TYPE_CHECKING:
    from ipywidgets import HTML, VBox

#: The first year from which the record holds launches nearly every year.
_SINCE = pd.Timestamp(START).year
_UNIT_WORDS = {"missile": "missiles", "salvo": "salvos", "day": "days with a launch"}
_HINT = (
    "A picture that stands still. Run the notebook (menu Run, Run All Cells) to choose another "
    "rule, day or years here."
)


def explore_year_to_date(
    launches: pd.DataFrame,
    *,
    rule: str = "cnn",
    years: tuple[int, int] | None = None,
    day: str | None = None,
) -> VBox:
    """Build the year-to-date widget.

    Parameters
    ----------
    launches : DataFrame
        One row a launch, as from ``load_launches()``.
    rule : str
        The rule shown first, a key of ``RULES``.
    years : (int, int), optional
        First and last year shown first; 2012 to the running year if not given. The count is that
        of the last one.
    day : str, optional
        Month and day shown first, such as ``"11-09"``; those of the last day of record if not
        given. In a year without 29 February that day means the 28th; in the running year a later
        day means the last day of record, and the widget says so.

    Returns
    -------
    ipywidgets.VBox
        The controls with the rule's definition beside them, the sentence a reporter could print,
        why another day is counted than was chosen, if so, and the curve. Where it cannot run, as
        in a stored notebook, its sentence and picture stand there with a hint.

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
    >>> widget = explore_year_to_date(load_launches(), years=(2012, 2022), day="11-09")
    >>> "on 32 days" in widget.children[1].value
    True
    """
    widgets = library("ipywidgets", "lab")
    first, last = (check_whole("years", year) for year in years or (_SINCE, last_day().year))
    check_one_of("rule", rule, RULES)
    if not _SINCE <= first <= last <= last_day().year:
        raise ValueError(
            f"years {first}-{last}: expected from {_SINCE} to {last_day().year}, in order"
        )
    chosen = _in_year(last, day)
    labels = {label: name for name, label in load_labels("rules").items()}
    wide: Any = {"style": {"description_width": "7em"}, "layout": {"width": "26em"}}
    # selects and a field for a date: their labels are read out, those of sliders are not
    controls = {
        "rule": widgets.Dropdown(options=labels, value=rule, description="counted as", **wide),
        "until": widgets.DatePicker(value=chosen.date(), description="until", **wide),
        "first": widgets.Dropdown(
            options=range(_SINCE, last_day().year + 1), value=first, description="since", **wide
        ),
    }
    definition, sentence, reason, curve = (widgets.HTML() for _ in range(4))

    def refresh(_change: object = None) -> None:
        given = {name: control.value for name, control in controls.items()}
        definition.value = f"<p>{for_html(RULES[given['rule']].definition)}</p>"
        until, why = _day_counted(given["until"])
        reason.value = f"<p role='alert'>{for_html(why)}</p>" if why else ""
        text, picture = _answered(launches, given["rule"], (given["first"], until.year), until)
        sentence.value = f"<p style='font-size:1.15em'><b>{for_html(text)}</b></p>"
        curve.value = f"<img alt='{for_attribute(text)}' style='max-width:100%' src='{picture}'>"

    for control in controls.values():
        control.observe(refresh, names="value")
    refresh()
    choices = widgets.HBox([widgets.VBox(list(controls.values())), definition])
    return _with_still(widgets.VBox([choices, sentence, reason, curve]), sentence, curve)


def _with_still(box: VBox, *parts: HTML) -> VBox:
    """Let a widget leave its parts, and a hint, where it cannot run."""
    alive = box._repr_mimebundle_

    def bundle(**options: Any) -> dict[str, Any]:
        still = "".join(part.value for part in parts)
        return {**alive(**options), "text/html": f"{still}<p><em>{_HINT}</em></p>"}

    box._repr_mimebundle_ = bundle
    return box


def _in_year(year: int, day: str | None) -> pd.Timestamp:
    """Return a month and day, or those of the last day of record, in a year."""
    month_day = f"{last_day():%m-%d}" if day is None else day
    try:
        leap_day = pd.to_datetime(f"2024-{month_day}", format="%Y-%m-%d")
    except ValueError:
        raise ValueError(f"day {day!r}: expected month and day such as '11-09'") from None
    days = pd.Timestamp(year, leap_day.month, 1).days_in_month
    return pd.Timestamp(year, leap_day.month, min(leap_day.day, days))


def _day_counted(chosen: object) -> tuple[pd.Timestamp, str]:
    """Return the day to count to, and why it is not the one chosen, where it is not."""
    first, last = pd.Timestamp(_SINCE, 1, 1), last_day()
    day = last if chosen is None else as_day(chosen, "until")  # type: ignore[arg-type]
    if day > last:
        return last, f"The record ends on {written(last)}: counted to that day."
    if day < first:
        return first, f"Earlier years hold few launches: counted on {written(first)}."
    return day, "" if chosen else f"No day is chosen: counted to the last, {written(last)}."


def _answered(
    launches: pd.DataFrame, rule: str, years: tuple[int, int], as_of: pd.Timestamp
) -> tuple[str, str]:
    """Return the sentence and the picture, as a data address, for one choice."""
    import matplotlib.pyplot as plt

    first, last = years
    curves = cumulative(launches, rule, years=range(min(first, last), last + 1), as_of=as_of)
    with styled():
        figure, ax = sheet(4.0)
        plot_year_to_date(curves, unit=_UNIT_WORDS[RULES[rule].unit], level=None, ax=ax)
        buffer = BytesIO()
        figure.savefig(buffer, format="png", dpi=110)
        plt.close(figure)
    picture = "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
    return describe_count(launches, rule, as_of=as_of), picture

"""What a figure function returns, and the years that figures cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..record.load import last_day
from ..series.strata import START

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


class Drawing(NamedTuple):
    """A drawn figure, the numbers in it, its alternative text and what it answers."""

    figure: Figure
    table: pd.DataFrame
    alt: str
    answer: str = ""  # a sentence or two, computed; the figure's subtitle


def whole_record() -> dict[str, Any]:
    """Return the first and last day of the record."""
    return {"start": "1984-01-01", "end": last_day()}


def dense_years() -> dict[str, Any]:
    """Return the first and last day of the years in which the record is dense enough to compare."""
    return {"start": START, "end": last_day()}

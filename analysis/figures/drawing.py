"""What a figure function returns, and the sheet it draws on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..plot.style import WIDTH, pyplot

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


class Drawing(NamedTuple):
    """A drawn figure, the numbers in it and its alternative text."""

    figure: Figure
    table: pd.DataFrame
    alt: str


def sheet(height: float, rows: int = 1, columns: int = 1, **options: Any) -> tuple[Figure, Any]:
    """Open a figure of report width; return it and its axes (an array where there are several)."""
    return pyplot().subplots(rows, columns, figsize=(WIDTH, height), **options)

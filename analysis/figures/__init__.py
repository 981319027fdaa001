"""Every report figure: one function that draws it, declared where it stands.

``python -m analysis.figures`` draws those whose inputs changed, each as PNG and SVG beside the CSV
of the numbers drawn. The declarations are read from the source of this package's modules, which
import heavy libraries: so finding out that nothing changed takes a moment only.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ..errors import check_one_of
from ..record.stale import describe_outdated

if TYPE_CHECKING:
    from .drawing import Drawing

Function = TypeVar("Function", bound=Callable[[], Any])
#: Tables that every figure rests on: what counts, who is followed, which categories there are.
_CONVENTIONS = ("rules", "announcers", "categories")


class ReportFigure(NamedTuple):
    """What there is to know of a figure before it is drawn."""

    name: str  # file name without suffix
    question: str  # what the figure answers; its title
    function: str  # module of this package and function, "record:launches_by_year"
    tables: tuple[str, ...] = ()  # tables of data/processed that it depends on
    proofs: tuple[str, ...] = ()  # simulated tables, by their file's name


def report_figure(
    name: str, question: str, *, tables: tuple[str, ...] = (), proofs: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """Declare that a function without arguments draws a report figure; all given as literals.

    Parameters
    ----------
    name : str
        File name without suffix, a number first.
    question : str
        What the figure answers; its title.
    tables, proofs : tuple of str
        What it reads, so that it is drawn anew when one of them changes.

    Returns
    -------
    callable
        Gives the function back as it is.
    """
    return lambda function: function


def _declared() -> Iterator[ReportFigure]:
    """Find the functions marked by `report_figure`, without importing their modules."""
    for path in files(__name__).iterdir():
        if not path.name.endswith(".py"):
            continue
        body = ast.parse(path.read_text("utf-8")).body
        for function in (node for node in body if isinstance(node, ast.FunctionDef)):
            for mark in function.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "report_figure":
                    name, question = map(ast.literal_eval, mark.args)
                    read = {str(one.arg): ast.literal_eval(one.value) for one in mark.keywords}
                    place = f"{path.name.removesuffix('.py')}:{function.name}"
                    tables = (*_CONVENTIONS, *read.get("tables", ()))
                    yield ReportFigure(name, question, place, tables, read.get("proofs", ()))


FIGURES = tuple(sorted(_declared()))


def draw(name: str) -> Drawing:
    """Draw a report figure and return it with the numbers in it and its alternative text.

    Parameters
    ----------
    name : str
        Its name in ``FIGURES``.

    Returns
    -------
    Drawing
        ``figure`` (under its question and answer), ``table``, ``alt`` (the answer first) and
        ``answer``.

    Raises
    ------
    ValueError
        If there is no such figure.

    Examples
    --------
    >>> draw("02-year-to-date").table.columns.tolist()
    ['year', 'date', 'n', 'exact']
    """
    figures = {figure.name: figure for figure in FIGURES}
    check_one_of("figure", name, figures)
    module, _, function = figures[name].function.partition(":")
    drawing: Drawing = getattr(import_module(f"{__name__}.{module}"), function)()
    answer = f"{drawing.answer}{describe_outdated(figures[name].proofs)}"
    headline = import_module("..plot.style", __name__).headline
    headline(drawing.figure, figures[name].question, answer)
    return drawing._replace(alt=f"{answer} {drawing.alt}", answer=answer)


__all__ = ["FIGURES", "ReportFigure", "draw", "report_figure"]

"""One form of error for an unknown value, a missing column and a number out of range.

And one form in which a command says what stopped it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from .escape import for_terminal

if TYPE_CHECKING:
    import pandas as pd


def unknown(what: str, value: object, allowed: Iterable[object]) -> ValueError:
    """Return the error for a value that is none of those allowed.

    Examples
    --------
    >>> str(unknown("null", "shift", ["circular_shift", "years_permuted"]))
    "unknown null 'shift': expected circular_shift, years_permuted"
    """
    words = for_terminal(", ".join(map(str, allowed)))
    return ValueError(f"unknown {what} {value!r}: expected {words}")


def check_one_of(what: str, value: Any, allowed: Iterable[Any]) -> None:
    """Raise unless the value is one of those allowed.

    Examples
    --------
    >>> check_one_of("freq", "month", ("year", "month"))
    """
    allowed = list(allowed)
    if value not in allowed:
        raise unknown(what, value, allowed)


def need_columns(table: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    """Raise unless the table has the columns; `what` names it: "the launches", "the groups".

    Examples
    --------
    >>> import pandas as pd
    >>> need_columns(pd.DataFrame({"n": [1]}), ["n"], "the count table")
    """
    missing = [column for column in columns if column not in table]
    if missing:
        there = for_terminal(", ".join(map(str, table.columns))) or "none"
        raise ValueError(
            f"{what} lack{'' if what.endswith('s') else 's'} the column(s) "
            f"{', '.join(map(repr, missing))}; there are: {there}"
        )


def need_filled(table: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    """Raise unless the table has the columns, and no cell of words or of objects is empty.

    A missing number stands as NaN in a column of numbers, which a picture leaves blank.

    Examples
    --------
    >>> import pandas as pd
    >>> need_filled(pd.DataFrame({"n": [1.5, float("nan")]}), ["n"], "the count table")
    """
    columns = list(columns)
    need_columns(table, columns, what)
    for column in columns:
        cells = table[column]
        if cells.dtype.kind == "O" and cells.isna().any():
            place = int(cells.isna().to_numpy().argmax())
            raise ValueError(
                f"{what} {'have' if what.endswith('s') else 'has'} an empty cell in the column "
                f"{column!r}, row {table.index[place]!r} (place {place + 1}): expected a value "
                "in every row"
            )


def check_share(what: str, value: object) -> float:
    """Return a number strictly between 0 and 1, or raise.

    Examples
    --------
    >>> check_share("level", 0.95)
    0.95
    """
    # a comparison with nan is false, so nan is refused too
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 < float(value) < 1:
        raise ValueError(f"expected a number between 0 and 1 for {what}, got {value!r}")
    return float(value)


def check_whole(what: str, value: object, *, least: int = 0) -> int:
    """Return a whole number of at least `least`, or raise.

    Examples
    --------
    >>> check_whole("n", 32, least=1)
    32
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise ValueError(f"expected a whole number of at least {least} for {what}, got {value!r}")
    return int(value)


def exit_status(program: str, work: Callable[[], int | None]) -> int:
    """Do the work of a command; return its exit status, 1 after a line on what stopped it.

    A reader of what is printed, such as `head`, may have seen enough: that stops nothing.

    Examples
    --------
    >>> exit_status("count", lambda: print(32))
    32
    0
    """
    status = 0
    try:
        status = work() or 0
        print(end="", flush=True)
    except BrokenPipeError:
        _drop_the_rest()
    except (ValueError, OSError, ModuleNotFoundError) as error:
        print(f"{program}: {error}", file=sys.stderr)
        _drop_the_rest()
        status = 1
    return status


def _drop_the_rest() -> None:
    """Print what is left where that is possible; else Python would fail at it when it ends."""
    try:
        print(end="", flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def need_named(frame: pd.DataFrame, columns: Iterable[str], name: str, what: str) -> None:
    """Raise unless a table has the columns; say how to add them. `what` needs them.

    Examples
    --------
    >>> import pandas as pd
    >>> need_named(pd.DataFrame({"date": []}), ["date"], "launches", "`hours`")
    """
    missing = [column for column in columns if column not in frame]
    if missing:
        named = ", ".join(f"{column}=..." for column in missing)
        raise ValueError(
            f"{what} needs the column(s) {', '.join(map(repr, missing))} of the {name}: "
            f"`as_{name}(..., {named})` names yours or gives one value for all rows"
        )

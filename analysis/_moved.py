"""Old addresses of names, kept for one version with a warning."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

_PACKAGE = __name__.rpartition(".")[0]


def moved(old: str, homes: Mapping[str, Sequence[str]] | str) -> Callable[[str], Any]:
    """Return the `__getattr__` of a module whose names now live elsewhere.

    Parameters
    ----------
    old : str
        The module's name.
    homes : mapping or str
        Names by the module that holds them now, or the module that holds all of them; modules
        are named from the package on.

    Returns
    -------
    callable
        Finds a name in its new home and warns; an unknown name is an AttributeError as ever.

    Examples
    --------
    >>> find = moved("analysis.load", "record.load")
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     find("load_sites").__name__
    'load_sites'
    """

    def find(name: str) -> Any:
        home = homes if isinstance(homes, str) else _home(homes, name)
        # dunders are asked for by the import system itself
        if home is None or name.startswith("__"):
            raise AttributeError(f"module {old!r} has no attribute {name!r}")
        value = getattr(import_module(f"{_PACKAGE}.{home}"), name)
        warnings.warn(
            f"{old}.{name} is now {_PACKAGE}.{home}.{name}; the old address goes with the next "
            "version",
            DeprecationWarning,
            stacklevel=2,
        )
        return value

    return find


def _home(homes: Mapping[str, Sequence[str]], name: str) -> str | None:
    return next((home for home, names in homes.items() if name in names), None)

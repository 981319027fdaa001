"""Optional libraries, imported when a function needs them."""

from __future__ import annotations

import importlib
import importlib.util
from importlib.metadata import PackageNotFoundError, version
from typing import Any


def library(name: str, extra: str = "stats") -> Any:
    """Import a module, or say which extra of the package brings it.

    Parameters
    ----------
    name : str
        The module, such as "scipy.stats".
    extra : str
        The extra that brings it.

    Returns
    -------
    module
        The module.

    Raises
    ------
    ModuleNotFoundError
        If it is not installed.

    Examples
    --------
    >>> library("scipy.special").gamma(5.0).item()
    24.0
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{name} is needed here: pip install 'dprk-launch-record[{extra}]'"
        ) from error


def version_of(distribution: str) -> str:
    """Return the version of a distribution, or that it is not installed.

    Examples
    --------
    >>> version_of("no-such-thing")
    'not installed'
    """
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"


def require(extra: str, *modules: str) -> None:
    """Raise unless the modules that an extra brings are installed.

    A room that cannot work without an extra imports ``extras.stats`` or ``extras.figures``
    first, and may then import the libraries as usual.

    Examples
    --------
    >>> require("stats", "scipy")
    """
    for module in modules:
        if importlib.util.find_spec(module) is None:
            raise ModuleNotFoundError(
                f"{module} is needed here: pip install 'dprk-launch-record[{extra}]'"
            )

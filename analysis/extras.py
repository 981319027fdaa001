"""Optional libraries, imported when a function needs them."""

from __future__ import annotations

import importlib
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

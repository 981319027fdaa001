"""Optional libraries, imported only when a function needs them."""

from __future__ import annotations

import importlib
from typing import Any


def library(name: str) -> Any:
    """Import a module of the extra ``stats``, or say which extra brings it."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{name} is needed for links with events: install the extra 'stats' "
            "(pip install 'dprk-launch-record[stats]')"
        ) from error

"""The package `analysis` whole, under a name that no file of a user hides.

A folder that holds an ``analysis.py`` of its own can say ``import dprk_launches``. The code is
that of the folder ``analysis`` beside this one, found by its place and not by its name.
"""

import os.path
from importlib.machinery import PathFinder

# joined as text: the place may be inside a zip
_spec = PathFinder.find_spec("analysis", [os.path.dirname(__path__[0])])  # noqa: PTH120
__path__ = _spec.submodule_search_locations
exec(_spec.loader.get_code("analysis"))

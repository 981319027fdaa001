from analysis import *
from analysis import __all__ as __all__
from analysis import __version__ as __version__

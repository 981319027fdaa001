"""The version of the code; that of the data stands in ``data/raw/version.txt``."""

__version__ = "0.1.0"

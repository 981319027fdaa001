"""Moved to `analysis.record` and `analysis.counting`: this address goes with the next version."""

from . import _HOMES
from ._moved import moved

__getattr__ = moved(__name__, _HOMES)

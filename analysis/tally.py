"""Moved to `analysis.counting`: this address goes with the next version."""

from ._moved import moved

__getattr__ = moved(__name__, "counting")

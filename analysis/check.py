"""Moved to `analysis.record.check`: this address goes with the next version."""

from ._moved import moved

__getattr__ = moved(__name__, "record.check")

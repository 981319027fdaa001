"""Imported first by rooms that draw: says what to install without matplotlib and seaborn."""

from . import require

require("figures", "matplotlib", "seaborn")

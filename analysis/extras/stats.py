"""Imported first by rooms that need scipy and statsmodels: says what to install without them."""

from . import require

require("stats", "scipy", "statsmodels", "joblib", "tqdm")

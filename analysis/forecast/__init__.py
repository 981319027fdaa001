"""Forecasts of the year's end and of the next launch, and how often they were right."""

from ..extras import stats as _stats  # noqa: F401  first: says what to install
from .backtest import backtest, backtest_next
from .calibration import coverage_by_model, pit_histogram, reliability
from .compare import by_record, compare_forecasts, skill_by_month
from .kept import keep_forecast, read_forecasts, score_kept
from .next import next_launch
from .published import score_published
from .year import MODELS, describe_forecast, year_end

__all__ = [
    "MODELS",
    "backtest",
    "backtest_next",
    "by_record",
    "compare_forecasts",
    "coverage_by_model",
    "describe_forecast",
    "keep_forecast",
    "next_launch",
    "pit_histogram",
    "read_forecasts",
    "reliability",
    "score_kept",
    "score_published",
    "skill_by_month",
    "year_end",
]

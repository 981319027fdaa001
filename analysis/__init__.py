"""North Korean missile launches as a time series: a record, counting rules and statistics.

The public names are loaded when first used, so that ``from analysis import load_launches`` costs
little more than pandas.
"""

from importlib import import_module

from ._version import __version__ as __version__

_HOMES = {
    "record.schema": ("DATA_VERSION",),
    "record.check": ("Problem", "RecordError"),
    "record.describe": ("describe",),
    "record.load": (
        "last_day",
        "load_announcers",
        "load_article",
        "load_categories",
        "load_codes",
        "load_coverage",
        "load_eras",
        "load_events",
        "load_groups",
        "load_known_differences",
        "load_launches",
        "load_outlet_rules",
        "load_outlets",
        "load_published_counts",
        "load_published_findings",
        "load_published_firsts",
        "load_published_forecasts",
        "load_retests",
        "load_rules",
        "load_sites",
        "load_sources",
        "load_systems",
        "load_vintages",
        "load_vintages_seen",
    ),
    "record.examples": ("load_example",),
    "record.door": ("check_events", "check_launches"),
    "record.filters": ("passes_filter",),
    "record.own": ("as_events", "as_launches"),
    "record.save": ("save_table",),
    "record.userfiles": ("read_events", "read_groups", "read_launches"),
    "upstream": ("read_cns", "read_csis", "read_gcat", "read_nagix"),
    "upstream.reconcile": ("describe_reconciliation", "proposed_rows", "reconcile"),
    "counting": (
        "RULES",
        "CountRule",
        "compare_rules",
        "count",
        "counted_rows",
        "counts",
        "cumulative",
        "database_differences",
        "describe_count",
        "describe_vintages",
        "each_missile",
        "launch_days",
        "listing_delays",
        "nth",
        "read_rules",
        "vintage_counts",
        "vintage_summary",
        "year_to_date",
    ),
    "frequency": (
        "autocorrelation",
        "averaged_rates",
        "change_points",
        "change_stability",
        "count_regression",
        "dates_within",
        "decomposition",
        "dispersion",
        "era_rates",
        "fit_waiting",
        "hazard",
        "hours",
        "longest_pauses",
        "month_by_year",
        "rate",
        "rates",
        "season_change",
        "seasonality",
        "trend_since_change",
        "waiting_times",
    ),
    "excitation": (
        "compare_regimes",
        "excitation_by_baseline",
        "excitation_residuals",
        "excitation_test",
        "self_excitation",
    ),
    "archive": (
        "covariate_events",
        "daily_covariates",
        "read_archive",
        "to_parquet",
    ),
    "links": (
        "Design",
        "coincidence",
        "dose_response",
        "event_study",
        "global_test",
        "influence",
        "olympics_table",
        "power",
        "regression",
        "specification_curve",
        "specification_summary",
        "superposed_epoch",
    ),
    "forecast": (
        "backtest",
        "backtest_next",
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
    ),
    "claims": (
        "check_article",
        "check_counts",
        "check_firsts",
        "retest_elsewhere",
        "retest_findings",
        "retest_rhythms",
        "score_counts",
    ),
    "explore": ("explore_year_to_date",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    """Import the module that holds the name, once it is asked for."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return __all__

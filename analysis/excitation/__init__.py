"""Self-exciting launch days: does one launch go with others in the days after it."""

from .fit import excitation_profile, self_excitation, simulate_launch_days
from .hawkes import fit_hawkes, hawkes_log_likelihood, simulate_hawkes
from .residuals import excitation_residuals
from .rivals import compare_regimes, describe_excitation

__all__ = [
    "compare_regimes",
    "describe_excitation",
    "excitation_profile",
    "excitation_residuals",
    "fit_hawkes",
    "hawkes_log_likelihood",
    "self_excitation",
    "simulate_hawkes",
    "simulate_launch_days",
]

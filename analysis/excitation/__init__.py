"""Self-exciting launch days: does one launch go with others in the days after it."""

from .profile import excitation_profile, self_excitation
from .residuals import excitation_residuals
from .rivals import compare_regimes, describe_excitation
from .simulate import simulate_launch_days

__all__ = [
    "compare_regimes",
    "describe_excitation",
    "excitation_profile",
    "excitation_residuals",
    "self_excitation",
    "simulate_launch_days",
]

"""Self-exciting launch days: does one launch go with others in the days after it.

`model` (rates and likelihood), `fit` (its largest value), `baselines` (what the background may
change with), `profile` (intervals), `estimate`, `simulate`, `residuals` (does it fit), `hidden` and
`rivals` (rates that change or switch), `evidence` (excitation tested against them). The model also
serves `links`.
"""

from ..extras import stats as _stats  # noqa: F401
from .estimate import describe_baselines, excitation_by_baseline, self_excitation
from .evidence import describe_excitation_test, excitation_test
from .profile import excitation_profile
from .residuals import excitation_residuals
from .rivals import compare_regimes, describe_excitation
from .simulate import simulate_launch_days

__all__ = [
    "compare_regimes",
    "describe_baselines",
    "describe_excitation",
    "describe_excitation_test",
    "excitation_by_baseline",
    "excitation_profile",
    "excitation_residuals",
    "excitation_test",
    "self_excitation",
    "simulate_launch_days",
]

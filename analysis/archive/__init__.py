"""Event archives too large for memory (GDELT, ICEWS, UCDP): from files to daily covariates.

From the ground up: `kinds` (the layouts, as data), `files` (packed and plain), `convert` (to
Parquet, with a ledger), `read` (an Ibis table on any engine), `reading` (the choices), `layout`
(all kinds under the same names), `daily` (covariates), `days` (covariates as events).
`synthetic` makes archives up, and `example` a question with its answer, for tests and teaching.
"""

from ..extras import archive as _archive  # noqa: F401
from .convert import read_ledger, read_refused, to_parquet
from .daily import daily_covariates
from .days import covariate_events
from .example import TRAPS_OPEN, made_up_example
from .read import read_archive
from .synthetic import write_archive

__all__ = [
    "TRAPS_OPEN",
    "covariate_events",
    "daily_covariates",
    "made_up_example",
    "read_archive",
    "read_ledger",
    "read_refused",
    "to_parquet",
    "write_archive",
]

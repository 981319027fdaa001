"""What a proof is, and when two shares differ by more than chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd

SEED = 20260822
Tables = Sequence[pd.DataFrame]


class Proof(NamedTuple):
    """What is simulated, how it is checked, and how often."""

    tables: tuple[str, ...]  # names of the files it writes
    make: Callable[..., Tables]  # called with histories, seed, jobs and the options
    check: Callable[..., list[str]]  # with the committed tables and these: what differs
    faults: Callable[..., list[str]] = lambda *tables: []  # with the tables: what is out of bounds
    histories: tuple[int, int] = (1, 1)  # of the full tables and of a check; 1: no chance in it
    of_record: bool = True  # whether the record is read too
    options: Mapping[str, float] = MappingProxyType({})  # further settings, as they usually are


def beside(committed: pd.DataFrame, again: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Lay a repetition (columns `..._again`) beside the committed rows of the same keys."""
    both = committed.merge(again, on=list(keys), suffixes=("", "_again"))
    if len(both) != len(again):
        raise ValueError("the committed table has other rows than the code: run make proofs")
    return both


def shares_differ(both: pd.DataFrame, share: str, n: str) -> pd.Series:
    """Return where two shares, of `n` histories each, differ by more than chance allows."""
    sizes, again = both[n], both[f"{n}_again"]
    pooled = (both[share] * sizes + both[f"{share}_again"] * again + 1) / (sizes + again + 2)
    width = np.sqrt(pooled * (1 - pooled) * (1 / sizes + 1 / again))
    return ~((both[share] - both[f"{share}_again"]).abs() <= 4 * width + 0.01)


def numbers_differ(both: pd.DataFrame, column: str) -> pd.Series:
    """Return where two numbers without chance differ; a search may stop a little elsewhere."""
    new, old = (both[name].to_numpy(float) for name in (f"{column}_again", column))
    apart = ~np.isclose(new, old, rtol=1e-3, atol=1e-6, equal_nan=True)
    return pd.Series(apart, index=both.index)


def name_rows(rows: pd.DataFrame, *columns: str) -> list[str]:
    """Write one text a row."""
    return [", ".join(map(str, row)) for row in rows[list(columns)].itertuples(index=False)]

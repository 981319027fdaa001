"""Which launch rows were fired together: the identity of a salvo."""

import numpy as np
import pandas as pd

from ..errors import need_named

GAP_MINUTES = 60
_NO_INSTANT = np.iinfo(np.int64).max


def derive_salvos(launches: pd.DataFrame) -> pd.Series:
    """Name the salvo of every launch row.

    A salvo is a chain of rows of one site whose instants follow each other within
    60 minutes (60 included), across midnight too. Rows without an instant join their day
    and site's only salvo; where there is none, or more than one, those of one day and site
    form a salvo together. A row known only by its month or year is a salvo by itself.

    Parameters
    ----------
    launches : DataFrame
        One row a launch; needs ``launch_id``, ``date`` (Korean day), ``launched_at`` (UTC
        instant or missing), ``date_precision`` and ``site``.

    Returns
    -------
    Series of str
        Aligned with the rows: the ``launch_id`` of the salvo's first row, by instant, then
        by ``launch_id``. The order of the rows does not matter.

    Raises
    ------
    ValueError
        If a needed column is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "launch_id": ["a", "b", "c"],
    ...     "date": pd.to_datetime(["2022-06-05"] * 3),
    ...     "launched_at": pd.to_datetime(
    ...         ["2022-06-05T00:08Z", "2022-06-05T00:43Z", "2022-06-05T03:00Z"]),
    ...     "date_precision": ["day"] * 3,
    ...     "site": ["sunan"] * 3})
    >>> derive_salvos(rows).tolist()
    ['a', 'a', 'c']
    """
    needed = ["launch_id", "date", "launched_at", "date_precision", "site"]
    need_named(launches, needed, "launches", "a count of salvos without 'salvo_id'")
    instant = _instants(launches["launched_at"])
    id_rank = pd.factorize(launches["launch_id"], sort=True)[0]
    group = _salvo_numbers(launches, instant, id_rank)
    ids = launches["launch_id"].to_numpy()
    by_group = np.lexsort((id_rank, instant, group))
    starts = _run_starts(group[by_group])
    first = np.empty(len(group), dtype=np.int64)
    first[by_group] = by_group[np.flatnonzero(starts)[np.cumsum(starts) - 1]]
    return pd.Series(ids[first], index=launches.index, name="salvo_id", dtype="str")


def _instants(launched_at: pd.Series) -> np.ndarray:
    """Return microseconds since 1970; rows without an instant sort last."""
    stamps = pd.to_datetime(launched_at, utc=True).to_numpy(dtype="datetime64[us]")
    return np.where(np.isnat(stamps), _NO_INSTANT, stamps.view("int64"))


def _run_starts(values: np.ndarray) -> np.ndarray:
    """Mark the first of each run of equal values."""
    marks = np.ones(len(values), dtype=bool)
    marks[1:] = values[1:] != values[:-1]
    return marks


def _salvo_numbers(launches: pd.DataFrame, instant: np.ndarray, id_rank: np.ndarray) -> np.ndarray:
    """Give every row the number of its salvo."""
    site = pd.factorize(launches["site"], use_na_sentinel=False)[0]
    days, different = pd.factorize(launches["date"].to_numpy(dtype="datetime64[s]"))
    is_day = (launches["date_precision"] == "day").to_numpy(dtype=bool)
    timed = np.flatnonzero(is_day & (instant != _NO_INSTANT))
    order = timed[np.lexsort((id_rank[timed], instant[timed], site[timed]))]
    starts = _run_starts(site[order])
    starts[1:] |= np.diff(instant[order]) > GAP_MINUTES * 60_000_000
    group = np.full(len(site), -1, dtype=np.int64)
    group[order] = np.cumsum(starts) - 1
    n_groups = int(starts.sum())
    place = pd.factorize(site * (len(different) + 1) + days)[0]
    untimed = np.flatnonzero(is_day & (instant == _NO_INSTANT))
    group[untimed] = _groups_without_instant(place, group, timed, untimed, n_groups)
    rest = np.flatnonzero(~is_day)
    group[rest] = n_groups + (place.max() + 1 if len(place) else 0) + np.arange(len(rest))
    return group


def _groups_without_instant(
    place: np.ndarray, group: np.ndarray, timed: np.ndarray, untimed: np.ndarray, n_groups: int
) -> np.ndarray:
    """Send rows without an instant to the only salvo of their place, or to one of their own.

    A place is a site on a day.
    """
    # one number a pair, which is far quicker to sort than rows of two
    known = np.divmod(np.unique(place[timed] * (n_groups + 1) + group[timed]), n_groups + 1)
    places, first, many = np.unique(known[0], return_index=True, return_counts=True)
    only = dict(zip(places[many == 1], known[1][first[many == 1]], strict=True))
    return np.array([only.get(at, n_groups + at) for at in place[untimed]], dtype=np.int64)

"""Silent stretches among bursts: runs of months without a launch, too long for the rest."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy import special


def find_silences(
    n: np.ndarray, breaks: np.ndarray, *, penalty: float, min_size: int
) -> np.ndarray:
    """Return the breaks with the first month of each silence and the first after it.

    Parameters
    ----------
    n : ndarray, shape (n_months,)
        Counts.
    breaks : ndarray of int
        Where segments begin, without 0; each is searched by itself.
    penalty : float
        Minus the log of the chance of so long a run, above which it is a silence.
    min_size : int
        Months of the shortest silence.

    Returns
    -------
    ndarray of int

    Notes
    -----
    The chance that a silence ends in its next month is read off the other runs of empty months
    of the segment, so that the size of bursts does not enter: after the last launch of a burst,
    how soon does the next begin? A run of L months has the chance B(a, b + L) / B(a, b), with a
    the other runs and b the further months that they lasted, and Jeffreys' prior. The longest
    run is judged first, and left out from then on if it is a silence.

    Examples
    --------
    >>> bursts = [9, 0, 7, 8, 0, 0, 9] * 6
    >>> find_silences(np.array(bursts + [0] * 18 + bursts), np.array([], dtype=int),
    ...               penalty=9.0, min_size=3).tolist()
    [42, 60]
    """
    edges = [0, *breaks.tolist(), len(n)]
    found = {int(place) for place in breaks}
    for begin, end in pairwise(edges):
        runs = begin + _empty_runs(n[begin:end])
        lengths = runs[:, 1] - runs[:, 0]
        for place in np.argsort(-lengths, kind="stable"):
            others = np.delete(lengths, place)
            others = others[others > 0]
            length = int(lengths[place])
            if length < min_size or _surprise(length, others) < penalty:
                break
            found |= set(runs[place].tolist())
            lengths[place] = 0
    return np.array(sorted(found - {0, len(n)}), dtype=np.int64)


def _empty_runs(n: np.ndarray) -> np.ndarray:
    """Return first month of each run of empty months, and the first after it."""
    empty = np.concatenate([[0], n == 0, [0]]).astype(np.int64)
    return np.flatnonzero(np.diff(empty)).reshape(-1, 2)


def _surprise(length: int, others: np.ndarray) -> float:
    """Return minus the log of the chance that a run lasts so long, given the others."""
    ended, lasted = len(others) + 0.5, float(others.sum()) - len(others) + 0.5
    return float(special.betaln(ended, lasted) - special.betaln(ended, lasted + length - 1))

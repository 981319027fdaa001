"""Many calls in several processes, with their progress."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from . import stats as _stats  # noqa: F401  (says what to install)

import joblib  # isort: skip
from tqdm.auto import tqdm  # isort: skip


def in_parallel(
    function: Callable[..., Any],
    tasks: Sequence[tuple[Any, ...]],
    *,
    n_jobs: int = 1,
    progress: bool = True,
    label: str | None = None,
) -> list[Any]:
    """Call a function once for each task; return what it returned, in order.

    Parameters
    ----------
    function : callable
        Called as ``function(*task)``; with several processes it must be importable.
    tasks : sequence of tuple
        The arguments of each call.
    n_jobs : int
        Number of processes, all cores where -1.
    progress : bool
        Show how far it is, if somebody is looking.
    label : str, optional
        What is shown beside the progress.

    Returns
    -------
    list
        One element a task.

    Examples
    --------
    >>> in_parallel(pow, [(2, 3), (3, 2)], progress=False)
    [8, 9]
    """
    pool = joblib.Parallel(n_jobs=n_jobs, return_as="generator", initializer=end_with_parent)
    done = pool(joblib.delayed(function)(*task) for task in tasks)
    hidden = None if progress else True  # None: hidden where stderr is no terminal
    return list(tqdm(done, label, len(tasks), leave=False, disable=hidden))


def end_with_parent() -> None:
    """End this process soon after the one that started it, however that came to its end."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()

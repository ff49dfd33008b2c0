"""Runs in fixed batches over threads, handed back in order: results never depend on how many threads there are."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from race_sim.text.progress import bar

BATCH = 256
Result = TypeVar("Result")


def available_threads() -> int:
    """Count the cores that this process may use.

    Returns
    -------
    int
        At least 1.
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_batches(
    work: Callable[[NDArray[np.int64]], Result],
    runs: int,
    first_run: int = 0,
    threads: int | None = None,
    progress: bool | None = None,
    label: str = "runs",
) -> Iterator[Result]:
    """Yield ``work(run numbers)`` for batches of runs, in order, computed by threads.

    Only a few batches per thread are held at a time, so memory does not grow with the number of runs.

    Parameters
    ----------
    work : callable
        Called with an array of run numbers (n,), n at most ``BATCH``.
    runs : int
        Number of runs.
    first_run : int
        Number of the first.
    threads : int, optional
        How many; all cores by default. Never changes a result.
    progress : bool, optional
        True shows a bar, False none; None shows one on a terminal or in a notebook when it takes a while.
    label : str
        What stands at the bar.

    Yields
    ------
    object
        What ``work`` returned, batch by batch.
    """
    count = available_threads() if threads is None else threads
    starts = range(first_run, first_run + runs, BATCH)
    batches = (np.arange(start, min(start + BATCH, first_run + runs)) for start in starts)
    with bar(runs, label=label, unit="run", shown=progress) as shown:
        if count == 1:
            for batch in batches:
                yield work(batch)
                shown.update(len(batch))
            return
        with ThreadPoolExecutor(count) as pool:
            pending = deque((len(batch), pool.submit(work, batch)) for batch in islice(batches, 3 * count))
            while pending:
                size, future = pending.popleft()
                result = future.result()
                pending.extend((len(batch), pool.submit(work, batch)) for batch in islice(batches, 1))
                yield result
                shown.update(size)

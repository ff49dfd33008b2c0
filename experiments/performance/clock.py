"""Clocks: CPU and wall time of a piece of work, and the ratio of two that are timed in turn."""

import time
from collections.abc import Callable

import numpy as np

Row = tuple[str, float, str, str]  # what, value, unit, target


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of this thread for ``work``."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


def wall(work: Callable[[], object]) -> float:
    """Seconds for ``work``."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def paired(first: Callable[[], float], second: Callable[[], float], pairs: int) -> float:
    """Median over pairs of (time of the first) / (time of the second), timed in turn."""
    return float(np.median([first() / second() for _ in range(pairs)]))

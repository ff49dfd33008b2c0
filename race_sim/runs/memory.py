"""Whether what is asked for fits into memory: estimated before the work, and refused with the number that fits."""

import os
from collections.abc import Callable
from pathlib import Path

from race_sim.errors import InputError

GIGABYTE = 1e9
SPARE = 0.15  # of what is free, for what is not estimated
CGROUP = Path("/sys/fs/cgroup")


def free_memory() -> float:
    """Count the bytes that this process may still take.

    Returns
    -------
    float
        The least of what the machine has free, what the process's own limit (``ulimit -v``) leaves, and what its
        control group leaves; infinity where none of them is known.
    """
    return min(_free_on_machine(), _left_of_limit(), _left_in_group())


def check_fits(
    name: str,
    count: int,
    each: float,
    fixed: float = 0.0,
    what: str = "",
    allowed: Callable[[int], int] = int,
) -> None:
    """Check that so many things fit into memory.

    Parameters
    ----------
    name : str
        The argument that says how many, for the error.
    count : int
        How many.
    each : float
        Bytes that each takes.
    fixed : float
        Bytes that are taken whatever their number.
    what : str
        What is counted, such as ``points``.
    allowed : callable
        The largest number that may be asked for, of a number that would fit; by default any may.

    Raises
    ------
    InputError
        Where they do not fit; says how many do.
    """
    needed, free = fixed + count * each, (1.0 - SPARE) * free_memory()
    if needed > free:
        most = allowed(max(0, int((free - fixed) / each)))
        raise InputError(
            f"{name}: {count:,} {what} need about {needed / GIGABYTE:,.1f} GB of memory, "
            f"{max(free, 0.0) / GIGABYTE:,.1f} GB are free: at most {most:,} fit"
        )


def _free_on_machine() -> float:
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return float(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    try:
        return float(os.sysconf("SC_PAGE_SIZE")) * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return float("inf")


def _left_of_limit() -> float:
    try:
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit == resource.RLIM_INFINITY:
            return float("inf")
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (ImportError, OSError, ValueError):
        return float("inf")
    return float(limit - taken)


def _left_in_group() -> float:
    try:
        limit = (CGROUP / "memory.max").read_text().strip()
        return float(limit) - float((CGROUP / "memory.current").read_text()) if limit != "max" else float("inf")
    except (OSError, ValueError):
        return float("inf")

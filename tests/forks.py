"""Work in forks of the test's process, which have the kernels loaded already; killed at an event, never by a clock."""

import os
import signal
import threading
from collections.abc import Callable, Iterable

import pytest
from tqdm.auto import tqdm

from race_sim.sweeps import sweep as sweeping

needed = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def own_locks() -> None:
    """Give this process, a fork, locks of its own: one that a thread held at the fork is held for ever."""
    for kind in tqdm.__mro__[:-1]:
        if hasattr(kind, "set_lock"):
            kind.set_lock(threading.RLock())


def fork(call: Callable[[], object]) -> int:
    """Start a call in a fork, which ends with it; its process number."""
    child = os.fork()
    if child == 0:
        try:
            own_locks()
            call()
        except BaseException as error:
            os.write(2, f"{error}\n".encode())
            os._exit(1)
        os._exit(0)
    return child


def ended(children: Iterable[int]) -> list[int]:
    """Wait for the ends of forks; their exit codes, or the negative number of the signal that ended one."""
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def killed_at(part: int, call: Callable[[], object]) -> Callable[[], object]:
    """A call that is killed by SIGKILL when a sweep in it begins the given one of its parts, from 1."""

    def killed() -> object:
        left = [part]
        usual = sweeping.evaluate

        def counting(*arguments, **options):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return usual(*arguments, **options)

        sweeping.evaluate = counting
        return call()

    return killed

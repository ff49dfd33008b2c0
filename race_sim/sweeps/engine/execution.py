"""Parts of a sweep on threads, processes or a cluster: whatever is a ``concurrent.futures.Executor``.

A part's result never depends on where it is computed, nor on the order in which parts finish.
"""

import contextlib
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from tqdm import tqdm

from race_sim.errors import InputError

Task = TypeVar("Task")
Result = TypeVar("Result")
FOREIGN_WINDOW = 1000  # parts handed to somebody else's executor at a time


class Stopped(Exception):
    """Raised by work in a thread that has been asked to stop."""


@dataclass
class Pool:
    """An executor, and how it is used.

    Attributes
    ----------
    executor : concurrent.futures.Executor
        Where parts are computed.
    window : int
        Parts that it is handed at a time, at most.
    stop : threading.Event
        Set to ask work in threads to stop.
    threads : bool
        Whether work is done in threads of this process, which can see ``stop``; elsewhere it must travel.
    """

    executor: Executor
    window: int
    stop: threading.Event = field(default_factory=threading.Event)
    threads: bool = False


@contextlib.contextmanager
def pool(threads: int = 1, workers: int | None = None, executor: Executor | None = None) -> Iterator[Pool]:
    """Open threads of this process, worker processes, or an executor that is somebody else's.

    Leaving it early, by an error or by Ctrl-C, stops work in threads at its next block and ends worker processes. An
    executor from outside is left as it is.

    Parameters
    ----------
    threads : int
        Threads of this process, used where the other two are None.
    workers : int, optional
        Processes to start (spawned, since forking a process that has threads may block).
    executor : concurrent.futures.Executor, optional
        An executor from outside, which goes before both.

    Yields
    ------
    Pool
        What ``in_any_order`` works on.
    """
    if executor is not None:
        yield Pool(executor, FOREIGN_WINDOW)
        return
    if workers is None:
        chosen = Pool(ThreadPoolExecutor(threads), threads + 1, threads=True)
    else:
        context = multiprocessing.get_context("spawn")  # forking a process that has threads may hang
        chosen = Pool(ProcessPoolExecutor(workers, context, _live_with_parent), 2 * workers)
    try:
        yield chosen
    except BaseException:
        chosen.stop.set()
        _end(chosen.executor)
        raise
    chosen.executor.shutdown()


def in_any_order(work: Callable[[Task], Result], tasks: Iterable[Task], pool: Pool) -> Iterator[tuple[Task, Result]]:
    """Yield tasks with their results as they finish, a bounded number of tasks handed out at a time.

    Parameters
    ----------
    work : callable
        Takes a task, returns its result; must be picklable unless the pool has threads.
    tasks : iterable
        Consumed no faster than the pool's window lets it.
    pool : Pool
        Where work is done.

    Yields
    ------
    tuple
        A task and ``work(task)``.

    Raises
    ------
    InputError
        Where a worker process or the cluster is lost; an error in ``work`` is raised as it is.
    """
    finished: queue.SimpleQueue[Future[Result]] = queue.SimpleQueue()
    pending: dict[Future[Result], Task] = {}
    remaining = iter(tasks)

    def hand_out(count: int) -> None:
        for task in islice(remaining, count):
            future = pool.executor.submit(work, task)
            pending[future] = task
            future.add_done_callback(finished.put)

    try:
        hand_out(pool.window)
        while pending:
            future = finished.get()
            task, result = pending.pop(future), future.result()
            hand_out(1)
            yield task, result
    except (BrokenExecutor, CancelledError):
        raise InputError(
            "a worker process ended abruptly (killed, or out of memory), or the cluster was lost: "
            "finished parts are kept, start the same sweep again to go on"
        ) from None
    finally:
        for future in pending:
            future.cancel()


def _end(executor: Executor) -> None:
    """Shut down without waiting for parts that are still queued; processes are ended, they hold nothing."""
    processes: dict[int, Any] = getattr(executor, "_processes", None) or {}
    for process in list(processes.values()):
        process.terminate()
    executor.shutdown(wait=True, cancel_futures=True)


def _live_with_parent() -> None:
    """In a worker process: Ctrl-C ends it without a word, and so does the death of the process it works for."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    tqdm.set_lock(threading.RLock())  # its own is shared between processes and would outlive one that is ended
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()

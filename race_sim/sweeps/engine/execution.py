"""Parts of a sweep on threads, processes or a cluster: whatever is a ``concurrent.futures.Executor``.

A part's result never depends on where it is computed, nor on the order in which parts finish.
"""

import contextlib
import multiprocessing
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from tqdm import tqdm

from race_sim.errors import InputError, one_line

Task = TypeVar("Task")
Result = TypeVar("Result")
FOREIGN_WINDOW = 1000  # parts handed to somebody else's executor at a time
UNGUARDED = 75  # exit code of a worker that was about to start workers itself
GRACE = 0.5  # seconds in which a signal that ended the workers reaches this process too
GUARD = 'its work must stand under if __name__ == "__main__":, since every worker imports the script'


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
    processes : mapping of int to Process
        Worker processes that it has started, by process id.
    """

    executor: Executor
    window: int
    stop: threading.Event = field(default_factory=threading.Event)
    threads: bool = False
    processes: dict[int, Any] = field(default_factory=dict)

    def submit(self, work: Callable[[Task], Result], task: Task) -> Future[Result]:
        """Hand out a task; a worker process that this starts does not hear Ctrl-C before it knows how to end by it.

        Parameters
        ----------
        work : callable
            Takes the task, returns its result.
        task : Any
            Picklable unless the pool has threads.

        Returns
        -------
        concurrent.futures.Future
            Of the result.
        """
        own = isinstance(self.executor, ProcessPoolExecutor) and hasattr(signal, "pthread_sigmask")
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if own else set()
        try:
            return self.executor.submit(work, task)
        finally:
            self.processes |= getattr(self.executor, "_processes", None) or {}
            if own:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)


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
    remaining, started = iter(tasks), False

    def hand_out(count: int) -> None:
        for task in islice(remaining, count):
            future = pool.submit(work, task)
            pending[future] = task
            future.add_done_callback(finished.put)

    try:
        hand_out(pool.window)
        while pending:
            future = finished.get()
            task, result = pending.pop(future), future.result()
            started = True
            hand_out(1)
            yield task, result
    except (BrokenExecutor, CancelledError):
        time.sleep(GRACE)  # where both were sent a signal, what it says here goes before the workers' end
        if not started and any(process.exitcode in (1, UNGUARDED) for process in pool.processes.values()):
            raise InputError(f"workers: the script cannot be imported by a worker: {GUARD}") from None
        raise InputError(
            "a worker process ended abruptly (killed, or out of memory), or the cluster was lost: "
            "finished parts are kept, start the same sweep again to go on"
        ) from None
    finally:
        for future in pending:
            future.cancel()


def check_guard() -> None:
    """Check that worker processes can be started from where this is called.

    Raises
    ------
    InputError
        For a script that workers cannot import, as on the standard input. In a worker that imports a script without a
        guard it ends the worker, and the process that started it says why.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        os._exit(UNGUARDED)
    main = sys.modules["__main__"]
    file = getattr(main, "__file__", None)
    if file is not None and getattr(main, "__spec__", None) is None and not os.path.exists(file):
        raise InputError(f"workers: need a script in a file, and {GUARD}; got {one_line(file)}")


def _end(executor: Executor) -> None:
    """Shut down without waiting for parts that are still queued; processes are ended, they hold nothing."""
    processes: dict[int, Any] = getattr(executor, "_processes", None) or {}
    for process in list(processes.values()):
        process.terminate()
    executor.shutdown(wait=True, cancel_futures=True)


def _live_with_parent() -> None:
    """In a worker process: Ctrl-C ends it without a word, and so does the death of the process it works for."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    tqdm.set_lock(threading.RLock())  # its own is shared between processes and would outlive one that is ended
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()

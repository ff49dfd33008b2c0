"""Ctrl-C and SIGTERM end a command in one line, with the exit code that shells expect."""

import contextlib
import os
import signal
from collections.abc import Iterator
from types import FrameType
from typing import Any

AT_ONCE = b"race-sim: ended at once; a sweep keeps its finished parts, the same command goes on from there\n"


@contextlib.contextmanager
def interruptible(program: bool) -> Iterator[list[int]]:
    """Turn the first Ctrl-C or SIGTERM into a KeyboardInterrupt, ignore a second, and end the process at a third.

    Parameters
    ----------
    program : bool
        Whether a whole program runs inside: signals that come after one was received are then ignored to its end.

    Yields
    ------
    list of int
        Numbers of the signals that were received.
    """
    received: list[int] = []

    def handle(number: int, frame: FrameType | None) -> None:
        received.append(number)
        if len(received) == 1:
            raise KeyboardInterrupt
        if len(received) > 2:
            os.write(2, AT_ONCE)
            os._exit(128 + received[0])

    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    before: dict[signal.Signals, Any] = {}
    with contextlib.suppress(ValueError):  # not in the main thread: then they are heard there
        for number, handler in usual.items():
            if signal.getsignal(number) is handler:
                before[number] = signal.signal(number, handle)
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if program and received else handler)

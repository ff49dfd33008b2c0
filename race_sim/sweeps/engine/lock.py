"""One process at a time in a folder; the lock goes with the process, however that ends."""

import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from race_sim.errors import InputError

NAME = "lock"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, for as long as the ``with`` block lasts.

    Parameters
    ----------
    folder : Path
        A folder that exists.

    Yields
    ------
    None
        Nothing; the file ``lock`` in the folder names this process and its machine meanwhile.

    Raises
    ------
    InputError
        Where another process holds it; names which.
    """
    with (folder / NAME).open("a+", encoding="utf-8") as file:
        if not _try(file.fileno()):
            raise InputError(f"{folder}: {holder(folder)} is working in this folder; wait for it, or stop it")
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def holder(folder: Path) -> str:
    """Say who holds the lock, as far as its file does.

    Parameters
    ----------
    folder : Path
        The folder.

    Returns
    -------
    str
        Such as ``process 4711 on HOST``, or ``another process``.
    """
    try:
        return (folder / NAME).read_text(encoding="utf-8").strip() or "another process"
    except OSError:
        return "another process"


def is_held(folder: Path) -> bool:
    """Whether a process works in the folder now.

    Parameters
    ----------
    folder : Path
        The folder.

    Returns
    -------
    bool
        False where that cannot be seen.
    """
    try:
        with (folder / NAME).open("r+", encoding="utf-8") as file:
            return not _try(file.fileno())
    except OSError:
        return False


def _try(descriptor: int) -> bool:
    """Take the lock of an open file until it is closed; False when somebody else has it."""
    if sys.platform == "win32":  # a byte far behind the text, which others must be able to read
        import msvcrt

        try:
            os.lseek(descriptor, 2**30, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

"""One process at a time in a folder; the lock goes with the process, however that ends."""

import contextlib
import errno
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from race_sim.errors import InputError
from race_sim.sweeps.engine.files import open_own

NAME = ".race_sim-lock"
PATIENCE = 2.0  # seconds that a start waits for a lock: whoever only looks has it for a moment
LONGEST = 200  # bytes of a lock's text that are read
NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL}


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
        Nothing; the file ``.race_sim-lock`` in the folder names this process and its machine meanwhile.

    Raises
    ------
    InputError
        Where another process holds it (names which), and where the file system has no locks.
    """
    with os.fdopen(open_own(folder / NAME, os.O_RDWR), "r+b", buffering=0) as file:
        limit = time.monotonic() + PATIENCE
        while not _try(folder, file.fileno()):
            if time.monotonic() > limit:
                raise InputError(f"{folder}: {holder(folder)} is working in this folder; wait for it, or stop it")
            time.sleep(0.01)
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}".encode())
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
    return _text(folder) or "another process"


def is_held(folder: Path) -> bool:
    """Whether a process works in the folder now. Never keeps another from starting there.

    Parameters
    ----------
    folder : Path
        The folder.

    Returns
    -------
    bool
        False where that cannot be seen.
    """
    if not _text(folder):  # nobody, or somebody who is about to take it and is not to be disturbed
        return False
    try:
        with (folder / NAME).open("rb") as file:
            return not _try(folder, file.fileno(), shared=True)
    except (OSError, InputError):
        return False


def _text(folder: Path) -> str:
    try:
        if (folder / NAME).is_symlink():
            return ""
        with (folder / NAME).open("rb") as file:
            text = file.read(LONGEST).decode(errors="replace")
    except OSError:
        return ""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _try(folder: Path, descriptor: int, shared: bool = False) -> bool:
    """Take the lock of an open file until it is closed; False when somebody else has it."""
    if sys.platform == "win32":  # a byte far behind the text, which others must be able to read
        import msvcrt

        try:
            os.lseek(descriptor, 2**30, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
        raise InputError(
            f"{folder}: its file system has no locks ({error.strerror}); --no-lock (in Python lock=False) goes "
            "without, where nothing else works in this folder"
        ) from None
    return True

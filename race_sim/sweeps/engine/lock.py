"""One process at a time in a folder; the lock goes with the process, however that ends."""

import contextlib
import errno
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from io import FileIO
from pathlib import Path

from race_sim.errors import InputError
from race_sim.sweeps.engine.files import open_own
from race_sim.sweeps.engine.tasks import Task

NAME = ".race_sim-lock"
PATIENCE = 2.0  # seconds that a start waits for a lock: whoever only looks has it for a moment
PATIENCE_OF_TASKS = 30.0  # seconds that a task waits for another that opens the folder, and checks what is there
LONGEST = 200  # bytes of a lock's text that are read
NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL}


@contextlib.contextmanager
def locked(folder: Path, task: Task | None = None) -> Iterator[Callable[[], None] | None]:
    """Hold the folder's lock, for as long as the ``with`` block lasts.

    A task shares it with other tasks, and has one of its own beside it. It begins alone if it can.

    Parameters
    ----------
    folder : Path
        A folder that exists.
    task : Task, optional
        The task that works there; None for a process that works there alone.

    Yields
    ------
    callable or None
        For a task that is alone in the folder, what lets the others in; otherwise None. The file ``.race_sim-lock``, or
        ``.race_sim-lock-0-of-4`` of a task, names this process and its machine meanwhile.

    Raises
    ------
    InputError
        Where another process holds it (names which), and where the file system has no locks.
    """
    with contextlib.ExitStack() as stack:
        common = stack.enter_context(_open(folder, NAME))
        own = common if task is None else stack.enter_context(_open(folder, f"{NAME}-{task}"))
        if task is not None:
            if sys.platform == "win32":
                raise InputError("take: needs locks that can be shared, which this system does not have; see --no-lock")
            _wait(folder, own)
        alone = task is None or _try(folder, common.fileno())
        if task is None or not alone:
            _wait(folder, common, shared=task is not None)
        own.truncate(0)
        own.write(f"process {os.getpid()} on {socket.gethostname()}".encode())
        try:
            yield partial(_wait, folder, common, shared=True) if alone and task is not None else None
        finally:
            own.truncate(0)


def holder(folder: Path) -> str:
    """Say who works in the folder, as far as the files of its locks do.

    Parameters
    ----------
    folder : Path
        The folder.

    Returns
    -------
    str
        Such as ``process 4711 on HOST``, or ``another process``.
    """
    texts = [_text(path) for path in _locks(folder) if _is_held(folder, path)]
    return ", ".join(texts) or _text(folder / NAME) or "another process"


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
    return any(_is_held(folder, path) for path in _locks(folder))


def _locks(folder: Path) -> list[Path]:
    return [folder / NAME, *sorted(folder.glob(f"{NAME}-*-of-*"))]


def _is_held(folder: Path, path: Path) -> bool:
    if not _text(path):  # nobody, or somebody who is about to take it and is not to be disturbed
        return False
    try:
        with path.open("rb") as file:
            return not _try(folder, file.fileno(), shared=True)
    except (OSError, InputError):
        return False


def _open(folder: Path, name: str) -> FileIO:
    return FileIO(open_own(folder / name, os.O_RDWR), "r+b")


def _wait(folder: Path, file: FileIO, shared: bool = False) -> None:
    limit = time.monotonic() + (PATIENCE_OF_TASKS if shared else PATIENCE)
    while not _try(folder, file.fileno(), shared):
        if time.monotonic() > limit:
            raise InputError(f"{folder}: {holder(folder)} is working in this folder; wait for it, or stop it")
        time.sleep(0.01)


def _text(path: Path) -> str:
    try:
        if path.is_symlink():
            return ""
        with path.open("rb") as file:
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

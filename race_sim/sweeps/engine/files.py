"""Files of ours in a folder that is somebody else's: whole or not there, and nothing else is written or removed."""

import contextlib
import errno
import fnmatch
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from race_sim.errors import InputError, one_line

PARTIAL = ".race_sim-partial"  # ends the name of a file that is being written
OF_THE_SYSTEM = (  # what file managers and file systems leave by themselves
    ".DS_Store", "._*", ".Trashes", ".Trash-*", ".TemporaryItems", ".Spotlight-V100", ".fseventsd", ".AppleDouble",
    ".DocumentRevisions-V100", ".directory", ".nfs*", "Thumbs.db", "ehthumbs.db", "desktop.ini", "$RECYCLE.BIN",
    "System Volume Information", "lost+found", "Icon\r", "@eaDir",
)  # fmt: skip


def folder_of(name: str, folder: str | os.PathLike[str]) -> Path:
    """Check that an argument names a folder.

    Parameters
    ----------
    name : str
        The argument's name, for the error.
    folder : str or Path
        What was given.

    Returns
    -------
    Path
        The folder; it need not exist.

    Raises
    ------
    InputError
        For what is no text and no path, is empty or blank, too long, or holds what no name of a file can.
    """
    if not isinstance(folder, str | os.PathLike) or not str(folder).strip() or "\0" in str(folder):
        raise InputError(f"{name}: must name a folder, got {one_line(folder)}")
    try:
        os.lstat(folder)
    except OSError as error:
        if error.errno in (errno.ENAMETOOLONG, errno.ELOOP):
            raise InputError(f"{name}: {one_line(str(folder))} cannot be used: {error.strerror}") from None
    return Path(folder)


def others_in(folder: Path, ours: Iterable[str] = ()) -> list[str]:
    """List what a folder holds beside our own files and those that operating systems leave by themselves.

    Parameters
    ----------
    folder : Path
        A folder that exists.
    ours : iterable of str
        Patterns of names that are ours.

    Returns
    -------
    list of str
        Names in order; none for a folder that counts as empty.
    """
    patterns = (*OF_THE_SYSTEM, *ours)
    names = sorted(path.name for path in folder.iterdir())
    return [name for name in names if not any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)]


def write_synced(path: Path, content: bytes) -> None:
    """Write a file so that, whatever happens, it is there as a whole or not at all.

    No link is followed, and no file is emptied: what is written has a name of its own and takes that of ``path`` last.

    Parameters
    ----------
    path : Path
        Where; a hidden file beside it, which is renamed at the end, is written first.
    content : bytes
        All of it.
    """
    partial = path.with_name(f".{path.name}{PARTIAL}")
    remove_partial(partial)
    try:
        with os.fdopen(open_own(partial, os.O_WRONLY | os.O_EXCL), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            remove_partial(partial)
        raise


def remove_partial(path: Path) -> None:
    """Remove what a stop left half-written.

    Parameters
    ----------
    path : Path
        Of a file with the ending of those; whatever is there and is no plain file stays.
    """
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISREG(path.lstat().st_mode):
            path.unlink()


def open_own(path: Path, flags: int) -> int:
    """Open or make a file that is ours, and never one that a link in its place points to.

    Parameters
    ----------
    path : Path
        The file.
    flags : int
        As ``os.open`` takes them.

    Returns
    -------
    int
        Descriptor; the file's permissions are those that the process gives to new files.
    """
    extra = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    return os.open(path, flags | os.O_CREAT | extra, 0o666)


def own_folder(path: Path) -> None:
    """Make a folder inside ours where there is none.

    Parameters
    ----------
    path : Path
        The folder.

    Raises
    ------
    InputError
        Where a link or a file stands in its place.
    """
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        kind = "a link" if path.is_symlink() else "a file"
        raise InputError(f"{path}: must be a folder of the sweep's own, is {kind}: move it away")
    path.mkdir(exist_ok=True)


def set_aside(path: Path, place: Path) -> Path:
    """Move a file away without losing it, or what is there already.

    Parameters
    ----------
    path : Path
        The file; of a link, the link itself.
    place : Path
        Folder for it, made where there is none.

    Returns
    -------
    Path
        Where it is now.
    """
    own_folder(place)
    stem = f"{path.parent.name}-{path.name}"
    aside = place / f"{stem}.damaged"
    number = 1
    while os.path.lexists(aside):
        number += 1
        aside = place / f"{stem}.{number}.damaged"
    path.rename(aside)
    return aside

"""Files of parts, and the lists that say which of them are finished."""

import re
from pathlib import Path

CHECKSUMS = "checksums.txt"
_LINE = re.compile(r"([0-9a-f]{64})  ((?:points|runs)/part-\d{5,}\.parquet)\r?")
_JOURNAL = re.compile(r"checksums-\d+-of-\d+\.txt")


def name(kind: str, part: int) -> str:
    """Path of a part's file inside the folder.

    Parameters
    ----------
    kind : {'points', 'runs'}
        Kind of its table.
    part : int
        Its number.

    Returns
    -------
    str
        Such as ``points/part-00000.parquet``.
    """
    return f"{kind}/part-{part:05d}.parquet"


def read_checksums(folder: Path) -> dict[str, str]:
    """Read the list of finished files, and those of tasks.

    Parameters
    ----------
    folder : Path
        The folder of a sweep.

    Returns
    -------
    mapping of str to str
        SHA-256 by the file's path in the folder; a line that was cut off does not count.
    """
    listed: dict[str, str] = {}
    for journal in (folder / CHECKSUMS, *journals_of_tasks(folder)):
        try:
            content = journal.read_bytes().decode(errors="replace")
        except OSError:
            continue
        lines = [_LINE.fullmatch(line) for line in content.split("\n")[:-1]]
        listed |= {match[2]: match[1] for match in lines if match}
    return listed


def journals_of_tasks(folder: Path) -> list[Path]:
    """Name the lists of checksums that tasks have written, and no start has yet put into the one list.

    Parameters
    ----------
    folder : Path
        The folder of a sweep.

    Returns
    -------
    list of Path
        In order; files only.
    """
    named = sorted(folder.glob("checksums-*-of-*.txt"))
    return [path for path in named if _JOURNAL.fullmatch(path.name) and path.is_file() and not path.is_symlink()]

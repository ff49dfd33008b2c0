"""Where a sweep is kept: Parquet parts, a manifest, a list of checksums. It survives whatever stops the program.

====================================  =====================================================================
``manifest.json``                     which sweep this is, how it is cut into parts, what it was made with
``points/part-00000.parquet``, ...    one row per point: parameters, runs, means and standard errors
``runs/part-00000.parquet``, ...      one row per run, where runs were asked for
``checksums.txt``                     one line per finished file, as ``sha256sum --check`` reads them
``damaged/``                          files that were not what their checksum says, set aside
====================================  =====================================================================

A file is written under a hidden name, synced, renamed and listed, and every start checks files against the list: what
a power failure may take is the last lines of the list, and so the time to compute those parts again.
"""

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from race_sim.errors import InputError
from race_sim.sweeps.engine.difference import differences
from race_sim.sweeps.engine.lock import NAME as LOCK
from race_sim.sweeps.engine.lock import locked

MANIFEST, CHECKSUMS, DAMAGED = "manifest.json", "checksums.txt", "damaged"
KINDS = ("points", "runs")
FORMAT = 1
_LINE = re.compile(r"([0-9a-f]{64})  ((?:points|runs)/part-(\d{5,})\.parquet)")
Warn = Callable[[str], None]


@dataclass
class Store:
    """A folder that holds a sweep, open for writing.

    Attributes
    ----------
    folder : Path
        Where it lies.
    manifest : mapping of str to Any
        What ``manifest.json`` says.
    kinds : tuple of str
        Kinds of tables, of ``points`` and ``runs``.
    checksums : mapping of str to str
        SHA-256 of every finished file, by its path in the folder.
    """

    folder: Path
    manifest: dict[str, Any]
    kinds: tuple[str, ...]
    checksums: dict[str, str] = field(default_factory=dict)

    @property
    def parts(self) -> int:
        """Number of parts when it is complete."""
        return int(self.manifest["parts"])

    @property
    def points_per_part(self) -> int:
        """Number of points in each part but the last."""
        return int(self.manifest["points_per_part"])

    def done(self, part: int) -> bool:
        """Whether a part is finished.

        Parameters
        ----------
        part : int
            Its number.

        Returns
        -------
        bool
            True where the files of all its kinds are listed.
        """
        return all(name(kind, part) in self.checksums for kind in self.kinds)

    def write(self, part: int, tables: Mapping[str, pa.Table]) -> None:
        """Keep one part, so that it is whole or not there.

        Parameters
        ----------
        part : int
            Its number.
        tables : mapping of str to pyarrow.Table
            Its rows, by kind.

        Raises
        ------
        InputError
            Where it cannot be written; says how to go on.
        """
        identity = self.manifest["identity"]
        try:
            for kind in reversed(self.kinds):  # points last: they stand for the part
                path = self.folder / name(kind, part)
                table = tables[kind].replace_schema_metadata({"sweep": identity, "part": str(part)})
                sink = pa.BufferOutputStream()
                pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
                content = sink.getvalue().to_pybytes()
                write_synced(path, content)
                self._record(name(kind, part), hashlib.sha256(content).hexdigest())
        except OSError as error:
            raise InputError(
                f"{self.folder}: part {part} cannot be written: {error.strerror or error}; "
                "finished parts are kept: mend that and start the same sweep again"
            ) from None

    def _record(self, file: str, checksum: str) -> None:
        with (self.folder / CHECKSUMS).open("ab") as journal:
            journal.write(f"{checksum}  {file}\n".encode())
        self.checksums[file] = checksum


@contextlib.contextmanager
def opened(folder: Path, sweep: Mapping[str, Any], layout: Mapping[str, Any], warn: Warn) -> Iterator[Store]:
    """Open a folder as the store of a sweep, locked: a new one, or what an earlier start of the same sweep has left.

    Damaged files are set aside, to be computed again.

    Parameters
    ----------
    folder : Path
        Made where there is none.
    sweep : mapping of str to Any
        What makes the sweep the one it is, as JSON has it.
    layout : mapping of str to Any
        ``parts``, ``points_per_part``, ``kinds``, and whatever else the manifest of a new store should say.
    warn : callable
        Called with one line about each file that is missing, damaged or no part of the sweep.

    Yields
    ------
    Store
        Its parts that are finished are listed.

    Raises
    ------
    InputError
        For a folder that holds another sweep or other things, is in use, or cannot be written.
    """
    with contextlib.ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / MANIFEST).exists():
                refuse_unless_empty(folder)
            stack.enter_context(locked(folder))
            store = _begin(folder, sweep, layout)
            for kind in store.kinds:
                (folder / kind).mkdir(exist_ok=True)
            _restore(store, warn)
        except OSError as error:
            raise InputError(f"{folder}: cannot be written: {error.strerror or error}") from None
        yield store


def refuse_unless_empty(folder: Path) -> None:
    """Check that a folder without a manifest holds nothing that is not ours.

    Parameters
    ----------
    folder : Path
        A folder that exists; a lock and a manifest that a stop left half-written may lie in it.

    Raises
    ------
    InputError
        For a folder with anything else; names one thing.
    """
    others = {path.name for path in folder.iterdir()} - {LOCK, f".{MANIFEST}.partial"}
    if others:
        raise InputError(f"{folder}: must be a new or empty folder, or hold this sweep; found {min(others)!r} there")


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


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a sweep's folder.

    Parameters
    ----------
    folder : Path
        The folder.

    Returns
    -------
    mapping of str to Any
        What it says, ``parts`` as a whole number.

    Raises
    ------
    InputError
        Where there is none, it is damaged, or it has another format.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise InputError(f"{path}: must have format {FORMAT}, got {manifest['format']!r}")
        return {**manifest, "sweep": manifest["sweep"], "parts": int(manifest["parts"])}
    except OSError as error:
        raise InputError(f"{folder}: holds no sweep ({MANIFEST}: {error.strerror})") from None
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path}: is damaged; put it back, or sweep into another folder") from None


def read_checksums(folder: Path) -> dict[str, str]:
    """Read the list of finished files.

    Parameters
    ----------
    folder : Path
        The folder of a sweep.

    Returns
    -------
    mapping of str to str
        SHA-256 by the file's path in the folder; a line that was cut off does not count.
    """
    try:
        content = (folder / CHECKSUMS).read_bytes().decode(errors="replace")
    except FileNotFoundError:
        return {}
    lines = [_LINE.fullmatch(line) for line in content.split("\n")[:-1]]
    return {match[2]: match[1] for match in lines if match}


def read(folder: Path, kind: str) -> pa.Table:
    """Read every finished part of a kind, each checked against its checksum.

    Parameters
    ----------
    folder : Path
        The folder of a sweep.
    kind : {'points', 'runs'}
        Which tables.

    Returns
    -------
    pyarrow.Table
        All rows in the order of the points.

    Raises
    ------
    InputError
        For a file that is damaged or cannot be read, and where no part is finished.
    """
    checksums = read_checksums(folder)
    tables = []
    for file in sorted((f for f in checksums if f.startswith(f"{kind}/")), key=lambda f: (len(f), f)):
        try:
            content = (folder / file).read_bytes()
        except OSError as error:
            raise InputError(f"{folder / file}: cannot be read: {error.strerror}; {AGAIN}") from None
        if hashlib.sha256(content).hexdigest() != checksums[file]:
            raise InputError(f"{folder / file}: is damaged; {AGAIN}")
        # Not pq.read_table, which starts threads: a process that ends meanwhile is aborted.
        table = pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False)
        tables.append(table.replace_schema_metadata(None))
    if not tables:
        raise InputError(f"{folder}: holds no finished part yet")
    return pa.concat_tables(tables).combine_chunks()


AGAIN = "start the same sweep again, which computes it anew"


def identity_of(sweep: Mapping[str, Any]) -> str:
    """Fingerprint of a sweep.

    Parameters
    ----------
    sweep : mapping of str to Any
        What makes it the one it is, as JSON has it.

    Returns
    -------
    str
        SHA-256 in hexadecimal; it does not depend on the order of keys.
    """
    return hashlib.sha256(json.dumps(sweep, sort_keys=True).encode()).hexdigest()


def write_synced(path: Path, content: bytes) -> None:
    """Write a file so that, whatever happens, it is there as a whole or not at all.

    Parameters
    ----------
    path : Path
        Where; a hidden file beside it, which is renamed at the end, is written first.
    content : bytes
        All of it.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise


def _begin(folder: Path, sweep: Mapping[str, Any], layout: Mapping[str, Any]) -> Store:
    if (folder / MANIFEST).exists():
        manifest = read_manifest(folder)
        different = differences(manifest["sweep"], json.loads(json.dumps(sweep)))
        if different:
            more = f" (and {len(different) - 3} more)" if len(different) > 3 else ""
            raise InputError(f"{folder}: holds another sweep: {'; '.join(different[:3])}{more}")
        return Store(folder, manifest, tuple(manifest["kinds"]))
    manifest = {"format": FORMAT, "identity": identity_of(sweep), **layout, "sweep": dict(sweep)}
    write_synced(folder / MANIFEST, (json.dumps(manifest, indent=1) + "\n").encode())
    return Store(folder, manifest, tuple(manifest["kinds"]))


def _restore(store: Store, warn: Warn) -> None:
    """Check every file, set aside what is not as it should be, and write the list of checksums anew if need be."""
    folder = store.folder
    listed = read_checksums(folder)
    for file, checksum in listed.items():
        path = folder / file
        if not path.exists():
            warn(f"{path}: is missing; it is computed again")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != checksum:
            warn(f"{path}: is damaged; set aside as {_set_aside(folder, path)} and computed again")
        else:
            store.checksums[file] = checksum
    for kind in store.kinds:
        for path in (folder / kind).iterdir():
            if path.name.endswith(".partial"):
                path.unlink()
            elif f"{kind}/{path.name}" not in store.checksums and not _ours(path, store.manifest["identity"]):
                warn(f"{path}: is no part of this sweep; set aside as {_set_aside(folder, path)}")
    wanted = "".join(f"{checksum}  {file}\n" for file, checksum in store.checksums.items()).encode()
    journal = folder / CHECKSUMS
    if (journal.read_bytes() if journal.exists() else b"") != wanted:
        write_synced(journal, wanted)


def _ours(path: Path, identity: str) -> bool:
    """Whether a file that no line vouches for is a part of ours, left by a stop between renaming and listing it."""
    try:
        metadata = pq.read_metadata(path).metadata or {}
    except (OSError, pa.ArrowException):
        return False
    return metadata.get(b"sweep") == identity.encode()


def _set_aside(folder: Path, path: Path) -> Path:
    (folder / DAMAGED).mkdir(exist_ok=True)
    stem = f"{path.parent.name}-{path.name}"
    aside = folder / DAMAGED / f"{stem}.damaged"
    number = 1
    while aside.exists():
        number += 1
        aside = folder / DAMAGED / f"{stem}.{number}.damaged"
    path.rename(aside)
    return aside

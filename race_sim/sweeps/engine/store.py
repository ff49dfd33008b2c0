"""Where a sweep is kept: Parquet parts, a manifest, a list of checksums. It survives whatever stops the program.

====================================  =====================================================================
``manifest.json``                     which sweep this is, how it is cut into parts, what it was made with
``points/part-00000.parquet``, ...    one row per point: parameters, runs, means and standard errors
``runs/part-00000.parquet``, ...      one row per run, where runs were asked for
``checksums.txt``                     one line per finished file, as ``sha256sum --check`` reads them
``checksums-0-of-4.txt``, ...         the same by tasks that share the folder, until a start puts them together
``before-1/``, ...                    what the sweep was before it was extended, each a whole sweep
``damaged/``                          parts that were not what they should be, set aside
====================================  =====================================================================

A file is written under a hidden name, synced, renamed and listed, and every start checks files against the list: what
a power failure may take is the last lines of the list. Every part says of which sweep it is, which number it has and
what the fingerprint of its rows is, so that a part is never taken for another, and one that no line lists is not lost.
Files of other names are neither read, written nor removed.
"""

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from race_sim.errors import InputError
from race_sim.sweeps.engine.difference import differences
from race_sim.sweeps.engine.earlier import move_earlier
from race_sim.sweeps.engine.files import (
    PARTIAL,
    open_own,
    others_in,
    own_folder,
    remove_partial,
    set_aside,
    write_synced,
)
from race_sim.sweeps.engine.journal import CHECKSUMS, journals_of_tasks, name, read_checksums
from race_sim.sweeps.engine.lock import NAME as LOCK
from race_sim.sweeps.engine.lock import locked
from race_sim.sweeps.engine.manifest import MANIFEST, read_manifest, write_manifest
from race_sim.sweeps.engine.tables import checksum, columns_of
from race_sim.sweeps.engine.tasks import Task

DAMAGED = "damaged"
AGAIN = "start the same sweep again, which computes it anew"
_PART = re.compile(r"part-(\d{5,})\.parquet")
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
    journal : str
        Name of the list that finished files are written to; a task has its own.
    """

    folder: Path
    manifest: dict[str, Any]
    kinds: tuple[str, ...]
    checksums: dict[str, str] = field(default_factory=dict)
    journal: str = CHECKSUMS

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
                path, table = self.folder / name(kind, part), tables[kind]
                said = {"sweep": identity, "part": str(part), "rows": checksum(table)}
                sink = pa.BufferOutputStream()
                pq.write_table(table.replace_schema_metadata(said), sink, compression="zstd", write_page_checksum=True)
                content = sink.getvalue().to_pybytes()
                write_synced(path, content)
                self.record(name(kind, part), hashlib.sha256(content).hexdigest())
        except OSError as error:
            raise InputError(
                f"{self.folder}: part {part} cannot be written: {error.strerror or error}; "
                "finished parts are kept: mend that and start the same sweep again"
            ) from None

    def record(self, file: str, checksum: str) -> None:
        """List a file as finished.

        Parameters
        ----------
        file : str
            Its path in the folder.
        checksum : str
            Its SHA-256.
        """
        with os.fdopen(open_own(self.folder / self.journal, os.O_WRONLY | os.O_APPEND), "ab") as journal:
            journal.write(f"{checksum}  {file}\n".encode())
        self.checksums[file] = checksum


@contextlib.contextmanager
def opened(
    folder: Path,
    sweep: Mapping[str, Any],
    layout: Mapping[str, Any],
    warn: Warn,
    lock: bool = True,
    task: Task | None = None,
) -> Iterator[Store]:
    """Open a folder as the store of a sweep, locked: a new one, or what an earlier start of the same sweep has left.

    Parts that are damaged or another sweep's are set aside, to be computed again.

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
    lock : bool
        False goes without a lock, where the file system has none and nothing else works in the folder.
    task : Task, optional
        One of several that share the folder; it looks after its own parts only, unless it is alone at first.

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
            if not os.path.lexists(folder / MANIFEST):
                refuse_unless_empty(folder)
            let_in = stack.enter_context(locked(folder, task)) if lock else None
            store = _begin(folder, sweep, layout)
            for kind in store.kinds:
                own_folder(folder / kind)
            if task is None or let_in is not None:
                _restore(store, warn)
            if task is not None:
                store.journal = f"checksums-{task}.txt"
                _restore_own(store, task.parts(store.parts), warn)
            if let_in is not None:
                let_in()
        except OSError as error:
            raise InputError(f"{folder}: cannot be written: {error.strerror or error}") from None
        yield store


def refuse_unless_empty(folder: Path, ours: Sequence[str] = ()) -> None:
    """Check that a folder without a manifest holds nothing that is not ours.

    Parameters
    ----------
    folder : Path
        A folder that exists; what an operating system leaves by itself, a lock and a manifest that a stop left
        half-written may lie in it.
    ours : sequence of str
        Patterns of further names that may.

    Raises
    ------
    InputError
        For a folder with anything else; names one thing.
    """
    others = others_in(folder, (f"{LOCK}*", f".{MANIFEST}{PARTIAL}", *ours))
    if others:
        raise InputError(f"{folder}: must be a new or empty folder, or hold this sweep; found {others[0]!r} there")


def finished_parts(folder: Path, manifest: Mapping[str, Any]) -> list[int]:
    """List the parts of a sweep that are finished, as far as its list of checksums says so.

    Parameters
    ----------
    folder : Path
        The folder of the sweep.
    manifest : mapping of str to Any
        As ``read_manifest`` gives it.

    Returns
    -------
    list of int
        Numbers of the parts of which the files of all kinds are listed.
    """
    listed = read_checksums(folder)
    return [part for part in range(manifest["parts"]) if all(name(kind, part) in listed for kind in manifest["kinds"])]


def read(folder: Path, kind: str) -> pa.Table:
    """Read every finished part of a kind, each checked as ``read_tables`` does.

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
        For a manifest or a part that is not as it should be or cannot be read, and where no part is finished.
    """
    return read_tables(folder, {**read_manifest(folder), "kinds": [kind]})[kind]


def read_tables(folder: Path, manifest: Mapping[str, Any]) -> dict[str, pa.Table]:
    """Read the parts that are finished in all kinds, each checked: its checksum, sweep, number, points and columns.

    Parameters
    ----------
    folder : Path
        The folder of a sweep.
    manifest : mapping of str to Any
        As ``read_manifest`` gives it.

    Returns
    -------
    mapping of str to pyarrow.Table
        All rows in the order of the points, by kind.

    Raises
    ------
    InputError
        For a part that is not as it should be or cannot be read, and where no part is finished.
    """
    listed, parts = read_checksums(folder), finished_parts(folder, read_manifest(folder))
    if not parts:
        raise InputError(f"{folder}: holds no finished part yet")
    return {kind: _read(folder, manifest, kind, parts, listed) for kind in manifest["kinds"]}


def _read(
    folder: Path, manifest: Mapping[str, Any], kind: str, parts: Sequence[int], listed: Mapping[str, str]
) -> pa.Table:
    tables: list[pa.Table] = []
    for part in parts:
        file = name(kind, part)
        try:
            content = (folder / file).read_bytes()
        except OSError as error:
            raise InputError(f"{folder / file}: cannot be read: {error.strerror}; {AGAIN}") from None
        table, wrong = _checked(content, manifest, kind, part, listed.get(file))
        if table is None:
            raise InputError(f"{folder / file}: {wrong}; {AGAIN}")
        if tables and table.schema != tables[0].schema:
            raise InputError(f"{folder / file}: is damaged: its columns are not those of the parts before; {AGAIN}")
        tables.append(table)
    return pa.concat_tables(tables).combine_chunks()


def _checked(
    content: bytes, manifest: Mapping[str, Any], kind: str, part: int, listed: str | None
) -> tuple[pa.Table | None, str]:
    """The rows of a part's file, or None and what is wrong with it. Without a listed checksum its own must hold."""
    if listed is not None and hashlib.sha256(content).hexdigest() != listed:
        return None, "is damaged"
    try:
        # Not pq.read_table, which starts threads: a process that ends meanwhile is aborted.
        file = pq.ParquetFile(pa.BufferReader(content), page_checksum_verification=True)
        said = {key: value.decode() for key, value in (file.metadata.metadata or {}).items()}
        if said.get(b"sweep") != manifest["identity"]:
            return None, "is a part of another sweep"
        if said.get(b"part") != str(part):
            return None, "is another part of this sweep under a wrong name"
        table = file.read(use_threads=False).replace_schema_metadata(None)
        if listed is None and said.get(b"rows") != checksum(table):
            return None, "is not listed as finished"
        first, each = part * manifest["points_per_part"], manifest["sweep"]["runs"] if kind == "runs" else 1
        numbers = np.arange(first, min(first + manifest["points_per_part"], manifest["points"]))
        fits = len(table) == each * len(numbers) and (table["point"].to_numpy() == np.repeat(numbers, each)).all()
        if not fits or not columns_of(table, kind, manifest["sweep"]["outcomes"]):
            return None, "is damaged: its points or outcomes are not those of this part"
    except (OSError, pa.ArrowException, ValueError, KeyError, TypeError):
        return None, "is damaged"
    return table, ""


def _begin(folder: Path, sweep: Mapping[str, Any], layout: Mapping[str, Any]) -> Store:
    if os.path.lexists(folder / MANIFEST):
        manifest = read_manifest(folder)
        different = differences(manifest["sweep"], json.loads(json.dumps(sweep)))
        if different:
            more = f" (and {len(different) - 3} more)" if len(different) > 3 else ""
            raise InputError(f"{folder}: holds another sweep: {'; '.join(different[:3])}{more}")
    else:
        manifest = write_manifest(folder, sweep, layout)
    return Store(folder, manifest, tuple(manifest["kinds"]))


def _restore(store: Store, warn: Warn) -> None:
    """Check every part, set aside what is not as it should be, and write the list of checksums anew if need be."""
    folder, listed = store.folder, read_checksums(store.folder)
    for file, digest in move_earlier(folder, store.manifest).items():
        if listed.get(file) == digest:
            del listed[file]
    for file in (name(kind, part) for kind in store.kinds for part in range(store.parts)):
        if file in listed and not os.path.lexists(folder / file):
            warn(f"{folder / file}: is missing; it is computed again")
    for kind in store.kinds:
        for path in sorted((folder / kind).iterdir()):
            if path.name.startswith(".part-") and path.name.endswith(f".parquet{PARTIAL}"):
                remove_partial(path)
            elif _PART.fullmatch(path.name):
                _restore_part(store, kind, path, listed.get(f"{kind}/{path.name}"), warn)
    wanted = "".join(f"{checksum}  {file}\n" for file, checksum in sorted(store.checksums.items())).encode()
    journal = folder / CHECKSUMS
    if journal.is_symlink():
        raise InputError(f"{journal}: must be a file of the sweep's own, is a link: move it away")
    if not journal.exists() or journal.read_bytes() != wanted or journal.stat().st_nlink > 1:
        write_synced(journal, wanted)
    for own in journals_of_tasks(folder):
        own.unlink()


def _restore_own(store: Store, parts: Sequence[int], warn: Warn) -> None:
    """Check the parts of a task, while others work on theirs."""
    listed = read_checksums(store.folder)
    for kind in store.kinds:
        for part in parts:
            path = store.folder / name(kind, part)
            remove_partial(path.with_name(f".{path.name}{PARTIAL}"))
            if os.path.lexists(path) and name(kind, part) not in store.checksums:
                _restore_part(store, kind, path, listed.get(name(kind, part)), warn)
                digest = store.checksums.get(name(kind, part))
                if digest is not None and digest != listed.get(name(kind, part)):
                    store.record(name(kind, part), digest)


def _restore_part(store: Store, kind: str, path: Path, listed: str | None, warn: Warn) -> None:
    """Count a part as finished if it is, and set it aside if it is none of this sweep."""
    match = _PART.fullmatch(path.name)
    assert match is not None
    part, wrong = int(match[1]), "is no part of this sweep"
    if part < store.parts and name(kind, part) == f"{kind}/{path.name}":
        try:
            content = path.read_bytes()
        except OSError:
            wrong = "is damaged"
        else:
            table, wrong = _checked(content, store.manifest, kind, part, listed)
            if table is not None:
                store.checksums[name(kind, part)] = hashlib.sha256(content).hexdigest()
                return
    aside = set_aside(path, store.folder / DAMAGED)
    warn(f"{path}: {wrong}; set aside as {aside}" + (" and computed again" if part < store.parts else ""))

"""What a sweep was before it was extended: kept as a whole, and its points are not computed again.

An extension writes the new manifest in place of the old one, which is the moment from which the folder holds the new
sweep. Before it, the old manifest and list of checksums are copied to ``before-1`` (``before-2``, ...); after it, the
old parts are moved there, by this start or the next. Wherever that is stopped, nothing is lost and nothing is mixed:
every part says of which sweep it is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from race_sim.errors import InputError
from race_sim.sweeps.engine.files import PARTIAL, others_in, own_folder, write_synced
from race_sim.sweeps.engine.journal import CHECKSUMS, read_checksums
from race_sim.sweeps.engine.manifest import MANIFEST, read_manifest, write_manifest
from race_sim.sweeps.engine.tables import OF_POINTS, OF_RUNS

GROWS = ("design", "points", "outcomes")  # in what two sweeps may differ whose points have the same numbers


def replace_sweep(folder: Path, sweep: Mapping[str, Any], layout: Mapping[str, Any]) -> None:
    """Make a folder that holds a finished sweep the folder of a larger one.

    Parameters
    ----------
    folder : Path
        The folder, locked.
    sweep : mapping of str to Any
        What makes the larger sweep the one it is.
    layout : mapping of str to Any
        As of a new store.
    """
    manifest = read_manifest(folder)
    history = manifest.get("history", [])
    place = next(path for path in _places(folder, len(history) + 1) if _free_for(path, manifest["identity"]))
    listed = read_checksums(folder)
    own_folder(place)
    write_synced(place / MANIFEST, (folder / MANIFEST).read_bytes())
    write_synced(place / CHECKSUMS, "".join(f"{digest}  {file}\n" for file, digest in listed.items()).encode())
    entry = {"identity": manifest["identity"], "folder": place.name, "design": manifest["provenance"]["design"]}
    entry |= {key: manifest["sweep"][key] for key in ("runs", "outcomes")}
    write_manifest(folder, sweep, {**layout, "history": [*history, entry]})


def move_earlier(folder: Path, manifest: Mapping[str, Any]) -> dict[str, str]:
    """Move the parts of the sweep that was extended, as far as they still stand among the new ones.

    Parameters
    ----------
    folder : Path
        The folder, locked.
    manifest : mapping of str to Any
        Of the larger sweep.

    Returns
    -------
    mapping of str to str
        SHA-256 of the earlier sweep's files, by their path in its folder; empty where nothing was extended.
    """
    if not manifest.get("history"):
        return {}
    last = manifest["history"][-1]
    place = folder / last["folder"]
    if place.is_symlink() or not (place / MANIFEST).is_file():
        return {}
    listed = read_checksums(place)
    for file in listed:
        path, target = folder / file, place / file
        if not target.exists() and path.is_file() and not path.is_symlink() and _sweep_of(path) == last["identity"]:
            own_folder(target.parent)
            path.rename(target)
    return listed


@dataclass(frozen=True)
class Earlier:
    """The points of the sweep that was extended, as rows for the larger one.

    Attributes
    ----------
    manifest : mapping of str to Any
        Of the larger sweep.
    tables : mapping of str to pyarrow.Table
        Of the earlier sweep.
    rows : mapping of tuple to int
        Row of every point, by its parameters (and its number, where points have streams of their own).
    known : mapping of int to tuple
        By the number of a part: numbers of its points that are known, and their rows.
    """

    manifest: Mapping[str, Any]
    tables: Mapping[str, pa.Table]
    rows: Mapping[tuple[Any, ...], int]
    known: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]]

    @classmethod
    def of(cls, folder: Path, manifest: Mapping[str, Any], warn: Callable[[str], None]) -> "Earlier | None":
        """Read the sweep that was extended, if there is one and its numbers are those of the larger one.

        Parameters
        ----------
        folder : Path
            The folder.
        manifest : mapping of str to Any
            Of the larger sweep.
        warn : callable
            Called with one line that says why points are computed again.

        Returns
        -------
        Earlier or None
            None where every point is to be computed.
        """
        if not manifest.get("history"):
            return None
        from race_sim.sweeps.engine.store import read_tables

        last = manifest["history"][-1]
        try:
            before = read_manifest(folder / last["folder"])
            known = before["identity"] == last["identity"]
            reason = _reason(before["sweep"], manifest["sweep"]) if known else f"{last['folder']} holds another sweep"
            tables = {} if reason else read_tables(folder / last["folder"], before)
        except InputError as error:
            reason = str(error)
        if reason:
            warn(f"{reason}: all points are computed again")
            return None
        points = tables["points"]
        paths = points.column_names[1 : points.column_names.index("runs")]
        columns = {path: points[path].to_numpy() for path in paths}
        numbers = points["point"].to_numpy()
        keys = _keys(columns, numbers if manifest["sweep"]["design"]["streams"] == "own" else None)
        rows: dict[tuple[Any, ...], int] = {}
        for row, key in enumerate(keys):
            rows.setdefault(key, row)
        return cls(manifest, tables, rows, {})

    def unknown(self, part: int, numbers: NDArray[np.int64], columns: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
        """Tell which points of a part the earlier sweep does not have.

        Parameters
        ----------
        part : int
            Number of the part.
        numbers : array (points,)
            Numbers of its points.
        columns : mapping of str to array (points,)
            Their parameters, by path.

        Returns
        -------
        array (points,) of bool
            True where a point is to be computed.
        """
        own = self.manifest["sweep"]["design"]["streams"] == "own"
        rows = np.array([self.rows.get(key, -1) for key in _keys(columns, numbers if own else None)], dtype=np.int64)
        self.known[part] = (numbers[rows >= 0], rows[rows >= 0])
        unknown: NDArray[np.bool_] = rows < 0
        return unknown

    def completed(self, part: int, computed: Mapping[str, pa.Table] | None) -> dict[str, pa.Table]:
        """Put the points that are known beside those that were computed.

        Parameters
        ----------
        part : int
            Number of the part, as ``unknown`` was asked for.
        computed : mapping of str to pyarrow.Table, or None
            Tables of the points that were computed; None where there were none.

        Returns
        -------
        mapping of str to pyarrow.Table
            All of the part, in the order of the points.
        """
        numbers, rows = self.known.pop(part)
        outcomes, tables = self.manifest["sweep"]["outcomes"], {}
        for kind in self.manifest["kinds"]:
            table, each = self.tables[kind], len(self.tables[kind]) // len(self.tables["points"])
            taken = (rows[:, np.newaxis] * each + np.arange(each)).ravel()
            ends = OF_POINTS if kind == "points" else OF_RUNS
            front = table.column_names[: table.column_names.index("run" if kind == "runs" else "runs") + 1]
            names = [*front, *(column for key in outcomes for column in (key + end for end in ends))]
            names += ["reached"] if "reached" in table.column_names and kind == "points" else []
            ours = table.take(pa.array(taken)).select(names)
            ours = ours.set_column(0, "point", pa.array(np.repeat(numbers, each)))
            both = ours if computed is None else pa.concat_tables([computed[kind], ours.cast(computed[kind].schema)])
            order = [(column, "ascending") for column in ("point", "run") if column in names]
            tables[kind] = both.sort_by(order).combine_chunks()
        return tables


def _reason(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Why no number of an earlier sweep is one of the larger one; empty where they are."""
    new = [key for key in now["outcomes"] if key not in before["outcomes"]]
    if before["runs"] != now["runs"]:
        return "the store keeps means, and not the moments that more runs would be added to"
    if new:
        return f"the store does not have {', '.join(new)}"
    if {k: v for k, v in before.items() if k not in GROWS} != {k: v for k, v in now.items() if k not in GROWS}:
        return "what was extended differs in more than its points"
    return ""


def _keys(columns: Mapping[str, NDArray[Any]], numbers: NDArray[np.int64] | None) -> Iterator[tuple[Any, ...]]:
    """The parameters of each point, in the order of their paths."""
    parts: list[Sequence[Any]] = [columns[path].tolist() for path in sorted(columns)]
    return zip(*parts, *([] if numbers is None else [numbers.tolist()]), strict=True)


def _places(folder: Path, first: int) -> Iterator[Path]:
    number = first
    while True:
        yield folder / f"before-{number}"
        number += 1


def _free_for(place: Path, identity: str) -> bool:
    """Whether nothing stands there, or what an extension has begun to write and was stopped at."""
    if place.is_symlink():
        return False
    if not place.exists():
        return True
    try:
        return read_manifest(place)["identity"] == identity and not (place / "points").exists()
    except InputError:
        return place.is_dir() and not others_in(place, (f".{MANIFEST}{PARTIAL}",))


def _sweep_of(path: Path) -> str | None:
    try:
        said: bytes | None = (pq.read_metadata(path).metadata or {}).get(b"sweep")
    except (OSError, pa.ArrowException):
        return None
    return None if said is None else said.decode(errors="replace")

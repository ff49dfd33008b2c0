"""What a folder holds that can be drawn: results of experiments, commands, sweeps, sensitivity; checked when read."""

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from race_sim.errors import InputError, one_line, unknown
from race_sim.figures import commands, sensitivity, sweep
from race_sim.figures.experiments import kinds_of
from race_sim.figures.kinds import Columns, Kind, Provenance, Tables
from race_sim.figures.sensitivity import PREFIX
from race_sim.figures.sweep import POINTS
from race_sim.sweeps.engine.files import folder_of
from race_sim.sweeps.engine.manifest import MANIFEST, read_manifest
from race_sim.sweeps.engine.store import read
from race_sim.sweeps.engine.tables import OF_POINTS

PROVENANCE, SWEEP = "provenance.json", "sweep"


@dataclass(frozen=True)
class Result:
    """What a folder holds that can be drawn.

    Attributes
    ----------
    folder : Path
        Where it lies.
    provenance : mapping
        How it was computed.
    kinds : tuple of Kind
        Figures that fit it, the main one first; empty for an experiment that draws none.
    read : callable
        Kind -> its tables by file name, checked.
    missing : int
        Points of a sweep that is not complete.
    """

    folder: Path
    provenance: Provenance
    kinds: tuple[Kind, ...]
    read: Callable[[Kind], Tables]
    missing: int = 0  # points of a sweep that is not complete

    def kind(self, name: str | None) -> Kind:
        """Give the kind of figure with a name.

        Parameters
        ----------
        name : str or None
            Its name; None for the main one.

        Returns
        -------
        Kind
            One of ``kinds``.

        Raises
        ------
        InputError
            Where there is none with that name, or none at all.
        """
        if not self.kinds:
            raise InputError(f"{self.folder}: the experiment {self.provenance['experiment']!r} draws no figures")
        names = {kind.name: kind for kind in self.kinds}
        if name is None:
            return self.kinds[0]
        if name not in names:
            raise InputError(f"kind: {unknown('figure', name, names)}")
        return names[name]


def opened(folder: str | Path, outcomes: Sequence[str] = ()) -> Result:
    """Open the result in a folder.

    Parameters
    ----------
    folder : str or Path
        Of an experiment's result, a sweep, a sensitivity analysis, or what a command left with ``--out``.
    outcomes : sequence of str
        Of a run, a sweep or sensitivity indices, those to draw; by default the main ones.

    Returns
    -------
    Result
        What can be drawn, and from what.

    Raises
    ------
    InputError
        For a folder that does not exist, holds no result or a damaged one, for a result of an experiment that is not at
        hand, and for an unknown outcome.
    """
    path = folder_of("folder", folder)
    if not os.path.isdir(path):
        what = "is a file" if os.path.lexists(path) else "does not exist"
        raise InputError(f"{one_line(str(path), 160)[1:-1]}: must be a folder of results, {what}")
    if (path / MANIFEST).exists():
        return _sweep(path, outcomes)
    if (path / SWEEP / MANIFEST).exists() or any(path.glob(f"{PREFIX}*.csv")):
        return _sensitivity(path, outcomes)
    provenance = _object(path / PROVENANCE) if (path / PROVENANCE).exists() else {}
    if provenance.get("command") in commands.KINDS:
        return _of_a_command(path, provenance, outcomes)
    if outcomes:
        raise InputError(
            f"outcome: can be chosen for runs, sweeps and sensitivity indices, got {one_line(outcomes[0])}"
        )
    return _experiment(path)


def read_table(path: Path, columns: Columns, rows: int | None = None) -> pd.DataFrame:
    """Read a table from a CSV file, whole and with the columns that are needed.

    Parameters
    ----------
    path : Path
        The file.
    columns : Columns
        What it must have.
    rows : int, optional
        How many rows it must have; by default any number but none.

    Returns
    -------
    DataFrame
        The table; an empty cell is NaN.

    Raises
    ------
    InputError
        For what is missing or damaged, naming the file, the line or the column.
    """
    content = _text(path)
    lines = list(csv.reader(io.StringIO(content)))
    ragged = next((number for number, line in enumerate(lines, 1) if len(line) != len(lines[0])), None)
    if not content.endswith("\n") or ragged:
        raise InputError(f"{path}: is damaged or cut off at line {ragged or len(lines)}")
    table = pd.read_csv(io.StringIO(content), keep_default_na=False, na_values=[""])
    for name in (*columns.texts, *columns.numbers):
        if name not in table:
            raise InputError(f"{path}: must have a column {name!r}, has {one_line(', '.join(table.columns))}")
    if len(table) == 0 or (rows is not None and len(table) != rows):
        raise InputError(f"{path}: must have {'some' if rows is None else f'{rows:,}'} rows, has {len(table):,}")
    for name in columns.numbers:
        if not pd.api.types.is_numeric_dtype(table[name]):
            wrong = table[name][pd.to_numeric(table[name], errors="coerce").isna() & table[name].notna()].iloc[0]
            raise InputError(f"{path}: {name}: must be numbers, got {one_line(wrong)}")
    return table


def _experiment(path: Path) -> Result:
    if not (path / PROVENANCE).exists():
        raise InputError(f"{path}: holds no result of an experiment, a sweep or a sensitivity analysis")
    provenance = _object(path / PROVENANCE)
    name = provenance.get("experiment")
    if name is None:
        raise InputError(f"{path}: is no experiment's result: {PROVENANCE} names none")
    try:
        kinds = kinds_of(name)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    sizes = provenance.get("rows", {})

    def tables(kind: Kind) -> Tables:
        return {file: read_table(path / file, columns, sizes.get(file)) for file, columns in kind.tables.items()}

    return Result(path, provenance, kinds, tables)


def _of_a_command(path: Path, provenance: dict[str, Any], outcomes: Sequence[str]) -> Result:
    """What ``run``, ``game``, ``compare`` and ``least-setting`` leave; outcomes can be chosen of a run."""
    command = provenance["command"]
    if outcomes and command != "run":
        raise InputError(
            f"outcome: can be chosen for runs, sweeps and sensitivity indices, got {one_line(outcomes[0])}"
        )

    def tables(kind: Kind) -> Tables:
        read = {file: read_table(path / file, columns) for file, columns in kind.tables.items()}
        if command != "run":
            return read
        table = read[commands.TABLE]
        named = _known(outcomes, list(table["outcome"])) if outcomes else commands.main_outcomes(table)
        return {commands.TABLE: table.set_index("outcome", drop=False).loc[named]}

    missing = [name for name in commands.NEEDED[command] if name not in provenance]
    if missing:
        raise InputError(
            f"{path / PROVENANCE}: is damaged: has no {missing[0]!r}, which race-sim {command} leaves there"
        )
    kinds = tuple(kind for kind in commands.KINDS[command] if kind.fits({}, provenance))
    return Result(path, provenance, kinds, tables)


def _sweep(path: Path, outcomes: Sequence[str]) -> Result:
    manifest = read_manifest(path)
    table = read(path, POINTS).to_pandas()
    dropped = set(manifest["units"]) - set(_known(outcomes, manifest["units"]))
    tables = {POINTS: table.drop(columns=[key + end for key in dropped for end in OF_POINTS])}
    fitting = tuple(kind for kind in sweep.KINDS if kind.fits(tables, manifest))
    return Result(path, manifest, fitting, lambda kind: tables, int(manifest["points"]) - len(table))


def _sensitivity(path: Path, outcomes: Sequence[str]) -> Result:
    files = {file.stem.removeprefix(PREFIX): file for file in sorted(path.glob(f"{PREFIX}*.csv"))}
    if not files:
        raise InputError(f"{path}: holds no indices yet: the command that was stopped goes on from there")
    tables = {files[key].name: read_table(files[key], Columns(("parameter",))) for key in _known(outcomes, files)}
    return Result(path, {}, sensitivity.KINDS, lambda kind: tables)


def _known(outcomes: Sequence[str], known: Iterable[str]) -> list[str]:
    for outcome in outcomes:
        if outcome not in known:
            raise InputError(f"outcome: {unknown('outcome', outcome, known)}")
    return list(outcomes or known)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is damaged: no text") from None


def _object(path: Path) -> dict[str, Any]:
    try:
        result = json.loads(_text(path))
    except json.JSONDecodeError:
        result = None
    if not isinstance(result, dict):
        raise InputError(f"{path}: is damaged: no JSON object")
    return result

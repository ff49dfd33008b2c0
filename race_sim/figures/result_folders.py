"""What a folder holds that can be drawn: an experiment's results, a sweep, sensitivity indices; checked when read."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pandas as pd

from race_sim.errors import InputError, one_line, unknown
from race_sim.figures import sensitivity, sweep
from race_sim.figures.kinds import Columns, Kind, Provenance, Tables
from race_sim.figures.sensitivity import PREFIX
from race_sim.figures.sweep import POINTS
from race_sim.sweeps.engine.manifest import MANIFEST, read_manifest
from race_sim.sweeps.engine.store import read
from race_sim.sweeps.engine.tables import ERROR

EXPERIMENTS = "experiments"  # the package of experiments, which a checkout has and an installation has not
PROVENANCE, SWEEP = "provenance.json", "sweep"


@dataclass(frozen=True)
class Result:
    """A folder's result: where it came from, the kinds of figures that fit it, and how the tables of one are read."""

    folder: Path
    provenance: Provenance
    kinds: tuple[Kind, ...]
    read: Callable[[Kind], Tables]
    missing: int = 0  # points of a sweep that is not complete

    def kind(self, name: str | None) -> Kind:
        """The kind with this name, the main one for None; InputError where there is none."""
        names = {kind.name: kind for kind in self.kinds}
        if name is None:
            return self.kinds[0]
        if name not in names:
            raise InputError(f"kind: {unknown('figure', name, names)}")
        return names[name]


def opened(folder: str | Path, outcomes: Sequence[str] = ()) -> Result:
    """The result in a folder. outcomes: of a sweep or of sensitivity indices, those to draw (default: the main ones).

    Raises InputError for a folder that does not exist, holds no result or a damaged one, and for an unknown outcome.
    """
    path = Path(folder)
    if not path.is_dir():
        raise InputError(f"{path}: must be a folder of results, {'is a file' if path.exists() else 'does not exist'}")
    if (path / MANIFEST).exists():
        return _sweep(path, outcomes)
    if (path / SWEEP / MANIFEST).exists() or any(path.glob(f"{PREFIX}*.csv")):
        return _sensitivity(path, outcomes)
    if outcomes:
        raise InputError(f"outcome: can be chosen for sweeps and for sensitivity indices, got {one_line(outcomes[0])}")
    return _experiment(path)


def experiments() -> list[str]:
    """Every experiment: a module in ``experiments/`` with figures; none where that folder is not at hand."""
    try:
        path = import_module(EXPERIMENTS).__path__
    except ImportError:
        return []
    names = sorted(module.name for module in iter_modules(path) if module.name[0] != "_")
    return [name for name in names if kinds_of(name)]


def kinds_of(experiment: str) -> tuple[Kind, ...]:
    """The kinds of figures of an experiment, ``KINDS`` of its module, the main one first; empty for what is none."""
    try:
        return getattr(import_module(f"{EXPERIMENTS}.{experiment}"), "KINDS", ())
    except ImportError:
        return ()


def read_table(path: Path, columns: Columns, rows: int | None = None) -> pd.DataFrame:
    """A table from a CSV file, whole and with the columns that are needed.

    rows: how many it must hold, None for any number but none. Raises InputError for what is missing or damaged.
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
    kinds = kinds_of(name) if isinstance(name, str) and name.isidentifier() else ()
    if not kinds:
        known = experiments()
        where = "" if known else "; experiments are drawn in a checkout of race_sim, from its folder"
        raise InputError(f"{path}: {unknown('figures of an experiment', name, known)}{where}")
    sizes = provenance.get("rows", {})

    def tables(kind: Kind) -> Tables:
        return {file: read_table(path / file, columns, sizes.get(file)) for file, columns in kind.tables.items()}

    return Result(path, provenance, kinds, tables)


def _sweep(path: Path, outcomes: Sequence[str]) -> Result:
    manifest = read_manifest(path)
    table = read(path, POINTS).to_pandas()
    dropped = set(manifest["units"]) - set(_known(outcomes, manifest["units"]))
    tables = {POINTS: table.drop(columns=[key + end for key in dropped for end in ("", ERROR)])}
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

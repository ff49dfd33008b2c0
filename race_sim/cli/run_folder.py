"""The folder that a command leaves with ``--out``: tried before the work, and written as a whole or not at all."""

import argparse
import csv
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from race_sim.errors import InputError
from race_sim.runs.controls import martingale_names
from race_sim.runs.estimation import Estimate
from race_sim.runs.footprint import NUMBER, check_runs
from race_sim.scenario.scenario import Scenario
from race_sim.sweeps.engine.files import PARTIAL, folder_of, others_in, write_synced

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

FILES = ("outcomes.csv", "runs.nc", "scenario.toml", "provenance.json")  # the last one stands for all of them

LARGEST_VARIABLE = 2**31 - 1  # bytes, of a file of netCDF 3


def reserve(out: str) -> Path:
    """Try the folder that a result is to be written to, and leave no trace of that.

    Parameters
    ----------
    out : str
        As it was typed after --out.

    Returns
    -------
    Path
        The folder's own place: of a new one, which is not made yet, or of an empty one (behind a link, at a mount
        point, the current one).

    Raises
    ------
    InputError
        Unless it is new or empty, but for what operating systems put into folders, and can be written.
    """
    named = folder_of("--out", out)
    folder = Path(os.path.realpath(named))
    rule = f"--out: must be a new or empty folder, got {out!r}"
    made: list[Path] = []
    try:
        if folder.is_dir():
            others = others_in(folder, (f".{name}{PARTIAL}" for name in FILES))
            if others:
                raise InputError(f"{rule}, which holds {others[0]!r}")
        elif os.path.lexists(named):
            raise InputError(f"{rule}, {'a file' if named.exists() else 'a link that leads nowhere'}")
        for path in (*reversed(folder.parents), folder):
            if not path.is_dir():
                path.mkdir()
                made.append(path)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise InputError(f"--out: {out!r} cannot be written: {error.strerror or error}") from None
    finally:
        for path in reversed(made):
            path.rmdir()
    return folder


def check_size(scenario: Scenario, runs: int, trajectories: bool) -> None:
    """Refuse runs that cannot be summarised and written together, before they are computed.

    Parameters
    ----------
    scenario : Scenario
        What is simulated.
    runs : int
        How many runs.
    trajectories : bool
        Whether every period of every run is kept.

    Raises
    ------
    InputError
        Where memory, or a variable of ``runs.nc``, does not hold them; says how many runs do.
    """
    check_runs(scenario, runs, trajectories, copies=2.0)
    numbers = max(len(martingale_names(scenario)), len(scenario.labs))
    if trajectories:
        numbers = max(numbers, scenario.periods * len(scenario.labs))
    most = LARGEST_VARIABLE // (NUMBER * numbers)
    if runs > most:
        raise InputError(f"runs: {runs:,} runs need more than the 2 GB that a variable of runs.nc holds: {most:,} fit")


def keep_runs(folder: Path, result: Estimate, table: "pd.DataFrame", dataset: "xr.Dataset") -> None:
    """Write outcomes, runs, scenario and provenance into a folder, all or nothing.

    Parameters
    ----------
    folder : Path
        As ``reserve`` gives it: ``outcomes.csv``, ``runs.nc``, ``scenario.toml`` and ``provenance.json`` go there.
    result : Estimate
        Means and errors, with what was simulated.
    table : DataFrame
        The same as a table, as of ``summarise``.
    dataset : xarray.Dataset
        The runs, as of ``simulate``.
    """

    def content() -> dict[str, bytes]:
        known = {**dataset.attrs, "runs": result.runs, "policies": result.scenario.policies}
        runs = dataset.assign_attrs(seed=str(result.seed)).to_netcdf(engine="scipy")
        return {**_texts("run", result.scenario, table.to_csv(), known), "runs.nc": bytes(runs)}

    _keep(folder, content)


@dataclass(frozen=True)
class Report:
    """What a command has to say: in words, as one object and as a table.

    Attributes
    ----------
    text : str
        For people.
    json : mapping
        Fit for JSON.
    header : sequence of str
        Names of the table's columns.
    rows : sequence of sequence
        Cells of the table, None for an empty one.
    more : mapping
        What the provenance of a folder says besides, fit for JSON.
    """

    text: str
    json: Mapping[str, Any]
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]
    more: Mapping[str, Any]


def show(command: str, options: argparse.Namespace, scenario: Scenario, folder: Path | None, report: Report) -> None:
    """Print a report in the form that is asked for, and keep its table, scenario and provenance in a folder.

    Parameters
    ----------
    command : str
        Which command it is of.
    options : argparse.Namespace
        As they were typed: ``json``, ``csv``, ``out`` and ``seed`` are looked at.
    scenario : Scenario
        What was simulated.
    folder : Path or None
        As ``reserve`` gives it: ``outcomes.csv``, ``scenario.toml`` and ``provenance.json`` go there, all or nothing.
    report : Report
        What there is to say.
    """
    table = as_csv(report.header, report.rows)
    try:
        if options.json:
            print(json.dumps(report.json, allow_nan=False), flush=True)
        elif options.csv:
            print(table, end="", flush=True)
        else:
            print(report.text, flush=True)
    finally:  # neither a folder nor a screen that cannot be written takes the numbers from the other
        if folder is not None:
            from race_sim.runs.provenance import provenance

            known = {**provenance(scenario, options.seed, "integrated"), **report.more}
            _keep(folder, lambda: _texts(command, scenario, table, known))
    if folder is not None and not options.json and not options.csv:
        print(f"\nwritten to {options.out}")


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Write a table as CSV; numbers so that they can be read back to the last bit.

    Parameters
    ----------
    header : sequence of str
        Names of the columns.
    rows : iterable of sequence
        Cells; None and NaN are empty.

    Returns
    -------
    str
        A header, and a line per row.

    Examples
    --------
    >>> print(as_csv(("model", "risk"), [("race", 0.25), ("other", None)]), end="")
    model,risk
    race,0.25
    other,
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if cell != cell else cell for cell in row] for row in rows)
    return text.getvalue()


def _texts(command: str, scenario: Scenario, table: str, provenance: Mapping[str, Any]) -> dict[str, bytes]:
    """What the files of every command hold."""
    texts = {
        "outcomes.csv": table,
        "scenario.toml": scenario.to_toml(),
        "provenance.json": json.dumps({"command": command, **provenance}, indent=1) + "\n",
    }
    return {name: text.encode() for name, text in texts.items()}


def _keep(folder: Path, contents: Callable[[], Mapping[str, bytes]]) -> None:
    """Write files, the provenance last; a new folder takes its name when it is complete, nothing is left otherwise."""
    new = not folder.is_dir()
    place = folder.with_name(f".race-sim-{secrets.token_hex(4)}{PARTIAL}") if new else folder
    try:
        content = contents()
        place.mkdir(parents=True, exist_ok=True)
        for name in (name for name in FILES if name in content):
            write_synced(place / name, content[name])
        if new:
            place.rename(folder)
    except BaseException as error:
        if new:
            shutil.rmtree(place, ignore_errors=True)
        else:
            for name in FILES:
                (place / name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise InputError(f"--out: {str(folder)!r} cannot be written: {error.strerror or error}") from None
        raise

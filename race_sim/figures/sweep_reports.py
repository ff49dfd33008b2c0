"""Sweeps as text for people: their first rows, and their indices."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import xarray as xr

from race_sim.errors import InputError, checked_arguments, checked_kind, checked_names, unknown
from race_sim.scenario.scenario import Scenario
from race_sim.sweeps.engine.files import write_synced
from race_sim.sweeps.engine.indices import FEWEST, LEADING
from race_sim.sweeps.engine.tables import ERROR, HIGH, LOW
from race_sim.sweeps.sensitivity import ordered
from race_sim.sweeps.sweep_frame import SweepTable

ROWS, OUTCOMES = 20, 3  # as much as is printed of a sweep
HEAVY = 1.5  # total index from which its estimate is not to be believed


def summary(swept: xr.Dataset) -> str:
    """Write a sweep's first rows as text, and what it spent.

    Parameters
    ----------
    swept : Dataset
        As ``race_sim.sweep`` returns it.

    Returns
    -------
    str
        Several lines.
    """
    outcomes = [str(key) for key in swept["outcome"].values[:OUTCOMES]]
    points, shape = swept["runs"].size, swept["runs"].shape
    rows = [[*_paths(swept), *(text for key in outcomes for text in (key, "+-", "low", "high"))]]
    for index in islice(np.ndindex(*shape), ROWS):
        here = swept.isel(dict(zip(swept["runs"].dims, index, strict=True)))
        cells = [_cell(here[path].item()) for path in rows[0][: -4 * len(outcomes)]]
        for key in outcomes:
            cells += [_cell(here[name].sel(outcome=key).item()) for name in ("mean", "standard_error", "low", "high")]
        rows.append(cells)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    first = f"the first {ROWS} of {points:,} points" if points > ROWS else f"{points} points"
    lines = [f"mean +- standard error, 95 % interval of {', '.join(outcomes)} at {first}"]
    lines += ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines.append(f"\n{points:,} points, {int(swept['runs'].sum()):,} runs")
    if "reached" in swept:
        missed = int((~swept["reached"]).sum())
        lines[-1] += f"; {missed or 'no'} point{'' if missed == 1 else 's'} missed the target error"
    return "\n".join(lines)


@checked_arguments(swept=checked_kind(xr.Dataset), outcomes=checked_names)
def sweep_table(swept: xr.Dataset, outcomes: Sequence[str] | None = None) -> SweepTable:
    """Make a DataFrame of a sweep, which Jupyter shows with units, the status of parameters, and errors.

    Parameters
    ----------
    swept : Dataset
        As ``race_sim.sweep`` or ``race_sim.load_sweep`` returns it.
    outcomes : sequence of str, optional
        Those that get columns; by default all.

    Returns
    -------
    DataFrame
        One row per point: its parameters, ``runs``, and for every outcome its mean under its key, the standard error
        under ``KEY.standard_error`` and the 95 % interval under ``KEY.low`` and ``KEY.high``, in the outcome's unit.

    Raises
    ------
    InputError
        For what is no sweep, and for an outcome that it does not have.

    Examples
    --------
    >>> from race_sim import sweep
    >>> sweep_table(sweep("duopoly", {"prize.enmity": [0, 1]}, runs=20, outcomes=["welfare"])).columns.tolist()
    ['prize.enmity', 'runs', 'welfare', 'welfare.standard_error', 'welfare.low', 'welfare.high']
    """
    if not {"mean", "standard_error", "low", "high", "runs"} <= set(swept.data_vars) or "outcome" not in swept.coords:
        raise InputError("swept: must be a sweep's Dataset, as race_sim.sweep returns it")
    units = dict(zip(map(str, swept["outcome"].values), map(str, swept["unit"].values), strict=True))
    chosen = list(units) if outcomes is None else list(outcomes)
    for key in chosen:
        if key not in units:
            raise InputError(f"outcomes: {unknown('outcome', key, units)}")
    paths = _paths(swept)
    plain = swept[["runs", *(["reached"] if "reached" in swept else [])]].to_dataframe().reset_index()
    columns = {name: plain[name] for name in (*paths, *plain.columns) if name not in ("point", "unit", "meaning")}
    for key in chosen:
        columns[key] = swept["mean"].sel(outcome=key).values.ravel()
        for end in (ERROR, LOW, HIGH):
            columns[key + end] = swept[end[1:]].sel(outcome=key).values.ravel()
    table = SweepTable(columns)
    known = {item.path: item.about for item in Scenario.from_kept(swept.attrs["scenario_toml"]).parameters()}
    table.attrs = {
        "title": f"{swept.attrs['scenario']}: {swept.attrs['design']}",
        "unit": {path: known[path].unit for path in paths if path in known} | units,
        "status": {path: known[path].status for path in paths if path in known},
    }
    return table


def index_table(indices: xr.Dataset, outcome: str) -> str:
    """Write one outcome's sensitivity indices as text, the most influential parameter first.

    Parameters
    ----------
    indices : Dataset
        As ``race_sim.sensitivity_indices`` returns it.
    outcome : str
        One of its outcomes.

    Returns
    -------
    str
        Several lines; one line where the outcome is undefined at some points.
    """
    table = ordered(indices, outcome)
    share = float(indices["noise_share"].sel(outcome=outcome))
    method, ranks = indices.attrs["method"], bool(indices["of_ranks"].sel(outcome=outcome))
    if table[LEADING[method]].isna().all():
        return f"{outcome}: undefined at some points, because nobody survives there: no indices"
    lines = [
        f"{outcome}{' (ranks)' if ranks else ''}: {method} indices of {len(table)} parameters, "
        f"{indices.attrs['samples']} samples, {indices.attrs['runs']} runs at each point",
        table.drop(columns="range")
        .dropna(axis=1, how="all")
        .to_string(float_format="{:.3f}".format, index_names=False),
    ]
    if not ranks:
        lines.insert(1, f"noise of the replicates: {100 * share:.2g} % of the variance between points")
    if method == "sobol" and table["total_low"].isna().all():
        lines.append(f"intervals take {FEWEST} samples or more")
    if method == "sobol" and (table["total"] > HEAVY).any():
        lines.append(f"totals above {HEAVY}: the variance lies in a few points; explain ranks: --ranks {outcome}")
    return "\n".join(lines)


def write_indices(folder: Path, indices: xr.Dataset) -> None:
    """Keep every outcome's indices as a table ``indices-KEY.csv`` and a figure ``indices-KEY.png``.

    Parameters
    ----------
    folder : Path
        Where; it is made.
    indices : Dataset
        As ``race_sim.sensitivity_indices`` returns it.

    Raises
    ------
    InputError
        If they cannot be written.
    """
    from race_sim.figures.drawing import draw, save

    for outcome in map(str, indices["outcome"].values):
        table = folder / f"indices-{outcome}.csv"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_synced(table, ordered(indices, outcome).to_csv(float_format="%.6g").encode())
        except OSError as error:
            raise InputError(f"--out: {str(folder)!r} cannot be written: {error.strerror}") from None
        save(draw(folder, outcomes=[outcome]), table.with_suffix(".png"))


def _paths(swept: xr.Dataset) -> list[str]:
    return [str(name) for name in swept.coords if name not in ("point", "outcome", "unit", "meaning")]


def _cell(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.4g}"

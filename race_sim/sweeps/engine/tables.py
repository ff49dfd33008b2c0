"""Estimates at points as tables, and tables as labelled arrays."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import xarray as xr
from numpy.typing import NDArray

from race_sim.errors import InputError
from race_sim.sweeps.engine.axes import Axis, Known
from race_sim.sweeps.engine.design import Points

ERROR, WEIGHT = ".standard_error", ".weight"


def tables_of(
    first: int, columns: Mapping[str, NDArray[Any]], outcomes: Sequence[str], result: Any
) -> dict[str, pa.Table]:
    """One row per point: its number, its parameters, runs, then mean and standard error of every outcome.

    Where runs were kept, also a table with one row per run: point, run, then value and weight of every outcome.
    estimates: as ``race_sim.sweeps.evaluate.PointEstimates``. Raises InputError where a parameter and an outcome have
    the same name.
    """
    clash = sorted(set(columns) & {*outcomes, *(key + ERROR for key in outcomes)})
    if clash:
        raise InputError(f"{clash[0]}: is the name of a parameter and of an outcome; rename the lab or the nation")
    numbers = np.arange(first, first + len(result.runs))
    data: dict[str, Any] = {"point": numbers, **{path: _array(column) for path, column in columns.items()}}
    data["runs"] = result.runs
    for place, key in enumerate(outcomes):
        data[key] = result.mean[:, place]
        data[key + ERROR] = result.standard_error[:, place]
    if result.reached is not None:
        data["reached"] = result.reached
    tables = {"points": pa.table(data)}
    if result.value is not None:
        runs = result.value.shape[1]
        rows: dict[str, Any] = {"point": np.repeat(numbers, runs), "run": result.run.ravel()}
        for place, key in enumerate(outcomes):
            rows[key] = result.value[:, :, place].ravel()
            rows[key + WEIGHT] = result.weight[:, :, place].ravel()
        tables["runs"] = pa.table(rows)
    return tables


def dataset(
    tables: Mapping[str, pa.Table], points: Points, units: Mapping[str, Sequence[str]], attributes: Mapping[str, Any]
) -> xr.Dataset:
    """``mean``, ``standard_error`` and ``runs`` of every point, in the shape of the design, with its coordinates."""
    table = tables["points"]
    if points.levels is not None and len(table) == np.prod([len(level) for level in points.levels.values()]):
        shape: tuple[int, ...] = tuple(len(level) for level in points.levels.values())
        dimensions: tuple[str, ...] = tuple(points.levels)
        coordinates: dict[str, Any] = {path: _labels(level) for path, level in points.levels.items()}
    else:
        shape, dimensions = (len(table),), ("point",)
        coordinates = {"point": table["point"].to_numpy()}
        coordinates |= {path: ("point", _labels(column)) for path, column in points.columns.items()}
    names = list(units)
    coordinates |= {
        "outcome": names,
        "unit": ("outcome", [units[name][0] for name in names]),
        "meaning": ("outcome", [units[name][1] for name in names]),
    }

    def stacked(part: pa.Table, suffix: str, inner: tuple[int, ...] = ()) -> NDArray[np.float64]:
        arrays = [part[name + suffix].to_numpy().reshape(*shape, *inner) for name in names]
        return np.stack(arrays, axis=-1)

    variables: dict[str, Any] = {
        "mean": ((*dimensions, "outcome"), stacked(table, ""), {"long_name": "mean over runs"}),
        "standard_error": (
            (*dimensions, "outcome"),
            stacked(table, ERROR),
            {"long_name": "standard error of the mean"},
        ),
        "runs": (dimensions, table["runs"].to_numpy().reshape(shape), {"long_name": "runs spent"}),
    }
    if "reached" in table.column_names:
        reached = table["reached"].to_numpy().reshape(shape)
        variables["reached"] = (dimensions, reached, {"long_name": "whether the target error was reached"})
    if "runs" in tables:
        each = len(tables["runs"]) // len(table)
        variables["value"] = ((*dimensions, "run", "outcome"), stacked(tables["runs"], "", (each,)))
        variables["weight"] = ((*dimensions, "run", "outcome"), stacked(tables["runs"], WEIGHT, (each,)))
    return xr.Dataset(variables, coordinates, dict(attributes))


def points_of(table: pa.Table, design: Mapping[str, Any]) -> Points:
    """The points that a table of estimates holds; with the levels of its axes, if the design is a grid."""
    paths = table.column_names[1 : table.column_names.index("runs")]
    columns = {path: table[path].to_numpy() for path in paths}
    if design["kind"] != "grid":
        return Points(columns, None)
    named = {
        path: Known(names=tuple(set(columns[path]))) if columns[path].dtype == object else Known() for path in paths
    }
    axes = {path: Axis.parse(text) for path, text in zip(paths, design["axes"], strict=True)}
    if any(axis.ends is None and not axis.values for axis in axes.values()):
        return Points(columns, None)
    return Points(columns, {path: axis.levels(named[path]) for path, axis in axes.items()})


def checksum(table: pa.Table) -> str:
    """SHA-256 of the rows in the order of the points (and runs), however they were cut into parts."""
    import hashlib

    keys = [(key, "ascending") for key in ("point", "run") if key in table.column_names]
    ordered = table.sort_by(keys)
    result = hashlib.sha256()
    for name in ordered.column_names:
        column = ordered[name]
        result.update(name.encode() + b"\0")
        if pa.types.is_dictionary(column.type) or pa.types.is_string(column.type):
            result.update("\0".join(column.to_pylist()).encode())
        else:
            result.update(np.ascontiguousarray(column.to_numpy()).tobytes())
    return result.hexdigest()


def _array(column: NDArray[Any]) -> Any:
    return pa.array(column, type=pa.string()) if column.dtype == object else column


def _labels(values: NDArray[Any]) -> NDArray[Any]:
    return values.astype(str) if values.dtype == object else values

"""Estimates at points as tables, and tables as labelled arrays."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from race_sim.errors import InputError, one_line
from race_sim.sweeps.engine.axes import Axis, Known
from race_sim.sweeps.engine.design import Points

if TYPE_CHECKING:
    import xarray as xr

ERROR, LOW, HIGH, WEIGHT = ".standard_error", ".low", ".high", ".weight"
OF_POINTS, OF_RUNS = ("", ERROR, LOW, HIGH), ("", WEIGHT)  # an outcome's columns in both tables: its key and these
MEANINGS = {"": "", ERROR: "the standard error of ", LOW: "the lower bound of ", HIGH: "the upper bound of ",
            WEIGHT: "the weight of "}  # fmt: skip
RESERVED = (
    "point", "run", "runs", "reached", "outcome", "unit", "meaning", "mean", "standard_error", "low", "high", "value",
    "weight",
)  # fmt: skip


def check_names(paths: Iterable[str], outcomes: Sequence[str]) -> None:
    """Check that no two columns of a sweep's tables, and no two names in its Dataset, are the same.

    Parameters
    ----------
    paths : iterable of str
        Parameters that vary.
    outcomes : sequence of str
        Keys of the outcomes that are kept.

    Raises
    ------
    InputError
        For the first name that would stand for two things, such as an outcome ``share.standard_error`` of a lab that is
        called ``standard_error`` beside the standard error of an outcome ``share``.
    """
    taken = dict.fromkeys(RESERVED, "a column of every sweep")
    names = [(path, "a parameter") for path in paths]
    for end, meaning in MEANINGS.items():
        names += [(key + end, meaning + key if meaning else "an outcome") for key in outcomes]
    for name, meaning in names:
        if name in taken:
            raise InputError(
                f"{one_line(name)}: is the name of {taken[name]} and of {meaning}; "
                "rename the lab, the nation or the outcome"
            )
        taken[name] = meaning


def columns_of(table: pa.Table, kind: str, outcomes: Sequence[str]) -> bool:
    """Whether a table has the columns of ``tables_of`` for these outcomes.

    Parameters
    ----------
    table : pyarrow.Table
        Read from a file.
    kind : {'points', 'runs'}
        Which of the tables.
    outcomes : sequence of str
        Keys of the outcomes.

    Returns
    -------
    bool
        False where one is missing, stands elsewhere, is there twice, or holds no numbers.
    """
    names = table.column_names
    wanted = [key + end for key in outcomes for end in (OF_RUNS if kind == "runs" else OF_POINTS)]
    if names[:1] != ["point"] or len(set(names)) != len(names) or names.count("run" if kind == "runs" else "runs") != 1:
        return False
    rest = names[2:] if kind == "runs" else names[names.index("runs") + 1 :]
    numbers = all(pa.types.is_float64(table[name].type) for name in wanted if name in names)
    return numbers and rest in ([wanted] if kind == "runs" else [wanted, [*wanted, "reached"]])


def tables_of(
    first: int | NDArray[np.int64], columns: Mapping[str, NDArray[Any]], outcomes: Sequence[str], estimates: Any
) -> dict[str, pa.Table]:
    """Arrange estimates as one row per point and, where values of runs were kept, one row per run.

    Parameters
    ----------
    first : int or array (points,)
        Number of the first of consecutive points, or the number of each.
    columns : mapping of str to array (points,)
        Parameters at every point, by path.
    outcomes : sequence of str
        Keys of the outcomes, in the order of the estimates.
    estimates : PointEstimates
        As ``race_sim.sweeps.evaluate`` returns them.

    Returns
    -------
    mapping of str to pyarrow.Table
        ``points``: point, parameters, runs, then mean (``KEY``), standard error (``KEY.standard_error``) and 95 %
        interval (``KEY.low``, ``KEY.high``) of every outcome, and ``reached`` where a precision was asked for.
        ``runs``, where they were kept: point, run, then value (``KEY``) and weight (``KEY.weight``) of every outcome.

    Raises
    ------
    InputError
        Where two columns would have the same name.
    """
    check_names(columns, outcomes)
    numbers = first + np.arange(len(estimates.runs)) if isinstance(first, int) else first
    data: dict[str, Any] = {"point": numbers, **{path: _array(column) for path, column in columns.items()}}
    data["runs"] = estimates.runs
    for place, key in enumerate(outcomes):
        data[key] = estimates.mean[:, place]
        data[key + ERROR] = estimates.standard_error[:, place]
        data[key + LOW], data[key + HIGH] = estimates.low[:, place], estimates.high[:, place]
    if estimates.reached is not None:
        data["reached"] = estimates.reached
    tables = {"points": pa.table(data)}
    if estimates.value is not None:
        runs = estimates.value.shape[1]
        rows: dict[str, Any] = {"point": np.repeat(numbers, runs), "run": estimates.run.ravel()}
        for place, key in enumerate(outcomes):
            rows[key] = estimates.value[:, :, place].ravel()
            rows[key + WEIGHT] = estimates.weight[:, :, place].ravel()
        tables["runs"] = pa.table(rows)
    return tables


def dataset(
    tables: Mapping[str, pa.Table], points: Points, units: Mapping[str, Sequence[str]], attributes: Mapping[str, Any]
) -> "xr.Dataset":
    """Arrange a sweep's tables as labelled arrays in the shape of its design.

    Parameters
    ----------
    tables : mapping of str to pyarrow.Table
        As of ``tables_of``, all parts together.
    points : Points
        The design; its shape is taken where it is a grid and all its points are there.
    units : mapping of str to sequence of str
        Unit and meaning of every outcome, by key.
    attributes : mapping of str to Any
        Attributes of the Dataset.

    Returns
    -------
    xarray.Dataset
        ``mean``, ``standard_error``, ``low``, ``high`` (along ``outcome``) and ``runs``; ``reached``, and ``value`` and
        ``weight`` (along ``run`` and ``outcome``), where the tables have them.
    """
    import xarray as xr

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
        "low": ((*dimensions, "outcome"), stacked(table, LOW), {"long_name": "lower bound of the 95 % interval"}),
        "high": ((*dimensions, "outcome"), stacked(table, HIGH), {"long_name": "upper bound of the 95 % interval"}),
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
    """Recover the points that a table of estimates holds.

    Parameters
    ----------
    table : pyarrow.Table
        ``points`` of ``tables_of``.
    design : mapping of str to Any
        As ``Design.describe`` gives it.

    Returns
    -------
    Points
        With the levels of its axes, if the design is a grid.
    """
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
    """Fingerprint of a table's rows in the order of the points (and runs), however they were cut into parts.

    Parameters
    ----------
    table : pyarrow.Table
        ``points`` or ``runs`` of ``tables_of``.

    Returns
    -------
    str
        SHA-256 in hexadecimal.
    """
    import hashlib

    keys = [(key, "ascending") for key in ("point", "run") if key in table.column_names]
    ordered = table.sort_by(keys)
    sha = hashlib.sha256()
    for name in ordered.column_names:
        column = ordered[name]
        sha.update(name.encode() + b"\0")
        if pa.types.is_dictionary(column.type) or pa.types.is_string(column.type):
            sha.update("\0".join(column.to_pylist()).encode())
        else:
            sha.update(np.ascontiguousarray(column.to_numpy()).tobytes())
    return sha.hexdigest()


def _array(column: NDArray[Any]) -> Any:
    return pa.array(column, type=pa.string()) if column.dtype == object else column


def _labels(values: NDArray[Any]) -> NDArray[Any]:
    return values.astype(str) if values.dtype == object else values

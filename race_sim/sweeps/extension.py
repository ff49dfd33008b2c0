"""A finished sweep made larger: more points, more runs, more outcomes, as one sweep of that size from the start."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from race_sim.errors import InputError, checked_count
from race_sim.scenario.scenario import Scenario
from race_sim.sweeps.engine.axes import Axis
from race_sim.sweeps.engine.design import Design, Points, design_of
from race_sim.sweeps.engine.files import folder_of
from race_sim.sweeps.evaluate import space
from race_sim.sweeps.request import MOST_RUNS, Request, requested, usual_points_per_part
from race_sim.sweeps.sweep import sweep

if TYPE_CHECKING:
    import xarray as xr

MAY_GROW = ("design", "points", "runs", "outcomes", "additions")


def extend_sweep(
    folder: str | Path,
    *,
    runs: int | None = None,
    design: Any = None,
    outcomes: Sequence[str] | None = None,
    executor: Executor | None = None,
    threads: int | None = None,
    workers: int | None = None,
    progress: bool | str | None = None,
    lock: bool = True,
) -> "xr.Dataset":
    """Extend a finished sweep: to the numbers that one sweep of the new size gives, to the last bit.

    What is given is added to what is there; a list that holds all that is there is taken as it stands, in its order.
    Points that keep their runs and outcomes are not computed again. With more runs or other outcomes all are: the store
    keeps means, and not the moments that more runs would be added to. The sweep as it was stays in ``before-1``
    (``before-2``, ...) inside the folder. The same call goes on where an extension was stopped.

    Parameters
    ----------
    folder : str or Path
        The folder that was given as ``out``.
    runs : int, optional
        Runs at each point, at least those that there are.
    design : Design, mapping, DataFrame, str or Path, optional
        More values of the axes of a grid, more rows of a table, or a design that holds the points of the sweep, such as
        a larger Sobol design of the same seed. Streams stay as they are.
    outcomes : sequence of str, optional
        Further outcomes to keep.
    executor : concurrent.futures.Executor, optional
        As in ``race_sim.sweep``.
    threads, workers : int, optional
        As in ``race_sim.sweep``.
    progress : bool or str, optional
        As in ``race_sim.sweep``.
    lock : bool
        As in ``race_sim.sweep``.

    Returns
    -------
    xarray.Dataset
        As ``race_sim.sweep`` returns it for the whole.

    Raises
    ------
    InputError
        For a sweep that is not finished or was made with other laws; for a design that leaves a point out, varies other
        parameters, or gives points with streams of their own other numbers; for fewer runs; and for whatever
        ``race_sim.sweep`` refuses.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     small = sweep("duopoly", {"prize.enmity": [0, 1]}, runs=20, outcomes=["welfare"], out=folder)
    ...     large = extend_sweep(folder, design={"prize.enmity": [0.5]})
    >>> large["prize.enmity"].values.tolist()
    [0.0, 1.0, 0.5]
    """
    from race_sim.sweeps.engine.manifest import identity_of, read_manifest

    path = folder_of("folder", folder)
    manifest = read_manifest(path)
    base, points = _finished(path, manifest, lock)
    request = _larger(base, points, runs, design, outcomes, threads)
    if identity_of(request.sweep) != manifest["identity"]:
        if base is not manifest:
            raise InputError(
                f"{path}: an earlier extension of this sweep is not finished; the command that began it goes on with it"
            )
        _replace(path, manifest, request, lock)
    return sweep(
        request.scenario,
        request.design,
        request.job.sampling.runs,
        request.job.sampling.seed,
        request.job.outcomes,
        path,
        executor,
        base["sweep"]["target_error"],
        estimator=request.job.sampling.estimator,
        per_run=request.job.per_run,
        threads=threads,
        workers=workers,
        points_per_part=request.points_per_part,
        most_runs=base["sweep"]["most_runs"] or MOST_RUNS,
        progress=progress,
        lock=lock,
    )


def _finished(path: Path, manifest: Mapping[str, Any], lock: bool) -> tuple[Mapping[str, Any], Points]:
    """The finished sweep that is to be extended: this one, or what it was before an extension that goes on."""
    from race_sim.sweeps.engine.earlier import move_earlier
    from race_sim.sweeps.engine.manifest import read_manifest
    from race_sim.sweeps.engine.store import finished_parts, read_tables
    from race_sim.sweeps.engine.tables import points_of

    if len(finished_parts(path, manifest)) < manifest["parts"]:
        if not manifest.get("history"):
            raise InputError(
                f"{path}: must be finished before it is extended: the command that made it goes on with it"
            )
        with _held(path, lock):
            move_earlier(path, manifest)
        path = path / manifest["history"][-1]["folder"]
        manifest = read_manifest(path)
    return manifest, points_of(read_tables(path, manifest)["points"], manifest["sweep"]["design"])


def _replace(path: Path, manifest: Mapping[str, Any], request: Request, lock: bool) -> None:
    """Make the folder that of the larger sweep, unless somebody else has changed it meanwhile."""
    from race_sim.sweeps.engine.earlier import replace_sweep
    from race_sim.sweeps.engine.manifest import read_manifest

    with _held(path, lock):
        if read_manifest(path)["identity"] != manifest["identity"]:
            raise InputError(f"{path}: another process has extended this sweep meanwhile")
        replace_sweep(path, request.sweep, request.layout)


@contextlib.contextmanager
def _held(path: Path, lock: bool) -> Iterator[None]:
    from race_sim.sweeps.engine.lock import locked

    try:
        with locked(path) if lock else contextlib.nullcontext():
            yield
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None


def _larger(
    base: Mapping[str, Any],
    points: Points,
    runs: int | None,
    design: Any,
    outcomes: Sequence[str] | None,
    threads: int | None,
) -> Request:
    """What the extended sweep is asked for, checked against what there is."""
    from race_sim.sweeps.engine.difference import differences

    there = base["sweep"]
    more = there["runs"] if runs is None else checked_count("runs", runs)
    if more < there["runs"]:
        raise InputError(f"runs: must be at least {there['runs']}, as many as the sweep has, got {more}")
    scenario = Scenario.from_kept(base["scenario_toml"])
    plan = _grown(there["design"], points, design, scenario)
    request = requested(
        scenario,
        plan,
        more,
        there["seed"],
        _united(there["outcomes"], [outcomes] if isinstance(outcomes, str) else list(outcomes or ())),
        there["target_error"],
        estimator=there["estimator"],
        per_run=there["per_run"],
        threads=threads,
        points_per_part=min(base["points_per_part"], usual_points_per_part(len(plan), more)),
        most_runs=there["most_runs"] or MOST_RUNS,
    )
    here = json.loads(json.dumps(request.sweep))
    one, other = ({key: value for key, value in said.items() if key not in MAY_GROW} for said in (there, here))
    different = differences(one, other)
    if different:
        raise InputError(f"sweep: was made with other laws and cannot be extended: {'; '.join(different[:3])}")
    _check_points(points, request.points, there["design"]["streams"] == "own")
    return request


def _united(there: Sequence[Any], given: Sequence[Any]) -> list[Any]:
    """All that there is and all that is given; a list that holds all that there is stands as it is."""
    if set(there) <= set(given):
        return list(given)
    return [*there, *(item for item in given if item not in there)]


def _grown(described: Mapping[str, Any], points: Points, design: Any, scenario: Scenario) -> Design:
    """The larger design, with the streams of the smaller."""
    streams = described["streams"]
    if described["kind"] == "table":
        own = Design("table", columns=dict(points.columns), streams=streams)
    else:
        axes = tuple(Axis.parse(text) for text in described["axes"])
        own = Design(described["kind"], axes, described.get("samples"), described.get("seed", 0), streams)
    if design is None:
        return own
    given = replace(design_of(design), streams=streams)
    paths = [axis.path for axis in given.axes] or list(given.columns)
    for path in paths:
        if path not in points.columns:
            raise InputError(f"design: {path}: is not varied in this sweep, which has {', '.join(points.columns)}")
    if own.kind == given.kind == "grid":
        allowed, levels = space(scenario), points.levels or {}
        grown = {axis.path: axis for axis in own.axes}
        for axis in given.axes:
            there, values = levels[axis.path].tolist(), axis.checked(allowed).levels(allowed[axis.path]).tolist()
            united = _united(there, values)
            grown[axis.path] = axis if united == values else Axis.of(axis.path, united)
        return replace(own, axes=tuple(grown.values()))
    if set(paths) != set(points.columns):
        raise InputError(f"design: must vary {', '.join(points.columns)}, got {', '.join(paths)}")
    if own.kind == given.kind == "table":
        rows = _united(_rows(points.columns), _rows({path: given.columns[path] for path in points.columns}))
        columns = dict(zip(points.columns, zip(*rows, strict=True), strict=True))
        return replace(own, columns={path: _array(values) for path, values in columns.items()})
    return given


def _array(values: Sequence[Any]) -> NDArray[Any]:
    return np.array(values, dtype=object if isinstance(values[0], str) else float)


def _rows(columns: Mapping[str, NDArray[Any]]) -> list[tuple[Any, ...]]:
    return list(zip(*(column.tolist() for column in columns.values()), strict=True))


def _check_points(there: Points, here: Points, own_streams: bool) -> None:
    """Whether every point is there still and, where its luck hangs on its number, under the same."""
    if list(there.columns) != list(here.columns):
        raise InputError(f"design: must vary {', '.join(there.columns)}, got {', '.join(here.columns)}")
    old, new = _rows(there.columns), _rows(here.columns)
    places = {row: place for place, row in reversed(list(enumerate(new)))}
    for place, row in enumerate(old):
        point = ", ".join(f"{path}={value}" for path, value in zip(there.columns, row, strict=True))
        if row not in places:
            raise InputError(f"design: must keep all points of the sweep; {point} is missing")
        if own_streams and new[place] != row:
            raise InputError(
                f"design: each point has streams of its own, by its number: {point} would be point {places[row]} "
                f"instead of {place}, with other luck; append points, or sweep into another folder"
            )

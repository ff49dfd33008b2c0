"""Sweep a scenario over a design: estimates at every point, kept so that a stop loses next to nothing."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from race_sim.errors import (
    InputError,
    checked_arguments,
    checked_count,
    checked_flag,
    one_line,
)
from race_sim.runs.batches import available_threads
from race_sim.scenario.scenario import Scenario
from race_sim.sweeps.engine.design import Points
from race_sim.sweeps.engine.execution import Pool, check_guard, in_any_order, pool
from race_sim.sweeps.engine.files import folder_of
from race_sim.sweeps.engine.progress import Progress
from race_sim.sweeps.evaluate import Job, Part, PointEstimates, evaluate
from race_sim.sweeps.request import MOST_RUNS, Request, requested

if TYPE_CHECKING:
    import xarray as xr

    from race_sim.sweeps.engine.earlier import Earlier


def _progress(name: str, value: object) -> bool | str:
    return "lines" if isinstance(value, str) and value == "lines" else checked_flag(name, value)


def _executor(name: str, value: Executor) -> Executor:
    """What is handed tasks as an Executor is, whatever its class."""
    if isinstance(value, type) or not callable(getattr(value, "submit", None)):
        raise InputError(f"{name}: must be an Executor, or have its method submit, got {one_line(value)}")
    return value


@checked_arguments(
    per_run=checked_flag,
    lock=checked_flag,
    executor=_executor,
    progress=_progress,
    points_per_part=checked_count,
    workers=checked_count,
)
def sweep(
    scenario: Scenario | str,
    design: Any,
    runs: int = 1000,
    seed: int = 0,
    outcomes: Sequence[str] | None = None,
    out: str | Path | None = None,
    executor: Executor | None = None,
    target_error: str | None = None,
    *,
    estimator: str = "integrated",
    per_run: bool = False,
    threads: int | None = None,
    workers: int | None = None,
    points_per_part: int | None = None,
    most_runs: int = MOST_RUNS,
    progress: bool | str | None = None,
    lock: bool = True,
    take: str | None = None,
) -> "xr.Dataset":
    """Estimate means and standard errors of outcomes at every point of a design.

    A point's numbers are those of ``estimate`` for the scenario with the point's values, to the last bit, wherever and
    in whatever order points are computed. Points of a design with common streams have the same runs, so that
    differences between points are paired; where points have streams of their own, point number p starts at run
    ``p * 2^28``.

    Parameters
    ----------
    scenario : Scenario or str
        What points change: a scenario, the name of a shipped one, or the path of a TOML file.
    design : Design, mapping, DataFrame, str or Path
        A Design (``race_sim.sweeps``: grid, latin_hypercube, sobol, table), a mapping of paths to values (a grid), or a
        DataFrame or CSV file (a table). Paths are those of numeric parameters, policies and rules.
    runs : int
        Runs at each point; with ``target_error``, at least.
    seed : int
        Seed of the runs.
    outcomes : sequence of str, optional
        Keys such as ``payoff.us``; by default all.
    out : str or Path, optional
        A folder to keep the sweep in. The same sweep started again goes on where it was stopped.
    executor : concurrent.futures.Executor, optional
        Any executor, such as that of a cluster, instead of threads.
    target_error : str, optional
        Such as ``"catastrophe_probability:5%"``: each point gets as many runs as that relative standard error takes,
        by the judgement of a quarter as many other runs; ``reached`` says whether its own runs came to it.
    estimator : {'integrated', 'sampled'}
        Whether the probability of survival is carried through a run or the catastrophe drawn.
    per_run : bool
        Whether the values of every run are returned and kept too.
    threads : int, optional
        Threads of this process; by default all cores.
    workers : int, optional
        Processes to use instead of threads; a script then needs ``if __name__ == "__main__":`` before its work.
    points_per_part : int, optional
        Points that are computed and kept together; by default as many as take 8,192 runs, or more where that would make
        more than 4,096 parts.
    most_runs : int
        Runs of a point with ``target_error``, at most, without those that decide on it.
    progress : bool or str, optional
        True shows a bar, False none, ``"lines"`` plain lines where there is no terminal; by default a bar on a terminal
        or in a notebook when it takes a while.
    lock : bool
        False goes without a lock on the folder, for file systems that have none; nothing else may work in it then.
    take : str, optional
        Such as ``"0/4"``: of four tasks that share the folder, each started with another number, the first, which
        computes parts 0, 4, 8, ...; the Dataset then holds what all of them have finished so far.

    Returns
    -------
    xarray.Dataset
        ``mean`` and ``standard_error`` along ``outcome``, whose coordinates ``unit`` and ``meaning`` say what they are,
        and ``runs`` spent. A grid has one dimension per parameter; any other design has the dimension ``point`` with
        the parameters as coordinates. With ``per_run`` also ``value`` and ``weight`` along ``run``; with
        ``target_error`` also ``reached``. The attributes hold scenario, seed, estimator, design and versions.

    Raises
    ------
    InputError
        For whatever is not valid (a path, a value, an outcome, a number), for a folder that holds something else, is in
        use or cannot be written, and where a worker process or the cluster is lost.

    Examples
    --------
    >>> estimates = sweep("duopoly", {"prize.enmity": [0, 1]}, runs=20, outcomes=["welfare"])
    >>> estimates["mean"].dims
    ('prize.enmity', 'outcome')
    >>> estimates["runs"].values.tolist()
    [20, 20]
    """
    if workers is not None:
        check_guard()
    request = requested(
        scenario,
        design,
        runs,
        seed,
        outcomes,
        target_error,
        estimator=estimator,
        per_run=per_run,
        threads=threads,
        points_per_part=points_per_part,
        most_runs=most_runs,
    )
    compute = partial(
        _run,
        request,
        threads=available_threads() if threads is None else threads,
        workers=None if workers is None else checked_count("workers", workers),
        executor=executor,
        progress=progress,
    )
    if out is None:
        if take is not None:
            raise InputError("take: needs a folder that the tasks share, got none (out)")
        tables, points = _kept(request, compute), request.points
    else:
        tables, points = _stored(folder_of("out", out), request, compute, lock, take)
    from race_sim.sweeps.engine.tables import dataset

    return dataset(tables, points, request.units, request.provenance)


def load_sweep(folder: str | Path) -> "xr.Dataset":
    """Read the sweep that is kept in a folder, as ``sweep`` returns it.

    Of a sweep that is not complete, the finished points are returned, along ``point``. Every file is checked against
    its checksum.

    Parameters
    ----------
    folder : str or Path
        The folder that was given as ``out``.

    Returns
    -------
    xarray.Dataset
        ``mean``, ``standard_error`` and ``runs`` at every finished point; see ``sweep``.

    Raises
    ------
    InputError
        For a folder that holds no sweep or no finished part yet, and for a damaged file.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     estimates = sweep("duopoly", {"prize.enmity": [0, 1]}, runs=20, outcomes=["welfare"], out=folder)
    ...     loaded = load_sweep(folder)
    >>> loaded.equals(estimates)
    True
    """
    from race_sim.sweeps.engine.manifest import read_manifest
    from race_sim.sweeps.engine.store import read_tables
    from race_sim.sweeps.engine.tables import dataset, points_of

    path = folder_of("folder", folder)
    manifest = read_manifest(path)
    tables = read_tables(path, manifest)
    points = points_of(tables["points"], manifest["sweep"]["design"])
    return dataset(tables, points, manifest["units"], manifest["provenance"])


def _stored(
    folder: Path, request: Request, compute: Callable[..., None], lock: bool, take: str | None
) -> tuple[dict[str, Any], Points]:
    """The tables that the folder holds in the end, and their points: all, unless other tasks have parts to do yet."""
    from race_sim.sweeps.engine.earlier import Earlier
    from race_sim.sweeps.engine.store import opened, read_tables
    from race_sim.sweeps.engine.tables import points_of, tables_of
    from race_sim.sweeps.engine.tasks import Task

    task = None if take is None else Task.parse(take)
    messages: list[str] = []
    with ExitStack() as stack:
        store = stack.enter_context(opened(folder, request.sweep, request.layout, messages.append, lock, task))
        earlier = Earlier.of(folder, store.manifest, messages.append)

        def keep(part: Part, estimates: PointEstimates | None) -> None:
            computed = None
            if estimates is not None:
                computed = tables_of(part.points, part.columns, request.job.outcomes, estimates)
            tables = computed if earlier is None else earlier.completed(part.number, computed)
            assert tables is not None
            store.write(part.number, tables)

        numbers = range(store.parts) if task is None else task.parts(store.parts)
        compute(store.points_per_part, keep, [n for n in numbers if not store.done(n)], numbers, messages, earlier)
        tables = read_tables(folder, store.manifest)
    if len(tables["points"]) == len(request.points):
        return tables, request.points
    return tables, points_of(tables["points"], request.design.describe())


def _kept(request: Request, compute: Callable[..., None]) -> dict[str, Any]:
    import pyarrow as pa

    from race_sim.sweeps.engine.tables import tables_of

    kept: dict[int, dict[str, pa.Table]] = {}

    def keep(part: Part, estimates: PointEstimates) -> None:
        kept[part.number] = tables_of(part.points, part.columns, request.job.outcomes, estimates)

    numbers = range(request.layout["parts"])
    compute(request.points_per_part, keep, list(numbers), numbers, [], None)
    parts = [kept[number] for number in numbers]
    return {kind: pa.concat_tables([part[kind] for part in parts]).combine_chunks() for kind in parts[0]}


def _run(
    request: Request,
    part_size: int,
    keep: Callable[[Part, PointEstimates | None], None],
    missing: Sequence[int],
    numbers: Sequence[int],
    messages: list[str],
    earlier: "Earlier | None",
    *,
    threads: int,
    workers: int | None,
    executor: Executor | None,
    progress: bool | str | None,
) -> None:
    """Compute the missing parts among those with these numbers, and keep each as it comes."""
    points = request.points
    size = {part: min(part_size, len(points) - part * part_size) for part in numbers}
    total, left = sum(size.values()), sum(size[part] for part in missing)
    with Progress(total, total - left, progress) as bar:
        for message in messages:
            bar.say(f"race-sim: {message}")
        parts = []
        for part in _parts(points, missing, part_size, earlier):
            if len(part) == 0:  # an earlier sweep has all its points
                keep(part, None)
                bar.update(size[part.number])
            else:
                parts.append(part)
        if not parts:
            return
        with pool(min(threads, len(parts)), workers, executor) as chosen:
            threads_per_part = max(1, threads // len(parts)) if chosen.threads else 1
            for part, estimates in in_any_order(_work(request.job, chosen, threads_per_part), parts, chosen):
                keep(part, estimates)
                bar.update(size[part.number])


def _work(job: Job, chosen: Pool, threads_per_part: int) -> Callable[[Part], PointEstimates]:
    """What is done with a part: in threads it can be stopped half-way; elsewhere it must travel."""
    if chosen.threads:
        return partial(evaluate, job, threads=threads_per_part, stopped=chosen.stop.is_set)
    return partial(evaluate, job)


def _parts(points: Points, numbers: Sequence[int], part_size: int, earlier: "Earlier | None") -> Iterator[Part]:
    """Parts with those of their points that no earlier sweep has."""
    for number in numbers:
        here = slice(number * part_size, (number + 1) * part_size)
        part = Part(number, number * part_size, {path: column[here] for path, column in points.columns.items()})
        if earlier is not None:
            unknown = earlier.unknown(part.number, part.points, part.columns)
            columns = {path: column[unknown] for path, column in part.columns.items()}
            part = Part(number, part.first, columns, part.points[unknown])
        yield part

"""Sweep a scenario over a design: estimates at every point, kept so that a stop loses next to nothing."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

import race_sim
from race_sim.errors import InputError, checked_count, one_line, unknown
from race_sim.kernels.compile import SOURCE_DIGEST
from race_sim.runs.batches import available_threads
from race_sim.runs.extensions import additions
from race_sim.runs.outcomes import keys
from race_sim.runs.provenance import provenance
from race_sim.runs.sampling import Sampling
from race_sim.scenario.scenario import Scenario
from race_sim.sweeps.engine.design import Design, Points, design_of
from race_sim.sweeps.engine.execution import Pool, in_any_order, pool
from race_sim.sweeps.engine.progress import Progress
from race_sim.sweeps.evaluate import STRIDE, Job, Part, PointEstimates, Target, evaluate, space

if TYPE_CHECKING:
    from race_sim.sweeps.engine.store import Store

RUNS_PER_PART, MOST_PARTS = 8192, 4096
MOST_RUNS = 2**20  # at a point whose precision is asked for and does not come


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
) -> xr.Dataset:
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
        Processes to use instead of threads; the script then needs the usual ``if __name__ == "__main__"``.
    points_per_part : int, optional
        Points that are computed and kept together; by default as many as take 8,192 runs, or more where that would make
        more than 4,096 parts.
    most_runs : int
        Runs of a point with ``target_error``, at most, without those that decide on it.
    progress : bool or str, optional
        True shows a bar, False none, ``"lines"`` plain lines where there is no terminal; by default a bar on a terminal
        or in a notebook when it takes a while.

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
    scenario = Scenario.load(scenario)
    plan = design_of(design)
    sampling = Sampling(runs, seed, estimator, threads=threads)
    checked_count("most_runs", most_runs)
    known = dict(keys(scenario))
    chosen = tuple(known) if outcomes is None else _checked_outcomes(outcomes, known)
    job = Job(
        scenario.to_toml(),
        replace(sampling, threads=None),
        chosen,
        plan.streams == "own",
        per_run,
        None if target_error is None else _target(target_error, known, most_runs),
    )
    if job.target and per_run:
        raise InputError("per_run: cannot be had together with target_error, which gives points different runs")
    if job.own_streams and max(runs, most_runs if job.target else 0) > STRIDE:
        raise InputError(f"runs: must be at most {STRIDE} per point when each has its own streams, got {runs}")
    points = plan.points(space(scenario))
    _check_structure(scenario, points)
    part_size = checked_count("points_per_part", points_per_part or _points_per_part(len(points), runs))
    compute = partial(
        _run,
        job=job,
        threads=sampling.threads or available_threads(),
        workers=None if workers is None else checked_count("workers", workers),
        executor=executor,
        progress=progress,
    )
    tables = (
        _stored(out, scenario, plan, points, job, part_size, compute) if out else _kept(points, job, part_size, compute)
    )
    from race_sim.sweeps.engine.tables import dataset

    units = {key: (known[key].unit, known[key].long_name) for key in chosen}
    return dataset(tables, points, units, _provenance(scenario, plan, job))


def load_sweep(folder: str | Path) -> xr.Dataset:
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
    from race_sim.sweeps.engine.store import read, read_manifest
    from race_sim.sweeps.engine.tables import dataset, points_of

    manifest = read_manifest(Path(folder))
    tables = {kind: read(Path(folder), kind) for kind in manifest["kinds"]}
    points = points_of(tables["points"], manifest["sweep"]["design"])
    return dataset(tables, points, manifest["units"], manifest["provenance"])


def _stored(
    out: str | Path,
    scenario: Scenario,
    plan: Design,
    points: Points,
    job: Job,
    part_size: int,
    compute: Callable[..., Any],
) -> dict[str, Any]:
    from race_sim.sweeps.engine.store import opened, read

    with ExitStack() as stack:
        messages: list[str] = []
        known = dict(keys(scenario))
        layout = {
            "kinds": ["points", "runs"] if job.per_run else ["points"],
            "points": len(points),
            "points_per_part": part_size,
            "parts": -(-len(points) // part_size),
            "scenario_toml": job.scenario_toml,
            "units": {key: (known[key].unit, known[key].long_name) for key in job.outcomes},
            "provenance": _provenance(scenario, plan, job),
        }
        store = stack.enter_context(opened(Path(out), _identity(scenario, plan, points, job), layout, messages.append))
        compute(
            points,
            part_size=store.points_per_part,
            keep=partial(_write, store, job),
            done=store.done,
            messages=messages,
        )
        return {kind: read(Path(out), kind) for kind in store.kinds}


def _kept(points: Points, job: Job, part_size: int, compute: Callable[..., Any]) -> dict[str, Any]:
    import pyarrow as pa

    from race_sim.sweeps.engine.tables import tables_of

    kept: dict[int, dict[str, pa.Table]] = {}

    def keep(part: Part, estimates: PointEstimates) -> None:
        kept[part.number] = tables_of(part.first, part.columns, job.outcomes, estimates)

    compute(points, part_size=part_size, keep=keep, done=lambda part: False, messages=[])
    parts = [kept[number] for number in sorted(kept)]
    return {kind: pa.concat_tables([part[kind] for part in parts]).combine_chunks() for kind in parts[0]}


def _write(store: "Store", job: Job, part: Part, estimates: PointEstimates) -> None:
    from race_sim.sweeps.engine.tables import tables_of

    store.write(part.number, tables_of(part.first, part.columns, job.outcomes, estimates))


def _run(
    points: Points,
    *,
    job: Job,
    part_size: int,
    keep: Callable[[Part, PointEstimates], None],
    done: Callable[[int], bool],
    messages: list[str],
    threads: int,
    workers: int | None,
    executor: Executor | None,
    progress: bool | str | None,
) -> None:
    """Compute the parts that are not done, and keep each as it comes."""
    parts = -(-len(points) // part_size)
    missing = [part for part in range(parts) if not done(part)]
    before = len(points) - sum(min(part_size, len(points) - part * part_size) for part in missing)
    with Progress(len(points), before, progress) as bar:
        for message in messages:
            bar.say(f"race-sim: {message}")
        if not missing:
            return
        with pool(min(threads, len(missing)), workers, executor) as chosen:
            threads_per_part = max(1, threads // len(missing)) if chosen.threads else 1
            for part, estimates in in_any_order(
                _work(job, chosen, threads_per_part), _parts(points, missing, part_size), chosen
            ):
                keep(part, estimates)
                bar.update(len(part))


def _work(job: Job, chosen: Pool, threads_per_part: int) -> Callable[[Part], PointEstimates]:
    """What is done with a part: in threads it can be stopped half-way; elsewhere it must travel."""
    if chosen.threads:
        return partial(evaluate, job, threads=threads_per_part, stopped=chosen.stop.is_set)
    return partial(evaluate, job)


def _parts(points: Points, numbers: Sequence[int], part_size: int) -> Iterator[Part]:
    for number in numbers:
        here = slice(number * part_size, (number + 1) * part_size)
        yield Part(number, number * part_size, {path: column[here] for path, column in points.columns.items()})


def _points_per_part(points: int, runs: int) -> int:
    return max(RUNS_PER_PART // runs, -(-points // MOST_PARTS), 1)


def _identity(scenario: Scenario, plan: Design, points: Points, job: Job) -> dict[str, Any]:
    """What makes a sweep the one it is: everything on which a number in it depends."""
    return {
        "scenario": scenario.to_dict(),
        "design": plan.describe(),
        "runs": job.sampling.runs,
        "seed": job.sampling.seed,
        "estimator": job.sampling.estimator,
        "outcomes": list(job.outcomes),
        "per_run": job.per_run,
        "target_error": job.target and f"{job.target.outcome}:{job.target.relative_error:.12g}",
        "most_runs": job.target and job.target.most_runs,
        "race_sim": race_sim.__version__,
        "kernels": SOURCE_DIGEST,
        **_additions(scenario, points, job.outcomes),
        "points": points.digest(),
    }


def _additions(scenario: Scenario, points: Points, outcomes: Sequence[str]) -> dict[str, Any]:
    """Rules, policies and outcomes from outside the package that the sweep uses, if any, with their fingerprints."""
    used = {scenario.lab.rule, *(lab.rule for lab in scenario.labs.values() if lab.rule), *scenario.policies.values()}
    for column in points.columns.values():
        used |= set(column) if column.dtype == object else set()
    known = dict(keys(scenario))
    used |= {f"outcome {known[key].name}" for key in outcomes}
    fingerprints = additions(used)
    return {"additions": fingerprints} if fingerprints else {}


def _provenance(scenario: Scenario, plan: Design, job: Job) -> dict[str, Any]:
    description = plan.describe()
    return {
        **provenance(scenario, job.sampling.seed, job.sampling.estimator, "pyarrow"),
        "design": f"{description['kind']} of {description['points']} points: {'; '.join(description['axes'])}",
        "streams": plan.streams,
        "runs": job.sampling.runs,
    }


def _check_structure(scenario: Scenario, points: Points) -> None:
    """The rules that concern more than one path: a first point, and every combination of times that occurs."""
    times = [path for path in points.columns if path.startswith("time.")]
    rows = {tuple(row) for row in zip(*(points.columns[path].tolist() for path in times), strict=True)}
    for row in sorted(rows) or [()]:
        scenario.replace({path: _typed(value) for path, value in zip(times, row, strict=True)})


def _typed(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _checked_outcomes(outcomes: Sequence[str], known: dict[str, Any]) -> tuple[str, ...]:
    names = [outcomes] if isinstance(outcomes, str) else list(outcomes)
    if not names:
        raise InputError("outcomes: at least one is needed, got none")
    for name in names:
        if name not in known:
            raise InputError(f"outcomes: {unknown('outcome', name, known)}")
        if names.count(name) > 1:
            raise InputError(f"outcomes: each once, got {name!r} {names.count(name)} times")
    return tuple(names)


def _target(text: str, known: dict[str, Any], most_runs: int) -> Target:
    outcome, colon, percent = str(text).rpartition(":")
    try:
        error = float(percent.removesuffix("%")) / (100.0 if percent.endswith("%") else 1.0)
    except ValueError:
        error = 0.0
    if not colon or not 0.0 < error < 1.0:
        raise InputError(f"target_error: must be OUTCOME:PERCENT%, such as welfare:1%, got {one_line(text)}")
    if outcome not in known:
        raise InputError(f"target_error: {unknown('outcome', outcome, known)}")
    return Target(outcome, error, int(most_runs))

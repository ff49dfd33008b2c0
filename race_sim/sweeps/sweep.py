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
    """Means and standard errors of outcomes at every point of a design.

    design: a Design (``race_sim.sweeps``: grid, latin_hypercube, sobol, table), or a mapping of paths to values (a
    grid), a DataFrame or a CSV file (a table). The Dataset holds ``mean`` and ``standard_error`` along ``outcome``
    (keys such as ``payoff.us``; all of them unless ``outcomes`` names some) and ``runs`` spent. A grid has one
    dimension per parameter; any other design has the dimension ``point`` with the parameters as coordinates. With
    ``per_run`` also ``value`` and ``weight`` of every run. A point's numbers are those of ``estimate`` for that
    scenario; where points have streams of their own, point number p starts at run p * 2^28.

    target_error: ``"catastrophe_probability:5%"`` gives each point as many runs as that relative standard error takes,
    at least ``runs``, at most ``most_runs``; ``reached`` says where it was.

    out: a folder to keep the sweep in. The same sweep started again goes on where it was stopped. Work is done by
    ``threads`` of this process (default: all cores), by ``workers`` processes (the script then needs the usual
    ``if __name__ == "__main__"``), or by any ``executor``: the numbers are the same to the last bit.

    Raises InputError for what is not valid, for a folder that holds something else, and when it cannot be written.

    >>> found = sweep("duopoly", {"prize.enmity": [0, 1]}, runs=20, outcomes=["welfare"])
    >>> found["mean"].dims
    ('prize.enmity', 'outcome')
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
    each = checked_count("points_per_part", points_per_part or _points_per_part(len(points), runs))
    running = partial(
        _run,
        job=job,
        threads=sampling.threads or available_threads(),
        workers=None if workers is None else checked_count("workers", workers),
        executor=executor,
        progress=progress,
    )
    tables = _stored(out, scenario, plan, points, job, each, running) if out else _kept(points, job, each, running)
    from race_sim.sweeps.engine.tables import dataset

    units = {key: (known[key].unit, known[key].long_name) for key in chosen}
    return dataset(tables, points, units, _provenance(scenario, plan, job))


def load_sweep(folder: str | Path) -> xr.Dataset:
    """The sweep that is kept in a folder, as ``sweep`` returns it; finished points only, if it is not complete.

    Raises InputError for a folder that holds no sweep, and for a damaged part.
    """
    from race_sim.sweeps.engine.store import read, read_manifest
    from race_sim.sweeps.engine.tables import dataset, points_of

    manifest = read_manifest(Path(folder))
    tables = {kind: read(Path(folder), kind) for kind in manifest["kinds"]}
    points = points_of(tables["points"], manifest["sweep"]["design"])
    return dataset(tables, points, manifest["units"], manifest["provenance"])


def _stored(
    out: str | Path, scenario: Scenario, plan: Design, points: Points, job: Job, each: int, running: Callable[..., Any]
) -> dict[str, Any]:
    from race_sim.sweeps.engine.store import opened, read

    with ExitStack() as stack:
        text: list[str] = []
        known = dict(keys(scenario))
        layout = {
            "kinds": ["points", "runs"] if job.per_run else ["points"],
            "points": len(points),
            "points_per_part": each,
            "parts": -(-len(points) // each),
            "scenario_toml": job.scenario_toml,
            "units": {key: (known[key].unit, known[key].long_name) for key in job.outcomes},
            "provenance": _provenance(scenario, plan, job),
        }
        store = stack.enter_context(opened(Path(out), _identity(scenario, plan, points, job), layout, text.append))
        running(points, each=store.points_per_part, keep=partial(_write, store, job), done=store.done, text=text)
        return {kind: read(Path(out), kind) for kind in store.kinds}


def _kept(points: Points, job: Job, each: int, running: Callable[..., Any]) -> dict[str, Any]:
    import pyarrow as pa

    from race_sim.sweeps.engine.tables import tables_of

    kept: dict[int, dict[str, pa.Table]] = {}

    def keep(part: Part, estimates: PointEstimates) -> None:
        kept[part.number] = tables_of(part.first, part.columns, job.outcomes, estimates)

    running(points, each=each, keep=keep, done=lambda part: False, text=[])
    parts = [kept[number] for number in sorted(kept)]
    return {kind: pa.concat_tables([part[kind] for part in parts]).combine_chunks() for kind in parts[0]}


def _write(store: "Store", job: Job, part: Part, estimates: PointEstimates) -> None:
    from race_sim.sweeps.engine.tables import tables_of

    store.write(part.number, tables_of(part.first, part.columns, job.outcomes, estimates))


def _run(
    points: Points,
    *,
    job: Job,
    each: int,
    keep: Callable[[Part, PointEstimates], None],
    done: Callable[[int], bool],
    text: list[str],
    threads: int,
    workers: int | None,
    executor: Executor | None,
    progress: bool | str | None,
) -> None:
    """Compute the parts that are not done, and keep each as it comes."""
    parts = -(-len(points) // each)
    missing = [part for part in range(parts) if not done(part)]
    before = len(points) - sum(min(each, len(points) - part * each) for part in missing)
    with Progress(len(points), before, progress) as bar:
        for line in text:
            bar.say(f"race-sim: {line}")
        if not missing:
            return
        with pool(min(threads, len(missing)), workers, executor) as chosen:
            inside = max(1, threads // len(missing)) if chosen.threads else 1
            for part, estimates in in_any_order(_work(job, chosen, inside), _parts(points, missing, each), chosen):
                keep(part, estimates)
                bar.update(len(part))


def _work(job: Job, chosen: Pool, inside: int) -> Callable[[Part], PointEstimates]:
    """What is done with a part: in threads it can be stopped half-way; elsewhere it must travel."""
    if chosen.threads:
        return partial(evaluate, job, threads=inside, stopped=chosen.stop.is_set)
    return partial(evaluate, job)


def _parts(points: Points, numbers: Sequence[int], each: int) -> Iterator[Part]:
    for number in numbers:
        here = slice(number * each, (number + 1) * each)
        yield Part(number, number * each, {path: column[here] for path, column in points.columns.items()})


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
    estimates = additions(used)
    return {"additions": estimates} if estimates else {}


def _provenance(scenario: Scenario, plan: Design, job: Job) -> dict[str, Any]:
    text = plan.describe()
    return {
        **provenance(scenario, job.sampling.seed, job.sampling.estimator, "pyarrow"),
        "design": f"{text['kind']} of {text['points']} points: {'; '.join(text['axes'])}",
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

"""What a sweep is asked for, checked and laid out before anything runs: scenario, points, runs, outcomes, identity."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import race_sim
from race_sim.errors import InputError, checked_count, checked_names, checked_text, one_line, unknown
from race_sim.kernels.sources import SOURCE_DIGEST
from race_sim.runs.batches import available_threads
from race_sim.runs.extensions import additions
from race_sim.runs.footprint import FIXED
from race_sim.runs.memory import check_fits
from race_sim.runs.outcomes import Outcome, keys
from race_sim.runs.provenance import provenance
from race_sim.runs.sampling import Sampling
from race_sim.scenario.scenario import Scenario
from race_sim.sweeps.engine.design import Design, Points, design_of
from race_sim.sweeps.evaluate import STRIDE, Job, Target, space

RUNS_PER_PART, MOST_PARTS = 8192, 4096
BYTES_PER_POINT, BYTES_PER_RUN = (
    300,
    32,
)  # of memory at the peak: of a point, of a run that is kept
BYTES_PER_CELL, BYTES_AT_WORK = 64, 72  # an outcome that is kept, and one of a run that is being computed
MOST_RUNS = 2**20  # at a point whose precision is asked for and does not come


@dataclass(frozen=True)
class Request:
    """A sweep that has been checked.

    Attributes
    ----------
    scenario : Scenario
        What points change.
    design : Design
        Which points.
    points : Points
        The design laid out.
    job : Job
        What is computed at each.
    points_per_part : int
        Points that are computed and kept together.
    outcomes : mapping of str to Outcome
        Those that are kept, by key.
    """

    scenario: Scenario
    design: Design
    points: Points
    job: Job
    points_per_part: int
    outcomes: dict[str, Outcome]

    @property
    def units(self) -> dict[str, tuple[str, str]]:
        """Unit and meaning of every outcome that is kept, by key."""
        return {key: (outcome.unit, outcome.long_name) for key, outcome in self.outcomes.items()}

    @property
    def provenance(self) -> dict[str, Any]:
        """What it takes to compute the sweep again."""
        description, sampling = self.design.describe(), self.job.sampling
        return {
            **provenance(self.scenario, sampling.seed, sampling.estimator, "pyarrow"),
            "design": f"{description['kind']} of {description['points']} points: {'; '.join(description['axes'])}",
            "streams": self.design.streams,
            "runs": sampling.runs,
        }

    @property
    def sweep(self) -> dict[str, Any]:
        """What makes a sweep the one it is: everything on which a number in it depends."""
        target, sampling = self.job.target, self.job.sampling
        return {
            "scenario": self.scenario.to_dict(),
            "design": self.design.describe(),
            "runs": sampling.runs,
            "seed": sampling.seed,
            "estimator": sampling.estimator,
            "outcomes": list(self.job.outcomes),
            "per_run": self.job.per_run,
            "target_error": target and f"{target.outcome}:{target.relative_error:.12g}",
            "most_runs": target and target.most_runs,
            "race_sim": race_sim.__version__,
            "kernels": SOURCE_DIGEST,
            **_additions(self.scenario, self.points, self.job.outcomes),
            "points": self.points.digest(),
        }

    @property
    def layout(self) -> dict[str, Any]:
        """How the sweep is cut into parts, and what else its manifest says."""
        return {
            "kinds": ["points", "runs"] if self.job.per_run else ["points"],
            "points": len(self.points),
            "points_per_part": self.points_per_part,
            "parts": -(-len(self.points) // self.points_per_part),
            "scenario_toml": self.job.scenario_toml,
            "units": self.units,
            "provenance": self.provenance,
        }


def requested(
    scenario: Scenario | str,
    design: Any,
    runs: int = 1000,
    seed: int = 0,
    outcomes: Sequence[str] | None = None,
    target_error: str | None = None,
    *,
    estimator: str = "integrated",
    per_run: bool = False,
    threads: int | None = None,
    points_per_part: int | None = None,
    most_runs: int = MOST_RUNS,
) -> Request:
    """Check what a sweep is asked for.

    Parameters
    ----------
    scenario, design, runs, seed, outcomes, target_error, estimator, per_run, threads, points_per_part, most_runs : Any
        As ``race_sim.sweep`` takes them.

    Returns
    -------
    Request
        Laid out; nothing has been run.

    Raises
    ------
    InputError
        For whatever is not valid, and for what does not fit into memory.
    """
    from race_sim.sweeps.engine.tables import check_names

    scenario = Scenario.load(scenario)
    plan = design_of(design)
    sampling = Sampling(runs, seed, estimator, threads=threads)
    checked_count("most_runs", most_runs)
    known = _outcomes(scenario)
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
    check_names([axis.path for axis in plan.axes] or plan.columns, chosen)
    _check_memory(len(plan), job, sampling.threads or available_threads())
    points = plan.points(space(scenario))
    _check_structure(scenario, points)
    part_size = checked_count("points_per_part", points_per_part or usual_points_per_part(len(points), runs))
    return Request(scenario, plan, points, job, part_size, {key: known[key] for key in chosen})


def usual_points_per_part(points: int, runs: int) -> int:
    """Choose how many points are computed and kept together.

    Parameters
    ----------
    points : int
        Points of the design.
    runs : int
        Runs at each.

    Returns
    -------
    int
        As many as take 8,192 runs, or more where that would make more than 4,096 parts.

    Examples
    --------
    >>> usual_points_per_part(100, 1000), usual_points_per_part(10**6, 8192)
    (8, 245)
    """
    return max(RUNS_PER_PART // runs, -(-points // MOST_PARTS), 1)


def _additions(scenario: Scenario, points: Points, outcomes: Sequence[str]) -> dict[str, Any]:
    """Rules, policies and outcomes from outside the package that the sweep uses, if any, with their fingerprints."""
    used = {scenario.lab.rule, *(lab.rule for lab in scenario.labs.values() if lab.rule), *scenario.policies.values()}
    for column in points.columns.values():
        used |= set(column) if column.dtype == object else set()
    known = dict(keys(scenario))
    used |= {f"outcome {known[key].name}" for key in outcomes}
    fingerprints = additions(used)
    return {"additions": fingerprints} if fingerprints else {}


def _check_memory(points: int, job: Job, threads: int) -> None:
    """Refuse what would not fit: the tables of the end, and the runs of the points that are computed at a time."""
    each = BYTES_PER_POINT + BYTES_PER_CELL * len(job.outcomes)
    check_fits("design", points, each, what="points")
    if job.per_run:
        at_a_time = BYTES_AT_WORK * len(job.outcomes) * min(threads, points)
        kept = points * (BYTES_PER_RUN + BYTES_PER_CELL * len(job.outcomes))
        fixed = FIXED + points * each
        check_fits("runs", job.sampling.runs, at_a_time + kept, fixed, "runs at each point, all kept,")


def _check_structure(scenario: Scenario, points: Points) -> None:
    """The rules that concern more than one path: a first point, and every combination of times that occurs."""
    times = [path for path in points.columns if path.startswith("time.")]
    rows = {tuple(row) for row in zip(*(points.columns[path].tolist() for path in times), strict=True)}
    for row in sorted(rows) or [()]:
        scenario.replace({path: _typed(value) for path, value in zip(times, row, strict=True)})


def _typed(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _outcomes(scenario: Scenario) -> dict[str, Outcome]:
    """Every outcome of a scenario by its key, each of which is one outcome's."""
    known: dict[str, Outcome] = {}
    for key, outcome in keys(scenario):
        if key in known:
            raise InputError(f"{key}: is the name of two outcomes; rename the lab or the nation")
        known[key] = outcome
    return known


def _checked_outcomes(outcomes: Sequence[str], known: dict[str, Any]) -> tuple[str, ...]:
    names = [outcomes] if isinstance(outcomes, str) else list(checked_names("outcomes", outcomes))
    if not names:
        raise InputError("outcomes: at least one is needed, got none")
    for name in names:
        if name not in known:
            raise InputError(f"outcomes: {unknown('outcome', name, known)}")
        if names.count(name) > 1:
            raise InputError(f"outcomes: each once, got {name!r} {names.count(name)} times")
    return tuple(names)


def _target(text: str, known: dict[str, Any], most_runs: int) -> Target:
    outcome, colon, percent = checked_text("target_error", text).rpartition(":")
    try:
        error = float(percent.removesuffix("%")) / (100.0 if percent.endswith("%") else 1.0)
    except ValueError:
        error = 0.0
    if not colon or not 0.0 < error < 1.0:
        raise InputError(f"target_error: must be OUTCOME:PERCENT%, such as welfare:1%, got {one_line(text)}")
    if outcome not in known:
        raise InputError(f"target_error: {unknown('outcome', outcome, known)}")
    return Target(outcome, error, int(most_runs))

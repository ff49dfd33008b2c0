"""Scenario x points -> estimates at every point: many variants of one scenario in one call of the kernel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from race_sim.kernels.rules import NAMES
from race_sim.kernels.run import run_block
from race_sim.runs.batches import BATCH, in_batches
from race_sim.runs.controls import Controls, martingales
from race_sim.runs.estimation import columns
from race_sim.runs.intervals import Limits, interval
from race_sim.runs.moments import Halves
from race_sim.runs.outcomes import Real, keys
from race_sim.runs.records import build
from race_sim.runs.sampling import Sampling
from race_sim.scenario.parameters import Lab, about
from race_sim.scenario.policies import POLICIES
from race_sim.scenario.scenario import Scenario
from race_sim.sweeps.engine.axes import Known, Space
from race_sim.sweeps.engine.execution import Stopped

STRIDE = 2**28  # run numbers from one point's own streams to the next's
PILOT = STRIDE // 2  # from a point's first run to the first of those that only decide how many it gets


@dataclass(frozen=True)
class Target:
    """A precision that every point is to reach, and what it may cost.

    Attributes
    ----------
    outcome : str
        Key of the outcome whose precision counts.
    relative_error : float
        Standard error over absolute mean that is to be reached, in (0, 1).
    most_runs : int
        Runs of a point's estimates, at most; the runs that decide on them come on top, at most a quarter as many.
    """

    outcome: str
    relative_error: float
    most_runs: int


@dataclass(frozen=True)
class Job:
    """What is computed at every point. Small: it travels to workers with every part.

    Attributes
    ----------
    scenario_toml : str
        The scenario that points change, as TOML.
    sampling : Sampling
        Runs at each point (with a target: at first), seed and estimator.
    outcomes : tuple of str
        Keys of the outcomes that are kept.
    own_streams : bool
        Whether point number p starts at run p * ``STRIDE``; otherwise all points start at run 0.
    per_run : bool
        Whether values of every run are kept.
    target : Target or None
        The precision to be reached; None for a fixed number of runs.
    """

    scenario_toml: str
    sampling: Sampling
    outcomes: tuple[str, ...]
    own_streams: bool = False
    per_run: bool = False
    target: Target | None = None


@dataclass(frozen=True)
class Part:
    """Some points of a design that are kept together.

    Attributes
    ----------
    number : int
        Number of the part.
    first : int
        Number of its first point in the design.
    columns : mapping of str to array (points,)
        Values at each point, by path.
    only : array (points,) of int, or None
        Numbers of the points that are to be computed; None for all, which are consecutive.
    """

    number: int
    first: int
    columns: Mapping[str, NDArray[Any]]
    only: NDArray[np.int64] | None = None

    @property
    def points(self) -> NDArray[np.int64]:
        """Numbers of the points, (points,)."""
        return np.arange(self.first, self.first + len(self)) if self.only is None else self.only

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


@dataclass
class PointEstimates:
    """Estimates at the points of a part.

    Attributes
    ----------
    runs : array (points,) of int
        Runs spent.
    mean : array (points, outcomes)
        Means over runs, each outcome in its own unit; NaN where an outcome is undefined (nobody survived).
    standard_error : array (points, outcomes)
        Standard errors of the means.
    low, high : array (points, outcomes)
        Bounds of their 95 % intervals (``race_sim.runs.intervals``).
    reached : array (points,) of bool, or None
        Whether the target's precision was reached; None without a target.
    run : array (points, runs) of int, or None
        Numbers of the runs; None, as the next two, where values of runs are not kept.
    value : array (points, runs, outcomes) or None
        Value of each run; 0 where its weight is 0.
    weight : array (points, runs, outcomes) or None
        Weight of each run in the mean.
    """

    runs: NDArray[np.int64]
    mean: Real
    standard_error: Real
    low: Real
    high: Real
    reached: NDArray[np.bool_] | None = None
    run: NDArray[np.int64] | None = None
    value: Real | None = None
    weight: Real | None = None


def space(scenario: Scenario) -> Space:
    """Everything that a sweep of a scenario can vary: numeric parameters, policies and decision rules.

    Numeric are all parameters of the scenario, whether set or drawn, and each lab's ``initial_share``. Named are the
    decision rule of all labs (``lab.rule``) or of one (``labs.NAME.rule``), and each nation's policy. Rules and
    policies that were added from outside the package are among them.

    Parameters
    ----------
    scenario : Scenario
        Its nations and labs are what paths can name.

    Returns
    -------
    mapping of str to Known
        What may stand at each path: bounds, whole or not and plausible range, or names.
    """
    allowed: dict[str, Known] = {}
    numeric = {parameter.path: parameter.about for parameter in scenario.parameters()}
    own_share = about(Lab, "initial_share")
    assert own_share is not None
    numeric |= {f"labs.{name}.initial_share": own_share for name in scenario.lab_names}
    for path, item in numeric.items():
        allowed[path] = Known(item.at_least, item.at_most, item.whole, item.plausible)
    for path in ("lab.rule", *(f"labs.{name}.rule" for name in scenario.lab_names)):
        allowed[path] = Known(names=tuple(NAMES))
    for name in scenario.nation_names:
        allowed[f"nations.{name}.policy"] = Known(names=tuple(POLICIES))
    return allowed


def evaluate(job: Job, part: Part, threads: int = 1, stopped: Callable[[], bool] = lambda: False) -> PointEstimates:
    """Estimate outcomes at every point of a part.

    Estimates are those of ``race_sim.estimate`` for the scenario with the point's values, to the bit. Points with few
    runs share a block, so that what a block costs to start is paid once. With a target, other runs decide how many
    there are (``until_precise``), a quarter as many: they are not counted in ``runs``, nor in the estimates.

    Parameters
    ----------
    job : Job
        What to compute.
    part : Part
        The points.
    threads : int
        Threads of this process that work on it.
    stopped : callable
        Asked before every block whether to stop; takes nothing, returns a bool.

    Returns
    -------
    PointEstimates
        At the points of the part, in order.

    Raises
    ------
    Stopped
        When ``stopped`` says so.
    """
    scenario = _scenario(job.scenario_toml)
    positions = _positions(job.scenario_toml, job.outcomes)
    points_per_group = 1 if job.target else max(1, BATCH // job.sampling.runs)
    estimates = []
    for start in range(0, len(part), points_per_group):
        if stopped():
            raise Stopped
        stop = min(start + points_per_group, len(part))
        columns_here = {path: column[start:stop] for path, column in part.columns.items()}
        first_runs = part.points[start:stop] * (STRIDE if job.own_streams else 0)
        group = _Group(job, scenario, columns_here, first_runs, positions, threads, stopped)
        estimates.append(group.until_precise() if job.target else group.estimates(job.sampling.runs))
    return _joined(estimates)


@dataclass
class _Group:
    """Points that are run together."""

    job: Job
    scenario: Scenario
    columns: Mapping[str, NDArray[Any]]
    first_runs: NDArray[np.int64]
    positions: NDArray[np.int64]
    threads: int
    stopped: Callable[[], bool]

    def estimates(self, runs: int) -> PointEstimates:
        """Estimates from the same number of runs at each point."""
        controls = self._controls(runs)
        if self.job.per_run:
            kept: tuple[list[Real], list[Real]] = ([], [])
            total: Halves | None = None
            for block in in_batches(lambda numbers: self._block(numbers, controls), runs, 0, self.threads, False):
                part = Halves.of(*block)
                total = part if total is None else total.merge(part)
                for arrays, array in zip(kept, block[1:3], strict=True):
                    by_point = array.reshape(len(array), len(self.first_runs), -1)
                    arrays.append(by_point[:, :, self.positions])
            assert total is not None
            return self._estimates(total, *map(np.concatenate, kept))
        return self._estimates(self._halves(0, runs, controls, None))

    def until_precise(self) -> PointEstimates:
        """Estimates from as many runs as the target takes, which other runs have decided.

        Runs that decide when to stop would be too high a sample: with N runs proportional to (error / mean)^2, stopping
        where the estimate looks precise raises it by target^2 (2 - skewness mean / spread), one target^2 for events.
        """
        target = self.job.target
        assert target is not None
        watched = _positions(self.job.scenario_toml, (target.outcome,))[0]
        runs = self._runs_needed(target, watched)
        total = self._halves(0, runs, self._controls(runs), None)
        mean, error = (item[watched] for item in self._ratio(total))
        estimates = self._estimates(total)
        estimates.reached = np.array([_relative(mean, error) <= target.relative_error])
        return estimates

    def _runs_needed(self, target: Target, watched: np.intp) -> int:
        """How many runs the target takes, by a pilot of other runs that knows it with twice the target's error.

        A relative variance that k events tell has a relative error of k^-0.5, of the pilot's quarter twice as much: one
        standard deviation of both is allowed for, with k = target^-2.
        """
        controls = self._controls(target.most_runs)
        total: Halves | None = None
        spent, goal = 0, _whole_batches(self.job.sampling.runs)
        largest = _whole_batches(max(1, target.most_runs // 4))
        while True:
            goal = min(goal, largest)
            total = self._halves(PILOT + spent, goal - spent, controls, total)
            spent = goal
            relative = _relative(*(item[watched] for item in self._ratio(total)))
            if relative <= 2.0 * target.relative_error or spent >= largest:
                break
            needed = spent * min(4.0, (relative / (2.0 * target.relative_error)) ** 2)
            goal = _whole_batches(int(needed) + 1)
        if not np.isfinite(relative):
            return target.most_runs
        spare = 1.0 + 5.0**0.5 * target.relative_error
        needed = min(spare * spent * (relative / target.relative_error) ** 2, float(target.most_runs))
        return min(max(_whole_batches(int(needed) + 1), self.job.sampling.runs), target.most_runs)

    def _controls(self, runs: int) -> Controls:
        """Those of ``estimate`` for so many runs; points that share a block have too few runs for any."""
        if len(self.first_runs) > 1:
            return Controls(self.scenario, ())
        return Controls.of(self._here, runs, self.job.sampling.estimator)

    @cached_property
    def _here(self) -> Scenario:
        """The scenario at the only point of the group."""
        return self._at(0)

    def _at(self, point: int) -> Scenario:
        values = {path: np.asarray(column[point : point + 1]).tolist()[0] for path, column in self.columns.items()}
        return self.scenario.replace(values)

    def _halves(self, first: int, runs: int, controls: Controls, total: Halves | None) -> Halves:
        """Moments of runs first, first + 1, ... of every point, merged into those so far: as in ``estimate``."""
        parts = in_batches(lambda numbers: Halves.of(*self._block(numbers, controls)), runs, first, self.threads, False)
        for part in parts:
            total = part if total is None else total.merge(part)
        assert total is not None
        return total

    def _ratio(self, total: Halves) -> tuple[Real, Real]:
        controls = self._controls(total.runs)
        if not controls.counts:
            return total.ratio()
        return controls.estimates(total, (outcome for _, outcome in keys(self._here)))

    def _bounds(self, total: Halves) -> tuple[Real, Real]:
        """Bounds of the 95 % intervals of the outcomes that are kept, (points, kept), as in ``estimate``."""
        outcomes, estimator = [outcome for _, outcome in keys(self.scenario)], self.job.sampling.estimator
        points = len(self.first_runs)
        if points == 1:
            low, high, _ = self._controls(total.runs).intervals(total, outcomes, estimator)
            return low[np.newaxis, self.positions], high[np.newaxis, self.positions]
        kept = [outcomes[position] for position in self.positions]
        limits = Limits.joined(Limits.of(self._at(point), estimator, kept) for point in range(points))
        columns = np.arange(points)[:, np.newaxis] * len(outcomes) + self.positions
        low, high = interval(total.powers.of_columns(columns.ravel()).spread(limits), limits)
        return low.reshape(columns.shape), high.reshape(columns.shape)

    def _block(self, numbers: NDArray[np.int64], controls: Controls) -> tuple[NDArray[np.int64], Real, Real, Real]:
        """Run numbers, numerators and weights of some runs at every point, (runs, points x keys), and controls."""
        if self.stopped():
            raise Stopped
        runs = (self.first_runs[:, np.newaxis] + numbers).ravel()
        changes = {path: np.repeat(column, len(numbers)) for path, column in self.columns.items()}
        records = build(self.scenario, self.job.sampling.seed, runs, self.job.sampling.estimator, changes)
        run_block(*records)
        shape = (len(self.first_runs), len(numbers), -1)
        values, weights = (
            array.reshape(shape).transpose(1, 0, 2).reshape(len(numbers), -1) for array in columns(records)
        )
        if not controls.counts:
            return numbers, values, weights, np.empty((len(numbers), 0))
        return runs, values, weights, controls.columns(self.job.sampling.seed, runs, martingales(records))

    def _estimates(self, total: Halves, values: Real | None = None, weights: Real | None = None) -> PointEstimates:
        points = len(self.first_runs)
        mean, error = (item.reshape(points, -1)[:, self.positions] for item in self._ratio(total))
        estimates = PointEstimates(np.full(points, total.runs), mean, error, *self._bounds(total))
        if values is not None and weights is not None:
            value, estimates.weight = (np.ascontiguousarray(a.transpose(1, 0, 2)) for a in (values, weights))
            estimates.run = self.first_runs[:, np.newaxis] + np.arange(total.runs)
            estimates.value = np.divide(value, estimates.weight, out=np.zeros_like(value), where=estimates.weight > 0.0)
        return estimates


def _relative(mean: float, error: float) -> float:
    return float(error / abs(mean)) if mean != 0.0 and np.isfinite(error) else np.inf


def _whole_batches(runs: int) -> int:
    return -(-runs // BATCH) * BATCH


def _joined(estimates: list[PointEstimates]) -> PointEstimates:
    """The points of all, in order."""
    columns: dict[str, Any] = {}
    for item in fields(PointEstimates):
        arrays = [getattr(group, item.name) for group in estimates]
        columns[item.name] = None if arrays[0] is None else np.concatenate(arrays)
    return PointEstimates(**columns)


@lru_cache(maxsize=8)
def _scenario(scenario_toml: str) -> Scenario:
    return Scenario.from_kept(scenario_toml)


@lru_cache(maxsize=8)
def _positions(scenario_toml: str, outcomes: tuple[str, ...]) -> NDArray[np.int64]:
    names = [key for key, _ in keys(_scenario(scenario_toml))]
    return np.array([names.index(outcome) for outcome in outcomes])

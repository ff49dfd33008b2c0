"""Scenario -> labelled outcomes of every run, through the kernels."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from race_sim.errors import checked_flag
from race_sim.kernels.run import run_block, run_traced
from race_sim.kernels.state import LAB_TRACE, LAB_TRACED, NATION_TRACE, NATION_TRACED, WORLD_TRACE, WORLD_TRACED
from race_sim.runs.controls import martingale_names, martingales
from race_sim.runs.footprint import check_runs
from race_sim.runs.outcomes import OUTCOMES, WEIGHTS, AtEnd, Real, numerator, weight
from race_sim.runs.provenance import provenance
from race_sim.runs.records import Records, build, with_attributes
from race_sim.runs.sampling import Sampling
from race_sim.scenario.scenario import Scenario

DIMENSIONS = {"run": ("run",), "nation": ("run", "nation"), "lab": ("run", "lab")}
PATHS = {
    "lab": {field.name: field for field in LAB_TRACED},
    "nation": {field.name: field for field in NATION_TRACED},
    "run": {field.name: field for field in WORLD_TRACED},
}


def simulate(
    scenario: Scenario | str,
    runs: int = 1000,
    seed: int = 0,
    estimator: str = "integrated",
    trajectories: bool = False,
    *,
    first_run: int = 0,
    threads: int | None = None,
    progress: bool | None = None,
) -> xr.Dataset:
    """Simulate runs of a scenario and return every outcome of every run.

    Run number r has the same draws whatever the policies, the other runs or the threads.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, the name of a shipped one, or the path of a TOML file.
    runs : int
        Number of runs.
    seed : int
        Seed of all draws, in [0, 2^64).
    estimator : str
        ``integrated`` (carries the probability of survival) or ``sampled`` (draws the catastrophe).
    trajectories : bool
        Whether every period is kept too, in variables ending in ``_path``, at the end of each period.
    first_run : int
        Number of the first run.
    threads : int, optional
        How many; all cores by default. Never changes a result.
    progress : bool, optional
        Whether a bar is shown; by default where it takes a while.

    Returns
    -------
    xarray.Dataset
        Dimensions run, nation and lab, and period with ``trajectories``. Every variable carries units and a long name.
        Where the attribute ``weight`` names a variable, means over runs are weighted by it (``summarise`` does so); a
        value whose weight is 0 is 0. The attributes hold scenario, seed, estimator and versions.

    Raises
    ------
    InputError
        If an argument is not valid.

    Examples
    --------
    >>> simulate("duopoly", runs=3).sizes["lab"]
    2
    """
    scenario = Scenario.load(scenario)
    sampling = Sampling(runs, seed, estimator, first_run, threads, progress)
    check_runs(scenario, sampling.runs, checked_flag("trajectories", trajectories))

    def batch(numbers: NDArray[np.int64]) -> dict[str, Real]:
        records = build(scenario, sampling.seed, numbers, estimator)
        if not trajectories:
            run_block(*records)
            return _values(records)
        paths = _traced(records, scenario.periods)
        return _values(records) | paths

    parts = list(sampling.batches(batch, scenario.name))
    data = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    coordinates = {
        "run": sampling.numbers,
        "nation": list(scenario.nation_names),
        "lab": list(scenario.lab_names),
        "control": martingale_names(scenario),
        "nation_of_lab": ("lab", [lab.nation for lab in scenario.labs.values()]),
    }
    dataset = xr.Dataset(coords=coordinates, attrs=provenance(scenario, seed, estimator))
    if trajectories:
        years = (np.arange(scenario.periods) + 1) * scenario.period_length
        time = PATHS["run"]["time"]
        attributes = {"units": time.unit, "long_name": time.meaning}
        dataset = dataset.assign_coords(period=np.arange(scenario.periods), time=("period", years, attributes))
    return dataset.assign({name: _variable(name, values) for name, values in data.items()})


def _values(records: Records) -> dict[str, Real]:
    """Every outcome and weight per run; numerators are divided by their weights, 0 where there is none."""
    values: dict[str, Real] = {name: read(records) for name, (_, _, read) in WEIGHTS.items()}
    values["luck"] = martingales(records)
    for outcome in OUTCOMES:
        value = numerator(outcome, records)
        outcome_weight = weight(outcome, records)
        if outcome_weight is not None:
            divisor = outcome_weight if value.ndim == 1 else outcome_weight[:, np.newaxis]
            if isinstance(
                outcome.numerator, AtEnd
            ):  # the value as it is, not its product with the weight divided by it
                value = np.where(divisor > 0.0, outcome.numerator.value(records), 0.0)
            else:
                value = np.divide(value, divisor, out=np.zeros_like(value), where=divisor > 0.0)
        values[outcome.variable] = value
    return values


def _traced(records: Records, periods: int) -> dict[str, Real]:
    runs, labs = records.labs.shape
    nations = records.nations.shape[1]
    lab_trace = np.zeros((runs, periods, labs), LAB_TRACE)
    nation_trace = np.zeros((runs, periods, nations), NATION_TRACE)
    world_trace = np.zeros((runs, periods), WORLD_TRACE)
    run_traced(*records, *(with_attributes(trace) for trace in (lab_trace, nation_trace, world_trace)))
    traces = (("lab_", lab_trace), ("nation_", nation_trace), ("", world_trace))
    return {
        f"{level}{name}_path": np.ascontiguousarray(trace[name])
        for level, trace in traces
        for name in trace.dtype.names or ()
        if name != "time"
    }


def _variable(name: str, values: Real) -> xr.Variable:
    if name.endswith("_path"):
        level, _, field = name.removesuffix("_path").partition("_")
        if level not in ("lab", "nation"):
            level, field = "run", name.removesuffix("_path")
        traced = PATHS[level][field]
        dimensions = ("run", "period", *DIMENSIONS[level][1:])
        return xr.Variable(dimensions, values, {"units": traced.unit, "long_name": traced.meaning})
    if name == "luck":
        long_name = "breakthroughs and mishaps less their probabilities: control variates, of mean 0"
        return xr.Variable(("run", "control"), values, {"units": "1", "long_name": long_name})
    if name in WEIGHTS:
        return xr.Variable(("run",), values, {"units": WEIGHTS[name][0], "long_name": WEIGHTS[name][1]})
    outcome = next(outcome for outcome in OUTCOMES if outcome.variable == name)
    attributes = {"units": outcome.unit, "long_name": outcome.long_name}
    if outcome.weight:
        attributes["weight"] = outcome.weight
    return xr.Variable(DIMENSIONS[outcome.level], values, attributes)

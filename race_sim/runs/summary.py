"""Means over runs, their standard errors and intervals, from a Dataset of runs."""

import numpy as np
import pandas as pd
import xarray as xr

from race_sim.errors import InputError, checked_kind
from race_sim.runs.controls import Controls
from race_sim.runs.moments import Halves
from race_sim.runs.outcomes import OUTCOMES
from race_sim.scenario.scenario import Scenario


def summarise(dataset: xr.Dataset) -> pd.DataFrame:
    """Summarise a Dataset of runs: mean, standard error and 95 % interval of every outcome.

    The numbers are those of ``estimate`` for the same runs.

    Parameters
    ----------
    dataset : xarray.Dataset
        From ``simulate``.

    Returns
    -------
    pandas.DataFrame
        A row per key that the command line uses (``mishaps``, ``payoff.us``, ``winner.none``); columns ``mean``,
        ``standard_error``, ``low``, ``high`` (95 % interval), ``events`` (runs in which it is not at its lower
        bound), ``unit`` and ``meaning``. A mean that no run supports (nobody survived) is NaN.

    Raises
    ------
    InputError
        If the Dataset has no runs, no outcomes, or not the attributes of ``simulate``.

    Examples
    --------
    >>> from race_sim import simulate
    >>> summarise(simulate("duopoly", runs=20)).loc["safety_share", "unit"]
    '1'
    """
    checked_kind(xr.Dataset)("dataset", dataset)
    if "run" not in dataset.dims or dataset.sizes["run"] == 0:
        raise InputError("dataset: must have at least one run along the dimension 'run'")
    result = [outcome for outcome in OUTCOMES if outcome.variable in dataset]
    if not result:
        raise InputError("dataset: must hold outcomes of race_sim.simulate, found none")
    one = np.ones(dataset.sizes["run"])
    rows, of_rows, numerators, weights = [], [], [], []
    for outcome in result:
        values = dataset[outcome.variable]
        names = [outcome.name.replace("winner_none", "winner.none")]
        if outcome.level != "run":
            names = [f"{outcome.name}.{name}" for name in dataset[outcome.level].values]
        rows += [(name, outcome.unit, outcome.long_name) for name in names]
        of_rows += [outcome] * len(names)
        outcome_weight = (dataset[outcome.weight].values if outcome.weight else one)[:, np.newaxis]
        numerators.append(values.values.reshape(len(one), -1) * outcome_weight)
        weights.append(np.broadcast_to(outcome_weight, numerators[-1].shape))
    table = pd.DataFrame(rows, columns=["outcome", "unit", "meaning"]).set_index("outcome")
    value, weight = (np.concatenate(columns, axis=1) for columns in (numerators, weights))
    runs, attributes = dataset["run"].values, dataset.attrs
    if "scenario_toml" not in attributes:
        raise InputError("dataset: must have the attributes of race_sim.simulate, found no scenario_toml")
    scenario, estimator = Scenario.from_kept(attributes["scenario_toml"]), attributes["estimator"]
    controls, control = Controls(scenario, ()), np.empty((len(runs), 0))
    if "luck" in dataset:
        controls = Controls.of(scenario, len(runs), estimator)
        control = controls.columns(int(attributes["seed"]), runs, dataset["luck"].values)
    halves = Halves.of(runs, value, weight, control)
    numbers = (*controls.estimates(halves, of_rows), *controls.intervals(halves, of_rows, estimator))
    added = ("mean", "standard_error", "low", "high", "events")
    for place, (name, column) in enumerate(zip(added, numbers, strict=True)):
        table.insert(place, name, column)
    return table

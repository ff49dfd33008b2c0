"""Means over runs and their standard errors, from a Dataset of runs."""

import numpy as np
import pandas as pd
import xarray as xr

from race_sim.errors import InputError, checked_kind
from race_sim.runs.controls import Controls
from race_sim.runs.moments import Halves, Moments
from race_sim.runs.outcomes import OUTCOMES
from race_sim.scenario.scenario import Scenario


def summarise(dataset: xr.Dataset) -> pd.DataFrame:
    """Summarise a Dataset of runs: mean and standard error of every outcome.

    The numbers are those of ``estimate`` for the same runs.

    Parameters
    ----------
    dataset : xarray.Dataset
        From ``simulate``.

    Returns
    -------
    pandas.DataFrame
        A row per key that the command line uses (``mishaps``, ``payoff.us``, ``winner.none``); columns ``mean``,
        ``standard_error``, ``unit`` and ``meaning``. A mean that no run supports (nobody survived) is NaN.

    Raises
    ------
    InputError
        If the Dataset has no runs or no outcomes.

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
    if "luck" in dataset:
        runs, attributes = dataset["run"].values, dataset.attrs
        scenario, seed = Scenario.from_toml(attributes["scenario_toml"]), int(attributes["seed"])
        controls = Controls.of(scenario, len(runs), attributes["estimator"])
        halves = Halves.of(runs, value, weight, controls.columns(seed, runs, dataset["luck"].values))
        means, errors = controls.estimates(halves, of_rows)
    else:
        means, errors = Moments.of(value, weight).ratio()
    table.insert(0, "mean", means)
    table.insert(1, "standard_error", errors)
    return table

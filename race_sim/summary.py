"""Means over runs and their standard errors, from a Dataset of runs."""

import numpy as np
import pandas as pd
import xarray as xr

from race_sim.errors import InputError
from race_sim.moments import Moments
from race_sim.outcomes import OUTCOMES


def summarise(dataset: xr.Dataset) -> pd.DataFrame:
    """Mean and standard error of every outcome in a Dataset from ``simulate``.

    Rows are the keys that the command line uses (``mishaps``, ``payoff.us``, ``winner.none``); columns are mean,
    standard_error, unit and meaning. A mean that no run bears (nobody survived) is NaN. Raises InputError for a Dataset
    that has no runs or no outcomes.

    >>> from race_sim import simulate
    >>> summarise(simulate("duopoly", runs=20)).loc["safety_share", "unit"]
    '1'
    """
    if "run" not in dataset.dims or dataset.sizes["run"] == 0:
        raise InputError("dataset: must have at least one run along the dimension 'run'")
    rows = []
    for outcome in OUTCOMES:
        if outcome.variable not in dataset:
            continue
        values = dataset[outcome.variable]
        weight = dataset[outcome.weight].values if outcome.weight else np.ones(dataset.sizes["run"])
        names = [outcome.name.replace("winner_none", "winner.none")]
        if outcome.level != "run":
            names = [f"{outcome.name}.{name}" for name in dataset[outcome.level].values]
        numerators = values.values.reshape(len(weight), -1) * weight[:, np.newaxis]
        weights = np.broadcast_to(weight[:, np.newaxis], numerators.shape)
        means, errors = Moments.of(numerators, weights).ratio()
        rows += [
            (name, mean, error, outcome.unit, outcome.long_name)
            for name, mean, error in zip(names, means, errors, strict=True)
        ]
    if not rows:
        raise InputError("dataset: must hold outcomes of race_sim.simulate, found none")
    table = pd.DataFrame(rows, columns=["outcome", "mean", "standard_error", "unit", "meaning"])
    return table.set_index("outcome")

"""Estimate outcomes without keeping runs: memory does not grow with their number."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from race_sim.kernels.run import run_block
from race_sim.runs.controls import Controls, martingales
from race_sim.runs.moments import Halves
from race_sim.runs.outcomes import OUTCOMES, Outcome, Real, keys, numerator, weight
from race_sim.runs.records import Records, build
from race_sim.runs.sampling import Sampling
from race_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Estimated:
    """One outcome's mean over runs, its standard error and its 95 % interval.

    Attributes
    ----------
    mean : float
        Mean over runs, in the outcome's unit; NaN where it is undefined (nobody survived, or arrived).
    standard_error : float
        Standard error of the mean; NaN for a single run.
    low, high : float
        Bounds of the 95 % interval (``race_sim.runs.intervals``), which need not lie symmetrically about the mean.
    events : float
        In how many runs the outcome was not at its lower bound; NaN for an outcome without one.
    outcome : Outcome
        What it is.
    """

    mean: float
    standard_error: float
    low: float
    high: float
    events: float
    outcome: Outcome


@dataclass(frozen=True)
class Estimate:
    """Outcomes of a scenario, by key (``catastrophe_probability``, ``payoff.us``), and how they were computed.

    Examples
    --------
    >>> result = estimate("duopoly", runs=20)
    >>> result["mishaps"].outcome.unit
    'mishaps'
    """

    scenario: Scenario
    runs: int
    seed: int
    estimator: str
    outcomes: dict[str, Estimated]

    def __getitem__(self, key: str) -> Estimated:
        return self.outcomes[key]

    def to_dict(self) -> dict[str, Any]:
        """Give plain values, as JSON has them.

        Returns
        -------
        dict
            Scenario, runs, seed, estimator and every outcome's mean, standard error and 95 % interval (``low``,
            ``high``); None where one is undefined.

        Examples
        --------
        >>> sorted(estimate("duopoly", runs=20).to_dict())
        ['estimator', 'outcomes', 'runs', 'scenario', 'seed']
        """
        return {
            "scenario": self.scenario.name,
            "runs": self.runs,
            "seed": self.seed,
            "estimator": self.estimator,
            "outcomes": {
                key: {name: _defined(getattr(item, name)) for name in ("mean", "standard_error", "low", "high")}
                for key, item in self.outcomes.items()
            },
        }

    def to_json(self) -> str:
        """Give ``to_dict`` as one JSON object on one line.

        Returns
        -------
        str
            The JSON.

        Examples
        --------
        >>> estimate("duopoly", runs=20).to_json().startswith('{"scenario": "duopoly"')
        True
        """
        return json.dumps(self.to_dict(), allow_nan=False)


def estimate(
    scenario: Scenario | str,
    runs: int = 1000,
    seed: int = 0,
    estimator: str = "integrated",
    *,
    first_run: int = 0,
    threads: int | None = None,
    progress: bool | None = None,
    controlled: bool = True,
) -> Estimate:
    """Estimate the mean of every outcome over runs of a scenario, with its standard error and 95 % interval.

    With the ``integrated`` estimator, and runs enough to fit weights, what the luck of the runs explains is taken out
    (``race_sim.runs.controls``). Memory does not grow with the number of runs.

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
    first_run : int
        Number of the first run.
    threads : int, optional
        How many; all cores by default. Never changes a result.
    progress : bool, optional
        Whether a bar is shown; by default where it takes a while.
    controlled : bool
        False leaves the plain means.

    Returns
    -------
    Estimate
        Means, standard errors and intervals by key, each in its outcome's unit; NaN where nobody survived.

    Raises
    ------
    InputError
        If an argument is not valid.

    Examples
    --------
    >>> result = estimate("duopoly", runs=20)
    >>> 0.0 < result["catastrophe_probability"].mean < 1.0
    True
    """
    scenario = Scenario.load(scenario)
    sampling = Sampling(runs, seed, estimator, first_run, threads, progress, controlled)
    controls = Controls.of(scenario, sampling.runs, estimator) if controlled else Controls(scenario, ())

    def halves(numbers: NDArray[np.int64]) -> Halves:
        records = build(scenario, sampling.seed, numbers, estimator)
        run_block(*records)
        return Halves.of(numbers, *columns(records), controls.columns(sampling.seed, numbers, martingales(records)))

    total: Halves | None = None
    for part in sampling.batches(halves, scenario.name):
        total = part if total is None else total.merge(part)
    assert total is not None
    outcomes = [outcome for _, outcome in keys(scenario)]
    numbers = (*controls.estimates(total, outcomes), *controls.intervals(total, outcomes, estimator))
    return Estimate(scenario, sampling.runs, sampling.seed, estimator, by_key(scenario, numbers))


def by_key(scenario: Scenario, numbers: Iterable[Real]) -> dict[str, Estimated]:
    """Name estimates by their keys.

    Parameters
    ----------
    scenario : Scenario
        What was simulated.
    numbers : iterable of array (keys,)
        Means, standard errors, lower and upper bounds, and events, in the order of ``outcomes.keys``.

    Returns
    -------
    dict
        An Estimated per key.
    """
    return {
        key: Estimated(float(mean), float(error), float(low), float(high), float(events), outcome)
        for (key, outcome), mean, error, low, high, events in zip(keys(scenario), *numbers, strict=True)
    }


def columns(records: Records) -> tuple[Real, Real]:
    """Compute numerators and weights of every key of ``outcomes.keys``, in that order.

    Parameters
    ----------
    records : Records
        The end of some runs.

    Returns
    -------
    tuple of array (runs, keys)
        Numerators and weights: an outcome's mean is the sum of the one over the sum of the other.
    """
    values, weights = [], []
    one = np.ones(len(records.worlds))
    for outcome in OUTCOMES:
        value = numerator(outcome, records)
        value = value[:, np.newaxis] if value.ndim == 1 else value
        outcome_weight = weight(outcome, records)
        values.append(value)
        weights.append(np.broadcast_to((one if outcome_weight is None else outcome_weight)[:, np.newaxis], value.shape))
    return np.concatenate(values, axis=1), np.concatenate(weights, axis=1)


def _defined(value: float) -> float | None:
    return value if math.isfinite(value) else None

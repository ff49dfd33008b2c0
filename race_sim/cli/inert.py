"""What is set and changes nothing: said in one line, so that an unchanged table is not taken for a result."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from race_sim.errors import InputError
from race_sim.runs.estimation import estimate
from race_sim.scenario.scenario import Scenario

PERIODS = 400_000  # in all runs and cells together, that a comparison may take: a second or so
RUNS = 1000
Numbers = Callable[[Scenario, int], Any]


def notes(
    given: str, scenario: Scenario, changes: dict[str, Any], runs: int, cells: int, numbers: Numbers
) -> list[str]:
    """Compare a scenario with itself but for one of its changes at a time, on the same luck.

    Parameters
    ----------
    given : str
        Name or path of the scenario before its changes.
    scenario : Scenario
        The scenario with its changes.
    changes : dict of str to value
        What was set, by path.
    runs : int
        How many runs are asked for; no more than these are compared.
    cells : int
        How many profiles of policies each run is simulated under.
    numbers : callable
        (scenario, runs) -> array of what is shown.

    Returns
    -------
    list of str
        One line for each change without which every number is the same.
    """
    compared = min(runs, RUNS, PERIODS // (scenario.periods * cells))
    if compared < 2 or not changes:
        return []
    own = Scenario.load(given).to_dict()
    lines = []
    here = None
    for path, before, other in _without(scenario, own, changes):
        here = numbers(scenario, compared) if here is None else here
        if np.array_equal(here, numbers(other, compared), equal_nan=True):
            some = "these" if compared == runs else f"the first {compared:,}"
            text = f"{path} changes nothing in {some} runs: with {before}, as in {given}, every number is the same"
            lines.append(text + _where_it_acts(scenario, path))
    return lines


def outcomes(scenario: Scenario, runs: int, seed: int, estimator: str) -> Any:
    """Compute the numbers that ``race-sim run`` shows.

    Parameters
    ----------
    scenario : Scenario
        What is simulated.
    runs : int
        How many runs.
    seed : int
        Seed of all draws.
    estimator : str
        ``integrated`` or ``sampled``.

    Returns
    -------
    array (2, outcomes)
        Means and standard errors.
    """
    shown = estimate(scenario, runs, seed, estimator, progress=False, controlled=False).outcomes.values()
    return np.array([[item.mean for item in shown], [item.standard_error for item in shown]])


def _without(scenario: Scenario, own: dict[str, Any], changes: dict[str, Any]) -> Iterator[tuple[str, Any, Scenario]]:
    """Path, value before and scenario without that change, for every change that can be taken back alone."""
    for path in changes:
        table: Any = own
        for key in path.split("."):
            table = table.get(key) if isinstance(table, dict) else None
        if table is None or path in ("name", "description") or path.startswith("time."):
            continue
        try:
            other = scenario.replace({path: table})
        except InputError:
            continue
        if other != scenario:
            yield path, table, other


def _where_it_acts(scenario: Scenario, path: str) -> str:
    known = next((parameter.about for parameter in scenario.parameters() if parameter.path == path), None)
    if known is None:
        return ""
    if known.rule:
        return f"; it acts where a lab has the rule {known.rule}"
    if known.policies:
        return f"; it acts where nations have the policies {' and '.join(known.policies)}"
    return ""

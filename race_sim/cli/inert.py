"""What is set and changes nothing, or moves the risk the other way round: each is said in one line."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from race_sim.errors import InputError
from race_sim.kernels.run import run_block
from race_sim.runs.estimation import columns
from race_sim.runs.outcomes import keys
from race_sim.runs.records import build
from race_sim.scenario.scenario import Scenario

PERIODS = 400_000  # in all runs and cells together, that a comparison may take: a second or so
RUNS = 1000
CLEAR = 3.0  # standard errors by which a risk must have moved
RISK = "catastrophe_probability"
SAFER = {  # parameter -> whether more (1) or less (-1) of it is meant to be safer
    "cooperation.verification": 1, "cooperation.benchmarks": 1, "cooperation.penalty": 1, "cooperation.sharing": 1,
    "prize.enmity": -1,
}  # fmt: skip
BY = ("treaty_in_force", "suspensions", "safety_share", "assurance_gap", "mishaps", "trust", "regulation", "lead")
MOVED = 2  # of these, that are named
Numbers = Callable[[Scenario, int], Any]


def notes(
    given: str,
    scenario: Scenario,
    changes: dict[str, Any],
    runs: int,
    cells: int,
    numbers: Numbers,
    of_runs: bool = False,
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
    of_runs : bool
        Whether that is what ``by_run`` gives; otherwise nothing is said of risks.

    Returns
    -------
    list of str
        One line for each change without which every number is the same, or that moves the risk the other way than it is
        meant to.
    """
    compared = min(runs, RUNS, PERIODS // (scenario.periods * cells))
    if compared < 2 or not changes:
        return []
    own = Scenario.load(given).to_dict()
    lines = []
    here = None
    for path, before, other in _without(scenario, own, changes):
        here = numbers(scenario, compared) if here is None else here
        there = numbers(other, compared)
        some = "these" if compared == runs else f"the first {compared:,}"
        if of_runs and path in SAFER:
            lines += _surprise(scenario, path, before, here, there, some)
        if np.array_equal(here, there, equal_nan=True):
            text = f"{path} changes nothing in {some} runs: with {before}, as in {given}, every number is the same"
            lines.append(text + _where_it_acts(scenario, path))
    return lines


def by_run(scenario: Scenario, runs: int, seed: int, estimator: str) -> Any:
    """Compute the outcomes of single runs, of which ``race-sim run`` shows the means.

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
    array (2, runs, outcomes)
        Numerators and weights.
    """
    records = build(scenario, seed, np.arange(runs), estimator)
    run_block(*records)
    return np.array(columns(records))


def _surprise(scenario: Scenario, path: str, before: Any, here: Any, there: Any, some: str) -> list[str]:
    """A line where more of what is meant to be safer has clearly raised the risk, or less of it lowered it."""
    value = next((parameter.value for parameter in scenario.parameters() if parameter.path == path), None)
    if not isinstance(value, int | float) or not isinstance(before, int | float):
        return []
    place = {key: n for n, (key, _) in enumerate(keys(scenario))}
    runs = len(here[0])
    change = here[0] - there[0]  # of every run, on the same luck
    clear = np.abs(change.mean(axis=0)) > CLEAR * change.std(axis=0, ddof=1) / np.sqrt(runs)
    rise = float(change[:, place[RISK]].mean())
    if SAFER[path] * (value - before) * rise <= 0.0 or not clear[place[RISK]]:
        return []
    means = [values.sum(axis=0) / weights.sum(axis=0) for values, weights in (there, here)]
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.abs(np.log(means[1] / means[0]))
    named = [key for key in BY if clear[place[key]] and np.isfinite(moved[place[key]])]
    most = sorted(named, key=lambda key: -moved[place[key]])[:MOVED]
    words = ", ".join(f"{key} from {means[0][place[key]]:.3g} to {means[1][place[key]]:.3g}" for key in most)
    suspends = path == "cooperation.verification" and "treaty_in_force" in most
    return [
        f"{path} {value:g} instead of {before:g} {'raises' if rise > 0.0 else 'lowers'} {RISK} from "
        f"{means[0][place[RISK]]:.3g} to {means[1][place[RISK]]:.3g} in {some} runs"
        + (", as what is detected suspends the treaty" if suspends else "")
        + f"; what moved most: {words}"
    ]


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
    if known.beside:
        return f"; it acts beside {' and '.join(f'{other} {value:g}' for other, value in known.beside)}"
    return ""

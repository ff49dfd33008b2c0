"""Decision problems reached by actual runs of random scenarios."""

from collections.abc import Iterator, Mapping

import numpy as np

from race_sim.kernels.outlook import Prospect, foresee, form_outlook, prospect
from race_sim.kernels.period import run_period
from race_sim.kernels.survey import open_lab, open_treaty, survey_capability, survey_safety
from race_sim.runs.records import PARAMETERS, Records, build, with_attributes
from tests.random_scenarios import random_scenario


def parameters(**values: float) -> np.void:
    """A record of parameters with these values, 0 for all others."""
    record = with_attributes(np.zeros(1, PARAMETERS))[0]
    for name, value in values.items():
        record[name] = value
    return record


def frozen(records: Records, row: int) -> tuple:
    """The state of one run at the start of its next period, as ``run_period`` has it when labs decide."""
    labs, nations, world, parameters = records.labs[row], records.nations[row], records.worlds[row], None
    parameters = records.parameters[row]
    open_treaty(nations, world, parameters)
    for i in range(len(labs)):
        open_lab(i, labs, nations, parameters)
    survey_safety(labs, nations, world)
    survey_capability(labs, nations, world)
    foresee(labs, nations, world, parameters)
    form_outlook(labs, nations, world, parameters)
    return labs, nations, world, parameters


def decision_problems(
    count: int, widen: float = 1.0, changes: Mapping[str, float] | None = None
) -> Iterator[tuple[Prospect, float, tuple, int]]:
    """(prospect, floor, state, lab) for ``count`` states: random scenarios, changed, at random moments."""
    seed = 0
    result = 0
    while result < count:
        scenario = random_scenario(seed, widen, years=8).replace(changes or {})
        records = build(scenario, seed, np.arange(4))
        random = np.random.default_rng(seed)
        for row in range(4):
            state = records.labs[row], records.nations[row], records.worlds[row], records.parameters[row]
            for _ in range(int(random.integers(scenario.periods - 1))):
                run_period(*state)
            labs, nations, world, parameters = frozen(records, row)
            labs["share"] = np.maximum(labs["share"], 0.0)
            for i in range(len(labs)):
                floor = labs[i]["floor"].item()
                yield prospect(i, labs, nations, world, parameters), floor, (labs, nations, world, parameters), i
                result += 1
                if result == count:
                    return
        seed += 1

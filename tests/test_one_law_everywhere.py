"""One constant changed in one law changes every place that the law reaches, and no twin agrees with it any more."""

import json

import pytest

from experiments.performance.in_c import compiler
from tests.scratch import Scratch

PLACES = """
import hashlib, json, sys
import numpy as np
from experiments.performance.in_c import compiled, compiler, largest_difference
from experiments.performance.plain_mesa import PlainRace, difference
from race_sim import RaceModel, Scenario, stage_game
from race_sim.kernels.other_regarding import OtherRegarding, other_regarding_objective
from race_sim.kernels.run import run_block
from race_sim.kernels.stage_game import accounts
from race_sim.nations.policy_games import acting_flags
from race_sim.runs.records import build

def digest(records):
    return [hashlib.sha256(array.tobytes()).hexdigest() for array in records]

POLICY = "treaty" if {treaty} else "race"
scenario = Scenario.load("us-china-2026-point-v1").replace({{
    "time.horizon": 1, "incidents.mishap_hazard": 0.2, "nations.us.policy": POLICY, "nations.china.policy": POLICY,
}})
records = build(scenario, 1, np.array([2]))
run_block(*records)
model = RaceModel(scenario, rng=1, run=2)
model.run_model()
game = stage_game(scenario)
shares = np.full(8, 0.1)
state, counted = game._state, OtherRegarding(1, 1, 1, 1)
standing = accounts(shares, *state)
result = {{
    "the kernel": digest(records), "Mesa agents": digest(model.records),
    "the stage game": [*game.objectives(shares), game.total("world", shares), *game.floors],
    "other-regarding labs": [other_regarding_objective(0.2, 0, standing, shares, counted, *state), *game.floors],
    "the policy game": acting_flags(scenario, ("treaty", "treaty")),
}}
if compiler():
    theirs = build(scenario, 1, np.array([2]))
    compiled()(theirs)
    result["C"] = largest_difference(records, theirs)
if not {treaty}:
    plain = PlainRace(scenario, 1, 2)
    plain.run_model()
    result["plain Mesa"] = difference(plain, records.labs[0], records.nations[0], records.worlds[0])
print(json.dumps(result))
"""
TOLERANCE = {"C": 1e-10, "plain Mesa": 1e-8}
OBJECTIVE = "race_sim/kernels/objective.py"
CHANGES = {
    "J": (OBJECTIVE, "math.exp(-p.lab_planning_horizon", "math.exp(-1.1 * p.lab_planning_horizon"),
    "F'": (OBJECTIVE, "max(0.0, 1.0 - p.lab_anticipation", "max(0.0, 0.9 - p.lab_anticipation"),
    "the treaty": (
        "race_sim/kernels/survey.py",
        "signatories >= p.cooperation_treaty_min_signatories",
        "signatories > p.cooperation_treaty_min_signatories",
    ),
    "growth": (
        "race_sim/kernels/laws.py",
        "    return p.capability_growth_rate *",
        "    return 1.01 * p.capability_growth_rate *",
    ),
}


def places(scratch: Scratch, treaty: bool, **environment: str) -> dict:
    """What every place that a law reaches has to say in a scratch copy."""
    return json.loads(scratch.python(PLACES.format(treaty=treaty), **environment))


def check(scratch: Scratch, law: str, **environment: str) -> None:
    """Change a law; all places must have agreed before, and none may be as it was after."""
    treaty = law == "the treaty"
    before = places(scratch, treaty, **environment)
    scratch.replace(*CHANGES[law])
    after = places(scratch, treaty, **environment)
    assert before["the kernel"] == before["Mesa agents"]
    assert after["the kernel"] == after["Mesa agents"]
    expected = {"the kernel", "Mesa agents", "the stage game", "other-regarding labs"}
    expected |= {"the policy game"} if treaty else {"plain Mesa"}
    expected |= {"C"} if compiler() else set()
    noticed = {place for place in before if after[place] != before[place]}
    for twin in TOLERANCE.keys() & before.keys():
        assert before[twin] <= TOLERANCE[twin], twin
        assert after[twin] > TOLERANCE[twin], twin
    assert noticed == expected


def test_a_change_of_the_fear_factor_is_seen_everywhere(scratch):
    """Uncompiled, so that it is quick."""
    check(scratch, "F'", NUMBA_DISABLE_JIT="1", PYTHONWARNINGS="ignore")


@pytest.mark.long
@pytest.mark.parametrize("law", CHANGES)
def test_a_change_of_a_law_is_seen_everywhere(law, scratch):
    check(scratch, law)

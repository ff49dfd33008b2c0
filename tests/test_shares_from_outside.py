"""A rule from outside that wants no finite share stops the run: one line names the rule, the lab and the time."""

import json
import os
import subprocess
import sys

import pytest

CODE = """
import json, math, pickle
import numpy as np, race_sim

@race_sim.add_rule
def mine(i, labs, nations, world, p):
    return BAD if world.period > 5 and i == 1 else 0.3

scenario = race_sim.Scenario.load("duopoly").replace({"lab.rule": "mine", "time.horizon": 2})

def text(work):
    try:
        return repr(work())
    except race_sim.InputError as error:
        assert str(pickle.loads(pickle.dumps(error))) == str(error)
        return str(error)

print(json.dumps([
    text(lambda: race_sim.simulate(scenario, 2, progress=False)),
    text(lambda: race_sim.simulate(scenario, 2, trajectories=True, progress=False)),
    text(lambda: race_sim.RaceModel(scenario, rng=1).run_model()),
    text(lambda: race_sim.sweep(scenario, {"prize.enmity": [0, 1]}, 2, 1, progress=False)),
]))
"""


@pytest.mark.parametrize("bad", ["np.nan", pytest.param("-np.inf", marks=pytest.mark.long)])
@pytest.mark.parametrize("compiled", [False, pytest.param(True, marks=pytest.mark.long)])
def test_a_share_that_is_not_finite_is_one_line(bad, compiled):
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "0" if compiled else "1"}
    code = CODE.replace("BAD", bad)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    lines = set(json.loads(done.stdout))
    assert lines == {"rule: mine: the share of lab 2 at 0.5 years must be a finite number"}

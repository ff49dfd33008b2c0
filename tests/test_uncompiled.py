"""The kernels are plain Python as well: without the compiler they give the same numbers, only slowly."""

import json
import os
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from race_sim import RaceModel, Scenario, simulate, summarise
from race_sim.kernels.rules import NAMES
from race_sim.scenario.policies import POLICIES
from tests.random_scenarios import random_scenario
from tests.waiting import finished


def outcomes() -> dict[str, dict[str, float]]:
    """Every mean of small races over all rules and policies, and what a Mesa run of one of them ends with."""
    result = {}
    scenarios = [random_scenario(seed, years=1) for seed in range(16)]
    base = Scenario.load("us-china-2026").replace({"time.horizon": 0.5, "time.periods_per_year": 4})
    scenarios += [base.replace({"name": rule, "lab.rule": rule}) for rule in NAMES]
    for policy in POLICIES:
        changes = {f"nations.{name}.policy": policy for name in base.nations}
        scenarios.append(base.replace({"name": f"nations {policy}", **changes}))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # whole numbers wrap around on purpose
        for number, scenario in enumerate(scenarios):
            estimator = ("integrated", "sampled")[number % 2]
            runs = simulate(scenario, 2, number, estimator, trajectories=number % 3 == 0, threads=1, progress=False)
            result[scenario.name] = summarise(runs)["mean"].to_dict()
        model = RaceModel(base, rng=3)
        model.run_model()
    result["mesa"] = {lab.name: lab.capability for lab in model.labs}
    return result


def test_the_same_numbers_without_the_compiler():
    command = [sys.executable, "-m", "tests.test_uncompiled"]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = finished(command, cwd=Path(__file__).parent.parent, env=environment)
    assert done.returncode == 0, done.stderr
    slow, fast = json.loads(done.stdout), outcomes()
    assert set(slow) == set(fast)
    for name, means in fast.items():
        for key, value in means.items():
            assert slow[name][key] == pytest.approx(value, rel=1e-9, abs=1e-9, nan_ok=True), (name, key)
    assert len(np.unique([means.get("safety_share", 0.0) for means in fast.values()])) > 20


if __name__ == "__main__":
    print(json.dumps(outcomes()))

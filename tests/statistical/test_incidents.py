"""Common random numbers: with constant shares, a graver world has every catastrophe that a milder one has."""

import itertools

import numpy as np
import pytest

from race_sim.kernels.run import run_block
from race_sim.runs.records import build
from race_sim.scenario.scenario import Scenario

RUNS = 2_000
GRAVITY = (0.001, 0.003, 0.01, 0.05, 0.3)
LIVELY = {"lab.rule": "fixed", "incidents.mishap_hazard": 0.02}
TREATY = {"nations.us.policy": "treaty", "nations.china.policy": "covert_defection"}


def ends(scenario: Scenario) -> np.ndarray:
    """Time of the catastrophe in every run, infinite where there was none."""
    records = build(scenario, 6, np.arange(RUNS), "sampled")
    run_block(*records)
    return np.where(records.worlds["alive"] == 0, records.worlds["ended_at"], np.inf)


@pytest.mark.parametrize("policies", [{}, TREATY], ids=["race", "treaty"])
def test_catastrophes_only_become_more_and_earlier(policies, verified):
    scenario = Scenario.load("us-china-2026-point").replace({**LIVELY, **policies})
    times = [ends(scenario.replace({"incidents.catastrophe_probability": value})) for value in GRAVITY]
    counts = [int(np.isfinite(time).sum()) for time in times]
    print(f"\nruns with a catastrophe: {counts} of {RUNS}")
    later = sum(int((graver > milder).sum()) for milder, graver in itertools.pairwise(times))
    name = "under a treaty" if policies else "in a race"
    verified(f"06 catastrophes that a graver world has later or not, {name}: runs", later, at_most=0)
    assert counts == sorted(set(counts)), "each step of the probability must add catastrophes"

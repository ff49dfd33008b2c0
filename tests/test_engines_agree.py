"""Mesa and the kernel are the same model, to the last bit."""

import numpy as np
import pytest

import race_sim
from race_sim.agents.model import RaceModel
from race_sim.kernels.rules import NAMES
from race_sim.kernels.run import run_block
from race_sim.runs.records import build
from race_sim.runs.simulation import simulate
from race_sim.scenario.policies import POLICIES
from tests.random_scenarios import random_scenario

SCENARIOS = 100


def differing_bits(one: np.ndarray, other: np.ndarray) -> int:
    """Number of bits in which two arrays of records differ."""
    first, second = (np.frombuffer(array.tobytes(), dtype=np.uint8) for array in (one, other))
    assert len(first) == len(second)
    return int(np.unpackbits(first ^ second).sum())


def trajectory_bits(model: RaceModel, dataset) -> tuple[int, int]:
    """Bits in which the collected series differ from the kernel's trajectories, and the number of values compared."""
    bits, count = 0, 0
    periods = model.lab_series()["period"].max() + 1
    for level, series, names in (
        ("lab", model.lab_series(), model.race.lab_names),
        ("nation", model.nation_series(), model.race.nation_names),
    ):
        for variable in (v for v in dataset if v.startswith(f"{level}_") and v.endswith("_path")):
            kernel = dataset[variable].values[0, :periods]
            mesa = series[variable.removeprefix(f"{level}_").removesuffix("_path")].to_numpy()
            mesa = mesa.reshape(periods, len(names)).astype(kernel.dtype)
            bits += differing_bits(kernel, mesa)
            count += kernel.size
    return bits, count


def test_bit_identical_on_random_scenarios(verified):
    bits, values, rules, policies, events = 0, 0, set(), set(), np.zeros(4)
    for seed in range(SCENARIOS):
        scenario = random_scenario(seed)
        estimator = ("integrated", "sampled")[seed // 2 % 2]
        run = seed * 7
        records = build(scenario, seed, np.array([run]), estimator)
        run_block(*records)
        model = RaceModel(scenario, rng=seed, run=run, estimator=estimator)
        model.run_model()
        for kernel, mesa in zip(records, model.records, strict=True):
            bits += differing_bits(kernel, mesa)
            values += kernel.nbytes // 8
        dataset = simulate(scenario, 1, seed, estimator, trajectories=True, first_run=run, threads=1)
        more_bits, more_values = trajectory_bits(model, dataset)
        bits, values = bits + more_bits, values + more_values
        rules |= {lab.rule or scenario.lab.rule for lab in scenario.labs.values()}
        policies |= set(scenario.policies.values())
        world = records.worlds[0]
        events += [world["mishaps"] > 0, world["suspensions"] > 0, world["finished"], not world["alive"]]
    print(f"\n{SCENARIOS} scenarios, {values} values, {bits} differing bits; scenarios with mishaps, suspensions, "
          f"a finish, a catastrophe: {events.astype(int).tolist()}")  # fmt: skip
    verified(f"09 kernel and Mesa on {SCENARIOS} random scenarios: bits that differ", bits, at_most=0)
    assert rules == set(NAMES)
    assert policies == set(POLICIES)
    assert (events >= 3).all(), "the scenarios must reach mishaps, suspensions, finishes and catastrophes"


@pytest.mark.parametrize("rule", NAMES)
def test_every_rule_on_the_baseline(rule):
    scenario = race_sim.Scenario.load("us-china-2026").replace({"lab.rule": rule, "time.horizon": 2})
    records = build(scenario, 11, np.array([4]))
    run_block(*records)
    model = RaceModel(scenario, rng=11, run=4)
    model.run_model()
    assert sum(differing_bits(a, b) for a, b in zip(records, model.records, strict=True)) == 0

"""Mesa and the kernel are the same model, to the last bit."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

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


@pytest.mark.quick
def test_bit_identical_on_random_scenarios(fuzz):
    bits, values, rules, policies, events = 0, 0, set(), set(), np.zeros(4)
    seeds = fuzz.seeds(sample=100, whole=1000)
    for seed in seeds:
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
    print(f"\n{len(seeds)} scenarios, {values} values, {bits} differing bits; scenarios with mishaps, suspensions, "
          f"a finish, a catastrophe: {events.astype(int).tolist()}")  # fmt: skip
    assert bits == 0
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


SCRIPT = """
import numpy as np
from race_sim import RaceModel, Scenario
from race_sim.kernels.run import run_block
from race_sim.runs.records import build
changes = {"time.horizon": 1, "incidents.mishap_hazard": 20.0, "incidents.gap_sensitivity": 1}
scenario = Scenario.load("us-china-2026").replace(changes)
records = build(scenario, 1, np.array([2]))
run_block(*records)
model = RaceModel(scenario, rng=1, run=2)
model.run_model()
for array in (*records, *model.records):
    print(array.tobytes().hex()[-4096:])
"""


def both_engines(package_root: Path, cache: dict[str, str]) -> tuple[list[str], list[str]]:
    """The last state in both engines, from the package in a folder."""
    environment = {**os.environ, "PYTHONPATH": str(package_root), **cache}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, cwd=package_root, capture_output=True, text=True, check=True
    )
    lines = done.stdout.split()
    return lines[:4], lines[4:]


@pytest.mark.parametrize("uncompiled", [1, pytest.param(0, marks=pytest.mark.long)])
def test_one_law_two_engines(tmp_path, uncompiled):
    """A constant changed in a law of a scratch copy changes both engines, alike."""
    edits = {
        "laws.py": ("    return p.capability_growth_rate *", "    return 1.01 * p.capability_growth_rate *"),
        "aftermath.py": ("        trust *= 1.0 - trust_loss(True", "        trust *= 0.9 - trust_loss(True"),
    }
    source = Path(race_sim.__file__).parent
    switch = {"NUMBA_DISABLE_JIT": str(uncompiled)}
    kernel, mesa = both_engines(source.parent, switch)
    assert kernel == mesa
    seen = [kernel]
    for name, edit in edits.items():
        root = tmp_path / name
        shutil.copytree(source, root / "race_sim", ignore=shutil.ignore_patterns("__pycache__"))
        path = root / "race_sim" / "kernels" / name
        text = path.read_text()
        assert text.count(edit[0]) == 1, f"the law to change must stand once in {name}"
        path.write_text(text.replace(*edit))
        kernel, mesa = both_engines(root, {**switch, "NUMBA_CACHE_DIR": str(tmp_path / "cache" / name)})
        assert kernel == mesa
        assert kernel not in seen
        seen.append(kernel)

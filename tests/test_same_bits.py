"""A run has the same bits on every processor, and in WebAssembly."""

import shutil

import numpy as np
import pytest

from race_sim import Scenario
from race_sim.kernels import shipped
from race_sim.kernels.rules import NAMES
from race_sim.kernels.run import run_block
from race_sim.runs.records import build
from tests.other_machines import on_processor, under_node, webassembly

ALL_LAWS = {
    "lab.foresight": 1.0, "lab.doubt": 0.5, "incidents.hazard_ceiling": 0.2, "capability.absorption": 1.0,
    "market.wear": 0.01, "cooperation.benchmark_wear": 0.03, "release.initial": 0.04, "release.test_yield": 1.0,
    "release.test_time": 0.05, "release.longest": 1.0, "alarm.voice": 0.05, "alarm.whistle": 0.1, "alarm.unease": 0.5,
    "assurance.initial_gap": 1.0, "capability.effort_elasticity": 0.41,
}  # fmt: skip
CASES = [("us-china-2026", {"lab.rule": rule}, "integrated") for rule in NAMES]
CASES += [("us-china-2026", ALL_LAWS, "sampled"), ("five-labs", ALL_LAWS, "integrated"), ("duopoly", {}, "sampled")]

pytestmark = pytest.mark.skipif(shipped.bundle() is None, reason="needs the compiled kernels: make kernels")


def start(case):
    """Records of six runs at their start."""
    name, changes, estimator = case
    return build(Scenario.load(name).replace(changes), 5, np.arange(6), estimator)


def end(case):
    """Their bytes at the end, on this machine."""
    records = start(case)
    run_block(*records)
    return [array.tobytes() for array in records]


@pytest.mark.parametrize("processor", ["x86-64", "x86-64-v2", "x86-64-v3"])
@pytest.mark.parametrize("case", CASES[-3:], ids=lambda case: f"{case[0]}-{case[2]}")
def test_on_older_processors(case, processor):
    records = start(case)
    on_processor(records, processor)
    assert [array.tobytes() for array in records] == end(case)


@pytest.mark.long
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[1].get('lab.rule', 'laws')}-{case[2]}")
@pytest.mark.parametrize("processor", ["x86-64", "x86-64-v2", "x86-64-v3"])
def test_every_rule_on_older_processors(case, processor):
    records = start(case)
    on_processor(records, processor)
    assert [array.tobytes() for array in records] == end(case)


@pytest.mark.long
@pytest.mark.skipif(not (shutil.which("wasm-ld") and shutil.which("node")), reason="needs wasm-ld (lld) and node")
def test_in_webassembly(tmp_path):
    module = webassembly(tmp_path)
    for case in CASES:
        records = start(case)
        asked = under_node(records, module)
        assert [array.tobytes() for array in records] == end(case), case
    print(f"\n{module.stat().st_size:,} bytes, wants {', '.join(asked)}")
    assert set(asked) <= {"__multi3", "free", "malloc", "memory", "sqrt"}

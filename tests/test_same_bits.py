"""A run has the same bits on every processor, and in WebAssembly."""

import shutil

import numpy as np
import pytest

from experiments.performance.second_version import CHOSEN
from race_sim import Scenario
from race_sim.kernels import shipped
from race_sim.kernels.rules import NAMES
from race_sim.kernels.run import run_block
from race_sim.runs.records import build
from tests.other_machines import on_processor, under_node, webassembly

ALL_LAWS = {**CHOSEN, "market.wear": 0.01, "capability.effort_elasticity": 0.41}
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

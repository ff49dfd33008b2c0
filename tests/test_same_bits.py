"""A run has the same bits on every processor, and in WebAssembly."""

import math
import shutil

import numpy as np
import pytest

from experiments.performance.second_version import CHOSEN
from race_sim import Scenario
from race_sim.kernels import draws, means, shipped, tables
from race_sim.kernels.rules import NAMES
from race_sim.kernels.run import run_block
from race_sim.runs.records import build
from tests.other_machines import on_processor, symbol, under_node, webassembly

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
    on_processor(run_block, records, processor)
    assert [array.tobytes() for array in records] == end(case)


@pytest.mark.long
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[1].get('lab.rule', 'laws')}-{case[2]}")
@pytest.mark.parametrize("processor", ["x86-64", "x86-64-v2", "x86-64-v3"])
def test_every_rule_on_older_processors(case, processor):
    records = start(case)
    on_processor(run_block, records, processor)
    assert [array.tobytes() for array in records] == end(case)


def quantiles():
    """Of every kind of distribution, cut off and not."""
    parts = np.random.default_rng(1).random(400)
    for kind, *shape in ((0, 0.1, 0.7, 0.0), (1, 0.1, 0.3, 0.7), (2, 0.4, 0.2, 0.0), (3, 0.3, 0.8, 0.0)):
        for low, high in ((-math.inf, math.inf), (0.2, 0.5), (0.6, math.inf)):
            yield draws.quantiles, [kind, *map(float, shape), low, high, parts, np.empty(400)]


def controlled():
    """Means and single runs, less what controls explain."""
    random = np.random.default_rng(2)
    control, runs = random.normal(size=(300, 12)), np.arange(300)
    value = control[:, :5] + random.exponential(size=(300, 5))
    sums = [np.zeros(2, np.int64), np.zeros((2, 22)), np.zeros((2, 3, 5)), np.zeros((2, 12, 22))]
    yield means.gather, [runs, control, value, random.random((300, 5)), *sums]
    means.gather(runs, control, value, random.random((300, 5)), *sums)
    yield means.merge, [*map(np.copy, sums), *sums]
    chosen = [np.array([3, 12]), np.array([1]), np.array([0, 0, 1, 2, 2])]
    yield means.controlled_means, [*sums, *chosen, np.zeros(5), np.zeros(5)]
    yield means.control_runs, [runs, control, value, *chosen[:2], np.zeros((300, 5))]


def of_tables():
    """Resampled payoffs, and where a profile is an equilibrium of them."""
    cells, drawn = np.random.default_rng(3).normal(size=(60, 18)), np.zeros((40, 18))
    yield tables.resample, [np.uint64(7), cells, drawn]
    tables.resample(np.uint64(7), cells, drawn)
    yield tables.mark_pure, [drawn.reshape(40, 2, 9), np.array([3, 3]), np.zeros((40, 9), bool)]
    own = np.ascontiguousarray(drawn.reshape(40, 2, 3, 3)[:, 0])
    yield tables.mark_supports, [own, np.array([0, 2]), np.array([1, 2]), np.zeros(40, bool)]
    yield tables.mark_supports, [np.round(3.0 * own), np.array([0, 1]), np.array([1]), np.zeros(40, bool)]


def agree(elsewhere):
    """Whether what a page computes around the races has these bits elsewhere too."""
    for kernel, arguments in (*quantiles(), *controlled(), *of_tables()):
        here, there = ([one.copy() if isinstance(one, np.ndarray) else one for one in arguments] for _ in range(2))
        kernel(*here)
        elsewhere(kernel, there)
        for one, other in zip(here, there, strict=True):
            assert not isinstance(one, np.ndarray) or one.tobytes() == other.tobytes(), kernel.__name__


@pytest.mark.parametrize("processor", ["x86-64", "x86-64-v2", "x86-64-v3"])
def test_draws_means_and_tables_on_older_processors(processor):
    agree(lambda kernel, arguments: on_processor(kernel, arguments, processor))


@pytest.mark.long
@pytest.mark.skipif(not (shutil.which("wasm-ld") and shutil.which("node")), reason="needs wasm-ld (lld) and node")
def test_in_webassembly(tmp_path):
    modules = {group: webassembly(tmp_path, group) for group in ("races", "starts", "means", "games")}
    wanted = set()
    for case in CASES:
        records = start(case)
        wanted.update(under_node(run_block, records, modules["races"]))
        assert [array.tobytes() for array in records] == end(case), case
    agree(lambda kernel, arguments: wanted.update(under_node(kernel, arguments, modules[symbol(kernel)[0]])))
    sizes = ", ".join(f"{group} {module.stat().st_size:,} bytes" for group, module in modules.items())
    print(f"\n{sizes}; want {', '.join(sorted(wanted))}")
    assert wanted <= {"__multi3", "free", "malloc", "memory", "sqrt"}

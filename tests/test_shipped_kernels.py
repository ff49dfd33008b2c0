"""Kernels that were compiled ahead of time: the numbers of numba's own, to the bit, and numba where they do not fit."""

import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from race_sim import Scenario
from race_sim.kernels import shipped
from race_sim.kernels.entries import ENTRIES, signature
from race_sim.kernels.rules import BUILT_IN, NAMES
from race_sim.kernels.run import run_block, run_traced
from race_sim.kernels.state import LAB_TRACE, NATION_TRACE, WORLD_TRACE
from race_sim.runs.records import build
from tests.scratch import ROOT
from tests.waiting import finished

SMALL = (
    "import numpy as np\nfrom race_sim.kernels.draws import quantiles\nout = np.zeros(3)\n"
    "quantiles(0, 2.0, 6.0, 0.0, 2.0, 6.0, np.array([0.0, 0.5, 1.0]), out)\nprint(out.tolist())"
)
WITHOUT_NUMBA = "import sys; sys.modules['numba'] = None\n"


def run(code, root, **environment):
    """Run code with the package from ``root``, and a cache of its own there."""
    given = {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", "NUMBA_CACHE_DIR": str(root / "cache")}
    return finished([sys.executable, "-B", "-c", code], cwd=root, env={**os.environ, **given, **environment})


@pytest.fixture
def copy(tmp_path):
    """A copy of the package with its compiled kernels."""
    shutil.copytree(ROOT / "race_sim", tmp_path / "race_sim", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def change_header(copy, **changes):
    """Write another first line."""
    file = copy / "race_sim" / "kernels" / shipped.FILE.name
    line, _, rest = file.read_bytes().partition(b"\n")
    file.write_bytes(json.dumps({**json.loads(line), **changes}).encode() + b"\n" + rest)


def test_the_kernels_are_there_and_fit():
    assert shipped.bundle() is not None
    assert shipped.FILE.stat().st_size < 500_000


def races():
    """Every built-in rule in two scenarios, by both estimators."""
    for name in ("us-china-2026", "duopoly"):
        scenario = Scenario.load(name)
        for rule in NAMES[:BUILT_IN]:
            first = f"nations.{scenario.nation_names[0]}.policy"
            for estimator in ("integrated", "sampled"):
                yield scenario.replace({"lab.rule": rule, first: "treaty"}), estimator


def test_runs_are_those_of_numba_to_the_bit():
    """One test, so that numba compiles once."""
    for scenario, estimator in races():
        kept, compiled = (build(scenario, 11, np.arange(6), estimator) for _ in range(2))
        run_block(*kept)
        run_block.dispatcher(*compiled)
        assert [one.tobytes() for one in kept] == [one.tobytes() for one in compiled], scenario.lab.rule


@pytest.mark.long
def test_runs_are_those_of_numba_for_this_very_processor():
    import llvmlite.binding as llvm

    own = {"NUMBA_CPU_NAME": llvm.get_host_cpu_name(), "NUMBA_CPU_FEATURES": llvm.get_host_cpu_features().flatten()}
    test = f"{Path(__file__).relative_to(ROOT)}::{test_runs_are_those_of_numba_to_the_bit.__name__}"
    done = finished([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test], cwd=ROOT,
                    env={**os.environ, **own})  # fmt: skip
    assert done.returncode == 0, done.stdout


@pytest.mark.long
def test_trajectories_are_those_of_numba_to_the_bit():
    for scenario, estimator in races():
        traces = []
        for run_it in (run_traced, run_traced.dispatcher):
            records = build(scenario, 11, np.arange(3), estimator)
            periods = int(records.worlds["periods"][0])
            shapes = (LAB_TRACE, records.labs.shape[1:]), (NATION_TRACE, records.nations.shape[1:]), (WORLD_TRACE, ())
            trace = [np.zeros((3, periods, *shape), dtype) for dtype, shape in shapes]
            run_it(*records, *trace)
            traces.append([one.tobytes() for one in (*records, *trace)])
        assert traces[0] == traces[1], scenario.lab.rule


@pytest.mark.parametrize("code", [
    "from race_sim import estimate\nestimate('us-china-2026', runs=3)",
    "from race_sim import simulate\nsimulate('duopoly', runs=2, trajectories=True)",
    "from race_sim.cli import main\nmain(['game', 'us-china-2026', '--runs', '20'])",
    "from race_sim.cli import main\nmain(['solve', 'han2020'])",
    "from race_sim import RaceModel\nmodel = RaceModel('us-china-2026', rng=1)\nfor _ in range(4): model.step()",
    "from race_sim import stage_game\ngame = stage_game('duopoly', time=1.0)\nprint(game.equilibrium(starts=2))",
])  # fmt: skip
def test_what_a_user_does_first_needs_no_compiler(code):
    done = finished([sys.executable, "-c", WITHOUT_NUMBA + code])
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("changes", "why"), [
    ({"sources": "0" * 16}, "made from other sources"),
    ({"machine": "riscv64-linux-little"}, "made for riscv64-linux-little"),
    ({"format": 0}, "made from other sources"),
])  # fmt: skip
def test_kernels_that_do_not_fit_are_left_alone_in_one_line(copy, changes, why):
    whole = run(SMALL, copy)
    assert whole.stderr == ""
    assert next((copy / "cache").iterdir()).suffix == ".machine"
    change_header(copy, **changes)
    done = run(SMALL, copy)
    assert done.stdout == whole.stdout
    assert done.stderr.count("\n") == 1
    assert why in done.stderr


def test_a_change_of_a_law_is_noticed(copy):
    source = copy / "race_sim" / "kernels" / "draws.py"
    source.write_text(source.read_text().replace("bottom + (top - bottom)", "bottom + 2.0 * (top - bottom)"))
    done = run(SMALL, copy)
    assert "made from other sources" in done.stderr
    assert run(SMALL, ROOT, NUMBA_CACHE_DIR=str(copy / "other")).stdout != done.stdout


@pytest.mark.parametrize("where", ["header", "code", "cut", "empty"])
def test_a_damaged_file_costs_a_line(copy, where):
    whole = run(SMALL, copy)
    file = copy / "race_sim" / "kernels" / shipped.FILE.name
    data = file.read_bytes()
    place = 3 if where == "header" else len(data) // 2
    spoilt = {"cut": data[:place], "empty": b""}
    file.write_bytes(spoilt.get(where, data[:place] + bytes([data[place] ^ 255]) + data[place + 1 :]))
    done = run(SMALL, copy)
    assert done.returncode == 0, done.stderr
    assert done.stdout == whole.stdout
    assert done.stderr.count("\n") == 1


def test_damaged_machine_code_is_made_again(copy):
    whole = run(SMALL, copy)
    kept = next((copy / "cache").glob("*.machine"))
    kept.write_bytes(kept.read_bytes()[:-100])
    done = run(SMALL, copy)
    assert done.stdout == whole.stdout
    assert "damaged" in done.stderr
    assert run(SMALL, copy).stderr == ""


def test_code_that_llvmlite_does_not_take_costs_a_line(copy):
    file = copy / "race_sim" / "kernels" / shipped.FILE.name
    found = shipped.unpack(file.read_bytes())
    header = {key: value for key, value in found.header.items() if key not in ("places", "digest")}
    file.write_bytes(shipped.pack(header, dict.fromkeys(ENTRIES, "define what is this")))
    done = run(SMALL, copy)
    assert done.stdout == run(SMALL, ROOT, NUMBA_CACHE_DIR=str(copy / "other")).stdout
    assert done.stderr.count("\n") == 1


def test_arguments_of_other_types_go_to_numba():
    (one,) = shipped.entries(run_block)
    records = build(Scenario.load("duopoly"), 1, np.arange(4))
    assert one.flat(tuple(records)) is not None
    assert one.flat(tuple(array[::2] for array in records)) is None
    for array in records:
        array.flags.writeable = False
    assert one.flat(tuple(records)) is None
    assert one.flat(tuple(records)[:3]) is None


def test_every_entry_names_a_kernel_and_its_arguments():
    from importlib import import_module

    for name, text in ((name, text) for entries in ENTRIES.values() for name, text in entries.items()):
        module, _, function = name.rpartition(".")
        kernels = vars(import_module(f"race_sim.kernels.{module}")).values()
        kernel = next(value for value in kernels if getattr(value, "__qualname__", None) == function)
        assert kernel.py_func.__code__.co_argcount == len(signature(text)[0]), name
        assert shipped.entries(kernel), name

"""The rings of tests: quick ones look into every room; the long ones are counted, and driven by one seed."""

import ast
import csv
import json
import os
import sys
from pathlib import Path

import pytest

import race_sim
from tests.long_tests import COLUMNS, append
from tests.waiting import finished

pytestmark = pytest.mark.quick

ROOT = Path(__file__).parent.parent
ROOMS = {path.parent.name for path in (ROOT / "race_sim").glob("*/__init__.py")}


def rooms_in(path: Path) -> set[str]:
    """The rooms of the package from which a file of tests imports something."""
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "race_sim":
            rooms |= {race_sim._WHERE.get(name.name, name.name).partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module.startswith("race_sim."):
            rooms.add(node.module.split(".")[1])
    return rooms


def test_quick_tests_look_into_every_room():
    quick = [path for path in (ROOT / "tests").rglob("test_*.py") if "pytest.mark.quick" in path.read_text()]
    assert set().union(*map(rooms_in, quick)) >= ROOMS


TESTS = """
import pytest

def test_sizes(fuzz):
    print("seeds", list(fuzz.seeds(sample=2, whole=3)))

@pytest.mark.long
def test_fails():
    assert False

@pytest.mark.long
def test_skipped():
    pytest.skip("not here")
"""


@pytest.fixture
def folder(tmp_path):
    """A folder of tests with the settings of ours."""
    (tmp_path / "test_it.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = long\naddopts = -s -p tests.conftest\n")
    return tmp_path


def in_python(folder, *arguments):
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return finished([sys.executable, *arguments], cwd=folder, env={**os.environ, "PYTHONPATH": path})


def test_a_fuzz_is_a_fixed_sample_in_the_ordinary_ring(folder):
    done = in_python(folder, "-m", "pytest", "-m", "not long", "--seed", "7")
    assert "seeds [0, 1]" in done.stdout
    assert "seed of the long" not in done.stdout


def test_the_long_ring_draws_one_seed_and_counts(folder):
    code = "import json; from tests.long_tests import run; print(json.dumps(run(7, ())))"
    done = in_python(folder, "-c", code)
    assert "seeds [7, 8, 9]" in done.stdout
    assert "seed of the long fuzzes: 7 (again: --seed 7)" in done.stdout
    row = json.loads(done.stdout.splitlines()[-1])
    assert tuple(row) == COLUMNS
    assert (row["seed"], row["passed"], row["failed"], row["skipped"]) == (7, 1, 1, 1)
    assert row["verdict"] == "failed"
    for _ in range(2):
        append(row, folder / "table.csv")
    with (folder / "table.csv").open() as file:
        assert list(csv.DictReader(file)) == [{name: str(value) for name, value in row.items()}] * 2

"""Compiled code is cached where it can be, and a cache that cannot be used costs one warning line."""

import os
import shutil
import sys
from pathlib import Path

import pytest

import race_sim
from tests.waiting import finished

PACKAGE = Path(race_sim.__file__).parent
QUICK = "from race_sim import estimate\nprint(estimate('duopoly', runs=2).to_json())"
SMALL = (
    "import numpy as np\nfrom race_sim.kernels.laws import power10\nfrom race_sim.kernels.random import uniforms\n"
    "print(power10(1.0), uniforms(np.uint64(1), 2, 3, 4, 5))"
)


def run(code: str, root: Path, prefix: str = "", **environment: str):
    """Run code with the package from ``root``."""
    clean = {key: value for key, value in os.environ.items() if key not in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")}
    given = {**clean, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    return finished([sys.executable, "-B", "-c", prefix + code], cwd=root, env=given)


@pytest.fixture
def copy(tmp_path):
    """A copy of the package without compiled code."""
    shutil.copytree(PACKAGE, tmp_path / "race_sim", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_a_second_start_compiles_nothing(copy, tmp_path):
    cache = str(tmp_path / "cache")
    assert run(SMALL, copy, NUMBA_CACHE_DIR=cache).stderr == ""
    files = {path: path.stat().st_mtime_ns for path in Path(cache).rglob("*")}
    again = run(SMALL, copy, NUMBA_CACHE_DIR=cache)
    assert again.stderr == ""
    assert files == {path: path.stat().st_mtime_ns for path in Path(cache).rglob("*")}


def test_read_only_installation_and_unwritable_home(copy):
    """Nothing may be written anywhere: one warning line, and the same result."""
    done = run(SMALL, copy, HOME="/proc/nowhere", prefix=READ_ONLY)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("\n") == 1
    assert "compiled code is not cached" in done.stderr
    assert done.stdout == run(SMALL, PACKAGE.parent).stdout


READ_ONLY = """
import builtins, io, os, tempfile
def refuse(*arguments, **options):
    raise PermissionError(13, "Permission denied")
tempfile.TemporaryFile = tempfile.NamedTemporaryFile = os.mkdir = os.makedirs = refuse
def guarded(file, mode="r", *arguments, _open=builtins.open, **options):
    return refuse() if set(mode) & set("wax+") else _open(file, mode, *arguments, **options)
builtins.open = io.open = guarded
"""

FULL_DISK = """
import builtins, errno, io
class Full(io.FileIO):
    def write(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")
def guarded(file, mode="r", *arguments, _open=builtins.open, **options):
    if "w" in mode and "b" in mode:
        return Full(file, "w")
    return _open(file, mode, *arguments, **options)
builtins.open = guarded
"""


def test_a_full_disk(copy, tmp_path):
    done = run(SMALL, copy, NUMBA_CACHE_DIR=str(tmp_path / "cache"), prefix=FULL_DISK)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("\n") == 1
    assert "No space left on device" in done.stderr


@pytest.mark.parametrize("suffix", [".nbi", ".nbc"])
@pytest.mark.parametrize("damage", ["truncated", "empty", "flipped"])
def test_a_damaged_cache_file(copy, tmp_path, suffix, damage):
    cache = tmp_path / "cache"
    whole = run(SMALL, copy, NUMBA_CACHE_DIR=str(cache))
    files = sorted(cache.rglob(f"*{suffix}"))
    assert files
    for path in files:
        data = path.read_bytes()
        middle = len(data) // 2
        spoilt = {"truncated": data[:middle], "empty": b"",
                  "flipped": data[:middle] + bytes([data[middle] ^ 255]) + data[middle + 1 :]}  # fmt: skip
        path.write_bytes(spoilt[damage])
    done = run(SMALL, copy, NUMBA_CACHE_DIR=str(cache))
    assert done.returncode == 0, done.stderr
    assert done.stdout == whole.stdout
    assert done.stderr.count("\n") == 1, done.stderr
    assert run(SMALL, copy, NUMBA_CACHE_DIR=str(cache)).stderr == "", "what was damaged is replaced"


@pytest.mark.long
def test_whole_runs_from_a_damaged_cache(copy, tmp_path):
    cache = tmp_path / "cache"
    compiled = {"NUMBA_CACHE_DIR": str(cache), "RACE_SIM_SHIPPED_KERNELS": "0"}

    def warnings(done):
        return [line for line in done.stderr.splitlines() if not line.startswith("race-sim: compiling ")]

    whole = run(QUICK, copy, **compiled)
    assert warnings(whole) == []
    damaged = list(cache.rglob("*run_block*.nbc"))
    assert damaged
    for path in damaged:
        path.write_bytes(path.read_bytes()[:1000])
    done = run(QUICK, copy, **compiled)
    assert done.stdout == whole.stdout
    assert len(warnings(done)) == 1, done.stderr

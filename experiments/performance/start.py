"""Starts: CPU time of a new process, on a copy of the package without anything kept, and again; no compiler is run."""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import race_sim
from experiments.performance.clock import Row

PACKAGE = Path(race_sim.__file__).parent
COMMAND = "from race_sim.cli import main; main({!r})"
COLD = (
    ("race-sim run us-china-2026 --runs 10", COMMAND.format(["run", "us-china-2026", "--runs", "10"]), 3.0),
    ("race-sim game us-china-2026 --runs 400", COMMAND.format(["game", "us-china-2026", "--runs", "400"]), 6.0),
    ("RaceModel().step()", "from race_sim import RaceModel; RaceModel().step()", 3.0),
    ("race-sim solve han2020", COMMAND.format(["solve", "han2020"]), 2.5),
)
WARM = (
    ("race-sim run us-china-2026 --runs 10", COMMAND.format(["run", "us-china-2026", "--runs", "10"]), 1.2),
    ("race-sim --help", COMMAND.format(["--help"]), 0.15),
)
BESIDE = "import numpy"
STARTS = 5


def cpu_of(code: str, root: Path) -> float:
    """CPU seconds of a new process that runs the code with the package under ``root``, where it keeps what it keeps."""
    environment = {**os.environ, "PYTHONPATH": str(root), "NUMBA_CACHE_DIR": str(root / "kept"), "MPLBACKEND": "agg"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], cwd=root, env=environment, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rows(quick: bool) -> list[Row]:
    """Medians of the starts, each beside that of a Python that imports numpy."""
    result: list[Row] = []
    starts = 1 if quick else STARTS
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(PACKAGE, root / "race_sim", ignore=shutil.ignore_patterns("*.machine", "*.nb?"))
        beside = float(np.median([cpu_of(BESIDE, root) for _ in range(starts)]))
        result.append((f"python -c '{BESIDE}', CPU time", beside, "s", ""))
        for cold, named in ((True, COLD), (False, WARM)):
            for what, code, limit in named:
                times = []
                for _ in range(starts):
                    if cold:
                        shutil.rmtree(root / "kept", ignore_errors=True)
                    times.append(cpu_of(code, root))
                how = "nothing kept" if cold else "again"
                result.append((f"{what}, CPU time, {how}", float(np.median(times)), "s", f"below {limit:g}"))
    return result

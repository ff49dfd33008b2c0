"""The quick tests pass on every Python of the Makefile's list that this machine has."""

import os
import re
from pathlib import Path

import pytest

from tests.waiting import finished

ROOT = Path(__file__).parent.parent
PYTHONS = re.search(r"^PYTHONS = (.*)", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()
NOT_OURS = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON", "PYTHONPATH", "VENV")
COMPILE = "import race_sim; race_sim.simulate('duopoly', 2, trajectories=True); race_sim.RaceModel('duopoly').step()"


@pytest.mark.long
@pytest.mark.parametrize("version", PYTHONS)
def test_quick_tests(version):
    """In a virtual environment of its own, made with the newest dependencies that this Python takes, and then kept."""
    venv = f".venv-{version}"
    environment = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    for command in (
        ["make", f"{venv}/installed", f"VENV={venv}", f"PYTHONS={version}"],
        [f"{venv}/bin/python", "-c", COMPILE],
        ["make", "quick", f"VENV={venv}"],
    ):
        done = finished(command, cwd=ROOT, env=environment)
        if "no Python of" in done.stderr:
            pytest.skip(f"there is no Python {version} here")
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]

"""Compiles the kernels when a wheel is built or the project is installed; everything else is in pyproject.toml."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent


class BuildWithKernels(build_py):
    """The package's modules, and the compiled kernels beside their sources."""

    def run(self) -> None:
        """Copy the modules, then compile; without kernels the package works, and compiles at first use."""
        super().run()
        if os.environ.get("RACE_SIM_KERNELS") == "later":
            return
        root = HERE if self.editable_mode else Path(self.build_lib).absolute()
        file = root / "race_sim" / "kernels" / "compiled.kernels"
        with tempfile.TemporaryDirectory() as cache:
            path = os.pathsep.join(filter(None, (str(HERE), os.environ.get("PYTHONPATH"))))  # pip's own is in it
            environment = {**os.environ, "PYTHONPATH": path, "NUMBA_CACHE_DIR": cache}
            command = [sys.executable, "-m", "race_sim.runs.build_kernels", str(file)]
            if subprocess.run(command, cwd=HERE, env=environment).returncode != 0:
                file.unlink(missing_ok=True)
                print("race-sim: warning: the kernels were not compiled; they will be at first use", file=sys.stderr)


setup(cmdclass={"build_py": BuildWithKernels})

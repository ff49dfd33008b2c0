"""What a wheel gets beside its modules: compiled kernels, tables, a README for an index. All else: pyproject.toml."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent
LARGEST = 100_000  # bytes of a table that is installed (race_sim/runs/shipped_results.py)


class BuildWithKernels(build_py):
    """The package's modules, the smaller tables of results, and the compiled kernels beside their sources."""

    def run(self) -> None:
        """Copy the modules, then compile; without kernels the package works, and compiles at first use."""
        super().run()
        if not self.editable_mode:
            for table in (HERE / "results").glob("*/*.csv"):
                if table.stat().st_size <= LARGEST:
                    copy = Path(self.build_lib) / "race_sim" / table.relative_to(HERE)
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(table, copy)
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


def for_an_index() -> str:
    """The README for a package index, where no file lies beside it: links to files become text, and figures go."""
    text = (HERE / "README.md").read_text(encoding="utf-8")
    text = re.sub(r"<!--.*?-->\n", "", text)
    text = re.sub(r"^.*!\[[^\]]*\]\((?!https?:).*\n(\|[-|]+\|\n)?", "", text, flags=re.MULTILINE)
    return re.sub(r"\[([^\]]*)\]\((?!https?:|#)[^)]*\)", r"\1", text)


if __name__ == "__main__":
    setup(
        cmdclass={"build_py": BuildWithKernels},
        long_description=for_an_index(),
        long_description_content_type="text/markdown",
    )

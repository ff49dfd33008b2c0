"""A scratch copy of the checkout, in which files are written, counted and tried."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import finished

ROOT = Path(__file__).parent.parent
PARTS = ("race_sim", "experiments", "tests", "docs", "results", "notebooks")
FILES = ("pyproject.toml", "Makefile", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "CITATION.cff", "LICENSE")
COMPILED = ROOT / "race_sim" / "kernels" / "__pycache__"


class Scratch:
    """A copy of the checkout without what was built; ``touched`` are the files that were written by hand."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.touched: set[str] = set()
        left_out = shutil.ignore_patterns("__pycache__", "*.partial")
        for part in PARTS:
            if (ROOT / part).exists():
                shutil.copytree(ROOT / part, root / part, ignore=left_out)
        for file in FILES:
            if (ROOT / file).exists():
                shutil.copy(ROOT / file, root / file)

    def write(self, name: str, text: str) -> Path:
        """A file with this text, new or in the place of the old one."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.touched.add(name)
        return path

    def append(self, name: str, text: str) -> Path:
        """Text at the end of a file."""
        return self.write(name, (self.root / name).read_text() + text)

    def replace(self, name: str, old: str, new: str) -> Path:
        """One place in a file changed; it must stand there once."""
        text = (self.root / name).read_text()
        assert text.count(old) == 1, f"{old!r} must stand once in {name}, stands {text.count(old)} times"
        return self.write(name, text.replace(old, new))

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """``python ARGUMENTS`` with the scratch copy's packages. Kernels that did not change are not compiled again."""
        changed = any(name.startswith("race_sim/kernels/") for name in self.touched)
        cache = self.root / "compiled" if changed else COMPILED
        given = {"PYTHONPATH": str(self.root), "MPLBACKEND": "agg", "NUMBA_CACHE_DIR": str(cache), **environment}
        return finished([sys.executable, *arguments], cwd=self.root, env={**os.environ, **given})

    def python(self, code: str, **environment: str) -> str:
        """What code prints; it must succeed."""
        done = self.run("-c", code, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def module(self, *arguments: str) -> str:
        """What ``python -m ARGUMENTS`` prints; it must succeed."""
        done = self.run("-m", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def command(self, *arguments: str) -> str:
        """What ``race-sim ARGUMENTS`` prints; it must succeed."""
        return self.module("race_sim.cli", *arguments)

    def tests(self, *arguments: str) -> str:
        """Run tests of the copy; they must pass."""
        done = self.run("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *arguments)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
        return done.stdout


@pytest.fixture
def scratch(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Scratch]:
    """A fresh scratch copy; the files that were touched in it go into the test's report."""
    copy = Scratch(tmp_path / "copy")
    yield copy
    request.node.user_properties.append(("touched", sorted(copy.touched)))

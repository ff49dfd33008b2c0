"""What the README and the docstrings show is what happens."""

import ast
import doctest
import importlib
import os
import pkgutil
import re
import sys
from pathlib import Path

import pytest

import race_sim
from tests.waiting import finished

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
MODULES = [
    module.name
    for module in pkgutil.walk_packages(race_sim.__path__, "race_sim.")
    if not module.name.startswith("race_sim.kernels")
]


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def test_ten_lines_of_python(capsys):
    (code,) = blocks("python")
    lines = [line for line in code.splitlines() if line.strip()]
    assert len(lines) <= 10
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out.splitlines()[-1] == "True"


def in_the_shell(code, folder):
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = finished(["sh", "-e", "-c", code], cwd=folder, env=environment)
    assert done.returncode == 0, done.stderr


def test_ten_lines_of_shell(tmp_path):
    code = blocks("sh")[0]
    assert len(code.splitlines()) <= 10
    in_the_shell(code, tmp_path)
    assert (tmp_path / "duopoly-runs" / "runs.nc").exists()


@pytest.mark.parametrize("code", blocks("sh")[1:], ids=lambda code: code.split()[1])
def test_more_shell(code, tmp_path):
    in_the_shell(code, tmp_path)


def test_links_and_pictures_exist():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_commands_named_in_the_documents_exist():
    model = (ROOT / "race_sim" / "MODEL.md").read_text()
    for name in re.findall(r"python -m (experiments\.\w+)", README + model):
        assert importlib.util.find_spec(name), name
    makefile = (ROOT / "Makefile").read_text()
    for name in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{name}:", makefile, re.MULTILINE), name


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    module = importlib.import_module(name)
    module_globals = {**vars(module), **{public: getattr(race_sim, public) for public in race_sim.__all__}}
    failed, _ = doctest.testmod(module, extraglobs=module_globals, optionflags=doctest.ELLIPSIS)
    assert failed == 0


def test_every_public_name_has_an_example():
    for name in race_sim.__all__:
        thing = getattr(race_sim, name)
        if callable(thing) and name not in ("InputError", "Nation"):
            assert thing.__doc__, name
    for name in ("Scenario", "RaceModel", "Lab", "simulate", "estimate"):
        assert ">>>" in getattr(race_sim, name).__doc__, name


def test_every_file_parses_for_the_oldest_python():
    for path in (ROOT / "race_sim").rglob("*.py"):
        ast.parse(path.read_text(), feature_version=(3, 11))

"""CONTRIBUTING says what there is: every entry of the package, the tests behind its recipes, the commands."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.waiting import finished

pytestmark = pytest.mark.quick

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text()


def test_every_entry_of_the_package_is_explained_and_they_are_few():
    listed = finished(["git", "ls-files", "race_sim"], cwd=ROOT)
    if listed.returncode:
        pytest.skip("this is no checkout")
    entries = {path.split("/")[1] for path in listed.stdout.splitlines()}
    explained = re.findall(r"^\| `([\w.]+)` \| .{10,} \|$", TEXT, re.MULTILINE)
    assert sorted(explained) == sorted(entries)
    assert len(entries) <= 19


def test_every_recipe_is_tested_and_every_addition_has_a_recipe():
    recipes = set(re.findall(r"^- \*\*[^*]*\*\* \(`(?:tests/additions/)?(test_\w+\.py)`\)", TEXT, re.MULTILINE))
    assert recipes == {path.name for path in (ROOT / "tests" / "additions").glob("test_*.py")}


def test_what_it_names_exists():
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"(?:^|`)make ([\w-]+)", TEXT, re.MULTILINE)) <= set(targets)
    for path in re.findall(r"`((?:race_sim|tests|experiments|results|notebooks)/[\w./]*)`", TEXT):
        one = path.replace("KEY", "han2020").replace("NAME", "cli")
        assert (ROOT / one).exists() or path == "results/long_tests.csv", path
    for name in re.findall(r"python -m ([\w.]+)", TEXT):
        assert find_spec(name), name

"""What the package is built with."""

import re
from importlib.util import module_from_spec, spec_from_file_location

from race_sim.runs import shipped_results
from tests.scratch import ROOT


def setup_script():
    spec = spec_from_file_location("setup_script", ROOT / "setup.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_readme_of_a_package_index_has_no_link_that_leads_nowhere():
    text = setup_script().for_an_index()
    links = re.findall(r"\]\(([^)]*)\)", text)
    assert all(link.startswith(("http", "#")) for link in links), links
    assert "![" not in text
    assert "<!--" not in text
    assert "Slowing down alone is a close call" in text
    assert "CHANGELOG.md" in text
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_the_same_tables_are_installed_and_read():
    assert setup_script().LARGEST == shipped_results.LARGEST

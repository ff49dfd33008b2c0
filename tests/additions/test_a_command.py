"""A command of ``race-sim`` takes one file, found by folder."""

FILE = "race_sim/cli/commands/labs.py"
COMMAND = '''"""``race-sim labs``: who takes part in a scenario."""

import argparse
from typing import Any

from race_sim.cli.options import chosen_scenario, scenario_options


def add(commands: Any) -> None:
    """Declare the command.

    Parameters
    ----------
    commands : object
        The commands that are known so far, as argparse keeps them.
    """
    parser = commands.add_parser("labs", help="list the labs of a scenario")
    scenario_options(parser, policies=False)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> None:
    """Carry it out.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.
    """
    for name, lab in chosen_scenario(options).labs.items():
        print(name, lab.nation)
'''


def test_it_is_listed_run_and_refuses_in_one_line(scratch):
    scratch.write(FILE, COMMAND)
    assert "list the labs of a scenario" in " ".join(scratch.command("--help").split())
    assert scratch.command("labs", "duopoly").splitlines() == ["east_lab east", "west_lab west"]
    refused = scratch.run("-m", "race_sim.cli", "labs", "duopolly")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "did you mean 'duopoly'" in refused.stderr
    assert "0 problems" in scratch.module("tests.docstrings", FILE)
    scratch.tests("tests/test_imports.py", "-k", "help")
    assert scratch.touched == {FILE}

"""``race-sim scenarios``: list the scenarios that ship with the package."""

import argparse
from typing import Any

from race_sim.cli.options import command

EXAMPLES = """
race-sim scenarios
"""


def add(commands: Any) -> None:
    """Declare the command.

    Parameters
    ----------
    commands : object
        The commands of the parser, as argparse keeps them.
    """
    parser = command(commands, "scenarios", "list the scenarios that ship with the package", EXAMPLES)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> None:
    """Print every scenario's name and description.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.
    """
    from race_sim.scenario.scenario import Scenario, shipped_names

    for name in shipped_names():
        print(f"{name:22s} {' '.join(Scenario.load(name).description.split())}")

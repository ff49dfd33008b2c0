"""``race-sim show``: every parameter of a scenario with its unit, bounds, status and source."""

import argparse
from typing import Any

from race_sim.cli.options import chosen_scenario, command, scenario_options

EXAMPLES = """
race-sim show duopoly
race-sim show us-china-2026 --set lab.planning_horizon=2 --toml
"""


def add(commands: Any) -> None:
    """Declare the command.

    Parameters
    ----------
    commands : object
        The commands of the parser, as argparse keeps them.
    """
    parser = command(commands, "show", "show every parameter of a scenario", EXAMPLES)
    scenario_options(parser)
    parser.add_argument("--toml", action="store_true", help="print it as a TOML file to start from")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> None:
    """Print the scenario as a table, or as a TOML file.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.
    """
    from race_sim.cli.reports import parameter_table

    scenario = chosen_scenario(options)
    print(scenario.to_toml().rstrip() if options.toml else parameter_table(scenario))

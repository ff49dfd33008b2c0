"""``race-sim screen``: move every parameter, switch off every claim, and print what changes."""

import argparse
from typing import Any

from race_sim.cli.options import chosen_scenario, command, quiet_option, sampling_options, scenario_options

EXAMPLES = """
race-sim screen duopoly --runs 4
"""


def add(commands: Any) -> None:
    """Declare the command.

    Parameters
    ----------
    commands : object
        The commands of the parser, as argparse keeps them.
    """
    parser = command(commands, "screen", "show which outcome every parameter and every claim moves most", EXAMPLES)
    scenario_options(parser)
    sampling_options(parser, 400)
    quiet_option(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> None:
    """Print every parameter and every claim with the outcome that it moves most, as it is computed.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.
    """
    from race_sim.cli.reports import SCREEN_HEADER, screen_row
    from race_sim.errors import checked_count, checked_seed
    from race_sim.runs.screening import screen, screen_claims

    scenario = chosen_scenario(options)
    checked_count("runs", options.runs, at_least=2)
    checked_seed(options.seed)
    if options.threads is not None:
        checked_count("threads", options.threads)
    print("Every parameter, from the low to the high end of its plausible range, and the outcome it moves most")
    print(SCREEN_HEADER)
    rows = screen(
        scenario,
        options.runs,
        options.seed,
        threads=options.threads,
        report=lambda row: print(screen_row(row), flush=True),
    )
    print("\nEvery claim, switched off, and the outcome that it is about")
    print(SCREEN_HEADER)
    rows += screen_claims(
        scenario,
        options.runs,
        options.seed,
        threads=options.threads,
        report=lambda row: print(screen_row(row), flush=True),
    )
    unseen = [row.name for row in rows if not row.effect.seen]
    print(
        f"\n{len(rows) - len(unseen)} of {len(rows)} move an outcome"
        + (f"; not: {', '.join(unseen)}" if unseen else "")
    )

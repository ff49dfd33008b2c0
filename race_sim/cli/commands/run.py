"""``race-sim run``: simulate a scenario and print its outcomes."""

import argparse
from typing import Any

from race_sim.cli.options import chosen_scenario, sampling_options, scenario_options
from race_sim.errors import InputError


def add(commands: Any) -> None:
    """Declare the command.

    Parameters
    ----------
    commands : object
        The commands of the parser, as argparse keeps them.
    """
    parser = commands.add_parser("run", help="simulate a scenario and print its outcomes")
    scenario_options(parser)
    sampling_options(parser, 1000)
    parser.add_argument("--estimator", default="integrated", help="integrated (default) or sampled")
    parser.add_argument("--trajectories", action="store_true", help="with --out: keep every period of every run")
    parser.add_argument(
        "--out", metavar="DIR", help="write outcomes, runs, scenario and provenance into this new folder"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> None:
    """Simulate, and print the outcomes or keep them in a folder.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.

    Raises
    ------
    InputError
        For ``--trajectories`` without ``--out``.
    """
    from race_sim.cli.reports import outcome_table, reserve, save_runs
    from race_sim.runs.estimation import estimate

    scenario = chosen_scenario(options)
    if options.trajectories and not options.out:
        raise InputError("--trajectories: needs --out DIR, the folder to write them to")
    sampling = (options.runs, options.seed, options.estimator)
    if options.out:
        folder = reserve(options.out)
        result = save_runs(folder, scenario, *sampling, options.trajectories, options.threads)
    else:
        result = estimate(scenario, *sampling, threads=options.threads)
    print(result.to_json() if options.json else outcome_table(result))
    if options.out and not options.json:
        print(f"\nwritten to {options.out}")

"""``race-sim run``: simulate a scenario and print its outcomes."""

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from race_sim.cli.options import (
    chosen_scenario,
    command,
    names,
    note,
    quiet_option,
    sampling_options,
    scenario_options,
)
from race_sim.errors import InputError

if TYPE_CHECKING:
    from race_sim.runs.estimation import Estimate


EXAMPLES = """
race-sim run us-china-2026 --runs 200
race-sim run us-china-2026 --runs 200 --policies us=treaty,china=treaty --outcomes catastrophe_probability,winner
race-sim run duopoly --runs 50 --set prize.enmity=0.3 --csv
"""


def add(commands: Any) -> None:
    """Declare the command.

    Parameters
    ----------
    commands : object
        The commands of the parser, as argparse keeps them.
    """
    parser = command(commands, "run", "simulate a scenario and print its outcomes", EXAMPLES)
    scenario_options(parser)
    sampling_options(parser, 1000)
    parser.add_argument("--estimator", default="integrated", help="integrated (default) or sampled")
    parser.add_argument("--trajectories", action="store_true", help="with --out: keep every period of every run")
    parser.add_argument(
        "--out", metavar="DIR", help="write outcomes, runs, scenario and provenance into this new folder"
    )
    parser.add_argument("--outcomes", metavar="NAME,...", help="only these: winner, payoff.us, ... (default: the main)")
    parser.add_argument("--all", action="store_true", help="print every outcome, of every lab too")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object")
    form.add_argument("--csv", action="store_true", help="print the outcomes as CSV")
    quiet_option(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> None:
    """Simulate, print the outcomes, and keep them in a folder where one is named.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.

    Raises
    ------
    InputError
        For ``--trajectories`` without ``--out``, and for a folder that cannot be written.
    """
    from race_sim.cli.inert import by_run
    from race_sim.cli.reports import chosen_outcomes, outcome_csv, outcome_table

    scenario = chosen_scenario(options)
    chosen = None if options.outcomes is None else chosen_outcomes(scenario, names(options.outcomes))
    if options.trajectories and options.out is None:
        raise InputError("--trajectories: needs --out DIR, the folder to write them to")
    sampling = (options.runs, options.seed, options.estimator)

    def show(result: "Estimate") -> None:
        if chosen is not None:
            result = replace(result, outcomes={key: result[key] for key in chosen})
        if options.json:
            print(result.to_json(), flush=True)
        elif options.csv:
            print(outcome_csv(result), end="", flush=True)
        else:
            print(outcome_table(result, options.all or chosen is not None), flush=True)
        note(options, scenario, 1, lambda other, runs: by_run(other, runs, options.seed, options.estimator), True)

    if options.out is None:
        from race_sim.runs.estimation import estimate

        show(estimate(scenario, *sampling, threads=options.threads))
        return
    from race_sim.cli.reports import simulated_runs
    from race_sim.cli.run_folder import check_size, keep_runs, reserve
    from race_sim.errors import checked_count

    folder = reserve(options.out)
    check_size(scenario, checked_count("runs", options.runs), options.trajectories)
    result, table, dataset = simulated_runs(scenario, *sampling, options.trajectories, options.threads)
    try:
        show(result)
    finally:  # neither a folder nor a screen that cannot be written takes the numbers from the other
        keep_runs(folder, result, table, dataset)
    if not options.json and not options.csv:
        print(f"\nwritten to {options.out}")

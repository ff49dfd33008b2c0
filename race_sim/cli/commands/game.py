"""``race-sim game``: the nations' policy game of a scenario, simulated and solved."""

import argparse
from typing import TYPE_CHECKING, Any

from race_sim.cli.options import (
    chosen_scenario,
    command,
    form_options,
    names,
    note,
    quiet_option,
    sampling_options,
    scenario_options,
)
from race_sim.errors import InputError

if TYPE_CHECKING:
    from race_sim.scenario.scenario import Scenario
    from race_sim.solvers.game import Game

KEPT = ("players", "policies", "equilibria", "possible_equilibria", "verdict")
EXAMPLES = """
race-sim game duopoly --policies race,unilateral_slowdown --runs 50
race-sim game us-china-2026 --policies "us=race|treaty,china=race|treaty" --runs 50 --json
"""


def add(commands: Any) -> None:
    """Declare the command.

    Parameters
    ----------
    commands : object
        The commands of the parser, as argparse keeps them.
    """
    parser = command(commands, "game", "simulate every profile of nations' policies and solve that game", EXAMPLES)
    scenario_options(parser, policies=False)
    parser.add_argument(
        "--policies",
        dest="offered",
        metavar="POLICY,...",
        help="offered to every nation, e.g. race,treaty; or by nation: us=race|treaty,china=race (default: all)",
    )
    sampling_options(parser, 1000)
    form_options(parser, "payoffs and risks of every profile")
    quiet_option(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> None:
    """Simulate and solve the policy game, and print it.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.
    """
    import math

    import numpy as np

    from race_sim.cli.game_text import game_text
    from race_sim.cli.run_folder import Report, reserve, show
    from race_sim.nations.levers import price_of_slowing_alone
    from race_sim.nations.policy_games import policy_game
    from race_sim.nations.solved_game import solve_game

    scenario = chosen_scenario(options)
    folder = None if options.out is None else reserve(options.out)
    sampling: dict[str, Any] = {"runs": options.runs, "seed": options.seed, "threads": options.threads}
    game = policy_game(scenario, offered(options.offered), **sampling)
    needed = ("race", "unilateral_slowdown")
    known = all(policy in names for policy in needed for names in game.strategies)
    solved = solve_game(game, price_of_slowing_alone(game if known else policy_game(scenario, needed, **sampling)))
    solution = solved.to_dict()
    more = {"runs": options.runs, "unit": game.unit, **{name: solution[name] for name in KEPT}}
    show("game", options, scenario, folder, Report(game_text(solved), solution, *_table(game, solution), more))

    def payoffs(other: "Scenario", runs: int) -> Any:
        game = policy_game(other, offered(options.offered), runs, options.seed, progress=False, controlled=False)
        return np.array([*game.payoff, *game.outcomes.values()])

    note(options, scenario, math.prod(game.shape), payoffs)


def _table(game: "Game", solution: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """Columns and rows: for every profile each nation's payoff, with its interval, and the risk of a catastrophe."""
    from itertools import product

    import numpy as np

    from race_sim.nations.solved_game import RISK

    numbers = ("payoff", "standard_error", "low", "high")
    header = [*(f"nations.{name}.policy" for name in game.players), "outcome", "mean", *numbers[1:]]
    rows: list[list[Any]] = []
    for cell in product(*map(range, game.shape)):
        profile = [game.strategies[n][a] for n, a in enumerate(cell)]
        for name in game.players:
            rows.append([*profile, f"payoff.{name}", *(float(np.array(solution[key][name])[cell]) for key in numbers)])
        risk = (float(values[RISK][cell]) for values in (game.outcomes, game.outcome_errors))
        rows.append([*profile, RISK, *risk, None, None])
    return header, rows


def offered(text: str | None) -> list[str] | dict[str, list[str]] | None:
    """Read which policies are offered to whom.

    Parameters
    ----------
    text : str or None
        ``race,treaty`` for every nation, ``us=race|treaty,china=race`` for each by name, None for all policies.

    Returns
    -------
    list of str, dict of str to list of str, or None
        Policies, or nation -> policies.

    Raises
    ------
    InputError
        For a text that is neither, and for a nation that is named twice.

    Examples
    --------
    >>> offered("us=race|treaty,china=race")
    {'us': ['race', 'treaty'], 'china': ['race']}
    """
    if text is None:
        return None
    items = names(text)
    if not any("=" in item for item in items):
        return items
    lists = {}
    for item in items:
        nation, equals, policies = (part.strip() for part in item.partition("="))
        if not equals or nation in lists:
            raise InputError(f"--policies: must be POLICY,... or NATION=POLICY|POLICY,..., got {text!r}")
        lists[nation] = [policy.strip() for policy in policies.split("|")]
    return lists

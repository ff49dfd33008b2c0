"""``race-sim compare``: one question about a scenario, put to every model that can answer it."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from race_sim.cli.options import chosen_scenario, command, form_options, quiet_option, scenario_options, whole

if TYPE_CHECKING:
    from race_sim.nations.comparison import Answer

COLUMNS = ("model", "racing", "slowing", "risk", "says", "mapping")
EXAMPLES = """
race-sim compare duopoly --runs 20
race-sim compare us-china-2026-point --runs 20 --set prize.enmity=0.9 --json
"""


def add(commands: Any) -> None:
    """Declare the command.

    Parameters
    ----------
    commands : object
        The commands of the parser, as argparse keeps them.
    """
    parser = command(commands, "compare", "ask every model whether racing is an equilibrium, and how risky", EXAMPLES)
    scenario_options(parser, policies=False)
    parser.add_argument("--runs", type=whole, default=400, help="runs of each simulation (default 400)")
    parser.add_argument("--seed", type=whole, default=0, help="seed of all draws (default 0)")
    form_options(parser, "every model's answer")
    quiet_option(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> None:
    """Print every model's answer, what they disagree on, and how each was read off the scenario.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.
    """
    from race_sim.cli.run_folder import Report, reserve, show
    from race_sim.nations.comparison import compare, disagreement

    scenario = chosen_scenario(options)
    folder = None if options.out is None else reserve(options.out)
    answers = compare(scenario, options.runs, options.seed)
    disagreed, plain = disagreement(answers), [answer.to_dict() for answer in answers]
    asked = {"scenario": scenario.name, "runs": options.runs, "seed": options.seed}
    report = Report(
        _text(scenario.name, answers, disagreed),
        {**asked, "answers": plain, "disagreement": disagreed},
        COLUMNS,
        [tuple(answer.values()) for answer in plain],
        {"runs": options.runs, "disagreement": disagreed},
    )
    show("compare", options, scenario, folder, report)


def _text(name: str, answers: "Sequence[Answer]", disagreed: str) -> str:
    lines = [
        f"{name}: is it an equilibrium that all race? that all keep the standard? what does racing risk?\n",
        f"{'model':24s} {'race':8s} {'standard':8s} {'risk':>10s}  what it says",
    ]
    words = {True: "yes", False: "no", None: "open"}
    for answer in answers:
        risk = "" if answer.risk is None else f"{answer.risk:.3g}"
        lines.append(
            f"{answer.model:24s} {words[answer.racing]:8s} {words[answer.slowing]:8s} {risk:>10s}  {answer.says}"
        )
    lines.append(f"\n{disagreed}\n\nHow each was read off the scenario:")
    return "\n".join([*lines, *(f"  {answer.model}: {answer.mapping}" for answer in answers)])

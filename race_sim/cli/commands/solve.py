"""``race-sim solve``: a published game at given parameters."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

from race_sim.cli.options import command, settings

EXAMPLES = """
race-sim solve han2020
race-sim solve han2020 --set p_r=0.9 --json
"""


def add(commands: Any) -> None:
    """Declare the command.

    Parameters
    ----------
    commands : object
        The commands of the parser, as argparse keeps them.
    """
    parser = command(commands, "solve", "solve a published game", EXAMPLES)
    parser.add_argument("game", metavar="GAME", help="its key, as listed by race-sim games")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PARAMETER=VALUE",
        help="e.g. --set n=3, --set b=3,2,1; as listed by race-sim games",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> None:
    """Solve the game, and print its parameters and results.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.
    """
    from race_sim.games._base.catalogue import published

    game = published(options.game)(**settings(options.set))
    results = game.results()
    if options.json:
        result = {"game": options.game, "parameters": game.model_dump(mode="json"), "results": results}
        print(json.dumps(result, allow_nan=False))
        return
    print(f"{game.says()}\n{game.citation}\n")
    for title, values in (("Parameters", game.model_dump()), ("Results", results)):
        print("\n".join([title, *lines(values, "  ")]))


def lines(values: Any, indent: str) -> Iterator[str]:
    """Write nested results, one number a line, and lists of numbers on one.

    Parameters
    ----------
    values : dict or list
        The results.
    indent : str
        Spaces at the start of the outermost lines.

    Yields
    ------
    str
        A line.

    Examples
    --------
    >>> list(lines({"risk": 0.5, "payoffs": [1.0, 2.0]}, ""))
    ['risk                         0.5', 'payoffs                      1, 2']
    """
    pairs = (
        values.items() if isinstance(values, dict) else ((f"{place + 1}.", item) for place, item in enumerate(values))
    )
    for key, value in pairs:
        inner = value.values() if isinstance(value, dict) else value
        if isinstance(value, dict | list) and any(isinstance(item, dict | list) for item in inner):
            yield f"{indent}{key}"
            yield from lines(value, indent + "  ")
        else:
            yield f"{indent}{key:28s} {as_text(value)}"


def as_text(value: Any) -> str:
    """Write a value in words.

    Parameters
    ----------
    value : object
        A number, a truth value, nothing, a text, or several of them.

    Returns
    -------
    str
        Numbers to six digits.

    Examples
    --------
    >>> as_text([1.0, True, None])
    '1, yes, none'
    """
    if isinstance(value, dict):
        return ", ".join(f"{key} {as_text(item)}" for key, item in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(as_text, value)) or "none"
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    return f"{value:.6g}" if isinstance(value, float) else str(value)

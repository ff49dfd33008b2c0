"""``race-sim games``: list the published games."""

import argparse
from typing import Any

from race_sim.cli.options import command

EXAMPLES = """
race-sim games
"""


def add(commands: Any) -> None:
    """Declare the command.

    Parameters
    ----------
    commands : object
        The commands of the parser, as argparse keeps them.
    """
    parser = command(commands, "games", "list the published games: what each says, its parameters and source", EXAMPLES)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> None:
    """Print every game's key, statement, source and parameters.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.
    """
    from race_sim.games._base.catalogue import catalogue

    for number, (key, game) in enumerate(catalogue().items()):
        print("\n" * (number > 0) + f"{key}  {game.says()}")
        print(f"  {game.citation}")
        if game.citation.note:
            print(f"  Note: {game.citation.note}")
        for name, field in game.model_fields.items():
            print(f"    {f'{name} = {as_text(field.default)}':28s} {field.description}{game.bounds(name)}")


def as_text(value: object) -> str:
    """Write a default as it would be typed after ``--set``.

    Parameters
    ----------
    value : object
        A number, a text, or several of them.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> as_text((3, 0.5))
    '3,0.5'
    """
    if isinstance(value, tuple | list):
        return ",".join(map(as_text, value))
    return f"{value:g}" if isinstance(value, float) else str(value)

"""``race-sim solve``: a published game at given parameters."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

from race_sim.cli.options import settings


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("solve", help="solve a published game")
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
    """Run it."""
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
    """Nested results, one number a line; lists of numbers on one."""
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
    """A value in words: numbers to six digits."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {as_text(item)}" for key, item in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(as_text, value)) or "none"
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    return f"{value:.6g}" if isinstance(value, float) else str(value)

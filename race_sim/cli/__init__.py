"""The command line, ``race-sim``: finds the commands, runs one, and says in one line what is wrong."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import NoReturn

from race_sim import __version__
from race_sim.errors import InputError

BAD_INPUT, INTERRUPTED = 2, 130


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message} (see {self.prog} --help)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command of ``race-sim``.

    Parameters
    ----------
    arguments : sequence of str, optional
        What was typed after ``race-sim``; by default on the command line.

    Returns
    -------
    int
        The exit code: 0 done, 2 bad input, 130 interrupted.
    """
    try:
        options = _parser().parse_args(arguments)
        options.command(options)
        sys.stdout.flush()
    except InputError as error:
        print(f"race-sim: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt as interrupt:
        print(f"race-sim: {str(interrupt) or 'interrupted; nothing was written'}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="race-sim", description="A game-theory simulation of the AI race.")
    parser.add_argument("--version", action="version", version=f"race-sim {__version__}")
    declared = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    commands = import_module(f"{__name__}.commands")
    for module in sorted(iter_modules(commands.__path__), key=lambda result: result.name):
        import_module(f"{commands.__name__}.{module.name}").add(declared)
    return parser
